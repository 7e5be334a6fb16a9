"""Labelled text by the thousand: documents with slots, filled with made-up people and values. The same for a seed.

In a document `{{p1:titled}}` is a mention of person 1 in one of the forms of people.py, `{{ph1}}` a phone number and
`{{em1:p1}}` an email address of person 1; `{{p1|Mrs Example}}` stays as it stands. A slot that comes again says the
same.
`python -m tests.anonymise.made.maker SEED COPIES` writes gold documents, one JSON object a line.
"""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from tests.anonymise.made import values
from tests.anonymise.made.people import FORMS, Person, person
from tests.anonymise.unseen.marked import Document, Span, document, parts

TEMPLATES = Path(__file__).parent / "templates"

_MISREAD = {"l": "1", "O": "0", "o": "0", "I": "l", "S": "5", "0": "O", "1": "l", "5": "S", "B": "8"}

_SLOT = re.compile(r"\{\{([a-z]+)(\d+)(?::(\w+))?\}\}")

_PLAIN: dict[str, Callable[[Random], str]] = {
    "ph": values.phone,
    "ad": values.address,
    "pc": values.postcode,
    "dob": values.birthday,
    "ni": values.national_insurance,
    "nhs": values.nhs_number,
    "ba": lambda dice: values.digits(dice, 8),
    "sc": values.sort_code,
    "ib": values.iban,
    "cc": values.card,
    "vr": values.plate,
    "pp": lambda dice: values.digits(dice, 9),
    "ar": values.reference,
    "ip": values.network_address,
}


class _Cast:
    """The people and values of one document, made as they are asked for."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._people: dict[str, Person] = {}
        self._said: dict[str, str] = {}

    def person(self, entity: str) -> Person:
        """The person of that number; no two share a first name or a surname."""
        while entity not in self._people:
            new = person(self._dice)
            names = {new.given, new.surname, new.nickname}
            if not any(names & {old.given, old.surname, old.nickname} for old in self._people.values()):
                self._people[entity] = new
        return self._people[entity]

    def fill(self, slot: re.Match[str]) -> str:
        """The slot as a mark."""
        letters, number, form = slot[1], slot[2], slot[3]
        entity = letters + number
        if letters == "p":
            return f"{{{{{entity}|{FORMS[form](self.person(entity))}}}}}"
        if entity not in self._said:
            self._said[entity] = self._value(letters, form)
        return f"{{{{{entity}|{self._said[entity]}}}}}"

    def _value(self, letters: str, owner: str | None) -> str:
        dice = self._dice
        if plain := _PLAIN.get(letters):
            return plain(dice)
        if letters == "dl":
            return values.licence(dice, self.person(owner or "p1").surname)
        name = self.person(owner).address_name() if owner else values.screen_name(dice)
        if letters == "em":
            return f"{name}@{dice.choice(values.HOSTS)}"
        if letters == "ur":
            return dice.choice(("https://www.facebook.com/{}", "instagram.com/{}", "@{}")).format(
                name.replace(".", "_")
            )
        return self.person(owner).log_in() if owner else name


def made(seed: int, copies: int) -> Iterator[Document]:
    """Every document with slots, filled so many times."""
    for copy in range(copies):
        for path in sorted(TEMPLATES.glob("*.txt")):
            for name, kind, sector, tags, marked in parts(path):
                cast = _Cast(Random(f"{seed} {copy} {name}"))
                yield document(f"{name}-{copy}", kind, sector, tags, _SLOT.sub(cast.fill, marked))


def scanned(document: Document, seed: int) -> Document:
    """The same document as a scanner might have read it: now and then one sign for another that looks like it."""
    dice = Random(f"{seed} {document.name}")
    read = "".join(_MISREAD[sign] if sign in _MISREAD and dice.random() < 0.06 else sign for sign in document.text)
    spans = tuple(
        Span(
            start=span["start"],
            end=span["end"],
            label=span["label"],
            text=read[span["start"] : span["end"]],
            entity_id=span["entity_id"],
        )
        for span in document.spans
    )
    return replace(document, name=f"{document.name}-ocr", tags=(*document.tags, "ocr"), text=read, spans=spans)


def main(seed: int, copies: int) -> int:
    """Write the documents."""
    for filled in made(seed, copies):
        sys.stdout.write(filled.as_json() + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]), int(sys.argv[2])))
