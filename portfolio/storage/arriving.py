"""What is on its way into the store: written and hashed at once into a folder of its own, flushed to disk, then taken.

A crash leaves at most a file here, which the sweep removes after a day.
"""

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import IO

CHUNK = 1024 * 1024
PIECES_WAITING = 8
STALE_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Arrived:
    """An upload that is whole, on disk and hashed, not yet in its place."""

    path: Path
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has arrived and been looked at."""

    arrived: Arrived
    name: str
    media_type: str


class Hashing:
    """The SHA-256 of what is fed, worked out beside whoever feeds it: a thread takes it over once it is long enough."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._piece = bytearray()
        self._pieces: Queue[bytes | bytearray] = Queue(PIECES_WAITING)
        self._thread: Thread | None = None

    def feed(self, data: bytes | bytearray | memoryview) -> None:
        """Take in what comes next. Small pieces are gathered; a large one of bytes is handed over as it is."""
        if isinstance(data, bytes) and len(data) >= CHUNK and not self._piece:
            self._hand_over(data)
            return
        self._piece += data
        if len(self._piece) >= CHUNK:
            self._hand_over(self._piece)
            self._piece = bytearray()

    def _hand_over(self, piece: bytes | bytearray) -> None:
        if self._thread is None:
            self._thread = Thread(target=self._work, name="hashing", daemon=True)
            self._thread.start()
        self._pieces.put(piece)

    def _work(self) -> None:
        while piece := self._pieces.get():
            self._hash.update(piece)

    def stop(self) -> None:
        """Finish what was handed over. Feeding is at its end."""
        if self._thread is not None:
            self._pieces.put(bytearray())
            self._thread.join()
            self._thread = None

    def hexdigest(self) -> str:
        """The hash of all of it, in hexadecimal."""
        self.stop()
        self._hash.update(self._piece)
        self._piece = bytearray()
        return self._hash.hexdigest()


class Incoming(RawIOBase):
    """A file that is hashed while it is written; readable again, so that a form parser can use it as its stream."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / secrets.token_hex(16)
        self._file: IO[bytes] = self.path.open("x+b", buffering=0)
        self._hashing = Hashing()
        self.size = 0

    def writable(self) -> bool:
        """Always."""
        return True

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """For reading; writing only ever appends."""
        return True

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        """Append to the file and to the hash."""
        written = 0
        view = memoryview(data)
        while written < len(view):
            written += self._file.write(view[written:]) or 0
        self._hashing.feed(data)
        self.size += written
        return written

    def read(self, size: int = -1) -> bytes:
        """From the present position."""
        return self._file.read(size)

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """From the present position."""
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move the reading position."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """The present position."""
        return self._file.tell()

    def arrive(self) -> Arrived:
        """Flush to disk and close; the file waits in `incoming` for its place."""
        os.fsync(self._file.fileno())
        self._file.close()
        return Arrived(self.path, self._hashing.hexdigest(), self.size)

    def abandon(self) -> None:
        """Close and remove what arrived; harmless after the file was put in its place."""
        self._hashing.stop()
        self._file.close()
        self.path.unlink(missing_ok=True)


class Arrivals:
    """The half of every store that is on this machine: what arrives, or is made here, before it is taken."""

    def __init__(self, incoming: Path) -> None:
        self.incoming = incoming

    def receive(self) -> Incoming:
        """A place to write an upload to."""
        return Incoming(self.incoming)

    @contextmanager
    def workbench(self, work: str = "") -> Iterator[Path]:
        """An empty folder to make something in that is handed to `finished`; it is gone when the block ends. What a
        process that was killed over the same work has left goes first.
        """
        for left in self.incoming.glob(f"{work}-*") if work else ():
            shutil.rmtree(left, ignore_errors=True)
        folder = self.incoming / f"{work or 'work'}-{secrets.token_hex(16)}"
        folder.mkdir(parents=True, mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def finished(self, path: Path) -> Arrived:
        """What was made on a workbench as something that has arrived: flushed to disk and hashed."""
        with path.open("rb") as file:
            os.fsync(file.fileno())
            digest = hashlib.file_digest(file, "sha256")
            return Arrived(path, digest.hexdigest(), file.tell())

    def sweep_incoming(self) -> int:
        """Remove what stopped arriving more than a day ago; answers how many."""
        if not self.incoming.exists():
            return 0
        stale = [path for path in self.incoming.iterdir() if is_stale(path)]
        for path in stale:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        return len(stale)


def is_stale(path: Path) -> bool:
    """Whether nobody has touched the file for a day; not so when it is gone."""
    try:
        return time.time() - path.stat().st_mtime > STALE_SECONDS
    except FileNotFoundError:
        return False


def flush(path: Path) -> None:
    """Make a file's content, or the names in a folder, durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
