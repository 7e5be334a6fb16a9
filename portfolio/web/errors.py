"""Errors as people see them, mapped in one place. What nobody expected is logged under the reference that is shown."""

import errno
import logging
import sqlite3

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from portfolio.errors import (
    Conflict,
    DomainError,
    Forbidden,
    InvalidState,
    NotFound,
    Rejected,
    TooLarge,
    Unavailable,
    Uncertain,
)
from portfolio.web import logs
from portfolio.web.session import SAFE, is_for_script
from portfolio.web.terms import told

log = logging.getLogger("portfolio.web")

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    Forbidden: 403,
    InvalidState: 409,
    Conflict: 409,
    TooLarge: 413,
    Rejected: 400,
    Unavailable: 503,
}
"""The first that fits counts."""
TITLES = {
    400: "That could not be understood",
    401: "Sign in first",
    403: "You may not do this",
    404: "Page not found",
    405: "That cannot be done here",
    409: "That cannot be done now",
    413: "That is too large",
    429: "Too many tries",
    500: "Something went wrong here",
    503: "The product is busy",
    507: "There is no room left",
}
ADVICE = {
    400: "Go back, load the page again and try once more.",
    401: "Your session is over. Sign in and try again.",
    403: "If you think you should be able to, ask your centre.",
    404: "Check the address, or begin from the start page.",
    405: "Go back and use the buttons on the page.",
    409: "Go back and load the page again to see how things stand.",
    413: "Choose a smaller file, or hand it in as several.",
    429: "Wait a few minutes before you try again.",
    500: "Nothing was saved. Try again; if it happens once more, tell your centre the reference below.",
    503: "Nothing was saved. Wait a moment and try again.",
    507: "Nothing was saved. Tell your centre; as soon as there is room again, the same page takes it.",
}
LOST = (
    "Nothing was saved. What you had open may have been taken back, or hidden because personal data is in it. What you "
    "typed still stands where your browser's Back button leads."
)
"""The advice when a form was sent and what it is about is not there (any more)."""
SENTENCES = {
    401: "You were signed out. Sign in again, then load this page anew.",
    404: "There is no such page, or it is not yours to see.",
    405: "This address does not take that kind of request.",
    413: "What you sent is larger than this server takes.",
    500: "This is our fault, not yours.",
    503: "The database did not answer in time.",
    507: "This server's disk is full.",
}
LOOK_FIRST = "Wait a moment and open the page anew. Send it again only if it is not there."
"""The advice when nobody knows whether something was saved."""
RETRY_AFTER = {"Retry-After": "5"}
"""With every 503, for whatever asks by itself."""


TOLD = frozenset({"Allow", "Content-Range", "Retry-After"})
"""What the protocol wants said with an error, beside the page."""


def answer(
    status: int, sentence: str, *, advice: str | None = None, theirs: dict[str, str] | None = None
) -> ResponseReturnValue:
    """The error page, or the same as JSON for a script."""
    title = TITLES.get(status, TITLES[400])
    reference = logs.reference() if status >= 500 else None
    headers = RETRY_AFTER if status == 503 else {}
    if is_for_script():
        return jsonify(error=title, message=sentence, reference=reference), status, headers
    page = render_template(
        "errors/error.html",
        title=title,
        sentence=sentence,
        advice=advice or _advice(status),
        reference=reference,
        theirs=theirs or {},
    )
    return page, status, headers


def _advice(status: int) -> str:
    if status == 404 and request.method not in SAFE:
        return LOST
    return ADVICE.get(status, ADVICE[400])


def domain_error(error: DomainError) -> ResponseReturnValue:
    """An error that carries its sentence."""
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    if status == 503:
        log.error("something is away, reference %s: %s", logs.reference(), error.__cause__ or error)
    advice = LOOK_FIRST if isinstance(error, Uncertain) else None
    theirs = error.theirs if isinstance(error, Conflict) else None
    return answer(status, told(error), advice=advice, theirs=theirs)


def http_error(error: HTTPException) -> ResponseReturnValue:
    """An error of the protocol: not found, too large, not allowed."""
    status = error.code or 500
    if error.response is not None or status < 400:
        return error.get_response()
    said = (
        error.description
        if status == 400 and error.description
        else SENTENCES.get(status, TITLES.get(status, TITLES[400]))
    )
    response = make_response(answer(status, said))
    response.headers.update({name: value for name, value in error.get_headers() if name in TOLD})
    return response


def forged(_error: CSRFError) -> ResponseReturnValue:
    """A form without this session's token: most often an old page in a forgotten tab."""
    return answer(400, "This page was open for too long, or in another session, so nothing was saved.")


def stale(_error: StaleDataError) -> ResponseReturnValue:
    """Two writes met; the other one was first."""
    return answer(409, "Somebody changed this while you were here, so nothing was saved.")


FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
FULL_STATE = "53100"
"""What PostgreSQL says when its disk is full."""


def is_full(error: BaseException | None) -> bool:
    """Whether it came of a disk that is full, wherever that was noticed."""
    if error is None:
        return False
    told = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(told, sqlite3.Error):
        return getattr(told, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    if isinstance(told, OSError) and told.errno in FULL:
        return True
    return getattr(told, "sqlstate", None) == FULL_STATE or is_full(error.__cause__)


def no_room(error: BaseException) -> ResponseReturnValue:
    """The disk is full: what was asked for is undone as a whole, and others may go on reading."""
    log.error("the disk is full, reference %s: %s", logs.reference(), type(error).__name__)
    return answer(507, SENTENCES[507])


def system_error(error: OSError) -> ResponseReturnValue:
    """A full disk is told as such; what else the system may say, nobody thought of."""
    return no_room(error) if is_full(error) else unexpected(error)


def database_error(error: DBAPIError | NoConnectionFree) -> ResponseReturnValue:
    """The database is away or busy; what else it may say, nobody thought of."""
    if isinstance(error, DBAPIError) and not (isinstance(error, OperationalError) or error.connection_invalidated):
        return unexpected(error)
    if is_full(error):
        return no_room(error)
    log.error("database error, reference %s", logs.reference(), exc_info=error)
    return answer(503, SENTENCES[503])


def unexpected(error: Exception) -> ResponseReturnValue:
    """Nobody thought of this: logged in full, shown as a reference."""
    log.error("unexpected error, reference %s", logs.reference(), exc_info=error)
    try:
        return answer(500, SENTENCES[500])
    except Exception as second:  # whatever is broken, somebody gets an answer with its headers
        log.error("the error page failed too, reference %s", logs.reference(), exc_info=second)
        return Response(f"{SENTENCES[500]} Reference: {logs.reference()}\n", 500, mimetype="text/plain")


def install(app: Flask) -> None:
    """Map every kind of error."""
    app.register_error_handler(DomainError, domain_error)
    app.register_error_handler(CSRFError, forged)
    app.register_error_handler(StaleDataError, stale)
    app.register_error_handler(DBAPIError, database_error)
    app.register_error_handler(NoConnectionFree, database_error)
    app.register_error_handler(OSError, system_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, unexpected)
