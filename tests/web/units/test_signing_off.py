"""Signing off a unit and opening it again, on the pages: what is shown, what is refused, and what stands afterwards."""

import pytest

from portfolio.assessment.models import UnitDecision
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.evidence import amending
from portfolio.evidence.models import Evidence
from portfolio.mapping.rules import Outcome
from tests.assessment import desk, signing
from tests.cast import Cast
from tests.client import Page, StrictClient
from tests.web.units.test_unit_page import address

REASON = "The standard for 2.1 was read too kindly."
MARGUERITE = "Marguerite Okonkwo-Lindqvist"


def met(cast: Cast, name: str = "ben") -> int:
    """Somebody's unit, met throughout; answers its id."""
    with cast.installation.database.writing() as session:
        unit_id = signing.all_met(session, cast, name).id
        session.commit()
    return unit_id


def one_more(cast: Cast) -> None:
    """Ben hands in another item, and it is met too."""
    with cast.installation.database.writing() as session:
        signing.decided(session, cast, desk.handed_in_by(session, cast, "ben", "One more", {"1.1": "Again."}))
        session.commit()


def shown(page: Page) -> dict[str, str]:
    """What the page's own form would send."""
    return next({"seen": form["fields"]["seen"]} for form in page.forms() if "seen" in form["fields"])


def decisions(cast: Cast) -> list[str]:
    """The decisions so far."""
    with cast.installation.database.reading() as session:
        return [row.kind.value for row in session.query(UnitDecision).order_by(UnitDecision.id)]


def test_the_way_from_the_unit_to_what_was_signed(client: StrictClient, cast: Cast) -> None:
    unit_id = met(cast)
    page = client.sign_in("marguerite").get(address(cast, "ben"))
    assert "All 17 criteria are met." in page.words
    assert "Sign it off" in page.words
    assert page.statements <= 15
    page = client.get(f"/units/{unit_id}/sign-off")
    assert "all 17 criteria are met" in page.words
    assert ["".join(e.itertext()) for e in page.all("dd")][:2] == [MARGUERITE, "Assessor"]
    assert page.words.count("E001 Everything at once, version 1") == 17
    assert page.statements <= 15
    page = client.get(client.post(f"/units/{unit_id}/sign-off", shown(page)).location)
    assert f"Signed off by {MARGUERITE}, assessor, on" in page.words
    assert "Sign it off" not in page.words
    page = client.get(f"/units/{unit_id}/signed")
    assert "17 criteria and what met each" in page.words
    assert page.statements <= 15
    assert decisions(cast) == ["signed_off"]


def test_what_would_be_refused_is_not_offered(client: StrictClient, cast: Cast) -> None:
    """Every criterion is met, but one more item waits; when that is decided, an item is hidden."""
    met(cast)
    marguerite = client.sign_in("marguerite")

    def is_offered() -> bool:
        page, queue = marguerite.get(address(cast, "ben")), marguerite.get("/marking")
        assert page.statements <= 15
        offered = "Sign it off" in page.words
        assert ("Ready to be signed off" in queue.words) is offered
        return offered

    assert is_offered()
    with cast.installation.database.writing() as session:
        more = desk.handed_in_by(session, cast, "ben", "One more", {"1.1": "Again."})
        session.commit()
        assert not is_offered()
        signing.decided(session, cast, more)
        session.commit()
    assert is_offered()
    with cast.installation.database.writing() as session:
        evidence = session.get_one(Evidence, cast.evidence[signing.ITEM])
        amending.hide(session, cast.actor("iris", session), evidence, words="A name on page 1")
        session.commit()
    assert not is_offered()


def test_the_queue_names_what_is_ready_to_be_signed_off(client: StrictClient, cast: Cast) -> None:
    assert "Ready to be signed off" not in client.sign_in("marguerite").get("/marking").words
    unit_id = met(cast)
    page = client.get("/marking")
    assert "Ready to be signed off" in page.words
    assert f"/units/{unit_id}/sign-off" in page.links()
    assert "Ready to be signed off" not in client.another().sign_in("dafydd").get("/marking").words


@pytest.mark.parametrize("name", ["ben", "iris", "ada"])
def test_others_see_that_it_is_signed_off_and_what_was_signed(client: StrictClient, cast: Cast, name: str) -> None:
    unit_id = signing.make_signed(cast)
    page = client.sign_in(name).get(address(cast, "ben"))
    assert f"Signed off by {MARGUERITE}" in page.words
    assert ("Open again" in page.words) is (name != "ben")
    page = client.get(f"/units/{unit_id}/signed")
    assert "I have assessed the evidence" in page.words


def test_the_learners_own_page_says_that_it_is_signed_off(client: StrictClient, cast: Cast) -> None:
    unit_id = met(cast)
    client.sign_in("ben")
    assert "Signed off" not in client.get("/").words
    with cast.installation.database.writing() as session:
        signing.sign(session, cast, session.get_one(EnrolmentUnit, unit_id))
        session.commit()
    page = client.get("/")
    assert "Signed off on " in page.words
    assert page.statements <= 15


def test_it_is_not_offered_to_whoever_may_not(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        signing.all_met(session, cast)
        desk.allocate_row(session, cast, "tobias", "ben")
        desk.allocate_row(session, cast, "dafydd", "ben", unit_id=signing.unit_of(session, cast, "amina").id)
        session.connection().info["events"] = 1
        session.commit()
    for name in ("ben", "tobias", "dafydd", "iris", "ada"):
        assert "Sign it off" not in client.another().sign_in(name).get(address(cast, "ben")).words


def test_what_lacks_is_told_with_the_way_to_each(client: StrictClient, cast: Cast) -> None:
    """There is no button, and the request itself is refused."""
    with cast.installation.database.writing() as session:
        unit = signing.unit_of(session, cast, "amina")
        unit_id = unit.id
        evidence = session.get_one(Evidence, cast.evidence["amina E001"])
        amending.hide(session, cast.actor("iris", session), evidence, words="A name on page 1")
        desk.judged(session, cast, "tobias", desk.opened(session, cast, "tobias"), Outcome.MET, Outcome.MET)
        desk.handed_in_by(session, cast, "amina", "One more", {"4.1": "Here."})
        session.commit()
    page = client.sign_in("marguerite").get(f"/units/{unit_id}/sign-off")
    assert "are not met yet." in page.words
    assert "E005 waits for a decision." in page.words
    assert "E002 awaits a countersignature." in page.words
    assert "E001 is hidden while personal data is taken out." in page.words
    for link in ("/marking/", f"{address(cast)}#c"):
        assert [found for found in page.links() if found.startswith(link)]
    assert "Sign off the unit" not in [" ".join(e.itertext()) for e in page.all("button")]
    client.post(f"/units/{unit_id}/sign-off", {"seen": ""}, status=409)
    assert decisions(cast) == []


def test_what_changed_meanwhile_is_marked_and_nothing_is_signed(client: StrictClient, cast: Cast) -> None:
    unit_id = met(cast)
    page = client.sign_in("marguerite").get(f"/units/{unit_id}/sign-off")
    one_more(cast)
    page = client.post(f"/units/{unit_id}/sign-off", shown(page), status=409)
    assert "This has changed since you opened the page." in page.words
    assert page.words.count("New") == 1
    assert decisions(cast) == []
    client.post(f"/units/{unit_id}/sign-off", shown(page))
    assert decisions(cast) == ["signed_off"]


def test_a_unit_that_is_signed_off_leads_to_what_was_signed(client: StrictClient, cast: Cast) -> None:
    unit_id = signing.make_signed(cast)
    page = client.sign_in("marguerite").get(f"/units/{unit_id}/sign-off")
    assert "The unit is signed off already." in page.words
    assert f"/units/{unit_id}/signed" in page.links()


def test_opening_it_again_needs_a_reason_and_shows(client: StrictClient, cast: Cast) -> None:
    unit_id = signing.make_signed(cast)
    page = client.sign_in("iris").get(f"/units/{unit_id}/reopen")
    assert f"{MARGUERITE}, assessor, signed it off on" in page.words
    refused = client.post(f"/units/{unit_id}/reopen", {"reason": " "}, status=422)
    assert "Say why the unit is opened again." in refused.words
    client.post(f"/units/{unit_id}/reopen", {"reason": REASON})
    page = client.get(address(cast, "ben"))
    assert "Opened again by Iris" in page.words
    assert f"Earlier decisions on this unit Signed off by {MARGUERITE}, assessor, on" in page.words
    assert REASON in page.words
    page = client.get(f"/units/{unit_id}/signed")
    heads = [" ".join("".join(e.itertext()).split()[:3]) for e in page.all("h2")]
    assert heads[:2] == ["2. Opened again", "1. Signed off"]
    assert REASON in page.words
    client.get(f"/units/{unit_id}/reopen", status=409)
    assert decisions(cast) == ["signed_off", "reopened"]


def test_a_unit_that_was_never_signed_off_says_so(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.reading() as session:
        unit_id = session.get_one(Enrolment, cast.enrolments["ben"]).units[0].id
    page = client.sign_in("ben").get(f"/units/{unit_id}/signed")
    assert "This unit was never signed off" in page.words
    client.another().sign_in("iris").get(f"/units/{unit_id}/reopen", status=409)
    client.another().sign_in("iris").post(f"/units/{unit_id}/reopen", {"reason": REASON}, status=409)


def test_somebody_allocated_to_another_unit_alone_is_told(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        unit_id = signing.all_met(session, cast).id
        desk.allocate_row(session, cast, "dafydd", "ben", unit_id=signing.unit_of(session, cast, "amina").id)
        session.connection().info["events"] = 1
        session.commit()
    page = client.sign_in("dafydd").get(f"/units/{unit_id}/sign-off", status=403)
    assert "You may not do this." in page.words
