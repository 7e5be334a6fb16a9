"""The signed cookie, and the token in each form that proves that the page came from us.

Its own age is the idle time-out: it is signed anew when it is used, but not twice within a minute. Assets come without
it. A cookie that was proved is known again by all of its text, for a while; how old it is, and whether its session is
over, is asked with every request.
"""

import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from flask import Flask, Request, Response, current_app
from flask import session as cookie
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

from portfolio.kept import Kept

ASSETS = "/static/"
TOKEN = "csrf_token"  # noqa: S105 - where Flask-WTF looks for it
TOKEN_SALT = "wtf-csrf-token"  # noqa: S105
AGAIN_AFTER = 60
"""How many seconds old a cookie is before it is signed anew."""
KEPT_MOST = 5_000


def give_token() -> None:
    """Let the session have a token of its own."""
    cookie[TOKEN] = secrets.token_hex(20)


class Proved(NamedTuple):
    """What a cookie of ours says, and when it was signed, in seconds."""

    said: Mapping[str, Any]
    signed_at: int


class Opened(SecureCookieSession):
    """What a cookie said, and when it was signed: in seconds; 0 when there was none."""

    signed_at = 0


def _value_in(sent: str, name: str) -> str:
    """One cookie among those that were sent; to read them all would take a twentieth of a light page. What is ours is
    never quoted.
    """
    for one in sent.split(";"):
        called, _, value = one.strip().partition("=")
        if called == name:
            return value
    return ""


class Cookies(SecureCookieSessionInterface):
    """Opens and signs the cookie, as Flask does, with one serializer for good."""

    session_class = Opened

    def __init__(self, app: Flask) -> None:
        self._sealer = cast(URLSafeTimedSerializer, super().get_signing_serializer(app))
        self._clock = cast(TimestampSigner, self._sealer.make_signer())
        self._tokens = URLSafeTimedSerializer(cast(str, app.secret_key), salt=TOKEN_SALT)
        self._signed = Kept[str, str](KEPT_MOST)
        self._proved = Kept[str, Proved](KEPT_MOST)
        self._idle = int(app.permanent_session_lifetime.total_seconds())

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer:
        """The one that is kept."""
        return self._sealer

    def open_session(self, app: Flask, request: Request) -> Opened | None:
        """What the cookie says, when it is ours and not too old; None for assets, so that any cache may keep them."""
        if request.path.startswith(ASSETS):
            return None
        value = _value_in(request.environ.get("HTTP_COOKIE", ""), app.config["SESSION_COOKIE_NAME"])
        if not value:
            return Opened()
        proved = self._proved.get(value) or self._prove(value)
        if proved is None or not 0 <= self._clock.get_timestamp() - proved.signed_at <= self._idle:
            return Opened()
        opened = Opened(proved.said)
        opened.signed_at = proved.signed_at
        return opened

    def _prove(self, value: str) -> Proved | None:
        """What it says, if it is ours. What could be changed in place, as what waits to be told, is not kept."""
        try:
            said, signed_at = self._sealer.loads(value, return_timestamp=True)
        except BadSignature:
            return None
        proved = Proved(said, int(signed_at.timestamp()))
        if not any(isinstance(one, list | dict) for one in said.values()):
            self._proved.keep(value, proved)
        return proved

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """When something in it changed, or when it is time to sign it anew."""
        if session.modified or not session.permanent:
            return bool(session.modified)
        age: int = self._clock.get_timestamp() - cast(Opened, session).signed_at
        return age >= AGAIN_AFTER

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """The cookie where it is to be sent; most answers only say that they depend on it."""
        if session.modified or self.should_set_cookie(app, session):
            super().save_session(app, session, response)
        elif session.accessed and "Vary" in response.headers:
            response.vary.add("Cookie")
        elif session.accessed:
            response.headers["Vary"] = "Cookie"

    def token(self) -> str:
        """The proof for the forms of this session, the same for as long as it is kept; Flask-WTF accepts it."""
        if TOKEN not in cookie:
            give_token()
        raw = cookie[TOKEN]
        signed = self._signed.get(raw)
        if signed is None:
            signed = str(self._tokens.dumps(raw))
            self._signed.keep(raw, signed)
        return signed


def form_token() -> str:
    """The token of this session's forms, for a script whose page has an old one."""
    return cast(Cookies, current_app.session_interface).token()
