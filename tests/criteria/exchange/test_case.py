"""CASE packages as others write them, by hand from the format's own description, with each oddity of it."""

import json
from typing import Any
from uuid import UUID

import pytest

from portfolio.criteria.exchange.formats import Format, read, write
from portfolio.criteria.exchange.places import NotTaken
from portfolio.criteria.packs import read_pack
from portfolio.criteria.rules import GuidanceKind, OutcomeKind, Status
from portfolio.opening import SHIPPED
from tests.criteria.exchange.faults import faults_of
from tests.criteria.exchange.packs import MOMENT

STAMP = "2026-01-05T09:00:00+00:00"


def uuid(number: int) -> str:
    """An identifier."""
    return f"{number:08x}-1111-4111-8111-111111111111"


def item(number: int, code: str, statement: str, **others: Any) -> dict[str, Any]:
    """An item of a package."""
    about = {"identifier": uuid(number), "uri": f"https://example.org/{number}", "lastChangeDateTime": STAMP}
    return about | {"humanCodingScheme": code, "fullStatement": statement} | others


def child(number: int, parent: int, order: int | None = None, kind: str = "isChildOf") -> dict[str, Any]:
    """An association."""
    ends = {
        "originNodeURI": {"title": "", "identifier": uuid(number), "uri": ""},
        "destinationNodeURI": {"title": "", "identifier": uuid(parent), "uri": ""},
    }
    about = {"identifier": uuid(1000 + number), "uri": "", "lastChangeDateTime": STAMP, "associationType": kind}
    return about | ends | ({} if order is None else {"sequenceNumber": order})


def package(items: list[dict[str, Any]], associations: list[dict[str, Any]], **others: Any) -> dict[str, Any]:
    """A package of items."""
    document = {"identifier": uuid(0), "uri": "urn:x", "creator": "A centre", "title": "R/506/2151"}
    return {
        "CFDocument": document | {"lastChangeDateTime": STAMP},
        "CFItems": items,
        "CFAssociations": associations,
    } | others


def as_bytes(content: Any) -> bytes:
    """JSON as a file."""
    return json.dumps(content).encode()


SMALL = package(
    [item(2, "2.8", "Record the outcome"), item(1, "LO2", "Deal with complaints"), item(3, "2.7", "Agree a solution")],
    [child(2, 1, 8), child(3, 1, 7), child(1, 0)],
)


def test_a_document_with_outcomes_is_a_unit_in_the_order_of_the_numbers() -> None:
    """What is missing around the outcomes is made, and everything that was assumed is said."""
    reading = read(as_bytes(SMALL))
    assert reading.format is Format.CASE
    [group] = reading.pack.groups
    [unit] = group.units
    [outcome] = unit.outcomes
    assert (reading.pack.reference, unit.code, unit.title) == ("R/506/2151", "R/506/2151", "R/506/2151")
    assert reading.pack.awarding_organisation == "A centre"
    assert (outcome.code, outcome.kind) == ("LO2", OutcomeKind.PERFORMANCE)
    assert [one.code for one in outcome.criteria] == ["2.7", "2.8"]
    assert (reading.pack.status, unit.status) == (Status.DRAFT, Status.DRAFT)
    said = " ".join(reading.remarks)
    for word in ("level", "credit", "hours", "methods", "to know or to do", "no reference", "one is made"):
        assert word in said, word


def test_an_order_that_is_not_given_is_that_of_the_package() -> None:
    associations = [child(2, 1), child(3, 1), child(1, 0)]
    [unit] = read(as_bytes(SMALL | {"CFAssociations": associations})).pack.groups[0].units
    assert [one.code for one in unit.outcomes[0].criteria] == ["2.8", "2.7"]


def test_types_tell_what_an_item_is_at_any_depth() -> None:
    items = [
        item(1, "U1", "Complaints", CFItemType="Unit", notes="Level: 4\nCredit: 10\nSomething else"),
        item(2, "1.1", "Say what went wrong", CFItemType="Assessment criterion", notes="Methods: O, PE"),
        item(3, "U2", "Problems", CFItemType="unit"),
    ]
    reading = read(as_bytes(package(items, [child(1, 0), child(2, 1), child(3, 0)])))
    first, second = reading.pack.groups[0].units
    assert (first.code, first.level, first.credit, first.is_outline) == ("U1", 4, 10, False)
    assert first.outcomes[0].criteria[0].methods == ("O", "PE")
    assert (second.code, second.is_outline) == ("U2", True)
    assert "Notes that are no facts of a pack are left out." in reading.remarks


def test_what_has_no_place_is_named() -> None:
    others = [child(2, 3, kind="exactMatchOf"), child(2, 0, 99)]
    content = SMALL | {"CFAssociations": [*SMALL["CFAssociations"], *others], "CFDefinitions": {"CFSubjects": []}}
    reading = read(as_bytes(content | {"extensions": {"a": 1}}))
    said = " ".join(reading.remarks)
    for word in ("other than isChildOf", "under two others", "definitions", "beside those of CASE 1.0"):
        assert word in said, word
    bare = [{key: one[key] for key in ("identifier", "fullStatement", "humanCodingScheme")} for one in SMALL["CFItems"]]
    said = " ".join(read(as_bytes(SMALL | {"CFItems": bare})).remarks)
    assert "asks for “uri”" in said
    assert "asks for “lastChangeDateTime”" in said


def test_items_that_stand_nowhere_are_the_outermost() -> None:
    reading = read(as_bytes(package([item(1, "1", "Know this"), item(2, "1.1", "Explain it")], [child(2, 1)])))
    assert reading.pack.groups[0].units[0].outcomes[0].title == "Know this"
    assert "An item stands under no other one: it is taken as one of the outermost." in reading.remarks


def test_a_rubric_becomes_hints() -> None:
    """Those of several criteria are one; levels, and what is tied to no unit, are left out and said."""
    unit = item(9, "U1", "Complaints", CFItemType="Unit")
    criteria = [
        {"identifier": uuid(50), "category": "Tips", "description": "Keep a diary", "position": 1}
        | {"CFItemURI": {"identifier": uuid(number)}}
        for number in (2, 3)
    ]
    levels = {"identifier": uuid(51), "description": "Compares", "position": 2, "CFRubricCriterionLevels": [{}]}
    rubric = {"identifier": uuid(40), "CFRubricCriteria": [*criteria, levels | {"CFItemURI": {"identifier": uuid(9)}}]}
    lost = {"identifier": uuid(41), "CFRubricCriteria": [{"identifier": uuid(52), "description": "Lost"}]}
    associations = [child(9, 0), child(1, 9), child(2, 1, 8), child(3, 1, 7)]
    content = package([unit, *SMALL["CFItems"]], associations, CFRubrics=[rubric, lost])
    reading = read(as_bytes(content))
    [read_unit] = reading.pack.groups[0].units
    assert [(hint.kind, hint.text, hint.criteria) for hint in read_unit.guidance] == [
        (GuidanceKind.TIP, "Keep a diary", ("2.7", "2.8")),
        (GuidanceKind.MARKING_POINT, "Compares", ()),
    ]
    said = " ".join(reading.remarks)
    assert "levels of a rubric" in said
    assert "tied to no unit" in said


def test_every_fault_is_named_with_its_path() -> None:
    items = [
        item(1, "1", "Know this") | {"identifier": "not-a-uuid"},
        item(2, "1.1", ""),
        item(3, "1.2", "x" * 2_001),
        item(3, "1.3", "Twice"),
        item(4, "1.4", "Round"),
        item(5, "1.5", "and round"),
        item(6, "1.6", "Typed wrongly") | {"fullStatement": 5.5},
    ]
    associations = [child(3, 0), child(4, 5), child(5, 4), child(7, 0), child(6, 99), {"associationType": "isChildOf"}]
    faults = faults_of(as_bytes(package(items, associations)))
    for place, word in [
        ("CFItems[0].identifier", "UUID"),
        ("CFItems[1].fullStatement", "needed"),
        ("CFItems[2]", "longer than 2000"),
        ("CFItems[3].identifier", "CFItems[2] too"),
        ("CFItems[4]", "under itself"),
        ("CFItems[5]", "under itself"),
        ("CFItems[6].fullStatement", "must be text"),
        ("CFAssociations[3].originNodeURI", "no such item"),
        ("CFAssociations[4].destinationNodeURI", "no such item"),
        ("CFAssociations[5].originNodeURI", "needed"),
    ]:
        assert any(at == place and word in said for at, said in faults), (place, word, faults)


@pytest.mark.parametrize("version", [0, 6, 7])
def test_the_version_digit_of_an_identifier_is_looked_at(version: int) -> None:
    wrong = uuid(8).replace("-4111-", f"-{version}111-")
    content = SMALL | {"CFDocument": SMALL["CFDocument"] | {"identifier": wrong}}
    assert ("CFDocument.identifier", "this must be a UUID") in faults_of(as_bytes(content))


def test_more_than_four_levels_are_refused() -> None:
    items = [item(number, str(number), f"Level {number}") for number in range(1, 6)]
    associations = [child(number, number - 1) for number in range(1, 6)]
    with pytest.raises(NotTaken, match="five deep"):
        read(as_bytes(package(items, associations)))


def test_what_is_written_is_a_package_by_the_rules() -> None:
    """UUIDs of version 5, links with three keys, every item under one other, no other parts at the root."""
    pack = read_pack(SHIPPED / "qs-l3-customer-service.yaml")
    root = json.loads(write(pack, Format.CASE, changed=MOMENT))
    assert set(root) <= {"CFDocument", "CFItems", "CFAssociations", "CFDefinitions", "CFRubrics"}
    identifiers = [root["CFDocument"]["identifier"]]
    for entry in (*root["CFItems"], *root["CFAssociations"]):
        identifiers.append(entry["identifier"])
        assert entry["uri"] == f"urn:uuid:{entry['identifier']}"
        assert entry["lastChangeDateTime"] == STAMP
    assert all(UUID(one).version == 5 for one in identifiers)
    assert len(set(identifiers)) == len(identifiers)
    origins = [one["originNodeURI"]["identifier"] for one in root["CFAssociations"]]
    assert sorted(origins) == sorted(one["identifier"] for one in root["CFItems"])
    for one in root["CFAssociations"]:
        assert set(one["originNodeURI"]) == set(one["destinationNodeURI"]) == {"title", "identifier", "uri"}
