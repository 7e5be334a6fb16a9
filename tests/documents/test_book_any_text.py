"""Any text in any field: the book stays well made and shows the same text."""

import dataclasses
import io
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portfolio.documents.blocks import Picture
from portfolio.documents.wordbook.content import Book, Tone
from portfolio.documents.wordbook.markup import clean
from portfolio.documents.wordbook.writer import write_book
from tests.documents.books import book
from tests.documents.well_made import lacks, visible

ANY_TEXT = st.text(st.characters(), max_size=60)
AWKWARD = [
    "<w:p>&amp;</w:p>",
    "]]>\x00\x08\x1f",
    "\u202eعربي\u200f",
    "👩‍👩‍👧‍👦",
    "\ud800",
    "\ufffe\uffff",
    "a\r\nb\rc\x0bd\x0ce",
    "\t\n",
    "x" * 100_000,
    "",
    " ",
    "q\"uo'te",
]


def with_texts(content: Book, texts: Iterator[str]) -> tuple[Book, dict[str, str]]:
    """The book with every string replaced; the same string always by the same, two strings never by one."""
    chosen: dict[str, str] = {"": ""}
    taken = {""}

    def new(old: str) -> str:
        if old not in chosen:
            text = next(texts)
            while clean(text) in taken:
                text += f" {len(taken)}"
            taken.add(clean(text))
            chosen[old] = text
        return chosen[old]

    changed: Book = replaced(content, new)
    return changed, chosen


def replaced(value: Any, new: Callable[[str], str]) -> Any:
    """The value with all its strings changed, however deep; kinds of pictures and tones are not text."""
    if isinstance(value, Tone | Picture):
        return value
    if isinstance(value, str):
        return new(value)
    if isinstance(value, tuple):
        return tuple(replaced(part, new) for part in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changes = {f.name: replaced(getattr(value, f.name), new) for f in dataclasses.fields(value)}
        return dataclasses.replace(value, **changes)
    return value


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(ANY_TEXT, min_size=4, max_size=40))
@example(AWKWARD)
def test_any_text_in_any_field(texts: list[str]) -> None:
    source = (texts[n % len(texts)] for n in range(10**6))
    original = io.BytesIO()
    write_book(original, book())
    before = visible(original.getvalue())
    changed, chosen = with_texts(book(), source)
    target = io.BytesIO()
    write_book(target, changed)
    assert lacks(target.getvalue()) == []
    after = visible(target.getvalue())
    for old, new in chosen.items():
        if old in before:
            assert clean(new).strip() in after
