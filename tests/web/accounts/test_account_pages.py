"""The pages of signing in, links and one's own account, in every state."""

from dataclasses import replace

import pytest

from portfolio.accounts import actions
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.config import Mail
from portfolio.mail import Letter
from tests.cast import PASSWORD, Cast
from tests.client import StrictClient

NEW = "seven quiet otters 88"


def invite(cast: Cast, email: str, *, home: str = "olga", name: str = "Nia Newcomer", role: Role = Role.LEARNER) -> str:
    """An invitation to the centre of one of the cast; answers the link's path."""
    with cast.installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes[home])
        _row, link = actions.invite(session, System(), centre, email=email, name=name, role=role)
        session.commit()
    return f"/link/{link}"


def reset(cast: Cast, email: str) -> str:
    """A link for a new password."""
    with cast.installation.database.writing() as session:
        link = actions.new_link(session, System(), email=email)
        session.commit()
    return f"/link/{link}"


def test_signing_in_wrongly_is_told_without_a_hint(client: StrictClient, cast: Cast) -> None:
    """The address stays, the password does not."""
    assert cast.people
    page = client.post("/sign-in", {"email": "ada@example.org", "password": "wrong"}, status=422)
    assert "The e-mail address or the password is not right." in page.words
    fields = page.forms()[0]["fields"]
    assert (fields["email"], fields["password"]) == ("ada@example.org", "")
    empty = client.post("/sign-in", {}, status=422)
    assert "Two things need your attention" in empty.words


def test_too_many_wrong_tries_are_429(client: StrictClient, cast: Cast) -> None:
    """The sixth in a minute, and then even the right one."""
    assert cast.people
    for _ in range(5):
        client.post("/sign-in", {"email": "ada@example.org", "password": "wrong"}, status=422)
    page = client.post("/sign-in", {"email": "ada@example.org", "password": PASSWORD}, status=429)
    assert "Too many wrong tries" in page.words


def test_a_sign_in_page_that_stood_open_comes_back_filled(client: StrictClient, cast: Cast) -> None:
    """Its token is of a session that is over; nobody has to find the way back."""
    assert cast.people
    page = client.open("/sign-in", "POST", data={"email": "ada@example.org", "password": PASSWORD})
    assert page.status == 400
    assert page.forms()[0]["fields"]["email"] == "ada@example.org"
    again = {**page.forms()[0]["fields"], "password": PASSWORD}
    assert client.open("/sign-in", "POST", data=again).status == 303


def test_signing_out(client: StrictClient, cast: Cast) -> None:
    """By a form, never by a link."""
    assert cast.people
    client.sign_in("ada")
    client.get("/sign-out", status=405)
    assert client.post("/sign-out").location == "/sign-in"
    assert "You are signed out." in client.get("/sign-in").words
    assert client.get("/account", status=303).location.startswith("/sign-in")


def test_without_mail_the_centre_is_asked(client: StrictClient) -> None:
    """No form, and a form that is sent all the same does nothing."""
    page = client.get("/forgotten-password")
    assert not page.forms()
    assert "Ask your centre" in page.words
    client.post("/forgotten-password", {"email": "ada@example.org"}, status=200)


def test_an_invitation_is_opened_and_used(client: StrictClient, cast: Cast) -> None:
    """The page names the centre and the address; using it signs in; nothing is told to other pages."""
    path = invite(cast, "nia@example.org")
    page = client.get(path)
    assert page.response.headers["Referrer-Policy"] == "strict-origin"
    assert "Other Side College invites you, Nia Newcomer." in page.words
    client.post(path, {"password": "password1234"}, status=422)
    client.post(path, {"password": ""}, status=422)
    assert client.post(path, {"password": NEW}).location == "/"
    account = client.get("/account")
    assert "nia@example.org" in account.words
    assert "Your password is set" in account.words
    dead = client.get(path, status=404)
    assert dead.response.headers["Referrer-Policy"] == "strict-origin"
    assert "This link no longer works" in dead.words
    client.post(path, {"password": NEW}, status=404)


def test_a_new_password_ends_the_old_one(client: StrictClient, cast: Cast) -> None:
    """And every other session."""
    client.sign_in("ada")
    path, other = reset(cast, "ada@example.org"), client.another()
    assert other.post(path, {"password": NEW}).location == "/"
    client.get("/account", status=303)
    client.post("/sign-in", {"email": "ada@example.org", "password": PASSWORD}, status=422)
    client.sign_in("ada", NEW)


def test_an_invitation_of_a_second_centre_is_accepted_with_one_button(client: StrictClient, cast: Cast) -> None:
    """Nobody is signed in by it; then the account lists the other centre, and one can go there."""
    path = invite(cast, "marguerite@example.org", role=Role.ASSESSOR)
    page = client.get(path)
    assert "password" not in page.forms()[0]["fields"]
    assert client.post(path).location == "/sign-in"
    client.sign_in("marguerite")
    form = next(f for f in client.get("/account").forms() if f["action"] == "/account/centre")
    client.post("/account/centre", {"centre_id": form["fields"]["centre_id"]})
    assert "Other Side College" in client.get("/account").words
    assert client.post("/account/centre", {"centre_id": str(cast.homes["marguerite"])}).location == "/"


def test_who_is_signed_in_goes_on_at_the_centre_that_was_accepted(client: StrictClient, cast: Cast) -> None:
    """Without signing in once more."""
    path = invite(cast, "marguerite@example.org", role=Role.ASSESSOR)
    client.sign_in("marguerite")
    assert client.post(path).location == "/"
    assert "You are now at Other Side College." in client.get("/account").words


@pytest.mark.parametrize("centre_id", ["", "nonsense", "0", "999"])
def test_nobody_goes_to_a_centre_without_a_role(client: StrictClient, cast: Cast, centre_id: str) -> None:
    """It looks as if it were not there."""
    client.sign_in("marguerite")
    client.post("/account/centre", {"centre_id": centre_id}, status=404)
    client.post("/account/centre", {"centre_id": str(cast.homes["olga"])}, status=404)


def test_the_account_tells_who_i_am_and_changes_the_password(client: StrictClient, cast: Cast) -> None:
    """This browser stays signed in, in a fresh session; the others do not."""
    assert cast.people
    client.sign_in("tobias")
    other = client.another().sign_in("tobias")
    page = client.get("/account")
    assert "Tobias Achterberg" in page.words
    assert "Trainee assessor" in page.words
    assert "Your other centres" not in page.words
    for current, new in (("wrong", NEW), (PASSWORD, PASSWORD), (PASSWORD, "short"), ("", "")):
        client.post("/account", {"current": current, "password": new}, status=422)
    assert client.post("/account", {"current": PASSWORD, "password": NEW}).location == "/account"
    assert "Your password is changed." in client.get("/account").words
    other.get("/account", status=303)


def test_letters_say_what_is_needed_with_our_own_address(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The link begins with the installation's address, whatever name the request used."""
    letters: list[Letter] = []
    monkeypatch.setattr("portfolio.mail.send", lambda _settings, letter: letters.append(letter))
    mail = Mail("127.0.0.1", 25, "", "", "portfolio@centre.example")
    settings = replace(cast.installation.settings, mail=mail, url="http://localhost:8000")
    mailing = StrictClient(replace(cast.installation, settings=settings))
    page = mailing.get("/forgotten-password")
    assert page.forms()
    mailing.post("/forgotten-password", {"email": ""}, status=422)
    for email in ("ada@example.org", "nobody@example.org"):
        mailing.post("/forgotten-password", {"email": email})
        assert "If we know this address" in mailing.get("/sign-in").words
    mailing.sign_in("ada")
    sent = mailing.post(
        "/people/invite", {"name": "Nia Newcomer", "email": "nia@example.org", "role": "trainee_assessor"}
    )
    assert sent.location == "/people"
    assert "on its way to nia@example.org" in mailing.get("/people").words
    mailing.app.extensions["post"].wait()
    reset_letter, invitation = letters
    assert (reset_letter.email, invitation.email) == ("ada@example.org", "nia@example.org")
    assert "Harrow Dale Training invites you to NVQ Portfolio as trainee assessor." in invitation.body
    for letter in letters:
        [address] = [word for word in letter.body.split() if "/link/" in word]
        assert address.startswith("http://localhost:8000/link/")
        assert mailing.another().get(address.removeprefix("http://localhost:8000")).status == 200
        assert letter.body.count("http") == 1
