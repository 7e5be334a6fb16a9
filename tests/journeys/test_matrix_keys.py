"""The matrix of a unit by keyboard alone; on a phone; and without scripts."""

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import Served
from tests.journeys.newcomers import Party
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

UNIT = "Handle referred customer complaints"


def open_unit(visitor: Visitor, party: Party) -> Page:
    """From her home to her unit."""
    visitor.sign_in(party.learner)
    visitor.follow(UNIT)
    return visitor.page


def focused(page: Page) -> str:
    """The words of what has the focus."""
    return " ".join(page.evaluate("document.activeElement.textContent").split())


def test_by_keyboard_alone(visitor: Visitor, party_at_work: Party) -> None:
    page = open_unit(visitor, party_at_work)
    page.locator(".matrix-frame").focus()
    page.keyboard.press("Tab")
    assert focused(page) == "Guidance for 1.1"
    page.keyboard.press("ArrowRight")
    assert focused(page) == "E001 met at p1"
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    visitor.look("opened a claim")
    assert "E001 for 1.1" in page.locator("dialog").inner_text()
    assert party_at_work.assessor.full_name in page.locator("dialog").inner_text()
    page.keyboard.press("Escape")
    assert focused(page) == "E001 met at p1"
    page.keyboard.press("ArrowDown")
    assert focused(page) == "E001 insufficient at p1"
    page.keyboard.press("End")
    assert "Needs more" in focused(page)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert focused(page) == "Criterion"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("g")
    assert page.get_by_role("group", name="Guidance for 1.1").is_visible()
    visitor.look("opened the guidance")
    page.keyboard.press("Escape")
    assert page.get_by_role("group", name="Guidance for 1.1").is_hidden()
    page.keyboard.press("Control+End")
    assert page.evaluate("document.activeElement.closest('tr').id") == page.evaluate(
        "[...document.querySelectorAll('tbody tr[id]')].at(-1).id"
    )
    page.keyboard.press("/")
    assert focused(page).startswith("All ")
    assert page.evaluate("document.querySelectorAll('.matrix [tabindex=\"0\"]').length") == 1


def test_the_head_and_the_first_column_stay(visitor: Visitor, party_at_work: Party) -> None:
    """While the page is scrolled, also where it is too narrow for the matrix."""
    page = open_unit(visitor, party_at_work)
    page.mouse.wheel(0, 900)
    visitor.until("scrollY > 300")
    top = page.evaluate("document.querySelector('.matrix thead th').getBoundingClientRect().top")
    assert abs(top) < 1
    page.set_viewport_size({"width": 800, "height": 500})
    frame = page.locator(".matrix-frame")
    frame.evaluate("frame => { frame.scrollTop = 400; frame.scrollLeft = 60 }")
    edge, head, side = frame.evaluate(
        """frame => [frame.getBoundingClientRect(), frame.querySelector('thead th').getBoundingClientRect(),
        frame.querySelector('tbody .crit').getBoundingClientRect()].map((box) => [box.left, box.top])"""
    )
    assert abs(head[1] - edge[1]) <= 3
    assert abs(side[0] - edge[0]) <= 1


def test_on_a_phone_each_criterion_is_a_card(browser: Browser, served: Served, party_at_work: Party) -> None:
    visitor = Visitor(browser, served.address, scripts=True, is_phone=True)
    page = open_unit(visitor, party_at_work)
    visitor.look("opened the unit")
    page.get_by_role("link", name="E001 met at p1").tap()
    page.wait_for_selector("dialog[open]")
    visitor.look("opened a claim")
    page.get_by_role("button", name="Close").tap()
    visitor.leave()


def test_without_scripts_a_claim_is_a_page(plain_visitor: Visitor, party_at_work: Party) -> None:
    page = open_unit(plain_visitor, party_at_work)
    plain_visitor.follow("E001 met at p1")
    plain_visitor.reads(party_at_work.assessor.full_name)
    plain_visitor.follow("Back to the unit")
    page.locator("summary", has_text="Guidance for 1.1").click()
    assert page.get_by_role("group", name="Guidance for 1.1").is_visible()
