"""A name is found in what was handed in: hidden by the assessor, taken out by the learner, seen amended, and proved."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from portfolio import proof
from tests.journeys.conftest import Served
from tests.journeys.newcomers import Party
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

WHERE = "The customer's first name in the file"


@pytest.fixture
def redacted(tmp_path: Path) -> Path:
    """The letter without the name."""
    path = tmp_path / "Redacted letter.txt"
    path.write_text("Dear Customer, I am sorry.")
    return path


def hide(visitor: Visitor, item: str) -> None:
    """From the item's page; without saying where, it is refused."""
    visitor.page.goto(item)
    visitor.follow("Personal data is in this")
    visitor.press("Hide it now")
    visitor.reads("Say in a few words where it is")
    visitor.page.get_by_label("Where is it?").fill(WHERE)
    visitor.press("Hide it now")
    visitor.reads("E001 is hidden. Nobody sees it but those who take the personal data out.")


def mend(visitor: Visitor, redacted: Path) -> None:
    """From the home page; looked at first, then the letter is replaced and a claim said anew."""
    visitor.page.goto("/")
    visitor.follow("Take it out")
    visitor.reads(WHERE)
    visitor.page.get_by_label("Title", exact=True).fill("Complaint letter, redacted")
    visitor.page.locator("summary").filter(has_text="1.1").click()
    visitor.page.get_by_label("How it shows 1.1").fill("It names the department that referred it.")
    visitor.page.get_by_label("Put a redacted file in its place").check()
    visitor.page.get_by_label("Why was it changed?").fill("A customer’s first name was in the letter.")
    visitor.press("Look at it first")
    visitor.reads("What will stand")
    visitor.press("Destroy what is taken out, and show the item again")
    visitor.reads("Choose the redacted file.")
    visitor.page.get_by_label("A redacted file of your own, to take its place").set_input_files(redacted)
    visitor.press("Destroy what is taken out, and show the item again")
    visitor.reads("E001 is mended and can be seen again.")
    visitor.reads("A file was destroyed")


def the_way(visitor: Visitor, party: Party, item: str, redacted: Path) -> None:
    """Three visits, and the proof."""
    visitor.sign_in(party.assessor)
    hide(visitor, item)
    visitor.page.goto(item)
    visitor.look("asked for the hidden item")
    visitor.reads("There is no such page, or it is not yours to see.")
    visitor.page.goto("/marking")
    visitor.look("opened the queue while the item is hidden")
    visitor.reads("Hidden while personal data is taken out:")
    visitor.reads(f"E001 of {party.learner.full_name}")
    visitor.sign_out()
    visitor.sign_in(party.learner)
    visitor.reads("Somebody’s personal data is in E001.")
    mend(visitor, redacted)
    visitor.sign_out()
    visitor.sign_in(party.assessor)
    visitor.page.goto(item)
    visitor.look("opened the amended item")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Complaint letter, redacted")
    visitor.reads(
        "Changed: the title; what it says on 1.1. 1 file was destroyed; Redacted letter.txt was put in its place."
    )
    visitor.page.goto("/marking")
    visitor.look("opened the queue after the item was amended")
    visitor.follow("look at what changed")
    visitor.reads(f"{party.learner.full_name} put Redacted letter.txt in its place.")
    visitor.page.get_by_text("For the record: hashes").click()
    visitor.reads("SHA-256")


def is_proved(served: Served) -> bool:
    """Whether the proof finds nothing wrong."""
    return proof.verify(served.installation.database, served.installation.store).faults == ()


def item_of(served: Served, party: Party) -> str:
    """The address of the letter."""
    return f"/evidence/{served.cast.evidence[f'{party.learner.name} E001']}"


def test_a_name_in_the_evidence(visitor: Visitor, served: Served, party_at_work: Party, redacted: Path) -> None:
    the_way(visitor, party_at_work, item_of(served, party_at_work), redacted)
    assert is_proved(served)


def test_a_false_alarm_without_scripts(plain_visitor: Visitor, served: Served, party_at_work: Party) -> None:
    plain_visitor.sign_in(party_at_work.learner)
    plain_visitor.page.goto(item_of(served, party_at_work))
    plain_visitor.follow("Personal data is in this")
    plain_visitor.page.get_by_label("Where is it?").fill("The name at the top")
    plain_visitor.press("Hide it now")
    plain_visitor.page.get_by_text("Nothing to take out: show it again").click()
    plain_visitor.page.get_by_label("Why is there nothing to take out?").fill("It is the name of a street.")
    plain_visitor.press("Show it again")
    plain_visitor.reads("E001 can be seen again. Nothing of it was changed.")
    assert is_proved(served)
