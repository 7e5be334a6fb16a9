"""Previews from the question to the parts: asked for once, made under a lease, given up at last, forgotten."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import func, select

from portfolio import clock
from portfolio.documents.fragments import prepared_from
from portfolio.documents.prepared import unpacked
from portfolio.documents.preview import Manifest, Piece, manifest_of
from portfolio.errors import Unavailable
from portfolio.installation import Installation
from portfolio.jobs.running import Transaction
from portfolio.previews import actions, jobs, queries
from portfolio.previews.jobs import MISSING, PreviewRunner
from portfolio.previews.models import Preview
from portfolio.previews.rules import LEASE, MOST_ATTEMPTS, PreviewState
from tests.previews.conftest import Shelf


class FakeMaker:
    """Does what a test says instead of making a preview."""

    def __init__(self, does: Callable[[Path], Manifest]) -> None:
        self.does, self.ended = does, Event()

    def __call__(self, path: Path, media_type: str, folder: Path) -> Manifest:
        return self.does(folder)

    def end(self) -> None:
        self.ended.set()


def with_maker(shelf: Shelf, maker: FakeMaker, stopping: Event | None = None) -> PreviewRunner:
    """A runner whose files are read by this maker."""
    writing: Transaction = shelf.runner.writing
    return PreviewRunner(
        writing=writing,
        store=shelf.installation.store,
        derived=shelf.installation.previews,
        stopping=stopping or Event(),
        maker=lambda: maker,
    )


def state(shelf: Shelf) -> PreviewState | None:
    """The letter's preview's state."""
    row = shelf.preview()
    return None if row is None else row.state


def test_a_preview_is_asked_for_once_and_made(shelf: Shelf) -> None:
    shelf.ask()
    shelf.ask()
    assert state(shelf) is PreviewState.WAITING
    assert shelf.runner.make_next()
    assert not shelf.runner.make_next()
    row = shelf.preview()
    assert row is not None
    assert (row.state, row.attempts, row.lease_until) == (PreviewState.READY, 1, None)
    assert row.made_at is not None
    assert [piece.id for piece in manifest_of(row.manifest).pieces] == ["text"]
    assert shelf.has_parts()


def test_what_a_book_shows_of_it_is_made_ready_and_goes_with_it(shelf: Shelf) -> None:
    shelf.ask()
    shelf.runner.make_next()
    row, derived = shelf.preview(), shelf.installation.previews
    assert row is not None
    ready = manifest_of(row.manifest).ready
    assert ready is not None
    with shelf.installation.database.writing() as session:
        blob = shelf.letter(session)
        uid = queries.centre_uid(session, blob)
        part = derived.read(uid, blob.sha256, ready.part)
        assert hashlib.sha256(part).hexdigest() == ready.sha256
        with shelf.installation.store.here(uid, blob.sha256) as path:
            assert unpacked(part) == prepared_from(path, blob.media_type)
        actions.forget(session, derived, [blob], centre_uid=uid)
        session.commit()
    with pytest.raises(FileNotFoundError):
        derived.read(uid, row.blob.sha256, ready.part)


def test_kinds_without_a_preview_are_not_asked_for(shelf: Shelf) -> None:
    with shelf.installation.database.writing() as session:
        blob = shelf.letter(session)
        for media_type in ("application/zip", "application/octet-stream"):
            blob.media_type = media_type
            assert actions.ask_for(session, blob) is None
        assert session.scalar(select(func.count()).select_from(Preview)) == 0


def test_only_what_is_missing_is_made_anew(shelf: Shelf) -> None:
    shelf.ask()
    shelf.runner.make_next()
    for are_lost, expected in ((False, PreviewState.READY), (True, PreviewState.WAITING)):
        with shelf.installation.database.writing() as session:
            actions.ask_again(session, shelf.letter(session), are_parts_lost=are_lost)
            session.commit()
        assert state(shelf) is expected
    shelf.change(state=PreviewState.NONE, attempts=3)
    with shelf.installation.database.writing() as session:
        actions.ask_again(session, shelf.letter(session))
        session.commit()
    row = shelf.preview()
    assert row is not None
    assert (row.state, row.attempts, row.made_at) == (PreviewState.WAITING, 0, None)


def test_what_somebody_is_at_is_left_to_them_until_the_lease_ends(shelf: Shelf) -> None:
    shelf.ask()
    with shelf.installation.database.writing() as session:
        assert actions.take(session) is not None
        session.commit()
    assert not shelf.runner.make_next()
    with clock.fixed(clock.now() + LEASE + timedelta(seconds=1)):
        assert shelf.runner.make_next()
    row = shelf.preview()
    assert row is not None
    assert (row.state, row.attempts) == (PreviewState.READY, 2)


def test_what_never_comes_to_an_end_is_given_up(shelf: Shelf) -> None:
    shelf.ask()
    shelf.change(attempts=MOST_ATTEMPTS)
    assert not shelf.runner.make_next()
    row = shelf.preview()
    assert row is not None
    assert row.state is PreviewState.NONE
    assert manifest_of(row.manifest) == Manifest(note=actions.GAVE_UP)


def test_nothing_to_show_is_said(shelf: Shelf) -> None:
    shelf.ask()
    assert with_maker(shelf, FakeMaker(lambda _folder: Manifest(note="It is broken."))).make_next()
    row = shelf.preview()
    assert row is not None
    assert (row.state, row.manifest["note"]) == (PreviewState.NONE, "It is broken.")
    assert not shelf.has_parts()


def test_a_file_that_is_missing_is_said(shelf: Shelf) -> None:
    shelf.ask()
    for centre, sha256 in list(shelf.installation.store.names()):
        shelf.installation.store.remove(centre, sha256)
    assert shelf.runner.make_next()
    row = shelf.preview()
    assert row is not None
    assert (row.state, row.manifest["note"]) == (PreviewState.NONE, MISSING)


def test_a_store_that_is_away_costs_no_attempt(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_arguments: object) -> None:
        raise Unavailable("It does not answer.")

    shelf.ask()
    for what in (shelf.installation.store, shelf.installation.previews):
        with monkeypatch.context() as planted:
            planted.setattr(type(what), "here" if what is shelf.installation.store else "put", away)
            assert not shelf.runner.make_next()
        row = shelf.preview()
        assert row is not None
        assert (row.state, row.attempts, row.lease_until) == (PreviewState.WAITING, 0, None)
    assert shelf.runner.make_next()
    assert state(shelf) is PreviewState.READY


def test_whoever_is_told_to_stop_ends_its_reader_and_gives_back(shelf: Shelf) -> None:
    shelf.ask()
    stopping = Event()

    def hang(_folder: Path) -> Manifest:
        stopping.set()
        assert maker.ended.wait(10)
        return Manifest(note="ended")

    maker = FakeMaker(hang)
    assert not with_maker(shelf, maker, stopping).make_next()
    row = shelf.preview()
    assert row is not None
    assert (row.state, row.attempts, row.lease_until) == (PreviewState.WAITING, 0, None)
    assert not with_maker(shelf, maker, stopping).make_next()


def test_what_breaks_off_is_taken_up_again_when_the_lease_ends(shelf: Shelf) -> None:
    shelf.ask()

    def break_off(_folder: Path) -> Manifest:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        with_maker(shelf, FakeMaker(break_off)).make_next()
    row = shelf.preview()
    assert row is not None
    assert (row.state, row.attempts) == (PreviewState.WAITING, 1)
    with clock.fixed(clock.now() + LEASE + timedelta(seconds=1)):
        assert shelf.runner.make_next()


def test_a_preview_that_was_forgotten_meanwhile_is_not_kept(shelf: Shelf, installation: Installation) -> None:
    shelf.ask()

    def forget_meanwhile(folder: Path) -> Manifest:
        (folder / "0").write_bytes(b"[]")
        with installation.database.writing() as session:
            blob = shelf.letter(session)
            actions.forget(session, installation.previews, [blob], centre_uid="c")
            session.commit()
        return Manifest((Piece("text", "Text", text=0),))

    assert with_maker(shelf, FakeMaker(forget_meanwhile)).make_next()
    assert shelf.preview() is None
    assert not shelf.has_parts()


def test_content_that_went_meanwhile_gets_no_preview(shelf: Shelf) -> None:
    shelf.ask()

    def bury_meanwhile(folder: Path) -> Manifest:
        (folder / "0").write_bytes(b"[]")
        shelf.bury_all()
        return Manifest((Piece("text", "Text", text=0),))

    assert with_maker(shelf, FakeMaker(bury_meanwhile)).make_next()
    assert state(shelf) is PreviewState.WAITING
    assert not shelf.has_parts()
    with clock.fixed(clock.now() + LEASE + timedelta(seconds=1)):
        assert not shelf.runner.make_next()
    assert shelf.preview() is None


def test_forgetting_takes_row_and_parts_at_once(shelf: Shelf, installation: Installation) -> None:
    shelf.ask()
    shelf.runner.make_next()
    with installation.database.writing() as session:
        blob = shelf.letter(session)
        centre = queries.centre_uid(session, blob)
        actions.forget(session, installation.previews, [blob], centre_uid=centre)
        session.commit()
    assert shelf.preview() is None
    assert not shelf.has_parts()
    with installation.database.writing() as session:
        actions.give_back(session, 10**6)
        assert not actions.keep(session, installation.previews, 10**6, manifest={"pieces": []}, folder=Path("/nowhere"))


def test_a_disk_without_room_says_nothing_about_a_file(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.ask()
    unreadable = FakeMaker(lambda _folder: Manifest(note="This file could not be read."))
    with monkeypatch.context() as full:
        full.setattr(jobs, "ROOM", 2**62)
        assert not with_maker(shelf, unreadable).make_next()
    row = shelf.preview()
    assert row is not None
    assert (row.state, row.attempts, row.lease_until) == (PreviewState.WAITING, 0, None)
    assert with_maker(shelf, unreadable).make_next()
    assert state(shelf) is PreviewState.NONE
