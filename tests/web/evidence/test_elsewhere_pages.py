"""Held elsewhere, on screen: describing it, changing the draft, and being seen by the centre."""

from datetime import timedelta
from typing import Any

import pytest

from portfolio import clock
from portfolio.assessment import marking
from portfolio.assessment.models import SubmissionItem
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Evidence
from portfolio.mapping import actions as mapping
from tests.cast import Cast, hand_in, wanted
from tests.client import Page, StrictClient

TYPED = {
    "title": "Complaint file 2210",
    "method": "PE",
    "event_on": "2026-11-03",
    "context": "Every letter of one case.",
    "role": "I wrote the replies.",
    "location": "Personnel system at the Leeds site, third drawer",
    "custodian": "Complaints team leader",
    "reason": "It holds customers’ names.",
}


@pytest.fixture
def amina(client: StrictClient, cast: Cast) -> StrictClient:
    """The learner."""
    assert cast.people
    return client.sign_in("amina")


def form_on(page: Page, field: str) -> dict[str, Any]:
    """The fields of the form that has this one."""
    fields: dict[str, Any] = next(form["fields"] for form in page.forms() if field in form["fields"])
    return fields


def describe(amina: StrictClient, cast: Cast) -> int:
    """A new item that stays where it is; answers its id."""
    done = amina.post(f"/enrolments/{cast.enrolments['amina']}/evidence/elsewhere", TYPED)
    assert done.location.endswith("/map")
    return int(done.location.split("/")[2])


def hand_it_in(cast: Cast, evidence_id: int) -> int:
    """Mapped and handed in; answers the id of the submission's item, which is open for marking."""
    with cast.installation.database.writing() as session:
        evidence = session.get_one(Evidence, evidence_id)
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        claims = wanted(session, enrolment, {"2.5": "It holds every letter."})
        mapping.map_to(session, cast.actor("amina", session), evidence, wanted=claims)
        item_id = hand_in(session, cast, "amina", evidence, evidence.ref).items[0].id
        item = session.get_one(SubmissionItem, item_id)
        marking.open_item(session, cast.actor("marguerite", session), item)
        session.commit()
        return item_id


def test_describing_it_leads_on_to_mapping(amina: StrictClient, cast: Cast) -> None:
    """And its page says where it is kept."""
    evidence_id = describe(amina, cast)
    assert "Complaints team leader" in amina.get(f"/evidence/{evidence_id}/map").words
    page = amina.get(f"/evidence/{evidence_id}")
    for words in (
        *(TYPED[name] for name in ("location", "custodian", "reason", "context", "role")),
        "Where it is kept",
    ):
        assert words in page.words
    assert "held elsewhere" in amina.get(f"/enrolments/{cast.enrolments['amina']}/evidence").words


def test_what_is_missing_is_said_at_once(amina: StrictClient, cast: Cast) -> None:
    """And what was typed is still there."""
    data = {"title": "A file", "method": "PE", "custodian": "Team leader"}
    page = amina.post(f"/enrolments/{cast.enrolments['amina']}/evidence/elsewhere", data, status=422)
    assert "Two things need your attention" in page.words
    assert form_on(page, "custodian")["custodian"] == "Team leader"
    late = TYPED | {"event_on": (clock.today() + timedelta(days=2)).isoformat()}
    page = amina.post(f"/enrolments/{cast.enrolments['amina']}/evidence/elsewhere", late, status=422)
    assert "lies in the future" in page.words
    page = amina.post(f"/enrolments/{cast.enrolments['amina']}/evidence/elsewhere", TYPED | {"method": "O"}, status=422)
    assert "Choose one of the answers listed." in page.words


def test_its_draft_is_changed_and_a_conflict_shows_both(amina: StrictClient, cast: Cast) -> None:
    """Nothing typed is lost."""
    address = f"/evidence/{describe(amina, cast)}/edit"
    fields = form_on(amina.get(address), "location")
    assert {name: fields[name] for name in TYPED if name in fields} == {n: v for n, v in TYPED.items() if n != "method"}
    amina.post(address, {**fields, "location": "York, archive"})
    page = amina.post(address, {**fields, "location": "Hull, basement"}, status=409)
    assert "York, archive" in page.words
    mine = form_on(page, "location")
    assert mine["location"] == "Hull, basement"
    amina.post(address, mine)
    assert "Hull, basement" in amina.get(address.removesuffix("/edit")).words


def test_being_seen(amina: StrictClient, cast: Cast) -> None:
    """The assessor is warned until somebody has seen it; then it says who, when and in which role."""
    evidence_id = describe(amina, cast)
    item_id = hand_it_in(cast, evidence_id)
    marguerite = amina.another().sign_in("marguerite")
    assert "Nobody has recorded seeing this" in marguerite.get(f"/marking/{item_id}").words
    address = f"/evidence/{evidence_id}/sighting"
    assert address in marguerite.get(f"/evidence/{evidence_id}").links()
    form = form_on(marguerite.get(address), "seen_on")
    assert form["seen_on"] == clock.today().isoformat()
    assert "Record another day" not in marguerite.get(f"/evidence/{evidence_id}").words
    done = marguerite.post(address, {**form, "note": "The supervisor showed it to me."})
    assert "Record another day" in marguerite.get(f"/evidence/{evidence_id}").words
    assert "on record already" in marguerite.post(address, form, status=422).words
    assert done.location == f"/evidence/{evidence_id}#custody-h".partition("#")[0]
    for page in (
        marguerite.get(f"/evidence/{evidence_id}"),
        marguerite.get(f"/marking/{item_id}"),
        amina.get(f"/evidence/{evidence_id}"),
    ):
        for words in ("by Marguerite Okonkwo-Lindqvist, assessor", "The supervisor showed it to me."):
            assert words in page.words
        assert "Nobody has recorded seeing this" not in page.words


@pytest.mark.parametrize(
    ("seen_on", "why"),
    [("", "Give the day on which you saw it."), ("2026-11-02", "before the event"), ("2099-01-01", "in the future")],
)
def test_a_day_that_cannot_be(amina: StrictClient, cast: Cast, seen_on: str, why: str) -> None:
    """Nothing goes on record."""
    evidence_id = describe(amina, cast)
    hand_it_in(cast, evidence_id)
    iris = amina.another().sign_in("iris")
    assert why in iris.post(f"/evidence/{evidence_id}/sighting", {"seen_on": seen_on}, status=422).words
    assert "Nobody has recorded seeing this" in iris.get(f"/evidence/{evidence_id}").words


def test_what_is_here_is_not_gone_to_see(client: StrictClient, cast: Cast) -> None:
    """And the page says so."""
    page = client.sign_in("marguerite").get(f"/evidence/{cast.evidence['amina E001']}/sighting", status=409)
    assert "There is nothing to go and see: this item is here." in page.words


def test_who_cannot_say_so(amina: StrictClient, cast: Cast) -> None:
    """The learner, the administrator, the external quality assurer; and nobody of a draft."""
    evidence_id = describe(amina, cast)
    amina.another().sign_in("marguerite").get(f"/evidence/{evidence_id}/sighting", status=404)
    hand_it_in(cast, evidence_id)
    for name in ("amina", "ada", "ewan"):
        visitor = amina.another().sign_in(name)
        assert "I have seen this" not in visitor.get(f"/evidence/{evidence_id}").words
        visitor.post(f"/evidence/{evidence_id}/sighting", {"seen_on": clock.today().isoformat()}, status=403)
