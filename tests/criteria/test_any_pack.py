"""Reading packs, whatever is in the files: words and codes come back as they were, and nothing breaks the reader."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolio.criteria.combination import ChosenUnit, check, rules_from
from portfolio.criteria.contents import PackUnit, content_sha
from portfolio.criteria.fields import CODE
from portfolio.criteria.packs import read_pack, read_pack_texts, read_unit
from portfolio.criteria.rules import Method
from portfolio.criteria.tree import PackFaults, read_tree

SHIPPED = Path(__file__).parents[2] / "criteria" / "units" / "handle-referred-customer-complaints.yaml"

texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=80).filter(
    lambda words: bool(words.strip())
)
codes = st.from_regex(CODE, fullmatch=True)
on_one_folder = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@on_one_folder
@given(code=codes, title=texts, hint=texts, methods=st.lists(st.sampled_from(Method), min_size=1, unique=True))
def test_any_code_and_any_words_come_back_as_they_were(
    tmp_path: Path, code: str, title: str, hint: str, methods: list[Method]
) -> None:
    content = {
        "unit": dict(
            zip(("code", "title", "source"), (code, title, hint), strict=True),
            level=3,
            credit=4,
            glh=22,
            figures="confirmed",
            status="draft",
        ),
        "outcomes": [
            {
                "id": code,
                "title": title,
                "kind": "knowledge",
                "criteria": [{"id": code, "text": hint, "methods": [str(method) for method in methods]}],
            }
        ],
        "guidance": [{"kind": "tip", "text": hint, "criteria": [code], "sources": []}],
    }
    path = tmp_path / "unit.yaml"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    unit = read_unit(path)
    [outcome] = unit.outcomes
    [criterion] = outcome.criteria
    assert (unit.code, outcome.code, criterion.code, unit.guidance[0].criteria) == (code, code, code, (code,))
    assert (unit.title, criterion.text) == (" ".join(title.split()), " ".join(hint.split()))
    assert criterion.methods == tuple(methods)


@on_one_folder
@given(st.binary(max_size=300) | st.text("-[]{}:,?&*!|>'\"%@` \n\tab1.~#", max_size=120).map(str.encode))
def test_any_bytes_at_all_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.yaml"
    path.write_bytes(content)
    tree, faults = read_tree(path)
    assert faults or tree
    assert all(1 <= fault.line <= content.count(b"\n") + content.count(b"\r") + 2 for fault in faults)
    for read in (read_pack, read_unit):
        with pytest.raises(PackFaults):
            read(path)


@given(st.binary(max_size=300), st.text(max_size=120))
def test_any_texts_are_read_or_refused(main: bytes, unit: str) -> None:
    named = b"qualification: {}\nrules: unknown\ngroups: [{id: A, title: A, units: [one]}]"
    for text in (main, named):
        with pytest.raises(PackFaults):
            read_pack_texts(text, {"one": unit})


@on_one_folder
@given(data=st.data())
def test_a_damaged_unit_is_read_or_refused_but_never_breaks(tmp_path: Path, data: st.DataObject) -> None:
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at] = data.draw(st.sampled_from(["", lines[at] + " x", "  " + lines[at], lines[at][2:], lines[at].upper()]))
    path = tmp_path / "unit.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    read = read_or_refused(path)
    if isinstance(read, PackFaults):
        assert all(1 <= fault.line <= len(lines) + 1 for fault in read.faults)
    else:
        assert len(content_sha(read)) == 64


@st.composite
def some_packs(draw: st.DrawFn) -> dict[str, Any]:
    """A pack with known rules over units in outline, whether they can be met or not."""
    numbers = iter(range(100))
    figures = st.tuples(st.integers(1, 4), st.integers(0, 6))

    def group(code: str, **asked: object) -> dict[str, Any]:
        units = [
            {"code": f"U{next(numbers)}", "title": "A unit", "level": level, "credit": credit}
            for level, credit in draw(st.lists(figures, min_size=1, max_size=3))
        ]
        return {"id": code, "title": "A group", "units": units} | {key: value for key, value in asked.items() if value}

    bound = st.none() | st.integers(1, 12)
    groups = [
        group("A", kind="mandatory"),
        group("B", kind="optional", credits_min=draw(bound)),
        group("C", kind="optional", credits_max=draw(bound)),
    ]
    codes = [unit["code"] for part in groups for unit in part["units"]]
    rules: dict[str, Any] = {"credits_min": draw(st.integers(1, 20))}
    if draw(st.booleans()):
        rules["level_floor"] = {"level": draw(st.integers(1, 4)), "credits": draw(st.integers(1, 12))}
    if draw(st.booleans()):
        theme = draw(st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True))
        rules["themes"] = [{"id": "t", "title": "A theme", "at_least": draw(st.integers(1, 3)), "units": theme}]
    about = dict.fromkeys(("reference", "title", "awarding_organisation", "spec_version", "source"), "Q1")
    return {"qualification": about | {"level": 3, "status": "draft"}, "rules": rules, "groups": groups}


@given(some_packs())
def test_rules_are_refused_just_when_not_even_all_units_meet_them(content: dict[str, Any]) -> None:
    asked = content["rules"]
    stored = {
        **asked,
        "themes": [{"code": "t", **theme} for theme in asked.get("themes", [])],
        "groups": [{**group, "code": group["id"]} for group in content["groups"]],
    }
    everything = [
        ChosenUnit(unit["code"], unit["title"], unit["level"], unit["credit"], group["id"])
        for group in content["groups"]
        for unit in group["units"]
    ]
    can_be_met = check(rules_from(stored), everything).is_met
    try:
        pack = read_pack_texts(json.dumps(content), {})
    except PackFaults:
        assert not can_be_met
    else:
        assert can_be_met
        assert check(pack.rules, everything).is_met


def read_or_refused(path: Path) -> PackUnit | PackFaults:
    """What became of a unit file."""
    try:
        return read_unit(path)
    except PackFaults as refused:
        return refused
