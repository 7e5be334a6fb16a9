"""Fields of Word files: where a link leads and what it says are words like any other; the rest is for programs."""

from pathlib import Path

import pytest

from portfolio.documents.redaction.places import is_technical
from portfolio.documents.redaction.plan import Plan, Swap
from tests.documents.redaction.fielded import letter
from tests.documents.redaction.office_samples import WORD, read, redacted, unpacked

LINK = ' HYPERLINK "mailto:{0}.{1}@example.org?subject=Dear%20{0}%20{1}" \\o "{0} {1}, 14 Elm Road" '
HALEWICK = Plan(
    (
        Swap("Margaret Halewick", "Customer A", "PERSON"),
        Swap("margaret.halewick@example.org", "[email 1]", "EMAIL"),
    )
)


def written(data: bytes, folder: Path) -> list[str]:
    """What of a file's fields is looked at as somebody's words."""
    return [text.words for text in read(data, folder, WORD) if "ields" in text.place and not is_technical(text.place)]


def test_where_a_link_leads_and_what_it_says_is_read_as_words(tmp_path: Path) -> None:
    assert written(letter(LINK.format("Margaret", "Halewick")), tmp_path) == [
        "mailto:Margaret.Halewick@example.org?subject=Dear%20Margaret%20Halewick",
        "mailto:Margaret.Halewick@example.org?subject=Dear Margaret Halewick",
        "Margaret Halewick, 14 Elm Road",
    ]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (" HYPERLINK mailto:halewick@example.org ", ["mailto:halewick@example.org"]),
        (" HYPERLINK \u201chttps://example.org/Halewick\u201d ", ["https://example.org/Halewick"]),
        (' QUOTE "She said \\"Halewick\\" to me" ', ['She said \\"Halewick\\" to me']),
        (' XE "Halewick, Margaret" ', ["Halewick, Margaret"]),
        (' QUOTE "Margaret ', [' QUOTE "Margaret ']),
        (' DATE \\@ "d MMMM yyyy" \\* MERGEFORMAT ', []),
        (' HYPERLINK \\l "_Toc12345" ', []),
        (" PAGEREF _Toc12345 \\h ", []),
    ],
)
def test_words_in_a_field_are_told_from_orders_to_the_program(tmp_path: Path, told: str, words: list[str]) -> None:
    assert written(letter(told), tmp_path) == words


def test_orders_to_the_program_are_shown_too(tmp_path: Path) -> None:
    texts = read(letter(" REF Halewick \\h "), tmp_path, WORD)
    assert [text.words for text in texts if text.place == "Fields"] == ["REF Halewick \\h"]


def test_nothing_of_a_link_is_left_in_any_spelling(tmp_path: Path) -> None:
    result = redacted(letter(LINK.format("margaret", "halewick")), HALEWICK, tmp_path)
    layers = [layer.casefold() for layer in unpacked(result)]
    assert not any("halewick" in layer for layer in layers)
    assert any("14 elm road" in layer and "click here" in layer for layer in layers)
