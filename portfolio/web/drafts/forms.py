"""What a page sends of a form that is not saved yet, checked and made safe to keep."""

import re
from dataclasses import dataclass
from typing import Any

from portfolio.errors import Rejected
from portfolio.web.forms import paragraphs

NAME = re.compile(r"[a-zA-Z][\w-]{0,59}", re.ASCII)
NAMES_MOST, VALUES_MOST = 500, 2_000

Content = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form by name, and the revision of the draft on which they are built."""

    content: Content
    rev: int


def typed_in(sent: Any) -> Typed:
    """What was sent as JSON: {"rev": number, "content": {name: text or list of texts}}. Raises Rejected."""
    match sent:
        case {"rev": int(rev), "content": dict(fields)} if rev >= 0 and len(fields) <= NAMES_MOST:
            return Typed({_name(name): _value(value) for name, value in fields.items()}, rev)
    raise Rejected("This is not how a draft is sent.")


def _name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise Rejected("No form has a field of such a name.")
    return name


def _value(value: Any) -> str | list[str]:
    if isinstance(value, list) and len(value) <= VALUES_MOST:
        return [_text(each) for each in value]
    return _text(value)


def _text(value: Any) -> str:
    """The text without control characters and without halves of characters."""
    if not isinstance(value, str):
        raise Rejected("A draft holds texts.")
    return (paragraphs(value) or "").encode("utf-8", "replace").decode()
