"""The list of people, inviting and withdrawing, as administrators and others meet them."""

import pytest

from portfolio.accounts import actions
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


def test_the_list_shows_this_centre_by_role_state_and_words(ada: StrictClient, cast: Cast) -> None:
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
    disabled = ada.get("/people?state=disabled")
    assert FULL_NAMES["drew"] in disabled.words
    assert FULL_NAMES["ben"] not in disabled.words
    assert f"/people/{cast.people['drew']}" in disabled.links()


def test_the_list_is_sorted_both_ways(ada: StrictClient) -> None:
    """By name from either end, or whoever came last first."""
    words = ada.get("/people").words
    backwards = ada.get("/people?sort=name-backwards").words
    assert words.index(FULL_NAMES["amina"]) < words.index(FULL_NAMES["tobias"])
    assert backwards.index(FULL_NAMES["tobias"]) < backwards.index(FULL_NAMES["amina"])
    newest = ada.get("/people?sort=newest").words
    assert newest.index(FULL_NAMES["drew"]) < newest.index(FULL_NAMES["amina"])


@pytest.mark.parametrize(
    "query",
    [
        "role=nonsense",
        "state=nonsense&sort=nonsense",
        "cohort=x&assessor=-1&qualification=%27",
        "page=-1",
        "page=999999999999",
        "page=x",
        "q=" + "x" * 500,
        "q=%00%27",
    ],
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


@pytest.mark.parametrize("name", ["amina", "marguerite", "tobias", "iris", "ewan"])
def test_nobody_else_has_these_pages(client: StrictClient, cast: Cast, name: str) -> None:
    """They do not exist for other roles."""
    client.sign_in(name)
    client.get("/people", status=404)
    client.get("/people/invite", status=404)
    client.post("/people/invite", {"name": "X", "email": "x@example.org", "role": "administrator"}, status=404)
    client.get(f"/people/{cast.people['ben']}", status=404)
    client.post(f"/people/{cast.people['ben']}/disable", status=404)
