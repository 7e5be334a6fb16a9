"""Handing in with declarations, and taking back."""

from typing import Any

import pytest

from portfolio.assessment import marking
from portfolio.assessment.models import SubmissionItem
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import EvidenceState
from tests.cast import Cast
from tests.client import Page, StrictClient

DECLARED = {"own_work": "y", "ai_use": "y", "confidential": "y"}


@pytest.fixture
def amina(client: StrictClient, cast: Cast) -> StrictClient:
    """The learner."""
    assert cast.people
    return client.sign_in("amina")


def address(cast: Cast, name: str = "amina") -> str:
    """The page for handing in."""
    return f"/enrolments/{cast.enrolments[name]}/hand-in"


def state(cast: Cast, name: str) -> EvidenceState:
    """Where an item stands."""
    with cast.installation.database.reading() as session:
        return session.get_one(Evidence, cast.evidence[name]).state


def chosen(page: Page) -> set[str]:
    """The items that stand ticked."""
    return {e.get("value", "") for e in page.all("input") if e.get("name") == "items" and e.get("checked") is not None}


def test_what_is_ready_is_offered_and_what_is_not_is_told_why(amina: StrictClient, cast: Cast) -> None:
    """With the way to mend it."""
    page = amina.get(address(cast))
    assert chosen(page) == {str(cast.evidence["amina E003"])}
    assert "Shows 3.1" in page.words
    assert "E004 Notes for later Not mapped to any criterion." in page.words
    assert f"/evidence/{cast.evidence['amina E004']}/map" in page.links()
    assert "This is my own work and a true account of what I did." in page.words


def test_one_item_can_be_asked_for(amina: StrictClient, cast: Cast) -> None:
    """One that is not ready ticks nothing."""
    ready, unready = cast.evidence["amina E003"], cast.evidence["amina E004"]
    assert chosen(amina.get(f"{address(cast)}?item={ready}")) == {str(ready)}
    assert chosen(amina.get(f"{address(cast)}?item={unready}")) == set()


def test_what_a_new_version_puts_at_stake_is_said_before(amina: StrictClient, cast: Cast) -> None:
    """What only the version before has met: mapped again, or no longer."""
    evidence_id = cast.evidence["amina E001"]
    assert "met by the version before" not in amina.get(address(cast)).words
    amina.post(f"/evidence/{evidence_id}/revise")
    again = "1.1 was met by the version before; it counts as claimed until this version is marked."
    assert again in amina.get(f"{address(cast)}?item={evidence_id}").words
    assert again in amina.get("/").words
    fields = next(
        form["fields"] for form in amina.get(f"/evidence/{evidence_id}/map").forms() if "shared" in form["fields"]
    )
    amina.post(f"/evidence/{evidence_id}/map", {**fields, "criterion": fields["criterion"][1:]})
    page = amina.get(f"{address(cast)}?item={evidence_id}")
    assert again not in page.words
    assert "1.1 was met by the version before and is not mapped now: it no longer counts" in page.words


def test_the_map_is_not_done_while_something_is_missing(amina: StrictClient, cast: Cast) -> None:
    """The steps of an item say so."""
    assert "Map, done" in amina.get(f"{address(cast)}?item={cast.evidence['amina E003']}").words
    assert "Map, done" not in amina.get(f"{address(cast)}?item={cast.evidence['amina E004']}").words


def test_handing_in(amina: StrictClient, cast: Cast) -> None:
    """Then it is with the assessor."""
    done = amina.post(address(cast), {"items": [cast.evidence["amina E003"]], **DECLARED})
    assert done.location == f"/portfolio?enrolment={cast.enrolments['amina']}"
    assert state(cast, "amina E003") is EvidenceState.SUBMITTED
    assert "Handed in: E003." in amina.get(done.location).words
    assert "E003" in amina.another().sign_in("marguerite").get(f"/evidence/{cast.evidence['amina E003']}").words


@pytest.mark.parametrize("missing", list(DECLARED))
def test_every_declaration_is_needed(amina: StrictClient, cast: Cast, missing: str) -> None:
    """What was chosen stays chosen."""
    data: dict[str, Any] = {"items": [cast.evidence["amina E003"]], **DECLARED}
    del data[missing]
    page = amina.post(address(cast), data, status=422)
    assert f"#{missing}" in page.links()
    assert chosen(page) == {str(cast.evidence["amina E003"])}
    assert state(cast, "amina E003") is EvidenceState.DRAFT


@pytest.mark.parametrize("asked", [[], ["x"], ["999999"], ["amina E004"], ["olga E001"]])
def test_only_ones_own_drafts_that_are_ready(amina: StrictClient, cast: Cast, asked: list[str]) -> None:
    """Anything else is refused, and nothing goes in."""
    items = [cast.evidence.get(name, name) for name in asked]
    amina.post(address(cast), {"items": items, **DECLARED}, status=422)
    assert state(cast, "amina E004") is EvidenceState.DRAFT


def test_what_was_handed_in_meanwhile_is_said_and_nothing_is_lost(amina: StrictClient, cast: Cast) -> None:
    """From another window, say."""
    page = amina.post(address(cast), {"items": [cast.evidence["amina E002"]], **DECLARED}, status=409)
    assert "has been handed in meanwhile" in page.words
    assert str(cast.evidence["amina E003"]) in page.text


def test_nothing_ready_says_how_it_gets_ready(client: StrictClient, cast: Cast) -> None:
    """And where to begin."""
    page = client.sign_in("ben").get(address(cast, "ben"))
    assert "Nothing is ready to hand in" in page.words
    assert f"/enrolments/{cast.enrolments['ben']}/evidence/add-files" in page.links()


def test_taking_back_what_nobody_has_opened(amina: StrictClient, cast: Cast) -> None:
    """It is a draft again, and nobody else sees it."""
    done = amina.post(f"/submissions/{cast.submissions['amina E002']}/withdraw")
    assert done.location == f"/enrolments/{cast.enrolments['amina']}/evidence"
    assert state(cast, "amina E002") is EvidenceState.DRAFT
    amina.another().sign_in("marguerite").get(f"/evidence/{cast.evidence['amina E002']}", status=404)
    page = amina.get(f"/evidence/{cast.evidence['amina E002']}")
    assert "Hand it in" in page.words
    assert "Discard" not in page.words
    assert "taken back" in page.words
    assert "Taken back" in amina.get(f"/evidence/{cast.evidence['amina E002']}?version=1").words
    amina.post(f"/submissions/{cast.submissions['amina E002']}/withdraw", status=409)


def test_what_was_opened_stays(amina: StrictClient, cast: Cast) -> None:
    """The button is gone, and so is the deed."""
    with cast.installation.database.writing() as session:
        handed = session.get_one(SubmissionItem, cast.items["amina E002"])
        marking.open_item(session, cast.actor("marguerite", session), handed)
        session.commit()
    page = amina.get(f"/evidence/{cast.evidence['amina E002']}")
    assert "Your assessor has opened this." in page.words
    assert "Take it back" not in page.words
    amina.post(f"/submissions/{cast.submissions['amina E002']}/withdraw", status=409)


def test_only_the_learner_hands_in_and_takes_back(client: StrictClient, cast: Cast) -> None:
    """Staff see the enrolment, but this is not theirs."""
    client.sign_in("marguerite").get(address(cast), status=403)
    client.post(f"/submissions/{cast.submissions['amina E002']}/withdraw", status=404)
    other = client.another().sign_in("olga")
    other.get(address(cast), status=404)
    other.post(f"/submissions/{cast.submissions['amina E002']}/withdraw", status=404)
