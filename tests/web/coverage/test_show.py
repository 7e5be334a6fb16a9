"""The coverage audit's heat maps: who sees which learners, what the filters do, pages, and links to the gap."""

from urllib.parse import urlencode

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from portfolio.accounts.models import Grant, Person
from portfolio.accounts.rules import Role
from portfolio.centres.models import Centre
from portfolio.enrolment.models import Enrolment
from tests import cast as casting
from tests.cast import Cast
from tests.client import Page, StrictClient

VIEWS = ("/coverage", "/coverage?unit=HRCC", "/coverage/criteria", "/coverage/sums", "/coverage/behind")
AMINA, BEN, OLGA = "Amina Ramachandran-Hughes", "Ben Oyelaran", "Olga Whitcombe"


def learners(page: Page) -> list[str]:
    """The names in the table."""
    rows = [th for th in page.all("th") if th.get("scope") == "row"]
    return ["".join(link.itertext()) for th in rows for link in th.iter("a")]


def sums(page: Page) -> list[int]:
    """Met, claimed, needing more, gaps, single source."""
    return [int("".join(dd.itertext()).replace(",", "")) for dd in page.all("dd")]


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("iris", [AMINA, BEN]),
        ("ada", [AMINA, BEN]),
        ("marguerite", [AMINA, BEN]),
        ("tobias", [AMINA]),
        ("dafydd", [AMINA]),
        ("ewan", [AMINA]),
        ("oscar", [OLGA]),
    ],
)
def test_everybody_sees_the_learners_that_are_theirs_to_see(
    cast: Cast, client: StrictClient, name: str, seen: list[str]
) -> None:
    assert cast.enrolments
    client.sign_in(name)
    for path in ("/coverage", "/coverage?unit=HRCC"):
        page = client.get(path)
        assert learners(page) == seen
        said = f"{len(seen)} {'learner' if len(seen) == 1 else 'learners'}, {17 * len(seen)} criteria in all"
        assert said in page.words
        for stranger in {AMINA, BEN, OLGA} - set(seen):
            assert stranger not in page.text


def test_a_learner_has_no_audit(cast: Cast, client: StrictClient) -> None:
    assert cast.enrolments
    client.sign_in("amina").get("/coverage", status=404)


def test_sums_and_cells_say_the_same(cast: Cast, client: StrictClient, session: Session) -> None:
    page = client.sign_in("iris").get("/coverage?unit=HRCC")
    assert sums(page) == [1, 2, 1, 30, 3]
    cells = [td for td in page.all("td") if (td.get("class") or "").startswith("c ")]
    words = ["".join(td.itertext()).strip() for td in cells]
    assert words[:2] == ["1.1 Met, single source", "1.2 Needs more"]
    assert [len([w for w in words if state in w]) for state in (" Met", " Claimed", " Needs more", " Gap")] == [
        1, 2, 1, 30,
    ]  # fmt: skip
    assert len([w for w in words if w.endswith(", single source")]) == 3
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    assert f"/enrolments/{enrolment.id}/units/{enrolment.units[0].id}" in page.links()
    assert "1 of 17" in page.words


def test_a_unit_is_said_in_words_and_leads_to_its_gaps(cast: Cast, client: StrictClient, session: Session) -> None:
    page = client.sign_in("iris").get("/coverage")
    assert sums(page) == [1, 2, 1, 30, 3]
    cells = [" ".join(" ".join(td.itertext()).split()) for td in page.all("td") if td.get("class") == "h"]
    assert cells[0] == (
        "5% met , 1 of 17 13 gaps, 2 claimed, 1 needs more 3 single source , Handle referred customer complaints"
    )
    assert cells[2] == "2% met , 1 of 34 30 gaps, 2 claimed, 1 needs more 3 single source"
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    assert f"/enrolments/{enrolment.id}/units/{enrolment.units[0].id}?show=gaps" in page.links()


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ({"q": "ben"}, [BEN]),
        ({"q": "%"}, []),
        ({"state": "met"}, [AMINA]),
        ({"state": "gap"}, [AMINA, BEN]),
        ({"state": "needs_more", "q": "ben"}, []),
        ({"assessor": "tobias"}, [AMINA]),
        ({"assessor": "nobody", "state": "perfect", "unit": "NO-SUCH-UNIT", "idle": "x", "sort": "x"}, [AMINA, BEN]),
        ({"unit": "HRCC"}, [AMINA, BEN]),
        ({"state": "single"}, [AMINA]),
        ({"idle": "3"}, [BEN]),
        ({"cohort": "0"}, [AMINA, BEN]),
        ({"cohort": "99999"}, [AMINA, BEN]),
        ({"sort": "met"}, [BEN, AMINA]),
        ({"sort": "behind"}, [BEN, AMINA]),
        ({"sort": "progress"}, [BEN, AMINA]),
    ],
)
def test_filters_are_in_the_address(cast: Cast, client: StrictClient, asked: dict[str, str], seen: list[str]) -> None:
    if asked.get("assessor") in cast.people:
        asked = asked | {"assessor": str(cast.people[asked["assessor"]])}
    client.sign_in("iris")
    for unit in ({}, {"unit": "HRCC"}):
        page = client.get(f"/coverage?{urlencode(unit | asked)}")
        assert learners(page) == seen
        (form,) = [form for form in page.forms() if form["method"] == "get"]
        assert form["fields"]["q"] == asked.get("q", "")
        if not seen:
            assert "No learner fits" in page.words


def test_each_filter_can_be_taken_away_alone(cast: Cast, client: StrictClient) -> None:
    tobias = cast.people["tobias"]
    page = client.sign_in("iris").get(f"/coverage?unit=HRCC&q=a&state=gap&assessor={tobias}&idle=9&cohort=0")
    for words in ("Tobias Achterberg", "With gaps", "Name has “a”", "No progress for 9 days", "In no cohort"):
        assert f"{words}, remove this filter" in page.words
    assert {
        f"/coverage?unit=HRCC&cohort=0&assessor={tobias}&state=gap&idle=9",
        f"/coverage?unit=HRCC&cohort=0&assessor={tobias}&idle=9&q=a",
        "/coverage?unit=HRCC&cohort=0&state=gap&idle=9&q=a",
        f"/coverage?unit=HRCC&assessor={tobias}&state=gap&idle=9&q=a",
        f"/coverage?unit=HRCC&cohort=0&assessor={tobias}&state=gap&q=a",
        "/coverage?unit=HRCC",
        f"/coverage?cohort=0&assessor={tobias}&state=gap&idle=9&q=a",
        f"/coverage/sums?unit=HRCC&cohort=0&assessor={tobias}&state=gap&idle=9&q=a",
    } <= page.links()


def test_who_sees_nobody_yet_is_told_what_will_stand_here(cast: Cast, client: StrictClient, session: Session) -> None:
    assert cast.enrolments
    session.execute(delete(Grant))
    session.connection().info["written"].clear()
    session.commit()
    client.sign_in("ewan")
    for path in VIEWS:
        assert "No learner to show yet" in client.get(path).words


def test_pages_of_fifty_learners_take_the_same_statements(cast: Cast, client: StrictClient, session: Session) -> None:
    client.sign_in("iris")
    few = {path: client.get(path).statements for path in VIEWS}
    centre = session.get_one(Centre, cast.homes["ada"])
    qualification = session.get_one(Enrolment, cast.enrolments["ben"]).qualification
    for number in range(60):
        key = f"many{number}"
        casting.FULL_NAMES[key] = f"Learner {number:02d}"
        person: Person = casting.add_person(session, cast.installation, cast, centre, key, Role.LEARNER)
        casting.enrol(session, centre, person, qualification, cast, key)
        del casting.FULL_NAMES[key]
    session.commit()
    assert {path: client.get(path).statements for path in VIEWS} == few
    first = client.get("/coverage")
    assert learners(first) == [AMINA, BEN, *[f"Learner {n:02d}" for n in range(48)]]
    assert "62 learners" in first.words
    assert sums(first) == [1, 2, 1, 62 * 17 - 4, 3]
    (forward,) = [link for link in first.links() if "after=" in link]
    second = client.get(forward)
    assert learners(second) == [f"Learner {n:02d}" for n in range(48, 60)]
    assert sums(second) == sums(first)
    (back,) = [link for link in second.links() if "before=" in link]
    assert learners(client.get(back)) == learners(first)
    assert "There is nobody more on this page" in client.get("/coverage?after=999999").words
