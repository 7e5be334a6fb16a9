"""Links inside the book: each leads somewhere, and whatever leads to a thing can be come back to from it."""

import io
import re
from dataclasses import replace

import pytest
from lxml import etree

from portfolio.documents.wordbook.anchors import AUDIT, CONTENTS, GLOSSARY, INDEX, ITEMS, criterion, feedback, section
from portfolio.documents.wordbook.content import Book, Cited, MatrixEntry, Said, Section, Tone
from portfolio.documents.wordbook.glossary import GLOSSARY as TERMS
from portfolio.documents.wordbook.writer import write_book
from tests.documents.books import UNIT, book, index, items, unit
from tests.documents.well_made import body, lacks

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACES = re.compile(r"contents$|(criterion|line|item|said)_")
"""The contents, lines of matrix and index, items, and what was said of them: what must be linked both ways."""
_PART_OF_A_UNIT = re.compile(r"(matrix|gaps|feedback|signed)_")


def whole() -> Book:
    """The book with chapters of every kind, whose items claim what the matrix says."""
    rows = ((Said("What the unit is", unit=UNIT), Said(refs=("E001", "E004"))),)
    first, *others = unit().outcomes
    *before, last = first.criteria
    elsewhere = MatrixEntry("E004", "Case file of the referred complaint", "Observation", "Met", Tone.MET)
    first = replace(first, criteria=(*before, replace(last, entries=(elsewhere,))))
    with_elsewhere = replace(unit(), outcomes=(first, *others))
    opening = Section("achievement", "Summary of achievement", head=("Unit", "Evidence"), shares=(1, 1), rows=rows)
    closing = Section("iqa", "Internal quality assurance", ruled=3)
    claimed: dict[str, list[str]] = {}
    for one in (row for outcome in with_elsewhere.outcomes for row in outcome.criteria):
        for entry in one.entries:
            claimed.setdefault(entry.ref, []).append(one.code)
    return replace(
        book(),
        opening=(opening,),
        units=(with_elsewhere,),
        index=tuple(replace(line, criteria=(Cited(UNIT, tuple(claimed[line.ref])),)) for line in index()),
        items=tuple(
            replace(item, claims=tuple(replace(item.claims[0], code=code) for code in claimed[item.ref]))
            for item in items()
        ),
        closing=(closing,),
        glossary=TERMS[:2],
    )


def written(content: Book) -> bytes:
    target = io.BytesIO()
    write_book(target, content)
    return target.getvalue()


def links(root: etree._Element) -> dict[str, set[str]]:
    """For each bookmark what is linked to between it and the next one."""
    found: dict[str, set[str]] = {}
    here = ""
    for element in root.iter(f"{_W}bookmarkStart", f"{_W}hyperlink"):
        if element.tag == f"{_W}bookmarkStart":
            here = str(element.get(f"{_W}name"))
            found[here] = set()
        elif anchor := element.get(f"{_W}anchor"):
            found[here].add(str(anchor))
    return found


@pytest.fixture(scope="module")
def ways() -> dict[str, set[str]]:
    data = written(whole())
    assert lacks(data) == []
    return links(body(data))


def test_every_link_leads_somewhere(ways: dict[str, set[str]]) -> None:
    targets = set().union(*ways.values())
    assert len(targets) > 25
    assert targets <= set(ways)


def test_whatever_leads_to_a_thing_can_be_come_back_to(ways: dict[str, set[str]]) -> None:
    """An item and its line in the index are one thing here: they lead to each other."""
    both: dict[str, set[str]] = {}
    for here, targets in ways.items():
        if _PLACES.match(here):
            both.setdefault(_thing(here), set()).update(_thing(there) for there in targets if _PLACES.match(there))
    assert len(both) > 15
    assert [(here, there) for here, targets in both.items() for there in targets if here not in both[there]] == []


def _thing(place: str) -> str:
    return place.replace("line_", "item_")


def test_every_chapter_leads_back_to_the_contents(ways: dict[str, set[str]]) -> None:
    chapters = [there for there in ways[CONTENTS] if not _PART_OF_A_UNIT.match(there)]
    assert len(chapters) >= 9
    assert {INDEX, ITEMS, AUDIT, GLOSSARY} < set(chapters)
    assert [chapter for chapter in chapters if CONTENTS not in ways[chapter]] == []


def test_what_an_item_leads_to(ways: dict[str, set[str]]) -> None:
    """Its criteria, its line in the index, and what was said of it with the unit."""
    assert ways["item_E001"] == {
        CONTENTS,
        "line_E001",
        *(criterion(UNIT, code) for code in ("1.1", "1.2", "1.4")),
        feedback(UNIT, 0),
    }


def test_what_leads_to_an_item(ways: dict[str, set[str]]) -> None:
    """The contents, its line in the index, the matrix, what was said of it, and the chapters that name it."""
    assert {here for here, targets in ways.items() if "item_E001" in targets} == {
        CONTENTS,
        "line_E001",
        *(criterion(UNIT, code) for code in ("1.1", "1.2", "1.4")),
        feedback(UNIT, 0),
        section("achievement"),
    }


def test_an_item_that_is_kept_elsewhere_is_a_line_of_the_index(ways: dict[str, set[str]]) -> None:
    assert "line_E004" in ways[criterion(UNIT, "1.5")]
    assert criterion(UNIT, "1.5") in ways["line_E004"]
    assert "item_E004" not in ways


def test_a_book_without_an_index_links_to_none() -> None:
    ways = links(body(written(replace(whole(), index=(), items=()))))
    assert not {INDEX, ITEMS} & set().union(*ways.values())
