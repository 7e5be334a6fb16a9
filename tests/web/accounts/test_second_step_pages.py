"""The pages of the second step: setting it up, signing in with it, losing the telephone, what a centre asks for."""

import re
from urllib.parse import unquote

import pytest

from portfolio.accounts import actions, queries
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.centres.actions import open_centre
from portfolio.centres.models import Centre
from tests.accounts.steps import App, set_up
from tests.cast import PASSWORD, Cast
from tests.client import Page, StrictClient
from tests.web.accounts.test_account_pages import NEW, reset

STEP = "/account/second-step"


def has_set_up(cast: Cast, name: str) -> App:
    """Somebody has a second step."""
    with cast.installation.database.writing() as session:
        app = set_up(session, cast.actor(name, session))
        session.commit()
    return app


def asks_staff(cast: Cast, home: str = "ada") -> None:
    """The centre asks its staff for a second step from now on."""
    with cast.installation.database.writing() as session:
        session.get_one(Centre, cast.homes[home]).settings = {"second_factor_for_staff": True}
        actions.new_link(session, System(), email="ada@example.org")
        session.commit()


def pass_door(client: StrictClient, name: str, onward: str = "") -> Page:
    """The first step: the password."""
    data = {"email": f"{name}@example.org", "password": PASSWORD}
    return client.post("/sign-in", data, query_string={"next": onward} if onward else {})


def key_on(page: Page) -> str:
    """The key that the page shows for typing."""
    return next("".join(e.itertext()) for e in page.all("p") if e.get("id") == "key").replace(" ", "")


def test_setting_it_up_and_signing_in_with_it(client: StrictClient, cast: Cast) -> None:
    assert cast.people
    client.sign_in("amina")
    elsewhere = client.another().sign_in("amina")
    assert STEP in client.get("/account").links()
    assert "What you need" in client.get(STEP).words
    assert "That is not your password." in client.post(f"{STEP}/begin", {"password": "wrong"}, status=422).words
    assert client.post(f"{STEP}/begin", {"password": PASSWORD}).location == STEP
    page = client.get(STEP)
    app = App(key_on(page))
    picture = next(e for e in page.all("img"))
    assert picture.get("src", "").startswith("data:image/svg+xml")
    assert any(link.startswith("otpauth://totp/NVQ%20Portfolio:amina%40example.org") for link in page.links())
    assert key_on(client.get(STEP)) == app.key, "loading the page again changes nothing"
    wrong = client.post(f"{STEP}/confirm", {"code": "000000"}, status=422)
    assert "That code is not right." in wrong.words
    [field] = [e for e in wrong.all("input") if e.get("name") == "code"]
    assert (field.get("autocomplete"), field.get("inputmode")) == ("one-time-code", "numeric")
    shown = client.post(f"{STEP}/confirm", {"code": app.code()}, status=200)
    codes = ["".join(e.itertext()) for e in shown.all("li") if re.fullmatch(r"(\w{4}-){2}\w{4}", "".join(e.itertext()))]
    assert len(codes) == 10
    [file] = [e for e in shown.all("a") if e.get("download")]
    assert all(code in unquote(file.get("href", "")) for code in codes)
    assert "10" in client.get(STEP).words
    assert not [code for code in codes if code in client.get(STEP).text]
    elsewhere.get("/account", status=303)
    other = client.another()
    assert pass_door(other, "amina", "/notices").location == "/sign-in/code?next=/notices"
    assert other.get("/account", status=303).location.startswith("/sign-in")
    assert other.post("/sign-in/code?next=/notices", {"code": app.code(later=1)}).location == "/notices"
    assert "Your account" in other.get("/account").words


def test_the_form_of_the_codes_page_is_of_the_new_session(client: StrictClient, cast: Cast) -> None:
    """The session is a fresh one: signing out from the very page with the codes works."""
    assert cast.people
    client.sign_in("amina")
    client.post(f"{STEP}/begin", {"password": PASSWORD})
    page = client.post(f"{STEP}/confirm", {"code": App(key_on(client.get(STEP))).code()}, status=200)
    [form] = [form for form in page.forms() if form["action"] == "/sign-out"][:1]
    assert client.open("/sign-out", "POST", data=form["fields"]).status == 303


def test_without_the_telephone(client: StrictClient, cast: Cast) -> None:
    app = has_set_up(cast, "amina")
    pass_door(client, "amina", "/notices")
    page = client.get("/sign-in/code?next=/notices")
    assert "/sign-in/recovery?next=/notices" in page.links()
    client.post("/sign-in/recovery", {"code": "abcd-efgh-jkmn"}, status=422)
    assert client.post("/sign-in/recovery?next=/notices", {"code": app.recovery[0]}).location == "/notices"
    assert "A recovery code was used to sign in as you." in client.get("/notices").words
    again = client.another()
    pass_door(again, "amina")
    again.post("/sign-in/recovery", {"code": app.recovery[0]}, status=422)


def test_the_second_step_comes_after_the_first(client: StrictClient, cast: Cast) -> None:
    """And leads to the page that was asked for only when it is one of ours."""
    app = has_set_up(cast, "amina")
    for path in ("/sign-in/code", "/sign-in/recovery"):
        assert client.get(f"{path}?next=/notices", status=303).location == "/sign-in?next=/notices"
        assert client.post(path, {"code": app.code(later=1)}).location == "/sign-in"
        assert "Give your password first." in client.get("/sign-in").words
    pass_door(client, "amina")
    for _ in range(5):
        client.post("/sign-in/code", {"code": "000000"}, status=422)
    assert "Too many wrong tries." in client.post("/sign-in/code", {"code": app.code(later=1)}, status=429).words


def test_who_is_in_is_led_on(client: StrictClient, cast: Cast) -> None:
    assert cast.people
    client.sign_in("amina")
    assert client.get("/sign-in/code?next=/notices", status=303).location == "/notices"
    assert client.get("/sign-in/recovery?next=//evil.example", status=303).location == "/"


def test_a_link_for_a_new_password_does_not_leave_it_out(client: StrictClient, cast: Cast) -> None:
    app = has_set_up(cast, "amina")
    assert client.post(reset(cast, "amina@example.org"), {"password": NEW}).location == "/sign-in/code"
    client.get("/account", status=303)
    assert "Your password is set." in client.get("/sign-in/code").words
    assert client.post("/sign-in/code", {"code": app.code(later=1)}).location == "/"
    assert "Your account" in client.get("/account").words


def test_new_codes_and_giving_it_up_ask_for_the_password(client: StrictClient, cast: Cast) -> None:
    app = has_set_up(cast, "amina")
    pass_door(client, "amina")
    client.post("/sign-in/code", {"code": app.code(later=1)})
    for path in (f"{STEP}/codes", f"{STEP}/give-up"):
        client.post(path, {"password": ""}, status=422)
        client.post(path, {"password": "wrong"}, status=422)
    fresh = client.post(f"{STEP}/codes", {"password": PASSWORD}, status=200)
    assert not [code for code in app.recovery if code in fresh.text]
    assert client.post(f"{STEP}/give-up", {"password": PASSWORD}).location == "/account"
    assert "You have no second step any more." in client.get("/account").words
    assert "Your second step was given up." in client.get("/notices").words
    assert pass_door(client.another(), "amina").location == "/"
    client.post(f"{STEP}/codes", {"password": PASSWORD}, status=409)


def test_guessing_the_password_of_an_open_screen_is_limited(client: StrictClient, cast: Cast) -> None:
    """As at the front door, whichever form is used, and together with it."""
    assert cast.people
    client.sign_in("amina")
    for _ in range(3):
        client.post(f"{STEP}/begin", {"password": "wrong"}, status=422)
    for _ in range(2):
        client.post("/account", {"current": "wrong", "password": NEW}, status=422)
    client.post(f"{STEP}/begin", {"password": PASSWORD}, status=429)
    client.post("/account", {"current": PASSWORD, "password": NEW}, status=429)
    data = {"email": "amina@example.org", "password": PASSWORD}
    client.another().post("/sign-in", data, status=429)


# What a centre asks of its staff


def test_staff_are_led_there_and_can_do_nothing_else(client: StrictClient, cast: Cast) -> None:
    asks_staff(cast)
    client.sign_in("marguerite")
    for path in ("/marking", "/notices", "/account", "/coverage", f"/enrolments/{cast.enrolments['amina']}"):
        assert client.get(path, status=303).location == STEP
    assert client.get("/", status=303).location == "/marking"
    page = client.get(STEP)
    assert "Harrow Dale Training asks its staff for this." in page.words
    assert "/marking" not in page.links()
    token = next(form for form in page.forms() if form["action"] == "/sign-out")["fields"]["csrf_token"]
    for path in ("/account/notices", "/account/sessions/end-others", f"/marking/{cast.items['amina E002']}/open"):
        assert client.open(path, "POST", data={"csrf_token": token}).location == STEP
    headers = {"Accept": "application/json"}
    assert client.open("/marking", headers=headers).status == 403
    form = {"csrf_token": token, "password": PASSWORD}
    assert client.open(f"{STEP}/begin", "POST", data=form).location == STEP
    code = App(key_on(client.get(STEP))).code()
    done = client.open(f"{STEP}/confirm", "POST", data={"csrf_token": token, "code": code})
    assert done.status == 200
    assert "/account" in done.links()
    assert "Marking" in client.get("/marking").words


def test_staff_may_sign_out_and_learners_are_free(client: StrictClient, cast: Cast) -> None:
    asks_staff(cast)
    assert "Your account" in client.sign_in("amina").get("/account").words
    other = client.another().sign_in("iris")
    [form] = [form for form in other.get(STEP).forms() if form["action"] == "/sign-out"]
    assert other.open("/sign-out", "POST", data=form["fields"]).location == "/sign-in"


def test_what_is_asked_for_meanwhile_is_not_saved(client: StrictClient, cast: Cast) -> None:
    """The form was opened before the centre asked."""
    client.sign_in("marguerite")
    data = {"csrf_token": client.token()}
    asks_staff(cast)
    assert client.open(f"/marking/{cast.items['amina E002']}/open", "POST", data=data).location == STEP
    assert "This was not saved" in client.get(STEP).words


def test_with_roles_at_two_centres(client: StrictClient, cast: Cast) -> None:
    """One centre asks, the other does not: only the one waits for it, and one second step is for both."""
    with cast.installation.database.writing() as session:
        other = open_centre(session, System(), name="A Second College", number="2")
        actions.invite(session, System(), other, email="marguerite@example.org", name="M", role=Role.ASSESSOR)
        session.commit()
    asks_staff(cast)
    client.sign_in("marguerite")
    assert "A Second College" in client.get("/account").words
    page = client.get("/account")
    to_harrow = next(form for form in page.forms() if form["action"] == "/account/centre")["fields"]
    assert client.open("/account/centre", "POST", data=to_harrow).location == "/"
    page = client.get(STEP)
    back = next(form for form in page.forms() if form["action"] == "/account/centre")["fields"]
    assert client.open("/account/centre", "POST", data=back).location == "/"
    assert "A Second College" in client.get("/account").words
    app = has_set_up(cast, "marguerite")
    pass_door(client, "marguerite")
    client.post("/sign-in/code", {"code": app.code(later=1)})
    assert "A Second College" in client.get("/account").words
    client.post("/account/centre", {"centre_id": str(cast.homes["marguerite"])})
    assert "Harrow Dale Training" in client.get("/account").words
    assert "Marking" in client.get("/marking").words


# An administrator takes it off


def test_an_administrator_takes_it_off(client: StrictClient, cast: Cast) -> None:
    has_set_up(cast, "tobias")
    client.sign_in("ada")
    path = f"/people/{cast.people['tobias']}"
    page = client.get(path)
    assert f"{path}/reset-second-step" in [form["action"] for form in page.forms()]
    assert client.post(f"{path}/reset-second-step").location == path
    assert "Tobias Achterberg signs in with the password alone again" in client.get(path).words
    assert f"{path}/reset-second-step" not in [form["action"] for form in client.get(path).forms()]
    tobias = client.another().sign_in("tobias")
    assert "Your second step was taken off" in tobias.get("/notices").words
    client.post(f"{path}/reset-second-step", status=409)


@pytest.mark.parametrize("name", ["ada", "amina"])
def test_nobody_is_offered_what_cannot_be_done(client: StrictClient, cast: Cast, name: str) -> None:
    """One's own is given up with the password; who has none has nothing to take off."""
    app = has_set_up(cast, "ada")
    pass_door(client, "ada")
    client.post("/sign-in/code", {"code": app.code(later=1)})
    path = f"/people/{cast.people[name]}"
    assert "reset-second-step" not in client.get(path).text
    client.post(f"{path}/reset-second-step", status=409)


def test_a_second_step_costs_no_page_a_statement(client: StrictClient, cast: Cast) -> None:
    client.sign_in("marguerite")
    before = client.get("/marking").statements
    asks_staff(cast)
    app = has_set_up(cast, "marguerite")
    pass_door(client, "marguerite")
    client.post("/sign-in/code", {"code": app.code(later=1)})
    assert client.get("/marking").statements == before
    with cast.installation.database.reading() as session:
        found = queries.actor(session, person_id=cast.people["marguerite"], centre_id=cast.homes["ada"])
        assert found is not None
        assert found.has_second_factor
