"""Previews follow what is stored: the missing ones are asked for, those of content that is gone go."""

from threading import Event

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio.evidence.models import EvidenceFile
from portfolio.housekeeping import BATCH, keep_previews
from portfolio.installation import Installation
from portfolio.previews.models import Preview
from portfolio.storage.models import Blob
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
