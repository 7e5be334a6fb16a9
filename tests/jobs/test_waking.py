"""Waking: a word starts the work at once, and neither a lost word nor a broken queue loses any."""

import threading
import time

import pytest

from portfolio.installation import Installation, open_installation
from portfolio.jobs import waking

SOON = 10.0


class Served:
    """A worker's loop in a thread, and how often it has looked."""

    def __init__(self, installation: Installation) -> None:
        self.looks = 0
        self.stopping = threading.Event()
        self.looked = threading.Condition()
        self.thread = threading.Thread(target=installation.waker.serve, args=(self.look, self.stopping))
        self.thread.start()

    def look(self) -> None:
        """What the worker does at each word; breaks at the second time."""
        with self.looked:
            self.looks += 1
            self.looked.notify_all()
        if self.looks == 2:
            raise RuntimeError("this one breaks")

    def has_looked(self, times: int) -> bool:
        """Wait until the worker has looked so often."""
        with self.looked:
            return self.looked.wait_for(lambda: self.looks >= times, SOON)

    def stop(self) -> float:
        """Tell the loop to end; answers after how many seconds it did."""
        began = time.monotonic()
        self.stopping.set()
        self.thread.join(SOON)
        assert not self.thread.is_alive()
        return time.monotonic() - began


def test_a_word_from_another_process_wakes_the_worker_even_after_work_that_broke(installation: Installation) -> None:
    served = Served(installation)
    assert served.has_looked(1), "at once, without a word"
    asker = open_installation(installation.settings)
    asker.waker.wake()
    assert served.has_looked(2)
    asker.waker.wake()
    assert served.has_looked(3)
    assert served.stop() < 5
    asker.close()


def test_a_worker_looks_by_itself_though_the_word_was_lost(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waking, "LOOK_EVERY", 0.05)
    served = Served(installation)
    assert served.has_looked(4)
    served.stop()


def test_asking_does_not_fail_when_the_queue_is_away(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_arguments: object) -> None:
        raise OSError("no queue")

    monkeypatch.setattr(installation.waker.queue.storage, "enqueue", away)
    installation.waker.wake()
    assert "could not be woken" in caplog.text
