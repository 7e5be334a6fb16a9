"""The trash on screen: throwing a draft away with an undo, restoring, and deleting for good."""

import pytest

from tests.cast import Cast
from tests.client import StrictClient


@pytest.fixture
def amina(client: StrictClient, cast: Cast) -> StrictClient:
    """The learner."""
    assert cast.people
    return client.sign_in("amina")


def list_of(cast: Cast, rest: str = "") -> str:
    """Amina's list."""
    return f"/enrolments/{cast.enrolments['amina']}/evidence{rest}"


def test_a_draft_that_is_thrown_away_can_be_had_back_at_once(amina: StrictClient, cast: Cast) -> None:
    """By a button on the page that follows."""
    draft = cast.evidence["amina E004"]
    done = amina.post(f"/evidence/{draft}/discard")
    assert done.location == list_of(cast, f"?trashed={draft}")
    page = amina.get(done.location)
    assert "E004 Notes for later is in the trash." in page.words
    assert f"/evidence/{draft}/restore" in {form["action"] for form in page.forms()}
    assert "1 in the trash" in page.words
    assert amina.post(f"/evidence/{draft}/restore").location == f"/evidence/{draft}"
    assert "E004 is back, as it was." in amina.get(f"/evidence/{draft}").words
    assert "is in the trash" not in amina.get(done.location).words


def test_the_trash_lists_what_goes_when(amina: StrictClient, cast: Cast) -> None:
    """And each item can be looked at, but not changed."""
    draft = cast.evidence["amina E003"]
    amina.post(f"/evidence/{draft}/discard")
    page = amina.get(list_of(cast, "/trash"))
    for words in ("E003 A week of repeated complaints", "Restore E003", "Delete for good", "After 30 days"):
        assert words in page.words
    assert "In the trash" in amina.get(list_of(cast, "?state=trash")).words
    item = amina.get(f"/evidence/{draft}")
    assert "This draft is in the trash." in item.words
    assert "Restore" in item.words
    for words in ("Hand it in", "Change it", "into the trash"):
        assert words not in item.words
    for rest in ("/edit", "/map"):
        amina.get(f"/evidence/{draft}{rest}", status=409)


def test_nothing_of_it_is_left_to_do(amina: StrictClient, cast: Cast) -> None:
    """Neither on the home page nor for handing in."""
    amina.post(f"/evidence/{cast.evidence['amina E003']}/discard")
    assert "E003" not in amina.get("/").words
    assert "E003" not in amina.get(f"/enrolments/{cast.enrolments['amina']}/hand-in").words
    assert "E003" not in amina.get(list_of(cast)).words.replace("E003 A week of repeated complaints is", "")


def test_deleting_for_good(amina: StrictClient, cast: Cast) -> None:
    """Only from the trash."""
    draft = cast.evidence["amina E004"]
    amina.post(f"/evidence/{draft}/delete", status=409)
    amina.post(f"/evidence/{draft}/discard")
    assert amina.post(f"/evidence/{draft}/delete").location == list_of(cast, "/trash")
    page = amina.get(list_of(cast, "/trash"))
    assert "E004 is deleted for good." in page.words
    assert "The trash is empty" in page.words
    amina.get(f"/evidence/{draft}", status=404)


def test_the_trash_is_its_maker_s_alone(amina: StrictClient, cast: Cast) -> None:
    """Others see an empty one of their own, and no word of it in the list."""
    draft = cast.evidence["amina E004"]
    amina.post(f"/evidence/{draft}/discard")
    other = amina.another().sign_in("marguerite")
    assert "The trash is empty" in other.get(list_of(cast, "/trash")).words
    assert "trash" not in other.get(list_of(cast, f"?trashed={draft}")).words.replace("In the trash", "")
    other.post(f"/evidence/{draft}/restore", status=404)
    other.post(f"/evidence/{draft}/delete", status=404)
