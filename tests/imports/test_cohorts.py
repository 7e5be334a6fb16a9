"""Lists of cohorts."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.enrolment.cohorts import close_cohort, open_cohort
from portfolio.enrolment.models import Cohort
from portfolio.imports.rules import Fate, ImportKind
from tests.cast import Cast
from tests.imports.lists import done, fates, faults, planned

COHORTS = ImportKind.COHORTS


def test_cohorts_are_opened_changed_or_left(session: Session, cast: Cast) -> None:
    text = "Cohort,Start\nAutumn,01/09/2026\nSpring,\n"
    assert fates(done(session, cast, COHORTS, text)) == [Fate.NEW, Fate.NEW]
    plan = done(session, cast, COHORTS, "Cohort,Start\nAUTUMN,2/9/2026\nspring,\nSummer,\n")
    assert fates(plan) == [Fate.CHANGE, Fate.SAME, Fate.NEW]
    assert plan.lines[0].said == "Is to begin on 2 September 2026, no longer on 1 September 2026"
    found = session.execute(select(Cohort.name, Cohort.starts_on).order_by(Cohort.id)).all()
    assert [tuple(row) for row in found] == [("Autumn", date(2026, 9, 2)), ("Spring", None), ("Summer", None)]


def test_what_is_wrong_is_named(session: Session, cast: Cast) -> None:
    centre = session.get_one(Centre, cast.homes["ada"])
    close_cohort(session, System(), open_cohort(session, System(), centre, name="Gone"))
    long = "x" * 121
    plan = planned(
        session, cast, COHORTS, f"Cohort,Start\nA,\na,\n,01/09/2026\n{long},\nB,31/02/2026\nGone,01/09/2026\n"
    )
    assert [faults(line) for line in plan.lines] == [
        [],
        ["Cohort: Line 2 names this cohort already. Take one of the two out."],
        ["Cohort: This is empty. Fill it in."],
        ["Cohort: This has 121 characters. Keep it to 120."],
        ["Start: There is no such day as “31/02/2026”. Write it as 25/09/2026."],
        ["Start: This cohort is closed, so its start no longer changes. Take the row out."],
    ]


def test_a_cohort_of_another_centre_is_none_of_ours(session: Session, cast: Cast) -> None:
    other = session.get_one(Centre, cast.homes["odette"])
    open_cohort(session, System(), other, name="Autumn")
    assert fates(planned(session, cast, COHORTS, "Cohort\nAutumn\n")) == [Fate.NEW]
