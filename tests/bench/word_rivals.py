"""The other ways to write the same book: bare strings with deflate (the floor), python-docx with care and cell by cell,
and, in an environment of their own, docxtpl and pandoc.

All get the content of a book that our writer made, read beforehand, and give back a book with the same content: the
words with their looks, tables, links, bookmarks and pictures. How pages lie and what a style looks like is ours alone.
"""

import hashlib
import html
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from lxml import etree

from tests.bench.books import pieces

_BODY = "word/document.xml"
_HUGE = etree.XMLParser(huge_tree=True)
_STYLES = {
    "Title": "Title",
    **{f"Heading{level}": f"Heading {level}" for level in range(1, 7)},
    "ListBullet": "List Bullet",
    "ListNumber": "List Number",
    "Quote": "Quote",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run with its look, and where it leads: to a bookmark, or out of the book."""

    text: str
    anchor: str
    address: str
    bold: bool
    italic: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: its style, its runs, its own bookmarks and its picture."""

    style: str
    pieces: tuple[Piece, ...]
    marks: tuple[str, ...]
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


def given(data: bytes, *, has_nodes: bool = True) -> Given:
    """What the rivals are handed; the floor needs no nodes."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        xml = package.read(_BODY)
        parts = tuple((name, package.read(name)) for name in package.namelist() if name != _BODY)
    strings = tuple((markup, html.unescape(text)) for markup, text in pieces(xml.decode()))
    targets = _targets(dict(parts)["word/_rels/document.xml.rels"])
    nodes = tuple(_nodes(etree.fromstring(xml, _HUGE)[0], targets)) if has_nodes else ()
    return Given(strings, parts, nodes)


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
    """python-docx by the book, without its known traps: rows are iterated, styles and links looked up once."""
    Careful(content).write(target)


def write_cell_by_cell(target: BinaryIO, content: Given) -> None:
    """python-docx as its first examples show it: `table.cell(row, column)` for each, styles by their names."""
    CellByCell(content).write(target)


class Careful:
    """One book by python-docx."""

    def __init__(self, content: Given) -> None:
        self.content = content
        self.document = docx.Document()
        self.media = {
            name.removeprefix("word/"): data for name, data in content.parts if name.startswith("word/media/")
        }
        self._styles = {key: self.document.styles[name] for key, name in _STYLES.items()}
        self._addresses: dict[str, str] = {}

    def write(self, target: BinaryIO) -> None:
        """All nodes in turn."""
        for node in self.content.nodes:
            if isinstance(node, Line):
                paragraph = self.document.add_paragraph()
                self.styled(paragraph, node.style)
                self.fill(paragraph, node)
            else:
                self.table(node)
        self.document.save(target)

    def styled(self, paragraph: Paragraph, style: str) -> None:
        """Give it the style of that name, where python-docx has one."""
        if style in self._styles:
            paragraph.style = self._styles[style]

    def table(self, grid: Grid) -> None:
        """A table, row by row."""
        table: Table = self.document.add_table(rows=len(grid.rows), cols=grid.columns)
        for row, cells in zip(table.rows, grid.rows, strict=True):
            ready = row.cells
            at = 0
            for columns, lines in cells:
                cell = ready[at]
                if columns > 1:
                    cell = cell.merge(ready[at + columns - 1])
                at += columns
                self.fill_cell(cell, lines)

    def fill_cell(self, cell: _Cell, lines: tuple[Line, ...]) -> None:
        """The first line goes where a new cell has one."""
        for number, line in enumerate(lines):
            self.fill(cell.paragraphs[0] if number == 0 else cell.add_paragraph(), line)

    def fill(self, paragraph: Paragraph, line: Line) -> None:
        """Bookmarks, runs and the picture."""
        element: etree._Element = paragraph._p
        for name in line.marks:
            for kind in ("w:bookmarkStart", "w:bookmarkEnd"):
                mark = OxmlElement(kind)
                mark.set(qn("w:id"), str(number_of(name)))
                if kind == "w:bookmarkStart":
                    mark.set(qn("w:name"), name)
                element.append(mark)
        for piece in line.pieces:
            run = paragraph.add_run(piece.text)
            if piece.bold:
                run.bold = True
            if piece.italic:
                run.italic = True
            if piece.anchor or piece.address:
                link = OxmlElement("w:hyperlink")
                if piece.anchor:
                    link.set(qn("w:anchor"), piece.anchor)
                else:
                    link.set(qn("r:id"), self.relation(piece.address))
                link.append(run._r)
                element.append(link)
        if line.picture:
            name, width, height = line.picture
            paragraph.add_run().add_picture(io.BytesIO(self.media[name]), Emu(width), Emu(height))

    def relation(self, address: str) -> str:
        """What a link out of the book is called."""
        if address not in self._addresses:
            self._addresses[address] = self.document.part.relate_to(address, RT.HYPERLINK, is_external=True)
        return self._addresses[address]


class CellByCell(Careful):
    """One book by python-docx, without care."""

    def styled(self, paragraph: Paragraph, style: str) -> None:
        if style in _STYLES:
            paragraph.style = _STYLES[style]

    def table(self, grid: Grid) -> None:
        table: Table = self.document.add_table(rows=len(grid.rows), cols=grid.columns)
        for number, cells in enumerate(grid.rows):
            at = 0
            for columns, lines in cells:
                cell = table.cell(number, at)
                if columns > 1:
                    cell = cell.merge(table.cell(number, at + columns - 1))
                at += columns
                self.fill_cell(cell, lines)

    def relation(self, address: str) -> str:
        return self.document.part.relate_to(address, RT.HYPERLINK, is_external=True)


def laid_out(content: Given, folder: Path) -> tuple[Path, Path]:
    """What the rivals in an environment of their own are handed: the nodes as JSON, and a folder of pictures."""
    nodes, media = folder / "content.json", folder / "pictures"
    (media / "media").mkdir(parents=True)
    for name, data in content.parts:
        if name.startswith("word/media/"):
            (media / name.removeprefix("word/")).write_bytes(data)
    told = [_told(node) if isinstance(node, Line) else _told_grid(node) for node in content.nodes]
    nodes.write_text(json.dumps(told), encoding="utf-8")
    return nodes, media


def _told(line: Line) -> dict[str, object]:
    marks = [{"name": name, "number": number_of(name)} for name in line.marks]
    return {**asdict(line), "style": line.style or "Normal", "marks": marks}


def _told_grid(grid: Grid) -> dict[str, object]:
    rows = [
        [{"columns": columns, "lines": [_told(line) for line in lines]} for columns, lines in cells]
        for cells in grid.rows
    ]
    return {"columns": grid.columns, "rows": rows}


def number_of(name: str) -> int:
    """A number for a bookmark."""
    return zlib.crc32(name.encode()) & 0x3FFFFFFF


def shape(data: bytes) -> dict[str, object]:
    """What two books must have in common to hold the same."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = etree.fromstring(package.read(_BODY), _HUGE)
        targets = _targets(package.read("word/_rels/document.xml.rels"))
        shown = {targets[str(blip.get(qn("r:embed")))] for blip in root.iter(qn("a:blip"))}
        pictures = sorted({hashlib.sha256(package.read(f"word/{name}")).hexdigest() for name in shown})
    text = "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in root.iter(qn("w:p")))
    counted = {
        name: sum(1 for _ in root.iter(qn(f"w:{name}"))) for name in ("tbl", "tr", "tc", "drawing", "bookmarkStart")
    }
    led = [link.get(qn("w:anchor")) or targets[str(link.get(qn("r:id")))] for link in root.iter(qn("w:hyperlink"))]
    visible = "\n".join(line for line in text.split("\n") if line)
    return {
        **counted,
        "links": hashlib.sha256("\n".join(sorted(led)).encode()).hexdigest(),
        "pictures": pictures,
        "text": hashlib.sha256(visible.encode()).hexdigest(),
    }


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
    marks = [mark.get(qn("w:name"), "") for mark in element.iter(qn("w:bookmarkStart"))]
    picture = None
    for blip in element.iter(qn("a:blip")):
        extent = next(element.iter(qn("wp:extent")))
        picture = (targets[blip.get(qn("r:embed"), "")], int(extent.get("cx", "1")), int(extent.get("cy", "1")))
    return Line(
        "" if style is None else style.get(qn("w:val"), ""),
        tuple(_piece(text, targets) for text in element.iter(qn("w:t"))),
        tuple(marks),
        picture,
    )


def _piece(text: etree._Element, targets: dict[str, str]) -> Piece:
    run = text.getparent()
    assert run is not None
    link = next(text.iterancestors(qn("w:hyperlink")), None)
    anchor = "" if link is None else link.get(qn("w:anchor"), "")
    key = "" if link is None else link.get(qn("r:id"), "")
    look = qn("w:rPr")
    return Piece(
        text.text or "",
        anchor,
        targets[key] if key else "",
        run.find(f"{look}/{qn('w:b')}") is not None,
        run.find(f"{look}/{qn('w:i')}") is not None,
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
