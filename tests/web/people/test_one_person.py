"""One person of the centre as an administrator meets them: roles, standing, name, invitation, account."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portfolio import clock
from portfolio.accounts import actions
from portfolio.accounts.models import Membership, Person
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.enrolment.actions import enrol
from portfolio.enrolment.models import Enrolment
from tests.cast import FULL_NAMES, Cast
from tests.client import StrictClient

HOSTILE = "<script>alert(1)</script> & “Müller-O’Neill” {{ 7*7 }}"


@pytest.fixture
def ada(client: StrictClient, cast: Cast) -> StrictClient:
    """The administrator of Harrow Dale."""
    assert cast.people
    return client.sign_in("ada")


def path(cast: Cast, name: str) -> str:
    """Somebody's page."""
    return f"/people/{cast.people[name]}"


def role(cast: Cast, name: str) -> str:
    """The page of somebody's newest role."""
    with cast.installation.database.reading() as session:
        found = select(Membership.id).where(Membership.person_id == cast.people[name]).order_by(Membership.id.desc())
        return f"{path(cast, name)}/roles/{session.scalars(found).first()}"


def newcomer(cast: Cast) -> str:
    """Somebody who was just invited; answers their page."""
    with cast.installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["ada"])
        row, _link = actions.invite(
            session, System(), centre, email="nia@example.org", name="Nia Newcomer", role=Role.LEARNER
        )
        session.commit()
        return f"/people/{row.person_id}"


def today() -> str:
    """As a form sends it."""
    return clock.today().isoformat()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("marguerite", ["Assessor", "Allocated to", "Amina Ramachandran-Hughes", "Ben Oyelaran", "Assesses"]),
        ("dafydd", ["Countersigns", "Held today"]),
        ("tobias", ["Trainee assessor", "Change or end"]),
        ("ewan", ["May see", "Last day of access"]),
        ("ben", ["Enrolments", "Learner", "ben@example.org"]),
        ("drew", ["This account is disabled.", "Enable again"]),
    ],
)
def test_a_person_in_whole(ada: StrictClient, cast: Cast, name: str, words: list[str]) -> None:
    """What they are and do here."""
    page = ada.get(path(cast, name))
    assert FULL_NAMES[name] in page.words
    assert not [word for word in words if word not in page.words]


def test_a_withdrawn_role_is_gone_at_the_next_request(ada: StrictClient, cast: Cast) -> None:
    """Whoever was signed in with it is asked to sign in."""
    marguerite = ada.another().sign_in("marguerite")
    marguerite.get("/account")
    where = role(cast, "marguerite")
    assert ada.post(f"{where}/end", {"end-on": today()}).location == path(cast, "marguerite")
    page = ada.get(path(cast, "marguerite"))
    assert "is no longer assessor here" in page.words
    assert "No role here any more." in page.words
    assert FULL_NAMES["marguerite"] not in ada.get("/people?role=assessor").words
    assert FULL_NAMES["marguerite"] in ada.get("/people?state=former").words
    marguerite.get("/account", status=303)
    ada.post(f"{where}/end", {"end-on": today()}, status=409)
    assert "This role has ended." in ada.get(where).words


def test_a_role_ends_on_a_later_day(ada: StrictClient, cast: Cast) -> None:
    """It is held until then; a day in the past, and no day, are told on the field."""
    where = role(cast, "tobias")
    later = clock.today() + timedelta(days=3)
    past = ada.post(f"{where}/end", {"end-on": (clock.today() - timedelta(days=1)).isoformat()}, status=422)
    assert "A role ends today or on a later day." in past.words
    ada.post(f"{where}/end", {"end-on": ""}, status=422)
    ada.post(f"{where}/end", {"end-on": later.isoformat()})
    assert "from that day on no longer trainee assessor" in ada.get(path(cast, "tobias")).words
    ada.another().sign_in("tobias").get("/marking")


def test_the_only_administrator_stays(ada: StrictClient, cast: Cast) -> None:
    """Somebody must be able to let the next one in: neither the role nor the account goes."""
    assert "only centre administrator" in ada.post(f"{role(cast, 'ada')}/end", {"end-on": today()}, status=409).words
    assert "only centre administrator" in ada.post(f"{path(cast, 'ada')}/disable", status=409).words
    ada.post(f"{path(cast, 'marguerite')}/roles", {"give-role": "administrator", "give-since": today()})
    assert ada.post(f"{role(cast, 'ada')}/end", {"end-on": today()}).location == "/"
    ada.get("/people", status=303)


def test_another_role_is_given(ada: StrictClient, cast: Cast) -> None:
    """It counts at their next request; the same again, and none, are told on the field."""
    where = path(cast, "marguerite")
    marguerite = ada.another().sign_in("marguerite")
    marguerite.get("/people", status=404)
    ada.post(f"{where}/roles", {"give-role": "administrator", "give-since": today()})
    assert "has another role from today: centre administrator" in ada.get(where).words
    marguerite.get("/people")
    assert (
        "already" in ada.post(f"{where}/roles", {"give-role": "administrator", "give-since": today()}, status=422).words
    )
    assert "Choose a role." in ada.post(f"{where}/roles", {"give-role": "", "give-since": today()}, status=422).words
    ada.post(f"{where}/roles", {"give-role": "emperor", "give-since": today()}, status=422)


def test_a_role_is_given_from_a_later_day(ada: StrictClient, cast: Cast) -> None:
    """It stands on the page, does nothing before, and can be taken back."""
    where, tomorrow = path(cast, "marguerite"), (clock.today() + timedelta(days=1)).isoformat()
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    given = {"give-role": "administrator", "give-since": tomorrow}
    assert "today or on a later day" in ada.post(f"{where}/roles", given | {"give-since": yesterday}, status=422).words
    ada.post(f"{where}/roles", given)
    page = ada.get(where).words
    assert "has another role from" in page
    assert "Later" in page
    ada.another().sign_in("marguerite").get("/people", status=404)
    assert "Qualified" not in ada.get(role(cast, "marguerite")).words
    ada.post(f"{role(cast, 'marguerite')}/end", {"end-on": today()})
    page = ada.get(where).words
    assert "It is noted when" in page
    assert "Later" not in page


def test_a_trainee_has_qualified(ada: StrictClient, cast: Cast) -> None:
    """From the day on; what lies ahead is refused on its field."""
    where = role(cast, "tobias")
    ahead = (clock.today() + timedelta(days=1)).isoformat()
    assert "today at the latest" in ada.post(f"{where}/standing", {"standing-on": ahead}, status=422).words
    ada.post(f"{where}/standing", {"standing-on": today()})
    page = ada.get(path(cast, "tobias"))
    assert "is now assessor here" in page.words
    assert "A trainee assessor after all" in ada.get(role(cast, "tobias")).words
    ada.post(f"{role(cast, 'iris')}/standing", {"standing-on": today()}, status=409)


def test_a_name_is_changed_whatever_it_is_made_of(ada: StrictClient, cast: Cast) -> None:
    """It is shown as text, everywhere."""
    where = path(cast, "ben")
    assert ada.post(f"{where}/rename", {"name": ""}, status=422).forms()[-1]["fields"]["name"] == ""
    ada.post(f"{where}/rename", {"name": FULL_NAMES["ben"]}, status=422)
    ada.post(f"{where}/rename", {"name": HOSTILE})
    for page in (where, "/people", "/enrolments", f"/enrolments/{cast.enrolments['ben']}", f"{where}/rename"):
        assert "<script>alert" not in ada.get(page).text
    assert HOSTILE in ada.get(where).words
    with cast.installation.database.reading() as session:
        assert session.get_one(Person, cast.people["ben"]).name == HOSTILE


def test_an_invitation_is_sent_again(ada: StrictClient, cast: Cast) -> None:
    """Without mail the command is named; whoever has taken it up needs none."""
    where = newcomer(cast)
    assert "The invitation is not taken up yet." in ada.get(where).words
    with clock.fixed(clock.now() + timedelta(days=8)):
        ada.sign_in("ada")
        assert "The invitation ran out." in ada.get(where).words
        ada.post(f"{where}/invite-again")
        page = ada.get(where)
        assert "portfolio people link nia@example.org" in page.words
        assert "is not taken up yet" in page.words
    ada.post(f"{path(cast, 'ben')}/invite-again", status=409)


def test_an_account_is_disabled_and_enabled_again(ada: StrictClient, cast: Cast) -> None:
    """The next request of whoever is signed in already asks to sign in."""
    ben = ada.another().sign_in("ben")
    ada.post(f"{path(cast, 'ben')}/disable")
    assert "This account is disabled." in ada.get(path(cast, "ben")).words
    ben.get("/portfolio", status=303)
    ada.post(f"{path(cast, 'ben')}/disable", status=409)
    ada.post(f"{path(cast, 'ben')}/enable")
    assert "can sign in again" in ada.get(path(cast, "ben")).words
    ben.sign_in("ben").get("/portfolio")
    ada.post(f"{path(cast, 'ben')}/enable", status=409)


def test_somebody_elsewhere_is_not_there(ada: StrictClient, cast: Cast) -> None:
    """Exactly like nobody; a role of theirs on a page of ours neither."""
    answers = {ada.get(where, status=404).words for where in (path(cast, "olga"), "/people/999999")}
    assert len(answers) == 1
    foreign = role(cast, "olga").rpartition("/")[2]
    ada.get(f"{path(cast, 'ben')}/roles/{foreign}", status=404)
    ada.post(f"{path(cast, 'ben')}/roles/{foreign}/end", {"end-on": today()}, status=404)


def test_a_page_of_somebody_busy_costs_no_more(ada: StrictClient, cast: Cast) -> None:
    """However many learners there are."""
    few = ada.get(path(cast, "marguerite")).statements
    with cast.installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["ben"])
        marguerite = session.get_one(Person, cast.people["marguerite"])
        for number in range(30):
            row, _link = actions.invite(
                session, System(), enrolment.centre, email=f"n{number}@example.org", name=f"N {number:02}",
                role=Role.LEARNER,
            )  # fmt: skip
            enrol(
                session, System(), enrolment.centre, learner=session.get_one(Person, row.person_id),
                qualification=enrolment.qualification, started_on=clock.today(), assessor=marguerite,
            )  # fmt: skip
        session.commit()
    page = ada.get(path(cast, "marguerite"))
    assert page.statements == few
    assert f"/enrolments?assessor={cast.people['marguerite']}" in page.links()


def test_the_page_says_who_can_change_the_name_of_somebody_of_two_centres(ada: StrictClient, cast: Cast) -> None:
    """They can, for both; an invitation alone does not tell the other centre's people from anybody else."""
    where = path(cast, "marguerite")
    with cast.installation.database.writing() as session:
        other = session.get_one(Centre, cast.homes["olga"])
        email, name = "marguerite@example.org", FULL_NAMES["marguerite"]
        actions.invite(session, System(), other, email=email, name=name, role=Role.IQA)
        session.commit()
    assert f"{where}/rename" not in ada.get(where).links()
    assert "Only Marguerite Okonkwo-Lindqvist can change this name." in ada.get(f"{where}/rename").words
    assert "only Marguerite Okonkwo-Lindqvist can change the name" in ada.get(where).words
    ada.post("/people/invite", {"name": "Olga", "email": "olga@example.org", "role": "learner"})
    olga = ada.get(path(cast, "olga"))
    assert f"{path(cast, 'olga')}/rename" in olga.links()
    assert "another centre" not in olga.words
    marguerite = ada.another().sign_in("marguerite")
    assert "Give your full name." in marguerite.post("/account/name", {"name": " "}, status=422).words
    marguerite.post("/account/name", {"name": "Marguerite Okonkwo"})
    assert "at every centre" in marguerite.get("/account").words
    assert "Marguerite Okonkwo" in ada.get(where).words
