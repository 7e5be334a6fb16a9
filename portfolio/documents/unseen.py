"""What a file holds beside what its preview shows: properties, comments, deleted words, alternative texts, attachments,
words in pictures, and what goes on where the preview ends. Read by the very walk that redacts the file.

Runs on hostile input: call it through `sandbox.Previewer`, which gives it a process of its own.
"""

import logging
import re
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from portfolio.documents.blocks import Block, Extract, Heading, ListItem, Paragraph, Quote, Table, plain, text_of
from portfolio.documents.codec import Json
from portfolio.documents.fragments import heard_in, is_heard, prepared_from, ready_for_books
from portfolio.documents.plain_words import words_of
from portfolio.documents.preview import Inside, Manifest, blocks_in, manifest_of
from portfolio.documents.preview_bench import Bench, Full
from portfolio.documents.preview_maker import preview_into
from portfolio.documents.redaction.maker import redact_inner, redactor_of
from portfolio.documents.redaction.places import is_sheet, says_nothing
from portfolio.documents.redaction.plan import Plan
from portfolio.documents.redaction.work import Refused, Text, Work
from portfolio.documents.scratch import writing_in

NOT_READ = "What people do not see in it could not be read."
TOO_MUCH = "There is more text in it than is looked through here."
SECONDS = 40.0
"""So long may the reading take; what was read by then counts."""
MOST_CHARACTERS = 1_000_000
MOST_PLACES = 200
_LONG_LINE, _LONG_PLACE = 40, 400
"""From so many characters on, what nobody sees need not be said where the same words are seen."""
_MOST_SEARCHES = 4_000
_WORD = re.compile(r"\w+")


def unseen_into(folder: str, path: str, media_type: str, made: Any, scratch: str) -> Json:
    """Goes on with the preview in a folder: a piece for each place whose text it does not show, and what all of the
    reading came to. Gives the manifest as JSON; called by name in the child process.
    """
    manifest = manifest_of(made)
    work = Work(Plan(), redact_inner, keeps_texts=True, seconds=SECONDS)
    note = _read(work, Path(path), media_type, Path(scratch))
    bench = Bench(Path(folder), begun=manifest)
    try:
        is_whole = _lay_out(bench, work.texts, _Shown(Path(folder), manifest))
    except Full:
        is_whole = False
    report = work.report
    bench.found(Inside(tuple(report.gone), tuple(report.unread), note or ("" if is_whole else TOO_MUCH)))
    return bench.finished().as_json()


def preview_here(folder: Path, path: Path, media_type: str) -> Manifest:
    """The whole preview of a file that is our own, made in this process: no limits hold."""
    made = preview_into(str(folder), str(path), media_type)
    with TemporaryDirectory() as scratch:
        manifest = manifest_of(unseen_into(str(folder), str(path), media_type, made, scratch))
    if is_heard(media_type):
        return ready_for_books(manifest, folder, heard_in(manifest, lambda part: (folder / str(part)).read_bytes()))
    return ready_for_books(manifest, folder, prepared_from(path, media_type))


def _read(work: Work, source: Path, media_type: str, scratch: Path) -> str:
    """Shows all of a file to the work; answers why not all of it could be."""
    try:
        with TemporaryDirectory(dir=scratch) as folder, writing_in(Path(folder)):
            redactor_of(media_type)(source, Path(folder) / "out", work, media_type)
    except Refused as trouble:
        return f"{NOT_READ} {trouble}"
    except Exception:
        logging.getLogger(__name__).info("A file could not be read whole.", exc_info=True)
        return NOT_READ
    return ""


def _lay_out(bench: Bench, texts: Iterable[Text], shown: "_Shown") -> bool:
    """A piece for each place, in the order in which they were come by. Whether all of it found room."""
    places: dict[str, list[Text]] = {}
    for text in texts:
        places.setdefault(text.place, []).append(text)
    left, number = MOST_CHARACTERS, 0
    for place, held in places.items():
        is_long = is_sheet(place) or sum(len(text.words) for text in held) > _LONG_PLACE
        lines = [line for text in held for line in shown.missing(text, is_long=is_long)]
        lines = list(dict.fromkeys(lines))
        if not lines:
            continue
        number += 1
        left -= sum(map(len, lines))
        if left < 0 or number > MOST_PLACES:
            return False
        blocks = tuple(Paragraph(plain(line)) for line in lines)
        bench.add(f"unseen-{number}", place, extract=Extract(blocks), is_folded=True)
    return True


class _Shown:
    """The words of a preview, to tell what stands in them already; spaces and signs make no difference."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        parts = [piece.text for piece in manifest.pieces if piece.text is not None]
        blocks = [block for part in parts for block in blocks_in((folder / str(part)).read_bytes())]
        self._lines = {_signature(line) for block in blocks for line in _lines_of(block)}
        self._whole = "\n".join(f" {line} " for line in self._lines)
        self._lines |= {_signature(piece.title) for piece in manifest.pieces}
        self._lines |= {_signature(row) for block in blocks if isinstance(block, Table) for row in _rows_of(block)}
        self._searches = _MOST_SEARCHES

    def missing(self, text: Text, *, is_long: bool) -> list[str]:
        """The lines of a text that the preview does not show. What people do not see is short as a rule, and said
        even where the same words are seen elsewhere.
        """
        lines = (line.strip() for line in text.words.splitlines())
        return [line for line in lines if line and not self._has(line, is_seen=text.is_seen, is_long=is_long)]

    def _has(self, line: str, *, is_seen: bool, is_long: bool) -> bool:
        signature = _signature(line)
        if not is_seen and says_nothing(line):
            return True
        if not is_seen and not is_long and len(signature) < _LONG_LINE:
            return False
        if signature in self._lines:
            return True
        self._searches -= 1
        return self._searches >= 0 and f" {signature} " in self._whole


def _signature(text: str) -> str:
    return " ".join(_WORD.findall(text)) or text.strip()


def _lines_of(block: Block) -> Iterable[str]:
    """Whole paragraphs and cells, and their lines."""
    match block:
        case Heading(runs=runs) | Paragraph(runs=runs) | ListItem(runs=runs) | Quote(runs=runs):
            wholes = [text_of(runs)]
        case Table(rows):
            wholes = [text_of(cell) for row in rows for cell in row]
        case _:
            wholes = [words_of([block])]
    return [part for whole in wholes for part in (whole, *whole.splitlines())]


def _rows_of(table: Table) -> Iterable[str]:
    """Each row as one text, with the number before it and without."""
    for row in table.rows:
        cells = [text_of(cell) for cell in row]
        yield from (" ".join(cells), " ".join(cells[1:]))
