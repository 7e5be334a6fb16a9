"""What imports are called on screen."""

from dataclasses import astuple, dataclass

from markupsafe import Markup

from portfolio.imports.plans import Plan
from portfolio.imports.rules import COLUMNS, Fate, ImportKind
from portfolio.web.looks import Look
from portfolio.web.terms import worded


@dataclass(frozen=True, slots=True)
class KindWords:
    """A kind of list: as a title, what it does, and what one of its rows is and several are. Standard words that the
    centre may replace stand in braces.
    """

    title: str
    does: str
    one: str
    many: str


KINDS = {
    ImportKind.PEOPLE: KindWords("People", "Invites {learners} and staff, each in a role.", "person", "people"),
    ImportKind.COHORTS: KindWords("{Cohorts}", "Opens {cohorts} with their start.", "{cohort}", "{cohorts}"),
    ImportKind.ENROLMENTS: KindWords(
        "Enrolments",
        "Enrols {learners} who are invited, at once in a {cohort} and with an {assessor}.",
        "enrolment",
        "enrolments",
    ),
    ImportKind.ALLOCATIONS: KindWords(
        "Allocations",
        "Gives staff their duties towards enrolled {learners}, with dates.",
        "allocation",
        "allocations",
    ),
}

FATES = {
    Fate.BAD: Look("is-risk", "exclamation-circle", "To mend"),
    Fate.NEW: Look("is-met", "plus-circle", "New"),
    Fate.CHANGE: Look("is-claimed", "arrow-repeat", "Changes"),
    Fate.SAME: Look("is-none", "check-lg", "There already"),
}
"""How each fate of a row looks, in the order in which they are named."""
SIGNS = {fate: Markup(look.drawn()) for fate, look in FATES.items()}  # noqa: S704 - fixed words

AFTERWARDS = {
    ImportKind.PEOPLE: "people.index",
    ImportKind.COHORTS: "cohorts.index",
    ImportKind.ENROLMENTS: "enrolment.index",
    ImportKind.ALLOCATIONS: "enrolment.index",
}
"""Where one sees what was imported."""


def words_for(kind: ImportKind) -> KindWords:
    """What a kind of list is called in the centre of whoever asks."""
    return KindWords(*(worded(part) for part in astuple(KINDS[kind])))


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """A column that a list may have, as it is explained."""

    label: str
    hint: str
    is_needed: bool


def columns_for(kind: ImportKind) -> list[ColumnWords]:
    """Every column of a kind of list, explained in the centre's words."""
    return [ColumnWords(worded(one.label), worded(one.hint), one.is_needed) for one in COLUMNS[kind]]


def done_in_words(plan: Plan, *, is_sent: bool) -> str:
    """What an import has done."""
    counts = plan.counts
    parts = [f"{counts[Fate.NEW]:,} new"] if counts[Fate.NEW] else []
    parts += [f"{counts[Fate.CHANGE]:,} changed"] if counts[Fate.CHANGE] else []
    parts += [f"{counts[Fate.SAME]:,} there already"] if counts[Fate.SAME] else []
    done = f"The list is imported: {', '.join(parts)}."
    if plan.kind is not ImportKind.PEOPLE:
        return done
    return f"{done} {'Invitations are on their way.' if is_sent else 'No invitation was sent yet.'}"
