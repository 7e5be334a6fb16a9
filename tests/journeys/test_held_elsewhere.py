"""What stays where it is: described on a telephone, mapped, handed in, seen where it is kept, judged."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import Served
from tests.journeys.newcomers import Party
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

TITLE = "The whole file of one complaint"


@pytest.fixture
def learner(browser: Browser, served: Served, party_at_work: Party) -> Iterator[Visitor]:
    """A learner with a telephone."""
    visiting = Visitor(browser, served.address, scripts=True, is_phone=True)
    visiting.sign_in(party_at_work.learner)
    yield visiting
    visiting.leave()


def go(visitor: Visitor, path: str) -> None:
    """Open an address, and look at it."""
    visitor.page.goto(path)
    visitor.look(f"opened {path}")


def test_a_file_that_may_not_leave_the_site(learner: Visitor, visitor: Visitor, party_at_work: Party) -> None:
    enrolment_id, page = party_at_work.learner.enrolment_id, learner.page
    go(learner, f"/enrolments/{enrolment_id}/evidence")
    learner.follow("Held elsewhere")
    learner.press("Add and go on to map it")
    learner.reads("Say where it is kept")
    page.get_by_label("Title", exact=True).fill(TITLE)
    page.get_by_label("When did it happen?").fill("2026-11-03")
    page.get_by_label("What is it, and what does it show?").fill("Every letter and note of one referred complaint.")
    page.get_by_label("Where is it kept?").fill("Personnel system at the Leeds site, complaint file 2210, third drawer")
    page.get_by_label("Who keeps it?").fill("Complaints team leader")
    page.get_by_label("Why is it not here?").fill("It holds customers’ personal data.")
    learner.press("Add and go on to map it")
    page.get_by_role("checkbox", name=re.compile(r"^4\.3 ")).check()
    page.get_by_label("How does it show 4.3?").fill("The note on the last page says what I told my manager.")
    learner.press_and_go("Save and hand in", "**/hand-in*")
    for box in page.get_by_role("group", name="What you declare").get_by_role("checkbox").all():
        box.check()
    learner.press("Hand in")
    learner.reads("With your assessor")

    visitor.sign_in(party_at_work.assessor)
    visitor.follow(re.compile(TITLE))
    visitor.press("Start marking")
    visitor.reads("Nobody has recorded seeing this")
    visitor.follow("I have seen this")
    visitor.page.get_by_label("When did you see it?").fill("2026-11-02")
    visitor.press("Put on record that I saw it")
    visitor.reads("That is before the event itself.")
    visitor.page.get_by_label("When did you see it?").fill("2026-11-10")
    visitor.page.get_by_label("Note", exact=True).fill("The team leader opened the drawer for me.")
    visitor.press("Put on record that I saw it")
    visitor.reads(f"by {party_at_work.assessor.full_name}, assessor")
    go(visitor, "/marking")
    visitor.follow(re.compile(TITLE))
    visitor.reads("The team leader opened the drawer for me.")
    for tick in ("Valid", "Authentic", "Reliable", "Current"):
        visitor.page.get_by_label(tick, exact=True).check()
    group = visitor.page.get_by_role("group", name="Decision on 4.3")
    group.get_by_label("Sufficient for 4.3").check()
    group.get_by_label("Met", exact=True).check(force=True)
    visitor.press_until("Save and release", "is released.")

    go(learner, f"/enrolments/{enrolment_id}/evidence?q=whole+file&state=marked")
    learner.reads("1 of ")
    learner.follow(TITLE)
    learner.reads(f"on 10 November 2026 by {party_at_work.assessor.full_name}")
    learner.reads("Met")


def test_a_draft_thrown_away_and_had_back(learner: Visitor, served: Served, party_at_work: Party) -> None:
    """And another one that goes for good."""
    who = party_at_work.learner
    list_of = f"/enrolments/{who.enrolment_id}/evidence"
    go(learner, f"/evidence/{served.cast.evidence[f'{who.name} E004']}")
    learner.page.get_by_text("Put into the trash").click()
    learner.press("Put E004 into the trash")
    learner.reads("Notes for later is in the trash.")
    learner.press("Undo", exact=False)
    learner.reads("E004 is back, as it was.")
    learner.page.get_by_text("Put into the trash").click()
    learner.press("Put E004 into the trash")
    learner.follow("1 in the trash")
    learner.page.get_by_text("Delete for good").first.click()
    learner.look("asked to delete for good")
    learner.press("Delete for good E004")
    learner.reads("The trash is empty")
    go(learner, f"{list_of}?q=notes+for+later")
    learner.reads("Nothing fits")
    learner.page.get_by_text("More filters").click()
    learner.look("opened the other filters")
    learner.follow("Clear all")
    learner.reads("items.")
