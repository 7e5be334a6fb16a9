"""What a criteria pack says, as values: a qualification, its groups, its units with criteria and guidance. Pure.

What is said, and nothing else, makes the content sha, by which the same content is known wherever it comes from.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from portfolio.criteria.combination import Floor, Group, Required, Rules, Theme
from portfolio.criteria.rules import Figures, GroupKind, GuidanceKind, Listed, Method, OutcomeKind, Status

ADDED: dict[str, Any] = {
    "is_outline": False,
    "operational_end": None,
    "certification_end": None,
    "credits_min": None,
    "credits_max": None,
    "level_floor": None,
    "themes": (),
    "barred": (),
    "kind": GroupKind.OPTIONAL,
    "listed": Listed.ALL,
}
"""Fields that packs had not always, with what each says when it says nothing: so content that was stored before they
came keeps its content sha.
"""


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
    """A unit. `code_note` says so when the code is not a regulator's; `source` tells whose wording it is.

    In outline it is a code, a title, a level and a credit, and nothing is said of the rest.
    """

    code: str
    code_note: str
    title: str
    level: int
    credit: int
    glh: int
    is_outline: bool
    figures: Figures
    status: Status
    source: str
    outcomes: tuple[PackOutcome, ...]
    guidance: tuple[PackGuidance, ...]

    @property
    def wording(self) -> dict[str, str]:
        """What each criterion says, by its code, in order."""
        return {one.code: one.text for outcome in self.outcomes for one in outcome.criteria}


@dataclass(frozen=True, slots=True)
class PackGroup:
    """Units of a qualification that are chosen together. A mandatory group's `credits_min` is the sum of its units."""

    code: str
    title: str
    kind: GroupKind
    credits_min: int | None
    credits_max: int | None
    listed: Listed
    units: tuple[PackUnit, ...]

    @property
    def rule(self) -> Group:
        """What the group asks of a choice."""
        is_mandatory = self.kind is GroupKind.MANDATORY
        required = tuple(Required(unit.code, unit.title) for unit in self.units) if is_mandatory else ()
        return Group(self.code, self.title, self.kind, self.credits_min, self.credits_max, required, self.listed)


@dataclass(frozen=True, slots=True)
class Pack:
    """A qualification with its units. Without `credits_min` its rules are not known, and no choice is checked."""

    reference: str
    reference_note: str
    title: str
    level: int
    awarding_organisation: str
    spec_version: str
    status: Status
    source: str
    operational_end: date | None
    certification_end: date | None
    credits_min: int | None
    level_floor: Floor | None
    themes: tuple[Theme, ...]
    barred: tuple[tuple[str, str], ...]
    groups: tuple[PackGroup, ...]

    @property
    def rules_known(self) -> bool:
        """Whether a choice of units can be checked."""
        return self.credits_min is not None

    @property
    def rules(self) -> Rules:
        """How its units combine."""
        groups = tuple(group.rule for group in self.groups)
        return Rules(self.credits_min, self.level_floor, self.themes, self.barred, groups)


def content_sha(content: Pack | PackUnit) -> str:
    """SHA-256 of what a pack or a unit says, in hexadecimal; the layout of its file does not change it."""
    said = asdict(content, dict_factory=_said)
    if isinstance(content, Pack):
        said["rules_known"] = content.rules_known
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=date.isoformat)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _said(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A mapping without what `ADDED` fields do not say."""
    return {key: value for key, value in pairs if key not in ADDED or value != ADDED[key]}
