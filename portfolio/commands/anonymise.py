"""Finding personal data in files and in lines of JSON; no installation is needed."""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from portfolio.anonymise.detect import detect
from portfolio.anonymise.findings import LABEL_WORDS, Finding
from portfolio.documents.plain_words import words_of
from portfolio.documents.preview import blocks_in
from portfolio.documents.preview_maker import READERS
from portfolio.documents.sandbox import Previewer
from portfolio.documents.sniff import inspect
from portfolio.documents.texts import decoded
from portfolio.errors import DomainError, Rejected

_WHOLE = ("text/plain", "text/markdown", "text/csv")
"""Kinds whose own bytes are the text, so that all of it is read."""
_WIDEST = 60
_HEADINGS = ("File", "Where", "What", "Found", "Why")


def scan(arguments: argparse.Namespace) -> int:
    """Print what is found in files, and answer 1 when anything is; or read lines of JSON and write lines of JSON."""
    if bool(arguments.lines_in) != bool(arguments.lines_out) or bool(arguments.lines_in) == bool(arguments.files):
        raise Rejected("Give files to scan, or --in and --out together.")
    if arguments.files:
        return _scan_files(arguments.files)
    return _scan_lines(arguments.lines_in, arguments.lines_out)


def _scan_lines(source: Path, target: Path) -> int:
    made = target.with_name(f".{target.name}.part")
    try:
        with source.open(encoding="utf-8") as lines, made.open("w", encoding="utf-8") as out:
            _write_lines(lines, out, source)
        made.replace(target)
    except (OSError, UnicodeDecodeError) as error:
        raise Rejected(f"{source} cannot be read, or {target} not be written.") from error
    finally:
        made.unlink(missing_ok=True)
    return 0


def _write_lines(lines: Iterable[str], out: TextIO, source: Path) -> None:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            document = json.loads(line)
            name, text = document["id"], document["text"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Rejected(f"{source}, line {number}: a line is a JSON object with “id” and “text”.") from error
        if not isinstance(text, str):
            raise Rejected(f"{source}, line {number}: “text” is not text.")
        spans = [
            {"start": one.start, "end": one.end, "label": one.label.value, "entity_id": one.entity}
            for one in detect(text)
        ]
        out.write(json.dumps({"id": name, "spans": spans}, ensure_ascii=False) + "\n")


def _scan_files(paths: Iterable[Path]) -> int:
    rows: list[tuple[str, ...]] = []
    unread = files = 0
    for path in paths:
        files += 1
        try:
            for where, text in _texts(path):
                rows += [_row(path, where, text, one) for one in detect(text)]
        except (DomainError, OSError) as error:
            said = error.message if isinstance(error, DomainError) else "The file cannot be opened."
            sys.stderr.write(f"{path}: {said}\n")
            unread += 1
    if rows:
        _print_table([_HEADINGS, *rows])
    told = f"{len(rows)} finding{'' if len(rows) == 1 else 's'} in {files} file{'' if files == 1 else 's'}"
    print(f"{told}; {unread} could not be read" if unread else told)
    return 1 if rows or unread else 0


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    """Each piece of a file that has words, with its title. Raises Rejected when they cannot be had."""
    media_type = kind_of(path)
    if media_type in _WHOLE:
        yield "", decoded(path.read_bytes())
        return
    if media_type not in READERS:
        raise Rejected("There is no text in this kind of file that can be read. Look through it yourself.")
    with tempfile.TemporaryDirectory(prefix="portfolio-scan-") as folder:
        manifest = Previewer()(path, media_type, Path(folder))
        pieces = [piece for piece in manifest.pieces if piece.text is not None]
        if not pieces:
            raise Rejected("No text could be read in this file. Look through it yourself.")
        for piece in pieces:
            yield piece.title, words_of(blocks_in((Path(folder) / str(piece.text)).read_bytes()))
        inside = manifest.inside
        if inside is None or inside.note or inside.unread:
            raise Rejected("Not all of this file could be read. Look through the rest yourself.")


def kind_of(path: Path) -> str:
    """The media type; anything that is text all through counts as plain text, whatever its name ends in."""
    try:
        return inspect(path, path.name).media_type
    except Rejected:
        data = path.read_bytes()
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = "\0"
        if not text or "\0" in text:
            raise
        return "text/plain"


def _row(path: Path, where: str, text: str, one: Finding) -> tuple[str, ...]:
    line = f"line {text.count(chr(10), 0, one.start) + 1}"
    return (
        path.name,
        f"{where}, {line}" if where else line,
        LABEL_WORDS[one.label],
        _fitted(" ".join(text[one.start : one.end].split())),
        one.reason,
    )


def _fitted(said: str) -> str:
    plain = "".join(sign if sign.isprintable() else "?" for sign in said)
    return plain if len(plain) <= _WIDEST else f"{plain[: _WIDEST - 1]}…"


def _print_table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
