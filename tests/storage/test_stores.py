"""What every store promises, asked of each: files in the home folder, and files in a bucket of a real S3 server."""

import hashlib
import io
import os
from dataclasses import replace
from pathlib import Path

import pytest

from portfolio.config import Bucket
from portfolio.errors import Rejected, Unavailable
from portfolio.storage import arriving, buckets
from portfolio.storage.arriving import CHUNK, Arrived
from portfolio.storage.blobs import LocalStore
from portfolio.storage.buckets import PART_SIZE, BucketStore
from portfolio.storage.derived import DerivedStore
from portfolio.storage.moving import Carried, carry
from portfolio.storage.stores import Derived, Store
from tests.bucket_server import BucketServer

CENTRE, OTHER = "harrowdale", "otherside"
CONTENT = b"Dear Customer A, " * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
LARGE = PART_SIZE * 2 + 1_234_567
KINDS = [pytest.param("folder"), pytest.param("bucket", marks=pytest.mark.storage)]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of store."""
    name: str = request.param
    return name


@pytest.fixture
def store(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Store:
    """An empty store."""
    if kind == "folder":
        return LocalStore(tmp_path / "files", tmp_path / "incoming")
    return BucketStore(request.getfixturevalue("bucket_server").bucket(), tmp_path / "incoming")


@pytest.fixture
def derived(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Derived:
    """An empty store of what is made from files."""
    if kind == "folder":
        return DerivedStore(tmp_path / "previews")
    return buckets.BucketDerived(request.getfixturevalue("bucket_server").bucket(), tmp_path / "previews")


def arrive(store: Store, content: bytes = CONTENT) -> Arrived:
    """Content that has arrived."""
    incoming = store.receive()
    incoming.write(content)
    return incoming.arrive()


def put(store: Store, content: bytes = CONTENT, centre: str = CENTRE) -> str:
    """Content in its place; answers its hash."""
    arrived = arrive(store, content)
    store.send_ahead(centre, arrived)
    store.take(centre, arrived)
    return arrived.sha256


def make_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a day had passed over everything."""
    for module in (arriving, buckets):
        monkeypatch.setattr(module, "STALE_SECONDS", -60)


def test_the_same_content_is_kept_once_in_each_centre(store: Store) -> None:
    assert put(store) == put(store) == put(store, centre=OTHER) == SHA256
    assert sorted(store.names()) == [(CENTRE, SHA256), (OTHER, SHA256)]
    assert list(store.incoming.iterdir()) == []


@pytest.mark.parametrize("is_sent_ahead", [True, False])
def test_large_content_comes_back_as_it_was(store: Store, is_sent_ahead: bool) -> None:
    content = os.urandom(CHUNK) * (LARGE // CHUNK) + b"the end"
    arrived = arrive(store, content)
    if is_sent_ahead:
        store.send_ahead(CENTRE, arrived)
    store.take(CENTRE, arrived)
    assert store.is_whole(CENTRE, arrived.sha256)
    assert store.size(CENTRE, arrived.sha256) == len(content)
    with store.open(CENTRE, arrived.sha256) as file:
        assert b"".join(iter(lambda: file.read(300_001), b"")) == content
    assert list(store.incoming.iterdir()) == []


@pytest.mark.parametrize(
    ("start", "most"), [(0, 10), (5, 100), (len(CONTENT) - 3, 100), (len(CONTENT), 5), (700, len(CONTENT))]
)
def test_any_part_of_it_can_be_read(store: Store, start: int, most: int) -> None:
    put(store)
    with store.open(CENTRE, SHA256) as file:
        file.read(50)
        assert file.seekable()
        assert file.seek(start) == file.tell() == start
        assert file.read(most) == CONTENT[start : start + most]
        assert file.seek(0, os.SEEK_END) == len(CONTENT)
        assert file.read(1) == b""
        file.seek(-4, os.SEEK_CUR)
        assert file.read() == CONTENT[-4:]


def test_it_can_be_read_as_files_are(store: Store) -> None:
    put(store)
    with store.open(CENTRE, SHA256) as file, io.BufferedReader(file, 64) as buffered:  # type: ignore[type-var]
        assert buffered.read() == CONTENT


def test_content_that_is_not_whole_is_told_and_replaced(store: Store) -> None:
    other = arrive(store, CONTENT[:-1])
    store.take(CENTRE, Arrived(other.path, SHA256, other.size))
    assert not store.is_whole(CENTRE, SHA256)
    put(store)
    assert store.is_whole(CENTRE, SHA256)


def test_content_that_is_gone_is_not_there_in_any_way(store: Store) -> None:
    put(store)
    put(store, centre=OTHER)
    store.remove(CENTRE, SHA256)
    store.remove(CENTRE, SHA256)
    assert not store.is_whole(CENTRE, SHA256)
    assert store.size(CENTRE, SHA256) is None
    with pytest.raises(FileNotFoundError):
        store.open(CENTRE, SHA256)
    with pytest.raises(FileNotFoundError), store.here(CENTRE, SHA256):
        pytest.fail("there is nothing to read")
    assert store.is_whole(OTHER, SHA256)


def test_content_sent_ahead_and_taken_away_meanwhile_is_put_again(store: Store) -> None:
    arrived = arrive(store)
    store.send_ahead(CENTRE, arrived)
    store.remove(CENTRE, SHA256)
    store.take(CENTRE, arrived)
    assert store.is_whole(CENTRE, SHA256)


def test_a_file_of_this_machine_is_there_for_as_long_as_it_is_read(store: Store) -> None:
    put(store)
    with store.here(CENTRE, SHA256) as path:
        assert path.read_bytes() == CONTENT
    assert list(store.incoming.iterdir()) == []
    assert store.is_whole(CENTRE, SHA256)


def test_what_is_made_on_a_workbench_arrives_like_an_upload(store: Store) -> None:
    with store.workbench("job-7") as folder:
        path = folder / "made"
        path.write_bytes(CONTENT)
        (folder / "scratch").write_bytes(b"on the way")
        arrived = store.finished(path)
        assert arrived == Arrived(path, SHA256, len(CONTENT))
        store.take(CENTRE, arrived)
    assert store.is_whole(CENTRE, SHA256)
    assert list(store.incoming.iterdir()) == []


def test_a_workbench_is_clear_of_what_was_left_of_the_same_work_alone(store: Store) -> None:
    left = [store.incoming / name for name in ("job-7-0123", "job-70-0123", "work-0123")]
    for folder in left:
        (folder / "deep").mkdir(parents=True)
    with store.workbench("job-7") as folder, store.workbench():
        assert list(folder.iterdir()) == []
        assert [path.exists() for path in left] == [False, True, True]


def test_nothing_is_left_on_a_workbench_when_the_work_fails(store: Store) -> None:
    def fail() -> None:
        with store.workbench("job-7") as folder:
            (folder / "half").write_bytes(b"half of")
            raise OSError(28, "no room")

    with pytest.raises(OSError, match="no room"):
        fail()
    assert list(store.incoming.iterdir()) == []


def test_what_was_given_up_is_gone_and_what_was_taken_stays(store: Store) -> None:
    incoming = store.receive()
    incoming.write(b"half of")
    incoming.abandon()
    assert list(store.incoming.iterdir()) == []
    incoming = store.receive()
    incoming.write(CONTENT)
    store.take(CENTRE, incoming.arrive())
    incoming.abandon()
    assert store.is_whole(CENTRE, SHA256)


@pytest.mark.parametrize(("centre", "sha256"), [("..", SHA256), ("a/b", SHA256), (CENTRE, "../" + SHA256[3:])])
def test_no_address_leads_out_of_the_store(store: Store, derived: Derived, centre: str, sha256: str) -> None:
    for ask in (store.open, store.remove, store.size, derived.has, derived.remove):
        with pytest.raises(ValueError, match="not the address"):
            ask(centre, sha256)


def test_only_what_a_day_has_passed_over_is_stale(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store)
    put(store, b"another")
    put(store, centre=OTHER)
    assert list(store.stale(CENTRE)) == []
    make_old(monkeypatch)
    assert set(store.stale(CENTRE)) == {SHA256, hashlib.sha256(b"another").hexdigest()}


def make(derived: Derived, sha256: str, *contents: bytes) -> None:
    """Parts made from a content."""
    with derived.making() as folder:
        for number, content in enumerate(contents):
            (folder / str(number)).write_bytes(content)
        derived.put(CENTRE, sha256, folder)


def test_parts_are_found_again_until_they_are_removed(derived: Derived) -> None:
    assert not derived.has(CENTRE, SHA256)
    make(derived, SHA256, b"one", b"two")
    make(derived, "b" * 64, b"other")
    assert derived.has(CENTRE, SHA256)
    assert derived.read(CENTRE, SHA256, 1) == b"two"
    make(derived, SHA256, b"three")
    assert derived.read(CENTRE, SHA256, 0) == b"three"
    with pytest.raises(FileNotFoundError):
        derived.read(CENTRE, SHA256, 1)
    derived.remove(CENTRE, SHA256)
    derived.remove(CENTRE, SHA256)
    assert not derived.has(CENTRE, SHA256)
    with pytest.raises(FileNotFoundError):
        derived.read(CENTRE, SHA256, 0)
    assert derived.has(CENTRE, "b" * 64)


def test_parts_that_nobody_wants_are_swept_after_a_day(derived: Derived, monkeypatch: pytest.MonkeyPatch) -> None:
    make(derived, SHA256, b"wanted")
    make(derived, "b" * 64, b"one", b"two")
    assert derived.sweep(CENTRE, {SHA256}) == 0
    make_old(monkeypatch)
    assert derived.sweep(CENTRE, {SHA256}) == 1
    assert derived.has(CENTRE, SHA256)
    assert not derived.has(CENTRE, "b" * 64)


@pytest.mark.storage
def test_a_copy_that_came_damaged_is_refused(bucket_server: BucketServer, tmp_path: Path) -> None:
    store = BucketStore(bucket_server.bucket(), tmp_path / "incoming")
    other = arrive(store, CONTENT[:-1] + b"!")
    store.take(CENTRE, Arrived(other.path, SHA256, other.size))
    with pytest.raises(FileNotFoundError, match="not what was stored"), store.here(CENTRE, SHA256):
        pytest.fail("it must not be read")
    assert list(store.incoming.iterdir()) == []


@pytest.mark.storage
def test_content_is_carried_there_and_back_and_read_again(bucket_server: BucketServer, tmp_path: Path) -> None:
    home = LocalStore(tmp_path / "files", tmp_path / "incoming")
    bucket = BucketStore(bucket_server.bucket(), tmp_path / "incoming")
    put(home)
    wanted = {"centre": CENTRE, "sha256": SHA256, "size": len(CONTENT)}
    assert carry(home, bucket, **wanted) is Carried.NOW  # type: ignore[arg-type]
    assert carry(home, bucket, **wanted) is Carried.BEFORE  # type: ignore[arg-type]
    assert bucket.is_whole(CENTRE, SHA256)
    home.remove(CENTRE, SHA256)
    assert carry(bucket, home, **wanted) is Carried.NOW  # type: ignore[arg-type]
    assert home.is_whole(CENTRE, SHA256)
    place = home.path(CENTRE, put(home, b"a second file"))
    place.chmod(0o600)
    place.write_bytes(b"another thing")
    for sha256 in (place.name, "f" * 64):
        assert carry(home, bucket, centre=CENTRE, sha256=sha256, size=13) is Carried.LOST
    assert list(home.incoming.iterdir()) == []
    assert sorted(bucket.names()) == [(CENTRE, SHA256)]


@pytest.mark.storage
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"secret": "wrong"}, "refuses the key. Check PORTFOLIO_STORE_KEY"),
        ({"key": "nobody"}, "refuses the key. Check PORTFOLIO_STORE_KEY"),
        ({"name": "nowhere"}, "There is no bucket nowhere"),
        ({"name": "keeping"}, "keeps old versions"),
        ({"endpoint": "http://127.0.0.1:1"}, "http://127.0.0.1:1 does not answer"),
    ],
)
def test_a_bucket_that_cannot_be_used_is_told_in_a_sentence(
    bucket_server: BucketServer, change: dict[str, str], sentence: str
) -> None:
    if change.get("name") == "keeping":
        bucket_server.shell("s3.bucket.create -name keeping", "s3.bucket.versioning -name keeping -status Enabled")
    good = bucket_server.bucket()
    buckets.try_out(good)
    with pytest.raises(Rejected, match=sentence):
        buckets.try_out(replace(good, **change))


@pytest.mark.storage
@pytest.mark.parametrize(
    ("change", "says"), [({"secret": "wrong"}, "refuses"), ({"endpoint": "http://127.0.0.1:1"}, "not answer")]
)
def test_everything_says_so_when_the_bucket_is_away(
    bucket_server: BucketServer, tmp_path: Path, change: dict[str, str], says: str
) -> None:
    bucket: Bucket = replace(bucket_server.bucket(), **change)
    store, derived = BucketStore(bucket, tmp_path / "incoming"), buckets.BucketDerived(bucket, tmp_path / "previews")
    arrived = arrive(store)
    asked = (
        lambda: store.send_ahead(CENTRE, arrived),
        lambda: store.take(CENTRE, arrived),
        lambda: store.open(CENTRE, SHA256),
        lambda: store.size(CENTRE, SHA256),
        lambda: store.remove(CENTRE, SHA256),
        lambda: store.is_whole(CENTRE, SHA256),
        lambda: derived.has(CENTRE, SHA256),
        lambda: derived.read(CENTRE, SHA256, 0),
        lambda: derived.remove(CENTRE, SHA256),
        lambda: make(derived, SHA256, b"one"),
    )
    for ask in asked:
        with pytest.raises(Unavailable, match=says):
            ask()
    for listed in (store.names, lambda: store.stale(CENTRE)):
        with pytest.raises(Unavailable):
            list(listed())
    assert arrived.path.exists(), "what arrived is not lost with it"


def test_the_secret_of_a_bucket_is_not_shown() -> None:
    assert "hush" not in repr(Bucket("name", "", "https://s3.example.org", "eu-west-2", "key", "hush"))
