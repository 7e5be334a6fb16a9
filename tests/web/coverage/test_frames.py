"""The audit's frame is kept and its gaps are filled anew: nothing old is in it, and nothing of another person."""

from flask import flash, g
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import managing
from portfolio.accounts.models import Person
from portfolio.centres.models import Centre
from portfolio.enrolment import leaving
from portfolio.enrolment.models import Enrolment
from portfolio.web.frames import framed
from tests.cast import Cast
from tests.client import TOKEN, StrictClient

UNIT = "/coverage?unit=HRCC"
TRICK = "<!--gap:token--> & <b>"


def tokens(text: str) -> set[str]:
    """The tokens of all forms."""
    return {found[1] for found in TOKEN.findall(text)}


def test_each_session_has_its_own_token_in_every_form(cast: Cast, client: StrictClient) -> None:
    assert cast.people
    first, second = client.sign_in("iris"), client.another().sign_in("iris")
    pages = [one.get(UNIT).text for one in (first, second, first, second)]
    said = [tokens(page) for page in pages]
    assert [len(one) for one in said] == [1, 1, 1, 1]
    assert (said[0], said[1]) == (said[2], said[3])
    assert said[0] != said[1]
    assert not any("<!--gap" in page or "<!--token" in page for page in pages)
    for one, (token,) in ((first, said[0]), (second, said[1])):
        file = one.post("/coverage/export?unit=HRCC&view=unit", {"kind": "csv", "csrf_token": token}, status=200)
        assert file.response.mimetype == "text/csv"


def test_figures_are_those_of_the_moment(cast: Cast, client: StrictClient, session: Session) -> None:
    client.sign_in("marguerite")
    assert "2 learners, 34 criteria in all. 30 gaps remain." in client.get(UNIT).words
    ben = session.get_one(Enrolment, cast.enrolments["ben"])
    leaving.leave(session, cast.actor("ada", session), ben, on=clock.today(), reason="Moved away.")
    session.commit()
    page = client.get(UNIT)
    assert "1 learner, 17 criteria in all. 13 gaps remain." in page.words
    assert "Ben Oyelaran" not in page.text


def test_nobody_gets_what_another_got(cast: Cast, client: StrictClient) -> None:
    assert cast.people
    for name in ("marguerite", "tobias", "oscar", "marguerite"):
        page = client.another().sign_in(name).get(UNIT)
        assert ("Harrow Dale" in page.text) is (name != "oscar")
        assert ("Marguerite Okonkwo-Lindqvist (" in page.text) is (name == "marguerite")


def test_other_words_of_the_centre_show_at_once(cast: Cast, client: StrictClient) -> None:
    assert cast.people
    ada, iris = client.sign_in("ada"), client.another().sign_in("iris")
    assert "2 learners" in iris.get(UNIT).words
    [form] = [one for one in ada.get("/centre/words").forms() if "learner_one" in one["fields"]]
    ada.post("/centre/words", {**form["fields"], "learner_one": "apprentice", "learner_many": "apprentices"})
    page = iris.get(UNIT)
    assert "2 apprentices, 34 criteria in all" in page.words
    assert "learners" not in page.words


def test_what_people_write_fills_no_gap(cast: Cast, client: StrictClient, session: Session) -> None:
    ada, centre = cast.actor("ada", session), session.get_one(Centre, cast.homes["ada"])
    for name in ("ben", "tobias"):
        managing.rename(session, ada, session.get_one(Person, cast.people[name]), centre, name=f"{TRICK} {name}")
    session.commit()
    client.sign_in("marguerite")
    for path in (UNIT, f"{UNIT}&q=%3C!--gap:token--%3E", "/coverage"):
        page = client.get(path)
        assert len(tokens(page.text)) == 1
        assert "&lt;!--gap:token--&gt; &amp; &lt;b&gt; ben" in page.text
        assert "<!--gap" not in page.text


def test_what_is_said_once_is_not_kept(cast: Cast, client: StrictClient, session: Session) -> None:
    shown = {"asked": None, "is_any": False}
    for words in ("", "Saved for now.", ""):
        with client.app.test_request_context("/coverage"):
            client.app.preprocess_request()
            g.actor = cast.actor("iris", session)
            if words:
                flash(words)
            page = framed("coverage/show.html", {"stand": (b"as of",)}, **shown).decode()
            assert ("Saved for now." in page) is bool(words)
