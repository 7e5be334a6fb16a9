"""Makes a pack of a framework: fills in what a pack needs and the file does not say, and remembers what was assumed and
what was left out.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from portfolio.criteria.exchange.forest import (
    BARRED,
    CERTIFIED_UNTIL,
    CODE,
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
)
from portfolio.criteria.exchange.places import Places
from portfolio.criteria.exchange.ranks import Ranks, statement_of, title_of
from portfolio.criteria.fields import CODE as IS_CODE
from portfolio.criteria.rules import OutcomeKind
from portfolio.criteria.tree import Node

CODE_MOST, NO_CODE = 40, "X"
UNKNOWN_ORGANISATION, UNKNOWN_SPECIFICATION = "Not said", "Not said"
USUAL_METHODS = {
    OutcomeKind.KNOWLEDGE: "PD, Q, RA, RPL, AS",
    OutcomeKind.PERFORMANCE: "O, PE, PD, RA, WT, EWT, RPL",
}
"""How knowing and doing are usually shown."""

_NO_CODE = re.compile(r"[^A-Za-z0-9./-]+")
_KNOWS = re.compile(r"(?:know|understand|be aware|explain|describe)\b", re.IGNORECASE)
_LEVEL = re.compile(r"\blevel ([1-8])\b", re.IGNORECASE)
_FLOOR = re.compile(r"([0-9]{1,9}) at level ([0-9]{1,9})")
_THEME = re.compile(r"([^;]+); ([0-9]{1,9}) of ([^;]*); (.+)")


@dataclass(frozen=True, slots=True)
class Assumed:
    """What stands for what the file does not say."""

    level: int | None = None
    organisation: str = ""


class Shaping:
    """One framework on its way to a pack. `format_title` tells in its source where it came from."""

    def __init__(self, framework: Item, places: Places, assumed: Assumed, *, format_title: str) -> None:
        self._top, self._places, self._assumed, self._format = framework, places, assumed, format_title
        self._remarks: Counter[str] = Counter()
        self._written: dict[str, str] = {}
        found = _LEVEL.search(framework.body or framework.name)
        level = str(assumed.level or "") or (found[1] if found else "1")
        self._level = said.value if (said := framework.fact(LEVEL)) else level

    def remarks(self) -> tuple[str, ...]:
        """What was assumed and what was left out, a sentence for each kind of thing."""
        return tuple(
            f"{sentence} ({count:,} times)" if count > 1 else sentence for sentence, count in self._remarks.items()
        )

    def remark(self, sentence: str) -> None:
        """Note what was assumed or left out."""
        self._remarks[sentence] += 1

    def root(self) -> Node:
        """The pack as a tree."""
        top = self._top
        Ranks(self._places, top, self.remark).settle()
        return self._places.fields(
            top.place,
            {
                "qualification": self._qualification(top),
                "rules": self._rules(top),
                "groups": self._places.listed(top.place, [self._group(*one) for one in enumerate(top.items, 1)]),
            },
        )

    def _qualification(self, top: Item) -> Node:
        title = self._title(top)
        if not top.fact(LEVEL) and not self._assumed.level:
            self.remark(f"The level of the qualification is not given: level {self._level} is written.")
        return self._places.fields(
            top.place,
            {
                "reference": self._code(top, lambda: title),
                "reference_note": self._words(top, CODE_NOTE),
                "title": self._places.text(top.place, title),
                "level": self._number(top, LEVEL, self._level),
                "awarding_organisation": self._words(
                    top,
                    ORGANISATION,
                    self._assumed.organisation or UNKNOWN_ORGANISATION,
                    ""
                    if self._assumed.organisation
                    else "The awarding organisation is not given: “Not said” is written.",
                ),
                "spec_version": self._words(
                    top, SPECIFICATION, UNKNOWN_SPECIFICATION, "The specification is not named: “Not said” is written."
                ),
                "status": self._words(top, WORDING, "draft"),
                "source": self._words(top, SOURCE, self._source()),
                "operational_end": self._words(top, OPEN_UNTIL),
                "certification_end": self._words(top, CERTIFIED_UNTIL),
            },
        )

    def _source(self) -> str:
        return (
            f"Taken over from a file in the format {self._format}. Check the wording against the specification of the "
            "awarding organisation before you rely on it."
        )

    def _rules(self, top: Item) -> Node:
        places, total = self._places, top.fact(TOTAL)
        parts = (top.fact(FLOOR), *top.all(THEME), *top.all(BARRED))
        if total is None:
            for fact in filter(None, parts):
                places.fault(fact.place, f"“{fact.label}” asks for “{TOTAL}” too")
            return places.text(top.place, "unknown")
        return places.fields(
            total.place,
            {
                "credits_min": places.number(total.place, total.value),
                "level_floor": self._floor(top.fact(FLOOR)),
                "themes": places.listed(total.place, [self._theme(fact) for fact in top.all(THEME)]),
                "barred": places.listed(
                    total.place, [places.listed(fact.place, self._codes(fact)) for fact in top.all(BARRED)]
                ),
            },
        )

    def _floor(self, fact: Fact | None) -> Node | None:
        if fact is None:
            return None
        if (found := _FLOOR.fullmatch(fact.value)) is None:
            self._places.fault(fact.place, "the level floor must read as “40 at level 3”")
            return None
        numbers = {"level": found[2], "credits": found[1]}
        return self._places.fields(
            fact.place, {key: self._places.number(fact.place, value) for key, value in numbers.items()}
        )

    def _theme(self, fact: Fact) -> Node:
        places = self._places
        if (found := _THEME.fullmatch(fact.value)) is None:
            places.fault(fact.place, "a theme must read as “code; 2 of U1, U2, U3; title”")
            return places.fields(fact.place, {})
        return places.fields(
            fact.place,
            {
                "id": places.text(fact.place, found[1].strip()),
                "title": places.text(fact.place, found[4]),
                "at_least": places.number(fact.place, found[2]),
                "units": places.listed(fact.place, self._codes(Fact("", found[3], fact.place))),
            },
        )

    def _codes(self, fact: Fact) -> list[Node]:
        return [self._places.text(fact.place, code) for code in split(fact.value)]

    def _group(self, number: int, group: Item) -> Node:
        listed = self._words(group, LISTED)
        if listed is None and not group.items:
            self.remark("A group has no units: it is taken as one of which not all units are listed.")
            listed = self._places.text(group.place, "some")
        return self._places.fields(
            group.place,
            {
                "id": self._code(group, lambda: f"G{number}"),
                "title": self._places.text(group.place, self._title(group)),
                "kind": self._words(group, KIND, "optional"),
                "credits_min": self._figure(group, LEAST),
                "credits_max": self._figure(group, MOST),
                "listed": listed,
                "units": self._places.listed(group.place, [self._unit(*one) for one in enumerate(group.items, 1)]),
            },
        )

    def _unit(self, number: int, unit: Item) -> Node:
        places = self._places
        title = self._title(unit)
        about = {
            "code": self._code(unit, lambda: f"U{number}"),
            "code_note": self._words(unit, CODE_NOTE),
            "title": places.text(unit.place, title),
            "level": self._number(
                unit, LEVEL, self._level, "The level of a unit is not given: that of the qualification is written."
            ),
            "credit": self._number(unit, CREDIT, "0", "The credit of a unit is not given: 0 is written."),
        }
        if unit.fact(OUTLINE) or not unit.items:
            for item in unit.items:
                places.fault(item.place, "a unit in outline has no outcomes")
            if not unit.fact(OUTLINE):
                self.remark("A unit has no criteria: it is taken in outline.")
            return places.fields(unit.place, about)
        about |= {
            "glh": self._number(unit, HOURS, "0", "The guided learning hours of a unit are not given: 0 is written."),
            "figures": self._words(unit, FIGURES, "unconfirmed"),
            "status": self._words(unit, WORDING, "draft"),
            "source": self._words(unit, SOURCE, self._source()),
        }
        self._written = {}
        outcomes = [self._outcome(*one) for one in enumerate(unit.items, 1)]
        return places.fields(
            unit.place,
            {
                "unit": places.fields(unit.place, about),
                "outcomes": places.listed(unit.place, outcomes),
                "guidance": places.listed(unit.place, [self._hint(hint) for hint in unit.hints]),
            },
        )

    def _outcome(self, number: int, outcome: Item) -> Node:
        title = self._title(outcome)
        kind = said.value if (said := outcome.fact(KIND)) else None
        if kind is None:
            kind = OutcomeKind.KNOWLEDGE if _KNOWS.match(title) else OutcomeKind.PERFORMANCE
            self.remark("Whether an outcome asks to know or to do is not given: it is told from how it begins.")
        code = self._code_of(outcome, lambda: str(number))
        usual = USUAL_METHODS.get(OutcomeKind(kind) if kind in set(OutcomeKind) else OutcomeKind.PERFORMANCE, "")
        criteria = [self._criterion(f"{code}.{place}", usual, one) for place, one in enumerate(outcome.items, 1)]
        return self._places.fields(
            outcome.place,
            {
                "id": self._places.text(outcome.place, code),
                "title": self._places.text(outcome.place, title),
                "kind": self._places.text(said.place if said else outcome.place, kind),
                "criteria": self._places.listed(outcome.place, criteria),
            },
        )

    def _criterion(self, made: str, usual: str, criterion: Item) -> Node:
        said = criterion.fact(METHODS)
        if said is None:
            self.remark("The methods for a criterion are not given: the usual ones for knowing or doing are written.")
        methods = said or Fact(METHODS, usual, criterion.place)
        code = self._code_of(criterion, lambda: made)
        self._written[criterion.code] = code
        return self._places.fields(
            criterion.place,
            {
                "id": self._places.text(criterion.place, code),
                "text": self._places.text(criterion.place, statement_of(criterion)),
                "methods": self._places.listed(methods.place, self._codes(methods)),
            },
        )

    def _hint(self, hint: Hint) -> Node:
        places = self._places
        codes = [self._written.get(code, code) for code in hint.criteria if code]
        return places.fields(
            hint.place,
            {
                "kind": places.text(hint.place, hint.kind),
                "text": places.text(hint.place, hint.text),
                "criteria": places.listed(hint.place, [places.text(hint.place, code) for code in codes]),
                "sources": places.listed(hint.place, [places.text(hint.place, stem) for stem in hint.sources]),
            },
        )

    def _title(self, item: Item) -> str:
        title, rest = title_of(item)
        if rest:
            self.remark("What is said of an item beside its title has no place in a pack: it is left out.")
        return title

    def _code(self, item: Item, made: Callable[[], str]) -> Node:
        said = item.fact(CODE)
        return self._places.text(said.place if said else item.place, self._code_of(item, made))

    def _code_of(self, item: Item, made: Callable[[], str]) -> str:
        given = said.value if (said := item.fact(CODE)) else item.code
        if IS_CODE.fullmatch(given):
            return given
        plain = _NO_CODE.sub("-", given or made()).strip("-./")[:CODE_MOST].rstrip("-./") or NO_CODE
        if given:
            self.remark(f"“{given[:CODE_MOST]}” is no code as packs have them: “{plain}” is written.")
        elif item is self._top:
            self.remark(f"The qualification has no reference: “{plain}” is written.")
        else:
            self.remark("An item has no code: it is numbered.")
        return plain

    def _words(self, item: Item, label: str, otherwise: str = "", remark: str = "") -> Node | None:
        """What is said under a label, or what stands for it."""
        if said := item.fact(label):
            return self._places.text(said.place, said.value)
        if remark:
            self.remark(remark)
        return self._places.text(item.place, otherwise) if otherwise else None

    def _number(self, item: Item, label: str, otherwise: str, remark: str = "") -> Node:
        said = item.fact(label)
        if said is None and remark:
            self.remark(remark)
        fact = said or Fact(label, otherwise, item.place)
        return self._places.number(fact.place, fact.value)

    def _figure(self, item: Item, label: str) -> Node | None:
        said = item.fact(label)
        return None if said is None else self._places.number(said.place, said.value)


def split(value: str) -> list[str]:
    """The codes of a list with commas."""
    return [part for part in (part.strip() for part in value.split(",")) if part]
