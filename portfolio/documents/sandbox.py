"""Runs what reads hostile files in a process of its own, with limits on time, memory and files.

A process that dies or hangs costs one file its place in the book and nothing else. One process serves many files; a
fresh one follows a dead one.
"""

import contextlib
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from portfolio.documents.blocks import Extract
from portfolio.documents.breaking_off import breakable
from portfolio.documents.codec import Json, Malformed, out_of_folder
from portfolio.documents.fragments import (
    NOT_SHOWN,
    UNREADABLE,
    heard_in,
    is_heard,
    is_shown,
    named,
    ready_for_books,
)
from portfolio.documents.prepared import Prepared, prepared_of
from portfolio.documents.preview import Inside, Manifest, check_parts, manifest_of
from portfolio.documents.scratch import SCRATCH

MEMORY_BYTES = 768 * 1000**2
SECONDS = 15
PREVIEW_SECONDS = 30
READING_SECONDS, LISTENING_SECONDS = 45, 75
READING_BYTES = 2_000 * 1000**2
"""For reading all that a file holds, with the engines that find words in pictures."""
_FILE_BYTES = 64 * 1000**2
_MAX_ANSWER = 16 * 1000**2
NO_PREVIEW = "Making a preview of this file took too long or too much memory. Download it to open it."
NOT_READ = "What people do not see in it could not be read: it took too long or too much memory."
_KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH",)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a function gave back, or a note on why it gave nothing."""

    value: Json
    note: str = ""


def run_limited(
    function_path: str,
    *args: Json,
    seconds: int = SECONDS,
    memory_bytes: int = MEMORY_BYTES,
    file_bytes: int = _FILE_BYTES,
) -> Outcome:
    """Calls `portfolio.documents.module:function` in a process of its own with values that JSON can carry.

    A process that is killed, fails or answers nonsense gives a note, and never an exception but the one that
    `broken_off_when` says.
    """
    child = _Child(memory_bytes, file_bytes)
    try:
        return child.call(function_path, list(args), seconds)
    finally:
        child.stop()


class Extractor:
    """`with Extractor(folder) as extract: extract(path, media_type, name)`: files as blocks, read one after the other.

    What is written on the way lies in the folder, and is gone at the end.
    """

    def __init__(self, folder: Path, *, seconds: int = SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._seconds = seconds
        self._child = _Child(memory_bytes)
        self._listener = _Child(READING_BYTES, READING_BYTES)
        self._within = folder
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="portfolio-extract-", dir=self._within)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.stop()
        self._listener.stop()
        if self._folder is not None:
            self._folder.cleanup()

    def __call__(self, path: Path, media_type: str, name: str, sha256: str | None = None) -> Extract:
        """The file's blocks, or a card with the reason. Pass the digest where it is known: a card shows it."""
        if self._folder is None:
            message = "Extractor is used in a with statement."
            raise ValueError(message)
        if not is_shown(media_type):
            return named(Prepared(Extract(()), NOT_SHOWN), path, media_type, name, sha256)
        heard = is_heard(media_type)
        child, seconds = (self._listener, LISTENING_SECONDS) if heard else (self._child, self._seconds)
        prepared, trouble = _read(child, Path(self._folder.name), path, media_type, seconds)
        return named(prepared or Prepared(Extract(()), trouble), path, media_type, name, sha256)


def _read(child: "_Child", spool: Path, path: Path, media_type: str, seconds: int) -> tuple[Prepared | None, str]:
    """What the book shows of a file, read by a process that writes in the folder; or None, and why it was not read."""
    arguments: list[Json] = [str(spool.resolve()), str(path.resolve()), media_type]
    outcome = child.call("portfolio.documents.fragments:prepare_into", arguments, seconds)
    try:
        if not outcome.note:
            return prepared_of(outcome.value, out_of_folder(spool)), ""
    except (Malformed, OSError):
        _log.warning("The process that reads files answered nonsense.")
    _clear(spool)
    return None, outcome.note or UNREADABLE


class Previewer:
    """`make(path, media_type, folder)` makes the preview of one file, in processes that nothing else is given to: one
    shows what is seen of it, on a page and in the book, and another one reads all that it holds. What the book shows,
    and that reading, may fail without the rest.
    """

    def __init__(self, *, seconds: int = PREVIEW_SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._seconds = seconds
        self._memory = memory_bytes
        self._child: _Child | None = None
        self._is_ended = False

    def __call__(self, path: Path, media_type: str, folder: Path) -> Manifest:
        """The manifest of the parts that now stand in the folder; without pieces its note says why, and none stand."""
        manifest = self._whole(path, media_type, folder)
        if manifest is None:
            _clear(folder)
            return Manifest(note=NO_PREVIEW)
        return manifest

    def _whole(self, path: Path, media_type: str, folder: Path) -> Manifest | None:
        """A recording is listened to once, so that one process does both."""
        arguments: list[Json] = [str(folder.resolve()), str(path.resolve()), media_type]
        reader = _Child(READING_BYTES, READING_BYTES)
        first = reader if is_heard(media_type) else _Child(self._memory)
        try:
            seconds = LISTENING_SECONDS if is_heard(media_type) else self._seconds
            shown = self._made(first, "portfolio.documents.preview_maker:preview_into", arguments, folder, seconds)
            if shown is None or self._is_ended:
                return None
            prepared = self._prepared(first, shown, path, media_type, folder)
            if first is not reader:
                first.stop()
            scratch = folder / SCRATCH
            scratch.mkdir()
            arguments += [shown.as_json(), str(scratch.resolve())]
            whole = self._made(reader, "portfolio.documents.unseen:unseen_into", arguments, folder, READING_SECONDS)
        finally:
            first.stop()
            reader.stop()
            self._child = None
        whole = whole or _checked(replace(shown, inside=Inside(note=NOT_READ)), folder)
        return ready_for_books(whole, folder, prepared) if whole and prepared else whole

    def _prepared(self, child: "_Child", shown: Manifest, path: Path, media_type: str, folder: Path) -> Prepared | None:
        """What the book shows of the file; None when it cannot be read now. Of a recording that is what was heard."""
        if is_heard(media_type):
            return heard_in(shown, lambda number: (folder / str(number)).read_bytes())
        spool = folder / SCRATCH
        spool.mkdir()
        prepared, _trouble = _read(child, spool, path, media_type, SECONDS)
        shutil.rmtree(spool, ignore_errors=True)
        return prepared

    def _made(
        self, child: "_Child", function_path: str, arguments: list[Json], folder: Path, seconds: int
    ) -> Manifest | None:
        """What a process made of it, checked; None when it was killed, failed or answered nonsense."""
        self._child = child
        outcome = child.call(function_path, arguments, seconds)
        shutil.rmtree(folder / SCRATCH, ignore_errors=True)
        return None if outcome.note else _checked(outcome.value, folder)

    def end(self) -> None:
        """Give up on what is being made; may be called from another thread."""
        self._is_ended = True
        child = self._child
        if child is not None:
            child.kill()


def _clear(folder: Path) -> None:
    """Nothing is left of what a process did not get done."""
    for left in folder.iterdir():
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def _checked(answer: Json | Manifest, folder: Path) -> Manifest | None:
    """The manifest that a process answered, when its parts are as it says."""
    try:
        manifest = answer if isinstance(answer, Manifest) else replace(manifest_of(answer), ready=None)
        check_parts(manifest, folder)
    except (Malformed, OSError):
        _log.warning("The process that makes previews answered nonsense.")
        return None
    return manifest


class _Child:
    """A process that answers requests, started when it is first needed."""

    def __init__(self, memory_bytes: int, file_bytes: int = _FILE_BYTES) -> None:
        self._memory, self._files = memory_bytes, file_bytes
        self._process: subprocess.Popen[bytes] | None = None

    def kill(self) -> None:
        """Have the process end without an answer."""
        process = self._process
        if process is not None:
            _end(process)

    def call(self, function_path: str, arguments: list[Json], seconds: int) -> Outcome:
        """One request. After a failure the next one starts a fresh process."""
        process = self._running()
        if process.stdin is None or process.stdout is None:
            return Outcome(None, UNREADABLE)
        request = {"function": function_path, "arguments": arguments, "seconds": seconds}
        watch = threading.Timer(seconds * 2, _end, [process])
        watch.start()
        try:
            with breakable(self.kill):
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
        _end(process)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what a dead process never read is still in the pipe
                    pipe.close()
        process.wait()

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            environment = {key: os.environ[key] for key in _KEPT_ENVIRONMENT if key in os.environ}
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-m", "portfolio.documents.child", str(self._memory), str(self._files)],
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


def _end(process: "subprocess.Popen[bytes]") -> None:
    """The process goes, and with it every program that it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
