"""Deciding what was found in an item: by mouse, by keyboard alone, without scripts, and on a phone."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from portfolio.evidence.models import Evidence
from tests.cast import upload, write
from tests.journeys.conftest import Served
from tests.journeys.newcomers import Learner, Party, draft_of_files
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

PATIENCE = 60_000
TITLE = "Call-back for Mrs Hollis-Brandt"
BODY = (
    "Mrs Hollis-Brandt rang at ten past eleven. Her mobile is 07700 900417.\n\n"
    "I rang Mrs Hollis-Brandt back and told her neighbour Mr Stannard.\n\n"
    "The cat sat on Zebedee all day."
)
LETTER = b"Dear Mrs Abernethy,\n\nI am sorry that nobody rang you back.\n"


@dataclass(frozen=True, slots=True)
class Item:
    """An item that names people, and whose it is."""

    served: Served
    learner: Learner
    id: int

    def open(self, visitor: Visitor) -> Page:
        """The page of its personal data."""
        visitor.sign_in(self.learner)
        visitor.page.goto(f"/evidence/{self.id}/personal-data")
        visitor.look("opened the page of its personal data")
        return visitor.page

    def body(self) -> str:
        """Its text as it is kept."""
        with self.served.installation.database.reading() as session:
            return session.get_one(Evidence, self.id).latest.body


@pytest.fixture
def item(served: Served, party: Party) -> Item:
    """A call-back in which three are named."""
    with served.backstage() as (session, cast):
        return Item(served, party.learner, write(session, cast.installation, cast, party.learner.name, TITLE, BODY).id)


def left(page: Page, count: int) -> None:
    """So many are left, and the page says so in the bar that is always seen."""
    words = f"{count} to decide" if count else "Nothing left to decide"
    expect(page.locator(".review-progress")).to_contain_text(words)
    if count:
        expect(page.locator(".review-bar")).to_contain_text(words)
        expect(page.locator(".review-bar")).to_be_in_viewport()


def test_by_mouse(visitor: Visitor, item: Item) -> None:
    page = item.open(visitor)
    left(page, 5)
    first = page.locator(".entity.cur")
    expect(first).to_contain_text("Mrs Hollis-Brandt")
    first.get_by_label("Replace with").select_option(label="Person A")
    first.get_by_role("checkbox").nth(0).uncheck()
    expect(first.get_by_role("button", name="Replace 2 of 3")).to_be_visible()
    first.get_by_role("checkbox").nth(0).check()
    first.get_by_role("button", name="Replace all 3").click()
    left(page, 2)
    visitor.look("replaced somebody")
    expect(page.get_by_role("status").first).to_have_text("Person A now stands in 3 places. 2 to decide.")
    expect(page.locator(".token").first).to_have_text("Person A")
    expect(page.locator(".entity.cur .entity-name")).to_be_focused()
    page.get_by_role("link", name="Mr Stannard", exact=True).click()
    expect(page.locator(".entity.cur")).to_contain_text("Mr Stannard")
    visitor.look("pressed a finding in the text")
    page.locator(".entity.cur summary", has_text="Keep, with a reason").click()
    page.locator(".entity.cur").get_by_role("button", name="Keep it").click()
    expect(page.locator("[data-errors]")).to_contain_text("Say why it may stay.")
    visitor.look("kept without a reason")
    page.locator(".entity.cur").get_by_label("It is public").check()
    page.locator(".entity.cur").get_by_label("In your own words").fill("He is the mayor.")
    page.locator(".entity.cur").get_by_role("button", name="Keep it").click()
    left(page, 1)
    visitor.look("kept somebody")
    page.get_by_role("link", name="Show it as others will see it").click()
    expect(page.get_by_role("heading", name="As others will see it")).to_be_visible()
    expect(page.locator(".sheet")).to_contain_text("Her mobile is [phone 1]")
    visitor.look("looked at it as others will")
    page.get_by_role("link", name="Show what was found").click()
    expect(page.get_by_role("heading", name="As it stands")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Undo.*Person A")).click()
    left(page, 4)
    visitor.look("took a decision back")
    assert item.body() == BODY


def test_what_was_missed_is_marked_by_selecting_it(visitor: Visitor, item: Item) -> None:
    page = item.open(visitor)
    line = page.locator(".verbatim", has_text="The cat sat")
    line.evaluate(
        "(line) => { const text = line.firstChild, at = text.data.indexOf('Zebedee');"
        " getSelection().setBaseAndExtent(text, at, text, at + 7); }"
    )
    bar = page.locator("[data-mark-bar]")
    expect(bar).to_contain_text("Mark “Zebedee” as")
    visitor.look("selected a name")
    bar.get_by_role("button", name="Cancel").click()
    expect(bar).to_be_hidden()
    line.evaluate("(line) => getSelection().selectAllChildren(line)")
    expect(bar).to_contain_text("Mark “The cat sat on Zebedee all day.” as")
    line.evaluate(
        "(line) => { const text = line.firstChild, at = text.data.indexOf('Zebedee');"
        " getSelection().setBaseAndExtent(text, at, text, at + 7); }"
    )
    expect(bar).to_contain_text("Mark “Zebedee” as")
    bar.get_by_role("button", name="Mark", exact=True).click()
    left(page, 6)
    expect(page.locator(".entity.cur .entity-name")).to_contain_text("Zebedee")
    visitor.look("marked a name")


def test_by_keyboard_alone(visitor: Visitor, item: Item) -> None:
    page, press = item.open(visitor), visitor.page.keyboard.press
    name = page.locator(".entity.cur .entity-name")
    press("j")
    expect(name).to_contain_text("07700 900417")
    expect(name).to_be_focused()
    press("k")
    expect(name).to_contain_text("Mrs Hollis-Brandt")
    press("k")
    expect(page.locator("[data-review-shown]")).to_have_text("This is the first one.")
    visitor.look("went on and back")
    press("r")
    left(page, 2)
    expect(name).to_contain_text("07700 900417")
    expect(name).to_be_focused()
    press("e")
    expect(page.locator(".entity.cur [data-keep] input").first).to_be_focused()
    press("ArrowDown")
    press("Tab")
    page.keyboard.type("Our own front desk, jers.")
    visitor.look("wrote a reason with the keys")
    press("Tab")
    press("Enter")
    left(page, 1)
    expect(name).to_contain_text("Mr Stannard")
    press("u")
    left(page, 2)
    visitor.look("took it back with U")
    press("r")
    left(page, 1)
    press("r")
    left(page, 0)
    expect(page.locator("#done")).to_contain_text("You decided all 5.")
    visitor.look("decided everything with the keys")


def test_marking_merging_and_splitting_by_keyboard_alone(visitor: Visitor, item: Item) -> None:
    page, press = item.open(visitor), visitor.page.keyboard.press
    name = page.locator(".entity.cur .entity-name")
    for rest in (2, 1):
        press("r")
        left(page, rest)
    press("w")
    bar = page.locator("[data-mark-bar]")
    expect(bar).to_be_visible()
    for key in ("ArrowDown", *["ArrowRight"] * 4):
        press(key)
    expect(bar).to_contain_text("Mark “Zebedee” as")
    press("Shift+ArrowRight")
    expect(bar).to_contain_text("Mark “Zebedee all” as")
    press("Shift+ArrowLeft")
    expect(bar).to_contain_text("Mark “Zebedee” as")
    visitor.look("chose a word with the arrow keys")
    press("Enter")
    expect(bar.get_by_label("What it is")).to_be_focused()
    press("Tab")
    press("Enter")
    left(page, 2)
    expect(name).to_contain_text("Zebedee")
    expect(name).to_be_focused()
    press("m")
    into = page.locator(".entity.cur select[name=into]")
    expect(into).to_be_focused()
    press("End")
    press("Tab")
    press("Tab")
    visitor.look("chose whom it is the same as")
    press("Enter")
    expect(name).to_contain_text("Zebedee")
    expect(page.locator(".entity.cur .hits li")).to_have_count(2)
    press("Tab")
    press("Space")
    press("s")
    left(page, 2)
    visitor.look("split one into two")
    press("r")
    left(page, 1)
    press("r")
    left(page, 0)
    expect(page.locator("#done")).to_contain_text("You decided all")
    visitor.look("decided everything with the keys")
    assert "Zebedee" not in item.body()
    assert "Stannard" not in item.body()


def test_the_keys_may_be_switched_off(visitor: Visitor, item: Item) -> None:
    page, press = item.open(visitor), visitor.page.keyboard.press
    page.get_by_role("button", name="Turn these keys off").press("Enter")
    press("r")
    press("j")
    left(page, 5)
    visitor.look("turned the keys off")
    page.get_by_role("button", name="Turn these keys on").press("Enter")
    press("r")
    left(page, 2)


def test_without_scripts(plain_visitor: Visitor, item: Item) -> None:
    page = item.open(plain_visitor)
    page.get_by_role("button", name="Replace what is ticked").first.click()
    assert re.search(r"\?at=e-\w+#e-\w+$", page.url)
    plain_visitor.reads("Customer A now stands in 3 places.")
    plain_visitor.look("replaced somebody")
    left(page, 2)
    phone = page.locator(".entity", has_text="07700 900417")
    phone.get_by_text("Keep, with a reason").click()
    phone.get_by_role("button", name="Keep it").click()
    plain_visitor.reads("Say why it may stay.")
    plain_visitor.look("kept without a reason")
    phone.get_by_label("It belongs to an organisation").check()
    phone.get_by_role("button", name="Keep it").click()
    plain_visitor.reads("Kept.")
    left(page, 1)
    page.get_by_text("Mark something that was missed").click()
    page.get_by_label("Words that were missed").fill("Zebedee")
    plain_visitor.press("Mark it")
    left(page, 2)
    for _ in range(2):
        page.get_by_role("button", name="Replace", exact=True).first.click()
    plain_visitor.reads("You decided all")
    plain_visitor.look("decided everything")
    page.get_by_role("button", name="Undo").first.click()
    plain_visitor.reads("Taken back in one place.")
    left(page, 1)


def test_on_a_phone(browser: Browser, served: Served, item: Item) -> None:
    visitor = Visitor(browser, served.address, scripts=True, is_phone=True)
    page = item.open(visitor)
    left(page, 5)
    page.get_by_role("link", name="Findings").tap()
    expect(page.locator("#left")).to_be_in_viewport()
    page.locator(".entity.cur").get_by_role("button", name="Replace all 3").tap()
    left(page, 2)
    expect(page.locator(".entity.cur .entity-name")).to_be_in_viewport()
    visitor.look("replaced somebody")
    page.get_by_role("link", name="Keep Mr Stannard").tap()
    page.locator(".entity.cur").get_by_label("The person agreed").check()
    page.locator(".entity.cur").get_by_role("button", name="Keep it").tap()
    left(page, 1)
    visitor.look("kept somebody")
    page.locator(".verbatim", has_text="The cat sat").evaluate(
        "(line) => { const text = line.firstChild, at = text.data.indexOf('Zebedee');"
        " getSelection().setBaseAndExtent(text, at, text, at + 7); }"
    )
    expect(page.locator("[data-mark-bar]")).to_be_in_viewport()
    visitor.look("selected a name")
    page.locator("[data-mark-bar]").get_by_role("button", name="Mark", exact=True).tap()
    left(page, 2)
    visitor.leave()


def test_a_file_is_looked_through_while_one_waits(visitor: Visitor, served: Served, party: Party) -> None:
    with served.backstage() as (session, cast):
        letter = upload(cast.installation, LETTER, "letter.txt")
        sound = upload(cast.installation, b"ID3\x04\x00\x00\x00\x00\x00\x00", "call.mp3", "audio/mpeg")
        made = draft_of_files(session, cast, party.learner, "A letter", [letter, sound])
    page = Item(served, party.learner, made).open(visitor)
    file = page.locator(".review-file", has_text="letter.txt")
    expect(file).to_contain_text("Mrs Abernethy", timeout=PATIENCE)
    visitor.look("waited until the file was looked through")
    file.get_by_role("button", name="It is personal data").click()
    expect(file).to_contain_text("You said that this is personal data.")
    visitor.look("said that it is personal data")
    page.get_by_role("button", name="Undo").first.click()
    expect(file).to_contain_text("To decide")
    page.get_by_role("button", name="I have checked this myself").click()
    expect(page.locator(".review-file", has_text="call.mp3")).to_contain_text(
        f"{party.learner.full_name} looked at it on"
    )
    visitor.look("said that one has listened to it")
    file.get_by_role("link", name="See it").click()
    expect(page.locator(".piece:target")).to_contain_text("Dear Mrs Abernethy")
    visitor.look("saw it in the file")
