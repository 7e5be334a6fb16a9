"""The other ways to write the same book: bare strings with deflate (the floor) and python-docx used with care.

Both get the content of a book that our writer made, read beforehand, and give back a book with the same content.
"""

import hashlib
import html
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from tests.bench.books import pieces

_BODY = "word/document.xml"
_STYLES = {"Heading1": "Heading 1", "Heading2": "Heading 2", "Heading3": "Heading 3", "Title": "Title"}


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: its style, its runs with the bookmark each leads to, its own bookmark and picture."""

    style: str
    runs: tuple[tuple[str, str], ...]
    bookmark: str
    picture: tuple[str, int, int] | None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of cells, a cell being its width in columns and its lines."""

    columns: int
    rows: tuple[tuple[tuple[int, tuple[Line, ...]], ...], ...]


@dataclass(frozen=True, slots=True)
class Given:
    """The content of a finished book."""

    strings: tuple[tuple[str, str], ...]
    parts: tuple[tuple[str, bytes], ...]
    nodes: tuple[Line | Grid, ...]


def given(data: bytes) -> Given:
    """What the rivals are handed."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        xml = package.read(_BODY)
        parts = tuple((name, package.read(name)) for name in package.namelist() if name != _BODY)
    strings = tuple((markup, html.unescape(text)) for markup, text in pieces(xml.decode()))
    targets = _targets(dict(parts)["word/_rels/document.xml.rels"])
    body = etree.fromstring(xml)[0]
    return Given(strings, parts, tuple(_nodes(body, targets)))


def write_strings(target: BinaryIO, content: Given) -> None:
    """The floor: the same XML put together from strings, deflated at level 6; pictures stored."""
    body: list[str] = []
    for markup, text in content.strings:
        body.append(markup)
        body.append(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        package.writestr(_BODY, "".join(body).encode())
        for name, data in content.parts:
            stored = name.startswith("word/media/")
            package.writestr(name, data, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)


def write_python_docx(target: BinaryIO, content: Given) -> None:
    """python-docx by the book, without its known traps: rows are iterated, styles looked up once."""
    document = docx.Document()
    styles = {key: document.styles[name] for key, name in _STYLES.items()}
    media = {name.removeprefix("word/"): data for name, data in content.parts if name.startswith("word/media/")}
    for node in content.nodes:
        if isinstance(node, Line):
            paragraph = document.add_paragraph()
            if node.style in styles:
                paragraph.style = styles[node.style]
            _fill(paragraph, node, media)
        else:
            _table(document, node, media)
    document.save(target)


def shape(data: bytes) -> dict[str, object]:
    """What two books must have in common to hold the same."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = etree.fromstring(package.read(_BODY))
    text = "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in root.iter(qn("w:p")))
    counted = {
        name: sum(1 for _ in root.iter(qn(f"w:{name}"))) for name in ("tbl", "tr", "tc", "drawing", "bookmarkStart")
    }
    links = sum(1 for link in root.iter(qn("w:hyperlink")) if link.get(qn("w:anchor")))
    visible = "\n".join(line for line in text.split("\n") if line)
    return {**counted, "links": links, "text": hashlib.sha256(visible.encode()).hexdigest()}


def _targets(relationships: bytes) -> dict[str, str]:
    return {element.get("Id", ""): element.get("Target", "") for element in etree.fromstring(relationships)}


def _nodes(body: etree._Element, targets: dict[str, str]) -> Iterator[Line | Grid]:
    for element in body:
        if element.tag == qn("w:p"):
            yield _line(element, targets)
        elif element.tag == qn("w:tbl"):
            yield _grid(element, targets)
        elif element.tag == qn("w:sdt"):
            content = element.find(qn("w:sdtContent"))
            if content is not None:
                yield from _nodes(content, targets)


def _line(element: etree._Element, targets: dict[str, str]) -> Line:
    style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    mark = element.find(qn("w:bookmarkStart"))
    runs = []
    for text in element.iter(qn("w:t")):
        anchor = next((a.get(qn("w:anchor"), "") for a in text.iterancestors(qn("w:hyperlink"))), "")
        runs.append((text.text or "", anchor))
    picture = None
    for blip in element.iter(qn("a:blip")):
        extent = next(element.iter(qn("wp:extent")))
        picture = (targets[blip.get(qn("r:embed"), "")], int(extent.get("cx", "1")), int(extent.get("cy", "1")))
    return Line(
        "" if style is None else style.get(qn("w:val"), ""),
        tuple(runs),
        "" if mark is None else mark.get(qn("w:name"), ""),
        picture,
    )


def _grid(element: etree._Element, targets: dict[str, str]) -> Grid:
    rows = []
    for row in element.iter(qn("w:tr")):
        cells = []
        for cell in row.iter(qn("w:tc")):
            span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
            columns = 1 if span is None else int(span.get(qn("w:val"), "1"))
            cells.append((columns, tuple(_line(p, targets) for p in cell.iter(qn("w:p")))))
        rows.append(tuple(cells))
    return Grid(len(list(element.iter(qn("w:gridCol")))), tuple(rows))


def _table(document: Document, grid: Grid, media: dict[str, bytes]) -> None:
    table: Table = document.add_table(rows=len(grid.rows), cols=grid.columns)
    for row, cells in zip(table.rows, grid.rows, strict=True):
        ready = row.cells
        at = 0
        for columns, lines in cells:
            cell = ready[at]
            if columns > 1:
                cell = cell.merge(ready[at + columns - 1])
            at += columns
            for number, line in enumerate(lines):
                paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
                _fill(paragraph, line, media)


def _fill(paragraph: Paragraph, line: Line, media: dict[str, bytes]) -> None:
    element: etree._Element = paragraph._p
    if line.bookmark:
        start = OxmlElement("w:bookmarkStart")
        start.set(qn("w:id"), str(abs(hash(line.bookmark)) % 2**31))
        start.set(qn("w:name"), line.bookmark)
        element.append(start)
    for text, anchor in line.runs:
        run = paragraph.add_run(text)
        if anchor:
            link = OxmlElement("w:hyperlink")
            link.set(qn("w:anchor"), anchor)
            link.append(run._r)
            element.append(link)
    if line.picture:
        name, width, height = line.picture
        paragraph.add_run().add_picture(io.BytesIO(media[name]), Emu(width), Emu(height))
