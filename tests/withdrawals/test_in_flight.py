"""A request that is on its way while what it needs is withdrawn (S4): it is done before the withdrawal, or refused.

SQLite lets one transaction write at a time. PostgreSQL does not: there, who writes holds their own session and roles,
and whether they may is asked once more when the portfolio is held.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portfolio.assessment.models import Submission
from portfolio.assessment.rules import SubmissionState
from portfolio.db import Base, Database, hold
from portfolio.enrolment import actions as enrolment_actions
from portfolio.installation import open_installation
from portfolio.web.app import create_app
from tests.cast import Cast
from tests.policy.doors import BASE, sign_in
from tests.withdrawals.changes import Change, disable, end_allocation, end_sessions, make, withdraw_role

PATIENCE_SECONDS = 30.0
AT_ONCE_SECONDS = 1.0
"""How long a withdrawal that waits for nobody takes at the most."""

TAKEN = {"role": (withdraw_role, 303), "account": (disable, 303), "session": (end_sessions, 303)}
LATE = TAKEN | {"allocation": (end_allocation, 404)}


@dataclass
class Meanwhile:
    """A change that somebody else makes from another process's connection while a request is on its way."""

    cast: Cast
    database: Database
    change: Change
    was_done_at_once: bool = False
    thread: threading.Thread = field(init=False)

    def begin(self) -> None:
        """Begin it, and wait until it is done or clearly waits for the request."""
        self.thread = threading.Thread(target=make, args=(self.database, self.cast, self.change, "marguerite"))
        self.thread.start()
        self.thread.join(AT_ONCE_SECONDS)
        self.was_done_at_once = not self.thread.is_alive()

    def finish(self) -> None:
        """The request is over: nothing holds it up any more."""
        self.thread.join(PATIENCE_SECONDS)
        assert not self.thread.is_alive()


@pytest.fixture
def elsewhere(cast: Cast) -> Iterator[Database]:
    """The database as another process has it open."""
    other = open_installation(cast.installation.settings)
    yield other.database
    other.close()


def send(cast: Cast, before: Callable[[], None] = lambda: None) -> tuple[TestResponse, str]:
    """Marguerite, signed in, begins with amina's E002; answers what came, and her cookie."""
    app = create_app(cast.installation)
    cookie, token = sign_in(app, "marguerite")
    browser = app.test_client(use_cookies=False)
    path = f"/marking/{cast.items['amina E002']}/open"
    before()
    return browser.post(path, base_url=BASE, headers={"Cookie": cookie}, data={"csrf_token": token}), cookie


def is_opened(cast: Cast) -> bool:
    """Whether it was written."""
    with cast.installation.database.reading() as session:
        found = session.scalar(select(Submission.state).where(Submission.id == cast.submissions["amina E002"]))
    return found is SubmissionState.OPENED


@pytest.mark.parametrize("what", LATE)
def test_what_is_withdrawn_before_the_writing_begins_is_refused(
    cast: Cast, elsewhere: Database, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Between the reading of the cookie and the transaction that writes."""
    (take, refused), really, done = LATE[what], Database.open, list[str]()

    def open_later(database: Database, *, writing: bool) -> Session:
        if writing and database is cast.installation.database and not done:
            done.append(what)
            make(elsewhere, cast, take, "marguerite")
        return really(database, writing=writing)

    answer, _cookie = send(cast, lambda: monkeypatch.setattr(Database, "open", open_later))
    assert done
    assert answer.status_code == refused
    assert refused == 404 or answer.headers["Location"].startswith("/sign-in")
    assert not is_opened(cast)


@pytest.mark.parametrize("what", LATE)
def test_what_is_withdrawn_while_it_is_written_waits_or_is_seen(
    cast: Cast, elsewhere: Database, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Between the asking whether it is allowed and the holding of the portfolio: never is it written afterwards."""
    (take, refused), meanwhile = LATE[what], list[Meanwhile]()

    def hold_later(session: Session, row: Base) -> None:
        if not meanwhile:
            meanwhile.append(Meanwhile(cast, elsewhere, take))
            meanwhile[0].begin()
        hold(session, row)

    answer, cookie = send(cast, lambda: monkeypatch.setattr(enrolment_actions, "hold", hold_later))
    meanwhile[0].finish()
    is_seen = meanwhile[0].was_done_at_once
    assert is_seen is (what == "allocation" and cast.installation.database.engine.dialect.name == "postgresql")
    assert answer.status_code == (refused if is_seen else 303)
    assert is_opened(cast) is not is_seen
    page = create_app(cast.installation).test_client(use_cookies=False)
    next_one = page.get(f"/marking/{cast.items['amina E002']}", base_url=BASE, headers={"Cookie": cookie})
    assert next_one.status_code == refused
