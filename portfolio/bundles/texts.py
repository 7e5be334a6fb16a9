"""What people wrote in the records of a bundle, text by text, to be looked through like that of a book. Pure.

A place is called as it is in a book, so that a decision about it holds in both.
"""

from collections.abc import Iterator, Mapping, Sequence

from portfolio.bundles.packed import Record
from portfolio.bundles.records import Records
from portfolio.export.gate import Going, self_check_text

Text = tuple[str, str]


def going_in(records: Records) -> Iterator[Going]:
    """Every item with its texts in all its versions, then the units on which something was decided with a reason."""
    found: dict[int, dict[str, str]] = {one["id"]: {} for one in records.items}
    for item, place, text in _texts(records):
        if text.strip():
            found[item][place] = text
    for one in records.items:
        yield Going(one["uid"], one["id"], one["ref"], found[one["id"]])
    units = {one["id"]: one["code"] for one in records.units}
    for decision in records.unit_decisions:
        if decision["reason"].strip():
            place = f"decision:{decision['id']}:reason"
            yield Going(decision["uid"], 0, units[decision["unit"]], {place: decision["reason"]})


def _texts(records: Records) -> Iterator[tuple[int, str, str]]:
    """Each text with the item that it is about and its place."""
    of_version = {one["id"]: one["item"] for one in records.versions}
    of_claim = {one["id"]: of_version[one["version"]] for one in records.claims}
    of_part = {one["id"]: of_version[one["version"]] for one in records.submission_items}
    for version in records.versions:
        yield from ((version["item"], place, text) for place, text in _of_version(version))
    for file in records.files:
        yield of_version[file["version"]], f"file:{file['id']}:name", file["name"]
    for claim in records.claims:
        yield of_claim[claim["id"]], f"claim:{claim['id']}:annotation", claim["annotation"]
        yield of_claim[claim["id"]], f"claim:{claim['id']}:place", claim["place"]
    for review in records.reviews:
        yield of_part[review["item"]], f"review:{review['id']}:feedback", review["feedback"]
    for said in records.judgements:
        yield of_claim[said["claim"]], f"judgement:{said['id']}:feedback", said["feedback"]
    for sighting in records.sightings:
        yield of_version[sighting["version"]], f"sighting:{sighting['id']}:note", sighting["note"]
    for amended in records.reasons:
        yield amended["item"], f"amendment:{amended['id']}:reason", amended["reason"]
    yield from _self_checks(records, of_version)


def _self_checks(records: Records, of_version: Mapping[int, int]) -> Iterator[tuple[int, str, str]]:
    """What was asked and answered before handing in, with the first item that it was handed in with."""
    first: dict[int, int] = {}
    for part in records.submission_items:
        first.setdefault(part["submission"], of_version[part["version"]])
    for one in records.submissions:
        said = self_check_text(one.get("self_check", ()))
        yield first[one["id"]], f"submission:{one['id']}:self_check", said


def _of_version(version: Record) -> Iterator[Text]:
    place = f"version:{version['id']}"
    for field in ("title", "context", "role", "body"):
        yield f"{place}:{field}", version[field]
    for key, said in version["custody"].items():
        yield f"{place}:custody:{key}", str(said)
    notes: Sequence[Record] = version["notes"]
    for number, note in enumerate(notes):
        yield f"{place}:note:{number}:ask", note["ask"]
        yield f"{place}:note:{number}:said", note["said"]
