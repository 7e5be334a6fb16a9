"""A portfolio as Leap2A: what is on record arrives at another system, and nothing else leaves."""

import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, select

from portfolio.assessment import submitting
from portfolio.assessment.models import Submission
from portfolio.audit.events import System
from portfolio.audit.models import AuditEvent
from portfolio.bundles import leap2a
from portfolio.bundles.leap2a import Leap2aMaker
from portfolio.bundles.outcome import Bundle
from portfolio.cli import main
from portfolio.documents.leap2a.profiles import Profile
from portfolio.documents.leap2a.writer import write_leap2a
from portfolio.errors import InvalidState
from portfolio.evidence import amending
from portfolio.evidence.models import Evidence
from portfolio.export.rules import WHOLE, Choice, Extent
from portfolio.installation import Installation
from portfolio.mapping.rules import Outcome
from tests.cast import FULL_NAMES, Cast
from tests.criteria.test_command import in_environment
from tests.documents.leap2a.reader import Arrived, arrives
from tests.documents.leap2a.test_writer import READERS
from tests.evidence.breaches import NAME, item_with_a_name
from tests.export.canaries import World
from tests.export.planted_once import copied
from tests.export.scenes import countersign, note, release
from tests.export.test_canaries import ON_RECORD, places_in
from tests.screened import by_worker

MOST_STATEMENTS = 80
Run = Callable[..., tuple[int, str, str]]


def made(
    installation: Installation,
    cast: Cast,
    target: Path,
    name: str = "amina",
    *,
    choice: Choice = WHOLE,
    profile: Profile = Profile.STANDARD,
) -> Bundle:
    """The archive of a learner, once what waits was looked through."""
    by_worker(installation)
    return Leap2aMaker(installation.database, installation.store).make(
        cast.enrolments[name], target, doer=System(), profile=profile, choice=choice, tell=lambda *_told: None
    )


def arrived(installation: Installation, cast: Cast, folder: Path, *, choice: Choice = WHOLE) -> Arrived:
    """What arrives of amina's portfolio."""
    target = folder / "amina.zip"
    target.unlink(missing_ok=True)
    assert made(installation, cast, target, choice=choice).held == ()
    return arrives(target, "22.04")


@pytest.mark.parametrize(("profile", "version"), [(one, version) for one in READERS for version in READERS[one]])
def test_a_portfolio_arrives_whole(
    installation: Installation, cast: Cast, tmp_path: Path, profile: Profile, version: str
) -> None:
    target = tmp_path / "amina.zip"
    result = made(installation, cast, target, profile=profile)
    assert (result.items, result.files, result.held) == (2, 1, ())
    there = arrives(target, version)
    assert there.person["full_name"] == FULL_NAMES["amina"]
    assert list(there.files.values()) == [b"Dear Customer A, I am sorry."]
    assert [len(one) for one in (there.folders, there.journals, there.collections)] == [1, 1, 1]
    assert there.catch_all == []
    titles = [there.titles[id_] for id_ in there.posts]
    assert titles == [
        "E001 Complaint letter and reply",
        "Feedback on E001 Complaint letter and reply",
        "E002 The customer who would not be calmed",
    ]
    assert [len(files) for files in there.attached.values()] == [1, 0, 0]
    feedback = "".join(there.posts[[*there.posts][1]].itertext())
    assert FULL_NAMES["marguerite"] in feedback
    unit = next(page for id_, page in there.pages.items() if page[-1].kind == "annotation")
    for words in ("Product evidence", "Met", FULL_NAMES["marguerite"], "E001"):
        assert words in unit[0].text
    assert {one.kind for one in unit} == {"text", "filedownload", "blogpost", "annotation"}


def test_it_is_the_same_file_for_the_same_moment(
    installation: Installation, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(installation, cast, tmp_path / "one.zip")
    maker = Leap2aMaker(installation.database, installation.store)
    source, looked = maker._read(cast.enrolments["amina"], WHOLE)
    monkeypatch.setattr(Leap2aMaker, "_read", lambda *_given: (source, looked))
    monkeypatch.setattr(Leap2aMaker, "_note", lambda *_given: None)
    for name in ("two.zip", "three.zip"):
        made(installation, cast, tmp_path / name)
    assert (tmp_path / "two.zip").read_bytes() == (tmp_path / "three.zip").read_bytes()


def test_what_was_withdrawn_and_what_is_a_draft_stay(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    with installation.database.writing() as session:
        submission = session.get_one(Submission, cast.submissions["amina E002"])
        submitting.withdraw(session, cast.actor("amina", session), submission)
        session.commit()
    said = arrived(installation, cast, tmp_path).said()
    assert "Complaint letter and reply" in said
    for words in ("The customer who would not be calmed", "A week of repeated complaints", FULL_NAMES["ben"]):
        assert words not in said


def test_a_hidden_item_stays(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    with installation.database.writing() as session:
        evidence = item_with_a_name(session, cast)
        amending.hide(session, cast.actor("iris", session), evidence, words="All over")
        session.commit()
    there = arrived(installation, cast, tmp_path)
    assert NAME not in there.said()
    assert len(there.files) == 1


def test_a_decision_leaves_once_it_counts(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    thinks = "Tobias thinks well of it"
    note(installation, cast, "amina E002", "tobias", Outcome.MET, thinks)
    assert thinks not in arrived(installation, cast, tmp_path).said()
    release(installation, cast, "amina E002", "tobias")
    assert thinks not in arrived(installation, cast, tmp_path).said()
    countersign(installation, cast, "amina E002", "dafydd")
    assert thinks in arrived(installation, cast, tmp_path).said()


def test_a_sample_holds_these_items_alone(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    there = arrived(installation, cast, tmp_path, choice=Choice(Extent.SAMPLE, refs=("E002",)))
    assert [there.titles[id_] for id_ in there.posts] == ["E002 The customer who would not be calmed"]
    assert there.files == {}


def test_what_may_show_a_real_person_is_held_back(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    note(installation, cast, "amina E002", "marguerite", Outcome.MET, "I rang Mrs Quillfeather and she confirms it.")
    release(installation, cast, "amina E002", "marguerite")
    result = made(installation, cast, tmp_path / "amina.zip")
    [held] = result.held
    assert set(held.places) == {"E002: feedback", "E002: feedback on a criterion"}
    assert list(tmp_path.glob("*.zip")) == []


def test_what_changes_while_it_is_written_leaves_nothing_behind(
    installation: Installation, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(*given: object) -> None:
        with installation.database.writing() as session:
            evidence = session.get_one(Evidence, cast.evidence["amina E002"])
            amending.hide(session, cast.actor("iris", session), evidence, words="There")
            session.commit()
        write_leap2a(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(leap2a, "write_leap2a", meanwhile)
    with pytest.raises(InvalidState):
        made(installation, cast, tmp_path / "amina.zip")
    assert list(tmp_path.glob("*.zip")) == []
    assert events(installation) == []


def events(installation: Installation) -> list[AuditEvent]:
    """The entries of trails about Leap2A files."""
    with installation.database.reading() as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.verb == "export.leap2a")))


def test_the_number_of_statements_does_not_grow_with_the_items(
    installation: Installation, cast: Cast, tmp_path: Path
) -> None:
    counts = []
    by_worker(installation)
    for name in ("olga", "amina"):
        statements: list[str] = []
        listener = lambda *given: statements.append(given[2])  # noqa: E731, B023
        event.listen(installation.database.engine, "before_cursor_execute", listener)
        made(installation, cast, tmp_path / f"{name}.zip", name)
        event.remove(installation.database.engine, "before_cursor_execute", listener)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= MOST_STATEMENTS


@pytest.fixture
def run(cast: Cast, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command: its status, what it printed, and what it said on standard error."""
    monkeypatch.setenv("PORTFOLIO_HOME", str(cast.installation.settings.home))
    monkeypatch.setenv("PORTFOLIO_DATABASE", in_environment(cast.installation))
    by_worker(cast.installation)

    def typed(*words: str | Path) -> tuple[int, str, str]:
        status = main(["export", "leap2a", *(str(word) for word in words)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return typed


@pytest.mark.parametrize("profile", list(Profile))
def test_the_command_writes_it_and_the_trail_tells(run: Run, cast: Cast, tmp_path: Path, profile: Profile) -> None:
    out = tmp_path / "amina.zip"
    status, said, complaint = run("--learner", "amina@example.org", "--profile", profile.value, "--out", out)
    assert (status, complaint) == (0, "")
    assert said == f"{out}: 2 items, 1 file, {out.stat().st_size} bytes\n"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert list(tmp_path.glob(".*.part")) == []
    assert len(arrives(out, READERS[profile][0]).posts) == 3
    assert [(one.verb, one.role) for one in events(cast.installation)] == [("export.leap2a", "system")]


def test_the_command_takes_a_sample(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "amina.zip"
    status, said, _complaint = run("--learner", "amina@example.org", "--items", "E002", "--out", out)
    assert (status, said.startswith(f"{out}: 1 item, 0 files")) == (0, True), said
    there = arrives(out, "22.04")
    assert [there.titles[id_] for id_ in there.posts] == ["E002 The customer who would not be calmed"]


@pytest.mark.parametrize(("items", "complaint"), [(" , ", "Name the items of the sample"), ("E009", "Choose at least")])
def test_a_sample_of_nothing_is_refused(run: Run, tmp_path: Path, items: str, complaint: str) -> None:
    status, _said, complained = run("--learner", "amina@example.org", "--items", items, "--out", tmp_path / "a.zip")
    assert (status, complaint in complained) == (1, True), complained
    assert list(tmp_path.glob("*.zip*")) == []


def test_the_command_says_what_holds_it_back(run: Run, installation: Installation, cast: Cast, tmp_path: Path) -> None:
    note(installation, cast, "amina E002", "marguerite", Outcome.MET, "I rang Mrs Quillfeather and she confirms it.")
    release(installation, cast, "amina E002", "marguerite")
    out = tmp_path / "amina.zip"
    out.write_bytes(b"An older one.")
    status, said, _complaint = run("--learner", "amina@example.org", "--out", out)
    assert status == 1
    assert f"{FULL_NAMES['amina']}: Held: " in said
    assert "  E002: feedback\n" in said
    assert "Quillfeather" not in said
    assert out.read_bytes() == b"An older one."
    assert list(tmp_path.glob(".*.part")) == []
    assert events(installation) == []


@pytest.mark.parametrize(
    ("learner", "out", "complaint"),
    [
        ("nobody@example.org", "out.zip", "No enrolment of that learner was found."),
        ("amina@example.org", ".", "in a folder that is there"),
        ("amina@example.org", "nowhere/out.zip", "in a folder that is there"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(
    run: Run, cast: Cast, tmp_path: Path, learner: str, out: str, complaint: str
) -> None:
    status, _said, complained = run("--learner", learner, "--out", tmp_path / out)
    assert (status, complaint in complained) == (1, True), complained
    assert list(tmp_path.glob("*.zip*")) == []
    assert events(cast.installation) == []


@pytest.fixture(scope="module")
def planted_world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Items in every state, each text and file with a word of its own."""
    with copied(sqlite_template, tmp_path_factory) as found:
        yield found


def test_no_word_leaves_that_is_not_on_record(planted_world: World, tmp_path: Path) -> None:
    target = tmp_path / "amina.zip"
    made(planted_world.installation, planted_world.cast, target)
    there = arrives(target, "22.04")
    with zipfile.ZipFile(target) as archive:
        said = "\n".join([*archive.namelist(), archive.read("leap2a.xml").decode()])
    said += "\n".join([there.said(), *(content.decode("latin-1") for content in there.files.values())])
    found = places_in(planted_world, said)
    of = {" ".join(place.split()[:2]) for place in found}
    assert {f"amina {item}" for item in ON_RECORD} <= of
    for state in ("draft", "withdrawn", "trashed", "hidden", "noted by", "unused made", "typed", "stem", "breach"):
        assert not [place for place in found if f"{place} ".startswith(f"amina {state} ")], state
    assert {place.split()[0] for place in found} == {"amina"}
