"""The queue as a page."""

import pytest
from sqlalchemy.orm import Session

from portfolio.installation import Installation
from portfolio.mapping.rules import Outcome
from tests.assessment.desk import handed_in_by, judged, opened, save
from tests.cast import Cast, item
from tests.client import StrictClient

MET, INSUFFICIENT = Outcome.MET, Outcome.INSUFFICIENT


def test_the_oldest_item_comes_first_with_what_to_do(cast: Cast, client: StrictClient) -> None:
    page = client.sign_in("marguerite").get("/marking")
    assert "One item waits for you" in page.words
    assert "Mark E002" in page.words
    assert "The customer who would not be calmed" in page.words
    assert "E001 Complaint letter and reply" in page.words, "what was released lately is listed too"
    assert f"/marking/{cast.items['amina E002']}" in page.links()
    assert "To countersign" not in page.words


def test_an_empty_queue_says_what_belongs_there(cast: Cast, client: StrictClient, session: Session) -> None:
    judged(session, cast, "oscar", opened(session, cast, "oscar", "olga E001"), MET)
    session.commit()
    page = client.sign_in("oscar").get("/marking")
    assert "Nothing waits to be marked." in page.words
    assert "When one of your learners hands something in" in page.words


def test_a_review_that_is_complete_can_be_released_from_here(
    cast: Cast, client: StrictClient, session: Session
) -> None:
    found = opened(session, cast, "marguerite")
    rev = save(session, cast, "marguerite", found, MET, None).rev
    session.commit()
    client.sign_in("marguerite")
    half = client.get("/marking")
    assert "1 of 2" in half.words
    assert f"/marking/{found.id}/release" not in {form["action"] for form in half.forms()}
    with cast.installation.database.writing() as writing:
        save(writing, cast, "marguerite", item(writing, cast, "amina E002"), MET, INSUFFICIENT, rev=rev)
        writing.commit()
    assert f"/marking/{found.id}/release" in {form["action"] for form in client.get("/marking").forms()}
    assert client.post(f"/marking/{found.id}/release").location == "/marking"
    after = client.get("/marking")
    assert "E002 is released. Amina Ramachandran-Hughes sees your feedback now." in after.words
    assert "Nothing waits to be marked." in after.words


def test_what_is_not_complete_is_not_released(cast: Cast, client: StrictClient, session: Session) -> None:
    found = opened(session, cast, "marguerite")
    save(session, cast, "marguerite", found, MET, None)
    session.commit()
    done = client.sign_in("marguerite").post(f"/marking/{found.id}/release")
    assert done.location == f"/marking/{found.id}"
    assert "Decide 2.3 before you release." in client.get(done.location).words


def test_it_says_who_else_is_at_work(cast: Cast, client: StrictClient, session: Session) -> None:
    save(session, cast, "tobias", opened(session, cast, "tobias"), MET, None)
    session.commit()
    assert "Tobias Achterberg has saved a review" in client.sign_in("marguerite").get("/marking").words


def test_a_trainee_and_whoever_countersigns_see_the_two_sides(
    cast: Cast, client: StrictClient, session: Session
) -> None:
    judged(session, cast, "tobias", opened(session, cast, "tobias"), MET, MET)
    session.commit()
    trainee = client.sign_in("tobias").get("/marking")
    assert "Handed over" in trainee.words
    assert "Dafydd Prys-Jenkins" in trainee.words
    dafydd = client.another().sign_in("dafydd").get("/marking")
    assert "To countersign" in dafydd.words
    assert "Countersign E002" in dafydd.words
    assert "Tobias Achterberg has decided it and needs your countersignature." in dafydd.words


@pytest.mark.parametrize("name", ["amina", "iris", "ewan", "ada"])
def test_only_assessors_have_a_queue(cast: Cast, client: StrictClient, name: str) -> None:
    assert cast.items
    client.sign_in(name).get("/marking", status=404)


def test_a_long_queue_has_pages_and_no_statement_for_each_row(
    cast: Cast, client: StrictClient, session: Session, installation: Installation
) -> None:
    assert installation.database is cast.installation.database
    client.sign_in("marguerite")
    few = client.get("/marking").statements
    for number in range(34):
        handed_in_by(session, cast, "ben", f"Item {number} of many", {"1.1": "So."})
    session.commit()
    first = client.get("/marking")
    assert "35 items wait for you" in first.words
    assert first.statements == few
    assert "Item 28 of many" in first.words
    assert "Item 29 of many" not in first.words
    (forward,) = [link for link in first.links() if "after=" in link]
    second = client.get(forward)
    assert "Item 29 of many" in second.words
    assert "Item 28 of many" not in second.words
    assert not [link for link in second.links() if "after=" in link]
    (back,) = [link for link in second.links() if "before=" in link]
    assert "Item 28 of many" in client.get(back).words
    for odd in ("after=999999", "before=x", "after=-1"):
        client.get(f"/marking?{odd}")
