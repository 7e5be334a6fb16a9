"""What holds a Word portfolio back, on its page and on the page of an item: words only for whoever decides."""

import pytest

from portfolio.installation import Installation
from portfolio.mapping.rules import Outcome
from tests.cast import Cast
from tests.client import Page, StrictClient
from tests.export.scenes import ask, books, note, release, runner
from tests.web.export.test_pages import page_of

NAME = "Quillfeather"


def choices(page: Page) -> list[str]:
    """What may be chosen to stay."""
    return [box.get("value", "") for box in page.all("input") if box.get("name") == "words"]


@pytest.fixture
def place(installation: Installation, cast: Cast) -> str:
    """Where it is decided that amina's book is held for: marguerite named a customer in her feedback on E002."""
    note(installation, cast, "amina E002", "marguerite", Outcome.MET, f"I rang Mrs {NAME} and she confirms it.")
    release(installation, cast, "amina E002", "marguerite")
    ask(installation, cast)
    runner(installation).run_due()
    book = books(installation, cast)[0].book
    return f"/books/{book.id}/held/{book.held[0]['subject']}"


@pytest.mark.parametrize("name", ["amina", "marguerite", "iris", "ada"])
def test_the_word_page_lists_each_place_without_its_words(
    place: str, cast: Cast, client: StrictClient, name: str
) -> None:
    page = client.sign_in(name).get(page_of(cast))
    assert "The Word portfolio was not made." in page.words
    assert "E002: feedback, feedback on a criterion" in page.words
    assert place in page.links()
    assert NAME not in page.text
    assert "Make it again" in page.words


@pytest.mark.parametrize("name", ["marguerite", "ada"])
def test_whoever_decides_sees_the_words_and_keeps_them_with_a_reason(
    place: str, installation: Installation, cast: Cast, client: StrictClient, name: str
) -> None:
    page = client.sign_in(name).get(place)
    assert NAME in page.words
    tokens = choices(page)
    assert "Choose what may stay." in client.post(place, {"reason": "agreed"}, status=422).words
    assert "Choose why it may stay." in client.post(place, {"words": tokens}, status=422).words
    client.post(place, {"words": tokens, "reason": "other", "said": f"{NAME} agreed"}, status=422)
    client.post(place, {"words": tokens, "reason": "agreed"})
    done = client.get(place)
    assert "Nothing is left to decide here." in done.words
    assert NAME not in done.text
    client.post(place, {"words": tokens, "reason": "agreed"}, status=409)
    client.post(page_of(cast))
    runner(installation).run_due()
    assert "Download" in client.get(page_of(cast)).words


@pytest.mark.parametrize("name", ["amina", "iris", "ewan"])
def test_others_learn_where_it_is_and_who_decides(place: str, client: StrictClient, name: str) -> None:
    page = client.sign_in(name).get(place)
    assert NAME not in page.text
    assert "Feedback: 1 place. Marguerite Okonkwo-Lindqvist, who wrote it, decides" in page.words
    assert not choices(page)


def test_it_leads_to_the_breach_procedure(place: str, cast: Cast, client: StrictClient) -> None:
    page = client.sign_in("marguerite").get(place)
    assert f"/evidence/{cast.evidence['amina E002']}/hide" in page.links()


def test_a_book_that_was_made_is_held_by_nothing(installation: Installation, cast: Cast, client: StrictClient) -> None:
    ask(installation, cast)
    runner(installation).run_due()
    book = books(installation, cast)[0].book
    client.sign_in("amina").get(f"/books/{book.id}/held/{'x' * 20}", status=404)
