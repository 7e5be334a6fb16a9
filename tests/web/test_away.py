"""What is away for a moment: the page says so and when to come again, nothing is half done, and later all goes on."""

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from portfolio.accounts import queries
from portfolio.db import AuditedSession
from portfolio.errors import Unavailable
from portfolio.evidence.models import Evidence
from portfolio.storage.blobs import LocalStore
from tests.cast import Cast
from tests.client import StrictClient

JSON = {"Accept": "application/json"}


def evidence_count(cast: Cast) -> int:
    """How many items there are."""
    with cast.installation.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Evidence)) or 0


def a_file() -> dict[str, Any]:
    """A form with one file."""
    return {"method": "PE", "title": "A draft", "files": [(BytesIO(b"Draft words"), "draft.txt")]}


def raising(error: Exception) -> Any:
    """A function that does nothing but raise."""

    def fail(*_arguments: object, **_options: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize("step", ["send_ahead", "take"])
def test_an_upload_while_the_place_for_files_is_away(
    client: StrictClient, cast: Cast, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    amina, before = client.sign_in("amina"), evidence_count(cast)
    path = f"/enrolments/{cast.enrolments['amina']}/evidence/add-files"
    with monkeypatch.context() as planted:
        planted.setattr(LocalStore, step, raising(Unavailable("The place where files are kept does not answer.")))
        refused = amina.post(path, a_file(), status=503)
        told = amina.post(path, a_file(), status=503, headers=JSON)
    assert "The place where files are kept does not answer." in refused.words
    assert "Nothing was saved" in refused.words
    assert refused.response.headers["Retry-After"] == told.response.headers["Retry-After"] == "5"
    assert "does not answer" in told.response.get_data(as_text=True)
    assert list(cast.installation.store.incoming.iterdir()) == []
    assert evidence_count(cast) == before
    amina.post(path, a_file())
    assert evidence_count(cast) == before + 1


@pytest.mark.parametrize("lost", [True, False])
def test_a_database_that_goes_away_over_saving(
    client: StrictClient, cast: Cast, monkeypatch: pytest.MonkeyPatch, lost: bool
) -> None:
    """With the connection goes the knowledge whether it was saved; otherwise it was not."""
    amina = client.sign_in("amina")
    path = f"/enrolments/{cast.enrolments['amina']}/evidence/add-files"
    with monkeypatch.context() as planted:
        error = OperationalError("COMMIT", None, Exception("gone"), connection_invalidated=lost)
        planted.setattr(AuditedSession, "commit", raising(error))
        refused = amina.post(path, a_file(), status=503)
    assert ("nobody knows whether this was saved" in refused.words) is lost
    assert ("Send it again only if it is not there" in refused.words) is lost
    assert ("Nothing was saved" in refused.words) is not lost
    assert refused.response.headers["Retry-After"] == "5"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("SELECT", None, Exception("busy")), 503),
        (NoConnectionFree("no connection is free"), 503),
        (DBAPIError("SELECT", None, Exception("closed"), connection_invalidated=True), 503),
        (DBAPIError("SELECT", None, Exception("nonsense")), 500),
    ],
)
def test_the_error_page_comes_although_nobody_can_tell_who_asks(
    client: StrictClient, cast: Cast, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    assert cast.people
    client.sign_in("amina")
    monkeypatch.setattr(queries, "signed_in", raising(error))
    page = client.get("/portfolio", status=status)
    assert ("The product is busy" in page.words) is (status == 503)
    assert ("Retry-After" in page.response.headers) is (status == 503)
