"""Ben and the files that he has redacted, with programs at hand that are quick."""

import pytest

from portfolio.installation import Installation
from tests.cast import Cast
from tests.client import StrictClient
from tests.redaction.bench import Bench


@pytest.fixture
def bench(installation: Installation, cast: Cast) -> Bench:
    """Ben's desk."""
    return Bench(installation, cast)


@pytest.fixture
def ben(client: StrictClient, bench: Bench) -> StrictClient:
    """The learner."""
    assert bench.cast.people
    return client.sign_in("ben")
