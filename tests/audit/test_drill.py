"""The audit drill in small: every kind of tampering is found and named, and nothing is found where nothing is."""

import pytest

from tests.drills import audit


def test_every_tampering_is_found_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main(["--n", "40", "--untouched", "4", "--entries", "500"]) == 0, capsys.readouterr().out
