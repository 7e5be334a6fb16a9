"""Sealing what has to be read again: the secrets that make six-digit codes.

The key lies in the home folder, apart from the database, so that a copy of the database alone makes no code. What is
sealed for one person opens for nobody else.
"""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portfolio.config import key_file

KEY_BYTES, NONCE_BYTES = 32, 12


class Unreadable(ValueError):
    """It was sealed with another key, for somebody else, or changed since."""


class Seal:
    """The installation's seal; its key is made on first use."""

    def __init__(self, path: Path) -> None:
        raw = key_file(path, lambda: os.urandom(KEY_BYTES))
        self._sealing = AESGCM(_key_for(raw, b"sealing"))
        self._hashing = _key_for(raw, b"hashing")

    def seal(self, text: str, *, whose: str) -> str:
        """The text, sealed for one person by their public identifier."""
        nonce = os.urandom(NONCE_BYTES)
        return urlsafe_b64encode(nonce + self._sealing.encrypt(nonce, text.encode(), whose.encode())).decode()

    def unseal(self, sealed: str, *, whose: str) -> str:
        """The text again. Raises Unreadable."""
        try:
            raw = urlsafe_b64decode(sealed)
            return self._sealing.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], whose.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Unreadable from error

    def hash(self, text: str, *, whose: str) -> str:
        """A hash that nobody can try texts against without the key, in hexadecimal."""
        return hmac.new(self._hashing, f"{whose}\0{text}".encode(), "sha256").hexdigest()


def _key_for(raw: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(raw)
