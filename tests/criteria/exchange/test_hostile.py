"""Files that nobody should send are refused with a sentence or read right, and soon; never half, never with an error
of the reader.
"""

import gzip
import json
import zipfile
from io import BytesIO
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.criteria.exchange.formats import BYTES_MOST, Format, read, write
from portfolio.criteria.exchange.places import NotTaken
from portfolio.criteria.packs import read_pack
from portfolio.criteria.tree import MOST_NOTED, NOT_TEXT
from portfolio.documents.workbooks import UNPACKED_MOST
from portfolio.opening import SHIPPED
from tests.criteria.exchange.faults import read_or_refused
from tests.criteria.exchange.packs import MOMENT
from tests.criteria.exchange.test_case import as_bytes, child, item, package
from tests.criteria.exchange.test_matrix import element, matrix
from tests.criteria.exchange.test_moodle import FRAMEWORK, row
from tests.criteria.exchange.test_moodle import as_bytes as as_csv
from tests.criteria.exchange.test_table import SOUND, workbook

SECONDS = 2.5
"""Of processor time, on a machine that does other things too; on a quiet one everything here takes less than one."""


def repacked(data: bytes, name: str, change: Any) -> bytes:
    """A workbook with one of its parts changed."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return target.getvalue()


def bomb() -> bytes:
    """A workbook whose sheet is a thousand times as large inside."""
    return repacked(workbook(SOUND), "xl/worksheets/sheet1.xml", lambda part: part + b" " * (UNPACKED_MOST + 1))


def entities() -> bytes:
    """A workbook whose sheet defines entities of its own."""
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    return repacked(workbook(SOUND), "xl/worksheets/sheet1.xml", lambda part: doctype + part)


def locked() -> bytes:
    """A workbook whose parts say that they are encrypted."""
    data = bytearray(workbook(SOUND))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "spaces": b" \n\t ",
    "words": b"just words",
    "zeros": b"\0" * 1_000,
    "random": bytes(range(256)) * 20,
    "deep lists": b"[" * 200_000,
    "deep objects": b'{"CFDocument":' * 100_000,
    "huge number": b'{"CFDocument":{"title":' + b"9" * 100_000 + b"}}",
    "not a number": b'{"framework":{"name":NaN}}',
    "a key twice": b'{"framework":{"name":"a","name":"b"}}',
    "a broken key": b'{"framework":{"name":"a"',
    "lone surrogate": b'{"framework":{"name":"\\ud800","standards":[{"shortname":"a","name":"b"}]}}',
    "control": b'{"framework":{"name":"\\u0000","standards":[{"shortname":"a","name":"\\u0007"}]}}',
    "list at the root": b"[]",
    "wrong types": b'{"framework":[1,2]}',
    "wrong types inside": b'{"CFDocument":7,"CFItems":{"a":1},"CFAssociations":[3,null,"x"]}',
    "too large": b'{"framework":"' + b"a" * BYTES_MOST + b'"}',
    "half a mark": b"\xff\xfeW\0h",
    "open quotation mark": b'What it is,Code,Title or wording\n"Fact,Reference,A1\n' * 50,
    "packed": gzip.compress(as_csv(FRAMEWORK)),
    "pdf": b"%PDF-1.7\n",
    "old workbook": b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    "pack": (SHIPPED / "qs-l3-customer-service.yaml").read_bytes(),
    "wide": b"What it is,Code,Title or wording" + b",x" * 5_000,
    "long": b"What it is,Code,Title or wording\n" + b"Criterion,1.1,a\n" * 100_000,
    "one long cell": b"What it is,Code,Title or wording\nUnit,U," + b"x" * 200_000,
    "bomb": bomb(),
    "entities": entities(),
    "locked": locked(),
    "half a workbook": workbook(SOUND)[:2_000],
    "an archive": repacked(workbook(SOUND), "[Content_Types].xml", lambda _part: b""),
    "empty archive": b"PK\x05\x06" + b"\0" * 18,
    "no table": workbook([["a", "b"], ["c", "d"]]),
    "too many rows": workbook([*SOUND, *[["Criterion", str(number), "a"] for number in range(6_200)]]),
    "too many cells": repacked(
        workbook(SOUND),
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(
            b"</sheetData>", (b"<row>" + b"<c><v>1</v></c>" * 50 + b"</row>") * 5_900 + b"</sheetData>"
        ),
    ),
    "formula bomb": workbook([*SOUND, ["Unit", "=REPT(A1,1E9)", "=1+1"]]),
    "html": as_csv(FRAMEWORK, row("", "1", "a", "<" * 39_000)),
    "comments": as_csv(FRAMEWORK, row("", "1", "a", "<!--" * 9_900)),
    "chain": as_csv(FRAMEWORK, *(row(str(n - 1) if n else "", str(n), "a") for n in range(5_000))),
    "units in units": as_bytes(
        package(
            [item(n, "", "a", CFItemType="Unit") for n in range(1, 5_000)], [child(n, n - 1) for n in range(1, 5_000)]
        )
    ),
    "too many items": as_bytes(package([item(n, "", "a") for n in range(1, 6_000)], [])),
    "too many criteria": matrix([element(f"S{n}", "a") for n in range(4_000)]),
    "a ring": matrix(
        [element("U", "a", standardid=1)],
        [element(str(n), "a", standardid=1, elementid=n, parentelementid=n % 3_000 + 1) for n in range(1, 3_001)],
    ),
    "many faults": as_csv(FRAMEWORK, *(row("x", str(n), "") for n in range(5_000))),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_refused_soon(data: bytes) -> None:
    began = process_time()
    with pytest.raises(NotTaken) as caught:
        read(data)
    assert process_time() - began < SECONDS
    assert 1 <= len(caught.value.troubles) <= MOST_NOTED
    for trouble in caught.value.troubles:
        assert trouble.place
        assert trouble.message
        assert not NOT_TEXT.search(str(trouble))


@pytest.mark.parametrize(
    ("description", "words"),
    [("<script>alert(1)</script>Listen", "Listen"), ("<script>" * 4_900, "a"), ("a &#7;b &#xD800;", "a b \ufffd")],
    ids=["script", "scripts", "entities"],
)
def test_what_a_browser_would_run_is_no_word(description: str, words: str) -> None:
    began = process_time()
    [unit] = read(as_csv(FRAMEWORK, row("", "1", "a", description))).pack.groups[0].units
    assert process_time() - began < SECONDS
    assert unit.outcomes[0].criteria[0].text.endswith(words)


PACK = read_pack(SHIPPED / "qs-l3-customer-service.yaml")
SOUND_FILES = [write(PACK, wanted, changed=MOMENT) for wanted in Format if wanted is not Format.XLSX]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_and_never_breaks(data: st.DataObject) -> None:
    content = data.draw(st.sampled_from(SOUND_FILES))
    at = data.draw(st.integers(0, len(content) - 1))
    length = data.draw(st.integers(0, 60))
    put = data.draw(st.binary(max_size=4) | st.sampled_from([b"null", b"-1", b"[]", b"{}", b'"', b",", b"true"]))
    became = read_or_refused(content[:at] + put + content[at + length :])
    assert became.troubles if isinstance(became, NotTaken) else became.pack.groups


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = {
    "CFDocument": ("identifier", "title", "creator", "notes", "uri"),
    "framework": ("name", "standards", "standardelements", "description", "evidencestatuses"),
}


@settings(max_examples=60, deadline=None)
@given(data=st.data(), root=st.sampled_from(list(KEYS)))
def test_any_values_under_the_right_keys_are_read_or_refused(data: st.DataObject, root: str) -> None:
    entry = st.dictionaries(
        st.sampled_from(
            ["shortname", "name", "standardid", "elementid", "parentelementid", "standardelement", "parent"]
        ),
        json_values,
    )
    content: dict[str, Any] = {root: {key: data.draw(json_values | st.lists(entry, max_size=3)) for key in KEYS[root]}}
    content |= {key: data.draw(json_values) for key in ("CFItems", "CFAssociations", "CFRubrics")}
    became = read_or_refused(json.dumps(content).encode())
    assert became.troubles if isinstance(became, NotTaken) else became.pack.groups


def least_seconds(data: bytes) -> float:
    """The processor time that reading takes; other work on the machine makes some goes slower, and none quicker."""
    taken = []
    for _ in range(3):
        began = process_time()
        read(data)
        taken.append(process_time() - began)
    return min(taken)


def test_three_hundred_criteria_are_read_in_under_a_second() -> None:
    """In every format, by processor time, the best of three; the process that reads a workbook is not counted."""
    items = [item(1, "U1", "A unit", CFItemType="Unit")]
    associations = [child(1, 0)]
    for outcome in range(10):
        items.append(item(10 + outcome, str(outcome + 1), "Deal with it"))
        associations.append(child(10 + outcome, 1, outcome))
        for place in range(30):
            number = 100 + outcome * 30 + place
            items.append(item(number, f"{outcome + 1}.{place + 1}", "Show that you can do this " * 6))
            associations.append(child(number, 10 + outcome, place))
    package_of_all = as_bytes(package(items, associations))
    pack = read(package_of_all).pack
    assert least_seconds(package_of_all) < 1
    assert sum(len(unit.wording) for group in pack.groups for unit in group.units) == 300
    for wanted in Format:
        data = write(pack, wanted, changed=MOMENT)
        assert read(data).pack == pack
        assert least_seconds(data) < 1
