"""What monitors ask: whether the product is alive, whether it can do its work, and its figures.

The first two tell anybody no more than a word. The figures are for this machine alone, or for who has the token.
"""

import hmac
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, request

from portfolio.config import is_loopback
from portfolio.errors import NotFound
from portfolio.readiness import Figures, Part, figures_of, look
from portfolio.web.access import MISSING, public
from portfolio.web.counters import BUCKETS, Totals, counters
from portfolio.web.session import installation

blueprint = Blueprint("health", __name__)

KEPT_SECONDS = 2.0
"""For how long what was found is told again, so that nobody keeps the product busy by asking."""
FORWARDED = ("X-Forwarded-For", "X-Real-Ip", "Forwarded")
BEARER = "Bearer "
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@blueprint.get("/healthz")
@public
def health() -> Response:
    """`ok` when the database answers; 503 otherwise."""
    is_well = installation().database.is_reachable()
    words, status = ("ok\n", 200) if is_well else ("the database does not answer\n", 503)
    return Response(words, status, mimetype="text/plain")


@blueprint.get("/readyz")
@public
def ready() -> Response:
    """A line for each thing that must be there; 503 when one of them is not."""
    parts = _looked()
    words = "".join(f"{part.name}: {part.wrong or 'ok'}\n" for part in parts)
    return Response(words, 503 if any(part.wrong for part in parts) else 200, mimetype="text/plain")


def _looked() -> list[Part]:
    kept: tuple[float, list[Part]] | None = current_app.extensions.get("readiness")
    if kept is None or time.monotonic() - kept[0] >= KEPT_SECONDS:
        kept = time.monotonic(), look(installation())
        current_app.extensions["readiness"] = kept
    return kept[1]


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """The figures, as Prometheus reads them. For anybody else there is no such page."""
    if not may_read():
        raise NotFound(MISSING)
    lines = [*_requests(counters().totals()), *_state(figures_of(installation()))]
    return Response("\n".join(lines) + "\n", content_type=PROMETHEUS)


def may_read() -> bool:
    """Whether the request brings the token, or, where none is set, comes from this machine and through no proxy."""
    token = installation().settings.metrics_token
    if token:
        sent = request.headers.get("Authorization", "")
        return sent.startswith(BEARER) and hmac.compare_digest(sent.removeprefix(BEARER).encode(), token.encode())
    host = urlsplit(f"//{request.host}").hostname or ""
    is_passed_on = any(name in request.headers for name in FORWARDED)
    return is_loopback(request.remote_addr or "") and is_loopback(host) and not is_passed_on


def _requests(totals: Totals) -> Iterator[str]:
    yield from _head("requests_total", "counter", "Requests answered, by status.")
    for status, count in totals.by_status.items():
        yield _line("requests_total", count, status=status)
    yield from _head("request_seconds", "histogram", "How long requests took.")
    so_far = 0
    for most, count in zip([*map(str, BUCKETS), "+Inf"], totals.by_bucket, strict=True):
        so_far += count
        yield _line("request_seconds_bucket", so_far, le=most)
    yield _line("request_seconds_sum", round(totals.seconds, 6))
    yield _line("request_seconds_count", so_far)


def _state(figures: Figures) -> Iterator[str]:
    yield from _head("jobs", "gauge", "Background work that waits, runs, or failed.")
    for state, count in figures.jobs.items():
        yield _line("jobs", count, state=state)
    yield from _head("letters", "gauge", "Notices that wait for their letter, are on their way, or were given up.")
    for state, count in figures.letters.items():
        yield _line("letters", count, state=state)
    yield from _head("disk_free_bytes", "gauge", "Room that is left where the home folder is.")
    yield _line("disk_free_bytes", figures.disk_free)
    yield from _head("disk_size_bytes", "gauge", "Room in all where the home folder is.")
    yield _line("disk_size_bytes", figures.disk_size)
    if figures.worker_silent is not None:
        yield from _head("worker_silent_seconds", "gauge", "How long ago a worker was last known to be at work.")
        yield _line("worker_silent_seconds", round(figures.worker_silent, 1))


def _head(name: str, kind: str, words: str) -> tuple[str, str]:
    return f"# HELP portfolio_{name} {words}", f"# TYPE portfolio_{name} {kind}"


def _line(name: str, value: float, **labels: Any) -> str:
    said = ",".join(f'{label}="{text}"' for label, text in labels.items())
    return f"portfolio_{name}{{{said}}} {value}" if said else f"portfolio_{name} {value}"
