"""Keeping and reading drafts as scripts do, and the preview of a text. Nobody reaches anybody else's."""

from typing import Any

import pytest

from portfolio.drafts import actions
from portfolio.drafts.queries import find
from portfolio.drafts.rules import BYTES_MOST
from portfolio.evidence.rules import BODY_MOST
from tests.cast import Cast
from tests.client import Page, StrictClient

PLACE = "/drafts/evidence.write.1"
JSON = {"Accept": "application/json"}


def put(client: StrictClient, body: Any, place: str = PLACE, *, token: str | None = None) -> Page:
    """Send a draft as a page does."""
    headers = {**JSON, "X-CSRFToken": client.token() if token is None else token}
    return client.open(place, "PUT", json=body, headers=headers)


def said(page: Page) -> dict[str, Any]:
    """The answer."""
    return dict(page.response.get_json())


def kept(cast: Cast, name: str, place: str = "evidence.write.1") -> dict[str, Any] | None:
    """What the database has of somebody."""
    with cast.installation.database.reading() as session:
        draft = find(session, cast.people[name], place)
        return draft.content if draft else None


@pytest.fixture
def ben(client: StrictClient, cast: Cast) -> StrictClient:
    """A signed-in browser of ben's."""
    assert cast.people
    return client.sign_in("ben")


def test_what_is_sent_is_kept_and_found(ben: StrictClient, cast: Cast) -> None:
    """With who it is, the time and the token to go on with."""
    before = said(ben.get(PLACE, headers=JSON))
    assert (before["rev"], before["content"], before["saved_at"]) == (0, None, "")
    answer = said(put(ben, {"rev": 0, "content": {"title": "A call", "criterion": ["1", "2"]}}))
    assert answer["rev"] > 0
    assert answer["saved_at"].count(":") == 1
    assert answer["person"] == cast.actor("ben").uid
    assert answer["csrf_token"]
    assert said(ben.get(PLACE, headers=JSON))["content"] == {"title": "A call", "criterion": ["1", "2"]}
    assert kept(cast, "ben") == {"title": "A call", "criterion": ["1", "2"]}


def test_everybody_has_drafts_of_their_own(ben: StrictClient, cast: Cast) -> None:
    """At the same place."""
    put(ben, {"rev": 0, "content": {"title": "Ben's"}})
    amina = ben.another().sign_in("amina")
    assert said(amina.get(PLACE, headers=JSON))["content"] is None
    put(amina, {"rev": 0, "content": {"title": "Amina's"}})
    assert (kept(cast, "ben"), kept(cast, "amina")) == ({"title": "Ben's"}, {"title": "Amina's"})


def test_an_older_window_gets_both_versions(ben: StrictClient, cast: Cast) -> None:
    """And what is kept stays."""
    first = said(put(ben, {"rev": 0, "content": {"title": "One"}}))["rev"]
    put(ben, {"rev": first, "content": {"title": "Two"}})
    answer = put(ben, {"rev": first, "content": {"title": "Three"}})
    assert answer.status == 409
    assert said(answer)["content"] == {"title": "Two"}
    assert "another window" in said(answer)["message"]
    assert kept(cast, "ben") == {"title": "Two"}
    assert put(ben, {"rev": said(answer)["rev"], "content": {"title": "Three"}}).status == 200
    assert kept(cast, "ben") == {"title": "Three"}


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_without_a_session_a_script_is_told_so(client: StrictClient, cast: Cast, method: str) -> None:
    """In JSON, and nothing is kept."""
    answer = client.open(PLACE, method, json={"rev": 0, "content": {"title": "A"}}, headers=JSON)
    assert answer.status == 401
    assert "signed out" in said(answer)["message"]
    assert "Location" not in answer.response.headers
    assert kept(cast, "ben") is None


def test_a_token_of_another_session_is_refused(ben: StrictClient, cast: Cast) -> None:
    """Until the page has fetched the present one."""
    old = ben.token()
    ben.post("/sign-out")
    ben.sign_in("ben")
    for token in ("", old):
        assert put(ben, {"rev": 0, "content": {"title": "A"}}, token=token).status == 400
    assert kept(cast, "ben") is None
    assert (
        put(ben, {"rev": 0, "content": {"title": "A"}}, token=said(ben.get(PLACE, headers=JSON))["csrf_token"]).status
        == 200
    )


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"content": {"title": "A"}},
        {"rev": "0", "content": {"title": "A"}},
        {"rev": -1, "content": {"title": "A"}},
        {"rev": 0, "content": "text"},
        {"rev": 0, "content": {"title": 5}},
        {"rev": 0, "content": {"title": {"a": "b"}}},
        {"rev": 0, "content": {"title": ["a", 5]}},
        {"rev": 0, "content": {"": "A"}},
        {"rev": 0, "content": {"a" * 61: "A"}},
        {"rev": 0, "content": {"<b>": "A"}},
        {"rev": 0, "content": {f"field-{n}": "" for n in range(501)}},
        {"rev": 0, "content": {"criterion": ["1"] * 2_001}},
    ],
)
def test_what_no_page_sends_is_refused(ben: StrictClient, cast: Cast, body: Any) -> None:
    """Nothing of it is kept."""
    assert put(ben, body).status == 400
    assert kept(cast, "ben") is None


@pytest.mark.parametrize("place", ["/drafts/Evidence", "/drafts/a..b", "/drafts/a%20b", "/drafts/" + "a" * 81])
def test_what_is_no_place_is_not_there(ben: StrictClient, place: str) -> None:
    """Neither to read nor to write."""
    assert ben.open(place, headers=JSON).status == 404
    assert put(ben, {"rev": 0, "content": {"title": "A"}}, place).status == 404


def test_too_much_is_refused(ben: StrictClient, cast: Cast) -> None:
    """By the rule for drafts, and beyond that by the limit for every body."""
    for length in (BYTES_MOST, 3_000_000):
        assert put(ben, {"rev": 0, "content": {"body": "a" * length}}).status == 413
    assert kept(cast, "ben") is None


def test_control_characters_and_halves_of_characters_are_not_kept(ben: StrictClient, cast: Cast) -> None:
    """So that the page can always be written out again."""
    put(ben, {"rev": 0, "content": {"body": "a\x00b\r\nc\x1bd\ud800e"}})
    assert kept(cast, "ben") == {"body": "ab\ncd?e"}
    ben.get(f"/enrolments/{cast.enrolments['ben']}/evidence/write")


def test_the_preview_is_safe_markup(ben: StrictClient) -> None:
    """Whatever was typed."""
    text = "## Heading\n\n*soft* <script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    page = ben.post("/text-preview", {"text": text}, status=200, headers=JSON)
    html = said(page)["html"]
    assert "<h3>Heading</h3>" in html
    assert "<em>soft</em>" in html
    for wrong in ("<script", "<img", 'href="javascript'):
        assert wrong not in html


def test_the_preview_of_nothing_and_of_too_much(ben: StrictClient) -> None:
    """Empty, or refused in JSON."""
    assert said(ben.post("/text-preview", {}, status=200, headers=JSON))["html"] == ""
    ben.post("/text-preview", {"text": "a" * (BODY_MOST + 1)}, status=413, headers=JSON)


def test_the_preview_is_for_those_who_are_signed_in(client: StrictClient) -> None:
    """Anybody else gets 401."""
    assert client.open("/text-preview", "POST", data={"text": "a"}, headers=JSON).status == 401


def test_a_draft_of_long_ago_is_cleared_by_its_writer_alone(ben: StrictClient, cast: Cast) -> None:
    """Clearing one person's leaves another's."""
    with cast.installation.database.writing() as session:
        for name in ("ben", "amina"):
            actions.save(session, cast.people[name], "evidence.write.1", {"title": name})
        actions.clear(session, cast.people["amina"], "evidence.write.1")
        session.commit()
    assert said(ben.get(PLACE, headers=JSON))["content"] == {"title": "ben"}
    assert kept(cast, "amina") is None
