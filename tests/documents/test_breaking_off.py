"""What takes long is broken off from outside: at once, wherever it is, and nothing else is."""

import threading
import time

import pytest

from portfolio.documents import programs
from portfolio.documents.breaking_off import broken_off_when
from portfolio.documents.sandbox import run_limited
from tests.documents.test_programs import at_work, shell

AT_ONCE = 5.0
FOR_EVER = 60
HARD = "*a_" * 1_000_000
"""Takes much longer than any test would wait."""


class Over(Exception):
    """Nobody waits for it any more."""


def soon(seconds: float = 0.3) -> threading.Event:
    """Over in a moment."""
    over = threading.Event()
    timer = threading.Timer(seconds, over.set)
    timer.daemon = True
    timer.start()
    return over


def test_a_program_ends_when_it_is_over() -> None:
    began, over = time.monotonic(), soon()
    with pytest.raises(Over), broken_off_when(over.is_set, Over):
        programs.run(["/bin/sleep", "61.7401"], seconds=FOR_EVER)
    assert time.monotonic() - began < AT_ONCE
    assert at_work("61.7401") == []


def test_a_process_that_reads_files_ends_when_it_is_over() -> None:
    began, over = time.monotonic(), soon(1.0)
    with pytest.raises(Over), broken_off_when(over.is_set, Over):
        run_limited("portfolio.documents.markdown:to_html", HARD, seconds=FOR_EVER)
    assert time.monotonic() - began < AT_ONCE
    assert run_limited("portfolio.documents.markdown:to_html", "one").value == "<p>one</p>"


def test_what_is_over_already_is_not_begun() -> None:
    heard: list[bytes] = []
    with broken_off_when(lambda: True, Over):
        with pytest.raises(Over):
            programs.run(shell("sleep 1; echo begun"), seconds=FOR_EVER, take=heard.append)
        with pytest.raises(Over):
            run_limited("portfolio.documents.markdown:to_html", "one")
    assert heard == []


def test_what_is_wrong_with_a_program_is_told_as_ever_while_it_is_not_over() -> None:
    with broken_off_when(lambda: False, Over):
        assert programs.run(shell("exit 3"), seconds=FOR_EVER) == 3
        with pytest.raises(programs.TooLong):
            programs.run(["/bin/sleep", "61.7402"], seconds=0.3)
        assert run_limited("portfolio.documents.markdown:nonesuch").note


def test_another_thread_goes_on() -> None:
    heard: list[bytes] = []

    def run() -> None:
        programs.run(shell("sleep 0.6; echo done"), seconds=FOR_EVER, take=heard.append)

    other = threading.Thread(target=run)
    with broken_off_when(lambda: True, Over):
        other.start()
        other.join()
    assert b"".join(heard) == b"done\n"


def test_it_is_over_with_the_block() -> None:
    over = threading.Event()
    with broken_off_when(over.is_set, Over):
        pass
    over.set()
    assert programs.run(shell("exit 3"), seconds=FOR_EVER) == 3
    assert not [thread for thread in threading.enumerate() if thread.name == "breaking off"]
