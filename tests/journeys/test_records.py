"""What an assessor saw: recorded from the marking queue, put on record, read by the learner, judged by its author."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Served
from tests.journeys.newcomers import Party
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

TITLE = "Watched while she calmed a caller"


@pytest.fixture
def learner(browser: Browser, served: Served, party: Party) -> Iterator[Visitor]:
    """The learner who was watched."""
    visiting = Visitor(browser, served.address, scripts=True)
    visiting.sign_in(party.learner)
    yield visiting
    visiting.leave()


@pytest.fixture
def phone(browser: Browser, served: Served) -> Iterator[Visitor]:
    """An assessor with a telephone in one hand."""
    visiting = Visitor(browser, served.address, scripts=True, is_phone=True)
    yield visiting
    visiting.leave()


def test_an_observation_from_the_queue_to_a_decision(visitor: Visitor, learner: Visitor, party: Party) -> None:
    page = visitor.page
    visitor.sign_in(party.assessor)
    visitor.follow("Record what you saw or heard")
    visitor.follow(f"Record something of {party.learner.full_name}")
    visitor.press("Save and go on to map it")
    visitor.reads("Give it a title")
    page.get_by_label("Title", exact=True).fill(TITLE)
    page.get_by_label("When did it happen?").fill("2026-11-04")
    page.get_by_label("What was the setting?").fill("A busy morning at the complaints desk.")
    page.get_by_label("What was the learner’s part in it?").fill("She took the call and brought it to its end.")
    page.get_by_label("What else there is to say").fill("She **listened** first, and then said what would happen.")
    visitor.press_and_go("Save and go on to map it", "**/map")
    page.get_by_role("checkbox", name=re.compile(r"^4\.2 ")).check()
    page.get_by_label("How does it show 4.2?").fill("She agreed the next step with the caller.")
    visitor.press("Save")
    visitor.press_and_go("Save and put on record", "**/put-on-record")
    visitor.press("Put on record")
    visitor.reads("Confirm that you saw or heard it yourself.")
    for box in page.get_by_role("group", name="What you declare").get_by_role("checkbox").all():
        box.check()
    visitor.press("Put on record")
    visitor.reads("sees it now, and it waits to be judged.")

    learner.page.goto("/")
    learner.look("opened the home page")
    learner.reads(f"{party.assessor.full_name} recorded this.")
    learner.follow(re.compile(TITLE))
    learner.reads("You cannot change it.")
    learner.reads("She listened first, and then said what would happen.")
    learner.follow("Evidence", exact=True)
    learner.page.get_by_label("Search", exact=True).fill("calmed a caller")
    learner.press("Show")
    learner.reads(f"by {party.assessor.full_name}")

    page.goto("/marking")
    visitor.look("opened the queue")
    visitor.reads(f"recorded by {party.assessor.full_name}")
    visitor.follow(re.compile(TITLE))
    visitor.press("Start marking")
    for tick in ("Valid", "Authentic", "Reliable", "Current"):
        page.get_by_label(tick, exact=True).check()
    visitor.turn_to("4.2")
    group = page.get_by_role("group", name="Decision on 4.2")
    group.get_by_label("Sufficient for 4.2").check()
    group.get_by_label("Met", exact=True).check(force=True)
    page.get_by_label("Feedback on 4.2").fill("You gave the caller time.")
    visitor.press_until("Save and release", "is released.")

    learner.page.goto("/")
    learner.look("opened the home page again")
    learner.reads("You gave the caller time.")
    learner.follow("Make or download")


def test_an_observation_on_a_phone(phone: Visitor, party: Party) -> None:
    """In one hand: a line with the time of the day, criteria as chips, and nothing typed is lost."""
    page = phone.page
    phone.sign_in(party.assessor)
    page.goto("/records/new")
    phone.follow(f"Record something of {party.learner.full_name}")
    page.get_by_label("Title", exact=True).fill("Watched on the telephone")
    phone.press("Now")
    expect(page.get_by_label("Time of line 1")).to_have_value(re.compile(r"^\d\d:\d\d$"))
    page.get_by_label("What you saw, line 1").fill("Let the caller finish.")
    phone.press("Criteria for line 1")
    page.get_by_role("searchbox", name="Find a criterion").fill("referred it and why")
    phone.press("1.1 ", exact=False)
    page.get_by_role("searchbox", name="Find a criterion").fill("nothing like it")
    phone.reads("No criterion fits.")
    phone.press("Done")
    expect(page.get_by_role("button", name="More criteria for line 1")).to_be_focused()
    phone.press("Now")
    page.get_by_label("Time of line 2").fill("00:01")
    page.get_by_label("Time of line 2").press("Enter")
    page.get_by_label("What you saw, line 1").fill("Began the shift.")
    expect(page.get_by_label("What you saw, line 2")).to_have_value("Let the caller finish.")
    with page.expect_response(lambda answer: "Began the shift." in (answer.request.post_data or "")):
        page.get_by_label("What you saw, line 1").blur()
    expect(page.get_by_text(re.compile("^Saved "))).to_be_visible()
    page.reload()
    phone.look("opened the page again")
    phone.reads("You were writing this on")
    expect(page.get_by_label("What you saw, line 2")).to_have_value("Let the caller finish.")
    phone.press("Remove line 1")
    expect(page.get_by_label("What you saw, line 1")).to_have_value("Let the caller finish.")
    phone.press("Put it back")
    phone.press("Take 1.1 off")
    phone.press("Criteria for line 2")
    phone.press("1.1 ", exact=False)
    phone.press("Done")
    phone.press_and_go("Save and map", "**/map")
    phone.reads("Began the shift.")
    expect(page.get_by_role("checkbox", name=re.compile(r"^1\.1 "))).to_be_checked()


def test_a_discussion_with_the_clock_and_the_recorder(visitor: Visitor, party: Party) -> None:
    """The recording starts the clock; once it is saved, a line's time leads to it."""
    page = visitor.page
    visitor.sign_in(party.assessor)
    page.goto("/records/new")
    visitor.follow(f"Record something of {party.learner.full_name}")
    visitor.follow("Professional discussion")
    page.get_by_label("Title", exact=True).fill("Talked about a case")
    visitor.press("Record a voice memo")
    visitor.press("Stop the clock", exact=True)
    visitor.press("Continue the clock")
    page.wait_for_timeout(1_200)
    visitor.press("Mark here")
    expect(page.get_by_label("Time of line 1")).to_have_value(re.compile(r"^0:0\d$"))
    page.get_by_label("What was said, line 1").fill("Names the point.")
    visitor.press("Stop recording")
    expect(page.get_by_role("button", name="Continue the clock")).to_be_visible()
    visitor.press("Keep it")
    visitor.reads("It has arrived.")
    visitor.press_and_go("Save and go on to map it", "**/map")
    visitor.follow("Change it")
    page.get_by_label("Time of line 1").fill("0:01")
    page.get_by_label("Time of line 1").press("Tab")
    visitor.press("Go to this time in the recording")
    visitor.until("document.querySelector('audio').currentTime >= 0.9")
    visitor.press("Mark here")
    expect(page.get_by_label("Time of line 2")).to_have_value("0:01")
