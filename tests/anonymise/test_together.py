"""Texts that belong together are looked through as one, and each finding stands in the text that it is in."""

from portfolio.anonymise.findings import Known, Label
from portfolio.anonymise.together import look_through

TEXTS = {
    "title": "Hollingberry refund",
    "context": "",
    "text": "Dear Mrs Hollingberry, I am sorry. Ring me on 07700 900417.",
    "file": "Customer A.txt",
}


def test_each_is_in_its_own_text() -> None:
    for one in look_through(TEXTS):
        assert TEXTS[one.place][one.finding.start : one.finding.end].strip() == one.words


def test_who_is_found_in_one_is_found_in_another_as_the_same() -> None:
    people = [one for one in look_through(TEXTS) if one.finding.label is Label.PERSON]
    assert [(one.place, one.words) for one in people] == [("title", "Hollingberry"), ("text", "Mrs Hollingberry")]
    assert len({one.finding.entity for one in people}) == 1


def test_what_is_said_beforehand_holds() -> None:
    known = Known(leave_alone=("Mrs Hollingberry", "Hollingberry"))
    assert [one.words for one in look_through(TEXTS, known)] == ["07700 900417"]


def test_nothing_written_nothing_found() -> None:
    assert look_through({}) == look_through({"title": "", "text": " \n"}) == []
