"""The demo centre: built once, at every stage, with a trail that holds, and open to everybody that it names."""

import re
import shutil
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import URL, func, select
from sqlalchemy.orm import Session

from portfolio import clock, proof
from portfolio.accounts import queries as people
from portfolio.accounts import sign_in
from portfolio.accounts.models import Grant, Person
from portfolio.accounts.rules import Role
from portfolio.assessment import progress
from portfolio.assessment.models import Judgement, Signature, SubmissionItem, UnitDecision
from portfolio.assessment.rules import ItemState, SubmissionState, UnitDecisionKind
from portfolio.audit.events import System
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.centres.actions import open_centre
from portfolio.centres.models import Centre
from portfolio.config import Settings
from portfolio.criteria.models import Criterion, UnitVersion
from portfolio.db import Database
from portfolio.demo.centre import build
from portfolio.demo.people import welcome
from portfolio.enrolment.models import Cohort, Enrolment
from portfolio.enrolment.rules import EnrolmentState
from portfolio.errors import InvalidState
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion, Sighting
from portfolio.evidence.notes import told
from portfolio.evidence.rules import Carrier, EvidenceState, FileRole
from portfolio.installation import Installation, open_installation
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import Outcome
from portfolio.redaction.models import FileMarks, Redaction
from portfolio.redaction.rules import RedactionState
from portfolio.screening import rules as screening
from portfolio.screening.models import FindingDecision, Scan
from portfolio.screening.queries import standings_of
from portfolio.storage.models import Blob
from portfolio.storage.stores import Store
from tests.conftest import Kept, administer, in_full, settings_over

SIGN_IN = re.compile(r"^(.*?)([\w.+-]+@[\w.-]+)\s+(\S+)\s*$", re.MULTILINE)


def built(settings: Settings) -> None:
    """Build the demo centre in an installation that is closed again."""
    opened = open_installation(settings)
    build(opened)
    opened.close()


@pytest.fixture(scope="module")
def sqlite_demo(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The demo centre on SQLite."""
    home = tmp_path_factory.mktemp("demo") / "home"
    home.mkdir()
    shutil.copy(sqlite_template, home / "database.sqlite3")
    built(settings_over(home))
    return Kept(home, "")


@pytest.fixture(scope="module")
def postgresql_demo(postgres_server: URL, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The demo centre on PostgreSQL."""
    home, name = tmp_path_factory.mktemp("demo") / "home", "template_demo"
    administer(postgres_server, f"CREATE DATABASE {name} TEMPLATE template_portfolio")
    built(settings_over(home, in_full(postgres_server.set(database=name))))
    return Kept(home, name)


@pytest.fixture
def world(engine_kind: str, request: pytest.FixtureRequest) -> Kept | None:
    """What the test begins from: a copy of the demo centre when it asks for that."""
    if "demo" not in request.fixturenames:
        return None
    made: Kept = request.getfixturevalue(f"{engine_kind}_demo")
    return made


@pytest.fixture
def demo(installation: Installation) -> Installation:
    """An installation with the demo centre."""
    return installation


def printed() -> list[tuple[str, str, str]]:
    """(words, e-mail address, password) of each person whom the first screen names."""
    return [
        (words.strip(), email, password) for words, email, password in SIGN_IN.findall(welcome("http://127.0.0.1:8000"))
    ]


def evidence_of(session: Session, email: str) -> dict[str, Evidence]:
    """A learner's items by reference."""
    rows = session.scalars(select(Evidence).join(Enrolment).join(Person).where(Person.email == email))
    return {row.ref: row for row in rows}


def items_of(session: Session, version: EvidenceVersion) -> list[SubmissionItem]:
    """How often a version was handed in."""
    return list(session.scalars(select(SubmissionItem).where(SubmissionItem.evidence_version_id == version.id)))


def claims_on(session: Session, version: EvidenceVersion) -> list[Claim]:
    """The claims of a version."""
    return list(session.scalars(select(Claim).where(Claim.evidence_version_id == version.id)))


def outcomes(session: Session, version: EvidenceVersion) -> dict[str, tuple[Outcome, bool]]:
    """(outcome, whether it counts) of each decision on a version, by criterion; the newest one."""
    rows = session.scalars(
        select(Judgement).join(Claim).where(Claim.evidence_version_id == version.id).order_by(Judgement.no)
    )
    return {row.claim.criterion.code: (row.outcome, row.effective_at is not None) for row in rows}


def count_of_events(database: Database) -> int:
    """How long the whole trail is."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def test_building_twice_makes_one_centre(demo: Installation) -> None:
    before = count_of_events(demo.database)
    build(demo)
    assert count_of_events(demo.database) == before
    with demo.database.reading() as session:
        assert [c.name for c in session.scalars(select(Centre))] == ["Harrow Dale Training"]


def test_it_is_not_built_beside_a_real_centre(installation: Installation) -> None:
    with installation.database.writing() as session:
        open_centre(session, System(), name="A real centre", number="10001")
        session.commit()
    with pytest.raises(InvalidState, match="home folder of its own"):
        build(installation)


def test_everybody_whom_it_names_can_sign_in(demo: Installation) -> None:
    named = printed()
    for _words, email, password in named:
        sign_in.check(demo.database, demo.passwords, email=email, password=password, address="127.0.0.1")
    with demo.database.reading() as session:
        members = {row.email: row.role_word for row in people.members(session)}
    assert members.keys() == {email for _words, email, _password in named}
    assert set(members.values()) >= {"trainee assessor", "assessor", "learner", "centre administrator"}
    assert {"internal quality assurer", "external quality assurer"} <= set(members.values())
    assert len({password for _words, _email, password in named}) == len(named)


def times_run_forwards(session: Session) -> None:
    """In every stream, up to now."""
    events = session.execute(
        select(AuditEvent.stream_id, AuditEvent.at).order_by(AuditEvent.stream_id, AuditEvent.seq)
    ).all()
    assert all(a.at <= b.at for a, b in pairwise(events) if a.stream_id == b.stream_id)
    assert all(event.at < clock.now() for event in events)


def drafts_are_at_every_stage(session: Session) -> None:
    """Mapped, with an annotation missing, not mapped, withdrawn, discarded, a second version."""
    items = evidence_of(session, "amina@demo.example")
    drafts = {ref: claims_on(session, item.latest) for ref, item in items.items() if item.state is EvidenceState.DRAFT}
    assert any(not claims for claims in drafts.values())
    assert any(claims and all(c.annotation for c in claims) for claims in drafts.values())
    assert any(claims and not all(c.annotation for c in claims) for claims in drafts.values())
    withdrawn = items["E006"]
    assert withdrawn.current is None
    assert len(withdrawn.versions) == 2
    assert "E005" not in items
    revised = items["E003"]
    assert revised.state is EvidenceState.MARKED
    assert revised.latest.is_draft
    assert revised.latest.no == 2


def handed_in_work_is_at_every_stage(session: Session) -> None:
    """Met, partly met, handed in again, awaiting countersignature, being marked, not yet opened."""
    items = evidence_of(session, "amina@demo.example")
    found = {ref: items_of(session, item.current)[0] for ref, item in items.items() if item.current}
    assert outcomes(session, found["E001"].version).keys() == {"1.1", "1.3", "2.1", "2.2", "2.3"}
    assert set(outcomes(session, found["E001"].version).values()) == {(Outcome.MET, True)}
    assert {outcome for outcome, _counts in outcomes(session, found["E002"].version).values()} == set(Outcome)
    resubmitted = found["E004"]
    assert (resubmitted.version.no, resubmitted.submission.state) == (2, SubmissionState.SUBMITTED)
    assert found["E007"].state is ItemState.COUNTERSIGN
    assert outcomes(session, found["E007"].version) == {"4.1": (Outcome.MET, False)}
    assert found["E008"].submission.state is SubmissionState.OPENED
    assert found["E008"].state is ItemState.WAITING
    assert found["E008"].reviews[0].released_at is None
    assert found["E009"].submission.state is SubmissionState.SUBMITTED
    countersigned = evidence_of(session, "kwabena@demo.example")["E001"].latest
    assert outcomes(session, countersigned)["1.3"] == (Outcome.INSUFFICIENT, True)


def learners_stand_at_different_points(session: Session) -> None:
    """From nothing at all to every criterion."""
    met = {
        email: {
            code
            for item in evidence_of(session, email).values()
            if item.current
            for code, (outcome, counts) in outcomes(session, item.current).items()
            if outcome is Outcome.MET and counts
        }
        for email in session.scalars(select(Person.email).join(Enrolment))
    }
    unit = select(Criterion.code).join(UnitVersion).where(UnitVersion.code == "HRCC")
    assert met["ben@demo.example"] == set()
    assert met["li.na@demo.example"] == set(session.scalars(unit))
    assert met["jonah@demo.example"] == {"2.1", "2.2", "2.3", "2.4", "2.5", "2.6"}
    assert len({len(codes) for codes in met.values()}) >= 4
    assert session.scalar(select(func.count()).select_from(Grant)) == 2
    assert len(people.members(session, role=Role.LEARNER)) == 12
    running = session.scalars(select(Enrolment).where(Enrolment.state == EnrolmentState.ACTIVE)).all()
    assert len(running) == 11
    assert len({one.qualification_version_id for one in running}) == 4
    assert session.scalar(select(func.count()).select_from(Cohort)) == 3
    assert {one.cohort_id for one in running} == set(session.scalars(select(Cohort.id)))
    assert progress.differences(session) == []


def every_date_is_filled_in(session: Session, store: Store) -> None:
    """No mark for a date is left in words or in files."""
    versions = session.scalars(select(EvidenceVersion))
    words = [w for v in versions for w in (v.title, v.context, v.body, v.role, told(v.notes))]
    words += [w for c in session.scalars(select(Claim)) for w in (c.annotation, c.place)]
    words += [str(text) for text in session.scalars(select(AuditText.text))]
    uid = session.scalars(select(Centre.uid)).one()
    for sha256, name in session.execute(select(Blob.sha256, EvidenceFile.name).join(EvidenceFile)):
        with store.open(uid, sha256) as file:
            content = file.read()
        if name.endswith((".docx", ".xlsx")):
            part = "word/document.xml" if name.endswith(".docx") else "xl/worksheets/sheet1.xml"
            content = ZipFile(BytesIO(content)).read(part)
        words.append("" if name.endswith((".png", ".jpg", ".pdf", ".mp3")) else content.decode())
    assert not [word for word in words if "{{" in word]


def evidence_is_of_every_kind(session: Session) -> None:
    """Files, an account, what is held elsewhere and was seen there, an assessor's records, and a draft in the trash."""
    items = evidence_of(session, "jonah@demo.example")
    learner, assessor = items["E001"].author_id, items["E003"].author_id
    assert {item.carrier for item in items.values()} == {Carrier.WRITTEN, Carrier.ELSEWHERE, Carrier.FILES}
    assert {ref for ref, item in items.items() if item.author_id == assessor} == {"E003", "E004"}
    assert {item.author_id for item in items.values()} == {learner, assessor}
    assert [ref for ref, item in items.items() if item.trashed_at] == ["E006"]
    assert {ref: len(item.latest.notes) for ref, item in items.items() if item.latest.notes} == {"E003": 7, "E004": 3}
    seen = session.scalars(select(Sighting).where(Sighting.version_id == items["E002"].latest.id)).one()
    assert (seen.version_id, seen.person_id) == (items["E002"].latest.id, assessor)


def one_unit_is_signed_off(session: Session) -> None:
    """By the assessor who is allocated, over everything that meets it."""
    decision = session.scalars(select(UnitDecision)).one()
    signature = session.scalars(select(Signature)).one()
    assert decision.kind is UnitDecisionKind.SIGNED_OFF
    assert (decision.by.email, decision.enrolment_unit.enrolment.learner.email) == (
        "marguerite@demo.example",
        "li.na@demo.example",
    )
    assert len(signature.signed["criteria"]) == signature.signed["tally"]["met"] == 17


def personal_data_was_decided(session: Session) -> None:
    """In all that was made, but for one draft, in which somebody was replaced, something stays, and more is to come."""
    items = session.scalars(select(Evidence)).all()
    found = standings_of(session, [item.id for item in items])
    unclear = [item for item in items if not found[item.id].is_clear]
    assert {(item.enrolment.learner.email, item.state) for item in unclear} == {
        ("amina@demo.example", EvidenceState.DRAFT)
    }
    assert [item.ref for item in unclear] == ["E013", "E014", "E015", "E016"]
    draft = unclear[0]
    assert found[draft.id].left == 5
    assert "Customer A" in draft.latest.body
    assert "Thistledown" not in draft.latest.body
    outcomes = select(FindingDecision.outcome).where(FindingDecision.item_uid == draft.uid)
    assert set(session.scalars(outcomes)) == {screening.Outcome.REPLACED, screening.Outcome.KEPT}
    checked = session.scalars(select(Scan).where(Scan.checked_at.is_not(None))).all()
    assert {scan.checked_by.email for scan in checked if scan.checked_by} == {
        "amina@demo.example",
        "marguerite@demo.example",
    }


def redacting_is_at_every_step(session: Session) -> None:
    """One file's original is destroyed, another's redacted version waits; boxes and a silence are drawn on others."""
    items = evidence_of(session, "amina@demo.example")
    rows = {row.state: row for row in session.scalars(select(Redaction))}
    assert rows.keys() == {RedactionState.USED, RedactionState.MADE}
    (mail, letter) = items["E014"].latest.files
    assert (mail.role, mail.blob.sha256) == (FileRole.REDACTED, rows[RedactionState.USED].result_sha256)
    assert (letter.role, letter.blob.sha256) == (FileRole.ORIGINAL, rows[RedactionState.MADE].source)
    assert all(row.proof["counts"]["PERSON"] > 3 for row in rows.values())
    drawn = {row.item_uid: (len(row.boxes), len(row.silences)) for row in session.scalars(select(FileMarks))}
    assert drawn == {items["E015"].uid: (2, 0), items["E016"].uid: (0, 2)}


def nothing_is_left_in_what_was_redacted(session: Session, store: Store) -> None:
    """The bytes of the mail that is used name nobody any more."""
    uid = session.scalars(select(Centre.uid)).one()
    used = session.scalars(select(Redaction).where(Redaction.state == RedactionState.USED)).one()
    with store.open(uid, used.result_sha256) as file:
        content = file.read()
    for gone in (b"Whimbrel", b"whimbrel", b"900614", b"960417", b"LW-6620-3318", b"192.0.2.44"):
        assert gone not in content
    assert b"kettle three times this week" in content


LOOKS = (
    redacting_is_at_every_step,
    personal_data_was_decided,
    one_unit_is_signed_off,
    evidence_is_of_every_kind,
    times_run_forwards,
    drafts_are_at_every_stage,
    handed_in_work_is_at_every_stage,
    learners_stand_at_different_points,
)


def test_what_there_is_to_see(demo: Installation, subtests: pytest.Subtests) -> None:
    with demo.database.reading() as session:
        for look in LOOKS:
            with subtests.test(look.__name__):
                look(session)
        with subtests.test(every_date_is_filled_in.__name__):
            every_date_is_filled_in(session, demo.store)
        with subtests.test(nothing_is_left_in_what_was_redacted.__name__):
            nothing_is_left_in_what_was_redacted(session, demo.store)
    assert proof.verify(demo.database, demo.store).faults == ()
