"""An evidence file as blocks for the Word book. Whatever the file is, there is an answer and never an exception.

Runs on hostile input: call it through `sandbox.Extractor`, which gives it a process of its own.
"""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from portfolio.documents import engines
from portfolio.documents.blocks import Extract, Heading, Paragraph, Run, Table, plain, text_of
from portfolio.documents.book_bench import BookBench
from portfolio.documents.codec import Json, into_folder
from portfolio.documents.markdown import to_blocks
from portfolio.documents.pictures import picture_block
from portfolio.documents.prepared import Prepared, packed
from portfolio.documents.preview import MAX_READY_BYTES, SAID_PIECE, Manifest, Ready, blocks_in, sound_in
from portfolio.documents.preview_bench import Bench, Full
from portfolio.documents.preview_maker import LISTENING_SECONDS, READERS, reader_of
from portfolio.documents.scratch import writing_in
from portfolio.documents.texts import read_text, table_blocks, text_blocks
from portfolio.documents.word_text import word_blocks
from portfolio.documents.xml_parts import Unreadable

NOT_SHOWN = "Kept as it is, not shown in the book."
TRANSCRIBED = "Kept as it is. What is said in it stands below."
UNREADABLE = "This file could not be shown here. It is kept as it is."

_HEARD = ("audio/", "video/")

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
    "image/png": _png,
    "image/jpeg": _jpeg,
}
"""What is read for the book in a way of its own; all else that has a preview is laid out as that is."""


def is_shown(media_type: str) -> bool:
    """Whether files of this kind are opened for the book; all others get a card."""
    return media_type in READERS


def is_heard(media_type: str) -> bool:
    """Whether it is a recording, which has a card in the book, with what is said in it where that was written down."""
    return media_type.startswith(_HEARD)


def prepare_into(spool: str, path: str, media_type: str) -> Json:
    """Reads a file as `prepared_from` does and gives it as JSON; called by name in the child process."""
    with writing_in(Path(spool)):
        prepared = prepared_from(Path(path), media_type)
    return prepared.as_json(into_folder(Path(spool)))


def prepared_from(path: Path, media_type: str) -> Prepared:
    """The file's blocks with a note on what is missing; a card when the kind is not shown or the file is unsound."""
    if not is_shown(media_type):
        return Prepared(Extract(()), NOT_SHOWN)
    reader = _READERS.get(media_type)
    try:
        if is_heard(media_type):
            return _heard(path, media_type)
        prepared = Prepared(reader(path)) if reader else _laid_out(path, media_type)
    except Unreadable as trouble:
        return Prepared(Extract(()), f"{trouble} {NOT_SHOWN}")
    except Exception:  # noqa: BLE001 - broken files raise dozens of kinds from four libraries
        _log.info("A file could not be read for a book.", exc_info=True)
        return Prepared(Extract(()), UNREADABLE)
    is_empty = not (prepared.extract.blocks or prepared.extract.note)
    return replace(prepared, extract=Extract((), "The file is empty.")) if is_empty else prepared


def blocks_of(path: Path, media_type: str, name: str, sha256: str | None = None) -> Extract:
    """The file as it stands in a book, read in this process."""
    return named(prepared_from(path, media_type), path, media_type, name, sha256)


def named(prepared: Prepared, path: Path, media_type: str, name: str, sha256: str | None = None) -> Extract:
    """What was read of a file, as it stands in a book. Pass the digest where it is known: a card shows it."""
    if prepared.card and sha256 is None:
        with path.open("rb") as source:
            sha256 = hashlib.file_digest(source, "sha256").hexdigest()
    return prepared.named(name, media_type, path.stat().st_size, sha256 or "")


def heard_in(manifest: Manifest, part: Callable[[int], bytes]) -> Prepared:
    """A recording by what its preview tells of it. Raises Malformed, and what `part` raises."""
    seconds = sound_in(part(manifest.sound)).seconds if manifest.sound is not None else 0.0
    said = next((piece for piece in manifest.pieces if piece.id == SAID_PIECE and piece.text is not None), None)
    if said is None or said.text is None:
        return Prepared(Extract(()), NOT_SHOWN, seconds)
    lines = [_line(block) for block in blocks_in(part(said.text)) if isinstance(block, Paragraph)]
    transcript = Table(((plain("Time"), plain("What is said")), *lines))
    return Prepared(Extract((Heading(1, plain("Transcript")), transcript), said.note), TRANSCRIBED, seconds)


def _line(block: Paragraph) -> tuple[tuple[Run, ...], ...]:
    """When a passage begins, and its words."""
    time, *words = block.runs or (Run(""),)
    return plain(time.text.strip()), plain(text_of(words))


def _heard(path: Path, media_type: str) -> Prepared:
    if engines.ffmpeg() is None:
        return Prepared(Extract(()), NOT_SHOWN)
    with TemporaryDirectory() as folder:
        bench = Bench(Path(folder), seconds=LISTENING_SECONDS)
        reader_of(media_type)(bench, path)
        return heard_in(bench.finished(), lambda number: (Path(folder) / str(number)).read_bytes())


def _laid_out(path: Path, media_type: str) -> Prepared:
    with TemporaryDirectory() as folder:
        bench = BookBench(Path(folder))
        if media_type == _WORD:
            return Prepared(word_blocks(path, show=bench.shown), is_late=bench.is_late)
        try:
            reader_of(media_type)(bench, path)
        except Full:
            bench.note("Only the first part of the file is shown.")
        return Prepared(bench.extract(), is_late=bench.is_late)


def ready_for_books(manifest: Manifest, folder: Path, prepared: Prepared) -> Manifest:
    """The manifest with a further part, which is written to its folder: what the book shows of the file. What is too
    large is left out, to be read from the file itself; and so is what may be read better another time.
    """
    data = packed(prepared)
    if len(data) > MAX_READY_BYTES or not manifest.has_parts or prepared.is_late or prepared.card == UNREADABLE:
        return manifest
    number = max(manifest.parts(), default=-1) + 1
    with (folder / str(number)).open("xb") as target:
        target.write(data)
    return replace(manifest, ready=Ready(number, hashlib.sha256(data).hexdigest()))
