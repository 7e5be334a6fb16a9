"""From a changed pack to the units of a learner: loaded after its differences were seen, units moved, units chosen."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator

from portfolio.accounts import actions as accounts
from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.config import Settings
from portfolio.enrolment import actions
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.installation import open_installation
from tests.assessment.packs import DIPLOMA
from tests.cast import PASSWORD, enrol
from tests.journeys.conftest import Served
from tests.journeys.visitor import Visitor
from tests.web.criteria.yaml_files import FIRST, MAIN, MAIN_TEXT, UNIT, changed_unit

pytestmark = pytest.mark.browser

FIRST_AGAIN = "Establish who referred the complaint, and for what reason"
Making = Callable[..., list[Path]]


def join(served: Served, name: str) -> None:
    """A learner of this journey's own begins where amina did, under marguerite."""
    installation = open_installation(Settings.from_environment(served.home, {}))
    cast = served.cast
    with installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["ada"])
        email = f"{name.lower()}@example.org"
        row, _link = accounts.invite(session, System(), centre, email=email, name=name, role=Role.LEARNER)
        person = session.get_one(Person, row.person_id)
        accounts.set_password(session, System(), installation.passwords, person, PASSWORD, centre)
        begun = session.get_one(Enrolment, cast.enrolments["amina"]).qualification
        enrolment = enrol(session, centre, person, begun, cast, name)
        marguerite = session.get_one(Person, cast.people["marguerite"])
        actions.allocate(session, System(), enrolment, person=marguerite, duty=Duty.ASSESS)
        session.commit()
    installation.close()


@pytest.fixture
def making(tmp_path: Path) -> Making:
    """Files by their names, as somebody has them on their desk."""

    def make(**texts: str) -> list[Path]:
        paths = []
        for name, text in texts.items():
            path = tmp_path / f"{name.replace('_', '-')}.yaml"
            path.write_text(text)
            paths.append(path)
        return paths

    return make


def choose_files(visitor: Visitor, paths: list[Path], press: str = "See what they change") -> None:
    """Choose the files and send them."""
    visitor.page.locator("input[type=file]").set_input_files(paths)
    visitor.press(press)


def load_changed_pack(visitor: Visitor, making: Making, title: str) -> None:
    """First with a fault, then mended; the differences are seen before anything is loaded."""
    visitor.follow("Criteria", exact=True)
    visitor.follow("Load criteria")
    visitor.press("See what they change")
    visitor.reads("Choose at least one file.")
    main, stem = MAIN.removesuffix(".yaml"), UNIT.removesuffix(".yaml")
    wrong = changed_unit(FIRST_AGAIN).replace('id: "1.1"', "id: 1.1")
    files = {main: MAIN_TEXT.replace("iCQ Level 3", title), stem: wrong}
    choose_files(visitor, making(**files))
    visitor.reads("write it in quotes")
    choose_files(visitor, making(**{stem: changed_unit(FIRST_AGAIN)}), "Add and look again")
    visitor.reads(FIRST)
    visitor.reads(FIRST_AGAIN)
    visitor.press("Load for Harrow Dale Training")
    visitor.reads("New learners begin with it")


def see_old_wording(visitor: Visitor, *, says: str, lacks: str) -> None:
    """The learner's unit in the words that they are on."""
    visitor.page.goto("/")
    visitor.follow("Handle referred customer complaints")
    visitor.reads(says)
    assert lacks not in visitor.page.locator("main").inner_text()


def move(visitor: Visitor, served: Served, learner: str) -> None:
    """What changes is seen, then the unit is moved."""
    visitor.page.goto(f"/enrolments/{served.cast.enrolments[learner]}")
    visitor.look("opened the enrolment")
    visitor.follow("See what changes")
    visitor.reads(FIRST_AGAIN)
    visitor.press("Move this unit")
    visitor.reads("is on its newer criteria.")


def tick(visitor: Visitor, name: str) -> Locator:
    """Tick a unit."""
    box = visitor.page.get_by_role("checkbox", name=name, exact=True)
    box.check()
    return box


def choose_until_met(visitor: Visitor) -> None:
    """With a script the report follows each tick; without one it comes with “Check”."""
    visitor.follow("Choose units")
    visitor.reads("Short by 7 credits in group B")
    tick(visitor, "Listen to customers")
    if not visitor.scripts:
        visitor.press("Check")
    visitor.reads("Short by 3 credits in group B")
    visitor.look("ticked a unit")
    tick(visitor, "Listen to customers by telephone")
    visitor.press("Save")
    visitor.reads("cannot be taken together. Keep one of them.")
    visitor.page.get_by_role("checkbox", name="Listen to customers by telephone", exact=True).uncheck()
    visitor.press("Save")
    visitor.reads("Short by 3 credits in group B")
    visitor.follow("Choose units")
    tick(visitor, "Write to customers")
    visitor.press("Save")
    visitor.reads("This choice meets the rules of the qualification.")


def enrol_on_diploma(visitor: Visitor, making: Making, learner: str, no: int) -> None:
    """A qualification with rules is loaded, and a learner begins it with what is mandatory."""
    title = f"Diploma in Looking After Customers, part {no}"
    text = DIPLOMA.replace("T/600/1", f"T/600/{no}").replace("Diploma in Looking After Customers", title)
    visitor.page.goto("/criteria/load")
    visitor.look("opened the page for loading")
    choose_files(visitor, making(diploma=text))
    visitor.reads("What is new")
    visitor.press("Load for Harrow Dale Training")
    visitor.reads("Not both Listen to customers and Listen to customers by telephone.")
    visitor.page.goto("/enrolments/new")
    visitor.page.get_by_label("Learner").select_option(label=learner)
    visitor.page.get_by_label("Qualification").select_option(label=f"{title}, level 3, Somebody Who Awards, T/600/{no}")
    visitor.press("Enrol")
    visitor.reads("13 of 20 credits.")


def test_a_changed_pack_a_moved_unit_and_a_choice_that_meets_the_rules(
    visitor: Visitor, served: Served, making: Making
) -> None:
    join(served, "Cleo")
    visitor.sign_in("ada")
    load_changed_pack(visitor, making, "The newer iCQ Level 3")
    visitor.sign_out()
    visitor.sign_in("cleo")
    see_old_wording(visitor, says=FIRST, lacks=FIRST_AGAIN)
    visitor.sign_out()
    visitor.sign_in("marguerite")
    move(visitor, served, "Cleo")
    visitor.sign_out()
    visitor.sign_in("cleo")
    see_old_wording(visitor, says=FIRST_AGAIN, lacks=FIRST)
    visitor.sign_out()
    visitor.sign_in("ada")
    enrol_on_diploma(visitor, making, "Cleo, cleo@example.org", 1)
    choose_until_met(visitor)


def test_units_are_chosen_without_scripts(plain_visitor: Visitor, served: Served, making: Making) -> None:
    join(served, "Dora")
    plain_visitor.sign_in("ada")
    enrol_on_diploma(plain_visitor, making, "Dora, dora@example.org", 2)
    choose_until_met(plain_visitor)
