"""The trail of a portfolio that came from elsewhere: what happened there under where it was, and the proof of both."""

from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from portfolio.audit.models import AuditEvent
from portfolio.bundles.models import Arrival
from portfolio.enrolment.models import EnrolmentUnit
from portfolio.installation import Installation
from portfolio.worker import make_runner
from tests.assessment import signing
from tests.bundles.arriving_scenes import Harbour, everybody, harbour_of, opened, packed
from tests.cast import FULL_NAMES, assemble
from tests.client import StrictClient
from tests.policy.estate import opened_on
from tests.tampering import tamper

PLACE = "Harrow Dale Training (40217)"
WHERE = f"Signed at {PLACE} and brought here on "


@pytest.fixture(scope="module")
def bundle(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ben's portfolio: a unit that was signed off, opened again and signed off again."""
    installation = opened_on(sqlite_template, tmp_path_factory.mktemp("sent"))
    cast = assemble(installation)
    unit_id = signing.make_signed(cast)
    with installation.database.writing() as session:
        unit = session.get_one(EnrolmentUnit, unit_id)
        signing.reopened(session, cast, unit)
        signing.sign(session, cast, unit)
        session.commit()
    made = packed(installation, [cast.enrolments["ben"]], tmp_path_factory.mktemp("packed") / "bundle.zip")
    installation.close()
    return made


@pytest.fixture
def harbour(installation: Installation, bundle: Path, tmp_path: Path) -> Harbour:
    """Where it arrived; its assessor is nobody there."""
    found = harbour_of(installation, "ben")
    incoming = opened(bundle, tmp_path / "opened")
    found.bring_in(incoming, found.plan(incoming, everybody(incoming, found.cast, "marguerite")))
    found.know()
    return found


def trail_of(harbour: Harbour) -> str:
    """Where the trail is."""
    return f"/enrolments/{harbour.cast.enrolments['ben']}/trail"


def test_what_happened_elsewhere_is_read_under_where_it_was(client: StrictClient, harbour: Harbour) -> None:
    ben = client.sign_in("ben")
    page = ben.get(trail_of(harbour))
    assert f"Brought the portfolio here from {PLACE}, with " in page.words
    assert "Signed off HRCC" not in page.words
    there = ben.get(f"{trail_of(harbour)}?elsewhere=1")
    assert f"Entries made at {PLACE}" in there.words
    assert "Signed off HRCC" in there.words
    assert FULL_NAMES["marguerite"] in there.words
    found = ben.get(f"{trail_of(harbour)}?elsewhere=1&who=marguerite&kind=decisions").words
    assert "Opened HRCC again" not in found
    assert "Signed off HRCC" in found
    listed = ben.get(f"{trail_of(harbour)}/list?elsewhere=1").response.get_data().decode()
    assert "Signed off HRCC" in listed
    assert ben.get(f"{trail_of(harbour)}?elsewhere=7").words == page.words


def test_the_button_proves_both(client: StrictClient, harbour: Harbour) -> None:
    iris = client.sign_in("iris")
    done = iris.get(iris.post(f"{trail_of(harbour)}/check").location)
    assert "proved in 2 trails" in done.words
    assert "or that of the one where it was made" in done.words


def _change(session: Session) -> None:
    arrival = session.query(Arrival).one()
    session.execute(update(AuditEvent).where(AuditEvent.stream_id == arrival.stream_id).values(role="owner"))


def test_a_change_to_what_happened_elsewhere_is_found(client: StrictClient, harbour: Harbour) -> None:
    """By the button, and by the proof of the whole centre."""
    tamper(harbour.installation.database, _change)
    iris = client.sign_in("iris")
    done = iris.get(iris.post(f"{trail_of(harbour)}/check").location)
    assert "Something is wrong" in done.words
    assert f"In the trail of {FULL_NAMES['ben']}, entry 1" in done.words
    ada = client.another().sign_in("ada")
    ada.post("/centre/trail/check")
    assert make_runner(harbour.installation, Event()).run_due() == 1
    assert "Something is wrong" in ada.get("/centre/trail").words


@pytest.mark.usefixtures("harbour")
def test_the_centres_trail_tells_of_it(client: StrictClient) -> None:
    assert f"Brought 1 portfolio in from {PLACE}" in client.sign_in("ada").get("/centre/trail").words


def test_a_signature_says_where_it_was_made(client: StrictClient, harbour: Harbour) -> None:
    """On the page of the unit, and with what was signed."""
    ben = client.sign_in("ben")
    with harbour.installation.database.reading() as session:
        unit_id = signing.unit_of(session, harbour.cast).id
    enrolment_id = harbour.cast.enrolments["ben"]
    shown = ben.get(f"/enrolments/{enrolment_id}/units/{unit_id}").words
    assert shown.count(WHERE) == 3
    assert ben.get(f"/units/{unit_id}/signed").words.count(WHERE) == 3
