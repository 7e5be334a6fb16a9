"""Forgotten passwords and one-use links (A3): they tell nobody who is known, and work once, for a day."""

import statistics
import time
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from portfolio import clock
from portfolio.accounts import actions as accounts
from portfolio.accounts import queries
from portfolio.config import Mail
from portfolio.mail import Letter
from portfolio.web.app import create_app
from tests.cast import PASSWORD
from tests.policy.doors import BASE, sign_in, token_on
from tests.web.security.workers import NEXT_PASSWORD, Workers, change
from tests.withdrawals.changes import disable


@dataclass
class Postbag:
    """Letters that would have gone out."""

    letters: list[Letter]
    workers: Workers

    def links(self) -> list[str]:
        """The path of the link in each letter, once everything is written."""
        self.workers.apps[0].extensions["post"].wait()
        return [
            word.removeprefix(self.workers.installation.settings.url)
            for letter in self.letters
            for word in letter.body.split()
            if "/link/" in word
        ]


@pytest.fixture
def postbag(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> Postbag:
    """Both workers with a mail server that only keeps what it is given."""
    letters: list[Letter] = []
    monkeypatch.setattr("portfolio.mail.send", lambda _settings, letter: letters.append(letter))
    mail = Mail("mail.example.org", 587, "", "", "portfolio@example.org")
    served = replace(workers.installation, settings=replace(workers.installation.settings, mail=mail))
    return Postbag(
        letters, Workers(replace(workers.cast, installation=served), (create_app(served), create_app(served)))
    )


def ask(workers: Workers, email: str) -> tuple[TestResponse, float]:
    """Ask for a link; answers the page that follows the form, and the seconds that the form took."""
    browser = workers.apps[0].test_client()
    token = token_on(browser.get("/forgotten-password", base_url=BASE))
    began = time.perf_counter()
    answer = browser.post("/forgotten-password", base_url=BASE, data={"email": email, "csrf_token": token})
    took = time.perf_counter() - began
    assert answer.status_code == 303
    return browser.get(answer.headers["Location"], base_url=BASE), took


def masked(page: TestResponse) -> str:
    """A page without its forgery token."""
    return page.text.replace(token_on(page), "")


def test_a_known_and_an_unknown_address_get_the_same_answer_in_the_same_time(postbag: Postbag) -> None:
    emails = ["amina@example.org", "drew@example.org", "nobody@example.org", "Ben@Example.ORG", "", "x" * 250]
    pages = {masked(ask(postbag.workers, email)[0]) for email in emails if email}
    assert len(pages) == 1
    times = {email: [ask(postbag.workers, email)[1] for _ in range(100)] for email in emails[:3:2]}
    known, unknown = (statistics.median(took) for took in times.values())
    assert abs(known - unknown) < 0.05
    assert {letter.email for letter in postbag.letters} <= {"amina@example.org", "ben@example.org"}


def test_a_link_for_a_new_password_works_once(postbag: Postbag) -> None:
    ask(postbag.workers, "amina@example.org")
    link = postbag.links()[0]
    assert choose(postbag.workers, link) == 303
    assert choose(postbag.workers, link) == 404
    assert postbag.workers.guess(0, "amina@example.org", PASSWORD) == 422
    assert postbag.workers.guess(0, "amina@example.org", NEXT_PASSWORD) == 303


def choose(workers: Workers, link: str, *, password: str = NEXT_PASSWORD) -> int:
    """Choose a password by a link; answers the status of what came last."""
    browser = workers.apps[1].test_client()
    page = browser.get(link, base_url=BASE)
    if page.status_code != 200:
        return page.status_code
    data = {"password": password, "csrf_token": token_on(page)}
    return browser.post(link, base_url=BASE, data=data).status_code


def test_a_link_dies_after_a_day(postbag: Postbag) -> None:
    asked = clock.now()
    ask(postbag.workers, "amina@example.org")
    link = postbag.links()[0]
    with clock.fixed(asked + timedelta(hours=23, minutes=59)):
        assert postbag.workers.open(0, link).status_code == 200
    with clock.fixed(asked + timedelta(hours=24, minutes=1)):
        assert choose(postbag.workers, link) == 404


def test_a_link_dies_with_any_change_of_the_password(postbag: Postbag) -> None:
    ask(postbag.workers, "amina@example.org")
    ask(postbag.workers, "amina@example.org")
    first, second = postbag.links()
    assert choose(postbag.workers, second) == 303
    assert choose(postbag.workers, first, password=PASSWORD) == 404


def test_a_link_ends_every_session_and_dies_when_the_account_is_disabled(postbag: Postbag) -> None:
    cookie, _token = sign_in(postbag.workers.apps[0], "amina")
    for _ in range(2):
        ask(postbag.workers, "amina@example.org")
    assert choose(postbag.workers, postbag.links()[0]) == 303
    assert postbag.workers.statuses("/account", cookie) == [401, 401]
    ask(postbag.workers, "amina@example.org")
    link = postbag.links()[-1]
    change(postbag.workers, disable, "amina")
    assert choose(postbag.workers, link, password=PASSWORD) == 404


def test_opening_a_link_uses_nothing(postbag: Postbag) -> None:
    """Mail servers look at links before people do."""
    ask(postbag.workers, "amina@example.org")
    link = postbag.links()[0]
    assert [postbag.workers.open(n % 2, link).status_code for n in range(5)] == [200] * 5
    assert choose(postbag.workers, link) == 303


def test_guessed_links_lead_nowhere(postbag: Postbag) -> None:
    ask(postbag.workers, "amina@example.org")
    token = postbag.links()[0].removeprefix("/link/")
    altered = {f"{token[:n]}{'A' if token[n] != 'A' else 'B'}{token[n + 1 :]}" for n in range(len(token))}
    altered |= {token.swapcase(), token[:-1], f"{token}=", token[::-1]}
    assert {postbag.workers.open(0, f"/link/{text}").status_code for text in altered} == {404}
    with postbag.workers.installation.database.reading() as session:
        assert queries.link_row(session, accounts.hash_token(token)) is not None
