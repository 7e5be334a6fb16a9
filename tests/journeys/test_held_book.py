"""A Word portfolio is held back for a name in feedback, and made once whoever wrote it has said why it may stay."""

import pytest
from playwright.sync_api import Browser

from portfolio.assessment import marking
from portfolio.assessment.rules import Mark
from portfolio.mapping.rules import Outcome
from tests.cast import ALL_TICKED, item
from tests.journeys.conftest import Served
from tests.journeys.newcomers import Party
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

SAID = "I rang Mrs Quillfeather, and she confirms what you wrote."


def name_somebody(served: Served, party: Party) -> None:
    """The assessor's feedback on E002 names a customer."""
    with served.backstage() as (session, cast):
        handed_in = item(session, cast, f"{party.learner.name} E002")
        assessor = cast.actor(party.assessor.name, session)
        marking.open_item(session, assessor, handed_in)
        marks = [Mark(claim.id, Outcome.MET, True, "Clear.") for claim in marking.claims_on(session, handed_in)]
        marking.save_review(session, assessor, handed_in, varc=ALL_TICKED, marks=marks, feedback=SAID)
        marking.release(session, assessor, handed_in)


def test_a_held_book_leads_to_its_place(
    plain_visitor: Visitor, browser: Browser, served: Served, party_at_work: Party
) -> None:
    """The learner on a phone; the assessor without scripts."""
    party = party_at_work
    name_somebody(served, party)
    phone = Visitor(browser, served.address, scripts=True, is_phone=True)
    phone.sign_in(party.learner)
    phone.page.goto(f"/enrolments/{party.learner.enrolment_id}/book")
    phone.press("Make the Word portfolio")
    phone.reads("The Word portfolio was not made.")
    phone.look("had the book held back")
    phone.follow("E002")
    phone.reads("who wrote it, decides")
    assert "Quillfeather" not in phone.page.content()
    phone.look("read who decides")
    plain_visitor.sign_in(party.assessor)
    plain_visitor.page.goto(phone.page.url)
    plain_visitor.reads("Quillfeather")
    plain_visitor.look("saw the words")
    plain_visitor.press("It may stay")
    plain_visitor.reads("Choose what may stay.")
    plain_visitor.look("chose nothing")
    plain_visitor.page.get_by_label("Mrs Quillfeather", exact=False).check()
    plain_visitor.page.get_by_label("The person agreed", exact=False).check()
    plain_visitor.press("It may stay")
    plain_visitor.reads("Kept in 1 place.")
    phone.page.goto(f"/enrolments/{party.learner.enrolment_id}/book")
    phone.press("Make it again")
    phone.reads("up to entry")
    phone.look("had it made")
    phone.leave()
