"""Guessing passwords (A1): how many guesses get through, with two workers over one database."""

import threading
from datetime import timedelta

from portfolio import clock
from portfolio.installation import open_installation
from portfolio.web.app import create_app
from tests.cast import PASSWORD
from tests.web.security.workers import WRONG, Workers


def test_guesses_are_limited_by_account_over_both_workers_and_a_restart(workers: Workers) -> None:
    """One guess every ten seconds for ten minutes, by turns: never more than 5 looked at in a minute, 10 in five."""
    began, looked_at = clock.now(), []
    for number in range(60):
        at = began + timedelta(seconds=10 * number)
        with clock.fixed(at):
            status = workers.guess(number % 2, "amina@example.org", WRONG)
        assert status in {422, 429}
        if status == 422:
            looked_at.append(at)
    for minutes, most in ((1, 5), (5, 10)):
        window = timedelta(minutes=minutes)
        assert max(sum(1 for at in looked_at if start <= at < start + window) for start in looked_at) <= most
    with clock.fixed(began + timedelta(seconds=595)):
        assert workers.guess(0, "amina@example.org", PASSWORD) == 429, "the right password during a lock"
        assert workers.guess(1, "ben@example.org", PASSWORD) == 303, "somebody else"
        restarted = open_installation(workers.installation.settings)
        again = Workers(workers.cast, (create_app(restarted), workers.apps[1]))
        assert again.guess(0, "amina@example.org", PASSWORD) == 429, "after a restart"
        restarted.close()
    with clock.fixed(began + timedelta(minutes=16)):
        assert workers.guess(0, "amina@example.org", PASSWORD) == 303


def test_guesses_sent_at_once_do_not_slip_past(workers: Workers) -> None:
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda n: statuses.append(workers.guess(n % 2, "amina@example.org", WRONG)), args=(n,))
        for n in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(statuses) == 16
    assert set(statuses) <= {422, 429}
    assert statuses.count(422) <= 5


def test_an_unknown_address_is_counted_and_answered_like_a_known_one(workers: Workers) -> None:
    known = [workers.guess(n % 2, "amina@example.org", WRONG) for n in range(8)]
    unknown = [workers.guess(n % 2, "nobody@example.org", WRONG) for n in range(8)]
    assert known == unknown == [422] * 5 + [429] * 3


def test_a_class_of_thirty_gets_in_from_one_address_and_a_guesser_does_not_get_on(workers: Workers) -> None:
    for number in range(90):
        assert workers.guess(number % 2, f"person{number % 30}@example.org", WRONG, address="10.0.0.7") == 422
    assert workers.guess(0, "amina@example.org", WRONG, address="10.0.0.7") == 429
    assert workers.guess(1, "amina@example.org", PASSWORD, address="10.0.0.8") == 303
    with clock.fixed(clock.now() + timedelta(minutes=6)):
        for number in range(30):
            assert workers.guess(number % 2, "amina@example.org", PASSWORD, address="10.0.0.7") == 303
