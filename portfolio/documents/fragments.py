"""An evidence file as blocks for the Word book. Whatever the file is, there is an answer and never an exception.

Runs on hostile input: call it through `sandbox.Extractor`, which gives it a process of its own.
"""

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

from portfolio.documents.blocks import Card, Extract
from portfolio.documents.mail import mail_blocks
from portfolio.documents.markdown import to_blocks
from portfolio.documents.pictures import picture_block
from portfolio.documents.texts import read_text, table_blocks, text_blocks
from portfolio.documents.word_text import word_blocks
from portfolio.documents.xml_parts import Unreadable

NOT_SHOWN = "Kept as it is, not shown in the book."
UNREADABLE = "This file could not be shown here. It is kept as it is."

_log = logging.getLogger(__name__)
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _markdown_blocks(path: Path) -> Extract:
    text, note = read_text(path)
    return Extract(to_blocks(text), note)


def _png(path: Path) -> Extract:
    return Extract((picture_block(path, "image/png"),))


def _jpeg(path: Path) -> Extract:
    return Extract((picture_block(path, "image/jpeg"),))


_READERS: dict[str, Callable[[Path], Extract]] = {
    "text/markdown": _markdown_blocks,
    "text/plain": text_blocks,
    "text/csv": table_blocks,
    "message/rfc822": mail_blocks,
    _WORD: word_blocks,
    "image/png": _png,
    "image/jpeg": _jpeg,
}


def is_shown(media_type: str) -> bool:
    """Whether files of this kind are opened for the book; all others get a card."""
    return media_type in _READERS


def blocks_of(path: Path, media_type: str, name: str, sha256: str | None = None) -> Extract:
    """The file's blocks with a note on what is missing; a card when the kind is not shown or the file is unsound."""
    reader = _READERS.get(media_type)
    if reader is None:
        return card(path, media_type, name, NOT_SHOWN, sha256)
    try:
        extract = reader(path)
    except Unreadable as trouble:
        return card(path, media_type, name, f"{trouble} {NOT_SHOWN}", sha256)
    except Exception:  # noqa: BLE001 - broken files raise dozens of kinds from four libraries
        _log.info("A file could not be read for a book.", exc_info=True)
        return card(path, media_type, name, UNREADABLE, sha256)
    return extract if extract.blocks or extract.note else Extract((), "The file is empty.")


def card(path: Path, media_type: str, name: str, reason: str, sha256: str | None = None) -> Extract:
    """A file told by its name, kind, size and digest."""
    if sha256 is None:
        with path.open("rb") as source:
            sha256 = hashlib.file_digest(source, "sha256").hexdigest()
    return Extract((Card(name, media_type, path.stat().st_size, sha256, reason),))
