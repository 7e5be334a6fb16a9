"""What every template may use: who is asking, what they may do, and how dates and sizes are written."""

from calendar import month_name
from collections.abc import Callable, MutableMapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from types import FunctionType, MethodType
from typing import Any

from flask import Flask, g
from flask.templating import Environment
from jinja2 import Template
from jinja2.runtime import Context, Macro
from markupsafe import Markup

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.documents.markdown import to_html
from portfolio.mapping.rules import Coded, in_codes
from portfolio.policy.checks import can
from portfolio.policy.permissions import Permission
from portfolio.storage.rules import size_words
from portfolio.web import looks
from portfolio.web.masthead import masthead
from portfolio.web.terms import term, worded

MONTHS = tuple(month_name)
PLAIN = frozenset({FunctionType, MethodType})
TABLE = '<div><div class="grid-frame" tabindex="0" role="group" aria-label="Table"><table>'


@lru_cache(maxsize=5_000)
def day(value: date | datetime | None) -> str:
    """22 November 2026, in the United Kingdom's time."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(clock.UK).date()
    return f"{value.day} {MONTHS[value.month]} {value.year}"


def time_of(value: datetime | None) -> str:
    """22 November 2026, 14:06, in the United Kingdom's time."""
    return f"{day(value)}, {value.astimezone(clock.UK):%H:%M}" if value else ""


def prose(text: str) -> Markup:
    """Markdown as safe HTML; its tables scroll within a frame of their own."""
    framed = to_html(text).replace("<table>", TABLE).replace("</table>", "</table></div></div>")
    return Markup(framed)  # noqa: S704 - to_html sanitises


def may(permission: str, row: Any) -> bool:
    """Whether the person asking may do this to the row."""
    actor: Actor | None = g.get("actor")
    return actor is not None and can(actor, Permission[permission.upper().replace(".", "_")], row)


class Calling(Context):
    """Calls what templates call. Whether it wants to know of the context, Jinja works out anew and at length each time;
    of our functions and methods, and of macros, one look says it.
    """

    def call(self, called: Any, /, *given: Any, **named: Any) -> Any:
        """What a function or a macro answers."""
        if type(called) is Macro:
            given = self.eval_ctx, *given
        elif type(called) not in PLAIN or hasattr(called, "jinja_pass_arg"):
            return super().call(called, *given, **named)
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return called(*given, **named)


class Templates(Environment):
    """Templates are found by name alone once they are compiled, and share one set of globals, complete from the start.

    Jinja's own way looks at both anew for each import of each page.
    """

    context_class: type[Context] = Calling

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options)
        self._compiled: dict[str, Template] = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002
    ) -> Template:
        """A template by name, compiled on first use."""
        if globals is not None or self.auto_reload or isinstance(name, Template):
            return super().get_template(name, parent, globals)
        found = self._compiled.get(name)
        if found is None:
            found = self._compiled[name] = super().get_template(name, parent)
        return found

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What every template is given."""
        return {**self.globals, **(d or {})}


def in_codes_of(claims: Sequence[Any], whole: Sequence[Any]) -> str:
    """What the criteria of claims are called; with their units where the `whole` item is claimed for several."""
    titles = {claim.enrolment_unit_id: claim.unit_title for claim in whole}
    coded = [Coded(claim.enrolment_unit_id, claim.code) for claim in claims]
    return in_codes(coded, titles, among=[Coded(unit_id, "") for unit_id in titles])


def _addresses(app: Flask) -> Callable[[str], str]:
    """The filter that turns an endpoint into its address, where neither ids nor anything else are part of it.

    A filter, because Jinja works out what is constant once, when it compiles a template.
    """
    return lambda endpoint: app.url_map.bind("").build(endpoint)


def install(app: Flask) -> None:
    """Filters, globals and the context of every page."""
    app.jinja_env.filters.update(
        day=day,
        time_of=time_of,
        size=size_words,
        prose=prose,
        address=_addresses(app),
        in_codes=in_codes_of,
        worded=worded,
    )
    app.jinja_env.globals.update(
        may=may,
        masthead=masthead,
        LOOKS=looks.LOOKS,
        state=looks.state,
        ruler=looks.ruler,
        term=term,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
