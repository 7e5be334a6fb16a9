"""The small tree that every readable piece of evidence becomes on its way into the Word book.

A sequence of blocks, each flat: runs inside paragraphs, items inside lists by level. Heading levels start at 1 and
are relative to the piece they stand in; the book demotes them under the item's own heading.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one look; `link` is an http, https or mailto address."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` starts at 1."""

    level: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`indent` is the list level whose item this paragraph continues, 0 outside lists."""

    runs: tuple[Run, ...]
    indent: int = 0


@dataclass(frozen=True, slots=True)
class ListItem:
    """`level` starts at 0. Items of one ordered list share `list_no`; each new ordered list counts from 1 again."""

    runs: tuple[Run, ...]
    level: int = 0
    ordered: bool = False
    list_no: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """A paragraph that quotes somebody."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Text whose lines and spaces stay as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line between two parts of a text."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells of runs; the first row is the head and repeats on each page. Rows may be ragged."""

    rows: tuple[tuple[tuple[Run, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG or JPEG without metadata, already fitted to the page; sizes in EMU (914,400 to the inch)."""

    data: bytes
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Card:
    """Stands for a file that the book names but does not show; `seconds` is how long a recording takes, else 0."""

    name: str
    media_type: str
    size: int
    sha256: str
    reason: str
    seconds: float = 0.0


Block = Heading | Paragraph | ListItem | Quote | CodeBlock | Rule | Table | Picture | Card


@dataclass(frozen=True, slots=True)
class Extract:
    """What could be shown of a file, and one sentence about what could not (empty when all of it is there)."""

    blocks: tuple[Block, ...]
    note: str = ""


def plain(text: str) -> tuple[Run, ...]:
    """The text as one run without any look, or no run at all."""
    return (Run(text),) if text else ()


def text_of(runs: Iterable[Run]) -> str:
    return "".join([run.text for run in runs])


def without_frame(table: Table) -> Table:
    """A sheet's table without the letters over its columns and the numbers before its rows."""
    return Table(tuple(row[1:] for row in table.rows[1:]))


def merged(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The same text with neighbouring runs of one look joined and empty ones left out."""
    result: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        last = result[-1] if result else None
        if last and (last.bold, last.italic, last.code, last.link) == (run.bold, run.italic, run.code, run.link):
            result[-1] = Run(last.text + run.text, run.bold, run.italic, run.code, run.link)
        else:
            result.append(run)
    return tuple(result)
