"""Ben's desk, with nothing of the cast's own left to do."""

import pytest

from portfolio.installation import Installation
from tests.cast import Cast
from tests.redaction.bench import Bench


@pytest.fixture
def bench(installation: Installation, cast: Cast) -> Bench:
    """Ben has files redacted."""
    return Bench(installation, cast)
