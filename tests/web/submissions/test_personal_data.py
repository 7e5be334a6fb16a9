"""What may point to somebody is decided before an item goes in: the page says so beside it, home says so first."""

import pytest

from portfolio.criteria.rules import Method
from portfolio.evidence import actions
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import Carrier, EvidenceState
from portfolio.mapping.actions import map_to
from tests.cast import Cast, wanted, write
from tests.client import StrictClient
from tests.screened import decide
from tests.web.submissions.test_handing_in import DECLARED, address, chosen

TELLING = "I rang Mrs Hollingberry on 07700 900417, and she was glad."


@pytest.fixture
def telling(cast: Cast) -> int:
    """An account of amina's that names a customer and is mapped."""
    with cast.installation.database.writing() as session:
        evidence = write(session, cast.installation, cast, "amina", "A late refund", TELLING)
        claims = wanted(session, evidence.enrolment, {"3.2": "I rang the same day."})
        map_to(session, cast.actor("amina", session), evidence, wanted=claims)
        session.commit()
        return evidence.id


def test_it_cannot_be_ticked_and_the_way_stands_beside_it(client: StrictClient, cast: Cast, telling: int) -> None:
    page = client.sign_in("amina").get(address(cast))
    assert str(telling) not in chosen(page)
    assert not [e for e in page.all("input") if e.get("name") == "items" and e.get("value") == str(telling)]
    assert "A late refund 2 to decide Decide 2 things" in page.words
    assert f"/evidence/{telling}/personal-data" in page.links()
    asked = client.get(f"{address(cast)}?item={telling}")
    assert "Personal data: 2 to decide" in asked.words
    assert chosen(asked) == set()


def test_sent_all_the_same_it_is_refused_with_the_reason(client: StrictClient, cast: Cast, telling: int) -> None:
    page = client.sign_in("amina").post(address(cast), {"items": str(telling), **DECLARED}, status=422)
    assert "A late refund 2 to decide Decide 2 things" in page.words
    with cast.installation.database.reading() as session:
        evidence = session.get_one(Evidence, telling)
        assert evidence.state is EvidenceState.DRAFT
        assert page.words.count(evidence.ref) > 1


def test_home_has_it_decided_first(client: StrictClient, cast: Cast, telling: int) -> None:
    page = client.sign_in("amina").get("/portfolio")
    assert f"/evidence/{telling}/personal-data" in page.links()
    assert "2 things may point to a real person" in page.words
    assert f"/enrolments/{cast.enrolments['amina']}/hand-in?item={telling}" not in page.links()


def test_decided_it_goes_in(client: StrictClient, cast: Cast, telling: int) -> None:
    with cast.installation.database.writing() as session:
        decide(session, cast.actor("amina", session), session.get_one(Evidence, telling))
        session.commit()
    client.sign_in("amina")
    assert f"/enrolments/{cast.enrolments['amina']}/hand-in?item={telling}" in client.get("/portfolio").links()
    assert str(telling) in chosen(client.get(address(cast)))
    client.post(address(cast), {"items": str(telling), **DECLARED})
    with cast.installation.database.reading() as session:
        assert session.get_one(Evidence, telling).state is EvidenceState.SUBMITTED


def test_a_record_is_decided_before_it_goes_on_record(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        enrolment = session.get_one(Evidence, cast.evidence["amina E003"]).enrolment
        line = {"at": "10:50", "ask": "", "said": "Mr Okonkwo rang on 07700 900417.", "criteria": []}
        record = actions.add(
            session,
            cast.actor("marguerite", session),
            enrolment,
            cast.installation.store,
            method=Method.OBSERVATION,
            carrier=Carrier.WRITTEN,
            details=Details("A morning at the desk", notes=[line]),
        )
        claims = wanted(session, enrolment, {"3.2": "She answered at once."})
        map_to(session, cast.actor("marguerite", session), record, wanted=claims)
        session.commit()
    at = f"/evidence/{record.id}/put-on-record"
    page = client.sign_in("marguerite").get(at)
    assert "2 to decide. It can go on record once that is done." in page.words
    assert not [form for form in page.forms() if "witnessed" in form["fields"]]
    refused = client.post(at, {"witnessed": "y", "confidential": "y"}, status=422)
    assert f"/evidence/{record.id}/personal-data" in refused.links()
    with cast.installation.database.writing() as session:
        decide(session, cast.actor("marguerite", session), session.get_one(Evidence, record.id))
        session.commit()
    client.post(at, {"witnessed": "y", "confidential": "y"})
