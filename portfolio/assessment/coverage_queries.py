"""The coverage audit: learners x criteria of one unit, with sums over all learners that the filters let through.

Cells, sums and the filter by state are `mapping.coverage.standing_of` as SQL, so that no claim is read for itself; a
test proves them equal. `within` is the enrolments that the actor may see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, String, and_, bindparam, case, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.assessment.models import Judgement
from portfolio.criteria.models import Criterion, Outcome, UnitVersion
from portfolio.criteria.rules import Status
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Allocation, Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import Duty, EnrolmentState
from portfolio.evidence.models import EvidenceVersion
from portfolio.mapping import rules as mapping
from portfolio.mapping.coverage import State, Tally
from portfolio.mapping.models import Claim
from portfolio.mapping.queries import CLAIMED, PRESENT, stands

STATEMENTS_KEPT = 500


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit that some learner takes."""

    code: str
    title: str
    status: Status


@dataclass(frozen=True, slots=True)
class Filters:
    """What to show: one unit; of one assessor's learners, or with a criterion in this state, or by name, if given."""

    unit_code: str
    assessor_id: int | None = None
    state: State | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A criterion, by its code; learners on another version of the unit share the column of the same code."""

    code: str
    text: str
    outcome_code: str
    outcome_title: str
    opens_outcome: bool


@dataclass(frozen=True, slots=True)
class LearnerRow:
    """One learner; `cells` in the order of the columns, None where the learner's version has no such criterion."""

    enrolment_id: int
    enrolment_unit_id: int
    learner: str
    assessors: Sequence[str]
    cells: Sequence[State | None]

    @property
    def tally(self) -> Tally:
        """How many of the learner's criteria stand in each state."""
        count = self.cells.count
        return Tally(count(State.MET), count(State.MORE), count(State.CLAIMED), count(State.GAP))


@dataclass(frozen=True, slots=True)
class Audit:
    """A page of learners, and the sums over all pages."""

    columns: tuple[Column, ...]
    rows: tuple[LearnerRow, ...]
    learners: int
    tally: Tally
    has_previous: bool
    has_next: bool


VERSION, NEWER = aliased(EvidenceVersion), aliased(EvidenceVersion)
IS_LIVE = and_(
    Claim.submission_id.is_not(None),
    exists().where(
        VERSION.id == Claim.evidence_version_id,
        VERSION.frozen_at.is_not(None),
        VERSION.withdrawn_at.is_(None),
        ~exists().where(
            NEWER.evidence_id == VERSION.evidence_id,
            NEWER.no > VERSION.no,
            NEWER.frozen_at.is_not(None),
            NEWER.withdrawn_at.is_(None),
        ),
    ),
)
"""The claim was handed in, not withdrawn, and is on its item's current version."""

DECIDED = (
    select(Judgement.outcome)
    .where(Judgement.claim_id == Claim.id, Judgement.effective_at.is_not(None))
    .order_by(Judgement.no.desc())
    .limit(1)
    .correlate(Claim)
    .scalar_subquery()
)
"""The newest effective judgement's outcome."""

RANKS = {0: State.CLAIMED, 1: State.MORE, 2: State.MET}
RANK = func.max(
    case(
        {mapping.Outcome.MET: 2, mapping.Outcome.NOT_YET_MET: 1, mapping.Outcome.INSUFFICIENT: 1},
        value=DECIDED,
        else_=0,
    )
)
"""`mapping.coverage.standing_of` as SQL, over the live claims on one criterion of one learner: a key of RANKS."""

TODAY = bindparam("today", type_=Date)
UNITS = bindparam("units", type_=Integer, expanding=True)


def _seen(within: AnySelect) -> AnySelect:
    return (
        within.join(EnrolmentUnit, EnrolmentUnit.enrolment_id == Enrolment.id)
        .join(Person, Person.id == Enrolment.learner_id)
        .where(Enrolment.state != EnrolmentState.WITHDRAWN)
    )


def _only(query: AnySelect, *columns: Any) -> AnySelect:
    return query.with_only_columns(*columns, maintain_column_froms=True)


@lru_cache(maxsize=STATEMENTS_KEPT)
def _units(within: AnySelect) -> AnySelect:
    taken = _seen(within).join(UnitVersion, UnitVersion.id == EnrolmentUnit.unit_version_id)
    newest = _only(taken.where(UnitVersion.is_outline.is_(False)), func.max(UnitVersion.id)).group_by(UnitVersion.code)
    return (
        select(UnitVersion.code, UnitVersion.title, UnitVersion.status)
        .where(UnitVersion.id.in_(newest))
        .order_by(UnitVersion.title, UnitVersion.code)
    )


def units_in(session: Session, within: AnySelect) -> list[UnitChoice]:
    """The units that these learners take and that have criteria, each in its newest version, by title."""
    return [UnitChoice(*row) for row in read(session, _units(within))]


@lru_cache(maxsize=STATEMENTS_KEPT)
def _assessors(within: AnySelect) -> AnySelect:
    theirs = select(Allocation.person_id).where(
        _assesses_today(), Allocation.enrolment_id.in_(_only(_seen(within), Enrolment.id))
    )
    return select(Person.id, Person.name).where(Person.id.in_(theirs)).order_by(func.lower(Person.name), Person.id)


def assessors_in(session: Session, within: AnySelect) -> list[tuple[int, str]]:
    """(id, name) of everybody who assesses one of these learners today, by name."""
    return [(id_, name) for id_, name in read(session, _assessors(within), today=clock.today())]


def _assesses_today() -> ColumnElement[bool]:
    return and_(
        Allocation.duty == Duty.ASSESS,
        Allocation.since <= TODAY,
        or_(Allocation.until.is_(None), Allocation.until > TODAY),
    )


@dataclass(frozen=True, slots=True)
class Shape:
    """What a statement asks about, whatever the values are."""

    has_assessor: bool
    state: State | None
    has_name: bool


def audit(
    session: Session,
    within: AnySelect,
    filters: Filters,
    *,
    limit: int,
    after: int | None = None,
    before: int | None = None,
) -> Audit:
    """A page of learners by name: those behind the enrolment `after`, or those in front of the enrolment `before`."""
    shape = Shape(filters.assessor_id is not None, filters.state, bool(filters.name))
    asked = {
        "unit_code": filters.unit_code,
        "assessor_id": filters.assessor_id,
        "name": filters.name.replace("/", "//").replace("%", "/%").replace("_", "/_"),
        "today": clock.today(),
    }
    edge, is_backwards = (before, before is not None) if after is None else (after, False)
    page = _page(within, shape, has_edge=edge is not None, is_backwards=is_backwards)
    found = read(session, page, **asked, edge=edge, most=limit + 1).all()
    has_more, found = len(found) > limit, found[:limit]
    takers: dict[int, int] = dict(read(session, _versions(within, shape), **asked).all())
    columns, places = _columns(session, list(takers))
    return Audit(
        columns=columns,
        rows=_rows(session, found[::-1] if is_backwards else found, len(columns), places),
        learners=sum(takers.values()),
        tally=_sums(
            read(session, _counts(within, shape), **asked),
            sum(learners * len(places[version]) for version, learners in takers.items()),
        ),
        has_previous=has_more if is_backwards else after is not None,
        has_next=is_backwards or has_more,
    )


def _rows(
    session: Session, found: Sequence[Any], width: int, places: Mapping[int, Mapping[int, int]]
) -> tuple[LearnerRow, ...]:
    """Each learner's cells; `places` is the column of each criterion, by version of the unit."""
    begun: dict[int, list[State | None]] = {}
    for version, columns in places.items():
        begun[version] = [None] * width
        for column in columns.values():
            begun[version][column] = State.GAP
    cells = {row.unit_id: (begun[row.unit_version_id].copy(), places[row.unit_version_id]) for row in found}
    for unit_id, criterion_id, rank in read(session, _cells(), units=list(cells)):
        states, columns = cells[unit_id]
        states[columns[criterion_id]] = RANKS[rank]
    assessors: dict[int, dict[str, None]] = {row.id: {} for row in found}
    for enrolment_id, name in read(session, _assessors_of(), enrolments=list(assessors), today=clock.today()):
        assessors[enrolment_id][name] = None
    return tuple(
        LearnerRow(row.id, row.unit_id, row.name, tuple(assessors[row.id]), cells[row.unit_id][0]) for row in found
    )


@lru_cache(maxsize=STATEMENTS_KEPT)
def _chosen(within: AnySelect, shape: Shape) -> AnySelect:
    query = _seen(within).where(EnrolmentUnit.unit_code == bindparam("unit_code", type_=String))
    if shape.has_name:
        query = query.where(Person.name.icontains(bindparam("name", type_=String), escape="/"))
    if shape.has_assessor:
        theirs = select(Allocation.enrolment_id).where(
            Allocation.person_id == bindparam("assessor_id", type_=Integer), _assesses_today()
        )
        query = query.where(Enrolment.id.in_(theirs))
    if shape.state is State.GAP:
        criteria = select(func.count()).where(Criterion.unit_version_id == EnrolmentUnit.unit_version_id)
        covered = _live(func.count(PRESENT.id.distinct())).where(Claim.enrolment_unit_id == EnrolmentUnit.id)
        query = query.where(
            criteria.correlate(EnrolmentUnit).scalar_subquery() > covered.correlate(EnrolmentUnit).scalar_subquery()
        )
    elif shape.state is not None:
        wanted = next(rank for rank, state in RANKS.items() if state is shape.state)
        cell = (
            _live(PRESENT.id)
            .where(Claim.enrolment_unit_id == EnrolmentUnit.id)
            .group_by(PRESENT.id)
            .having(RANK.in_([wanted]))
        )
        query = query.where(cell.correlate(EnrolmentUnit).exists())
    return query


def _live(*columns: Any) -> AnySelect:
    """These columns over the live claims of an enrolment unit, each beside the present criterion it counts for."""
    return (
        select(*columns)
        .select_from(Claim)
        .join(CLAIMED, CLAIMED.id == Claim.criterion_id)
        .join(PRESENT, PRESENT.code == CLAIMED.code)
        .where(IS_LIVE, stands())
    )


@lru_cache(maxsize=STATEMENTS_KEPT)
def _page(within: AnySelect, shape: Shape, *, has_edge: bool, is_backwards: bool) -> AnySelect:
    chosen, name = _chosen(within, shape), func.lower(Person.name)
    query = chosen
    if has_edge:
        edge = bindparam("edge", type_=Integer)
        at = tuple_(_only(chosen.where(Enrolment.id == edge), name).scalar_subquery(), edge)
        place = tuple_(name, Enrolment.id)
        query = chosen.where(place < at if is_backwards else place > at)
    order = [name.desc(), Enrolment.id.desc()] if is_backwards else [name.asc(), Enrolment.id.asc()]
    columns = Enrolment.id, EnrolmentUnit.id.label("unit_id"), EnrolmentUnit.unit_version_id, Person.name
    return _only(query, *columns).order_by(*order).limit(bindparam("most", type_=Integer))


@lru_cache(maxsize=STATEMENTS_KEPT)
def _versions(within: AnySelect, shape: Shape) -> AnySelect:
    """Which versions of the unit the learners take, and how many take each."""
    taken = _only(_chosen(within, shape), EnrolmentUnit.unit_version_id, func.count())
    return taken.group_by(EnrolmentUnit.unit_version_id)


@cache
def _criteria() -> AnySelect:
    return (
        select(
            Criterion.id, Criterion.unit_version_id, Criterion.code, Criterion.text,
            Outcome.code.label("outcome_code"), Outcome.title,
        )
        .join(Outcome, Outcome.id == Criterion.outcome_id)
        .where(Criterion.unit_version_id.in_(bindparam("versions", type_=Integer, expanding=True)))
        .order_by(Criterion.unit_version_id.desc(), Criterion.position)
    )  # fmt: skip


def _columns(session: Session, versions: Sequence[int]) -> tuple[tuple[Column, ...], dict[int, dict[int, int]]]:
    """The criteria of the newest version first, then what only older ones have; and by version each one's column."""
    places: dict[int, dict[int, int]] = {version: {} for version in versions}
    columns: dict[str, Column] = {}
    numbers: dict[str, int] = {}
    outcome = ""
    for row in read(session, _criteria(), versions=versions):
        if row.code not in columns:
            columns[row.code] = Column(row.code, row.text, row.outcome_code, row.title, row.outcome_code != outcome)
            numbers[row.code] = len(numbers)
            outcome = row.outcome_code
        places[row.unit_version_id][row.id] = numbers[row.code]
    return tuple(columns.values()), places


@lru_cache(maxsize=STATEMENTS_KEPT)
def _counts(within: AnySelect, shape: Shape) -> AnySelect:
    """How many cells have each rank; those that have none are gaps."""
    cells = (
        _live(RANK.label("rank"))
        .join(EnrolmentUnit, EnrolmentUnit.id == Claim.enrolment_unit_id)
        .where(EnrolmentUnit.id.in_(_only(_chosen(within, shape), EnrolmentUnit.id)))
        .group_by(EnrolmentUnit.id, PRESENT.id)
        .subquery()
    )
    return select(cells.c.rank, func.count()).group_by(cells.c.rank)


def _sums(counted: Any, total: int) -> Tally:
    counts = {RANKS[rank]: cells for rank, cells in counted}
    met, more, claimed = (counts.get(state, 0) for state in (State.MET, State.MORE, State.CLAIMED))
    return Tally(met=met, needs_more=more, claimed=claimed, gap=total - met - more - claimed)


@cache
def _cells() -> AnySelect:
    """The cells of some learners that are no gaps."""
    return (
        _live(EnrolmentUnit.id, PRESENT.id.label("criterion_id"), RANK.label("rank"))
        .join(EnrolmentUnit, EnrolmentUnit.id == Claim.enrolment_unit_id)
        .where(EnrolmentUnit.id.in_(UNITS))
        .group_by(EnrolmentUnit.id, PRESENT.id)
    )


@cache
def _assessors_of() -> AnySelect:
    return (
        select(Allocation.enrolment_id, Person.name)
        .join(Person, Person.id == Allocation.person_id)
        .where(Allocation.enrolment_id.in_(bindparam("enrolments", type_=Integer, expanding=True)), _assesses_today())
        .order_by(Allocation.id)
    )
