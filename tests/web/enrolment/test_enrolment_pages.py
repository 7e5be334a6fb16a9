"""Enrolments as each role meets them: lists, one in whole, enrolling, allocating, granting."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portfolio import clock
from portfolio.accounts import actions as accounts
from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.criteria.actions import load_pack
from portfolio.enrolment import actions, leaving, queries
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty
from tests.assessment.packs import changed_pack
from tests.cast import FULL_NAMES, Cast
from tests.client import Page, StrictClient

TODAY = {"allocate-since": clock.today().isoformat()}


@pytest.fixture
def ada(client: StrictClient, cast: Cast) -> StrictClient:
    """The administrator of Harrow Dale."""
    assert cast.people
    return client.sign_in("ada")


def options(page: Page, name: str) -> dict[str, str]:
    """What a list offers: the words by value."""
    [found] = [select for select in page.all("select") if select.get("name") == name]
    return {o.get("value", ""): "".join(o.itertext()) for o in found.iter("option")}


def newcomer(cast: Cast) -> int:
    """A learner who is on nothing yet."""
    with cast.installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["ada"])
        row, _link = accounts.invite(
            session, System(), centre, email="nia@example.org", name="Nia Newcomer", role=Role.LEARNER
        )
        session.commit()
        return row.person_id


@pytest.mark.parametrize(
    ("name", "seen", "unseen"),
    [
        ("ada", ["amina", "ben"], ["olga"]),
        ("iris", ["amina", "ben"], ["olga"]),
        ("tobias", ["amina"], ["ben", "olga"]),
        ("ewan", ["amina"], ["ben", "olga"]),
        ("odette", ["olga"], ["amina", "ben"]),
    ],
)
def test_everybody_has_their_own_list(
    client: StrictClient, cast: Cast, name: str, seen: list[str], unseen: list[str]
) -> None:
    """Only administrators may enrol."""
    assert cast.people
    client.sign_in(name)
    page = client.get("/enrolments")
    assert all(FULL_NAMES[learner] in page.words for learner in seen)
    assert not [learner for learner in unseen if FULL_NAMES[learner] in page.words]
    assert ("/enrolments/new" in page.links()) is (name in {"ada", "odette"})
    assert "No learner is found" in client.get("/enrolments?q=zzz").words


def test_a_learner_has_no_list_but_sees_their_own_enrolment(client: StrictClient, cast: Cast) -> None:
    """Who assesses, until when, and which units; not somebody else's, and nothing to change."""
    client.sign_in("amina")
    client.get("/enrolments", status=404)
    page = client.get(f"/enrolments/{cast.enrolments['amina']}")
    assert FULL_NAMES["marguerite"] in page.words
    assert "Trainee assessor" in page.words
    assert "Allocate somebody" not in page.words
    client.get(f"/enrolments/{cast.enrolments['ben']}", status=404)


def test_an_enrolment_in_whole(ada: StrictClient, cast: Cast) -> None:
    """Facts, units, people, grants, and the ways on."""
    number = cast.enrolments["amina"]
    page = ada.get(f"/enrolments/{number}")
    for words in ("REG-AMINA", "Draft", "Countersigns", FULL_NAMES["ewan"], "1 unit"):
        assert words in page.words
    assert {f"/enrolments/{number}/evidence", f"/enrolments/{number}/book"} <= page.links()
    assert [link for link in page.links() if link.startswith(f"/enrolments/{number}/units/")]


def test_what_is_missing_is_said_first(ada: StrictClient, cast: Cast) -> None:
    """Nobody assesses; or only a trainee does, and nobody countersigns."""
    path = f"/enrolments/{cast.enrolments['ben']}"
    with cast.installation.database.reading() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["ben"])
        [line] = queries.allocations_in(session, enrolment)
    ada.post(f"{path}/allocations/{line.id}/end")
    assert "Nobody assesses this learner." in ada.get(path).words
    tobias = {"allocate-duty": "assess", "allocate-person": str(cast.people["tobias"]), **TODAY}
    ada.post(f"{path}/allocate", tobias)
    assert "A trainee assessor assesses here." in ada.get(path).words
    countersigns = {"allocate-duty": "countersign", "allocate-person": str(cast.people["dafydd"]), **TODAY}
    ada.post(f"{path}/allocate", countersigns)
    assert "A trainee assessor assesses here." not in ada.get(path).words
    ada.post(f"{path}/allocations/{line.id}/end", status=409)


def test_enrolling(ada: StrictClient, cast: Cast) -> None:
    """With an assessor at once; the lists offer this centre's people only."""
    learner = newcomer(cast)
    page = ada.get("/enrolments/new")
    learners, assessors = options(page, "learner"), options(page, "assessor")
    assert str(cast.people["olga"]) not in learners
    assert str(cast.people["drew"]) not in learners, "a disabled person is not offered"
    assert assessors[str(cast.people["tobias"])].endswith("trainee assessor")
    [qualification] = [value for value in options(page, "qualification") if value]
    form = {
        "learner": str(learner),
        "qualification": qualification,
        "registration_number": "ICQ-4711",
        "started_on": "2026-11-22",
        "due_on": "2027-11-22",
        "assessor": str(cast.people["marguerite"]),
    }
    late = ada.post("/enrolments/new", {**form, "due_on": "2026-01-01"}, status=422)
    assert "The planned end comes before the start." in late.words
    assert late.forms()[-1]["fields"]["registration_number"] == "ICQ-4711"
    where = ada.post("/enrolments/new", form).location
    assert "Nia Newcomer is enrolled." in ada.get(where).words
    assert FULL_NAMES["marguerite"] in ada.get(where).words
    again = ada.post("/enrolments/new", form, status=422)
    assert "is on this qualification already" in again.words


def test_a_qualification_that_is_closed_says_so_where_it_is_chosen(ada: StrictClient, cast: Cast) -> None:
    """And where it is refused."""
    with cast.installation.database.writing() as session:
        for reference, end in (("ENDED", date(2019, 12, 31)), ("OPEN", date(2099, 12, 31))):
            pack = replace(changed_pack(), reference=reference, operational_end=end)
            load_pack(session, cast.actor("ada", session), pack)
        session.commit()
    offered = options(ada.get("/enrolments/new"), "qualification")
    told = {words.rpartition("Limited, ")[2]: value for value, words in offered.items()}
    assert "ICQ-L3-CCO" in told
    assert "OPEN, open until 31 December 2099" in told
    ended = told["ENDED, closed to new learners since 31 December 2019"]
    form = {"learner": str(newcomer(cast)), "qualification": ended, "started_on": "2026-11-22"}
    refused = ada.post("/enrolments/new", form, status=422)
    assert "The last day to start on this qualification was 31 December 2019. Choose another." in refused.words


@pytest.mark.parametrize("learner", ["", "0", "x", "olga", "marguerite"])
def test_enrolling_somebody_else_is_refused(ada: StrictClient, cast: Cast, learner: str) -> None:
    """Only a learner of this centre."""
    page = ada.get("/enrolments/new")
    [qualification] = [value for value in options(page, "qualification") if value]
    number = str(cast.people.get(learner, learner))
    form = {"learner": number, "qualification": qualification, "started_on": "2026-11-22", "assessor": ""}
    assert "One thing needs your attention" in ada.post("/enrolments/new", form, status=422).words


def test_a_wrong_allocation_is_told_beside_its_field(ada: StrictClient, cast: Cast) -> None:
    """The rest of the page stays as it is."""
    path = f"/enrolments/{cast.enrolments['amina']}"
    page = ada.post(f"{path}/allocate", {}, status=422)
    assert "Choose what they will do." in page.words
    assert "Choose somebody." in page.words
    trainee = {"allocate-duty": "countersign", "allocate-person": str(cast.people["tobias"]), **TODAY}
    assert "Only a qualified assessor can countersign." in ada.post(f"{path}/allocate", trainee, status=422).words
    foreign = {"allocate-duty": "assess", "allocate-person": str(cast.people["oscar"]), **TODAY}
    assert "Choose one of the answers listed." in ada.post(f"{path}/allocate", foreign, status=422).words
    odd = {"allocate-duty": "rule", "allocate-person": str(cast.people["dafydd"]), **TODAY}
    ada.post(f"{path}/allocate", odd, status=422)


def test_granting_lets_the_external_quality_assurer_in_until_a_day(ada: StrictClient, cast: Cast) -> None:
    """At the next request; a day in the past, and somebody without the role, are refused."""
    path = f"/enrolments/{cast.enrolments['ben']}"
    ewan = ada.another().sign_in("ewan")
    ewan.get(path, status=404)
    last = clock.today() + timedelta(days=3)
    grant = {"grant-person": str(cast.people["ewan"]), "grant-until": last.isoformat()}
    past = {**grant, "grant-until": (clock.today() - timedelta(days=1)).isoformat()}
    assert "lies in the past" in ada.post(f"{path}/grant", past, status=422).words
    ada.post(f"{path}/grant", {**grant, "grant-until": ""}, status=422)
    ada.post(f"{path}/grant", {**grant, "grant-person": str(cast.people["iris"])}, status=422)
    ada.post(f"{path}/grant", grant)
    ewan.get(path)
    ewan.post(f"{path}/grant", grant, status=403)


@pytest.mark.parametrize("name", ["amina", "marguerite", "iris", "ewan"])
def test_who_may_see_may_not_allocate(client: StrictClient, cast: Cast, name: str) -> None:
    """403 for what they see, 404 for what they do not."""
    client.sign_in(name)
    form = {"allocate-duty": Duty.ASSESS.value, "allocate-person": str(cast.people["dafydd"]), **TODAY}
    client.post(f"/enrolments/{cast.enrolments['amina']}/allocate", form, status=403)
    client.post(f"/enrolments/{cast.enrolments['amina']}/allocations/1/end", status=403)
    client.post(f"/enrolments/{cast.enrolments['olga']}/allocate", form, status=404)
    client.get("/enrolments/new", status=404)
    client.post("/enrolments/new", status=404)


def test_an_enrolment_that_is_over_can_only_be_read(ada: StrictClient, cast: Cast) -> None:
    """No forms any more; a form that was open is answered 409."""
    with cast.installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["ben"])
        dafydd = session.get_one(Person, cast.people["dafydd"])
        actions.allocate(session, System(), enrolment, person=dafydd, duty=Duty.COUNTERSIGN)
        leaving.finish(session, System(), enrolment, on=clock.today())
        session.commit()
    path = f"/enrolments/{cast.enrolments['ben']}"
    assert "Allocate somebody" not in ada.get(path).words
    assert "Completed" in ada.get("/enrolments").words
    form = {"allocate-duty": "assess", "allocate-person": str(cast.people["tobias"]), **TODAY}
    ada.post(f"{path}/allocate", form, status=409)


def test_an_empty_centre_is_told_how_to_begin(client: StrictClient, cast: Cast) -> None:
    """Invite, then enrol."""
    with cast.installation.database.writing() as session:
        session.get_one(Enrolment, cast.enrolments["olga"])
        odette, olga = cast.actor("odette"), cast.people["olga"]
        row = next(r for r in session.get_one(Person, olga).memberships if r.centre_id == odette.centre_id)
        accounts.withdraw_role(session, odette, row)
        session.commit()
    client.sign_in("odette")
    assert "No learner is invited yet" in client.get("/enrolments/new").words
