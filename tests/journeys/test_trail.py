"""The trail, read and proved by those whom it is for: an administrator, an external quality assurer, the learner."""

import re

import pytest

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.enrolment.actions import grant
from portfolio.enrolment.models import Enrolment
from tests.journeys.conftest import Served
from tests.journeys.newcomers import Party, Somebody, join
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def ewan(served: Served, party_at_work: Party) -> Somebody:
    """Somebody from the awarding organisation who was granted the learner."""
    with served.backstage() as (session, cast):
        who = join(session, cast, party_at_work.centre_id, "Ewan Ross", Role.EQA)
        enrolment = session.get_one(Enrolment, party_at_work.learner.enrolment_id)
        person = session.get_one(Person, cast.people[who.name])
        grant(session, System(), enrolment, person=person, until=clock.today())
    return who


def test_the_trail_is_read_narrowed_and_proved(visitor: Visitor, party_at_work: Party, ewan: Somebody) -> None:
    """From outside first; then the administrator sees what was opened, and has all trails proved."""
    enrolment = f"/enrolments/{party_at_work.learner.enrolment_id}"
    visitor.sign_in(ewan)
    visitor.page.goto(enrolment)
    visitor.follow("Trail", exact=True)
    visitor.press("Check now")
    visitor.reads("The trail is whole.")
    visitor.page.get_by_label("About", exact=True).select_option("Decisions and sign-off")
    visitor.press("Show")
    assert "Enrolled the learner" not in visitor.page.locator("main").inner_text()
    visitor.page.get_by_label("Who", exact=True).fill("nobody")
    visitor.press("Show")
    visitor.reads("Nothing is found")
    visitor.follow("Show all")
    with visitor.page.expect_download() as coming:
        visitor.page.get_by_role("link", name="Download as CSV").click()
    assert re.fullmatch(r"trail-\w+-\d{4}-\d\d-\d\d\.csv", coming.value.suggested_filename)
    visitor.sign_out()
    visitor.sign_in(party_at_work.administrator)
    visitor.follow("Centre", exact=True)
    visitor.follow("Access log")
    visitor.reads("Downloaded the trail")
    visitor.page.goto("/centre/trail")
    visitor.look("opened the centre's trail")
    visitor.press("Check now")
    visitor.reads("every one is there, in order")
    visitor.look("the proof is done")
    visitor.follow("Centre", exact=True)
    visitor.follow("Disk use")
    visitor.reads(party_at_work.learner.full_name)


def test_without_scripts_and_on_the_learners_side(plain_visitor: Visitor, party_at_work: Party) -> None:
    """The learner finds the trail beside the Word portfolio."""
    plain_visitor.sign_in(party_at_work.learner)
    plain_visitor.page.goto(f"/enrolments/{party_at_work.learner.enrolment_id}/book")
    plain_visitor.follow("Read the trail")
    plain_visitor.press("Check now")
    plain_visitor.reads("The trail is whole.")
    plain_visitor.follow("Help", exact=True)
    plain_visitor.reads("For you")
