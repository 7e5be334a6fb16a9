"""Signing in and out. A guess is counted before it is looked at, so that no number of processes lets more through."""

import secrets
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import queries
from portfolio.accounts.actions import hash_token
from portfolio.accounts.models import Attempt, Person, SignInSession
from portfolio.accounts.passwords import Passwords
from portfolio.accounts.rules import AttemptKind, normal_email
from portfolio.db import Database
from portfolio.errors import Rejected

WRONG = "The e-mail address or the password is not right."
TOO_MANY = "Too many wrong tries. Wait five minutes, or use the link below to choose a new password."
KEPT_FOR = timedelta(days=1)


class TooManyTries(Rejected):
    """Right or wrong was not even looked at."""


def check(database: Database, passwords: Passwords, *, email: str, password: str, address: str) -> int:
    """The person's id when the password is right. Raises Rejected, in the same words for an unknown address, and
    TooManyTries at a limit.

    Commits its own counting: a guess stands in the database before the password is looked at, and is taken out again
    when it was right or was not looked at. So only failures count, and parallel guesses cannot slip past.
    """
    account = normal_email(email)[:254]
    guesses = [(AttemptKind.ACCOUNT, account), (AttemptKind.ADDRESS, address)]
    with database.writing() as session:
        session.execute(delete(Attempt).where(Attempt.at < clock.now() - KEPT_FOR))
        rows = [Attempt(kind=kind, subject=subject, at=clock.now()) for kind, subject in guesses]
        session.add_all(rows)
        session.commit()
        ids = [row.id for row in rows]
    with database.reading() as session:
        is_refused = any(queries.is_over_limit(session, kind, subject) for kind, subject in guesses)
        person = None if is_refused else queries.person_by_email(session, account)
    is_right = not is_refused and passwords.is_right(person.password_hash if person else "", password)
    if is_refused or is_right:
        with database.writing() as session:
            session.execute(delete(Attempt).where(Attempt.id.in_(ids)))
            session.commit()
    if is_refused:
        raise TooManyTries(TOO_MANY)
    if not is_right or person is None or person.disabled_at is not None:
        raise Rejected(WRONG)
    return person.id


def begin(session: Session, person_id: int, *, centre_id: int | None = None) -> str:
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
            hash=hash_token(token), person_id=person_id, centre_id=centre_id, epoch=person.epoch, created_at=clock.now()
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


def centre_of(session: Session, token: str) -> int | None:
    """Which centre a session is in."""
    return session.scalar(select(SignInSession.centre_id).where(SignInSession.hash == hash_token(token)))
