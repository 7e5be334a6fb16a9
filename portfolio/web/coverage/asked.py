"""What the address asks of the audit, and addresses that ask for something else. Filters are the same on every view."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from portfolio.assessment.coverage_filters import NO_COHORT, NOTHING, Filters, Having, Sort
from portfolio.assessment.coverage_options import Options
from portfolio.assessment.coverage_sums import By
from portfolio.web.forms import one_line
from portfolio.web.terms import worded

NAME_MOST = 100

Word = TypeVar("Word", bound=StrEnum)


class View(StrEnum):
    """The ways to look at the audit."""

    UNITS = "units"
    UNIT = "unit"
    CRITERIA = "criteria"
    SUMS = "sums"
    BEHIND = "behind"


PATHS: Mapping[View, str] = {
    View.UNITS: "/coverage",
    View.UNIT: "/coverage",
    View.CRITERIA: "/coverage/criteria",
    View.SUMS: "/coverage/sums",
    View.BEHIND: "/coverage/behind",
}
EXPORT = "/coverage/export"
LABELS: Mapping[View, str] = {
    View.UNITS: "{Learners} by {unit}",
    View.UNIT: "{Learners} by criterion",
    View.CRITERIA: "Sums by criterion",
    View.SUMS: "Sums by group",
    View.BEHIND: "Furthest behind",
}
OF_ONE_UNIT = frozenset({View.UNIT, View.CRITERIA})
HAVING_WORDS: Mapping[Having, str] = {
    Having.GAP: "With gaps",
    Having.CLAIMED: "With claims to be marked",
    Having.MORE: "With criteria that need more",
    Having.MET: "With criteria met",
    Having.SINGLE: "With a single source",
}
SORT_WORDS: Mapping[Sort, str] = {
    Sort.NAME: "Name",
    Sort.MET: "Fewest met first",
    Sort.BEHIND: "Most days behind first",
    Sort.PROGRESS: "Longest without progress first",
}
BY_WORDS: Mapping[By, str] = {
    By.ASSESSOR: "{Assessor}",
    By.COHORT: "{Cohort}",
    By.ORGANISATION: "Awarding organisation",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A view, what it is narrowed to, and by what it sums."""

    view: View
    filters: Filters
    by: By = By.ASSESSOR

    def address(self) -> str:
        """Where this stands."""
        return with_query(PATHS[self.view], self.said())

    def beside(self) -> str:
        """Where its other pages stand, up to what is said of the page."""
        address = self.address()
        return f"{address}{'&' if '?' in address else '?'}"

    def export_address(self) -> str:
        """Where it is asked for as a file."""
        return with_query(EXPORT, {**self.said(), "view": self.view.value})

    def said(self) -> dict[str, str | int | None]:
        """The filters as the address has them."""
        filters = self.filters
        return {
            "unit": filters.unit_code,
            "cohort": filters.cohort,
            "assessor": filters.assessor_id,
            "qualification": filters.reference,
            "organisation": filters.organisation,
            "state": filters.having,
            "idle": filters.idle_days,
            "q": filters.name,
            "sort": filters.sort if filters.sort is not Sort.NAME else None,
            "by": self.by if self.view is View.SUMS and self.by is not By.ASSESSOR else None,
        }

    def turned_to(self, view: View, filters: Filters) -> "Asked":
        """Another view, or other filters, with all else as it is."""
        return replace(self, view=view, filters=filters)

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the unit narrows it."""
        return replace(self.filters, unit_code="", sort=Sort.NAME) != NOTHING


def with_query(path: str, said: Mapping[str, str | int | None]) -> str:
    """An address with what is said in it; what is empty is left out."""
    query = urlencode({name: str(value) for name, value in said.items() if value is not None and value != ""})
    return f"{path}?{query}" if query else path


def asked_for(view: View, options: Options, said: MultiDict[str, str]) -> Asked:
    """What an address asks for; whatever it names that is not there counts as not asked."""
    if not said and view is View.UNITS:
        return Asked(view, NOTHING)
    get = said.get
    code = get("unit", "")
    code = code if code in options.units else ""
    if not code and view in OF_ONE_UNIT:
        code = next(iter(options.units), "")
    cohort, assessor = _number(get("cohort")), _number(get("assessor"))
    filters = Filters(
        code,
        cohort if cohort in options.cohorts or cohort == NO_COHORT else None,
        assessor if assessor in options.assessors else None,
        _one_of(get("qualification"), options.qualifications),
        _one_of(get("organisation"), options.organisations),
        _member(Having, get("state")),
        _number(get("idle")) or None,
        (one_line(get("q")) or "")[:NAME_MOST],
        _member(Sort, get("sort")) or Sort.NAME,
    )
    is_one_unit = view is View.UNITS and bool(code)
    return Asked(View.UNIT if is_one_unit else view, filters, _member(By, get("by")) or By.ASSESSOR)


def _one_of(said: str | None, known: Container[str]) -> str:
    return said if said and said in known else ""


def _number(said: str | None) -> int | None:
    return int(said) if said and said.isascii() and said.isdigit() and len(said) < 6 else None


def _member(kind: type[Word], said: str | None) -> Word | None:
    return next((word for word in kind if word.value == said), None)


def filter_words(asked: Asked, options: Options) -> list[tuple[str, str]]:
    """Each filter in words, with the name of its field. The unit is one only where there could be none."""
    filters = asked.filters
    found = [
        ("unit_code", options.units.get(filters.unit_code, "") if asked.view not in OF_ONE_UNIT else ""),
        ("cohort", _cohort_words(filters, options)),
        ("assessor_id", options.assessors.get(filters.assessor_id or 0, "")),
        ("reference", options.qualifications.get(filters.reference, "")),
        ("organisation", filters.organisation),
        ("having", HAVING_WORDS[filters.having] if filters.having else ""),
        ("idle_days", f"No progress for {filters.idle_days} days" if filters.idle_days else ""),
        ("name", f"Name has “{filters.name}”" if filters.name else ""),
    ]
    return [(name, words) for name, words in found if words]


def _cohort_words(filters: Filters, options: Options) -> str:
    if filters.cohort == NO_COHORT:
        return worded("In no {cohort}")
    return options.cohorts.get(filters.cohort or 0, "")
