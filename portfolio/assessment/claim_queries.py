"""What the claims of learners come to, unit by unit: where each criterion stands, and what its matrix is drawn from.

Both are gathered in one pass over the same rows. Where a criterion stands is `mapping.coverage.standing_of` over them,
and a test proves it. Which claims count is what `assessment.queries` says: those that were handed in, on their item's
current version, for the present criterion that says the same. Drafts are their author's alone, and count for nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeAlias

from sqlalchemy import CTE, ColumnElement, String, and_, case, or_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from portfolio.assessment.matrix_queries import AWAITING, CLAIMED, DRAFT, Look, Packed, PackedItem, keys_of
from portfolio.assessment.models import Judgement, Submission
from portfolio.assessment.queries import ENROLMENTS, current_no
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import EnrolmentUnit
from portfolio.evidence.breach_queries import shown_title
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.mapping.coverage import GAP, LETTERS, Standing, State
from portfolio.mapping.models import Claim
from portfolio.mapping.queries import CLAIMED as CLAIMED_FOR
from portfolio.mapping.queries import PRESENT, stands
from portfolio.mapping.rules import Outcome

NEWEST, EARLIER = aliased(Judgement), aliased(Judgement)
Cell: TypeAlias = tuple[int, int]
"""The key of an item and the number of a criterion."""

MET, UNDECIDED = Outcome.MET.value, {CLAIMED, AWAITING}
MET_LETTERS, CLAIMED_LETTERS = (
    [LETTERS[Standing(state, is_single)] for is_single in (False, True)] for state in (State.MET, State.CLAIMED)
)
"""By whether a single item carries it."""
NEEDS_MORE, UNCLAIMED = LETTERS[Standing(State.MORE)], LETTERS[GAP]


@dataclass(frozen=True, slots=True)
class Claims:
    """What is claimed in a unit: a letter for each criterion in order (`coverage.LETTERS`), what its matrix shows, as
    it is kept (`Packed.text`), and the day of the last handing in or decision that counts.
    """

    letters: str
    packed: str
    moved_on: date | None


@cache
def _versions() -> AnySelect:
    """The versions of some learners' items on which something may count: current ones, and those being written."""
    is_current = EvidenceVersion.no == current_no()
    return (
        select(
            EvidenceVersion.id, _flag(EvidenceVersion.frozen_at.is_not(None)), _flag(Evidence.trashed_at.is_(None)),
            Evidence.id, Evidence.ref, shown_title(), type_coerce(Evidence.method, String), Evidence.author_id,
            _flag(Evidence.hidden_at.is_not(None)),
        )
        .select_from(Evidence)
        .join(EvidenceVersion, EvidenceVersion.evidence_id == Evidence.id)
        .where(Evidence.enrolment_id.in_(ENROLMENTS), or_(EvidenceVersion.frozen_at.is_(None), is_current))
    )  # fmt: skip


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """A condition as the driver has it, so that no row is gone through for it."""
    return case((condition, 1), else_=0)


IS_CURRENT, IS_KEPT, ITEM, HIDDEN = 1, 2, 3, 8
"""Where in those rows stands what is asked of many."""


@cache
def _claims() -> AnySelect:
    """The claims of some learners, by unit and version, each once: for which present criterion, what is said of it last
    by whoever decided, what counts instead while that awaits its countersignature, its place, with what it was handed
    in, and when what counts was decided. What was claimed for former criteria comes after the rest.

    Their claims are found first, and the newest judgement of each by its index: PostgreSQL would begin with every
    version or judgement that was ever made, above all before it has counted anything.
    """
    found = (
        select(
            Claim.id, Claim.enrolment_unit_id, Claim.evidence_version_id, Claim.criterion_id, Claim.submission_id,
            Claim.place,
        )
        .join(EnrolmentUnit, EnrolmentUnit.id == Claim.enrolment_unit_id)
        .where(EnrolmentUnit.enrolment_id.in_(ENROLMENTS))
        .cte("found")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )  # fmt: skip
    theirs = found.c
    newest = (
        select(Judgement.id)
        .where(Judgement.claim_id == theirs.id)
        .order_by(Judgement.no.desc())
        .limit(1)
        .correlate(found)
        .scalar_subquery()
    )
    is_awaiting = and_(NEWEST.id.is_not(None), NEWEST.effective_at.is_(None))
    said = case(
        (theirs.submission_id.is_(None), DRAFT),
        (NEWEST.id.is_(None), CLAIMED),
        (is_awaiting, AWAITING),
        else_=type_coerce(NEWEST.outcome, String),
    )
    is_former = CLAIMED_FOR.unit_version_id != EnrolmentUnit.unit_version_id
    present = select(PRESENT.id).where(stands()).correlate(EnrolmentUnit, CLAIMED_FOR).scalar_subquery()
    return (
        select(
            theirs.enrolment_unit_id, theirs.evidence_version_id, case((is_former, present), else_=CLAIMED_FOR.id),
            said, type_coerce(case((is_awaiting, _earlier(found, EARLIER.outcome))), String), theirs.place,
            theirs.submission_id,
            type_coerce(case((is_awaiting, _earlier(found, EARLIER.effective_at)), else_=NEWEST.effective_at), String),
        )
        .select_from(found)
        .join(EnrolmentUnit, EnrolmentUnit.id == theirs.enrolment_unit_id)
        .join(CLAIMED_FOR, CLAIMED_FOR.id == theirs.criterion_id)
        .outerjoin(NEWEST, NEWEST.id == newest)
        .order_by(theirs.enrolment_unit_id, theirs.evidence_version_id, is_former, theirs.criterion_id)
    )  # fmt: skip


def _earlier(found: CTE, column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """A column of the judgement that counts while the newest awaits its countersignature."""
    return (
        select(column)
        .where(EARLIER.claim_id == found.c.id, EARLIER.effective_at.is_not(None))
        .order_by(EARLIER.no.desc())
        .limit(1)
        .correlate(found)
        .scalar_subquery()
    )


@cache
def _handed_in() -> AnySelect:
    return select(Submission.id, type_coerce(Submission.submitted_at, String)).where(
        Submission.enrolment_id.in_(ENROLMENTS)
    )


def claims_in(
    session: Session, enrolment_ids: Collection[int], criteria: Mapping[int, Sequence[int]]
) -> dict[int, Claims]:
    """What the record says is claimed in the units of some learners, by enrolment unit where something is; `criteria`
    are those of each unit in order. Three statements.
    """
    ids = list(enrolment_ids)
    versions = {row[0]: row for row in read(session, _versions(), enrolments=ids).tuples()}
    handed_in: dict[int, Any] = dict(read(session, _handed_in(), enrolments=ids).tuples())
    rows = read(session, _claims(), enrolments=ids).tuples()
    found = {
        unit_id: claims_of(criteria[unit_id], versions, handed_in, claims)
        for unit_id, claims in groupby(rows, itemgetter(0))
    }
    return {unit_id: one for unit_id, one in found.items() if one is not None}


def claims_of(
    criteria: Sequence[int], versions: Mapping[int, Any], handed_in: Mapping[int, Any], claims: Iterable[Any]
) -> Claims | None:
    """One unit, from its criteria, what the other statements found by its key, and the rows of `_claims`. An item that
    claims a criterion twice, in old and new words, looks as the later of both, and counts as the better.
    """
    row_of = {criterion_id: row for row, criterion_id in enumerate(criteria)}
    cells: dict[Cell, Look] = {}
    drafts: dict[Cell, Look] = {}
    met: dict[int, set[int]] = {}
    more: set[int] = set()
    items: dict[int, Any] = {}
    moments: set[Any] = set()
    is_aside = False
    for _unit_id, version_id, criterion_id, said, earlier, place, submission_id, decided_at in claims:
        version = versions.get(version_id)
        is_draft = said == DRAFT
        if version is None or not version[IS_KEPT if is_draft else IS_CURRENT]:
            continue
        if criterion_id is None:
            is_aside = is_aside or not is_draft
            continue
        item, row = version[ITEM], row_of[criterion_id]
        items.setdefault(item, version)
        look = item, said, place if not version[HIDDEN] else ""
        if is_draft:
            drafts.setdefault((item, row), look)
            continue
        cells[item, row] = look
        moments.add(handed_in[submission_id])
        moments.add(decided_at)
        outcome = earlier or said
        if outcome == MET:
            met.setdefault(row, set()).add(item)
        elif outcome not in UNDECIDED:
            more.add(row)
    if not items and not is_aside:
        return None
    claimed = Counter(map(itemgetter(1), cells))
    letters = [
        MET_LETTERS[len(met[row]) == 1]
        if row in met
        else NEEDS_MORE
        if row in more
        else CLAIMED_LETTERS[claimed[row] == 1]
        if row in claimed
        else UNCLAIMED
        for row in range(len(criteria))
    ]
    packed = _packed(letters, items, cells, drafts, is_aside=is_aside)
    return Claims("".join(letters), packed.text, _day(max(moments - {None}, default=None)))


def _day(moment: Any) -> date | None:
    """Of a moment as the driver tells it: SQLite in words, in UTC."""
    if isinstance(moment, str):
        return datetime.fromisoformat(moment).date()
    return moment.astimezone(UTC).date() if moment is not None else None


def _packed(
    letters: Sequence[str],
    items: Mapping[int, Any],
    cells: dict[Cell, Look],
    drafts: dict[Cell, Look],
    *,
    is_aside: bool,
) -> Packed:
    """From where each criterion of a unit stands, its items and looks; items are known by their keys, and numbered
    there.
    """
    in_order = sorted(items)
    if list(items) != in_order:
        cells = dict(sorted(cells.items()))
    beside = {cell: look for cell, look in drafts.items() if cell not in cells}
    looks = sorted(dict.fromkeys([*cells.values(), *beside.values()]))
    number_of = {item: number for number, item in enumerate(in_order)}
    look_of = {look: number for number, look in enumerate(looks)}
    rows: list[list[int]] = [[] for _ in letters]
    for (_item_id, row), look in cells.items():
        rows[row].append(look_of[look])
    in_draft: dict[int, list[int]] = {}
    for (_item_id, row), look in sorted(beside.items()):
        in_draft.setdefault(row, []).append(look_of[look])
    claimed = Counter(map(itemgetter(0), cells))
    each = list(zip(letters, map(tuple, rows), strict=True))
    unlike = list(dict.fromkeys(each))
    key_of = dict(zip(unlike, keys_of(unlike), strict=False))
    return Packed(
        [PackedItem._make((*items[item][ITEM:HIDDEN], bool(items[item][HIDDEN]), claimed[item])) for item in in_order],
        [(number_of[item], said, place) for item, said, place in looks],
        unlike,
        "".join([key_of[one] for one in each]),
        dict(sorted(in_draft.items())),
        is_aside,
    )
