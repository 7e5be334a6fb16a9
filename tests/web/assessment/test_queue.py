"""The queue as a page."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.assessment import marking
from portfolio.assessment.models import ItemReview, ReviewMark, SubmissionItem
from portfolio.assessment.rules import ItemState
from portfolio.audit.models import AuditEvent
from portfolio.installation import Installation
from portfolio.mapping.rules import Outcome
from tests.assessment import signing
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


def test_the_queue_beside_an_item_says_what_it_leaves_out(cast: Cast, client: StrictClient, session: Session) -> None:
    later = [handed_in_by(session, cast, "ben", f"Item {number}", {"1.1": "So."}).id for number in range(5)]
    session.commit()
    client.sign_in("marguerite")
    page = client.get(f"/marking/{later[-1]}")
    assert "6 of 6 in your queue" in page.words
    assert "1 more before" in page.words
    (link,) = [link for link in page.links() if "?before=" in link]
    assert "The customer who would not be calmed" in client.get(link).words
    assert "more before" not in client.get(f"/marking/{later[0]}").words


def test_a_unit_to_sign_off_is_what_to_do_once_nothing_waits(
    cast: Cast, client: StrictClient, session: Session
) -> None:
    unit = signing.all_met(session, cast)
    session.commit()
    assert "Sign off the unit" not in client.sign_in("marguerite").get("/marking").words
    with cast.installation.database.writing() as writing:
        judged(writing, cast, "marguerite", opened(writing, cast, "marguerite"), MET, MET)
        writing.commit()
    page = client.get("/marking")
    assert "Sign off the unit" in page.words
    assert f"/units/{unit.id}/sign-off" in page.links()
    assert page.words.index("Ready to be signed off") < page.words.index("Recently released")


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


def ready(session: Session, cast: Cast, *titles: str) -> list[int]:
    """Items of Ben's that Marguerite has decided and not released."""
    ids = []
    for title in titles:
        found = handed_in_by(session, cast, "ben", title, {"1.1": "So."})
        marking.open_item(session, cast.actor("marguerite", session), found)
        save(session, cast, "marguerite", found, MET)
        ids.append(found.id)
    session.commit()
    return ids


def released(session: Session, ids: list[int]) -> list[bool]:
    """Which of them the learner sees."""
    rows = [session.get_one(SubmissionItem, id_, populate_existing=True) for id_ in ids]
    found = [row.state is ItemState.RELEASED for row in rows]
    session.rollback()
    return found


def test_what_is_ready_is_released_together(cast: Cast, client: StrictClient, session: Session) -> None:
    ids = ready(session, cast, "One", "Two", "Three")
    session.rollback()
    page = client.sign_in("marguerite").get("/marking")
    assert "3 are saved, and everything on them is decided." in page.words
    boxes = [box for box in page.all("input") if box.get("name") == "item"]
    assert [(int(box.get("value", "")), box.get("form")) for box in boxes] == [(id_, "together") for id_ in ids]
    assert "/marking/release-together" in {form["action"] for form in page.forms()}
    done = client.post("/marking/release-together", {"item": ids[:2]})
    assert "Released: E001 of Ben Oyelaran and E002 of Ben Oyelaran." in client.get(done.location).words
    assert released(session, ids) == [True, True, False]
    events = session.scalars(select(AuditEvent.verb).order_by(-AuditEvent.id).limit(2)).all()
    assert events == ["review.release", "review.release"], "each has its own event"


def test_what_stands_around_the_rows_is_kept_and_says_nothing_old(
    cast: Cast, client: StrictClient, session: Session
) -> None:
    ids = ready(session, cast, "One", "Two", "Three")
    session.rollback()
    client.sign_in("marguerite")
    for _ in range(2):
        assert "4 items wait for you" in client.get("/marking").words
    told = client.get(client.post(f"/marking/{ids[0]}/release").location).words
    after = client.get("/marking").words
    assert "E001 is released." in told
    assert "E001 is released." not in after, "what is told once is not kept"
    assert "3 items wait for you" in after
    assert "2 are saved" in after
    other = client.another().sign_in("tobias").get("/marking")
    assert "2 are saved" not in other.words
    assert "Marguerite Okonkwo-Lindqvist (" not in other.text


def test_one_that_is_refused_meanwhile_is_named_and_the_others_go_on(
    cast: Cast, client: StrictClient, session: Session
) -> None:
    ids = ready(session, cast, "One", "Two", "Three")
    for mark in session.scalars(
        select(ReviewMark).join(ReviewMark.review).where(ItemReview.submission_item_id == ids[1])
    ):
        mark.outcome = None
    session.commit()
    olga = cast.items["olga E001"]
    client.sign_in("marguerite").post("/marking/release-together", {"item": [*ids, olga, 99999]})
    words = client.get("/marking").words
    assert "Released: E001 of Ben Oyelaran and E003 of Ben Oyelaran." in words
    assert "Not released: E002 of Ben Oyelaran: Decide 1.1 before you release." in words
    assert "2 of those you chose are no longer here to release." in words
    assert released(session, ids) == [True, False, True]
    assert released(session, [olga]) == [False]


def test_nothing_chosen_releases_nothing(cast: Cast, client: StrictClient, session: Session) -> None:
    ids = ready(session, cast, "One", "Two")
    client.sign_in("marguerite").post("/marking/release-together", {"item": "many"})
    assert "Choose at least one to release." in client.get("/marking").words
    assert released(session, ids) == [False, False]


def test_what_a_release_would_refuse_is_not_offered(cast: Cast, client: StrictClient, session: Session) -> None:
    ids = ready(session, cast, "Without its ticks", "Without words")
    session.scalars(select(ItemReview).where(ItemReview.submission_item_id == ids[0])).one().reliable = False
    query = select(ReviewMark).join(ReviewMark.review).where(ItemReview.submission_item_id == ids[1])
    session.scalars(query).one().outcome = INSUFFICIENT
    session.commit()
    page = client.sign_in("marguerite").get("/marking")
    assert not [box for box in page.all("input") if box.get("name") == "item"]
    assert "1 of 1" in page.words


def test_a_trainee_hands_over_together(cast: Cast, client: StrictClient, session: Session) -> None:
    save(session, cast, "tobias", opened(session, cast, "tobias"), MET, MET)
    session.commit()
    client.sign_in("tobias").post("/marking/release-together", {"item": cast.items["amina E002"]})
    assert "Handed over: E002 of Amina Ramachandran-Hughes." in client.get("/marking").words


@pytest.mark.parametrize("name", ["amina", "iris", "ada"])
def test_only_assessors_release_together(cast: Cast, client: StrictClient, name: str) -> None:
    client.sign_in(name).post("/marking/release-together", {"item": cast.items["amina E002"]}, status=404)


def test_the_queue_says_who_is_at_an_item(cast: Cast, client: StrictClient, session: Session) -> None:
    marking.be_here(session, cast.actor("tobias", session), opened(session, cast, "tobias"))
    session.commit()
    assert "Tobias Achterberg has this open, last here at" in client.sign_in("marguerite").get("/marking").words
    assert "has this open" not in client.another().sign_in("tobias").get("/marking").words
