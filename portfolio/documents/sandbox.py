"""Runs what reads hostile files in a process of its own, with limits on time, memory and files.

A process that dies or hangs costs one file its place in the book and nothing else. One process serves many files; a
fresh one follows a dead one.
"""

import contextlib
import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from portfolio.documents.blocks import Extract
from portfolio.documents.codec import Json, Malformed, decode
from portfolio.documents.fragments import NOT_SHOWN, UNREADABLE, card, is_shown
from portfolio.documents.preview import Manifest, check_parts, manifest_of

MEMORY_BYTES = 768 * 1000**2
SECONDS = 15
PREVIEW_SECONDS = 30
_FILE_BYTES = 64 * 1000**2
_MAX_ANSWER = 16 * 1000**2
NO_PREVIEW = "Making a preview of this file took too long or too much memory. Download it to open it."
_KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH",)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a function gave back, or a note on why it gave nothing."""

    value: Json
    note: str = ""


def run_limited(function_path: str, *args: Json, seconds: int = SECONDS, memory_bytes: int = MEMORY_BYTES) -> Outcome:
    """Calls `portfolio.documents.module:function` in a process of its own with values that JSON can carry.

    A process that is killed, fails or answers nonsense gives a note, never an exception.
    """
    child = _Child(memory_bytes)
    try:
        return child.call(function_path, list(args), seconds)
    finally:
        child.stop()


class Extractor:
    """`with Extractor() as extract: extract(path, media_type, name)`: files as blocks, read one after the other."""

    def __init__(self, *, seconds: int = SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._seconds = seconds
        self._child = _Child(memory_bytes)
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="portfolio-extract-")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.stop()
        if self._folder is not None:
            self._folder.cleanup()

    def __call__(self, path: Path, media_type: str, name: str, sha256: str | None = None) -> Extract:
        """The file's blocks, or a card with the reason. Pass the digest where it is known: a card shows it."""
        if self._folder is None:
            message = "Extractor is used in a with statement."
            raise ValueError(message)
        if not is_shown(media_type):
            return card(path, media_type, name, NOT_SHOWN, sha256)
        spool = Path(self._folder.name)
        arguments: list[Json] = [str(spool), str(path.resolve()), media_type, name, sha256]
        outcome = self._child.call("portfolio.documents.codec:extract_into", arguments, self._seconds)
        try:
            if not outcome.note:
                return decode(outcome.value, spool)
        except (Malformed, OSError):
            _log.warning("The process that reads files answered nonsense.")
        for left in spool.iterdir():
            left.unlink(missing_ok=True)
        return card(path, media_type, name, outcome.note or UNREADABLE, sha256)


class Previewer:
    """`make(path, media_type, folder)` makes the preview of one file, in a process that nothing else is given to."""

    def __init__(self, *, seconds: int = PREVIEW_SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._seconds = seconds
        self._memory = memory_bytes
        self._child: _Child | None = None

    def __call__(self, path: Path, media_type: str, folder: Path) -> Manifest:
        """The manifest of the parts that now stand in the folder; without pieces its note says why, and none stand."""
        child = self._child = _Child(self._memory)
        arguments: list[Json] = [str(folder.resolve()), str(path.resolve()), media_type]
        try:
            outcome = child.call("portfolio.documents.preview_maker:preview_into", arguments, self._seconds)
        finally:
            child.stop()
            self._child = None
        if not outcome.note:
            try:
                manifest = manifest_of(outcome.value)
                check_parts(manifest, folder)
            except (Malformed, OSError):
                _log.warning("The process that makes previews answered nonsense.")
            else:
                return manifest
        for left in folder.iterdir():
            left.unlink(missing_ok=True)
        return Manifest(note=NO_PREVIEW)

    def end(self) -> None:
        """Give up on what is being made; may be called from another thread."""
        child = self._child
        if child is not None:
            child.kill()


class _Child:
    """A process that answers requests, started when it is first needed."""

    def __init__(self, memory_bytes: int) -> None:
        self._memory = memory_bytes
        self._process: subprocess.Popen[bytes] | None = None

    def kill(self) -> None:
        """Have the process end without an answer."""
        process = self._process
        if process is not None:
            process.kill()

    def call(self, function_path: str, arguments: list[Json], seconds: int) -> Outcome:
        """One request. After a failure the next one starts a fresh process."""
        process = self._running()
        if process.stdin is None or process.stdout is None:
            return Outcome(None, UNREADABLE)
        request = {"function": function_path, "arguments": arguments, "seconds": seconds}
        watch = threading.Timer(seconds * 2, process.kill)
        watch.start()
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            line = process.stdout.readline(_MAX_ANSWER)
        except OSError:
            line = b""
        finally:
            watch.cancel()
        return self._outcome(line)

    def stop(self) -> None:
        """Ends the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what a dead process never read is still in the pipe
                    pipe.close()
        process.wait()

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            environment = {key: os.environ[key] for key in _KEPT_ENVIRONMENT if key in os.environ}
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-m", "portfolio.documents.child", str(self._memory), str(_FILE_BYTES)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment | {"LC_ALL": "C.UTF-8"},
                start_new_session=True,
            )
        return self._process

    def _outcome(self, line: bytes) -> Outcome:
        try:
            answer = json.loads(line) if line.endswith(b"\n") else None
        except (ValueError, RecursionError):
            answer = None
        if isinstance(answer, dict) and "value" in answer:
            return Outcome(answer["value"])
        if isinstance(answer, dict):
            _log.info("A file could not be read: %s.", answer.get("error"))
            return Outcome(None, UNREADABLE)
        self.stop()
        _log.warning("The process that reads files ended without an answer; another one follows.")
        return Outcome(None, "Reading this file took too long or too much memory. It is kept as it is.")
