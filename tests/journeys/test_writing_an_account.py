"""An account from its first word to its second version, through everything that could lose what was typed."""

import re

import pytest
from playwright.sync_api import Page, expect

from portfolio.assessment import marking, submitting
from portfolio.assessment.rules import Mark
from portfolio.centres.models import Centre
from portfolio.config import ROOT
from portfolio.criteria.actions import load_pack
from portfolio.criteria.packs import read_pack
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.evidence.models import Evidence
from portfolio.mapping import actions as mapping
from portfolio.mapping.rules import Outcome
from tests.cast import ALL_TICKED, EVERYTHING, PASSWORD, wanted
from tests.journeys.conftest import Served
from tests.journeys.newcomers import Learner, Party, Somebody, another_learner
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

SAVED = re.compile(r"^Saved \d\d:\d\d$")
SIGNED_OUT = "You are signed out. Sign in in another tab; nothing typed is lost"
OTHER = ROOT / "criteria" / "qs-l3-customer-service.yaml"
AWAY = "Not connected: kept in this browser"


class Desk:
    """The writing page in one tab."""

    def __init__(self, visitor: Visitor, address: str, page: Page | None = None) -> None:
        self.visitor = visitor
        self.address = address
        self.page = page or visitor.page

    def open(self) -> "Desk":
        """Open the page, or open it again."""
        self.page.goto(self.address)
        return self

    @property
    def text(self) -> str:
        """What stands in the account."""
        return self.page.get_by_label("Your account", exact=True).input_value()

    def write(self, text: str) -> None:
        """Put this into the account."""
        self.page.get_by_label("Your account", exact=True).fill(text)

    def says(self, words: str | re.Pattern[str]) -> None:
        """What the page says of what was typed, now or soon."""
        expect(self.page.locator("[data-autosave-status]")).to_have_text(words, timeout=15_000)


def writing(learner: Learner) -> str:
    """The address of a learner's writing page."""
    return f"/enrolments/{learner.enrolment_id}/evidence/write"


@pytest.fixture
def desk(visitor: Visitor, party: Party) -> Desk:
    """The learner at a new account."""
    visitor.sign_in(party.learner)
    return Desk(visitor, writing(party.learner)).open()


def kept_here(page: Page) -> int:
    """How many drafts this browser keeps."""
    return int(page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length"))


def sign_in_elsewhere(desk: Desk, who: Somebody) -> None:
    """In another tab of the same browser."""
    tab = desk.page.context.new_page()
    tab.goto("/sign-in")
    tab.get_by_label("E-mail address").fill(who.email)
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    tab.wait_for_load_state("load")
    tab.close()


def lose_connection(desk: Desk) -> None:
    """From now on nothing reaches the server."""
    desk.page.context.set_offline(True)


def find_connection(desk: Desk) -> None:
    """Everything reaches the server again. What the browser said about it was to be expected."""
    desk.page.context.set_offline(False)
    desk.visitor.complaints = [said for said in desk.visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in said]


def test_writing_with_preview_and_ticks_until_it_is_saved(desk: Desk, visitor: Visitor) -> None:
    visitor.look("opened the writing page")
    page = visitor.page
    page.get_by_label("Title", exact=True).fill("A call that came back")
    desk.write("## What happened\n\nNobody had *rung* back.\n\n<script>alert(1)</script>")
    expect(page.locator("[data-preview-out] h3")).to_have_text("What happened")
    expect(page.locator("[data-preview-out] em")).to_have_text("rung")
    expect(page.locator("[data-preview-title]")).to_have_text("A call that came back")
    assert page.locator("[data-preview-out] script").count() == 0
    expect(page.locator("#body-count")).to_have_text("8 words")
    desk.says(SAVED)
    visitor.look("the text is kept")
    page.get_by_text("Criteria it shows").click()
    visitor.look("opened the criteria")
    for code in ("1.2", "4.1"):
        page.get_by_role("checkbox", name=re.compile(rf"^{re.escape(code)} ")).check()
    expect(page.locator("[data-ticked]")).to_have_text("2 ticked")
    page.get_by_text("What your assessor looks for").click()
    visitor.look("opened the prompts")
    page.wait_for_timeout(2000)
    desk.says(SAVED)
    address = page.url
    page.close()
    visitor.page = desk.page = page.context.new_page()
    visitor.page.goto(address)
    visitor.look("came back to it")
    visitor.reads("You were writing this on")
    assert desk.text.startswith("## What happened")
    assert visitor.page.get_by_role("checkbox", name=re.compile(r"^4\.1 ")).is_checked()
    visitor.press_and_go("Save and go on to map it", "**/map")
    for code in ("1.2", "4.1"):
        assert visitor.page.get_by_role("checkbox", name=re.compile(rf"^{re.escape(code)} ")).is_checked()
    assert kept_here(visitor.page) == 0
    desk.open()
    assert desk.text == ""
    assert visitor.page.get_by_text("You were writing this on").count() == 0


def wait_until_sent(desk: Desk) -> None:
    """The browser keeps nothing any more: the server has it, from this page or from the one that was closed."""
    for _ in range(150):
        if kept_here(desk.page) == 0:
            return
        desk.page.wait_for_timeout(100)
    raise AssertionError("the browser still keeps what was typed")


def test_without_a_connection_the_browser_keeps_it_until_there_is_one(desk: Desk, visitor: Visitor) -> None:
    desk.write("First words.")
    desk.says(SAVED)
    lose_connection(desk)
    desk.write("First words, and more in the tunnel.")
    desk.says(AWAY)
    assert kept_here(desk.page) == 1
    find_connection(desk)
    visitor.look("the connection was lost")
    desk.says(SAVED)
    assert kept_here(desk.page) == 0
    lose_connection(desk)
    desk.write("Typed in the tunnel, and the page closed.")
    context = desk.page.context
    desk.page.close()
    visitor.page = desk.page = context.new_page()
    find_connection(desk)
    desk.open()
    expect(desk.page.get_by_label("Your account", exact=True)).to_have_value(
        "Typed in the tunnel, and the page closed."
    )
    wait_until_sent(desk)
    visitor.look("what the browser kept is back")


def test_what_was_kept_is_sent_from_any_page(desk: Desk, visitor: Visitor) -> None:
    lose_connection(desk)
    desk.write("Typed at the bus stop.")
    desk.says(AWAY)
    context = desk.page.context
    desk.page.close()
    visitor.page = desk.page = context.new_page()
    find_connection(desk)
    desk.page.goto("/")
    wait_until_sent(desk)
    visitor.look("opened another page")
    desk.open()
    assert desk.text == "Typed at the bus stop."


def test_a_session_that_ends_while_writing_loses_nothing(desk: Desk, visitor: Visitor, party: Party) -> None:
    desk.write("Before lunch.")
    desk.says(SAVED)
    desk.page.context.clear_cookies()
    desk.write("Before lunch, and after it.")
    desk.says(SIGNED_OUT)
    visitor.look("the session is over")
    sign_in_elsewhere(desk, party.learner)
    desk.says(SAVED)
    desk.page.context.clear_cookies()
    desk.page.get_by_label("Title", exact=True).fill("Lunch")
    desk.write("Sent after the session was over.")
    visitor.press("Save and go on to map it")
    desk.says(SIGNED_OUT)
    visitor.sign_in(party.learner)
    desk.open()
    assert desk.text == "Sent after the session was over."
    visitor.press_and_go("Save and go on to map it", "**/map")
    desk.open()
    assert desk.text == ""


def test_another_person_s_session_gets_nothing_of_it(
    desk: Desk, visitor: Visitor, served: Served, party: Party
) -> None:
    with served.backstage() as (session, cast):
        other = another_learner(session, cast, party)
    desk.write("Her own words.")
    desk.says(SAVED)
    desk.page.context.clear_cookies()
    sign_in_elsewhere(desk, other)
    desk.write("Her own words, of which nobody else knows.")
    desk.says("Somebody else is signed in here now, so this is kept in this browser only")
    visitor.look("somebody else is signed in")
    desk.page.goto(writing(other))
    desk.page.wait_for_timeout(1000)
    assert desk.text == ""
    visitor.sign_out()
    visitor.sign_in(party.learner)
    desk.open()
    assert desk.text == "Her own words, of which nobody else knows."


def test_signing_out_sends_what_was_typed_and_empties_the_browser(desk: Desk, visitor: Visitor, party: Party) -> None:
    desk.write("The last words before going home.")
    visitor.page.get_by_role("button", name="Sign out").first.click()
    visitor.page.wait_for_url("**/sign-in")
    visitor.look("signed out")
    assert kept_here(visitor.page) == 0
    visitor.sign_in(party.learner)
    desk.open()
    assert desk.text == "The last words before going home."


@pytest.mark.parametrize("taken", ["Keep what is in the form", "Take the other version"])
def test_two_tabs_show_each_other_s_words(desk: Desk, visitor: Visitor, taken: str) -> None:
    desk.write("Begun at work.")
    desk.says(SAVED)
    second = Desk(visitor, desk.address, desk.page.context.new_page()).open()
    assert second.text == "Begun at work."
    desk.write("Begun at work, and changed in the first tab.")
    desk.says(SAVED)
    desk.page.wait_for_timeout(2000)
    second.write("Begun at work, and changed in the second tab.")
    second.says("There are two versions. Choose one of them above")
    visitor.page = second.page
    visitor.look("two versions")
    assert "changed in the first tab" in second.page.get_by_label("Where the other version differs").input_value()
    second.page.get_by_label("Title", exact=True).fill("Two tabs")
    second.page.get_by_role("button", name="Save and go on to map it").click()
    expect(second.page.get_by_role("button", name="Keep what is in the form")).to_be_focused()
    visitor.press(taken)
    second.says(SAVED)
    visitor.look("one version was chosen")
    kept = "second" if taken.startswith("Keep") else "first"
    assert second.text == f"Begun at work, and changed in the {kept} tab."
    desk.open()
    assert desk.text == f"Begun at work, and changed in the {kept} tab."


def test_on_a_phone_the_preview_takes_the_text_s_place(desk: Desk, visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    visitor.look("opened on a phone")
    desk.write("Some *words*.")
    expect(visitor.page.locator("[data-preview-out]")).to_be_hidden()
    visitor.press("Preview")
    expect(visitor.page.locator("[data-preview-out] em")).to_be_visible()
    expect(visitor.page.get_by_label("Your account", exact=True)).to_be_hidden()
    visitor.press("Write on")
    expect(visitor.page.get_by_label("Your account", exact=True)).to_be_focused()


def mark(served: Served, party: Party, evidence_id: int) -> None:
    """The learner hands the item in, and the assessor finds one thing wanting."""
    with served.backstage() as (session, cast):
        learner, assessor = (cast.actor(who.name, session) for who in (party.learner, party.assessor))
        enrolment = session.get_one(Enrolment, party.learner.enrolment_id)
        evidence = session.get_one(Evidence, evidence_id)
        mapping.map_to(session, learner, evidence, wanted=wanted(session, enrolment, {"1.2": "I rang."}))
        item = submitting.submit(session, learner, enrolment, evidence_ids=[evidence_id], declared=EVERYTHING).items[0]
        marking.open_item(session, assessor, item)
        marks = [Mark(claim.id, Outcome.INSUFFICIENT, False, "Say when.") for claim in marking.claims_on(session, item)]
        marking.save_review(session, assessor, item, varc=ALL_TICKED, marks=marks, feedback="Nearly there.")
        marking.release(session, assessor, item)


def test_a_marked_account_is_revised_and_compared(visitor: Visitor, served: Served, party: Party) -> None:
    page = visitor.page
    visitor.sign_in(party.learner)
    page.goto(writing(party.learner))
    page.get_by_label("Title", exact=True).fill("What I learned at the desk")
    page.get_by_label("Your account", exact=True).fill("I rang on Monday.\n\nNobody answered.")
    visitor.press_and_go("Save and go on to map it", "**/map")
    item = page.url.removesuffix("/map")
    mark(served, party, int(item.rpartition("/")[2]))
    page.goto(item)
    visitor.press("Make a new version")
    visitor.follow("Change it")
    page.get_by_label("Your account", exact=True).fill("I rang on Tuesday.\n\nNobody answered.")
    expect(page.get_by_role("checkbox", name=re.compile(r"^1\.2 "))).to_be_checked()
    page.get_by_role("checkbox", name=re.compile(r"^1\.1 ")).check()
    expect(page.locator("[data-autosave-status]")).to_have_text(SAVED, timeout=15_000)
    visitor.look("changed the new version")
    visitor.press_and_go("Save", item)
    visitor.follow("Compare them")
    expect(page.locator("del")).to_have_count(2)
    visitor.reads("I rang on")
    visitor.reads("Tuesday")
    visitor.reads("Added 1.1")
    page.set_viewport_size({"width": 390, "height": 844})
    visitor.look("compared them on a phone")


def add_unit(served: Served, party: Party) -> str:
    """The learner takes a second unit, from another qualification; answers its title."""
    with served.backstage() as (session, cast):
        centre = session.get_one(Centre, party.centre_id)
        loaded = load_pack(session, cast.actor(party.administrator.name, session), read_pack(OTHER), centre=centre)
        unit = next(offered.unit for offered in loaded.units if not offered.unit.is_outline)
        session.add(
            EnrolmentUnit(
                enrolment_id=party.learner.enrolment_id, unit_version_id=unit.id, unit_code=unit.code, position=9
            )
        )
        return unit.title


def test_the_prompts_of_another_unit_come_without_losing_a_word(visitor: Visitor, served: Served, party: Party) -> None:
    title = add_unit(served, party)
    page = visitor.page
    visitor.sign_in(party.learner)
    page.goto(writing(party.learner))
    page.get_by_label("Your account", exact=True).fill("A word.")
    before = page.locator("[data-prompts]").inner_text()
    page.get_by_label("Prompts from your unit").select_option(label=title)
    expect(page.locator("[data-prompts]")).not_to_have_text(before, use_inner_text=True)
    visitor.look("chose another unit")
    assert page.get_by_label("Your account", exact=True).input_value() == "A word."
    page.get_by_text("Criteria it shows").click()
    page.locator("summary").filter(has_text=title).click()
    visitor.look("opened its criteria")
