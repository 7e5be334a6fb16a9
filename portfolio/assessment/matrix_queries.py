"""What the matrix of one unit is drawn from: what is kept packed of its claims, and how that is packed from the record.

Which claims count is what `assessment.queries` says: those that were handed in, on their item's current version, for
the present criterion that says the same. Drafts are their author's alone, and count for nothing.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Integer, String, and_, bindparam, case, exists, func, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased

from portfolio.accounts.models import Person
from portfolio.assessment.models import Judgement, UnitDecision, UnitMatrix, UnitProgress
from portfolio.assessment.queries import ENROLMENTS, UNIT_COLUMNS, current_no
from portfolio.criteria.models import UnitVersion
from portfolio.criteria.rules import Status
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.evidence.breach_queries import IS_HIDDEN, shown_title, unless_hidden
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.mapping.models import Claim
from portfolio.mapping.queries import CLAIMED as CLAIMED_FOR
from portfolio.mapping.queries import PRESENT, stands

DRAFT, CLAIMED, AWAITING = "draft", "claimed", "awaiting"
"""What a claim says besides an outcome: not handed in, handed in and undecided, decided by a trainee alone."""
NEWEST = aliased(Judgement)


class PackedItem(NamedTuple):
    """An item that is claimed in a unit. `claimed` is for how many criteria it was handed in: none for a draft, which
    is shown to its author alone. While it is hidden its title says so, and its places are left out.
    """

    evidence_id: int
    ref: str
    title: str
    method: str
    author_id: int
    is_hidden: bool
    claimed: int


Look: TypeAlias = tuple[int, str, str]
"""How a claim looks in its cell: the number of its item, what is said of it last, and its place."""
Cell: TypeAlias = tuple[int, int]
"""The numbers of a criterion and of an item."""


class Packed(NamedTuple):
    """What is claimed in a unit: items in order; looks, in the order of items; the numbers of the looks of what was
    handed in, for each criterion in order; and of drafts, by the number of the criterion, where the same item was not
    handed in. `is_aside`: something was handed in for an earlier wording and counts for nothing.
    """

    items: Sequence[PackedItem]
    looks: Sequence[Look]
    rows: Sequence[Sequence[int]]
    drafts: Mapping[int, Sequence[int]]
    is_aside: bool

    @property
    def text(self) -> str:
        """As it is kept."""
        items, looks, rows, drafts, is_aside = self
        said = items, looks, rows, list(drafts.items()), is_aside
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str | None, total: int) -> Packed:
    """What is kept as `Packed.text` of a unit of so many criteria; nothing is kept of nothing."""
    if text is None:
        return Packed((), (), ((),) * total, {}, is_aside=False)
    items, looks, rows, drafts, is_aside = json.loads(text)
    return Packed([PackedItem(*item) for item in items], looks, rows, dict(drafts), is_aside)


@dataclass(frozen=True, slots=True)
class UnitHead:
    """A chosen unit of a learner, without its criteria. `uid` and `content_sha` are its version's; `is_decided`: it was
    signed off once, and may have been opened again. `letters` are those of `UnitProgress`, `packed` is `Packed.text`.
    """

    enrolment_unit_id: int
    unit_version_id: int
    uid: str
    content_sha: str
    code: str
    code_note: str
    title: str
    level: int
    credit: int
    status: Status
    is_outline: bool
    learner: str
    is_decided: bool
    letters: str
    packed: str | None


@cache
def _unit_head() -> AnySelect:
    return (
        select(
            EnrolmentUnit.id,
            *UNIT_COLUMNS,
            UnitVersion.is_outline,
            Person.name,
            exists().where(UnitDecision.enrolment_unit_id == EnrolmentUnit.id),
            UnitProgress.states,
            UnitMatrix.packed,
        )
        .join(UnitVersion, UnitVersion.id == EnrolmentUnit.unit_version_id)
        .join(Enrolment, Enrolment.id == EnrolmentUnit.enrolment_id)
        .join(Person, Person.id == Enrolment.learner_id)
        .join(UnitProgress, UnitProgress.enrolment_unit_id == EnrolmentUnit.id)
        .outerjoin(UnitMatrix, UnitMatrix.enrolment_unit_id == EnrolmentUnit.id)
        .where(
            EnrolmentUnit.id == bindparam("unit_id", type_=Integer),
            EnrolmentUnit.enrolment_id == bindparam("enrolment_id", type_=Integer),
        )
    )


def unit_head(session: Session, enrolment_id: int, enrolment_unit_id: int) -> UnitHead | None:
    """One unit of an enrolment; None when it is another's. One statement."""
    row = read(session, _unit_head(), enrolment_id=enrolment_id, unit_id=enrolment_unit_id).one_or_none()
    return UnitHead(*row) if row is not None else None


@cache
def _names() -> AnySelect:
    return select(Person.id, Person.name).where(Person.id.in_(bindparam("people", type_=Integer, expanding=True)))


def names_of(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    """What some people are called. One statement, and none for none."""
    return dict(read(session, _names(), people=list(person_ids)).tuples()) if person_ids else {}


@cache
def _claims() -> AnySelect:
    """The claims of some learners with what was decided last, whoever decided; what was handed in for former criteria
    after the rest. Their claims are found first: PostgreSQL would begin with every version that is current anywhere.
    """
    found = select(Claim).join(EnrolmentUnit).where(EnrolmentUnit.enrolment_id.in_(ENROLMENTS)).cte("found")
    theirs = aliased(Claim, found.prefix_with("MATERIALIZED", dialect="postgresql"))
    said = case(
        (theirs.submission_id.is_(None), DRAFT),
        (NEWEST.id.is_(None), CLAIMED),
        (NEWEST.effective_at.is_(None), AWAITING),
        else_=type_coerce(NEWEST.outcome, String),
    )
    newest = select(func.max(Judgement.no)).where(Judgement.claim_id == theirs.id).correlate(theirs).scalar_subquery()
    is_current = EvidenceVersion.no == current_no()
    is_draft = and_(Evidence.trashed_at.is_(None), or_(EvidenceVersion.frozen_at.is_(None), is_current))
    return (
        select(
            EnrolmentUnit.id, PRESENT.id, said, unless_hidden(theirs.place),
            Evidence.id, Evidence.ref, shown_title(), type_coerce(Evidence.method, String), Evidence.author_id,
            IS_HIDDEN,
        )
        .select_from(theirs)
        .join(EnrolmentUnit, EnrolmentUnit.id == theirs.enrolment_unit_id)
        .join(EvidenceVersion, EvidenceVersion.id == theirs.evidence_version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .join(CLAIMED_FOR, CLAIMED_FOR.id == theirs.criterion_id)
        .outerjoin(PRESENT, stands())
        .outerjoin(NEWEST, and_(NEWEST.claim_id == theirs.id, NEWEST.no == newest))
        .where(
            or_(and_(theirs.submission_id.is_not(None), is_current), and_(theirs.submission_id.is_(None), is_draft)),
        )
        .order_by(
            EnrolmentUnit.id, Evidence.id, EvidenceVersion.no, CLAIMED_FOR.id != PRESENT.id, CLAIMED_FOR.id, theirs.id
        )
    )  # fmt: skip


def packed_in(
    session: Session, enrolment_ids: Collection[int], criteria: Mapping[int, Sequence[int]]
) -> dict[int, Packed]:
    """What the record says is claimed in the units of some learners, by enrolment unit where something is; `criteria`
    are those of each unit in order. One statement.
    """
    rows = read(session, _claims(), enrolments=list(enrolment_ids)).tuples()
    return {unit_id: packed_of(criteria[unit_id], claims) for unit_id, claims in groupby(rows, itemgetter(0))}


def packed_of(criteria: Sequence[int], claims: Iterable[Any]) -> Packed:
    """One unit, from its criteria and the rows of `_claims`. An item that claims a criterion twice, in old and new
    words, looks as the later of both.
    """
    number_of = {criterion_id: number for number, criterion_id in enumerate(criteria)}
    items: dict[int, Any] = {}
    at: dict[int, int] = {}
    handed_in: dict[Cell, Look] = {}
    drafts: dict[Cell, Look] = {}
    is_aside = False
    for _unit_id, criterion_id, said, place, *item in claims:
        if criterion_id is None:
            is_aside = is_aside or said != DRAFT
            continue
        number = at.setdefault(item[0], len(at))
        items.setdefault(number, item)
        if said == DRAFT:
            drafts.setdefault((number_of[criterion_id], number), (number, said, place))
        else:
            handed_in[number_of[criterion_id], number] = (number, said, place)
    drafts = {cell: look for cell, look in drafts.items() if cell not in handed_in}
    numbers = {look: number for number, look in enumerate(sorted({*handed_in.values(), *drafts.values()}))}
    by_row = _by_row(handed_in, numbers)
    counts = Counter(item for _row, item in handed_in)
    return Packed(
        [
            PackedItem(evidence_id, ref, title, method, author_id, bool(is_hidden), counts[number])
            for number, (evidence_id, ref, title, method, author_id, is_hidden) in items.items()
        ],
        list(numbers),
        [by_row.get(row, []) for row in range(len(criteria))],
        _by_row(drafts, numbers),
        is_aside,
    )


def _by_row(looks: Mapping[Cell, Look], numbers: Mapping[Look, int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for (row, _item), look in sorted(looks.items()):
        found.setdefault(row, []).append(numbers[look])
    return found
