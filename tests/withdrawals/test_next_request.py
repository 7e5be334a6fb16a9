"""What is withdrawn is refused at the very next request, by each of two server processes (S4): 100 of 100 times, on
both databases. The processes are real ones, as `portfolio serve` starts them; nothing is shared but the database.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from tests.cast import PASSWORD, Cast
from tests.running import Running, free_port
from tests.visitor import Visitor
from tests.withdrawals.changes import WITHDRAWALS, make

ROUNDS = 17
"""Of each kind, in each process; together more than 100."""


@dataclass(frozen=True)
class Pair:
    """Two server processes over the cast's installation."""

    cast: Cast
    ports: tuple[int, int]

    def signed_in(self, number: int, name: str) -> list[Visitor]:
        """Somebody signs in at one of them; answers a browser with that cookie at each."""
        visitor = Visitor(self.ports[number]).sign_in(self.cast.email(name), PASSWORD)
        browsers = [Visitor(port) for port in self.ports]
        for browser in browsers:
            browser.cookies = visitor.cookies
        visitor.connection.close()
        return browsers


@pytest.fixture
def pair(cast: Cast) -> Iterator[Pair]:
    """Both are running."""
    settings = cast.installation.settings
    ports = free_port(), free_port()
    servers = [Running(settings.home, port, DATABASE=settings.database_url) for port in ports]
    try:
        for server in servers:
            server.wait_until_healthy()
        yield Pair(cast, ports)
    finally:
        with ThreadPoolExecutor() as threads:
            list(threads.map(Running.stop, servers))


def test_the_next_request_is_refused_by_both_processes(pair: Pair) -> None:
    cast, database, wrong, tries = pair.cast, pair.cast.installation.database, [], 0
    for what, withdrawal in WITHDRAWALS.items():
        page = withdrawal.page.format(amina=cast.enrolments["amina"])
        for number in range(ROUNDS):
            browsers = pair.signed_in(number % 2, withdrawal.name)
            before = [browser.get(page).status for browser in browsers]
            make(database, cast, withdrawal.take, withdrawal.name)
            after = [browser.get(page) for browser in browsers]
            make(database, cast, withdrawal.give, withdrawal.name)
            tries += 1
            refused = [answer.status == withdrawal.status for answer in after]
            led = [answer.location.startswith("/sign-in") for answer in after if answer.status == 303]
            if before != [200, 200] or not all(refused) or not all(led):
                wrong.append((what, number, before, [answer.status for answer in after]))
            for browser in browsers:
                browser.connection.close()
    assert wrong == []
    assert tries >= 100
