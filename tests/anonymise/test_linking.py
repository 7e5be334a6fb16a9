"""Mentions of one person or thing share an entity, and two people who only share a name do not."""

import pytest

from portfolio.anonymise import alike, linking
from portfolio.anonymise.alike import Read
from portfolio.anonymise.detect import detect
from portfolio.anonymise.findings import Candidate, Finding, Label


def groups(text: str, label: Label = Label.PERSON) -> list[list[str]]:
    found: dict[str, list[Finding]] = {}
    for one in detect(text):
        if one.label is label:
            found.setdefault(one.entity, []).append(one)
    return [[text[one.start : one.end] for one in several] for several in found.values()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mrs Ngozi Eze rang. Mrs Eze was upset. Ngozi cried.", [["Mrs Ngozi Eze", "Mrs Eze", "Ngozi"]]),
        ("Elizabeth Tranter wrote. Liz rang twice.", [["Elizabeth Tranter", "Liz"]]),
        ("Kwabena Owusu-Ansah wrote. K. Owusu signed.", [["Kwabena Owusu-Ansah", "K. Owusu"]]),
        ("Present: Kirsten Bolt, Vikram Lall\n1.1 KB to chase.\n", [["Kirsten Bolt", "KB"], ["Vikram Lall"]]),
        ("Steve Lunt and Steve Okoro came. Steve L stayed.", [["Steve Lunt", "Steve L"], ["Steve Okoro"]]),
        ("Mr K Tang (Kai) rang. Mr Tang is cross.", [["Mr K Tang", "Kai", "Mr Tang"]]),
        ("Colin Pritchard rang. Mr Prichard is cross.", [["Colin Pritchard", "Mr Prichard"]]),
        ("Mrs Amy Holt and Mr Ben Holt wrote.", [["Mrs Amy Holt"], ["Mr Ben Holt"]]),
        ("Customer: HALLAM, JOYCE\nMrs Hallam rang.", [["HALLAM, JOYCE", "Mrs Hallam"]]),
    ],
)
def test_mentions_of_one_person_are_linked(text: str, expected: list[list[str]]) -> None:
    assert groups(text) == expected


def test_one_number_in_two_layouts_is_one_thing() -> None:
    text = "Ring me on 07700 900123. My number is +44 7700 900 123. My wife's is 07700 900124."
    assert groups(text, Label.PHONE) == [["07700 900123", "+44 7700 900 123"], ["07700 900124"]]


def test_a_mention_is_compared_with_a_bounded_number_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0

    def counted(_one: Read, _other: Read) -> int:
        nonlocal compared
        compared += 1
        return 0

    monkeypatch.setattr(alike, "fits", counted)
    found = [Candidate(start, start + 9, Label.PERSON, 0.9, "") for start in range(0, 20_000, 10)]
    text = "".join(
        [f"Mr {chr(65 + n % 26)}{'aeiou'[n % 5]}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}an " for n in range(2_000)]
    )
    assert len(set(linking.entities(text, found))) > 1_000
    assert compared < 40 * len(found)
