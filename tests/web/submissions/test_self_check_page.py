"""The self-check on the hand-in page: tied to the items at hand, in one page, never in the way, seen afterwards."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from portfolio.assessment import marking
from portfolio.assessment.models import Submission, SubmissionItem
from portfolio.evidence.rules import EvidenceState
from tests.assessment.further import claim_further
from tests.cast import Cast
from tests.client import Page, StrictClient
from tests.web.submissions.test_handing_in import DECLARED, address, state

HUNCH = "Asking for a new policy on a hunch"
PERHAPS = "Perhaps, and I hand it in all the same"


@pytest.fixture
def amina(client: StrictClient, cast: Cast) -> StrictClient:
    """The learner."""
    assert cast.people
    return client.sign_in("amina")


def names_of(page: Page, *, evidence_id: int) -> list[str]:
    """The names of the answers that are asked for of one item, in order."""
    inputs = [e.get("name", "") for e in page.all("input") if e.get("type") == "radio"]
    return list(dict.fromkeys(name for name in inputs if name.startswith(f"answer-{evidence_id}-")))


def hand_in(amina: StrictClient, cast: Cast, answers: dict[str, str], *names: str, status: int = 303) -> Page:
    """Hand in these items, E003 alone without any."""
    items = [cast.evidence[name] for name in names or ("amina E003",)]
    sent: dict[str, Any] = {"items": items, **DECLARED, **answers}
    return amina.post(address(cast), sent, status=status)


def kept(session: Session) -> Submission:
    """The newest submission."""
    return session.query(Submission).order_by(Submission.id.desc()).limit(1).one()


def test_the_mistakes_of_the_claimed_criteria_are_asked_of_the_item(amina: StrictClient, cast: Cast) -> None:
    """In one page, with the two answers and a way to change the item first."""
    page = amina.get(address(cast))
    evidence_id = cast.evidence["amina E003"]
    names = names_of(page, evidence_id=evidence_id)
    assert 0 < len(names) <= 7
    assert f"Self-check of E003: {len(names)} questions" in page.words
    assert "Could your assessor say this of it?" in page.words
    assert HUNCH in page.words
    assert "(3.1)" in page.words
    assert page.words.count(PERHAPS) == len(names)
    assert f"/evidence/{evidence_id}/edit" in page.links()


def test_further_criteria_are_asked_about_and_changed_on_the_map(amina: StrictClient, cast: Cast) -> None:
    """The item itself is not changed any more."""
    with cast.installation.database.writing() as session:
        claim_further(session, cast, "amina E001", {"4.2": "It says so."})
        session.commit()
    page = amina.get(address(cast))
    evidence_id = cast.evidence["amina E001"]
    assert names_of(page, evidence_id=evidence_id)
    assert f"/evidence/{evidence_id}/map" in page.links()
    assert f"/evidence/{evidence_id}/edit" not in page.links()


def test_what_is_not_ready_is_not_asked_about(amina: StrictClient, cast: Cast) -> None:
    """There is nothing to hand in yet."""
    assert names_of(amina.get(address(cast)), evidence_id=cast.evidence["amina E004"]) == []


@pytest.mark.parametrize("answer", ["no", "perhaps", "", "splendid"])
def test_no_answer_keeps_anything_from_going_in(amina: StrictClient, cast: Cast, answer: str) -> None:
    """What is no answer is kept as none."""
    name = names_of(amina.get(address(cast)), evidence_id=cast.evidence["amina E003"])[0]
    hand_in(amina, cast, {name: answer})
    assert state(cast, "amina E003") is EvidenceState.SUBMITTED
    with cast.installation.database.reading() as session:
        asked = kept(session).self_check
        assert asked[0]["answer"] == (answer if answer in {"no", "perhaps"} else "")
        assert {one["item"] for one in asked} == {"E003"}
        assert asked[0]["question"] in HUNCH or asked[0]["question"].startswith(HUNCH)


def test_no_free_text_is_taken_as_an_answer_or_a_question(amina: StrictClient, cast: Cast) -> None:
    """Whatever is sent beside."""
    hand_in(amina, cast, {"answer-0-999999": "no", "answer-": "Mrs Smith", "question": "Mrs Smith"})
    with cast.installation.database.reading() as session:
        assert "Smith" not in str(kept(session).self_check)


def test_answers_stay_when_something_else_is_missing(amina: StrictClient, cast: Cast) -> None:
    """And nothing goes in."""
    name = names_of(amina.get(address(cast)), evidence_id=cast.evidence["amina E003"])[0]
    page = amina.post(address(cast), {"items": [cast.evidence["amina E003"]], name: "perhaps"}, status=422)
    [chosen] = [e for e in page.all("input") if e.get("type") == "radio" and e.get("checked") is not None]
    assert (chosen.get("name"), chosen.get("value")) == (name, "perhaps")
    assert state(cast, "amina E003") is EvidenceState.DRAFT


def test_the_learner_and_the_assessor_see_it_afterwards(amina: StrictClient, cast: Cast) -> None:
    """Folded, on the page of the item and beside the evidence that is marked; nobody else does."""
    name = names_of(amina.get(address(cast)), evidence_id=cast.evidence["amina E003"])[0]
    hand_in(amina, cast, {name: "perhaps"})
    path = f"/evidence/{cast.evidence['amina E003']}"
    page = amina.get(path)
    assert "Self-check before handing in: 1 of " in page.words
    assert PERHAPS in page.words
    with cast.installation.database.writing() as session:
        item_id = kept(session).items[0].id
        marguerite = cast.actor("marguerite", session)
        marking.open_item(session, marguerite, session.get_one(SubmissionItem, item_id))
        session.commit()
    marguerite_page = amina.another().sign_in("marguerite").get(f"/marking/{item_id}")
    assert "Self-check before handing in: 1 of " in marguerite_page.words
    assert PERHAPS in marguerite_page.words
    assert "Self-check" not in amina.another().sign_in("iris").get(path).words


def test_four_clicks_hand_in_with_every_declaration(amina: StrictClient, cast: Cast) -> None:
    """From where the map leads: three declarations and the button; the item is chosen already."""
    page = amina.get(f"{address(cast)}?item={cast.evidence['amina E003']}")
    form = next(form for form in page.forms() if "items" in form["fields"])
    boxes = [e.get("name") for e in page.all("input") if e.get("type") == "checkbox" and e.get("name") in DECLARED]
    assert boxes == list(DECLARED)
    done = amina.post(address(cast), {**form["fields"], **DECLARED})
    assert done.status == 303
    assert state(cast, "amina E003") is EvidenceState.SUBMITTED
