"""What is drawn on a file by hand: saved without losing, conflicts told, and taken along when it is asked for."""

import json

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio.audit.models import AuditEvent
from portfolio.documents.redaction.plan import Box, Silence
from portfolio.errors import Conflict, InvalidState, Rejected
from portfolio.evidence import actions as evidence_actions
from portfolio.evidence.models import Evidence
from portfolio.redaction import actions, queries
from portfolio.redaction.models import FileMarks
from portfolio.redaction.rules import kept_marks
from tests.cast import upload
from tests.documents import samples
from tests.redaction.bench import Bench

BOX = Box(1, 0.1, 0.2, 0.5, 0.4)
OTHER = Box(1, 0.6, 0.2, 0.9, 0.4)


def draw(bench: Bench, evidence_id: int, *boxes: Box, rev: int, silences: tuple[Silence, ...] = ()) -> int:
    """Save boxes on the item's file."""
    with bench.installation.database.writing() as session:
        saved = actions.mark(session, bench.file(session, evidence_id), boxes, silences, rev=rev)
        session.commit()
    return saved


@pytest.fixture
def photo(bench: Bench) -> int:
    """An item of ben's with a picture."""
    return bench.added(samples.picture("PNG"), "photo.png", "image/png")


def drawn_on(bench: Bench, evidence_id: int) -> queries.MarksSeen:
    """What is drawn at present."""
    with bench.installation.database.reading() as session:
        file = bench.file(session, evidence_id)
        return queries.marks_of(session, file.version.evidence.uid, file.blob.sha256)


def test_marks_are_saved_and_told_in_no_trail(bench: Bench, photo: int) -> None:
    assert drawn_on(bench, photo) == queries.MarksSeen(0, (), ())
    with bench.installation.database.reading() as session:
        events = session.scalar(select(func.count()).select_from(AuditEvent))
    assert draw(bench, photo, BOX, rev=0) == 1
    assert draw(bench, photo, BOX, OTHER, rev=1) == 2
    assert drawn_on(bench, photo) == queries.MarksSeen(2, (BOX, OTHER), ())
    with bench.installation.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == events


def test_the_same_marks_write_nothing_and_old_ones_are_told_what_stands(bench: Bench, photo: int) -> None:
    draw(bench, photo, BOX, rev=0)
    assert draw(bench, photo, BOX, rev=0) == 1
    with pytest.raises(Conflict) as refused:
        draw(bench, photo, OTHER, rev=0)
    assert refused.value.theirs["rev"] == "1"
    assert json.loads(refused.value.theirs["boxes"])[0]["left"] == BOX.left
    assert drawn_on(bench, photo).boxes == (BOX,)


def test_what_is_drawn_is_made_of_numbers(bench: Bench, photo: int) -> None:
    draw(bench, photo, Box(1, 0.1, 0.2, 0.5, 0.4, stand_in="Halina Brzezicka"), rev=0)
    with bench.installation.database.reading() as session:
        assert "Brzezicka" not in str(session.scalars(select(FileMarks.boxes)).one())
    assert drawn_on(bench, photo).boxes == (BOX,)


def test_marks_go_with_what_is_asked_for_and_stay_when_it_is_dropped(bench: Bench, photo: int) -> None:
    draw(bench, photo, BOX, rev=0)
    bench.ask(photo)
    assert bench.seen(photo).boxes == (BOX,)
    assert bench.told("redaction.ask")["boxes"] == 1
    with pytest.raises(InvalidState, match="is being made"):
        draw(bench, photo, OTHER, rev=1)
    bench.drop(photo)
    assert drawn_on(bench, photo) == queries.MarksSeen(1, (BOX,), ())
    assert draw(bench, photo, OTHER, rev=1) == 2


def test_marks_go_with_their_file(bench: Bench, photo: int) -> None:
    draw(bench, photo, BOX, rev=0)

    def replace_it(session: Session, evidence: Evidence) -> None:
        version = evidence.latest
        details = evidence_actions.Details("Another one")
        sent = [upload(bench.installation, b"Something else.", "else.txt")]
        store = bench.installation.store
        evidence_actions.change(
            session, bench.actor(session), evidence, store, details=details, rev=version.rev, uploads=sent
        )
        evidence_actions.remove_file(session, bench.actor(session), version.files[0])

    bench.change(replace_it, photo)
    with bench.installation.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(FileMarks)) == 0


@pytest.mark.parametrize(
    ("media_type", "boxes", "silences"),
    [
        ("text/plain", [BOX], []),
        ("image/png", [], [Silence(1, 2)]),
        ("audio/mpeg", [BOX], []),
        ("image/png", [Box(0, 0.1, 0.2, 0.5, 0.4)], []),
        ("image/png", [Box(1, 0.5, 0.2, 0.1, 0.4)], []),
        ("image/png", [Box(1, 0.1, 0.2, 1.5, 0.4)], []),
        ("image/png", [Box(1, 0.1, 0.2, 0.5, 0.4, start=1, end=2)], []),
        ("application/pdf", [Box(1_000_000, 0.1, 0.2, 0.5, 0.4)], []),
        ("audio/mpeg", [], [Silence(2, 1)]),
    ],
)
def test_what_cannot_be_drawn_is_refused(media_type: str, boxes: list[Box], silences: list[Silence]) -> None:
    with pytest.raises(Rejected):
        kept_marks(media_type, boxes, silences)


def test_what_can_be_drawn_is_kept() -> None:
    film = Box(1, 0.1, 0.2, 0.5, 0.4, start=1.5, end=2.0)
    kept = kept_marks("video/mp4", [film, BOX], [Silence(0, 1.25)])
    assert kept[0][0]["start"] == 1.5
    assert kept[1] == [{"start": 0, "end": 1.25}]
    assert kept_marks("application/pdf", [BOX], [])[0][0]["page"] == 1
