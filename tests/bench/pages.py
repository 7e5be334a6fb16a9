"""What the pages that matter cost, against a bare Flask page and the usual way: processor time, called in process.

    python -m tests.bench.pages [--rounds N] [--profile PAGE] [--without usual] [--json FILE]

Every page is asked for by somebody who is signed in, with the database read anew. As in use, what was drawn before is
drawn once where nothing but its content decides it: a unit's table, a head, what stands around the rows of a page, a
learner's row of the audit. What is worked out of an assessor's learners is kept while the same is read of them all; so
their audit is also asked for with one of them changed each time, and the change is part of what is measured.
The cheapest of many short rounds counts, of the anchors as of ours.
"""

import cProfile
import pstats
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from types import ModuleType
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder

from portfolio.config import Settings
from portfolio.web.app import create_app
from tests.bench import measure
from tests.bench.school import Addresses, built
from tests.cast import PASSWORD
from tests.visitor import Answer

HELLO, USUAL = "a bare Flask page", "usual"
BASE = "http://127.0.0.1:8000"
TIMES_HELLO, TIMES, ROUNDS, HOLD_USUAL = 100, 2, 30, 0.2


class Page:
    """A request that can be made again and again, straight to the application."""

    def __init__(self, app: Flask, path: str, cookie: str = "") -> None:
        self.app, self.path = app, path
        headers = [("Cookie", cookie), ("Accept", "text/html")] if cookie else []
        self.environ = EnvironBuilder(path, BASE, headers=headers).get_environ()

    def __call__(self) -> bytes:
        """The body; anything but 200 is an error."""
        said: list[str] = []
        answer: Iterable[bytes] = self.app.wsgi_app(dict(self.environ), _taking(said))
        body = b"".join(answer)
        close = getattr(answer, "close", None)
        if close:
            close()
        if not said[0].startswith("200"):
            raise LookupError(f"{self.path} was answered with {said[0]}")
        return body


CHANGE = """
    UPDATE coverage_row SET units = substr(units, 1, instr(units, ':'))
        || CASE substr(units, instr(units, ':') + 1, 1) WHEN 'G' THEN 'M' ELSE 'G' END
        || substr(units, instr(units, ':') + 2)
    WHERE enrolment_id = ?
"""
"""The first criterion of a learner becomes a gap, or is met where it was one."""


class Changing(Page):
    """A page, asked for each time after something of one of an assessor's learners has changed."""

    def __init__(self, page: Page, database: Path, assessor_id: int) -> None:
        self.app, self.path, self.environ = page.app, page.path, page.environ
        self._connection = sqlite3.connect(database, isolation_level=None)
        self._connection.execute("PRAGMA synchronous=OFF")
        mark = f"%\n{assessor_id}:%"
        learners = self._connection.execute("SELECT enrolment_id FROM coverage_row WHERE place LIKE ?", [mark])
        self._next = cycle(learners.fetchall())

    def __call__(self) -> bytes:
        """The body, after the change."""
        self._connection.execute(CHANGE, next(self._next))
        return super().__call__()


def _taking(said: list[str]) -> Callable[..., Any]:
    def start_response(status: str, _headers: object, _error: object = None) -> Callable[[bytes], None]:
        said.append(status)
        return lambda _data: None

    return start_response


def signed_in(app: Flask, email: str) -> str:
    """The cookie of somebody who has just signed in."""
    client = app.test_client()
    form = Answer("/sign-in", 200, "", client.get("/sign-in", base_url=BASE).data).form("/sign-in")
    done = client.post("/sign-in", base_url=BASE, data={**form, "email": email, "password": PASSWORD})
    if done.status_code != 303:
        raise LookupError(f"{email} could not sign in: {done.status_code}")
    return done.headers["Set-Cookie"].partition(";")[0]


def hello() -> Flask:
    """The smallest Flask application."""
    app = Flask("hello")
    app.add_url_rule("/", view_func=lambda: "Hello")
    return app


@dataclass(frozen=True, slots=True)
class Measured:
    """One of our pages, who asks for it, where the usual way shows it, and how often ours may cost a bare page."""

    ours: Page
    person_id: int
    usual_path: str
    hold: float

    def usual(self, settings: Settings, usual: ModuleType) -> Page:
        """The usual way, as the same person."""
        app = usual.usual(settings.database_url, settings.secret_key(), person_id=self.person_id)
        return Page(app, self.usual_path)


def pages_of(settings: Settings, at: Addresses) -> dict[str, Measured]:
    """Each page by name."""
    app = create_app(settings)
    amina, marguerite, wide, ada = (
        signed_in(app, f"{name}@example.org") for name in ("amina", "marguerite", "wide", "ada")
    )
    audit = "/coverage?unit=HRCC"
    return {
        "home": Measured(Page(app, "/", amina), at.amina, f"/home/{at.amina_enrolment}", 25),
        "queue of 200": Measured(Page(app, "/marking", marguerite), at.marguerite, "/queue", 25),
        "marking 20 criteria": Measured(
            Page(app, f"/marking/{at.item}", marguerite), at.marguerite, f"/mark/{at.item}", 40
        ),
        "matrix 17 criteria x 12 items": Measured(
            Page(app, at.amina_unit, amina), at.amina, f"/matrix/{at.amina_enrolment}", 12
        ),
        "matrix 300 criteria x 20 items": Measured(
            Page(app, at.wide_unit, wide), at.wide, f"/matrix/{at.wide_enrolment}", 12
        ),
        "audit of 200 learners": Measured(Page(app, audit, marguerite), at.marguerite, "/audit", 12),
        "audit of a whole centre": Measured(Page(app, audit, ada), at.marguerite, "/audit", 12),
        "audit of 200 learners, one changed": Measured(
            Changing(Page(app, audit, marguerite), settings.home / "database.sqlite3", at.marguerite),
            at.marguerite,
            "/audit",
            25,
        ),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; 0 when everything holds."""
    command_line = measure.parser(__doc__, [USUAL])
    command_line.set_defaults(rounds=ROUNDS)
    command_line.add_argument("--profile", help="print where the time of one page goes, by the start of its name")
    options = command_line.parse_args(argv)
    usual = measure.comparator(USUAL, "tests.bench.usual", options.without)
    with tempfile.TemporaryDirectory() as home:
        addresses = built(Path(home))
        settings = Settings.from_environment(Path(home), {})
        pages = pages_of(settings, addresses)
        if options.profile:
            profile(next(page.ours for name, page in pages.items() if name.startswith(options.profile)))
            return 0
        ways: dict[str, tuple[measure.Way, int]] = {HELLO: (Page(hello(), "/"), TIMES_HELLO)}
        ways |= {name: (page.ours, TIMES) for name, page in pages.items()}
        if usual:
            ways |= {f"usual {name}": (page.usual(settings, usual), TIMES) for name, page in pages.items()}
        figures = measure.rounds_of(ways, options.rounds)
        sizes = {name: len(page.ours()) / 1024 for name, page in pages.items()}
    rows = [
        measure.least(f"{name}, {sizes[name]:.0f} KB, ms", figures[name], figures[HELLO], HELLO, hold=page.hold)
        for name, page in pages.items()
    ]
    rows += [
        measure.least(f"{name}, ms", figures[name], figures[f"usual {name}"], "the usual way", hold=HOLD_USUAL)
        for name in pages
        if usual
    ]
    return measure.report(rows, options.json)


def profile(page: Page) -> None:
    """Print where the time goes."""
    page()
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(20):
        page()
    profiler.disable()
    statistics = pstats.Stats(profiler)
    statistics.sort_stats("cumulative").print_stats(55)
    statistics.sort_stats("tottime").print_stats(30)


if __name__ == "__main__":
    sys.exit(main())
