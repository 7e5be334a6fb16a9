"""What an administrator does for people who belong to the centre already: another role, a trainee who has qualified,
another name, the invitation once more, an account that was disabled.
"""

from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actions import check_own, new_token, tell_of_role
from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Membership, Person, Token
from portfolio.accounts.people_queries import has_invitation
from portfolio.accounts.rules import INVITATION_LIFE, ROLE_WORDS, Role, TokenKind
from portfolio.audit import streams
from portfolio.centres.models import Centre
from portfolio.errors import InvalidState, Rejected

NAME_MOST = 200
INVITATIONS_MOST, INVITATIONS_WITHIN = 3, timedelta(hours=1)


def give_role(
    session: Session, actor: Actor, person: Person, centre: Centre, *, role: Role, qualified: bool = True
) -> Membership:
    """Somebody who belongs to the centre has another role too, from today."""
    _hold_centre(session, centre)
    if person.disabled_at is not None:
        raise InvalidState("This account is disabled. Enable it first.")
    held = session.scalars(
        select(Membership).where(
            Membership.person_id == person.id,
            Membership.centre_id == centre.id,
            Membership.role == role,
            or_(Membership.until.is_(None), Membership.until > clock.today()),
        )
    ).first()
    if held is not None:
        ends = " It ends on a day that is set: end it today, then give it again." if held.until else ""
        raise Rejected(f"{person.name} has the role of {ROLE_WORDS[role]} already.{ends}", "role")
    membership = Membership(
        person_id=person.id,
        centre_id=centre.id,
        role=role,
        qualified=qualified or role is not Role.ASSESSOR,
        since=clock.today(),
    )
    session.add(membership)
    session.flush()
    streams.record(
        session,
        actor,
        "membership.give",
        streams.named(membership),
        stream_id=centre.stream_id,
        text={"name": person.name, "role": role.value, "qualified": membership.qualified},
    )
    if person.password_hash:
        tell_of_role(session, actor, membership)
    return membership


def change_standing(session: Session, actor: Actor, membership: Membership, *, qualified: bool, on: date) -> None:
    """A trainee has qualified on a day, or somebody who was said to be qualified is a trainee. What was decided before
    stays as it was decided: a trainee's decision still needs its countersignature.
    """
    session.execute(select(Centre.id).where(Centre.id == membership.centre_id).with_for_update())
    session.refresh(membership)
    if membership.role is not Role.ASSESSOR:
        raise InvalidState("Only assessors are qualified or trainees.")
    if membership.until is not None and membership.until <= clock.today():
        raise InvalidState("This role has ended already.")
    if membership.qualified is qualified:
        raise InvalidState("This is so already.")
    if not membership.since <= on <= clock.today():
        raise Rejected("Give a day on which the person had the role, today at the latest.", "on")
    ends = membership.until
    if on == membership.since:
        membership.qualified = qualified
    else:
        membership.until = on
        session.flush()
        membership = Membership(
            person_id=membership.person_id,
            centre_id=membership.centre_id,
            role=membership.role,
            qualified=qualified,
            since=on,
            until=ends,
        )
        session.add(membership)
    session.flush()
    streams.record(
        session,
        actor,
        "membership.change_standing",
        streams.named(membership),
        stream_id=actor.centre_stream_id,
        text={"qualified": qualified, "on": on.isoformat()},
    )


def rename(session: Session, actor: Actor, person: Person, centre: Centre, *, name: str) -> None:
    """Another name from now on; the trail keeps both."""
    kept = " ".join(name.split())
    if not kept:
        raise Rejected("Give the person's name.", "name")
    if len(kept) > NAME_MOST:
        raise Rejected(f"Keep the name to {NAME_MOST} characters.", "name")
    session.refresh(person, with_for_update=True)
    check_own(session, person, centre.id)
    if kept == person.name:
        raise Rejected("This is the name already.", "name")
    was, person.name = person.name, kept
    session.flush()
    streams.record(
        session,
        actor,
        "person.rename",
        streams.named(person),
        stream_id=centre.stream_id,
        text={"name": kept, "was": was},
    )


def invite_again(session: Session, actor: Actor, person: Person, centre: Centre) -> str:
    """A new one-use link for somebody who has not taken up the invitation; the older ones no longer work.

    Answers the link's text. Raises InvalidState when there is nothing to take up, or after some within an hour.
    """
    _hold_centre(session, centre)
    if person.disabled_at is not None:
        raise InvalidState("This account is disabled. Enable it first.")
    if not has_invitation(session, centre.id, person):
        raise InvalidState("There is no invitation to take up.")
    sent = session.scalars(
        select(Token).where(
            Token.person_id == person.id, Token.centre_id == centre.id, Token.kind == TokenKind.INVITATION
        )
    ).all()
    now = clock.now()
    if sum(token.expires_at - INVITATION_LIFE > now - INVITATIONS_WITHIN for token in sent) > INVITATIONS_MOST:
        raise InvalidState("Several invitations went out within the last hour. Wait a little before the next one.")
    for token in sent:
        if token.used_at is None:
            token.used_at = now
    link = new_token(session, person, centre, TokenKind.INVITATION)
    streams.record(session, actor, "person.invite_again", streams.named(person), stream_id=centre.stream_id)
    return link


def enable(session: Session, actor: Actor, person: Person, centre: Centre) -> None:
    """The account works again, with the password that it had. Sessions and links from before stay over."""
    session.refresh(person, with_for_update=True)
    if person.disabled_at is None:
        raise InvalidState("This account is not disabled.")
    check_own(session, person, centre.id)
    person.disabled_at = None
    person.epoch += 1
    session.flush()
    streams.record(session, actor, "person.enable", streams.named(person), stream_id=centre.stream_id)


def _hold_centre(session: Session, centre: Centre) -> None:
    session.execute(select(Centre.id).where(Centre.id == centre.id).with_for_update())
