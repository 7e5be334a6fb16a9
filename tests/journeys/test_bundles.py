"""A learner takes all of a portfolio away, by keys on a phone, once what only a bundle tells is decided; and a visit is
prepared, whose bundle an external quality assurer gets.
"""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Error as BrowserError

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.anonymise.findings import Known
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.enrolment.actions import grant
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.actions import revise
from portfolio.evidence.models import Evidence
from portfolio.mapping.actions import map_to
from portfolio.screening.known import save_lists
from portfolio.screening.rules import REASON_WORDS, Reason
from tests.bundles.scenes import unpacked, verified
from tests.cast import hand_in, wanted
from tests.journeys.conftest import Served
from tests.journeys.newcomers import Party, Somebody, another_learner, join
from tests.journeys.visitor import MOVED_ON, Visitor

pytestmark = pytest.mark.browser

TABS_MOST = 120
FOCUSED = """
(one => one.matches('a, button, input, summary')
    ? [one, ...(one.labels || [])].map(each => each.innerText).join(' ') : '')(document.activeElement)
"""


def tab_to(visitor: Visitor, words: str) -> None:
    """Go on with the Tab key until something with these words has the focus."""
    for _ in range(TABS_MOST):
        try:
            if words in " ".join(visitor.page.evaluate(FOCUSED).split()):
                return
            visitor.page.keyboard.press("Tab")
        except BrowserError as error:
            if not any(moved in error.message for moved in MOVED_ON):
                raise
    raise AssertionError(f"{words!r} cannot be reached with the Tab key on {visitor.page.title()}")


def by_key(visitor: Visitor, words: str, key: str = "Enter") -> None:
    """Reach something with the Tab key and press a key on it."""
    tab_to(visitor, words)
    visitor.page.keyboard.press(key)
    visitor.page.wait_for_load_state("load")
    visitor.look(f"pressed {key} on {words}")


def in_both_looks(visitor: Visitor, done: str) -> None:
    """Look at the page light and dark."""
    for scheme in ("dark", "light"):
        visitor.page.emulate_media(color_scheme=scheme)
        visitor.look(f"{done}, {scheme}")


def name_in_earlier_version(served: Served, party: Party) -> None:
    """The first version of E001 says something that the centre's lists know since; the second one does not."""
    with served.backstage() as (session, cast):
        learner = cast.actor(party.learner.name, session)
        evidence = session.get_one(Evidence, cast.evidence[f"{party.learner.name} E001"])
        revise(session, learner, evidence).context = "I handled it."
        enrolment = session.get_one(Enrolment, party.learner.enrolment_id)
        map_to(session, learner, evidence, wanted=wanted(session, enrolment, {"1.2": "The note is added."}))
        hand_in(session, cast, party.learner.name, evidence, "E001")
        known = Known(organisations=("front desk",))
        save_lists(session, cast.actor(party.administrator.name, session), enrolment.centre, known, rev=0)


def test_a_learner_takes_it_all_away_by_keys_on_a_phone(
    browser: Browser, served: Served, party_at_work: Party, tmp_path: Path
) -> None:
    party = party_at_work
    name_in_earlier_version(served, party)
    phone = Visitor(browser, served.address, scripts=True, is_phone=True)
    phone.sign_in(party.learner)
    phone.page.goto(f"/enrolments/{party.learner.enrolment_id}/book")
    by_key(phone, "Take it all away")
    by_key(phone, "Make the bundle")
    phone.reads("is held out of the last bundle")
    in_both_looks(phone, "had the bundle held back")
    by_key(phone, "E001")
    phone.reads("front desk")
    in_both_looks(phone, "saw the words")
    by_key(phone, "front desk", "Space")
    by_key(phone, REASON_WORDS[next(iter(Reason))], "Space")
    by_key(phone, "It may stay")
    phone.reads("Kept in")
    by_key(phone, "Make it again")
    phone.reads("Made so far")
    phone.reads("Download")
    in_both_looks(phone, "had it made")
    with phone.page.expect_download() as found:
        tab_to(phone, "Download")
        phone.page.keyboard.press("Enter")
    found.value.save_as(tmp_path / "bundle.zip")
    assert verified(unpacked(tmp_path / "bundle.zip", tmp_path / "there"))[0] == 0
    by_key(phone, "Only a sample of items")
    by_key(phone, "E002", "Space")
    by_key(phone, "Make this sample")
    phone.reads("A sample of the evidence: E002")
    phone.reads("Make the bundle")
    by_key(phone, "For another system")
    in_both_looks(phone, "opened the choice of systems")
    tab_to(phone, "Most systems")
    phone.page.keyboard.press("ArrowDown")
    by_key(phone, "Make the Leap2A file")
    phone.reads("Leap2A: Mahara 22.10")
    with phone.page.expect_download() as found:
        tab_to(phone, "the Leap2A file of")
        phone.page.keyboard.press("Enter")
    found.value.save_as(tmp_path / "leap2a.zip")
    with zipfile.ZipFile(tmp_path / "leap2a.zip") as archive:
        assert "leap2a.xml" in archive.namelist()
    phone.leave()


def assurers(served: Served, party: Party) -> tuple[Somebody, Somebody]:
    """An internal quality assurer, and an external one with sight of the learner."""
    with served.backstage() as (session, cast):
        iqa = join(session, cast, party.centre_id, "Ines Falk", Role.IQA)
        eqa = join(session, cast, party.centre_id, "Edmund Crewe", Role.EQA)
        enrolment = session.get_one(Enrolment, party.learner.enrolment_id)
        person = session.get_one(Person, cast.people[eqa.name])
        grant(session, System(), enrolment, person=person, until=clock.today())
        another_learner(session, cast, party)
    return iqa, eqa


def test_a_visit_is_prepared_and_its_bundle_fetched(
    plain_visitor: Visitor, browser: Browser, served: Served, party_at_work: Party, tmp_path: Path
) -> None:
    """The internal quality assurer without scripts; the external one on a phone."""
    party = party_at_work
    iqa, eqa = assurers(served, party)
    plain_visitor.sign_in(iqa)
    plain_visitor.follow("Bundles", exact=True)
    plain_visitor.follow("Prepare a visit")
    plain_visitor.page.get_by_label("Granted to").select_option(label=eqa.full_name)
    plain_visitor.press("Show")
    plain_visitor.page.get_by_label(party.learner.full_name, exact=True).check()
    plain_visitor.press("Next: items")
    plain_visitor.page.locator("main summary").first.click()
    plain_visitor.page.get_by_label("E001", exact=False).check()
    plain_visitor.press("Make the bundle")
    for _ in range(200):
        if "In it" in plain_visitor.page.content():
            break
        plain_visitor.page.wait_for_timeout(300)
        plain_visitor.page.reload()
    plain_visitor.reads("1 portfolio")
    plain_visitor.look("had it made")
    phone = Visitor(browser, served.address, scripts=True, is_phone=True)
    phone.sign_in(eqa)
    phone.page.goto("/centre/bundles")
    in_both_looks(phone, "opened the bundles")
    by_key(phone, "For a visit")
    in_both_looks(phone, "opened the bundle")
    with phone.page.expect_download() as found:
        tab_to(phone, "Download")
        phone.page.keyboard.press("Enter")
    found.value.save_as(tmp_path / "bundle.zip")
    assert verified(unpacked(tmp_path / "bundle.zip", tmp_path / "there"))[0] == 0
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        assert not [name for name in bundle.namelist() if "E002" in name]
    phone.leave()


def test_an_administrator_takes_the_whole_centre_away(visitor: Visitor, served: Served, party_at_work: Party) -> None:
    with served.backstage() as (session, cast):
        name = session.get_one(Centre, party_at_work.centre_id).name
        assert cast.people
    visitor.sign_in(party_at_work.administrator)
    visitor.page.goto("/centre")
    visitor.follow("Bundles", exact=True)
    in_both_looks(visitor, "opened the bundles")
    visitor.press("Make one of the whole centre")
    visitor.reads("In it")
    in_both_looks(visitor, "had it made")
    with visitor.page.expect_download() as found:
        visitor.page.get_by_role("link", name="Download").first.click()
    assert found.value.suggested_filename.startswith(f"Bundle {name}")
