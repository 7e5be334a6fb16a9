"""The maker of labelled text: the same for a seed, its marks in place, its values such as pass their checks."""

import re
from pathlib import Path
from random import Random

import pytest

from portfolio.anonymise.detect import detect
from tests.anonymise import figures
from tests.anonymise.made import maker, values
from tests.anonymise.unseen.marked import LABELS, Document


@pytest.fixture(scope="module")
def some() -> list[Document]:
    """Every document twice."""
    return list(maker.made(seed=4, copies=2))


def test_a_seed_always_gives_the_same(some: list[Document]) -> None:
    """So that two figures can be compared."""
    assert list(maker.made(seed=4, copies=2)) == some
    assert list(maker.made(seed=5, copies=2)) != some


def test_every_slot_is_filled_and_marked(some: list[Document]) -> None:
    """No brace is left, and every span says what stands there."""
    for document in some:
        assert "{{" not in document.text, document.name
        for span in document.spans:
            assert document.text[span["start"] : span["end"]] == span["text"], document.name


def test_all_labels_and_many_kinds_are_there(some: list[Document]) -> None:
    """What the figures are drawn from is broad."""
    assert {span["label"] for document in some for span in document.spans} == set(LABELS.values())
    assert len({document.kind for document in some}) >= 20
    assert len({document.sector for document in some}) >= 20
    assert sum("no_pii" in document.tags for document in some) >= 6


def test_documents_without_personal_data_have_none(some: list[Document]) -> None:
    """The tag says so to those who count documents left untouched."""
    for document in some:
        assert ("no_pii" in document.tags) == (not document.spans), document.name


def test_nobody_shares_a_name_with_another(some: list[Document]) -> None:
    """Two people of one document can always be told apart."""
    for document in some:
        owners: dict[str, str] = {}
        for span in document.spans:
            if span["label"] == "PERSON" and len(span["text"]) > 3:
                assert owners.setdefault(span["text"], span["entity_id"]) == span["entity_id"], document.name


def test_numbers_pass_their_checks() -> None:
    """An NHS number by 11, a card by Luhn, an IBAN by 97."""
    dice = Random(1)
    for _ in range(50):
        nhs = [int(digit) for digit in values.nhs_number(dice) if digit.isdigit()]
        assert sum(digit * weight for digit, weight in zip(nhs, (*range(10, 1, -1), 1), strict=True)) % 11 == 0
        card = [int(digit) for digit in values.card(dice) if digit.isdigit()][::-1]
        assert sum(sum(divmod(digit * (1 + at % 2), 10)) for at, digit in enumerate(card)) % 10 == 0
        iban = values.iban(dice).replace(" ", "")
        assert int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 == 1


def test_phones_are_of_the_ranges_kept_for_drama() -> None:
    """Nobody's telephone rings."""
    dice = Random(2)
    for _ in range(200):
        number = re.sub(r"\D", "", values.phone(dice).replace("(0)", "").replace("+44", "0"))
        assert re.fullmatch(
            r"07700900\d{3}|01632960\d{3}|0\d{3}49[68]0\d{3}|02079460\d{3}|02896496\d{3}|02920180\d{3}", number
        )


def test_a_slot_that_nobody_knows_stays_to_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip of the pen in a document is an error, not a silent hole."""
    (tmp_path / "bad.txt").write_text("=== x | letter | bank\nDear {{p1:grandly}}\n", encoding="utf-8")
    monkeypatch.setattr(maker, "TEMPLATES", tmp_path)
    with pytest.raises(KeyError, match="grandly"):
        list(maker.made(seed=1, copies=1))


def test_most_of_it_is_found(some: list[Document]) -> None:
    """Half of these people bear surnames that no list has."""
    found = figures.count(some, detect).figures()
    assert found["masking recall"] >= 0.98
    assert found["mentions"] >= 0.97
    assert found["entities"] >= 0.96
    assert found["precision"] >= 0.98
    assert found["untouched"] >= 0.7


def test_most_of_it_is_found_after_scanning(some: list[Document]) -> None:
    """A one for an l and a nought for an o hide nobody."""
    read = [maker.scanned(document, seed=2) for document in some]
    assert all(
        document.text[span["start"] : span["end"]] == span["text"] for document in read for span in document.spans
    )
    found = figures.count(read, detect).figures()
    assert found["masking recall"] >= 0.96
    assert found["mentions"] >= 0.94
    assert found["precision"] >= 0.95
