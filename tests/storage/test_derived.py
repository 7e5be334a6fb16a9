"""What is made from content: all parts or none, nothing outside the folder, nothing left behind."""

import os
import time
from pathlib import Path

import pytest

from portfolio.storage.arriving import STALE_SECONDS
from portfolio.storage.derived import DerivedStore

CENTRE, SHA256, OTHER = "c" * 20, "a" * 64, "b" * 64


@pytest.fixture
def derived(tmp_path: Path) -> DerivedStore:
    """An empty store."""
    return DerivedStore(tmp_path / "previews")


def put(derived: DerivedStore, sha256: str, *contents: bytes) -> None:
    """Parts made from a content."""
    with derived.making() as folder:
        for number, content in enumerate(contents):
            (folder / str(number)).write_bytes(content)
        derived.put(CENTRE, sha256, folder)


def age(path: Path) -> None:
    """Make it look as if nobody had touched it for a day."""
    then = time.time() - STALE_SECONDS - 60
    os.utime(path, (then, then))


def test_parts_are_found_again(derived: DerivedStore) -> None:
    assert not derived.has(CENTRE, SHA256)
    put(derived, SHA256, b"one", b"two")
    assert derived.has(CENTRE, SHA256)
    assert derived.read(CENTRE, SHA256, 1) == b"two"
    with pytest.raises(FileNotFoundError):
        derived.read(CENTRE, SHA256, 2)
    with pytest.raises(FileNotFoundError):
        derived.read(CENTRE, OTHER, 0)


def test_new_parts_take_the_place_of_all_old_ones(derived: DerivedStore) -> None:
    put(derived, SHA256, b"one", b"two")
    put(derived, SHA256, b"three")
    assert [path.name for path in derived.place(CENTRE, SHA256).iterdir()] == ["0"]
    assert derived.read(CENTRE, SHA256, 0) == b"three"


def test_parts_go_at_once_and_leave_nothing(derived: DerivedStore) -> None:
    put(derived, SHA256, b"one")
    put(derived, OTHER, b"two")
    derived.remove(CENTRE, SHA256)
    derived.remove(CENTRE, SHA256)
    assert not derived.has(CENTRE, SHA256)
    assert derived.has(CENTRE, OTHER)
    assert [path for path in derived.folder.rglob("*") if path.is_file()] == [derived.place(CENTRE, OTHER) / "0"]


def test_what_was_not_finished_leaves_nothing(derived: DerivedStore) -> None:
    with derived.making() as folder:
        (folder / "0").write_bytes(b"half")
    assert not [path for path in derived.folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("centre", "sha256"),
    [("../x", SHA256), (CENTRE, "../../etc"), (CENTRE, "A" * 64), ("", SHA256), (CENTRE, "a" * 63)],
)
def test_no_address_leads_out_of_the_folder(derived: DerivedStore, centre: str, sha256: str) -> None:
    with pytest.raises(ValueError, match="not the address"):
        derived.read(centre, sha256, 0)


def test_the_sweep_removes_what_nobody_wants_and_nobody_finished(derived: DerivedStore) -> None:
    put(derived, SHA256, b"wanted")
    put(derived, OTHER, b"unwanted")
    half = derived.folder / ".making" / "half"
    (half / "deep").mkdir(parents=True)
    assert derived.sweep(CENTRE, {SHA256}) == 0
    for path in (derived.place(CENTRE, SHA256), derived.place(CENTRE, OTHER), half):
        age(path)
    assert derived.sweep(CENTRE, {SHA256}) == 1
    assert derived.has(CENTRE, SHA256)
    assert not derived.has(CENTRE, OTHER)
    assert not half.exists()
    assert DerivedStore(derived.folder / "empty").sweep(CENTRE, set()) == 0
