"""Takes a template that somebody sent: it is read, and tried on a book, in a process with limits."""

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path

from portfolio.documents.codec import Json
from portfolio.documents.sandbox import run_limited
from portfolio.documents.sniff import inspect
from portfolio.documents.wordtemplate.opening import DAMAGED, LOCKED, NOT_WORD, OLD
from portfolio.documents.wordtemplate.packing import is_packed
from portfolio.errors import Rejected

MOST = 5 * 1000**2
MOST_KEPT = 8 * 1000**2
SECONDS = 10
TOO_LARGE = "The file is larger than 5 MB. Make its pictures smaller, or choose another."
TOO_LONG = "Reading this file took too long or too much memory. Make its pictures smaller, or save it anew in Word."
LARGE_KEPT = "Its pictures take too much room. Make them smaller."
_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Unfit(Exception):
    """The file cannot be used; `faults` says everything that is in the way, a sentence each."""

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        super().__init__(" ".join(faults))


@dataclass(frozen=True, slots=True)
class Template:
    """A template as it is kept, what was taken from the file that was sent, and what was left out."""

    content: bytes
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def taken(path: Path) -> Template:
    """The template in a file that somebody sent. Raises Unfit with everything that is in the way."""
    if path.stat().st_size > MOST:
        raise Unfit(TOO_LARGE)
    with path.open("rb") as source:
        head = source.read(len(_COMPOUND))
    if not head.startswith(_ZIP):
        raise Unfit(_why_not(path, head))
    outcome = run_limited("portfolio.documents.wordtemplate.trying:tried", str(path.resolve()), seconds=SECONDS)
    if outcome.note:
        raise Unfit(TOO_LONG)
    return _checked(outcome.value)


def _why_not(path: Path, head: bytes) -> str:
    """Why a file is no Word file of today: one of an older Office, one that is locked, or something else."""
    if head != _COMPOUND:
        return NOT_WORD
    try:
        inspect(path, "template.docx")
    except Rejected as refused:
        return LOCKED if "password" in refused.message else OLD
    return NOT_WORD


def _checked(answer: Json) -> Template:
    """What the process answered, when it is what it should be."""
    if not isinstance(answer, dict):
        raise Unfit(DAMAGED)
    faults, package, facts, notes = (answer.get(name) for name in ("faults", "package", "facts", "notes"))
    if isinstance(faults, list):
        raise Unfit(*(str(fault) for fault in faults))
    if not (isinstance(package, str) and isinstance(facts, list) and isinstance(notes, list)):
        raise Unfit(DAMAGED)
    try:
        content = base64.b64decode(package, validate=True)
    except binascii.Error:
        raise Unfit(DAMAGED) from None
    if len(content) > MOST_KEPT:
        raise Unfit(LARGE_KEPT)
    if not is_packed(content):
        raise Unfit(DAMAGED)
    pairs = tuple((str(one[0]), str(one[1])) for one in facts if isinstance(one, list) and len(one) == 2)
    return Template(content, pairs, tuple(map(str, notes)))
