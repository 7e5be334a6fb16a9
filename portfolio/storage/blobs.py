"""Files in the home folder, by centre and SHA-256.

What has arrived is renamed into its place, and the folders are flushed: it is on disk before the row that names it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from portfolio.storage.arriving import Arrivals, Arrived, flush, is_stale
from portfolio.storage.stores import check_address, hashes_to


class LocalStore(Arrivals):
    """The files under one folder: <centre uid>/<first two>/<sha256>."""

    def __init__(self, folder: Path, incoming: Path) -> None:
        super().__init__(incoming)
        self.folder = folder

    def path(self, centre: str, sha256: str) -> Path:
        """Where the content is. Raises ValueError for anything that is not a centre's uid and a hash."""
        check_address(centre, sha256)
        return self.folder / centre / sha256[:2] / sha256

    def send_ahead(self, centre: str, arrived: Arrived) -> None:
        """Nothing: a file is in its place in no time."""

    def take(self, centre: str, arrived: Arrived) -> None:
        """Put an arrived file in its place, durably. The same content twice is the same file.

        To be called while the content's row is locked, so that nobody takes the content away meanwhile.
        """
        place = self.path(centre, arrived.sha256)
        place.parent.mkdir(parents=True, exist_ok=True)
        if _is_fresh_again(place, arrived.size):
            arrived.path.unlink()
        else:
            arrived.path.chmod(0o440)
            arrived.path.replace(place)
        for folder in (place.parent, place.parent.parent, self.folder):
            flush(folder)

    def open(self, centre: str, sha256: str) -> BinaryIO:
        """The content, for reading. Raises FileNotFoundError."""
        return self.path(centre, sha256).open("rb")

    @contextmanager
    def here(self, centre: str, sha256: str) -> Iterator[Path]:
        """The stored file itself. Raises FileNotFoundError."""
        path = self.path(centre, sha256)
        if not path.exists():
            raise FileNotFoundError(path)
        yield path

    def remove(self, centre: str, sha256: str) -> None:
        """Take the content away; nothing happens when it is not there."""
        self.path(centre, sha256).unlink(missing_ok=True)

    def size(self, centre: str, sha256: str) -> int | None:
        """How many bytes the content has; None when it is not there."""
        try:
            return self.path(centre, sha256).stat().st_size
        except FileNotFoundError:
            return None

    def is_whole(self, centre: str, sha256: str) -> bool:
        """Whether the content is there and still hashes to its name."""
        try:
            with self.open(centre, sha256) as content:
                return hashes_to(content, sha256)
        except FileNotFoundError:
            return False

    def names(self) -> Iterator[tuple[str, str]]:
        """Every stored (centre uid, sha256)."""
        for path in sorted(self.folder.glob("*/??/*")):
            yield path.parent.parent.name, path.name

    def stale(self, centre: str) -> Iterator[str]:
        """The SHA-256 of each of a centre's contents that nobody has stored within a day."""
        for place in sorted((self.folder / centre).glob("??/*")):
            if is_stale(place):
                yield place.name


def _is_fresh_again(place: Path, size: int) -> bool:
    """Whether the content is there already; if so, it counts as stored now."""
    try:
        os.utime(place)
        return place.stat().st_size == size
    except FileNotFoundError:
        return False
