"""Files in a bucket of an S3-compatible service, which several machines share.

Content arrives on this machine as it does in the home folder, and is in the bucket before the row that names it is
committed. Everything is under its own hash, so putting the same thing again does no harm.
"""

import logging
import os
import time
from collections import defaultdict
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from portfolio.config import Bucket
from portfolio.errors import Rejected, Unavailable
from portfolio.storage.arriving import CHUNK, STALE_SECONDS, Arrivals, Arrived
from portfolio.storage.derived import Making
from portfolio.storage.stores import check_address, hashes_to

if TYPE_CHECKING:
    from obstore import BytesStream, ObjectMeta

log = logging.getLogger("portfolio.storage")

FILES, PREVIEWS, TRIAL = "files", "previews", "trial.txt"
WHOLE = "whole"
"""The part that is put last and taken away first: without it there are none."""
PART_SIZE = 8 * 1024 * 1024
PARTS_AT_ONCE = 3
PIECE = 256 * 1024
AT_ONCE = 8
ANSWER_SECONDS = 20
LONGEST_HOURS = 12
"""One transfer, which a slow line may hold up."""

AWAY = "The place where files are kept does not answer at the moment."
REFUSED = "The place where files are kept refuses this server's key."


@contextmanager
def _ours() -> Iterator[None]:
    """The library's errors as the product tells them; FileNotFoundError it raises itself."""
    try:
        yield
    except (PermissionDeniedError, UnauthenticatedError) as error:
        raise Unavailable(REFUSED) from error
    except BaseError as error:
        raise Unavailable(AWAY) from error


def connect(bucket: Bucket) -> S3Store:
    """The bucket; nothing is asked of it yet."""
    return S3Store(
        bucket.name,
        prefix=bucket.prefix or None,
        endpoint=bucket.endpoint or f"https://s3.{bucket.region}.amazonaws.com",
        region=bucket.region,
        access_key_id=bucket.key,
        secret_access_key=bucket.secret,
        disable_bulk_delete=True,  # not every service knows it
        client_options={
            "allow_http": bucket.endpoint.startswith("http://"),
            "connect_timeout": timedelta(seconds=5),
            "read_timeout": timedelta(seconds=ANSWER_SECONDS),
            "timeout": timedelta(hours=LONGEST_HOURS),
        },
        retry_config={
            "max_retries": 3,
            "retry_timeout": timedelta(seconds=ANSWER_SECONDS),
            "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=2), "base": 2},
        },
    )


def try_out(bucket: Bucket) -> None:
    """Put, read and remove something. Raises Rejected when that does not work, or would keep what is removed."""
    store, said = connect(bucket), os.urandom(16).hex().encode()
    try:
        version = obstore.put(store, TRIAL, said)["version"]
        is_same = bytes(obstore.get(store, TRIAL).bytes()) == said
        obstore.delete(store, TRIAL)
    except (PermissionDeniedError, UnauthenticatedError) as error:
        raise Rejected(
            "The bucket refuses the key. Check PORTFOLIO_STORE_KEY and PORTFOLIO_STORE_SECRET, and that the key may "
            "put, read, list and remove."
        ) from error
    except FileNotFoundError as error:
        raise Rejected(f"There is no bucket {bucket.name}. Make it, or change PORTFOLIO_STORE.") from error
    except BaseError as error:
        where = bucket.endpoint or f"Amazon's service in {bucket.region}"
        raise Rejected(f"The bucket cannot be used: {where} does not answer as an S3 service does.") from error
    if not is_same:
        raise Rejected("The bucket does not give back what was put there.")
    if version not in {None, "null"}:
        raise Rejected(
            "The bucket keeps old versions, so that nothing could ever be erased from it. Use one without versioning."
        )


class Remote(RawIOBase):
    """Stored content as a file to read: asked for from wherever the first read after a `seek` stands."""

    def __init__(self, store: S3Store, key: str) -> None:
        super().__init__()
        self._store, self._key = store, key
        with _ours():
            self.size = obstore.head(store, key)["size"]
        self._at = 0
        self._stream: BytesStream | None = None
        self._piece = memoryview(b"")

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move the reading position."""
        to = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        if to != self._at:
            self._stream, self._piece = None, memoryview(b"")
        self._at = to
        return to

    def tell(self) -> int:
        """The present position."""
        return self._at

    def read(self, size: int = -1) -> bytes:
        """From the present position; less than `size` where a piece ends, and nothing only at the end."""
        if size < 0:
            return self.readall()
        if not self._piece and self._at < self.size:
            self._piece = self._next()
        found = bytes(self._piece[:size])
        self._piece = self._piece[size:]
        self._at += len(found)
        return found

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """From the present position."""
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def _next(self) -> memoryview:
        with _ours():
            if self._stream is None:
                found = obstore.get(self._store, self._key, options={"range": {"offset": self._at}})
                self._stream = found.stream(PIECE)
            return memoryview(next(self._stream, b""))

    def close(self) -> None:
        """Let go of what was asked for."""
        self._stream, self._piece = None, memoryview(b"")
        super().close()


class BucketStore(Arrivals):
    """The files of a bucket: files/<centre uid>/<first two>/<sha256>."""

    def __init__(self, bucket: Bucket, incoming: Path) -> None:
        super().__init__(incoming)
        self._store = connect(bucket)

    def key(self, centre: str, sha256: str) -> str:
        """Where the content is. Raises ValueError for anything that is not a centre's uid and a hash."""
        check_address(centre, sha256)
        return f"{FILES}/{centre}/{sha256[:2]}/{sha256}"

    def send_ahead(self, centre: str, arrived: Arrived) -> None:
        """Put the content in the bucket, unless it is there, so that no row is locked while it travels."""
        if self.size(centre, arrived.sha256) != arrived.size:
            key = self.key(centre, arrived.sha256)
            with _ours():
                obstore.put(self._store, key, arrived.path, chunk_size=PART_SIZE, max_concurrency=PARTS_AT_ONCE)

    def take(self, centre: str, arrived: Arrived) -> None:
        """Have the content in the bucket, whether or not it was sent ahead. The same content twice is the same file.

        To be called while the content's row is locked, so that nobody takes the content away meanwhile.
        """
        self.send_ahead(centre, arrived)
        arrived.path.unlink()

    def open(self, centre: str, sha256: str) -> BinaryIO:
        """The content, for reading from any position. Raises FileNotFoundError."""
        return cast(BinaryIO, Remote(self._store, self.key(centre, sha256)))

    @contextmanager
    def here(self, centre: str, sha256: str) -> Iterator[Path]:
        """A copy on this machine that hashes to its name; gone when the block ends. Raises FileNotFoundError."""
        content = self.open(centre, sha256)
        copy = self.receive()
        try:
            with content:
                while piece := content.read(CHUNK):
                    copy.write(piece)
            arrived = copy.arrive()
            if arrived.sha256 != sha256:
                log.error("the stored file %s/%s is not what was stored", centre, sha256)
                raise FileNotFoundError(f"{centre}/{sha256} is not what was stored")
            yield arrived.path
        finally:
            copy.abandon()

    def remove(self, centre: str, sha256: str) -> None:
        """Take the content away; nothing happens when it is not there."""
        _delete(self._store, [self.key(centre, sha256)])

    def size(self, centre: str, sha256: str) -> int | None:
        """How many bytes the content has; None when it is not there."""
        try:
            with _ours():
                return obstore.head(self._store, self.key(centre, sha256))["size"]
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
        for one in _listed(self._store, f"{FILES}/"):
            _files, centre, _first, sha256 = one["path"].split("/")
            yield centre, sha256

    def stale(self, centre: str) -> Iterator[str]:
        """The SHA-256 of each of a centre's contents that nobody has stored within a day."""
        for one in _listed(self._store, f"{FILES}/{centre}/"):
            if _is_stale(one):
                yield one["path"].rpartition("/")[2]


class BucketDerived(Making):
    """The parts in a bucket: previews/<centre uid>/<sha256 of the source>/<number>; they are made on this machine."""

    def __init__(self, bucket: Bucket, folder: Path) -> None:
        super().__init__(folder)
        self._store = connect(bucket)

    def place(self, centre: str, sha256: str) -> str:
        """What the addresses of a content's parts begin with. Raises ValueError as everywhere."""
        check_address(centre, sha256)
        return f"{PREVIEWS}/{centre}/{sha256}/"

    def put(self, centre: str, sha256: str, made: Path) -> None:
        """Put the parts in their place, instead of those that may stand there."""
        place = self.place(centre, sha256)
        self.remove(centre, sha256)

        def put_one(part: Path) -> None:
            with _ours():
                obstore.put(self._store, f"{place}{part.name}", part)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(put_one, made.iterdir()))
        with _ours():
            obstore.put(self._store, f"{place}{WHOLE}", b"")

    def has(self, centre: str, sha256: str) -> bool:
        """Whether there are parts."""
        try:
            with _ours():
                obstore.head(self._store, f"{self.place(centre, sha256)}{WHOLE}")
        except FileNotFoundError:
            return False
        return True

    def read(self, centre: str, sha256: str, part: int) -> bytes:
        """One part. Raises FileNotFoundError."""
        with _ours():
            return bytes(obstore.get(self._store, f"{self.place(centre, sha256)}{part}").bytes())

    def remove(self, centre: str, sha256: str) -> None:
        """Take all parts away; nothing happens when there are none."""
        place = self.place(centre, sha256)
        _delete(self._store, [f"{place}{WHOLE}"])
        _delete(self._store, [one["path"] for one in _listed(self._store, place)])

    def sweep(self, centre: str, wanted: Collection[str]) -> int:
        """Remove what was made from a centre's contents other than these, and what nobody finished within a day.

        Answers how many contents lost their parts.
        """
        fresh: dict[str, bool] = defaultdict(bool)
        for one in _listed(self._store, f"{PREVIEWS}/{centre}/"):
            fresh[one["path"].split("/")[2]] |= not _is_stale(one)
        removed = [sha256 for sha256, is_fresh in fresh.items() if not is_fresh and sha256 not in wanted]
        for sha256 in removed:
            self.remove(centre, sha256)
        self.sweep_making()
        return len(removed)


def _listed(store: S3Store, begins: str) -> Iterator["ObjectMeta"]:
    with _ours():
        for some in obstore.list(store, prefix=begins):
            yield from some


def _delete(store: S3Store, keys: list[str]) -> None:
    if keys:
        with _ours():
            obstore.delete(store, keys)


def _is_stale(one: "ObjectMeta") -> bool:
    return time.time() - one["last_modified"].timestamp() > STALE_SECONDS
