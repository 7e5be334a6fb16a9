"""An administrator brings a list: with a fault first, then mended, its columns matched by hand, looked at, imported."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import Served
from tests.journeys.newcomers import Party
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

BAD = "Who;Where;Role\nNia Newcomer;{key}-nia@example.org;Learner\nObi Okoro;nowhere;Emperor\n"


@pytest.fixture
def phone(browser: Browser, served: Served) -> Iterator[Visitor]:
    """Somebody with a phone."""
    visitor = Visitor(browser, served.address, scripts=True, is_phone=True)
    yield visitor
    visitor.leave()


def send(visitor: Visitor, path: Path, text: str) -> None:
    """Choose a file of this text and send it."""
    path.write_text(text, encoding="utf-8")
    visitor.page.locator("input[type=file]").set_input_files(path)
    visitor.press("Go on to the columns")


def match(visitor: Visitor) -> None:
    """Say which columns hold names and addresses."""
    visitor.press("See what the list would do")
    visitor.reads("Choose a column for the whole name")
    visitor.page.get_by_label("Whole name").select_option(label="Who")
    visitor.page.get_by_label("E-mail address").select_option(label="Where")
    visitor.press("See what the list would do")


def bring(cora: Visitor, party: Party, path: Path) -> None:
    """From the centre's page to the people who came."""
    key = party.administrator.name
    cora.sign_in(party.administrator)
    cora.page.goto("/centre")
    cora.follow("Imports", exact=True)
    cora.page.get_by_role("main").get_by_role("link", name="People", exact=True).click()
    cora.look("followed People")
    cora.press("Go on to the columns")
    cora.reads("Choose a file.")
    send(cora, path, BAD.format(key=key))
    match(cora)
    cora.reads("1 row cannot be taken, so nothing can be imported.")
    cora.reads("is no role")
    cora.follow("Send the mended list")
    send(cora, path, BAD.format(key=key).replace("nowhere;Emperor", f"{key}-obi@example.org;IQA"))
    match(cora)
    cora.reads("Comes as an internal quality assurer.")
    cora.follow("New", exact=True)
    cora.press("Import all of it")
    cora.reads("The list is imported: 2 new.")
    cora.page.goto("/people?q=newcomer")
    cora.look("looked for who came")
    cora.reads("Nia Newcomer")
    cora.page.goto("/imports")
    cora.look("came back to the imports")
    cora.reads("Invitations that wait 2 people")


def test_a_list_is_brought_mended_looked_at_and_imported(visitor: Visitor, party: Party, tmp_path: Path) -> None:
    bring(visitor, party, tmp_path / "people.csv")


def test_the_same_on_a_phone(phone: Visitor, party: Party, tmp_path: Path) -> None:
    bring(phone, party, tmp_path / "people.csv")


def test_the_same_without_scripts(plain_visitor: Visitor, party: Party, tmp_path: Path) -> None:
    bring(plain_visitor, party, tmp_path / "people.csv")
