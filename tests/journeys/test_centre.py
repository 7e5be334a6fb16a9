"""An administrator makes the centre its own: settings, a logo, a Word template, words, and a cohort of learners."""

import pytest

from tests.documents.samples import WORD, picture
from tests.documents.well_made import lacks
from tests.documents.word_templates import by_python_docx, line, package, text
from tests.journeys.newcomers import Party
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


def test_a_centre_becomes_its_own(visitor: Visitor, party: Party) -> None:
    page = visitor.page
    visitor.sign_in(party.administrator)
    visitor.follow("Centre", exact=True)
    visitor.follow("Change the settings")
    page.get_by_label("Weeks that work is to be kept").fill("2")
    visitor.press("Save")
    visitor.reads("Give a number from 12 to 520.")
    page.get_by_label("Weeks that work is to be kept").fill("26")
    visitor.press("Save")
    visitor.reads("26 weeks")
    visitor.follow("Settings", exact=True)
    page.get_by_label("Choose a picture").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": picture("PNG", (900, 300))}
    )
    visitor.press("Save this picture")
    visitor.reads("The logo is saved.")
    assert page.locator(".wordmark-own img").evaluate("picture => picture.naturalWidth") == 480

    visitor.follow("Centre", exact=True)
    visitor.follow("Words", exact=True)
    page.get_by_label("Instead of “learner”").fill("apprentice")
    visitor.press("Save")
    visitor.reads("Give both forms, or neither.")
    page.get_by_label("Instead of “learners”").fill("apprentices")
    page.get_by_label("Instead of “cohort”").fill("group")
    page.get_by_label("Instead of “cohorts”").fill("groups")
    visitor.press("Save")
    visitor.follow("Groups", exact=True)
    visitor.follow("Open the first")
    page.get_by_label("Name", exact=True).fill("Spring 2027")
    page.get_by_label("First day").fill("2027-03-01")
    visitor.press("Open")
    visitor.reads("Spring 2027 is open.")

    page.goto(f"/enrolments/{party.learner.enrolment_id}/cohort")
    visitor.look("opened the page that moves a learner")
    page.get_by_label("Group", exact=True).select_option("Spring 2027")
    visitor.press("Save")
    visitor.reads("is in Spring 2027 now.")
    visitor.follow("Spring 2027", exact=True)
    visitor.reads(party.learner.full_name)
    page.get_by_text("Close Spring 2027").click()
    visitor.look("asked to close it")
    visitor.press("Close it now", exact=False)
    visitor.reads("Closed on")


def test_books_come_to_look_like_the_centre(visitor: Visitor, party: Party) -> None:
    page = visitor.page
    visitor.sign_in(party.administrator)
    visitor.follow("Centre", exact=True)
    visitor.follow("Word template", exact=True)
    chosen = page.get_by_label("Choose a Word file")
    for content, said in (
        (package(line(text("{{shoe size}}"))), "There is no field called “shoe size”."),
        (by_python_docx(), "The template is saved."),
    ):
        chosen.set_input_files({"name": "ours.docx", "mimeType": WORD, "buffer": content})
        visitor.press("Use this template")
        visitor.reads(said)
    with page.expect_download() as trial:
        page.get_by_role("link", name="Try it on an invented portfolio").click()
    assert lacks(trial.value.path().read_bytes()) == []
    page.get_by_text("Take the template away").click()
    visitor.look("asked to take it away")
    visitor.press("Take it away now")
    visitor.reads("The template is taken away.")
