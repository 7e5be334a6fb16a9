"""What stands between a browser and the views: hosts, forgery, and the headers of every answer."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, abort, request
from flask_wtf.csrf import CSRFProtect

from portfolio.config import MEGABYTE
from portfolio.web.cookies import Cookies
from portfolio.web.session import SAFE, installation

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

csrf = CSRFProtect()

CSP = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' data:; "
    "font-src 'self'; "
    "media-src 'self'; "
    "connect-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; "
    "object-src 'none'; "
    "frame-ancestors 'none'"
)
DOWNLOAD_CSP = "sandbox; default-src 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
    "Cache-Control": "no-store",
}
HOSTS_KEPT = 100
WORDS_MOST = 2 * MEGABYTE
"""How much of a form may be words."""
STRICT_TRANSPORT = "Strict-Transport-Security"
HSTS = "max-age=63072000; includeSubDomains"


def check_host() -> None:
    """Answer only to the names that this installation has."""
    if _name_in(request.host) not in installation().settings.hosts:
        abort(400, "This server does not answer to that name.")


@lru_cache(maxsize=HOSTS_KEPT)
def _name_in(host: str) -> str:
    """The name without the port."""
    return (urlsplit(f"//{host}").hostname or "").lower()


def check_forgery() -> None:
    """Refuse an unsafe request that another site sent, or that lacks this session's token."""
    if request.method in SAFE:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(400, "This form was sent from another site.")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(400, "This form was sent from another site.")
    csrf.protect()


class Headed:
    """A WSGI application with the same headers on every answer, but where a view set a stricter one of its own.

    Here even what Flask fails to answer has them; and in Flask they would take a fifteenth of a light page.
    """

    def __init__(self, application: "WSGIApplication", *, is_secure: bool) -> None:
        self._application = application
        self._headers = list((HEADERS | {STRICT_TRANSPORT: HSTS} if is_secure else HEADERS).items())

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer as the application does."""

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            own = {name.title() for name, _value in headers}
            return start_response(status, headers + [one for one in self._headers if one[0] not in own], *error)

        return self._application(environ, start)


def install(app: Flask) -> None:
    """Cookies, forgery tokens, hosts and headers."""
    settings = app.extensions["installation"].settings
    app.config.update(
        SECRET_KEY=settings.secret_key(),
        SESSION_COOKIE_NAME="__Host-session" if settings.is_secure else "session",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=settings.idle_minutes * 60,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_FORM_MEMORY_SIZE=WORDS_MOST,
        MAX_FORM_PARTS=2_000,
        MAX_CONTENT_LENGTH=settings.upload_bytes,
    )
    csrf.init_app(app)
    cookies = app.session_interface = Cookies(app)
    app.jinja_env.globals.update(csrf_token=cookies.token)
    app.before_request(check_host)
    app.wsgi_app = Headed(app.wsgi_app, is_secure=settings.is_secure)  # type: ignore[method-assign]
