"""Every view says who may open it: `@public`, `@signed_in`, `@requires(permission)` or `@load(Model, permission)`.

The application refuses to start when one says nothing. A row that the person may not see does not exist (404); 403 is
for what may be seen but not done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial, wraps
from typing import Any

from flask import Flask, abort, flash, g, redirect, request, url_for
from sqlalchemy import Select, bindparam
from werkzeug.wrappers import Response

from portfolio.accounts.actors import Actor
from portfolio.accounts.rules import Role
from portfolio.audit import openings, streams
from portfolio.centres.models import Centre
from portfolio.db import Base, found, read
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Forbidden, NotFound
from portfolio.evidence.models import EvidenceFile
from portfolio.policy.checks import can, require, visible
from portfolio.policy.permissions import Permission
from portfolio.policy.table import SEEING, TABLE, UNSEEN
from portfolio.web import security, uploads
from portfolio.web.session import (
    SAFE,
    ask_again,
    database_session,
    installation,
    is_for_script,
    looking_first,
    refreshed,
    signed_in_actor,
)

View = Callable[..., Any]

MISSING = "There is no such page, or it is not yours to see."


@dataclass(frozen=True, slots=True)
class Access:
    """What a view declared; `takes_files` lets larger bodies in."""

    kind: str
    permission: Permission | None = None
    model: type[Base] | None = None
    takes_files: bool = False


def public(view: View) -> View:
    """Anybody may open it."""

    @wraps(view)
    def wrapper(**arguments: Any) -> Any:
        _limit_body(None)
        security.check_forgery()
        g.actor = signed_in_actor()
        return view(**arguments)

    return _declare(wrapper, Access("public"))


def signed_in(view: View) -> View:
    """Anybody who is signed in may open it; it is about themselves."""

    @wraps(view)
    def wrapper(**arguments: Any) -> Any:
        return _enter() or view(**arguments)

    return _declare(wrapper, Access("signed_in"))


def arriving(view: View) -> View:
    """The same, also for somebody who has yet to set up the second step that the centre asks its staff for."""

    @wraps(view)
    def wrapper(**arguments: Any) -> Any:
        return _enter(is_arriving=True) or view(**arguments)

    return _declare(wrapper, Access("signed_in"))


def requires(permission: Permission, *, takes_bundle: bool = False) -> Callable[[View], View]:
    """Whoever holds the permission in the centre that they are in. With `takes_bundle` it is asked for twice, as `load`
    does for files.
    """
    if TABLE[permission].model is not Centre:
        raise TypeError(f"{permission} is not about a centre; use @load")

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(**arguments: Any) -> Any:
            first = partial(_look_first_at_centre, permission) if takes_bundle else None
            turned_away = _enter(first=first, taking=uploads.ONE_BUNDLE)
            if turned_away is not None:
                return turned_away
            _check_centre(permission)
            _log_reading(g.actor, None)
            return view(**arguments)

        return _declare(wrapper, Access("requires", permission, Centre, takes_bundle))

    return decorate


def _check_centre(permission: Permission) -> None:
    if not can(g.actor, permission, _own_centre(g.actor.centre_id)):
        raise NotFound(MISSING)


def _look_first_at_centre(permission: Permission) -> None:
    with looking_first():
        _check_centre(permission)
        uploads.expect_bundle()


@lru_cache(maxsize=1_000)
def _own_centre(centre_id: int) -> Centre:
    """The centre that somebody is in, as its rules know it: by its id."""
    return Centre(id=centre_id)


def load(model: type[Base], permission: Permission, *, takes_files: bool = False) -> Callable[[View], View]:
    """Whoever holds the permission on the row that the address names; the view receives the row.

    With `takes_files` the permission is asked for twice: before any of the body is read, which may take long and holds
    nothing, and again once all of it is here.
    """
    if TABLE[permission].model is not model:
        raise TypeError(f"{permission} is not about {model.__name__}")
    name = f"{model.__tablename__}_id"

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(**arguments: Any) -> Any:
            row_id = arguments.pop(name)
            first = partial(_look_first, model, permission, row_id) if takes_files else None
            turned_away = _enter(first=first)
            if turned_away is not None:
                return turned_away
            row = _allowed_row(model, permission, row_id)
            if request.method not in SAFE:
                require_again(model, permission, row_id)
            _log_reading(g.actor, row)
            return view(row, **arguments)

        return _declare(wrapper, Access("load", permission, model, takes_files))

    return decorate


def _declare(wrapper: View, access: Access) -> View:
    wrapper.access = access  # type: ignore[attr-defined]
    return wrapper


def _enter(
    *, first: Callable[[], None] | None = None, taking: uploads.Taking = uploads.EVIDENCE, is_arriving: bool = False
) -> Response | None:
    """Settle who is asking, before any of the body is read; a redirect to the sign-in page when nobody is, and to where
    a second step is set up when one is lacking.

    `first` looks at a request that brings files before they arrive. The transaction that writes begins after that.
    """
    seen = signed_in_actor()
    _limit_body(taking if first is not None and seen is not None else None)
    if seen is None:
        return _to_sign_in()
    g.actor = seen
    if seen.lacks_second_factor and not is_arriving:
        return _to_second_factor()
    is_safe = request.method in SAFE
    if first is not None and not is_safe:
        first()
    security.check_forgery()
    if is_safe:
        return None
    if first is not None:
        taking.arrive()
    g.actor = refreshed(seen)
    if g.actor is None:
        return _to_sign_in()
    return _to_second_factor() if g.actor.lacks_second_factor and not is_arriving else None


def _look_first(model: type[Base], permission: Permission, row_id: int) -> None:
    with looking_first():
        uploads.expect(_allowed_row(model, permission, row_id))


def _limit_body(taking: uploads.Taking | None) -> None:
    request.max_content_length = taking.most() if taking is not None else security.WORDS_MOST


def _to_sign_in() -> Response:
    if is_for_script():
        abort(401)
    if request.method not in SAFE:
        flash("You were signed out before this was saved. Sign in and send it again.", "more")
    shown_by = (request.url_rule.methods or ()) if request.url_rule else ()
    back = request.full_path.rstrip("?") if "GET" in shown_by else None
    return redirect(url_for("accounts.sign_in", next=back), 303)


def _to_second_factor() -> Response:
    if is_for_script():
        raise Forbidden("Set up the second step of signing in first.")
    if request.method not in SAFE:
        flash("This was not saved: your centre asks you to set up a second step first.", "more")
    return redirect(url_for("accounts.second_factor"), 303)


def _allowed_row(model: type[Base], permission: Permission, row_id: int) -> Any:
    unseen = _found(model, permission, row_id) if permission in UNSEEN else None
    if unseen is not None:
        return unseen
    row = _row(model, row_id)
    if permission is not SEEING[model]:
        require(g.actor, permission, row)
    return row


def require_again(model: type[Base], permission: Permission, row_id: int) -> None:
    """Have the permission asked for once more when the portfolio is held, before anything in it changes: an allocation
    may end between the two.
    """
    ask_again(partial(_still_allowed, model, permission, row_id))


def _still_allowed(model: type[Base], permission: Permission, row_id: int) -> None:
    """Asked of the database alone: what was read of it before may be old."""
    if not read(database_session(), _one(visible(g.actor, permission), model), row_id=row_id).all():
        raise NotFound(MISSING)


def _row(model: type[Base], row_id: int) -> Any:
    row = _found(model, SEEING[model], row_id)
    if row is None:
        raise NotFound(MISSING)
    return row


def _found(model: type[Base], permission: Permission, row_id: int) -> Any:
    return found(database_session(), model, _one(visible(g.actor, permission), model), row_id=row_id)


@lru_cache(maxsize=2_000)
def _one(within: Select[Any], model: type[Base]) -> Select[Any]:
    """One of the rows that somebody may see; made once for as long as `visible` gives the same."""
    return within.where(model.id == bindparam("row_id"))  # type: ignore[attr-defined]


def _log_reading(reader: Actor, row: Any) -> None:
    """An external quality assurer's every opening is on record: of a row, or of a page of the centre."""
    if Role.EQA in reader.roles and request.method in SAFE:
        log_opening(reader, row)


def log_opening(reader: Actor, row: Any) -> None:
    """Note that somebody opened this page of a row, or of the centre."""
    with installation().database.writing() as database:
        openings.log_access(
            database,
            reader,
            streams.named(row) if row is not None else f"{Centre.__tablename__}:{reader.centre_uid}",
            centre_id=reader.centre_id,
            page=request.endpoint or "",
            enrolment_id=_enrolment_id(row),
        )
        database.commit()


def _enrolment_id(row: Any) -> int | None:
    """Whose portfolio a row belongs to; None for what belongs to no learner."""
    if isinstance(row, Enrolment):
        return row.id
    if isinstance(row, EvidenceFile):
        return row.version.evidence.enrolment_id
    return getattr(row, "enrolment_id", None)


def check_declared(app: Flask) -> None:
    """Refuse to start when a view does not say who may open it."""
    silent = [name for name, view in app.view_functions.items() if not hasattr(view, "access")]
    if silent:
        raise RuntimeError(f"these views do not say who may open them: {', '.join(sorted(silent))}")
