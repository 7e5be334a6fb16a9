"""Fixtures of the security tests: two workers over one database, and a cast that a whole file shares."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portfolio.installation import Installation, open_installation
from portfolio.web.app import create_app
from tests.cast import Cast, assemble
from tests.policy.estate import Estate, opened_on
from tests.policy.filling import made
from tests.web.security.workers import Workers


@pytest.fixture
def workers(installation: Installation, cast: Cast) -> Iterator[Workers]:
    """Two applications with an engine, a hasher and a queue each."""
    second = open_installation(installation.settings)
    yield Workers(cast, (create_app(installation), create_app(second)))
    second.close()


@pytest.fixture(scope="module")
def settled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """The cast on one installation for a whole file of tests that leave it as it is."""
    installation = opened_on(sqlite_template, tmp_path_factory.mktemp("settled"))
    yield assemble(installation)
    installation.close()


@pytest.fixture(scope="module")
def estate(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """The world of the every-route table."""
    yield from made(sqlite_template, tmp_path_factory.mktemp("estate"))
