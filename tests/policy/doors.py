"""The way in: a session cookie and a forgery token that belong together, and what a cookie says."""

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import PASSWORD

BASE = "http://127.0.0.1:8000"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def sign_in(app: Flask, name: str, password: str = PASSWORD) -> tuple[str, str]:
    """A cookie and a forgery token that belong together; of nobody when there is no name."""
    return sign_in_as(app, f"{name}@example.org" if name else "", password)


def sign_in_as(app: Flask, email: str, password: str) -> tuple[str, str]:
    """The same by the whole address."""
    browser = app.test_client()
    page = browser.get("/sign-in", base_url=BASE)
    if email:
        data = {"email": email, "password": password, "csrf_token": token_on(page)}
        answer = browser.post("/sign-in", base_url=BASE, data=data)
        assert answer.status_code == 303, answer.text
        page = browser.get("/account", base_url=BASE)
    cookie = browser.get_cookie("session", domain="127.0.0.1")
    assert cookie is not None
    return f"session={cookie.value}", token_on(page)


def contents(app: Flask, cookie: str) -> dict[str, Any]:
    """What a session cookie says."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    said: dict[str, Any] = serializer.loads(cookie.removeprefix("session="))
    return said


def token_on(page: TestResponse) -> str:
    """The forgery token that a page carries."""
    carried = TOKEN.search(page.get_data(as_text=True))
    assert carried is not None, page.get_data(as_text=True)[-400:]
    return carried[1]
