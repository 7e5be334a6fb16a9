"""From a changed pack to the units of a learner: loaded after its differences were seen, units moved, units chosen."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator

from tests.assessment.packs import DIPLOMA
from tests.journeys.newcomers import Learner, Party
from tests.journeys.visitor import Visitor
from tests.web.criteria.yaml_files import FIRST, MAIN, MAIN_TEXT, UNIT, changed_unit

pytestmark = pytest.mark.browser

FIRST_AGAIN = "Establish who referred the complaint, and for what reason"
Making = Callable[..., list[Path]]


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


def load_changed_pack(visitor: Visitor, making: Making, centre: str) -> None:
    """First with a fault, then mended; the differences are seen before anything is loaded."""
    visitor.follow("Criteria", exact=True)
    visitor.follow("Load criteria")
    visitor.press("See what they change")
    visitor.reads("Choose at least one file.")
    main, stem = MAIN.removesuffix(".yaml"), UNIT.removesuffix(".yaml")
    wrong = changed_unit(FIRST_AGAIN).replace('id: "1.1"', "id: 1.1")
    files = {main: MAIN_TEXT.replace("iCQ Level 3", "The newer iCQ Level 3"), stem: wrong}
    choose_files(visitor, making(**files))
    visitor.reads("write it in quotes")
    choose_files(visitor, making(**{stem: changed_unit(FIRST_AGAIN)}), "Add and look again")
    visitor.reads(FIRST)
    visitor.reads(FIRST_AGAIN)
    visitor.press(f"Load for {centre}")
    visitor.reads("New learners begin with it")


def see_old_wording(visitor: Visitor, *, says: str, lacks: str) -> None:
    """The learner's unit in the words that they are on."""
    visitor.page.goto("/")
    visitor.follow("Handle referred customer complaints")
    visitor.reads(says)
    assert lacks not in visitor.page.locator("main").inner_text()


def move(visitor: Visitor, learner: Learner) -> None:
    """What changes is seen, then the unit is moved."""
    visitor.page.goto(f"/enrolments/{learner.enrolment_id}")
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


def enrol_on_diploma(visitor: Visitor, making: Making, party: Party) -> None:
    """A qualification with rules is loaded, and a learner begins it with what is mandatory."""
    learner, title = party.learner, "Diploma in Looking After Customers"
    visitor.page.goto("/criteria/load")
    visitor.look("opened the page for loading")
    choose_files(visitor, making(diploma=DIPLOMA))
    visitor.reads("What is new")
    visitor.press(f"Load for {party.centre}")
    visitor.reads("Not both Listen to customers and Listen to customers by telephone.")
    visitor.page.goto("/enrolments/new")
    visitor.page.get_by_label("Learner").select_option(label=f"{learner.full_name}, {learner.email}")
    visitor.page.get_by_label("Qualification").select_option(label=f"{title}, level 3, Somebody Who Awards, T/600/1")
    visitor.press("Enrol")
    visitor.reads("13 of 20 credits.")


def test_a_changed_pack_a_moved_unit_and_a_choice_that_meets_the_rules(
    visitor: Visitor, party: Party, making: Making
) -> None:
    visitor.sign_in(party.administrator)
    load_changed_pack(visitor, making, party.centre)
    visitor.sign_out()
    visitor.sign_in(party.learner)
    see_old_wording(visitor, says=FIRST, lacks=FIRST_AGAIN)
    visitor.sign_out()
    visitor.sign_in(party.assessor)
    move(visitor, party.learner)
    visitor.sign_out()
    visitor.sign_in(party.learner)
    see_old_wording(visitor, says=FIRST_AGAIN, lacks=FIRST)
    visitor.sign_out()
    visitor.sign_in(party.administrator)
    enrol_on_diploma(visitor, making, party)
    choose_until_met(visitor)


def test_units_are_chosen_without_scripts(plain_visitor: Visitor, party: Party, making: Making) -> None:
    plain_visitor.sign_in(party.administrator)
    enrol_on_diploma(plain_visitor, making, party)
    choose_until_met(plain_visitor)
