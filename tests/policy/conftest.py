"""Fixtures of the policy tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.policy.estate import Estate
from tests.policy.filling import made


@pytest.fixture(scope="module")
def estate(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """One world for the whole table; each request finds it as it was."""
    yield from made(sqlite_template, tmp_path_factory.mktemp("estate"))
