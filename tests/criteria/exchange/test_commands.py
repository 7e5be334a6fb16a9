"""The commands that read criteria of others, write them, and give out the table, as they are typed."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from portfolio.cli import main
from portfolio.criteria.contents import content_sha
from portfolio.criteria.exchange.forest import LABELS
from portfolio.criteria.exchange.formats import ENDINGS, Format
from portfolio.criteria.packs import read_pack, read_pack_texts
from portfolio.criteria.rules import GuidanceKind, Method
from portfolio.opening import SHIPPED
from tests.criteria.exchange.packs import left
from tests.criteria.exchange.test_case import SMALL, as_bytes
from tests.criteria.exchange.test_moodle import FRAMEWORK, row
from tests.criteria.exchange.test_moodle import as_bytes as as_csv

PACK = SHIPPED / "qs-l3-customer-service.yaml"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command of `criteria` without a home folder: its status, what it printed, and what went wrong."""
    monkeypatch.delenv("PORTFOLIO_HOME", raising=False)

    def typed(*words: str | Path) -> tuple[int, str, str]:
        status = main(["criteria", *map(str, words)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return typed


@pytest.mark.parametrize("wanted", Format)
def test_a_pack_goes_out_and_comes_back(run: Run, tmp_path: Path, wanted: Format) -> None:
    """The checker takes what comes back, and what the format could not carry was said."""
    out, back = tmp_path / f"criteria{ENDINGS[wanted]}", tmp_path / "back.yaml"
    status, said, _err = run("export", PACK, "--format", wanted, "--out", out)
    pack = read_pack(PACK)
    assert status == 0
    assert ("has no place" in said or "have no place" in said) is (left(pack, wanted) != pack)
    status, said, _err = run("import", out, "--out", back)
    assert (status, "14 units, 30 criteria" in said) == (0, True)
    assert run("check", back) == (0, "1 pack and 0 units are sound\n", "")
    assert content_sha(read_pack(back)) == content_sha(left(pack, wanted))


def test_a_look_writes_nothing_and_says_what_is_assumed(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(as_bytes(SMALL))
    status, said, _err = run("import", path)
    assert status == 0
    assert said.startswith("CASE 1.0: R/506/2151 R/506/2151, 1 unit, 2 criteria\n")
    assert "level 1 is written" in said
    assert said.endswith("Nothing was written: this was a look\n")
    assert list(tmp_path.iterdir()) == [path]
    status, said, _err = run("import", path, "--level", "3", "--organisation", "A body", "--out", tmp_path / "a.yaml")
    assert "level 1" not in said
    pack = read_pack(tmp_path / "a.yaml")
    assert (pack.level, pack.awarding_organisation) == (3, "A centre")
    assert (tmp_path / "a.yaml").read_text().startswith("# Read from: CASE 1.0.\n# ")


def test_every_fault_is_printed_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "moodle.csv"
    path.write_bytes(as_csv(FRAMEWORK, row("nowhere", "1", "a"), row("", "1", "")))
    status, said, _err = run("import", path, "--out", tmp_path / "a.yaml")
    assert status == 1
    lines = said.splitlines()
    assert f"{path}: line 3: no row has the id number “nowhere”, under which this stands" in lines
    assert any(line.startswith(f"{path}: line 4: the id number “1”") for line in lines)
    assert len(lines) >= 3
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_there_already_stays(run: Run, tmp_path: Path) -> None:
    path, out = tmp_path / "case.json", tmp_path / "a.yaml"
    path.write_bytes(as_bytes(SMALL))
    out.write_text("mine")
    for words in (("import", path), ("export", PACK, "--format", "case")):
        status, _said, err = run(*words, "--out", out)
        assert (status, "is there already" in err) == (1, True)
    assert out.read_text() == "mine"
    status, _said, err = run("import", path, "--out", tmp_path / "no" / "such" / "folder.yaml")
    assert (status, "cannot be written" in err) == (1, True)


def test_what_cannot_be_read_is_said(run: Run, tmp_path: Path) -> None:
    assert run("import", tmp_path / "nothing.json")[0] == 1
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("qualification: {}\n")
    status, said, _err = run("export", wrong, "--format", "csv", "--out", tmp_path / "a.csv")
    assert (status, f"{wrong}:1:" in said) == (1, True)
    assert "this is a pack or a unit as YAML already" in run("import", PACK)[1]


def test_the_table_is_given_out(run: Run, tmp_path: Path) -> None:
    for ending, begins in ((".xlsx", b"PK"), (".csv", b"\xef\xbb\xbfWhat it is,Code")):
        path = tmp_path / f"table{ending}"
        assert run("template", "--out", path)[0] == 0
        assert path.read_bytes().startswith(begins)
    status, _said, err = run("template", "--out", tmp_path / "table.ods")
    assert (status, "ends in .xlsx or .csv" in err) == (1, True)


def test_the_pack_that_the_description_shows_is_sound() -> None:
    text = (SHIPPED / "README.md").read_text(encoding="utf-8")
    shown = text.partition("    qualification:\n")[2].partition("\n\n")[0]
    unit = (SHIPPED / "units" / "resolve-customers-complaints.yaml").read_text(encoding="utf-8")
    pack = read_pack_texts(textwrap.dedent(f"    qualification:\n{shown}\n"), {"resolve-complaints": unit})
    assert [unit.code for group in pack.groups for unit in group.units] == ["R/506/2151", "B1", "B2"]
    for word in (*Method, *GuidanceKind, *LABELS):
        assert word in text, word
