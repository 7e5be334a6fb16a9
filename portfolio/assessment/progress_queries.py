"""What the record says of how far learners have come: many at once, for what is kept of it and for its proof."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import Session

from portfolio.assessment.claim_queries import Claims, claims_in
from portfolio.assessment.coverage_rows import Assessing, Packed
from portfolio.assessment.models import (
    CoverageRow,
    CriterionTotal,
    Progress,
    UnitDecision,
    UnitMatrix,
    UnitProgress,
)
from portfolio.assessment.rules import UnitDecisionKind, on_track_until
from portfolio.criteria.models import Criterion
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Allocation, Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import Duty, EnrolmentState
from portfolio.mapping.coverage import GAP, LETTERS, tally_in

ENROLMENTS = bindparam("enrolments", type_=Integer, expanding=True)


@dataclass(frozen=True, slots=True)
class UnitCount:
    """How far a learner has come in one unit: a row of `UnitProgress`. `letters` are those of `coverage.STANDINGS`."""

    enrolment_unit_id: int
    enrolment_id: int
    unit_version_id: int
    letters: str
    is_signed_off: bool


@dataclass(frozen=True, slots=True)
class MatrixCount:
    """What is claimed in one unit: a row of `UnitMatrix`."""

    enrolment_unit_id: int
    enrolment_id: int
    packed: str


@dataclass(frozen=True, slots=True)
class Count:
    """How far a learner has come in all: a row of `Progress`."""

    enrolment_id: int
    centre_id: int
    cohort_id: int | None
    qualification_version_id: int
    counts: bool
    criteria: int
    met: int
    needs_more: int
    claimed: int
    single_source: int
    progressed_on: date | None
    on_track_until: date
    met_share: int
    last_on: date


@dataclass(frozen=True, slots=True)
class RowCount:
    """What the coverage audit needs of a learner: a row of `CoverageRow`."""

    enrolment_id: int
    place: str
    units: str


@dataclass(frozen=True, slots=True)
class Counted:
    """Some learners, and those of them whom the coverage audit shows, by enrolment; their units, and what is claimed in
    those, by enrolment unit.
    """

    learners: dict[int, Count]
    units: dict[int, UnitCount]
    matrices: dict[int, MatrixCount]
    rows: dict[int, RowCount]


Place = tuple[int, int, int, int, int]
"""What a total is of: centre, cohort (0 for none), qualification version, unit version, criterion."""
Sums = tuple[int, int, int, int, int]
"""Learners, and how many of them have met it, need more, have claimed it, and rest on a single item."""


@cache
def _chosen() -> AnySelect:
    signed = (
        select(UnitDecision.kind)
        .where(UnitDecision.enrolment_unit_id == EnrolmentUnit.id)
        .order_by(UnitDecision.no.desc())
        .limit(1)
        .correlate(EnrolmentUnit)
        .scalar_subquery()
    )
    return (
        select(
            Enrolment.id, Enrolment.centre_id, Enrolment.cohort_id, Enrolment.qualification_version_id, Enrolment.state,
            Enrolment.started_on, Enrolment.due_on, EnrolmentUnit.id.label("unit_id"), EnrolmentUnit.unit_version_id,
            func.coalesce(signed == UnitDecisionKind.SIGNED_OFF, False).label("is_signed_off"),
        )
        .outerjoin(EnrolmentUnit, EnrolmentUnit.enrolment_id == Enrolment.id)
        .where(Enrolment.id.in_(ENROLMENTS))
        .order_by(Enrolment.id, EnrolmentUnit.position, EnrolmentUnit.id)
    )  # fmt: skip


def counted_in(session: Session, enrolment_ids: Collection[int]) -> Counted:
    """What the record says of some learners. Six statements."""
    ids = list(enrolment_ids)
    chosen = read(session, _chosen(), enrolments=ids).all()
    criteria = criteria_of(session, {row.unit_version_id for row in chosen if row.unit_id is not None})
    in_order = {row.unit_id: criteria[row.unit_version_id] for row in chosen if row.unit_id is not None}
    claims = claims_in(session, ids, in_order)
    units: dict[int, UnitCount] = {}
    learners: dict[int, Count] = {}
    packed: dict[int, RowCount] = {}
    assessing = _assessing_in(session, ids)
    for _enrolment_id, group in groupby(chosen, itemgetter(0)):
        rows = list(group)
        theirs = [_unit(row, len(in_order[row.unit_id]), claims) for row in rows if row.unit_id is not None]
        units |= {unit.enrolment_unit_id: unit for unit in theirs}
        learner = learners[rows[0].id] = _learner(rows[0], theirs, claims)
        if learner.counts:
            packed[rows[0].id] = _row(learner, theirs, assessing[rows[0].id])
    matrices = {
        unit_id: MatrixCount(unit_id, units[unit_id].enrolment_id, one.packed) for unit_id, one in claims.items()
    }
    return Counted(learners, units, matrices, packed)


@cache
def _assessing() -> AnySelect:
    return (
        select(
            Allocation.enrolment_id, Allocation.person_id, Allocation.enrolment_unit_id, Allocation.since,
            Allocation.until,
        )
        .where(Allocation.enrolment_id.in_(ENROLMENTS), Allocation.duty == Duty.ASSESS)
        .order_by(Allocation.enrolment_id, Allocation.id)
    )  # fmt: skip


def _assessing_in(session: Session, enrolment_ids: Sequence[int]) -> Mapping[int, Sequence[Assessing]]:
    found: dict[int, list[Assessing]] = defaultdict(list)
    for enrolment_id, *allocated in read(session, _assessing(), enrolments=enrolment_ids).tuples():
        found[enrolment_id].append(Assessing(*allocated))
    return found


def _row(learner: Count, units: Sequence[UnitCount], assessing: Sequence[Assessing]) -> RowCount:
    packed = Packed.of(
        learner.cohort_id,
        learner.qualification_version_id,
        assessing,
        [(unit.unit_version_id, unit.enrolment_unit_id, unit.letters) for unit in units],
    )
    return RowCount(learner.enrolment_id, *packed)


def _unit(row: Any, total: int, claims: Mapping[int, Claims]) -> UnitCount:
    letters = claims[row.unit_id].letters if row.unit_id in claims else LETTERS[GAP] * total
    return UnitCount(row.unit_id, row.id, row.unit_version_id, letters, bool(row.is_signed_off))


def _learner(row: Any, units: Sequence[UnitCount], claims: Mapping[int, Claims]) -> Count:
    letters = "".join([unit.letters for unit in units])
    tally = tally_in(letters)
    days = [claims[unit.enrolment_unit_id].moved_on for unit in units if unit.enrolment_unit_id in claims]
    progressed_on = max([day for day in days if day is not None], default=None)
    return Count(
        row.id,
        row.centre_id,
        row.cohort_id,
        row.qualification_version_id,
        row.state is not EnrolmentState.WITHDRAWN,
        tally.total,
        tally.met,
        tally.needs_more,
        tally.claimed,
        letters.count("m") + letters.count("c"),
        progressed_on,
        on_track_until(row.started_on, row.due_on, tally, is_over=row.state is not EnrolmentState.ACTIVE),
        tally.met * 10_000 // tally.total if tally.total else 0,
        progressed_on or row.started_on,
    )


@cache
def _criteria() -> AnySelect:
    return (
        select(Criterion.unit_version_id, Criterion.id)
        .where(Criterion.unit_version_id.in_(bindparam("versions", type_=Integer, expanding=True)))
        .order_by(Criterion.unit_version_id, Criterion.position)
    )


def criteria_of(session: Session, unit_versions: Iterable[int]) -> Mapping[int, Sequence[int]]:
    """The criteria of some versions of units, in order, by version. One statement."""
    found: dict[int, list[int]] = {version_id: [] for version_id in unit_versions}
    for version_id, criterion_id in read(session, _criteria(), versions=list(found)):
        found[version_id].append(criterion_id)
    return found


@cache
def _kept_learners() -> AnySelect:
    return select(*Progress.__table__.columns).where(Progress.enrolment_id.in_(ENROLMENTS))


@cache
def _kept_units() -> AnySelect:
    return select(*UnitProgress.__table__.columns).where(UnitProgress.enrolment_id.in_(ENROLMENTS))


@cache
def _kept_matrices() -> AnySelect:
    return select(*UnitMatrix.__table__.columns).where(UnitMatrix.enrolment_id.in_(ENROLMENTS))


@cache
def _kept_rows() -> AnySelect:
    return select(*CoverageRow.__table__.columns).where(CoverageRow.enrolment_id.in_(ENROLMENTS))


def kept_in(session: Session, enrolment_ids: Collection[int]) -> Counted:
    """What is kept of some learners. Four statements."""
    ids = list(enrolment_ids)
    learners = {row[0]: Count(*row) for row in read(session, _kept_learners(), enrolments=ids).tuples()}
    units = {row[0]: UnitCount(*row) for row in read(session, _kept_units(), enrolments=ids).tuples()}
    matrices = {row[0]: MatrixCount(*row) for row in read(session, _kept_matrices(), enrolments=ids).tuples()}
    rows = {row[0]: RowCount(*row) for row in read(session, _kept_rows(), enrolments=ids).tuples()}
    return Counted(learners, units, matrices, rows)


@cache
def _kept_totals() -> AnySelect:
    total = CriterionTotal
    return select(
        total.centre_id, total.cohort, total.qualification_version_id, total.unit_version_id, total.criterion_id,
        total.learners, total.met, total.needs_more, total.claimed, total.single_source,
    )  # fmt: skip


def kept_totals(session: Session) -> dict[Place, Sums]:
    """Every total that is kept and is not of nobody."""
    rows = read(session, _kept_totals()).tuples()
    return {row[:5]: row[5:] for row in rows if any(row[5:])}


def totals_of(counted: Counted, criteria: Mapping[int, Sequence[int]]) -> dict[Place, Sums]:
    """What some learners add to the totals; one who left adds nothing. `criteria` as `criteria_of` gives them."""
    alike: dict[tuple[int, int, int, int], list[str]] = defaultdict(list)
    for unit in counted.units.values():
        learner = counted.learners.get(unit.enrolment_id)
        if learner is not None and learner.counts:
            at = learner.centre_id, learner.cohort_id or 0, learner.qualification_version_id, unit.unit_version_id
            alike[at].append(unit.letters)
    return {
        (*at, criterion_id): _sums(letters)
        for at, those in alike.items()
        for criterion_id, letters in zip(criteria[at[-1]], map("".join, zip(*those, strict=True)), strict=True)
    }


def _sums(letters: str) -> Sums:
    """What one criterion adds to its totals, from its letter in each learner's unit."""
    count = letters.count
    met_by_one, claimed_by_one = count("m"), count("c")
    return len(letters), count("M") + met_by_one, count("N"), count("C") + claimed_by_one, met_by_one + claimed_by_one
