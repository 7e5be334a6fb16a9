"""Criteria packs as they stand in files: one qualification per file, the units it shares in `units/` beside it.
A unit may also stand in the pack itself, whole or in outline.

A pack is taken whole or refused with every fault at once, each with file and line. Codes are text: 1.10 stays 1.10.
Reading knows no database.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from portfolio.criteria import tree
from portfolio.criteria.combination import ChosenUnit
from portfolio.criteria.contents import Pack, PackCriterion, PackGroup, PackGuidance, PackOutcome, PackUnit
from portfolio.criteria.fields import Faults, Fields, Unique, read_code, read_stem, read_word
from portfolio.criteria.rule_reading import MAX_TITLE, are_known, read_bounds, read_terms
from portfolio.criteria.rules import Figures, GuidanceKind, Listed, Method, OutcomeKind, Status
from portfolio.criteria.tree import Fault, Node, PackFaults, read_tree, tree_of

MAX_VERSION = 40
MAX_CREDIT = 500
MOST_CRITERIA = 300
MOST_HINTS = 500
MOST_CRITERIA_IN_ALL = 2_000

Opened: TypeAlias = tuple[str, Node | None, list[Fault]]
"""A file by its name, the tree in it as far as it could be read, and what was wrong with it."""
Finder: TypeAlias = Callable[[str], Opened | None]
"""Opens the unit file of that stem, if there is one."""


def read_pack(path: Path) -> Pack:
    """The qualification in a pack file, with its units. Raises PackFaults with all that is wrong in all its files."""
    return read_opened_pack(open_file(path), UnitFiles(in_folder(path.parent / "units")))


def read_pack_texts(main: str | bytes, units: Mapping[str, str | bytes], *, name: str = "pack.yaml") -> Pack:
    """The qualification in a text that stands in no folder, with the texts of its units by stem; else as `read_pack`.

    Faults name the texts `name` and `<stem>.yaml`.
    """

    def find(stem: str) -> Opened | None:
        return _opened(f"{stem}.yaml", units[stem]) if stem in units else None

    return read_opened_pack(_opened(name, main), UnitFiles(find))


def read_unit(path: Path) -> PackUnit:
    """The unit in a unit file. Raises PackFaults with all that is wrong in it."""
    return read_opened_unit(open_file(path))


def read_unit_text(text: str | bytes, *, name: str = "unit.yaml") -> PackUnit:
    """The unit in a text that stands in no folder, else as `read_unit`."""
    return read_opened_unit(_opened(name, text))


def open_file(path: Path) -> Opened:
    """A file with its tree and what was wrong with it so far."""
    return (path.as_posix(), *read_tree(path))


class UnitFiles:
    """The unit files that packs name, each read once."""

    def __init__(self, find: Finder) -> None:
        self._find = find
        self._read: dict[str, PackUnit | PackFaults | None] = {}

    def unit(self, stem: str) -> PackUnit | PackFaults | None:
        """The unit of that name or what is wrong with its file; None when there is none."""
        if stem not in self._read:
            opened = self._find(stem)
            try:
                self._read[stem] = opened and read_opened_unit(opened)
            except PackFaults as refused:
                self._read[stem] = refused
        return self._read[stem]

    def found(self) -> dict[str, PackUnit | PackFaults]:
        """What was in each file that there was, by name."""
        return {stem: read for stem, read in self._read.items() if read is not None}


def in_folder(folder: Path) -> Finder:
    """Opens the unit files of a folder."""

    def find(stem: str) -> Opened | None:
        path = folder / f"{stem}.yaml"
        return open_file(path) if path.is_file() else None

    return find


def _opened(name: str, text: str | bytes) -> Opened:
    return (name, *tree_of(name, text.encode(errors="surrogatepass") if isinstance(text, str) else text))


class _Reading:
    """One pack as it is read: its own faults, those of its unit files, and the codes seen so far."""

    def __init__(self, faults: Faults, files: UnitFiles) -> None:
        self.faults, self.files = faults, files
        self.group_codes, self.unit_codes = Unique(faults, "group"), Unique(faults, "unit")
        self.elsewhere: dict[str, tuple[Fault, ...]] = {}
        """The faults of each unit file."""
        self.is_whole = True
        """Whether every unit that was named could be read, so that sums mean something."""


def read_opened_pack(opened: Opened, files: UnitFiles) -> Pack:
    """The qualification in an opened file, with its units from these files. Raises PackFaults with all their faults."""
    name, root, found = opened
    if root is None:
        raise PackFaults(tuple(found))
    reading = _Reading(Faults(name, found), files)
    pack = _pack(reading, root)
    if faults := (*reading.faults.found, *(fault for found in reading.elsewhere.values() for fault in found)):
        raise PackFaults(faults)
    return pack


def _pack(reading: _Reading, root: Node) -> Pack:
    faults = reading.faults
    top = Fields(faults, root, "pack", required=("qualification", "rules", "groups"))
    about = Fields(
        faults,
        top.node("qualification"),
        "qualification",
        required=("reference", "title", "level", "awarding_organisation", "spec_version", "status", "source"),
        optional=("reference_note", "operational_end", "certification_end"),
    )
    rules = top.node("rules")
    groups = tuple(_group(reading, node, must_say_kind=are_known(rules)) for node in top.items("groups"))
    offered = [
        ChosenUnit(unit.code, unit.title, unit.level, unit.credit, group.code)
        for group in groups
        for unit in group.units
    ]
    criteria = sum(len(one.criteria) for group in groups for unit in group.units for one in unit.outcomes)
    if criteria > MOST_CRITERIA_IN_ALL:
        faults.add(top.line_of("groups"), f"the units have {criteria} criteria, more than {MOST_CRITERIA_IN_ALL}")
    terms = read_terms(faults, rules, [group.rule for group in groups], offered if reading.is_whole else None)
    operational_end, certification_end = about.day_if_given("operational_end"), about.day_if_given("certification_end")
    if operational_end and certification_end and certification_end < operational_end:
        faults.add(about.line_of("certification_end"), "“certification_end” is before “operational_end”")
    return Pack(
        reference=about.code("reference"),
        reference_note=about.text("reference_note", most=MAX_TITLE),
        title=about.text("title", most=MAX_TITLE),
        level=about.number("level", 1, 8),
        awarding_organisation=about.text("awarding_organisation", most=MAX_TITLE),
        spec_version=about.text("spec_version", most=MAX_VERSION),
        status=about.word("status", Status),
        source=about.text("source"),
        operational_end=operational_end,
        certification_end=certification_end,
        credits_min=terms.credits_min,
        level_floor=terms.level_floor,
        themes=terms.themes,
        barred=terms.barred,
        groups=groups,
    )


def _group(reading: _Reading, node: Node, *, must_say_kind: bool) -> PackGroup:
    fields = Fields(
        reading.faults,
        node,
        "group",
        required=("id", "title", "units", *(["kind"] if must_say_kind else [])),
        optional=("kind", "credits", "credits_min", "credits_max", "listed"),
    )
    code = fields.code("id")
    reading.group_codes.add(code, fields.line_of("id"))
    listed = fields.word("listed", Listed) if fields.node("listed") else Listed.ALL
    given = [_offered(reading, item) for item in fields.items("units", may_be_empty=listed is Listed.SOME)]
    units = tuple(unit for unit in given if unit)
    bounds = read_bounds(fields, sum(unit.credit for unit in units) if len(units) == len(given) else None, listed)
    return PackGroup(
        code=code,
        title=fields.text("title", most=MAX_TITLE),
        kind=bounds.kind,
        credits_min=bounds.credits_min,
        credits_max=bounds.credits_max,
        listed=listed,
        units=units,
    )


def _offered(reading: _Reading, node: Node) -> PackUnit | None:
    """A unit of a group: whole, in outline, or by the stem of its file; None when it cannot be read."""
    before = len(reading.faults.found)
    if isinstance(node, tree.Mapping) and "unit" in node.entries:
        unit: PackUnit | PackFaults | None = _unit(reading.faults, node)
        reading.is_whole &= len(reading.faults.found) == before
    elif isinstance(node, tree.Mapping):
        unit = _outline(reading.faults, node)
    elif stem := read_stem(reading.faults, node, "a unit"):
        unit = reading.files.unit(stem)
        if unit is None:
            reading.faults.add(node.line, f"there is no unit file “{stem}.yaml”")
        elif isinstance(unit, PackFaults):
            reading.elsewhere[stem] = unit.faults
    else:
        unit = None
    if isinstance(unit, PackUnit):
        reading.unit_codes.add(unit.code, node.line)
        return unit
    reading.is_whole = False
    return None


def _outline(faults: Faults, node: Node) -> PackUnit:
    about = Fields(faults, node, "unit", required=("code", "title", "level", "credit"), optional=("code_note",))
    return PackUnit(
        code=about.code("code"),
        code_note=about.text("code_note", most=MAX_TITLE),
        title=about.text("title", most=MAX_TITLE),
        level=about.number("level", 1, 8),
        credit=about.number("credit", 0, MAX_CREDIT),
        glh=0,
        is_outline=True,
        figures=Figures.UNCONFIRMED,
        status=Status.DRAFT,
        source="",
        outcomes=(),
        guidance=(),
    )


def read_opened_unit(opened: Opened) -> PackUnit:
    """The unit in an opened file. Raises PackFaults with all that is wrong in it."""
    name, root, found = opened
    if root is None:
        raise PackFaults(tuple(found))
    faults = Faults(name, found)
    unit = _unit(faults, root)
    if faults.found:
        raise PackFaults(tuple(faults.found))
    return unit


def _unit(faults: Faults, root: Node) -> PackUnit:
    top = Fields(faults, root, "unit file", required=("unit", "outcomes"), optional=("guidance",))
    about = Fields(
        faults,
        top.node("unit"),
        "unit",
        required=("code", "title", "level", "credit", "glh", "figures", "status", "source"),
        optional=("code_note",),
    )
    outcome_codes, criterion_codes = Unique(faults, "outcome"), Unique(faults, "criterion")
    outcomes = tuple(_outcome(faults, node, outcome_codes, criterion_codes) for node in top.items("outcomes"))
    hints = top.items("guidance", may_be_empty=True)
    if (count := sum(len(outcome.criteria) for outcome in outcomes)) > MOST_CRITERIA:
        faults.add(top.line_of("outcomes"), f"the unit has {count} criteria, more than {MOST_CRITERIA}")
    if len(hints) > MOST_HINTS:
        faults.add(hints[MOST_HINTS].line, f"“guidance” has more than {MOST_HINTS} entries")
    return PackUnit(
        code=about.code("code"),
        code_note=about.text("code_note", most=MAX_TITLE),
        title=about.text("title", most=MAX_TITLE),
        level=about.number("level", 1, 8),
        credit=about.number("credit", 0, MAX_CREDIT),
        glh=about.number("glh", 0, 5_000),
        is_outline=False,
        figures=about.word("figures", Figures),
        status=about.word("status", Status),
        source=about.text("source"),
        outcomes=outcomes,
        guidance=tuple(_guidance(faults, node, criterion_codes) for node in hints[:MOST_HINTS]),
    )


def _outcome(faults: Faults, node: Node, outcome_codes: Unique, criterion_codes: Unique) -> PackOutcome:
    fields = Fields(faults, node, "outcome", required=("id", "title", "kind", "criteria"))
    code = fields.code("id")
    outcome_codes.add(code, fields.line_of("id"))
    return PackOutcome(
        code=code,
        title=fields.text("title", most=MAX_TITLE),
        kind=fields.word("kind", OutcomeKind),
        criteria=tuple(_criterion(faults, item, criterion_codes) for item in fields.items("criteria")),
    )


def _criterion(faults: Faults, node: Node, codes: Unique) -> PackCriterion:
    fields = Fields(faults, node, "criterion", required=("id", "text", "methods"))
    code = fields.code("id")
    codes.add(code, fields.line_of("id"))
    seen = Unique(faults, "method")
    methods: list[Method] = []
    for item in fields.items("methods"):
        if method := read_word(faults, item, "method", Method):
            seen.add(method, item.line)
            methods.append(method)
    return PackCriterion(code=code, text=fields.text("text"), methods=tuple(methods))


def _guidance(faults: Faults, node: Node, criterion_codes: Unique) -> PackGuidance:
    fields = Fields(faults, node, "guidance", required=("kind", "text", "sources"), optional=("criteria",))
    seen_criteria, seen_sources = Unique(faults, "criterion"), Unique(faults, "source")
    criteria: list[str] = []
    for item in fields.items("criteria", may_be_empty=True):
        code = read_code(faults, item, "a criterion")
        seen_criteria.add(code, item.line)
        if code and code not in criterion_codes:
            faults.add(item.line, f"there is no criterion “{code}” in this unit")
        criteria.append(code)
    sources: list[str] = []
    for item in fields.items("sources", may_be_empty=True):
        stem = read_stem(faults, item, "a source")
        seen_sources.add(stem, item.line)
        sources.append(stem)
    return PackGuidance(
        kind=fields.word("kind", GuidanceKind),
        text=fields.text("text"),
        criteria=tuple(sorted(criteria, key=criterion_codes.place)),
        sources=tuple(sources),
    )
