"""What the record says of how far learners have come: many at once, for what is kept of it and for its proof.

`_live` is `mapping.coverage.standing_of` as SQL, so that no claim is read for itself; a test proves them equal.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Integer, and_, bindparam, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from portfolio.assessment.matrix_queries import packed_in
from portfolio.assessment.models import (
    CriterionTotal,
    Judgement,
    Progress,
    Submission,
    UnitDecision,
    UnitMatrix,
    UnitProgress,
)
from portfolio.assessment.rules import UnitDecisionKind, on_track_until
from portfolio.criteria.models import Criterion
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import EnrolmentState
from portfolio.evidence.models import EvidenceVersion
from portfolio.mapping.coverage import GAP, LETTERS, Standing, State, tally_in
from portfolio.mapping.models import Claim
from portfolio.mapping.queries import CLAIMED, PRESENT, stands
from portfolio.mapping.rules import Outcome

ENROLMENTS = bindparam("enrolments", type_=Integer, expanding=True)

VERSION, NEWER = aliased(EvidenceVersion), aliased(EvidenceVersion)
NEWEST = aliased(Judgement)
IS_LIVE = and_(
    Claim.submission_id.is_not(None),
    VERSION.frozen_at.is_not(None),
    VERSION.withdrawn_at.is_(None),
    ~exists().where(
        NEWER.evidence_id == VERSION.evidence_id,
        NEWER.no > VERSION.no,
        NEWER.frozen_at.is_not(None),
        NEWER.withdrawn_at.is_(None),
    ),
)
"""The claim was handed in, not withdrawn, and is on its item's current version."""

MET, DECIDED = 2, 1
RANK = case(
    {Outcome.MET: MET, Outcome.NOT_YET_MET: DECIDED, Outcome.INSUFFICIENT: DECIDED}, value=NEWEST.outcome, else_=0
)
STATES = {MET: State.MET, DECIDED: State.MORE, 0: State.CLAIMED}
LETTER = {
    (rank, is_single): LETTERS[Standing(state, is_single and rank != DECIDED)]
    for rank, state in STATES.items()
    for is_single in (False, True)
}
"""By the rank, and whether what carries it is a single item."""
GAP_LETTER = LETTERS[GAP]


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
class Counted:
    """Some learners, by enrolment, and their units and what is claimed in those, by enrolment unit."""

    learners: dict[int, Count]
    units: dict[int, UnitCount]
    matrices: dict[int, MatrixCount]


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


@cache
def _live() -> AnySelect:
    """What is claimed, by unit and present criterion: the best that was decided, how many items carry it, and when."""
    newest = (
        select(func.max(Judgement.no))
        .where(Judgement.claim_id == Claim.id, Judgement.effective_at.is_not(None))
        .correlate(Claim)
        .scalar_subquery()
    )
    item_met = case((RANK == MET, VERSION.evidence_id))
    later = case((NEWEST.effective_at > Submission.submitted_at, NEWEST.effective_at), else_=Submission.submitted_at)
    return (
        select(
            EnrolmentUnit.id,
            PRESENT.id,
            func.max(RANK),
            func.count(item_met.distinct()),
            func.count(VERSION.evidence_id.distinct()),
            func.max(later),
        )
        .select_from(Claim)
        .join(EnrolmentUnit, EnrolmentUnit.id == Claim.enrolment_unit_id)
        .join(VERSION, VERSION.id == Claim.evidence_version_id)
        .join(Submission, Submission.id == Claim.submission_id)
        .join(CLAIMED, CLAIMED.id == Claim.criterion_id)
        .join(PRESENT, stands())
        .outerjoin(NEWEST, and_(NEWEST.claim_id == Claim.id, NEWEST.no == newest))
        .where(EnrolmentUnit.enrolment_id.in_(ENROLMENTS), IS_LIVE)
        .group_by(EnrolmentUnit.id, PRESENT.id)
    )


def counted_in(session: Session, enrolment_ids: Collection[int]) -> Counted:
    """What the record says of some learners. Four statements."""
    ids = list(enrolment_ids)
    chosen = read(session, _chosen(), enrolments=ids).all()
    criteria = criteria_of(session, {row.unit_version_id for row in chosen if row.unit_id is not None})
    letters: dict[int, dict[int, str]] = defaultdict(dict)
    last: dict[int, datetime] = {}
    for unit_id, criterion_id, rank, met, items, moved_at in read(session, _live(), enrolments=ids).tuples():
        letters[unit_id][criterion_id] = LETTER[rank, (met if rank == MET else items) == 1]
        last[unit_id] = max(last.get(unit_id, moved_at), moved_at)
    units: dict[int, UnitCount] = {}
    learners: dict[int, Count] = {}
    for _enrolment_id, group in groupby(chosen, itemgetter(0)):
        rows = list(group)
        theirs = [
            UnitCount(
                row.unit_id,
                row.id,
                row.unit_version_id,
                "".join([letters[row.unit_id].get(one, GAP_LETTER) for one in criteria[row.unit_version_id]]),
                bool(row.is_signed_off),
            )
            for row in rows
            if row.unit_id is not None
        ]
        units |= {unit.enrolment_unit_id: unit for unit in theirs}
        learners[rows[0].id] = _learner(rows[0], theirs, last)
    packed = packed_in(session, ids, {unit_id: criteria[unit.unit_version_id] for unit_id, unit in units.items()})
    matrices = {unit_id: MatrixCount(unit_id, units[unit_id].enrolment_id, one.text) for unit_id, one in packed.items()}
    return Counted(learners, units, matrices)


def _learner(row: Any, units: Sequence[UnitCount], last: Mapping[int, datetime]) -> Count:
    letters = "".join([unit.letters for unit in units])
    tally = tally_in(letters)
    moments = [last[unit.enrolment_unit_id] for unit in units if unit.enrolment_unit_id in last]
    progressed_on = max(moments).date() if moments else None
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


def kept_in(session: Session, enrolment_ids: Collection[int]) -> Counted:
    """What is kept of some learners. Three statements."""
    ids = list(enrolment_ids)
    learners = {row[0]: Count(*row) for row in read(session, _kept_learners(), enrolments=ids).tuples()}
    units = {row[0]: UnitCount(*row) for row in read(session, _kept_units(), enrolments=ids).tuples()}
    matrices = {row[0]: MatrixCount(*row) for row in read(session, _kept_matrices(), enrolments=ids).tuples()}
    return Counted(learners, units, matrices)


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
    sums: dict[Place, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for unit in counted.units.values():
        learner = counted.learners.get(unit.enrolment_id)
        if learner is None or not learner.counts:
            continue
        at = learner.centre_id, learner.cohort_id or 0, learner.qualification_version_id, unit.unit_version_id
        for criterion_id, letter in zip(criteria[unit.unit_version_id], unit.letters, strict=True):
            added = sums[*at, criterion_id]
            for number, figure in enumerate(ADDED[letter]):
                added[number] += figure
    return {place: (a, b, c, d, e) for place, (a, b, c, d, e) in sums.items()}


ADDED: Mapping[str, Sequence[int]] = {
    "M": (1, 1, 0, 0, 0),
    "m": (1, 1, 0, 0, 1),
    "N": (1, 0, 1, 0, 0),
    "C": (1, 0, 0, 1, 0),
    "c": (1, 0, 0, 1, 1),
    "G": (1, 0, 0, 0, 0),
}
"""What a criterion with this letter adds to its totals."""
