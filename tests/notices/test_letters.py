"""Letters about notices: one for everything, in few words, with nothing of anybody's in them."""

from functools import partial

import pytest

from portfolio.centres.terms import NONE, filled
from portfolio.config import ROOT
from portfolio.notices.letters import SENTENCES, News, sentences, write
from portfolio.notices.rules import BY_LETTER_OF_ITS_OWN, NoticeKind

ADDRESS = "https://portfolio.example.org/notices"
STANDARD = partial(filled, NONE)
OWN = partial(filled, '{"unit": ["module", "modules"]}')


def letter(*news: News) -> str:
    """A letter's body."""
    return write(name="Amina", centre_name="Harrow Dale Training", address=ADDRESS, news=news, worded=STANDARD).body


def test_every_kind_has_a_sentence_unless_it_has_a_letter_of_its_own() -> None:
    assert set(SENTENCES) == set(NoticeKind) - BY_LETTER_OF_ITS_OWN


@pytest.mark.parametrize(
    ("kind", "refs", "sentence"),
    [
        (NoticeKind.FEEDBACK, ("E003",), "You have feedback on E003."),
        (NoticeKind.FEEDBACK, ("E001", "E002", "E003"), "You have feedback on E001, E002 and E003."),
        (NoticeKind.SUBMITTED, ("E001",), "An item waits for you to mark."),
        (NoticeKind.SUBMITTED, ("E001", "E002"), "2 items wait for you to mark."),
        (NoticeKind.COUNTERSIGN, ("E001",), "A decision waits for your countersignature."),
        (NoticeKind.COUNTERSIGNED, ("E001", "E002"), "2 decisions of yours were countersigned."),
        (NoticeKind.SIGNED_OFF, (), "A unit of yours was signed off."),
        (NoticeKind.REOPENED, (), "A unit of yours was opened again."),
        (NoticeKind.CRITERIA, (), "A unit of yours was moved to newer criteria."),
        (NoticeKind.STAY_ASKED, ("E001",), "You are asked whether something in an item may stay."),
        (NoticeKind.STAY_ASKED, ("E001", "E002"), "You are asked whether something in 2 items may stay."),
        (NoticeKind.STAY_ANSWERED, ("E001",), "You have an answer about what may stay in an item."),
    ],
)
def test_a_single_thing_is_the_subject_and_the_text(kind: NoticeKind, refs: tuple[str, ...], sentence: str) -> None:
    text = write(name="Amina", centre_name="Harrow Dale", address=ADDRESS, news=[News(kind, refs)], worded=STANDARD)
    assert text.subject == sentence.rstrip(".")
    assert f"\n\n{sentence}\n\n" in text.body


def test_several_notices_of_a_kind_are_one_sentence() -> None:
    news = [News(NoticeKind.SUBMITTED, ("E001", "E002")), News(NoticeKind.SUBMITTED, ("E001",))]
    assert sentences(news) == ["3 items wait for you to mark."], "the same reference is another learner's item"
    assert sentences([News(NoticeKind.SIGNED_OFF)] * 2) == ["2 {units} of yours were signed off."]
    own = [News(NoticeKind.FEEDBACK, ("E001",)), News(NoticeKind.FEEDBACK, ("E001", "E004"))]
    assert sentences(own) == ["You have feedback on E001 and E004."]


def test_different_things_are_one_letter() -> None:
    news = [News(NoticeKind.SIGNED_OFF), News(NoticeKind.FEEDBACK, ("E003",))]
    text = write(name="Amina", centre_name="Harrow Dale", address=ADDRESS, news=news, worded=STANDARD)
    assert text.subject == "2 things to know at NVQ Portfolio"
    assert "- You have feedback on E003.\n- A unit of yours was signed off.\n" in text.body


def test_a_letter_holds_one_address_and_says_how_to_have_no_more() -> None:
    body = letter(News(NoticeKind.FEEDBACK, ("E003",)))
    assert body.startswith("Hello Amina,\n")
    assert body.count("http") == 1
    assert f"\n{ADDRESS}\n" in body
    assert "Which letters you get is yours to choose: sign in and open Account." in body
    assert max(len(line) for line in body.splitlines()) < 110


def test_it_ends_as_every_other_letter_does() -> None:
    ending = (ROOT / "templates" / "email" / "base.txt").read_text().strip().splitlines()[-1]
    assert letter(News(NoticeKind.CRITERIA)).strip().splitlines()[-1] == ending


def test_a_letter_speaks_the_centres_words() -> None:
    """One and several."""
    for news, said in (([NoticeKind.SIGNED_OFF], "A module of yours"), ([NoticeKind.REOPENED] * 2, "2 modules of")):
        told = [News(kind) for kind in news]
        text = write(name="Amina", centre_name="Harrow Dale", address=ADDRESS, news=told, worded=OWN)
        assert said in text.subject
        assert said in text.body
