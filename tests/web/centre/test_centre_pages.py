"""The centre's own pages: settings, limits that hold, a logo, words; what is refused, and two windows at once."""

from io import BytesIO
from typing import Any

import pytest

from portfolio.audit.streams import words_in
from portfolio.centres.models import Centre
from portfolio.centres.settings import settings_of
from portfolio.config import MEGABYTE
from portfolio.web.centre import views
from portfolio.web.security import DOWNLOAD_CSP
from tests.cast import Cast
from tests.client import Page, StrictClient
from tests.documents import bombs
from tests.documents.samples import picture

PLAIN = {"name": "Harrow Dale Training", "number": "40217", "keep_decisions_years": "3", "keep_work_weeks": "12"}
PLAIN |= {"expected_days": "365", "hold_original_days": "30"}


@pytest.fixture
def ada(client: StrictClient, cast: Cast) -> StrictClient:
    """The administrator of Harrow Dale."""
    assert cast.people
    return client.sign_in("ada")


def centre_of(cast: Cast) -> Centre:
    """Harrow Dale as it is now."""
    with cast.installation.database.reading() as session:
        return session.get_one(Centre, cast.homes["ada"])


def save(ada: StrictClient, cast: Cast, *, status: int = 303, **fields: str) -> Page:
    """The settings as ada's page sends them."""
    return ada.post("/centre/settings", {"rev": str(centre_of(cast).rev), **PLAIN, **fields}, status=status)


def form_to(page: Page, action: str) -> dict[str, Any]:
    """The fields of the form that is sent to an address."""
    return next(form["fields"] for form in page.forms() if form["action"] == action)


def told_of(page: Page, name: str) -> str:
    """What the page says to be wrong with a field."""
    found = [e for e in page.all("p") if e.get("id") == f"{name}-error"]
    return "".join(found[0].itertext()) if found else ""


def test_the_centre_leads_to_all_that_is_looked_after(ada: StrictClient) -> None:
    """With what is chosen now."""
    page = ada.get("/centre")
    assert {"/centre/settings", "/centre/words", "/cohorts"} <= page.links()
    assert "centre number 40217" in page.words
    assert "Decisions are kept3 years" in page.words


def test_settings_are_saved_and_read_again(ada: StrictClient, cast: Cast) -> None:
    """Sent as the form stands, they change nothing."""
    fields = form_to(ada.get("/centre/settings"), "/centre/settings")
    assert fields["name"] == "Harrow Dale Training"
    assert fields["learner_megabytes"] == ""
    ada.post("/centre/settings", fields)
    assert "Nothing was changed" in ada.get("/centre").words
    fields |= {"name": "Harrow Dale", "learner_megabytes": "2000"}
    assert ada.post("/centre/settings", fields).location == "/centre"
    page = ada.get("/centre")
    assert "The settings are saved." in page.words
    assert "2,000 MB" in page.words
    again = form_to(ada.get("/centre/settings"), "/centre/settings")
    assert (again["name"], again["learner_megabytes"]) == ("Harrow Dale", "2000")
    ada.post("/centre/settings", {**again, "second_factor_for_staff": "y"})
    assert settings_of(centre_of(cast).settings).second_factor_for_staff


def test_what_holds_back_is_chosen_and_told(ada: StrictClient, cast: Cast) -> None:
    """Sort by sort; and who lets something stay."""
    fields = form_to(ada.get("/centre/settings"), "/centre/settings")
    assert "personal_data_warns" not in fields
    assert fields["override_by"] == "learner"
    chosen = {"personal_data_warns": ["POSTCODE", "USERNAME"], "override_by": "administrator"}
    ada.post("/centre/settings", {**fields, **chosen})
    kept = settings_of(centre_of(cast).settings)
    assert kept.personal_data_warns == ("POSTCODE", "USERNAME")
    assert kept.asks_an_administrator
    page = ada.get("/centre")
    assert "Personal data only warned ofPostcode, User name" in page.words
    with cast.installation.database.reading() as session:
        told = words_in(session, centre_of(cast).stream_id)[-1].text["changes"]
    assert ["Personal data only warned of", "Nothing", "Postcode, User name"] in told
    again = form_to(ada.get("/centre/settings"), "/centre/settings")
    ada.post("/centre/settings", {**again, "personal_data_warns": [], "override_by": "learner"})
    assert settings_of(centre_of(cast).settings).personal_data_warns == ()
    page = save(ada, cast, status=422, personal_data_warns="SHOE_SIZE", override_by="learner")
    assert "Shoe" not in page.words
    assert told_of(page, "personal_data_warns")


def test_what_becomes_of_originals_is_chosen(ada: StrictClient, cast: Cast) -> None:
    fields = form_to(ada.get("/centre/settings"), "/centre/settings")
    assert (fields["originals"], fields["hold_original_days"]) == ("destroyed", "30")
    ada.post("/centre/settings", {**fields, "originals": "held", "hold_original_days": "90"})
    kept = settings_of(centre_of(cast).settings)
    assert (kept.originals, kept.hold_original_days) == ("held", 90)
    assert "Originals are held, where they are90 days" in ada.get("/centre").words


@pytest.mark.parametrize(
    ("fields", "name", "said"),
    [
        ({"name": ""}, "name", "Give the centre's name."),
        ({"number": "x" * 41}, "number", "Keep this to 40 characters."),
        ({"keep_decisions_years": "2"}, "keep_decisions_years", "Give a number from 3 to 30."),
        ({"keep_decisions_years": "three"}, "keep_decisions_years", "Give a whole number."),
        ({"keep_work_weeks": ""}, "keep_work_weeks", "Give a whole number."),
        ({"expected_days": "99999"}, "expected_days", "Give a number from 7 to 3,650."),
        ({"hold_original_days": "6"}, "hold_original_days", "Give a number from 7 to 365."),
        ({"learner_megabytes": "5121"}, "learner_megabytes", "from 1 to 5,120"),
        ({"learner_megabytes": "-1"}, "learner_megabytes", "from 1 to 5,120"),
        ({"centre_megabytes": "10", "learner_megabytes": "11"}, "learner_megabytes", "than the whole centre"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    ada: StrictClient, cast: Cast, fields: dict[str, str], name: str, said: str
) -> None:
    """What was typed stays in the form, and nothing is saved."""
    page = save(ada, cast, status=422, **fields)
    assert said in told_of(page, name)
    assert form_to(page, "/centre/settings")[name] == fields[name]
    assert centre_of(cast).rev == 1


def test_two_windows_meet(ada: StrictClient, cast: Cast) -> None:
    """The second one sees what stands beside what was typed; sent once more it is saved."""
    fields = form_to(ada.get("/centre/settings"), "/centre/settings")
    save(ada, cast, expected_days="400")
    page = ada.post("/centre/settings", {**fields, "name": "Mine"}, status=409)
    assert "changed in another window" in page.words
    assert "400 days" in page.words
    mine = form_to(page, "/centre/settings")
    assert (mine["name"], mine["expected_days"]) == ("Mine", "365")
    ada.post("/centre/settings", mine)
    assert centre_of(cast).name == "Mine"


@pytest.mark.parametrize("rev", ["", "x", "-1", "9" * 30])
def test_a_page_that_does_not_know_its_version_is_an_old_one(ada: StrictClient, cast: Cast, rev: str) -> None:
    """Whatever was sent."""
    save(ada, cast, status=409, rev=rev)


def test_uploads_keep_to_the_centres_limits(ada: StrictClient, client: StrictClient, cast: Cast) -> None:
    """From the next request on: one megabyte for a portfolio is one megabyte."""
    amina = client.another().sign_in("amina")
    path = f"/enrolments/{cast.enrolments['amina']}/evidence/add-files"
    assert "5 GB are left" in amina.get(path).words
    save(ada, cast, learner_megabytes="1")
    assert "1 MB are left" in amina.get(path).words
    refused = amina.open(
        f"/enrolments/{cast.enrolments['amina']}/files?name=letter.txt",
        "POST",
        data=b"x" * (MEGABYTE + 1),
        content_type="application/octet-stream",
        headers={"X-CSRFToken": amina.token(), "Accept": "application/json"},
    )
    assert refused.status == 413
    assert "of 1 MB" in refused.response.json["message"]  # type: ignore[index]


def send(ada: StrictClient, content: bytes, *, status: int = 303) -> Page:
    """A picture as the logo."""
    return ada.post("/centre/logo", {"logo": (BytesIO(content), "logo.png")}, status=status)


def test_a_logo_stands_on_every_page_of_its_own_members(ada: StrictClient, client: StrictClient) -> None:
    """With strict headers, and never to anybody else."""
    assert "There is none yet" in ada.get("/centre/settings").words
    send(ada, picture("JPEG", (900, 300)))
    amina, olga = client.another().sign_in("amina"), client.another().sign_in("olga")
    address = next(e.get("src", "") for e in amina.get("/portfolio").all("img") if "/centre/logo/" in e.get("src", ""))
    answer = amina.get(address)
    assert answer.response.mimetype == "image/png"
    assert answer.response.headers["Content-Security-Policy"] == DOWNLOAD_CSP
    assert answer.response.headers["Cache-Control"].startswith("private,")
    assert answer.response.get_data().startswith(b"\x89PNG")
    olga.get(address, status=404)
    assert not [e for e in olga.get("/portfolio").all("img") if "/centre/logo/" in e.get("src", "")]
    stranger = client.another()
    assert stranger.open(address).status == 303
    assert "Take the logo away" in ada.get("/centre/settings").words
    ada.post("/centre/remove-logo")
    amina.get(address, status=404)
    ada.post("/centre/remove-logo", status=409)


@pytest.fixture
def unfit() -> dict[str, bytes]:
    """What no logo is made of."""
    return {"a page": b"<html></html>", "a bomb": bombs.pixels()}


@pytest.mark.parametrize(
    ("name", "said"),
    [("a page", "cannot be read"), ("a bomb", "cannot be read")],
)
def test_what_is_no_logo_is_refused(
    ada: StrictClient, cast: Cast, unfit: dict[str, bytes], name: str, said: str
) -> None:
    """At its field; the page is as it was otherwise."""
    page = send(ada, unfit[name], status=422)
    assert said in told_of(page, "logo")
    assert form_to(page, "/centre/settings")["name"] == "Harrow Dale Training"
    assert settings_of(centre_of(cast).settings).logo == ""


def test_a_large_file_is_refused(ada: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anybody looks at what is in it."""
    monkeypatch.setattr(views, "LOGO_MOST", 100)
    assert "larger than 1 MB" in told_of(send(ada, picture(), status=422), "logo")


def test_no_file_is_no_logo(ada: StrictClient) -> None:
    """The button without a picture."""
    assert "Choose a picture." in told_of(ada.post("/centre/logo", status=422), "logo")


def test_a_centre_speaks_its_own_words(ada: StrictClient, client: StrictClient, cast: Cast) -> None:
    """On every page, for everybody of it and for nobody else; its trail keeps the standard ones."""
    fields = form_to(ada.get("/centre/words"), None)  # type: ignore[arg-type]
    fields |= {"learner_one": "apprentice", "learner_many": "apprentices", "iqa_one": "verifier"}
    fields |= {"iqa_many": "verifiers", "cohort_one": "group", "cohort_many": "groups"}
    assert ada.post("/centre/words", fields).location == "/centre"
    assert "Groups" in ada.get("/centre").words
    assert "Apprentice" in ada.get("/people").words
    iris, olga = client.another().sign_in("iris"), client.another().sign_in("olga")
    assert "Verifier" in iris.get("/account").words
    assert "Learner" in olga.get("/account").words
    assert ada.get("/cohorts").words.count("Groups")
    with cast.installation.database.reading() as session:
        told = words_in(session, centre_of(cast).stream_id)[-1].text["changes"]
    assert ["learner", "standard", "apprentice / apprentices"] in told
    again = form_to(ada.get("/centre/words"), None)  # type: ignore[arg-type]
    assert again["learner_one"] == "apprentice"


def test_words_that_cannot_be_are_said_at_their_field(ada: StrictClient) -> None:
    """One form without the other."""
    fields = form_to(ada.get("/centre/words"), None)  # type: ignore[arg-type]
    page = ada.post("/centre/words", {**fields, "unit_one": "module"}, status=422)
    assert "Give both forms" in told_of(page, "unit_many")


def test_two_windows_with_words_meet(ada: StrictClient) -> None:
    """The second one sees what stands."""
    fields = form_to(ada.get("/centre/words"), None)  # type: ignore[arg-type]
    ada.post("/centre/words", {**fields, "unit_one": "module", "unit_many": "modules"})
    page = ada.post("/centre/words", {**fields, "evidence_one": "work"}, status=409)
    assert "module / modules" in page.words
    mine = form_to(page, None)  # type: ignore[arg-type]
    assert (mine["evidence_one"], mine["unit_one"]) == ("work", "")


@pytest.mark.parametrize("who", ["amina", "marguerite", "iris", "ewan"])
def test_the_centre_is_for_its_administrators(client: StrictClient, cast: Cast, who: str) -> None:
    """Nobody else finds it."""
    assert cast.people
    browser = client.sign_in(who)
    for path in ("/centre", "/centre/settings", "/centre/words", "/cohorts"):
        browser.get(path, status=404)
    browser.post("/centre/settings", PLAIN, status=404)
    assert "/centre" not in browser.get("/account").links()
