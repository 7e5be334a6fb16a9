"""Any text in any field: the book stays well made and shows the same text."""

import dataclasses
import io
import types
import typing
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portfolio.documents import blocks
from portfolio.documents.blocks import Picture
from portfolio.documents.wordbook import content
from portfolio.documents.wordbook.content import Book, Tone
from portfolio.documents.wordbook.frame import Skeleton
from portfolio.documents.wordbook.markup import clean
from portfolio.documents.wordbook.paging import listed, with_pages
from portfolio.documents.wordbook.writer import write_book
from tests.documents.full_book import full_book
from tests.documents.well_made import lacks, visible

ANY_TEXT = st.text(st.characters(), max_size=60)
LONG = "x" * 100_000
AWKWARD = [
    "<w:p>&amp;</w:p>",
    "]]>\x00\x08\x1f",
    "\u202eعربي\u200f",
    "👩‍👩‍👧‍👦",
    "\ud800",
    "\ufffe\uffff",
    "a\r\nb\rc\x0bd\x0ce",
    "\t\n",
    "",
    " ",
    "q\"uo'te",
    "{{learner}} {{ no such field }}",
    "_x000D_ _x005F_",
    'https://example.org/?a=<b>&c="d"',
    "javascript:alert(1)",
    "../../word/document.xml",
    "press F9.",
    ' PAGEREF item_E001 \\h <w:fldChar w:fldCharType="end"/>',
]
NOTE = "To fill in the page numbers, click in the list and press F9."
NO_TEXT = (Tone, Picture, Skeleton)
"""What holds words that nobody writes: kinds of pictures, colours, and markup that was checked when it came."""


def written(one: Book) -> bytes:
    target = io.BytesIO()
    write_book(target, one)
    return target.getvalue()


def with_texts(one: Book, texts: Iterator[str]) -> tuple[Book, dict[str, str]]:
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

    changed: Book = replaced(one, new)
    return changed, chosen


def replaced(value: Any, new: Callable[[str], str]) -> Any:
    """The value with all its strings changed, however deep."""
    if isinstance(value, NO_TEXT):
        return value
    if isinstance(value, str):
        return new(value)
    if isinstance(value, tuple):
        return tuple(replaced(part, new) for part in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changes = {f.name: replaced(getattr(value, f.name), new) for f in dataclasses.fields(value)}
        return dataclasses.replace(value, **changes)
    return value


def check_same_text(before: str, changed: Book, chosen: dict[str, str]) -> None:
    """The book is well made, and shows each new text where it showed the old one."""
    data = written(changed)
    assert lacks(data) == []
    after = visible(data)
    for old, new in chosen.items():
        if old in before:
            assert clean(new).strip() in after


@pytest.fixture(scope="module")
def before() -> str:
    """What the book shows with its own texts."""
    return visible(written(full_book()))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(ANY_TEXT, min_size=4, max_size=40))
@example(AWKWARD)
@example(AWKWARD[::-1])
def test_any_text_in_any_field(before: str, texts: list[str]) -> None:
    changed, chosen = with_texts(full_book(), (texts[n % len(texts)] for n in range(10**6)))
    check_same_text(before, changed, chosen)


@pytest.mark.parametrize("awkward", [*AWKWARD, LONG], ids=lambda text: ascii(text)[:20])
def test_one_field_after_another_is_awkward(before: str, awkward: str) -> None:
    """All others stay as they are, so that nothing leans on what stands beside it. What is long comes five times."""
    strings = [text for text in _strings(full_book()) if text]
    step = len(strings) if awkward == LONG else 5
    for start in range(0, step, max(1, step // 5)):
        wanted = set(strings[start::step])
        marked = {text: f"{awkward} {number}" for number, text in enumerate(strings) if text in wanted}
        changed = replaced(full_book(), lambda old, marked=marked: marked.get(old, old))  # type: ignore[misc]
        check_same_text(before, changed, {old: new for old, new in marked.items() if new.strip()})


def _strings(one: Book) -> list[str]:
    """Every string of a book, once each, in order."""
    found: dict[str, None] = {}

    def note(text: str) -> str:
        found[text] = None
        return text

    replaced(one, note)
    return list(found)


def test_the_book_of_these_tests_has_something_in_every_field() -> None:
    """So that a field which comes new is not forgotten here."""
    filled: set[tuple[type, str]] = set()
    _note_filled(full_book(), filled)
    known = [kind for module in (content, blocks) for kind in vars(module).values() if _is_own(kind, module)]
    named = {(kind, name) for kind in known for name, said in typing.get_type_hints(kind).items() if _has_words(said)}
    assert {f"{kind.__name__}.{name}" for kind, name in named - filled} == {"Book.frame"}
    assert len(named) > 80


def _is_own(kind: object, module: types.ModuleType) -> bool:
    return isinstance(kind, type) and dataclasses.is_dataclass(kind) and kind.__module__ == module.__name__


def _has_words(said: Any) -> bool:
    """Whether a field is more than a number, a day, a yes or no, or something of no words."""
    return said not in {int, float, bool, bytes, date, datetime, date | None, bool | None, Tone, Picture}


def _note_filled(value: Any, filled: set[tuple[type, str]]) -> None:
    if isinstance(value, tuple):
        for part in value:
            _note_filled(part, filled)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for one in dataclasses.fields(value):
            inside = getattr(value, one.name)
            if inside not in (None, "", ()):
                filled.add((type(value), one.name))
            _note_filled(inside, filled)


def test_numbers_of_pages_take_no_text_away(tmp_path: Path) -> None:
    """Whatever somebody wrote: the sentence on how to have them filled in goes, and nothing else."""
    strings = [text for text in _strings(full_book()) if text]
    marked = {text: f"{NOTE} {number}." for number, text in enumerate(strings)}
    path, numbered = tmp_path / "book.docx", tmp_path / "numbered.docx"
    path.write_bytes(written(replaced(full_book(), lambda old: marked.get(old, old))))
    places = listed(path)
    with_pages(path, numbered, dict.fromkeys(places, 7))
    assert lacks(numbered.read_bytes()) == []
    was, now = (
        Counter(line.removesuffix("7").rstrip("\t") for line in visible(one.read_bytes()).split("\n"))
        for one in (path, numbered)
    )
    assert now - was == Counter()
    [(gone, times)] = (was - now).items()
    assert times == 1
    assert gone.endswith(NOTE)
