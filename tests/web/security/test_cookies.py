"""The signed cookie: renewed at most once a minute, found among others, and proved as its library would prove it."""

import hashlib
import time

import pytest
from flask_wtf.csrf import validate_csrf
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from werkzeug.test import TestResponse
from wtforms import ValidationError

from tests.policy.doors import BASE, sign_in
from tests.web.security.workers import Workers


def value_of(cookie: str) -> str:
    """What stands behind its name."""
    return cookie.partition("=")[2]


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
    options = {"key_derivation": "hmac", "digest_method": hashlib.sha1}
    library = URLSafeTimedSerializer(str(app.secret_key), salt="cookie-session", signer_kwargs=options)
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
