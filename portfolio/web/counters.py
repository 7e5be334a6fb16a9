"""Requests by status and how long they took, counted where every process of this home can read the sum.

Each process writes to a small file of its own, in memory that it shares with the disk; whoever asks adds them up. What
a process counted stays when it ends, so that no sum ever falls.
"""

import mmap
import os
import time
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from operator import add
from pathlib import Path
from threading import Lock
from typing import cast

from flask import Flask, Response, current_app, g, request

from portfolio.web.logs import MONITORED

STATUSES = (
    200, 201, 204, 206, 302, 303, 304, 400, 401, 403, 404, 405, 409, 413, 416, 422, 429, 500, 503, 507,
)  # fmt: skip
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds: so many requests took no longer. The last place counts those that took longer than all of these."""
SLOTS = {status: place for place, status in enumerate(STATUSES)}
OTHER = len(STATUSES)
FIRST_BUCKET = OTHER + 1
SUM = FIRST_BUCKET + len(BUCKETS) + 1
PLACES = SUM + 1
NUMBER = 8
"""How many bytes a number takes."""
PREFIX = "requests-1-"
"""The layout of the file is part of its name."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Requests by status (`other` for rare ones), by bucket, and the seconds that all of them took."""

    by_status: dict[str, int]
    by_bucket: Sequence[int]
    seconds: float


class Counters:
    """What this process has counted."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder
        self._lock = Lock()
        size = PLACES * NUMBER
        descriptor = os.open(folder / f"{PREFIX}{os.getpid()}", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(descriptor, size)
            self._sums = memoryview(mmap.mmap(descriptor, size)).cast("d")
        finally:
            os.close(descriptor)

    def count(self, status: int, seconds: float) -> None:
        """One more request."""
        with self._lock:
            self._sums[SLOTS.get(status, OTHER)] += 1.0
            self._sums[FIRST_BUCKET + bisect_left(BUCKETS, seconds)] += 1.0
            self._sums[SUM] += seconds

    def totals(self) -> Totals:
        """The sum over every process that ever served this home."""
        sums = [0.0] * PLACES
        for path in self.folder.glob(f"{PREFIX}*"):
            content = path.read_bytes()
            if len(content) == PLACES * NUMBER:
                sums = [*map(add, sums, memoryview(content).cast("d"))]
        names = [*map(str, STATUSES), "other"]
        by_status = dict(zip(names, map(int, sums[:FIRST_BUCKET]), strict=True))
        return Totals(by_status, [int(one) for one in sums[FIRST_BUCKET:SUM]], sums[SUM])


def counters() -> Counters:
    """Those of this application."""
    return cast(Counters, current_app.extensions["counters"])


def install(app: Flask) -> None:
    """Count every answer but those that monitors ask for."""
    counting = Counters(app.extensions["installation"].settings.home / "metrics")
    app.extensions["counters"] = counting

    @app.after_request
    def count(response: Response) -> Response:
        began = g.get("began")
        if began is not None and request.path not in MONITORED:
            counting.count(response.status_code, time.perf_counter() - began)
        return response
