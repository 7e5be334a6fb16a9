"""1EdTech CASE v1.0: a package of a document, items and associations. Hierarchy stands in `isChildOf` alone, facts that
CASE has no field for in notes, and hints in a rubric for each unit.
"""

import json
import re
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from portfolio.criteria.exchange.descriptions import as_lines, facts_in, shortened
from portfolio.criteria.exchange.forest import CODE, CREDIT, ORGANISATION, Fact, Hint, Item, What
from portfolio.criteria.exchange.json_files import Fields
from portfolio.criteria.exchange.places import Places
from portfolio.criteria.exchange.ranks import Remark
from portfolio.criteria.rules import GUIDANCE_WORDS, GuidanceKind

OURS = UUID("5f0c2f7e-6d0a-5c57-9c35-4c1c0a6c8f0b")
CHILD_OF = "isChildOf"
_LAST = float("inf")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_ROOT = frozenset({"CFDocument", "CFItems", "CFAssociations", "CFDefinitions", "CFRubrics"})
_TYPES = {what.lower(): what for what in What} | {
    "outcome": What.OUTCOME,
    "criterion": What.CRITERION,
    "assessment criteria": What.CRITERION,
    "qualification unit": What.UNIT,
}
_KINDS = {said.casefold(): kind for kind, said in GUIDANCE_WORDS.items()}


def is_case(root: Any) -> bool:
    """Whether a file is a CASE package."""
    return isinstance(root, dict) and "CFDocument" in root


class _Case:
    """A package as it is read."""

    def __init__(self, root: Any, places: Places, remark: Remark) -> None:
        self._top, self._places, self._remark = Fields(places, "", root), places, remark
        self._items: dict[str, Item] = {}
        self._parents: dict[str, tuple[float, int, str]] = {}

    def read(self) -> Item:
        document = Fields(self._places, "CFDocument", self._top.values["CFDocument"])
        own = self._identified(document)
        facts, _others = self._facts(document)
        if (creator := document.words("creator", needed=True)) and not any(f.label == ORGANISATION for f in facts):
            facts.append(Fact(ORGANISATION, creator, document.at("creator")))
        framework = Item(document.path, "", document.words("title", needed=True), facts=facts)
        if self._top.values.keys() - _ROOT:
            self._remark("The package has parts beside those of CASE 1.0: they are left out.")
        for fields in self._top.several("CFItems"):
            self._item(fields)
        self._associate(own)
        self._assemble(framework, own)
        if self._top.values.get("CFDefinitions"):
            self._remark("The definitions of the package (subjects, licences and the like) are left out.")
        units = _holding_units(framework)
        for rubric in self._top.several("CFRubrics"):
            self._hints(rubric, units)
        return framework

    def _identified(self, fields: Fields) -> str:
        identifier = fields.words("identifier", needed=True)
        if identifier and not _UUID.fullmatch(identifier):
            self._places.fault(fields.at("identifier"), "this must be a UUID")
        for key in ("uri", "lastChangeDateTime"):
            if not fields.words(key):
                self._remark(f"CASE asks for “{key}” everywhere; somewhere it is missing.")
        return identifier.lower()

    def _facts(self, fields: Fields) -> tuple[list[Fact], list[str]]:
        lines = [" ".join(line.split()) for line in fields.words("notes").split("\n")]
        facts, others = facts_in(filter(None, lines), fields.at("notes"))
        if others:
            self._remark("Notes that are no facts of a pack are left out.")
        return facts, others

    def _item(self, fields: Fields) -> None:
        identifier = self._identified(fields)
        if identifier in self._items:
            self._places.fault(
                fields.at("identifier"), f"this is the identifier of {self._items[identifier].place} too"
            )
        statement = " ".join(fields.words("fullStatement", needed=True).split())
        code = fields.words("humanCodingScheme") or fields.words("listEnumeration")
        what = _TYPES.get(fields.words("CFItemType").strip().lower())
        facts, _others = self._facts(fields)
        self._items.setdefault(identifier, Item(fields.path, code.strip(), statement, what=what, facts=facts))

    def _associate(self, document: str) -> None:
        for order, fields in enumerate(self._top.several("CFAssociations")):
            if fields.words("associationType", needed=True) != CHILD_OF:
                self._remark("An association other than isChildOf is left out.")
                continue
            child, parent = (self._end(fields, key) for key in ("originNodeURI", "destinationNodeURI"))
            if child and child not in self._items:
                self._places.fault(fields.at("originNodeURI"), "there is no such item in the package")
            elif parent and parent != document and parent not in self._items:
                self._places.fault(fields.at("destinationNodeURI"), "there is no such item in the package")
            elif child in self._parents:
                self._remark("An item stands under two others: it is kept under the first of them.")
            elif child and parent:
                number = fields.figure("sequenceNumber")
                self._parents[child] = (_LAST if number is None else number, order, parent)

    def _end(self, fields: Fields, key: str) -> str:
        end = fields.one(key)
        if end is None:
            self._places.fault(fields.at(key), "this is needed, and there is nothing")
            return ""
        return end.words("identifier", needed=True).lower()

    def _assemble(self, framework: Item, document: str) -> None:
        """Each item under its parent, in the order of the sequence numbers, then of the package."""
        if self._items.keys() - self._parents.keys() and self._parents:
            self._remark("An item stands under no other one: it is taken as one of the outermost.")
        nowhere = (_LAST, len(self._parents), document)
        for identifier in sorted(self._items, key=lambda one: self._parents.get(one, nowhere)[:2]):
            parent = self._items.get(self._parents.get(identifier, nowhere)[2], framework)
            parent.items.append(self._items[identifier])
        reached = {id(item) for item in framework.inside()}
        for item in self._items.values():
            if id(item) not in reached:
                self._places.fault(item.place, "this stands under itself, by way of what it stands under")

    def _hints(self, rubric: Fields, units: dict[int, Item]) -> None:
        """The criteria of a rubric as hints to the unit that holds what they are tied to."""
        found: dict[tuple[float | None, str, str], list[Fields]] = {}
        for fields in rubric.several("CFRubricCriteria"):
            kind = _KINDS.get(fields.words("category").casefold(), "marking_point")
            text = " ".join(fields.words("description", needed=True).split())
            found.setdefault((fields.figure("position"), kind, text), []).append(fields)
            if fields.values.get("CFRubricCriterionLevels"):
                self._remark("The levels of a rubric have no place in a pack: they are left out.")
        for (_position, kind, text), all_fields in found.items():
            tied = [self._tied(fields) for fields in all_fields]
            holders = {id(units[id(item)]): units[id(item)] for item in tied if item and id(item) in units}
            if len(holders) != 1:
                self._remark("A criterion of a rubric is tied to no unit, or to several: it is left out.")
                continue
            [unit] = holders.values()
            codes = [item.code for item in tied if item and item is not unit and not item.items]
            unit.hints.append(Hint(kind, text, codes, (), all_fields[0].path))

    def _tied(self, fields: Fields) -> Item | None:
        end = fields.one("CFItemURI")
        return self._items.get(end.words("identifier").lower()) if end else None


def _holding_units(framework: Item) -> dict[int, Item]:
    """The unit that each item stands in, by the identity of the item."""
    found: dict[int, Item] = {}
    for item in framework.inside():
        if item.what is What.UNIT or item.fact(CREDIT):
            found[id(item)] = item
        if id(item) in found:
            found |= {id(inner): found[id(item)] for inner in item.items}
    return found


def read_case(root: Any, places: Places, remark: Remark) -> Item:
    """The framework of a package."""
    return _Case(root, places, remark).read()


class _Package:
    """A package as it is written. The same content has the same identifiers, wherever it is written."""

    def __init__(self, framework: Item, content: str, changed: datetime) -> None:
        self._framework, self._content = framework, content
        self._changed = changed.replace(microsecond=0).isoformat()
        self._document = self._identity("document")
        self._items: list[dict[str, Any]] = []
        self._associations: list[dict[str, Any]] = []
        self._rubrics: list[dict[str, Any]] = []

    def _identity(self, *path: str) -> str:
        return str(uuid5(OURS, "\n".join((self._content, *path))))

    def _entry(self, identifier: str) -> dict[str, Any]:
        return {"identifier": identifier, "uri": f"urn:uuid:{identifier}", "lastChangeDateTime": self._changed}

    def made(self) -> dict[str, Any]:
        top = self._framework
        organisation = top.fact(ORGANISATION)
        facts = [fact for fact in top.facts if fact is not organisation]
        for number, item in enumerate(top.items, 1):
            self._add(item, (), self._document, top.name, number)
        package = {
            "CFDocument": self._entry(self._document)
            | {
                "creator": organisation.value if organisation else "",
                "title": top.name,
                "language": "en",
                "notes": "\n".join(as_lines([Fact(CODE, top.code), *facts])),
            },
            "CFItems": self._items,
            "CFAssociations": self._associations,
        }
        return package | ({"CFRubrics": self._rubrics} if self._rubrics else {})

    def _add(self, item: Item, path: tuple[str, ...], parent: str, parent_title: str, number: int) -> None:
        here = (*path, f"{item.what} {item.code}")
        identifier = self._identity(*here)
        entry = self._entry(identifier) | {
            "fullStatement": item.name,
            "humanCodingScheme": item.code,
            "CFItemType": str(item.what),
            "notes": "\n".join(as_lines(item.facts)),
        }
        self._items.append(entry)
        self._associations.append(
            self._entry(self._identity(*here, CHILD_OF))
            | {
                "associationType": CHILD_OF,
                "originNodeURI": _link(item.code, identifier),
                "destinationNodeURI": _link(shortened(parent_title), parent),
                "sequenceNumber": number,
            }
        )
        for place, inner in enumerate(item.items, 1):
            self._add(inner, here, identifier, item.code, place)
        if item.hints:
            self._rubrics.append(self._rubric(item, here, identifier))

    def _rubric(self, unit: Item, path: tuple[str, ...], identifier: str) -> dict[str, Any]:
        own = self._identity(*path, "rubric")
        codes = {
            one.code: self._identity(*path, f"{outcome.what} {outcome.code}", f"{one.what} {one.code}")
            for outcome in unit.items
            for one in outcome.items
        }
        criteria = [
            self._entry(self._identity(*path, "rubric", str(position), tied))
            | {
                "category": GUIDANCE_WORDS[GuidanceKind(hint.kind)],
                "description": hint.text,
                "CFItemURI": _link(tied or unit.code, codes.get(tied, identifier)),
                "position": position,
                "rubricId": own,
            }
            for position, hint in enumerate(unit.hints, 1)
            for tied in (hint.criteria or ("",))
        ]
        return self._entry(own) | {"title": f"Guidance to {unit.code}", "CFRubricCriteria": criteria}


def _link(title: str, identifier: str) -> dict[str, str]:
    return {"title": title, "identifier": identifier, "uri": f"urn:uuid:{identifier}"}


def write_case(framework: Item, *, content: str, changed: datetime) -> bytes:
    """The package of a framework; `content` is what its identifiers are made of."""
    package = _Package(framework, content, changed).made()
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()
