"""Previews follow what is stored: the missing ones are asked for, those of content that is gone go."""

from threading import Event

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio.documents.preview import FORMAT
from portfolio.evidence.models import Evidence, EvidenceFile
from portfolio.housekeeping import BATCH, keep_previews, make_previews_anew
from portfolio.installation import Installation
from portfolio.previews.models import Preview
from portfolio.previews.rules import PreviewState
from portfolio.screening.asking import OWN_WORDS
from portfolio.screening.models import Scan
from portfolio.screening.rules import ScanState
from portfolio.storage.models import Blob
from tests import screened
from tests.cast import Cast, add_file
from tests.previews.conftest import Shelf


def tidy(installation: Installation) -> None:
    """Keep previews once, and make what is due."""
    keep_previews(installation.database, installation.previews, Event())


def count(installation: Installation) -> int:
    """How many previews there are, made or not."""
    with installation.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Preview)) or 0


def test_evidence_without_a_preview_gets_one(shelf: Shelf, installation: Installation, cast: Cast) -> None:
    with installation.database.writing() as session:
        for number in range(BATCH + 3):
            add_file(session, installation, cast, "ben", f"Draft {number}", f"draft {number}".encode())
        session.commit()
        named = session.scalar(select(func.count(EvidenceFile.blob_id.distinct()))) or 0
    assert named > BATCH
    tidy(installation)
    assert count(installation) == named
    tidy(installation)
    assert count(installation) == named
    assert shelf.runner.make_next()


def test_what_no_evidence_names_gets_none(shelf: Shelf, installation: Installation) -> None:
    def add_book(session: Session) -> None:
        blob = shelf.letter(session)
        others = {"centre_id": blob.centre_id, "created_at": blob.created_at, "media_type": blob.media_type}
        session.add(Blob(sha256="f" * 64, size=1, **others))

    shelf.write(add_book)
    tidy(installation)
    with installation.database.reading() as session:
        book = session.scalars(select(Blob).where(Blob.sha256 == "f" * 64)).one()
        assert session.scalar(select(Preview).where(Preview.blob_id == book.id)) is None
        assert session.scalar(select(func.count()).select_from(Preview)) != 0


def test_previews_of_content_that_is_gone_go(shelf: Shelf, installation: Installation) -> None:
    shelf.ask()
    shelf.runner.make_next()
    assert shelf.has_parts()
    shelf.bury_all()
    tidy(installation)
    assert shelf.preview() is None
    assert not shelf.has_parts()


def test_whoever_is_told_to_stop_stops(shelf: Shelf, installation: Installation) -> None:
    stopping = Event()
    stopping.set()
    keep_previews(installation.database, installation.previews, stopping)
    assert shelf.preview() is None


def previews_in(session: Session) -> dict[str, Preview]:
    """Every preview by its content's SHA-256."""
    return {row.blob.sha256: row for row in session.scalars(select(Preview))}


def grow_old(installation: Installation) -> None:
    """Every preview as an older release made it."""
    with installation.database.writing() as session:
        for row in session.scalars(select(Preview)):
            kept = ("pieces", "note", "thumbnail")
            row.manifest = {name: value for name, value in row.manifest.items() if name in kept}
        session.commit()


def test_what_an_older_release_made_is_made_anew_and_looked_through_in_drafts(
    installation: Installation, cast: Cast
) -> None:
    with installation.database.writing() as session:
        draft = add_file(session, installation, cast, "ben", "A draft", b"Dear Customer A, in a draft.")
        session.commit()
    tidy(installation)
    screened.by_worker(installation)
    grow_old(installation)
    with installation.database.reading() as session:
        source = session.get_one(Evidence, draft.id).latest.files[0].blob.sha256
        held = len(previews_in(session))
    assert make_previews_anew(installation.database) == held
    assert make_previews_anew(installation.database) == 0
    with installation.database.reading() as session:
        assert {row.state for row in previews_in(session).values()} == {PreviewState.WAITING}
        scans = {row.source: row.state for row in session.scalars(select(Scan).where(Scan.source != OWN_WORDS))}
        assert scans[source] is ScanState.WAITING
        handed_in = session.get_one(Evidence, cast.evidence["amina E001"]).latest.files[0].blob.sha256
        assert scans[handed_in] is ScanState.DONE
    screened.by_worker(installation)
    with installation.database.reading() as session:
        assert {row.manifest["format"] for row in previews_in(session).values()} == {FORMAT}
        assert session.scalars(select(Scan).where(Scan.source == source)).one().state is ScanState.DONE
    assert make_previews_anew(installation.database) == 0


def test_nothing_is_made_anew_while_somebody_waits_for_a_preview(shelf: Shelf, installation: Installation) -> None:
    shelf.ask()
    shelf.runner.make_next()
    grow_old(installation)
    shelf.change(state=PreviewState.WAITING)
    assert make_previews_anew(installation.database) == 0
    shelf.change(state=PreviewState.READY)
    assert make_previews_anew(installation.database) == 1
