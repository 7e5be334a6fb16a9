"""What every store of files can do, wherever it keeps them: in the home folder, or in a bucket that machines share.

A file is whole and durable before the row that names it is committed. So a crash leaves at most a file that no row
names, which housekeeping removes after a day; never a row without a file.
"""

import hashlib
import re
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol

from portfolio.storage.arriving import CHUNK, Arrived, Incoming

SHA256 = re.compile(r"[0-9a-f]{64}")
CENTRE = re.compile(r"[a-z0-9]{1,40}")


class Store(Protocol):
    """Files by centre and SHA-256. Raises ValueError for an address that is not a centre's uid and a hash, and
    Unavailable when the store is away.
    """

    @property
    def incoming(self) -> Path:
        """The folder of this machine in which uploads arrive."""

    def receive(self) -> Incoming:
        """A place to write an upload to."""

    def workbench(self, work: str = "") -> AbstractContextManager[Path]:
        """An empty folder of this machine to make something in that is handed to `finished`; it is gone when the block
        ends. What a process that was killed over the same work has left here goes first.
        """

    def finished(self, path: Path) -> Arrived:
        """What was made on a workbench as something that has arrived: flushed to disk and hashed."""

    def send_ahead(self, centre: str, arrived: Arrived) -> None:
        """Do what takes long about taking a file, before any row is locked. Nothing depends on it but time."""

    def take(self, centre: str, arrived: Arrived) -> None:
        """Put an arrived file in its place, durably. The same content twice is the same file.

        To be called while the content's row is locked, so that nobody takes the content away meanwhile.
        """

    def open(self, centre: str, sha256: str) -> BinaryIO:
        """The content, for reading from any position. Raises FileNotFoundError."""

    def here(self, centre: str, sha256: str) -> AbstractContextManager[Path]:
        """The content as a file of this machine, only to be read, for as long as the block lasts.

        Raises FileNotFoundError, also for content that came damaged.
        """

    def remove(self, centre: str, sha256: str) -> None:
        """Take the content away; nothing happens when it is not there."""

    def size(self, centre: str, sha256: str) -> int | None:
        """How many bytes the content has; None when it is not there."""

    def is_whole(self, centre: str, sha256: str) -> bool:
        """Whether the content is there and still hashes to its name."""

    def names(self) -> Iterator[tuple[str, str]]:
        """Every stored (centre uid, sha256)."""

    def stale(self, centre: str) -> Iterator[str]:
        """The SHA-256 of each of a centre's contents that nobody has stored within a day."""

    def sweep_incoming(self) -> int:
        """Remove what stopped arriving more than a day ago; answers how many."""


class Derived(Protocol):
    """What is made from stored content, by centre, SHA-256 of the content, and number; it can be made again at any
    time. A reader finds all parts of a content or none. Raises as `Store` does.
    """

    def making(self) -> AbstractContextManager[Path]:
        """An empty folder of this machine to make parts in, to be handed to `put`; it is gone when the block ends."""

    def put(self, centre: str, sha256: str, made: Path) -> None:
        """Put the parts in their place, instead of those that may stand there."""

    def has(self, centre: str, sha256: str) -> bool:
        """Whether there are parts."""

    def read(self, centre: str, sha256: str, part: int) -> bytes:
        """One part. Raises FileNotFoundError."""

    def remove(self, centre: str, sha256: str) -> None:
        """Take all parts away at once; nothing happens when there are none."""

    def sweep(self, centre: str, wanted: Collection[str]) -> int:
        """Remove what was made from a centre's contents other than these, and what nobody finished within a day.

        Answers how many contents lost their parts.
        """


def check_address(centre: str, sha256: str) -> None:
    """Raises ValueError for anything that is not a centre's uid and a hash, so that no address leads elsewhere."""
    if not CENTRE.fullmatch(centre) or not SHA256.fullmatch(sha256):
        raise ValueError("not the address of stored content")


def hashes_to(content: BinaryIO, sha256: str) -> bool:
    """Whether the content, from here to its end, has this hash."""
    digest = hashlib.sha256()
    while piece := content.read(CHUNK):
        digest.update(piece)
    return digest.hexdigest() == sha256
