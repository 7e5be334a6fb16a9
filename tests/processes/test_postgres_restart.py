"""A small form of the drill: PostgreSQL is restarted under people at work, and nothing acknowledged is lost."""

from pathlib import Path
from random import Random

import pytest

from tests.drills.postgres_restart import drill, own_postgres


@pytest.mark.postgres
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # nobody closes what the restart cut off
def test_the_product_outlives_its_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with own_postgres() as server:
        status = drill(tmp_path, server, times=2, users=6, rng=Random(20261122))
    said = capsys.readouterr().out
    assert status == 0, said
    assert "2 restarts under 6 people" in said
