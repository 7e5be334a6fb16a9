"""Programs beside this process: held to their limits, heard, and gone when time is over or nobody is there for them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from portfolio.documents import limited, programs

PATIENCE = 10.0


def shell(script: str) -> list[str]:
    return ["/bin/sh", "-c", script]


def test_what_a_program_says_is_heard_up_to_a_length() -> None:
    assert programs.output(shell("echo one; echo two >&2"), seconds=PATIENCE, most=100) == "one\n"
    assert programs.output(shell("echo one; echo two >&2"), seconds=PATIENCE, most=100, with_complaints=True) == (
        "one\ntwo\n"
    )
    assert programs.output(shell("echo one; echo two"), seconds=PATIENCE, most=5) == "one\nt"
    assert programs.run(shell("exit 3"), seconds=PATIENCE) == 3


def test_it_knows_nothing_of_where_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTFOLIO_SECRET_KEY", "hush")
    told = programs.output(["/usr/bin/env"], seconds=PATIENCE, most=10_000)
    assert "hush" not in told
    assert "LC_ALL=C.UTF-8" in told
    assert programs.output(shell("pwd"), seconds=PATIENCE, most=100) == "/\n"


def test_a_program_that_is_not_there_ends_with_a_complaint() -> None:
    assert programs.run(["/nowhere/at/all"], seconds=PATIENCE) != 0


def test_without_a_python_to_start_it_there_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/at/all")
    with pytest.raises(programs.Failed):
        programs.run(shell("true"), seconds=PATIENCE)


def test_limits_are_taken_on() -> None:
    told = programs.output(
        shell("ulimit -t; ulimit -v; ulimit -f; ulimit -c"), seconds=PATIENCE, most=100
    ).split()  # in seconds, in kilobytes, and in blocks of 512 bytes
    assert told == ["21", str(programs.MEMORY_BYTES // 1024), str(programs.FILE_BYTES // 512), "0"]


def test_what_writes_too_much_is_ended(tmp_path: Path) -> None:
    target = tmp_path / "large"
    script = f"head -c 100000 /dev/zero > {target}"
    assert programs.run(shell(script), seconds=PATIENCE, file_bytes=5_000) != 0
    assert target.stat().st_size == 5_000


def test_a_program_is_ended_when_its_time_is_over() -> None:
    started = time.monotonic()
    with pytest.raises(programs.TooLong):
        programs.run(["/bin/sleep", "61.7301"], seconds=0.5)
    assert time.monotonic() - started < PATIENCE
    assert at_work("61.7301") == []


def test_a_program_is_ended_when_nobody_wants_to_hear_it() -> None:
    def refuse(said: bytes) -> None:
        raise ValueError(said)

    with pytest.raises(ValueError, match="one"):
        programs.run(shell("echo one; exec sleep 61.7302"), seconds=PATIENCE, take=refuse)
    assert at_work("61.7302") == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a program that its parent has ended")
def test_a_program_ends_with_whoever_started_it() -> None:
    script = "from portfolio.documents import programs; programs.run(['/bin/sleep', '61.7303'], seconds=60)"
    parent = subprocess.Popen([sys.executable, "-c", script])
    try:
        assert within(PATIENCE, lambda: bool(at_work("61.7303")))
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    assert within(PATIENCE, lambda: not at_work("61.7303"))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a program that its parent has ended")
def test_a_program_whose_parent_has_ended_already_does_not_begin() -> None:
    other = str(os.getppid())
    command = [sys.executable, "-I", "-m", limited.__name__, other, "5", "900000000", "5000", "/bin/echo", "one"]
    assert subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout == b""


def within(seconds: float, is_so: Callable[[], bool]) -> bool:
    """Whether something comes true in time."""
    ends = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > ends:
            return False
        time.sleep(0.05)
    return True


def at_work(argument: str) -> list[str]:
    """The processes that were given an argument."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            told = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if told[0].endswith(b"sleep") and argument.encode() in told:
            found.append(process.name)
    return found
