"""What an administrator does for people who belong to the centre already: another role, a trainee who has qualified,
another name, the invitation once more, an account that was disabled. And a name that somebody mends for themselves.
"""

from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import queries
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
    session: Session,
    actor: Actor,
    person: Person,
    centre: Centre,
    *,
    role: Role,
    qualified: bool = True,
    since: date | None = None,
) -> Membership:
    """Somebody who belongs to the centre has another role too, from today or a later day; it does nothing before."""
    _hold_centre(session, centre)
    if person.disabled_at is not None:
        raise InvalidState("This account is disabled. Enable it first.")
    begins = since or clock.today()
    if begins < clock.today():
        raise Rejected("A role begins today or on a later day.", "since")
    _check_free(session, person, centre, role, begins)
    membership = Membership(
        person_id=person.id,
        centre_id=centre.id,
        role=role,
        qualified=qualified or role is not Role.ASSESSOR,
        since=begins,
    )
    session.add(membership)
    session.flush()
    streams.record(
        session,
        actor,
        "membership.give",
        streams.named(membership),
        stream_id=centre.stream_id,
        text={"name": person.name, "role": role.value, "qualified": membership.qualified}
        | ({"since": begins.isoformat()} if begins > clock.today() else {}),
    )
    if person.password_hash:
        tell_of_role(session, actor, membership)
    return membership


def _check_free(session: Session, person: Person, centre: Centre, role: Role, begins: date) -> None:
    """Raises Rejected when somebody has the role on that day or after it."""
    held = session.scalars(
        select(Membership)
        .where(
            Membership.person_id == person.id,
            Membership.centre_id == centre.id,
            Membership.role == role,
            or_(Membership.until.is_(None), Membership.until > begins),
            or_(Membership.until.is_(None), Membership.until > Membership.since),
        )
        .order_by(Membership.since)
    ).first()
    if held is None:
        return
    word = f"{{{ROLE_WORDS[role]}}}"
    if held.since > clock.today():
        raise Rejected(f"{person.name} gets the role of {word} on {_in_words(held.since)} already.", "role")
    ends = f" It ends on {_in_words(held.until)}: give it from that day on." if held.until else ""
    raise Rejected(f"{person.name} has the role of {word} already.{ends}", "role")


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def change_standing(session: Session, actor: Actor, membership: Membership, *, qualified: bool, on: date) -> None:
    """A trainee has qualified on a day, or somebody who was said to be qualified is a trainee. What was decided before
    stays as it was decided: a trainee's decision still needs its countersignature.
    """
    session.execute(select(Centre.id).where(Centre.id == membership.centre_id).with_for_update())
    session.refresh(membership)
    if membership.role is not Role.ASSESSOR:
        raise InvalidState("Only {assessors} are qualified or {trainee assessors}.")
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
    """Another name from now on, of somebody who has a role nowhere else; the trail keeps both."""
    session.refresh(person, with_for_update=True)
    check_own(session, person, centre.id)
    _record_name(session, actor, person, centre.stream_id, _named(session, person, name))


def rename_oneself(session: Session, actor: Actor, *, name: str) -> None:
    """Another name for oneself, at every centre; the trail of each keeps both."""
    person = session.get_one(Person, actor.person_id, with_for_update=True)
    was = _named(session, person, name)
    for centre_id, _name in queries.centres_of(session, person.id):
        doer = queries.actor(session, person_id=person.id, centre_id=centre_id)
        if doer is not None:
            _record_name(session, doer, person, doer.centre_stream_id, was)


def _named(session: Session, person: Person, name: str) -> str:
    """Give the name, and answer what it was. Raises Rejected when it cannot be one."""
    kept = " ".join(name.split())
    if not kept:
        raise Rejected("Give the whole name.", "name")
    if len(kept) > NAME_MOST:
        raise Rejected(f"Keep the name to {NAME_MOST} characters.", "name")
    if kept == person.name:
        raise Rejected("This is the name already.", "name")
    was, person.name = person.name, kept
    session.flush()
    return was


def _record_name(session: Session, actor: Actor, person: Person, stream_id: int, was: str) -> None:
    told = {"name": person.name, "was": was}
    streams.record(session, actor, "person.rename", streams.named(person), stream_id=stream_id, text=told)


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
