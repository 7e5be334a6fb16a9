"""Reading packs, whatever is in the files: words and codes come back as they were, and nothing breaks the reader."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolio.criteria.fields import CODE
from portfolio.criteria.packs import PackUnit, content_sha, read_pack, read_unit
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


def read_or_refused(path: Path) -> PackUnit | PackFaults:
    """What became of a unit file."""
    try:
        return read_unit(path)
    except PackFaults as refused:
        return refused
