"""The second step of signing in, at a browser: set up because the centre asks for it, used, the telephone lost."""

import pytest

from portfolio.accounts import actions
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from tests.accounts.steps import App
from tests.cast import PASSWORD
from tests.journeys.conftest import Served
from tests.journeys.newcomers import Party
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def strict_party(served: Served, party: Party) -> Party:
    """Everybody of a centre that asks its staff for a second step."""
    with served.backstage() as (session, _cast):
        session.get_one(Centre, party.centre_id).settings = {"second_factor_for_staff": True}
        actions.new_link(session, System(), email=party.administrator.email)
    return party


def set_up(visitor: Visitor) -> tuple[App, list[str]]:
    """From the page that begins it to the page with the recovery codes."""
    visitor.page.get_by_label("Your password", exact=True).fill("not my password")
    visitor.press("Begin")
    visitor.reads("That is not your password.")
    visitor.page.get_by_label("Your password", exact=True).fill(PASSWORD)
    visitor.press("Begin")
    app = App(visitor.page.locator("#key").inner_text().replace(" ", ""))
    assert visitor.page.locator("img.qr").evaluate("picture => picture.naturalWidth") > 100 or not visitor.scripts
    visitor.page.get_by_label("Six-digit code").fill("000000")
    visitor.press("Turn on the second step")
    visitor.reads("That code is not right.")
    visitor.page.get_by_label("Six-digit code").fill(app.code())
    visitor.press("Turn on the second step")
    visitor.reads("They are shown only now.")
    return app, visitor.page.locator(".recovery-codes li").all_inner_texts()


def come_in(visitor: Visitor, app: App) -> None:
    """Password and code, by the keyboard alone."""
    visitor.page.get_by_label("Six-digit code").fill("000000")
    visitor.page.keyboard.press("Enter")
    visitor.reads("That code is not right, or it was used already.")
    visitor.look("gave a wrong code")
    visitor.page.get_by_label("Six-digit code").fill(app.code(later=1))
    visitor.page.keyboard.press("Enter")


def test_staff_set_it_up_and_sign_in_with_it(visitor: Visitor, strict_party: Party) -> None:
    visitor.sign_in(strict_party.assessor)
    visitor.reads("asks its staff for this")
    app, codes = set_up(visitor)
    assert len(codes) == 10
    assert visitor.page.get_by_role("button", name="Print").is_visible()
    with visitor.page.expect_download() as saved:
        visitor.page.get_by_role("link", name="Save as a file").click()
    assert saved.value.path().read_text().split("\n\n")[1].split() == codes
    visitor.follow("I have kept them")
    visitor.sign_out()
    visitor.page.get_by_label("E-mail address").fill(strict_party.assessor.email)
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.press("Sign in")
    come_in(visitor, app)
    visitor.reads("Marking")
    visitor.page.goto("/account")
    visitor.look("opened the account")
    visitor.follow("New recovery codes, another telephone")
    visitor.page.get_by_label("Your password", exact=True).first.fill(PASSWORD)
    visitor.press("Make new codes")
    visitor.reads("Those that you had no longer work.")


def test_a_lost_telephone(plain_visitor: Visitor, party: Party, served: Served) -> None:
    """Without scripts: a recovery code, and an administrator who takes the second step off."""
    visitor = plain_visitor
    visitor.sign_in(party.assessor)
    visitor.page.goto("/account")
    visitor.follow("Set up a second step")
    _app, codes = set_up(visitor)
    visitor.follow("I have kept them")
    visitor.sign_out()
    visitor.sign_in(party.assessor)
    visitor.follow("I do not have my telephone")
    visitor.page.get_by_label("Recovery code").fill("abcd efgh jkmn")
    visitor.press("Sign in")
    visitor.reads("That is none of the recovery codes that are left.")
    visitor.page.get_by_label("Recovery code").fill(codes[4].upper().replace("-", " "))
    visitor.press("Sign in")
    visitor.reads("That recovery code is used up.")
    visitor.sign_out()
    visitor.sign_in(party.administrator)
    with served.backstage() as (_session, cast):
        person_id = cast.people[party.assessor.name]
    visitor.page.goto(f"/people/{person_id}")
    visitor.page.get_by_text("Take the second step off").first.click()
    visitor.press(f"Take it off for {party.assessor.full_name}")
    visitor.reads("signs in with the password alone again")
    visitor.sign_out()
    visitor.sign_in(party.assessor)
    visitor.reads("Marking")
    visitor.page.goto("/notices")
    visitor.reads("your second step was taken off")
