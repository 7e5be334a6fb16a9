"""Claiming more criteria on what was handed in, through the pages: from the item to the hand-in page and back."""

import pytest

from portfolio.assessment import marking
from portfolio.assessment.models import Submission, SubmissionItem
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import EvidenceState
from portfolio.mapping.rules import Outcome
from tests.assessment.desk import judged
from tests.assessment.further import claim_further, further_item
from tests.assessment.test_records import put_on_record
from tests.cast import Cast, criteria_by_code
from tests.client import StrictClient
from tests.web.submissions.test_handing_in import DECLARED, address, chosen, state

MORE = "Claim more criteria on this item"


@pytest.fixture
def amina(client: StrictClient, cast: Cast) -> StrictClient:
    """The learner."""
    assert cast.people
    return client.sign_in("amina")


def item(cast: Cast, name: str = "amina E001") -> str:
    """The page of an item."""
    return f"/evidence/{cast.evidence[name]}"


def claimed(cast: Cast, name: str = "amina E001", *, said: str = "It says so.") -> None:
    """Amina claims 4.1 and 4.2 besides."""
    with cast.installation.database.writing() as session:
        claim_further(session, cast, name, {"4.1": "It shows it.", "4.2": said})
        session.commit()


def handed_in(cast: Cast, name: str = "amina E001") -> SubmissionItem:
    """And hands it in."""
    with cast.installation.database.writing() as session:
        handed = further_item(session, cast, name)
        session.commit()
    return handed


@pytest.mark.parametrize("name", ["amina E001", "amina E002"])
def test_an_item_that_was_handed_in_leads_to_more_criteria(amina: StrictClient, cast: Cast, name: str) -> None:
    """Marked or waiting; a draft is mapped anyway."""
    page = amina.get(item(cast, name))
    assert MORE in page.words
    assert f"{item(cast, name)}/map" in page.links()
    amina.get(f"{item(cast, name)}/map")
    assert MORE not in amina.get(item(cast, "amina E003")).words


def test_only_its_maker_is_led_there(amina: StrictClient, cast: Cast) -> None:
    """The assessor neither claims nor sees what is claimed and not handed in."""
    claimed(cast)
    marguerite = amina.another().sign_in("marguerite")
    page = marguerite.get(item(cast))
    assert MORE not in page.words
    assert "Claimed since" not in page.words
    assert "It shows it." not in page.words
    marguerite.get(f"{item(cast)}/map", status=403)
    unit = next(link for link in page.links() if "/units/" in link)
    assert "It shows it." not in marguerite.get(unit).words


def test_what_is_claimed_since_stands_apart_and_goes_in_by_one_button(amina: StrictClient, cast: Cast) -> None:
    """On the item's page and on the home page."""
    claimed(cast)
    page = amina.get(item(cast))
    assert "Claimed since, not handed in yet" in page.words
    assert "Hand in 4.1, 4.2" in page.words
    to = f"{address(cast)}?item={cast.evidence['amina E001']}"
    assert to in page.links()
    home = amina.get("/portfolio")
    assert to in home.links()
    assert "Hand in further criteria of E001, Complaint letter and reply" in home.words
    asked = amina.get(to)
    assert chosen(asked) == {str(cast.evidence["amina E001"])}
    assert "Handed in before; now also shows 4.1, 4.2." in asked.words
    assert "was met by the version before" not in asked.words


def test_what_says_nothing_yet_is_held_back_with_a_link_to_its_row(amina: StrictClient, cast: Cast) -> None:
    """Of further criteria as of a draft."""
    claimed(cast, said="")
    page = amina.get(f"{address(cast)}?item={cast.evidence['amina E001']}")
    assert chosen(page) == set()
    assert "Nothing said yet about 4.2." in page.words
    row = next(link for link in page.links() if link.startswith(f"{item(cast)}/map#annotation-"))
    anchor = row.partition("#")[2]
    assert f'id="{anchor}"' in amina.get(f"{item(cast)}/map").text
    assert "Finish the mapping" in amina.get(item(cast)).words
    sent = {"items": [cast.evidence["amina E001"]], **DECLARED}
    amina.post(address(cast), sent, status=422)
    assert state(cast, "amina E001") is EvidenceState.MARKED


def test_handing_them_in(amina: StrictClient, cast: Cast) -> None:
    """Then they wait, the version is the same, and what was decided stands."""
    claimed(cast)
    done = amina.post(address(cast), {"items": [cast.evidence["amina E001"]], **DECLARED})
    assert "Handed in: further criteria of E001." in amina.get(done.location).words
    page = amina.get(item(cast))
    assert "Marked, and further criteria are with the assessor" in page.words
    assert "Take back 4.1, 4.2" in page.words
    assert f"{item(cast)}/revise" not in {form["action"] for form in page.forms()}
    assert "Once the rest of it is decided you can make a new version" in page.words
    with cast.installation.database.reading() as session:
        evidence = session.get_one(Evidence, cast.evidence["amina E001"])
        assert (evidence.state, len(evidence.versions)) == (EvidenceState.SUBMITTED, 1)
    marguerite = amina.another().sign_in("marguerite")
    assert "It shows it." in marguerite.get(item(cast)).words
    assert "E001" in marguerite.get("/marking").words


def test_taking_them_back(amina: StrictClient, cast: Cast) -> None:
    """They are drafts again, and what was handed in before stays."""
    handed = handed_in(cast)
    done = amina.post(f"/submissions/{handed.submission_id}/withdraw")
    words = amina.get(done.location).words
    assert "Taken back: further criteria of E001. They can be changed again." in words
    page = amina.get(item(cast))
    assert "Hand in 4.1, 4.2" in page.words
    assert "Make a new version" in page.words
    assert state(cast, "amina E001") is EvidenceState.MARKED
    amina.post(f"/submissions/{handed.submission_id}/withdraw", status=409)


def test_only_their_learner_takes_them_back(client: StrictClient, cast: Cast) -> None:
    """And nobody once they were opened."""
    handed = handed_in(cast)
    for name in ("marguerite", "olga", "ben"):
        client.another().sign_in(name).post(f"/submissions/{handed.submission_id}/withdraw", status=404)
    with cast.installation.database.writing() as session:
        found = session.get_one(SubmissionItem, handed.id)
        marking.open_item(session, cast.actor("marguerite", session), found)
        session.commit()
    amina = client.sign_in("amina")
    assert "Take back" not in amina.get(item(cast)).words
    amina.post(f"/submissions/{handed.submission_id}/withdraw", status=409)


def test_an_item_whose_further_criteria_are_in_is_not_taken_back_under_them(amina: StrictClient, cast: Cast) -> None:
    """The button leads to the later submission, and the earlier one is refused."""
    handed = handed_in(cast, "amina E002")
    page = amina.get(item(cast, "amina E002"))
    actions = {form["action"] for form in page.forms()}
    assert f"/submissions/{handed.submission_id}/withdraw" in actions
    assert f"/submissions/{cast.submissions['amina E002']}/withdraw" not in actions
    refused = amina.post(f"/submissions/{cast.submissions['amina E002']}/withdraw", status=409)
    assert "Take those back first." in refused.words


def test_feedback_says_which_criteria_it_is_on(amina: StrictClient, cast: Cast) -> None:
    """Both reviews stand on the page of the item."""
    with cast.installation.database.writing() as session:
        handed = further_item(session, cast)
        marking.open_item(session, cast.actor("marguerite", session), handed)
        judged(session, cast, "marguerite", handed, Outcome.MET, Outcome.INSUFFICIENT)
        session.commit()
    words = amina.get(item(cast)).words
    assert "A good letter, nearly complete." in words
    assert "You kept your limit in view." in words
    assert ", on 4.1, 4.2" in words
    assert "More is wanted on 1.2, 4.2." in words


def test_the_pages_take_as_many_statements_with_many_claims_as_with_few(amina: StrictClient, cast: Cast) -> None:
    """The item, and the hand-in page."""
    claimed(cast)
    few = [amina.get(path).statements for path in (item(cast), address(cast))]
    with cast.installation.database.writing() as session:
        many = {f"{outcome}.{n}": "It shows it." for outcome in (2, 3, 4) for n in (1, 2, 3)}
        claim_further(session, cast, "amina E001", many)
        claim_further(session, cast, "amina E003", many)
        claim_further(session, cast, "amina E004", many)
        session.commit()
    assert [amina.get(path).statements for path in (item(cast), address(cast))] == few
    assert max(few) <= 15


def test_an_assessor_claims_more_on_a_record_of_theirs(client: StrictClient, cast: Cast) -> None:
    """It goes on record like the record did, with both declarations."""
    with cast.installation.database.writing() as session:
        evidence_id = put_on_record(session, cast).version.evidence_id
        session.commit()
    marguerite = client.sign_in("marguerite")
    page = marguerite.get(f"/evidence/{evidence_id}")
    assert MORE in page.words
    marguerite.get(f"/evidence/{evidence_id}/put-on-record", status=409)
    form = next(f for f in marguerite.get(f"/evidence/{evidence_id}/map").forms() if "shared" in f["fields"])
    with cast.installation.database.reading() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        _unit, other = criteria_by_code(session, enrolment)["4.1"]
    sent = {**form["fields"], "criterion": [other], f"annotation-{other}": "She said so.", "hand_in": "y"}
    done = marguerite.post(f"/evidence/{evidence_id}/map", sent)
    assert done.location == f"/evidence/{evidence_id}/put-on-record"
    assert "She said so." in marguerite.get(done.location).words
    marguerite.post(done.location, {"witnessed": "y"}, status=422)
    marguerite.post(done.location, {"witnessed": "y", "confidential": "y"})
    with cast.installation.database.reading() as session:
        newest = session.query(Submission).order_by(Submission.id.desc()).limit(1).one()
        assert [one.is_further for one in newest.items] == [True]
    marguerite.get(f"/evidence/{evidence_id}/put-on-record", status=409)
