"""Sealing a stream: encrypted and authenticated in pieces, so that memory stays small and no change goes unseen.

AES-256-GCM with a key of its own for each file (HKDF-SHA256 of the key and a random salt). Every piece is bound to the
file's head, to its number and to whether it is the last one: what is altered, cut off, added or put in another order is
found where it first shows.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portfolio.config import key_file
from portfolio.errors import NotFound, Rejected

MAGIC = b"NVQ Portfolio backup 1\n"
KEY_WORDS = "nvq-portfolio-backup-key-1 "
KEY_BYTES = 32
MARK_BYTES = 8
SALT_BYTES = 32
HEAD_BYTES = len(MAGIC) + MARK_BYTES + SALT_BYTES
PIECE = 1024 * 1024
TAG_BYTES = 16


class Damaged(Rejected):
    """What is read is not what was sealed."""


@dataclass(frozen=True, slots=True)
class Key:
    """The secret that seals backups and opens them."""

    secret: bytes

    @property
    def mark(self) -> bytes:
        """What tells this key from others without giving it away."""
        return HKDF(SHA256(), MARK_BYTES, None, MAGIC + b"mark").derive(self.secret)

    def cipher(self, head: bytes) -> AESGCM:
        """The cipher of the one file with this head."""
        return AESGCM(HKDF(SHA256(), KEY_BYTES, head[-SALT_BYTES:], MAGIC + b"seal").derive(self.secret))


def read_key(path: Path) -> Key:
    """The key in a file. Raises NotFound, or Rejected for what is no key."""
    try:
        words = path.read_text("ascii").strip()
    except FileNotFoundError:
        raise NotFound(f"There is no key file {path}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise Rejected(f"The key file {path} cannot be read.") from error
    digits = words.removeprefix(KEY_WORDS)
    try:
        secret = bytes.fromhex(digits)
    except ValueError:
        secret = b""
    if digits == words or len(secret) != KEY_BYTES:
        raise Rejected(f"{path} holds no key of a backup.")
    return Key(secret)


def _new_key() -> bytes:
    return f"{KEY_WORDS}{secrets.token_hex(KEY_BYTES)}\n".encode()


def key_in(path: Path) -> Key:
    """The key in a file; a new one, readable by its owner alone, when there is no such file."""
    try:
        key_file(path, _new_key)
    except OSError as error:
        raise Rejected(f"The key file {path} cannot be made: {error.strerror}.") from error
    return read_key(path)


def _bound(head: bytes, number: int, *, is_last: bool) -> bytes:
    return head + number.to_bytes(8) + bytes([is_last])


class Sealer:
    """Writes a sealed stream. Without `close`, what was written can never be opened."""

    def __init__(self, out: IO[bytes], key: Key) -> None:
        self._head = MAGIC + key.mark + secrets.token_bytes(SALT_BYTES)
        self._cipher = key.cipher(self._head)
        self._out = out
        self._waiting = bytearray()
        self._number = 0
        out.write(self._head)

    def write(self, data: bytes) -> None:
        """Append; a piece is held back until it is known not to be the last."""
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), is_last=False)
            del self._waiting[:PIECE]

    def close(self) -> None:
        """Seal the last piece, which says that it is the last."""
        self._seal(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        bound = _bound(self._head, self._number, is_last=is_last)
        self._out.write(self._cipher.encrypt(self._number.to_bytes(12), piece, bound))
        self._number += 1


class Opened:
    """Reads a sealed stream. Raises Damaged as soon as anything is not as it was sealed, and for another key."""

    def __init__(self, source: IO[bytes], key: Key) -> None:
        self._head = source.read(HEAD_BYTES)
        if len(self._head) < HEAD_BYTES or not self._head.startswith(MAGIC):
            raise Damaged("This is no backup of NVQ Portfolio, or its beginning is damaged.")
        if self._head[len(MAGIC) :][:MARK_BYTES] != key.mark:
            raise Damaged("The backup was sealed with another key, or its beginning is damaged.")
        self._cipher = key.cipher(self._head)
        self._source = source
        self._next = source.read(PIECE + TAG_BYTES)
        self._number = 0
        self._piece = memoryview(b"")

    def read(self, size: int) -> bytes:
        """Exactly so many bytes. Raises Damaged when there are fewer."""
        parts = []
        while size:
            if not self._piece:
                if not self._next:
                    raise Damaged("The backup ends too early.")
                self._open_next()
                continue
            part = self._piece[:size]
            self._piece = self._piece[len(part) :]
            size -= len(part)
            parts.append(part)
        return b"".join(parts)

    def is_at_end(self) -> bool:
        """Whether everything has been read, the last piece included."""
        while not self._piece and self._next:
            self._open_next()
        return not self._piece

    def _open_next(self) -> None:
        sealed, self._next = self._next, self._source.read(PIECE + TAG_BYTES)
        bound = _bound(self._head, self._number, is_last=not self._next)
        try:
            self._piece = memoryview(self._cipher.decrypt(self._number.to_bytes(12), sealed, bound))
        except (InvalidTag, ValueError):
            raise Damaged(f"The backup is damaged or cut off at piece {self._number + 1}.") from None
        self._number += 1
