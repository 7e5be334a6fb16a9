"""Packs and units from several files and folders, read in one run that finds every fault of them all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from portfolio.criteria import tree
from portfolio.criteria.contents import Pack, PackUnit
from portfolio.criteria.packs import Opened, UnitFiles, in_folder, open_file, read_opened_pack, read_opened_unit
from portfolio.criteria.tree import Fault, Node, PackFaults

ENDINGS = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True)
class Shelf:
    """What stands in the files. `units` are those that none of the packs names; `unit_files` counts all unit files."""

    packs: tuple[Pack, ...]
    units: tuple[PackUnit, ...]
    unit_files: int


def read_shelf(paths: Iterable[Path]) -> Shelf:
    """The packs and units in these files, and in every file of these folders. Raises PackFaults with every fault."""
    reader = _Reader()
    for path in dict.fromkeys(_files(paths, reader.faults)):
        reader.take(path)
    return reader.shelf()


class _Reader:
    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._packs: list[Pack] = []
        self._inside: list[tuple[Path, PackUnit]] = []
        self._folders: dict[Path, UnitFiles] = {}
        self._units: dict[Path, Opened] = {}
        self._references: dict[str, str] = {}

    def take(self, path: Path) -> None:
        """Read one file, unless it holds a unit: whether a pack names that is known at the end."""
        opened = open_file(path)
        _name, root, _faults = opened
        if _is_unit(root):
            self._units[path] = opened
            return
        folder = path.parent / "units"
        files = self._folders.setdefault(folder, UnitFiles(in_folder(folder)))
        try:
            pack = read_opened_pack(opened, files)
        except PackFaults as refused:
            self.faults += refused.faults
            return
        self._packs.append(pack)
        own = {id(unit) for unit in files.found().values()}
        units = (unit for group in pack.groups for unit in group.units)
        self._inside += [(path, unit) for unit in units if not unit.is_outline and id(unit) not in own]
        self._note_reference(pack, opened)

    def shelf(self) -> Shelf:
        """All that was read, or every fault."""
        read = {
            folder / f"{stem}.yaml": unit
            for folder, files in self._folders.items()
            for stem, unit in files.found().items()
        }
        named = set(read)
        alone: list[PackUnit] = []
        for path, opened in ((path, opened) for path, opened in self._units.items() if path not in named):
            try:
                read[path] = unit = read_opened_unit(opened)
                alone.append(unit)
            except PackFaults as refused:
                self.faults += refused.faults
        alike = [(path, unit) for path, unit in read.items() if isinstance(unit, PackUnit)]
        self._compare(sorted([*alike, *self._inside], key=lambda pair: (pair[0], pair[1].code)))
        if self.faults:
            raise PackFaults(tuple(self.faults))
        return Shelf(tuple(self._packs), tuple(alone), len(named | self._units.keys()))

    def _note_reference(self, pack: Pack, opened: Opened) -> None:
        name, root, _faults = opened
        if pack.reference in self._references:
            line, first = _line_of(root, "qualification", "reference"), self._references[pack.reference]
            self.faults.append(Fault(name, line, f"the reference “{pack.reference}” is already used in {first}"))
        self._references.setdefault(pack.reference, name)

    def _compare(self, units: Iterable[tuple[Path, PackUnit]]) -> None:
        """One code is one unit: two files of it must say the same."""
        first: dict[str, tuple[Path, PackUnit]] = {}
        for path, unit in units:
            where, known = first.setdefault(unit.code, (path, unit))
            if known != unit:
                name, root, _faults = open_file(path)
                line = _line_of(root, "unit", "code")
                self.faults.append(Fault(name, line, f"the unit “{unit.code}” reads otherwise in {where.as_posix()}"))


def _files(paths: Iterable[Path], faults: list[Fault]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = sorted(inner for inner in path.rglob("*") if inner.suffix in ENDINGS and inner.is_file())
        if not found:
            faults.append(Fault(path.as_posix(), 1, "the folder has no pack and no unit"))
        yield from found


def _is_unit(root: Node | None) -> bool:
    return isinstance(root, tree.Mapping) and "unit" in root.entries and "qualification" not in root.entries


def _line_of(root: Node | None, part: str, key: str) -> int:
    about = root.entries.get(part) if isinstance(root, tree.Mapping) else None
    return about.entries[key].line if isinstance(about, tree.Mapping) else 1
