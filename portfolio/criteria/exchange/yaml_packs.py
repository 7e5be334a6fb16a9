"""A pack as one YAML file, units and all or with units in files of their own, which the reader of packs takes back as
the same content.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from portfolio.criteria.contents import Pack, PackGroup, PackGuidance, PackOutcome, PackUnit
from portfolio.criteria.rules import GroupKind, Listed

WIDTH = 110
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def as_yaml(pack: Pack, remarks: Iterable[str] = (), stems: Mapping[str, str] | None = None) -> str:
    """The text of the file; remarks stand above it. Units whose codes `stems` has are in the files of those names."""
    head = "".join(f"# {' '.join(remark.split())}\n" for remark in remarks)
    body = _text(_pack(pack, stems or {}))
    return f"{head}\n{body}" if head else body


def unit_as_yaml(unit: PackUnit) -> str:
    """The text of a unit file; one in outline has none."""
    return _text(_unit(unit))


def _text(said: dict[str, Any]) -> str:
    return str(yaml.dump(said, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=WIDTH))


def _given(**fields: Any) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value not in (None, "", (), [])}


def _pack(pack: Pack, stems: Mapping[str, str]) -> dict[str, Any]:
    about = _given(
        reference=pack.reference,
        reference_note=pack.reference_note,
        title=pack.title,
        level=pack.level,
        awarding_organisation=pack.awarding_organisation,
        spec_version=pack.spec_version,
        status=str(pack.status),
        source=pack.source,
        operational_end=pack.operational_end,
        certification_end=pack.certification_end,
    )
    return {"qualification": about, "rules": _rules(pack), "groups": [_group(group, stems) for group in pack.groups]}


def _rules(pack: Pack) -> str | dict[str, Any]:
    if pack.credits_min is None:
        return "unknown"
    floor = pack.level_floor
    return _given(
        credits_min=pack.credits_min,
        level_floor=floor and {"level": floor.level, "credits": floor.credits},
        themes=[
            {"id": theme.code, "title": theme.title, "at_least": theme.at_least, "units": list(theme.units)}
            for theme in pack.themes
        ],
        barred=[list(pair) for pair in pack.barred],
    )


def _group(group: PackGroup, stems: Mapping[str, str]) -> dict[str, Any]:
    is_mandatory = group.kind is GroupKind.MANDATORY
    about = _given(
        id=group.code,
        title=group.title,
        kind=str(group.kind),
        credits_min=None if is_mandatory else group.credits_min,
        credits_max=group.credits_max,
        listed=str(group.listed) if group.listed is Listed.SOME else None,
    )
    return about | {"units": [stems.get(unit.code) or _unit(unit) for unit in group.units]}


def _unit(unit: PackUnit) -> dict[str, Any]:
    about = _given(code=unit.code, code_note=unit.code_note, title=unit.title, level=unit.level, credit=unit.credit)
    if unit.is_outline:
        return about
    about |= {"glh": unit.glh, "figures": str(unit.figures), "status": str(unit.status), "source": unit.source}
    whole = {"unit": about, "outcomes": [_outcome(outcome) for outcome in unit.outcomes]}
    return whole | _given(guidance=[_guidance(hint) for hint in unit.guidance])


def _outcome(outcome: PackOutcome) -> dict[str, Any]:
    criteria = [{"id": one.code, "text": one.text, "methods": list(map(str, one.methods))} for one in outcome.criteria]
    return {"id": outcome.code, "title": outcome.title, "kind": str(outcome.kind), "criteria": criteria}


def _guidance(hint: PackGuidance) -> dict[str, Any]:
    tied = _given(criteria=list(hint.criteria))
    return {"kind": str(hint.kind), "text": hint.text, **tied, "sources": list(hint.sources)}
