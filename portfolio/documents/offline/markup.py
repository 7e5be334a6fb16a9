"""Pieces of HTML, every text of them escaped here. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape
from itertools import groupby
from urllib.parse import quote

from portfolio.documents.blocks import (
    Block,
    Card,
    CodeBlock,
    Heading,
    ListItem,
    Paragraph,
    Quote,
    Rule,
    Run,
    Table,
)
from portfolio.documents.wordbook.content import Fact, Tone
from portfolio.documents.wordbook.desk import safe_address
from portfolio.documents.wordbook.markup import short_date

_UNDER = 4
_DEEPEST = 6


def text(words: str) -> str:
    """Words as they stand between tags, with their line breaks."""
    return escape(words).replace("\n", "<br>")


def anchor(*parts: str) -> str:
    """A name to link to, the same for the same parts and for no others."""
    return "-".join("".join(sign if sign.isalnum() else f"_{ord(sign):x}_" for sign in part) for part in parts)


def link(name: str, words: str) -> str:
    """A link to a place on the page."""
    return f'<a href="#{name}">{text(words)}</a>'


def file_link(path: str, words: str) -> str:
    """A link to a file of the bundle, by its path beside the page."""
    return f'<a href="{escape(quote(path))}">{text(words)}</a>'


def toned(words: str, tone: Tone) -> str:
    """A word in its colour."""
    return f'<span class="tone {tone.value}">{text(words)}</span>' if words else ""


def day(on: date | None) -> str:
    """A day as the book writes it."""
    return text(short_date(on)) if on else "–"


def facts(rows: Iterable[Fact]) -> str:
    """Labels with their values; what is empty is left out."""
    listed = "".join(f"<dt>{text(one.label)}</dt><dd>{text(one.value)}</dd>" for one in rows if one.value)
    return f"<dl>{listed}</dl>" if listed else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]], label: str) -> Iterator[str]:
    """A table of cells that are HTML already, under headings that are words."""
    titles = "".join(f'<th scope="col">{text(one)}</th>' for one in head)
    yield f'<div class="wide" tabindex="0" role="region" aria-label="{escape(label)}"><table>'
    yield f"<thead><tr>{titles}</tr></thead><tbody>"
    for cells in rows:
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    yield "</tbody></table></div>"


def runs(of: Iterable[Run]) -> str:
    """Stretches of text in their looks."""
    return "".join(map(_run, of))


def _run(run: Run) -> str:
    said = text(run.text)
    for is_so, tag in ((run.code, "code"), (run.italic, "em"), (run.bold, "strong")):
        said = f"<{tag}>{said}</{tag}>" if is_so else said
    address = safe_address(run.link) if run.link else None
    return f'<a href="{escape(address)}" rel="noreferrer">{said}</a>' if address else said


def blocks(of: Iterable[Block]) -> Iterator[str]:
    """What somebody wrote, in HTML; headings stand under those of the item."""
    for is_list, group in groupby(of, lambda block: isinstance(block, ListItem)):
        if is_list:
            yield _list([block for block in group if isinstance(block, ListItem)])
        else:
            yield from map(_block, group)


def _block(block: Block) -> str:
    match block:
        case Heading(level, said):
            level = min(_DEEPEST, _UNDER + level)
            return f"<h{level}>{runs(said)}</h{level}>"
        case Paragraph():
            return f"<p>{runs(block.runs)}</p>"
        case Quote(said):
            return f"<blockquote><p>{runs(said)}</p></blockquote>"
        case CodeBlock(said_as_is):
            return f"<pre>{escape(said_as_is)}</pre>"
        case Rule():
            return "<hr>"
        case Table(rows):
            cells = ([runs(cell) for cell in row] for row in rows[1:])
            return (
                "".join(table(["".join(run.text for run in cell) for cell in rows[0]], cells, "Table")) if rows else ""
            )
        case Card():
            return f"<p>{text(block.name)}: {text(block.reason)}</p>"
        case _:
            return ""


def _list(items: Sequence[ListItem]) -> str:
    """Items of several levels and lists, each list opened where it begins and closed where it ends."""
    said: list[str] = []
    open_tags: list[tuple[str, int]] = []
    for item in items:
        kind = ("ol" if item.ordered else "ul", item.list_no if item.ordered else 0)
        while len(open_tags) > item.level + 1 or (len(open_tags) == item.level + 1 and open_tags[-1] != kind):
            said.append(f"</li></{open_tags.pop()[0]}>")
        if len(open_tags) == item.level + 1:
            said.append("</li>")
        while len(open_tags) < item.level + 1:
            said.append(f"<{kind[0]}>" if len(open_tags) == item.level else f"<{kind[0]}><li>")
            open_tags.append(kind)
        said.append(f"<li>{runs(item.runs)}")
    said += [f"</li></{tag}>" for tag, _no in reversed(open_tags)]
    return "".join(said)
