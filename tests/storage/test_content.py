"""Rows and files together: content lives while something names it, and two people who store the same do not collide."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio.audit import streams
from portfolio.audit.events import System
from portfolio.centres.actions import open_centre
from portfolio.centres.models import Centre
from portfolio.installation import Installation
from portfolio.storage import queries
from portfolio.storage.actions import bury, keep, remove_unnamed
from portfolio.storage.arriving import Arrived
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from portfolio.storage.stores import Store
from tests.cast import Cast, arrived

CONTENT = b"A ledger of what was refunded."


@pytest.fixture
def centres(installation: Installation) -> tuple[Centre, Centre]:
    """Two centres."""
    with installation.database.writing() as session:
        pair = (
            open_centre(session, System(), name="Harrow Dale", number="1"),
            open_centre(session, System(), name="Other Side", number="2"),
        )
        session.commit()
    return pair


def store_content(installation: Installation, centre: Centre, content: bytes = CONTENT) -> int:
    """Keep content in a transaction of its own; answers the blob's id."""
    with installation.database.writing() as session:
        blob = keep(
            session,
            installation.store,
            arrived(installation, content),
            centre_id=centre.id,
            centre_uid=centre.uid,
            media_type="text/plain",
        )
        note(session, centre)
        session.commit()
        return blob.id


def note(session: Session, centre: Centre) -> None:
    """The event without which nothing may be committed."""
    streams.record(session, System(), "test.change", streams.named(centre), stream_id=centre.stream_id)


def let_die(installation: Installation, centre: Centre, blob_id: int) -> None:
    """Nothing names the blob any more."""
    with installation.database.writing() as session:
        session.get_one(Blob, blob_id).state = BlobState.DYING
        note(session, centre)
        session.commit()


def bury_all(installation: Installation, centre: Centre) -> list[BlobState]:
    """Bury what is dying; answers the states that came of it."""
    with installation.database.writing() as session:
        looked_at = bury(session, installation.store, centre_id=centre.id, centre_uid=centre.uid, most=10)
        note(session, centre)
        session.commit()
        return [blob.state for blob in looked_at]


def state_of(installation: Installation, blob_id: int) -> BlobState:
    """A blob's state."""
    with installation.database.reading() as session:
        return session.get_one(Blob, blob_id).state


def is_there(installation: Installation, centre: Centre, blob_id: int) -> bool:
    """Whether a blob's file is there and whole."""
    with installation.database.reading() as session:
        return installation.store.is_whole(centre.uid, session.get_one(Blob, blob_id).sha256)


def test_the_same_content_is_one_row_in_a_centre(installation: Installation, centres: tuple[Centre, Centre]) -> None:
    first, second = centres
    assert store_content(installation, first) == store_content(installation, first)
    assert store_content(installation, second) != store_content(installation, first)
    with installation.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Blob)) == 2


def test_content_that_nothing_names_is_removed_and_leaves_a_tombstone(
    installation: Installation, centres: tuple[Centre, Centre]
) -> None:
    first, second = centres
    blob_id, other_id = store_content(installation, first), store_content(installation, second)
    let_die(installation, first, blob_id)
    assert bury_all(installation, first) == [BlobState.GONE]
    assert bury_all(installation, first) == []
    assert not is_there(installation, first, blob_id)
    assert is_there(installation, second, other_id), "the other centre's own"


def test_removed_content_can_come_back(installation: Installation, centres: tuple[Centre, Centre]) -> None:
    first, _ = centres
    blob_id = store_content(installation, first)
    let_die(installation, first, blob_id)
    bury_all(installation, first)
    assert store_content(installation, first) == blob_id
    assert state_of(installation, blob_id) is BlobState.KEPT
    assert is_there(installation, first, blob_id)


def test_dying_content_that_something_names_is_kept(installation: Installation, cast: Cast) -> None:
    with installation.database.reading() as session:
        centre = session.get_one(Centre, cast.homes["amina"])
        named = session.scalars(select(Blob.id).where(Blob.centre_id == centre.id)).one()
    let_die(installation, centre, named)
    assert bury_all(installation, centre) == [BlobState.KEPT]
    assert is_there(installation, centre, named)


def test_every_table_that_names_content_counts() -> None:
    columns = {(column.table.name, column.name) for column in queries.naming_columns()}
    assert columns == {
        ("evidence_file", "blob_id"),
        ("waiting_file", "blob_id"),
        ("redaction", "original_blob_id"),
        ("redaction", "result_blob_id"),
        ("arriving_draft", "blob_id"),
        ("kept_bundle", "blob_id"),
        ("word_book", "blob_id"),
        ("word_book", "pdf_blob_id"),
    }


def at_once(*steps: Callable[[], object]) -> None:
    """Run the steps in threads; the first error is raised here."""
    errors: list[BaseException] = []

    def run(step: Callable[[], object]) -> None:
        try:
            step()
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            errors.append(error)

    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    if errors:
        raise errors[0]


def test_two_people_can_store_the_same_new_content_at_once(
    installation: Installation, centres: tuple[Centre, Centre], monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = type(installation.store)
    take = kind.take
    both = threading.Barrier(2)

    def wait_for_the_other(self: Store, centre: str, arrived: Arrived) -> None:
        take(self, centre, arrived)
        try:
            both.wait(0.5)
        except threading.BrokenBarrierError:
            return

    monkeypatch.setattr(kind, "take", wait_for_the_other)
    ids: list[int] = []
    store = lambda: ids.append(store_content(installation, centres[0]))  # noqa: E731
    at_once(store, store)
    assert len(ids) == 2
    assert ids[0] == ids[1]
    assert is_there(installation, centres[0], ids[0])


def test_content_that_is_stored_again_while_it_is_removed_is_not_lost(
    installation: Installation, centres: tuple[Centre, Centre], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = centres
    blob_id = store_content(installation, first)
    let_die(installation, first, blob_id)
    removing = threading.Event()
    kind = type(installation.store)
    remove = kind.remove

    def linger(self: Store, centre: str, sha256: str) -> None:
        removing.set()
        threading.Event().wait(0.3)
        remove(self, centre, sha256)

    monkeypatch.setattr(kind, "remove", linger)

    def store_meanwhile() -> None:
        removing.wait(10)
        store_content(installation, first)

    at_once(lambda: bury_all(installation, first), store_meanwhile)
    assert state_of(installation, blob_id) is BlobState.KEPT
    assert is_there(installation, first, blob_id)


def test_content_that_is_stored_while_the_sweep_takes_it_away_is_not_lost(
    installation: Installation, centres: tuple[Centre, Centre], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row for it is about to come: either the sweep waits and leaves it, or it is stored anew."""
    first, _ = centres
    left = arrived(installation, CONTENT)
    installation.store.take(first.uid, left)
    kind = type(installation.store)
    remove, removing = kind.remove, threading.Event()

    def linger(self: Store, centre: str, sha256: str) -> None:
        removing.set()
        threading.Event().wait(0.3)
        remove(self, centre, sha256)

    monkeypatch.setattr(kind, "remove", linger)

    def sweep() -> None:
        with installation.database.writing() as session:
            assert remove_unnamed(
                session, installation.store, centre_id=first.id, centre_uid=first.uid, sha256=left.sha256
            )

    ids: list[int] = []

    def store_meanwhile() -> None:
        removing.wait(10)
        ids.append(store_content(installation, first))

    at_once(sweep, store_meanwhile)
    assert is_there(installation, first, ids[0])
    with installation.database.writing() as session:
        assert not remove_unnamed(
            session, installation.store, centre_id=first.id, centre_uid=first.uid, sha256=left.sha256
        )
    assert is_there(installation, first, ids[0])
