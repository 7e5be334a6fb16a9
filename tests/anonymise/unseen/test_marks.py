"""The marks themselves: a wrong mark would send the scan's makers the wrong way."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.anonymise.unseen import marked
from tests.anonymise.unseen.marked import Document

FOLDERS = ("open", "sealed", "last", "fresh")
EVERY = [document for folder in FOLDERS for document in marked.documents(marked.HERE / folder)]
CLEAR = [document for document in EVERY if not {"ocr", "spoken"} & set(document.tags)]

SHAPES = {
    "EMAIL": r"[^\s@]+@[^\s@]+\.[A-Za-z]+",
    "PHONE": r"[\d+() ./-]{10,}",
    "POSTCODE": r"(?i)[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}",
    "NI_NUMBER": r"(?i)[a-z]{2}([ -]?\d\d){3}[ -]?[a-d]",
    "SORT_CODE": r"\d\d([ /-]?\d\d){2}",
    "BANK_ACCOUNT": r"\d{4} ?\d{4}",
    "IP_ADDRESS": r"(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+|2001:db8:[0-9a-f:]+",
}


def test_every_name_is_given_once() -> None:
    """Figures and lists of mistakes speak of documents by name."""
    assert [name for name, times in Counter(document.name for document in EVERY).items() if times > 1] == []


def test_no_mark_is_left_in_a_text() -> None:
    """A mark with a slip in it would be read as text."""
    left = [document.name for document in EVERY if re.search(r"\{\{(-|[a-z]+\d*)\||\}\}", document.text)]
    assert left == []


@pytest.mark.parametrize("document", EVERY, ids=lambda document: document.name)
def test_spans_are_where_they_say(document: Document) -> None:
    """In order, without overlap, without blanks at the ends."""
    last = 0
    for span in document.spans:
        assert last <= span["start"] < span["end"]
        assert document.text[span["start"] : span["end"]] == span["text"] == span["text"].strip()
        last = span["end"]


@pytest.mark.parametrize("document", CLEAR, ids=lambda document: document.name)
def test_numbers_are_what_they_are_called(document: Document) -> None:
    """Checksums and shapes, where nothing is misread or spoken."""
    for span in document.spans:
        shape = SHAPES.get(span["label"])
        assert shape is None or re.fullmatch(shape, span["text"]), span
        letters = re.sub(r"[^0-9A-Za-z]", "", span["text"]).upper()
        if span["label"] == "NHS_NUMBER":
            assert _is_nhs_number(letters), span
        elif span["label"] == "CARD_NUMBER":
            assert _passes_luhn(letters), span
        elif span["label"] == "IBAN":
            assert int("".join(str(int(c, 36)) for c in letters[4:] + letters[:4])) % 97 == 1, span


@pytest.mark.parametrize("document", EVERY, ids=lambda document: document.name)
def test_equal_texts_belong_to_one(document: Document) -> None:
    """The same number is the same thing. (Two people may share a name.)"""
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for span in document.spans:
        if span["label"] != "PERSON":
            owners[span["label"], span["text"]].add(span["entity_id"])
    assert [key for key, found in owners.items() if len(found) > 1] == []


def test_there_is_enough_of_everything() -> None:
    """Kinds, sectors, clean documents and misread ones, and each label."""
    assert len(EVERY) >= 150
    assert len({document.kind for document in EVERY}) >= 20
    assert len({document.sector for document in EVERY}) >= 12
    assert sum(not document.spans for document in EVERY) >= 25
    assert sum("ocr" in document.tags for document in EVERY) >= 10
    labels = Counter(span["label"] for document in EVERY for span in document.spans)
    assert set(labels) == set(marked.LABELS.values())
    assert min(labels.values()) >= 5


def test_text_that_belongs_to_no_document_is_refused(tmp_path: Path) -> None:
    """A head with a slip in it would hide a document."""
    (tmp_path / "a.txt").write_text("== name | kind | sector\ntext\n")
    with pytest.raises(ValueError, match="belongs to no document"):
        marked.documents(tmp_path)


def _is_nhs_number(digits: str) -> bool:
    weighed = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), digits[:9], strict=True))
    return len(digits) == 10 and (11 - weighed % 11) % 11 == int(digits[9])


def _passes_luhn(digits: str) -> bool:
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2]]
    return (sum(doubled) + sum(map(int, digits[::-2]))) % 10 == 0
