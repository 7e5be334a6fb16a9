"""Marking words where they stand in what is shown. Pure."""

import re
from collections.abc import Sequence
from html import unescape

from markupsafe import Markup, escape

TAG = re.compile(r"(<[^>]*>)")


def marked(shown: str, words: Sequence[str]) -> Markup:
    """A text, or markup, with each of these words in a mark element, in capitals or not; its own tags stay."""
    if not words:
        return escape(shown)
    looked_for = re.compile("(" + "|".join(re.escape(word) for word in words) + ")", re.IGNORECASE)
    parts = enumerate(TAG.split(escape(shown)))
    return Markup("").join(
        Markup(part) if at % 2 else _marked(unescape(part), looked_for)  # noqa: S704 - a tag of what was markup already
        for at, part in parts
    )


def _marked(text: str, looked_for: re.Pattern[str]) -> Markup:
    parts = enumerate(looked_for.split(text))
    return Markup("").join(Markup("<mark>{}</mark>").format(part) if at % 2 else escape(part) for at, part in parts)
