"""A Word file as blocks: paragraphs, headings, lists, simple tables and pictures, with tracked changes accepted.

What the book cannot place (drawings, footnotes, comments, text boxes) is counted and said.
"""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from lxml import etree

from portfolio.documents.blocks import Block, Extract, Heading, ListItem, Paragraph, Picture, Run, Table, merged
from portfolio.documents.office_parts import main_part, pictures_of, relationships
from portfolio.documents.pictures import fitted
from portfolio.documents.word_styles import WordStyles
from portfolio.documents.xml_parts import Unreadable, parse, part

MAX_PICTURES = 60
_MAX_PART = 20 * 1000**2
_MAX_SIDE = 10**9
_MAX_BLOCKS = 4000
_MAX_CHARACTERS = 300_000
_MAX_COLUMNS = 40
_MAX_ROWS = 500
_SCHEMES = ("http://", "https://", "mailto:")
_SKIPPED = {
    *("pPr", "rPr", "del", "moveFrom", "Fallback", "txbxContent", "instrText", "delText", "sdtPr", "sdtEndPr"),
    *("tblPr", "tblGrid", "trPr", "tcPr", "hyperlinkPr", "fldChar", "fldData"),
}
_PICTURES = {"drawing", "pict", "object"}
_NOTES = {"footnoteReference", "endnoteReference", "commentReference"}
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": ""}


Show = Callable[[bytes], Picture | None]
"""A picture that stands in the text, made fit for a page; None when it cannot be."""


def word_blocks(path: Path, *, show: Show | None = None) -> Extract:
    """The text, and with `show` its pictures where they stand; without, they are not spoken of.

    Raises Unreadable, or what zipfile and lxml raise, when the file is not a sound Word file.
    """
    with zipfile.ZipFile(path) as package:
        main = main_part(package, "word/document.xml")
        data = part(package, main, _MAX_PART)
        if data is None:
            message = "It has no text part."
            raise Unreadable(message)
        folder = main.rpartition("/")[0]
        links = _links(package, main)
        styles = WordStyles(
            part(package, f"{folder}/styles.xml", _MAX_PART), part(package, f"{folder}/numbering.xml", _MAX_PART)
        )
        return _Reader(links, styles, partial(_picture, package, main, show) if show else None).read(parse(data))


def _picture(package: zipfile.ZipFile, main: str, show: Show, drawing: etree._Element) -> list[Picture]:
    """The pictures of a drawing that can be shown; one alone is as large as the drawing."""
    try:
        found = [picture for data in pictures_of(package, main, drawing) if (picture := show(data)) is not None]
    except Unreadable:
        return []
    sizes = [(_attribute(one, "cx"), _attribute(one, "cy")) for one in drawing.iter("{*}extent")]
    if len(found) == len(sizes) == 1 and all(size.isdecimal() and 0 < int(size) < _MAX_SIDE for size in sizes[0]):
        width, height = fitted(int(sizes[0][0]), int(sizes[0][1]))
        return [replace(found[0], width=width, height=height)]
    return found


def _links(package: zipfile.ZipFile, main: str) -> dict[str, str]:
    return {
        found.id: found.target
        for found in relationships(package, main)
        if found.kind == "hyperlink" and found.target.lower().startswith(_SCHEMES)
    }


class _Reader:
    """Walks the body without recursion, so that depth costs nothing."""

    def __init__(
        self, links: dict[str, str], styles: WordStyles, shown: Callable[[etree._Element], list[Picture]] | None
    ) -> None:
        self._links = links
        self._shown = shown
        self._styles = styles
        self._beside: list[Picture] = []
        self._pictures = 0
        self._notes = 0
        self._characters = 0
        self._blocks: list[Block] = []

    def read(self, root: etree._Element) -> Extract:
        body = next((element for element in root if _name(element) == "body"), None)
        if body is None:
            message = "It has no text part."
            raise Unreadable(message)
        cut = False
        for element in _block_elements(body):
            if len(self._blocks) >= _MAX_BLOCKS or self._characters >= _MAX_CHARACTERS:
                cut = True
                break
            block = self._table(element) if _name(element) == "tbl" else self._paragraph(element)
            if block is not None:
                self._blocks.append(block)
            self._blocks += self._beside
            self._beside.clear()
        return Extract(tuple(self._blocks), self._note(cut=cut))

    def _note(self, *, cut: bool) -> str:
        left_out = [
            _counted(number, *words)
            for number, words in (
                (self._pictures, ("picture or drawing", "pictures or drawings")),
                (self._notes, ("note or comment", "notes or comments")),
            )
            if number
        ]
        notes = ["Only the first part of the file is shown."] if cut else []
        notes += [f"Not shown here: {', '.join(left_out)}."] if left_out else []
        return " ".join(notes)

    def _paragraph(self, element: etree._Element) -> Block | None:
        runs = merged(self._runs(element))
        if not any(run.text.strip() for run in runs):
            return None
        level, listed = self._styles.of(element)
        if level:
            return Heading(level, runs)
        if listed:
            return ListItem(runs, listed.level, listed.ordered, listed.list_no)
        return Paragraph(runs)

    def _table(self, element: etree._Element) -> Block | None:
        rows: list[tuple[tuple[Run, ...], ...]] = []
        for row in _within(element, "tr"):
            if len(rows) >= _MAX_ROWS or self._characters >= _MAX_CHARACTERS:
                break
            cells: list[tuple[Run, ...]] = []
            for cell in _within(row, "tc"):
                cells.append(self._cell(cell))
                cells += [()] * min(_spanned(cell) - 1, _MAX_COLUMNS)
            rows.append(tuple(cells[:_MAX_COLUMNS]))
        return Table(tuple(rows)) if any(any(cells) for cells in rows) else None

    def _cell(self, cell: etree._Element) -> tuple[Run, ...]:
        runs: list[Run] = []
        for paragraph in _elements(cell, "p"):
            found = merged(self._runs(paragraph))
            if found:
                runs += [Run("\n"), *found] if runs else found
        return merged(runs)

    def _runs(self, paragraph: etree._Element) -> Iterator[Run]:
        """The runs of a paragraph, those of links, fields and insertions among them."""
        stack: list[tuple[etree._Element, str | None]] = [(child, None) for child in reversed(paragraph)]
        while stack:
            element, link = stack.pop()
            name = _name(element)
            if name in _PICTURES:
                self._drawn(element)
            elif name == "r":
                yield from self._run(element, link)
            elif name and name not in _SKIPPED:
                if name == "hyperlink":
                    link = self._links.get(_attribute(element, "id"), link)
                stack += [(child, link) for child in reversed(element)]

    def _run(self, element: etree._Element, link: str | None) -> Iterator[Run]:
        bold, italic = _looks(element)
        for child in element:
            name = _name(child)
            text = child.text or "" if name == "t" else _MARKS.get(name, "")
            if text:
                self._characters += len(text)
                yield Run(text, bold, italic, link=link)
            elif name in _PICTURES or name == "AlternateContent":
                self._drawn(child)
            elif name in _NOTES:
                self._notes += 1

    def _drawn(self, element: etree._Element) -> None:
        """A drawing: its pictures follow the paragraph or table that it stands in."""
        if self._shown is None:
            return
        found = self._shown(element) if len(self._beside) < MAX_PICTURES else []
        self._beside += found
        self._pictures += not found


def _name(element: etree._Element) -> str:
    """The name without its namespace; empty for what is not an element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _attribute(element: etree._Element, name: str) -> str:
    """An attribute by its local name: files of the strict kind use other namespaces."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


def _block_elements(body: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables of the body, through content controls and the like."""
    stack = list(reversed(body))
    while stack:
        element = stack.pop()
        name = _name(element)
        if name in {"p", "tbl"}:
            yield element
        elif name in {"sdt", "sdtContent", "customXml", "ins", "moveTo"}:
            stack += reversed(element)


def _within(parent: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, through content controls, but not those of tables inside."""
    stack = list(reversed(parent))
    while stack:
        element = stack.pop()
        name = _name(element)
        if name == wanted:
            yield element
        elif name in {"sdt", "sdtContent", "customXml", "ins"}:
            stack += reversed(element)


def _elements(parent: etree._Element, wanted: str) -> Iterator[etree._Element]:
    return (element for element in parent.iter(etree.Element) if _name(element) == wanted)


def _looks(run: etree._Element) -> tuple[bool, bool]:
    properties = next((child for child in run if _name(child) == "rPr"), None)
    if properties is None:
        return False, False
    said = {_name(child): _attribute(child, "val") not in {"0", "false", "off"} for child in properties}
    return said.get("b", False), said.get("i", False)


def _spanned(cell: etree._Element) -> int:
    for properties in cell:
        if _name(properties) == "tcPr":
            for child in properties:
                if _name(child) == "gridSpan":
                    value = _attribute(child, "val")
                    return int(value) if value.isdecimal() and len(value) < 4 else 1
    return 1


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
