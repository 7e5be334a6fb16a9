"""`portfolio import bundle`, as somebody types it: a look, people matched, everything brought in or nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portfolio.audit.models import AuditEvent
from portfolio.cli import main
from portfolio.db import Base
from portfolio.documents.csv_lists import read_list, write_list
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Evidence
from portfolio.export.rules import Choice, Extent
from portfolio.installation import Installation
from portfolio.proof import verify
from tests.bundles.elsewhere import sent, welcome
from tests.cast import FULL_NAMES, Cast
from tests.criteria.test_command import in_environment

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(cast: Cast, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `import bundle`: its status, what it printed, and what it said on standard error."""
    monkeypatch.setenv("PORTFOLIO_HOME", str(cast.installation.settings.home))
    monkeypatch.setenv("PORTFOLIO_DATABASE", in_environment(cast.installation))

    def typed(*words: str | Path) -> tuple[int, str, str]:
        status = main(["import", "bundle", *(str(word) for word in words), "--centre", "40217"])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return typed


@pytest.fixture
def packed(sqlite_template: Path, tmp_path: Path) -> Path:
    """Amina's portfolio, as another installation sent it."""
    path = tmp_path / "from-elsewhere.zip"
    path.write_bytes(sent(sqlite_template, "amina"))
    return path


def rows_in(installation: Installation) -> dict[str, int]:
    """How many rows each table has."""
    with installation.database.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def uid_in(said: str, name: str) -> str:
    """The identifier that stands before a name in the list of people."""
    line = next(line for line in said.splitlines() if f"  {FULL_NAMES[name]} (" in line)
    return line.split()[0]


def test_a_look_says_everything_and_stores_nothing(run: Run, installation: Installation, packed: Path) -> None:
    before = rows_in(installation)
    status, said, complaint = run(packed)
    assert (status, complaint) == (1, "")
    for words in (
        "From Harrow Dale Training (40217), made ",
        "Fingerprint: ",
        "`portfolio audit key` prints it there",
        "  2 items of evidence, 1 file, ",
        f"{FULL_NAMES['amina']} (Learner): has to be matched with --person",
        f"{FULL_NAMES['marguerite']} (Assessor): known by name alone; perhaps {FULL_NAMES['marguerite']} marguerite@",
        f"stops it: Say who {FULL_NAMES['amina']} is here",
        "Something stops it, so nothing was brought in.",
    ):
        assert words in said, words
    assert "{" not in said
    assert run(packed, "--apply")[:2] == (status, said)
    assert rows_in(installation) == before


def test_a_sound_one_is_brought_in_with_apply_alone_and_once(
    run: Run, installation: Installation, cast: Cast, packed: Path
) -> None:
    email = welcome(installation, cast)
    uid, before = uid_in(run(packed)[1], "amina"), rows_in(installation)
    status, said, _complaint = run(packed, "--person", f"{uid}={email.upper()}")
    assert (status, "Nothing was stored: this was a look." in said) == (0, True)
    assert f"{uid}  {FULL_NAMES['amina']} (Learner): {FULL_NAMES['amina']}, {email}" in said
    assert rows_in(installation) == before
    status, said, complaint = run(packed, "--person", f"{uid}={email}", "--apply")
    assert (status, complaint) == (0, "")
    with installation.database.reading() as session:
        came = session.scalars(select(Enrolment).where(Enrolment.learner_id == cast.people["nia"])).one()
        assert f"Brought in 1 portfolio. Nobody is allocated yet:\n  {FULL_NAMES['amina']}, " in said
        assert said.endswith(f": enrolment {came.uid}\n")
        refs = select(Evidence.ref).where(Evidence.enrolment_id == came.id)
        assert sorted(session.scalars(refs)) == ["E001", "E002"]
        told = select(AuditEvent.verb).where(AuditEvent.verb.in_(("enrolment.import", "centre.bring_in")))
        assert sorted(session.scalars(told)) == ["centre.bring_in", "enrolment.import"]
    assert list(verify(installation.database, installation.store).faults) == []
    after = rows_in(installation)
    status, said, _complaint = run(packed, "--person", f"{uid}={email}", "--apply")
    assert (status, "stops it: This portfolio is here already." in said) == (1, True)
    assert rows_in(installation) == after


def test_people_are_written_filled_in_and_read_back(
    run: Run, installation: Installation, cast: Cast, packed: Path, tmp_path: Path
) -> None:
    email, people = welcome(installation, cast), tmp_path / "people.csv"
    assert f"{people}: fill in" in run(packed, "--write-people", people)[1]
    sheet = read_list(people.read_bytes(), rows_most=100)
    assert sheet.headings == ("Identifier", "Name there", "What they did there", "Perhaps here", "E-mail here")
    assert sheet.rows[0].cells[1] == FULL_NAMES["amina"]
    here = {FULL_NAMES["amina"]: email, FULL_NAMES["marguerite"]: "marguerite@example.org"}
    filled = [(*row.cells[:4], here.get(row.cells[1], "")) for row in sheet.rows]
    people.write_bytes(write_list([sheet.headings, *filled]))
    status, said, _complaint = run(packed, "--people", people)
    assert status == 0
    assert f"{FULL_NAMES['marguerite']} (Assessor): {FULL_NAMES['marguerite']}, marguerite@example.org" in said
    told = run(packed, "--people", people, "--write-people", people)[2]
    assert f"{people} is none" in told
    uid = uid_in(said, "amina")
    status, said, _complaint = run(packed, "--people", people, "--person", f"{uid}=olga@example.org")
    assert (status, "is said to be olga@example.org, but nobody" in said) == (1, True)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The bundle is not taken:"),
        (b"PK\x03\x04 nothing of the kind", "The bundle is not taken:"),
        (b"%PDF-1.7", "The bundle is not taken:"),
    ],
)
def test_what_is_no_bundle_is_said_with_status_1(run: Run, tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "what.zip"
    path.write_bytes(content)
    status, said, complaint = run(path, "--apply")
    assert (status, complaint) == (1, "")
    assert said.startswith(words)
    assert said.endswith("nothing was brought in.\n")


def test_a_sample_is_shown_and_stopped(run: Run, sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "sample.zip"
    path.write_bytes(sent(sqlite_template, "amina", choice=Choice(Extent.SAMPLE, refs=("E001",))))
    status, said, _complaint = run(path)
    assert (status, "  stops it: It is a sample of the portfolio." in said) == (1, True)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--person", "nobody"], "“nobody” is not of the form IDENTIFIER=EMAIL."),
        (["--person", "=a@example.org"], "is not of the form"),
        (["--people", "nowhere.csv"], "nowhere.csv cannot be read."),
        (["--write-people", "/nowhere/at/all.csv"], "Give a new file in a folder that is there"),
    ],
)
def test_what_was_typed_wrongly_is_said(run: Run, packed: Path, words: list[str], complaint: str) -> None:
    status, said, complained = run(packed, *words)
    assert (status, said) == (1, "")
    assert complaint in complained


def test_a_list_without_the_columns_is_refused(run: Run, packed: Path, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("Identifier,Name\nx,Y\n")
    status, _said, complained = run(packed, "--people", people)
    assert (status, "has no column “E-mail here”" in complained) == (1, True)


def test_nowhere_to_read_and_nowhere_to_go(run: Run, packed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "cannot be read" in run(packed.with_name("nothing.zip"))[2]
    assert main(["import", "bundle", str(packed), "--centre", "99999"]) == 1
    assert "No centre has the number 99999." in capsys.readouterr().err
