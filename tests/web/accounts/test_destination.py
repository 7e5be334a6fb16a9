"""After signing in, nobody is led to another site (goal X6)."""

import pytest

from portfolio.web.accounts.destination import local_path
from tests.cast import Cast
from tests.client import StrictClient

ELSEWHERE = [
    "", "home", "https://evil.example", "http:evil.example", "//evil.example", "///evil.example", "/\\evil.example",
    "\\/evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example", "/\r\n/evil",
    " //evil.example", "javascript:alert(1)", "data:text/html,x", "/path\\..\\x", "/\u2028/evil.example",
    "/\x00/evil", "//[evil", "mailto:a@b.example", "https:/evil.example", "/" + "x" * 2_000,
    "/\u200f/evil", "/\x7f/evil",
]  # fmt: skip


@pytest.mark.parametrize("text", ELSEWHERE)
def test_nothing_but_a_path_of_our_own(text: str) -> None:
    """However a browser may read it."""
    assert local_path(text) is None


@pytest.mark.parametrize("text", ["/", "/people?role=iqa&q=a%20b", "/evidence/7#note", "/a//b", "/@evil.example", "/é"])
def test_our_own_paths_are_kept(text: str) -> None:
    """With query and all."""
    assert local_path(text) == text


def test_signing_in_leads_to_the_page_that_was_asked_for(client: StrictClient, cast: Cast) -> None:
    """And to the start page instead of elsewhere."""
    assert cast.people
    asked = client.get("/people?role=iqa", status=303).location
    assert asked == "/sign-in?next=/people?role%3Diqa"
    form = {"email": "ada@example.org", "password": "plum river lantern 42"}
    assert client.post(asked, form).location == "/people?role=iqa"
    for text in ELSEWHERE:
        other = client.another()
        page = other.post("/sign-in", form, query_string={"next": text})
        assert page.location == "/"


def test_who_is_signed_in_is_led_on_at_once(client: StrictClient, cast: Cast) -> None:
    """Without being asked again."""
    assert cast.people
    client.sign_in("ada")
    assert client.get("/sign-in?next=/people", status=303).location == "/people"
    assert client.get("/sign-in?next=//evil.example", status=303).location == "/"
