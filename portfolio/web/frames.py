"""A page that is drawn once for whoever asks and whatever it is drawn from, with gaps for what differs each time.

Everything that the template is given is part of what the frame is kept by, and so is who asks, in which centre and with
which words; what differs from one time to the next goes into the gaps and nowhere else.
"""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, cast

from flask import current_app, get_flashed_messages, render_template, request
from markupsafe import Markup

from portfolio.kept import Kept
from portfolio.web.cookies import Cookies
from portfolio.web.session import actor

KEPT_MOST = 500
TOKEN = "token"  # noqa: S105 - the gap where the token of each form goes
GAP = re.compile(r"<!--gap:(\w+)-->")
"""Stands for what goes there while the page is drawn; no text can say it, for it would be escaped."""

Frame = tuple[tuple[bytes, str], ...]
"""What stands in front of each gap, with the gap's name; the last has none."""

_KEPT = Kept[Hashable, Frame](KEPT_MOST)


def framed(template: str, gaps: Mapping[str, Sequence[bytes]], **shown: Hashable) -> bytes:
    """The page as it is sent. `gaps` are the variables of the template that differ each time, as pieces of markup; it
    may write each of them out and ask whether it is there, and nothing else of it. What it does ask is in `shown`.
    """
    me, token, is_told = actor(), cast(Cookies, current_app.session_interface).token(), bool(get_flashed_messages())
    at = template, request.endpoint, me, me.unread, tuple(gaps), tuple(shown.items())
    frame = None if is_told else _KEPT.get(at)
    if frame is None:
        frame = _drawn(template, gaps, shown, token)
        if not is_told:
            _KEPT.keep(at, frame)
    filled: dict[str, Sequence[bytes]] = {**gaps, TOKEN: (token.encode(),), "": ()}
    parts: list[bytes] = []
    for before, name in frame:
        parts.append(before)
        parts += filled[name]
    return b"".join(parts)


def _drawn(template: str, gaps: Iterable[str], shown: Mapping[str, Any], token: str) -> Frame:
    holes = {name: _hole(name) for name in gaps}
    page = render_template(template, **holes, **shown).replace(token, _hole(TOKEN))
    pieces = [*GAP.split(page), ""]
    return tuple((before.encode(), name) for before, name in zip(pieces[::2], pieces[1::2], strict=True))


def _hole(name: str) -> Markup:
    return Markup(f"<!--gap:{name}-->")  # noqa: S704 - a fixed word of ours
