"""What an assessor saw: recorded from the marking queue, put on record, read by the learner, judged by its author."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import Served
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

TITLE = "Watched while she calmed a caller"


@pytest.fixture
def learner(browser: Browser, served: Served) -> Iterator[Visitor]:
    """The learner who was watched."""
    visiting = Visitor(browser, served.address, scripts=True)
    visiting.sign_in("amina")
    yield visiting
    visiting.leave()


def test_an_observation_from_the_queue_to_a_decision(visitor: Visitor, learner: Visitor) -> None:
    page = visitor.page
    visitor.sign_in("marguerite")
    visitor.follow("Record what you saw or heard")
    visitor.follow("Record something of Amina Ramachandran-Hughes")
    visitor.press("Save and go on to map it")
    visitor.reads("Give it a title")
    page.get_by_label("Title", exact=True).fill(TITLE)
    page.get_by_label("When did it happen?").fill("2026-11-04")
    page.get_by_label("What was the setting?").fill("A busy morning at the complaints desk.")
    page.get_by_label("What was the learner’s part in it?").fill("She took the call and brought it to its end.")
    page.get_by_label("What you saw, heard or asked").fill("She **listened** first, and then said what would happen.")
    visitor.press("Save and go on to map it")
    page.get_by_role("checkbox", name=re.compile(r"^4\.2 ")).check()
    page.get_by_label("How does it show 4.2?").fill("She agreed the next step with the caller.")
    visitor.press("Save")
    visitor.press("Save and put on record")
    visitor.press("Put on record")
    visitor.reads("Confirm that you saw or heard it yourself.")
    for box in page.get_by_role("group", name="What you declare").get_by_role("checkbox").all():
        box.check()
    visitor.press("Put on record")
    visitor.reads("sees it now, and it waits to be judged.")

    learner.page.goto("/")
    learner.look("opened the home page")
    learner.reads("Marguerite Okonkwo-Lindqvist recorded this.")
    learner.follow(re.compile(TITLE))
    learner.reads("You cannot change it.")
    learner.reads("She listened first, and then said what would happen.")
    learner.follow("Evidence", exact=True)
    learner.page.get_by_label("Search", exact=True).fill("calmed a caller")
    learner.press("Show")
    learner.reads("by Marguerite Okonkwo-Lindqvist")

    page.goto("/marking")
    visitor.look("opened the queue")
    visitor.reads("recorded by Marguerite Okonkwo-Lindqvist")
    visitor.follow(re.compile(TITLE))
    visitor.press("Start marking")
    for tick in ("Valid", "Authentic", "Reliable", "Current"):
        page.get_by_label(tick, exact=True).check()
    group = page.get_by_role("group", name="Decision on 4.2")
    group.get_by_label("Sufficient for 4.2").check()
    group.get_by_label("Met", exact=True).check(force=True)
    page.get_by_label("Feedback on 4.2").fill("You gave the caller time.")
    visitor.press("Save and release")

    learner.page.goto("/")
    learner.look("opened the home page again")
    learner.reads("You gave the caller time.")
    learner.follow("Make or download")
