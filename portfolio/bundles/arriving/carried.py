"""The criteria that a bundle carries: read as packs are, and compared with what its portfolios stand on."""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from portfolio.bundles.arriving.checking import BadBundle
from portfolio.bundles.arriving.incoming import Limits, Packs
from portfolio.criteria.contents import Pack, PackUnit, content_sha
from portfolio.criteria.packs import read_pack_texts, read_unit_text
from portfolio.criteria.tree import PackFaults
from portfolio.storage.rules import size_words

OF_QUALIFICATION = ("reference", "title", "level", "awarding_organisation", "spec_version", "rules_known")
OF_UNIT = ("title", "level", "credit", "glh", "is_outline")
"""What the records repeat of the criteria."""
UNITS_MOST = 16 * 1024**2
"""How much the files of all units of a portfolio may have together."""


class Carried:
    """The criteria of one bundle that was unpacked; each file is read once."""

    def __init__(self, folder: Path, listed: Mapping[str, Mapping[str, Any]], limits: Limits) -> None:
        self._folder, self._listed, self._limits = folder, listed, limits
        self._packs: dict[tuple[str, str], Pack] = {}
        self._units: dict[str, PackUnit] = {}

    def packs_of(self, records: Mapping[str, Any]) -> tuple[Packs | None, list[str]]:
        """The qualification and every wording of a unit that the records name, and what is wrong with them; None when
        anything is.
        """
        try:
            pack = self._pack(records)
            units = {content_sha(unit): unit for group in pack.groups for unit in group.units}
            for one in records["unit_versions"]:
                if one["content_sha"] not in units:
                    units[one["content_sha"]] = self._unit(records["packs"]["units"], one)
        except BadBundle as bad:
            return None, list(bad.faults)
        faults = (
            []
            if _is_told(records["qualification"], pack, OF_QUALIFICATION)
            else ["The qualification reads otherwise in the records than in the criteria"]
        )
        faults += [fault for one in records["unit_versions"] for fault in _differences(one, units, records)]
        return (None if faults else Packs(pack, units)), faults

    def _pack(self, records: Mapping[str, Any]) -> Pack:
        path, sha = records["packs"]["qualification"], records["qualification"]["content_sha"]
        if (path, sha) not in self._packs:
            units = dict.fromkeys(path for path in records["packs"]["units"].values() if path in self._listed)
            if sum(self._listed[one]["size"] for one in units) > UNITS_MOST:
                raise BadBundle([f"The files of units have more than {size_words(UNITS_MOST)} together"])
            texts = {PurePosixPath(one).stem: self._read(one) for one in units}
            pack = _as_pack(path, self._read(path), texts)
            if content_sha(pack) != sha:
                raise BadBundle([f"{path} says something else than the qualification that the portfolio is on"])
            self._packs[path, sha] = pack
        return self._packs[path, sha]

    def _unit(self, paths: Mapping[str, str], version: Mapping[str, Any]) -> PackUnit:
        sha = version["content_sha"]
        if sha not in paths:
            raise BadBundle([f"The wording of unit {version['code']} that is claimed for is not in the bundle"])
        if sha not in self._units:
            path = paths[sha]
            try:
                unit = read_unit_text(self._read(path), name=path)
            except PackFaults as refused:
                raise BadBundle(map(str, refused.faults)) from refused
            if content_sha(unit) != sha:
                raise BadBundle([f"{path} says something else than the unit that the portfolio is on"])
            self._units[sha] = unit
        return self._units[sha]

    def _read(self, path: str) -> bytes:
        entry = self._listed.get(path)
        if entry is None:
            raise BadBundle([f"{path} is missing"])
        if entry["size"] > self._limits.pack:
            raise BadBundle([f"{path} has more than {size_words(self._limits.pack)}"])
        return (self._folder / path).read_bytes()


def _as_pack(path: str, main: bytes, texts: Mapping[str, bytes]) -> Pack:
    try:
        return read_pack_texts(main, texts, name=path)
    except PackFaults as refused:
        raise BadBundle(map(str, refused.faults)) from refused


def _differences(
    version: Mapping[str, Any], units: Mapping[str, PackUnit], records: Mapping[str, Any]
) -> Iterator[str]:
    """Where the criteria in the records are not those of the unit."""
    unit = units[version["content_sha"]]
    if unit.code != version["code"]:
        yield f"The criteria of unit {version['code']} are those of {unit.code}"
        return
    for one in records["units"]:
        if one["unit_version"] == version["id"] and not _is_told(one, unit, OF_UNIT):
            yield f"Unit {unit.code} reads otherwise in the records than in the criteria"
    said = {
        one.code: (one.text, list(one.methods), outcome.code, outcome.title, outcome.kind)
        for outcome in unit.outcomes
        for one in outcome.criteria
    }
    for one in records["criteria"]:
        told = tuple(one[name] for name in ("text", "methods", "outcome", "outcome_title", "outcome_kind"))
        if one["unit_version"] == version["id"] and said.get(one["code"]) != told:
            yield f"Criterion {one['code']} of unit {unit.code} reads otherwise in the records than in the criteria"


def _is_told(row: Mapping[str, Any], content: Pack | PackUnit, names: tuple[str, ...]) -> bool:
    return all(row[name] == getattr(content, name) for name in names)
