"""An administrator brings a table that was filled in: faulty first, then mended; it is loaded and taken elsewhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import Served
from tests.journeys.newcomers import Party
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

TABLE = """\
What it is,Code,Title or wording,Level,Credit,Kind,Methods
Fact,Reference,{key}
Fact,Title,Diploma in Journeys
Unit,J1,Travel,3,4
Outcome,1,Know the way,,,knowledge
Criterion,1.1,Explain where you go,,,,{methods}
"""


@pytest.fixture
def phone(browser: Browser, served: Served) -> Iterator[Visitor]:
    """Somebody with a phone."""
    visitor = Visitor(browser, served.address, scripts=True, is_phone=True)
    yield visitor
    visitor.leave()


def bring(ada: Visitor, party: Party, path: Path) -> None:
    """From the criteria to a qualification that came out of a table, and the file that it goes out in."""
    key = "J-" + "".join(sign for sign in party.administrator.name if sign.isalnum())[:20]
    ada.sign_in(party.administrator)
    ada.page.goto("/criteria")
    ada.follow("Load criteria")
    ada.follow("From another format")
    ada.press("See what it says")
    ada.reads("Choose a file.")
    for methods, words in (("Q/ZZ", "unknown method “ZZ”"), ("Q/PD", "Read this before you load it")):
        path.write_text(TABLE.format(key=key, methods=methods), encoding="utf-8")
        ada.page.locator("input[type=file]").set_input_files(path)
        ada.press("See what it says")
        ada.reads(words)
    ada.reads("The guided learning hours of a unit are not given: 0 is written.")
    with ada.page.expect_download() as kept:
        ada.page.get_by_role("link", name="table.yaml").click()
    assert f"reference: {key}" in kept.value.path().read_text()
    ada.press(f"Load for {party.centre}")
    ada.reads("Take it elsewhere")
    with ada.page.expect_download() as taken:
        ada.page.get_by_role("link", name="CASE 1.0").click()
    assert taken.value.suggested_filename == f"{key}-case.json"
    assert "Explain where you go" in taken.value.path().read_text()


def test_a_table_is_brought_mended_and_loaded(visitor: Visitor, party: Party, tmp_path: Path) -> None:
    bring(visitor, party, tmp_path / "table.csv")


def test_the_same_on_a_phone(phone: Visitor, party: Party, tmp_path: Path) -> None:
    bring(phone, party, tmp_path / "table.csv")


def test_the_same_without_scripts(plain_visitor: Visitor, party: Party, tmp_path: Path) -> None:
    bring(plain_visitor, party, tmp_path / "table.csv")
