"""The drill of bundles in small: every changed byte that says anything is found."""

import pytest

from tests.drills import bundle


def test_every_changed_byte_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert bundle.main(["--n", "160"]) == 0, capsys.readouterr().out
