"""One line for each request that a person can read: what, how it went, how long, who, and the reference.

Never an address with a token in it: the route's rule is logged, not the path. Control characters make no line of
their own.
"""

import logging
import secrets
import time
from typing import cast

from flask import Flask, Response, g, request

log = logging.getLogger("portfolio.web")

MONITORED = frozenset({"/healthz", "/readyz", "/metrics"})
"""What monitors ask for every few seconds, and nobody reads of."""


class OneLine(logging.Formatter):
    """A formatter whose message never breaks the line; tracebacks follow on lines of their own, indented."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        record.msg, record.args = printable(record.getMessage()), ()
        return "\n    ".join(printable(line) for line in super().format(record).splitlines())


def printable(text: str) -> str:
    """The text without anything that a terminal or a reader of logs would act on."""
    return "".join(c if c.isprintable() else " " for c in text)


def configure(level: str) -> None:
    """Log to standard error, as a service manager expects."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    logging.getLogger("huey").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def begin() -> None:
    """Start the request's clock."""
    g.began = time.perf_counter()


def reference() -> str:
    """What the request is called where it is told of: made when that is first asked."""
    if "reference" not in g:
        g.reference = secrets.token_hex(4)
    return cast(str, g.reference)


def end(response: Response) -> Response:
    """Write the line."""
    if not log.isEnabledFor(logging.INFO):
        return response
    rule = request.url_rule.rule if request.url_rule else "(no such address)"
    if not rule.startswith("/static/") and rule not in MONITORED:
        actor, began = g.get("actor"), g.get("began")
        log.info(
            "%s %s %s %.0f ms person %s reference %s",
            request.method,
            rule,
            response.status_code,
            0.0 if began is None else (time.perf_counter() - began) * 1000,
            actor.uid if actor else "-",
            reference(),
        )
    return response


def install(app: Flask) -> None:
    """Before everything else, after everything else."""
    app.before_request(begin)
    app.after_request(end)
