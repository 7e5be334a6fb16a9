"""Short ways to say what happens at an assessor's desk."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.accounts import actions as accounts
from portfolio.accounts.models import Membership, Person
from portfolio.accounts.rules import Role
from portfolio.assessment import marking
from portfolio.assessment.models import ItemReview, Judgement, SubmissionItem
from portfolio.assessment.queries import live_claims, standings
from portfolio.assessment.rules import Mark
from portfolio.audit.events import System
from portfolio.audit.models import AuditEvent
from portfolio.centres.models import Centre
from portfolio.criteria.models import Criterion
from portfolio.enrolment.models import Allocation, Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.mapping import actions as mapping
from portfolio.mapping.coverage import State
from portfolio.mapping.rules import Outcome
from tests.cast import ALL_TICKED, Cast, add_file, hand_in, item, wanted

NEEDS = "Say where the call note is kept."


def opened(session: Session, cast: Cast, by: str, name: str = "amina E002") -> SubmissionItem:
    """A handed-in item that somebody has begun with."""
    found = item(session, cast, name)
    marking.open_item(session, cast.actor(by, session), found)
    return found


def marks(session: Session, handed_in: SubmissionItem, *outcomes: Outcome | None) -> list[Mark]:
    """A mark for each claim in turn, with what such a decision needs beside it."""
    claims = marking.claims_on(session, handed_in)
    return [
        Mark(claim.id, outcome, outcome is Outcome.MET, "" if outcome in {Outcome.MET, None} else NEEDS)
        for claim, outcome in zip(claims, outcomes, strict=True)
    ]


def save(
    session: Session, cast: Cast, by: str, handed_in: SubmissionItem, *outcomes: Outcome | None, rev: int = 0
) -> ItemReview:
    """Save a review with V, A, R and C ticked."""
    return marking.save_review(
        session,
        cast.actor(by, session),
        handed_in,
        varc=ALL_TICKED,
        marks=marks(session, handed_in, *outcomes),
        feedback="You kept your limit in view.",
        rev=rev,
    )


def judged(session: Session, cast: Cast, by: str, handed_in: SubmissionItem, *outcomes: Outcome) -> list[Judgement]:
    """Save and release."""
    save(session, cast, by, handed_in, *outcomes)
    return marking.release(session, cast.actor(by, session), handed_in)


def states(session: Session, cast: Cast, name: str = "amina") -> dict[str, State]:
    """The state of every criterion that is not a gap, by code."""
    found = standings(live_claims(session, [cast.enrolments[name]]))
    return {session.get_one(Criterion, criterion).code: one.state for (_unit, criterion), one in found.items()}


def verbs(session: Session, cast: Cast, name: str = "amina") -> list[str]:
    """What the trail of an enrolment says was done."""
    stream_id = session.get_one(Enrolment, cast.enrolments[name]).stream_id
    query = select(AuditEvent.verb).where(AuditEvent.stream_id == stream_id).order_by(AuditEvent.seq)
    return list(session.scalars(query))


def give_role(session: Session, cast: Cast, name: str, role: Role) -> None:
    """One more role for somebody of the first centre."""
    centre = session.get_one(Centre, cast.homes["ada"])
    person = session.get_one(Person, cast.people[name])
    accounts.invite(session, System(), centre, email=person.email, name=person.name, role=role)


def allocate_row(
    session: Session, cast: Cast, name: str, learner: str, duty: Duty = Duty.ASSESS, *, unit_id: int | None = None
) -> Allocation:
    """An allocation as a row, where the action would refuse it or cannot make it."""
    enrolment = session.get_one(Enrolment, cast.enrolments[learner])
    row = Allocation(
        enrolment_id=enrolment.id,
        enrolment_unit_id=unit_id,
        person_id=cast.people[name],
        duty=duty,
        since=enrolment.started_on,
    )
    session.add(row)
    session.flush()
    session.expire(enrolment, ["allocations"])
    return row


def set_qualified(session: Session, cast: Cast, name: str, *, qualified: bool) -> None:
    """Somebody becomes a trainee, or is one no longer."""
    query = select(Membership).where(Membership.person_id == cast.people[name], Membership.role == Role.ASSESSOR)
    session.scalars(query).one().qualified = qualified
    session.flush()


def handed_in_by(session: Session, cast: Cast, learner: str, title: str, codes: dict[str, str]) -> SubmissionItem:
    """One more item of a learner, mapped and handed in."""
    from_learner = session.get_one(Enrolment, cast.enrolments[learner])
    evidence = add_file(session, cast.installation, cast, learner, title, title.encode())
    mapping.map_to(session, cast.actor(learner, session), evidence, wanted=wanted(session, from_learner, codes))
    return hand_in(session, cast, learner, evidence, evidence.ref).items[0]
