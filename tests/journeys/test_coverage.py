"""The coverage audit as an administrator, an internal and an external quality assurer use it: every view, narrowed, to
the gap, and taken away as a file.
"""

import csv
from datetime import timedelta
from pathlib import Path

import pytest

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.enrolment.actions import grant
from portfolio.enrolment.models import Enrolment
from tests.journeys.conftest import Served
from tests.journeys.newcomers import Learner, Party, Somebody, another_learner, join
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

UNIT = "Handle referred customer complaints"
VIEWS = ("Learners by criterion", "Sums by criterion", "Sums by group", "Furthest behind", "Learners by unit")


def quality_assurer(served: Served, party: Party, role: Role) -> tuple[Somebody, Learner]:
    """Somebody who assures quality, and a second learner; whoever comes from outside is granted the first one alone."""
    with served.backstage() as (session, cast):
        second = another_learner(session, cast, party)
        who = join(session, cast, party.centre_id, "Wilma Sorensen", role)
        if role is Role.EQA:
            enrolment = session.get_one(Enrolment, party.learner.enrolment_id)
            person = session.get_one(Person, cast.people[who.name])
            grant(session, System(), enrolment, person=person, until=clock.today() + timedelta(days=7))
    return who, second


def taken(visitor: Visitor, kind: str) -> Path:
    """The view as a file."""
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name=kind, exact=True).click()
    assert download.value.suggested_filename.endswith(f"{clock.today().isoformat()}.{kind.lower()}")
    return download.value.path()


def names_in(path: Path) -> list[str]:
    """The first cell of each row but the headings."""
    with path.open(encoding="utf-8-sig", newline="") as source:
        return [row[0] for row in csv.reader(source)][1:]


def test_an_administrator_looks_at_every_view_and_narrows_it(
    visitor: Visitor, served: Served, party_at_work: Party
) -> None:
    _who, second = quality_assurer(served, party_at_work, Role.IQA)
    visitor.sign_in(party_at_work.administrator)
    visitor.follow("Coverage", exact=True)
    visitor.reads("2 learners, 34 criteria in all.")
    for view in VIEWS:
        visitor.follow(view, exact=True)
    visitor.page.get_by_label("Learner’s name").fill("Bram")
    visitor.press("Apply")
    visitor.reads("1 learner, 17 criteria in all.")
    assert names_in(taken(visitor, "CSV")) == [second.full_name, "All that are chosen"]
    visitor.follow("Sums by group", exact=True)
    visitor.page.get_by_label("Sum by").select_option("cohort")
    visitor.press("Apply")
    visitor.reads("In no cohort")
    visitor.follow("Name has “Bram”")
    visitor.reads("Learners summed by cohort")
    visitor.follow("In no cohort", exact=True)
    visitor.reads("2 learners, 34 criteria in all.")


def test_an_internal_quality_assurer_goes_to_the_gap(visitor: Visitor, served: Served, party_at_work: Party) -> None:
    who, _second = quality_assurer(served, party_at_work, Role.IQA)
    visitor.sign_in(who)
    visitor.page.get_by_label("State", exact=True).select_option("needs_more")
    visitor.press("Apply")
    visitor.reads("1 learner, 17 criteria in all.")
    visitor.follow("Learners by criterion", exact=True)
    visitor.page.locator(".heat-frame").focus()
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/units/*#k1.1")
    visitor.look("opened a criterion by the keyboard")
    visitor.reads(UNIT)
    visitor.page.go_back()
    assert taken(visitor, "XLSX").stat().st_size > 2_000


def test_an_external_quality_assurer_sees_whom_they_were_granted(
    visitor: Visitor, served: Served, party_at_work: Party
) -> None:
    who, second = quality_assurer(served, party_at_work, Role.EQA)
    visitor.sign_in(who)
    visitor.reads("1 learner, 17 criteria in all.")
    for view in VIEWS:
        visitor.follow(view, exact=True)
        assert second.full_name not in visitor.page.content()
    assert names_in(taken(visitor, "CSV")) == [party_at_work.learner.full_name, "All that are chosen"]
    visitor.page.emulate_media(media="print")
    visitor.reads(f"{who.full_name} (External quality assurer)")


def test_it_needs_no_scripts(plain_visitor: Visitor, party_at_work: Party) -> None:
    plain_visitor.sign_in(party_at_work.administrator)
    plain_visitor.follow("Coverage", exact=True)
    plain_visitor.page.get_by_label("Order").select_option("behind")
    plain_visitor.press("Apply")
    plain_visitor.reads("1 learner, 17 criteria in all.")
    for view in VIEWS:
        plain_visitor.follow(view, exact=True)
