"""How few steps the daily work takes, counted by a listener in the browser. The peer's figures stand beside ours."""

import re
from pathlib import Path

import pytest

from tests.journeys.counting import Counter
from tests.journeys.newcomers import Party
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

FIVE = ("1.1", "1.2", "1.3", "2.1", "2.2")
LETTER = b"Dear customer, thank you for telling us again. We have put it right.\n"


def test_a_new_item_of_one_file_mapped_to_five_criteria(visitor: Visitor, party: Party, tmp_path: Path) -> None:
    """At most 9 clicks and 2 page loads; the peer takes 33 and 9."""
    letter = tmp_path / "letter.txt"
    letter.write_bytes(LETTER)
    visitor.sign_in(party.learner)
    page = visitor.page
    with Counter(page) as counted:
        page.get_by_role("link", name=re.compile("^Add (your first )?files$")).first.click()
        page.get_by_label("Title", exact=True).wait_for()
        with page.expect_file_chooser() as choosing:
            page.locator("input[type=file][name=files]").click()
        choosing.value.set_files(letter)
        page.get_by_label("Title", exact=True).fill("A reply that settled it")
        page.get_by_role("button", name="Add and go on to map it").click()
        page.get_by_label(re.compile("^Use this for every ticked")).fill(
            "The reply names what went wrong and who owns it."
        )
        for code in FIVE:
            page.get_by_role("checkbox", name=re.compile(rf"^{re.escape(code)} ")).first.click()
        visitor.reads("Saved")
    assert counted.count("click") <= 9, counted.steps
    assert counted.count("load") <= 2, counted.steps
    page.reload()
    for code in FIVE:
        assert page.get_by_role("checkbox", name=re.compile(rf"^{re.escape(code)} ")).first.is_checked()
        assert page.get_by_label(f"How does it show {code}?").first.input_value().startswith("The reply names")


def test_a_reflective_account(visitor: Visitor, party: Party) -> None:
    """2 clicks; the peer takes 5."""
    visitor.sign_in(party.learner)
    page = visitor.page
    with Counter(page) as counted:
        page.get_by_role("link", name="Write an account").first.click()
        page.get_by_label("Title", exact=True).fill("What the second call taught me")
        page.get_by_label("Your account", exact=True).fill("She rang twice, and the second time I listened first.")
        page.get_by_role("button", name="Save and go on to map it").click()
        visitor.reads("Map E")
    assert counted.count("click") <= 2, counted.steps
    visitor.reads("What the second call taught me")


def test_gaps_are_on_the_home_page(visitor: Visitor, party: Party) -> None:
    """No click; the peer takes 4. Each has the button that closes it."""
    visitor.sign_in(party.learner)
    page = visitor.page
    with Counter(page) as counted:
        gaps = page.get_by_role("link", name=re.compile(r"^Add evidence for \d")).all()
        assert len(gaps) > len(FIVE)
        assert all(gap.is_visible() for gap in gaps)
    assert counted.steps == []
