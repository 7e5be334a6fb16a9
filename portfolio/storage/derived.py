"""What is made from stored content, by centre, SHA-256 of the content, and number. It can be made again at any time.

All parts of one content are put in their place at once, as a folder that was made beside it; a reader finds all of them
or none.
"""

import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from portfolio.storage.blobs import CENTRE, SHA256, flush, is_stale

_MAKING = ".making"


class DerivedStore:
    """The parts under one folder: <centre uid>/<sha256 of the source>/<number>."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self, centre: str, sha256: str) -> Path:
        """The folder of what was made from a content. Raises ValueError for what is not a centre's uid and a hash."""
        if not CENTRE.fullmatch(centre) or not SHA256.fullmatch(sha256):
            raise ValueError("not the address of stored content")
        return self.folder / centre / sha256

    @contextmanager
    def making(self) -> Iterator[Path]:
        """An empty folder to make parts in, to be handed to `put`; it is gone when the block ends."""
        path = self.folder / _MAKING / secrets.token_hex(16)
        path.mkdir(parents=True, mode=0o700)
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)

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

    def sweep(self, centre: str, wanted: Collection[str]) -> int:
        """Remove what was made from a centre's contents other than these, and what nobody finished within a day.

        Answers how many contents lost their parts.
        """
        removed = 0
        for place in _in(self.folder / centre):
            if SHA256.fullmatch(place.name) and place.name not in wanted and is_stale(place):
                self.remove(centre, place.name)
                removed += 1
        for left in _in(self.folder / _MAKING):
            if is_stale(left):
                shutil.rmtree(left, ignore_errors=True)
        return removed


def _in(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.exists() else []
