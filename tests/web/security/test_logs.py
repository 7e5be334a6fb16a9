"""What reaches the log (L1): who did what and how it went, never a secret, never words that people wrote."""

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from portfolio.export.jobs import write_book_now
from portfolio.web import logs
from tests.cast import PASSWORD
from tests.policy.doors import BASE, token_on
from tests.policy.estate import VIEWS, Estate
from tests.policy.expected_routes import COLUMNS
from tests.policy.reading import BLOCKS
from tests.policy.sent import NEXT_PASSWORD, SENT

LINE = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ [\w.]+ ")
CANARY = "qzxpersonal"
BREAKS = ("\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x1b[2J")
FORGED = "2026-11-22 10:00:00,000 INFO portfolio.web everything is fine"


@dataclass
class Log:
    """What was logged since the last look."""

    stream: io.StringIO

    def text(self) -> str:
        """All of it; the log begins anew."""
        said = self.stream.getvalue()
        self.stream.seek(0)
        self.stream.truncate()
        return said

    def lines(self) -> list[str]:
        """Each as a program that reads logs would take it."""
        return self.text().splitlines()


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    """The log as a server process writes it, at its most talkative."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logs.configure("DEBUG")
    yield Log(stream)
    root.handlers = handlers
    root.setLevel(level)


def secrets_of(estate: Estate) -> set[str]:
    """Everything that must stay out: passwords, links, cookies, tokens, keys, hashes, and people's names and words."""
    with estate.installation.database.engine.connect() as connection:
        people = connection.execute(text("SELECT name, email, password_hash FROM person")).all()
        titles = connection.execute(text("SELECT title, body FROM evidence_version")).all()
        words = connection.execute(text("SELECT annotation FROM claim UNION SELECT feedback FROM item_review")).all()
        hashes = connection.execute(text("SELECT hash FROM sign_in_session UNION SELECT hash FROM token")).all()
    said = {value for row in (*people, *titles, *words, *hashes) for value in row if value}
    cookies = {cookie.removeprefix("session=") for cookie in estate.cookies.values()}
    keys = {key.read_text(errors="replace").strip() for key in estate.installation.settings.keys.iterdir()}
    links = set(estate.ids["token"].values())
    return said | cookies | keys | links | set(estate.tokens.values()) | {PASSWORD, NEXT_PASSWORD, "wrong wrong wrong"}


def test_a_run_of_everything_leaves_no_secret_in_the_log(estate: Estate, log: Log) -> None:
    requests = 0
    for block in BLOCKS:
        for name, codes in block.lines:
            for view, code in zip(COLUMNS, codes, strict=True):
                if code in {"404", "in"} and view != "owner":
                    continue
                data = SENT[block.rule](estate, view, name) if block.method == "POST" else None
                estate.send(view, block.method, estate.path(block.rule, name), data)
                estate.put_back()
                requests += 1
    said = log.text()
    assert requests > 400
    assert len(said.splitlines()) > requests / 2
    assert [secret for secret in secrets_of(estate) if secret in said] == []
    assert "@example.org" not in said


def test_what_nobody_expected_is_logged_without_what_was_sent(
    estate: Estate, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_arguments: object) -> str:
        raise RuntimeError("planted")

    monkeypatch.setitem(estate.app.view_functions, "accounts.sign_in", broken)
    data = {"email": f"{CANARY}@example.org", "password": CANARY}
    answer = estate.send("anonymous", "POST", f"/sign-in?next=/link/{CANARY}", data)
    assert answer.status_code == 500
    reference = re.search(r"<strong[^>]*>([0-9a-f]{8})</strong>", answer.text)
    assert reference is not None
    said = log.text()
    assert reference[1] in said
    assert "RuntimeError: planted" in said
    assert CANARY not in said


def test_an_error_of_the_database_is_logged_without_what_was_sent(
    estate: Estate, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_arguments: object) -> str:
        with estate.installation.database.reading() as session:
            session.execute(text("SELECT nothing FROM person WHERE email = :email"), {"email": CANARY})
        return ""

    monkeypatch.setitem(estate.app.view_functions, "accounts.sign_in", broken)
    assert estate.send("anonymous", "POST", "/sign-in", {"email": CANARY}).status_code == 503
    said = log.text()
    assert "syntax error" in said
    assert CANARY not in said


def test_an_address_that_does_not_exist_is_not_repeated(estate: Estate, log: Log) -> None:
    estate.send("owner", "GET", f"/{CANARY}/{CANARY}?token={CANARY}", headers={"User-Agent": CANARY, "Referer": CANARY})
    said = log.text()
    assert "(no such address)" in said
    assert CANARY not in said


@pytest.mark.parametrize("breaking", BREAKS, ids=ascii)
def test_what_people_send_makes_no_line_of_its_own(estate: Estate, log: Log, breaking: str) -> None:
    hostile = f"x{breaking}{FORGED}"
    encoded = hostile.encode().decode("latin-1")
    browser = estate.app.test_client()
    token = token_on(browser.get("/sign-in", base_url=BASE))
    log.text()
    for path in (
        f"/{hostile}",
        f"/link/{hostile}",
        f"/sign-in?next=/{hostile}",
        f"/coverage?unit={hostile}&q={hostile}",
    ):
        browser.get(path, base_url=BASE)
    browser.post("/sign-in", base_url=BASE, data={"csrf_token": token, "email": hostile, "password": hostile})
    browser.open("/sign-in", method="GET", base_url=BASE, environ_overrides={"HTTP_USER_AGENT": encoded})
    browser.open("/sign-in", method=f"GET{breaking}x", base_url=BASE)
    estate.send("owner", "POST", f"/enrolments/{estate.ids['enrolment_id']['amina']}/evidence/write",
                {"title": hostile, "method": "RA", "body": hostile})  # fmt: skip
    estate.put_back()
    lines = log.lines()
    assert len(lines) == 8
    assert all(LINE.match(line) for line in lines)
    assert not [line for line in lines if line.startswith(FORGED)]


def test_a_traceback_and_its_message_stay_below_their_line(log: Log) -> None:
    try:
        raise RuntimeError(f"first\n{FORGED}\r\n{FORGED}\x85{FORGED}")
    except RuntimeError as error:
        logging.getLogger("portfolio.web").error("it broke: %s", f"a\n{FORGED}", exc_info=error)
    lines = log.lines()
    assert LINE.match(lines[0])
    assert all(line.startswith("    ") for line in lines[1:])


def test_each_request_is_one_line_that_says_who_and_how_it_went(estate: Estate, log: Log) -> None:
    answer = estate.send("owner", "GET", "/account")
    line = log.text()
    assert answer.status_code == 200
    said = re.search(r"GET /account 200 \d+ ms person (\w{20}) reference ([0-9a-f]{8})$", line.strip())
    assert said is not None, line
    with estate.installation.database.reading() as session:
        assert said[1] == estate.cast.actor(VIEWS["owner"], session).uid


def test_the_worker_says_no_more(estate: Estate, log: Log, tmp_path: Path) -> None:
    """Making a book is logged by number; the learner's name and words are not."""
    served = estate.installation
    write_book_now(served.database, served.store, estate.ids["enrolment_id"]["cara"], tmp_path / "book.docx")
    said = log.text()
    assert [secret for secret in secrets_of(estate) if secret in said] == []
    estate.put_back()
