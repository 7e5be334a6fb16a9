"""What an item claims for one criterion, as the matrix shows it in its panel; and the filter by kind of evidence."""

from portfolio.assessment import marking
from portfolio.criteria.rules import METHOD_WORDS
from portfolio.mapping.rules import Outcome
from tests.assessment.desk import judged
from tests.assessment.further import further_item
from tests.cast import Cast, item
from tests.client import Page, StrictClient
from tests.web.units.test_unit_page import address, rows


def cells(page: Page) -> dict[str, str]:
    """The address of each claim, by its words."""
    return {
        " ".join("".join(link.itertext()).split()): link.get("href", "")
        for link in page.all("a")
        if "/claims?criterion=" in link.get("href", "")
    }


def test_a_cell_leads_to_its_claim_and_how_it_was_judged(client: StrictClient, cast: Cast) -> None:
    """Words, place, decision, by whom, and what was said of it."""
    found = cells(client.sign_in("amina").get(address(cast)))
    page = client.get(found["E001 insufficient at p1"])
    assert "E001 for 1.2" in page.words
    for words in ("Insufficient", "Marguerite Okonkwo-Lindqvist", "Say where the call note is kept.", "page 1"):
        assert words in page.words
    assert "not judged yet" in client.get(found["E002 claimed at p1"]).words
    assert "It counts once you hand it in." in client.get(found["E003 in a draft at p1"]).words
    assert page.statements <= 15


def test_of_what_nobody_has_decided_no_countersignature_is_awaited(client: StrictClient, cast: Cast) -> None:
    """Further criteria of an item are decided by a trainee; what it was handed in with is decided by nobody."""
    with cast.installation.database.writing() as session:
        handed = further_item(session, cast, "amina E002", {"4.1": "It says so."})
        further_id, first_id = (
            marking.claims_on(session, one)[0].criterion_id for one in (handed, item(session, cast, "amina E002"))
        )
        marking.open_item(session, cast.actor("tobias", session), handed)
        judged(session, cast, "tobias", handed, Outcome.MET)
        session.commit()
    client.sign_in("amina")
    one = f"/evidence/{cast.evidence['amina E002']}/claims?criterion="
    assert "Awaiting countersignature" in client.get(f"{one}{further_id}").words
    undecided = client.get(f"{one}{first_id}")
    assert "Awaiting countersignature" not in undecided.words
    assert "not judged yet" in undecided.words
    assert undecided.statements <= 15


def test_an_item_tells_all_that_it_claims(client: StrictClient, cast: Cast) -> None:
    """Without a criterion in the address."""
    page = client.sign_in("marguerite").get(f"/evidence/{cast.evidence['amina E001']}/claims")
    assert {"Met", "Insufficient"} <= set(page.words.split())
    assert len(list(page.all("article"))) == 2


def test_what_is_not_there_is_not_there(client: StrictClient, cast: Cast) -> None:
    """A criterion that the item does not claim, a draft of somebody else, an item that is hidden."""
    one = f"/evidence/{cast.evidence['amina E001']}/claims"
    client.sign_in("amina").get(f"{one}?criterion=999999", status=404)
    other = client.another().sign_in("marguerite")
    other.get(f"/evidence/{cast.evidence['amina E003']}/claims", status=404)
    other.post(f"/evidence/{cast.evidence['amina E001']}/hide", {"words": "A name on page 1."})
    client.get(one, status=404)
    assert "E001 met" not in cells(client.get(address(cast)))
    assert "E001 met" in rows(client.get(address(cast)))["1.1"]


def test_one_kind_of_evidence(client: StrictClient, cast: Cast) -> None:
    """Its items alone are columns, and the criteria that they claim are the rows; the states stay as they are."""
    page = client.sign_in("amina").get(address(cast, rest="?kind=PE"))
    heads = [" ".join("".join(head.itertext()).split()) for head in page.all("th") if head.get("class") == "ev"]
    assert len(heads) == 1
    assert "E001" in heads[0]
    found = rows(page)
    assert list(found) == ["1.1", "1.2"]
    assert found["1.1"].endswith("Met One source")
    assert "2 of 17 criteria shown" in page.words
    assert METHOD_WORDS.keys() > {option.get("value") for option in page.all("option")} - {""}
    assert "show=more&kind=PE" in " ".join(page.links())
    assert list(rows(client.get(address(cast, rest="?kind=PE&show=more")))) == ["1.2"]
    assert "No criterion is like that." in client.get(address(cast, rest="?kind=PE&show=claimed")).words
    assert len(rows(client.get(address(cast, rest="?kind=nonsense")))) == 17
