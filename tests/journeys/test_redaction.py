"""Redacting what one uploaded, from marking it to using the new file: by mouse, by keyboard alone, without scripts, and
on a phone; of a complaint by e-mail, a letter, a scanned page, a photo, a recording and a sheet.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from portfolio.demo import papers
from portfolio.evidence.models import Evidence
from tests.cast import upload
from tests.documents.samples import phone_photo, sound
from tests.journeys.conftest import Served
from tests.journeys.newcomers import Learner, Party, draft_of_files
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

PATIENCE = 90_000
LETTER = b"Dear Mrs Abernethy,\n\nI am sorry that nobody rang you back on 07700 900417.\n"
MAKE, AGAIN = "Make the redacted file", "Make it again"


@dataclass(frozen=True, slots=True)
class Draft:
    """An item of one file, and whose it is."""

    served: Served
    learner: Learner
    id: int
    file: int

    @property
    def path(self) -> str:
        """The page on which the file is redacted."""
        return f"/files/{self.file}/redact"

    def open(self, visitor: Visitor) -> Page:
        """That page, once the file was looked through."""
        visitor.sign_in(self.learner)
        visitor.page.goto(self.path)
        ready(visitor.page)
        visitor.look("opened the page of the file")
        return visitor.page

    def content(self) -> bytes:
        """What is in the file now."""
        installation = self.served.installation
        with installation.database.reading() as session:
            evidence = session.get_one(Evidence, self.id)
            centre = evidence.enrolment.centre.uid
            with installation.store.open(centre, evidence.latest.files[0].blob.sha256) as opened:
                return opened.read()


def draft(served: Served, party: Party, content: bytes, name: str, media_type: str = "text/plain") -> Draft:
    """An item of the learner's with this file."""
    with served.backstage() as (session, cast):
        file = upload(cast.installation, content, name, media_type)
        made = draft_of_files(session, cast, party.learner, f"Work with {name}", [file])
        drafted = Draft(served, party.learner, made, session.get_one(Evidence, made).latest.files[0].id)
    served.wake()
    return drafted


def ready(page: Page) -> None:
    """The file is looked through, so that a version can be made."""
    expect(page.get_by_role("button", name=re.compile(f"{MAKE}|{AGAIN}"))).to_be_visible(timeout=PATIENCE)


def made(visitor: Visitor) -> None:
    """The redacted version is there, and proved."""
    page = visitor.page
    expect(page.get_by_text("Made, and proved")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("A preview of it is being made")).to_have_count(0, timeout=PATIENCE)
    visitor.look("waited until it was made and proved")
    expect(page.locator(".proof-words")).to_contain_text("Another program")


def used(visitor: Visitor) -> None:
    """It takes the place of the original."""
    page = visitor.page
    if page.get_by_label("I have looked at all of it").count():
        page.get_by_label("I have looked at all of it").check()
    page.get_by_role("button", name="Use this file").click()
    visitor.reads("The original is destroyed in this portfolio.")
    expect(page.locator("[data-preview-state]")).to_have_count(0, timeout=PATIENCE)
    visitor.look("used it")


def drag(page: Page, where: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Press at a place of an element, given in parts of it, and let go at another one."""
    page.locator(where).first.scroll_into_view_if_needed()
    area = page.locator(where).first.bounding_box()
    assert area is not None
    points = [(area["x"] + area["width"] * x, area["y"] + area["height"] * y) for x, y in (start, end)]
    page.mouse.move(*points[0])
    page.mouse.down()
    page.mouse.move(*points[1], steps=5)
    page.mouse.up()


def saved(page: Page) -> None:
    """What was marked is kept."""
    expect(page.locator("[data-marks-saved]")).to_have_text("Saved")


def test_a_letter_by_mouse(visitor: Visitor, served: Served, party: Party) -> None:
    letter = draft(served, party, LETTER, "letter.txt")
    page = letter.open(visitor)
    expect(page.locator(".goes")).to_contain_text("Mrs Abernethy")
    visitor.follow(re.compile("^Keep 07700 900417"))
    expect(page.locator(".entity.cur")).to_contain_text("07700 900417")
    page.locator(".entity.cur summary", has_text="Keep, with a reason").click()
    page.locator(".entity.cur").get_by_label("It belongs to an organisation").check()
    page.locator(".entity.cur").get_by_role("button", name="Keep it").click()
    expect(page.locator(".review-progress")).to_contain_text("1 to decide")
    visitor.look("kept the number")
    visitor.follow(re.compile("^Make a redacted version"))
    expect(page.locator(".goes li")).to_have_count(1)
    page.get_by_text("Words were missed").click()
    page.get_by_label("Words that were missed").fill("nobody at all")
    page.get_by_role("button", name="Mark them").click()
    visitor.reads("These words are not in what can be read of the file.")
    visitor.look("marked what is not there")
    page.get_by_label("Words that were missed").fill("nobody")
    page.get_by_role("button", name="Mark them").click()
    visitor.reads("Marked. The file is looked through once more.")
    ready(page)
    expect(page.locator(".goes li")).to_have_count(2, timeout=PATIENCE)
    visitor.look("marked what was missed")
    page.get_by_role("button", name=MAKE).click()
    made(visitor)
    expect(page.locator(".redact-file")).to_contain_text("Dear Customer A,")
    page.get_by_text("How it was searched").click()
    visitor.look("read how it was searched")
    page.get_by_role("button", name="Not like this").click()
    ready(page)
    visitor.look("did not want it like this")
    assert letter.content() == LETTER
    page.get_by_role("button", name=MAKE).click()
    made(visitor)
    used(visitor)
    kept = letter.content()
    assert b"Abernethy" not in kept
    assert b"07700 900417" in kept


def test_a_photo_by_keyboard_alone(visitor: Visitor, served: Served, party: Party) -> None:
    photo = draft(served, party, phone_photo(), "doorstep.jpg", "image/jpeg")
    page, press = photo.open(visitor), visitor.page.keyboard.press
    press("n")
    box = page.locator(".redbox").first
    expect(box).to_be_focused()
    before = box.get_attribute("aria-label")
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowDown", "Control+ArrowLeft"):
        press(key)
    expect(box).not_to_have_attribute("aria-label", before or "")
    visitor.look("made and moved a box with the keys")
    press("n")
    expect(page.locator(".redbox")).to_have_count(2)
    press("Delete")
    expect(page.locator(".redbox")).to_have_count(1)
    press("Control+z")
    expect(page.locator(".redbox")).to_have_count(2)
    press("Control+Shift+z")
    expect(page.locator(".redbox")).to_have_count(1)
    press("+")
    expect(page.locator("[data-zoom-now]")).to_have_text("150 %")
    press("-")
    saved(page)
    visitor.look("took steps back and forward, and zoomed")
    page.locator(".marks-numbers summary").press("Enter")
    page.get_by_label("Width, %").fill("40")
    press("Tab")
    expect(box).to_have_attribute("aria-label", re.compile("40 % wide"))
    saved(page)
    visitor.look("typed how wide it is")
    page.get_by_role("button", name="Turn these keys off").press("Enter")
    page.locator("h1").click()
    press("n")
    expect(page.locator(".redbox")).to_have_count(1)
    page.get_by_role("button", name="Turn these keys on").press("Enter")
    page.get_by_role("button", name=MAKE).press("Enter")
    made(visitor)
    expect(page.locator(".facts")).to_contain_text("one box")
    used(visitor)
    assert photo.content() != phone_photo()


def test_boxes_by_mouse_and_two_windows(visitor: Visitor, served: Served, party: Party) -> None:
    photo = draft(served, party, phone_photo(), "doorstep.jpg", "image/jpeg")
    page = photo.open(visitor)
    drag(page, ".boxes-layer", (0.2, 0.2), (0.5, 0.5))
    expect(page.locator("[data-marks-count]")).to_have_text("One box", ignore_case=True)
    saved(page)
    visitor.look("drew a box")
    drag(page, ".redbox-corner.is-se", (0.5, 0.5), (4, 4))
    drag(page, ".redbox", (0.5, 0.5), (0.9, 0.9))
    saved(page)
    visitor.look("stretched and moved it")
    other = page.context.new_page()
    other.goto(photo.path)
    expect(other.locator(".redbox")).to_have_count(1)
    other.keyboard.press("n")
    saved(other)
    page.locator(".redbox").first.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-marks-other]")).to_contain_text("There: 2 boxes.")
    visitor.look("marked what another window had changed")
    page.get_by_role("button", name="Take the other").click()
    expect(page.locator(".redbox")).to_have_count(2)
    saved(page)
    visitor.look("took the other")


@pytest.mark.media
def test_a_recording_by_mouse_and_keys(visitor: Visitor, served: Served, party: Party) -> None:
    call = draft(served, party, sound(20), "call.wav", "audio/wav")
    page, press = call.open(visitor), visitor.page.keyboard.press
    expect(page.locator(".track-wave path")).to_have_count(1)
    drag(page, ".range-strips", (0.1, 0.5), (0.2, 0.5))
    part = page.locator(".range-body").first
    expect(part).to_be_focused()
    expect(part).to_have_attribute("aria-label", re.compile(r"^Part 1, from 0:0[12]"))
    visitor.look("marked a stretch of the sound")
    press("Shift+ArrowRight")
    expect(part).to_have_attribute("aria-label", re.compile(r"^Part 1, from 0:03"))
    press("Tab")
    handle = page.get_by_role("slider", name="End of part 1")
    expect(handle).to_be_focused()
    press("ArrowRight")
    press("Control+z")
    visitor.look("moved it with the keys")
    press("n")
    expect(page.locator(".range-body")).to_have_count(2)
    press("Delete")
    expect(page.locator(".range-body")).to_have_count(1)
    saved(page)
    page.locator(".marks-numbers summary").click()
    page.get_by_label("From (0:00)").fill("0:05")
    page.get_by_label("To", exact=True).fill("0:06.5")
    press("Tab")
    expect(part).to_have_attribute("aria-label", "Part 1, from 0:05 to 0:06.5")
    saved(page)
    visitor.look("typed the times")
    page.get_by_role("button", name=MAKE).click()
    made(visitor)
    expect(page.locator(".facts")).to_contain_text("seconds")
    used(visitor)


def test_without_scripts(plain_visitor: Visitor, served: Served, party: Party) -> None:
    photo = draft(served, party, phone_photo(), "doorstep.jpg", "image/jpeg")
    plain_visitor.sign_in(photo.learner)
    page = plain_visitor.page
    page.goto(photo.path)
    for _ in range(int(PATIENCE / 500)):
        if page.get_by_role("button", name=MAKE).count():
            break
        page.wait_for_timeout(500)
        page.reload()
    plain_visitor.look("opened the page of the file")
    page.get_by_text("The same in numbers").click()
    page.get_by_label("From left, %").fill("10")
    plain_visitor.press("Save the marks")
    plain_visitor.reads("is not a number from 0 to 100")
    for label, value in (("From top, %", "10"), ("Width, %", "30"), ("Height, %", "20")):
        page.get_by_label(label).first.fill(value)
    plain_visitor.press("Save the marks")
    plain_visitor.reads("The marks are saved.")
    expect(page.locator(".boxes-plain rect")).to_have_count(1)
    plain_visitor.press(MAKE)
    for _ in range(int(PATIENCE / 500)):
        if page.get_by_role("button", name="Use this file").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    plain_visitor.look("waited until it was made and proved")
    plain_visitor.press("Use this file")
    plain_visitor.reads("The original is destroyed in this portfolio.")


def test_on_a_phone(browser: Browser, served: Served, party: Party) -> None:
    visitor = Visitor(browser, served.address, scripts=True, is_phone=True)
    photo = draft(served, party, phone_photo(), "doorstep.jpg", "image/jpeg")
    page = photo.open(visitor)
    page.get_by_role("button", name="New box").tap()
    expect(page.locator(".redbox")).to_have_count(1)
    page.get_by_role("button", name="Draw", exact=True).tap()
    expect(page.locator(".is-drawing, [aria-pressed=true]").first).to_be_visible()
    saved(page)
    visitor.look("made a box by touch")
    page.get_by_role("button", name=MAKE).tap()
    made(visitor)
    page.get_by_role("link", name="Use it").tap()
    expect(page.get_by_role("button", name="Use this file")).to_be_in_viewport()
    used(visitor)
    visitor.leave()


DEMO = Path(papers.__file__).parent / "files"


@pytest.mark.ocr
@pytest.mark.media
@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("pressure-complaint-email.eml", "message/rfc822"),
        (
            "pressure-reply-letter.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("pressure-visit-slip-scan.pdf", "application/pdf"),
        ("pressure-gauge-photo.jpg", "image/jpeg"),
        ("pressure-callback-recording.mp3", "audio/mpeg"),
        ("pressure-readings.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_each_of_the_demo_centres_files(
    visitor: Visitor, served: Served, party: Party, name: str, media_type: str
) -> None:
    content = (DEMO / name).read_bytes()
    file = draft(served, party, content, name, media_type)
    page = file.open(visitor)
    page.get_by_role("button", name=MAKE).click()
    made(visitor)
    used(visitor)
    assert b"Whimbrel" not in file.content()
