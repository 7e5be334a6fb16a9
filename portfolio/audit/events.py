"""What an event says, how it is hashed and signed. Pure: knows no database.

The hash covers the stream, number, time, actor, role, verb, subject, digest and the hash before it. Personal text is
never hashed itself: its salted digest is, so that the text can be erased and the chain still holds.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portfolio.config import key_file

GENESIS = "0" * 64


class Doer(Protocol):
    """Who did it, as far as the trail is concerned."""

    @property
    def uid(self) -> str:
        """The person's public identifier, or a word such as `system`."""

    @property
    def role(self) -> str:
        """The role in which it was done."""


@dataclass(frozen=True, slots=True)
class System:
    """The product itself, as the doer of what no person asked for."""

    uid: str = "system"
    role: str = "system"


@dataclass(frozen=True, slots=True)
class Entry:
    """The hashed fields of one event. `at` is aware; `digest` is hexadecimal or empty."""

    stream: str
    seq: int
    at: datetime
    actor: str
    role: str
    verb: str
    subject: str
    digest: str
    prev: str

    def hashed(self) -> str:
        """The SHA-256 of the entry's canonical form, in hexadecimal."""
        at = in_full(self.at)
        fields = [self.stream, self.seq, at, self.actor, self.role, self.verb, self.subject, self.digest, self.prev]
        return hashlib.sha256(canonical(fields)).hexdigest()


def canonical(value: Any) -> bytes:
    """One form for one value: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def in_full(at: datetime | None) -> str:
    """A time as it is hashed: in UTC, to the microsecond; empty for none."""
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else ""


def new_salt() -> str:
    """A fresh random salt, 128 bits in hexadecimal."""
    return secrets.token_hex(16)


def text_digest(salt: str, text: dict[str, Any]) -> str:
    """The salted digest that stands for an event's text in the chain."""
    return hashlib.sha256(salt.encode() + canonical(text)).hexdigest()


def facts_digest(facts: dict[str, Any]) -> str:
    """The digest of a row's facts, such as a judgement's or a frozen version's, in hexadecimal."""
    return hashlib.sha256(canonical(facts)).hexdigest()


class Signed(Protocol):
    """A key that may have signed something."""

    @property
    def whose(self) -> str:
        """Whose key it is, in words."""

    def is_signed(self, hashed: str, signature: str) -> bool:
        """Whether the key made the signature."""


class Signer:
    """The installation's Ed25519 key: signs the hash of every event, so that a chain made again without it shows."""

    whose = "this installation"

    def __init__(self, path: Path) -> None:
        raw = key_file(path, lambda: Ed25519PrivateKey.generate().private_bytes_raw())
        self._private = Ed25519PrivateKey.from_private_bytes(raw)
        self._public = self._private.public_key()
        self.public_key = self._public.public_bytes_raw().hex()

    def sign(self, hashed: str) -> str:
        """The signature over a hash, in hexadecimal."""
        return self._private.sign(bytes.fromhex(hashed)).hex()

    def is_signed(self, hashed: str, signature: str) -> bool:
        """Whether this installation's key made the signature."""
        return is_signed(self._public, hashed, signature)


class KeyElsewhere:
    """The public key of another installation, in hexadecimal; one that is none has signed nothing."""

    whose = "the installation that it came from"

    def __init__(self, public_key: str) -> None:
        try:
            self._public: Ed25519PublicKey | None = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        except ValueError:
            self._public = None

    def is_signed(self, hashed: str, signature: str) -> bool:
        """Whether that key made the signature."""
        return self._public is not None and is_signed(self._public, hashed, signature)


def fingerprint(public_key: str) -> str:
    """What people compare of a public key that is given in hexadecimal: the first half of its SHA-256."""
    return hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:32]


def is_signed(public_key: Ed25519PublicKey, hashed: str, signature: str) -> bool:
    """Whether the key made the signature over the hash; malformed input is simply not signed."""
    try:
        public_key.verify(bytes.fromhex(signature), bytes.fromhex(hashed))
    except (InvalidSignature, ValueError):
        return False
    return True
