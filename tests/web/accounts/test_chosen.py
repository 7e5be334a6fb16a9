"""What somebody chooses on the page of their account: how they are told, and the sentences that they begin often."""

from dataclasses import replace

import pytest

from portfolio.assessment import stems
from portfolio.assessment.stems import KEPT_MOST, STARTERS
from portfolio.config import Mail
from portfolio.mail import Letter
from portfolio.notices.queries import switches
from portfolio.notices.rules import NoticeKind, Switch
from tests.cast import Cast
from tests.client import Page, StrictClient

JSON = {"Accept": "application/json"}


def offered(page: Page) -> dict[str, list[str]]:
    """The switches on the page that are on, by way; and every kind that is offered."""
    boxes = [e for e in page.all("input") if e.get("type") == "checkbox"]
    found = {way: [e.get("value", "") for e in boxes if e.get("name") == way and e.get("checked") is not None]
             for way in ("screen", "mail")}  # fmt: skip
    return {**found, "kinds": [e.get("value", "") for e in boxes if e.get("name") == "screen"]}


def chosen(cast: Cast, name: str) -> dict[NoticeKind, Switch]:
    """How somebody is told."""
    with cast.installation.database.reading() as session:
        return switches(session, cast.people[name])


def kept(cast: Cast, name: str) -> list[tuple[int | None, str]]:
    """What somebody keeps."""
    with cast.installation.database.reading() as session:
        return [(stem.id, stem.words) for stem in stems.kept_by(session, cast.people[name])]


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("amina", ["feedback", "signed_off", "reopened", "criteria", "invited"]),
        ("marguerite", ["submitted", "countersign", "invited"]),
        ("tobias", ["submitted", "countersigned", "invited"]),
        ("iris", ["invited"]),
    ],
)
def test_each_role_is_asked_about_what_concerns_it(
    client: StrictClient, cast: Cast, name: str, kinds: list[str]
) -> None:
    assert cast.people
    found = offered(client.sign_in(name).get("/account"))
    assert found == {"screen": kinds, "mail": kinds, "kinds": kinds}


@pytest.mark.parametrize(
    ("name", "kind"), [("amina", "stay_answered"), ("marguerite", "stay_answered"), ("ada", "stay_asked"), ("iris", "")]
)
def test_what_may_stay_is_told_where_the_centre_says_so(client: StrictClient, cast: Cast, name: str, kind: str) -> None:
    """To whoever may ask, and to whoever answers."""
    ada = client.another().sign_in("ada")
    fields = next(form["fields"] for form in ada.get("/centre/settings").forms() if "expected_days" in form["fields"])
    ada.post("/centre/settings", {**fields, "override_by": "administrator"})
    assert cast.people
    kinds = [one for one in offered(client.sign_in(name).get("/account"))["kinds"] if one.startswith("stay_")]
    assert kinds == ([kind] if kind else [])


def test_how_one_is_told_is_kept_kind_by_kind(client: StrictClient, cast: Cast) -> None:
    client.sign_in("amina")
    data = {"screen": ["feedback", "submitted"], "mail": ["signed_off"]}
    assert client.post("/account/notices", data).location == "/account"
    found = chosen(cast, "amina")
    assert found[NoticeKind.FEEDBACK] == Switch(True, False)
    assert found[NoticeKind.SIGNED_OFF] == Switch(False, True)
    assert found[NoticeKind.CRITERIA] == Switch(False, False)
    assert found[NoticeKind.SUBMITTED] == Switch(), "what does not concern a learner stays as it was"
    page = client.get("/account")
    assert "From now on you are told as you chose." in page.words
    assert (offered(page)["screen"], offered(page)["mail"]) == (["feedback"], ["signed_off"])
    assert chosen(cast, "ben") == dict.fromkeys(NoticeKind, Switch())


def test_a_kind_that_is_none_changes_nothing(client: StrictClient, cast: Cast) -> None:
    client.sign_in("amina")
    client.post("/account/notices", {"screen": ["everything"]}, status=400)
    assert chosen(cast, "amina") == dict.fromkeys(NoticeKind, Switch())


def test_the_page_says_whether_letters_are_sent_at_all(client: StrictClient, cast: Cast) -> None:
    assert "Letters: none are sent" in client.sign_in("ben").get("/account").words
    settings = replace(cast.installation.settings, mail=Mail("127.0.0.1", 25, "", "", "portfolio@centre.example"))
    mailing = StrictClient(replace(cast.installation, settings=settings)).sign_in("ben")
    assert "Letters: none are sent" not in mailing.get("/account").words


def test_who_wants_no_invitations_by_mail_gets_none_and_the_page_does_not_tell(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters: list[Letter] = []
    monkeypatch.setattr("portfolio.mail.send", lambda _settings, letter: letters.append(letter))
    settings = replace(cast.installation.settings, mail=Mail("127.0.0.1", 25, "", "", "portfolio@centre.example"))
    client = StrictClient(replace(cast.installation, settings=settings))
    client.another().sign_in("oscar").post("/account/notices", {"screen": ["submitted", "invited"]})
    client.sign_in("ada")
    said = []
    for name in ("oscar", "olga", "nobody"):
        client.post("/people/invite", {"name": "Somebody", "email": cast.email(name), "role": "iqa"})
        said.append(client.get("/people").words.partition("Somebody is invited.")[2].partition("Invite")[0])
    client.app.extensions["post"].wait()
    assert [letter.email for letter in letters] == [cast.email("olga"), cast.email("nobody")]
    assert said[0].replace("oscar", "olga") == said[1]


def test_only_an_assessor_keeps_sentences(client: StrictClient, cast: Cast) -> None:
    assert "Sentences that you begin often" not in client.sign_in("amina").get("/account").words
    client.post("/account/stems", {"words": "Show where"}, status=404)
    assert kept(cast, "amina") == []


def test_ready_made_ones_are_kept_with_a_button(client: StrictClient, cast: Cast) -> None:
    page = client.sign_in("marguerite").get("/account")
    assert "You keep none of your own yet" in page.words
    assert all(words in page.words for words in STARTERS)
    together, another = (form["fields"]["words"] for form in page.forms() if form["action"] == "/account/stems")
    assert (another, client.post("/account/stems", {"words": together}).location) == ("", "/account")
    assert [words for _id, words in kept(cast, "marguerite")] == list(STARTERS)
    client.post(f"/account/stems/{kept(cast, 'marguerite')[1][0]}/drop")
    page = client.get("/account")
    again, _another = (form["fields"]["words"] for form in page.forms() if form["action"] == "/account/stems")
    assert again == STARTERS[1]
    client.post("/account/stems", {"words": again})
    assert [words for _id, words in kept(cast, "marguerite")] == [STARTERS[0], *STARTERS[2:], STARTERS[1]]


def test_what_is_refused_comes_back_with_its_reason(client: StrictClient, cast: Cast) -> None:
    client.sign_in("marguerite").post("/account/stems", {"words": "Say where"})
    for words, reason in (("say WHERE", "already"), ("", "Write the beginning"), ("a" * 201, "200 characters")):
        page = client.post("/account/stems", {"words": words}, status=422)
        assert reason in page.words
        assert "One thing needs your attention" in page.words
        assert [form["fields"]["words"] for form in page.forms() if form["action"] == "/account/stems"][-1] == words
    assert len(kept(cast, "marguerite")) == len(STARTERS) + 1


def test_a_script_keeps_one_and_is_told_why_not(client: StrictClient, cast: Cast) -> None:
    client.sign_in("marguerite")
    done = client.post("/account/stems", {"words": " I  could see that"}, status=201, headers=JSON)
    id_, words = kept(cast, "marguerite")[-1]
    assert (words, done.response.get_json()) == ("I could see that", {"id": id_, "words": words, "note": ""})
    refused = client.post("/account/stems", {"words": "i COULD see that"}, status=422, headers=JSON)
    assert refused.response.get_json() == {"message": "You keep these words already."}


def test_changing_and_dropping(client: StrictClient, cast: Cast) -> None:
    client.sign_in("marguerite")
    for words in ("Say where", "At work"):
        client.post("/account/stems", {"words": words})
    first, second = (id_ for id_, _words in kept(cast, "marguerite")[-2:])
    refused = client.post(f"/account/stems/{first}", {"words": "at work"}, status=422)
    assert "You keep these words already." in refused.words
    assert f"#words-{first}" in refused.links()
    assert client.post(f"/account/stems/{first}", {"words": "Say when"}).location == "/account"
    assert kept(cast, "marguerite")[-2:] == [(first, "Say when"), (second, "At work")]
    other = client.another().sign_in("dafydd")
    other.post(f"/account/stems/{first}", {"words": "Mine now"}, status=404)
    other.post(f"/account/stems/{first}/drop", status=404)
    client.post(f"/account/stems/{first}/drop")
    assert kept(cast, "marguerite")[len(STARTERS) :] == [(second, "At work")]


def test_no_more_are_offered_than_there_is_room_for(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        for number in range(KEPT_MOST - len(STARTERS)):
            stems.keep(session, cast.actor("marguerite", session), f"Sentence {number}")
        session.commit()
    page = client.sign_in("marguerite").get("/account")
    assert "Drop one to keep another." in page.words
    assert "/account/stems" not in [form["action"] for form in page.forms()]
    assert page.statements <= 15
