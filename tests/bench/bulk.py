"""What writing much at once costs beside the bare driver, and what keeping how far everyone has come adds to one write.

    python -m tests.bench.bulk [--learners 500] [--postgres] [--rounds N] [--json FILE]

Each round writes a batch of learners with all their work, and brings as many people in as an import does. Then the bare
driver writes the same rows into a second database: with `executemany` on SQLite, with COPY on PostgreSQL. What comes in
through the product's actions is told in the trail, so the driver's side hashes and signs as many entries too. On SQLite
all is done in this process, and its processor time counts; on PostgreSQL the time that passes. What the bench itself
holds in memory is frozen, so that nobody pays for looking through it.
"""

import gc
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import JSON, String, cast, func, select
from sqlalchemy.orm import Session

from portfolio.accounts import queries as account_queries
from portfolio.accounts.actors import Actor
from portfolio.accounts.inviting import Invitation, invite_all
from portfolio.accounts.models import Membership, Person, Token
from portfolio.accounts.rules import Role
from portfolio.assessment import marking, submitting
from portfolio.assessment.models import Progress, UnitProgress
from portfolio.assessment.rules import Mark
from portfolio.audit.events import Entry, System, text_digest
from portfolio.audit.models import AuditEvent, AuditStream, AuditText
from portfolio.centres.models import Centre
from portfolio.criteria.models import QualificationVersion
from portfolio.criteria.rules import Method
from portfolio.db import TOUCHED, AnySelect
from portfolio.enrolment.enrolling import Beginning, enrol_all
from portfolio.enrolment.models import Allocation, Cohort, Enrolment, EnrolmentUnit
from portfolio.evidence import actions as evidence_actions
from portfolio.evidence.actions import Details
from portfolio.evidence.rules import Carrier
from portfolio.installation import Installation
from portfolio.mapping.actions import map_to
from portfolio.mapping.rules import Outcome
from portfolio.notices.models import Notice
from tests.bench import measure, thousands
from tests.bench.audit import installed
from tests.bench.thousands import Batch, Thousands
from tests.cast import ALL_TICKED, EVERYTHING, wanted

HOLD = 1 / 0.7
HOLD_COMING = 5.0
"""Each is looked at, may be known already, gets a link and a letter, and is told of in two trails."""
HOLD_TAX = 2.0
WRITES = 10
"""How many items go the whole way in a round."""
KEPT = (Progress, UnitProgress)
WORK = (*thousands.MODELS, AuditEvent, AuditText, *KEPT)
COMING = (
    Person, Membership, Token, Notice, AuditStream, Enrolment, EnrolmentUnit, Allocation, AuditEvent, AuditText, *KEPT,
)  # fmt: skip
"""What a batch writes into, in the order in which it is written."""


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; 0 when everything holds."""
    command_line = measure.parser(__doc__)
    command_line.add_argument("--learners", type=int, default=500, help="how many come in each round")
    command_line.add_argument("--postgres", action="store_true", help="on PostgreSQL from its wheel")
    options = command_line.parse_args(argv)
    learners, bare = options.learners, "COPY" if options.postgres else "executemany"
    with installed(on_postgres=options.postgres) as ours, installed(on_postgres=options.postgres) as other:
        at = thousands.begun(ours, learners * (options.rounds + 1))
        thousands.begun(other, learners * (options.rounds + 1))
        clock = time.perf_counter if options.postgres else time.process_time
        bench = Bench(ours, other, at, learners, clock)
        rounds = [bench.round(number) for number in range(options.rounds + 1)][1:]
    print(f"{bench.rows_written} rows were written by the product in the last round", flush=True)
    return measure.report(
        [
            measure.compared("learners with all their work, ms", *_pair(rounds, 0), f"{bare} of the rows", hold=HOLD),
            measure.compared(
                "people, enrolments, allocations, ms", *_pair(rounds, 1), f"{bare}, signed", hold=HOLD_COMING
            ),
            measure.compared("an item from writing to release, ms", *_pair(rounds, 2), "kept apart", hold=HOLD_TAX),
        ],
        options.json,
    )


Times = tuple[float, float]
"""Seconds that the product takes, and its anchor."""


def _pair(rounds: Sequence[Sequence[Times]], place: int) -> tuple[list[float], list[float]]:
    return [one[place][0] for one in rounds], [one[place][1] for one in rounds]


@dataclass
class Bench:
    """The product's installation, and one beside it into which the bare driver writes."""

    ours: Installation
    other: Installation
    at: Thousands
    learners: int
    clock: Callable[[], float]
    rows_written: int = 0

    def round(self, number: int) -> tuple[Times, Times, Times]:
        """Everything once."""
        self.rows_written = 0
        return self._work(number), self._coming(number), self._tax(number)

    def _work(self, number: int) -> Times:
        before = _ends(self.ours, WORK)
        with self.ours.database.writing() as session:
            batch = Batch(session, self.at, range(number * self.learners, (number + 1) * self.learners))
            gc.freeze()
            began = self.clock()
            batch.write()
            session.commit()
            taken = self.clock() - began
        return taken, self._bare(WORK, before, is_signed=False)

    def _coming(self, number: int) -> Times:
        before = _ends(self.ours, COMING)
        with self.ours.database.writing() as session:
            centre = session.get_one(Centre, self.at.centre_id)
            qualification = session.get_one(QualificationVersion, self.at.qualification_version_id)
            cohort, assessor = (
                session.get_one(Cohort, self.at.cohorts[0]),
                session.get_one(Person, self.at.assessors[0]),
            )
            coming = [
                Invitation(f"new{number}-{one}@large.example", f"New Learner {one}", Role.LEARNER)
                for one in range(self.learners)
            ]
            gc.freeze()
            began = self.clock()
            invite_all(session, System(), centre, coming, is_sent=True)
            people = session.scalars(select(Person).where(Person.email.in_([one.email for one in coming])))
            begin = [
                Beginning(person, qualification, date(2026, 9, 1), None, "", cohort, assessor) for person in people
            ]
            enrol_all(session, System(), centre, begin)
            session.commit()
            taken = self.clock() - began
        return taken, self._bare(COMING, before, is_signed=True)

    def _bare(self, models: Sequence[Any], before: dict[Any, int], *, is_signed: bool) -> float:
        """Seconds in which the bare driver writes what the product has just written."""
        tables = [(model, _written(self.ours, model, before[model])) for model in models]
        self.rows_written += sum(len(rows) for _model, rows in tables)
        told = _told(self.ours, before) if is_signed else []
        signer = self.other.database.info["signer"]
        gc.freeze()
        with bare(self.other) as connection:
            began = self.clock()
            for entry, salt, text in told:
                text_digest(salt, text)
                signer.sign(entry.hashed())
            for model, rows in tables:
                _write_bare(connection, model, rows)
            connection.commit()
            return self.clock() - began

    def _tax(self, number: int) -> Times:
        """The same steps with what is kept and without, in turn; afterwards it is right again."""
        taken = {True: 0.0, False: 0.0}
        for turn in range(2 * WRITES):
            is_kept = bool(turn % 2)
            taken[is_kept] += self._one_item(number * self.learners, is_kept=is_kept)
        return taken[True] / WRITES, taken[False] / WRITES

    def _one_item(self, number: int, *, is_kept: bool) -> float:
        settle = self.ours.database.info["settle"]
        self.ours.database.info["settle"] = settle if is_kept else lambda session: session.info.pop(TOUCHED, None)
        began = self.clock()
        written(self.ours, self.at, f"l{number}@large.example")
        self.ours.database.info["settle"] = settle
        return self.clock() - began


def written(installation: Installation, at: Thousands, email: str) -> None:
    """A learner writes an item, maps it to two criteria and hands it in; the assessor marks and releases it."""
    with installation.database.writing() as session:
        learner = session.scalars(select(Person).where(Person.email == email)).one()
        enrolment = session.scalars(select(Enrolment).where(Enrolment.learner_id == learner.id)).one()
        doer = _actor(session, at, learner.id)
        details = Details("What I did", date(2026, 9, 2), "", "How it went.")
        evidence = evidence_actions.add(
            session,
            doer,
            enrolment,
            installation.store,
            method=Method.REFLECTIVE_ACCOUNT,
            carrier=Carrier.WRITTEN,
            details=details,
        )
        session.commit()
        map_to(session, doer, evidence, wanted=wanted(session, enrolment, {"1.1": "Here.", "6.9": "And here."}))
        session.commit()
        submission = submitting.submit(session, doer, enrolment, evidence_ids=[evidence.id], declared=EVERYTHING)
        session.commit()
        [item] = submission.items
        marker = _actor(session, at, enrolment.allocations[0].person_id)
        marking.open_item(session, marker, item)
        marks = [Mark(one.id, Outcome.MET, True, "Yes.") for one in marking.claims_on(session, item)]
        marking.save_review(session, marker, item, varc=ALL_TICKED, marks=marks, feedback="Well done.")
        session.commit()
        marking.release(session, marker, item)
        session.commit()


def _actor(session: Session, at: Thousands, person_id: int) -> Actor:
    found = account_queries.actor(session, person_id=person_id, centre_id=at.centre_id)
    assert found is not None, "they have a role there"
    return found


@contextmanager
def bare(installation: Installation) -> Iterator[Any]:
    """The driver's own connection, in a transaction that its holder commits."""
    with closing(installation.database.engine.raw_connection()) as pooled:
        if installation.database.engine.dialect.name == "sqlite":
            pooled.cursor().execute("PRAGMA query_only=OFF")
            pooled.cursor().execute("BEGIN IMMEDIATE")
        yield pooled.driver_connection


def _key(model: Any) -> Any:
    [key] = model.__table__.primary_key.columns
    return key


def _ends(installation: Installation, models: Sequence[Any]) -> dict[Any, int]:
    """The highest key of each table."""
    with installation.database.reading() as session:
        return {model: session.scalar(select(func.coalesce(func.max(_key(model)), 0))) or 0 for model in models}


def _written(installation: Installation, model: Any, after: int) -> list[Any]:
    """Rows that are new, as the driver gives them; JSON as text."""
    columns = [cast(column, String) if isinstance(column.type, JSON) else column for column in model.__table__.columns]
    query = select(*columns).where(_key(model) > after).order_by(_key(model))
    engine = installation.database.engine
    sql = str(query.compile(engine, compile_kwargs={"literal_binds": True}))
    with closing(engine.raw_connection()) as pooled:
        cursor = pooled.cursor()
        cursor.execute(sql)
        return list(cursor.fetchall())


def _write_bare(connection: Any, model: Any, rows: list[Any]) -> None:
    table = model.__table__
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    with closing(connection.cursor()) as cursor:
        if not hasattr(cursor, "copy"):
            places = ", ".join("?" for _ in table.columns)
            cursor.executemany(f'INSERT INTO "{table.name}" ({columns}) VALUES ({places})', rows)
            return
        with cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)


def _told(installation: Installation, before: dict[Any, int]) -> list[tuple[Entry, str, dict[str, Any]]]:
    """What the new entries of the trail are hashed from."""
    fields = [
        AuditEvent.seq, AuditEvent.at, AuditEvent.actor, AuditEvent.role, AuditEvent.verb, AuditEvent.subject,
        AuditEvent.digest, AuditEvent.prev,
    ]  # fmt: skip
    query: AnySelect = (
        select(AuditStream.uid, *fields, AuditText.salt, AuditText.text)
        .join(AuditStream, AuditStream.id == AuditEvent.stream_id)
        .join(AuditText, AuditText.event_id == AuditEvent.id)
        .where(AuditEvent.id > before[AuditEvent])
    )
    with installation.database.reading() as session:
        return [(Entry(*row[:9]), row[9], row[10]) for row in session.execute(query)]


if __name__ == "__main__":
    sys.exit(main())
