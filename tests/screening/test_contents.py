"""The contents of files: looked through by the worker once their previews are there, checked by hand where they cannot
be, and forgotten with what they were found in.
"""

import hashlib
import os
import subprocess
import time
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.anonymise.findings import Label
from portfolio.anonymise.together import Placed
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.config import ROOT
from portfolio.documents import engines
from portfolio.documents.redaction.plan import Why
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState, Unavailable
from portfolio.evidence import actions as evidence_actions
from portfolio.evidence import trashing
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import TRASH_LIFE
from portfolio.housekeeping import empty_trash, keep_screened
from portfolio.installation import Installation
from portfolio.mapping import actions as mapping
from portfolio.screening import asking, contents, scanning
from portfolio.screening.asking import BY_THIS_RELEASE, OWN_WORDS
from portfolio.screening.checking import check_content
from portfolio.screening.contents import GAVE_UP
from portfolio.screening.models import Entity, Finding, Scan
from portfolio.screening.pieces import NO_KIND, UNREAD
from portfolio.screening.rules import LEASE, MOST_ATTEMPTS, ScanState
from portfolio.serving import ATTACHED, worker_command
from portfolio.worker import make_content_runner
from tests.cast import Cast, upload
from tests.documents import samples
from tests.evidence import breaches
from tests.screening.filing import LETTER, Desk

PATIENCE_SECONDS = 30


@pytest.fixture
def desk(installation: Installation, cast: Cast) -> Desk:
    """With nothing of the cast's own left to do."""
    made = Desk(installation, cast)
    made.look_through_all()
    return made


def test_a_file_is_looked_through_once_its_preview_is_there(desk: Desk) -> None:
    added = desk.add()
    assert desk.scan(added).state is ScanState.WAITING
    assert not desk.runner.make_next()  # it has a preview made first
    desk.make_previews()
    assert desk.runner.make_next()
    assert not desk.runner.make_next()
    scan = desk.scan(added)
    assert (scan.state, scan.note, scan.attempts, scan.lease_until) == (ScanState.DONE, "", 1, None)
    assert scan.detector.startswith(BY_THIS_RELEASE)
    assert scan.scanned_at is not None
    found = sorted((one.place, one.label, LETTER.decode().strip()[one.start : one.end]) for one in scan.findings)
    assert found == [
        ("text", Label.PERSON, "Mrs Brzezicka"),
        ("text", Label.PERSON, "Mrs Halina Brzezicka"),
        ("text", Label.PHONE, "07700 900417"),
    ]
    assert len({one.entity_id for one in scan.findings}) == 2


def test_what_has_no_preview_is_unreadable_at_once(desk: Desk) -> None:
    added = desk.add(b"PK", "letters.zip", "application/zip")
    assert desk.runner.make_next()
    scan = desk.scan(added)
    assert (scan.state, scan.note) == (ScanState.UNREADABLE, NO_KIND)


def test_what_could_be_read_in_part_says_so_and_lists_what_was_found(desk: Desk) -> None:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    added = desk.add(samples.word(), "reply.docx", word)
    desk.look_through_all()
    scan = desk.scan(added)
    assert (scan.state, scan.note) == (ScanState.UNREADABLE, UNREAD[Why.READ if engines.ocr() else Why.PICTURE][0])


def test_a_content_in_two_items_is_looked_through_for_each(desk: Desk) -> None:
    first, second = desk.add(name="one.txt"), desk.add(name="two.txt")
    desk.look_through_all()
    one, other = desk.scan(first), desk.scan(second)
    assert one.source == other.source
    assert one.item_uid != other.item_uid
    assert len(one.findings) == len(other.findings) == 3
    assert {f.entity_id for f in one.findings} == {f.entity_id for f in other.findings}


def test_what_somebody_is_at_is_left_to_them_until_the_lease_ends(desk: Desk) -> None:
    added = desk.add()
    assert not desk.runner.make_next()
    desk.make_previews()
    with desk.installation.database.writing() as session:
        assert contents.take(session) is not None
        session.commit()
    assert not desk.runner.make_next()
    with clock.fixed(clock.now() + LEASE + timedelta(seconds=1)):
        assert desk.runner.make_next()
    scan = desk.scan(added)
    assert (scan.state, scan.attempts) == (ScanState.DONE, 2)


def test_what_never_comes_to_an_end_is_given_up(desk: Desk) -> None:
    added = desk.add()
    desk.set(attempts=MOST_ATTEMPTS)
    assert not desk.runner.make_next()
    desk.make_previews()
    assert not desk.runner.make_next()
    scan = desk.scan(added)
    assert (scan.state, scan.note, scan.findings) == (ScanState.UNREADABLE, GAVE_UP, [])
    with desk.installation.database.reading() as session:
        enrolment = session.get_one(Enrolment, scan.enrolment_id)
        assert scan.detector == scanning.known_of(session, enrolment).detector, "a book asks for no other look"


def test_a_store_that_is_away_costs_no_attempt(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_arguments: object) -> bytes:
        raise Unavailable("It does not answer.")

    added = desk.add()
    desk.runner.make_next()
    desk.make_previews()
    with monkeypatch.context() as planted:
        planted.setattr(type(desk.installation.previews), "read", away)
        assert not desk.runner.make_next()
    scan = desk.scan(added)
    assert (scan.state, scan.attempts, scan.lease_until) == (ScanState.WAITING, 0, None)
    assert desk.runner.make_next()


def test_a_preview_whose_parts_are_lost_is_made_anew_first(desk: Desk) -> None:
    added = desk.add()
    desk.runner.make_next()
    desk.make_previews()
    with desk.installation.database.reading() as session:
        centre = session.get_one(Enrolment, desk.cast.enrolments["ben"]).centre.uid
    desk.installation.previews.remove(centre, desk.scan(added).source)
    assert desk.runner.make_next()
    assert desk.scan(added).state is ScanState.WAITING
    assert not desk.runner.make_next()
    desk.look_through_all()
    assert desk.scan(added).state is ScanState.DONE


def test_whoever_is_told_to_stop_stops(desk: Desk) -> None:
    desk.add()
    stopping = Event()
    stopping.set()
    assert not make_content_runner(desk.installation, stopping).make_next()


def test_what_goes_meanwhile_is_not_kept(desk: Desk) -> None:
    added = desk.add()
    desk.runner.make_next()
    desk.make_previews()

    def throw_away(session: Session, item: Evidence) -> None:
        trashing.trash(session, desk.cast.actor("ben", session), item)
        mapping.discard(session, desk.cast.actor("ben", session), item)

    def gone_meanwhile(*_arguments: object) -> list[Placed]:
        desk.change(throw_away, added)
        return []

    before = desk.count(Scan)
    assert replace(desk.runner, look=gone_meanwhile).make_next()
    assert desk.count(Scan) < before
    assert desk.count(Finding) == 0


def test_a_discarded_draft_takes_what_was_found_in_it(desk: Desk) -> None:
    added = desk.add()
    desk.look_through_all()
    assert desk.count(Entity) == 2

    def throw_away(session: Session, item: Evidence) -> None:
        trashing.trash(session, desk.cast.actor("ben", session), item)
        mapping.discard(session, desk.cast.actor("ben", session), item)

    before = desk.count(Scan)
    desk.change(throw_away, added)
    assert desk.count(Scan) == before - 2
    assert (desk.count(Finding), desk.count(Entity)) == (0, 0)


def test_an_emptied_trash_takes_what_was_found_in_it(desk: Desk) -> None:
    added = desk.add()
    desk.look_through_all()
    desk.change(lambda session, item: trashing.trash(session, desk.cast.actor("ben", session), item), added)
    assert desk.count(Finding) == 3
    with desk.installation.database.reading() as session:
        centre = session.get_one(Enrolment, desk.cast.enrolments["ben"]).centre
    with clock.fixed(clock.now() + TRASH_LIFE + timedelta(days=1)):
        assert empty_trash(desk.installation.database, centre) == 1
    assert (desk.count(Finding), desk.count(Entity)) == (0, 0)


def test_a_file_that_is_taken_out_takes_what_was_found_in_it(desk: Desk) -> None:
    added = desk.add()

    def add_another(session: Session, item: Evidence) -> None:
        evidence_actions.change(
            session,
            desk.cast.actor("ben", session),
            item,
            desk.installation.store,
            details=Details(item.latest.title, item.latest.event_on, item.latest.context),
            rev=item.latest.rev,
            uploads=[upload(desk.installation, b"Nobody is named here.", "other.txt")],
        )

    def take_out(session: Session, item: Evidence) -> None:
        evidence_actions.remove_file(session, desk.cast.actor("ben", session), item.latest.files[0])

    desk.change(add_another, added)
    desk.look_through_all()
    assert [len(scan.findings) for scan in desk.scans(added)] == [3, 0]
    desk.change(take_out, added)
    assert [len(scan.findings) for scan in desk.scans(added)] == [0]
    assert desk.count(Entity) == 0


@pytest.mark.parametrize("replaced", [False, True])
def test_an_amendment_takes_what_was_found_in_what_it_destroys(desk: Desk, *, replaced: bool) -> None:
    amended = breaches.mended(desk.cast, replaced=replaced)
    scans = {scan.source: scan.state for scan in desk.scans(amended)}
    clean = hashlib.sha256(breaches.CLEAN).hexdigest()
    assert hashlib.sha256(breaches.SECRET).hexdigest() not in scans
    assert len(scans) == 1 + replaced
    assert scans.get(clean, ScanState.WAITING) is ScanState.WAITING
    assert (clean in scans) is replaced
    desk.look_through_all()
    assert (desk.count(Finding), desk.count(Entity)) == (0, 0)


def test_a_new_preview_has_what_could_not_be_read_looked_through_again(desk: Desk) -> None:
    added = desk.add()
    desk.set(attempts=MOST_ATTEMPTS)
    desk.look_through_all()
    assert desk.scan(added).note == GAVE_UP

    def ask_again(session: Session, item: Evidence) -> None:
        asking.ask_again(session, asking.unread_of(session, item.latest.files[0].blob))

    desk.change(ask_again, added)
    desk.look_through_all()
    assert (desk.scan(added).state, len(desk.scan(added).findings)) == (ScanState.DONE, 3)
    desk.change(ask_again, added)
    assert desk.scan(added).state is ScanState.DONE


def test_somebody_checks_what_cannot_be_read(desk: Desk) -> None:
    added = desk.add(samples.picture(), "photo.png", "image/png")

    def check(session: Session, item: Evidence) -> None:
        check_content(session, desk.cast.actor("ben", session), item.latest.files[0])

    with pytest.raises(InvalidState, match="still being looked through"):
        desk.change(check, added)
    desk.look_through_all()
    desk.change(check, added)
    scan = desk.scan(added)
    assert (scan.state, scan.checked_by_id) == (ScanState.UNREADABLE, desk.cast.people["ben"])
    assert scan.checked_at is not None
    with desk.installation.database.reading() as session:
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert last is not None
        assert last.verb == "personal.check"
        told = session.scalars(select(AuditText.text).where(AuditText.event_id == last.id)).one()
    assert told == {"ref": "E001", "version": 1, "sha256": scan.source, "role": "learner"}
    with pytest.raises(InvalidState, match="noted already"):
        desk.change(check, added)


def test_what_was_read_needs_no_check(desk: Desk) -> None:
    added = desk.add()
    desk.look_through_all()
    with pytest.raises(InvalidState, match="nothing that you have to check"):
        desk.change(
            lambda session, item: check_content(session, desk.cast.actor("ben", session), item.latest.files[0]), added
        )


def test_housekeeping_looks_through_what_lies_there(desk: Desk) -> None:
    added = desk.add()
    with desk.installation.database.writing() as session:
        for model in (Finding, Entity, Scan):
            session.query(model).delete()
        session.commit()
    keep_screened(desk.installation.database, Event())
    with desk.installation.database.reading() as session:
        items = session.scalar(select(func.count()).select_from(Evidence))
        own = select(func.count()).select_from(Scan).where(Scan.source == OWN_WORDS, Scan.state == ScanState.DONE)
        assert session.scalar(own) == items
    assert desk.scan(added).state is ScanState.WAITING
    before = desk.count(Scan)
    keep_screened(desk.installation.database, Event())
    assert desk.count(Scan) == before


def test_housekeeping_has_drafts_looked_through_by_the_release_of_today(desk: Desk) -> None:
    added = desk.add()
    desk.look_through_all()
    desk.set(detector="0 c0.l0 0")
    keep_screened(desk.installation.database, Event())
    assert desk.scan(added).state is ScanState.WAITING
    assert len(desk.scan(added).findings) == 3
    with desk.installation.database.reading() as session:
        waiting = select(func.count()).select_from(Scan).where(Scan.state == ScanState.WAITING)
        assert session.scalar(waiting) == 1  # what was handed in stays as it was looked through then
    desk.look_through_all()
    assert desk.scan(added).detector.startswith(BY_THIS_RELEASE)


def test_a_worker_looks_through_what_it_makes_a_preview_of(desk: Desk) -> None:
    added = desk.add()
    settings = desk.installation.settings
    url = "" if settings.database_url.startswith("sqlite") else settings.database_url
    process = subprocess.Popen(
        worker_command(ATTACHED),
        cwd=ROOT,
        env={**os.environ, "PORTFOLIO_HOME": str(settings.home), "PORTFOLIO_DATABASE": url},
        stdin=subprocess.PIPE,
    )
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        while desk.scan(added).state is ScanState.WAITING and process.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        assert [one.label for one in desk.scan(added).findings].count(Label.PHONE) == 1
    finally:
        process.communicate()
    assert process.returncode == 0
