"""Bringing portfolios in: all of a bundle in one transaction, or nothing of it.

Rows keep the identifiers that they had, and the history that comes with them is kept as it was signed there; what
stands here since is told by one entry in the trail of the new enrolment. It gives nobody any right.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portfolio import clock, writing
from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.assessment.entries import IMPORTING
from portfolio.audit import streams
from portfolio.audit.events import System, facts_digest
from portfolio.audit.models import AuditEvent, AuditStream, AuditText
from portfolio.bundles.arriving.contents import Files, kept
from portfolio.bundles.arriving.criteria import criteria_of
from portfolio.bundles.arriving.entries import told
from portfolio.bundles.arriving.incoming import Incoming, Portfolio, Record
from portfolio.bundles.arriving.looking import ask_for
from portfolio.bundles.arriving.matching import people_of
from portfolio.bundles.arriving.planning import plan_of
from portfolio.bundles.arriving.plans import Plan
from portfolio.bundles.arriving.rows import Here, Rows
from portfolio.bundles.arriving.signatures import write_redactions, write_signatures
from portfolio.bundles.models import Arrival
from portfolio.centres.models import Centre
from portfolio.enrolment.actions import touch
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import EnrolmentState
from portfolio.errors import Conflict, Forbidden, Rejected
from portfolio.storage.models import Blob
from portfolio.storage.rules import Limits
from portfolio.storage.stores import Store

NOT_YOURS = "Only an administrator of the centre brings portfolios in."
CHANGED = "Things have changed here since you looked at the bundle, so nothing was brought in. Look at it again."
NOWHERE = "elsewhere.invalid"
"""The end of the addresses of people who are known by name alone: nothing can be sent there (RFC 2606)."""


def bring_in(
    session: Session,
    store: Store,
    actor: Actor | System,
    incoming: Incoming,
    plan: Plan,
    *,
    centre: Centre,
    files: Files,
    most: Limits | None = None,
) -> tuple[Enrolment, ...]:
    """Have all portfolios of a bundle here, as `plan` says; `files` as `contents.copied` has copied them, and `most` as
    the plan was made with.

    Raises Forbidden for whoever may not, Rejected with the first of what stops it, Conflict when it would be something
    else by now than the plan says. The caller commits, then has `looking.look_through` the items.
    """
    if isinstance(actor, Actor) and not (Role.ADMINISTRATOR in actor.roles and actor.centre_id == centre.id):
        raise Forbidden(NOT_YOURS)
    _check_sound(plan)
    _hold_learners(session, centre, plan)
    now = plan_of(session, incoming, centre=centre, matches=plan.matches, most=most)
    _check_sound(now)
    if now != plan:
        raise Conflict(CHANGED)
    try:
        people = _people(session, centre, incoming, plan)
        blobs = kept(session, store, centre, incoming, files)
        arriving = _Arriving(session, actor, centre, incoming, people, blobs)
        enrolments = tuple(arriving.bring_in(one) for one in incoming.portfolios)
        ask_for(session, incoming, enrolments, blobs)
        _tell_centre(session, actor, centre, incoming, enrolments)
    except IntegrityError as error:
        raise Conflict(CHANGED) from error
    return enrolments


def _check_sound(plan: Plan) -> None:
    for fault in (*plan.faults, *(fault for one in plan.portfolios for fault in one.faults)):
        raise Rejected(fault)


def _hold_learners(session: Session, centre: Centre, plan: Plan) -> None:
    """Nobody else enrols these learners until the transaction ends."""
    here = people_of(session, centre.id)
    ids = [here[one.email].id for one in plan.people if one.is_learner and one.email in here]
    session.execute(select(Person.id).where(Person.id.in_(ids)).order_by(Person.id).with_for_update()).all()


def _tell_centre(
    session: Session, actor: Actor | System, centre: Centre, incoming: Incoming, enrolments: Sequence[Enrolment]
) -> None:
    streams.record(
        session,
        actor,
        "centre.bring_in",
        streams.named(centre),
        stream_id=centre.stream_id,
        text={
            "from": incoming.centre_name,
            "number": incoming.centre_number,
            "count": len(enrolments),
            "bundle": incoming.sha256,
            "digest": facts_digest({"enrolments": [one.uid for one in enrolments]}),
        },
    )


def _people(session: Session, centre: Centre, incoming: Incoming, plan: Plan) -> dict[str, Person]:
    """Who everybody in the bundle is here, by their uid there; whoever is nobody is known by name alone from now on."""
    here = people_of(session, centre.id)
    ids = {one.uid: here[one.email].id for one in plan.people if one.email}
    known = {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(set(ids.values()))))}
    found = {uid: known[id_] for uid, id_ in ids.items()}
    others = {one.uid: one for one in plan.people if one.uid not in found}
    addresses = {uid: f"{uid}.{incoming.fingerprint[:16]}@{NOWHERE}" for uid in others}
    came_before = {
        row.email: row for row in session.scalars(select(Person).where(Person.email.in_(sorted(addresses.values()))))
    }
    for uid, one in others.items():
        person = came_before.get(addresses[uid])
        if person is None:
            person = Person(email=addresses[uid], name=one.name, disabled_at=clock.now())
            session.add(person)
        found[uid] = person
    session.flush()
    return found


class _Arriving:
    """One portfolio after the other, into one centre."""

    def __init__(
        self,
        session: Session,
        actor: Actor | System,
        centre: Centre,
        incoming: Incoming,
        people: dict[str, Person],
        blobs: dict[str, Blob],
    ) -> None:
        self.session, self.actor, self.centre = session, actor, centre
        self.incoming, self.people, self.blobs = incoming, people, blobs

    def bring_in(self, portfolio: Portfolio) -> Enrolment:
        """One portfolio, with its history and the entry that tells of it."""
        records = portfolio.records
        criteria = criteria_of(self.session, self.actor, self.centre, portfolio)
        learner = self.people[portfolio.learner_uid]
        enrolment = self._enrolment(records, learner, criteria.qualification_id)
        people = {row["id"]: self.people[row["uid"]].id for row in records["people"]}
        rows = Rows(self.session, records, Here(enrolment, learner.uid, people, criteria, self.blobs))
        redactions, signatures = write_redactions(rows), write_signatures(rows, self.incoming)
        arrivals = self._arrivals(portfolio, enrolment)
        last, texts = arrivals[-1]
        touch(self.session, enrolment)
        streams.record(
            self.session,
            self.actor,
            IMPORTING,
            streams.named(enrolment),
            stream_id=enrolment.stream_id,
            text={"from": last.facts(texts), "told": told(rows, signatures, redactions)},
        )
        return enrolment

    def _enrolment(self, records: Record, learner: Person, qualification_id: int) -> Enrolment:
        said = records["enrolment"]
        stream = streams.open_stream(self.session, "enrolment")
        enrolment = Enrolment(
            uid=said["uid"],
            centre_id=self.centre.id,
            learner_id=learner.id,
            qualification_version_id=qualification_id,
            registration_number=said["registration_number"],
            started_on=date.fromisoformat(said["started_on"]),
            due_on=date.fromisoformat(said["due_on"]) if said["due_on"] else None,
            ended_on=date.fromisoformat(said["ended_on"]) if said["ended_on"] else None,
            state=EnrolmentState(said["state"]),
            next_ref=said["next_ref"],
            stream_id=stream.id,
        )
        self.session.add(enrolment)
        self.session.flush()
        return enrolment

    def _arrivals(self, portfolio: Portfolio, enrolment: Enrolment) -> list[tuple[Arrival, int]]:
        """The ways that the portfolio came by, the oldest first, each with its history and how many entries of that
        came with their words.
        """
        found = []
        for no, one in enumerate(portfolio.earlier, start=1):
            told_of = one.arrival
            stream = AuditStream(uid=told_of["stream"], public_key=told_of["public_key"])
            arrival = Arrival(
                uid=told_of["uid"],
                no=no,
                centre_uid=told_of["centre"]["uid"],
                centre_name=told_of["centre"]["name"],
                centre_number=told_of["centre"]["number"],
                public_key=told_of["public_key"],
                bundle_sha256=told_of["bundle"],
                made_at=datetime.fromisoformat(told_of["made_at"]),
                arrived_at=datetime.fromisoformat(told_of["arrived_at"]),
                people=[[*row[:2], None] for row in told_of["people"]],
            )
            found.append((arrival, self._history(arrival, stream, enrolment, one.history)))
        centre = self.incoming
        stream = AuditStream(uid=portfolio.stream, public_key=centre.public_key)
        last = Arrival(
            no=len(found) + 1,
            centre_uid=centre.centre_uid,
            centre_name=centre.centre_name,
            centre_number=centre.centre_number,
            public_key=centre.public_key,
            bundle_sha256=centre.sha256,
            made_at=centre.made_at,
            arrived_at=clock.now(),
            by_id=self.actor.person_id if isinstance(self.actor, Actor) else None,
            people=[[one.uid, one.name, self.people[one.uid].id] for one in portfolio.people],
        )
        found.append((last, self._history(last, stream, enrolment, portfolio.history)))
        return found

    def _history(self, arrival: Arrival, stream: AuditStream, enrolment: Enrolment, history: Sequence[Record]) -> int:
        """Keep a history as it came, with the arrival that brought it; answers how many of its entries have words."""
        stream.kind, stream.head_seq, stream.head_hash = streams.ELSEWHERE, len(history), history[-1]["hash"]
        self.session.add(stream)
        self.session.flush()
        keys = writing.reserved(self.session, AuditEvent, len(history))
        writing.write(self.session, AuditEvent, ("id", *streams.TOLD), _events(stream.id, keys, history))
        texts = list(_texts(keys, history))
        writing.write(self.session, AuditText, ("event_id", "salt", "text"), texts)
        arrival.enrolment_id, arrival.stream_id, arrival.stream = enrolment.id, stream.id, stream
        self.session.add(arrival)
        self.session.flush()
        return len(texts)


def _events(stream_id: int, keys: Sequence[int], history: Sequence[Record]) -> list[tuple[Any, ...]]:
    names = ("actor", "role", "verb", "subject", "digest", "prev", "hash", "signature")
    return [
        (key, stream_id, entry["seq"], datetime.fromisoformat(entry["at"]), *(entry[name] for name in names))
        for key, entry in zip(keys, history, strict=True)
    ]


def _texts(keys: Sequence[int], history: Sequence[Record]) -> Iterable[tuple[int, str, dict[str, Any]]]:
    """The words of entries, and where they were erased the number of the entry that tells of that."""
    for key, entry in zip(keys, history, strict=True):
        if "text" in entry:
            yield key, entry["salt"], entry["text"]
        elif "erased_by" in entry:
            yield key, "", {streams.ERASED_BY: entry["erased_by"]}
