"""Files seen in place while somebody is on the page: a preview comes by itself, a recording is played by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.cast import upload
from tests.documents import samples
from tests.journeys.conftest import Served
from tests.journeys.newcomers import Party, draft_of_files
from tests.journeys.visitor import Visitor

PATIENCE = 60_000


@pytest.fixture
def item(served: Served, party: Party) -> int:
    """A draft with a PDF that nobody asked a preview of yet, and a recording."""
    with served.backstage() as (session, cast):
        uploads = [
            upload(cast.installation, samples.pdf(1), "record.pdf", "application/pdf"),
            upload(cast.installation, samples.sound(8), "call.wav", "audio/wav"),
        ]
        return draft_of_files(session, cast, party.learner, "A record and a call", uploads)


@pytest.mark.browser
def test_a_preview_comes_by_itself_and_a_recording_is_played_by_keyboard(
    visitor: Visitor, party: Party, item: int
) -> None:
    visitor.sign_in(party.learner)
    page = visitor.page
    page.goto(f"/evidence/{item}")
    expect(page.get_by_role("img", name="record.pdf")).to_be_visible(timeout=PATIENCE)
    page.get_by_text("Text of this page").click()
    expect(page.get_by_text("Complaint record, page 1")).to_be_visible()
    page.get_by_text("Look at it here: call.wav").click()
    expect(page.locator("canvas.wave")).to_be_visible(timeout=PATIENCE)
    visitor.look("opened both files in place")
    page.locator("audio").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("00:05")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("00:00")).to_be_visible()
    page.locator("canvas.wave").click(position={"x": 2, "y": 30})
    visitor.follow("Open large record.pdf")
    expect(page.get_by_role("heading", name="record.pdf")).to_be_visible()


@pytest.mark.browser
def test_without_scripts_a_preview_is_asked_for_by_its_button(plain_visitor: Visitor, party: Party, item: int) -> None:
    plain_visitor.sign_in(party.learner)
    plain_visitor.page.goto(f"/evidence/{item}")
    expect(plain_visitor.page.locator("audio")).to_have_attribute("controls", "")
    pictures = plain_visitor.page.get_by_role("img", name="record.pdf")
    asking = plain_visitor.page.get_by_role("button", name="Make a preview of record.pdf")
    for _ in range(60):
        if pictures.count():
            break
        if asking.count():  # not while it is being made
            asking.first.click()
        plain_visitor.page.wait_for_timeout(1000)
        plain_visitor.page.reload()
    expect(pictures.first).to_be_visible()
