"""Moodle's CSV as Moodle and people write it, by hand, with each oddity that was seen."""

import csv
import io
import json

from portfolio.criteria.exchange.formats import Format, read, write
from portfolio.criteria.exchange.moodle import HEADINGS, SCALE_VALUES, TAXONOMY
from portfolio.criteria.packs import read_pack
from portfolio.opening import SHIPPED
from tests.criteria.exchange.faults import faults_of
from tests.criteria.exchange.packs import MOMENT

FRAMEWORK = (
    "",
    "CS3",
    "Customer service",
    "<p>What to show</p>",
    "1",
    SCALE_VALUES,
    "[]",
    "",
    "",
    "",
    "",
    "",
    "1",
    "a,b",
)
LONG = (
    "Deal with complaints that customers bring to you in a way that keeps them and that the organisation can stand by"
)


def row(parent: str, number: str, short: str, description: str = "", kind: str = "1", **others: str) -> tuple[str, ...]:
    """A competency."""
    cells = [parent, number, short, description, kind, "", "", "", "", "null", "", "", "", ""]
    for heading, cell in others.items():
        cells[{"rule": 7, "related": 10}[heading]] = cell
    return tuple(cells)


def as_bytes(*rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS, separator: str = ",") -> bytes:
    """A file of rows."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=separator).writerows([headings, *rows])
    return written.getvalue().encode()


THREE = (
    FRAMEWORK,
    row("", "R/506/2151", "Resolve complaints", "<p>Level 3</p><p>Level: 4</p><p>Credit: 4</p>"),
    row("R/506/2151", "R/506/2151-LO2", "2 " + LONG[:97] + "…", f"<p>{LONG}</p>"),
    row("R/506/2151-LO2", "R/506/2151-2.8", "2.8 Record", "<p>Record the <b>outcome</b> &amp; file it</p>"),
    row("R/506/2151-LO2", "R/506/2151-2.7", "2.7 Agree", "Agree\na solution\n\nMethods: O", "2", related="a%2Cb"),
)


def test_the_hierarchy_is_kept_and_codes_are_told_from_id_numbers() -> None:
    reading = read(as_bytes(*THREE))
    assert reading.format is Format.MOODLE
    assert (reading.pack.reference, reading.pack.title) == ("CS3", "Customer service")
    [unit] = reading.pack.groups[0].units
    assert (unit.code, unit.title, unit.level, unit.credit) == ("R/506/2151", "Resolve complaints", 4, 4)
    [outcome] = unit.outcomes
    assert (outcome.code, outcome.title) == ("2", LONG)
    first = outcome.criteria[0]
    assert (first.code, first.text) == ("2.8", "Record. Record the outcome & file it")
    said = " ".join(reading.remarks)
    assert "cross reference" in said
    assert "beside its title" in said


def test_a_fact_in_a_description_is_looked_at() -> None:
    wrong = row("R/506/2151-LO2", "R/506/2151-2.9", "2.9 Follow", "Follow the law\nMethods: O, XX", "2")
    assert any(at == "line 10" and "unknown method “XX”" in said for at, said in faults_of(as_bytes(*THREE, wrong)))


def test_rows_may_stand_in_any_order_and_with_any_separator() -> None:
    first = read(as_bytes(*THREE)).pack
    assert read(as_bytes(THREE[3], THREE[4], *THREE[:3])).pack == first
    assert read(as_bytes(*THREE, separator=";")).pack == first
    assert read(b"\xef\xbb\xbf" + as_bytes(*THREE)).pack == first
    assert read(as_bytes(*THREE).decode().encode("utf-16")).pack == first


def test_every_fault_is_named_with_its_line() -> None:
    rows = (
        FRAMEWORK,
        FRAMEWORK,
        row("", "1", "Know this"),
        row("1", "1.1", ""),
        row("nowhere", "1.2", "Explain"),
        row("1", "1", "Again"),
        row("b", "a", "Round"),
        row("a", "b", "and round"),
        row("1", "1.4", "x", "y" * 2_001),
    )
    faults = faults_of(as_bytes(*rows))
    for place, word in [
        ("line 3", "already, on line 2"),
        ("line 5", "“Shortname” is empty"),
        ("line 6", "“nowhere”"),
        ("line 7", "that of line 4 too"),
        ("line 8", "under itself"),
        ("line 9", "under itself"),
        ("line 10", "longer than 2000"),
    ]:
        assert any(at == place and word in said for at, said in faults), (place, word, faults)


def test_a_file_without_a_framework_or_a_column_is_refused() -> None:
    assert any("no row is a framework" in said for _at, said in faults_of(as_bytes(*THREE[1:])))
    fewer = as_bytes(*(one[:13] for one in THREE), headings=HEADINGS[:13])
    assert ("line 1", "there is no column “Taxonomy”") in faults_of(fewer)


def test_what_is_written_is_what_moodle_takes() -> None:
    """Fourteen columns, one framework, parents before children, short names of 100 characters, id numbers once."""
    pack = read_pack(SHIPPED / "qs-l3-customer-service.yaml")
    data = write(pack, Format.MOODLE, changed=MOMENT)
    headings, *rows = list(csv.reader(io.StringIO(data.decode())))
    assert tuple(headings) == HEADINGS
    assert {len(one) for one in rows} == {14}
    assert [one[12] for one in rows].count("1") == 1
    assert (rows[0][5], rows[0][13]) == (SCALE_VALUES, TAXONOMY)
    assert len(TAXONOMY.split(",")) == 4
    assert json.loads(rows[0][6])[0]["scaleid"]
    seen = {""}
    for one in rows[1:]:
        assert one[0] in seen
        assert one[1] not in seen
        assert len(one[1]) <= 100
        assert 0 < len(one[2]) <= 100
        seen.add(one[1])
    assert "R/506/2151-2.8" in seen
