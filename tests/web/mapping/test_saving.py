"""Saving a mapping in the background, and two windows on one item: one wins, the other is shown both."""

from typing import Any

import pytest

from portfolio.evidence import trashing
from portfolio.evidence.models import Evidence
from portfolio.mapping.queries import ClaimText
from portfolio.mapping.rules import ANNOTATION_MOST, PLACE_MOST
from tests.cast import Cast
from tests.client import Page, StrictClient
from tests.web.enrolment.diplomas import moved
from tests.web.evidence.test_finding import listed
from tests.web.mapping.test_mapping_page import address, fields, kept, present, ticked

JSON = {"Accept": "application/json"}


@pytest.fixture
def amina(client: StrictClient, cast: Cast) -> StrictClient:
    """The learner."""
    assert cast.people
    return client.sign_in("amina")


@pytest.fixture
def ids(cast: Cast) -> dict[str, int]:
    """Criterion ids by code."""
    return present(cast)


def standing(client: StrictClient, cast: Cast) -> dict[str, Any]:
    """What the page's script is told when it asks."""
    told: dict[str, Any] = client.open(address(cast), headers=JSON).response.get_json()
    return told


def save(client: StrictClient, cast: Cast, data: dict[str, Any], *, status: int = 200) -> dict[str, Any]:
    """Send what a script sends; answers what it is told."""
    told: dict[str, Any] = client.post(address(cast), data, status=status, headers=JSON).response.get_json()
    return told


def alert(page: Page) -> str:
    """The words of the notice that is read out."""
    return " ".join(" ".join("".join(e.itertext()) for e in page.all("div") if e.get("role") == "alert").split())


def test_each_save_builds_on_the_one_before(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """The answer carries the number of the mapping, how much is mapped, and when it was saved."""
    first = standing(amina, cast)
    assert first["person"] == next(e.get("data-person") for e in amina.get(address(cast)).all("body"))
    told = save(amina, cast, {"criterion": [ids["1.1"]], "rev": first["rev"]})
    assert (told["count"], len(told["saved"])) == (1, 5)
    data = {"criterion": [ids["1.1"], ids["1.2"]], f"annotation-{ids['1.2']}": "I rang.", "rev": told["rev"]}
    again = save(amina, cast, data)
    assert again["count"] == 2
    assert len({first["rev"], told["rev"], again["rev"]}) == 3
    assert kept(cast) == {ids["1.1"]: ClaimText("", ""), ids["1.2"]: ClaimText("I rang.", "")}
    assert standing(amina, cast)["rev"] == again["rev"]
    assert fields(amina.get(address(cast)))["rev"] == str(again["rev"])


def test_a_script_may_go_on_with_the_token_that_it_is_told(
    amina: StrictClient, cast: Cast, ids: dict[str, int]
) -> None:
    """After somebody signed in again in another window."""
    told = standing(amina, cast)
    data = {"csrf_token": told["csrf_token"], "criterion": [ids["1.1"]], "rev": told["rev"]}
    assert amina.open(address(cast), "POST", data=data, headers=JSON).status == 200
    assert amina.open(address(cast), "POST", data={**data, "csrf_token": "x"}, headers=JSON).status == 400


def test_two_windows_by_script(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """The second is told what the first saved, and with that number it may keep its own."""
    rev = standing(amina, cast)["rev"]
    one = {"criterion": [ids["1.1"]], f"annotation-{ids['1.1']}": "First.", f"place-{ids['1.1']}": "page 2", "rev": rev}
    two = {"criterion": [ids["2.1"]], f"annotation-{ids['2.1']}": "Second.", "rev": rev}
    saved = save(amina, cast, one)
    told = save(amina, cast, two, status=409)
    assert told == {"rev": saved["rev"], "theirs": {str(ids["1.1"]): {"annotation": "First.", "place": "page 2"}}}
    assert set(kept(cast)) == {ids["1.1"]}
    save(amina, cast, {**two, "rev": told["rev"]})
    assert kept(cast) == {ids["2.1"]: ClaimText("Second.", "")}


def test_two_windows_that_say_the_same(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """There is nothing to choose between."""
    data = {"criterion": [ids["1.1"]], "rev": standing(amina, cast)["rev"]}
    assert save(amina, cast, data) | {"saved": ""} == save(amina, cast, data) | {"saved": ""}


def test_two_windows_without_scripts(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """Mine comes back in the form, and where the other one differs stands above it; saving again keeps mine."""
    mine = fields(amina.get(address(cast)))
    theirs = {"criterion": [ids["1.1"], ids["1.2"]], f"annotation-{ids['1.1']}": "Theirs.", f"place-{ids['1.1']}": "¶3"}
    amina.post(address(cast), {**mine, **theirs})
    changed = {**mine, "criterion": [ids["1.2"], ids["2.1"]], f"annotation-{ids['2.1']}": "Mine."}
    page = amina.post(address(cast), changed, status=409)
    assert "mapped in another window while you were here" in alert(page)
    assert "1.1 Theirs. (¶3)" in alert(page)
    assert "2.1 not ticked" in alert(page)
    assert "1.2" not in alert(page)
    assert ticked(page) == {str(ids["1.2"]), str(ids["2.1"])}
    assert set(kept(cast)) == {ids["1.1"], ids["1.2"]}
    assert 'data-guard="changed"' in page.text
    assert 'data-standing="typed"' in page.text
    amina.post(address(cast), fields(page))
    assert set(kept(cast)) == {ids["1.2"], ids["2.1"]}


def test_handing_in_is_no_way_round_the_other_window(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """It is not saved, so it does not go on."""
    mine = fields(amina.get(address(cast)))
    amina.post(address(cast), {"criterion": [ids["1.1"]], f"annotation-{ids['1.1']}": "Theirs."})
    data = {**mine, "criterion": [ids["2.1"]], f"annotation-{ids['2.1']}": "Mine.", "hand_in": "1"}
    amina.post(address(cast), data, status=409)
    assert set(kept(cast)) == {ids["1.1"]}


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("annotation", "x" * (ANNOTATION_MOST + 1), "Keep each annotation to 2000 characters."),
        ("place", "x" * (PLACE_MOST + 1), "Keep each place to 120 characters."),
    ],
)
def test_faults_are_told_by_their_field(
    amina: StrictClient, cast: Cast, ids: dict[str, int], name: str, text: str, words: str
) -> None:
    """And nothing is saved."""
    told = save(amina, cast, {"criterion": [ids["1.1"]], f"{name}-{ids['1.1']}": text}, status=422)
    assert told == {"faults": {f"{name}-{ids['1.1']}": words}, "moved": False}
    assert kept(cast) == {}


def test_other_faults_are_told_to_a_script(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """Of the shared note, and of no field at all."""
    told = save(amina, cast, {"shared": "x" * (ANNOTATION_MOST + 1)}, status=422)
    assert told["faults"] == {"shared": "Keep this to 2000 characters."}
    told = save(amina, cast, {"criterion": ["999999"]}, status=422)
    assert told["faults"] == {"": "One of the criteria does not belong to your units. Load the page again."}
    old = ids["1.1"]
    moved(cast, reworded=("1.1",))
    assert save(amina, cast, {"criterion": [old]}, status=422)["moved"] is True
    assert kept(cast) == {}


def test_a_script_is_refused_as_anybody_is(client: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """Signed out, without the right, for a foreign item, and for one that is in the trash by now."""
    data = {"criterion": [ids["1.1"]]}
    assert client.open(address(cast), headers=JSON).status == 401
    assert client.open(address(cast), "POST", data=data, headers=JSON).status in {400, 401}
    marguerite = client.another().sign_in("marguerite")
    marguerite.post(address(cast, "amina E002"), data, status=403, headers=JSON)
    marguerite.post(address(cast), data, status=404, headers=JSON)
    amina = client.sign_in("amina")
    with cast.installation.database.writing() as session:
        trashing.trash(session, cast.actor("amina", session), session.get_one(Evidence, cast.evidence["amina E004"]))
        session.commit()
    assert "in the trash" in save(amina, cast, data, status=409)["message"]
    assert "theirs" not in save(amina, cast, data, status=409)


def test_a_tick_that_is_not_saved_yet_is_known_as_such(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """So that a script saves it with the rest."""
    assert 'data-standing="kept"' in amina.get(address(cast)).text
    assert 'data-standing="added"' in amina.get(f"{address(cast)}?criterion={ids['1.3']}").text


def test_what_a_shared_note_is_said_of(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """Each criterion that has its words, and not the one with words of its own."""
    data = {
        "criterion": [ids["1.1"], ids["1.2"], ids["2.1"]],
        f"annotation-{ids['2.1']}": "Mine.",
        "shared": "For all.",
    }
    amina.post(address(cast), data)
    page = amina.get(address(cast))
    assert "“For all.” is said of 1.1, 1.2." in page.words
    assert page.text.count("From a shared note") == 2


def test_more_criteria_than_one_believes(amina: StrictClient, cast: Cast, ids: dict[str, int]) -> None:
    """Said on the page and in the list, where it can be asked for; it is saved all the same."""
    listing = f"/enrolments/{cast.enrolments['amina']}/evidence"
    assert "not mapped yet" in amina.get(f"{listing}?unit=none").words
    told = [e for e in amina.get(address(cast)).all("p") if e.get("data-over") or e.get("data-unmapped") is not None]
    assert [e.get("hidden") is None for e in told] == [True, False]
    amina.post(address(cast), {"criterion": list(ids.values())[:12]})
    assert listed(amina.get(f"{listing}?unit=many")) == []
    amina.post(address(cast), {"criterion": list(ids.values())[:13]})
    page = amina.get(address(cast))
    assert "Mapped to 13 criteria: more than most assessors will believe of one item." in page.words
    told = [e for e in page.all("p") if e.get("data-over") or e.get("data-unmapped") is not None]
    assert [e.get("hidden") is None for e in told] == [False, True]
    found = amina.get(f"{listing}?unit=many")
    assert listed(found) == ["E004"]
    assert "more than most assessors will believe" in found.words
