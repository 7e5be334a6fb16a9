"""Breaking off what takes long: programs and processes beside this one end when nobody waits for them any more.

Whoever does the work says once when it is over, around all of it; whatever runs a program says how that is ended.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event, Lock, Thread

LOOK = 0.2
"""Seconds between two looks at whether it is over."""


class _Watch:
    """What runs at present within one `broken_off_when`, and how it is ended."""

    def __init__(self, is_over: Callable[[], bool], trouble: type[Exception]) -> None:
        self._is_over, self._trouble = is_over, trouble
        self._lock = Lock()
        self._ends: list[Callable[[], None]] = []

    def check(self) -> None:
        """Raises what `broken_off_when` was told, once it is over."""
        if self._is_over():
            raise self._trouble

    def look_until(self, done: Event) -> None:
        """End what runs for as long as it is over: something may just be starting."""
        while not done.wait(LOOK):
            if self._is_over():
                with self._lock:
                    for end in self._ends:
                        end()

    @contextmanager
    def ending(self, end: Callable[[], None]) -> Iterator[None]:
        """`end` is called within the block alone."""
        with self._lock:
            self._ends.append(end)
        try:
            yield
        finally:
            with self._lock:
                self._ends.remove(end)


_watch: ContextVar[_Watch | None] = ContextVar("watch", default=None)


@contextmanager
def broken_off_when(is_over: Callable[[], bool], trouble: type[Exception]) -> Iterator[None]:
    """What this thread runs `breakable` within the block is ended as soon as it is over, and `trouble` is raised where
    it was run. `is_over` is asked from another thread, now and then.
    """
    watch, done = _Watch(is_over, trouble), Event()
    thread = Thread(target=watch.look_until, args=(done,), name="breaking off", daemon=True)
    token = _watch.set(watch)
    thread.start()
    try:
        yield
    finally:
        _watch.reset(token)
        done.set()
        thread.join()


@contextmanager
def breakable(end: Callable[[], None]) -> Iterator[None]:
    """What runs within the block may be ended by `end`, from another thread, when nobody waits for it any more."""
    watch = _watch.get()
    if watch is None:
        yield
        return
    watch.check()
    try:
        with watch.ending(end):
            yield
    finally:
        watch.check()
