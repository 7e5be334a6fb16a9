"""The cells of a workbook, the texts that they share, and what stands over and under a printed sheet.

A cell whose words go says the stand-in; its formula stays where it cannot bring the words back.
"""

import re
from collections.abc import Iterator

from lxml import etree

from portfolio.documents.redaction.matching import Match
from portfolio.documents.redaction.office_books import Book, Sheet
from portfolio.documents.redaction.office_formulas import Formulas, can_make_words
from portfolio.documents.redaction.office_numbers import day_said, said
from portfolio.documents.redaction.office_package import Package, local, remove
from portfolio.documents.redaction.office_text import SPACE, Piece, apply, run_lines, spread
from portfolio.documents.redaction.work import Work

_NOWHERE = ("Texts in no cell", False)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CODE = re.compile(r"(&(?:[LCRPNDTFAGBIUESXYZO&]|\"[^\"]*\"|K(?:[0-9A-Fa-f]{6}|\d\d[+-]\d{3})|\d{1,3}))")
_PRINTED = {"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"}
_PARTS = {"&L", "&C", "&R"}


def cells(work: Work, package: Package, book: Book, formulas: Formulas) -> set[etree._Element]:
    """Answers the elements whose words were seen to."""
    done = book.done
    main = package.main
    shared = next((one.root for one in package.related(main, "sharedStrings")), None) if main else None
    texts = _shared(work, book, shared, done)
    for part, root in package.xml():
        if part.kind == "comments":
            place, is_seen = book.place_of(part) or ("Comments", False)
            for line in run_lines(root, ("text",), seen=done):
                _unescape(line.pieces)
                apply(line.pieces, work.find(line.text, place, is_seen=is_seen))
    for sheet in book.sheets:
        _Cells(work, book, formulas, sheet, texts).go(done)
    return done


def _shared(work: Work, book: Book, root: etree._Element | None, done: set[etree._Element]) -> list[str]:
    """The texts that cells share, as they are from now on."""
    if root is None:
        return []
    used: dict[int, tuple[str, bool]] = {}
    for sheet in book.sheets:
        hidden = _Hidden(sheet)
        for cell in sheet.part.root.iter("{*}c") if sheet.part.root is not None else ():
            if cell.get("t") == "s" and (index := _index(cell)) >= 0:
                is_seen = sheet.is_seen and not hidden.has(cell)
                if index not in used or (is_seen and not used[index][1]):
                    used[index] = (sheet.called, is_seen)
    texts = []
    for index, line in enumerate(run_lines(root, ("si",), seen=done)):
        _unescape(line.pieces)
        place, is_seen = used.get(index, _NOWHERE)
        found = work.find(line.text, place, is_seen=is_seen)
        apply(line.pieces, found)
        if found and line.pieces:
            for aloud in list(line.pieces[0].element.iterancestors("{*}si"))[:1]:
                for one in [child for child in aloud if local(child) in {"rPh", "phoneticPr"}]:
                    remove(one)
        texts.append("".join(piece.element.text or "" for piece in line.pieces))
    return texts


class _Hidden:
    """Which rows and columns of a sheet are folded away."""

    def __init__(self, sheet: Sheet) -> None:
        self._columns: list[tuple[int, int]] = []
        for column in sheet.part.root.iter("{*}col") if sheet.part.root is not None else ():
            if column.get("hidden") in {"1", "true"}:
                self._columns.append((_whole(column.get("min")), _whole(column.get("max"))))

    def has(self, cell: etree._Element) -> bool:
        row = cell.getparent()
        if row is not None and row.get("hidden") in {"1", "true"}:
            return True
        if not self._columns:
            return False
        number = 0
        for sign in cell.get("r", "").rstrip("0123456789"):
            number = number * 26 + ord(sign) - 64
        return any(first <= number <= last for first, last in self._columns)


class _Cells:
    """One sheet at work."""

    def __init__(self, work: Work, book: Book, formulas: Formulas, sheet: Sheet, texts: list[str]) -> None:
        self._work, self._book, self._formulas, self._sheet, self._texts = work, book, formulas, sheet, texts
        self._hidden = _Hidden(sheet)
        self._shown: set[str] = set()
        self._masters: dict[str, str] = {}
        self._lost: set[str] = set()

    def go(self, done: set[etree._Element]) -> None:
        root = self._sheet.part.root
        if root is None:
            return
        for row in root.iter("{*}row"):
            cells = [one for one in row if local(one) == "c"]
            for cell in cells:
                done.update(cell.iter("{*}v", "{*}f", "{*}t"))
                self._cell(cell)
                done.update(cell.iter("{*}t"))
            if not self._work.only_reads:
                self._over_cells(cells, done)
        for formula in list(root.iter("{*}f")):
            if formula.get("t") == "shared" and formula.get("si", "") in self._lost:
                _give_up(formula)
        for element in root.iter(etree.Element):
            if local(element) in _PRINTED and element.text:
                self._printed(element)
                done.add(element)

    def _cell(self, cell: etree._Element) -> None:
        kind = cell.get("t", "n")
        is_seen = self._sheet.is_seen and not self._hidden.has(cell)
        heading = self._book.headings.get((self._sheet.part.name, cell.get("r", "")))
        formula, value = cell.find("{*}f"), cell.find("{*}v")
        new: str | None = None
        if heading is not None:
            _say(cell, heading)
        elif kind == "inlineStr":
            for line in run_lines(cell, ("is",), seen=set()):
                _unescape(line.pieces)
                apply(line.pieces, self._work.find(line.text, self._sheet.called, is_seen=is_seen))
        elif value is not None and value.text and kind in {"n", "d"}:
            readings = day_said(value.text) if kind == "d" else self._readings(cell, value.text)
            new = said(self._work, readings, self._sheet.called, is_seen=is_seen, shown=self._shown)
        elif value is not None and value.text and kind == "str":
            text = _plain(value.text)
            told = self._work.words(text, self._sheet.called, is_seen=is_seen)
            new = told if told != text else None
        if formula is not None:
            self._formula(formula, has_gone=new is not None)
        if new is not None and value is not None:
            if cell.find("{*}f") is None:
                _say(cell, new)
            else:
                cell.set("t", "str")
                value.text = new

    def _readings(self, cell: etree._Element, value: str) -> Iterator[str]:
        return self._book.numbers.readings(value, cell.get("s"))

    def _formula(self, formula: etree._Element, *, has_gone: bool) -> None:
        group = formula.get("si", "") if formula.get("t") == "shared" else ""
        text = formula.text or self._masters.get(group, "")
        if group and formula.text:
            self._masters[group] = formula.text
        new = self._formulas.said(text, self._sheet.called) if formula.text else text
        if new is None or (has_gone and can_make_words(text)):
            if group:
                self._lost.add(group)
            else:
                _give_up(formula)
        elif formula.text:
            formula.text = new

    def _over_cells(self, cells: list[etree._Element], done: set[etree._Element]) -> None:
        """Words that go on from one cell into the next, such as a name with a column for each half."""
        texts = [self._text(cell) for cell in cells]
        if sum(map(bool, texts)) < 2:
            return
        parts = [part for text in texts for part in (text, "\t")]
        found = [one for one in self._work.find("".join(parts), self._sheet.called) if "\t" in _held(parts, one)]
        told = spread(parts, [index % 2 == 1 for index in range(len(parts))], found)
        for cell, before, after in zip(cells, texts, told[::2], strict=True):
            if after != before:
                formula = cell.find("{*}f")
                if formula is not None:
                    self._formula(formula, has_gone=True)
                _say(cell, after or "")
                done.update(cell.iter("{*}t"))

    def _text(self, cell: etree._Element) -> str:
        kind, value = cell.get("t"), cell.find("{*}v")
        if kind == "s":
            index = _index(cell)
            return self._texts[index] if 0 <= index < len(self._texts) else ""
        if kind == "inlineStr":
            return "".join(one.text or "" for one in cell.iter("{*}t"))
        return (value.text or "") if kind == "str" and value is not None else ""

    def _printed(self, element: etree._Element) -> None:
        """A line over or under each page, with codes for its looks in between."""
        parts = _CODE.split(element.text or "")
        texts = ["&" if part == "&&" else ("\n" if part in _PARTS else "") if index % 2 else part
                 for index, part in enumerate(parts)]  # fmt: skip
        found = self._work.find("".join(texts), f"{self._sheet.called}, printed", is_seen=self._sheet.is_seen)
        told = spread(texts, [index % 2 == 1 for index in range(len(texts))], found)
        element.text = "".join(
            (part if new is not None else "") if index % 2 else (new or "").replace("&", "&&") if new != text else part
            for index, (part, text, new) in enumerate(zip(parts, texts, told, strict=True))
        )


def _say(cell: etree._Element, text: str) -> None:
    """A cell says a text of its own from now on."""
    space = str(cell.tag).rpartition("}")[0] + "}"
    for child in [one for one in cell if local(one) in {"f", "v", "is"}]:
        remove(child)
    cell.set("t", "inlineStr")
    cell.attrib.pop("cm", None)
    element = etree.Element(f"{space}is")
    words = etree.SubElement(element, f"{space}t")
    words.text = text or None
    words.set(SPACE, "preserve")
    cell.insert(0, element)


def _give_up(formula: etree._Element) -> None:
    cell = formula.getparent()
    if cell is not None:
        cell.attrib.pop("cm", None)
    remove(formula)


def _unescape(pieces: list[Piece]) -> None:
    for piece in pieces:
        plain = _plain(piece.text)
        if plain != piece.text:
            piece.text = piece.element.text = plain


def _plain(text: str) -> str:
    """Signs that stand there by number, but those that XML cannot hold and the sign that shows the way."""
    return _ESCAPED.sub(lambda found: _sign(int(found[1], 16)) or found[0], text)


def _sign(code: int) -> str:
    is_fit = (
        (code >= 0x20 or code in {9, 10, 13}) and not 0xD800 <= code < 0xE000 and code not in {0x5F, 0xFFFE, 0xFFFF}
    )
    return chr(code) if is_fit else ""


def _held(parts: list[str], match: Match) -> str:
    return "".join(parts)[match.start : match.end]


def _index(cell: etree._Element) -> int:
    value = cell.find("{*}v")
    return _whole(value.text if value is not None else None)


def _whole(text: str | None) -> int:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
