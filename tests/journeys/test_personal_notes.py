"""The note beside a field: a moment after it is typed, from the first page of an item to its map and its feedback, and
without scripts once it is saved. It holds nobody back.
"""

import re

import pytest
from playwright.sync_api import expect

from portfolio.assessment import marking
from tests.journeys.conftest import Served
from tests.journeys.newcomers import Party, account_handed_in
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

PATIENCE = 20_000
TITLE = "What Mrs Hollingberry told me"
TITLE_NOTE = "1 thing here may point to a real person: Mrs Hollingberry"
PLACE = "She rang from 07700 900417."


@pytest.fixture(params=["visitor", "plain_visitor"])
def anybody(request: pytest.FixtureRequest) -> Visitor:
    """With scripts, and without."""
    found: Visitor = request.getfixturevalue(request.param)
    return found


def test_the_note_comes_as_one_types_and_goes_with_the_words(anybody: Visitor, party: Party) -> None:
    visitor = anybody
    visitor.sign_in(party.learner)
    visitor.follow("Write an account")
    page = visitor.page
    title, note = page.get_by_label("Title", exact=True), page.locator("#title-points")
    title.fill(TITLE)
    if visitor.scripts:
        expect(note).to_have_text(TITLE_NOTE, timeout=PATIENCE)
        expect(title).to_have_accessible_description(re.compile("may point to a real person: Mrs Hollingberry"))
        visitor.look("typed a name into the title")
        title.fill("What a customer told me")
        expect(note).to_have_count(0, timeout=PATIENCE)
        title.fill(TITLE)
        expect(note).to_have_text(TITLE_NOTE, timeout=PATIENCE)
    page.get_by_label("Your account", exact=True).fill("She rang twice, and the second time I listened first.")
    visitor.press_until("Save and go on to map it", "Map E")
    visitor.reads("1 to decide")
    visitor.follow(re.compile("^Change it"))
    expect(note).to_contain_text(TITLE_NOTE)
    visitor.look("opened what was saved")
    note.get_by_role("link", name="Decide").click()
    visitor.reads("Mrs Hollingberry")
    visitor.look("followed the note")


def test_the_step_counts_as_the_map_is_saved(anybody: Visitor, party: Party) -> None:
    visitor = anybody
    visitor.sign_in(party.learner)
    visitor.follow("Write an account")
    page = visitor.page
    page.get_by_label("Title", exact=True).fill("What a customer told me")
    page.get_by_label("Your account", exact=True).fill("I listened first.")
    visitor.press_until("Save and go on to map it", "Map E")
    step = page.get_by_role("list", name="The way of an item").get_by_role("listitem").nth(1)
    expect(step).to_contain_text("nothing to decide")
    page.get_by_role("checkbox", name=re.compile("^1.1 ")).first.check()
    said = page.get_by_label("How does it show 1.1?").first
    said.fill(PLACE)
    if visitor.scripts:
        expect(page.locator(".points-note")).to_contain_text("07700 900417", timeout=PATIENCE)
        expect(step).to_contain_text("1 to decide", timeout=PATIENCE)
        visitor.look("wrote a number beside a criterion")
        page.reload()
    else:
        visitor.press("Save")
    expect(page.locator(".points-note")).to_contain_text("07700 900417")
    expect(step).to_contain_text("1 to decide")
    visitor.look("opened the saved map")
    step.get_by_role("link").click()
    visitor.reads("07700 900417")


def test_an_assessor_is_told_of_feedback_as_it_is_saved(visitor: Visitor, served: Served, party: Party) -> None:
    with served.backstage() as (session, cast):
        item = account_handed_in(session, cast, party.learner, "A call", {"1.1": "I rang her."})
        marking.open_item(session, cast.actor(party.assessor.name, session), item)
        item_id = item.id
    visitor.sign_in(party.assessor)
    page = visitor.page
    page.goto(f"/marking/{item_id}")
    said, notes = page.get_by_label("Feedback on 1.1"), page.locator("#judge .points-note")
    said.fill("Show what Mrs Hollingberry said.")
    visitor.reads("Saved ")
    expect(notes).to_have_text("1 thing here may point to a real person: Mrs Hollingberry", timeout=PATIENCE)
    visitor.look("named somebody in feedback")
    page.reload()
    expect(notes).to_have_text("1 thing here may point to a real person: Mrs Hollingberry")
    said.fill("Show what Customer A said.")
    expect(notes).to_have_count(0, timeout=PATIENCE)
