"""The drills in small: a backup comes back equal, an upgrade goes on, a customer is gone, a full disk loses nothing."""

import subprocess

import pytest

from tests.drills import disk_full, erase, guards, restore, upgrade


def test_what_was_backed_up_while_people_wrote_comes_back_equal(capsys: pytest.CaptureFixture[str]) -> None:
    assert restore.main(["--n", "20"]) == 0, capsys.readouterr().out


def test_an_upgrade_that_is_killed_can_be_taken_up_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert upgrade.main(["--n", "2"]) == 0, capsys.readouterr().out


def test_a_customer_who_is_taken_out_of_a_portfolio_is_found_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    assert erase.main([]) == 0, capfd.readouterr().out


def test_the_drill_that_takes_guards_out_can_run_tests() -> None:
    done = guards.run(None, ["tests/base/test_kept.py"])
    assert done.status == guards.GREEN, done.said


def test_a_full_disk_loses_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    if subprocess.run(["unshare", "--mount", "--map-root-user", "true"], check=False).returncode:
        pytest.skip("this system lets nobody mount a disk of their own")
    assert disk_full.main(["--n", "3"]) == 0, "".join(capfd.readouterr())
