"""What the coverage audit can be narrowed to: units, cohorts, qualifications, awarding organisations and assessors.

For the whole centre these come from its totals, its cohorts and its people, and not from its learners; elsewhere
`coverage_rolls` finds them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, String, literal, or_, select, type_coerce, union_all
from sqlalchemy.orm import Session, aliased

from portfolio import clock
from portfolio.accounts.models import Membership, Person
from portfolio.accounts.rules import Role
from portfolio.assessment.coverage_filters import CENTRE, TODAY
from portfolio.assessment.models import CriterionTotal
from portfolio.criteria.models import Criterion, QualificationVersion, UnitVersion
from portfolio.db import read
from portfolio.enrolment.models import Cohort

UNIT, BARE, COHORT, QUALIFICATION, ASSESSOR = "unit", "bare", "cohort", "qualification", "assessor"
"""What there is to choose from; a version of a unit without criteria is none, and yet one of the unit's."""
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
        newest = {code: title for _kind, _id, code, title, _uid in sorted(self._of(UNIT))}
        return dict(sorted(newest.items(), key=lambda one: (one[1], one[0])))

    @cached_property
    def versions(self) -> Mapping[str, Mapping[int, str]]:
        """Uids of the versions of each unit by id, by its code."""
        found: dict[str, dict[int, str]] = {}
        for kind in (UNIT, BARE):
            for _kind, id_, code, _title, uid in self._of(kind):
                found.setdefault(code, {})[id_] = uid
        return found

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


def options_from(rows: Sequence[Row], bare: frozenset[int] = frozenset()) -> Options:
    """Options of these rows, the same object for as long as they are the same. `bare` are units without criteria."""
    if bare:
        rows = [(BARE, *row[1:]) if row[0] == UNIT and row[1] in bare else row for row in rows]
    return _options(tuple(rows))


def whole_options(session: Session, centre_id: int) -> Options:
    """What the learners of a centre can be narrowed to. One statement."""
    return options_from(read(session, _whole(), centre=centre_id, today=clock.today()).tuples())


def _line(kind: str, id_: Any, code: Any, title: Any, more: Any) -> list[Any]:
    return [literal(kind, String).label("kind"), id_.label("id"), code.label("code"), title.label("title"),
            more.label("more")]  # fmt: skip


NONE = literal("", String)
UNIT_LINE, BARE_LINE = (
    _line(kind, UnitVersion.id, UnitVersion.code, UnitVersion.title, UnitVersion.uid) for kind in (UNIT, BARE)
)
QUALIFICATION_LINE = _line(
    QUALIFICATION, QualificationVersion.id, QualificationVersion.reference, QualificationVersion.title,
    QualificationVersion.awarding_organisation,
)  # fmt: skip
COHORT_LINE = _line(COHORT, Cohort.id, NONE, Cohort.name, NONE)
ASSESSOR_LINE = _line(ASSESSOR, Person.id, NONE, Person.name, NONE)


@cache
def _whole() -> CompoundSelect[*tuple[Any, ...]]:
    version = aliased(UnitVersion)
    codes = select(version.code).where(_is_taken(CriterionTotal.unit_version_id == version.id))
    has_criteria = select(Criterion.id).where(Criterion.unit_version_id == UnitVersion.id).exists()
    assessors = select(Membership.person_id).where(
        Membership.centre_id == CENTRE,
        type_coerce(Membership.role, String) == Role.ASSESSOR.value,
        or_(Membership.until.is_(None), Membership.until > TODAY),
    )
    return union_all(
        select(*UNIT_LINE).where(_is_taken(CriterionTotal.unit_version_id == UnitVersion.id)),
        select(*BARE_LINE).where(UnitVersion.code.in_(codes), ~has_criteria),
        select(*QUALIFICATION_LINE).where(
            _is_taken(CriterionTotal.qualification_version_id == QualificationVersion.id)
        ),
        select(*COHORT_LINE).where(Cohort.centre_id == CENTRE),
        select(*ASSESSOR_LINE).where(Person.id.in_(assessors)),
    )


def _is_taken(what: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether some learner of the centre takes it."""
    return (
        select(CriterionTotal.id).where(CriterionTotal.centre_id == CENTRE, what, CriterionTotal.learners > 0).exists()
    )
