"""What stands between a browser and the views: hosts, forgery, and the headers of every answer."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from flask_wtf.csrf import CSRFProtect

from portfolio.config import MEGABYTE
from portfolio.web.session import SAFE, installation

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
HSTS = "max-age=63072000; includeSubDomains"


def check_host() -> None:
    """Answer only to the names that this installation has."""
    host = urlsplit(f"//{request.host}").hostname or ""
    if host.lower() not in installation().settings.hosts:
        abort(400, "This server does not answer to that name.")


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


def add_headers(response: Response) -> Response:
    """The same headers on every answer; a view may set a stricter policy or a cache rule of its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if installation().settings.is_secure:
        response.headers["Strict-Transport-Security"] = HSTS
    return response


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
        MAX_FORM_MEMORY_SIZE=2 * MEGABYTE,
        MAX_FORM_PARTS=2_000,
        MAX_CONTENT_LENGTH=settings.upload_bytes,
    )
    csrf.init_app(app)
    app.before_request(check_host)
    app.after_request(add_headers)
