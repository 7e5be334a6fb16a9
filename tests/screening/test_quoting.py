"""A finding with its sentence: where it is cut, and what of it is not shown."""

import pytest

from portfolio.anonymise.findings import Label
from portfolio.screening.quoting import REACH, Place, Quote, quoted

TEXT = "I rang back. Mrs Oakhill of 07700 900312 was upset! She rang again."


def at(words: str, label: Label = Label.PERSON, text: str = TEXT) -> Place:
    return Place(text.index(words), text.index(words) + len(words), label)


def test_only_its_own_sentence_is_shown() -> None:
    assert quoted(TEXT, at("Mrs Oakhill"), ()) == Quote("", "Mrs Oakhill", " of 07700 900312 was upset!")


def test_what_else_was_found_is_said_by_its_sort() -> None:
    others = [at("07700 900312", Label.PHONE), at("She")]
    assert quoted(TEXT, at("Mrs Oakhill"), others).after == " of [Phone number] was upset!"
    assert quoted(TEXT, at("upset"), [at("Mrs Oakhill"), *others]).before == (
        "[Name of a person] of [Phone number] was "
    )


def test_what_overlaps_is_hidden_once() -> None:
    others = [at("Mrs Oakhill"), at("Oakhill of 07700", Label.ADDRESS)]
    assert quoted(TEXT, at("upset"), others).before == "[Name of a person][Address] 900312 was "


def test_lines_end_sentences() -> None:
    text = "From: somebody\nTo: Joan Hale\nAbout: a leak"
    assert quoted(text, at("Joan Hale", text=text), ()) == Quote("To: ", "Joan Hale", "")


@pytest.mark.parametrize("length", [REACH - 1, REACH, REACH * 3])
def test_a_long_sentence_is_cut(length: int) -> None:
    text = f"{'a' * length} Joan {'b' * length}"
    found = quoted(text, at("Joan", text=text), ())
    assert len(found.before) <= REACH + 1
    assert len(found.after) <= REACH + 1
    assert found.before.startswith("…") == found.after.endswith("…") == (length >= REACH)
    assert found.words == "Joan"


def test_a_text_that_is_nothing_else() -> None:
    assert quoted("Joan", at("Joan", text="Joan"), ()) == Quote("", "Joan", "")
