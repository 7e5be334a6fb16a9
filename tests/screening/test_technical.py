"""What programs say to each other in a file: nobody is looked for there who is not named elsewhere in it."""

from collections.abc import Mapping

import pytest

from portfolio.anonymise.findings import Finding, Known, Label
from portfolio.anonymise.together import Placed
from portfolio.screening.contents import found_in
from portfolio.screening.marks import BY_HAND
from portfolio.screening.pieces import Content
from portfolio.screening.scanning import Here

HERE = Here(Known(), (), (), "a release")
TITLES = {"text": "Text", "unseen-1": "Styles", "unseen-2": "Comments"}


def places_of(**texts: str) -> set[tuple[str, str, Label]]:
    """What is found where."""
    content = Content({name.replace("_", "-"): text for name, text in texts.items()}, TITLES)
    return {(one.place, one.words, one.finding.label) for one in found_in(content, HERE)}


def test_a_word_that_looks_like_a_name_is_none_there() -> None:
    assert places_of(text="Nothing here.", unseen_1="Mr Corncrake") == set()
    assert places_of(text="Nothing here.", unseen_2="Mr Corncrake") == {("unseen-2", "Mr Corncrake", Label.PERSON)}


def test_whoever_is_named_elsewhere_is_found_there_as_the_same() -> None:
    content = Content({"text": "I rang Mr Corncrake today.", "unseen-1": "Mr Corncrake"}, TITLES)
    first, second = found_in(content, HERE)
    assert (first.place, second.place) == ("text", "unseen-1")
    assert first.finding.entity == second.finding.entity


def test_a_telephone_number_is_one_wherever_it_stands() -> None:
    content = Content({"text": "I rang 01632 960123.", "unseen-1": "07700 900456"}, TITLES)
    found = found_in(content, HERE)
    assert {(one.place, one.finding.label) for one in found} == {("text", Label.PHONE), ("unseen-1", Label.PHONE)}
    assert len({one.finding.entity for one in found}) == 2


@pytest.mark.parametrize(
    ("words", "label"),
    [("margaret.holt@example.org", Label.EMAIL), ("LS1 4AP", Label.POSTCODE), ("AB 12 34 56 C", Label.NI_NUMBER)],
)
def test_what_is_told_by_its_form_is_found_there(words: str, label: Label) -> None:
    assert places_of(text="Nothing here.", unseen_1=words) == {("unseen-1", words, label)}


def test_what_tells_one_mail_from_another_is_no_address() -> None:
    assert places_of(text="Nothing here.", unseen_1="<case4@relay.example>\n<a@b.example> <c@d.example>") == set()
    said = "for <margaret.holt@example.org>; Tue"
    assert places_of(text="Nothing here.", unseen_1=said) == {("unseen-1", "margaret.holt@example.org", Label.EMAIL)}


def test_what_was_marked_by_hand_is_found_there() -> None:
    def marked(texts: Mapping[str, str], _here: Here) -> list[Placed]:
        return [Placed(place, text, Finding(0, 3, Label.PERSON, "uid", 1.0, BY_HAND)) for place, text in texts.items()]

    content = Content({"unseen-1": "Bob"}, TITLES)
    assert [(one.place, one.finding.entity) for one in found_in(content, HERE, marked)] == [("unseen-1", "uid")]
