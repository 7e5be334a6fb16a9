"""Two hundred people at work for five minutes: no answer may be a server's fault, and nothing acknowledged may be lost.

    python -m tests.bench.load [--people N] [--seconds N] [--json FILE]

`portfolio serve` over a centre of 200 learners; learners read and write, assessors look through a queue of 200, and
administrators look at everybody. Each pauses for a few seconds between pages, as people do.
"""

import http.client
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from portfolio.config import Settings
from portfolio.evidence.models import EvidenceVersion
from portfolio.installation import open_installation
from tests.bench import measure
from tests.bench.school import LEARNERS, built
from tests.cast import PASSWORD
from tests.running import Running, free_port
from tests.visitor import Answer, Visitor

LIGHT = "/about/privacy"
ASSESSORS, ADMINISTRATORS = 8, 2
PAUSE_LEAST, PAUSE_MOST = 2.0, 6.0
SIGNING_IN_AT_ONCE = 4
HOLD_SLOWEST = 60.0
"""How often the slowest twentieth of pages may take what the slowest twentieth of the lightest page does."""


class Person(threading.Thread):
    """Somebody at work until told to stop. `waits` is how long each page took, by what it is."""

    def __init__(self, visitor: Visitor, number: int, stopping: threading.Event) -> None:
        super().__init__(daemon=True)
        self.visitor, self.rng, self.stopping = visitor, Random(number), stopping
        self.waits: dict[str, list[float]] = {}
        self.faults: list[str] = []
        self.written = 0

    def run(self) -> None:
        """One page after the other."""
        while not self.stopping.wait(self.rng.uniform(PAUSE_LEAST, PAUSE_MOST)):
            try:
                self.step()
            except (OSError, http.client.HTTPException, LookupError) as problem:
                self.faults.append(f"{type(problem).__name__}: {problem}")

    def step(self) -> None:
        """What this person does next."""
        raise NotImplementedError

    def look(self, what: str, path: str) -> Answer:
        """Open a page and note how long it took."""
        began = time.perf_counter()
        answer = self.visitor.get(path)
        self.noted(what, began, answer)
        return answer

    def noted(self, what: str, began: float, answer: Answer) -> None:
        """Keep how long an answer took, and whether it was the server's fault."""
        self.waits.setdefault(what, []).append(time.perf_counter() - began)
        if answer.status >= 400:
            self.faults.append(f"{answer.path} was answered with {answer.status}")


class Learner(Person):
    """Reads what is there, and now and then writes an account."""

    def step(self) -> None:
        """Mostly reading."""
        chosen = self.rng.random()
        if chosen < 0.4:
            self.look("home", "/portfolio")
        elif chosen < 0.7:
            self.look("evidence", self.visitor.get("/evidence").location)
        elif chosen < 0.9:
            self.look("light", LIGHT)
        else:
            self.write()

    def write(self) -> None:
        """Add an account."""
        path = self.visitor.get("/evidence").location.rstrip("/") + "/write"
        form = self.look("writing", path).form("/write", having="title")
        form |= {"title": f"Account {self.written}", "body": "I rang on Tuesday, and again on Friday."}
        began = time.perf_counter()
        done = self.visitor.post(path, form)
        self.noted("saved", began, done)
        self.written += done.status == 303


class Assessor(Person):
    """Looks through the queue."""

    def step(self) -> None:
        """The queue, from its beginning."""
        self.look("queue", "/marking")


class Administrator(Person):
    """Looks at everybody."""

    def step(self) -> None:
        """How far they are, and who they are."""
        self.look("coverage", "/coverage")
        self.look("people", "/people")


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; 0 when everything holds."""
    command_line = measure.parser(__doc__)
    command_line.add_argument("--people", type=int, default=200)
    command_line.add_argument("--seconds", type=float, default=300.0)
    options = command_line.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        built(home)
        before = accounts_in(home)
        running = Running(home, free_port())
        try:
            running.wait_until_healthy()
            people = at_work(running.port, options.people, options.seconds)
        finally:
            running.stop()
        found = accounts_in(home) - before
    return measure.report(rows_of(people, found), options.json)


def at_work(port: int, count: int, seconds: float) -> list[Person]:
    """Everybody signed in, then at work for so long."""
    stopping = threading.Event()
    numbered = list(enumerate(kinds(count)))

    def arrive(place: tuple[int, tuple[type[Person], str]]) -> Person:
        number, (kind, email) = place
        visitor = Visitor(port).sign_in(email, PASSWORD)
        visitor.connection.close()  # who came first waits for the last, longer than a silent connection is kept
        return kind(visitor, number, stopping)

    with ThreadPoolExecutor(SIGNING_IN_AT_ONCE) as doors:
        people = list(doors.map(arrive, numbered))
    for person in people:
        person.start()
    time.sleep(seconds)
    stopping.set()
    for person in people:
        person.join()
    return people


def kinds(count: int) -> list[tuple[type[Person], str]]:
    """Who there is: a few of the staff, and learners."""
    staff: list[tuple[type[Person], str]] = [(Assessor, "marguerite@example.org")] * ASSESSORS
    staff += [(Administrator, "ada@example.org")] * ADMINISTRATORS
    learners: list[tuple[type[Person], str]] = [
        (Learner, f"learner{number:03d}@example.org") for number in range(min(LEARNERS, max(count - len(staff), 1)))
    ]
    return [*staff, *learners]


def accounts_in(home: Path) -> int:
    """How many versions of items there are."""
    installation = open_installation(Settings.from_environment(home, {}))
    with installation.database.reading() as session:
        count = session.scalar(select(func.count()).select_from(EvidenceVersion)) or 0
    installation.close()
    return count


def rows_of(people: Sequence[Person], found: int) -> list[measure.Row]:
    """Faults and losses, of which there may be none, and how long the slowest twentieth of each page took."""
    for fault in sorted({fault for person in people for fault in person.faults}):
        print(fault)
    waits: dict[str, list[float]] = {}
    for person in people:
        for what, found_waits in person.waits.items():
            waits.setdefault(what, []).extend(found_waits)
    asked = sum(map(len, waits.values()))
    faults, written = sum(len(person.faults) for person in people), sum(person.written for person in people)
    light = slowest(waits["light"])
    rows = [
        measure.row(f"faults of {len(people)} people", faults, asked, "answers", hold=0.0),
        measure.row("accounts lost", written - found, max(written, 1), "accounts acknowledged", hold=0.0),
    ]
    rows += [
        measure.row(
            f"{what}: slowest 5 % of {len(taken)}, ms", slowest(taken), light, "the lightest page", hold=HOLD_SLOWEST
        )
        for what, taken in sorted(waits.items())
        if what != "light"
    ]
    return rows


def slowest(taken: Sequence[float]) -> float:
    """Milliseconds within which 95 of 100 were answered."""
    return 1000 * (statistics.quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0])


if __name__ == "__main__":
    sys.exit(main())
