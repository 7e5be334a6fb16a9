"""Pages that anybody may read: help for each role, the glossary, and the privacy notice."""

import pytest

from portfolio.web.about.glossary import ANCHORS
from portfolio.web.about.views import READERS
from tests.cast import Cast
from tests.client import StrictClient


@pytest.mark.parametrize("role", READERS)
def test_each_role_has_a_page_of_help(client: StrictClient, role: str) -> None:
    page = client.get(f"/about/help/{role}")
    assert "What to do first" in page.words
    assert "personal data" in page.words.lower()
    assert "/about/glossary" in page.links()
    assert f"/about/help/{role}" in client.get("/about/help").links()
    assert not {link for link in page.links() if "#" in link and link != "#main"}


def test_there_is_no_help_for_nobody(client: StrictClient) -> None:
    client.get("/about/help/emperor", status=404)


def test_ones_own_help_comes_first(client: StrictClient, cast: Cast) -> None:
    assert cast.people
    words = client.sign_in("marguerite").get("/about/help").words
    assert words.index("For you") < words.index("Assessors") < words.index("Learners")
    assert "By what you are here for" in client.another().get("/about/help").words


def test_help_speaks_in_the_centres_words(client: StrictClient, cast: Cast) -> None:
    ada = client.sign_in("ada")
    ada.post("/centre/words", {"rev": "1", "learner_one": "apprentice", "learner_many": "apprentices"})
    assert cast.people
    page = ada.get("/about/help/learner")
    assert page.words.count("apprentices") > 0
    assert "Help for apprentices" in page.words


def test_the_glossary_is_in_order_and_can_be_led_to(client: StrictClient) -> None:
    page = client.get("/about/glossary")
    words = ["".join(one.itertext()) for one in page.all("dt")]
    assert words == sorted(words, key=str.casefold)
    assert len(words) == len(set(words)) == len(ANCHORS) > 35
    ids = {one.get("id") for one in page.all("div")}
    assert set(ANCHORS.values()) <= ids
    assert "/about/glossary#varcs" in client.get("/about/assessment").links()


def test_the_privacy_notice_tells_the_centres_periods(client: StrictClient, cast: Cast) -> None:
    assert cast.people
    public = client.get("/about/privacy").words
    assert "3 years after your enrolment ended" in public
    assert "12 weeks" in public
    ada = client.sign_in("ada")
    fields = {
        "rev": "1",
        "name": "Harrow Dale Training",
        "number": "40217",
        "expected_days": "365",
        "hold_original_days": "30",
    }
    ada.post("/centre/settings", {**fields, "keep_decisions_years": "6", "keep_work_weeks": "26"})
    own = ada.get("/about/privacy").words
    assert "Harrow Dale Training has set these periods" in own
    assert "6 years after your enrolment ended" in own
    assert "26 weeks" in own


def test_every_page_leads_to_help(client: StrictClient) -> None:
    assert {"/about/help", "/about/glossary", "/about/privacy"} <= client.get("/sign-in").links() | client.get(
        "/about/assessment"
    ).links()
