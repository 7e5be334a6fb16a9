"""Sessions (A2): what ends, ends at the next request, in every process that serves the database."""

import time
from datetime import timedelta

import pytest
from itsdangerous import TimestampSigner

from portfolio import clock
from portfolio.accounts import actions as accounts
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from tests.cast import PASSWORD
from tests.policy.doors import BASE, contents, sign_in, token_on
from tests.web.security.workers import NEXT_PASSWORD, Workers, change
from tests.withdrawals.changes import disable, enable


def test_signing_in_begins_a_session_that_the_browser_could_not_have_known(workers: Workers) -> None:
    app = workers.apps[0]
    before, _token = sign_in(app, "")
    browser = app.test_client()
    browser.set_cookie("session", before.removeprefix("session="), domain="127.0.0.1")
    token = token_on(browser.get("/sign-in", base_url=BASE))
    data = {"email": "amina@example.org", "password": PASSWORD, "csrf_token": token}
    assert browser.post("/sign-in", base_url=BASE, data=data).status_code == 303
    after = browser.get_cookie("session", domain="127.0.0.1")
    assert after is not None
    known, fresh = contents(app, before), contents(app, f"session={after.value}")
    assert "_user_id" not in known
    assert fresh["_user_id"]
    assert fresh.get("csrf_token") != known["csrf_token"]
    assert workers.statuses("/account", before) == [401, 401]
    assert workers.statuses("/account", f"session={after.value}") == [200, 200]


def test_every_sign_in_has_a_session_of_its_own_and_ends_the_one_it_came_with(workers: Workers) -> None:
    first, token = sign_in(workers.apps[0], "amina")
    other, _token = sign_in(workers.apps[0], "amina")
    data = {"email": "amina@example.org", "password": PASSWORD, "csrf_token": token}
    assert workers.open(0, "/sign-in", first, "POST", data=data).status_code == 303
    assert workers.statuses("/account", first) == [401, 401]
    assert workers.statuses("/account", other) == [200, 200]


def test_an_old_cookie_is_worth_nothing_after_signing_out(workers: Workers) -> None:
    worked = 0
    for number in range(40):
        cookie, token = sign_in(workers.apps[number % 2], "amina")
        left = workers.open(number % 2, "/sign-out", cookie, "POST", data={"csrf_token": token})
        assert left.status_code == 303
        worked += workers.statuses("/account", cookie) != [401, 401]
    assert worked == 0


def test_an_old_cookie_is_worth_nothing_after_a_new_password(workers: Workers) -> None:
    worked, now, then = 0, PASSWORD, NEXT_PASSWORD
    for number in range(10):
        held = [_signed_in(workers, number % 2, now) for _ in range(4)]
        cookie, token = held[0]
        data = {"csrf_token": token, "current": now, "password": then}
        answer = workers.open(number % 2, "/account", cookie, "POST", data=data)
        assert answer.status_code == 303, answer.text
        worked += sum(workers.statuses("/account", old) != [401, 401] for old, _token in held)
        fresh = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("session="))
        assert workers.statuses("/account", fresh.partition(";")[0]) == [200, 200]
        now, then = then, now
    assert worked == 0


def _signed_in(workers: Workers, number: int, password: str) -> tuple[str, str]:
    return sign_in(workers.apps[number], "amina", password)


def test_an_old_cookie_is_worth_nothing_after_the_account_isdisabled(workers: Workers) -> None:
    held = [sign_in(workers.apps[number % 2], "amina")[0] for number in range(20)]
    change(workers, disable, "amina")
    assert [workers.statuses("/account", cookie) for cookie in held] == [[401, 401]] * 20
    change(workers, enable, "amina")
    assert [workers.statuses("/account", cookie) for cookie in held] == [[401, 401]] * 20


def test_going_to_another_centre_ends_the_session_at_the_first(workers: Workers) -> None:
    with workers.installation.database.writing() as session:
        other = session.get_one(Centre, workers.cast.homes["odette"])
        accounts.invite(session, System(), other, email="iris@example.org", name="Iris", role=Role.IQA)
        session.commit()
    cookie, token = sign_in(workers.apps[0], "iris")
    data = {"csrf_token": token, "centre_id": workers.cast.homes["odette"]}
    assert workers.open(0, "/account/centre", cookie, "POST", data=data).status_code == 303
    assert workers.statuses("/account", cookie) == [401, 401]


def test_a_session_ends_when_nobody_used_it_for_half_an_hour(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    """The idle time-out is the signed cookie's age, and every answer signs it anew."""
    cookie, _token = sign_in(workers.apps[0], "amina")
    began = time.time()
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: int(began + 29 * 60))
    answer = workers.open(0, "/account", cookie)
    assert answer.status_code == 200
    renewed = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("session="))
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: int(began + 31 * 60))
    assert workers.statuses("/account", cookie) == [401, 401]
    assert workers.statuses("/account", renewed.partition(";")[0]) == [200, 200]


def test_a_session_ends_after_twelve_hours_however_busy(workers: Workers) -> None:
    began = clock.now()
    cookie, _token = sign_in(workers.apps[0], "amina")
    with clock.fixed(began + timedelta(hours=11, minutes=59)):
        assert workers.statuses("/account", cookie) == [200, 200]
    with clock.fixed(began + timedelta(hours=12, minutes=1)):
        assert workers.statuses("/account", cookie) == [401, 401]


def test_a_cookie_that_was_tampered_with_is_nobody(workers: Workers) -> None:
    """Also where the true one is known already."""
    cookie, _token = sign_in(workers.apps[0], "amina")
    assert workers.statuses("/account", cookie) == [200, 200]
    payload, stamp, signature = cookie.removeprefix("session=").rsplit(".", 2)
    other, _token = sign_in(workers.apps[0], "ada")
    theirs = other.removeprefix("session=").rsplit(".", 2)[0]
    for forged in (
        f"{theirs}.{stamp}.{signature}",
        f"{payload}.{stamp}.{signature[:-2]}AA",
        f"{payload}.{stamp}",
        payload,
        f".{payload}.{stamp}.{signature}",
        "x" * 4000,
        "",
    ):
        assert workers.statuses("/account", f"session={forged}") == [401, 401]
