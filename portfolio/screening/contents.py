"""Looking through the contents of files, one after the other, once their previews are made. The worker's part.

No transaction is open while a content is looked through. Whose content it is makes no difference to what is found, so
nobody's rights are asked for: who may see what was found is asked whenever it is shown.
"""

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Event

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.anonymise.findings import Label
from portfolio.anonymise.pseudonyms import alike
from portfolio.anonymise.together import Placed
from portfolio.centres.models import Centre
from portfolio.documents.codec import Malformed
from portfolio.documents.preview import Manifest, manifest_of
from portfolio.enrolment.actions import held
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Unavailable
from portfolio.jobs.running import Transaction
from portfolio.previews import actions as previews
from portfolio.previews.models import Preview
from portfolio.previews.rules import MADE, PreviewState
from portfolio.screening import storing
from portfolio.screening.asking import OWN_WORDS, ask_again
from portfolio.screening.entities import Entities
from portfolio.screening.marks import BY_HAND
from portfolio.screening.models import Scan
from portfolio.screening.pieces import NO_TEXT, Content, content_of, unreadable
from portfolio.screening.rules import LEASE, MOST_ATTEMPTS, NOTE_MOST, ScanState
from portfolio.screening.scanning import Here, find, known_of
from portfolio.storage.models import Blob
from portfolio.storage.stores import Derived

log = logging.getLogger("portfolio.screening")

GAVE_UP = "Looking through this file stopped three times before its end."
FOUND_MOST = 2_000
"""How many places in one content are kept."""
TOO_MUCH = f"So much was found in it that only the first {FOUND_MOST:,} places are listed here."

UNMISTAKABLE = frozenset(
    {
        Label.EMAIL, Label.PHONE, Label.POSTCODE, Label.NI_NUMBER, Label.NHS_NUMBER, Label.IBAN, Label.CARD_NUMBER,
    }
)  # fmt: skip
"""Sorts that are told by their form wherever they stand."""

_IDENTIFIERS = re.compile(r"\s*(?:<[^<>\s]+>\s*)+")

Look = Callable[[dict[str, str], Here], list[Placed]]


@dataclass(frozen=True, slots=True)
class Due:
    """A content to look through, as it was when it was taken."""

    scan_id: int
    attempt: int
    enrolment_id: int
    centre_uid: str
    sha256: str
    media_type: str
    manifest: Manifest | None
    here: Here


@dataclass(frozen=True, slots=True)
class ContentRunner:
    """What looks through the contents of an installation. `stopping` is set from outside."""

    writing: Transaction
    derived: Derived
    stopping: Event = field(default_factory=Event)
    look: Look = find

    def make_next(self) -> bool:
        """Look through the content that has waited longest; False when none can be looked through at this moment, and
        when this process is told to stop.
        """
        if self.stopping.is_set():
            return False
        with self.writing() as session:
            due = take(session)
        if due is None:
            return False
        try:
            content = content_for(self.derived, due)
            placed = found_in(content, due.here, self.look) if content.texts else []
        except FileNotFoundError:
            with self.writing() as session:
                give_back(session, due, are_parts_lost=True)
            return True
        except Unavailable as away:
            log.warning("a file cannot be looked through now: %s", away)
            with self.writing() as session:
                give_back(session, due)
            return False
        except Exception:
            log.exception("a file could not be looked through")
            with self.writing() as session:
                let_go(session, due)
            return True
        with self.writing() as session:
            keep(session, due, content, placed)
        return True


def found_in(content: Content, here: Here, look: Look = find) -> list[Placed]:
    """What is found in a content. In what programs say to each other that is what was found elsewhere, what was marked,
    and what has an unmistakable form.
    """
    technical = content.technical
    placed = look({piece: text for piece, text in content.texts.items() if piece not in technical}, here)
    if not technical:
        return placed
    known = {(label, alike(label, one.words)): one.finding.entity for one in placed for label in [one.finding.label]}
    for one in look(technical, here):
        found = one.finding
        same = known.get((found.label, alike(found.label, one.words)))
        if found.reason == BY_HAND:
            placed.append(one)
        elif same is not None or (found.label in UNMISTAKABLE and not _names_a_mail(technical[one.place], one)):
            placed.append(replace(one, finding=replace(found, entity=same or f"technical {found.entity}")))
    return placed


def _names_a_mail(text: str, one: Placed) -> bool:
    """Whether an address stands in a line of nothing but words in angle brackets: that is how mails are told apart."""
    start = text.rfind("\n", 0, one.finding.start) + 1
    line = text[start : (text + "\n").index("\n", one.finding.end)]
    return one.finding.label is Label.EMAIL and _IDENTIFIERS.fullmatch(line) is not None


def content_for(derived: Derived, due: Due) -> Content:
    """What there is to look through in a content that was taken. Raises FileNotFoundError, and Unavailable."""
    if due.manifest is None:
        return Content({}, {}, unreadable(due.media_type))
    return words_of(derived, due.centre_uid, due.sha256, due.manifest)


def words_of(derived: Derived, centre_uid: str, sha256: str, manifest: Manifest) -> Content:
    """The texts of a content from what its preview is made of. Raises FileNotFoundError when that is lost."""
    try:
        return content_of(manifest, partial(derived.read, centre_uid, sha256))
    except Malformed:
        log.warning("the preview of %s cannot be read", sha256)
        return Content({}, {}, NO_TEXT)


def take(session: Session) -> Due | None:
    """Take the next content under a lease; None when there is none. One that failed too often is given up.

    A content whose preview is still to be made is left alone; one that lacks it is given one first. What was never
    looked through goes before what is looked through once more.
    """
    while (found := _next_due(session)) is not None:
        scan, blob, centre_uid, preview = found
        if preview is None and blob.media_type in MADE:
            previews.ask_for(session, blob)
        elif scan.attempts >= MOST_ATTEMPTS:
            _settle(scan, ScanState.UNREADABLE, GAVE_UP, known_of(session, scan.enrolment).detector)
        else:
            scan.attempts += 1
            scan.lease_until = clock.now() + LEASE
            session.flush()
            return Due(
                scan_id=scan.id,
                attempt=scan.attempts,
                enrolment_id=scan.enrolment_id,
                centre_uid=centre_uid,
                sha256=blob.sha256,
                media_type=blob.media_type,
                manifest=_manifest(preview),
                here=known_of(session, scan.enrolment),
            )
        session.flush()
    return None


def _next_due(session: Session) -> tuple[Scan, Blob, str, Preview | None] | None:
    row = session.execute(
        select(Scan, Blob, Centre.uid, Preview)
        .join(Enrolment, Enrolment.id == Scan.enrolment_id)
        .join(Centre, Centre.id == Enrolment.centre_id)
        .join(Blob, (Blob.centre_id == Enrolment.centre_id) & (Blob.sha256 == Scan.source))
        .outerjoin(Preview, Preview.blob_id == Blob.id)
        .where(
            Scan.state == ScanState.WAITING,
            Scan.source != OWN_WORDS,
            or_(Scan.lease_until.is_(None), Scan.lease_until < clock.now()),
            or_(Preview.id.is_(None), Preview.state != PreviewState.WAITING),
        )
        .order_by(Scan.scanned_at.is_not(None), Scan.id)
        .limit(1)
        .with_for_update(of=Scan, skip_locked=True),
        execution_options={"populate_existing": True},
    ).first()
    return None if row is None else (row[0], row[1], row[2], row[3])


def _manifest(preview: Preview | None) -> Manifest | None:
    if preview is None:
        return None
    try:
        return manifest_of(preview.manifest)
    except Malformed:
        log.warning("a preview cannot be read")
        return Manifest()


def give_back(session: Session, due: Due, *, are_parts_lost: bool = False) -> None:
    """It cannot be looked through now, so the attempt does not count. Lost parts of its preview are made anew first."""
    scan = _held(session, due)
    if scan is not None:
        scan.attempts, scan.lease_until = max(0, scan.attempts - 1), None
        session.flush()
    if are_parts_lost:
        blob = session.scalars(
            select(Blob)
            .join(Centre, Centre.id == Blob.centre_id)
            .where(Centre.uid == due.centre_uid, Blob.sha256 == due.sha256)
        ).one()
        previews.ask_again(session, blob, are_parts_lost=True)


def let_go(session: Session, due: Due) -> None:
    """Looking through it failed: the attempt counts, and the next may begin."""
    scan = _held(session, due)
    if scan is not None:
        scan.lease_until = None
        session.flush()


def keep(session: Session, due: Due, content: Content, placed: Sequence[Placed]) -> bool:
    """What was found is kept in the place of what was found before. False when the work is no longer ours, and when
    there is more to look for by now: then it waits to be looked through once more.
    """
    enrolment = held(session, due.enrolment_id, even_over=True)
    scan = _held(session, due)
    if scan is None:
        return False
    entities = Entities(session, enrolment)
    detector = known_of(session, enrolment, entities).detector
    if content.texts and detector != due.here.detector:
        ask_again(session, [scan])
        return False
    storing.store(session, scan, placed[:FOUND_MOST], content.texts, entities)
    missing = " ".join(filter(None, [TOO_MUCH if len(placed) > FOUND_MOST else "", content.unread]))
    _settle(scan, ScanState.UNREADABLE if missing else ScanState.DONE, missing, detector)
    session.flush()
    return True


def _held(session: Session, due: Due) -> Scan | None:
    """The scan, locked; None when it was forgotten meanwhile, or somebody else has it now."""
    scan = session.get(Scan, due.scan_id, with_for_update=True, populate_existing=True)
    is_ours = scan is not None and scan.state is ScanState.WAITING and scan.attempts == due.attempt
    return scan if is_ours else None


def _settle(scan: Scan, state: ScanState, note: str, detector: str) -> None:
    scan.state, scan.note, scan.detector = state, note[:NOTE_MOST], detector
    scan.scanned_at, scan.lease_until = clock.now(), None
