"""Asking for the contents of an item's files to be looked through, and forgetting what was found in what is gone.

Rows that wait are the work itself. All operational: no audit event.
"""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, delete, exists, func, literal, or_, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portfolio.anonymise.detect import VERSION
from portfolio.centres.models import Centre
from portfolio.centres.settings import ADMINISTRATOR
from portfolio.db import WORK_ASKED
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion
from portfolio.screening.entities import Entities, tidy
from portfolio.screening.models import Finding, KnownWords, Scan
from portfolio.screening.rules import ScanState
from portfolio.storage.models import Blob

BY_THIS_RELEASE = f"{VERSION} "
"""How the name of the present detector begins, before the lists that it was given."""

OWN_WORDS = ""
"""The source of a scan of what an item says itself; any other is a file's content, by its SHA-256."""


def ask_for_contents(session: Session, evidence: Evidence) -> int:
    """Have each content that a version of the item names looked through, unless that is done as it would be today, or
    asked for already; what was found in contents that none names any more goes. Answers how many are new.
    """
    named = set(
        session.scalars(
            select(Blob.sha256)
            .join(EvidenceFile, EvidenceFile.blob_id == Blob.id)
            .join(EvidenceVersion, EvidenceVersion.id == EvidenceFile.version_id)
            .where(EvidenceVersion.evidence_id == evidence.id)
        )
    )
    of_item = select(Scan.source, Scan.id).where(Scan.item_uid == evidence.uid, Scan.source != OWN_WORDS)
    known = {row.source: row.id for row in session.execute(of_item)}
    _forget(session, [known[source] for source in known.keys() - named])
    mine = _looked_through_before().where(Scan.item_uid == evidence.uid)
    ask_again(session, session.scalars(mine, execution_options={"populate_existing": True}).all())
    return sum(_ask(session, evidence, source) for source in sorted(named - known.keys()))


def _ask(session: Session, evidence: Evidence, source: str) -> bool:
    """Whether nobody else asked at the same moment."""
    try:
        with session.begin_nested():
            session.add(Scan(enrolment_id=evidence.enrolment_id, item_uid=evidence.uid, source=source))
            session.flush()
    except IntegrityError:
        return False
    session.info[WORK_ASKED] = True
    return True


def ask_again(session: Session, scans: Iterable[Scan]) -> None:
    """Have contents looked through once more. What was found stands until then, and who has checked them too."""
    for scan in scans:
        scan.state, scan.attempts, scan.lease_until = ScanState.WAITING, 0, None
        session.info[WORK_ASKED] = True
    session.flush()


def ask_all_again(session: Session, enrolment: Enrolment) -> None:
    """Have every content of an enrolment looked through with what is known now. One that waits stays as it is: whoever
    has it at this moment sees that it was done with less, see `contents.keep`.
    """
    settled = select(Scan).where(
        Scan.enrolment_id == enrolment.id, Scan.source != OWN_WORDS, Scan.state != ScanState.WAITING
    )
    ask_again(session, session.scalars(settled.order_by(Scan.id), execution_options={"populate_existing": True}).all())


def unread_of(session: Session, blob: Blob) -> Sequence[Scan]:
    """The scans of a content that could not be read, or not wholly, in whatever items, unless somebody has checked it:
    a new preview may say more.
    """
    return session.scalars(
        select(Scan)
        .join(Enrolment, Enrolment.id == Scan.enrolment_id)
        .where(Enrolment.centre_id == blob.centre_id, Scan.source == blob.sha256)
        .where(Scan.state == ScanState.UNREADABLE, Scan.checked_at.is_(None))
        .order_by(Scan.id)
        .with_for_update(of=Scan)
    ).all()


def in_drafts(session: Session, blob: Blob) -> Sequence[Scan]:
    """The scans of a content that were done, in the drafts that name it: its new preview will say more."""
    return session.scalars(
        select(Scan)
        .join(Enrolment, Enrolment.id == Scan.enrolment_id)
        .where(Enrolment.centre_id == blob.centre_id, Scan.source == blob.sha256, Scan.state != ScanState.WAITING)
        .where(_is_in_draft())
        .order_by(Scan.id)
        .with_for_update(of=Scan)
    ).all()


def forget_gone(session: Session, enrolment_ids: Collection[int]) -> int:
    """What was found in items of these enrolments that are no longer there goes; answers in how many sources."""
    return _forget(
        session,
        session.scalars(
            select(Scan.id).where(Scan.enrolment_id.in_(enrolment_ids), ~exists().where(Evidence.uid == Scan.item_uid))
        ).all(),
    )


def _forget(session: Session, scan_ids: Collection[int]) -> int:
    """Scans go with what they found, and whoever is named nowhere else with them."""
    if not scan_ids:
        return 0
    named: dict[int, set[int]] = {}
    for enrolment_id, entity_id in session.execute(
        select(Scan.enrolment_id, Finding.entity_id).join(Finding.scan).where(Scan.id.in_(scan_ids)).distinct()
    ):
        named.setdefault(enrolment_id, set()).add(entity_id)
    session.execute(delete(Finding).where(Finding.scan_id.in_(scan_ids)))
    session.execute(delete(Scan).where(Scan.id.in_(scan_ids)))
    for enrolment_id, entity_ids in named.items():
        tidy(session, Entities(session, session.get_one(Enrolment, enrolment_id)), entity_ids)
    session.flush()
    return len(scan_ids)


def not_looked_through(session: Session, *, after: int, most: int) -> list[int]:
    """Items with ids after this one of which the words, or a file's content, was never looked through nor asked for."""
    own = exists().where(Scan.item_uid == Evidence.uid, Scan.source == OWN_WORDS)
    scanned = exists().where(Scan.item_uid == Evidence.uid, Scan.source == Blob.sha256)
    unscanned = (
        exists()
        .where(EvidenceVersion.evidence_id == Evidence.id)
        .where(EvidenceFile.version_id == EvidenceVersion.id, Blob.id == EvidenceFile.blob_id, ~scanned)
        .correlate(Evidence)
    )
    return list(
        session.scalars(
            select(Evidence.id).where(Evidence.id > after, or_(~own, unscanned)).order_by(Evidence.id).limit(most)
        )
    )


def looked_through_before(session: Session, *, after: int, most: int, enrolment_id: int | None = None) -> list[Scan]:
    """Scans with ids after this one of contents in drafts that were not looked through as they would be today."""
    return list(
        session.scalars(
            _looked_through_before()
            .where(Scan.id > after, _is_in_draft())
            .where(true() if enrolment_id is None else Scan.enrolment_id == enrolment_id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
    )


def _is_in_draft() -> ColumnElement[bool]:
    """Whether a draft names the content of a scan."""
    return (
        exists()
        .where(Evidence.uid == Scan.item_uid, EvidenceVersion.evidence_id == Evidence.id)
        .where(EvidenceVersion.frozen_at.is_(None), EvidenceFile.version_id == EvidenceVersion.id)
        .where(Blob.id == EvidenceFile.blob_id, Blob.sha256 == Scan.source)
        .correlate(Scan)
    )


def _looked_through_before() -> Select[Scan]:
    """Contents that an older release of the detector looked through, or this one with other lists than today's."""
    return (
        select(Scan)
        .where(Scan.source != OWN_WORDS, Scan.state != ScanState.WAITING)
        .where(or_(~Scan.detector.startswith(BY_THIS_RELEASE, autoescape=True), _has_other_lists()))
        .order_by(Scan.id)
    )


def _has_other_lists() -> ColumnElement[bool]:
    """Whether a scan by this release says that it was given lists, and not those of today: see `known.lists_here`."""
    numbers = (
        select(func.coalesce(func.max(KnownWords.rev), 0))
        .where(KnownWords.centre_id == Enrolment.centre_id, whose)
        .correlate(Enrolment)
        .scalar_subquery()
        for whose in (KnownWords.enrolment_id.is_(None), KnownWords.enrolment_id == Enrolment.id)
    )
    by_centre, by_learner = (cast(number, String) for number in numbers)
    asks = case((Centre.settings["override_by"].as_string() == ADMINISTRATOR, ".a"), else_="")
    same = Scan.detector.like(literal(f"{BY_THIS_RELEASE}c") + by_centre + ".l" + by_learner + asks + " %")
    is_given = Scan.detector.startswith(f"{BY_THIS_RELEASE}c", autoescape=True)
    of_scan = exists().where(Enrolment.id == Scan.enrolment_id, Centre.id == Enrolment.centre_id, ~same)
    return and_(is_given, of_scan.correlate(Scan))
