"""The drills in small: what is backed up while people write comes back equal, and a full disk loses nothing."""

import subprocess

import pytest

from tests.drills import disk_full, restore, upgrade


def test_what_was_backed_up_while_people_wrote_comes_back_equal(capsys: pytest.CaptureFixture[str]) -> None:
    assert restore.main(["--n", "20"]) == 0, capsys.readouterr().out


def test_an_upgrade_that_is_killed_can_be_taken_up_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert upgrade.main(["--n", "2"]) == 0, capsys.readouterr().out


def test_a_full_disk_loses_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    if subprocess.run(["unshare", "--mount", "--map-root-user", "true"], check=False).returncode:
        pytest.skip("this system lets nobody mount a disk of their own")
    assert disk_full.main(["--n", "3"]) == 0, "".join(capfd.readouterr())
