"""Files on their way into an item, in a browser: picked, dropped, pasted, recorded, refused, and lost on the way."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Route, expect

from tests.journeys.conftest import Served
from tests.journeys.newcomers import Learner, Party
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

ADD = "Add and go on to map it"
CARRY = """([kind, name, text]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([text], name, { type: "text/plain" }));
  const event = kind === "drop"
    ? new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true })
    : new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true });
  document.querySelector("[data-drop]").dispatchEvent(event);
}"""
"""What a browser does when somebody drops or pastes a file."""
REFUSE_MICROPHONE = """() => {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", "NotAllowedError"));
}"""
PASTE_PICTURE = """async () => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 8;
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const carried = new DataTransfer();
  carried.items.add(new File([blob], "image.png", { type: "image/png" }));
  const event = new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true });
  document.querySelector("[data-drop]").dispatchEvent(event);
}"""


@pytest.fixture
def papers(tmp_path: Path) -> dict[str, Path]:
    """A letter, a picture, and a program under the name of a letter."""
    letter, photo, program = tmp_path / "reply_to_a_customer.txt", tmp_path / "desk.png", tmp_path / "tool.pdf"
    letter.write_text("Dear Customer A, I am sorry that nobody rang you back.")
    Image.new("RGB", (40, 30), "white").save(photo)
    program.write_bytes(b"MZ\x90\x00 a program")
    return {"letter": letter, "photo": photo, "program": program}


@pytest.fixture
def phone(browser: Browser, served: Served) -> Iterator[Visitor]:
    """Somebody with a phone."""
    visitor = Visitor(browser, served.address, scripts=True, is_phone=True)
    yield visitor
    visitor.leave()


def have_arrived(visitor: Visitor, count: int) -> None:
    """So many files are here and named by the form."""
    expect(visitor.page.locator("input[type=hidden][name=waiting]")).to_have_count(count)


def open_page(visitor: Visitor, learner: Learner) -> None:
    """Signed in, at the page for adding files."""
    visitor.sign_in(learner)
    visitor.page.goto(f"/enrolments/{learner.enrolment_id}/evidence/add-files")
    visitor.look("opened the page for adding files")
    visitor.reads("are left in this portfolio")


def test_files_arrive_before_the_form_and_survive_its_faults(
    visitor: Visitor, party: Party, papers: dict[str, Path]
) -> None:
    page = visitor.page
    open_page(visitor, party.learner)
    page.get_by_label("Files", exact=True).set_input_files([papers["letter"], papers["photo"], papers["program"]])
    visitor.reads("Programs and scripts cannot be added.")
    visitor.reads("Text, 54 bytes. It has arrived.")
    visitor.look("picked three files, of which one is refused")
    assert page.get_by_label("Title", exact=True).input_value() == "Reply to a customer"
    page.get_by_role("button", name=ADD).click()
    visitor.look("tried to go on with a file that was refused")
    assert page.get_by_role("button", name="Remove tool.pdf").evaluate("button => button === document.activeElement")
    page.get_by_role("button", name="Remove tool.pdf").click()
    visitor.look("removed what was refused")
    page.evaluate(CARRY, ["drop", "call note.txt", "She rang at nine."])
    visitor.reads("Text, 17 bytes. It has arrived.")
    visitor.look("dropped a file")
    page.evaluate(PASTE_PICTURE)
    have_arrived(visitor, 4)
    visitor.look("pasted a picture")
    page.get_by_label("Title", exact=True).fill("")
    visitor.press(ADD)
    visitor.reads("Give it a title")
    boxes = page.get_by_role("list", name="Files chosen").get_by_role("checkbox")
    assert boxes.count() == 4
    assert all(box.is_checked() for box in boxes.all())
    page.get_by_role("button", name="Remove image.png").click()
    visitor.look("removed a file that was here before the page")
    page.get_by_label("call note.txt").uncheck()
    page.get_by_label("Title", exact=True).fill("A reply and a photo")
    visitor.press(ADD)
    page.wait_for_url("**/map")
    visitor.reads("is added as a draft")
    page.goto(f"/enrolments/{party.learner.enrolment_id}/evidence/add-files")
    visitor.look("opened the page again")
    visitor.reads("Here already. Untick it to leave it out.")
    assert page.get_by_label("call note.txt").is_checked()


def test_a_lost_connection_costs_one_file_and_is_retried_by_hand(
    visitor: Visitor, party: Party, papers: dict[str, Path]
) -> None:
    page, broken = visitor.page, [True]

    def lose_one(route: Route) -> None:
        if broken and "desk.png" in route.request.url:
            broken.clear()
            route.abort("connectionreset")
        else:
            route.continue_()

    open_page(visitor, party.learner)
    page.route("**/files?name=*", lose_one)
    page.get_by_label("Files", exact=True).set_input_files([papers["letter"], papers["photo"]])
    visitor.reads("The connection was lost before all of it had arrived.")
    visitor.reads("It has arrived.")
    visitor.complaints.clear()
    visitor.look("lost a file on the way")
    page.get_by_role("button", name="Retry desk.png").click()
    have_arrived(visitor, 2)
    visitor.look("sent it again")
    visitor.press(ADD)
    page.wait_for_url("**/map")


def test_the_form_waits_for_what_is_on_the_way(visitor: Visitor, party: Party, papers: dict[str, Path]) -> None:
    page, held = visitor.page, list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    open_page(visitor, party.learner)
    page.route("**/files?name=*", hold)
    page.get_by_label("Files", exact=True).set_input_files([papers["letter"]])
    page.get_by_role("button", name=f"{ADD} (1 file is on the way)").click()
    visitor.reads("This goes on by itself when everything has arrived.")
    visitor.look("pressed the button while a file is on the way")
    assert page.url.endswith("/add-files")
    held[0].continue_()
    page.wait_for_url("**/map")


def test_a_voice_memo_on_a_phone(phone: Visitor, party: Party) -> None:
    page = phone.page
    open_page(phone, party.learner)
    page.get_by_text("Take a photo").wait_for()
    page.get_by_role("button", name="Record a voice memo").click()
    page.get_by_role("button", name="Stop recording").wait_for()
    phone.look("began a recording")
    page.wait_for_timeout(1_200)
    page.get_by_role("button", name="Stop recording").click()
    page.get_by_role("button", name="Keep it").wait_for()
    phone.look("stopped the recording")
    page.get_by_role("button", name="Listen").click()
    phone.reads("That was all of it.")
    page.get_by_role("button", name="Throw it away").click()
    phone.look("threw the first one away")
    page.get_by_role("button", name="Record a voice memo").click()
    page.get_by_role("button", name="Stop recording").wait_for()
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Stop recording").click()
    page.get_by_role("button", name="Keep it").click()
    phone.reads("Sound,")
    phone.reads("It has arrived.")
    phone.look("kept the second one")
    phone.press(ADD)
    page.wait_for_url("**/map")
    phone.reads("Voice memo")


def test_a_microphone_that_may_not_be_used_is_explained(visitor: Visitor, party: Party) -> None:
    page = visitor.page
    open_page(visitor, party.learner)
    page.evaluate(REFUSE_MICROPHONE)
    page.get_by_role("button", name="Record a voice memo").click()
    visitor.reads("The microphone may not be used. Allow it for this site in your browser")
    visitor.look("was refused the microphone")
