"""The signed cookie, and the token in each form that proves that the page came from us.

Its own age is the idle time-out: it is signed anew when it is used, but not twice within a minute. Assets come without
it. The keys are worked out once; what a cookie says is read and proved again for every request.
"""

import hmac
import json
import secrets
from collections.abc import Iterator
from typing import Any, cast

from flask import Flask, Request, Response, g
from flask import session as cookie
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, HMACAlgorithm, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode

ASSETS = "/static/"
TOKEN = "csrf_token"  # noqa: S105 - where Flask-WTF looks for it
TOKEN_SALT = "wtf-csrf-token"  # noqa: S105
AGAIN_AFTER = 60
"""How many seconds old a cookie is before it is signed anew."""


def give_token() -> None:
    """Let the session have a token of its own."""
    cookie[TOKEN] = secrets.token_hex(20)


class OneStep(HMACAlgorithm):
    """The same signature as HMACAlgorithm's, without an object for each."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """The signature of a value."""
        return hmac.digest(key, value, "sha1")


class OneKeySigner(TimestampSigner):
    """A signer that works its key out once."""

    def __init__(self, keys: Any, salt: str | bytes | None, options: dict[str, Any]) -> None:
        super().__init__(keys, salt, algorithm=OneStep(), **options)
        self._derived = super().derive_key()

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """The one key."""
        return self._derived


class Sealer(URLSafeTimedSerializer):
    """Signs and proves as URLSafeTimedSerializer does, with one signer for good."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._one = OneKeySigner(self.secret_keys, self.salt, self.signer_kwargs)

    def make_signer(self, salt: str | bytes | None = None) -> TimestampSigner:
        """The one signer."""
        return self._one

    def iter_unsigners(self, salt: str | bytes | None = None) -> Iterator[TimestampSigner]:
        """The one signer."""
        yield self._one


class TokenSealer(Sealer):
    """For random tokens, which no packing makes shorter."""

    def dump_payload(self, obj: Any) -> bytes:
        """The token as it is."""
        return base64_encode(json.dumps(obj))


class Plain:
    """What a cookie says as JSON, as short as it can be."""

    @staticmethod
    def dumps(said: Any) -> str:
        """As text."""
        return json.dumps(said, separators=(",", ":"))

    @staticmethod
    def loads(text: str | bytes) -> Any:
        """From text."""
        return json.loads(text)


class Opened(SecureCookieSession):
    """What a cookie said, and when it was signed: in seconds, 0 when there was none."""

    signed_at = 0.0


def _value_in(sent: str, name: str) -> str:
    """One cookie among those that were sent; what is ours is never quoted."""
    for one in sent.split(";"):
        called, _, value = one.strip().partition("=")
        if called == name:
            return value
    return ""


class Cookies(SecureCookieSessionInterface):
    """Opens and signs the cookie."""

    session_class = Opened

    def __init__(self, app: Flask) -> None:
        options = {"key_derivation": self.key_derivation, "digest_method": self.digest_method}
        self._sealer = Sealer(
            cast(str, app.secret_key),
            salt=self.salt,
            serializer=Plain,
            signer_kwargs=options,
        )
        self._tokens = TokenSealer(cast(str, app.secret_key), salt=TOKEN_SALT)
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
        age: float = self._sealer.make_signer().get_timestamp() - cast(Opened, session).signed_at
        return age >= AGAIN_AFTER

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing but `Vary` while the cookie in the browser is as good as a new one."""
        if session and session.accessed and "Vary" not in response.headers and not self.should_set_cookie(app, session):
            response.headers["Vary"] = "Cookie"
        else:
            super().save_session(app, session, response)

    def token(self) -> str:
        """The proof for the forms of this session, the same throughout a request; Flask-WTF accepts it."""
        signed: str | None = g.get(TOKEN)
        if signed is None:
            if TOKEN not in cookie:
                give_token()
            g.csrf_token = signed = self._tokens.dumps(cookie[TOKEN])
        return signed
