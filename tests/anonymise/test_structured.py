"""Numbers, addresses, references and log-ins: what is found in short texts, and what is left alone.

The cases stand in `structured_cases.txt`, parted by lines of three hyphens, each finding as `{{LABEL words}}`.
"""

import re
from pathlib import Path

import pytest

from portfolio.anonymise import checks, nearby, spoken, structured
from portfolio.anonymise.detect import settled
from portfolio.anonymise.layout import cells

CASES = (Path(__file__).parent / "structured_cases.txt").read_text(encoding="utf-8").split("\n---\n")
MARK = re.compile(r"\{\{([A-Z_]+) (.*?)\}\}", re.DOTALL)


def plain(marked: str) -> str:
    return MARK.sub(lambda match: match.group(2), marked)


def marked(text: str) -> str:
    """The text with every finding marked as in the cases."""
    for one in reversed(settled(structured.candidates(text))):
        text = f"{text[: one.start]}{{{{{one.label.value} {text[one.start : one.end]}}}}}{text[one.end :]}"
    return text


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(plain(case).split())[:40])
def test_what_is_found(case: str) -> None:
    assert marked(plain(case)) == case


@pytest.mark.parametrize("case", CASES[:20], ids=range(20))
def test_other_signs_for_the_same_change_nothing(case: str) -> None:
    said = plain(case)
    found = [(one.start, one.end, one.label) for one in settled(structured.candidates(said))]
    other = said.replace(" ", "\N{NO-BREAK SPACE}").replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")
    assert [(one.start, one.end, one.label) for one in settled(structured.candidates(other))] == found


def test_nothing_is_kept_of_a_text() -> None:
    structured.candidates("my number is 07700 900123")
    assert nearby._noticed.cache_info().currsize == 0


def test_every_reason_is_in_words() -> None:
    for case in CASES:
        for one in structured.candidates(plain(case)):
            assert 0 < one.confidence <= 1
            assert len(one.reason.split()) >= 2, one


@pytest.mark.parametrize(
    ("digits", "passes"), [("4111111111111111", True), ("4111111111111112", False), ("0000000000000000", False)]
)
def test_luhn(digits: str, passes: bool) -> None:
    assert checks.is_luhn(digits) is passes


@pytest.mark.parametrize(("digits", "passes"), [("9434765919", True), ("9434765918", False), ("943476591", False)])
def test_modulus_11(digits: str, passes: bool) -> None:
    assert checks.is_nhs(digits) is passes


@pytest.mark.parametrize(
    ("iban", "passes"),
    [("GB29NWBK60161331926819", True), ("GB29NWBK60161331926818", False), ("GB29NWBK6016133192681", False)],
)
def test_modulus_97(iban: str, passes: bool) -> None:
    assert checks.is_iban(iban) is passes


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("oh seven seven double oh nine hundred", "07700900"),
        ("twenty forty one sixty", "204160"),
        ("treble five eleven two", "555112"),
    ],
)
def test_digits_as_they_are_said(words: str, digits: str) -> None:
    assert spoken.digits_said(words.split()) == digits


def test_cells_know_their_heading_and_row() -> None:
    text = 'Ref;Customer;Tel\n1;"A; B";2\n\nnot a row'
    assert [(text[cell.start : cell.end], cell.heading, cell.row) for cell in cells(text)] == [
        ("1", "ref", 1),
        ("A; B", "customer", 1),
        ("2", "tel", 1),
    ]


def test_columns_kept_apart_by_spaces_are_a_table() -> None:
    text = "Customer   Tel            Ref\nA          07700 900123   44-7\n"
    assert [cell.heading for cell in cells(text)] == ["customer", "tel", "ref"]
