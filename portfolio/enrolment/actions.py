"""Enrolling a learner, allocating people, and granting an external quality assurer sight of an enrolment."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import queries as accounts
from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Grant, Membership, Person
from portfolio.accounts.rules import ROLE_WORDS, Role
from portfolio.audit import streams
from portfolio.audit.events import Doer
from portfolio.centres.models import Centre
from portfolio.criteria.combination import rules_from
from portfolio.criteria.differences import in_words
from portfolio.criteria.models import QualificationUnit, QualificationVersion, UnitVersion
from portfolio.criteria.rules import GroupKind
from portfolio.db import hold
from portfolio.enrolment.models import Allocation, Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import Duty, EnrolmentState, role_for
from portfolio.errors import InvalidState, Rejected

REGISTRATION_MOST = 40


def enrol(
    session: Session,
    actor: Doer,
    centre: Centre,
    *,
    learner: Person,
    qualification: QualificationVersion,
    started_on: date,
    due_on: date | None = None,
    registration_number: str = "",
    assessor: Person | None = None,
) -> Enrolment:
    """A learner begins a qualification with its first units, pinned as they are today; at once with an assessor."""
    _has_role(session, learner, centre.id, Role.LEARNER, "learner")
    _is_not_on(session, learner, centre, qualification)
    if due_on is not None and due_on <= started_on:
        raise Rejected("The planned end comes before the start.", "due_on")
    if qualification.operational_end is not None and started_on > qualification.operational_end:
        last = in_words(qualification.operational_end)
        raise Rejected(f"The last day to start on this qualification was {last}. Choose another.", "qualification")
    if len(registration_number) > REGISTRATION_MOST:
        raise Rejected(f"Keep the registration number to {REGISTRATION_MOST} characters.", "registration_number")
    stream = streams.open_stream(session, "enrolment")
    enrolment = Enrolment(
        centre_id=centre.id,
        learner_id=learner.id,
        qualification_version_id=qualification.id,
        registration_number=registration_number.strip(),
        started_on=started_on,
        due_on=due_on,
        stream_id=stream.id,
    )
    session.add(enrolment)
    session.flush()
    codes = _take_first_units(session, enrolment, qualification)
    session.flush()
    streams.record(
        session,
        actor,
        "enrolment.enrol",
        streams.named(enrolment),
        stream_id=stream.id,
        text={"qualification": qualification.reference, "units": codes},
    )
    if assessor is not None:
        allocate(session, actor, enrolment, person=assessor, duty=Duty.ASSESS)
    return enrolment


def _take_first_units(session: Session, enrolment: Enrolment, qualification: QualificationVersion) -> list[str]:
    """Where the rules are known, all that is mandatory; where they are not, all that is known in full."""
    rules = rules_from(qualification.rules)
    mandatory = {group.code for group in rules.groups if group.kind is GroupKind.MANDATORY}
    rows = session.execute(
        select(QualificationUnit, UnitVersion)
        .join(UnitVersion, UnitVersion.id == QualificationUnit.unit_version_id)
        .where(QualificationUnit.qualification_version_id == qualification.id)
        .order_by(QualificationUnit.position)
    )
    codes = []
    for offered, unit in rows:
        if offered.group_code in mandatory if rules.is_known else not unit.is_outline:
            codes.append(unit.code)
            session.add(
                EnrolmentUnit(
                    enrolment_id=enrolment.id,
                    unit_version_id=unit.id,
                    unit_code=unit.code,
                    group_code=offered.group_code,
                    position=offered.position,
                )
            )
    return codes


def _is_not_on(session: Session, learner: Person, centre: Centre, qualification: QualificationVersion) -> None:
    session.get_one(Person, learner.id, with_for_update=True)
    running = session.scalar(
        select(Enrolment.id)
        .join(QualificationVersion, QualificationVersion.id == Enrolment.qualification_version_id)
        .where(
            Enrolment.learner_id == learner.id,
            Enrolment.centre_id == centre.id,
            Enrolment.state == EnrolmentState.ACTIVE,
            QualificationVersion.reference == qualification.reference,
        )
    )
    if running is not None:
        raise Rejected(f"{learner.name} is on this qualification already.", "qualification")


def _has_role(session: Session, person: Person, centre_id: int, role: Role, field: str = "person") -> Membership:
    membership = session.scalar(
        select(Membership).where(
            Membership.person_id == person.id,
            Membership.centre_id == centre_id,
            Membership.role == role,
            accounts.membership_is_open(),
        )
    )
    if membership is None:
        raise Rejected(f"{person.name} does not have the role of {ROLE_WORDS[role]} here.", field)
    return membership


def lock(session: Session, enrolment_id: int, *, is_breach: bool = False) -> Enrolment:
    """The enrolment, held until the transaction ends, its version raised. Every write to a portfolio begins here.

    Raises InvalidState when the enrolment is over; personal data is taken out of it all the same (`is_breach`).
    """
    enrolment = held(session, enrolment_id, is_breach=is_breach)
    enrolment.version += 1
    return enrolment


def held(session: Session, enrolment_id: int, *, is_breach: bool = False) -> Enrolment:
    """The enrolment as `lock` holds it, for what is noted beside a portfolio and changes nothing in it."""
    enrolment = session.get_one(Enrolment, enrolment_id)
    hold(session, enrolment)
    if enrolment.state is not EnrolmentState.ACTIVE and not is_breach:
        raise InvalidState("This enrolment is over, so its portfolio can no longer be changed.")
    return enrolment


def allocate(session: Session, actor: Doer, enrolment: Enrolment, *, person: Person, duty: Duty) -> Allocation:
    """Somebody has a duty towards the learner from today. Nobody is allocated to their own portfolio."""
    membership = _has_role(session, person, enrolment.centre_id, role_for(duty))
    if person.id == enrolment.learner_id:
        raise Rejected("Nobody assesses their own portfolio.", "person")
    if duty is Duty.COUNTERSIGN and not membership.qualified:
        raise Rejected("Only a qualified assessor can countersign.", "person")
    if any(a.person_id == person.id and a.duty is duty and a.is_open(clock.today()) for a in enrolment.allocations):
        raise Rejected(f"{person.name} already does this for the learner.", "person")
    enrolment = lock(session, enrolment.id)
    allocation = Allocation(enrolment_id=enrolment.id, person_id=person.id, duty=duty, since=clock.today())
    session.add(allocation)
    session.flush()
    session.expire(enrolment, ["allocations"])
    streams.record(
        session,
        actor,
        "allocation.begin",
        streams.named(allocation),
        stream_id=enrolment.stream_id,
        text={"person": person.name, "duty": duty.value},
    )
    return allocation


def end_allocation(session: Session, actor: Actor, enrolment: Enrolment, allocation_id: int) -> None:
    """The duty ends today; what was decided stays."""
    found = [a for a in enrolment.allocations if a.id == allocation_id and a.is_open(clock.today())]
    if not found:
        raise InvalidState("This allocation has ended already.")
    lock(session, enrolment.id)
    found[0].until = clock.today()
    session.flush()
    streams.record(
        session, actor, "allocation.end", streams.named(found[0]), stream_id=enrolment.stream_id,
        text={"duty": found[0].duty.value},
    )  # fmt: skip


def grant(session: Session, actor: Doer, enrolment: Enrolment, *, person: Person, until: date) -> Grant:
    """An external quality assurer may see this enrolment, up to and including a day."""
    membership = _has_role(session, person, enrolment.centre_id, Role.EQA)
    if until < clock.today():
        raise Rejected("The last day of access lies in the past.", "until")
    lock(session, enrolment.id)
    row = Grant(membership_id=membership.id, enrolment_id=enrolment.id, until=until)
    session.add(row)
    session.flush()
    streams.record(
        session, actor, "grant.give", streams.named(row), stream_id=enrolment.stream_id,
        text={"person": person.name, "until": until.isoformat()},
    )  # fmt: skip
    return row
