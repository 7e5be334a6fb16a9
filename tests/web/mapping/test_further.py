"""Further criteria on an item that was handed in: what it went in with stands locked, the rest is a draft beside it."""

import pytest
from sqlalchemy import select

from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Evidence
from portfolio.mapping import actions as mapping
from portfolio.mapping.models import Claim
from portfolio.mapping.queries import ClaimText
from tests.cast import Cast, wanted, write
from tests.client import Page, StrictClient
from tests.web.mapping.test_mapping_page import address, fields, kept, present
from tests.web.mapping.test_saving import save


@pytest.fixture
def amina(client: StrictClient, cast: Cast) -> StrictClient:
    """The learner."""
    assert cast.people
    return client.sign_in("amina")


@pytest.fixture
def ids(cast: Cast) -> dict[str, int]:
    """Criterion ids by code."""
    return present(cast)


def locked(page: Page) -> set[str]:
    """The boxes that stand ticked and cannot be changed."""
    boxes = [e for e in page.all("input") if e.get("type") == "checkbox" and e.get("disabled") is not None]
    assert all(box.get("name") is None and box.get("checked") is not None for box in boxes)
    return {box.get("id", "").removeprefix("tick-") for box in boxes}


@pytest.mark.parametrize(
    ("name", "codes", "words"),
    [
        (
            "amina E001",
            ("1.1", "1.2"),
            ("Clear.", "Insufficient", "Say where the call note is kept.", "2 of 17 ticked"),
        ),
        ("amina E002", ("2.1", "2.3"), ("Handed in", "She agreed on the phone.", "2 of 17 ticked")),
    ],
)
def test_what_it_was_handed_in_with_stands_locked(
    amina: StrictClient, cast: Cast, ids: dict[str, int], name: str, codes: tuple[str, ...], words: tuple[str, ...]
) -> None:
    """With its state, its words and what was decided on it."""
    page = amina.get(address(cast, name))
    assert locked(page) == {str(ids[code]) for code in codes}
    for said in words:
        assert said in page.words
    assert "criterion" not in fields(page)
    assert not {f"annotation-{ids[code]}" for code in codes} & fields(page).keys()


@pytest.mark.parametrize("name", ["amina E001", "amina E002"])
def test_further_criteria_are_saved_beside_it(amina: StrictClient, cast: Cast, ids: dict[str, int], name: str) -> None:
    """Nobody else sees them, and the claims that went in are as they were."""
    before = frozen(cast, name)
    data = {**fields(amina.get(address(cast, name))), "criterion": [ids["4.1"]], f"annotation-{ids['4.1']}": "Why."}
    assert amina.post(address(cast, name), data).location == address(cast, name)
    assert kept(cast, name) == {ids["4.1"]: ClaimText("Why.", "")}
    assert frozen(cast, name) == before
    assert "3 of 17 ticked" in amina.get(address(cast, name)).words
    amina.post(address(cast, name), {})
    assert kept(cast, name) == {}
    assert frozen(cast, name) == before


def frozen(cast: Cast, name: str) -> list[tuple[int, str, str]]:
    """What an item was handed in with."""
    with cast.installation.database.reading() as session:
        version_id = session.get_one(Evidence, cast.evidence[name]).latest.id
        claims = select(Claim).where(Claim.evidence_version_id == version_id, Claim.submission_id.is_not(None))
        return [(claim.criterion_id, claim.annotation, claim.place) for claim in session.scalars(claims)]


def test_what_is_locked_is_refused_by_direct_request(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """Neither its words nor its tick can be sent."""
    before = frozen(cast, "amina E002")
    data = {"criterion": [ids["2.1"], ids["4.1"]], f"annotation-{ids['2.1']}": "Other words."}
    page = amina.post(address(cast, "amina E002"), data, status=422)
    assert "2.1 was handed in with this item already" in page.words
    told = amina.post(address(cast, "amina E002"), data, status=422, headers={"Accept": "application/json"})
    assert "2.1 was handed in" in told.response.get_json()["faults"][""]
    assert kept(cast, "amina E002") == {}
    assert frozen(cast, "amina E002") == before


def test_only_whoever_made_it_claims_more(client: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """The assessor sees the item and may not; elsewhere there is no such item."""
    path, data = address(cast, "amina E001"), {"criterion": [ids["4.1"]]}
    for name, status in (("marguerite", 403), ("iris", 403), ("ben", 404), ("olga", 404)):
        person = client.another().sign_in(name)
        person.get(path, status=status)
        person.post(path, data, status=status)
    assert kept(cast, "amina E001") == {}


def test_handing_further_criteria_in_goes_by_the_same_way(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """Held back without words, as any other."""
    path, sent = address(cast, "amina E002"), {"criterion": [ids["4.1"]], "hand_in": "1"}
    page = amina.post(path, sent, status=422)
    assert f"#annotation-{ids['4.1']}" in page.links()
    assert "Tick at least one criterion that it shows." in amina.post(path, {"hand_in": "1"}, status=422).words
    done = amina.post(path, {**sent, "shared": "It says why."})
    assert done.location == f"/enrolments/{cast.enrolments['amina']}/hand-in?item={cast.evidence['amina E002']}"


def test_the_counted_whole_is_told_to_a_script(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """With what it was handed in with."""
    path = address(cast, "amina E002")
    told = amina.post(path, {"criterion": [ids["4.1"]]}, status=200, headers={"Accept": "application/json"})
    assert told.response.get_json()["count"] == 3
    assert save(amina, cast, {"criterion": [ids["4.1"]]})["count"] == 1


def test_as_many_statements_with_many_claims_as_with_few(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """Whatever is ticked, claimed elsewhere or drafted, and however many items there are."""
    names = ("amina E001", "amina E002", "amina E004")
    few = [amina.get(address(cast, name)).statements for name in names]
    with cast.installation.database.writing() as session:
        enrolment, actor = session.get_one(Enrolment, cast.enrolments["amina"]), cast.actor("amina", session)
        every = wanted(session, enrolment, dict.fromkeys(ids, "It is all here."))
        for number in range(20):
            item = write(session, cast.installation, cast, "amina", f"Account {number}", "Words.")
            mapping.map_to(session, actor, item, wanted=every)
        for name in names:
            item = session.get_one(Evidence, cast.evidence[name])
            taken = {claim[0] for claim in frozen(cast, name)}
            more = [one for one in every if one.criterion_id not in taken]
            mapping.map_to(session, actor, item, wanted=more)
        session.commit()
    assert [amina.get(address(cast, name)).statements for name in names] == few
    assert max(few) <= 15
