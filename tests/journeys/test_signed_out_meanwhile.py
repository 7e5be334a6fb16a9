"""A form that was sent after the session was over: back after signing in, as it was typed, and nobody else's."""

import pytest

from tests.cast import PASSWORD
from tests.journeys.conftest import Served
from tests.journeys.newcomers import Party, Somebody, another_learner
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

LOCATION = "Complaints system, Leeds office, file 2210"
BACK = "Here is what you had typed"


def send_signed_out(visitor: Visitor, path: str) -> None:
    """Fill the form for something held elsewhere, and send it when the session is over."""
    visitor.page.goto(path)
    visitor.page.get_by_label("Where is it kept?").fill(LOCATION)
    visitor.page.get_by_label("What was your part in it?").fill("I closed the file.")
    visitor.page.context.clear_cookies()
    visitor.press("Add and go on to map it")
    visitor.reads("You were signed out before this was saved")


def come_in(visitor: Visitor, who: Somebody) -> None:
    """Sign in on the page that is shown."""
    visitor.page.get_by_label("E-mail address").fill(who.email)
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.press("Sign in")


def test_the_form_is_filled_again_after_signing_in(visitor: Visitor, party: Party) -> None:
    visitor.sign_in(party.learner)
    path = f"/enrolments/{party.learner.enrolment_id}/evidence/elsewhere"
    send_signed_out(visitor, path)
    come_in(visitor, party.learner)
    assert visitor.page.url.endswith(path)
    visitor.reads(BACK)
    assert visitor.page.get_by_label("Where is it kept?").input_value() == LOCATION
    assert visitor.page.get_by_label("What was your part in it?").input_value() == "I closed the file."
    visitor.page.reload()
    visitor.look("loaded it again")
    assert visitor.page.get_by_label("Where is it kept?").input_value() == ""


def test_somebody_else_who_signs_in_there_gets_nothing_of_it(visitor: Visitor, served: Served, party: Party) -> None:
    with served.backstage() as (session, cast):
        other = another_learner(session, cast, party)
    visitor.sign_in(party.learner)
    send_signed_out(visitor, f"/enrolments/{party.learner.enrolment_id}/evidence/elsewhere")
    come_in(visitor, other)
    visitor.page.goto(f"/enrolments/{other.enrolment_id}/evidence/elsewhere")
    visitor.look("opened the same form of one's own")
    assert visitor.page.get_by_label("Where is it kept?").input_value() == ""
    assert visitor.page.evaluate("sessionStorage.length") == 0
