"""Marking at the keyboard: an outcome by one key, the next item by one key and one small request, nothing lost."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Request

from portfolio.assessment import marking
from tests.journeys.conftest import Served
from tests.journeys.newcomers import Party, account_handed_in
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

SMALL = 60_000
"""Characters of the part of a page that comes for the next item."""
CODES = ("1.1", "1.2", "1.4", "2.1", "2.3")


@pytest.fixture
def ready(served: Served, party: Party) -> list[int]:
    """Three accounts of five criteria each, begun by whoever marks them."""
    ids = []
    with served.backstage() as (session, cast):
        for number in range(3):
            claims = dict.fromkeys(CODES, "I rang her.")
            item = account_handed_in(session, cast, party.learner, f"Call {number + 1} of three", claims)
            marking.open_item(session, cast.actor(party.assessor.name, session), item)
            ids.append(item.id)
    return ids


@contextmanager
def requests(page: Page) -> Iterator[list[Request]]:
    """What the page asks in between, but for its icon, which the browser keeps, and for saying that one is there."""
    seen: list[Request] = []

    def note(request: Request) -> None:
        if not request.url.endswith("/here") and "/static/" not in request.url:
            seen.append(request)

    page.on("request", note)
    yield seen
    page.wait_for_timeout(300)
    page.remove_listener("request", note)


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait for it, five seconds at most."""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not come to hold")


def in_focus(page: Page) -> str:
    """The code of the criterion in focus."""
    return page.locator(".judged > li[aria-current] .ref").inner_text()


def test_an_item_is_judged_by_keys_alone(visitor: Visitor, party: Party, ready: list[int]) -> None:
    visitor.sign_in(party.assessor)
    page = visitor.page
    page.goto(f"/marking/{ready[0]}")
    visitor.look("opened the first item")
    assert in_focus(page) == "1.1"
    with requests(page) as sent:
        page.keyboard.press("1")
        visitor.reads("Saved ")
    assert [request.method for request in sent] == ["POST"], "one more criterion is judged in one key"
    assert in_focus(page) == "1.2", "the next criterion is in focus"
    assert page.locator("[data-decided]").inner_text() == "1"
    page.keyboard.press("3")
    page.keyboard.press("k")
    visitor.reads("Say what 1.2 still needs")
    page.keyboard.press("f")
    page.keyboard.type("Show v a r c 1 2 3")
    page.keyboard.press("Escape")
    assert page.get_by_label("Feedback on 1.2").input_value() == "Show v a r c 1 2 3", "keys are only text in a field"
    for key in ("j", "1", "1", "1", "v", "a", "r", "c"):
        page.keyboard.press(key)
    until(page, lambda: page.locator("[data-decided]").inner_text() == "5")
    visitor.look("judged everything by keys")
    page.keyboard.press("u")
    assert not page.get_by_label("Current", exact=True).is_checked(), "the last change is undone"
    page.keyboard.press("Control+Enter")
    visitor.reads("cannot be met while the evidence is not ticked current")
    visitor.look("was refused a release")
    page.keyboard.press("c")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/marking/{ready[1]}")
    visitor.reads("E001 is released.")
    visitor.look("released and came to the next item")


def test_the_next_item_is_one_key_and_one_small_request(visitor: Visitor, party: Party, ready: list[int]) -> None:
    visitor.sign_in(party.assessor)
    page = visitor.page
    page.goto(f"/marking/{ready[1]}")
    page.evaluate("window.stays = true")
    with requests(page) as sent:
        page.keyboard.press("n")
        page.wait_for_url(f"**/marking/{ready[2]}")
        visitor.reads("Call 3 of three")
    assert len(sent) == 1, [request.url for request in sent]
    (only,) = sent
    answer = only.response()
    assert answer is not None
    assert len(answer.body()) < SMALL
    assert page.evaluate("window.stays"), "the page itself stays"
    assert page.title() == f"Mark E003, {party.learner.full_name} - NVQ Portfolio"
    assert page.evaluate("document.activeElement.tagName") == "H1"
    visitor.look("went to the next item")
    page.keyboard.press("p")
    page.wait_for_url(f"**/marking/{ready[1]}")
    page.go_back()
    visitor.reads("Call 3 of three")
    page.keyboard.press("?")
    visitor.look("opened the keys")
    page.get_by_label("Use single keys in this browser").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    assert page.locator("[data-decided]").inner_text() == "0", "single keys can be switched off"
    page.locator("[data-keys-open]").click()
    page.get_by_label("Use single keys in this browser").check()
    visitor.press("Close")


def test_what_is_typed_without_a_connection_is_sent_later(visitor: Visitor, party: Party, ready: list[int]) -> None:
    visitor.sign_in(party.assessor)
    page = visitor.page
    page.goto(f"/marking/{ready[2]}")
    page.context.set_offline(True)
    page.get_by_label("Feedback on the whole item").fill("Said while the line was down.")
    visitor.reads("Not connected: kept in this browser")
    visitor.complaints.clear()
    page.context.set_offline(False)
    visitor.reads("Saved ")
    page.reload()
    assert page.get_by_label("Feedback on the whole item").input_value() == "Said while the line was down."


def test_two_windows_show_both_versions(visitor: Visitor, party: Party, ready: list[int]) -> None:
    visitor.sign_in(party.assessor)
    page = visitor.page
    page.goto(f"/marking/{ready[1]}")
    other = page.context.new_page()
    other.goto(f"/marking/{ready[1]}")
    other.get_by_label("Feedback on the whole item").fill("From the other window.")
    until(other, lambda: "Saved" in other.locator("[data-saved]").inner_text())
    page.get_by_label("Feedback on the whole item").fill("From this window.")
    visitor.reads("There are two versions")
    apart = page.locator("[data-other-parts]").inner_text()
    assert "In this window: From this window." in apart
    assert re.search(r"Saved by Petra .+ at \d\d:\d\d: From the other window\.", apart)
    visitor.look("was shown two versions")
    page.get_by_role("button", name="Keep what is in this window").click()
    visitor.reads("Saved ")
    other.reload()
    assert other.get_by_label("Feedback on the whole item").input_value() == "From this window."
