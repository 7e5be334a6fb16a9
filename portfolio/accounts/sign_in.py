"""Signing in and out. A guess is counted before it is looked at, so that no number of processes lets more through.

Who has a second step is not signed in by the password alone: what stands then is a pending sign-in, which is good for a
few minutes and for the person as they were when they gave the password.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import queries, second_factor
from portfolio.accounts.actions import hash_token
from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Attempt, Person, SecondFactor, SignInSession
from portfolio.accounts.passwords import Passwords
from portfolio.accounts.rules import PENDING_LIFE, AttemptKind, normal_email
from portfolio.audit import streams
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.db import Database
from portfolio.errors import Rejected

WRONG = "The e-mail address or the password is not right."
WRONG_CODE = "That code is not right, or it was used already. Wait for the next one."
WRONG_RECOVERY = "That is none of the recovery codes that are left."
WRONG_PASSWORD = "That is not your password."  # noqa: S105
TOO_MANY = "Too many wrong tries. Wait five minutes, or use the link below to choose a new password."
TOO_MANY_CODES = "Too many wrong tries. Wait five minutes; after many of them in one day, until tomorrow."
KEPT_FOR = timedelta(days=1)

T = TypeVar("T")
Guess = tuple[AttemptKind, str]


class TooManyTries(Rejected):
    """Right or wrong was not even looked at."""


def check(database: Database, passwords: Passwords, *, email: str, password: str, address: str) -> int:
    """The person's id when the password is right. Raises Rejected, in the same words for an unknown address, and
    TooManyTries at a limit.
    """
    account = normal_email(email)[:254]

    def look() -> Person | None:
        with database.reading() as session:
            person = queries.person_by_email(session, account)
        is_right = passwords.is_right(person.password_hash if person else "", password)
        return person if is_right and person is not None and person.disabled_at is None else None

    person = _guess(database, [(AttemptKind.ACCOUNT, account), (AttemptKind.ADDRESS, address)], look, TOO_MANY)
    if person is None:
        raise Rejected(WRONG)
    if passwords.is_old(person.password_hash):
        _renew_hash(database, passwords, person.id, password)
    return person.id


def _guess(database: Database, guesses: Sequence[Guess], look: Callable[[], T | None], too_many: str) -> T | None:
    """What `look` answers, None for a wrong guess. Raises TooManyTries at a limit.

    Commits its own counting: a guess stands in the database before it is looked at, and is taken out again when it was
    right or was not looked at. So only failures count, and parallel guesses cannot slip past.
    """
    with database.writing() as session:
        session.execute(delete(Attempt).where(Attempt.at < clock.now() - KEPT_FOR))
        ids = _count(session, guesses)
        session.commit()
    with database.reading() as session:
        is_refused = any(queries.is_over_limit(session, kind, subject) for kind, subject in guesses)
    found = None if is_refused else look()
    if is_refused or found is not None:
        with database.writing() as session:
            session.execute(delete(Attempt).where(Attempt.id.in_(ids)))
            session.commit()
    if is_refused:
        raise TooManyTries(too_many)
    return found


def _count(session: Session, guesses: Sequence[Guess]) -> list[int]:
    rows = [Attempt(kind=kind, subject=subject, at=clock.now()) for kind, subject in guesses]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def _renew_hash(database: Database, passwords: Passwords, person_id: int, password: str) -> None:
    """Hash the password again with the settings of today: only now is it known."""
    with database.writing() as session:
        person = session.get_one(Person, person_id, with_for_update=True)
        centres = queries.centres_of(session, person_id)
        if not centres or not passwords.is_right(person.password_hash, password):
            return
        person.password_hash = passwords.hash(password)
        session.flush()
        stream_id = session.get_one(Centre, centres[0][0]).stream_id
        streams.record(session, System(), "person.renew_hash", streams.named(person), stream_id=stream_id)
        session.commit()


def check_again(
    session: Session, passwords: Passwords, actor: Actor, *, password: str, address: str, field: str = "password"
) -> None:
    """Somebody who is signed in gives the password once more, so that nobody else at their screen changes the account.

    Raises Rejected, and TooManyTries at the limits of signing in; what is counted then, the edge commits.
    """
    person = session.get_one(Person, actor.person_id)
    guesses = [(AttemptKind.ACCOUNT, person.email), (AttemptKind.ADDRESS, address)]
    ids = _count(session, guesses)
    is_refused = any(queries.is_over_limit(session, kind, subject) for kind, subject in guesses)
    is_right = not is_refused and passwords.is_right(person.password_hash, password)
    if is_refused or is_right:
        session.execute(delete(Attempt).where(Attempt.id.in_(ids)))
    if is_refused:
        raise TooManyTries("Too many wrong tries. Wait five minutes.", field)
    if not is_right:
        raise Rejected(WRONG_PASSWORD, field)


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody gave their password, and their second step is waited for. `centre_id` is where they go on; 0 is any."""

    person_id: int
    epoch: int
    centre_id: int
    since: int
    """In seconds of the epoch."""

    def packed(self) -> list[int]:
        """As it is kept in a signed cookie."""
        return [self.person_id, self.epoch, self.centre_id, self.since]


def pend(session: Session, person_id: int, *, centre_id: int | None) -> Pending | None:
    """What stands after the password where a second step is asked for; None where the password is enough."""
    if not second_factor.is_asked_for(session, person_id):
        return None
    person = session.get_one(Person, person_id)
    return Pending(person_id, person.epoch, centre_id or 0, int(clock.now().timestamp()))


@dataclass(frozen=True, slots=True)
class Awaited:
    """Whose second step is waited for, and what is counted against when it is wrong."""

    pending: Pending
    email: str
    subject: str


def awaited(session: Session, packed: Any) -> Awaited | None:
    """A pending sign-in while it is good: in time, and the person as they were, enabled, with a second step."""
    if not isinstance(packed, list) or len(packed) != 4 or not all(isinstance(one, int) for one in packed):
        return None
    pending = Pending(*packed)
    if datetime.fromtimestamp(pending.since, UTC) + PENDING_LIFE <= clock.now():
        return None
    person = session.scalar(
        select(Person)
        .join(SecondFactor, SecondFactor.person_id == Person.id)
        .where(
            Person.id == pending.person_id,
            Person.epoch == pending.epoch,
            Person.disabled_at.is_(None),
            SecondFactor.confirmed_at.is_not(None),
        )
    )
    return Awaited(pending, person.email, f"{person.uid} {person.epoch}") if person is not None else None


def check_code(database: Database, waiting: Awaited, *, code: str, address: str, is_recovery: bool = False) -> None:
    """The second step is right, and cannot be taken again. Raises Rejected, and TooManyTries at a limit.

    Wrong codes count by account, until its password changes, and by address.
    """
    take = second_factor.take_recovery if is_recovery else second_factor.take_code

    def look() -> bool | None:
        with database.writing() as session:
            is_right = take(session, waiting.pending.person_id, code)
            session.commit()
        return is_right or None

    guesses = [(AttemptKind.CODE, waiting.subject), (AttemptKind.ADDRESS, address)]
    if _guess(database, guesses, look, TOO_MANY_CODES) is None:
        raise Rejected(WRONG_RECOVERY if is_recovery else WRONG_CODE, "code")


def begin(session: Session, person_id: int, *, centre_id: int | None = None, device: str = "") -> str:
    """A new session for a person; answers the token for the cookie. Raises Rejected when there is no role anywhere."""
    person = session.get_one(Person, person_id)
    centres = [id_ for id_, _name in queries.centres_of(session, person_id)]
    if centre_id not in centres:
        if not centres:
            raise Rejected("You have no role at any centre at present. Ask your centre to invite you again.")
        centre_id = centres[0]
    token = secrets.token_urlsafe(32)
    session.add(
        SignInSession(
            hash=hash_token(token),
            person_id=person_id,
            centre_id=centre_id,
            epoch=person.epoch,
            created_at=clock.now(),
            device=device,
        )
    )
    session.flush()
    return token


def end(session: Session, token: str) -> None:
    """The session is over, whoever still has its cookie."""
    session.execute(delete(SignInSession).where(SignInSession.hash == hash_token(token)))


def sweep(session: Session, *, hours: int) -> None:
    """Remove sessions that are over by age."""
    session.execute(delete(SignInSession).where(SignInSession.created_at < clock.now() - timedelta(hours=hours)))
