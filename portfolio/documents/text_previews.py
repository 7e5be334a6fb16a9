"""Plain, Markdown and rich text as one piece."""

from pathlib import Path

from striprtf.striprtf import rtf_to_text

from portfolio.documents.blocks import Extract
from portfolio.documents.markdown import to_blocks
from portfolio.documents.preview_bench import Bench
from portfolio.documents.texts import paragraphs, read_text, text_blocks
from portfolio.documents.xml_parts import Unreadable

_MAX_RTF = 5 * 1000**2
_MAX_CHARACTERS = 200_000


def text_pieces(bench: Bench, path: Path) -> None:
    """The paragraphs of a text."""
    bench.add("text", "Text", extract=_or_empty(text_blocks(path)))


def markdown_pieces(bench: Bench, path: Path) -> None:
    """The text as Markdown has it."""
    text, note = read_text(path)
    bench.add("text", "Text", extract=_or_empty(Extract(to_blocks(text), note)))


def rtf_pieces(bench: Bench, path: Path) -> None:
    """The words of a rich text, without pictures. Raises Unreadable when it is too large."""
    if path.stat().st_size > _MAX_RTF:
        message = "The text is too large to show."
        raise Unreadable(message)
    text = rtf_to_text(path.read_bytes().decode("cp1252", "replace"), errors="ignore")
    note = f"Only the first {_MAX_CHARACTERS:,} characters are shown." if len(text) > _MAX_CHARACTERS else ""
    bench.add("text", "Text", extract=_or_empty(Extract(paragraphs(text[:_MAX_CHARACTERS]), note)))


def _or_empty(extract: Extract) -> Extract:
    return extract if extract.blocks or extract.note else Extract((), "The file is empty.")
