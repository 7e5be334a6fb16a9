"""Which learners the coverage audit shows: what may be asked, and the one query that every view of it builds on.

Whoever sees the whole centre is asked by the centre's number, so that no row is looked at for its own sake; everybody
else by the enrolments that are theirs to see.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    String,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
)

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.assessment.models import CriterionTotal, Progress, UnitProgress
from portfolio.criteria.models import QualificationVersion, UnitVersion
from portfolio.db import AnySelect, OffIndex
from portfolio.enrolment.models import Allocation, Enrolment
from portfolio.enrolment.rules import Duty, EnrolmentState

STATEMENTS_KEPT = 500
NO_COHORT = 0

CENTRE = bindparam("centre", type_=Integer)
TODAY = bindparam("today", type_=Date)
UNIT_CODE = bindparam("unit_code", type_=String)


class Having(StrEnum):
    """Whom to show: whoever has a criterion that stands so."""

    GAP = "gap"
    CLAIMED = "claimed"
    MORE = "needs_more"
    MET = "met"
    SINGLE = "single"


class Sort(StrEnum):
    """What learners are listed by: their name; the fewest met, the most days behind or without progress first."""

    NAME = "name"
    MET = "met"
    BEHIND = "behind"
    PROGRESS = "progress"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; whatever is empty lets everything through. `cohort` 0 is those who are in none.

    With a unit, figures and states are those of that unit alone.
    """

    unit_code: str = ""
    cohort: int | None = None
    assessor_id: int | None = None
    reference: str = ""
    organisation: str = ""
    having: Having | None = None
    idle_days: int | None = None
    name: str = ""
    sort: Sort = Sort.NAME

    @property
    def by_groups(self) -> bool:
        """Whether what is kept by cohort, qualification and unit answers it without looking at any learner."""
        return self.assessor_id is None and self.having is None and self.idle_days is None and not self.name

    def with_unit(self, code: str) -> "Filters":
        """The same of one unit."""
        return replace(self, unit_code=code)

    def without(self, name: str) -> "Filters":
        """The same with one filter taken away."""
        return replace(self, **{name: getattr(NOTHING, name)})


NOTHING = Filters()


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose learners: of the whole centre, or the enrolments `within`."""

    centre_id: int
    within: AnySelect | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """What a statement asks about, whatever the values are."""

    has_unit: bool
    cohort: bool | None
    """Whether it is one cohort; False for no cohort, None for all."""
    has_assessor: bool
    has_reference: bool
    has_organisation: bool
    having: Having | None
    is_idle: bool
    has_name: bool

    @property
    def is_wide(self) -> bool:
        """Whether it lets most learners through, so that some of them are soon found in any order."""
        return self.cohort is None and not self.has_assessor


def shape_of(filters: Filters) -> Shape:
    """The shape of what is asked."""
    return Shape(
        bool(filters.unit_code),
        None if filters.cohort is None else filters.cohort != NO_COHORT,
        filters.assessor_id is not None,
        bool(filters.reference),
        bool(filters.organisation),
        filters.having,
        filters.idle_days is not None,
        bool(filters.name),
    )


def asked(scope: Scope, filters: Filters) -> dict[str, Any]:
    """The values for the bound parameters of a statement."""
    today = clock.today()
    return {
        "centre": scope.centre_id,
        "today": today,
        "unit_code": filters.unit_code,
        "cohort": filters.cohort,
        "assessor_id": filters.assessor_id,
        "reference": filters.reference,
        "organisation": filters.organisation,
        "idle_since": today - timedelta(days=filters.idle_days or 0),
        "name": filters.name.replace("/", "//").replace("%", "/%").replace("_", "/_"),
    }


class Figures(NamedTuple):
    """How many criteria of a learner there are, and how many of them stand in each way: as columns or as numbers."""

    criteria: Any
    met: Any
    needs_more: Any
    claimed: Any
    single_source: Any


def _of_letters(letters: str) -> ColumnElement[int]:
    """How many criteria of a unit have one of these letters."""
    states = UnitProgress.states
    counts = [func.length(states) - func.length(func.replace(states, literal(one, String), "")) for one in letters]
    return sum(counts[1:], start=counts[0])


IN_ALL = Figures(Progress.criteria, Progress.met, Progress.needs_more, Progress.claimed, Progress.single_source)
IN_UNIT = Figures(
    func.length(UnitProgress.states), _of_letters("Mm"), _of_letters("N"), _of_letters("Cc"), _of_letters("mc")
)

IS_UNDER_WAY = Enrolment.state == literal(EnrolmentState.ACTIVE, Enrolment.state.type)
IS_BEHIND = Progress.on_track_until < TODAY


def assesses_today() -> ColumnElement[bool]:
    """An allocation that holds today, of somebody who assesses."""
    return and_(
        Allocation.duty == Duty.ASSESS,
        Allocation.since <= TODAY,
        or_(Allocation.until.is_(None), Allocation.until > TODAY),
    )


def only(query: AnySelect, *columns: Any) -> AnySelect:
    """The same rows with other columns."""
    return query.with_only_columns(*columns, maintain_column_froms=True)


def seen(within: AnySelect | None, *, is_walked: bool = False) -> AnySelect:
    """The enrolments that count and may be seen, each with its progress.

    `is_walked` when they are found by who the learner is: SQLite, which does not think of the limit, is kept from going
    through the whole centre instead.
    """
    query: AnySelect = select(Enrolment) if within is None else within
    query = query.join(Progress, Progress.enrolment_id == Enrolment.id).where(Progress.counts == true())
    if within is not None:
        # once for all the ways in which somebody may see it, of which each finds its learners by an index of its own
        return query.where(OffIndex(Enrolment.centre_id) == CENTRE)
    return query.where((OffIndex(Progress.centre_id) if is_walked else Progress.centre_id) == CENTRE)


@lru_cache(maxsize=STATEMENTS_KEPT)
def chosen(within: AnySelect | None, shape: Shape, *, is_named: bool = False, is_walked: bool = False) -> AnySelect:
    """The enrolments that the filters let through; `is_named` when the learner's name is needed."""
    query = seen(within, is_walked=is_walked)
    if is_named or shape.has_name:
        query = query.join(Person, Person.id == Enrolment.learner_id)
    if shape.has_unit:
        query = query.join(UnitProgress, UnitProgress.enrolment_id == Enrolment.id).join(
            UnitVersion, and_(UnitVersion.id == UnitProgress.unit_version_id, UnitVersion.code == UNIT_CODE)
        )
    query = query.where(*_in_groups(shape))
    if shape.has_name:
        query = query.where(name_has(Person))
    if shape.has_assessor:
        query = query.where(*_is_theirs(shape))
    if shape.is_idle:
        query = query.where(IS_UNDER_WAY, bindparam("idle_since", type_=Date) >= Progress.last_on)
    return query if shape.having is None else query.where(_stands(shape.having, IN_UNIT if shape.has_unit else IN_ALL))


def name_has(person: type[Person]) -> ColumnElement[bool]:
    """The name has what is looked for in it."""
    return person.name.icontains(bindparam("name", type_=String), escape="/")


def _in_groups(shape: Shape) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if shape.cohort is not None:
        one = Progress.cohort_id == bindparam("cohort", type_=Integer)
        conditions.append(one if shape.cohort else Progress.cohort_id.is_(None))
    if shape.has_reference or shape.has_organisation:
        conditions.append(Progress.qualification_version_id.in_(_qualifications(shape)))
    return conditions


def _qualifications(shape: Shape) -> AnySelect:
    query: AnySelect = select(QualificationVersion.id)
    if shape.has_reference:
        query = query.where(QualificationVersion.reference == bindparam("reference", type_=String))
    if shape.has_organisation:
        query = query.where(QualificationVersion.awarding_organisation == bindparam("organisation", type_=String))
    return query


def _is_theirs(shape: Shape) -> list[ColumnElement[bool]]:
    """An assessor assesses the learner today: as a whole, or this unit."""
    theirs = and_(Allocation.person_id == bindparam("assessor_id", type_=Integer), assesses_today())
    conditions: list[ColumnElement[bool]] = [Enrolment.id.in_(select(Allocation.enrolment_id).where(theirs))]
    if shape.has_unit:
        conditions.append(exists().where(Allocation.enrolment_id == Enrolment.id, theirs, of_unit()))
    return conditions


def of_unit() -> ColumnElement[bool]:
    """An allocation to a learner as a whole, or to the unit that is joined."""
    return or_(Allocation.enrolment_unit_id.is_(None), Allocation.enrolment_unit_id == UnitProgress.enrolment_unit_id)


def _stands(having: Having, of: Figures) -> ColumnElement[bool]:
    conditions: Mapping[Having, ColumnElement[bool]] = {
        Having.GAP: of.criteria > of.met + of.needs_more + of.claimed,
        Having.CLAIMED: of.claimed > 0,
        Having.MORE: of.needs_more > 0,
        Having.MET: of.met > 0,
        Having.SINGLE: of.single_source > 0,
    }
    return conditions.get(having, false())


def totals_chosen(shape: Shape) -> list[ColumnElement[bool]]:
    """The same of what is kept by cohort, qualification and unit, for filters that are `by_groups`."""
    conditions: list[ColumnElement[bool]] = [CriterionTotal.centre_id == CENTRE, CriterionTotal.learners > 0]
    if shape.cohort is not None:
        conditions.append(CriterionTotal.cohort == bindparam("cohort", type_=Integer))
    if shape.has_reference or shape.has_organisation:
        conditions.append(CriterionTotal.qualification_version_id.in_(_qualifications(shape)))
    if shape.has_unit:
        conditions.append(UnitVersion.code == UNIT_CODE)
    return conditions
