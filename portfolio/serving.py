"""Running the product: granian for pages (it streams request bodies), and a worker as a child that is kept alive."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings

from portfolio.config import Settings
from portfolio.errors import Rejected

BLOCKING_THREADS = 256
"""How many requests may be under way, most of them waiting for their body; few of them work at once."""
RESTART_SECONDS = 1.0
HEAD_START_SECONDS = 1.5
"""The pages come up first; the worker is started when they have had this long."""
STOP_SECONDS = 10


def serve(settings: Settings, *, port: int) -> int:
    """Serve until told to stop. Raises Rejected when the port is taken."""
    check_port(settings.bind, port)
    os.environ["PORTFOLIO_PORT"] = str(port)
    with worker_beside():
        Granian(
            "portfolio.web.app:from_environment",
            address=settings.bind,
            port=port,
            interface=Interfaces.WSGI,
            workers=settings.web_processes,
            blocking_threads=BLOCKING_THREADS,
            factory=True,
            websockets=False,
            log_enabled=False,
            respawn_failed_workers=True,
            http1_settings=HTTP1Settings(header_read_timeout=15_000),
        ).serve()
    return 0


def check_port(bind: str, port: int) -> None:
    """Say clearly when something else listens there."""
    with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            raise Rejected(f"Port {port} is taken by another program. Choose another one with --port.") from error


@contextmanager
def worker_beside() -> Iterator[None]:
    """A worker process for as long as the block lasts; one that dies is started again.

    The worker's standard input is a pipe from here: when this process is gone, however it went, the worker stops too.
    """
    stopping = threading.Event()
    present: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        stopping.wait(HEAD_START_SECONDS)
        while not stopping.is_set():
            present[:] = [start_worker()]
            present[0].wait()
            stopping.wait(RESTART_SECONDS)

    keeper = threading.Thread(target=keep, name="worker keeper", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        for child in present:
            child.terminate()
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
        keeper.join(RESTART_SECONDS)


def worker_command(*, is_attached: bool) -> list[str]:
    """How a worker is started; attached, it stops when its standard input ends."""
    return [sys.executable, "-m", "portfolio.worker", *(["--attached"] if is_attached else [])]


def start_worker() -> subprocess.Popen[bytes]:
    """One worker process over the same home folder."""
    return subprocess.Popen(worker_command(is_attached=True), stdin=subprocess.PIPE)


def stop_at_end_of_input() -> None:
    """Ask this process to stop when its standard input ends, because whoever started it is gone."""

    def watch() -> None:
        while sys.stdin.buffer.read(4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="input watcher", daemon=True).start()
