"""The pages of known words, a centre's and a learner's own, and the page that forgets who is who."""

from typing import Any

import pytest

from portfolio.anonymise.findings import Known
from portfolio.centres.models import Centre
from portfolio.enrolment.models import Enrolment
from portfolio.screening.entities import Entities
from portfolio.screening.known import lists_of
from tests.cast import Cast
from tests.client import Page, StrictClient
from tests.screening.test_forgetting import known

CENTRE = "/centre/personal-data"


def own_of(cast: Cast, name: str = "amina") -> str:
    return f"/enrolments/{cast.enrolments[name]}/personal-data"


def fields(page: Page, action: str) -> dict[str, Any]:
    return next(form["fields"] for form in page.forms() if form["action"] == action)


def told_of(page: Page, name: str) -> str:
    found = [e for e in page.all("p") if e.get("id") == f"{name}-error"]
    return "".join(found[0].itertext()) if found else ""


def kept(cast: Cast, name: str = "") -> Known:
    with cast.installation.database.reading() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments[name]) if name else None
        return lists_of(session, session.get_one(Centre, cast.homes["ada"]), enrolment).known


def test_a_centre_keeps_its_lists(client: StrictClient, cast: Cast) -> None:
    ada = client.sign_in("ada")
    assert CENTRE in ada.get("/centre").links()
    page = ada.get(CENTRE)
    assert "Nothing waits for an answer of yours" in page.words
    assert "Personal data only warned ofNothing" in page.words
    sent = fields(page, CENTRE) | {"people": "Wilma Otter\r\nwilma otter\n\n", "leave_alone": "Harbour Water"}
    assert ada.post(CENTRE, sent).location == CENTRE
    page = ada.get(CENTRE)
    assert "The words are saved." in page.words
    assert kept(cast) == Known(("Wilma Otter",), (), ("Harbour Water",))
    again = fields(page, CENTRE)
    assert again["people"].strip() == "Wilma Otter"
    ada.post(CENTRE, again)
    assert "Nothing was changed" in ada.get(CENTRE).words


def test_a_learner_keeps_their_own(client: StrictClient, cast: Cast) -> None:
    amina, path = client.sign_in("amina"), own_of(cast)
    sent = fields(amina.get(path), path) | {"organisations": "The Otter Arms"}
    assert amina.post(path, sent).location == path
    page = amina.get(path)
    assert "Your words are saved." in page.words
    assert "Nobody but you reads these lists." in page.words
    assert kept(cast, "amina") == Known((), ("The Otter Arms",), ())
    assert kept(cast) == Known()
    ada = client.another().sign_in("ada")
    ada.get(path, status=403)
    assert "Otter" not in ada.get(f"/enrolments/{cast.enrolments['amina']}/trail").words
    client.another().sign_in("ben").get(path, status=404)


def test_where_an_administrator_decides_the_page_says_so(client: StrictClient, cast: Cast) -> None:
    ada = client.sign_in("ada")
    sent = fields(ada.get("/centre/settings"), "/centre/settings")
    ada.post("/centre/settings", {**sent, "override_by": "administrator"})
    assert "when whoever made the item asks with a reason" in ada.get(CENTRE).words
    client = client.another()
    assert "count only when the centre lists them" in client.sign_in("amina").get(own_of(cast)).words


@pytest.mark.parametrize("who", ["ada", "amina"])
def test_bad_lines_are_said_at_their_list(client: StrictClient, cast: Cast, who: str) -> None:
    """What was typed stays in the form."""
    person, path = client.sign_in(who), CENTRE if who == "ada" else own_of(cast)
    sent = {"rev": "0", "people": "Wilma Otter\nx", "organisations": "y", "leave_alone": "Harbour Water"}
    page = person.post(path, sent, status=422)
    assert "Line 2 is too short" in told_of(page, "people")
    assert "Line 1 is too short" in told_of(page, "organisations")
    assert fields(page, path)["people"].strip().splitlines() == ["Wilma Otter", "x"]
    assert kept(cast) == kept(cast, "amina") == Known()
    many = "\n".join(f"name {number}" for number in range(401))
    assert "Keep this to" in told_of(person.post(path, {"rev": "0", "people": many}, status=422), "people")


@pytest.mark.parametrize("who", ["ada", "amina"])
def test_two_windows_meet(client: StrictClient, cast: Cast, who: str) -> None:
    """The second one sees what stands beside what was typed; sent once more it is saved."""
    person, path = client.sign_in(who), CENTRE if who == "ada" else own_of(cast)
    person.post(path, {"rev": "0", "people": "Wilma Otter"})
    page = person.post(path, {"rev": "0", "people": "Somebody Else"}, status=409)
    assert "changed in another window" in page.words
    assert "Wilma Otter" in page.words
    mine = fields(page, path)
    assert (mine["people"].strip(), mine["rev"]) == ("Somebody Else", "1")
    person.post(path, mine)
    assert kept(cast, "" if who == "ada" else who).people == ("Somebody Else",)


def test_who_is_who_is_forgotten_after_a_tick(client: StrictClient, cast: Cast) -> None:
    amina, path = client.sign_in("amina"), own_of(cast)
    assert "Nobody is known at present" in amina.get(path).words
    with cast.installation.database.writing() as session:
        known(session, cast)
        session.commit()
    assert "One person or thing is known at present" in amina.get(path).words
    assert f"{path}/forget" in amina.get(path).links()
    assert "This cannot be taken back." in amina.get(f"{path}/forget").words
    page = amina.post(f"{path}/forget", status=422)
    assert "Tick this if you want it to be forgotten" in told_of(page, "sure")
    assert amina.post(f"{path}/forget", {"sure": "y"}).location == path
    assert "It is forgotten who is who." in amina.get(path).words
    with cast.installation.database.reading() as session:
        assert Entities(session, session.get_one(Enrolment, cast.enrolments["amina"])).known[0].is_gone
    amina.post(f"{path}/forget", {"sure": "y"}, status=409)
