"""Every hostile file that is taken, opened at every address there is for it, in a real browser (U2): nothing runs,
nothing asks, nothing is fetched from elsewhere.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Error, Page, Request
from sqlalchemy import func, select

from portfolio.documents.sniff import inspect
from portfolio.errors import Rejected
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import FILES_MOST
from portfolio.housekeeping import ask_for_previews
from portfolio.installation import Installation
from portfolio.previews.models import Preview
from portfolio.previews.rules import PreviewState
from portfolio.storage.arriving import Upload
from tests.cast import PASSWORD
from tests.documents import samples
from tests.journeys.conftest import Served
from tests.journeys.newcomers import Learner, Party, Somebody, draft_of_files

COLLECTION = Path(__file__).parents[3] / "shared" / "hostile-dev"
PATIENCE_SECONDS = 300
SCRIPT = "<script>alert(1);document.title='ran'</script><img src=x onerror=alert(2)><svg onload=alert(3)>"
HTML_MAIL = f"Subject: {SCRIPT}\nContent-Type: text/html\n\n{SCRIPT}<a href='javascript:alert(4)'>x</a>"
OWN = {
    "script.txt": f"words {SCRIPT}".encode(),
    "script.md": f"words {SCRIPT} [x](javascript:alert(5)) ![y](https://elsewhere.example/y.png)".encode(),
    "script.csv": f"a;b\n{SCRIPT};=cmd()".encode(),
    "script.eml": HTML_MAIL.encode(),
    f"name {SCRIPT.replace('/', '')}.txt": b"a name that bites",
    "pages.pdf": samples.pdf(2),
    "sheet.xlsx": samples.workbook(),
    "slides.pptx": samples.slides(),
}


def taken(installation: Installation) -> Iterator[Upload]:
    """Every file that passes the door, as an upload."""
    files = list(OWN.items())
    if COLLECTION.is_dir():
        found = sorted(path for path in COLLECTION.rglob("*") if path.is_file())
        files += [(path.name, path.read_bytes()) for path in found]
    for name, content in files:
        incoming = installation.store.receive()
        incoming.write(content)
        arrived = incoming.arrive()
        try:
            yield Upload(arrived, name, inspect(arrived.path, name).media_type)
        except Rejected:
            incoming.abandon()


def store(served: Served, learner: Learner) -> list[tuple[int, list[int]]]:
    """Drafts that hold all of them; answers each item's id with those of its files."""
    with served.backstage() as (session, cast):
        uploads = list(taken(cast.installation))
        items = [
            draft_of_files(session, cast, learner, f"Hostile files from {begin}", uploads[begin : begin + FILES_MOST])
            for begin in range(0, len(uploads), FILES_MOST)
        ]
    database = served.installation.database
    while ask_for_previews(database):
        pass
    served.wake()
    with database.reading() as session:
        return [(id_, [file.id for file in session.get_one(Evidence, id_).latest.files]) for id_ in items]


def wait_for_previews(served: Served) -> None:
    """Until the worker has made them all."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    waiting = select(func.count()).select_from(Preview).where(Preview.state == PreviewState.WAITING)
    while time.monotonic() < deadline:
        with served.installation.database.reading() as session:
            if not session.scalar(waiting):
                return
        time.sleep(0.3)
    raise AssertionError("the worker did not come to the end of the previews")


@dataclass
class Watched:
    """A page of which everything is noted that a hostile file could make it do."""

    page: Page
    address: str
    happened: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("dialog", self._asked)
        self.page.on("request", self._fetched)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.happened.append(str(error)))

    def _asked(self, dialog: Dialog) -> None:
        self.happened.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _fetched(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if f"{parts.scheme}://{parts.netloc}" != self.address and parts.scheme not in {"blob", "data"}:
            self.happened.append(f"fetched {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        # a picture on its own is put on a page by the browser, whose own style the policy refuses
        is_browsers_own = message.text.startswith("Applying inline style")
        if "Content Security Policy" in message.text and not is_browsers_own:
            self.happened.append(message.text)

    def sign_in(self, who: Somebody) -> None:
        """Through the front door."""
        self.page.goto(f"{self.address}/sign-in")
        self.page.get_by_label("E-mail address").fill(who.email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_load_state("load")

    def open(self, path: str) -> None:
        """A page of ours, with everything folded out."""
        self.page.goto(f"{self.address}{path}")
        self.page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        assert self.page.title().endswith("NVQ Portfolio"), path
        own = self.page.evaluate("[...document.scripts].every((script) => script.src.startsWith(location.origin))")
        assert own, path

    def is_downloaded(self, path: str) -> bool:
        """Whether going to the address saves a file instead of showing one."""
        with self.page.expect_download() as saved:
            try:
                self.page.goto(f"{self.address}{path}")
            except Error as error:
                assert "Download is starting" in str(error) or "ERR_ABORTED" in str(error)  # noqa: PT017
        saved.value.cancel()
        return True


@pytest.mark.browser
def test_nothing_that_is_stored_does_anything_in_a_browser(browser: Browser, served: Served, party: Party) -> None:
    items = store(served, party.learner)
    wait_for_previews(served)
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    watched = Watched(context.new_page(), served.address)
    watched.sign_in(party.learner)
    for evidence_id, file_ids in items:
        watched.open(f"/evidence/{evidence_id}")
        for file_id in file_ids:
            watched.open(f"/files/{file_id}/preview")
            pictures = watched.page.locator("img.shot").all()
            if pictures:
                watched.page.goto(f"{served.address}{pictures[0].get_attribute('src')}")
            assert watched.is_downloaded(f"/files/{file_id}")
    context.close()
    assert len(items) > 0
    assert watched.happened == []
