"""Cohorts as an administrator meets them: the list, one with its learners, and learners on their way in and out."""

from datetime import date

import pytest

from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.enrolment import cohorts
from portfolio.enrolment.models import Cohort, Enrolment
from portfolio.enrolment.rules import EnrolmentState
from tests.cast import FULL_NAMES, Cast
from tests.client import StrictClient


@pytest.fixture
def ada(client: StrictClient, cast: Cast) -> StrictClient:
    """The administrator of Harrow Dale."""
    assert cast.people
    return client.sign_in("ada")


def opened(cast: Cast, *names: str, who: str = "ada") -> list[int]:
    """Cohorts of a centre by these names."""
    with cast.installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes[who])
        ids = [cohorts.open_cohort(session, System(), centre, name=name).id for name in names]
        session.commit()
    return ids


def put(cast: Cast, cohort_id: int, *names: str) -> None:
    """Learners come into a cohort."""
    with cast.installation.database.writing() as session:
        cohort = session.get_one(Cohort, cohort_id)
        for name in names:
            cohorts.put_in_cohort(session, System(), session.get_one(Enrolment, cast.enrolments[name]), cohort)
        session.commit()


def names_in(words: str, *names: str) -> list[str]:
    """Those of the names that a page has, in its order."""
    return sorted((name for name in names if name in words), key=words.index)


def test_an_empty_list_says_what_belongs_here(ada: StrictClient) -> None:
    """With the way to begin."""
    page = ada.get("/cohorts")
    assert "There is none yet" in page.words
    assert "/cohorts/new" in page.links()


def test_a_cohort_is_opened_changed_and_closed(ada: StrictClient) -> None:
    """Then it takes nobody, and stays as it is."""
    where = ada.post("/cohorts/new", {"name": "Spring 2027", "starts_on": "2027-03-01"}).location
    page = ada.get(where)
    assert "Spring 2027 is open." in page.words
    assert "1 March 2027" in page.words
    assert "Nobody is in it" in page.words
    fields = next(form["fields"] for form in ada.get(f"{where}/edit").forms() if "rev" in form["fields"])
    assert fields["starts_on"] == "2027-03-01"
    ada.post(f"{where}/edit", {**fields, "name": "Spring, Leeds", "starts_on": ""})
    assert "Spring, Leeds" in ada.get(where).words
    conflict = ada.post(f"{where}/edit", {**fields, "name": "Mine"}, status=409)
    assert "changed in another window" in conflict.words
    assert "Spring, Leeds" in conflict.words
    mine = next(form["fields"] for form in conflict.forms() if "rev" in form["fields"])
    assert mine["name"] == "Mine"
    ada.post(f"{where}/edit", mine)
    ada.post(f"{where}/close")
    assert "Closed on" in ada.get(where).words
    assert "It is closed." in ada.get(f"{where}/edit").words
    ada.post(f"{where}/close", status=409)
    ada.post(f"{where}/edit", {"rev": "3", "name": "Late"}, status=409)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "Give it a name."),
        ({"name": "x" * 121}, "Keep this to 120 characters."),
        ({"name": "SPRING"}, "Another cohort has this name."),
        ({"name": "Autumn", "starts_on": "soon"}, "Give a whole date"),
    ],
)
def test_what_cannot_be_is_said(ada: StrictClient, cast: Cast, fields: dict[str, str], said: str) -> None:
    """When one is opened, and when one is changed."""
    _spring, summer = opened(cast, "Spring", "Summer")
    assert said in ada.post("/cohorts/new", fields, status=422).words
    assert said in ada.post(f"/cohorts/{summer}/edit", {"rev": "1", **fields}, status=422).words


def test_the_list_is_found_sorted_and_paged(ada: StrictClient, cast: Cast) -> None:
    """Closed ones come last; another centre's are not there."""
    alpha, beta, gamma = opened(cast, "Alpha", "Beta", "Gamma")
    opened(cast, "Theirs", who="odette")
    put(cast, gamma, "amina", "ben")
    with cast.installation.database.writing() as session:
        cohorts.change_cohort(session, System(), session.get_one(Cohort, beta), name="Beta", starts_on=date(2027, 1, 1))
        cohorts.close_cohort(session, System(), session.get_one(Cohort, alpha))
        session.get_one(Enrolment, cast.enrolments["ben"]).state = EnrolmentState.COMPLETED
        session.commit()
    every = ("Alpha", "Beta", "Gamma", "Theirs")
    assert names_in(ada.get("/cohorts").words, *every) == ["Beta", "Gamma", "Alpha"]
    assert names_in(ada.get("/cohorts?sort=learners").words, *every) == ["Gamma", "Beta", "Alpha"]
    assert names_in(ada.get("/cohorts?sort=name").words, *every) == ["Beta", "Gamma", "Alpha"]
    found = ada.get("/cohorts?q=gam")
    assert names_in(found.words, *every) == ["Gamma"]
    row = next("".join(e.itertext()).split() for e in found.all("tr") if "Gamma" in "".join(e.itertext()))
    assert row == ["Gamma", "–", "2", "1", "Open"]
    assert "None is found" in ada.get("/cohorts?q=delta").words
    for query in ("sort=nonsense", "page=99999", "q=%00%27", "q=" + "x" * 500, "q=%25"):
        ada.get(f"/cohorts?{query}")
    opened(cast, *(f"Cohort {number:02}" for number in range(60)))
    first = ada.get("/cohorts?sort=name")
    assert "/cohorts?sort=name&page=2" in first.links()
    assert "Gamma" in ada.get("/cohorts?sort=name&page=2").words


def test_a_cohort_shows_its_learners(ada: StrictClient, cast: Cast) -> None:
    """With the way to each."""
    (spring,) = opened(cast, "Spring")
    put(cast, spring, "amina")
    page = ada.get(f"/cohorts/{spring}")
    assert FULL_NAMES["amina"] in page.words
    assert FULL_NAMES["ben"] not in page.words
    assert f"/enrolments/{cast.enrolments['amina']}" in page.links()


def test_a_learner_is_moved_from_the_enrolments_page(ada: StrictClient, client: StrictClient, cast: Cast) -> None:
    """Into a cohort, over to another, and out of it; their own page says which."""
    where = f"/enrolments/{cast.enrolments['ben']}"
    assert "There is none that takes learners" in ada.get(f"{where}/cohort").words
    spring, autumn = opened(cast, "Spring", "Autumn")
    (theirs,) = opened(cast, "Theirs", who="odette")
    assert f"{where}/cohort" in ada.get(where).links()
    for cohort_id, name in ((spring, "Spring"), (autumn, "Autumn")):
        ada.post(f"{where}/cohort", {"cohort": str(cohort_id)})
        page = ada.get(where)
        assert f"{FULL_NAMES['ben']} is in {name} now." in page.words
        assert f"/cohorts/{cohort_id}" in page.links()
    ben = client.another().sign_in("ben").get(where)
    assert "Autumn" in ben.words
    assert f"/cohorts/{autumn}" not in ben.links()
    assert "already" in ada.post(f"{where}/cohort", {"cohort": str(autumn)}, status=422).words
    ada.post(f"{where}/cohort", {"cohort": str(theirs)}, status=422)
    ada.post(f"{where}/cohort", {"cohort": ""})
    assert "is in no cohort now" in ada.get(where).words


def test_who_is_in_a_closed_cohort_keeps_it_among_the_choices(ada: StrictClient, cast: Cast) -> None:
    """So that the form says how things stand."""
    (spring,) = opened(cast, "Spring")
    put(cast, spring, "ben")
    ada.post(f"/cohorts/{spring}/close")
    page = ada.get(f"/enrolments/{cast.enrolments['ben']}/cohort")
    assert next(form["fields"] for form in page.forms() if "cohort" in form["fields"])["cohort"] == str(spring)


def test_who_is_over_stays_where_they_are(ada: StrictClient, cast: Cast) -> None:
    """The page says so, and a form that comes all the same is refused."""
    (spring,) = opened(cast, "Spring")
    with cast.installation.database.writing() as session:
        cohorts.put_in_cohort(
            session, System(), session.get_one(Enrolment, cast.enrolments["ben"]), session.get_one(Cohort, spring)
        )
        session.get_one(Enrolment, cast.enrolments["ben"]).state = EnrolmentState.WITHDRAWN
        session.commit()
    where = f"/enrolments/{cast.enrolments['ben']}/cohort"
    assert "This enrolment is over." in ada.get(where).words
    ada.post(where, {"cohort": ""}, status=409)


def test_a_learner_is_enrolled_into_a_cohort(ada: StrictClient, cast: Cast) -> None:
    """The form offers those that are open, once there is one."""
    fields = {form_name for form in ada.get("/enrolments/new").forms() for form_name in form["fields"]}
    assert "cohort" not in fields
    (spring,) = opened(cast, "Spring")
    page = ada.get("/enrolments/new")
    form = next(form["fields"] for form in page.forms() if "qualification" in form["fields"])
    chosen = {option.get("value") for option in page.all("option")}
    drew, qualification = str(cast.people["drew"]), next(v for v in chosen if v and v != str(spring))
    assert str(spring) in chosen
    assert drew not in chosen
    assert qualification
    assert form["cohort"] == ""
