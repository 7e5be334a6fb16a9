"""Programs that work beside this process, such as ffmpeg: each held to limits of its own on time, memory and files.

A program ends when its time is over, and when the process that started it ends, however that comes about.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence

from portfolio.documents.breaking_off import breakable

MEMORY_BYTES = 2_000 * 1000**2
FILE_BYTES = 2_000 * 1000**2
_CORES = 2
_CHUNK = 1 << 16
_ENVIRONMENT = {"LC_ALL": "C.UTF-8"}
_KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH",)


class TooLong(Exception):
    """The program was ended because its time was over."""


class Failed(Exception):
    """The program could not be started, or ended with a complaint."""


def run(
    command: Sequence[str],
    *,
    seconds: float,
    take: Callable[[bytes], None] | None = None,
    with_complaints: bool = False,
    memory_bytes: int = MEMORY_BYTES,
    file_bytes: int = FILE_BYTES,
) -> int:
    """Runs a program, given by its whole path, for so many seconds by the clock at most, and answers how it ended.

    What it says is handed to `take` bit by bit, with what it complains of mixed in where that is wanted. Raises
    TooLong, Failed when it cannot be started, whatever `take` raises, and what `broken_off_when` says; the program has
    ended then.
    """
    limits = [str(os.getpid()), str(int(seconds * _CORES) + 1), str(memory_bytes), str(file_bytes)]
    environment = {key: os.environ[key] for key in _KEPT_ENVIRONMENT if key in os.environ} | _ENVIRONMENT
    is_over = threading.Event()
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-m", "portfolio.documents.limited", *limits, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if with_complaints else subprocess.DEVNULL,
            env=environment,
            cwd="/",
            bufsize=0,
        )
    except OSError as trouble:
        raise Failed from trouble

    def end() -> None:
        is_over.set()
        process.kill()

    watch = threading.Timer(seconds, end)
    watch.daemon = True
    watch.start()
    try:
        with breakable(process.kill):
            _listen(process, take)
            process.wait()
    finally:
        watch.cancel()
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    if is_over.is_set():
        raise TooLong
    return process.returncode


def output(command: Sequence[str], *, seconds: float, most: int, with_complaints: bool = False) -> str:
    """What a program says, its first `most` bytes as text, whatever it ends with. Raises TooLong and Failed."""
    heard = bytearray()

    def take(said: bytes) -> None:
        heard.extend(said[: max(0, most - len(heard))])

    run(command, seconds=seconds, take=take, with_complaints=with_complaints)
    return heard.decode("utf-8", "replace")


def _listen(process: "subprocess.Popen[bytes]", take: Callable[[bytes], None] | None) -> None:
    while process.stdout is not None and (part := process.stdout.read(_CHUNK)):
        if take is not None:
            take(part)
