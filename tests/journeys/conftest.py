"""A real server and a real browser: `portfolio serve` over the cast's world, Chromium with axe after every step."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from portfolio.config import ROOT, Settings
from portfolio.installation import open_installation
from tests.cast import Cast, assemble
from tests.journeys.visitor import Visitor

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]  # fmt: skip
"""The microphone plays a tone, and may be used."""
PATIENCE_SECONDS = 30


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium from the system; skipped, with the package named, where there is none."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.skip("The browser journeys need Chromium: install the Debian package `chromium`.")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


class Served:
    """A running `portfolio serve` with the cast in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        installation = open_installation(Settings.from_environment(home, {}))
        self.cast: Cast = assemble(installation)
        installation.close()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server and wait until it is well."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PORTFOLIO_")}
        command = [sys.executable, "-m", "portfolio.cli", "--home", str(self.home), "serve", "--port", str(self.port)]
        with (self.home / "server.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log, start_new_session=True)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.address}/healthz", timeout=2)  # noqa: S310 - our own address
            except OSError:
                time.sleep(0.1)
            else:
                return process
        raise AssertionError((self.home / "server.log").read_text()[-3000:])

    def stop(self) -> None:
        """Stop it as a service manager would."""
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(PATIENCE_SECONDS)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all journeys; each journey works on learners of its own."""
    running = Served(tmp_path_factory.mktemp("served") / "home")
    yield running
    running.stop()


@pytest.fixture
def visitor(browser: Browser, served: Served) -> Iterator[Visitor]:
    """Somebody with an ordinary browser."""
    visiting = Visitor(browser, served.address, scripts=True)
    yield visiting
    visiting.leave()


@pytest.fixture
def plain_visitor(browser: Browser, served: Served) -> Iterator[Visitor]:
    """Somebody whose browser runs no scripts."""
    visiting = Visitor(browser, served.address, scripts=False)
    yield visiting
    visiting.leave()
