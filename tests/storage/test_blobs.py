"""The store: hashed while written, durable before it is named, the same content once, and never outside its folder."""

import hashlib
import os
import time
from pathlib import Path

import pytest

from portfolio.storage.arriving import CHUNK, STALE_SECONDS, Arrived
from portfolio.storage.blobs import LocalStore

CENTRE = "harrowdale"
CONTENT = b"Dear Customer A, " * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    """An empty store."""
    return LocalStore(tmp_path / "files", tmp_path / "incoming")


def arrive(store: LocalStore, content: bytes = CONTENT) -> Arrived:
    """Content that has arrived."""
    incoming = store.receive()
    incoming.write(content)
    return incoming.arrive()


def put(store: LocalStore, content: bytes = CONTENT, centre: str = CENTRE) -> Path:
    """Content in its place."""
    arrived = arrive(store, content)
    store.take(centre, arrived)
    return store.path(centre, arrived.sha256)


def grow_old(path: Path) -> None:
    """As if nobody had touched the file for more than a day."""
    then = time.time() - STALE_SECONDS - 60
    os.utime(path, (then, then))


@pytest.mark.parametrize("piece", [1, 7, 4096, len(CONTENT)])
def test_what_arrives_is_hashed_while_it_is_written(store: LocalStore, piece: int) -> None:
    incoming = store.receive()
    for start in range(0, len(CONTENT), piece):
        incoming.write(memoryview(CONTENT)[start : start + piece])
    incoming.seek(5)
    assert incoming.read(8) == CONTENT[5:13]
    arrived = incoming.arrive()
    assert (arrived.sha256, arrived.size) == (SHA256, len(CONTENT))
    assert arrived.path.read_bytes() == CONTENT


def test_small_and_large_pieces_hash_in_their_order(store: LocalStore) -> None:
    incoming, digest = store.receive(), hashlib.sha256()
    for number, size in enumerate((CHUNK, 5, CHUNK + 7, CHUNK - 5, 3 * CHUNK, 1)):
        piece = bytes([number]) * size
        assert incoming.write(piece if number % 3 else memoryview(piece)) == size
        digest.update(piece)
    assert incoming.arrive().sha256 == digest.hexdigest()


def test_content_is_durable_before_its_place_and_the_place_before_the_answer(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    sync, replace = os.fsync, Path.replace

    def note_sync(descriptor: int) -> None:
        order.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        sync(descriptor)

    def note_replace(path: Path, target: Path) -> Path:
        order.append("moved")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_replace)
    arrived = arrive(store)
    store.take(CENTRE, arrived)
    assert order == [arrived.path.name, "moved", SHA256[:2], CENTRE, "files"]


def test_a_file_that_is_not_whole_is_replaced(store: LocalStore) -> None:
    place = put(store)
    place.chmod(0o600)
    place.write_bytes(CONTENT[:10])
    assert not store.is_whole(CENTRE, SHA256)
    put(store)
    assert store.is_whole(CENTRE, SHA256)


def test_what_is_stored_cannot_be_written_by_mistake(store: LocalStore) -> None:
    assert put(store).stat().st_mode & 0o222 == 0


@pytest.mark.parametrize(
    ("centre", "sha256"),
    [
        ("..", SHA256),
        ("../../etc", SHA256),
        ("a/b", SHA256),
        ("", SHA256),
        ("Harrow", SHA256),
        (CENTRE, "../" + SHA256[3:]),
        (CENTRE, SHA256.upper()),
        (CENTRE, SHA256[:63]),
        (CENTRE, SHA256 + "\n"),
        (CENTRE, ""),
    ],
)
def test_no_address_leads_out_of_the_store(store: LocalStore, centre: str, sha256: str) -> None:
    with pytest.raises(ValueError, match="not the address"):
        store.path(centre, sha256)
    with pytest.raises(ValueError, match="not the address"):
        store.open(centre, sha256)
    with pytest.raises(ValueError, match="not the address"):
        store.remove(centre, sha256)


def test_uploads_that_stopped_arriving_are_swept_after_a_day(store: LocalStore) -> None:
    """And so is a folder that somebody worked in and did not come back to."""
    old, fresh = arrive(store, b"old"), arrive(store, b"fresh")
    left = store.incoming / "left"
    left.mkdir()
    (left / "book.pdf").write_bytes(b"half of it")
    for path in (old.path, left):
        grow_old(path)
    assert store.sweep_incoming() == 2
    assert list(store.incoming.iterdir()) == [fresh.path]


def test_there_is_nothing_to_sweep_before_the_first_upload(store: LocalStore) -> None:
    assert store.sweep_incoming() == 0
    assert list(store.stale(CENTRE)) == []


def test_what_nobody_has_stored_for_a_day_is_stale(store: LocalStore) -> None:
    old, _fresh, elsewhere = put(store, b"old"), put(store, b"fresh"), put(store, b"old", centre="otherside")
    for path in (old, elsewhere):
        grow_old(path)
    assert list(store.stale(CENTRE)) == [old.name]
    put(store, b"old")
    assert list(store.stale(CENTRE)) == [], "stored again just now"


def test_a_stored_file_is_read_where_it_lies(store: LocalStore) -> None:
    place = put(store)
    with store.here(CENTRE, SHA256) as path:
        assert path == place
    store.remove(CENTRE, SHA256)
    with pytest.raises(FileNotFoundError), store.here(CENTRE, SHA256):
        pytest.fail("there is nothing to read")
