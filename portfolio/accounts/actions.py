"""People come, lose roles, and choose passwords. What ends a session takes effect at the next request."""

import hashlib
import secrets
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import queries
from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Attempt, Membership, Person, Token
from portfolio.accounts.passwords import Passwords, check_new_password
from portfolio.accounts.rules import INVITATION_LIFE, RESET_LIFE, AttemptKind, Role, TokenKind, normal_email
from portfolio.accounts.sessions import end_sessions
from portfolio.audit import streams
from portfolio.audit.events import Doer, System
from portfolio.centres.models import Centre
from portfolio.errors import InvalidState, NotFound, Rejected
from portfolio.notices.actions import tell
from portfolio.notices.rules import NoticeKind

LINK_IS_DEAD = "This link has been used or is out of date. Ask for a new one."


def hash_token(text: str) -> str:
    """What is kept of a random token."""
    return hashlib.sha256(text.encode()).hexdigest()


def invite(
    session: Session, actor: Doer, centre: Centre, *, email: str, name: str, role: Role, qualified: bool = True
) -> tuple[Membership, str]:
    """Give somebody a role and answer the text of a one-use link. Whether they had an account already stays hidden."""
    address = normal_email(email)
    if "@" not in address:
        raise Rejected("Give a whole e-mail address, such as name@example.org.", "email")
    if not name.strip():
        raise Rejected("Give the person's name.", "name")
    session.execute(select(Centre.id).where(Centre.id == centre.id).with_for_update())
    person = queries.person_by_email(session, address)
    if person is None:
        person = Person(email=address, name=name.strip())
        session.add(person)
        session.flush()
    open_row = session.scalar(
        select(Membership).where(
            Membership.person_id == person.id,
            Membership.centre_id == centre.id,
            Membership.role == role,
            or_(Membership.until.is_(None), Membership.until > clock.today()),
        )
    )
    if open_row is not None:
        raise Rejected("That person already has this role here.", "email")
    membership = Membership(
        person_id=person.id,
        centre_id=centre.id,
        role=role,
        qualified=qualified or role is not Role.ASSESSOR,
        since=clock.today(),
    )
    session.add(membership)
    session.flush()
    link = new_token(session, person, centre, TokenKind.INVITATION)
    streams.record(
        session,
        actor,
        "membership.invite",
        streams.named(membership),
        stream_id=centre.stream_id,
        text={"email": address, "name": person.name, "role": role.value, "qualified": membership.qualified},
    )
    if person.password_hash:
        tell_of_role(session, actor, membership)
    return membership, link


def tell_of_role(session: Session, actor: Doer, membership: Membership) -> None:
    """Where the person is at home already, they find a notice of the new role."""
    homes = [id_ for id_, _name in queries.centres_of(session, membership.person_id) if id_ != membership.centre_id]
    tell(
        session,
        person_ids=[membership.person_id],
        by=actor.person_id if isinstance(actor, Actor) else None,
        centre_id=homes[0] if homes else membership.centre_id,
        kind=NoticeKind.INVITED,
        about=(Membership.__tablename__, membership.id),
        facts={},
    )


def new_token(session: Session, person: Person, centre: Centre, kind: TokenKind) -> str:
    """The text of a new one-use link; only its hash is kept."""
    token, text = made_token(person, centre, kind)
    session.add(token)
    session.flush()
    return text


def made_token(person: Person, centre: Centre, kind: TokenKind) -> tuple[Token, str]:
    """A new one-use link that is not stored yet, and its text."""
    text = secrets.token_urlsafe(32)
    life = INVITATION_LIFE if kind is TokenKind.INVITATION else RESET_LIFE
    token = Token(
        kind=kind,
        hash=hash_token(text),
        person_id=person.id,
        centre_id=centre.id,
        epoch=person.epoch,
        expires_at=clock.now() + life,
    )
    return token, text


def new_link(session: Session, actor: Doer, *, email: str) -> str:
    """A one-use link to hand over oneself: an invitation while there is no password, a reset link afterwards.

    Raises NotFound when nobody enabled with a role somewhere has the address.
    """
    person = queries.person_by_email(session, email)
    centres = queries.centres_of(session, person.id) if person is not None and person.disabled_at is None else []
    if person is None or not centres:
        raise NotFound("Nobody with this address has a role at a centre.")
    centre = session.get_one(Centre, centres[0][0])
    kind = TokenKind.RESET if person.password_hash else TokenKind.INVITATION
    link = new_token(session, person, centre, kind)
    streams.record(
        session, actor, "person.make_link", streams.named(person), stream_id=centre.stream_id, text={"kind": kind.value}
    )
    return link


def request_reset(session: Session, email: str) -> tuple[Person, str] | None:
    """A reset link for a known, enabled person with a role somewhere; None otherwise. The page says the same in both.

    An account gets a few in an hour, so that nobody can be flooded with mail.
    """
    person = queries.person_by_email(session, email)
    centres = queries.centres_of(session, person.id) if person is not None and person.disabled_at is None else []
    if person is None or not centres:
        return None
    session.add(Attempt(kind=AttemptKind.RESET, subject=person.email, at=clock.now()))
    session.flush()
    if queries.is_over_limit(session, AttemptKind.RESET, person.email):
        return None
    centre = session.get_one(Centre, centres[0][0])
    link = new_token(session, person, centre, TokenKind.RESET)
    streams.record(session, System(), "person.ask_reset", streams.named(person), stream_id=centre.stream_id)
    return person, link


def token_of(session: Session, text: str) -> Token:
    """The live token of a link. Raises NotFound when it was used, is out of date, or the epoch moved on."""
    token = session.scalar(select(Token).where(Token.hash == hash_token(text)).with_for_update())
    if token is None or token.used_at is not None or token.expires_at <= clock.now():
        raise NotFound(LINK_IS_DEAD)
    if token.epoch != token.person.epoch or token.person.disabled_at is not None:
        raise NotFound(LINK_IS_DEAD)
    return token


def use_link(session: Session, passwords: Passwords, text: str, *, password: str) -> Person:
    """Set a password by a one-use link. Every other session and link of the person ends."""
    token = token_of(session, text)
    person = token.person
    if token.kind is TokenKind.INVITATION and person.password_hash:
        raise InvalidState("You have a password already. Accept the invitation with it.")
    check_new_password(password, email=person.email, name=person.name)
    token.used_at = clock.now()
    person.password_hash = passwords.hash(password)
    person.epoch += 1
    end_sessions(session, person.id)
    centre = session.get_one(Centre, token.centre_id)
    session.flush()
    streams.record(
        session, System(), f"person.use_{token.kind.value}", streams.named(person), stream_id=centre.stream_id
    )
    return person


def accept_invitation(session: Session, text: str) -> Person:
    """Somebody who already has a password takes up an invitation; the link is used, nothing else changes."""
    token = token_of(session, text)
    if not token.person.password_hash:
        raise InvalidState("Choose a password first.")
    token.used_at = clock.now()
    centre = session.get_one(Centre, token.centre_id)
    session.flush()
    streams.record(session, System(), "person.use_invitation", streams.named(token.person), stream_id=centre.stream_id)
    return token.person


def change_password(session: Session, actor: Actor, passwords: Passwords, *, current: str, new: str) -> Person:
    """A new password for oneself. Every session ends, this one too: the edge begins a fresh one."""
    person = session.get_one(Person, actor.person_id, with_for_update=True)
    if not passwords.is_right(person.password_hash, current):
        raise Rejected("That is not your present password.", "current")
    if current == new:
        raise Rejected("The new password is the present one. Choose another.", "password")
    check_new_password(new, email=person.email, name=person.name)
    person.password_hash = passwords.hash(new)
    person.epoch += 1
    end_sessions(session, person.id)
    session.flush()
    streams.record(session, actor, "person.change_password", streams.named(person), stream_id=actor.centre_stream_id)
    return person


def withdraw_role(session: Session, actor: Actor, membership: Membership, *, on: date | None = None) -> None:
    """The role ends today, so that the person's next request no longer has it, or on a later day. A centre keeps an
    administrator whose role has no end.
    """
    today = clock.today()
    ends = on or today
    session.refresh(membership, with_for_update=True)
    session.execute(select(Centre.id).where(Centre.id == membership.centre_id).with_for_update())
    if membership.until is not None and membership.until <= today:
        raise InvalidState("This role has ended already.")
    if ends < today:
        raise Rejected("A role ends today or on a later day. What was done until now was done with it.", "on")
    if membership.role is Role.ADMINISTRATOR and membership.since <= today:
        check_administered(session, membership.centre_id, without=membership.person_id)
    membership.until = ends
    session.flush()
    if membership.centre_id not in {id_ for id_, _name in queries.centres_of(session, membership.person_id)}:
        end_sessions(session, membership.person_id, centre_id=membership.centre_id)
    streams.record(
        session,
        actor,
        "membership.withdraw",
        streams.named(membership),
        stream_id=actor.centre_stream_id,
        text={"role": membership.role.value} | ({"on": ends.isoformat()} if ends > today else {}),
    )


def check_administered(session: Session, centre_id: int, *, without: int) -> None:
    """Raises InvalidState unless somebody else runs the centre, can sign in, and will not stop on a day that is set."""
    if not set(queries.administrators(session, centre_id)) - {without}:
        raise InvalidState(
            "This is the only {centre administrator} here who can sign in and whose role has no end. Invite another "
            "one first, and wait until they have chosen a password."
        )


def set_password(
    session: Session, actor: Doer, passwords: Passwords, person: Person, password: str, centre: Centre
) -> None:
    """Set somebody's password outright, as the command line and the demo do; ends every session and link."""
    check_new_password(password, email=person.email, name=person.name)
    person.password_hash = passwords.hash(password)
    person.epoch += 1
    end_sessions(session, person.id)
    session.flush()
    streams.record(session, actor, "person.set_password", streams.named(person), stream_id=centre.stream_id)


def disable(session: Session, actor: Doer, person: Person, centre: Centre) -> None:
    """Nobody can sign in as this person any more; what they did stays. A centre keeps an administrator."""
    session.execute(select(Centre.id).where(Centre.id == centre.id).with_for_update())
    if person.disabled_at is not None:
        raise InvalidState("This account is disabled already.")
    if isinstance(actor, Actor):
        check_own(session, person, centre.id)
    if person.id in queries.administrators(session, centre.id):
        check_administered(session, centre.id, without=person.id)
    end_sessions(session, person.id)
    person.disabled_at = clock.now()
    person.epoch += 1
    session.flush()
    streams.record(session, actor, "person.disable", streams.named(person), stream_id=centre.stream_id)


def check_own(session: Session, person: Person, centre_id: int) -> None:
    """Raises InvalidState when the person has a role at another centre: the account is then not this centre's alone."""
    if queries.is_elsewhere(session, person.id, centre_id):
        raise InvalidState(
            f"{person.name} has a role at another centre too, so the account itself is not yours alone to change. You "
            "can end the roles that the person has here."
        )
