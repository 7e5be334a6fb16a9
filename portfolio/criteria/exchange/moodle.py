"""Moodle's CSV of a competency framework: fourteen columns, a row for the framework and one for each competency, which
names the one that it stands under by its id number.
"""

import json
from collections.abc import Sequence

from portfolio.criteria.exchange.cells import Record, write_cells
from portfolio.criteria.exchange.descriptions import SHORT_MOST, as_html, from_html, parted, shortened
from portfolio.criteria.exchange.forest import CODE, Fact, Item, What
from portfolio.criteria.exchange.places import Places
from portfolio.criteria.exchange.ranks import Remark

HEADINGS = (
    "Parent id number",
    "Id number",
    "Shortname",
    "Description",
    "Description format",
    "Scale values",
    "Scale configuration",
    "Rule type (optional)",
    "Rule outcome (optional)",
    "Rule config (optional)",
    "Cross referenced competency id numbers",
    "Exported id (optional)",
    "Is framework",
    "Taxonomy",
)
PARENT, _ID, _SHORT, _DESCRIPTION, _FORMAT, *_others = HEADINGS
_RULE, _RELATED, _IS_FRAMEWORK = HEADINGS[7], HEADINGS[10], HEADINGS[12]
_HTML, _MOODLE, _PLAIN, _MARKDOWN = "1", "0", "2", "4"
SCALE_VALUES = "Not yet competent,Competent"
SCALE = [{"scaleid": "2"}, {"id": 2, "scaledefault": 1, "proficient": 1}]
TAXONOMY = "domain,competency,outcome,indicator"
_OUTCOME = "LO"


def is_moodle(headings: Sequence[str]) -> bool:
    """Whether the headings of a CSV file are Moodle's."""
    return {PARENT, _ID, _IS_FRAMEWORK} <= {heading.strip() for heading in headings}


class _Csv:
    """A file as it is read."""

    def __init__(self, records: Sequence[Record], places: Places, remark: Remark) -> None:
        (_line, headings), *self._records = records
        self._columns = {heading.strip(): number for number, heading in enumerate(headings)}
        self._places, self._remark = places, remark
        self._items: dict[str, Item] = {}
        self._parents: dict[str, str] = {}

    def read(self) -> Item:
        for heading in HEADINGS:
            if heading not in self._columns:
                self._places.fault("line 1", f"there is no column “{heading}”")
        framework: Item | None = None
        for line, cells in self._records:
            item = self._item(line, cells)
            if self._cell(cells, _IS_FRAMEWORK) not in {"", "0"}:
                if framework is None:
                    framework = item
                    item.is_cut = _is_cut(item.name)
                else:
                    self._places.fault(f"line {line}", f"there is a framework already, on {framework.place}")
            else:
                self._competency(line, cells, item)
        if framework is None:
            self._places.fault("file", "no row is a framework: one must have 1 under “Is framework”")
            framework = Item("file", "", "None")
        self._assemble(framework)
        return framework

    def _cell(self, cells: Sequence[str], heading: str) -> str:
        number = self._columns.get(heading, len(cells))
        return cells[number].strip() if number < len(cells) else ""

    def _item(self, line: int, cells: Sequence[str]) -> Item:
        place = f"line {line}"
        for heading in (_ID, _SHORT):
            if not self._cell(cells, heading):
                self._places.fault(place, f"“{heading}” is empty, and Moodle skips such a row without a word")
        description, kind = self._cell(cells, _DESCRIPTION), self._cell(cells, _FORMAT)
        body, facts = parted(description if kind in {_PLAIN, _MARKDOWN} else from_html(description), place)
        name = " ".join(self._cell(cells, _SHORT).split())
        return Item(place, self._cell(cells, _ID), name, body=body, facts=facts)

    def _competency(self, line: int, cells: Sequence[str], item: Item) -> None:
        if item.code in self._items:
            first = self._items[item.code].place
            self._places.fault(f"line {line}", f"the id number “{item.code}” is that of {first} too")
        self._items.setdefault(item.code, item)
        self._parents.setdefault(item.code, self._cell(cells, PARENT))
        if self._cell(cells, _RULE):
            self._remark("A rule of Moodle has no place in a pack: it is left out.")
        if self._cell(cells, _RELATED):
            self._remark("A cross reference has no place in a pack: it is left out.")

    def _assemble(self, framework: Item) -> None:
        for number, item in self._items.items():
            parent = self._parents[number]
            if parent and parent not in self._items:
                self._places.fault(item.place, f"no row has the id number “{parent}”, under which this stands")
            self._items.get(parent, framework).items.append(item)
        reached = {id(item) for item in framework.inside()}
        for item in self._items.values():
            if id(item) not in reached:
                self._places.fault(item.place, "this stands under itself, by way of what it stands under")
        self._name_all(framework)

    def _name_all(self, framework: Item) -> None:
        """Take the id numbers of what an item stands in off its own: a code is told from the rest."""
        waiting: list[tuple[Item, tuple[str, ...]]] = [(item, ()) for item in framework.items]
        while waiting:
            item, around = waiting.pop()
            number = item.code
            self._named(item, told(number, around))
            waiting += [(inner, (number, *around)[:3]) for inner in item.items]

    def _named(self, item: Item, code: str) -> None:
        """Give an item its code, and take that off the front of its short name."""
        said = item.fact(CODE)
        item.code = said.value if said else code or item.code
        item.name = item.name.removeprefix(f"{item.code} ") or item.name
        item.is_cut = _is_cut(item.name)


def _is_cut(name: str) -> bool:
    return name.endswith(("…", "..."))


def told(number: str, around: Sequence[str]) -> str:
    """The code in an id number; `around` are those of what it stands in, the innermost first."""
    for outer in around:
        if outer and number.startswith(f"{outer}-"):
            rest = number.removeprefix(f"{outer}-")
            return rest.removeprefix(_OUTCOME) or rest
    return number


def read_moodle(records: Sequence[Record], places: Places, remark: Remark) -> Item:
    """The framework of a file."""
    return _Csv(records, places, remark).read()


class _Rows:
    """A file as it is written."""

    def __init__(self, framework: Item) -> None:
        self._framework = framework
        self._taken: set[str] = set()
        self.rows: list[Sequence[str]] = [HEADINGS]

    def made(self) -> list[Sequence[str]]:
        top = self._framework
        description = as_html(top.name, top.facts)
        scale = json.dumps(SCALE, separators=(",", ":"))
        about = (top.code, shortened(top.name), description, _HTML, SCALE_VALUES, scale)
        self.rows.append(("", *about, "", "", "", "", "", "1", TAXONOMY))
        for item in top.items:
            self._add(item, ())
        return self.rows

    def _add(self, item: Item, around: tuple[str, ...]) -> None:
        number = self._number(item, around)
        is_told = told(number, around[:3]) == item.code
        facts = item.facts if is_told else [Fact(CODE, item.code), *item.facts]
        short = shortened(f"{item.code} {item.name}")
        about = (around[0] if around else "", number, short, as_html(item.name, facts), _HTML)
        self.rows.append((*about, "", "", "", "0", "null", "", "", "", ""))
        for inner in item.items:
            self._add(inner, (number, *around))

    def _number(self, item: Item, around: tuple[str, ...]) -> str:
        """An id number that no other competency has, in large letters or small."""
        unit = next((outer for outer in reversed(around) if not outer.startswith("group ")), "")
        wanted = {
            What.GROUP: f"group {item.code}",
            What.UNIT: item.code,
            What.OUTCOME: f"{unit}-{_OUTCOME}{item.code}",
            What.CRITERION: f"{unit}-{item.code}",
        }[item.what or What.CRITERION][: SHORT_MOST - 6]
        number, count = wanted, 1
        while number.casefold() in self._taken:
            number, count = f"{wanted}~{count}", count + 1
        self._taken.add(number.casefold())
        return number


def write_moodle(framework: Item) -> bytes:
    """The file of a framework."""
    return write_cells(_Rows(framework).made(), has_mark=False)
