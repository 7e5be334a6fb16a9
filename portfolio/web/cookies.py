"""The signed cookie, and the token in each form that proves that the page came from us.

Its own age is the idle time-out: it is signed anew when it is used, but not twice within a minute. Assets come without
it. What a cookie says is read and proved again for every request.
"""

import hmac
import secrets
from typing import Any, cast

from flask import Flask, Request, Response, current_app
from flask import session as cookie
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.signer import SigningAlgorithm

from portfolio.kept import Kept

ASSETS = "/static/"
TOKEN = "csrf_token"  # noqa: S105 - where Flask-WTF looks for it
TOKEN_SALT = "wtf-csrf-token"  # noqa: S105
AGAIN_AFTER = 60
"""How many seconds old a cookie is before it is signed anew."""
TOKENS_MOST = 5_000


def give_token() -> None:
    """Let the session have a token of its own."""
    cookie[TOKEN] = secrets.token_hex(20)


class Digest(SigningAlgorithm):
    """What Flask and Flask-WTF sign with, worked out in one go."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """The signature of a value."""
        return hmac.digest(key, value, "sha1")


class Signer(TimestampSigner):
    """A signer that works out its key once: from the one secret that there is."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.algorithm = Digest()
        self._derived = super().derive_key()

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """The key that was worked out."""
        return self._derived


class Sealer(URLSafeTimedSerializer):
    """A serializer with one signer for good; a new one for each cookie would cost more than to sign it."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, signer=Signer, **options)
        self.kept = cast(Signer, super().make_signer())

    def make_signer(self, salt: str | bytes | None = None) -> Signer:
        """The one that is kept."""
        return self.kept


class Opened(SecureCookieSession):
    """What a cookie said, and when it was signed: in seconds, 0 when there was none."""

    signed_at = 0.0


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
    """Opens and signs the cookie. It holds words, numbers and lists of them: plain JSON says those."""

    session_class = Opened

    def __init__(self, app: Flask) -> None:
        secret = cast(str, app.secret_key)
        how = {"key_derivation": self.key_derivation, "digest_method": self.digest_method}
        self._sealer = Sealer(secret, salt=self.salt, signer_kwargs=how)
        self._tokens = Sealer(secret, salt=TOKEN_SALT)
        self._signed = Kept[str, str](TOKENS_MOST)
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
        try:
            said, signed_at = self._sealer.loads(value, max_age=self._idle, return_timestamp=True)
        except BadSignature:
            return Opened()
        opened = Opened(said)
        opened.signed_at = signed_at.timestamp()
        return opened

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """When something in it changed, or when it is time to sign it anew."""
        if session.modified or not session.permanent:
            return bool(session.modified)
        age: float = self._sealer.kept.get_timestamp() - cast(Opened, session).signed_at
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
