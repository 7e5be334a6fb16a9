"""The coverage audit: learners x criteria of one unit, with sums over all learners that the filters let through.

A page's cells are judged by the one pure function. The sums and the filter by state use the same rule as SQL, so that
they need no row of each learner; a test proves the two equal. `within` is the enrolments that the actor may see.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.assessment.models import Judgement
from portfolio.assessment.queries import live_claims, standings
from portfolio.criteria.models import Criterion, Outcome, UnitVersion
from portfolio.criteria.rules import Status
from portfolio.enrolment.models import Allocation, Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import Duty, EnrolmentState
from portfolio.evidence.models import EvidenceVersion
from portfolio.mapping import rules as mapping
from portfolio.mapping.coverage import GAP, Standing, State, Tally, tally_of
from portfolio.mapping.models import Claim
from portfolio.mapping.queries import CLAIMED, PRESENT, stands


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
    assessors: tuple[str, ...]
    cells: tuple[Standing | None, ...]

    @property
    def tally(self) -> Tally:
        """How many of the learner's criteria stand in each state."""
        return tally_of([cell for cell in self.cells if cell is not None])


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

STATE = case(
    (func.max(case((DECIDED == mapping.Outcome.MET, 1), else_=0)) == 1, State.MET.value),
    (func.max(case((DECIDED.is_not(None), 1), else_=0)) == 1, State.MORE.value),
    else_=State.CLAIMED.value,
)
"""`mapping.coverage.standing_of` as SQL, over the live claims on one criterion of one learner."""


def _seen(within: Select[Any]) -> Select[Any]:
    return (
        within.join(EnrolmentUnit, EnrolmentUnit.enrolment_id == Enrolment.id)
        .join(Person, Person.id == Enrolment.learner_id)
        .where(Enrolment.state != EnrolmentState.WITHDRAWN)
    )


def _only(query: Select[Any], *columns: Any) -> Select[Any]:
    return query.with_only_columns(*columns, maintain_column_froms=True)


def units_in(session: Session, within: Select[Any]) -> list[UnitChoice]:
    """The units that these learners take and that have criteria, each in its newest version, by title."""
    taken = _seen(within).join(UnitVersion, UnitVersion.id == EnrolmentUnit.unit_version_id)
    newest = _only(taken.where(UnitVersion.is_outline.is_(False)), func.max(UnitVersion.id)).group_by(UnitVersion.code)
    rows = session.execute(
        select(UnitVersion.code, UnitVersion.title, UnitVersion.status)
        .where(UnitVersion.id.in_(newest))
        .order_by(UnitVersion.title, UnitVersion.code)
    )
    return [UnitChoice(*row) for row in rows]


def assessors_in(session: Session, within: Select[Any]) -> list[tuple[int, str]]:
    """(id, name) of everybody who assesses one of these learners today, by name."""
    learners = _only(_seen(within), Enrolment.id)
    rows = session.execute(
        select(Person.id, Person.name)
        .where(
            Person.id.in_(select(Allocation.person_id).where(_assesses_today(), Allocation.enrolment_id.in_(learners)))
        )
        .order_by(func.lower(Person.name), Person.id)
    )
    return [(row.id, row.name) for row in rows]


def _assesses_today() -> ColumnElement[bool]:
    today = clock.today()
    return and_(
        Allocation.duty == Duty.ASSESS,
        Allocation.since <= today,
        or_(Allocation.until.is_(None), Allocation.until > today),
    )


def audit(
    session: Session,
    within: Select[Any],
    filters: Filters,
    *,
    limit: int,
    after: int | None = None,
    before: int | None = None,
) -> Audit:
    """A page of learners by name: those behind the enrolment `after`, or those in front of the enrolment `before`."""
    chosen = _chosen(within, filters)
    rows, has_previous, has_next = _page(session, chosen, limit, after, before)
    columns, codes = _columns(session, chosen)
    learners, tally = _sums(session, chosen)
    claims = live_claims(session, [row.id for row in rows], unit_code=filters.unit_code)
    found = standings(claims)
    assessors = _assessors(session, [row.id for row in rows])
    return Audit(
        columns=columns,
        rows=tuple(
            LearnerRow(
                enrolment_id=row.id,
                enrolment_unit_id=row.unit_id,
                learner=row.name,
                assessors=tuple(assessors.get(row.id, ())),
                cells=_cells(columns, codes.get(row.unit_version_id, {}), row.unit_id, found),
            )
            for row in rows
        ),
        learners=learners,
        tally=tally,
        has_previous=has_previous,
        has_next=has_next,
    )


def _cells(
    columns: Sequence[Column], ids: Mapping[str, int], unit_id: int, found: Mapping[tuple[int, int], Standing]
) -> tuple[Standing | None, ...]:
    return tuple(found.get((unit_id, ids[column.code]), GAP) if column.code in ids else None for column in columns)


def _chosen(within: Select[Any], filters: Filters) -> Select[Any]:
    query = _seen(within).where(EnrolmentUnit.unit_code == filters.unit_code)
    if filters.name:
        query = query.where(Person.name.icontains(filters.name, autoescape=True))
    if filters.assessor_id is not None:
        theirs = select(Allocation.enrolment_id).where(Allocation.person_id == filters.assessor_id, _assesses_today())
        query = query.where(Enrolment.id.in_(theirs))
    if filters.state is State.GAP:
        criteria = select(func.count()).where(Criterion.unit_version_id == EnrolmentUnit.unit_version_id)
        covered = _live(func.count(PRESENT.id.distinct())).where(Claim.enrolment_unit_id == EnrolmentUnit.id)
        query = query.where(
            criteria.correlate(EnrolmentUnit).scalar_subquery() > covered.correlate(EnrolmentUnit).scalar_subquery()
        )
    elif filters.state is not None:
        cell = (
            _live(PRESENT.id)
            .where(Claim.enrolment_unit_id == EnrolmentUnit.id)
            .group_by(PRESENT.id)
            .having(STATE.in_([filters.state.value]))
        )
        query = query.where(cell.correlate(EnrolmentUnit).exists())
    return query


def _live(*columns: Any) -> Select[Any]:
    """These columns over the live claims of an enrolment unit, each beside the present criterion it counts for."""
    return (
        select(*columns)
        .select_from(Claim)
        .join(CLAIMED, CLAIMED.id == Claim.criterion_id)
        .join(PRESENT, PRESENT.code == CLAIMED.code)
        .where(IS_LIVE, stands())
    )


def _page(
    session: Session, chosen: Select[Any], limit: int, after: int | None, before: int | None
) -> tuple[list[Any], bool, bool]:
    name = func.lower(Person.name)
    query, edge = chosen, after if after is not None else before
    if edge is not None:
        at = _only(chosen.where(Enrolment.id == edge), name).scalar_subquery()
        place = tuple_(name, Enrolment.id)
        query = chosen.where(place > tuple_(at, edge) if after is not None else place < tuple_(at, edge))
    is_backwards = after is None and before is not None
    order = [name.desc(), Enrolment.id.desc()] if is_backwards else [name.asc(), Enrolment.id.asc()]
    columns = Enrolment.id, EnrolmentUnit.id.label("unit_id"), EnrolmentUnit.unit_version_id, Person.name
    rows = list(session.execute(_only(query, *columns).order_by(*order).limit(limit + 1)))
    has_more, rows = len(rows) > limit, rows[:limit]
    if is_backwards:
        return rows[::-1], has_more, True
    return rows, after is not None, has_more


def _columns(session: Session, chosen: Select[Any]) -> tuple[tuple[Column, ...], dict[int, dict[str, int]]]:
    """The criteria of the newest version first, then what only older ones have; and each version's ids by code."""
    rows = session.execute(
        select(
            Criterion.id,
            Criterion.unit_version_id,
            Criterion.code,
            Criterion.text,
            Outcome.code.label("outcome_code"),
            Outcome.title,
        )
        .join(Outcome, Outcome.id == Criterion.outcome_id)
        .where(Criterion.unit_version_id.in_(_only(chosen, EnrolmentUnit.unit_version_id)))
        .order_by(Criterion.unit_version_id.desc(), Criterion.position)
    )
    ids: dict[int, dict[str, int]] = {}
    columns: dict[str, Column] = {}
    outcome = ""
    for row in rows:
        ids.setdefault(row.unit_version_id, {})[row.code] = row.id
        if row.code not in columns:
            opens = row.outcome_code != outcome
            columns[row.code] = Column(row.code, row.text, row.outcome_code, row.title, opens)
            outcome = row.outcome_code
    return tuple(columns.values()), ids


def _sums(session: Session, chosen: Select[Any]) -> tuple[int, Tally]:
    """How many learners, and how many of their criteria stand in each state. Two statements."""
    criteria = select(func.count()).where(Criterion.unit_version_id == EnrolmentUnit.unit_version_id)
    per_learner = criteria.correlate(EnrolmentUnit).scalar_subquery()
    learners, total = session.execute(_only(chosen, func.count(), func.coalesce(func.sum(per_learner), 0))).one()
    cells = (
        _live(STATE.label("state"))
        .join(EnrolmentUnit, EnrolmentUnit.id == Claim.enrolment_unit_id)
        .where(EnrolmentUnit.id.in_(_only(chosen, EnrolmentUnit.id)))
        .group_by(EnrolmentUnit.id, PRESENT.id)
        .subquery()
    )
    rows = session.execute(select(cells.c.state, func.count()).group_by(cells.c.state))
    counts = {row[0]: row[1] for row in rows}
    met, more, claimed = (counts.get(state.value, 0) for state in (State.MET, State.MORE, State.CLAIMED))
    return learners, Tally(met=met, needs_more=more, claimed=claimed, gap=total - met - more - claimed)


def _assessors(session: Session, enrolment_ids: Collection[int]) -> dict[int, list[str]]:
    rows = session.execute(
        select(Allocation.enrolment_id, Person.name)
        .join(Person, Person.id == Allocation.person_id)
        .where(Allocation.enrolment_id.in_(enrolment_ids), _assesses_today())
        .order_by(Allocation.id)
    )
    found: dict[int, list[str]] = {}
    for enrolment_id, name in rows:
        if name not in found.setdefault(enrolment_id, []):
            found[enrolment_id].append(name)
    return found
