"""Mapping on one screen: many ticks, one note, nothing lost."""

from typing import Any

import pytest

from portfolio.criteria.models import UnitVersion
from portfolio.evidence.models import Evidence
from portfolio.mapping.queries import ClaimText, claims_of, former_criteria
from portfolio.mapping.rules import ANNOTATION_MOST
from tests.cast import Cast, criteria_by_code
from tests.client import Page, StrictClient
from tests.web.enrolment.diplomas import moved, newer_for


@pytest.fixture
def amina(client: StrictClient, cast: Cast) -> StrictClient:
    """The learner."""
    assert cast.people
    return client.sign_in("amina")


@pytest.fixture
def ids(cast: Cast) -> dict[str, int]:
    """Criterion ids by code."""
    return present(cast)


def present(cast: Cast) -> dict[str, int]:
    """Criterion ids by code, of the version on which amina is now."""
    with cast.installation.database.reading() as session:
        evidence = session.get_one(Evidence, cast.evidence["amina E004"])
        return {code: pair[1] for code, pair in criteria_by_code(session, evidence.enrolment).items()}


def address(cast: Cast, name: str = "amina E004") -> str:
    """The mapping page of an item."""
    return f"/evidence/{cast.evidence[name]}/map"


def kept(cast: Cast, name: str = "amina E004") -> dict[int, ClaimText]:
    """What an item is mapped to."""
    with cast.installation.database.reading() as session:
        return claims_of(session, session.get_one(Evidence, cast.evidence[name]).latest.id)


def ticked(page: Page) -> set[str]:
    """The criteria that stand ticked."""
    boxes = [e for e in page.all("input") if e.get("name") == "criterion"]
    return {e.get("value", "") for e in boxes if e.get("checked") is not None}


def fields(page: Page) -> dict[str, Any]:
    """The form as it would be sent untouched."""
    found: dict[str, Any] = next(form["fields"] for form in page.forms() if "shared" in form["fields"])
    return found


def test_every_criterion_is_there_once_with_its_state(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """Grouped by outcome, beside the item."""
    page = amina.get(address(cast))
    boxes = [e.get("value") for e in page.all("input") if e.get("name") == "criterion"]
    assert boxes == [str(id_) for id_ in ids.values()]
    for words in ("Notes for later", "Not mapped yet.", "Met elsewhere", "Claimed elsewhere", "0 of 17 ticked"):
        assert words in page.words
    assert "Draft criteria, written in our words; your centre will confirm them." in page.words
    assert page.statements <= 15


def test_five_criteria_with_one_shared_note_in_one_go(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """A row with words of its own keeps them."""
    five = [ids[code] for code in ("1.1", "1.3", "2.2", "3.2", "4.4")]
    data = {
        "criterion": five,
        "shared": "I followed steps 2 to 5.",
        f"annotation-{ids['3.2']}": "It proposes a change.\r\nWith reasons.",
        f"place-{ids['3.2']}": " page 2 ",
    }
    assert amina.post(address(cast), data).location == address(cast)
    claims = kept(cast)
    assert set(claims) == set(five)
    assert claims[ids["3.2"]] == ClaimText("It proposes a change.\nWith reasons.", "page 2")
    assert {claims[id_].annotation for id_ in five if id_ != ids["3.2"]} == {"I followed steps 2 to 5."}
    page = amina.get(address(cast))
    assert "E004 is mapped to 5 criteria" in page.words
    assert ticked(page) == {str(id_) for id_ in five}
    assert fields(page)["shared"] == ""


def test_what_is_not_finished_is_saved_all_the_same(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """It is held back only when it is handed in."""
    amina.post(address(cast), {"criterion": [ids["1.1"]]})
    assert kept(cast) == {ids["1.1"]: ClaimText("", "")}


def test_a_gap_that_is_ticked_is_a_draft(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """What has a state of its own keeps that."""

    def state(code: str) -> str:
        page = amina.get(address(cast))
        found = next(e for e in page.all("span") if e.get("id") == f"state-{ids[code]}")
        return "".join(found.itertext())

    before = state("2.1")
    assert state("1.3") == "Gap"
    amina.post(address(cast), {"criterion": [ids["1.3"], ids["2.1"]]})
    assert (state("1.3"), state("2.1")) == ("Draft", before)


def test_handing_in_what_is_not_finished_stays_here(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """Everything is saved, and the row that lacks words says so."""
    sent = {"criterion": [ids["1.1"], ids["1.2"]], f"annotation-{ids['1.2']}": "I rang.", "hand_in": "1"}
    page = amina.post(address(cast), sent, status=422)
    assert kept(cast) == {ids["1.1"]: ClaimText("", ""), ids["1.2"]: ClaimText("I rang.", "")}
    assert "It is saved." in page.words
    assert f"#annotation-{ids['1.1']}" in page.links()
    assert f"#annotation-{ids['1.2']}" not in page.links()
    page = amina.post(address(cast), {"hand_in": "1"}, status=422)
    assert "Tick at least one criterion that it shows." in page.words
    assert kept(cast) == {}
    done = amina.post(address(cast), {**sent, "shared": "I did."})
    assert done.location == f"/enrolments/{cast.enrolments['amina']}/hand-in?item={cast.evidence['amina E004']}"


def test_sixty_fields_come_back_as_they_went(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """Sending the page untouched changes nothing."""
    everything: dict[str, Any] = {"criterion": list(ids.values())}
    for code, id_ in ids.items():
        everything |= {f"annotation-{id_}": f"How {code} shows: 'so' & \"so\" <b>", f"place-{id_}": f"row {code}"}
    amina.post(address(cast), everything)
    before = kept(cast)
    assert len(before) == 17
    amina.post(address(cast), fields(amina.get(address(cast))))
    assert kept(cast) == before
    amina.post(address(cast), {})
    assert kept(cast) == {}


def test_words_on_a_row_that_is_not_ticked_are_not_kept(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """A tick is the claim."""
    amina.post(address(cast), {"criterion": [ids["1.1"]], f"annotation-{ids['1.2']}": "Never ticked."})
    assert set(kept(cast)) == {ids["1.1"]}


def test_a_refusal_keeps_what_was_typed(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """And leads to its row."""
    data = {
        "criterion": [ids["1.1"], ids["1.2"]],
        f"annotation-{ids['1.1']}": "Short.",
        f"annotation-{ids['1.2']}": "x" * (ANNOTATION_MOST + 1),
    }
    page = amina.post(address(cast), data, status=422)
    assert f"#annotation-{ids['1.2']}" in page.links()
    assert ticked(page) == {str(ids["1.1"]), str(ids["1.2"])}
    assert fields(page)[f"annotation-{ids['1.1']}"] == "Short."
    assert 'data-guard="changed"' in page.text
    assert kept(cast) == {}


@pytest.mark.parametrize("shared", ["x" * (ANNOTATION_MOST + 1), "y" * 9_000])
def test_a_shared_note_that_is_too_long(amina: StrictClient, cast: Cast, ids: dict[str, int], shared: str) -> None:
    """Said at its own field."""
    page = amina.post(address(cast), {"criterion": [ids["1.1"]], "shared": shared}, status=422)
    assert "#shared" in page.links()
    assert ticked(page) == {str(ids["1.1"])}


def test_a_foreign_criterion_is_refused(amina: StrictClient, cast: Cast) -> None:
    """As is what is no number at all."""
    page = amina.post(address(cast), {"criterion": ["999999"]}, status=422)
    assert "does not belong to your units" in page.words
    amina.post(address(cast), {"criterion": ["x; drop"]})
    assert kept(cast) == {}


def test_the_criterion_that_it_was_added_for_is_ticked(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """While nothing is kept yet, and only one of the learner's own."""
    assert ticked(amina.get(f"{address(cast)}?criterion={ids['1.3']}")) == {str(ids["1.3"])}
    assert ticked(amina.get(f"{address(cast)}?criterion=999999")) == set()
    amina.post(address(cast), {"criterion": [ids["2.1"]]})
    assert ticked(amina.get(f"{address(cast)}?criterion={ids['1.3']}")) == {str(ids["2.1"])}


def test_what_the_assessor_asked_for_stands_at_its_row(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """On a new version."""
    amina.post(f"/evidence/{cast.evidence['amina E001']}/revise")
    page = amina.get(address(cast, "amina E001"))
    assert ticked(page) == {str(ids["1.1"]), str(ids["1.2"])}
    assert "Say where the call note is kept." in page.words
    assert "on an earlier wording" not in page.words
    moved(cast, reworded=("1.2",))
    assert "on an earlier wording" in amina.get(address(cast, "amina E001")).words


def test_marking_points_are_a_click_away(amina: StrictClient, cast: Cast) -> None:
    """Without any script."""
    page = amina.get(address(cast))
    assert "What your assessor looks for in 1.1" in page.words
    assert "Names who referred the complaint and what triggered it" in page.words


def test_only_the_learner_maps(client: StrictClient, cast: Cast) -> None:
    """Who sees the item may not; who does not see it finds nothing."""
    client.sign_in("marguerite").get(address(cast, "amina E002"), status=403)
    client.get(address(cast), status=404)
    client.another().sign_in("olga").get(address(cast), status=404)


def test_a_withdrawn_version_maps_as_a_draft(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """With the claims that it went in with."""
    amina.post(f"/submissions/{cast.submissions['amina E002']}/withdraw")
    assert ticked(amina.get(address(cast, "amina E002"))) == {str(ids["2.1"]), str(ids["2.3"])}


def test_what_was_open_while_the_unit_was_moved_comes_back(
    amina: StrictClient, cast: Cast, ids: dict[str, int]
) -> None:
    """On the present criteria of the same codes; what was written for one that is gone can be copied."""
    sent = {
        "criterion": [ids[code] for code in ("1.1", "1.2", "3.1")],
        f"annotation-{ids['1.1']}": "A long text that she typed.",
        f"place-{ids['1.1']}": "page 7",
        f"annotation-{ids['1.2']}": "Another one.",
        f"annotation-{ids['3.1']}": "Every call of the week.",
        f"place-{ids['3.1']}": "row 9",
        "shared": "For all of them.",
    }
    moved(cast, reworded=("1.1",), gone=("3.1",))
    page = amina.post(address(cast), sent, status=422)
    assert "moved to newer criteria while you were writing" in page.words
    assert "One criterion is no longer in the unit." in page.words
    assert "Every call of the week." in page.words
    assert "Place: row 9" in page.words
    assert 'data-guard="changed"' in page.text
    assert kept(cast) == {}
    again = fields(page)
    now = present(cast)
    assert again["criterion"] == [str(now["1.1"]), str(now["1.2"])]
    assert again["shared"] == "For all of them."
    assert ids["1.1"] != now["1.1"]
    amina.post(address(cast), again)
    assert kept(cast) == {
        now["1.1"]: ClaimText("A long text that she typed.", "page 7"),
        now["1.2"]: ClaimText("Another one.", ""),
    }


def test_former_criteria_of_another_centre_are_not_told(client: StrictClient, cast: Cast) -> None:
    """Neither their words nor that they are there."""
    foreign = newer_for(cast, "olga", reworded=("1.1",), gone=("3.1",))
    with cast.installation.database.reading() as session:
        ids = [criterion.id for criterion in session.get_one(UnitVersion, foreign).criteria]
        enrolment_id = cast.enrolments["amina"]
        assert former_criteria(session, enrolment_id, ids) == {}
        assert former_criteria(session, cast.enrolments["olga"], ids).keys() == set(ids)
    page = client.sign_in("amina").post(address(cast), {"criterion": ids[:1]}, status=422)
    assert "does not belong to your units" in page.words
