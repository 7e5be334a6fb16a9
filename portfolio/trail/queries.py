"""Reading trails a page at a time: entries by their numbers from the newest, what they are about, who opened what.

A page takes a fixed number of statements, however long the trail is. What a reader may be led to is said by queries
that the edge hands in.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased, joinedload

from portfolio.accounts.models import Membership, Person
from portfolio.accounts.rules import Role
from portfolio.assessment.models import UnitDecision
from portfolio.audit.events import System
from portfolio.audit.models import AccessLog, AuditEvent, AuditStream, AuditText
from portfolio.audit.streams import is_erased
from portfolio.bundles.kept_models import KeptBundle
from portfolio.bundles.models import Arrival
from portfolio.centres.models import Centre
from portfolio.criteria.models import QualificationVersion, UnitVersion
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Cohort, Enrolment, EnrolmentUnit
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion
from portfolio.export.models import WordBook
from portfolio.jobs.models import Job
from portfolio.jobs.rules import JobState
from portfolio.trail.rules import CHECK_TRAIL

PRODUCT = "The product"
"""Who did what nobody asked for."""

Sight = Mapping[type, Select[Any]]
"""The rows of each kind that a reader may see."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: a part of a name, kinds of verbs by their beginnings, and times from and before which."""

    who: str = ""
    subjects: tuple[str, ...] = ()
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A page of rows by their numbers, the newest first: those below `below`, or those above `above`."""

    limit: int
    below: int | None = None
    above: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of one page, and whether there are newer ones and older ones."""

    rows: Sequence[Any]
    has_newer: bool
    has_older: bool


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry. `who` is a name; `text` is None when it has none, or none any more."""

    no: int
    at: datetime
    who: str
    role: str
    verb: str
    subject: str
    text: Mapping[str, Any] | None
    is_erased: bool
    hash: str


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """One opening by an external quality assurer. `learner` is empty for what belongs to nobody in particular."""

    no: int
    at: datetime
    who: str
    subject: str
    page: str
    enrolment_id: int | None
    learner: str


@dataclass(frozen=True, slots=True)
class Thing:
    """What an entry is about: what it is called, its id, that of what it belongs to, and whether the reader sees it."""

    table: str
    name: str
    id: int
    parent_id: int
    is_seen: bool


@dataclass(frozen=True, slots=True)
class Came:
    """That a portfolio came from elsewhere: `no` counts its ways from the oldest. `names` are what people were called
    there, by their public identifiers there.
    """

    no: int
    place: str
    arrived_at: datetime
    stream_id: int
    entries: int
    names: Mapping[str, str]


def arrivals_of(session: Session, enrolment_id: int) -> list[Came]:
    """From where a portfolio came, the oldest first. One statement."""
    rows = session.scalars(
        select(Arrival)
        .where(Arrival.enrolment_id == enrolment_id)
        .options(joinedload(Arrival.stream))
        .order_by(Arrival.no)
    )
    return [Came(row.no, row.place, row.arrived_at, row.stream_id, row.stream.head_seq, row.names) for row in rows]


def entries(
    session: Session, stream_id: int, wanted: Wanted, window: Window, names: Mapping[str, str] | None = None
) -> Found:
    """Entries of a stream, the newest first; `names` are those of people where it was written, if that was elsewhere.
    One statement.
    """
    query = (
        select(
            AuditEvent.seq,
            AuditEvent.at,
            AuditEvent.actor,
            Person.name,
            AuditEvent.role,
            AuditEvent.verb,
            AuditEvent.subject,
            AuditText.text,
            AuditEvent.hash,
        )
        .outerjoin(AuditText, AuditText.event_id == AuditEvent.id)
        .outerjoin(Person, Person.uid == AuditEvent.actor)
        .where(AuditEvent.stream_id == stream_id, *_between(AuditEvent.at, wanted))
    )
    if wanted.who:
        is_product = literal(wanted.who.casefold() in PRODUCT.casefold())
        query = query.where(or_(_is_named(wanted.who, names), and_(AuditEvent.actor == System().uid, is_product)))
    if wanted.subjects:
        query = query.where(
            or_(*(AuditEvent.verb.startswith(f"{subject}.", autoescape=True) for subject in wanted.subjects))
        )
    found = _page(session, query, AuditEvent.seq, window)
    rows = [
        EntryRow(
            no=row.seq,
            at=row.at,
            who=_name(row, names) or (PRODUCT if row.actor == System().uid else row.actor),
            role=row.role if _name(row, names) else "",
            verb=row.verb,
            subject=row.subject,
            text=None if is_erased(row.text) else row.text,
            is_erased=is_erased(row.text),
            hash=row.hash,
        )
        for row in found.rows
    ]
    return Found(rows, found.has_newer, found.has_older)


def _name(row: Any, names: Mapping[str, str] | None) -> str:
    return row.name or "" if names is None else names.get(row.actor, "")


def _is_named(who: str, names: Mapping[str, str] | None) -> ColumnElement[bool]:
    if names is None:
        return Person.name.icontains(who, autoescape=True)
    return AuditEvent.actor.in_([uid for uid, name in names.items() if who.casefold() in name.casefold()])


def openings(
    session: Session, centre_id: int, wanted: Wanted, window: Window, *, enrolment_id: int | None = None
) -> Found:
    """What external quality assurers opened at a centre, the newest first. One statement."""
    learner = aliased(Person)
    query = (
        select(
            AccessLog.id,
            AccessLog.at,
            Person.name,
            AccessLog.person,
            AccessLog.subject,
            AccessLog.page,
            AccessLog.enrolment_id,
            learner.name.label("learner"),
        )
        .outerjoin(Person, Person.uid == AccessLog.person)
        .outerjoin(Enrolment, Enrolment.id == AccessLog.enrolment_id)
        .outerjoin(learner, learner.id == Enrolment.learner_id)
        .where(AccessLog.centre_id == centre_id, *_between(AccessLog.at, wanted))
    )
    if wanted.who:
        query = query.where(Person.name.icontains(wanted.who, autoescape=True))
    if enrolment_id is not None:
        query = query.where(AccessLog.enrolment_id == enrolment_id)
    found = _page(session, query, AccessLog.id, window)
    rows = [
        OpeningRow(row.id, row.at, row.name or row.person, row.subject, row.page, row.enrolment_id, row.learner or "")
        for row in found.rows
    ]
    return Found(rows, found.has_newer, found.has_older)


def _between(at: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    said = [at >= wanted.since] if wanted.since else []
    return said + ([at < wanted.before] if wanted.before else [])


def _page(session: Session, query: AnySelect, number: Any, window: Window) -> Found:
    """The rows of a page, by one row more than it has to know whether there are others beyond."""
    if window.above is not None:
        query = query.where(number > window.above).order_by(number)
    elif window.below is not None:
        query = query.where(number < window.below).order_by(number.desc())
    else:
        query = query.order_by(number.desc())
    found = read(session, query.limit(window.limit + 1)).all()
    has_more, rows = len(found) > window.limit, found[: window.limit]
    if window.above is not None:
        return Found(rows[::-1], has_newer=has_more, has_older=bool(rows))
    return Found(rows, has_newer=window.below is not None and bool(rows), has_older=has_more)


def newest_check(session: Session, centre_id: int) -> Job | None:
    """The proof of a centre's trails that was asked for last, unless somebody gave it up."""
    return session.scalars(
        select(Job)
        .where(Job.subject_id == centre_id, Job.kind == CHECK_TRAIL, Job.state != JobState.CANCELLED)
        .order_by(Job.id.desc())
        .limit(1)
    ).first()


def enrolment_streams(session: Session, centre_id: int) -> list[int]:
    """The streams of a centre's enrolments, with those that came with some of them from elsewhere."""
    own = select(Enrolment.stream_id).where(Enrolment.centre_id == centre_id)
    came = select(Arrival.stream_id).join(Enrolment, Enrolment.id == Arrival.enrolment_id)
    return list(read(session, union_all(own, came.where(Enrolment.centre_id == centre_id))).scalars())


def refs_among(session: Session, enrolment_id: int, within: Select[Any]) -> dict[str, int]:
    """The items of a portfolio that somebody may see, by reference. One statement."""
    query = select(Evidence.ref, Evidence.id).where(
        Evidence.enrolment_id == enrolment_id, Evidence.id.in_(within.with_only_columns(Evidence.id).correlate(None))
    )
    return {row.ref: row.id for row in read(session, query)}


def stream_name(session: Session, stream_uid: str) -> str:
    """Whose trail a stream is: a learner's name, or the centre's; empty for nobody's."""
    enrolment = select(Person.name).join(Enrolment, Enrolment.learner_id == Person.id)
    came = enrolment.join(Arrival, Arrival.enrolment_id == Enrolment.id)
    for query, owner in ((enrolment, Enrolment), (select(Centre.name), Centre), (came, Arrival)):
        found = read(session, query.where(owner.stream_id == _stream_id(stream_uid))).scalars().first()
        if found:
            return found
    return ""


def name_of(session: Session, person_uid: str) -> str:
    """What somebody is called; empty for nobody."""
    return read(session, select(Person.name).where(Person.uid == person_uid)).scalars().first() or ""


def enrolment_seen(session: Session, within: Select[Any], enrolment_id: int) -> Enrolment | None:
    """An enrolment with its learner, if it is among those that somebody may see."""
    query = within.where(Enrolment.id == enrolment_id).options(joinedload(Enrolment.learner))
    found: Enrolment | None = session.scalars(query).one_or_none()
    return found


def eqas_of(session: Session, centre_id: int) -> list[str]:
    """The names of those who are external quality assurers of a centre, or were."""
    query = select(Person.name).join(Membership, Membership.person_id == Person.id).distinct().order_by(Person.name)
    return list(read(session, query.where(Membership.centre_id == centre_id, Membership.role == Role.EQA)).scalars())


def things(session: Session, subjects: Collection[str], sight: Sight) -> dict[str, Thing]:
    """What subjects, named as the trail names them, are called, and which of them the reader sees. One statement."""
    uids: dict[str, list[str]] = {}
    for subject in sorted(set(subjects)):
        table, _, uid = subject.partition(":")
        if table in PARTS and uid:
            uids.setdefault(table, []).append(uid)
    parts = [PARTS[table](among, sight) for table, among in uids.items()]
    if not parts:
        return {}
    found = read(session, union_all(*parts) if len(parts) > 1 else parts[0]).all()
    return {
        f"{row.kind}:{row.uid}": Thing(row.kind, row.name, row.id, row.parent, is_seen=bool(row.seen)) for row in found
    }


def _stream_id(uid: str) -> Any:
    return select(AuditStream.id).where(AuditStream.uid == uid).scalar_subquery()


Part = Callable[[Sequence[str], Sight], AnySelect]


def _part(table: str, model: Any, name: Any, *, to: Any = None, parent: Any = None, joins: Sequence[Any] = ()) -> Part:
    """How rows of a table are called; `to` is what one is led to in their stead, `parent` what that belongs to."""
    target, key = to or model, (to or model).id

    def part(uids: Sequence[str], sight: Sight) -> AnySelect:
        within = sight.get(target)
        seen = (
            case((key.in_(within.with_only_columns(key).correlate(None)), 1), else_=0)
            if within is not None
            else literal(0)
        )
        query = select(
            literal(table).label("kind"),
            model.uid.label("uid"),
            name.label("name"),
            key.label("id"),
            (literal(0) if parent is None else parent).label("parent"),
            seen.label("seen"),
        ).where(model.uid.in_(uids))
        for join in joins:
            query = query.join(join)
        return query

    return part


PARTS: dict[str, Part] = {
    "centre": _part("centre", Centre, Centre.name),
    "person": _part("person", Person, Person.name),
    "membership": _part("membership", Membership, Person.name, to=Person, joins=(Membership.person,)),
    "cohort": _part("cohort", Cohort, Cohort.name),
    "qualification_version": _part("qualification_version", QualificationVersion, QualificationVersion.title),
    "unit_version": _part("unit_version", UnitVersion, UnitVersion.title),
    "enrolment": _part("enrolment", Enrolment, Person.name, joins=(Enrolment.learner,)),
    "enrolment_unit": _part(
        "enrolment_unit",
        EnrolmentUnit,
        UnitVersion.title,
        parent=EnrolmentUnit.enrolment_id,
        joins=(EnrolmentUnit.unit,),
    ),
    "unit_decision": _part(
        "unit_decision",
        UnitDecision,
        UnitVersion.title,
        to=EnrolmentUnit,
        parent=EnrolmentUnit.enrolment_id,
        joins=(UnitDecision.enrolment_unit, EnrolmentUnit.unit),
    ),
    "evidence": _part("evidence", Evidence, Evidence.ref, parent=Evidence.enrolment_id),
    "evidence_file": _part(
        "evidence_file",
        EvidenceFile,
        Evidence.ref,
        to=Evidence,
        parent=Evidence.enrolment_id,
        joins=(EvidenceFile.version, EvidenceVersion.evidence),
    ),
    "kept_bundle": _part("kept_bundle", KeptBundle, Centre.name, joins=(KeptBundle.centre,)),
    "word_book": _part(
        "word_book", WordBook, Person.name, parent=WordBook.enrolment_id, joins=(WordBook.enrolment, Enrolment.learner)
    ),
}
"""By table, what is read of the rows that entries name."""
