"""A real server and a real browser: `portfolio serve`, Chromium with axe after every step, and people of one's own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from sqlalchemy.orm import Session

from portfolio.accounts.passwords import Passwords
from portfolio.config import ROOT, Settings
from portfolio.installation import open_installation
from tests.cast import Cast, work_at_every_stage
from tests.journeys.newcomers import Party, gather
from tests.journeys.visitor import Visitor

CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is the same engine without the rest of a browser, for about a fifth less work."""
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]  # fmt: skip
"""The microphone plays a tone, and may be used."""
PATIENCE_SECONDS = 90


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium from the system; skipped, with the package named, where there is none."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.skip("The browser journeys need Chromium: install the Debian package `chromium`.")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS, timeout=PATIENCE_SECONDS * 1000)
        expect.set_options(timeout=PATIENCE_SECONDS * 1000)
        yield launched
        launched.close()


class HashedOnce(Passwords):
    """As strong as the server has them, but that each is hashed once: everybody of the journeys has the same one."""

    def __init__(self, settings: Settings) -> None:
        self._hashes: dict[str, str] = {}
        super().__init__(settings.argon2_memory_kib, settings.argon2_passes)

    def hash(self, password: str) -> str:
        """The hash to keep."""
        if password not in self._hashes:
            self._hashes[password] = super().hash(password)
        return self._hashes[password]


class Served:
    """A running `portfolio serve`. Nobody is there but those whom the journeys bring."""

    def __init__(self, home: Path) -> None:
        self.home = home
        settings = Settings.from_environment(home, {})
        self.installation = replace(open_installation(settings), passwords=HashedOnce(settings))
        self.cast = Cast(self.installation)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = self.start()

    @contextmanager
    def backstage(self) -> Iterator[tuple[Session, Cast]]:
        """A session and whoever is there, for what happens before a journey or between its visits; committed."""
        with self.installation.database.writing() as session:
            yield session, self.cast
            session.commit()

    def wake(self) -> None:
        """Have the worker look now, as it does when a page has asked for something; else it looks now and then."""
        self.installation.waker.wake()

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
        self.installation.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all journeys; each journey works in a centre of its own."""
    running = Served(tmp_path_factory.mktemp("served") / "home")
    yield running
    running.stop()


@pytest.fixture
def party(served: Served) -> Party:
    """Everybody of one journey."""
    with served.backstage() as (session, cast):
        return gather(session, cast)


@pytest.fixture
def party_at_work(served: Served, party: Party) -> Party:
    """The same, where the learner has work at every stage."""
    with served.backstage() as (session, cast):
        work_at_every_stage(session, cast.installation, cast, party.learner.name, party.assessor.name)
    return party


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
