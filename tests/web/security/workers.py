"""Two processes' worth of the product over one database."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from portfolio.installation import Installation
from tests.cast import Cast
from tests.policy.doors import BASE, token_on
from tests.withdrawals.changes import Change, make

WRONG = "not the password at all"
NEXT_PASSWORD = "copper meadow trumpet 7"


@dataclass
class Workers:
    """Two processes' worth of the product over one database: nothing in memory is shared but the test."""

    cast: Cast
    apps: tuple[Flask, Flask]

    def open(self, number: int, path: str, cookie: str = "", method: str = "GET", **options: Any) -> TestResponse:
        """One request to one of them, with nothing but this cookie."""
        browser = self.apps[number].test_client(use_cookies=False)
        return browser.open(path, method=method, base_url=BASE, headers={"Cookie": cookie}, **options)

    def guess(self, number: int, email: str, password: str, *, address: str = "127.0.0.1") -> int:
        """Try to sign in; answers the status."""
        browser = self.apps[number].test_client()
        token = token_on(browser.get("/sign-in", base_url=BASE))
        data = {"email": email, "password": password, "csrf_token": token}
        where = {"REMOTE_ADDR": address}
        return browser.post("/sign-in", base_url=BASE, data=data, environ_base=where).status_code

    def statuses(self, path: str, cookie: str) -> list[int]:
        """What each of them answers; 401 stands for being sent to sign in."""
        answers = [self.open(number, path, cookie) for number in range(len(self.apps))]
        return [401 if is_turned_away(answer) else answer.status_code for answer in answers]

    @property
    def installation(self) -> Installation:
        """The first one's."""
        return self.cast.installation


def is_turned_away(answer: TestResponse) -> bool:
    """Whether the answer leads to the sign-in page."""
    return answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in")


def change(workers: Workers, take: Change, name: str) -> None:
    """Somebody else changes something about a person, and it is committed."""
    make(workers.installation.database, workers.cast, take, name)
