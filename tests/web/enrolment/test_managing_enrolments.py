"""What an administrator changes about an enrolment: days, units, stand-ins, grants, dates, its end and its return."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portfolio import clock
from portfolio.accounts import actions as accounts
from portfolio.accounts.models import Grant
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.enrolment import leaving
from portfolio.enrolment.models import Allocation, Enrolment, EnrolmentUnit
from tests.cast import FULL_NAMES, Cast
from tests.client import StrictClient

HOSTILE = "<script>alert(1)</script> {{ 7*7 }} \u202eevil"


@pytest.fixture
def ada(client: StrictClient, cast: Cast) -> StrictClient:
    """The administrator of Harrow Dale."""
    assert cast.people
    return client.sign_in("ada")


def path(cast: Cast, name: str) -> str:
    """The page of somebody's enrolment."""
    return f"/enrolments/{cast.enrolments[name]}"


def day(days: int) -> str:
    """A day from today, as a form sends it."""
    return (clock.today() + timedelta(days=days)).isoformat()


def newest(cast: Cast, model: type[Allocation] | type[Grant]) -> int:
    """The id of the row that was made last."""
    with cast.installation.database.reading() as session:
        return session.scalars(select(model.id).order_by(model.id.desc())).first() or 0


def test_an_allocation_on_days_for_one_unit(ada: StrictClient, cast: Cast) -> None:
    """It is said on the page when it begins, for what, and that nobody has all units then."""
    with cast.installation.database.writing() as session:
        own = session.get_one(Enrolment, cast.enrolments["ben"]).units[0]
        assert own.unit.title
        ids = [own.id]
    form = {
        "allocate-duty": "assess",
        "allocate-person": cast.people["dafydd"],
        "allocate-unit": ids[0],
        "allocate-since": day(3),
        "allocate-last": day(9),
    }
    backwards = ada.post(f"{path(cast, 'ben')}/allocate", {**form, "allocate-last": day(1)}, status=422)
    assert "The last day comes before the first." in backwards.words
    ada.post(f"{path(cast, 'ben')}/allocate", {**form, "allocate-since": ""}, status=422)
    ada.post(f"{path(cast, 'ben')}/allocate", {**form, "allocate-unit": "999999"}, status=422)
    ada.post(f"{path(cast, 'ben')}/allocate", form)
    words = ada.get(path(cast, "ben")).words
    assert f"{FULL_NAMES['dafydd']}" in words
    assert "Later" in words
    assert "Only " in words
    dafydd = ada.another().sign_in("dafydd")
    dafydd.get(path(cast, "ben"), status=404)


def test_who_has_one_unit_is_told_of_as_that(ada: StrictClient, cast: Cast) -> None:
    """With nobody for all units, the page says which items wait."""
    ada.post(f"{path(cast, 'ben')}/allocations/{allocation(cast, 'ben', 'marguerite')}/end")
    with cast.installation.database.reading() as session:
        unit = session.scalars(select(EnrolmentUnit.id).where(EnrolmentUnit.enrolment_id == cast.enrolments["ben"]))
        form = {
            "allocate-duty": "assess", "allocate-person": cast.people["dafydd"],
            "allocate-unit": unit.first(), "allocate-since": day(0),
        }  # fmt: skip
    ada.post(f"{path(cast, 'ben')}/allocate", form)
    assert "Nobody assesses all units." in ada.get(path(cast, "ben")).words


def allocation(cast: Cast, learner: str, name: str) -> int:
    """The id of somebody's allocation."""
    with cast.installation.database.reading() as session:
        found = select(Allocation.id).where(
            Allocation.enrolment_id == cast.enrolments[learner], Allocation.person_id == cast.people[name]
        )
        return session.scalars(found).first() or 0


def test_days_are_changed(ada: StrictClient, cast: Cast) -> None:
    """The last day is the last one with access; what has ended is answered 409, what is not there 404."""
    where = f"{path(cast, 'ben')}/allocations/{allocation(cast, 'ben', 'marguerite')}"
    with cast.installation.database.reading() as session:
        since = session.get_one(Allocation, allocation(cast, "ben", "marguerite")).since.isoformat()
    page = ada.get(where)
    assert page.forms()[-1]["fields"]["since"] == since
    ada.post(where, {"since": since, "last": ""}, status=422)
    ada.post(where, {"since": "nonsense", "last": ""}, status=422)
    ada.post(where, {"since": since, "last": day(4)})
    assert page.status == 200
    assert ada.get(where).forms()[-1]["fields"]["last"] == day(4)
    ada.post(f"{where}/end")
    ada.get(where, status=409)
    ada.post(where, {"since": since, "last": day(4)}, status=409)
    ada.get(f"{path(cast, 'ben')}/allocations/999999", status=404)


def test_learners_are_handed_over_after_a_look(ada: StrictClient, cast: Cast) -> None:
    """Choose whose, then to whom and when; nothing changes before the second button."""
    where = f"/enrolments/hand-over?source={cast.people['marguerite']}&duty=assess"
    page = ada.get(where)
    assert FULL_NAMES["amina"] in page.words
    assert FULL_NAMES["ben"] in page.words
    form = {
        "source": cast.people["marguerite"], "duty": "assess", "target": cast.people["dafydd"],
        "learners": [cast.enrolments["amina"], cast.enrolments["ben"]], "since": day(0), "last": "",
    }  # fmt: skip
    before = newest(cast, Allocation)
    look = ada.post(where, form, status=200)
    assert "What will change" in look.words
    assert f"{FULL_NAMES['dafydd']} begins; {FULL_NAMES['marguerite']} ends." in look.words
    assert newest(cast, Allocation) == before
    changing = ada.post(where, {**form, "step": "change"}, status=200)
    assert "Look at what will change" in changing.words
    done = ada.post(where, {**form, "step": "do"})
    assert done.location == f"/enrolments?assessor={cast.people['dafydd']}"
    assert "takes over from" in ada.get(done.location).words
    marguerite = ada.another().sign_in("marguerite")
    marguerite.get(path(cast, "ben"), status=404)
    assert "Nobody to hand over" not in ada.get("/enrolments/hand-over").words


def test_a_stand_in_comes_for_an_absence(ada: StrictClient, cast: Cast) -> None:
    """Only the learners who are ticked."""
    where = f"/enrolments/hand-over?source={cast.people['marguerite']}"
    form = {
        "source": cast.people["marguerite"], "duty": "assess", "target": cast.people["dafydd"],
        "learners": [cast.enrolments["ben"]], "since": day(0), "last": day(6),
    }  # fmt: skip
    look = ada.post(where, form, status=200)
    assert "stands in from" in look.words
    assert "stays allocated" in look.words
    ada.post(where, {**form, "step": "do"})
    for name in ("marguerite", "dafydd"):
        ada.another().sign_in(name).get(path(cast, "ben"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"target": ""}, "Choose who takes over."),
        ({"learners": []}, "Choose at least one learner."),
        ({"since": ""}, "Give the first day."),
        ({"since": "2020-01-01"}, "The first day lies in the past."),
        ({"last": "2020-01-01"}, "The last day comes before the first."),
        ({"learners": ["999999"]}, "Choose"),
        ({"learners": ["x"]}, "Choose"),
    ],
)
def test_a_hand_over_that_cannot_be_is_told_on_its_field(
    ada: StrictClient, cast: Cast, change: dict[str, object], words: str
) -> None:
    """What was ticked stays."""
    form = {
        "source": cast.people["marguerite"], "duty": "assess", "target": cast.people["dafydd"],
        "learners": [cast.enrolments["ben"]], "since": day(0), "last": "",
    }  # fmt: skip
    page = ada.post("/enrolments/hand-over", {**form, **change, "step": "do"}, status=422)
    assert words in page.words


def test_a_hand_over_with_a_fault_has_no_button(ada: StrictClient, cast: Cast) -> None:
    """It is named, learner by learner, and sending it all the same changes nothing."""
    form = {
        "allocate-duty": "assess", "allocate-person": cast.people["tobias"], "allocate-since": day(5),
    }  # fmt: skip
    ada.post(f"{path(cast, 'ben')}/allocate", form)
    over = {
        "source": cast.people["marguerite"], "duty": "assess", "target": cast.people["tobias"],
        "learners": [cast.enrolments["amina"], cast.enrolments["ben"]], "since": day(0), "last": "",
    }  # fmt: skip
    look = ada.post("/enrolments/hand-over", over, status=200)
    assert "This cannot be done as it is." in look.words
    assert 'value="do"' not in look.text
    before = newest(cast, Allocation)
    assert "already does this" in ada.post("/enrolments/hand-over", {**over, "step": "do"}, status=422).words
    assert newest(cast, Allocation) == before
    nobody = ada.get(f"/enrolments/hand-over?source={cast.people['dafydd']}&duty=assess")
    assert "Nobody to hand over" in nobody.words


def test_a_grant_is_changed_and_withdrawn(ada: StrictClient, cast: Cast) -> None:
    """At the next request of the external quality assurer."""
    ewan = ada.another().sign_in("ewan")
    ewan.get(path(cast, "amina"))
    where = f"{path(cast, 'amina')}/grants/{newest(cast, Grant)}"
    assert "may see the portfolio" in ada.get(where).words
    assert "lies in the past" in ada.post(where, {"until": day(-1)}, status=422).words
    ada.post(where, {"until": day(1)})
    ewan.get(path(cast, "amina"))
    ada.post(f"{where}/withdraw")
    ewan.get(path(cast, "amina"), status=404)
    ada.post(f"{where}/withdraw", status=409)
    ada.get(where, status=409)
    assert ", over" in ada.get(path(cast, "amina")).words


def test_many_are_granted_on_one_page(ada: StrictClient, cast: Cast) -> None:
    """Found by the filters, ticked, given until a day."""
    assert FULL_NAMES["amina"] not in ada.get("/enrolments/grants?q=oyelaran").words
    form = {"person": cast.people["ewan"], "until": day(9), "learners": [cast.enrolments["ben"]]}
    assert "Choose at least one learner." in ada.post("/enrolments/grants", {**form, "learners": []}, status=422).words
    past = ada.post("/enrolments/grants", {**form, "until": day(-1)}, status=422)
    assert "lies in the past" in past.words
    ada.post("/enrolments/grants", {**form, "person": cast.people["iris"]}, status=422)
    assert ada.post("/enrolments/grants", form).location == f"/people/{cast.people['ewan']}"
    assert FULL_NAMES["ben"] in ada.get(f"/people/{cast.people['ewan']}").words
    ada.another().sign_in("ewan").get(path(cast, "ben"))


def test_dates_are_corrected_and_a_conflict_shows_both(ada: StrictClient, cast: Cast) -> None:
    """What stands, and what was typed; an unreadable memory counts as nothing seen."""
    where = f"{path(cast, 'ben')}/terms"
    fields = ada.get(where).forms()[-1]["fields"]
    ada.post(where, {**fields, "registration_number": "FIRST"})
    assert "FIRST" in ada.get(path(cast, "ben")).words
    late = ada.post(where, {**fields, "registration_number": HOSTILE[:40]}, status=409)
    assert "FIRST" in late.words
    assert "<script>alert" not in late.text
    again = late.forms()[-1]["fields"]
    assert again["registration_number"] == HOSTILE[:40]
    ada.post(where, again)
    for seen in ("", "{", "[]"):
        ada.post(where, {**again, "seen": seen}, status=409)
    fresh = ada.get(where).forms()[-1]["fields"]
    assert "Nothing was changed." in ada.post(where, fresh, status=422).words
    early = ada.post(where, {**fresh, "due_on": "2020-01-01"}, status=422)
    assert "The planned end comes before the start." in early.words
    ada.post(where, {**fresh, "started_on": ""}, status=422)


def test_a_learner_leaves_is_told_and_comes_back(ada: StrictClient, cast: Cast) -> None:
    """The reason is for whoever runs the centre; the learner reads how it stands, in plain words."""
    where = path(cast, "ben")
    ben = ada.another().sign_in("ben")
    assert "0 of 1 unit signed off." in ada.get(f"{where}/leave").words
    form = {"how": "withdrawn", "on": day(0), "reason": ""}
    assert "Say why the learner leaves." in ada.post(f"{where}/leave", form, status=422).words
    assert "Say how it ends." in ada.post(f"{where}/leave", {"on": day(0)}, status=422).words
    assert "lies ahead" in ada.post(f"{where}/leave", {"how": "completed", "on": day(1)}, status=422).words
    ada.post(f"{where}/leave", {**form, "reason": HOSTILE})
    page = ada.get(where)
    assert "Left before the end" in page.words
    assert "<script>alert(1)</script>" in page.words
    assert "<script>alert" not in page.text
    assert "<script>alert(1)</script>" not in ben.get(where).words
    home = ben.get("/portfolio").words
    assert "You left this qualification" in home
    assert "your centre opens it again" in home
    ben.post(f"{where}/evidence/write", {"title": "Late", "method": "RA", "body": "x"}, status=409)
    for closed in ("leave", "terms"):
        ada.get(f"{where}/{closed}", status=409)
    ada.post(f"{where}/return")
    assert "is open again" in ada.get(where).words
    ada.post(f"{where}/return", status=409)
    ben.post(f"{where}/evidence/write", {"title": "Again", "method": "RA", "body": "x"})


def test_a_learner_who_has_finished_reads_that(ada: StrictClient, cast: Cast) -> None:
    """And the list says since when."""
    where = path(cast, "amina")
    ada.post(f"{where}/leave", {"how": "completed", "on": day(0)})
    amina = ada.another().sign_in("amina")
    assert "You have finished this qualification" in amina.get("/portfolio").words
    assert "Completed" in ada.get("/enrolments?state=completed").words
    assert FULL_NAMES["amina"] not in ada.get("/enrolments?state=active").words
    ada.another().sign_in("marguerite").get("/marking")


def test_nobody_returns_to_what_they_began_anew(ada: StrictClient, cast: Cast) -> None:
    """It is told as what cannot be done now."""
    with cast.installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["ben"])
        leaving.leave(session, System(), enrolment, on=clock.today(), reason="A pause")
        session.commit()
    with cast.installation.database.reading() as session:
        version = session.get_one(Enrolment, cast.enrolments["ben"]).qualification_version_id
    ada.post("/enrolments/new", {"learner": cast.people["ben"], "qualification": version, "started_on": day(0)})
    assert "on this qualification already" in ada.post(f"{path(cast, 'ben')}/return", status=409).words


def test_the_list_is_filtered_and_sorted_in_the_address(ada: StrictClient, cast: Cast) -> None:
    """Each filter by itself and together; the pages keep them."""
    assert FULL_NAMES["ben"] not in ada.get(f"/enrolments?assessor={cast.people['tobias']}").words
    assert "No learner is found" in ada.get("/enrolments?assessor=none").words
    both = ada.get("/enrolments?state=active&cohort=none&sort=due&q=oyelaran").words
    assert FULL_NAMES["ben"] in both
    assert FULL_NAMES["amina"] not in both


def test_a_learner_is_found_where_there_are_many(ada: StrictClient, cast: Cast) -> None:
    """Two hundred stand in the list; others are found by their name, and who was chosen stays chosen."""
    with cast.installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["ada"])
        last = 0
        for number in range(200):
            row, _link = accounts.invite(
                session, System(), centre, email=f"z{number}@example.org", name=f"Zoe {number:03}", role=Role.LEARNER
            )
            last = row.person_id
        session.commit()
    page = ada.get("/enrolments/new")
    assert "Zoe 100" in page.words
    assert "Zoe 199" not in page.words
    found = ada.get("/enrolments/new?find=zoe+199")
    assert "Zoe 199" in found.words
    assert "Zoe 100" not in found.words
    with cast.installation.database.reading() as session:
        version = session.get_one(Enrolment, cast.enrolments["ben"]).qualification_version_id
    form = {"learner": last, "qualification": version, "started_on": date(2026, 11, 22).isoformat()}
    refused = ada.post("/enrolments/new", {**form, "due_on": "2020-01-01"}, status=422)
    assert refused.forms()[-1]["fields"]["learner"] == str(last)
    ada.post("/enrolments/new", form)
