"""How far everyone has come, kept beside the record: worked out anew in the transaction that changes it.

What is kept is never more than the record says; `recount` proves every figure of it, and can mend it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Insert, Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portfolio.assessment.models import CoverageRow, CriterionTotal, Progress, UnitMatrix, UnitProgress
from portfolio.assessment.progress_queries import (
    Count,
    Counted,
    MatrixCount,
    Place,
    RowCount,
    Sums,
    UnitCount,
    counted_in,
    criteria_of,
    kept_in,
    kept_totals,
    totals_of,
)
from portfolio.db import TOUCHED
from portfolio.enrolment.models import Enrolment

BATCH = 500
PLACE = ("centre_id", "cohort", "qualification_version_id", "unit_version_id", "criterion_id")
FIGURES = ("learners", "met", "needs_more", "claimed", "single_source")
VALUES = {kind: attrgetter(*[one.name for one in fields(kind)]) for kind in (Count, UnitCount, MatrixCount, RowCount)}
"""What a row is written from, in the order of its columns."""


def settle(session: Session) -> None:
    """Have what is kept say what the record says of the enrolments that this session has changed."""
    put(session, sorted(session.info.pop(TOUCHED, ())))


def put(session: Session, enrolment_ids: Sequence[int]) -> None:
    """The same for these enrolments. Totals are written in one order, so that nobody waits in a ring for another."""
    session.flush()
    kept, counted = kept_in(session, enrolment_ids), counted_in(session, enrolment_ids)
    if kept == counted:
        return
    criteria = criteria_of(session, {unit.unit_version_id for one in (kept, counted) for unit in one.units.values()})
    before, after = totals_of(kept, criteria), totals_of(counted, criteria)
    _put_rows(session, Progress, kept.learners, counted.learners)
    _put_rows(session, UnitProgress, kept.units, counted.units)
    _put_rows(session, UnitMatrix, kept.matrices, counted.matrices)
    _put_rows(session, CoverageRow, kept.rows, counted.rows)
    changes = {place: _change(before.get(place), after.get(place)) for place in sorted(before.keys() | after.keys())}
    _add(session, {place: change for place, change in changes.items() if any(change)})


def _change(before: Sums | None, after: Sums | None) -> list[int]:
    return [b - a for a, b in zip(before or (0,) * 5, after or (0,) * 5, strict=True)]


def _put_rows(
    session: Session,
    model: type[Progress | UnitProgress | UnitMatrix | CoverageRow],
    kept: Mapping[int, Count | UnitCount | MatrixCount | RowCount],
    counted: Mapping[int, Count | UnitCount | MatrixCount | RowCount],
) -> None:
    table: Table = model.__table__  # type: ignore[assignment]
    key, *others = table.columns.keys()
    gone = sorted(kept.keys() - counted.keys())
    if gone:
        session.execute(delete(table).where(table.c[key].in_(gone)))
    rows = [
        dict(zip(table.columns.keys(), VALUES[type(row)](row), strict=True))
        for id_, row in counted.items()
        if kept.get(id_) != row
    ]
    if rows:
        session.execute(_upsert(session, model, (key,), tuple(others)), rows)


def _add(session: Session, changes: Mapping[Place, Sequence[int]]) -> None:
    rows = [dict(zip((*PLACE, *FIGURES), (*place, *change), strict=True)) for place, change in changes.items()]
    if rows:
        session.execute(_upsert(session, CriterionTotal, PLACE, FIGURES), rows)


@cache
def _insert_of(dialect: str) -> Any:
    return sqlite.insert if dialect == "sqlite" else postgresql.insert


def _upsert(session: Session, model: Any, key: Sequence[str], others: Sequence[str]) -> Insert:
    """Rows put beside those that are there: in their place, or, of totals, added to them."""
    table = model.__table__
    statement = _insert_of(session.get_bind().dialect.name)(table)
    given = statement.excluded
    added = {name: table.c[name] + given[name] if model is CriterionTotal else given[name] for name in others}
    constraint = [name for name in key if name != "unit_version_id"] if model is CriterionTotal else list(key)
    upsert: Insert = statement.on_conflict_do_update(index_elements=constraint, set_=added)
    return upsert


def batches(session: Session) -> Iterator[list[int]]:
    """All enrolments, some at a time."""
    after = 0
    while ids := session.scalars(
        select(Enrolment.id).where(Enrolment.id > after).order_by(Enrolment.id).limit(BATCH)
    ).all():
        yield list(ids)
        after = ids[-1]


def differences(session: Session) -> list[str]:
    """Where what is kept is not what the record says, in words; nothing when every figure is equal."""
    found: list[str] = []
    totals: dict[Place, list[int]] = {}
    for ids in batches(session):
        kept, counted = kept_in(session, ids), counted_in(session, ids)
        found += [f"enrolment {id_}: progress" for id_ in _unequal(kept.learners, counted.learners)]
        found += [f"unit {id_} of an enrolment: progress" for id_ in _unequal(kept.units, counted.units)]
        found += [f"unit {id_} of an enrolment: claims" for id_ in _unequal(kept.matrices, counted.matrices)]
        found += [f"enrolment {id_}: row of the coverage audit" for id_ in _unequal(kept.rows, counted.rows)]
        _gather(totals, session, counted)
    sums = {place: tuple(figures) for place, figures in totals.items()}
    found += [f"total of criterion {place[-1]} in centre {place[0]}" for place in _unequal(kept_totals(session), sums)]
    return found


def _unequal(kept: Mapping[Any, Any], counted: Mapping[Any, Any]) -> list[Any]:
    return sorted(one for one in kept.keys() | counted.keys() if kept.get(one) != counted.get(one))


def _gather(totals: dict[Place, list[int]], session: Session, counted: Counted) -> None:
    criteria = criteria_of(session, {unit.unit_version_id for unit in counted.units.values()})
    for place, sums in totals_of(counted, criteria).items():
        figures = totals.setdefault(place, [0] * len(FIGURES))
        for number, figure in enumerate(sums):
            figures[number] += figure


def mend(session: Session) -> None:
    """Work out everything anew, whatever is kept."""
    for model in (CriterionTotal, CoverageRow, UnitMatrix, UnitProgress, Progress):
        session.execute(delete(model))
    for ids in batches(session):
        put(session, ids)
