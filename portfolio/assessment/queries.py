"""How far a portfolio has come: claims with what was decided on them, gathered set-wise, judged by `mapping.coverage`.

Nothing here decides a criterion's state, and nothing reads a review that was not released. After a unit was moved to
newer criteria, a claim counts where the present wording is that of the criterion it was made for, and nowhere else.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, ScalarSelect, Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from portfolio.accounts.models import Person
from portfolio.assessment.models import Judgement
from portfolio.criteria import queries as criteria
from portfolio.criteria.models import Criterion, UnitVersion
from portfolio.criteria.queries import CriterionRow
from portfolio.criteria.rules import Method, OutcomeKind, Status
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import EnrolmentUnit
from portfolio.evidence.breach_queries import IS_HIDDEN, shown_title, unless_hidden
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.evidence.rules import BY_ASSESSOR
from portfolio.kept import Kept
from portfolio.mapping.coverage import GAP, Claimed, Judged, Standing, Tally, standing_of, tally_of
from portfolio.mapping.models import Claim
from portfolio.mapping.queries import CLAIMED, PRESENT, stands
from portfolio.mapping.rules import Outcome

ENROLMENTS = bindparam("enrolments", type_=Integer, expanding=True)
CriterionKey = tuple[int, int]
"""(enrolment unit id, criterion id): one cell of one learner's coverage."""


@dataclass(slots=True)
class ClaimRow:
    """A live claim: handed in, on its item's current version. `decision` is the newest effective judgement's outcome.

    `criterion_id` is the present criterion that it counts for. While its item is hidden, its words are left out.
    """

    claim_id: int
    enrolment_unit_id: int
    criterion_id: int
    evidence_id: int
    ref: str
    title: str
    method: Method
    author: str
    annotation: str
    place: str
    claimed: Claimed
    decision: Outcome | None
    decided_by: str
    decided_at: datetime | None
    is_hidden: bool

    @property
    def recorded_by(self) -> str:
        """The assessor who made the item as a record of the learner; empty for the learner's own work."""
        return self.author if self.method in BY_ASSESSOR else ""

    @property
    def judged(self) -> tuple[Judged, ...]:
        """What was decided on it, in order."""
        return self.claimed.judged

    @property
    def awaits_countersignature(self) -> bool:
        """Whether a trainee has decided and nobody has countersigned yet."""
        return bool(self.judged) and not max(self.judged, key=lambda j: j.no).is_effective


def current_no() -> ScalarSelect[int]:
    """The number of an item's current version, the newest that was handed in and not withdrawn; beside any version."""
    other = aliased(EvidenceVersion)
    return (
        select(func.max(other.no))
        .where(
            other.evidence_id == EvidenceVersion.evidence_id,
            other.frozen_at.is_not(None),
            other.withdrawn_at.is_(None),
        )
        .correlate(EvidenceVersion)
        .scalar_subquery()
    )


@dataclass(frozen=True, slots=True)
class SetAside:
    """A live claim that counts for nothing: the learner's unit has its criterion in other words now, or not at all.

    `code` and `text` are as it was claimed.
    """

    unit_code: str
    code: str
    text: str
    claim: ClaimRow


def _claims(*, counting: bool) -> Select[Any]:
    """Live claims with their judgements: those that count, each for its PRESENT criterion, or those that do not."""
    criterion_id = PRESENT.id if counting else CLAIMED.id
    assessor, author = aliased(Person), aliased(Person)
    return (
        select(
            Claim.id, Claim.enrolment_unit_id, criterion_id.label("criterion_id"), unless_hidden(Claim.annotation),
            unless_hidden(Claim.place), Evidence.id.label("evidence_id"), Evidence.ref, shown_title(),
            Evidence.method, IS_HIDDEN,
            author.name.label("author"), assessor.name.label("assessor"),
            Judgement.no, Judgement.outcome, Judgement.effective_at,
        )
        .join(EvidenceVersion, EvidenceVersion.id == Claim.evidence_version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .join(author, author.id == Evidence.author_id)
        .join(EnrolmentUnit, EnrolmentUnit.id == Claim.enrolment_unit_id)
        .join(CLAIMED, CLAIMED.id == Claim.criterion_id)
        .join(PRESENT, stands(), isouter=not counting)
        .outerjoin(Judgement, Judgement.claim_id == Claim.id)
        .outerjoin(assessor, assessor.id == Judgement.assessor_id)
        .where(
            Evidence.enrolment_id.in_(ENROLMENTS),
            Claim.submission_id.is_not(None),
            EvidenceVersion.no == current_no(),
        )
    )  # fmt: skip


@cache
def _live_claims(*, has_unit: bool) -> AnySelect:
    query = _claims(counting=True).order_by(Evidence.id, Claim.id, Judgement.no)
    if has_unit:
        query = query.where(EnrolmentUnit.unit_code == bindparam("unit_code"))
    return query


def live_claims(session: Session, enrolment_ids: Collection[int], *, unit_code: str | None = None) -> list[ClaimRow]:
    """Every live claim of these enrolments, in the order of items; of one unit only, if it is named. One statement."""
    statement = _live_claims(has_unit=unit_code is not None)
    named = {} if unit_code is None else {"unit_code": unit_code}
    found: dict[int, list[Any]] = {}
    for row in read(session, statement, enrolments=list(enrolment_ids), **named):
        found.setdefault(row.id, []).append(row)
    return [_claim_row(rows) for rows in found.values()]


@cache
def _set_aside() -> AnySelect:
    query = _claims(counting=False).add_columns(EnrolmentUnit.unit_code, CLAIMED.code, CLAIMED.text)
    query = query.where(PRESENT.id.is_(None))
    return query.order_by(EnrolmentUnit.position, CLAIMED.position, Claim.id, Judgement.no)


def claims_set_aside(session: Session, enrolment_id: int) -> list[SetAside]:
    """The live claims of an enrolment that no longer count, in the order of units and criteria. One statement."""
    found: dict[int, list[Any]] = {}
    for row in read(session, _set_aside(), enrolments=[enrolment_id]):
        found.setdefault(row.id, []).append(row)
    return [SetAside(rows[0].unit_code, rows[0].code, rows[0].text, _claim_row(rows)) for rows in found.values()]


def _claim_row(rows: Sequence[Any]) -> ClaimRow:
    """One claim from its rows, one for each judgement in order (or a single one without)."""
    first = rows[0]
    effective = [row for row in rows if row.effective_at is not None]
    judged = [Judged(row.no, row.outcome, row.effective_at is not None) for row in rows if row.no is not None]
    claimed = Claimed(first.evidence_id, is_live=True, judged=tuple(judged))
    return ClaimRow(
        claim_id=first.id,
        enrolment_unit_id=first.enrolment_unit_id,
        criterion_id=first.criterion_id,
        evidence_id=first.evidence_id,
        ref=first.ref,
        title=first.title,
        method=first.method,
        author=first.author,
        annotation=first.annotation,
        place=first.place,
        claimed=claimed,
        decision=claimed.decided,
        decided_by=effective[-1].assessor if effective else "",
        decided_at=effective[-1].effective_at if effective else None,
        is_hidden=first.is_hidden,
    )


def standings(claims: Sequence[ClaimRow]) -> dict[CriterionKey, Standing]:
    """The standing of every criterion that has a live claim; any other is a gap."""
    by_cell: dict[CriterionKey, list[Claimed]] = {}
    for claim in claims:
        by_cell.setdefault((claim.enrolment_unit_id, claim.criterion_id), []).append(claim.claimed)
    return {cell: standing_of(found) for cell, found in by_cell.items()}


@dataclass(slots=True)
class CriterionCoverage:
    """A criterion, its standing, and the live claims on it."""

    criterion: CriterionRow
    standing: Standing
    claims: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True)
class OutcomeCoverage:
    """A learning outcome and the coverage of its criteria."""

    code: str
    title: str
    kind: OutcomeKind
    criteria: tuple[CriterionCoverage, ...]


@dataclass(frozen=True, slots=True)
class UnitCoverage:
    """A chosen unit of one learner, outcome by outcome; without any while it is known in outline only."""

    enrolment_unit_id: int
    unit_version_id: int
    group_code: str
    code: str
    code_note: str
    title: str
    level: int | None
    credit: int | None
    status: Status
    outcomes: tuple[OutcomeCoverage, ...]
    criteria: tuple[CriterionCoverage, ...]
    """Those of all outcomes, in order."""
    tally: Tally
    """How many criteria stand in each state."""

    @property
    def is_outline(self) -> bool:
        """Whether there are no criteria yet."""
        return not self.outcomes

    @property
    def ruler(self) -> list[list[str]]:
        """The states as the ruler draws them: one list for each outcome."""
        return [[c.standing.state.value for c in outcome.criteria] for outcome in self.outcomes]


UNIT_COLUMNS: tuple[Any, ...] = (
    UnitVersion.id.label("unit_version_id"),
    UnitVersion.uid,
    UnitVersion.content_sha,
    UnitVersion.code,
    UnitVersion.code_note,
    UnitVersion.title,
    UnitVersion.level,
    UnitVersion.credit,
    UnitVersion.status,
)
"""What is told of a unit beside its criteria."""


@cache
def _chosen_units(*, is_one: bool) -> AnySelect:
    query = (
        select(
            EnrolmentUnit.id,
            EnrolmentUnit.group_code,
            *UNIT_COLUMNS,
        )
        .join(UnitVersion, UnitVersion.id == EnrolmentUnit.unit_version_id)
        .where(EnrolmentUnit.enrolment_id == bindparam("enrolment_id", type_=Integer))
        .order_by(EnrolmentUnit.position)
    )
    return query.where(EnrolmentUnit.id == bindparam("unit_id", type_=Integer)) if is_one else query


def coverage_of(session: Session, enrolment_id: int, *, enrolment_unit_id: int | None = None) -> list[UnitCoverage]:
    """Every chosen unit of an enrolment (or the one that is named) with the standing of each criterion.

    Three statements at most, however many units there are.
    """
    statement = _chosen_units(is_one=enrolment_unit_id is not None)
    named = {} if enrolment_unit_id is None else {"unit_id": enrolment_unit_id}
    chosen = read(session, statement, enrolment_id=enrolment_id, **named).all()
    claims = live_claims(session, [enrolment_id])
    found = standings(claims)
    by_cell: dict[CriterionKey, list[ClaimRow]] = {}
    for claim in claims:
        by_cell.setdefault((claim.enrolment_unit_id, claim.criterion_id), []).append(claim)
    written = _written(session, chosen)
    return [_unit_coverage(row, written[row.unit_version_id], found, by_cell) for row in chosen]


_WRITTEN = Kept[tuple[str, str], list[CriterionRow]](200)
"""The criteria of unit versions by what identifies their content, which never changes."""


def _written(session: Session, chosen: Sequence[Any]) -> dict[int, list[CriterionRow]]:
    """The criteria of each unit version, read where they are not kept yet. One statement, and none for none."""
    keys = {row.unit_version_id: (row.uid, row.content_sha) for row in chosen}
    kept = {id_: _WRITTEN.get(key) for id_, key in keys.items()}
    found = {id_: rows for id_, rows in kept.items() if rows is not None}
    if len(found) == len(keys):
        return found
    for id_, rows in criteria.criteria_of_units(session, keys.keys() - found.keys()).items():
        _WRITTEN.keep(keys[id_], rows)
        found[id_] = rows
    return found


def _unit_coverage(
    chosen: Any,
    written: Sequence[CriterionRow],
    found: Mapping[CriterionKey, Standing],
    by_cell: Mapping[CriterionKey, Sequence[ClaimRow]],
) -> UnitCoverage:
    cells = [(row, (chosen.id, row.id)) for row in written]
    criteria = [CriterionCoverage(row, found.get(cell, GAP), tuple(by_cell.get(cell, ()))) for row, cell in cells]
    outcomes: dict[int, list[CriterionCoverage]] = {}
    for covered in criteria:
        outcomes.setdefault(covered.criterion.outcome_id, []).append(covered)
    return UnitCoverage(
        enrolment_unit_id=chosen.id,
        unit_version_id=chosen.unit_version_id,
        group_code=chosen.group_code,
        code=chosen.code,
        code_note=chosen.code_note,
        title=chosen.title,
        level=chosen.level,
        credit=chosen.credit,
        status=chosen.status,
        outcomes=tuple(
            OutcomeCoverage(
                rows[0].criterion.outcome_code,
                rows[0].criterion.outcome_title,
                rows[0].criterion.outcome_kind,
                tuple(rows),
            )
            for rows in outcomes.values()
        ),
        criteria=tuple(criteria),
        tally=tally_of([one.standing for one in criteria]),
    )


def tallies(session: Session, enrolment_ids: Sequence[int]) -> dict[int, Tally]:
    """For each enrolment how many of its criteria stand in each state. A fixed number of statements."""
    counted = session.execute(
        select(EnrolmentUnit.enrolment_id, func.count().label("criteria"))
        .join(Criterion, Criterion.unit_version_id == EnrolmentUnit.unit_version_id)
        .where(EnrolmentUnit.enrolment_id.in_(enrolment_ids))
        .group_by(EnrolmentUnit.enrolment_id)
    )
    totals = {row.enrolment_id: row.criteria for row in counted}
    units = session.execute(
        select(EnrolmentUnit.id, EnrolmentUnit.enrolment_id).where(EnrolmentUnit.enrolment_id.in_(enrolment_ids))
    )
    owner = {row.id: row.enrolment_id for row in units}
    found: dict[int, list[Standing]] = {id_: [] for id_ in enrolment_ids}
    for (unit_id, _criterion_id), standing in standings(live_claims(session, enrolment_ids)).items():
        found[owner[unit_id]].append(standing)
    return {id_: tally_of([*rows, *[GAP] * (totals.get(id_, 0) - len(rows))]) for id_, rows in found.items()}
