"""Plain text and comma-separated tables as blocks."""

import csv
import re
from pathlib import Path

from portfolio.documents.blocks import Block, Extract, Paragraph, Run, Table, plain

_MAX_BYTES = 5 * 1000**2
_MAX_CHARACTERS = 200_000
MAX_ROWS = 200
MAX_COLUMNS = 30
_MAX_CELL = 500
_SEPARATORS = ",;\t|"
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")


def decoded(data: bytes) -> str:
    """Text of bytes: by their mark, else UTF-8, else as Windows writes it; line ends become \\n."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            text = data.decode(encoding, "replace")
            break
    else:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_text(path: Path) -> tuple[str, str]:
    """The text of a file as far as the book shows it, and a note when it goes on."""
    with path.open("rb") as source:
        data = source.read(_MAX_BYTES + 1)
    text = decoded(data)
    if len(data) > _MAX_BYTES or len(text) > _MAX_CHARACTERS:
        return text[:_MAX_CHARACTERS], f"Only the first {_MAX_CHARACTERS:,} characters are shown."
    return text, ""


def paragraphs(text: str) -> tuple[Block, ...]:
    """Blank lines part paragraphs; other line breaks stay."""
    return tuple(Paragraph(plain(part.strip("\n"))) for part in _BLANK_LINES.split(text) if part.strip())


def text_blocks(path: Path) -> Extract:
    text, note = read_text(path)
    return Extract(paragraphs(text), note)


def guessed_separator(text: str) -> str:
    """What parts the values: the likely mark that stands most often in the first line."""
    return max(_SEPARATORS, key=text.partition("\n")[0].count)


def table_blocks(path: Path) -> Extract:
    """The first rows and columns of a .csv as a table; says when there is more."""
    text, note = read_text(path)
    reader = csv.reader(text.split("\n"), delimiter=guessed_separator(text))
    rows: list[tuple[tuple[Run, ...], ...]] = []
    total = widest = 0
    for row in reader:
        if not row:
            continue
        total += 1
        widest = max(widest, len(row))
        if total <= MAX_ROWS:
            rows.append(tuple(plain(value[:_MAX_CELL]) for value in row[:MAX_COLUMNS]))
    notes = [note] if note else []
    if total > MAX_ROWS:
        notes.append(f"The first {MAX_ROWS} of {total:,} rows are shown.")
    if widest > MAX_COLUMNS:
        notes.append(f"The first {MAX_COLUMNS} of {widest:,} columns are shown.")
    return Extract((Table(tuple(rows)),) if rows else (), " ".join(notes))
