"""What every template may use: who is asking, what they may do, and how dates and sizes are written."""

from datetime import date, datetime
from typing import Any

from flask import Flask, g
from markupsafe import Markup

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.documents.markdown import to_html
from portfolio.policy.checks import can
from portfolio.policy.permissions import Permission
from portfolio.storage.rules import size_words
from portfolio.web import nav


def day(value: date | datetime | None) -> str:
    """22 November 2026, in the United Kingdom's time."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(clock.UK).date()
    return f"{value.day} {value:%B %Y}"


def time_of(value: datetime | None) -> str:
    """22 November 2026, 14:06, in the United Kingdom's time."""
    return f"{day(value)}, {value.astimezone(clock.UK):%H:%M}" if value else ""


def prose(text: str) -> Markup:
    """Markdown as safe HTML."""
    return Markup(to_html(text))  # noqa: S704 - to_html sanitises


def may(permission: str, row: Any) -> bool:
    """Whether the person asking may do this to the row."""
    actor: Actor | None = g.get("actor")
    return actor is not None and can(actor, Permission[permission.upper().replace(".", "_")], row)


def install(app: Flask) -> None:
    """Filters, globals and the context of every page."""
    app.jinja_env.filters.update(day=day, time_of=time_of, size=size_words, prose=prose)
    app.jinja_env.globals.update(may=may)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def context() -> dict[str, Any]:
        actor: Actor | None = g.get("actor")
        return {"actor": actor, "nav_items": nav.items_for(actor)}
