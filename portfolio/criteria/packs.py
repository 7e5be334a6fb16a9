"""Criteria packs as they stand in files: one qualification per file, the units it shares in `units/` beside it.

A pack is taken whole or refused with every fault at once, each with file and line. Codes are text: 1.10 stays 1.10.
Reading knows no database; what a pack says, and nothing else, makes its content sha.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from portfolio.criteria.fields import Faults, Fields, Unique, read_code, read_stem, read_word
from portfolio.criteria.rules import Figures, GuidanceKind, Method, OutcomeKind, Status
from portfolio.criteria.tree import Fault, Node, PackFaults, read_tree

UNKNOWN = "unknown"
MAX_TITLE, MAX_VERSION = 200, 40


@dataclass(frozen=True, slots=True)
class PackCriterion:
    """One assessment criterion: what the learner shows, and the methods by which it may be shown."""

    code: str
    text: str
    methods: tuple[Method, ...]


@dataclass(frozen=True, slots=True)
class PackOutcome:
    """A learning outcome with its criteria in order."""

    code: str
    title: str
    kind: OutcomeKind
    criteria: tuple[PackCriterion, ...]


@dataclass(frozen=True, slots=True)
class PackGuidance:
    """A hint, tied to the criteria it helps with; `sources` are stems of pages, none when the hint is ours alone."""

    kind: GuidanceKind
    text: str
    criteria: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackUnit:
    """A unit in full. `code_note` says so when the code is not a regulator's; `source` tells whose wording it is."""

    code: str
    code_note: str
    title: str
    level: int
    credit: int
    glh: int
    figures: Figures
    status: Status
    source: str
    outcomes: tuple[PackOutcome, ...]
    guidance: tuple[PackGuidance, ...]


@dataclass(frozen=True, slots=True)
class PackGroup:
    """Units of a qualification among which a learner chooses together."""

    code: str
    title: str
    units: tuple[PackUnit, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """A qualification with its units. While `rules_known` is false no choice of units is checked."""

    reference: str
    reference_note: str
    title: str
    level: int
    awarding_organisation: str
    spec_version: str
    status: Status
    source: str
    rules_known: bool
    groups: tuple[PackGroup, ...]


def read_pack(path: Path) -> Pack:
    """The qualification in a pack file, with its units. Raises PackFaults with all that is wrong in all its files."""
    faults = Faults(path.as_posix())
    units = _UnitFiles(path.parent / "units")
    root, faults.found = read_tree(path)
    if root is None:
        raise PackFaults(tuple(faults.found))
    pack = _pack(faults, root, units)
    if found := (*faults.found, *units.faults()):
        raise PackFaults(found)
    return pack


def read_unit(path: Path) -> PackUnit:
    """The unit in a unit file. Raises PackFaults with all that is wrong in it."""
    unit, faults = _read_unit(path)
    if unit is None:
        raise PackFaults(tuple(faults))
    return unit


def content_sha(content: Pack | PackUnit) -> str:
    """SHA-256 of what a pack or a unit says, in hexadecimal; the layout of its file does not change it."""
    canonical = json.dumps(asdict(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


class _UnitFiles:
    """The unit files that a pack names, each read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, tuple[PackUnit | None, list[Fault]]] = {}

    def unit(self, stem: str) -> PackUnit | None:
        """The unit of that file, or None when it is missing or has faults."""
        if stem not in self._read:
            self._read[stem] = _read_unit(self.path(stem))
        return self._read[stem][0]

    def path(self, stem: str) -> Path:
        """Where the unit of that name is kept."""
        return self._folder / f"{stem}.yaml"

    def faults(self) -> list[Fault]:
        """What is wrong with the files read so far."""
        return [fault for _unit, faults in self._read.values() for fault in faults]


def _pack(faults: Faults, root: Node, files: _UnitFiles) -> Pack:
    top = Fields(faults, root, "pack", required=("qualification", "rules", "groups"))
    about = Fields(
        faults,
        top.node("qualification"),
        "qualification",
        required=("reference", "title", "level", "awarding_organisation", "spec_version", "status", "source"),
        optional=("reference_note",),
    )
    if top.text("rules") not in ("", UNKNOWN):
        faults.add(top.line_of("rules"), f"“rules” must be “{UNKNOWN}”")
    group_codes, unit_codes = Unique(faults, "group"), Unique(faults, "unit")
    return Pack(
        reference=about.code("reference"),
        reference_note=about.text("reference_note", most=MAX_TITLE),
        title=about.text("title", most=MAX_TITLE),
        level=about.number("level", 1, 8),
        awarding_organisation=about.text("awarding_organisation", most=MAX_TITLE),
        spec_version=about.text("spec_version", most=MAX_VERSION),
        status=about.word("status", Status),
        source=about.text("source"),
        rules_known=False,
        groups=tuple(_group(faults, node, files, group_codes, unit_codes) for node in top.items("groups")),
    )


def _group(faults: Faults, node: Node, files: _UnitFiles, group_codes: Unique, unit_codes: Unique) -> PackGroup:
    fields = Fields(faults, node, "group", required=("id", "title", "units"))
    code = fields.code("id")
    group_codes.add(code, fields.line_of("id"))
    units: list[PackUnit] = []
    for item in fields.items("units"):
        stem = read_stem(faults, item, "a unit")
        if not stem:
            continue
        if not files.path(stem).is_file():
            faults.add(item.line, f"there is no unit file “{stem}.yaml”")
        elif unit := files.unit(stem):
            unit_codes.add(unit.code, item.line)
            units.append(unit)
    return PackGroup(code=code, title=fields.text("title", most=MAX_TITLE), units=tuple(units))


def _read_unit(path: Path) -> tuple[PackUnit | None, list[Fault]]:
    faults = Faults(path.as_posix())
    root, faults.found = read_tree(path)
    unit = _unit(faults, root) if root is not None else None
    return (None if faults.found else unit), faults.found


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
    return PackUnit(
        code=about.code("code"),
        code_note=about.text("code_note", most=MAX_TITLE),
        title=about.text("title", most=MAX_TITLE),
        level=about.number("level", 1, 8),
        credit=about.number("credit", 0, 500),
        glh=about.number("glh", 0, 5_000),
        figures=about.word("figures", Figures),
        status=about.word("status", Status),
        source=about.text("source"),
        outcomes=outcomes,
        guidance=tuple(_guidance(faults, node, criterion_codes) for node in top.items("guidance", may_be_empty=True)),
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
        criteria=tuple(criteria),
        sources=tuple(sources),
    )
