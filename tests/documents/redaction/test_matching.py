"""Accepted words are found however they are written, and nothing else is."""

import unicodedata

import pytest

from portfolio.documents.redaction.matching import Matcher
from portfolio.documents.redaction.plan import Swap
from portfolio.documents.redaction.work import replaced

HALE = Swap("Margaret Hale", "Customer A", "PERSON")
PHONE = Swap("01632 960 123", "[phone 1]", "PHONE")


@pytest.mark.parametrize(
    "written",
    [
        "Margaret Hale", "MARGARET HALE", "margaret\u00a0hale", "Margaret\n  Hale", "margaret.hale", "Margaret_Hale",
        "Mar\u00adgaret Ha\u200ble", "MargaretHale", "Margaret%20Hale", "Margaret-Hale",
        "Margaret \u200b Hale", "Margaret        Hale", "Margaret\u2212Hale", "\uff2dargaret \U0001d407ale",
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_written(written: str) -> None:
    text = f"Dear {written}, thank you."
    assert replaced(text, Matcher([HALE]).find(text)) == "Dear Customer A, thank you."


@pytest.mark.parametrize(
    "written",
    [
        "01632 960 123",
        "01632960123",
        "(01632) 960-123",
        "+44 1632 960123",
        "+44 (0)1632 960 123",
        "01632\u200b 960\u2212123",
        "\uff101632960123",
        "\u0660\u0661\u0666\u0663\u0662 960123",
    ],
)
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    text = f"Call {written} today"
    found = Matcher([PHONE]).find(text)
    assert replaced(text, found).replace("(", "").replace("+", "") == "Call [phone 1] today"


@pytest.mark.parametrize(
    "text", ["Margarets Hales", "01632 960 1234", "9 01632 960 12", "xMargaret Hale", "Margaret, who hales"]
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert Matcher([HALE, PHONE]).find(text) == []


def test_the_mark_of_a_footnote_is_no_part_of_a_name() -> None:
    text = "As Margaret Hale\u00b2 says"
    assert replaced(text, Matcher([HALE]).find(text)) == "As Customer A\u00b2 says"


def test_an_ordinary_word_that_is_a_name_keeps_its_capitals() -> None:
    grace = Swap("Grace", "Customer B", "PERSON", is_ordinary=True)
    text = "Grace gave us a period of grace."
    assert replaced(text, Matcher([grace]).find(text)) == "Customer B gave us a period of grace."


def test_longer_words_win_and_accents_may_be_apart() -> None:
    swaps = [Swap("José", "Customer C", "PERSON"), Swap("José Núñez", "Customer C", "PERSON"), HALE]
    text = unicodedata.normalize("NFD", "José Núñez and José met Margaret Hale")
    assert replaced(text, Matcher(swaps).find(text)) == "Customer C and Customer C met Customer A"


def test_without_swaps_nothing_is_found() -> None:
    assert not Matcher([])
    assert Matcher([]).find("Margaret Hale") == []
