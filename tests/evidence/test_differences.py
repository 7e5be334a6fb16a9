"""Differences between two texts: nothing is lost or invented, words are found, and long texts take no time."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.evidence.differences import Change, Paragraph, Piece, compare, passages
from portfolio.evidence.rules import BODY_MOST

WORDS = st.sampled_from(["a", "call", "I", "rang", "back", "Monday,", "letter.", "(sent)", "customer’s", "é", "<b>"])
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), max_size=8).map("\n".join)


def side(paragraphs: list[Paragraph], left_out: Change) -> list[list[str]]:
    """One of the two texts, put together again from the pieces."""
    lines = ["".join(p.text for p in paragraph.pieces if p.change is not left_out) for paragraph in paragraphs]
    return [line.split() for line in lines if line.strip()]


def told(paragraph: Paragraph) -> str:
    """A paragraph as [-taken out-] and {+put in+}."""
    signs = {Change.SAME: "{}", Change.REMOVED: "[-{}-]", Change.ADDED: "{{+{}+}}"}
    return "".join(signs[piece.change].format(piece.text.strip()) for piece in paragraph.pieces)


@given(TEXTS, TEXTS)
@settings(max_examples=300, deadline=None)
def test_both_texts_can_be_put_together_again(old: str, new: str) -> None:
    found = compare(old, new)
    joined_old = [word for line in side(found, Change.ADDED) for word in "".join(line)]
    joined_new = [word for line in side(found, Change.REMOVED) for word in "".join(line)]
    assert "".join(joined_old) == "".join(old.split())
    assert "".join(joined_new) == "".join(new.split())


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert not any(paragraph.is_changed for paragraph in compare(text, text))


def test_a_changed_word_is_found_in_its_sentence() -> None:
    (paragraph,) = compare("I rang the customer on Monday.", "I rang the customer on Tuesday.")
    assert told(paragraph) == "I rang the customer on[-Monday-]{+Tuesday+}."


def test_a_paragraph_that_came_and_one_that_went() -> None:
    found = compare("One stays.\n\nThis one goes away.\n\nLast.", "One stays.\n\nLast.\n\nQuite something else.")
    assert [told(p) for p in found] == ["One stays.", "[-This one goes away.-]", "Last.", "{+Quite something else.+}"]


def test_paragraphs_are_paired_with_what_they_became() -> None:
    old = "First I listened to her.\nThen I looked for the cause of it.\nThen I wrote to her."
    new = (
        "Somebody had been angry.\nFirst I listened to him.\n"
        "Then I looked for the real cause of it.\nThen I wrote to her."
    )
    assert [told(p) for p in compare(old, new)] == [
        "{+Somebody had been angry.+}",
        "First I listened to[-her-]{+him+}.",
        "Then I looked for the{+real+}cause of it.",
        "Then I wrote to her.",
    ]


def test_what_has_nothing_in_common_is_shown_as_a_whole() -> None:
    assert [told(p) for p in compare("Alpha beta gamma.", "Delta epsilon zeta!")] == [
        "[-Alpha beta gamma.-]",
        "{+Delta epsilon zeta!+}",
    ]


def test_only_the_kind_of_line_break_and_empty_lines_are_no_difference() -> None:
    assert not any(p.is_changed for p in compare("One\r\n\r\nTwo", "One\n\n\n\nTwo\n"))


def test_nothing_compared_with_something() -> None:
    assert compare("", "") == []
    assert compare("", "New.") == [Paragraph((Piece(Change.ADDED, "New."),))]
    assert compare("Old.", "") == [Paragraph((Piece(Change.REMOVED, "Old."),))]


def test_what_is_far_from_any_change_is_folded() -> None:
    old = "\n".join(f"Paragraph {n} stays." for n in range(9))
    new = old.replace("Paragraph 4 stays.", "Paragraph 4 goes on.")
    found = passages(compare(old, new))
    assert [(len(passage.paragraphs), passage.is_folded) for passage in found] == [(3, True), (3, False), (3, True)]


def words(seed: int, count: int, of: int) -> list[str]:
    """As many words from as large a vocabulary."""
    made = random.Random(seed)
    return [f"w{made.randrange(of)}" for _ in range(count)]


def in_paragraphs(some: list[str], length: int) -> str:
    """The words in paragraphs of that length."""
    return "\n\n".join(" ".join(some[at : at + length]) for at in range(0, len(some), length))


LONG = {
    "rewritten from end to end": (
        in_paragraphs(words(1, 14_000, 3_000), 90),
        in_paragraphs(words(2, 14_000, 3_000), 90),
    ),
    "a word changed in each paragraph": (
        in_paragraphs(words(1, 14_000, 3_000), 60),
        in_paragraphs([w if n % 60 else "changed" for n, w in enumerate(words(1, 14_000, 3_000))], 60),
    ),
    "one paragraph": (" ".join(words(1, 14_000, 300)), " ".join(words(2, 14_000, 300))),
    "one letter on each line": ("a\n" * 30_000, "b\n" + "a\n" * 29_000),
    "two letters on each line": ("a\nb\n" * 15_000, "b\na\na\n" * 10_000),
    "the same word again and again": ("a x " * 15_000, "a y " * 15_000),
    "the same word with others between": (
        "\n".join(" ".join(f"a {n}x{m}" for m in range(150)) for n in range(50)),
        "\n".join(" ".join(f"a {n}y{m}" for m in range(150)) for n in range(50)),
    ),
    "paragraphs that all resemble each other": (
        "\n".join(f"the same words all over {n}" for n in range(2_000)),
        "\n".join(f"the same words all over {n}" for n in range(1_000, 3_000)),
    ),
    "nothing but signs": ("(" * 60_000, ")" * 60_000),
    "one long word": ("a" * 60_000, "a" * 59_999 + "b"),
}


@pytest.mark.parametrize("texts", LONG.values(), ids=LONG.keys())
def test_the_longest_texts_take_well_under_a_second(texts: tuple[str, str]) -> None:
    old, new = (text[:BODY_MOST] for text in texts)
    began = time.perf_counter()
    found = compare(old, new)
    took = time.perf_counter() - began
    assert found
    assert took < 0.9, f"{took:.2f} s"
