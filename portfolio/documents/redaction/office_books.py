"""What a workbook says beside its cells: the names of sheets, ranges and tables, pivot tables and connections."""

import re
from dataclasses import dataclass

from lxml import etree

from portfolio.documents.redaction.office_attributes import Names, all_words, without
from portfolio.documents.redaction.office_formulas import Formulas, identifier, sheet_name, unlike
from portfolio.documents.redaction.office_numbers import Numbers, day_said, said
from portfolio.documents.redaction.office_package import DAMAGED, Package, Part, local, names_relation
from portfolio.documents.redaction.work import Refused, Work

_SOURCES = {
    *("description", "sourceFile", "odcFile", "connection", "command", "serverCommand", "url", "localConnection"),
    *("post", "editPage", "singleSignOnId", "user", "password"),
}
_FORMULAS = {
    *("definedName", "formula", "formula1", "formula2", "f", "calculatedColumnFormula", "totalsRowFormula"),
}
_POINTING = {"location", "fmlaLink", "fmlaRange", "fmlaGroup", "fmlaTxbx", "linkedCell", "refersTo", "textlink"}
_LOST = "#REF!"
_NAME_MOST, _COLUMN_MOST = 200, 250
_BY_SHEET = ("comments", "threadedComment", "drawing", "vmlDrawing", "table", "pivotTable", "chart", "legacyDrawing")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet in its place; `called` is its place in plain words."""

    part: Part
    called: str
    is_seen: bool


class Book:
    """A workbook whose names are harmless already; its formulas, apart from those of cells, have followed."""

    def __init__(self, work: Work, package: Package, formulas: Formulas, names: Names) -> None:
        self._work, self._package, self._formulas, self._names = work, package, formulas, names
        self.done: set[etree._Element] = set()
        self.sheets: list[Sheet] = []
        self.headings: dict[tuple[str, str], str] = {}
        """Texts of cells that head a column, where two would have become the same: by part and cell."""
        self._places: dict[str, tuple[str, bool]] = {}
        main = package.main
        root = main.root if main else None
        if main is None or root is None:
            raise Refused(DAMAGED)
        self._read_sheets(main, root)
        if not self.sheets:
            raise Refused(DAMAGED)
        self._name_ranges(root)
        for part, table in package.xml():
            if part.kind == "table":
                self._table(part, table)
        self._without_people(root)
        styles = next((one.root for one in package.related(main, "styles")), None)
        properties = next(root.iter("{*}workbookPr"), None)
        is_of_mac = properties is not None and properties.get("date1904") in {"1", "true"}
        self.numbers = Numbers(styles, is_of_mac=is_of_mac)
        for part, found in package.xml():
            self._part(part, found)

    def place_of(self, part: Part) -> tuple[str, bool] | None:
        """Where the words of a part stand, and whether people see them."""
        return self._places.get(part.name)

    def _read_sheets(self, main: Part, root: etree._Element) -> None:
        targets = {one.id: one.target for one in main.relations if not one.is_external}
        others = {element.get("name", "").casefold() for element in root.iter("{*}sheet")}
        for number, element in enumerate(root.iter("{*}sheet"), 1):
            is_seen = element.get("state", "visible") == "visible"
            called = f"Sheet {number}" if is_seen else f"Sheet {number} (hidden)"
            name = element.get("name", "")
            new = self._work.words(name, "Names of sheets", is_seen=is_seen)
            self._names.tell(name)
            if new != name:
                new = unlike(sheet_name(new), others)
                element.set("name", new)
                self._formulas.rename(name, new)
            key = next((str(value) for key, value in element.attrib.items() if names_relation(str(key))), "")
            part = self._package.parts.get(targets.get(key, ""))
            if part is not None and part.root is not None:
                self.sheets.append(Sheet(part, called, is_seen))
                self._place(part, called, is_seen=is_seen)

    def _place(self, part: Part, called: str, *, is_seen: bool) -> None:
        self._places[part.name] = (called, is_seen)
        for kind in _BY_SHEET:
            for shown in self._package.related(part, kind):
                if shown.name not in self._places:
                    is_comment = "omment" in kind or "vml" in kind
                    self._place(
                        shown, f"{called}, comments" if is_comment else called, is_seen=is_seen and not is_comment
                    )

    def _name_ranges(self, root: etree._Element) -> None:
        ranges = [one for one in root.iter("{*}definedName") if not one.get("name", "").startswith("_xlnm")]
        others = {one.get("name", "").casefold() for one in ranges}
        for element in ranges:
            self._renamed(element, "name", others, "Names of ranges")

    def _renamed(self, element: etree._Element, key: str, others: set[str], place: str) -> None:
        name = element.get(key, "")
        new = self._formulas.renamed(name)
        if new == name:
            new = self._work.words(name, place, is_seen=False)
            self._names.tell(name)
            if new == name:
                return
            new = unlike(identifier(new), others, _NAME_MOST)
            self._formulas.rename(name, new)
        element.set(key, new)

    def _table(self, part: Part, root: etree._Element) -> None:
        for key in ("displayName", "name"):
            if root.get(key):
                self._renamed(root, key, set(), "Names of tables")
        others: set[str] = set()
        top = re.match(r"([A-Z]{1,3})(\d+)", root.get("ref", ""))
        for index, column in enumerate(root.iter("{*}tableColumn")):
            name = column.get("name", "")
            new = self._work.words(name, "Names of columns", is_seen=False)
            self._names.tell(name)
            only = unlike(new, others, _COLUMN_MOST)
            if only == name:
                continue
            column.set("name", only)
            self._formulas.rename_column(name, only)
            if only != new and top:
                self._head(part, f"{_column(top[1], index)}{top[2]}", only)

    def _head(self, table: Part, cell: str, text: str) -> None:
        for sheet in self.sheets:
            if table in list(self._package.related(sheet.part, "table")):
                self.headings[sheet.part.name, cell] = text

    def _without_people(self, root: etree._Element) -> None:
        for element in root.iter("{*}fileSharing"):
            all_words(self._work, element, "Settings")
            self._work.gone("who may change the file")
        without(root, ("fileSharing",))

    def _part(self, part: Part, root: etree._Element) -> None:
        place = self._places.get(part.name, ("Settings", False))[0]
        is_sheet = any(sheet.part is part for sheet in self.sheets)
        for element in root.iter(etree.Element):
            if local(element) in _FORMULAS and element.text and not (is_sheet and _is_in_cell(element)):
                new = self._formulas.said(element.text, place)
                element.text = _LOST if new is None else new
                self.done.add(element)
            for key, value in [(str(key), str(value)) for key, value in element.attrib.items()]:
                if key in _POINTING:
                    new = self._formulas.said(value, place)
                    element.set(key, _LOST if new is None else new)
                elif key == "sheet":
                    element.set(key, self._formulas.renamed(value))
        if part.kind == "connections":
            self._connections(root)
        elif part.kind == "pivotCacheDefinition":
            self._pivot(root)
        elif part.kind == "externalLink":
            self._other_book(root)
        elif part.kind == "threadedComment":
            without(root, ("mentions",))

    def _connections(self, root: etree._Element) -> None:
        all_words(self._work, root, "Connections")
        self._work.gone("where its data was fetched from")
        for element in root.iter(etree.Element):
            for key in _SOURCES & {str(key) for key in element.attrib}:
                element.set(key, "")

    def _pivot(self, root: etree._Element) -> None:
        root.set("saveData", "0")
        root.set("refreshOnLoad", "1")
        for key in ("refreshedBy", "refreshedDate", "refreshedDateIso"):
            if key in root.attrib:
                self._work.find(str(root.attrib.pop(key)), "Pivot tables", is_seen=False)
                self._work.gone("who made a pivot table anew, and when")
        for items in root.iter("{*}sharedItems"):
            others: set[str] = set()
            for item in items:
                self._item(item, others)

    def _item(self, item: etree._Element, others: set[str]) -> None:
        value, name = item.get("v", ""), local(item)
        if name in {"n", "d"}:
            readings = day_said(value) if name == "d" else self.numbers.readings(value, None)
            new = said(self._work, readings, "Pivot tables", is_seen=False, shown=set())
            if new is None:
                return
            item.tag = f"{str(item.tag).rpartition('}')[0]}}}s"
        elif name == "s":
            new = self._work.words(value, "Pivot tables", is_seen=False)
        else:
            return
        item.set("v", unlike(new, others, _COLUMN_MOST) if new != value else new)
        others.add(item.get("v", "").casefold())

    def _other_book(self, root: etree._Element) -> None:
        for element in root.iter("{*}sheetName"):
            name = element.get("val", "")
            new = self._work.words(name, "Names of sheets", is_seen=False)
            if new != name:
                element.set("val", sheet_name(new))


def _is_in_cell(element: etree._Element) -> bool:
    above = element.getparent()
    return above is not None and local(above) == "c"


def _column(first: str, index: int) -> str:
    number = index
    for sign, power in zip(reversed(first), (1, 26, 676), strict=False):
        number += (ord(sign) - 64) * power
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
