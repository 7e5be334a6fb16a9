"""Who is asking, and the database session of the request.

A safe request reads and cannot write. An unsafe one writes, and who is asking is read again inside its transaction, so
that a role withdrawn a moment ago no longer counts. The idle time-out is the signed cookie's own age; nothing is
written to know it.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from flask import Flask, Response, current_app, g, request
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portfolio.accounts import queries, sign_in
from portfolio.accounts.actions import hash_token
from portfolio.accounts.actors import Actor
from portfolio.accounts.devices import device_words
from portfolio.db import ASKED_AGAIN, WORK_ASKED
from portfolio.errors import Uncertain
from portfolio.installation import Installation
from portfolio.web.cookies import give_token

log = logging.getLogger("portfolio.web")

UNCERTAIN = "The database went away at the last moment, so nobody knows whether this was saved."
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PENDING = "pending"


@dataclass(frozen=True, slots=True)
class SignedIn(UserMixin):
    """A person signed in: the token of the session, and who that is."""

    token: str
    actor: Actor

    def get_id(self) -> str:
        """What the cookie carries."""
        return self.token


class Manager(LoginManager):
    """Flask-Login with nothing but the session's own cookie to go by."""

    def _load_user(self) -> None:
        """Who the cookie names. By default another cookie, a header and the address would be looked at, at the price of
        a database query.
        """
        token = cookie.get("_user_id")
        self._update_request_context_with_user(_load(token) if token is not None else None)

    def _update_remember_cookie(self, response: Response) -> Response:
        """There is no such cookie."""
        return response


def installation() -> Installation:
    """The installation that this application serves."""
    return cast(Installation, current_app.extensions["installation"])


def database_session() -> Session:
    """The request's one database session, opened on first use."""
    database: Session | None = g.get("database_session")
    if database is None:
        database = g.database_session = installation().database.open(writing=request.method not in SAFE)
    return database


def commit() -> None:
    """Make the request's changes durable, and wake a worker whom they ask for something. Raises Uncertain when the
    database goes away over it.
    """
    try:
        database_session().commit()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Uncertain(UNCERTAIN) from error
        raise
    if database_session().info.pop(WORK_ASKED, False):
        installation().waker.wake()


@contextmanager
def looking_first() -> Iterator[None]:
    """A session of its own to read with, before the body of an unsafe request has arrived; it holds nothing after."""
    with installation().database.reading() as database:
        g.database_session = database
        try:
            yield
        finally:
            g.pop("database_session")


@contextmanager
def attempt() -> Iterator[None]:
    """What the block wrote is undone when it raises; what was written before it stays."""
    with database_session().begin_nested():
        yield


def is_for_script() -> bool:
    """Whether a script asks, which wants data rather than a page."""
    return request.accept_mimetypes.best == "application/json"


def actor() -> Actor:
    """Who is asking, in a view that somebody must be signed in for."""
    return cast(Actor, g.actor)


def signed_in_actor() -> Actor | None:
    """Who is asking, or None; read anew for each request."""
    user = current_user._get_current_object()  # noqa: SLF001 - as Flask documents for a proxy that is asked twice
    return user.actor if isinstance(user, SignedIn) else None


def refreshed(seen: Actor) -> Actor | None:
    """The same person as they are now, inside the request's transaction, and for as long as it lasts."""
    hours = installation().settings.session_hours
    now = queries.signed_in(database_session(), hash_token(current_user.token), hours=hours, is_held=True)
    return now if now is not None and now.person_id == seen.person_id else None


def ask_again(check: Callable[[], object]) -> None:
    """Have `check` run once more when the portfolio that is written to is held, where others may write meanwhile.

    SQLite lets one transaction write at a time: there, what was asked in it stands until it ends.
    """
    if installation().database.engine.dialect.name != "sqlite":
        database_session().info[ASKED_AGAIN] = check


def come_in(person_id: int, *, centre_id: int | None = None) -> bool:
    """Sign somebody in who has given or chosen their password; commits. False when their second step comes first: then
    the cookie says no more than that it is waited for.
    """
    database = database_session()
    pending = sign_in.pend(database, person_id, centre_id=centre_id)
    if pending is None:
        begin(person_id, centre_id=centre_id)
        return True
    end()
    cookie.permanent = True
    cookie[PENDING] = pending.packed()
    give_token()
    return False


def awaited() -> sign_in.Awaited | None:
    """Whose second step this browser is waited for to give."""
    packed = cookie.get(PENDING)
    if packed is None:
        return None
    with installation().database.reading() as database:
        return sign_in.awaited(database, packed)


def present_session() -> str:
    """The hash of the present session's token."""
    return hash_token(current_user.token)


def begin(person_id: int, *, centre_id: int | None = None) -> None:
    """Sign somebody in with a fresh session and a fresh cookie; commits."""
    database = database_session()
    end_present()
    device = device_words(request.user_agent.string)
    token = sign_in.begin(database, person_id, centre_id=centre_id, device=device)
    sign_in.sweep(database, hours=installation().settings.session_hours)
    database.commit()
    cookie.clear()
    cookie.permanent = True
    seen = queries.signed_in(database, hash_token(token), hours=installation().settings.session_hours)
    if seen is not None:
        login_user(SignedIn(token, seen))
    give_token()


def end_present() -> None:
    """End the session that this request came with, if any; the caller commits."""
    if current_user.is_authenticated:
        sign_in.end(database_session(), current_user.token)


def end() -> None:
    """Sign out: the session is over on the server and the cookie is emptied; commits."""
    end_present()
    database_session().commit()
    logout_user()
    cookie.clear()


def _load(token: str) -> SignedIn | None:
    served = installation()
    hours = served.settings.session_hours
    if request.method in SAFE:
        seen = queries.signed_in(database_session(), hash_token(token), hours=hours)
    else:
        with served.database.reading() as database:
            seen = queries.signed_in(database, hash_token(token), hours=hours)
    return SignedIn(token, seen) if seen else None


def _close(_error: BaseException | None) -> None:
    database = g.pop("database_session", None)
    if database is None:
        return
    try:
        database.close()
    except DBAPIError:
        log.warning("a connection was lost at the end of a request", exc_info=True)


def install(app: Flask) -> None:
    """Read the cookie with Flask-Login; close the database session at the end of each request."""
    Manager(app, add_context_processor=False)  # no page asks, and an error page must not
    app.teardown_request(_close)
