"""Packs of any content that the checker takes, and what is left of one in a format."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import yaml
from hypothesis import strategies as st

from portfolio.criteria.contents import Pack
from portfolio.criteria.exchange.formats import Format
from portfolio.criteria.packs import read_pack_texts
from portfolio.criteria.rules import Figures, GuidanceKind, Method, OutcomeKind, Status
from portfolio.criteria.tree import NOT_TEXT

MOMENT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
ODD = (
    "=1+1",
    "'=x",
    "''@x",
    "Level: 3",
    "a; b",
    "<p>a</p>",
    "&amp; &lt;b&gt;",
    "1.10",
    "- a: b",
    "#",
    "a\\nb",
    "…",
    "...",
)
"""Words that one format or another might take for something else."""


def is_text(text: str) -> bool:
    """Whether a pack takes these words."""
    return bool(text) and not NOT_TEXT.search(text) and text == " ".join(text.split())


words = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=140),
    st.sampled_from(ODD),
    st.tuples(st.sampled_from(ODD), st.text("ab <&;:\"',…", max_size=220)).map("".join),
)
titles = words.map(lambda text: " ".join(text.split())[:200].strip()).filter(is_text)
statements = words.map(lambda text: " ".join((text * 4).split())[:900].strip()).filter(is_text)
codes = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9./-]{0,9}", fullmatch=True) | st.sampled_from(
    ["LO1", "1", "1.1", "1.10", "U", "U-LO1", "U-1", "u", "units", "group", "R/506/2151"]
)
stems = st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,5}){0,2}", fullmatch=True)


@st.composite
def units(draw: st.DrawFn, code: str) -> dict[str, Any]:
    """A unit, whole or in outline."""
    about = {"code": code, "title": draw(titles), "level": draw(st.integers(1, 8)), "credit": draw(st.integers(1, 30))}
    if draw(st.booleans()):
        about["code_note"] = draw(titles)
    if draw(st.integers(0, 3)) == 0:
        return about
    about |= {
        "glh": draw(st.integers(0, 300)),
        "figures": draw(st.sampled_from([*map(str, Figures)])),
        "status": draw(st.sampled_from([*map(str, Status)])),
        "source": draw(statements),
    }
    of_criteria = draw(st.lists(codes, min_size=1, max_size=6, unique=True))
    outcomes = [
        {
            "id": outcome,
            "title": draw(titles),
            "kind": draw(st.sampled_from([*map(str, OutcomeKind)])),
            "criteria": [
                {
                    "id": one,
                    "text": draw(statements),
                    "methods": draw(st.lists(st.sampled_from([*map(str, Method)]), min_size=1, unique=True)),
                }
                for one in of_criteria[number::2]
            ],
        }
        for number, outcome in enumerate(draw(st.lists(codes, min_size=2, max_size=2, unique=True)))
        if of_criteria[number::2]
    ]
    guidance = [
        {
            "kind": draw(st.sampled_from([*map(str, GuidanceKind)])),
            "text": draw(statements),
            "criteria": draw(st.lists(st.sampled_from(of_criteria), max_size=3, unique=True)),
            "sources": draw(st.lists(stems, max_size=2, unique=True)),
        }
        for _hint in range(draw(st.integers(0, 2)))
    ]
    return {"unit": about, "outcomes": outcomes, "guidance": guidance}


@st.composite
def packs(draw: st.DrawFn) -> Pack:
    """A pack that the checker takes."""
    of_units = draw(st.lists(codes, min_size=1, max_size=4, unique=True))
    of_groups = draw(st.lists(codes, min_size=1, max_size=2, unique=True))
    groups: list[dict[str, Any]] = []
    for number, code in enumerate(of_groups):
        here = of_units[number :: len(of_groups)]
        group: dict[str, Any] = {"id": code, "title": draw(titles), "units": [draw(units(one)) for one in here]}
        if draw(st.booleans()) and here:
            group["kind"] = "mandatory"
        else:
            group |= {"kind": "optional"} | ({"listed": "some"} if not here or draw(st.booleans()) else {})
            if draw(st.booleans()):
                group["credits_max"] = draw(st.integers(40, 90))
        groups.append(group)
    about: dict[str, Any] = {
        "reference": draw(codes),
        "title": draw(titles),
        "level": draw(st.integers(1, 8)),
        "awarding_organisation": draw(titles),
        "spec_version": draw(titles)[:40].strip(),
        "status": draw(st.sampled_from([*map(str, Status)])),
        "source": draw(statements),
    }
    if draw(st.booleans()):
        about |= {"reference_note": draw(titles), "operational_end": "2027-08-31", "certification_end": "2028-08-31"}
    rules: Any = "unknown"
    if draw(st.booleans()):
        rules = {"credits_min": 1, "level_floor": {"level": 1, "credits": 1}}
        rules["themes"] = [{"id": "t1", "title": draw(titles), "at_least": 1, "units": of_units[:2]}]
        if len(of_units) > 2 and all(group["kind"] == "optional" for group in groups):
            rules["barred"] = [of_units[1:3]]
    return read_pack_texts(as_text({"qualification": about, "rules": rules, "groups": groups}), {})


def as_text(content: dict[str, Any]) -> str:
    """A pack file of this content."""
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def left(pack: Pack, wanted: Format) -> Pack:
    """A pack without what a format has no place for."""
    if wanted in {Format.XLSX, Format.CSV}:
        return pack
    is_case = wanted is Format.CASE

    def unit_of(unit: Any) -> Any:
        hints = tuple(replace(hint, sources=()) for hint in unit.guidance) if is_case else ()
        return replace(unit, guidance=hints)

    groups = tuple(replace(group, units=tuple(map(unit_of, group.units))) for group in pack.groups)
    return replace(pack, groups=groups)
