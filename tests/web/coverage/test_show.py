"""The coverage audit: who sees which learners, what the filters do, pages, and links to the gap."""

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

AMINA, BEN, OLGA = "Amina Ramachandran-Hughes", "Ben Oyelaran", "Olga Whitcombe"


def learners(page: Page) -> list[str]:
    """The names in the table."""
    rows = [th for th in page.all("th") if th.get("scope") == "row"]
    return ["".join(link.itertext()) for th in rows for link in th.iter("a")]


def sums(page: Page) -> list[int]:
    """Met, claimed, needing more, gaps."""
    return [int("".join(dd.itertext())) for dd in page.all("dd")]


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
    page = client.sign_in(name).get("/coverage")
    assert learners(page) == seen
    assert cast.enrolments
    assert f"{len(seen)} {'learner' if len(seen) == 1 else 'learners'}, 17 criteria each" in page.words
    for stranger in {AMINA, BEN, OLGA} - set(seen):
        assert stranger not in page.text


def test_a_learner_has_no_audit(cast: Cast, client: StrictClient) -> None:
    assert cast.enrolments
    client.sign_in("amina").get("/coverage", status=404)


def test_sums_and_cells_say_the_same(cast: Cast, client: StrictClient, session: Session) -> None:
    page = client.sign_in("iris").get("/coverage")
    assert sums(page) == [1, 2, 1, 30]
    cells = [td for td in page.all("td") if (td.get("class") or "").startswith("c ")]
    words = ["".join(td.itertext()).strip() for td in cells]
    assert words[:2] == ["1.1 Met", "1.2 Needs more"]
    assert [len([w for w in words if w.endswith(state)]) for state in (" Met", " Claimed", " Needs more", " Gap")] == [
        1, 2, 1, 30,
    ]  # fmt: skip
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    assert f"/enrolments/{enrolment.id}/units/{enrolment.units[0].id}" in page.links()
    assert "1 of 17" in page.words


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ({"q": "ben"}, [BEN]),
        ({"q": "%"}, []),
        ({"state": "met"}, [AMINA]),
        ({"state": "gap"}, [AMINA, BEN]),
        ({"state": "needs_more", "q": "ben"}, []),
        ({"assessor": "tobias"}, [AMINA]),
        ({"assessor": "nobody", "state": "perfect", "unit": "NO-SUCH-UNIT"}, [AMINA, BEN]),
        ({"unit": "HRCC"}, [AMINA, BEN]),
    ],
)
def test_filters_are_in_the_address(cast: Cast, client: StrictClient, asked: dict[str, str], seen: list[str]) -> None:
    if asked.get("assessor") in cast.people:
        asked = asked | {"assessor": str(cast.people[asked["assessor"]])}
    page = client.sign_in("iris").get(f"/coverage?{urlencode(asked)}")
    assert learners(page) == seen
    (form,) = [form for form in page.forms() if form["method"] == "get"]
    assert form["fields"]["unit"] == "HRCC"
    assert form["fields"]["q"] == asked.get("q", "")
    if not seen:
        assert "No learner fits" in page.words


def test_each_filter_can_be_taken_away_alone(cast: Cast, client: StrictClient) -> None:
    page = client.sign_in("iris").get(f"/coverage?q=a&state=gap&assessor={cast.people['tobias']}")
    assert "Tobias Achterberg, remove this filter" in page.words
    assert {
        f"/coverage?unit=HRCC&assessor={cast.people['tobias']}&state=gap",
        f"/coverage?unit=HRCC&assessor={cast.people['tobias']}&q=a",
        "/coverage?unit=HRCC&state=gap&q=a",
        "/coverage?unit=HRCC",
    } <= page.links()


def test_who_sees_nobody_yet_is_told_what_will_stand_here(cast: Cast, client: StrictClient, session: Session) -> None:
    assert cast.enrolments
    session.execute(delete(Grant))
    session.connection().info["written"].clear()
    session.commit()
    assert "No learner to show yet" in client.sign_in("ewan").get("/coverage").words


def test_pages_of_fifty_learners_take_the_same_statements(cast: Cast, client: StrictClient, session: Session) -> None:
    few = client.sign_in("iris").get("/coverage").statements
    centre = session.get_one(Centre, cast.homes["ada"])
    qualification = session.get_one(Enrolment, cast.enrolments["ben"]).qualification
    for number in range(60):
        key = f"many{number}"
        casting.FULL_NAMES[key] = f"Learner {number:02d}"
        person: Person = casting.add_person(session, cast.installation, cast, centre, key, Role.LEARNER)
        casting.enrol(session, centre, person, qualification, cast, key)
        del casting.FULL_NAMES[key]
    session.commit()
    first = client.get("/coverage")
    assert first.statements == few
    assert learners(first) == [AMINA, BEN, *[f"Learner {n:02d}" for n in range(48)]]
    assert "62 learners" in first.words
    assert sums(first) == [1, 2, 1, 62 * 17 - 4]
    (forward,) = [link for link in first.links() if "after=" in link]
    second = client.get(forward)
    assert learners(second) == [f"Learner {n:02d}" for n in range(48, 60)]
    assert sums(second) == sums(first)
    (back,) = [link for link in second.links() if "before=" in link]
    assert learners(client.get(back)) == learners(first)
    assert learners(client.get("/coverage?after=999999")) == []
