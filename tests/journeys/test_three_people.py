"""The main job, from a learner's file to a Word book, by three people in a browser; with scripts and without."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from playwright.sync_api import expect

from portfolio.config import ROOT
from portfolio.enrolment.rules import Duty
from tests.journeys.conftest import Served
from tests.journeys.newcomers import Party, colleague
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

CHECK = ROOT.parent / "shared" / "checks" / "word_book.py"
CODES = ("1.1", "1.2", "1.4", "2.1", "2.3")
ACCOUNT = "## What happened\n\nNobody had *rung* back.\n\n- I rang\n- I wrote it down"
ANNOTATION = "The letter shows what was referred, what I gathered and what we agreed."
MADE_WITHIN_SECONDS = LOOKED_THROUGH_WITHIN_SECONDS = 60


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A real Word letter."""
    document = docx.Document()
    document.add_heading("Our reply to your complaint", 1)
    document.add_paragraph("Dear Customer A, I am sorry that nobody rang you back.")
    path = tmp_path / "Reply to complaint.docx"
    document.save(str(path))
    return path


def add_letter(visitor: Visitor, letter: Path) -> None:
    """From the home page: one file, with what the assessor should know."""
    visitor.follow("Add your first files")
    visitor.press("Add and go on to map it")
    visitor.reads("Give it a title")
    visitor.page.get_by_label("Files", exact=True).set_input_files(letter)
    visitor.page.get_by_label("Title", exact=True).fill("Reply to a referred complaint")
    visitor.page.get_by_label("When did it happen?").fill("2026-11-03")
    visitor.page.get_by_label("What should your assessor know about it?").fill("I took this over from the front desk.")
    visitor.press("Add and go on to map it")
    if not visitor.scripts or "Map" not in visitor.page.title():
        visitor.page.wait_for_url("**/map")


def map_to_five(visitor: Visitor) -> None:
    """Five criteria on one screen with one shared note."""
    for code in CODES:
        visitor.page.get_by_role("checkbox", name=re.compile(rf"^{re.escape(code)} ")).first.check()
    visitor.look("ticked five criteria")
    visitor.page.get_by_label("Use this for every ticked criterion that has none").fill(ANNOTATION)
    visitor.press("Save")
    for code in CODES:
        assert visitor.page.get_by_label(f"How does it show {code}?").first.input_value() == ANNOTATION


def write_account(visitor: Visitor) -> None:
    """A reflective account, looked at before it is kept, mapped to one criterion."""
    visitor.page.goto("/")
    visitor.follow("Write an account")
    visitor.page.get_by_label("Title", exact=True).fill("What I learned from the call that was never made")
    visitor.page.get_by_label("When did it happen?").fill("2026-11-05")
    visitor.page.get_by_label("Your account", exact=True).fill(
        "## What happened\n\nNobody had *rung* back.\n\n- I rang\n- I wrote it down"
    )
    if not visitor.scripts:
        visitor.press("Preview")
    visitor.reads("Nobody had rung back.")
    visitor.press_and_go("Save and go on to map it", "**/map*")
    visitor.page.get_by_role("checkbox", name=re.compile(r"^4\.1 ")).check()
    visitor.page.get_by_label("Use this for every ticked criterion that has none").fill("I explain our referral steps.")
    visitor.press_and_go("Save and hand in", "**/hand-in*")


def hand_in(visitor: Visitor) -> None:
    """Once the file is looked through; refused without the declarations, taken with them."""
    for _ in range(LOOKED_THROUGH_WITHIN_SECONDS):
        if "being looked through" not in visitor.page.locator("body").inner_text():
            break
        visitor.page.wait_for_timeout(1000)
        visitor.page.reload()
    visitor.press("Hand in")
    visitor.reads("Confirm that it is your own work.")
    for group in ("Which items?", "What you declare"):
        for box in visitor.page.get_by_role("group", name=group).get_by_role("checkbox").all():
            box.check()
    visitor.press("Hand in")
    visitor.reads("With your assessor")


def mark(visitor: Visitor, title: str, *, decide: Callable[[Visitor], None], finish: str = "Save and release") -> None:
    """From the queue to a review that is released, or handed over for countersignature."""
    visitor.page.goto("/marking")
    visitor.follow(re.compile(title))
    start = visitor.page.get_by_role("button", name="Start marking")
    if start.count() and visitor.scripts:
        expect(start).to_be_focused()
        visitor.page.keyboard.press("o")
        visitor.reads("For the whole item")
    elif start.count():
        visitor.press("Start marking")
    for tick in ("Valid", "Authentic", "Reliable", "Current"):
        visitor.page.get_by_label(tick, exact=True).check()
    decide(visitor)
    visitor.press_until(finish, "is released." if finish == "Save and release" else "awaits countersignature now.")


def decide_letter(visitor: Visitor) -> None:
    """Four met and one insufficient; first without the feedback that insufficient needs."""
    for code in CODES:
        visitor.turn_to(code)
        group = visitor.page.get_by_role("group", name=f"Decision on {code}")
        if code == "1.4":
            group.get_by_label("Insufficient", exact=True).check(force=True)
        else:
            group.get_by_label(f"Sufficient for {code}").check()
            group.get_by_label("Met", exact=True).check(force=True)
    visitor.page.get_by_label("Feedback on the whole item").fill("A warm letter that says what will happen.")
    visitor.press("Save and release")
    visitor.reads("Say what 1.4 still needs")
    visitor.page.get_by_label("Feedback on 1.4").fill("Show how you found the cause.")


def decide_account(visitor: Visitor) -> None:
    """Its one criterion is met."""
    group = visitor.page.get_by_role("group", name="Decision on 4.1")
    group.get_by_label("Sufficient for 4.1").check()
    group.get_by_label("Met", exact=True).check(force=True)


def make_book(visitor: Visitor, tmp_path: Path) -> Path:
    """Ask for the book, wait as a person would, and download it."""
    visitor.page.goto("/")
    visitor.follow("Make or download")
    visitor.press("Make the Word portfolio")
    download = visitor.page.get_by_role("link", name=re.compile("^Download"))
    for _ in range(MADE_WITHIN_SECONDS):
        if download.count():
            break
        visitor.page.wait_for_timeout(1000)
        if not visitor.scripts:
            visitor.page.reload()
    visitor.look("the book is made")
    with visitor.page.expect_download() as coming:
        download.first.click()
    path = tmp_path / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def check_book(path: Path, *needs: str) -> None:
    """The book opens, says what it must, and lacks nothing that a stranger's check asks for."""
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)
    assert "Nobody had rung back." in text
    assert "I am sorry that nobody rang you back." in text
    if CHECK.exists():
        found = subprocess.run(
            [sys.executable, CHECK, path, "--needs", *needs], capture_output=True, text=True, check=False
        )
        assert found.returncode == 0, found.stdout


def the_way(visitor: Visitor, letter: Path, party: Party, tmp_path: Path) -> None:
    """The whole way of one complaint."""
    visitor.sign_in(party.learner)
    add_letter(visitor, letter)
    map_to_five(visitor)
    write_account(visitor)
    hand_in(visitor)
    visitor.sign_out()
    visitor.sign_in(party.assessor)
    mark(visitor, "Reply to a referred complaint", decide=decide_letter)
    mark(visitor, "What I learned", decide=decide_account)
    visitor.sign_out()
    visitor.sign_in(party.learner)
    visitor.reads("Show how you found the cause.")
    book = make_book(visitor, tmp_path)
    check_book(book, "Reply to a referred complaint", "Show how you found the cause.", ANNOTATION)


def test_one_complaint_from_a_file_to_a_book(visitor: Visitor, letter: Path, party: Party, tmp_path: Path) -> None:
    the_way(visitor, letter, party, tmp_path)
    visitor.sign_out()
    visitor.sign_in(party.administrator)
    visitor.follow("Coverage", exact=True)
    visitor.reads(party.learner.full_name)
    visitor.follow("People", exact=True)
    visitor.page.get_by_role("link", name="Invite somebody").first.click()
    visitor.look("opened the invitation")
    visitor.page.get_by_label("Full name").fill("Noor Abernathy")
    visitor.page.get_by_label("E-mail address").fill("noor@example.org")
    visitor.page.get_by_label("Learner", exact=True).check()
    visitor.press("Invite")
    visitor.reads("Noor Abernathy")


def test_the_same_way_without_scripts(plain_visitor: Visitor, letter: Path, party: Party, tmp_path: Path) -> None:
    the_way(plain_visitor, letter, party, tmp_path)


def test_a_trainee_s_decision_counts_after_its_countersignature(
    visitor: Visitor, served: Served, party_at_work: Party
) -> None:
    learner = party_at_work.learner
    with served.backstage() as (session, cast):
        trainee = colleague(session, cast, party_at_work, "Tariq Benn", Duty.ASSESS, qualified=False)
        countersigner = colleague(session, cast, party_at_work, "Dilys Kerr", Duty.COUNTERSIGN)
    item = f"/evidence/{served.cast.evidence[f'{learner.name} E002']}"
    visitor.sign_in(trainee)
    mark(visitor, "The customer who would not be calmed", decide=decide_both, finish="Save and hand over")
    visitor.reads("countersign")
    visitor.sign_out()
    visitor.sign_in(learner)
    visitor.page.goto(item)
    visitor.look("opened the item that a trainee has decided")
    visitor.reads("Awaiting countersignature")
    visitor.sign_out()
    visitor.sign_in(countersigner)
    visitor.follow(re.compile("The customer who would not be calmed"))
    expect(visitor.page.get_by_role("button", name="Agree and countersign")).to_be_visible()
    expect(visitor.page.get_by_role("button", name="Save and countersign")).to_be_hidden()
    visitor.page.keyboard.press("Control+Enter")
    visitor.reads("E002 is released.")
    visitor.sign_out()
    visitor.sign_in(learner)
    visitor.page.goto(item)
    visitor.look("opened the item that was countersigned")
    visitor.reads("You kept your limit in view.")


def decide_both(visitor: Visitor) -> None:
    """Both criteria are met, in a trainee's eyes."""
    for code in ("2.1", "2.3"):
        visitor.turn_to(code)
        group = visitor.page.get_by_role("group", name=f"Decision on {code}")
        group.get_by_label(f"Sufficient for {code}").check()
        group.get_by_label("Met", exact=True).check(force=True)
    visitor.turn_to("2.1")
    visitor.page.get_by_label("Feedback on 2.1").fill("You kept your limit in view.")
