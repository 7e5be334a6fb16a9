"""Where one is signed in: told in words of the device, and ended from anywhere."""

from typing import Any

import pytest

from portfolio.accounts.devices import device_words
from tests.cast import Cast
from tests.client import Page, StrictClient

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.6 Mobile/15E148 Safari/604.1"
)
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on an iPhone"),
        (CHROME, "Chrome on Linux"),
        (f"{CHROME} Edg/142.0.0.0", "Edge on Linux"),
        (f"{CHROME} OPR/120.0", "Opera on Linux"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 SamsungBrowser/29.0 Chrome/136 Mobile Safari/537.36",
         "Samsung Internet on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15",
         "Safari on a Mac"),
        ("curl/8.5", "A browser"),
        ("<script>alert(1)</script>", "A browser"),
        ("x" * 100_000 + "Firefox/1", "A browser"),
        ("", "A browser"),
    ],
)  # fmt: skip
def test_a_device_in_words(said: str, words: str) -> None:
    assert device_words(said) == words


def sign_in_with(client: StrictClient, name: str, agent: str) -> StrictClient:
    """Another browser, which says what it is, somebody signed in."""
    other = client.another()
    other.browser.environ_base["HTTP_USER_AGENT"] = agent
    return other.sign_in(name)


def places(page: Page) -> list[dict[str, Any]]:
    """The sessions that can be ended."""
    return [form for form in page.forms() if str(form["action"]).endswith("/end")]


def test_one_of_them_is_ended_from_another(client: StrictClient, cast: Cast) -> None:
    assert cast.people
    here, there = sign_in_with(client, "amina", FIREFOX), sign_in_with(client, "amina", SAFARI)
    page = here.get("/account")
    assert "Firefox on Windows Harrow Dale Training" in page.words
    assert "Sign out there : Safari on an iPhone" in page.words
    [place] = places(page)
    assert here.open(place["action"], "POST", data=place["fields"]).location == "/account"
    assert "You are signed out there." in here.get("/account").words
    assert there.get("/account", status=303).location.startswith("/sign-in")
    assert "Sign out everywhere else" not in here.get("/account").words


def test_all_others_are_ended_at_once(client: StrictClient, cast: Cast) -> None:
    assert cast.people
    here = sign_in_with(client, "amina", FIREFOX)
    others = [sign_in_with(client, "amina", agent) for agent in (FIREFOX, SAFARI, CHROME)]
    bens = sign_in_with(client, "ben", CHROME)
    assert len(places(here.get("/account"))) == 3
    assert here.post("/account/sessions/end-others").location == "/account"
    assert places(here.get("/account")) == []
    for other in others:
        other.get("/account", status=303)
    bens.get("/account")


def test_ones_own_is_signing_out_and_anothers_is_not_there(client: StrictClient, cast: Cast) -> None:
    assert cast.people
    here, there = sign_in_with(client, "amina", FIREFOX), sign_in_with(client, "amina", SAFARI)
    [own] = places(there.get("/account"))
    ben = sign_in_with(client, "ben", CHROME)
    ben.post(own["action"], status=404)
    ben.post("/account/sessions/999999/end", status=404)
    assert here.post(own["action"]).location == "/sign-in"
    here.get("/account", status=303)
    there.get("/account")
