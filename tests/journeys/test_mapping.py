"""Mapping by keyboard alone, saved as one goes; two windows on one item; places that lead back into the evidence."""

from dataclasses import dataclass
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, expect

from portfolio.mapping.places import read_place
from tests.cast import upload
from tests.documents import samples
from tests.journeys.conftest import Served
from tests.journeys.newcomers import Learner, Party, draft_of_files
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

PATIENCE = 60_000
SAID = "I set out what went wrong and what we would do about it."
SAVED = "Nothing is lost if you leave."
TEXTS = (
    "page 2", "Pages 2-3", "paragraphs 3 and 4", "paragraphs 3 and 9", "¶4 to ¶6", "slide 3, paragraph 1", "page 0",
    "cell b7 to c9", "log.xlsx, sheet May, row 9", "sheet May, page 9", "at 01:23 to 2:10", "75:10", "the middle", "",
    "10:12, 10:40", "page 0, row 2",
    "letter, final.pdf, page 2", "page 3 to 2", "1:75", "page 0, paragraph 1", "call.wav, 0:05",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    """A draft with a letter, and whose it is."""

    learner: Learner
    id: int

    def open_map(self, visitor: Visitor) -> Page:
        """The mapping page, with the letter to be seen."""
        visitor.sign_in(self.learner)
        visitor.page.goto(f"/evidence/{self.id}/map")
        expect(visitor.page.get_by_text("We will ring you on Friday.")).to_be_visible(timeout=PATIENCE)
        return visitor.page


@pytest.fixture
def letter(served: Served, party: Party, tmp_path: Path) -> Letter:
    """A real Word letter."""
    document, path = docx.Document(), tmp_path / "letter.docx"
    for words in ("Dear Customer A,", "I am sorry that nobody rang you back.", "We will ring you on Friday."):
        document.add_paragraph(words)
    document.save(str(path))
    with served.backstage() as (session, cast):
        uploads = [upload(cast.installation, path.read_bytes(), "letter.docx", samples.WORD)]
        return Letter(party.learner, draft_of_files(session, cast, party.learner, "A letter to map", uploads))


def test_mapping_by_keyboard_is_saved_as_one_goes(visitor: Visitor, letter: Letter) -> None:
    page, press = letter.open_map(visitor), visitor.page.keyboard.press
    visitor.look("opened the mapping page")
    press("/")
    page.keyboard.type("root cause")
    expect(page.get_by_role("checkbox", name="1.4")).to_be_visible()
    expect(page.get_by_role("checkbox", name="1.1")).to_be_hidden()
    visitor.look("searched")
    press("Enter")
    expect(page.get_by_role("checkbox", name="1.4")).to_be_focused()
    press("Space")
    expect(page.locator("[data-map-status]")).to_contain_text(SAVED)
    expect(page.locator("[data-ticked]")).to_have_text("1 of 17 ticked")
    press("a")
    expect(page.get_by_label("How does it show 1.4?")).to_be_focused()
    page.keyboard.type(f"{SAID} ap/")
    page.locator("[data-place-step='1']").focus()
    press("Enter")
    press("Enter")
    expect(page.locator("[data-place-now]")).to_have_text("Paragraph 2")
    press("p")
    expect(page.get_by_label("Place for 1.4")).to_have_value("paragraph 2")
    expect(page.get_by_role("link", name="1.4 points here")).to_be_visible()
    visitor.look("took a place from the letter")
    page.get_by_role("button", name="Turn these keys off").focus()
    press("Enter")
    press("/")
    expect(page.get_by_label("Find a criterion")).not_to_be_focused()
    press("Enter")
    with page.expect_response(f"**/evidence/{letter.id}/map"):
        page.get_by_label("Use this for every ticked criterion that has none").focus()
        page.keyboard.type("For all of them.")
        page.get_by_label("Find a criterion").fill("")
        page.get_by_role("checkbox", name="1.5").focus()
        press("Space")
    expect(page.locator(".annot-told")).to_contain_text("from a shared note")
    expect(page.locator("[data-ticked]")).to_have_text("2 of 17 ticked")
    press("k")
    expect(page.get_by_role("checkbox", name="1.4")).to_be_focused()
    with page.expect_response(f"**/evidence/{letter.id}/map"):
        page.get_by_role("button", name="Save", exact=True).press("Enter")
    visitor.look("pressed Save")
    follow_back(visitor, letter)


def follow_back(visitor: Visitor, letter: Letter) -> None:
    """What was saved is there again, and its place leads into the letter and back, here and on the item's page."""
    page = visitor.page
    page.reload()
    expect(page.get_by_text(f"{SAID} ap/").first).to_be_visible()
    link = page.get_by_role("button", name="paragraph 2", exact=True)
    link.press("Enter")
    expect(page.locator("[data-n='2']")).to_be_focused()
    expect(page.locator(".is-place")).to_have_text("I am sorry that nobody rang you back.")
    visitor.look("followed a place")
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    page.get_by_role("button", name="Edit what you say of 1.5").press("Enter")
    expect(page.get_by_label("How does it show 1.5?")).to_have_value("For all of them.")
    visitor.look("opened the words of 1.5")
    page.goto(f"/evidence/{letter.id}#place=paragraph%203")
    expect(page.locator(".is-place")).to_have_text("We will ring you on Friday.")
    page.get_by_role("button", name="paragraph 2").press("Enter")
    expect(page.locator(".is-place")).to_have_text("I am sorry that nobody rang you back.")
    visitor.look("followed a place on the item's page")


def test_what_is_unticked_keeps_its_words(visitor: Visitor, letter: Letter) -> None:
    page = letter.open_map(visitor)
    tick, state = page.get_by_role("checkbox", name="1.3"), page.locator("[data-code='1.3'] .crit-row .state")
    tick.check()
    expect(state).to_have_text("Draft")
    page.get_by_label("How does it show 1.3?").fill(SAID)
    expect(page.locator("[data-map-status]")).to_contain_text(SAVED)
    with page.expect_response(f"**/evidence/{letter.id}/map"):
        tick.uncheck()
    expect(state).to_have_text("Gap")
    page.reload()
    expect(tick).not_to_be_checked()
    tick.check()
    expect(page.get_by_label("How does it show 1.3?")).to_have_value(SAID)
    visitor.look("ticked it again")


def test_a_place_is_offered_to_each_criterion_once(visitor: Visitor, letter: Letter) -> None:
    page = letter.open_map(visitor)
    page.get_by_role("checkbox", name="1.1").check()
    page.locator("[data-place-step='1']").click()
    page.get_by_role("button", name="Use this place for 1.1").click()
    expect(page.get_by_role("button", name="Taken for 1.1")).to_be_visible()
    visitor.look("took a place")
    page.get_by_role("checkbox", name="1.2").check()
    expect(page.get_by_role("button", name="Use this place for 1.2")).to_be_visible()
    page.get_by_role("checkbox", name="1.1").focus()
    page.locator("[data-place-step='1']").click()
    expect(page.get_by_role("button", name="Use this place for 1.1")).to_be_visible()


def test_two_windows_on_one_item(visitor: Visitor, letter: Letter) -> None:
    first = letter.open_map(visitor)
    second = first.context.new_page()
    second.goto(f"/evidence/{letter.id}/map")
    second.get_by_role("checkbox", name="2.1").check()
    expect(second.locator("[data-map-status]")).to_contain_text(SAVED)
    first.get_by_role("checkbox", name="1.1").check()
    expect(first.get_by_role("heading", name="Two versions")).to_be_visible()
    expect(first.get_by_label("Where the other version differs")).to_have_value(
        "1.1: not ticked\n\n2.1: ticked, nothing said yet"
    )
    visitor.look("met the other window")
    first.get_by_role("button", name="Keep what is in the form").click()
    expect(first.locator("[data-map-status]")).to_contain_text(SAVED)
    second.get_by_role("checkbox", name="2.2").check()
    second.get_by_role("button", name="Take the other version").click()
    expect(second.get_by_role("checkbox", name="1.1")).to_be_checked()
    expect(second.get_by_role("checkbox", name="2.1")).not_to_be_checked()
    second.close()
    first.reload()
    expect(first.locator("[data-ticked]")).to_have_text("1 of 17 ticked")


def test_scripts_read_places_as_the_server_does(visitor: Visitor) -> None:
    visitor.page.goto("/sign-in")
    read = """async (texts) => {
        const places = await import(document.querySelector("script[src$='app.js']").src.replace("app.js", "places.js"));
        return texts.map((text) => { const place = places.read(text); return place && places.wordsOf(place); });
    }"""
    ours = [place.words if (place := read_place(text)) else None for text in TEXTS]
    assert visitor.page.evaluate(read, list(TEXTS)) == ours
