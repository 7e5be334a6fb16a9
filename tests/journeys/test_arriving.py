"""An administrator brings a portfolio that another centre sent: who is who, the fingerprint; its learner has it here.
By keys on a phone, and without scripts.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from portfolio.accounts.rules import Role
from portfolio.proof import verify
from tests.bundles.elsewhere import sent
from tests.cast import FULL_NAMES
from tests.journeys.conftest import PATIENCE_SECONDS, Served
from tests.journeys.newcomers import Party, Somebody, join
from tests.journeys.test_bundles import by_key, in_both_looks
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

Press = Callable[[Visitor, str], None]
ASSESSOR = FULL_NAMES["marguerite"]


@pytest.fixture
def phone(browser: Browser, served: Served) -> Iterator[Visitor]:
    """Somebody with a phone."""
    visitor = Visitor(browser, served.address, scripts=True, is_phone=True)
    yield visitor
    visitor.leave()


@pytest.fixture
def newcomer(served: Served, party: Party) -> Somebody:
    """A learner of the party's centre who is on nothing yet."""
    with served.backstage() as (session, cast):
        return join(session, cast, party.centre_id, "Nia Newcomer", Role.LEARNER)


@pytest.fixture
def amina(sqlite_template: Path, tmp_path: Path) -> Path:
    """A bundle of amina's, of another installation."""
    path = tmp_path / "amina.zip"
    path.write_bytes(sent(sqlite_template, "amina"))
    return path


def once_it_says(visitor: Visitor, words: str) -> None:
    """Wait until the work in the background is done; without scripts the page is loaded anew for it."""
    for _ in range(PATIENCE_SECONDS * 2):
        if words in " ".join(visitor.page.locator("body").inner_text().split()):
            visitor.look(f"waited for {words}")
            return
        visitor.page.wait_for_timeout(500)
        if not visitor.scripts:
            visitor.page.reload()
    raise AssertionError(f"{words!r} is not on {visitor.page.title()}")


def bring(cora: Visitor, party: Party, newcomer: Somebody, path: Path, learner: str, press: Press) -> None:
    """From the centre's page to the portfolio that came."""
    cora.sign_in(party.administrator)
    cora.page.goto("/centre")
    cora.follow("Bring a portfolio", exact=True)
    cora.press("Send it and look into it")
    cora.reads("Choose a file.")
    cora.page.locator("input[type=file]").set_input_files(path)
    press(cora, "Send it and look into it")
    once_it_says(cora, "Who is who")
    in_both_looks(cora, "looked into a bundle")
    cora.reads(f"Say first who {learner} is at your centre.")
    field = cora.page.get_by_label(learner)
    field.fill("nobody@example.org")
    cora.page.get_by_label(ASSESSOR).fill(party.assessor.email)
    press(cora, "Check again")
    cora.reads("Nobody at your centre has this address")
    field.fill(newcomer.email)
    press(cora, "Check again")
    once_it_says(cora, "I have compared the fingerprint")
    press(cora, "Bring it in")
    cora.reads("Compare the fingerprint first, then tick this.")
    cora.page.get_by_label("I have compared the fingerprint").check()
    press(cora, "Bring it in")
    once_it_says(cora, "Nobody is allocated yet")
    in_both_looks(cora, "brought a bundle in")
    cora.page.get_by_role("main").get_by_role("link", name=newcomer.full_name).click()
    cora.look("opened the portfolio that came")
    cora.reads("Nobody assesses this learner.")
    cora.page.goto("/arriving")
    cora.look("came back to the bundles")
    cora.reads("Brought in")


def test_a_portfolio_comes_by_keys_on_a_phone_and_its_learner_has_it(
    phone: Visitor,
    visitor: Visitor,
    served: Served,
    party: Party,
    newcomer: Somebody,
    amina: Path,
) -> None:
    bring(phone, party, newcomer, amina, FULL_NAMES["amina"], by_key)
    visitor.sign_in(newcomer)
    visitor.page.goto("/evidence")
    visitor.look("opened the evidence that came")
    visitor.follow("Complaint letter and reply")
    visitor.reads("A good letter, nearly complete.")
    assert list(verify(served.installation.database, served.installation.store).faults) == []


def test_the_same_without_scripts(
    plain_visitor: Visitor, party: Party, newcomer: Somebody, sqlite_template: Path, tmp_path: Path
) -> None:
    path = tmp_path / "ben.zip"
    path.write_bytes(sent(sqlite_template, "ben"))
    bring(plain_visitor, party, newcomer, path, FULL_NAMES["ben"], Visitor.press)
