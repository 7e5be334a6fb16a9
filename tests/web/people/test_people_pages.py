"""The list of people, inviting and withdrawing, as administrators and others meet them."""

import pytest
from sqlalchemy import select

from portfolio.accounts import actions
from portfolio.accounts.models import Membership
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from tests.cast import FULL_NAMES, Cast
from tests.client import StrictClient


@pytest.fixture
def ada(client: StrictClient, cast: Cast) -> StrictClient:
    """The administrator of Harrow Dale."""
    assert cast.people
    return client.sign_in("ada")


def membership(cast: Cast, name: str) -> int:
    """The id of somebody's membership."""
    with cast.installation.database.reading() as session:
        return session.scalars(select(Membership.id).where(Membership.person_id == cast.people[name])).one()


def test_the_list_shows_this_centre_by_role_and_words(ada: StrictClient) -> None:
    """The filters are in the address, and stay in the form."""
    everybody = ada.get("/people").words
    assert all(FULL_NAMES[name] in everybody for name in ("amina", "marguerite", "ewan", "drew"))
    assert FULL_NAMES["olga"] not in everybody
    assert "Disabled" in everybody
    trainees = ada.get("/people?role=trainee_assessor")
    assert FULL_NAMES["tobias"] in trainees.words
    assert FULL_NAMES["marguerite"] not in trainees.words
    found = ada.get("/people?q=oyel&role=learner")
    assert FULL_NAMES["ben"] in found.words
    assert FULL_NAMES["amina"] not in found.words
    assert "Nobody is found" in ada.get("/people?q=oyel&role=iqa").words


@pytest.mark.parametrize(
    "query", ["role=nonsense", "page=-1", "page=999999999999", "page=x", "q=" + "x" * 500, "q=%00%27"]
)
def test_any_address_is_answered(ada: StrictClient, query: str) -> None:
    """Somebody may have typed it."""
    ada.get(f"/people?{query}")
    ada.get(f"/enrolments?{query}")


def test_long_lists_have_pages_that_keep_the_filter(ada: StrictClient, cast: Cast) -> None:
    """Fifty lines on each; the last page has no next."""
    with cast.installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["ada"])
        for number in range(60):
            actions.invite(
                session, System(), centre, email=f"n{number}@example.org", name=f"Number {number:02}", role=Role.LEARNER
            )
        session.commit()
    first = ada.get("/people?q=number&role=learner")
    assert "Number 49" in first.words
    assert "Number 50" not in first.words
    assert "/people?q=number&role=learner&page=2" in first.links()
    second = ada.get("/people?q=number&role=learner&page=2")
    assert "Number 59" in second.words
    assert "/people?q=number&role=learner" in second.links()
    assert not [link for link in second.links() if "page=3" in link]


def test_inviting_says_the_same_for_known_and_unknown(ada: StrictClient) -> None:
    """Without mail, the command that prints the link is named; the list says invited for both."""
    answers = []
    for email, name in (("olga@example.org", "Olga Whitcombe"), ("nia@example.org", "Nia Newcomer")):
        ada.post("/people/invite", {"name": name, "email": email, "role": "iqa"})
        page = ada.get(f"/people?q={email}")
        answers.append(page.words.replace(email, "EMAIL").replace(name, "NAME"))
    assert answers[0] == answers[1]
    assert "portfolio people link EMAIL" in answers[0]
    assert "Invited" in answers[0]


def test_an_invitation_needs_everything(ada: StrictClient) -> None:
    """What was typed stays."""
    page = ada.post("/people/invite", {"name": "Nia", "email": "nia", "role": ""}, status=422)
    assert "Give a whole e-mail address" in page.words
    assert "Choose a role." in page.words
    assert page.forms()[-1]["fields"]["name"] == "Nia"
    again = ada.post("/people/invite", {"name": "Ben", "email": "BEN@example.org", "role": "learner"}, status=422)
    assert "That person already has this role here." in again.words
    ada.post("/people/invite", {"name": "Nia", "email": "nia@example.org", "role": "emperor"}, status=422)


def test_an_invitation_keeps_names_to_one_line(ada: StrictClient) -> None:
    """Whatever was pasted."""
    ada.post("/people/invite", {"name": "Nia\r\nBcc: x\x00", "email": "nia@example.org", "role": "learner"})
    assert "Nia Bcc: x" in ada.get("/people?q=nia@").words


def test_a_withdrawn_role_is_gone_at_the_next_request(ada: StrictClient, cast: Cast) -> None:
    """Whoever was signed in with it is asked to sign in."""
    marguerite = ada.another().sign_in("marguerite")
    marguerite.get("/account")
    assert ada.post(f"/people/{membership(cast, 'marguerite')}/withdraw").location == "/people"
    assert "is no longer assessor here" in ada.get("/people").words
    assert FULL_NAMES["marguerite"] not in ada.get("/people?role=assessor").words
    marguerite.get("/account", status=303)
    ada.post(f"/people/{membership(cast, 'marguerite')}/withdraw", status=409)


def test_a_role_of_another_centre_is_not_there(ada: StrictClient, cast: Cast) -> None:
    """Exactly like one that never was."""
    answers = {
        ada.post(f"/people/{number}/withdraw", status=404).words for number in (membership(cast, "olga"), 999_999)
    }
    assert len(answers) == 1


def test_the_only_administrator_stays(ada: StrictClient, cast: Cast) -> None:
    """Somebody must be able to invite the next one."""
    page = ada.post(f"/people/{membership(cast, 'ada')}/withdraw", status=409)
    assert "only administrator" in page.words


@pytest.mark.parametrize("name", ["amina", "marguerite", "tobias", "iris", "ewan"])
def test_nobody_else_has_these_pages(client: StrictClient, cast: Cast, name: str) -> None:
    """They do not exist for other roles."""
    client.sign_in(name)
    client.get("/people", status=404)
    client.get("/people/invite", status=404)
    client.post("/people/invite", {"name": "X", "email": "x@example.org", "role": "administrator"}, status=404)
    client.post(f"/people/{membership(cast, 'ben')}/withdraw", status=404)
