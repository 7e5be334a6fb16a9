"""The head of every page: who is signed in, where they are, and the way to everywhere else.

It differs from page to page in the token of the form that signs out, and in nothing else: it is drawn once and kept.
"""

from typing import cast

from flask import current_app, g, request
from markupsafe import Markup

from portfolio.accounts.actors import Actor
from portfolio.kept import Kept
from portfolio.web import nav
from portfolio.web.cookies import Cookies

KEPT_MOST = 1_000
TOKEN = "<!--token-->"  # noqa: S105 - where the token goes; no text can say it, for it would be escaped

_KEPT = Kept[tuple[Actor | None, str, int, str], str](KEPT_MOST)


def masthead(width: str) -> Markup:
    """The head for whoever is asking; `width` is the class of its inside."""
    actor: Actor | None = g.get("actor")
    here, unread = nav.section_of(request.endpoint or ""), actor.unread if actor is not None else 0
    at = actor, here, unread, width
    drawn = _KEPT.get(at)
    token = cast(Cookies, current_app.session_interface).token() if actor is not None else TOKEN
    if drawn is None:
        drawn = current_app.jinja_env.get_template("layouts/_masthead.html").render(
            actor=actor,
            nav_links=nav.links_for(actor.roles, here) if actor is not None else "",
            here=here,
            unread=unread,
            width=width,
        )
        drawn = drawn.replace(token, TOKEN)
        _KEPT.keep(at, drawn)
    return Markup(drawn.replace(TOKEN, token))  # noqa: S704 - a template of ours, and a token that we signed
