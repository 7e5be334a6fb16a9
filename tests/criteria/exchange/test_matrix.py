"""Mahara matrices in both styles, by hand, with each oddity of what Mahara does with them."""

import json
from typing import Any

import pytest

from portfolio.criteria.exchange.formats import Format, read, write
from portfolio.criteria.packs import read_pack
from portfolio.opening import SHIPPED
from tests.criteria.exchange.faults import faults_of
from tests.criteria.exchange.packs import MOMENT

STATES = [{"begun": "a"}, {"incomplete": "b"}, {"partialcomplete": "c"}, {"completed": "d"}]


def element(code: str, name: str, description: Any = "", **others: Any) -> dict[str, Any]:
    """A standard or an element."""
    return {"shortname": code, "name": name, "description": description} | others


def matrix(standards: list[dict[str, Any]], elements: list[dict[str, Any]] | None = None, **others: Any) -> bytes:
    """A matrix as a file."""
    framework = {"institution": "all", "name": "Complaints", "description": "", "selfassess": True}
    framework |= {"standards": standards} | ({} if elements is None else {"standardelements": elements}) | others
    return json.dumps({"framework": framework}).encode()


OLD = matrix(
    [
        element(
            "Area 1.",
            "Deal with complaints",
            priority=1,
            standardelement=[
                element("1.1", "Listen", "<p>Listen to the <em>whole</em> of it</p>", priority=1, parent=False),
                element("1.2.1", "Ask", priority=3, parent=True),
                element("1.2", "Find out", priority=2, parent=False),
            ],
        ),
        element("Area 2.", "Not yet written", priority=2),
    ]
)


def test_the_old_style_nests_by_the_boolean_in_the_order_of_the_priority() -> None:
    """A standard may have no elements; an element without any of its own is a criterion too."""
    reading = read(OLD)
    assert reading.format is Format.MATRIX
    first, second = reading.pack.groups[0].units
    assert [(one.code, one.title) for one in first.outcomes] == [("1.1", "Listen"), ("1.2", "Find out")]
    assert [one.text for one in first.outcomes[0].criteria] == ["Listen. Listen to the whole of it"]
    assert [(one.code, one.text) for one in first.outcomes[1].criteria] == [("1.2.1", "Ask")]
    assert (first.code, second.code, second.is_outline) == ("Area-1", "Area-2", True)
    assert any("“Area 1.” is no code" in remark for remark in reading.remarks)


def new(**changes: Any) -> bytes:
    """A matrix in the new style, with a change to its second element."""
    elements = [
        element("1", "Know this", standardid=1, elementid="1"),
        element("1.1", "Explain this", standardid=1, elementid="1.1", parentelementid="1") | changes,
        element("1.10", "Explain that", standardid=1, elementid="1.10", parentelementid="1"),
    ]
    return matrix([element("U1", "A unit", standardid=1)], elements, evidencestatuses=STATES)


def test_the_new_style_joins_by_ids() -> None:
    reading = read(new())
    [unit] = reading.pack.groups[0].units
    assert [(one.code, [inner.code for inner in one.criteria]) for one in unit.outcomes] == [("1", ["1.1", "1.10"])]
    assert any("states of evidence" in remark for remark in reading.remarks)


def test_an_id_of_another_type_is_joined_and_said() -> None:
    """Mahara would drop the element without a word."""
    reading = read(new(standardid="1"))
    assert reading.pack == read(new()).pack
    assert any("Mahara drops" in remark for remark in reading.remarks)


def test_a_parent_after_its_child_is_taken_and_said() -> None:
    elements = [
        element("1.1", "Explain", standardid=1, elementid=2, parentelementid=1),
        element("1", "Know this", standardid=1, elementid=1),
    ]
    reading = read(matrix([element("U1", "A unit", standardid=1)], elements))
    assert reading.pack.groups[0].units[0].outcomes[0].criteria[0].code == "1.1"
    assert any("Mahara loses such a tie" in remark for remark in reading.remarks)


@pytest.mark.parametrize(
    ("data", "place", "word"),
    [
        (new(standardid=7), "framework.standardelements[1].standardid", "no standard has this id"),
        (new(standardid=None), "framework.standardelements[1].standardid", "no standard has this id"),
        (new(parentelementid="9"), "framework.standardelements[1].parentelementid", "no element"),
        (new(parentelementid="1.1"), "framework.standardelements[1].parentelementid", "belongs to itself"),
        (new(elementid="1"), "framework.standardelements[1].elementid", "has this id too"),
        (new(name="x" * 2_001), "framework.standardelements[1]", "longer than 2000"),
        (matrix([]), "framework.standards", "no standard"),
        (matrix([element("U", "A")], name=" "), "framework.name", "needed"),
        (matrix([element("U", "A")], evidencestatuses={"begun": "a"}), "framework.evidencestatuses", "one key"),
        (matrix([element("U", "A")], evidencestatuses=[{"begun": "a", "x": 1}]), "framework.evidencestatuses", "one"),
        (
            matrix([element("U", "A", standardelement=[element("1", "B", parent=True)])]),
            "framework.standards[0].standardelement[0].parent",
            "there is none",
        ),
        (matrix([element("U", "A", description=["a"])]), "framework.standards[0].description", "must be text"),
        (
            matrix([element("U", "A")], description="<p>Complaints</p><p>Group: B</p>"),
            "framework.description",
            "must read as",
        ),
        (
            matrix([element("U", "A")], description="<p>Complaints</p><p>Group: B; optional; ; ; ; Some</p>"),
            "framework.standards[0]",
            "in no group",
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_faults_are_named_with_their_path(data: bytes, place: str, word: str) -> None:
    faults = faults_of(data)
    assert any(at == place and word in said for at, said in faults), faults


@pytest.mark.parametrize("wanted", [Format.MATRIX, Format.OLD_MATRIX])
def test_what_is_written_is_what_mahara_takes(wanted: Format) -> None:
    pack = read_pack(SHIPPED / "qs-l3-customer-service.yaml")
    framework = json.loads(write(pack, wanted, changed=MOMENT))["framework"]
    assert framework["name"]
    assert framework["selfassess"] is False
    assert [list(one) for one in framework["evidencestatuses"]] == [[next(iter(one))] for one in STATES]
    inner = [one for standard in framework["standards"] for one in standard.get("standardelement", ())]
    elements = framework.get("standardelements", inner)
    assert sum(1 for _one in elements) == sum(
        1 + len(outcome.criteria) for group in pack.groups for unit in group.units for outcome in unit.outcomes
    )
    for one in (*framework["standards"], *elements):
        assert 0 < len(one["shortname"]) <= 100
        assert 0 < len(one["name"]) <= 255
    if wanted is Format.OLD_MATRIX:
        assert "standardelements" not in framework
        assert {type(one["parent"]) for one in elements} == {bool}
        return
    seen: set[int] = set()
    ids = {standard["standardid"] for standard in framework["standards"]}
    for one in elements:
        assert type(one["standardid"]) is int
        assert one["standardid"] in ids
        assert one.get("parentelementid") is None or one["parentelementid"] in seen
        assert one["elementid"] not in seen
        seen.add(one["elementid"])
