"""The table that a centre fills in from its own specification, as a workbook or as CSV: a row for each fact, group,
unit, outcome, criterion and hint, in the order in which they stand there.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from portfolio.criteria.exchange.cells import LOOKED_AT, write_cells
from portfolio.criteria.exchange.forest import (
    BARRED,
    CERTIFIED_UNTIL,
    CODE_NOTE,
    CREDIT,
    FIGURES,
    FLOOR,
    HOURS,
    KIND,
    LEAST,
    LEVEL,
    LISTED,
    METHODS,
    MOST,
    OPEN_UNTIL,
    ORGANISATION,
    OUTLINE,
    SOURCE,
    SPECIFICATION,
    THEME,
    TOTAL,
    WORDING,
    Fact,
    Hint,
    Item,
    What,
)
from portfolio.criteria.exchange.places import Places
from portfolio.criteria.exchange.ranks import Remark
from portfolio.criteria.tree import NOT_TEXT
from portfolio.documents.workbooks import DAY, FORMULA, NOTHING, NUMBER, TEXT, Cell

WHAT, CODE, WORDS, FOR = "What it is", "Code", "Title or wording", "For criteria"
HEADINGS = (
    WHAT, CODE, WORDS, LEVEL, CREDIT, HOURS, KIND, METHODS, FOR, LEAST, MOST, LISTED, WORDING, FIGURES, SOURCE,
    CODE_NOTE,
)  # fmt: skip
FACT, HINT = "Fact", "Hint"
ROWS = {"Group": What.GROUP, "Unit": What.UNIT, "Outcome": What.OUTCOME, "Criterion": What.CRITERION}
WORD = {what: word for word, what in ROWS.items()}
REFERENCE, TITLE = "Reference", "Title"
FACTS = (
    REFERENCE, TITLE, LEVEL, ORGANISATION, SPECIFICATION, WORDING, SOURCE, CODE_NOTE, OPEN_UNTIL, CERTIFIED_UNTIL,
    TOTAL, FLOOR, THEME, BARRED,
)  # fmt: skip
OUTLINE_KIND = "outline"
MISSING = "missing"
"""Stands for a reference or a title that is not there, which is noted."""

_ALSO = {"learning outcome": "outcome", "assessment criterion": "criterion", "guidance": "hint"}
_SMALL = frozenset({KIND, LISTED, WORDING, FIGURES})
_OF_ITEMS = (LEVEL, CREDIT, HOURS, KIND, METHODS, LEAST, MOST, LISTED, WORDING, FIGURES, SOURCE, CODE_NOTE)
_METHODS = re.compile(r"[,;/\s]+")
_COMMENT = "#"


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows with their numbers, and how a cell of theirs is named; `place(row, None, "")` names the row."""

    rows: Sequence[tuple[int, Sequence[Cell]]]
    place: Callable[[int, int | None, str], str]


def headings_in(grid: Grid) -> int | None:
    """Which row of a grid has the headings of the table, counted from 0; None when none has."""
    for number, (_line, cells) in enumerate(grid.rows[:LOOKED_AT]):
        if {WHAT.casefold(), CODE.casefold(), WORDS.casefold()} <= {cell.text.strip().casefold() for cell in cells}:
            return number
    return None


class _Table:
    """A table as it is read."""

    def __init__(self, grid: Grid, places: Places, remark: Remark) -> None:
        self._places, self._remark, self._grid = places, remark, grid
        self._top = Item("file", "", "")
        self._open: dict[What, Item] = {}
        self._columns: dict[str, int] = {}

    def read(self) -> Item:
        start = headings_in(self._grid) or 0
        known = {heading.casefold(): heading for heading in HEADINGS}
        line, cells = self._grid.rows[start]
        for number, cell in enumerate(cells):
            heading = known.get(cell.text.strip().casefold())
            if heading in self._columns:
                self._places.fault(self._grid.place(line, number, cell.text), "this heading stands here twice")
            elif heading:
                self._columns[heading] = number
            elif cell.text.strip():
                self._remark("A column that is not one of the table's is left out.")
        for line, cells in self._grid.rows[start + 1 :]:
            self._row(_Row(line, cells, self._columns, self._grid, self._places))
        for label, value in ((REFERENCE, self._top.code), (TITLE, self._top.name)):
            if not value:
                self._places.fault("file", f"the fact “{label}” is needed, and there is nothing")
        self._top.code, self._top.name = self._top.code or MISSING, self._top.name or MISSING
        return self._top

    def _row(self, row: "_Row") -> None:
        said = " ".join(row.text(WHAT).split()).lower()
        if said.startswith(_COMMENT) or row.is_empty():
            return
        said = _ALSO.get(said, said)
        what = next((what for word, what in ROWS.items() if word.lower() == said), None)
        if said == FACT.lower():
            self._fact(row)
        elif said == HINT.lower():
            self._hint(row)
        elif what is None:
            words = ", ".join((FACT, *ROWS, HINT))
            self._places.fault(row.place(WHAT), f"this must say what the row is: one of {words}")
        else:
            self._item(row, what)

    def _fact(self, row: "_Row") -> None:
        said, value = " ".join(row.text(CODE).split()), row.text(WORDS)
        label = next((label for label in FACTS if label.casefold() == said.casefold()), None)
        if label is None:
            self._places.fault(row.place(CODE), f"“{said[:80]}” is no fact: one of {', '.join(FACTS)}")
        elif not value:
            return
        elif label not in {THEME, BARRED} and self._is_said(label):
            self._places.fault(row.place(CODE), f"“{label}” is said twice")
        elif label == REFERENCE:
            self._top.code = value
        elif label == TITLE:
            self._top.name, self._top.place = value, row.place(WORDS)
        else:
            small = value.lower() if label in _SMALL else value
            self._top.facts.append(Fact(label, small, row.place(WORDS)))

    def _is_said(self, label: str) -> bool:
        given = {REFERENCE: self._top.code, TITLE: self._top.name}
        return bool(given[label]) if label in given else self._top.fact(label) is not None

    def _item(self, row: "_Row", what: What) -> None:
        facts = [Fact(label, row.fact(label), row.place(label)) for label in _OF_ITEMS if row.fact(label)]
        if what is What.UNIT:
            facts = [Fact(OUTLINE, "yes", f.place) if (f.label, f.value) == (KIND, OUTLINE_KIND) else f for f in facts]
        item = Item(row.place(None), row.text(CODE), row.text(WORDS), what=what, facts=facts)
        outer = [one for one in What if list(What).index(one) < list(What).index(what)]
        around = next((self._open[one] for one in reversed(outer) if one in self._open), self._top)
        around.items.append(item)
        self._open = {one: found for one, found in self._open.items() if one in outer} | {what: item}

    def _hint(self, row: "_Row") -> None:
        unit = self._open.get(What.UNIT)
        if unit is None:
            self._places.fault(row.place(None), "a hint stands below the unit that it is about")
            return
        kind = "_".join(row.text(KIND).lower().split())
        criteria, sources = (_parts(row.text(label)) for label in (FOR, SOURCE))
        unit.hints.append(Hint(kind, row.text(WORDS), criteria, sources, row.place(None)))


class _Row:
    """One row of the table. A cell that is no text where text is asked for is a fault, and reads as empty."""

    def __init__(self, line: int, cells: Sequence[Cell], columns: dict[str, int], grid: Grid, places: Places) -> None:
        self._line, self._cells, self._columns, self._grid, self._places = line, cells, columns, grid, places
        self._said: dict[str, str] = {}

    def place(self, heading: str | None) -> str:
        """What the cell under a heading, or the row, is called."""
        column = self._columns.get(heading) if heading else None
        return self._grid.place(self._line, column, heading or "")

    def is_empty(self) -> bool:
        """Whether nothing stands in the row."""
        return not any(cell.text.strip() or cell.kind == FORMULA for cell in self._cells)

    def text(self, heading: str) -> str:
        """What stands under a heading."""
        if heading not in self._said:
            self._said[heading] = self._read(heading)
        return self._said[heading]

    def _read(self, heading: str) -> str:
        column = self._columns.get(heading, len(self._cells))
        cell = self._cells[column] if column < len(self._cells) else Cell(NOTHING, "")
        words = " ".join(cell.text.split())
        is_code = heading in {CODE, FOR}
        if cell.kind == FORMULA:
            self._places.fault(self.place(heading), "this is a formula: put what it comes to in its place")
        elif cell.kind not in {TEXT, NUMBER, DAY, NOTHING} or NOT_TEXT.search(words):
            self._places.fault(self.place(heading), "this cannot be read as text")
        elif is_code and (cell.kind == DAY or (cell.kind == NUMBER and not words.isdigit())):
            self._places.fault(
                self.place(heading),
                "a spreadsheet has made this a number or a day, and 1.10 would be 1.1: format the column as text and "
                "type it anew",
            )
        else:
            return words
        return ""

    def fact(self, label: str) -> str:
        """The same for a fact, as packs write it."""
        said = self.text(label)
        if label == METHODS:
            return ", ".join(part for part in _METHODS.split(said.upper()) if part)
        return said.lower() if label in _SMALL else said


def _parts(text: str) -> list[str]:
    return [part for part in (part.strip() for part in text.replace(";", ",").split(",")) if part]


def read_table(grid: Grid, places: Places, remark: Remark) -> Item:
    """The framework in a table."""
    return _Table(grid, places, remark).read()


def rows_of(framework: Item) -> Iterator[list[str]]:
    """A framework as the rows of a table, the headings first."""
    yield list(HEADINGS)
    yield _fact(REFERENCE, framework.code)
    yield _fact(TITLE, framework.name)
    for fact in framework.facts:
        yield _fact(fact.label, fact.value)
    for group in framework.items:
        yield _item(group)
        for unit in group.items:
            yield _item(unit)
            for inner in unit.inside():
                yield _item(inner)
            yield from _hints(unit)


def _item(item: Item) -> list[str]:
    facts = {fact.label: fact.value for fact in item.facts}
    if facts.pop(OUTLINE, None):
        facts[KIND] = OUTLINE_KIND
    return row_of(WORD[item.what or What.CRITERION], item.code, item.name, facts)


def _fact(label: str, value: str) -> list[str]:
    return row_of(FACT, label, value, {})


def row_of(what: str, code: str, words: str, others: dict[str, str]) -> list[str]:
    """A row of the table."""
    return [what, code, words, *(others.get(heading, "") for heading in HEADINGS[3:])]


def _hints(unit: Item) -> Iterable[list[str]]:
    for hint in unit.hints:
        others = {KIND: hint.kind.replace("_", " "), FOR: ", ".join(hint.criteria), SOURCE: ", ".join(hint.sources)}
        yield row_of(HINT, "", hint.text, others)


def csv_table(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows of a table as CSV that a spreadsheet opens as it is meant."""
    return write_cells(rows, has_mark=True)
