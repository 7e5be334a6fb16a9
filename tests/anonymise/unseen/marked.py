"""Documents with personal data marked by hand, in files that are easy to edit, and what is in them without the marks.

A file holds documents, each under a line `=== name | kind | sector | tags`. In its text `{{p1|Mrs Example}}` marks a
mention of person 1, the letters saying the label, and `{{-|Robbie the robot}}` a place where a finding is neither right
nor wrong. `python -m tests.anonymise.unseen.marked FILE...` writes the documents as one JSON object a line.
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

HERE = Path(__file__).parent

LABELS = {
    "p": "PERSON",
    "em": "EMAIL",
    "ph": "PHONE",
    "ad": "ADDRESS",
    "pc": "POSTCODE",
    "dob": "DATE_OF_BIRTH",
    "ni": "NI_NUMBER",
    "nhs": "NHS_NUMBER",
    "ba": "BANK_ACCOUNT",
    "sc": "SORT_CODE",
    "ib": "IBAN",
    "cc": "CARD_NUMBER",
    "vr": "VEHICLE_REG",
    "pp": "PASSPORT",
    "dl": "DRIVING_LICENCE",
    "ar": "ACCOUNT_REF",
    "ip": "IP_ADDRESS",
    "ur": "URL_PROFILE",
    "un": "USERNAME",
}
NEUTRAL = "-"

_MARK = re.compile(r"\{\{([a-z]+\d+|-)\|(.+?)\}\}", re.DOTALL)
_HEAD = re.compile(r"^=== ([\w-]+) \| ([a-z_]+) \| ([a-z_]+)(?: \| ([a-z_ ]+))?\n", re.MULTILINE)


class Span(TypedDict):
    """A place in a text: what stands there, its label, and the person or thing that it belongs to."""

    start: int
    end: int
    label: str
    text: str
    entity_id: str


class Neutral(TypedDict):
    """A place where a finding counts neither way."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One document and everything in it that ought to be found."""

    name: str
    kind: str
    sector: str
    tags: tuple[str, ...]
    text: str
    spans: tuple[Span, ...]
    neutral: tuple[Neutral, ...]

    def as_json(self) -> str:
        """The form that scorers read."""
        found: dict[str, object] = {"id": self.name, "kind": self.kind, "sector": self.sector, "text": self.text}
        found["spans"] = list(self.spans)
        if self.neutral:
            found["neutral"] = list(self.neutral)
        if self.tags:
            found["tags"] = list(self.tags)
        return json.dumps(found, ensure_ascii=False)


def documents(folder: Path) -> list[Document]:
    """Every document of a folder, in the order of its files."""
    return [found for path in sorted(folder.glob("*.txt")) for found in read(path)]


def read(path: Path) -> Iterator[Document]:
    """The documents of one file."""
    for part in parts(path):
        yield document(*part)


def parts(path: Path) -> Iterator[tuple[str, str, str, tuple[str, ...], str]]:
    """Name, kind, sector, tags and marked text of each document of a file."""
    before, *found = _HEAD.split(path.read_text(encoding="utf-8"))
    if before.strip():
        message = f"{path.name} begins with text that belongs to no document"
        raise ValueError(message)
    for name, kind, sector, tags, body in zip(*(found[part::5] for part in range(5)), strict=True):
        yield name, kind, sector, tuple((tags or "").split()), body.strip("\n") + "\n"


def document(name: str, kind: str, sector: str, tags: tuple[str, ...], marked: str) -> Document:
    """A document without its marks, and what they say of it."""
    text, spans, neutral = "", list[Span](), list[Neutral]()
    last = 0
    for mark in _MARK.finditer(marked):
        text += marked[last : mark.start()]
        last, entity, shown = mark.end(), mark[1], mark[2]
        place = Neutral(start=len(text), end=len(text) + len(shown), text=shown)
        if entity == NEUTRAL:
            neutral.append(place)
        else:
            spans.append(Span(**place, label=LABELS[entity.rstrip("0123456789")], entity_id=entity))
        text += shown
    text += marked[last:]
    return Document(name, kind, sector, tags, text, tuple(spans), tuple(neutral))


def main(files: Sequence[str]) -> int:
    """Write the documents of the files named, or of the folder `open`, one JSON object a line."""
    for path in map(Path, files or sorted(map(str, (HERE / "open").glob("*.txt")))):
        for found in read(path):
            sys.stdout.write(found.as_json() + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
