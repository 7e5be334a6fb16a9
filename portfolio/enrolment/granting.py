"""What an external quality assurer may see, beyond the one grant: for many learners at once, for a shorter or longer
time, and taken back. A grant ends with its day; one that was taken back ended yesterday.
"""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Grant, Membership, Person
from portfolio.accounts.rules import Role
from portfolio.audit import streams
from portfolio.audit.events import Doer, facts_digest
from portfolio.centres.models import Centre
from portfolio.enrolment.actions import grant, has_role, lock
from portfolio.enrolment.allocating import BATCH_MOST
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState, Rejected


def change_grant(session: Session, actor: Doer, enrolment: Enrolment, grant_id: int, *, until: date) -> None:
    """Another last day for a grant that is not over: later, or sooner, today at the soonest."""
    enrolment = lock(session, enrolment.id, even_over=True)
    row, person = _running(session, enrolment, grant_id)
    if until < clock.today():
        raise Rejected("The last day of access lies in the past. To end it at once, withdraw it.", "until")
    if until == row.until:
        raise Rejected("This is the last day already.", "until")
    was, row.until = row.until, until
    session.flush()
    streams.record(
        session, actor, "grant.change", streams.named(row), stream_id=enrolment.stream_id,
        text={"person": person.name, "until": until.isoformat(), "was": was.isoformat()},
    )  # fmt: skip


def withdraw_grant(session: Session, actor: Doer, enrolment: Enrolment, grant_id: int) -> None:
    """The external quality assurer's next request no longer sees the enrolment."""
    enrolment = lock(session, enrolment.id, even_over=True)
    row, person = _running(session, enrolment, grant_id)
    row.until = clock.today() - timedelta(days=1)
    session.flush()
    streams.record(
        session, actor, "grant.withdraw", streams.named(row), stream_id=enrolment.stream_id,
        text={"person": person.name},
    )  # fmt: skip


def _running(session: Session, enrolment: Enrolment, grant_id: int) -> tuple[Grant, Person]:
    found = session.execute(
        select(Grant, Person)
        .join(Membership, Membership.id == Grant.membership_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Grant.id == grant_id, Grant.enrolment_id == enrolment.id, Grant.until >= clock.today())
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise InvalidState("This access has ended already.")
    row, person = found
    return row, person


def grant_many(
    session: Session, actor: Doer, centre: Centre, *, person: Person, enrolment_ids: Collection[int], until: date
) -> int:
    """The same access to many enrolments at once; whoever has it for as long already keeps it. All or nothing.

    Answers how many grants were given. One event for each enrolment, and one with count and digest for the centre.
    """
    membership = has_role(session, person, centre.id, Role.EQA)
    if until < clock.today():
        raise Rejected("The last day of access lies in the past.", "until")
    if not enrolment_ids:
        raise Rejected("Choose at least one {learner}.", "learners")
    if len(enrolment_ids) > BATCH_MOST:
        raise Rejected(f"Choose at most {BATCH_MOST} {{learners}} at a time.", "learners")
    enrolments = session.scalars(
        select(Enrolment)
        .where(Enrolment.id.in_(enrolment_ids), Enrolment.centre_id == centre.id)
        .order_by(Enrolment.id)
    ).all()
    if len(enrolments) != len(set(enrolment_ids)):
        raise Rejected("One of these {learners} is not there any more. Look at the list again.", "learners")
    has = set(
        session.scalars(
            select(Grant.enrolment_id).where(
                Grant.membership_id == membership.id, Grant.enrolment_id.in_(enrolment_ids), Grant.until >= until
            )
        )
    )
    given = [
        grant(session, actor, enrolment, person=person, until=until)
        for enrolment in enrolments
        if enrolment.id not in has
    ]
    if not given:
        raise Rejected(f"{person.name} may see all of these until that day already.", "learners")
    uids = [enrolment.uid for enrolment in enrolments if enrolment.id not in has]
    streams.record(
        session,
        actor,
        "grant.give_many",
        streams.named(membership),
        stream_id=centre.stream_id,
        text={
            "person": person.name,
            "until": until.isoformat(),
            "count": len(given),
            "digest": facts_digest({"granted": uids}),
        },
    )
    return len(given)
