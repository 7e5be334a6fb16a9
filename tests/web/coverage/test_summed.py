"""The coverage audit summed: by criterion, by group, and who is furthest behind; each for whoever may see it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.assessment.models import Progress
from portfolio.audit.models import AccessLog
from portfolio.centres.models import Centre
from portfolio.enrolment import cohorts
from portfolio.enrolment.models import Enrolment
from tests.cast import Cast
from tests.client import Page, StrictClient

SVG = "{http://www.w3.org/2000/svg}"
PATHS = ("/coverage", "/coverage?unit=HRCC", "/coverage/criteria", "/coverage/sums", "/coverage/behind")


def lines(page: Page) -> list[list[str]]:
    """Each row of the table under the chart."""
    (body,) = page.all("tbody")
    return [["".join(cell.itertext()) for cell in row] for row in body.iter("tr")]


def bars(page: Page) -> list[str]:
    """What is said beside each bar."""
    return ["".join(one.itertext()) for one in page.all("span") if one.get("class") == "chart-words"]


def test_each_criterion_is_summed_and_drawn(cast: Cast, client: StrictClient) -> None:
    assert cast.enrolments
    page = client.sign_in("iris").get("/coverage/criteria?unit=HRCC")
    rows = lines(page)
    assert len(rows) == 17
    assert [rows[0][0], *rows[0][2:]] == ["1.1", "2", "1", "0", "0", "1", "1"]
    assert [rows[1][0], *rows[1][2:]] == ["1.2", "2", "0", "1", "0", "1", "0"]
    assert bars(page)[:2] == ["1 of 2 met, 1 gap, 1 single source", "0 of 2 met, 1 needs more, 1 gap"]
    drawn = [(one.get("class"), one.get("x"), one.get("width")) for one in page.all(f"{SVG}rect")]
    assert drawn[:2] == [("b-met", "0.00", "50.00"), ("b-none", "50.00", "50.00")]
    assert client.get("/coverage/criteria").words == page.words


def test_whoever_sees_one_learner_alone_has_other_sums(cast: Cast, client: StrictClient) -> None:
    assert cast.enrolments
    rows = lines(client.sign_in("ewan").get("/coverage/criteria"))
    assert rows[0][2:] == ["1", "1", "0", "0", "0", "1"]
    rows = lines(client.get("/coverage/sums"))
    assert [row[:2] for row in rows] == [["Marguerite Okonkwo-Lindqvist", "1"], ["Tobias Achterberg", "1"]]


def test_groups_are_by_assessor_cohort_and_organisation(cast: Cast, client: StrictClient, session: Session) -> None:
    ada, centre = cast.actor("ada", session), session.get_one(Centre, cast.homes["ada"])
    autumn = cohorts.open_cohort(session, ada, centre, name="Autumn")
    cohorts.put_in_cohort(session, ada, session.get_one(Enrolment, cast.enrolments["amina"]), autumn)
    session.commit()
    client.sign_in("iris")
    by_assessor = client.get("/coverage/sums")
    assert [row[:9] for row in lines(by_assessor)] == [
        ["Marguerite Okonkwo-Lindqvist", "2", "2", "34", "1", "1", "2", "30", "3"],
        ["Tobias Achterberg", "1", "1", "17", "1", "1", "2", "13", "3"],
    ]
    assert f"/coverage?assessor={cast.people['tobias']}" in by_assessor.links()
    by_cohort = client.get("/coverage/sums?by=cohort")
    assert [row[:5] for row in lines(by_cohort)] == [
        ["Autumn", "1", "1", "17", "1"],
        ["In no cohort", "1", "1", "17", "0"],
    ]
    assert {f"/coverage?cohort={autumn.id}", "/coverage?cohort=0"} <= by_cohort.links()
    organisation = session.get_one(Enrolment, cast.enrolments["amina"]).qualification.awarding_organisation
    by_organisation = client.get("/coverage/sums?by=organisation")
    assert [row[:2] for row in lines(by_organisation)] == [[organisation, "2"]]
    assert lines(client.get(f"/coverage/sums?by=cohort&cohort={autumn.id}"))[0][0] == "Autumn"
    assert bars(by_cohort)[1] == "0 of 17 met, 17 gaps"


def test_namesakes_stand_beside_each_other(cast: Cast, client: StrictClient, session: Session) -> None:
    for name in ("marguerite", "tobias"):
        session.get_one(Person, cast.people[name]).name = "Same Name"
    session.flush()
    session.connection().info["written"].clear()
    session.commit()
    rows = lines(client.sign_in("iris").get("/coverage/sums"))
    assert sorted(row[:2] for row in rows) == [["Same Name", "1"], ["Same Name", "2"]]


def test_those_furthest_behind_come_first(cast: Cast, client: StrictClient, session: Session) -> None:
    today = clock.today()
    for name, days in (("amina", 3), ("ben", 40)):
        session.get_one(Progress, cast.enrolments[name]).on_track_until = today - timedelta(days=days)
    session.commit()
    page = client.sign_in("iris").get("/coverage/behind")
    assert "2 learners behind the plan" in page.words
    assert [(row[0], row[7]) for row in lines(page)] == [("Ben Oyelaran", "40"), ("Amina Ramachandran-Hughes", "3")]
    assert bars(page) == ["40 days behind", "3 days behind"]
    assert f"/enrolments/{cast.enrolments['ben']}" in page.links()
    session.get_one(Progress, cast.enrolments["ben"]).on_track_until = today
    session.commit()
    assert [row[0] for row in lines(client.get("/coverage/behind"))] == ["Amina Ramachandran-Hughes"]
    assert "Nobody is behind the plan" in client.get("/coverage/behind?q=ben").words


def test_nobody_fits_is_said_on_every_view(cast: Cast, client: StrictClient) -> None:
    assert cast.enrolments
    client.sign_in("iris")
    for path in ("/coverage/criteria?q=zz", "/coverage/sums?q=zz"):
        assert "No learner fits" in client.get(path).words
    assert "Nobody is behind" in client.get("/coverage/behind?q=zz").words


@pytest.mark.parametrize("path", PATHS)
def test_every_opening_of_an_external_quality_assurer_is_on_record(
    cast: Cast, client: StrictClient, session: Session, path: str
) -> None:
    openings = select(func.count()).select_from(AccessLog).where(AccessLog.subject.startswith("centre:"))
    client.sign_in("ewan")
    counted = []
    for _ in range(2):
        counted.append(session.scalar(openings))
        session.rollback()
        client.get(path)
    assert counted == [0, 1]
    client.another().sign_in("iris").get(path)
    assert session.scalar(openings) == 2
    assert cast.people


def test_whoever_prints_it_stands_on_it(cast: Cast, client: StrictClient) -> None:
    assert cast.people
    page = client.sign_in("iris").get("/coverage?q=ben&state=gap")
    (printed,) = [p for p in page.all("p") if p.get("class") == "printed"]
    said = "".join(printed.itertext())
    assert "Harrow Dale" in said
    assert "Iris Featherstonehaugh (Internal quality assurer). Shown: With gaps; Name has “ben”." in said
