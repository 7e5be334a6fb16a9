"""Enrolling a learner, allocating people, and granting an external quality assurer sight of an enrolment."""

from dataclasses import dataclass
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
from portfolio.db import ASKED_AGAIN, TOUCHED, hold
from portfolio.enrolment.models import Allocation, Cohort, Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import Duty, EnrolmentState, role_for
from portfolio.errors import InvalidState, Rejected

REGISTRATION_MOST = 40


def enrol(  # noqa: PLR0913 - each is a fact of the enrolment that the form asks for
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
    cohort: Cohort | None = None,
) -> Enrolment:
    """A learner begins a qualification with its first units, pinned as they are today; at once with an assessor."""
    has_role(session, learner, centre.id, Role.LEARNER, "learner")
    is_not_on(session, learner, centre, qualification)
    check_terms(qualification, started_on=started_on, due_on=due_on, registration_number=registration_number)
    if cohort is not None:
        join(session, centre.id, cohort)
    stream = streams.open_stream(session, "enrolment")
    enrolment = Enrolment(
        centre_id=centre.id,
        learner_id=learner.id,
        qualification_version_id=qualification.id,
        registration_number=registration_number.strip(),
        started_on=started_on,
        due_on=due_on,
        cohort_id=cohort.id if cohort else None,
        stream_id=stream.id,
    )
    session.add(enrolment)
    session.flush()
    codes = _take_first_units(session, enrolment, qualification)
    touch(session, enrolment)
    session.flush()
    streams.record(
        session,
        actor,
        "enrolment.enrol",
        streams.named(enrolment),
        stream_id=stream.id,
        text={"qualification": qualification.reference, "units": codes} | ({"cohort": cohort.name} if cohort else {}),
    )
    if assessor is not None:
        allocate(session, actor, enrolment, person=assessor, duty=Duty.ASSESS)
    return enrolment


def join(session: Session, centre_id: int, cohort: Cohort) -> None:
    """Hold a cohort that somebody comes into. Raises Rejected unless it is one of the centre's that is not closed."""
    hold(session, cohort)
    if cohort.centre_id != centre_id:
        raise Rejected("Choose {a cohort} of this centre.", "cohort")
    if cohort.closed_on is not None:
        raise Rejected("This {cohort} is closed. Choose another.", "cohort")


def check_terms(
    qualification: QualificationVersion, *, started_on: date, due_on: date | None, registration_number: str
) -> None:
    """Raises Rejected, on the field at fault, when nobody can be on the qualification like this."""
    if due_on is not None and due_on <= started_on:
        raise Rejected("The planned end comes before the start.", "due_on")
    if qualification.operational_end is not None and started_on > qualification.operational_end:
        last = in_words(qualification.operational_end)
        raise Rejected(f"The last day to start on this qualification was {last}. Choose another.", "qualification")
    if len(registration_number) > REGISTRATION_MOST:
        raise Rejected(f"Keep the registration number to {REGISTRATION_MOST} characters.", "registration_number")


def _take_first_units(session: Session, enrolment: Enrolment, qualification: QualificationVersion) -> list[str]:
    units = first_units(session, qualification)
    session.add_all(pinned(enrolment, unit) for unit in units)
    return [unit.code for unit in units]


@dataclass(frozen=True, slots=True)
class FirstUnit:
    """A unit that everybody who begins a qualification has from the start."""

    unit_version_id: int
    code: str
    group_code: str
    position: int


def first_units(session: Session, qualification: QualificationVersion) -> list[FirstUnit]:
    """Where the rules are known, all that is mandatory; where they are not, all that is known in full."""
    rules = rules_from(qualification.rules)
    mandatory = {group.code for group in rules.groups if group.kind is GroupKind.MANDATORY}
    rows = session.execute(
        select(QualificationUnit, UnitVersion)
        .join(UnitVersion, UnitVersion.id == QualificationUnit.unit_version_id)
        .where(QualificationUnit.qualification_version_id == qualification.id)
        .order_by(QualificationUnit.position)
    )
    return [
        FirstUnit(unit.id, unit.code, offered.group_code, offered.position)
        for offered, unit in rows
        if (offered.group_code in mandatory if rules.is_known else not unit.is_outline)
    ]


def pinned(enrolment: Enrolment, unit: FirstUnit) -> EnrolmentUnit:
    """A unit as the learner takes it, in the version that it has today."""
    return EnrolmentUnit(
        enrolment_id=enrolment.id,
        unit_version_id=unit.unit_version_id,
        unit_code=unit.code,
        group_code=unit.group_code,
        position=unit.position,
    )


def is_not_on(session: Session, learner: Person, centre: Centre, qualification: QualificationVersion) -> None:
    """Raises Rejected when an enrolment of the learner's on this qualification is under way."""
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


def has_role(session: Session, person: Person, centre_id: int, role: Role, field: str = "person") -> Membership:
    """The role that somebody has here today. Raises Rejected for anybody else."""
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


def lock(session: Session, enrolment_id: int, *, even_over: bool = False) -> Enrolment:
    """The enrolment, held until the transaction ends, its version raised. Every write to a portfolio begins here.

    Raises InvalidState when the enrolment is over. `even_over` is for what may happen all the same: personal data is
    taken out of it, an allocation ends, an external quality assurer looks at it, the learner comes back.
    """
    enrolment = held(session, enrolment_id, even_over=even_over)
    enrolment.version += 1
    touch(session, enrolment)
    return enrolment


def touch(session: Session, enrolment: Enrolment) -> None:
    """Note that what is worked out from an enrolment is to be settled before this is committed."""
    session.info.setdefault(TOUCHED, set()).add(enrolment.id)


def held(session: Session, enrolment_id: int, *, even_over: bool = False) -> Enrolment:
    """The enrolment as `lock` holds it, for what is noted beside a portfolio and changes nothing in it."""
    enrolment = session.get_one(Enrolment, enrolment_id)
    hold(session, enrolment)
    may_still = session.info.pop(ASKED_AGAIN, None)
    if may_still is not None:
        may_still()
    if enrolment.state is not EnrolmentState.ACTIVE and not even_over:
        raise InvalidState("This enrolment is over, so its {portfolio} can no longer be changed.")
    return enrolment


def allocate(
    session: Session,
    actor: Doer,
    enrolment: Enrolment,
    *,
    person: Person,
    duty: Duty,
    since: date | None = None,
    until: date | None = None,
    unit: EnrolmentUnit | None = None,
) -> Allocation:
    """Somebody has a duty towards the learner, or towards one unit, from a day (today) until the day before `until`.

    Nobody is allocated to their own portfolio, and nobody twice to the same thing on the same day.
    """
    since = since or clock.today()
    membership = has_role(session, person, enrolment.centre_id, role_for(duty))
    check_fits(enrolment, person, duty, is_qualified=membership.qualified)
    enrolment = lock(session, enrolment.id)
    session.expire(enrolment, ["allocations"])
    if unit is not None and unit.enrolment_id != enrolment.id:
        raise Rejected("Choose one of the {learner}'s {units}.", "unit")
    check_days(enrolment, since, until)
    unit_id = unit.id if unit else None
    if any(
        a.person_id == person.id
        and a.duty is duty
        and a.enrolment_unit_id in {None, unit_id}
        and is_overlapping(a, since, until)
        for a in enrolment.allocations
    ):
        raise Rejected(f"{person.name} already does this for the {{learner}} on these days.", "person")
    allocation = Allocation(
        enrolment_id=enrolment.id, enrolment_unit_id=unit_id, person_id=person.id, duty=duty, since=since, until=until
    )
    session.add(allocation)
    session.flush()
    session.expire(enrolment, ["allocations"])
    streams.record(
        session,
        actor,
        "allocation.begin",
        streams.named(allocation),
        stream_id=enrolment.stream_id,
        text=told_of(allocation, person.name, unit.unit_code if unit else ""),
    )
    return allocation


def check_fits(enrolment: Enrolment, person: Person, duty: Duty, *, is_qualified: bool) -> None:
    """Raises Rejected for the learner, and for a trainee who would countersign."""
    if person.id == enrolment.learner_id:
        raise Rejected("Nobody assesses their own {portfolio}.", "person")
    if duty is Duty.COUNTERSIGN and not is_qualified:
        raise Rejected("Only a qualified {assessor} can countersign.", "person")


def check_days(enrolment: Enrolment, since: date, until: date | None) -> None:
    """Raises Rejected for an allocation before the learner's start, or one that ends before it begins."""
    earliest = min(enrolment.started_on, clock.today())
    if since < earliest:
        raise Rejected(f"The first day comes before the {{learner}}'s start on {in_words(earliest)}.", "since")
    if until is not None and until <= since:
        raise Rejected("The last day comes before the first.", "last")


def is_overlapping(allocation: Allocation, since: date, until: date | None) -> bool:
    """Whether it holds on a day from `since` until the day before `until`."""
    ends = allocation.until
    return (ends is None or (ends > since and ends > allocation.since)) and (until is None or allocation.since < until)


def told_of(allocation: Allocation, name: str, unit_code: str) -> dict[str, str]:
    """An allocation as the trail tells it; what is as ever goes without saying."""
    text = {"person": name, "duty": allocation.duty.value}
    if unit_code:
        text["unit"] = unit_code
    if allocation.since != clock.today():
        text["since"] = allocation.since.isoformat()
    if allocation.until is not None:
        text["until"] = allocation.until.isoformat()
    return text


def end_allocation(
    session: Session, actor: Actor, enrolment: Enrolment, allocation_id: int, *, on: date | None = None
) -> None:
    """The duty ends: `on` is the first day without it, today unless it says a later one; what was decided stays."""
    today = clock.today()
    enrolment = lock(session, enrolment.id, even_over=True)
    session.expire(enrolment, ["allocations"])
    allocation = running(enrolment, allocation_id)
    ends = on or max(today, allocation.since)
    if ends < max(today, allocation.since):
        raise Rejected("An allocation ends today or on a later day, and not before it has begun.", "last")
    allocation.until = ends
    session.flush()
    streams.record(
        session, actor, "allocation.end", streams.named(allocation), stream_id=enrolment.stream_id,
        text={"person": allocation.person.name, "duty": allocation.duty.value}
        | ({"until": ends.isoformat()} if ends > today else {}),
    )  # fmt: skip


def running(enrolment: Enrolment, allocation_id: int) -> Allocation:
    """An allocation of the enrolment that holds today or on a later day. Raises InvalidState for any other."""
    today = clock.today()
    for row in enrolment.allocations:
        if row.id == allocation_id and (row.until is None or row.until > max(today, row.since)):
            return row
    raise InvalidState("This allocation has ended already.")


def grant(session: Session, actor: Doer, enrolment: Enrolment, *, person: Person, until: date) -> Grant:
    """An external quality assurer may see this enrolment, up to and including a day; also one that is over."""
    membership = has_role(session, person, enrolment.centre_id, Role.EQA)
    if until < clock.today():
        raise Rejected("The last day of access lies in the past.", "until")
    lock(session, enrolment.id, even_over=True)
    row = Grant(membership_id=membership.id, enrolment_id=enrolment.id, until=until)
    session.add(row)
    session.flush()
    streams.record(
        session, actor, "grant.give", streams.named(row), stream_id=enrolment.stream_id,
        text={"person": person.name, "until": until.isoformat()},
    )  # fmt: skip
    return row
