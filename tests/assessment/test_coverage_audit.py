"""Every figure of the coverage audit is what the rows say one by one, whoever looks: at all of them or at some."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.assessment import coverage_queries, coverage_sums, progress
from portfolio.assessment.coverage_filters import NOTHING, Figures, Filters, Having, Scope, Sort
from portfolio.assessment.coverage_queries import (
    COUNTED_MOST,
    UnitAudit,
    criterion_sums,
    learner_count,
    learners,
    unit_audit,
)
from portfolio.assessment.coverage_rolls import is_answered, seen_in, unit_audit_of
from portfolio.assessment.coverage_sums import NO_FIGURES, By, added, groups_in, unit_sums, units_of
from portfolio.assessment.coverage_walks import walked_audit
from portfolio.assessment.models import Progress, UnitProgress
from portfolio.criteria.models import Criterion
from portfolio.enrolment import actions as enrolment_actions
from portfolio.enrolment import cohorts
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.mapping.coverage import GAP, LETTERS, STANDINGS, Standing, State
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from tests.assessment import portfolios
from tests.assessment.test_standings import by_hand
from tests.cast import Cast

UNIT = "HRCC"
NAMES = ("amina", "ben")


def scopes(session: Session, cast: Cast) -> tuple[Scope, Scope]:
    """The whole centre as one sees it by its totals, and by its learners one by one."""
    iris = cast.actor("iris", session)
    return Scope(iris.centre_id), Scope(iris.centre_id, visible(iris, Permission.ENROLMENT_SEE))


def letters_by_hand(session: Session, enrolment: Enrolment) -> str:
    """The letters of the learner's one unit, in the order of its criteria."""
    found, (unit,) = by_hand(session, enrolment.id), enrolment.units
    criteria = session.scalars(
        select(Criterion.id).where(Criterion.unit_version_id == unit.unit_version_id).order_by(Criterion.position)
    )
    return "".join(LETTERS[found.get((unit.id, one), GAP)] for one in criteria)


def figures(letters: str) -> Figures:
    """The same, counted standing by standing."""
    standings: list[Standing] = [STANDINGS[letter] for letter in letters]
    states = Counter(one.state for one in standings)
    single = sum(one.is_single_source for one in standings)
    return Figures(len(letters), states[State.MET], states[State.MORE], states[State.CLAIMED], single)


def stands(having: Having | None, of: Figures) -> bool:
    """Whether a learner with these figures has a criterion that stands so."""
    gap = of.criteria - of.met - of.needs_more - of.claimed
    by = {Having.GAP: gap, Having.CLAIMED: of.claimed, Having.MORE: of.needs_more, Having.MET: of.met,
          Having.SINGLE: of.single_source}  # fmt: skip
    return having is None or by[having] > 0


@pytest.mark.parametrize("seed", range(5))
def test_figures_are_the_pure_function_over_the_rows(cast: Cast, session: Session, seed: int) -> None:
    random, everybody = Random(seed), [session.get_one(Enrolment, cast.enrolments[name]) for name in NAMES]
    for enrolment in everybody:
        portfolios.fill(session, random, enrolment, cast.people["marguerite"])
    progress.put(session, [enrolment.id for enrolment in everybody])
    by_id = {enrolment.id: letters_by_hand(session, enrolment) for enrolment in everybody}
    for having in (None, *Having):
        expected = {id_: letters for id_, letters in by_id.items() if stands(having, figures(letters))}
        for scope in scopes(session, cast):
            for filters in (Filters(having=having), Filters(UNIT, having=having)):
                check(session, scope, filters, expected)


def check(session: Session, scope: Scope, filters: Filters, expected: dict[int, str]) -> None:
    """Each view of the same learners."""
    total = NO_FIGURES
    for letters in expected.values():
        total = added(total, figures(letters))
    page = learners(session, scope, filters, limit=10)
    assert {row.enrolment_id: row.figures for row in page.rows} == {id_: figures(one) for id_, one in expected.items()}
    assert learner_count(session, scope, filters) == len(expected)
    assert unit_sums(session, scope, filters) == ({UNIT: total} if expected else {})
    for by in By:
        groups = groups_in(session, scope, filters, by)
        if by is not By.ASSESSOR:
            assert [(one.learners, one.figures) for one in groups] == ([(len(expected), total)] if expected else [])
    if not filters.unit_code:
        return
    for audit in audits(session, scope, filters):
        check_unit(audit, expected, total)
    for number, sums in enumerate(criterion_sums(session, scope, filters).sums):
        standing = Counter(STANDINGS[letters[number]].state for letters in expected.values())
        assert (sums.learners, sums.met, sums.needs_more, sums.claimed, sums.gap) == (
            len(expected), standing[State.MET], standing[State.MORE], standing[State.CLAIMED], standing[State.GAP],
        )  # fmt: skip


def audits(session: Session, scope: Scope, filters: Filters) -> list[UnitAudit]:
    """The audit of a unit as it is asked for in the database, and where it can be, as it is worked out of a roll, or
    gone through by name.
    """
    found = [unit_audit(session, scope, filters, limit=10)]
    if is_answered(filters):
        options, roll = seen_in(session, scope)
        if roll is not None:
            found.append(unit_audit_of(session, roll, filters.unit_code, limit=10))
        else:
            found.append(walked_audit(session, scope.centre_id, options, filters.unit_code, limit=10))
        assert found[0] == found[1]
    return found


def check_unit(audit: UnitAudit, expected: dict[int, str], total: Figures) -> None:
    """One audit of a unit."""
    assert {row.enrolment_id: row.letters for row in audit.rows} == expected
    assert (audit.learners, audit.tally.total, audit.single_source) == (
        len(expected), total.criteria, total.single_source,
    )  # fmt: skip
    assert (audit.tally.met, audit.tally.needs_more, audit.tally.claimed) == total[1:4]


@pytest.mark.parametrize("name", ["iris", "ada", "marguerite", "tobias", "ewan"])
def test_units_are_listed_for_the_learners_one_sees(cast: Cast, session: Session, name: str) -> None:
    actor = cast.actor(name, session)
    scope = Scope(actor.centre_id, visible(actor, Permission.ENROLMENT_SEE))
    seen = [row.enrolment_id for row in learners(session, scope, NOTHING, limit=10).rows]
    units = units_of(session, seen)
    assert {unit.enrolment_id for unit in units} == set(seen)
    assert unit_sums(session, scope, NOTHING) == {UNIT: coverage_sums.summed(unit.figures for unit in units)}
    options, _roll = seen_in(session, scope)
    assert list(options.units) == [UNIT]
    assert set(options.assessors.values()) == {"Marguerite Okonkwo-Lindqvist", "Tobias Achterberg"}
    assert seen_in(session, scope)[0] is options


def test_cohort_assessor_and_qualification_narrow_it(cast: Cast, session: Session) -> None:
    ada = cast.actor("ada", session)
    amina = session.get_one(Enrolment, cast.enrolments["amina"])
    cohort = cohorts.open_cohort(session, ada, amina.centre, name="Autumn")
    cohorts.put_in_cohort(session, ada, amina, cohort)
    progress.settle(session)
    reference, organisation = amina.qualification.reference, amina.qualification.awarding_organisation
    for scope in scopes(session, cast):
        for unit in ("", UNIT):
            for filters, names in (
                (Filters(unit, cohort=cohort.id), ["amina"]),
                (Filters(unit, cohort=0), ["ben"]),
                (Filters(unit, assessor_id=cast.people["tobias"]), ["amina"]),
                (Filters(unit, assessor_id=cast.people["dafydd"]), []),
                (Filters(unit, reference=reference, organisation=organisation), ["amina", "ben"]),
                (Filters(unit, reference="another"), []),
                (Filters(unit, organisation="another"), []),
                (Filters(unit, name="BEN"), ["ben"]),
                (Filters(unit, name="%"), []),
            ):
                seen = [row.enrolment_id for row in learners(session, scope, filters, limit=9).rows]
                assert seen == [cast.enrolments[name] for name in names]
                assert learner_count(session, scope, filters) == len(names)
                assert unit_sums(session, scope, filters).get(UNIT, NO_FIGURES).criteria == 17 * len(names)
                if unit:
                    assert unit_audit(session, scope, filters, limit=9).learners == len(names)
        keys = {one.key: one.learners for one in groups_in(session, scope, NOTHING, By.COHORT)}
        assert keys == {cohort.id: 1, None: 1}
    assert [seen_in(session, scope)[0].cohorts for scope in scopes(session, cast)] == [{cohort.id: "Autumn"}] * 2


def test_whoever_assesses_one_unit_alone_is_asked_for_that_unit(cast: Cast, session: Session) -> None:
    ben = session.get_one(Enrolment, cast.enrolments["ben"])
    dafydd = session.get_one(type(ben.learner), cast.people["dafydd"])
    ada = cast.actor("ada", session)
    enrolment_actions.allocate(session, ada, ben, person=dafydd, duty=Duty.ASSESS, unit=ben.units[0])
    progress.settle(session)
    for scope in scopes(session, cast):
        for unit, names in (("", ["ben"]), (UNIT, ["ben"]), ("another", [])):
            filters = Filters(unit, assessor_id=dafydd.id)
            rows = learners(session, scope, filters, limit=9).rows
            assert [row.enrolment_id for row in rows] == [cast.enrolments[name] for name in names]
            assert all(dafydd.name in row.assessors for row in rows)
            groups = {one.key: one.learners for one in groups_in(session, scope, Filters(unit), By.ASSESSOR)}
            assert groups.get(dafydd.id, 0) == len(names)


def test_days_behind_and_without_progress_come_from_the_plan_and_the_last_step(cast: Cast, session: Session) -> None:
    today = clock.today()
    amina, ben = (session.get_one(Progress, cast.enrolments[name]) for name in NAMES)
    amina.last_on, amina.on_track_until = today - timedelta(days=40), today - timedelta(days=3)
    ben.last_on, ben.on_track_until = today - timedelta(days=10), today - timedelta(days=30)
    session.flush()
    for scope in scopes(session, cast):
        for sort, first in ((Sort.NAME, amina), (Sort.MET, ben), (Sort.BEHIND, ben), (Sort.PROGRESS, amina)):
            for unit in ("", UNIT):
                rows = learners(session, scope, Filters(unit, sort=sort), limit=9).rows
                assert rows[0].enrolment_id == first.enrolment_id, sort
        for days, count in ((9, 2), (10, 2), (11, 1), (40, 1), (41, 0)):
            assert learner_count(session, scope, Filters(idle_days=days)) == count
        (group,) = groups_in(session, scope, NOTHING, By.ORGANISATION)
        assert (group.days, group.behind) == ((10, 40), 2)
        behind = learners(session, scope, Filters(sort=Sort.BEHIND), limit=1, is_behind=True)
        assert ([row.enrolment_id for row in behind.rows], behind.has_next) == ([ben.enrolment_id], True)
        assert learner_count(session, scope, NOTHING, is_behind=True) == 2


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("unit", ["", UNIT])
def test_pages_go_through_everybody_forwards_and_back(cast: Cast, session: Session, sort: Sort, unit: str) -> None:
    for scope in scopes(session, cast):
        filters = Filters(unit, sort=sort)
        everybody = [row.enrolment_id for row in learners(session, scope, filters, limit=9).rows]
        first = learners(session, scope, filters, limit=1)
        second = learners(session, scope, filters, limit=1, after=everybody[0])
        back = learners(session, scope, filters, limit=1, before=everybody[1])
        assert [row.enrolment_id for page in (first, second, back) for row in page.rows] == [
            everybody[0], everybody[1], everybody[0],
        ]  # fmt: skip
        assert [(page.has_previous, page.has_next) for page in (first, second, back)] == [
            (False, True), (True, False), (False, True),
        ]  # fmt: skip
        assert learners(session, scope, filters, limit=9, after=cast.enrolments["olga"]).rows == []


def test_a_unit_without_criteria_can_be_listed_by_the_fewest_met(cast: Cast, session: Session) -> None:
    [bare] = session.scalars(select(UnitProgress).where(UnitProgress.enrolment_id == cast.enrolments["ben"]))
    bare.states = ""
    session.flush()
    for scope in scopes(session, cast):
        filters = Filters(UNIT, sort=Sort.MET)
        seen = [row.enrolment_id for row in learners(session, scope, filters, limit=9).rows]
        assert sorted(seen) == sorted(cast.enrolments[name] for name in NAMES)
        assert len(learners(session, scope, filters, limit=9, after=cast.enrolments["amina"]).rows) <= 1


def test_more_learners_than_are_counted_are_said_to_be_more(
    cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert COUNTED_MOST > 1
    coverage_queries._counted.cache_clear()
    monkeypatch.setattr(coverage_queries, "COUNTED_MOST", 0)
    assert learner_count(session, scopes(session, cast)[0], NOTHING) == 1
    coverage_queries._counted.cache_clear()
