"""Files seen in place while somebody is on the page: a preview comes by itself, a recording is played by keyboard."""

import pytest
from playwright.sync_api import expect

from portfolio.config import Settings
from portfolio.criteria.rules import Method
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import actions
from portfolio.evidence.actions import Details
from portfolio.evidence.rules import Carrier
from portfolio.installation import open_installation
from tests.cast import upload
from tests.documents import samples
from tests.journeys.conftest import Served
from tests.journeys.visitor import Visitor

PATIENCE = 60_000


@pytest.fixture
def item(served: Served) -> int:
    """A draft of olga's with a PDF that nobody asked a preview of yet, and a recording."""
    installation = open_installation(Settings.from_environment(served.home, {}))
    with installation.database.writing() as session:
        evidence = actions.add(
            session,
            served.cast.over(installation).actor("olga", session),
            session.get_one(Enrolment, served.cast.enrolments["olga"]),
            installation.store,
            method=Method.PRODUCT,
            carrier=Carrier.FILES,
            details=Details("A record and a call"),
            uploads=[
                upload(installation, samples.pdf(1), "record.pdf", "application/pdf"),
                upload(installation, samples.sound(8), "call.wav", "audio/wav"),
            ],
        )
        session.commit()
        evidence_id = evidence.id
    installation.close()
    return evidence_id


@pytest.mark.browser
def test_a_preview_comes_by_itself_and_a_recording_is_played_by_keyboard(visitor: Visitor, item: int) -> None:
    visitor.sign_in("olga")
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
def test_without_scripts_a_preview_is_asked_for_by_its_button(plain_visitor: Visitor, item: int) -> None:
    plain_visitor.sign_in("olga")
    plain_visitor.page.goto(f"/evidence/{item}")
    expect(plain_visitor.page.locator("audio")).to_have_attribute("controls", "")
    pictures = plain_visitor.page.get_by_role("img", name="record.pdf")
    if not pictures.count():
        plain_visitor.press("Make a preview of record.pdf")
    for _ in range(60):
        if pictures.count():
            break
        plain_visitor.page.wait_for_timeout(1000)
        plain_visitor.page.reload()
    expect(pictures.first).to_be_visible()
