"""What the matrix of one unit is drawn from: what is kept packed of its claims (`claim_queries` packs it)."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Integer, bindparam, exists, select
from sqlalchemy.orm import Session

from portfolio.accounts.models import Person
from portfolio.assessment.models import UnitDecision, UnitMatrix, UnitProgress
from portfolio.assessment.queries import UNIT_COLUMNS
from portfolio.criteria.models import UnitVersion
from portfolio.criteria.rules import Status
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.mapping.coverage import GAP, LETTERS

DRAFT, CLAIMED, AWAITING = "draft", "claimed", "awaiting"
"""What a claim says besides an outcome: not handed in, handed in and undecided, decided by a trainee alone."""


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


packed_item: Callable[[Sequence[Any]], PackedItem] = partial(tuple.__new__, PackedItem)
"""As `PackedItem._make` of what has each of its values, at a third of the price."""

Look: TypeAlias = tuple[int, str, str]
"""How a claim looks in its cell: the number of its item, what is said of it last, and its place."""


Row: TypeAlias = tuple[str, Sequence[int]]
"""How a criterion's row looks: where it stands, as a letter, and the numbers of the looks of what was handed in."""
FIRST = "A"
"""Stands for the first of the rows that are kept, the next character for the next."""


class Packed(NamedTuple):
    """What is claimed in a unit: items in order; looks, in the order of items; the rows that differ from each other,
    and for each criterion in order a character that says which of them is its own, from FIRST on; and the numbers of
    the looks of drafts, by the number of the criterion, where the same item was not handed in. `is_aside`: something
    was handed in for an earlier wording and counts for nothing.

    Many criteria look alike: what they share is read, and drawn, once.
    """

    items: Sequence[PackedItem]
    looks: Sequence[Look]
    rows: Sequence[Row]
    criteria: str
    drafts: Mapping[int, Sequence[int]]
    is_aside: bool

    @property
    def text(self) -> str:
        """As it is kept."""
        items, looks, rows, criteria, drafts, is_aside = self
        said = items, looks, rows, criteria, list(drafts.items()), is_aside
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str | None, total: int) -> Packed:
    """What is kept as `Packed.text` of a unit of so many criteria; nothing is kept of nothing."""
    if text is None:
        return Packed((), (), ((LETTERS[GAP], ()),), FIRST * total, {}, is_aside=False)
    items, looks, rows, criteria, drafts, is_aside = json.loads(text)
    return Packed(list(map(packed_item, items)), looks, rows, criteria, dict(drafts), is_aside)


def keys_of(rows: Sequence[Row]) -> Iterable[str]:
    """The characters that stand for these rows, in their order."""
    return map(chr, range(ord(FIRST), ord(FIRST) + len(rows)))


class UnitHead(NamedTuple):
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
    rows = read(session, _unit_head(), enrolment_id=enrolment_id, unit_id=enrolment_unit_id).tuples()
    return UnitHead._make(rows[0]) if rows else None


@cache
def _names() -> AnySelect:
    return select(Person.id, Person.name).where(Person.id.in_(bindparam("people", type_=Integer, expanding=True)))


def names_of(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    """What some people are called. One statement, and none for none."""
    return dict(read(session, _names(), people=list(person_ids)).tuples()) if person_ids else {}
