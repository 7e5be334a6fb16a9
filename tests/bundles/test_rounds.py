"""A portfolio that changes while a bundle is written is written again, or held back; the others stand as they are."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from portfolio import clock
from portfolio.audit.events import System
from portfolio.audit.models import AuditEvent
from portfolio.bundles import making
from portfolio.bundles.archive import Archive
from portfolio.bundles.outcome import CHANGED, MISSING
from portfolio.bundles.rounds import TRIES
from portfolio.evidence import amending
from portfolio.evidence.models import Evidence
from portfolio.export.rules import Choice, Extent
from portfolio.installation import Installation
from tests.bundles.scenes import bundled, folder_of, told, verified
from tests.bundles.test_bundle import where
from tests.cast import FULL_NAMES, Cast


def hide_then_show(installation: Installation, cast: Cast, *, is_shown: bool) -> None:
    """Somebody hides amina's E002, and takes that back."""
    with installation.database.writing() as session:
        evidence = session.get_one(Evidence, cast.evidence["amina E002"])
        amending.hide(session, cast.actor("iris", session), evidence, words="There")
        if is_shown:
            amending.show_again(session, cast.actor("iris", session), evidence, reason="It was nothing.")
        session.commit()


@pytest.fixture
def at_the_front(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[int], None]], None]:
    """Has something happen when all portfolios are written, each time; it is told how often that was before."""

    def happen(meanwhile: Callable[[int], None]) -> None:
        write, rounds = making.Maker._front, list[int]()

        def front(*given: object) -> None:
            meanwhile(len(rounds))
            rounds.append(1)
            write(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(making.Maker, "_front", front)

    return happen


Front = Callable[[Callable[[int], None]], None]


def test_one_that_changes_is_written_again_and_the_others_stand(
    installation: Installation, cast: Cast, tmp_path: Path, at_the_front: Front
) -> None:
    at_the_front(lambda count: None if count else hide_then_show(installation, cast, is_shown=False))
    made, bundle = bundled(installation, cast, tmp_path, "amina", "ben")
    assert [one.learner for one in made.made] == [FULL_NAMES["amina"], FULL_NAMES["ben"]]
    assert [row["ref"] for row in told(bundle, "records.json")["items"]] == ["E001"]
    assert where(bundle, "The customer who would not be calmed") == []
    assert verified(bundle)[0] == 0
    with installation.database.reading() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.verb == "export.bundle")).all()
    assert len(events) == 2


def test_one_that_changes_each_time_is_held_back_and_the_others_stand(
    installation: Installation, cast: Cast, tmp_path: Path, at_the_front: Front
) -> None:
    rounds: list[int] = []

    def meanwhile(count: int) -> None:
        rounds.append(count)
        if count < TRIES:
            hide_then_show(installation, cast, is_shown=True)

    at_the_front(meanwhile)
    made, bundle = bundled(installation, cast, tmp_path, "amina", "ben")
    assert [(one.learner, one.reason, one.places) for one in made.held] == [(FULL_NAMES["amina"], CHANGED, ())]
    assert [one.learner for one in made.made] == [FULL_NAMES["ben"]]
    assert rounds == list(range(TRIES + 1))
    assert folder_of(bundle, "ben").is_dir()
    assert where(bundle, FULL_NAMES["amina"]) == []
    assert verified(bundle)[0] == 0


def test_nothing_is_left_when_the_only_one_changes_each_time(
    installation: Installation, cast: Cast, tmp_path: Path, at_the_front: Front
) -> None:
    at_the_front(lambda _count: hide_then_show(installation, cast, is_shown=True))
    made, _bundle = bundled(installation, cast, tmp_path, "amina")
    assert (made.portfolios, [one.reason for one in made.held]) == (0, [CHANGED])
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".zip"] == []
    with installation.database.reading() as session:
        assert session.scalars(select(AuditEvent).where(AuditEvent.verb == "export.bundle")).all() == []


def test_one_whose_file_is_missing_is_held_back_and_named(
    installation: Installation, cast: Cast, tmp_path: Path
) -> None:
    with installation.database.reading() as session:
        file = session.get_one(Evidence, cast.evidence["amina E001"]).latest.files[0]
        installation.store.remove(file.version.evidence.enrolment.centre.uid, file.blob.sha256)
    made, bundle = bundled(installation, cast, tmp_path, "amina", "ben")
    assert [(one.learner, one.reason) for one in made.held] == [(FULL_NAMES["amina"], MISSING)]
    assert where(bundle, FULL_NAMES["amina"]) == []
    assert verified(bundle)[0] == 0


def test_one_of_several_without_its_sample_is_held_back(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    maker = making.Maker(installation.database, installation.store, installation.signer)
    ids = [cast.enrolments["amina"], cast.enrolments["ben"]]
    bundled(installation, cast, tmp_path, "ben")
    choices = {ids[0]: Choice(Extent.SAMPLE, refs=("E099",))}
    made = maker.make(
        ids, tmp_path / "two.zip", doer=System(), choices=choices, tell=lambda _done, _total, _message: None
    )
    assert [one.learner for one in made.held] == [FULL_NAMES["amina"]]
    assert "Choose at least one item" in made.held[0].reason


def test_what_is_cut_out_of_an_archive_is_nowhere_in_it() -> None:
    out = BytesIO()
    archive = Archive(out, clock.now())
    archive.write("first/a.png", [b"first"])
    begin = archive.mark()
    archive.write("second/b.png", [b"secret" * 1000])
    end = archive.mark()
    archive.write("third/c.png", [b"third" * 300_000])
    archive.end()
    archive.go_on()
    archive.cut(begin, end)
    archive.write("fourth/d.txt", [b"fourth"])
    archive.end()
    assert b"secret" not in out.getvalue()
    with zipfile.ZipFile(out) as found:
        assert found.testzip() is None
        assert found.namelist() == ["first/a.png", "third/c.png", "fourth/d.txt"]
        assert found.read("third/c.png") == b"third" * 300_000
    assert [one["path"] for one in archive._files] == ["first/a.png", "third/c.png", "fourth/d.txt"]
