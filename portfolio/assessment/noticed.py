"""What notices are about, as far as somebody may see it now. Notices hold references; names and titles are read here.

`Sight` is what the reader may see: nothing here widens it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, String, Text, bindparam, cast, or_, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Membership, Person
from portfolio.accounts.rules import role_word
from portfolio.assessment.models import SubmissionItem
from portfolio.assessment.queries import current_no
from portfolio.centres.models import Centre
from portfolio.centres.terms import term
from portfolio.criteria.models import UnitVersion
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.evidence.queries import shown_no
from portfolio.notices.queries import NoticeRow
from portfolio.notices.rules import NoticeKind

About = tuple[str, int]
"""What a notice is about, by table and id."""
STATEMENTS = 500
"""How many statements of each kind are kept; they differ with who may see what."""
IDS = bindparam("ids", type_=Integer, expanding=True)
REFS = bindparam("refs", type_=String, expanding=True)
AS_ASSESSOR = frozenset({NoticeKind.SUBMITTED, NoticeKind.COUNTERSIGN, NoticeKind.COUNTERSIGNED})
"""Kinds whose items are read as they were handed in, by whoever judges them."""
OF_LEARNERS = AS_ASSESSOR | {NoticeKind.STAY_ASKED}
"""Kinds that name the learner."""
OF_ONESELF = frozenset({NoticeKind.SECOND_FACTOR})
"""Kinds that are about the reader's own account, which they always see."""
OF_UNITS = frozenset({NoticeKind.SIGNED_OFF, NoticeKind.REOPENED, NoticeKind.CRITERIA})


@dataclass(frozen=True, slots=True)
class Sight:
    """The enrolments, items, handed-in items and units that somebody may see."""

    enrolments: Select[Any]
    evidence: Select[Any]
    items: Select[Any]
    units: Select[Any]


@dataclass(frozen=True, slots=True)
class Item:
    """An item by its reference and title. `id` is the handed-in item's for an assessor, the evidence's otherwise."""

    id: int
    ref: str
    title: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A learner's unit."""

    id: int
    enrolment_id: int
    title: str


@dataclass(frozen=True, slots=True)
class NewRole:
    """A role that its holder still has, in the words of the centre where they have it."""

    word: str
    centre_name: str


@dataclass(frozen=True, slots=True)
class Noticed:
    """One notice, with those of its facts that its reader may see: the learner's name, the items, the unit, the role.

    Where nothing is left of it, only its kind is said.
    """

    notice: NoticeRow
    learner: str = ""
    items: tuple[Item, ...] = ()
    unit: Unit | None = None
    role: NewRole | None = None

    @property
    def is_seen(self) -> bool:
        """Whether there is more to say than its kind."""
        is_asked = self.notice.kind is NoticeKind.STAY_ASKED and bool(self.learner)
        return bool(self.items or self.unit or self.role) or is_asked or self.notice.kind in OF_ONESELF


def noticed(session: Session, person_id: int, sight: Sight, notices: Sequence[NoticeRow]) -> list[Noticed]:
    """The notices of one person with what they are about. A constant number of statements."""
    as_assessor = [notice for notice in notices if notice.kind in AS_ASSESSOR]
    feedback = [notice for notice in notices if notice.kind is NoticeKind.FEEDBACK]
    answered = [notice for notice in notices if notice.kind is NoticeKind.STAY_ANSWERED]
    units = _units(session, sight, [notice for notice in notices if notice.kind in OF_UNITS])
    roles = _roles(session, person_id, [notice for notice in notices if notice.kind is NoticeKind.INVITED])
    names = _learners(session, sight, [notice for notice in notices if notice.kind in OF_LEARNERS])
    handed_in = _found(session, _items(sight.items), as_assessor)
    own = _found(session, _evidence(sight.evidence), feedback)
    made = _found(session, _made(sight.evidence), answered, drafts_of=person_id)
    return [
        Noticed(
            notice,
            learner=names.get(notice.about, ""),
            items=_named(notice, handed_in if notice.kind in AS_ASSESSOR else made if notice in answered else own),
            unit=units.get(notice.about),
            role=roles.get(notice.about),
        )
        for notice in notices
    ]


def _named(notice: NoticeRow, found: Mapping[tuple[int, str], Item]) -> tuple[Item, ...]:
    wanted = [(notice.about[1], ref) for ref in notice.facts.get("refs", [])]
    return tuple(found[key] for key in wanted if key in found)


def _ids(notices: Sequence[NoticeRow], table: str) -> list[int]:
    return sorted({notice.about[1] for notice in notices if notice.about[0] == table})


def _learners(session: Session, sight: Sight, notices: Sequence[NoticeRow]) -> dict[About, str]:
    ids = _ids(notices, Enrolment.__tablename__)
    found = read(session, _names(sight.enrolments), ids=ids) if ids else ()
    return {(Enrolment.__tablename__, row.id): row.name for row in found}


@lru_cache(maxsize=STATEMENTS)
def _names(within: Select[Any]) -> AnySelect:
    query = within.join(Person, Person.id == Enrolment.learner_id).where(Enrolment.id.in_(IDS))
    return query.with_only_columns(Enrolment.id, Person.name)


def _found(
    session: Session, statement: AnySelect, notices: Sequence[NoticeRow], **whose: int
) -> dict[tuple[int, str], Item]:
    """The items by enrolment and reference; of one that was handed in more than once, the newest."""
    refs = sorted({ref for notice in notices for ref in notice.facts.get("refs", [])})
    if not refs:
        return {}
    rows = read(session, statement, ids=_ids(notices, Enrolment.__tablename__), refs=refs, **whose)
    return {(row.enrolment_id, row.ref): Item(row.id, row.ref, row.title) for row in rows}


@lru_cache(maxsize=STATEMENTS)
def _items(within: Select[Any]) -> AnySelect:
    return (
        within.join(EvidenceVersion, EvidenceVersion.id == SubmissionItem.evidence_version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .where(Evidence.enrolment_id.in_(IDS), Evidence.ref.in_(REFS))
        .order_by(SubmissionItem.id)
        .with_only_columns(SubmissionItem.id, Evidence.enrolment_id, Evidence.ref, EvidenceVersion.title)
    )


@lru_cache(maxsize=STATEMENTS)
def _evidence(within: Select[Any]) -> AnySelect:
    return _versions(within).where(EvidenceVersion.no == current_no())


@lru_cache(maxsize=STATEMENTS)
def _made(within: Select[Any]) -> AnySelect:
    """The same, with the drafts of whoever made them."""
    return _versions(within).where(EvidenceVersion.no == shown_no())


def _versions(within: Select[Any]) -> AnySelect:
    return (
        within.join(EvidenceVersion, EvidenceVersion.evidence_id == Evidence.id)
        .where(Evidence.enrolment_id.in_(IDS), Evidence.ref.in_(REFS))
        .with_only_columns(Evidence.id, Evidence.enrolment_id, Evidence.ref, EvidenceVersion.title)
    )


def _units(session: Session, sight: Sight, notices: Sequence[NoticeRow]) -> dict[About, Unit]:
    ids = _ids(notices, EnrolmentUnit.__tablename__)
    found = read(session, _titles(sight.units), ids=ids) if ids else ()
    return {(EnrolmentUnit.__tablename__, row.id): Unit(row.id, row.enrolment_id, row.title) for row in found}


@lru_cache(maxsize=STATEMENTS)
def _titles(within: Select[Any]) -> AnySelect:
    query = within.join(UnitVersion, UnitVersion.id == EnrolmentUnit.unit_version_id).where(EnrolmentUnit.id.in_(IDS))
    return query.with_only_columns(EnrolmentUnit.id, EnrolmentUnit.enrolment_id, UnitVersion.title)


OWN_ROLES = (
    select(
        Membership.id, Membership.role, Membership.qualified, Centre.name, cast(Centre.terms, Text).label("own_words")
    )
    .join(Centre, Centre.id == Membership.centre_id)
    .where(
        Membership.id.in_(IDS),
        Membership.person_id == bindparam("person_id"),
        Membership.since <= bindparam("today"),
        or_(Membership.until.is_(None), Membership.until > bindparam("today")),
    )
)


def _roles(session: Session, person_id: int, notices: Sequence[NoticeRow]) -> dict[About, NewRole]:
    ids = _ids(notices, Membership.__tablename__)
    found = read(session, OWN_ROLES, ids=ids, person_id=person_id, today=clock.today()) if ids else ()
    return {
        (Membership.__tablename__, row.id): NewRole(
            term(row.own_words, role_word(row.role, qualified=row.qualified)), row.name
        )
        for row in found
    }
