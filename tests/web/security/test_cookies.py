"""The signed cookie: renewed at most once a minute, found among others, and proved as its library would prove it."""

import hashlib
import time
from typing import Any

import pytest
from flask import Flask
from flask.sessions import session_json_serializer
from flask_login import encode_cookie
from flask_wtf.csrf import validate_csrf
from hypothesis import given, settings
from hypothesis import strategies as st
from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer
from werkzeug.test import TestResponse
from wtforms import ValidationError

from portfolio.web.cookies import Sealer
from tests.policy.doors import BASE, sign_in
from tests.web.security.workers import Workers


def value_of(cookie: str) -> str:
    """What stands behind its name."""
    return cookie.partition("=")[2]


def library_of(app: Flask) -> URLSafeTimedSerializer:
    """What would sign an application's cookies without us."""
    options = {"key_derivation": "hmac", "digest_method": hashlib.sha1}
    return URLSafeTimedSerializer(str(app.secret_key), salt="cookie-session", signer_kwargs=options)


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


KEYS = {"key_derivation": "hmac", "digest_method": hashlib.sha1}
LIBRARY = URLSafeTimedSerializer("a key", salt="s", serializer=session_json_serializer, signer_kwargs=KEYS)
OURS = Sealer("a key", salt="s", serializer=session_json_serializer, signer_kwargs=KEYS)
PLAIN = st.text(max_size=200) | st.integers() | st.booleans() | st.none()
MARKED = st.tuples(PLAIN, PLAIN) | st.lists(st.tuples(PLAIN, PLAIN), max_size=3) | st.binary() | st.datetimes()
IDLE = 100


def by_library(sealed: str) -> Any:
    """What the library reads, and when it was sealed; None for what it refuses."""
    try:
        said, at = LIBRARY.loads(sealed, max_age=IDLE, return_timestamp=True)
    except BadData:
        return None
    return said, at.timestamp()


def by_us(sealed: str) -> Any:
    """The same of ours."""
    try:
        return OURS.opened(sealed, most=IDLE)
    except BadData:
        return None


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.text(max_size=8) | st.just(" t"), PLAIN | MARKED, max_size=4))
def test_whatever_was_sealed_is_read_as_the_library_reads_it(said: dict[str, Any]) -> None:
    sealed = str(LIBRARY.dumps(said))
    assert by_us(sealed) == by_library(sealed)
    assert by_us(sealed) is not None


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 200), st.characters(codec="utf-8"), st.booleans())
def test_nothing_that_was_changed_is_read(at: int, character: str, is_added: bool) -> None:
    sealed = str(LIBRARY.dumps({"_user_id": "somebody", "csrf_token": "a" * 40, "_permanent": True}))
    at = at % len(sealed)
    changed = sealed[:at] + character + sealed[at + (not is_added) :]
    if changed != sealed:
        assert by_us(changed) is None


@pytest.mark.parametrize("nonsense", ["", ".", "..", "a.b", "a.b.c", "\N{SNOWMAN}.b.c", "=" * 40])
def test_nonsense_is_refused(nonsense: str) -> None:
    assert by_us(nonsense) is None


@pytest.mark.parametrize(("seconds", "is_good"), [(0, True), (IDLE, True), (IDLE + 1, False), (-1, False)])
def test_it_is_good_for_as_long_as_it_is_said(monkeypatch: pytest.MonkeyPatch, seconds: int, is_good: bool) -> None:
    now = int(time.time())
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: now)
    sealed = str(LIBRARY.dumps({"a": 1, "b": 2}))
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: now + seconds)
    assert (by_us(sealed) is not None) is (by_library(sealed) is not None) is is_good


def test_nothing_but_the_session_says_who_is_asking(workers: Workers) -> None:
    """Neither the cookie nor the header by which Flask-Login would know somebody again."""
    app = workers.apps[0]
    cookie, _token = sign_in(app, "amina")
    with app.test_request_context("/"):
        remembered = encode_cookie(library_of(app).loads(value_of(cookie))["_user_id"])
    assert workers.statuses("/account", f"remember_token={remembered}") == [401, 401]
