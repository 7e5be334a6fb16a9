"""What may become of a text from which personal data is taken out: less of it, and stand-ins; never anything new."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.errors import Rejected
from portfolio.evidence.taking_out import ONLY_OUT, PUT_IN_MOST, TOO_MUCH, check_taken_out, words_put_in

STAND_IN = ["Customer", "A"]
LETTER = (
    "Mrs Quillfeather rang on Monday about her bill. I listened, said sorry to Mrs Quillfeather and wrote down what "
    "she told me. She was calm at the end of the call and thanked me for it."
)
words = st.sampled_from(["he", "rang", "her", "not", "the", "bank", "a"])
texts = st.lists(words, min_size=1, max_size=30)


def without(old: Sequence[str], is_gone: Sequence[bool], stand_in: Sequence[str]) -> list[str]:
    """The words that stay; the stand-in for each passage that goes."""
    new: list[str] = []
    for at, word in enumerate(old):
        if not is_gone[at]:
            new.append(word)
        elif at == 0 or not is_gone[at - 1]:
            new += stand_in
    return new


@given(st.data())
def test_any_words_may_go_and_have_a_stand_in(data: st.DataObject) -> None:
    old = data.draw(texts)
    is_gone = data.draw(st.lists(st.booleans(), min_size=len(old), max_size=len(old)))
    assert words_put_in(old, without(old, is_gone, [])) == 0
    new = without(old, is_gone, STAND_IN)
    assert words_put_in(old, new) == sum(word in STAND_IN for word in new)


@given(st.data())
def test_no_words_may_be_added(data: st.DataObject) -> None:
    old, sentence = data.draw(texts), data.draw(st.lists(words, min_size=1, max_size=8))
    at = data.draw(st.integers(0, len(old)))
    assert words_put_in(old, [*old[:at], *sentence, *old[at:]]) is None


@given(st.data())
def test_no_sentence_may_be_added_even_where_another_word_goes(data: st.DataObject) -> None:
    old = data.draw(texts)
    gone, at = data.draw(st.integers(0, len(old) - 1)), data.draw(st.integers(0, len(old) - 1))
    less = [*old[:gone], *old[gone + 1 :]]
    assert words_put_in(old, [*less[:at], *(f"new{n}" for n in range(5)), *less[at:]]) is None


@given(texts, texts)
def test_no_more_is_put_in_than_three_words_for_each_place(old: list[str], new: list[str]) -> None:
    put_in = words_put_in(old, new)
    if put_in is not None:
        gone = len(old) - (len(new) - put_in)
        assert put_in <= gone + 3 * min(gone, put_in)


ALLOWED = {
    "the name, twice": LETTER.replace("Mrs Quillfeather", "Customer A"),
    "a sentence": LETTER.replace("I listened, said sorry to Mrs Quillfeather and wrote down what she told me. ", ""),
    "other spaces": LETTER.replace(" ", "\n"),
    "all of it": "",
    "a passage for one as long": LETTER.replace("said sorry to Mrs Quillfeather", "said sorry to another customer"),
    "four words for one": LETTER.replace("Quillfeather rang", "(a customer of ours) rang"),
}
REFUSED = {
    "a sentence is added": (f"{LETTER} She also praised my patience.", ONLY_OUT),
    "a word is added": (LETTER.replace("was calm", "was not calm"), ONLY_OUT),
    "a word is added where another one far off goes": (
        LETTER.replace("Mrs Quillfeather rang", "Mrs rang").replace("was calm", "was not calm"),
        ONLY_OUT,
    ),
    "five words for one": (LETTER.replace("Quillfeather rang", "(a good customer of ours) rang"), ONLY_OUT),
    "less than half is left": ("Mrs Quillfeather rang on Monday about her bill.", TOO_MUCH),
    "it is another text": ("I have met every criterion of this unit in full and beyond any doubt at all.", ONLY_OUT),
}


@pytest.mark.parametrize("what", ALLOWED)
def test_what_is_allowed(what: str) -> None:
    check_taken_out({"body": LETTER}, {"body": ALLOWED[what]})


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_names_the_field(what: str) -> None:
    text, said = REFUSED[what]
    with pytest.raises(Rejected) as refused:
        check_taken_out({"title": "Letter", "body": LETTER}, {"title": "Letter", "body": text})
    assert (refused.value.field, refused.value.message) == ("body", said)


def test_a_text_that_was_empty_stays_empty() -> None:
    check_taken_out({}, {"role": ""})
    with pytest.raises(Rejected, match="Only take out"):
        check_taken_out({}, {"role": "I led it."})


def test_a_short_text_may_be_replaced_altogether() -> None:
    check_taken_out({"title": "Letter to Quillfeather"}, {"title": "A letter"})


def test_more_words_than_anybody_replaces_are_refused() -> None:
    old = [f"name{n}" for n in range(PUT_IN_MOST + 1)]
    assert words_put_in(old, ["them"] * PUT_IN_MOST) == PUT_IN_MOST
    assert words_put_in(old, ["them"] * (PUT_IN_MOST + 1)) is None
