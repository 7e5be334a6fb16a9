"""The small centre that these tests share."""

import pytest

from portfolio.installation import Installation
from tests.accounts.town import Town, build


@pytest.fixture
def town(installation: Installation) -> Town:
    """A centre with an administrator, a learner and a newcomer."""
    return build(installation)
