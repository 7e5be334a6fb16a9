"""The access log as a page: what external quality assurers opened, by person, by day and by learner."""

import csv
import io
from datetime import timedelta

import pytest

from portfolio import clock
from portfolio.accounts import managing
from portfolio.accounts.models import Person
from portfolio.centres.models import Centre
from portfolio.web.trail import views
from tests.cast import FULL_NAMES, Cast
from tests.client import Page, StrictClient


@pytest.fixture
def ada(client: StrictClient, cast: Cast) -> StrictClient:
    """The administrator, after ewan has looked at amina."""
    ewan = client.another().sign_in("ewan")
    where = f"/enrolments/{cast.enrolments['amina']}"
    item = min(link for link in ewan.get(f"{where}/evidence").links() if link.startswith("/evidence/"))
    for path in (where, "/coverage", item, f"{where}/trail/list", "/account"):
        assert ewan.open(path).status == 200
    return client.sign_in("ada")


def test_it_says_who_opened_what_of_whom(ada: StrictClient, cast: Cast) -> None:
    """The newest first, each led to; what is about oneself is not there."""
    page = ada.get("/centre/access")
    told = page.words
    expected = ("Downloaded the trail", "Opened E00", "Opened the coverage audit", "Opened the enrolment")
    assert sorted(expected, key=told.index) == list(expected)
    assert FULL_NAMES["ewan"] in told
    assert FULL_NAMES["amina"] in told
    assert "account" not in told.partition("What was opened")[2].lower()
    assert f"/enrolments/{cast.enrolments['amina']}" in page.links()
    assert any(link.startswith("/evidence/") for link in page.links())


def test_it_is_looked_through_by_person_day_and_learner(ada: StrictClient, cast: Cast) -> None:
    """Each alone, and together."""
    assert "Opened the coverage audit" in ada.get("/centre/access?who=ewan").words
    assert "Nothing is found" in ada.get("/centre/access?who=nobody").words
    yesterday = clock.today() - timedelta(days=1)
    assert "Nothing is found" in ada.get(f"/centre/access?until={yesterday.isoformat()}").words
    assert "Opened the coverage audit" in ada.get(f"/centre/access?since={yesterday.isoformat()}").words
    of_amina = ada.get(f"/centre/access?enrolment={cast.enrolments['amina']}")
    assert "Opened the enrolment" in of_amina.words
    assert "coverage audit" not in of_amina.words
    nobody = ada.get(f"/centre/access?enrolment={cast.enrolments['amina']}&who=nobody")
    assert f"/centre/access?enrolment={cast.enrolments['amina']}" in nobody.links()
    assert "Nothing was opened yet" in ada.get(f"/centre/access?enrolment={cast.enrolments['ben']}").words
    for odd in ("0", "x", "99999999999", str(cast.enrolments["olga"])):
        ada.get(f"/centre/access?enrolment={odd}", status=404)
    assert "/centre/access" in " ".join(ada.get(f"/enrolments/{cast.enrolments['amina']}/trail").links())


def test_it_is_read_a_page_at_a_time(ada: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The filter goes along."""
    monkeypatch.setattr(views, "ROWS", 2)
    page = ada.get("/centre/access?who=ewan")
    older = next(link for link in page.links() if "below=" in link)
    assert "who=ewan" in older
    assert "Downloaded the trail" not in ada.get(older).words
    newer = next(link for link in ada.get(older).links() if "above=" in link)
    assert "Downloaded the trail" in ada.get(newer).words


def test_it_is_had_as_a_list(ada: StrictClient, cast: Cast) -> None:
    """All that the filter finds, of everybody or of one learner, with no cell that a spreadsheet would run."""
    with cast.installation.database.writing() as session:
        ewan, centre = session.get_one(Person, cast.people["ewan"]), session.get_one(Centre, cast.homes["ada"])
        managing.rename(session, cast.actor("ada", session), ewan, centre, name="=1+1")
        session.commit()
    [link] = [link for link in ada.get("/centre/access?who=1%2B1").links() if "/centre/access/list" in link]
    assert "who=1" in link
    heading, *lines = listed(ada.get(link))
    assert heading == ["Day", "Time", "Who", "What", "Learner"]
    assert len(lines) > 3
    assert {line[2] for line in lines} == {"'=1+1"}
    assert {line[3] for line in lines} >= {"Opened the coverage audit", "Downloaded the trail"}
    assert listed(ada.get("/centre/access/list?who=nobody")) == [heading]
    _heading, *of_amina = listed(ada.get(f"/centre/access/list?enrolment={cast.enrolments['amina']}"))
    assert 0 < len(of_amina) < len(lines)
    assert {line[4] for line in of_amina} == {FULL_NAMES["amina"]}
    ada.get(f"/centre/access/list?enrolment={cast.enrolments['olga']}", status=404)


def listed(page: Page) -> list[list[str]]:
    """The lines of a list."""
    return list(csv.reader(io.StringIO(page.response.get_data().decode("utf-8-sig"))))


def test_it_is_for_administrators_and_quality_assurers(ada: StrictClient, client: StrictClient) -> None:
    """An external quality assurer does not read it."""
    for where in ("/centre/access", "/centre/access/list"):
        ada.get(where)
        client.another().sign_in("iris").get(where)
        for name in ("ewan", "amina", "marguerite"):
            client.another().sign_in(name).get(where, status=404)


def test_nothing_opened_yet(client: StrictClient, cast: Cast) -> None:
    """The page teaches what belongs there."""
    assert cast.people
    assert "Nothing was opened yet" in client.sign_in("odette").get("/centre/access").words
