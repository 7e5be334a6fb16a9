"""The files of a pack as they were sent: what can be read of them, and everything that is wrong. Pure but for the unit
files that came with the installation.

A file is kept as text, so that whoever mends one file need not send the others again.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from portfolio.config import ROOT
from portfolio.criteria.contents import Pack, PackUnit
from portfolio.criteria.packs import MOST_CRITERIA_IN_ALL, read_pack_texts, read_unit_text
from portfolio.criteria.tree import Fault, PackFaults

SHIPPED = ROOT / "criteria" / "units"
IS_QUALIFICATION = re.compile(r"^[\"']?qualification[\"']?\s*:", re.MULTILINE)
IS_UNIT = re.compile(r"^[\"']?unit[\"']?\s*:", re.MULTILINE)
YAML = (".yaml", ".yml")

Texts = Mapping[str, str]
"""Texts by the names of their files."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the kept files are: a pack, or units alone, or faults. `unused` names the files that no group names."""

    pack: Pack | None = None
    units: tuple[PackUnit, ...] = ()
    faults: tuple[Fault, ...] = ()
    unused: tuple[str, ...] = ()


class _Offered(Mapping[str, str]):
    """Unit texts by stem, those that were sent before those that were shipped; remembers which were asked for."""

    def __init__(self, sent: Texts) -> None:
        self._sent = {stem_of(name): text for name, text in sent.items()}
        self.asked: set[str] = set()

    def __getitem__(self, stem: str) -> str:
        self.asked.add(stem)
        return self._sent[stem] if stem in self._sent else (SHIPPED / f"{stem}.yaml").read_text("utf-8")

    def __contains__(self, stem: object) -> bool:
        return stem in self._sent or (SHIPPED / f"{stem}.yaml").is_file()

    def __iter__(self) -> Iterator[str]:
        return iter({**self._sent, **dict.fromkeys(path.stem for path in SHIPPED.glob("*.yaml"))})

    def __len__(self) -> int:
        return sum(1 for _stem in self)


def stem_of(name: str) -> str:
    """A file's name without its ending, as packs name units."""
    return Path(name).stem


def is_yaml(name: str) -> bool:
    """Whether the name is that of a YAML file."""
    return name.lower().endswith(YAML)


def is_qualification(text: str) -> bool:
    """Whether a text gives itself out as a qualification."""
    return bool(IS_QUALIFICATION.search(text))


def read(texts: Texts) -> Reading:
    """What these files make together: one qualification with the units that it names; without one, units alone."""
    mains = [name for name, text in texts.items() if is_qualification(text)]
    if not mains:
        return _read_units(texts)
    if len(mains) > 1:
        what = "only one qualification can be loaded at a time"
        return Reading(faults=tuple(Fault(name, 1, what) for name in mains))
    others = {name: text for name, text in texts.items() if name != mains[0]}
    if faults := tuple(_of_one_stem(others)):
        return Reading(faults=faults)
    units = _Offered(others)
    try:
        pack = read_pack_texts(texts[mains[0]], units, name=mains[0])
    except PackFaults as refused:
        return Reading(faults=refused.faults)
    unused = [name for name in others if stem_of(name) not in units.asked]
    return Reading(pack, unused=tuple(unused))


def _of_one_stem(names: Iterable[str]) -> Iterator[Fault]:
    """A fault for each file whose name another one has too, but for its ending."""
    first: dict[str, str] = {}
    for name in sorted(names):
        other = first.setdefault(stem_of(name), name)
        if other != name:
            yield Fault(name, 1, f"this has the name of {other} but for its ending: take one of them out")


def _read_units(texts: Texts) -> Reading:
    units: dict[str, PackUnit] = {}
    files: dict[str, str] = {}
    faults: list[Fault] = []
    for name, text in sorted(texts.items()):
        if not IS_UNIT.search(text):
            faults.append(Fault(name, 1, "this is neither a qualification nor a unit"))
            continue
        try:
            unit = read_unit_text(text, name=name)
        except PackFaults as refused:
            faults += refused.faults
            continue
        if unit.code in units:
            faults.append(Fault(name, 1, f"the unit “{unit.code}” stands in {files[unit.code]} already"))
        units.setdefault(unit.code, unit)
        files.setdefault(unit.code, name)
    criteria = sum(len(outcome.criteria) for unit in units.values() for outcome in unit.outcomes)
    if criteria > MOST_CRITERIA_IN_ALL:
        what = f"the units have {criteria} criteria together, more than {MOST_CRITERIA_IN_ALL}"
        faults.append(Fault(next(iter(files.values())), 1, what))
    return Reading(faults=tuple(faults)) if faults else Reading(units=tuple(units.values()))
