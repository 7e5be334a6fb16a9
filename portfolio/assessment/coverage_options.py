"""What the coverage audit can be narrowed to: units, cohorts, qualifications, awarding organisations and assessors.

For the whole centre these come from its totals, its cohorts and its people, and not from its learners.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Integer, String, func, literal, or_, select, type_coerce, union_all
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Membership, Person
from portfolio.accounts.rules import Role
from portfolio.assessment.coverage_filters import CENTRE, STATEMENTS_KEPT, TODAY, Scope, assesses_today, only, seen
from portfolio.assessment.models import CriterionTotal, Progress, UnitProgress
from portfolio.criteria.models import QualificationVersion, UnitVersion
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Allocation, Cohort, Enrolment

UNIT, COHORT, QUALIFICATION, ASSESSOR = "unit", "cohort", "qualification", "assessor"
KEPT = 500

Row = tuple[str, int, str, str, str]
"""Which kind it is, its id, its code, its title, and what else there is."""


@dataclass(frozen=True, eq=False)
class Options:
    """What there is to choose from, each in the order in which it is listed."""

    rows: tuple[Row, ...]

    @cached_property
    def units(self) -> Mapping[str, str]:
        """Titles by code, in the newest version that some learner takes."""
        newest = {code: title for _kind, _id, code, title, _more in sorted(self._of(UNIT))}
        return dict(sorted(newest.items(), key=lambda one: (one[1], one[0])))

    @cached_property
    def cohorts(self) -> Mapping[int, str]:
        """Names by id."""
        return {id_: name for _kind, id_, _code, name, _more in sorted(self._of(COHORT), key=lambda row: row[3])}

    @cached_property
    def qualifications(self) -> Mapping[str, str]:
        """Titles by reference."""
        newest = {code: title for _kind, _id, code, title, _more in sorted(self._of(QUALIFICATION))}
        return dict(sorted(newest.items(), key=lambda one: (one[1], one[0])))

    @cached_property
    def titles(self) -> Mapping[int, str]:
        """Titles of qualifications by the id of the version."""
        return {id_: title for _kind, id_, _code, title, _more in self._of(QUALIFICATION)}

    @cached_property
    def organisations(self) -> Sequence[str]:
        """Awarding organisations by name."""
        return sorted({more for *_others, more in self._of(QUALIFICATION)})

    @cached_property
    def assessors(self) -> Mapping[int, str]:
        """Names by id."""
        found = sorted(self._of(ASSESSOR), key=lambda row: (row[3].casefold(), row[1]))
        return {id_: name for _kind, id_, _code, name, _more in found}

    def _of(self, kind: str) -> list[Row]:
        return [row for row in self.rows if row[0] == kind]


@lru_cache(maxsize=KEPT)
def _options(rows: tuple[Row, ...]) -> Options:
    return Options(rows)


def options_in(session: Session, scope: Scope) -> Options:
    """What these learners can be narrowed to: the same object for as long as it is the same. One statement."""
    statement = _within(scope.within) if scope.within is not None else _whole()
    return _options(tuple(read(session, statement, centre=scope.centre_id, today=clock.today()).tuples()))


def _line(kind: str, id_: Any, code: Any, title: Any, more: Any) -> list[Any]:
    return [literal(kind, String).label("kind"), id_.label("id"), code.label("code"), title.label("title"),
            more.label("more")]  # fmt: skip


NONE = literal("", String)
UNIT_LINE = _line(UNIT, UnitVersion.id, UnitVersion.code, UnitVersion.title, NONE)
QUALIFICATION_LINE = _line(
    QUALIFICATION, QualificationVersion.id, QualificationVersion.reference, QualificationVersion.title,
    QualificationVersion.awarding_organisation,
)  # fmt: skip
COHORT_LINE = _line(COHORT, Cohort.id, NONE, Cohort.name, NONE)
ASSESSOR_LINE = _line(ASSESSOR, Person.id, NONE, Person.name, NONE)


@lru_cache(maxsize=1)
def _whole() -> CompoundSelect[*tuple[Any, ...]]:
    taken = CriterionTotal.centre_id == CENTRE, CriterionTotal.learners > 0
    assessors = select(Membership.person_id).where(
        Membership.centre_id == CENTRE,
        type_coerce(Membership.role, String) == Role.ASSESSOR.value,
        or_(Membership.until.is_(None), Membership.until > TODAY),
    )
    return union_all(
        select(*UNIT_LINE).where(UnitVersion.id.in_(select(CriterionTotal.unit_version_id).where(*taken))),
        select(*QUALIFICATION_LINE).where(
            QualificationVersion.id.in_(select(CriterionTotal.qualification_version_id).where(*taken))
        ),
        select(*COHORT_LINE).where(Cohort.centre_id == CENTRE),
        select(*ASSESSOR_LINE).where(Person.id.in_(assessors)),
    )


@lru_cache(maxsize=STATEMENTS_KEPT)
def _within(within: AnySelect) -> CompoundSelect[*tuple[Any, ...]]:
    learners = only(seen(within), Enrolment.id, Progress.cohort_id, Progress.qualification_version_id).cte("learners")
    ids = select(learners.c.id)
    assessors = select(Allocation.person_id).where(Allocation.enrolment_id.in_(ids), assesses_today())
    units = select(UnitProgress.unit_version_id).where(
        UnitProgress.enrolment_id.in_(ids), func.length(UnitProgress.states) > literal(0, Integer)
    )
    return union_all(
        select(*UNIT_LINE).where(UnitVersion.id.in_(units)),
        select(*QUALIFICATION_LINE).where(QualificationVersion.id.in_(select(learners.c.qualification_version_id))),
        select(*COHORT_LINE).where(Cohort.id.in_(select(learners.c.cohort_id))),
        select(*ASSESSOR_LINE).where(Person.id.in_(assessors)),
    )
