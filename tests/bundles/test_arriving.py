"""A portfolio that comes from another installation is the same here, and proves itself here and there."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Membership, Person
from portfolio.assessment import progress
from portfolio.assessment.models import Judgement, Signature
from portfolio.assessment.signing_off import signature_facts
from portfolio.audit.events import facts_digest
from portfolio.audit.models import AuditEvent, AuditStream, AuditText
from portfolio.bundles.arriving.incoming import Incoming
from portfolio.bundles.models import Arrival
from portfolio.bundles.records import records_of
from portfolio.enrolment.models import Allocation, Enrolment
from portfolio.evidence.models import Amendment, EvidenceVersion
from portfolio.installation import Installation
from tests.bundles.arriving_scenes import (
    Harbour,
    everybody,
    harbour_of,
    lighter,
    opened,
    packed,
    plainly,
    travelling,
)
from tests.cast import FULL_NAMES, Cast
from tests.export.planted_once import copied
from tests.policy.estate import opened_on
from tests.tampering import tamper

WHO = ("amina", "ben")


@dataclass(frozen=True)
class Sent:
    """A bundle that set out, and what stood where it was made."""

    bundle: Path
    key: str
    cast: Cast
    installation: Installation


def sent_from(installation: Installation, cast: Cast, folder: Path) -> Sent:
    """What two learners of an installation have, packed."""
    bundle = packed(installation, [cast.enrolments[name] for name in WHO], folder / "bundle.zip")
    return Sent(bundle, installation.signer.public_key, cast, installation)


@pytest.fixture(scope="module")
def heavy(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sent]:
    """Portfolios with everything in them."""
    with copied(sqlite_template, tmp_path_factory) as world:
        yield sent_from(world.installation, travelling(world), tmp_path_factory.mktemp("packed"))


@pytest.fixture(scope="module")
def sent(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sent]:
    """Portfolios with few files."""
    installation = opened_on(sqlite_template, tmp_path_factory.mktemp("light"))
    yield sent_from(installation, lighter(installation), tmp_path_factory.mktemp("packed"))
    installation.close()


@pytest.fixture
def harbour(installation: Installation) -> Harbour:
    """Where it goes."""
    return harbour_of(installation, *WHO)


@pytest.fixture
def incoming(sent: Sent, tmp_path: Path) -> Incoming:
    """The bundle, opened."""
    return opened(sent.bundle, tmp_path / "opened")


def arrived(harbour: Harbour, incoming: Incoming, *but: str) -> list[int]:
    """All of it is here; `but` these people are known by name alone."""
    return harbour.bring_in(incoming, harbour.plan(incoming, everybody(incoming, harbour.cast, *but)))


def told(bundle: Path, name: str) -> list[Any]:
    """What a JSON file says in each portfolio of a bundle."""
    with zipfile.ZipFile(bundle) as archive:
        folders = [one["folder"] for one in json.loads(archive.read("manifest.json"))["portfolios"]]
        return [json.loads(archive.read(f"{folder}/{name}")) for folder in folders]


def matrices(bundle: Path) -> list[list[list[str]]]:
    """The matrix of each portfolio of a bundle, without the paths of files."""
    with zipfile.ZipFile(bundle) as archive:
        names = sorted(name for name in archive.namelist() if name.endswith("matrix.csv"))
        texts = [archive.read(name).decode("utf-8-sig") for name in names]
    return [[row[:12] for row in csv.reader(io.StringIO(text))] for text in texts]


@pytest.mark.parametrize("which", ["sent", "heavy"])
def test_a_portfolio_is_the_same_where_it_arrives(
    harbour: Harbour, which: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Rows, files and figures; and the whole proof holds."""
    incoming = opened(request.getfixturevalue(which).bundle, tmp_path / "opened")
    brought = arrived(harbour, incoming)
    assert harbour.faults() == []
    database, store = harbour.installation.database, harbour.installation.store
    with database.reading() as session:
        assert progress.differences(session) == []
        for id_, portfolio in zip(brought, incoming.portfolios, strict=True):
            enrolment = session.get_one(Enrolment, id_)
            here = records_of(session, enrolment).as_json()
            assert plainly(here) == plainly(portfolio.records)
            for file in portfolio.records["files"]:
                with store.open(enrolment.centre.uid, file["sha256"]) as content:
                    assert content.read() == portfolio.file(file["path"]).read_bytes()


def test_its_matrix_is_the_same_but_for_what_was_not_sent(
    harbour: Harbour, incoming: Incoming, sent: Sent, tmp_path: Path
) -> None:
    brought = arrived(harbour, incoming)
    harbour.settle()
    assert harbour.faults() == []
    again = packed(harbour.installation, brought, tmp_path / "again.zip")
    with zipfile.ZipFile(again) as archive:
        pages = [archive.read(name).decode() for name in archive.namelist() if name.endswith("/index.html")]
    said = "Signed at Harrow Dale Training (40217) and brought here on "
    assert sorted(page.count(said) for page in pages) == [0, 3]
    both = zip(matrices(again), matrices(sent.bundle), strict=True)
    pairs = [pair for here, there in both for pair in zip(here, there, strict=True)]
    unlike = [(here, there) for here, there in pairs if here != there]
    assert {(here[3], there[6], here[9], there[9]) for here, there in unlike} == {
        ("2.1", "E002", "Awaits decision", "Awaits countersignature"),
        ("2.3", "E002", "Awaits decision", "Awaits countersignature"),
    }


def test_the_history_is_kept_as_it_was_signed(harbour: Harbour, incoming: Incoming, sent: Sent) -> None:
    """Beside the trail of its own, which begins with the arrival."""
    brought = arrived(harbour, incoming)
    with harbour.installation.database.reading() as session:
        for id_, portfolio in zip(brought, incoming.portfolios, strict=True):
            arrival = session.scalars(select(Arrival).where(Arrival.enrolment_id == id_)).one()
            assert (arrival.place, arrival.public_key) == ("Harrow Dale Training (40217)", sent.key)
            assert arrival.bundle_sha256 == incoming.sha256
            events = session.scalars(select(AuditEvent).where(AuditEvent.stream_id == arrival.stream_id)).all()
            assert [one.hash for one in events] == [one["hash"] for one in portfolio.history]
            assert arrival.names == {one.uid: one.name for one in portfolio.people}
            own = select(AuditEvent.verb).where(AuditEvent.stream_id == session.get_one(Enrolment, id_).stream_id)
            assert session.scalars(own.order_by(AuditEvent.seq)).first() == "enrolment.import"


def test_whoever_is_nobody_here_is_known_by_name_alone(harbour: Harbour, incoming: Incoming) -> None:
    """Disabled, with an address that leads nowhere, and the same person when something of theirs comes again."""
    brought = arrived(harbour, incoming, "marguerite", "tobias")
    assert harbour.faults() == []
    with harbour.installation.database.reading() as session:
        people = session.scalars(select(Person).where(Person.email.endswith("@elsewhere.invalid"))).all()
        assert sorted(one.name for one in people) == sorted(FULL_NAMES[name] for name in ("marguerite", "tobias"))
        assert all(one.disabled_at is not None and not one.password_hash for one in people)
        assert (
            session.scalars(select(Membership).where(Membership.person_id.in_([one.id for one in people]))).all() == []
        )
        today = clock.today()
        allocations = session.scalars(select(Allocation).where(Allocation.enrolment_id.in_(brought))).all()
        assert allocations
        assert not any(one.is_open(today) for one in allocations)


CHANGES: dict[str, Callable[[Session], object]] = {
    "an entry of the history": lambda session: session.execute(
        update(AuditEvent).where(AuditEvent.stream_id == _elsewhere(session), AuditEvent.seq == 2).values(role="iqa")
    ),
    "the words of an entry of the history": lambda session: session.execute(
        update(AuditText)
        .where(AuditText.event_id == _told_by(session, "submission.submit"))
        .values(text={"no": 1, "items": [], "declarations": []})
    ),
    "the words of an entry of the history are gone": lambda session: session.execute(
        delete(AuditText).where(AuditText.event_id == _told_by(session, "submission.submit"))
    ),
    "the end of the history": lambda session: _cut(session, _elsewhere(session)),
    "whose key the history is signed with": lambda session: session.execute(
        update(AuditStream).where(AuditStream.id == _elsewhere(session)).values(public_key="a" * 64)
    ),
    "where it came from": lambda session: session.execute(update(Arrival).values(centre_name="Somewhere else")),
    "when it came": lambda session: session.execute(update(Arrival).values(arrived_at=clock.now())),
    "who was there": lambda session: session.execute(update(Arrival).values(people=[])),
    "the arrival is gone": lambda session: session.execute(delete(Arrival)),
    "a decision": lambda session: session.execute(update(Judgement).values(feedback="Splendid.")),
    "an item": lambda session: session.execute(update(EvidenceVersion).values(title="Another one")),
    "what was taken out": lambda session: session.execute(update(Amendment).values(reason="None.")),
    "a signature": lambda session: session.execute(update(Signature).values(statement="I do not know.")),
    "what was signed there": lambda session: _sign_otherwise(session, number="1"),
    "whose a signature was": lambda session: _sign_otherwise(session, key="b" * 64),
}


def _elsewhere(session: Session) -> int:
    return session.scalars(select(Arrival.stream_id).order_by(Arrival.id)).first() or 0


def _told_by(session: Session, verb: str) -> int:
    mine = AuditEvent.stream_id == _elsewhere(session), AuditEvent.verb == verb
    return session.scalars(select(AuditEvent.id).where(*mine).order_by(AuditEvent.seq)).first() or 0


def _cut(session: Session, stream_id: int) -> None:
    """The last entry of a stream goes, and its head says so."""
    stream = session.get_one(AuditStream, stream_id)
    last = select(AuditEvent).where(AuditEvent.stream_id == stream_id).order_by(AuditEvent.seq.desc())
    gone, before = session.scalars(last.limit(2)).all()
    session.execute(delete(AuditText).where(AuditText.event_id == gone.id))
    stream.head_seq, stream.head_hash = before.seq, before.hash
    session.delete(gone)


def _sign_otherwise(session: Session, **changes: str) -> None:
    """Signatures whose own digests are right, over something else that they say of where they were made."""
    for signature in session.scalars(select(Signature)):
        signature.elsewhere = {**(signature.elsewhere or {}), **changes}
        signature.digest = facts_digest(signature_facts(signature))


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_is_changed_behind_its_back_is_a_fault(harbour: Harbour, incoming: Incoming, what: str) -> None:
    arrived(harbour, incoming)
    tamper(harbour.installation.database, CHANGES[what])
    assert harbour.faults() != []
