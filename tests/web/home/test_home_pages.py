"""The first page of each kind of person."""

from dataclasses import replace
from datetime import date

import pytest

from portfolio import clock
from portfolio.accounts import actions as accounts
from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.criteria.actions import load_pack
from portfolio.criteria.packs import read_pack
from portfolio.drafts import actions as drafts
from portfolio.enrolment import actions as enrolment_actions
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import EnrolmentState
from portfolio.evidence.rules import place_of_writing
from portfolio.mapping import actions as mapping
from tests.cast import PACK, Cast, wanted, write
from tests.client import Page, StrictClient
from tests.web.enrolment.diplomas import add_unit, on_diploma
from tests.web.units.wide import widely

STATEMENTS = 12


def buttons(page: Page) -> list[str]:
    """The words of the primary buttons."""
    return [
        " ".join("".join(e.itertext()).split())
        for e in [*page.all("a"), *page.all("button")]
        if "btn-act" in (e.get("class") or "").split()
    ]


def test_nobody_signed_in_goes_to_the_door(client: StrictClient) -> None:
    """Nothing else is shown."""
    assert client.get("/", status=303).location == "/sign-in"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("marguerite", "/marking"),
        ("tobias", "/marking"),
        ("ada", "/enrolments"),
        ("iris", "/coverage"),
        ("ewan", "/coverage"),
    ],
)
def test_staff_go_to_their_work(client: StrictClient, cast: Cast, name: str, path: str) -> None:
    """Each to the page where it is done."""
    assert cast.people
    assert client.sign_in(name).get("/", status=303).location == path


def test_a_learner_sees_what_to_do_next(client: StrictClient, cast: Cast) -> None:
    """One primary button: the feedback to answer. Then the rest, the units, and who is beside them."""
    page = client.sign_in("amina").get("/")
    assert buttons(page) == ["Answer the feedback"]
    for words in (
        "1 of 17 criteria is met and 2 more are claimed. 1 item is with your assessor.",
        "Marguerite Okonkwo-Lindqvist needs more on E001, Complaint letter and reply, for 1.2",
        "Map E004, Notes for later",
        "Hand in E003, A week of repeated complaints",
        "12 criteria have no evidence yet",
        "Add evidence for 1.3",
        "A good letter, nearly complete.",
        "Dafydd Prys-Jenkins",
        "4 items",
        "2 of them drafts",
    ):
        assert words in page.words
    assert f"/enrolments/{cast.enrolments['amina']}/book" in page.links()
    assert page.words == client.get("/portfolio").words


def test_who_just_starts_is_shown_how_to_begin(client: StrictClient, cast: Cast) -> None:
    """With the button to do so."""
    page = client.sign_in("ben").get("/")
    assert buttons(page) == ["Add your first files"]
    assert f"/enrolments/{cast.enrolments['ben']}/evidence/add-files" in page.links()
    assert "Begin with one complaint that you handled" in page.words


def test_an_account_that_was_begun_is_found_again(client: StrictClient, cast: Cast) -> None:
    """On the first page and on the list, until it is saved; an empty page left open is no account."""
    write_path = f"/enrolments/{cast.enrolments['ben']}/evidence/write"
    client.sign_in("ben")

    def keep(title: str) -> None:
        with cast.installation.database.writing() as session:
            place = place_of_writing(cast.enrolments["ben"])
            drafts.save(session, cast.people["ben"], place, {"title": title, "body": "", "method": "RA"})
            session.commit()

    for title, is_shown in (("", False), ("A long call", True)):
        keep(title)
        for path in ("/", f"/enrolments/{cast.enrolments['ben']}/evidence"):
            page = client.get(path)
            assert ("Go on with the account you began" in page.words) is is_shown
            assert ("“A long call”" in page.words) is is_shown
            assert write_path in page.links()


def test_every_gap_has_the_button_that_closes_it(client: StrictClient, cast: Cast) -> None:
    """On the page itself, in the order of the unit; a single unit needs no name."""
    page = client.sign_in("amina").get("/")
    gaps = [link for link in page.all("a") if "".join(link.itertext()).startswith("Add evidence for ")]
    assert len(gaps) == 12
    assert "".join(gaps[0].itertext()) == "Add evidence for 1.3"
    assert "criterion=" in gaps[0].get("href", "")
    client.get(gaps[0].get("href", ""))
    named = [e for e in page.all("h3") if e.get("class") == "gaps-unit"]
    assert named == []
    add_unit(cast)
    page = client.get("/")
    named = [e for e in page.all("h3") if e.get("class") == "gaps-unit"]
    assert "Handle referred customer complaints" in "".join(named[0].itertext())


def test_very_many_gaps_are_counted_with_a_way_to_them(client: StrictClient, cast: Cast) -> None:
    """Only so many lines; each unit says how many more there are, and leads to them."""
    enrolment_id = widely(cast, "ben")
    page = client.sign_in("ben").get(f"/portfolio?enrolment={enrolment_id}")
    shown = [e for e in page.all("a") if "".join(e.itertext()).startswith("Add evidence for ")]
    assert len(shown) == 40
    assert "260 more gaps" in page.words
    assert [link for link in page.links() if link.endswith("?show=gaps")]


@pytest.mark.parametrize("more", [0, 5])
def test_the_page_takes_the_same_statements_however_much_there_is(client: StrictClient, cast: Cast, more: int) -> None:
    """Few, with signing in."""
    with cast.installation.database.writing() as session:
        enrolment, amina = session.get_one(Enrolment, cast.enrolments["amina"]), cast.actor("amina", session)
        for n in range(more):
            extra = write(session, cast.installation, cast, "amina", f"Account {n}", "Text.")
            mapping.map_to(session, amina, extra, wanted=wanted(session, enrolment, {"4.1": "Told.", "4.2": "Told."}))
        session.commit()
    client.sign_in("amina").get("/")
    assert client.get("/").statements <= STATEMENTS


def test_units_known_in_outline_come_last(client: StrictClient, cast: Cast) -> None:
    """And there is nothing of them on a map, but for how many they are."""
    enrolment_id = on_diploma(cast)
    add_unit(cast, "ben diploma")
    client.sign_in("ben")
    words = client.get(f"/portfolio?enrolment={enrolment_id}").words
    assert words.index("Known in outline only") > words.rindex("17 gaps")
    done = client.post(
        f"/enrolments/{enrolment_id}/evidence/write", {"title": "A call", "method": "RA", "body": "I rang."}
    )
    page = client.get(done.location)
    assert "One unit is known in outline only" in page.words
    headings = [e for e in page.all("h3") if "unit-name" in (e.get("class") or "")]
    assert len(headings) == 2


def test_what_is_hidden_is_called_so(client: StrictClient, cast: Cast) -> None:
    """As on every other page."""
    other = client.another().sign_in("marguerite")
    for name in ("amina E001", "amina E002"):
        other.post(f"/evidence/{cast.evidence[name]}/hide", {"words": "A name on page 1."})
    words = client.sign_in("amina").get("/").words
    assert "Hidden" in words
    assert "Held" not in words


def test_who_is_not_enrolled_is_told_so(client: StrictClient, cast: Cast) -> None:
    """Also staff who look for a portfolio of their own."""
    assert cast.people
    assert "You are not enrolled on a qualification" in client.sign_in("iris").get("/portfolio").words


def test_several_roles_lead_to_the_work_with_a_way_to_the_portfolio(client: StrictClient, cast: Cast) -> None:
    """The navigation has it."""
    with cast.installation.database.writing() as session:
        person = session.get_one(Person, cast.people["ben"])
        centre = session.get_one(Centre, cast.homes["ben"])
        accounts.invite(session, System(), centre, email=person.email, name=person.name, role=Role.IQA)
        session.commit()
    client.sign_in("ben")
    assert client.get("/", status=303).location == "/coverage"
    page = client.get("/portfolio")
    assert "Begin with one complaint" in page.words
    assert "/portfolio" in page.links()


def test_a_learner_with_two_enrolments_can_switch(client: StrictClient, cast: Cast) -> None:
    """The newest comes first; an enrolment of somebody else is none of them."""
    with cast.installation.database.writing() as session:
        first = session.get_one(Enrolment, cast.enrolments["amina"])
        other_pack = replace(read_pack(PACK), reference="ANOTHER", title="Another diploma")
        second = enrolment_actions.enrol(
            session,
            System(),
            first.centre,
            learner=first.learner,
            qualification=load_pack(session, cast.actor("ada", session), other_pack),
            started_on=clock.today(),
        )
        session.commit()
        first_id, second_id = first.id, second.id
    client.sign_in("amina")
    assert "Begin with one complaint" in client.get("/").words
    assert f"/portfolio?enrolment={first_id}" in client.get("/").links()
    assert "Notes for later" in client.get(f"/portfolio?enrolment={first_id}").words
    assert f"/portfolio?enrolment={second_id}" in client.get(f"/portfolio?enrolment={first_id}").links()
    for other in (cast.enrolments["ben"], 999_999, "x"):
        assert "Begin with one complaint" in client.get(f"/portfolio?enrolment={other}").words


def test_an_enrolment_that_is_over_asks_for_nothing(client: StrictClient, cast: Cast) -> None:
    """It can be read."""
    with cast.installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        enrolment_actions.lock(session, enrolment.id)
        enrolment.state, enrolment.due_on = EnrolmentState.COMPLETED, date(2026, 11, 1)
        session.flush()
        session.connection().info["written"].clear()
        session.commit()
    page = client.sign_in("amina").get("/")
    assert "You have finished this qualification" in page.words
    assert buttons(page) == []
    assert not [link for link in page.links() if "add-files" in link]
