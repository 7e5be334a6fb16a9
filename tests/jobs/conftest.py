"""Fixtures of the tests of background work."""

import pytest

from portfolio.installation import Installation
from tests.jobs.asking import Asker


@pytest.fixture
def asker(installation: Installation) -> Asker:
    """Somebody who asks for work."""
    return Asker(installation)
