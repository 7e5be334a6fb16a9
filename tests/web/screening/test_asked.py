"""The pages on which administrators answer what may stay: the words on one page alone, and its openings on record."""

import pytest

from portfolio.notices.rules import NoticeKind
from portfolio.screening.models import FindingDecision
from tests.cast import Cast
from tests.client import Page, StrictClient
from tests.screening.asking import ask, draft, leave_it_to_administrators

LIST = "/centre/personal-data/asked"
SECRET = "Mrs Quillfeather"


@pytest.fixture
def asked(cast: Cast) -> int:
    """Amina asks to keep a name in her draft; answers the id of that."""
    with cast.installation.database.writing() as session:
        leave_it_to_administrators(session, cast)
        row = ask(session, cast, draft(session, cast), SECRET)
        session.commit()
        return row.id


def told_of(page: Page, name: str) -> str:
    found = [e for e in page.all("p") if e.get("id") == f"{name}-error"]
    return "".join(found[0].itertext()) if found else ""


def outcomes(cast: Cast) -> list[str]:
    with cast.installation.database.reading() as session:
        return [row.outcome.value for row in session.query(FindingDecision).order_by(FindingDecision.id)]


def test_nothing_is_asked_where_makers_say_it_themselves(client: StrictClient, cast: Cast) -> None:
    assert cast.people
    assert "whoever made an item says themselves" in client.sign_in("ada").get(LIST).words


def test_an_administrator_reads_the_sentence_and_allows(client: StrictClient, cast: Cast, asked: int) -> None:
    ada = client.sign_in("ada")
    assert LIST in ada.get("/centre/personal-data").links()
    assert "One answer is waited for" in ada.get("/centre/personal-data").words
    page = ada.get(LIST)
    assert "It is public, such as an author" in page.words
    assert SECRET not in page.words
    assert f"{LIST}/{asked}" in page.links()
    page = ada.get(f"{LIST}/{asked}")
    assert f"I rang {SECRET} on [Phone number] to say so." in page.words
    assert "It rained" not in page.words
    assert "A call in the rain" not in page.words
    assert "She speaks for the council." in page.words
    assert ada.post(f"{LIST}/{asked}", {"answer": "allow"}).location == LIST
    page = ada.get(LIST)
    assert "It may stay." in page.words
    assert "Nothing is asked" in page.words
    assert outcomes(cast) == ["asked", "kept"]
    ada.get(f"{LIST}/{asked}", status=409)
    ada.post(f"{LIST}/{asked}", {"answer": "allow"}, status=409)


def test_a_refusal_needs_words(client: StrictClient, cast: Cast, asked: int) -> None:
    """And an answer needs to be chosen; what was typed stays."""
    ada = client.sign_in("ada")
    assert "Choose whether it may stay" in told_of(ada.post(f"{LIST}/{asked}", status=422), "answer")
    page = ada.post(f"{LIST}/{asked}", {"answer": "refuse", "said": " "}, status=422)
    assert "Say why it cannot stay" in told_of(page, "said")
    assert SECRET in page.words
    page = ada.post(f"{LIST}/{asked}", {"answer": "refuse", "said": f"Take {SECRET} out."}, status=422)
    assert told_of(page, "said")
    ada.post(f"{LIST}/{asked}", {"answer": "refuse", "said": "Write her role instead."})
    assert "It may not stay." in ada.get(LIST).words
    assert outcomes(cast) == ["asked", "refused"]


def test_each_opening_is_in_the_access_log(client: StrictClient, cast: Cast, asked: int) -> None:
    """The list holds no words, so that it is not noted."""
    ada = client.sign_in("ada")
    ada.get(LIST)
    assert "Read what was asked" not in ada.get("/centre/access").words
    ada.get(f"{LIST}/{asked}")
    words = ada.get(f"/centre/access?enrolment={cast.enrolments['amina']}").words
    assert "Read what was asked to stay in E0" in words


def test_notices_lead_there_and_back(client: StrictClient, asked: int) -> None:
    ada = client.sign_in("ada")
    page = ada.get("/notices")
    assert "you are asked whether something may stay in E0" in page.words
    assert SECRET not in page.words
    form = next(form for form in page.forms() if str(form["action"]).endswith("/open"))
    assert ada.post(str(form["action"])).location == LIST
    ada.post(f"{LIST}/{asked}", {"answer": "refuse", "said": "Write her role instead."})
    page = client.another().sign_in("amina").get("/notices")
    assert "You have an answer about what may stay in E0" in page.words
    assert "Somebody asks whether personal data may stay" in ada.get("/account").words
    amina = client.another().sign_in("amina")
    assert "Whether personal data may stay" in amina.get("/account").words
    assert NoticeKind.STAY_ASKED.value not in {f.get("value") for f in amina.get("/account").all("input")}


@pytest.mark.parametrize("who", ["amina", "marguerite", "iris", "ewan", "odette"])
def test_nobody_else_finds_it(client: StrictClient, cast: Cast, asked: int, who: str) -> None:
    assert cast.people
    browser = client.sign_in(who)
    browser.get(f"{LIST}/{asked}", status=404)
    browser.post(f"{LIST}/{asked}", {"answer": "allow"}, status=404)
    if who != "odette":
        browser.get(LIST, status=404)
    else:
        assert "E0" not in browser.get(LIST).words
