"""Running the product: granian for pages (it streams request bodies), and workers as children that are kept alive."""

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
ATTACHED, TRIAL = "--attached", "--trial"
REFUSED = "portfolio worker"
"""What a worker begins its sentence with when it cannot work."""


def serve(settings: Settings, *, port: int) -> int:
    """Serve until told to stop. Raises Rejected when the port is taken, or what machines share cannot be used."""
    check_port(settings.bind, port)
    if settings.is_shared:
        check_shared()
    os.environ["PORTFOLIO_PORT"] = str(port)
    with workers_beside(settings.workers):
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


def check_shared() -> None:
    """Set up what several machines use at once, before several processes begin, and see that it can be used.

    Another process does it: what a store's library begins in this one would not live on in those that are forked off.
    """
    trial = worker_command(TRIAL)
    done = subprocess.run(trial, check=False, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise Rejected(done.stderr.strip().rpartition(f"{REFUSED}: ")[2])


def check_port(bind: str, port: int) -> None:
    """Say clearly when something else listens there."""
    with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            raise Rejected(f"Port {port} is taken by another program. Choose another one with --port.") from error


@contextmanager
def workers_beside(count: int) -> Iterator[None]:
    """So many worker processes for as long as the block lasts; one that dies is started again.

    A worker's standard input is a pipe from here: when this process is gone, however it went, the worker stops too.
    """
    stopping = threading.Event()
    present: dict[int, subprocess.Popen[bytes]] = {}

    def keep(number: int) -> None:
        stopping.wait(HEAD_START_SECONDS)
        while not stopping.is_set():
            present[number] = start_worker()
            present[number].wait()
            stopping.wait(RESTART_SECONDS)

    keepers = [threading.Thread(target=keep, args=(number,), daemon=True) for number in range(count)]
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        stopping.set()
        for child in present.values():
            child.terminate()
        for child in present.values():
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
        for keeper in keepers:
            keeper.join(RESTART_SECONDS)


def worker_command(*options: str) -> list[str]:
    """How a worker is started. `ATTACHED`, it stops when its standard input ends; `TRIAL`: it only sees whether it
    could work.
    """
    return [sys.executable, "-m", "portfolio.worker", *options]


def start_worker() -> subprocess.Popen[bytes]:
    """One worker process over the same home folder."""
    return subprocess.Popen(worker_command(ATTACHED), stdin=subprocess.PIPE)


def stop_at_end_of_input() -> None:
    """Ask this process to stop when its standard input ends, because whoever started it is gone."""

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 4096):  # holds nothing that the end of this process would wait for
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="input watcher", daemon=True).start()
