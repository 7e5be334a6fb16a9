"""Many people at work at once who do not give up: who is told to come again comes again, and all is counted."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.cast import PASSWORD, Cast
from tests.drills.clients import BROKEN, Acknowledged, Marker, Uploader
from tests.visitor import Answer, Visitor

PAUSE, PATIENCE = 0.1, 60.0


class Away(http.client.HTTPException):
    """The server said to come again later, or nothing."""


@dataclass
class Seen:
    """How requests were answered, by status; those that broke without an answer; and what should never be."""

    statuses: Counter[int] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    well_at: float = 0.0
    """When a request last went well, by the monotonic clock."""
    slowest: float = 0.0


class Patient(Visitor):
    """A visitor who notes how each request went."""

    def __init__(self, port: int, seen: Seen) -> None:
        super().__init__(port, seconds=PATIENCE)
        self.seen = seen

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """One request. Raises Away when it is to be tried again later, or was not answered at all."""
        began = time.monotonic()
        try:
            answer = super().send(method, path, body, **headers)
        except BROKEN as problem:
            seconds = time.monotonic() - began
            self.seen.broken.append(f"{method} {path} with {len(body)} bytes broke after {seconds:.1f} s: {problem!r}")
            raise Away from problem
        self.seen.statuses[answer.status] += 1
        self.seen.slowest = max(self.seen.slowest, time.monotonic() - began)
        if answer.status == 503:
            if not answer.retry_after or b"<h1" not in answer.body:
                self.seen.faults.append(f"{method} {path} was answered with 503 and no page or no time to come again")
            raise Away
        if answer.status >= 500:
            self.seen.faults.append(f"{method} {path} was answered with {answer.status}")
            raise Away
        self.seen.well_at = time.monotonic()
        return answer


class Person(threading.Thread):
    """Somebody who does one thing after the other, whatever happens, until told to stop."""

    def __init__(self, step: Callable[[], None], seen: Seen, *, think: float) -> None:
        super().__init__(daemon=True)
        self.step, self.seen, self.think = step, seen, think
        self.stopping = threading.Event()

    def run(self) -> None:
        """Who is told to come again, or is not answered, goes on; anything else that goes wrong is a fault."""
        while not self.stopping.is_set():
            try:
                self.step()
            except Away:
                self.stopping.wait(PAUSE)
            except Exception as problem:  # noqa: BLE001 - the drill fails with it
                self.seen.faults.append(repr(problem))
                self.stopping.wait(PAUSE)
            self.stopping.wait(self.think)


class Crowd:
    """One assessor who marks, some learners who upload, and others who read; each signed in for themselves."""

    def __init__(self, cast: Cast, port: int, *, users: int, rng: Random, think: float) -> None:
        self.seen, self.said = Seen(), Acknowledged()
        self.visitors: list[Visitor] = []
        self.marker = Marker(cast.email("marguerite"), self.said, rng)
        self.marker.visitor = self._signed_in(cast, port, "marguerite")
        steps: list[Callable[[], None]] = [self.marker.step]
        for number in range(users - 1):
            name = ("amina", "ben", "iris", "marguerite", "tobias")[number % 5]
            visitor = self._signed_in(cast, port, name)
            if name in {"amina", "ben"}:
                uploader = Uploader(cast.email(name), cast.enrolments[name], self.said, Random(rng.random()))
                uploader.visitor = visitor
                steps.append(uploader.step)
            else:
                steps.append(self._reading(visitor, Random(rng.random())))
        self.people = [Person(step, self.seen, think=think) for step in steps]

    def _signed_in(self, cast: Cast, port: int, name: str) -> Patient:
        visitor = Patient(port, self.seen)
        self.visitors.append(visitor)
        visitor.sign_in(cast.email(name), PASSWORD)
        return visitor

    @staticmethod
    def _reading(visitor: Visitor, rng: Random) -> Callable[[], None]:
        def step() -> None:
            visitor.get(rng.choice(["/", "/marking", "/enrolments", "/notices"]))

        return step

    def start(self) -> None:
        """Begin."""
        for person in self.people:
            person.start()

    def stop(self) -> None:
        """Let everybody finish what they are at."""
        for person in self.people:
            person.stopping.set()
        for person in self.people:
            person.join(60)
        for visitor in self.visitors:
            visitor.connection.close()
