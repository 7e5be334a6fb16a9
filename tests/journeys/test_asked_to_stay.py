"""What may stay is the centre's to say: settings, known words, an answer, and forgetting who is who."""

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from portfolio.evidence.models import Evidence
from portfolio.screening import deciding
from portfolio.screening.models import Entity, Finding
from portfolio.screening.rules import Reason
from tests.cast import write
from tests.journeys.conftest import Served
from tests.journeys.newcomers import Party
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

BODY = "It rained all day. I rang Mrs Quillfeather on 07700 900312 to say so. Mr Dunstable knew."


def ask(served: Served, party: Party) -> int:
    """The learner asks to keep one name of a draft, and replaces another; answers the item's id."""
    with served.backstage() as (session, cast):
        learner = cast.actor(party.learner.name, session)
        id_ = write(session, cast.installation, cast, party.learner.name, "A call in the rain", BODY).id
    with served.backstage() as (session, cast):
        learner = cast.actor(party.learner.name, session)
        evidence = session.get_one(Evidence, id_)
        found = {
            BODY[row.start : row.end]: row
            for row in session.scalars(select(Finding).where(Finding.item_uid == evidence.uid))
        }
        reason, said = Reason.OTHER, "She is the chair of the council and spoke as such."
        deciding.keep(
            session, learner, evidence, finding_uids=[found["Mrs Quillfeather"].uid], reason=reason, said=said
        )
        entity = session.get_one(Entity, found["Mr Dunstable"].entity_id)
        deciding.replace(session, learner, evidence, entity.uid)
    return id_


def test_the_centre_says_what_may_stay(
    visitor: Visitor, plain_visitor: Visitor, browser: Browser, served: Served, party: Party
) -> None:
    """The administrator also without scripts; the learner on a phone."""
    choose(visitor, party)
    item_id = ask(served, party)
    answer(plain_visitor, visitor, party)
    phone = Visitor(browser, served.address, scripts=True, is_phone=True)
    phone.sign_in(party.learner)
    phone.page.goto("/notices")
    phone.look("opened the notices")
    phone.press("See the answer", exact=False)
    assert phone.page.url.endswith(f"/evidence/{item_id}/personal-data")
    phone.reads("Her office is enough.")
    forget(phone, party)
    phone.leave()


def choose(visitor: Visitor, party: Party) -> None:
    """The centre's words, what it only warns of, and that it says itself what may stay."""
    page = visitor.page
    visitor.sign_in(party.administrator)
    visitor.follow("Centre", exact=True)
    visitor.follow("Personal data", exact=True)
    visitor.reads("Nothing waits for an answer of yours.")
    page.get_by_label("People to find").fill("Wilma Otter\nx")
    visitor.press("Save")
    visitor.reads("Line 2 is too short to be looked for.")
    page.get_by_label("People to find").fill("Wilma Otter")
    page.get_by_label("Words to leave alone").fill("Harbour Water")
    visitor.press("Save")
    visitor.reads("The words are saved.")
    visitor.follow("How asking works")
    visitor.reads("whoever made an item says themselves")
    visitor.follow("Settings", exact=True)
    page.get_by_label("Postcode").check()
    page.get_by_label("The centre, when whoever made the item asks with a reason").check()
    visitor.press("Save")
    visitor.reads("Personal data only warned of Postcode")


def answer(plain_visitor: Visitor, visitor: Visitor, party: Party) -> None:
    """From the notice to what is asked, and a no; what is seen before that is looked at with scripts too."""
    plain = plain_visitor.page
    plain_visitor.sign_in(party.administrator)
    plain.goto("/notices")
    plain_visitor.press("Look at what is asked", exact=False)
    plain_visitor.reads("Another reason")
    visitor.page.goto(plain.url)
    visitor.look("read the list of what is asked")
    plain.get_by_role("main").get_by_role("link", name="E001").click()
    plain_visitor.look("opened what is asked")
    plain_visitor.reads("I rang Mrs Quillfeather on [Phone number] to say so.")
    plain_visitor.press("Answer")
    plain_visitor.reads("Choose whether it may stay.")
    plain.get_by_label("No, it has to be taken out or replaced").check()
    plain.get_by_label("What you want to say about it").fill("Her office is enough.")
    visitor.page.goto(plain.url)
    visitor.look("read what is asked")
    visitor.press("Answer")
    visitor.reads("Choose whether it may stay.")
    plain_visitor.press("Answer")
    plain_visitor.reads("It may not stay.")


def forget(phone: Visitor, party: Party) -> None:
    """Who is who, from the learner's own page."""
    phone.page.goto(f"/enrolments/{party.learner.enrolment_id}/personal-data")
    phone.look("opened the own words")
    phone.reads("One person or thing is known at present.")
    phone.follow("Forget who is who")
    phone.press("Forget who is who")
    phone.reads("Tick this if you want it to be forgotten.")
    phone.page.get_by_label("I understand that this cannot be taken back").check()
    phone.press("Forget who is who")
    phone.reads("It is forgotten who is who.")
