"""The worker makes previews when it is woken and when it starts, after the jobs that somebody waits for."""

import threading
import time
from threading import Event

from portfolio.previews.rules import PreviewState
from portfolio.worker import make_runner, serve
from tests.previews.conftest import Shelf

PATIENCE_SECONDS = 30


def is_ready(shelf: Shelf) -> bool:
    """Whether the letter's preview comes to be there."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        row = shelf.preview()
        if row is not None and row.state is PreviewState.READY:
            return True
        time.sleep(0.1)
    return False


def test_a_worker_finds_what_is_missing_and_what_is_asked_for(shelf: Shelf) -> None:
    stopping = Event()
    runner = make_runner(shelf.installation, stopping)
    worker = threading.Thread(target=serve, args=(shelf.installation, runner))
    worker.start()
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while shelf.preview() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        shelf.installation.waker.wake()
        assert is_ready(shelf)
        assert shelf.has_parts()
    finally:
        stopping.set()
        worker.join()
