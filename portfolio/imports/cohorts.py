"""A list of cohorts: which are opened, which begin on another day."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from portfolio.audit.events import Doer
from portfolio.centres.models import Centre
from portfolio.criteria.differences import in_words
from portfolio.documents.csv_lists import CsvList
from portfolio.enrolment.cohorts import NAME_MOST, change_cohort, open_cohort
from portfolio.enrolment.models import Cohort
from portfolio.imports.matching import Matching
from portfolio.imports.plans import Cells, Plan
from portfolio.imports.queries import cohorts_of
from portfolio.imports.rules import Fate, ImportKind


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A cohort as the list says it; `there` when the centre has it."""

    name: str
    starts_on: date | None
    there: Cohort | None


def plan(session: Session, centre: Centre, sheet: CsvList, matching: Matching) -> Plan:
    """What becomes of each row."""
    there = cohorts_of(session, centre.id)
    first: dict[str, int] = {}
    lines, wanted = [], []
    for row in sheet.rows:
        cells = Cells(ImportKind.COHORTS, sheet, matching, row)
        name = " ".join(cells.needed("name", NAME_MOST).split())
        again = first.setdefault(name.casefold(), row.line) if name else row.line
        if again != row.line:
            cells.fault("name", f"Line {again} names this {{cohort}} already. Take one of the two out.")
        one = _Wanted(name, cells.day("starts_on"), there.get(name.casefold()))
        fate, said = _fate(cells, one)
        lines.append(cells.line(name, fate, said))
        if lines[-1].fate in {Fate.NEW, Fate.CHANGE}:
            wanted.append(one)
    return Plan(ImportKind.COHORTS, sheet.headings, tuple(lines), partial(_carry_out, wanted))


def _fate(cells: Cells, one: _Wanted) -> tuple[Fate, str]:
    day = in_words(one.starts_on) if one.starts_on else ""
    if one.there is None:
        return Fate.NEW, f"Is opened, to begin on {day}" if day else "Is opened"
    if one.starts_on is None or one.starts_on == one.there.starts_on:
        return Fate.SAME, "Is here already"
    if one.there.closed_on is not None:
        cells.fault("starts_on", "This {cohort} is closed, so its start no longer changes. Take the row out.")
    return Fate.CHANGE, f"Is to begin on {day}, no longer on {in_words(one.there.starts_on)}"


def _carry_out(wanted: list[_Wanted], session: Session, actor: Doer, centre: Centre, _is_sent: bool) -> None:
    for one in wanted:
        if one.there is None:
            open_cohort(session, actor, centre, name=one.name, starts_on=one.starts_on)
        else:
            change_cohort(session, actor, one.there, name=one.there.name, starts_on=one.starts_on)
