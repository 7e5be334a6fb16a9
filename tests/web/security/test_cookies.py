"""The signed cookie: renewed at most once a minute, found among others, and proved as its library would prove it."""

import time
from typing import cast

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_login import encode_cookie
from flask_wtf.csrf import validate_csrf
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from werkzeug.test import TestResponse
from wtforms import ValidationError

from tests.policy.doors import BASE, sign_in
from tests.web.security.workers import Workers


def value_of(cookie: str) -> str:
    """What stands behind its name."""
    return cookie.partition("=")[2]


def library_of(app: Flask) -> URLSafeTimedSerializer:
    """What would sign an application's cookies without us."""
    return cast(URLSafeTimedSerializer, SecureCookieSessionInterface().get_signing_serializer(app))


def renewed(answer: TestResponse) -> bool:
    """Whether the answer brings a cookie."""
    assert answer.status_code == 200
    assert answer.headers["Vary"] == "Cookie"
    return bool(answer.headers.getlist("Set-Cookie"))


def test_a_cookie_is_signed_anew_when_it_is_a_minute_old(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    began = int(time.time())
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: began)
    cookie, _token = sign_in(workers.apps[0], "amina")
    for seconds, is_renewed in ((0, False), (59, False), (60, True), (29 * 60, True)):
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self, at=began + seconds: at)
        assert renewed(workers.open(0, "/account", cookie)) is is_renewed, seconds


def test_our_cookie_is_found_among_others(workers: Workers) -> None:
    cookie, _token = sign_in(workers.apps[0], "amina")
    for others in (f"a=1; {cookie}", f"{cookie}; b=session", f'quoted="x;y";{cookie};c', f"xsession=0; {cookie}"):
        assert workers.statuses("/account", others) == [200, 200]
    assert workers.statuses("/account", f"other{cookie}") == [401, 401]


def test_it_is_signed_as_its_library_signs(workers: Workers) -> None:
    app = workers.apps[0]
    cookie, _token = sign_in(app, "amina")
    library = library_of(app)
    said = library.loads(value_of(cookie))
    assert said["_permanent"]
    assert workers.statuses("/account", f"session={library.dumps(said)}") == [200, 200]


def test_the_token_of_a_form_is_one_that_the_form_library_takes(workers: Workers) -> None:
    app = workers.apps[0]
    cookie, token = sign_in(app, "amina")
    other, _token = sign_in(app, "ada")
    with app.test_request_context("/", base_url=BASE, headers={"Cookie": cookie}):
        validate_csrf(token)
    with (
        app.test_request_context("/", base_url=BASE, headers={"Cookie": other}),
        pytest.raises(ValidationError, match="do not match"),
    ):
        validate_csrf(token)


def test_nothing_but_the_session_says_who_is_asking(workers: Workers) -> None:
    """No other cookie by which Flask-Login would know somebody again, though it be signed, and no header."""
    app = workers.apps[0]
    cookie, _token = sign_in(app, "amina")
    token = library_of(app).loads(value_of(cookie))["_user_id"]
    with app.test_request_context("/"):
        remembered = encode_cookie(token)
    client = app.test_client()
    for name, value in (("Cookie", f"remember_token={remembered}"), ("Authorization", token)):
        answer = client.get("/account", base_url=BASE, headers={name: value})
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/sign-in")


def test_a_session_goes_on_wherever_its_cookie_is_sent_from(workers: Workers) -> None:
    """People change from one network to another; Flask-Login's protection of sessions is off."""
    app = workers.apps[0]
    cookie, _token = sign_in(app, "amina")
    for agent, address in (("one browser", "192.0.2.1"), ("another", "192.0.2.2")):
        answer = app.test_client(use_cookies=False).get(
            "/account",
            base_url=BASE,
            headers={"Cookie": cookie, "User-Agent": agent},
            environ_overrides={"REMOTE_ADDR": address},
        )
        assert answer.status_code == 200


def test_signing_out_ends_it_and_the_cookie_is_worth_nothing(workers: Workers) -> None:
    cookie, token = sign_in(workers.apps[0], "amina")
    client = workers.apps[1].test_client(use_cookies=False)
    sent = {"base_url": BASE, "headers": {"Cookie": cookie}}
    assert client.post("/sign-out", data={"csrf_token": token}, **sent).status_code == 303
    assert workers.statuses("/account", cookie) == [401, 401]


def test_an_answer_that_depends_on_more_than_the_cookie_says_both(workers: Workers) -> None:
    app = workers.apps[0]
    cookie, _token = sign_in(app, "amina")
    cookies = app.session_interface
    with app.test_request_context("/account", base_url=BASE, headers={"Cookie": cookie}) as context:
        assert context.session["_permanent"]
        answer = app.response_class()
        answer.headers["Vary"] = "Accept"
        cookies.save_session(app, context.session, answer)
    assert answer.headers.getlist("Vary") == ["Accept, Cookie"]


def test_what_a_request_changes_of_a_session_is_not_there_in_the_next_with_the_same_cookie(workers: Workers) -> None:
    app = workers.apps[0]
    cookie, _token = sign_in(app, "amina")
    for more in ({}, {"_flashes": [("message", "Saved.")]}):
        said = {**library_of(app).loads(value_of(cookie)), **more}
        sent = {"Cookie": f"session={library_of(app).dumps(said)}"}
        for _ in range(3):
            with app.test_request_context("/account", base_url=BASE, headers=sent) as context:
                assert dict(context.session) == said
                context.session["_user_id"] = "somebody else"
                context.session.setdefault("_flashes", []).append(("message", "Another."))
