"""Mahara's `.matrix` for SmartEvidence, in both styles: elements in a list of their own, joined by ids, or elements
within their standard, in which one with `parent` belongs to the last one without. Units are standards; which group a
unit is in stands in its description.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from portfolio.criteria.exchange.descriptions import SHORT_MOST, as_html, from_html, parted, shortened
from portfolio.criteria.exchange.forest import CODE, GROUP, KIND, LEAST, LISTED, MOST, Fact, Item, What
from portfolio.criteria.exchange.json_files import Fields
from portfolio.criteria.exchange.places import Places
from portfolio.criteria.exchange.ranks import Remark

NAME_MOST = 255
STATUSES = {
    "begun": "Evidence is there",
    "incomplete": "Not yet enough",
    "partialcomplete": "Enough in part",
    "completed": "Met",
}
_STATES = [{key: word} for key, word in STATUSES.items()]


def is_matrix(root: Any) -> bool:
    """Whether a file is a matrix."""
    return isinstance(root, dict) and "framework" in root


class _Matrix:
    """A matrix as it is read."""

    def __init__(self, root: Any, places: Places, remark: Remark) -> None:
        self._places, self._remark = places, remark
        self._top = Fields(places, "framework", root["framework"])

    def read(self) -> Item:
        top = self._top
        framework = self._item(top)
        if not framework.name:
            self._places.fault(top.at("name"), "this is needed, and there is nothing")
        self._look_at_statuses()
        standards = [(self._item(fields), fields) for fields in top.several("standards")]
        if not standards:
            self._places.fault(top.at("standards"), "there is no standard")
        for item, fields in standards:
            self._within(item, fields)
        self._joined(standards)
        framework.items = self._grouped(framework, [item for item, _fields in standards])
        return framework

    def _look_at_statuses(self) -> None:
        given = self._top.values.get("evidencestatuses")
        if given is None:
            return
        if given != _STATES:
            self._remark("What Mahara calls the states of evidence has no place in a pack: it is left out.")
        is_right = isinstance(given, list) and all(isinstance(one, dict) and len(one) == 1 for one in given)
        keys = [next(iter(one)) for one in given] if is_right else []
        if not is_right or any(key not in STATUSES for key in keys) or len(set(keys)) < len(keys):
            self._places.fault(
                self._top.at("evidencestatuses"),
                f"this must be a list of objects with one key each, in order: {', '.join(STATUSES)}",
            )

    def _item(self, fields: Fields) -> Item:
        body, facts = parted(from_html(fields.words("description")), fields.at("description"))
        code, name = " ".join(fields.words("shortname").split()), " ".join(fields.words("name").split())
        said = next((fact.value for fact in facts if fact.label == CODE), "")
        return Item(fields.path, said or code, name or code, body=body, facts=facts, is_cut=name.endswith("…"))

    def _within(self, standard: Item, fields: Fields) -> None:
        """The old style: an element with `parent` belongs to the last one without."""
        elements = list(fields.several("standardelement"))
        order = [one.figure("priority") for one in elements]
        if None not in order:
            elements = [one for _order, one in sorted(zip(order, elements, strict=True), key=lambda pair: pair[0] or 0)]
        last: Item | None = None
        for one in elements:
            item = self._item(one)
            if one.values.get("parent") is not True:
                standard.items.append(item)
                last = item
            elif last is None:
                self._places.fault(one.at("parent"), "this belongs to the element before it, and there is none")
            else:
                last.items.append(item)

    def _joined(self, standards: Sequence[tuple[Item, Fields]]) -> None:
        """The new style. Ids of another type than the standard's are joined too, where that leaves no doubt."""
        exact = {_exact(fields, "standardid"): item for item, fields in standards}
        loose = _unambiguous((str(fields.values.get("standardid")), item) for item, fields in standards)
        found: list[tuple[Fields, Item, Item]] = []
        for fields in self._top.several("standardelements"):
            item = self._item(fields)
            standard = exact.get(_exact(fields, "standardid"))
            if standard is None and (standard := loose.get(str(fields.values.get("standardid")))):
                self._remark("A “standardid” is a number in one place and text in another: Mahara drops that element.")
            if standard is None or fields.values.get("standardid") is None:
                self._places.fault(fields.at("standardid"), "no standard has this id: Mahara drops that element")
            else:
                found.append((fields, item, standard))
        self._under_parents(found)

    def _under_parents(self, found: Sequence[tuple[Fields, Item, Item]]) -> None:
        known: dict[tuple[int, str], Item] = {}
        for fields, item, standard in found:
            identity = fields.values.get("elementid")
            if identity is not None and known.setdefault((id(standard), str(identity)), item) is not item:
                self._places.fault(fields.at("elementid"), "another element of this standard has this id too")
        seen: set[int] = set()
        for fields, item, standard in found:
            wanted = fields.values.get("parentelementid")
            parent = known.get((id(standard), str(wanted))) if wanted not in (None, "", 0) else standard
            if parent is None:
                self._places.fault(fields.at("parentelementid"), "no element of this standard has this id")
                standard.items.append(item)
            else:
                if parent is not standard and id(parent) not in seen:
                    self._remark("An element stands before the one that it belongs to: Mahara loses such a tie.")
                parent.items.append(item)
            seen.add(id(item))
        standards = {id(standard): standard for _fields, _item, standard in found}
        reached = {id(inner) for standard in standards.values() for inner in standard.inside()}
        for fields, item, _standard in found:
            if id(item) not in reached:
                self._places.fault(fields.at("parentelementid"), "this belongs to itself, by way of what it belongs to")

    def _grouped(self, framework: Item, units: list[Item]) -> list[Item]:
        """The units in their groups, where the descriptions speak of groups."""
        groups = {group.code: group for group in map(self._group, framework.all(GROUP))}
        if not groups:
            return units
        for unit in units:
            said = unit.fact(GROUP)
            group = groups.get(said.value) if said else None
            if group is None:
                self._places.fault(unit.place, "this is in no group that the framework’s description names")
            else:
                unit.what = What.UNIT
                group.items.append(unit)
        return list(groups.values())

    def _group(self, fact: Fact) -> Item:
        parts = [part.strip() for part in fact.value.split(";", 5)]
        if len(parts) < 6:
            self._places.fault(fact.place, "a group must read as “code; kind; least; most; listed; title”")
            return Item(fact.place, fact.value, fact.value, what=What.GROUP)
        code, kind, least, most, listed, title = parts
        pairs = ((KIND, kind), (LEAST, least), (MOST, most), (LISTED, listed))
        facts = [Fact(label, value, fact.place) for label, value in pairs if value]
        return Item(fact.place, code, title, what=What.GROUP, facts=facts)


def _exact(fields: Fields, key: str) -> tuple[type, Any] | None:
    """An id with its type: Mahara joins 1 with 1, and not with “1”."""
    value = fields.values.get(key)
    return (type(value), value) if isinstance(value, str | int | float) else None


def _unambiguous(pairs: Iterable[tuple[str, Item]]) -> dict[str, Item]:
    found: dict[str, Item | None] = {}
    for key, item in pairs:
        found[key] = None if key in found else item
    return {key: item for key, item in found.items() if item is not None}


def read_matrix(root: Any, places: Places, remark: Remark) -> Item:
    """The framework of a matrix."""
    return _Matrix(root, places, remark).read()


def write_matrix(framework: Item, *, is_old: bool) -> bytes:
    """The matrix of a framework, in the style that Mahara writes today or in the one of its examples."""
    groups = [
        Fact(
            GROUP, "; ".join((group.code, *(_said(group, label) for label in (KIND, LEAST, MOST, LISTED)), group.name))
        )
        for group in framework.items
    ]
    facts = [Fact(CODE, framework.code), *framework.facts, *groups]
    standards: list[dict[str, Any]] = []
    elements: list[dict[str, Any]] = []
    for group in framework.items:
        for unit in group.items:
            number = len(standards) + 1
            standard = _entry(unit, [Fact(GROUP, group.code), *unit.facts])
            if is_old:
                standards.append(standard | {"priority": number, "standardelement": _old_elements(unit)})
            else:
                standards.append(standard | {"standardid": number})
                elements += _new_elements(unit, number, len(elements))
    root = {
        "institution": "all",
        "name": shortened(framework.name, NAME_MOST),
        "description": as_html(framework.name, facts),
        "selfassess": False,
        "evidencestatuses": _STATES,
        "standards": standards,
    }
    whole = {"framework": root if is_old else root | {"standardelements": elements}}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _said(item: Item, label: str) -> str:
    fact = item.fact(label)
    return fact.value if fact else ""


def _entry(item: Item, facts: Iterable[Fact]) -> dict[str, Any]:
    return {
        "shortname": shortened(item.code, SHORT_MOST),
        "name": shortened(item.name, NAME_MOST),
        "description": as_html(item.name, facts),
    }


def _old_elements(unit: Item) -> list[dict[str, Any]]:
    entries = [
        _entry(item, item.facts) | {"parent": is_inner}
        for outcome in unit.items
        for item, is_inner in ((outcome, False), *((one, True) for one in outcome.items))
    ]
    return [entry | {"priority": number} for number, entry in enumerate(entries, 1)]


def _new_elements(unit: Item, standard: int, before: int) -> list[dict[str, Any]]:
    """The elements of a standard, each after the one that it belongs to; ids are numbers that come once."""
    elements: list[dict[str, Any]] = []
    for outcome in unit.items:
        own = before + len(elements) + 1
        elements.append(_entry(outcome, outcome.facts) | {"standardid": standard, "elementid": own})
        elements += [
            _entry(one, one.facts) | {"standardid": standard, "elementid": own + place, "parentelementid": own}
            for place, one in enumerate(outcome.items, 1)
        ]
    return elements
