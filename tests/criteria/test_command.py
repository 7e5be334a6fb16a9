"""The commands that check packs and load them, as they are typed."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from portfolio import opening, proof
from portfolio.cli import main
from portfolio.config import ROOT
from portfolio.criteria.models import QualificationVersion, UnitVersion
from portfolio.installation import Installation
from tests.criteria.pack_files import PACK, RULED, UNIT, changed, line_of, written

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command: its status, what it printed, and what it said on standard error."""
    monkeypatch.delenv("PORTFOLIO_HOME", raising=False)

    def typed(*words: str | Path) -> tuple[int, str, str]:
        status = main([str(word) for word in words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return typed


@pytest.fixture
def load(run: Run, installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `criteria load` on an installation with two centres."""
    for number in ("10001", "10002"):
        with installation.database.writing() as session:
            opening.open_centre_with_packs(
                session,
                name=f"Centre {number}",
                number=number,
                administrator=(f"head{number}@example.org", "Ada Thistlewood"),
                packs=[],
            )
            session.commit()
    monkeypatch.setenv("PORTFOLIO_HOME", str(installation.settings.home))
    monkeypatch.setenv("PORTFOLIO_DATABASE", in_environment(installation))
    return lambda *words: run("criteria", "load", *words)


def in_environment(installation: Installation) -> str:
    """The database's address as the environment gives it; empty for the one in the home folder."""
    url = installation.settings.database_url
    return "" if url.startswith("sqlite") else url


def versions(installation: Installation) -> list[tuple[str, int | None]]:
    """Title and centre of every stored qualification."""
    with installation.database.reading() as session:
        found = session.scalars(select(QualificationVersion).order_by(QualificationVersion.id))
        return [(version.title, version.centre_id) for version in found]


def test_the_shipped_packs_are_sound(run: Run) -> None:
    status, out, _err = run("criteria", "check", ROOT / "criteria")
    packs, units = (len(list(folder.glob("*.yaml"))) for folder in (opening.SHIPPED, opening.SHIPPED / "units"))
    assert (status, out) == (0, f"{packs} packs and {units} units are sound\n")


def test_checking_needs_no_home_folder(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, pack=RULED)
    assert run("criteria", "check", path) == (0, "1 pack and 1 unit are sound\n", "")
    unit = tmp_path / "units" / "complaints.yaml"
    assert run("criteria", "check", unit) == (0, "0 packs and 1 unit are sound\n", "")
    assert run("criteria", "check", path, unit, tmp_path) == (0, "1 pack and 1 unit are sound\n", "")


def test_every_fault_of_every_file_is_printed_with_its_line(run: Run, tmp_path: Path) -> None:
    pack, unit = changed(PACK, "level: 3", "level: 9"), changed(UNIT, '"1.10"', "1.10")
    path = written(tmp_path, pack=pack, unit=unit)
    stray = tmp_path / "units" / "stray.yml"
    stray.write_text(changed(UNIT, "credit: 4", "credit: x"), encoding="utf-8")
    empty = tmp_path / "empty"
    empty.mkdir()
    status, out, err = run("criteria", "check", tmp_path, empty, tmp_path / "absent.yaml")
    assert (status, err) == (1, "")
    assert out.splitlines() == [
        f"{tmp_path}/absent.yaml:1: the file cannot be read",
        f"{empty}:1: the folder has no pack and no unit",
        f"{path}:4: “level” must lie between 1 and 8",
        f"{tmp_path}/units/complaints.yaml:{line_of(unit, 'id: 1.10')}: “id” is not text: write it in quotes, “1.10”",
        f"{stray}:5: “credit” must be a whole number",
    ]


def test_a_reference_may_stand_in_one_pack_only(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path)
    (tmp_path / "second.yaml").write_text(changed(PACK, "qualification:\n", "qualification:\n  level: 3\n").replace(
        "  title: Diploma in Complaints\n  level: 3\n", "  title: Another\n"), encoding="utf-8")  # fmt: skip
    status, out, _err = run("criteria", "check", tmp_path)
    assert status == 1
    assert out == f"{tmp_path}/second.yaml:3: the reference “S/016/609” is already used in {path}\n"


def test_two_unit_files_of_one_code_must_say_the_same(run: Run, tmp_path: Path) -> None:
    written(tmp_path)
    other = tmp_path / "units" / "other.yaml"
    other.write_text(UNIT, encoding="utf-8")
    assert run("criteria", "check", tmp_path)[0] == 0
    other.write_text(changed(UNIT, "Keep a diary.", "Keep a log."), encoding="utf-8")
    status, out, _err = run("criteria", "check", tmp_path)
    first = tmp_path / "units" / "complaints.yaml"
    assert (status, out) == (1, f"{other}:2: the unit “R/506/2151” reads otherwise in {first}\n")


def test_a_pack_is_loaded_for_the_whole_site(load: Run, installation: Installation, tmp_path: Path) -> None:
    path = written(tmp_path, pack=RULED)
    status, out, _err = load(path)
    assert (status, out) == (0, "S/016/609 Diploma in Complaints\n  New\n  Stored for the whole site\n")
    assert versions(installation) == [("Diploma in Complaints", None)]
    assert load(path)[1] == "S/016/609 Diploma in Complaints\n  Nothing changed\n"
    assert versions(installation) == [("Diploma in Complaints", None)]
    assert proof.verify(installation.database, installation.store).faults == ()


def test_loading_shows_what_changes(load: Run, installation: Installation, tmp_path: Path) -> None:
    load(written(tmp_path, pack=RULED))
    pack = changed(RULED, "credits_min: 20", "credits_min: 19")
    pack = changed(pack, "      - {code: C2, title: Hold meetings", "      - {code: C3, title: Hold meetings")
    pack = changed(pack, "Write to customers", "Write well")
    unit = changed(changed(UNIT, "Take responsibility", "Own it"), "Keep a diary.", "Keep a log.")
    unit = changed(unit, 'id: "2.1"', 'id: "2.2"')
    written(tmp_path, pack=pack, unit=unit)
    shown = [
        "S/016/609 Diploma in Complaints",
        "  Credits in all: “20 credits” is now “19 credits”",
        "  + unit C3 Hold meetings",
        "  - unit C2 Hold meetings",
        "  Unit R/506/2151 Complaints",
        "    1.9: “Take responsibility” is now “Own it”",
        "    + 2.2 Explain the procedure",
        "    - 2.1 Explain the procedure",
        "    + 1 hint",
        "    - 1 hint",
        "  Unit B1 Write well",
        "    Title: “Write to customers” is now “Write well”",
    ]
    status, out, _err = load(tmp_path / "pack.yaml", "--dry-run")
    assert (status, out.splitlines()) == (0, [*shown, "  Would be stored for the whole site"])
    assert len(versions(installation)) == 1
    status, out, _err = load(tmp_path / "pack.yaml")
    assert (status, out.splitlines()) == (0, [*shown, "  Stored for the whole site"])
    assert len(versions(installation)) == 2
    written(tmp_path, pack=RULED)
    told = load(tmp_path / "pack.yaml")[1].splitlines()
    assert told[1] == "  Credits in all: “19 credits” is now “20 credits”"
    assert told[-1] == "  Put into use again for the whole site"
    assert load(tmp_path / "pack.yaml")[1].splitlines() == ["S/016/609 Diploma in Complaints", "  Nothing changed"]
    assert len(versions(installation)) == 2


def test_an_order_that_changed_is_told(load: Run, tmp_path: Path) -> None:
    load(written(tmp_path, pack=RULED))
    first, second = (line for line in RULED.splitlines(keepends=True) if "code: C" in line)
    turned = changed(RULED, first + second, second + first)
    out = load(written(tmp_path, pack=turned), "--dry-run")[1]
    assert out.splitlines()[1:] == ["  In another order", "  Would be stored for the whole site"]


def test_a_pack_is_loaded_for_one_centre(load: Run, installation: Installation, tmp_path: Path) -> None:
    path = written(tmp_path, pack=RULED)
    load(path)
    status, out, _err = load(path, "--centre", "10002")
    said = "  Nothing changed since the version for the whole site\n  Stored for Centre 10002\n"
    assert (status, out) == (0, f"S/016/609 Diploma in Complaints\n{said}")
    assert versions(installation) == [("Diploma in Complaints", None), ("Diploma in Complaints", 2)]


def test_a_unit_file_loads_that_unit(load: Run, installation: Installation, tmp_path: Path) -> None:
    unit = written(tmp_path).parent / "units" / "complaints.yaml"
    assert load(unit)[1] == "R/506/2151 Complaints\n  New\n  Stored for the whole site\n"
    assert load(unit)[1] == "R/506/2151 Complaints\n  Nothing changed\n"
    unit.write_text(changed(UNIT, "glh: 22", "glh: 23"), encoding="utf-8")
    told = "  Guided learning hours: “22” is now “23”\n"
    assert load(unit)[1] == f"R/506/2151 Complaints\n{told}  Stored for the whole site\n"
    with installation.database.reading() as session:
        assert session.scalars(select(UnitVersion.glh).order_by(UnitVersion.id)).all() == [22, 23]
    assert versions(installation) == []


def test_a_folder_loads_its_packs_and_the_units_that_none_of_them_names(
    load: Run, installation: Installation, tmp_path: Path
) -> None:
    written(tmp_path)
    other = tmp_path / "units" / "other.yaml"
    other.write_text(changed(UNIT, "R/506/2151", "X1"), encoding="utf-8")
    out = load(tmp_path)[1].splitlines()
    assert [line for line in out if not line.startswith(" ")] == ["S/016/609 Diploma in Complaints", "X1 Complaints"]
    assert len(versions(installation)) == 1


def test_nothing_is_loaded_while_one_file_has_a_fault(load: Run, installation: Installation, tmp_path: Path) -> None:
    sound = written(tmp_path)
    broken = tmp_path / "broken.yaml"
    broken.write_text(changed(PACK, "S/016/609", "6.10"), encoding="utf-8")
    status, out, _err = load(sound, broken)
    assert status == 1
    assert out == f"{broken}:2: “reference” is not text: write it in quotes, “6.10”\n"
    assert versions(installation) == []


def test_a_centre_that_is_not_there_or_not_the_only_one_is_refused(
    load: Run, installation: Installation, tmp_path: Path
) -> None:
    path = written(tmp_path)
    assert load(path, "--centre", "9") == (1, "", "portfolio: No centre has the number 9.\n")
    with installation.database.writing() as session:
        opening.open_centre_with_packs(
            session, name="Twin", number="10001", administrator=("twin@example.org", "Twin"), packs=[]
        )
        session.commit()
    assert load(path, "--centre", "10001") == (1, "", "portfolio: Several centres have the number 10001.\n")
    assert versions(installation) == []


def test_without_a_centre_there_is_no_trail_to_tell_it(
    run: Run, installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTFOLIO_HOME", str(installation.settings.home))
    monkeypatch.setenv("PORTFOLIO_DATABASE", in_environment(installation))
    refused = run("criteria", "load", written(tmp_path))
    assert refused == (1, "", "portfolio: Open a centre first: its trail tells what is loaded.\n")


def test_loading_needs_a_home_folder(run: Run, tmp_path: Path) -> None:
    status, out, err = run("criteria", "load", written(tmp_path))
    assert (status, out) == (1, "")
    assert "PORTFOLIO_HOME" in err


def test_a_unit_that_stands_in_a_pack_and_in_a_file_says_the_same(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path)
    inside = textwrap.indent(UNIT, "        ").replace("        ", "      - ", 1)
    other = tmp_path / "whole.yaml"
    other.write_text(changed(changed(PACK, "S/016/609", "B1"), "      - complaints\n", inside), encoding="utf-8")
    assert run("criteria", "check", path, other) == (0, "2 packs and 1 unit are sound\n", "")
    other.write_text(changed(other.read_text(encoding="utf-8"), "Take responsibility", "Take charge"), encoding="utf-8")
    status, out, _err = run("criteria", "check", path, other)
    unit = tmp_path / "units" / "complaints.yaml"
    assert (status, out) == (1, f"{other}:1: the unit “R/506/2151” reads otherwise in {unit}\n")
