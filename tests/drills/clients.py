"""Two people at work over HTTP until the server goes away, each remembering exactly what was acknowledged."""

import hashlib
import http.client
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.cast import PASSWORD
from tests.visitor import Visitor

LARGEST = 3_000_000
BROKEN = (OSError, http.client.HTTPException)
"""What a request raises when the server is killed under it."""


@dataclass
class Acknowledged:
    """What the server said yes to. `in_flight` is the feedback on an item that was sent last, acknowledged or not."""

    uploads: dict[int, str] = field(default_factory=dict)
    feedback: dict[int, str] = field(default_factory=dict)
    in_flight: dict[int, str] = field(default_factory=dict)
    saves: Counter[int] = field(default_factory=Counter)
    released: set[int] = field(default_factory=set)

    @property
    def decisions(self) -> int:
        """How many saves and releases were acknowledged."""
        return self.saves.total() + len(self.released)


class Client(threading.Thread):
    """Somebody who does one thing after the other until a request breaks or `stopping` is set."""

    def __init__(self, visitor: Visitor, step: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self.visitor, self.step = visitor, step
        self.stopping = threading.Event()
        self.problem: Exception | None = None

    def run(self) -> None:
        """Until it breaks; anything but a broken connection is a problem to report."""
        try:
            while not self.stopping.is_set():
                self.step()
        except BROKEN:
            return
        except Exception as problem:  # noqa: BLE001 - reported by the drill, which fails
            self.problem = problem


class Uploader:
    """A learner who adds one file after the other."""

    def __init__(self, email: str, enrolment_id: int, acknowledged: Acknowledged, rng: Random) -> None:
        self.email, self.path, self.acknowledged, self.rng = (
            email,
            f"/enrolments/{enrolment_id}/evidence",
            acknowledged,
            rng,
        )
        self.visitor: Visitor | None = None

    def client(self, port: int) -> Client:
        """At work on a server that has just come back; the cookie from before still holds."""
        self.visitor = visitor_again(self.visitor, port, self.email)
        return Client(self.visitor, self.step)

    def step(self) -> None:
        """Add an item with one file, and read the list."""
        visitor = self.visitor
        assert visitor is not None
        content = self.rng.randbytes(self.rng.choice([900, 40_000, self.rng.randint(1, LARGEST)])).hex().encode()
        form = visitor.get(f"{self.path}/add-files").form("/add-files", having="title")
        form = {**form, "title": f"File {len(self.acknowledged.uploads) + 1}"}
        done = visitor.post(f"{self.path}/add-files", form, {"files": ("notes.txt", content)})
        if done.status != 303:
            raise LookupError(f"an upload was answered with {done.status}")
        evidence_id = int(done.location.split("/")[2])
        self.acknowledged.uploads[evidence_id] = hashlib.sha256(content).hexdigest()
        visitor.get(self.path)


class Marker:
    """An assessor who opens, saves twice and releases one item after the other."""

    def __init__(self, email: str, acknowledged: Acknowledged, rng: Random) -> None:
        self.email, self.acknowledged, self.rng = email, acknowledged, rng
        self.items: list[int] = []
        self.visitor: Visitor | None = None

    def client(self, port: int) -> Client:
        """At work on a server that has just come back."""
        self.visitor = visitor_again(self.visitor, port, self.email)
        return Client(self.visitor, self.step)

    def step(self) -> None:
        """One item, from opening to release."""
        if not self.items:
            self.visitor_now.get("/marking")
            return
        item = self.items.pop()
        path = f"/marking/{item}"
        self._expect(self.visitor_now.post(f"{path}/open", self.visitor_now.get(path).form("/open")).status)
        for _ in range(2):
            self._save(item, {})
        self._save(item, {"then": "release"})
        self.acknowledged.released.add(item)

    def _save(self, item: int, extra: dict[str, str]) -> None:
        said = f"Noted {self.rng.getrandbits(64):x}"
        form = self.visitor_now.get(f"/marking/{item}").form(f"/marking/{item}", having="rev")
        ticks = dict.fromkeys(("valid", "authentic", "reliable", "current"), "y")
        claims = [name.removeprefix("feedback-") for name in form if name.startswith("feedback-")]
        marks: dict[str, Any] = {}
        for claim in claims:
            marks |= {f"outcome-{claim}": "met", f"sufficient-{claim}": "y", f"feedback-{claim}": "Clear."}
        self.acknowledged.in_flight[item] = said
        self._expect(
            self.visitor_now.post(f"/marking/{item}", {**form, **ticks, **marks, **extra, "feedback": said}).status
        )
        self.acknowledged.feedback[item] = said
        self.acknowledged.saves[item] += 1

    @property
    def visitor_now(self) -> Visitor:
        """The visitor of this run of the server."""
        assert self.visitor is not None
        return self.visitor

    def _expect(self, status: int) -> None:
        if status != 303:
            raise LookupError(f"a decision was answered with {status}")


def visitor_again(before: Visitor | None, port: int, email: str) -> Visitor:
    """The same visitor on a new connection, with the cookies from before; signed in the first time."""
    visitor = Visitor(port)
    if before is None:
        return visitor.sign_in(email, PASSWORD)
    visitor.cookies = before.cookies
    return visitor
