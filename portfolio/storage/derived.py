"""What is made from stored content, in the home folder, by centre, SHA-256 of the content, and number.

All parts of one content are put in their place at once, as a folder that was made beside it; a reader finds all of them
or none.
"""

import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from portfolio.storage.arriving import flush, is_stale
from portfolio.storage.stores import SHA256, check_address

_MAKING = ".making"


class Making:
    """The half of every store of derived parts that is on this machine: where they are made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def making(self) -> Iterator[Path]:
        """An empty folder to make parts in, to be handed to `put`; it is gone when the block ends."""
        path = self.folder / _MAKING / secrets.token_hex(16)
        path.mkdir(parents=True, mode=0o700)
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)

    def sweep_making(self) -> None:
        """Remove what nobody finished within a day."""
        for left in _in(self.folder / _MAKING):
            if is_stale(left):
                shutil.rmtree(left, ignore_errors=True)


class DerivedStore(Making):
    """The parts under one folder: <centre uid>/<sha256 of the source>/<number>."""

    def place(self, centre: str, sha256: str) -> Path:
        """The folder of what was made from a content. Raises ValueError for what is not a centre's uid and a hash."""
        check_address(centre, sha256)
        return self.folder / centre / sha256

    def put(self, centre: str, sha256: str, made: Path) -> None:
        """Put the parts in their place, instead of those that may stand there."""
        place = self.place(centre, sha256)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for part in made.iterdir():
            flush(part)
        self.remove(centre, sha256)
        made.rename(place)
        flush(place.parent)

    def has(self, centre: str, sha256: str) -> bool:
        """Whether there are parts."""
        return self.place(centre, sha256).is_dir()

    def read(self, centre: str, sha256: str, part: int) -> bytes:
        """One part. Raises FileNotFoundError."""
        return (self.place(centre, sha256) / str(part)).read_bytes()

    def remove(self, centre: str, sha256: str) -> None:
        """Take all parts away at once; nothing happens when there are none."""
        aside = self.folder / _MAKING / secrets.token_hex(16)
        aside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self.place(centre, sha256).rename(aside)
        except FileNotFoundError:
            return
        shutil.rmtree(aside)

    def names(self, centre: str) -> Iterator[str]:
        """The SHA-256 of each of a centre's contents that parts were made from."""
        for place in _in(self.folder / centre):
            if SHA256.fullmatch(place.name):
                yield place.name

    def sweep(self, centre: str, wanted: Collection[str]) -> int:
        """Remove what was made from a centre's contents other than these, and what nobody finished within a day.

        Answers how many contents lost their parts.
        """
        removed = 0
        for sha256 in self.names(centre):
            if sha256 not in wanted and is_stale(self.place(centre, sha256)):
                self.remove(centre, sha256)
                removed += 1
        self.sweep_making()
        return removed


def _in(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.exists() else []
