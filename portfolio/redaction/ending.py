"""What nothing will come of any more: redactions of files that were removed or replaced, of versions that cannot be
changed any more, of items that were thrown away or are gone, and what was asked for long ago and never used.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.orm import Session

from portfolio.audit.events import Doer
from portfolio.db import TEXTS_TOUCHED, TOUCHED
from portfolio.enrolment.actions import held
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion
from portfolio.redaction.actions import end, tell_dropped
from portfolio.redaction.models import FileMarks, Redaction
from portfolio.redaction.queries import enrolments_with
from portfolio.redaction.rules import OPEN
from portfolio.redaction.using import release
from portfolio.storage.models import Blob

IS_OPEN = Redaction.state.in_(tuple(OPEN))
HAS_ITEM = exists().where(Evidence.uid == Redaction.item_uid)


def settle(session: Session) -> None:
    """End what is open of items that this session has changed (`TEXTS_TOUCHED`), see `end_overtaken`; and let the
    originals go that are held of items that are there no more. Before a commit; the event of the change tells of it.
    """
    touched = session.info.get(TEXTS_TOUCHED)
    if not touched:
        return
    items = session.execute(select(Evidence.uid).where(Evidence.id.in_(touched))).scalars().all()
    if items:
        end_overtaken(session, items)
        has_content = exists().where(
            EvidenceFile.blob_id == Blob.id,
            EvidenceFile.version_id == EvidenceVersion.id,
            EvidenceVersion.evidence_id == Evidence.id,
            Evidence.uid == FileMarks.item_uid,
            Blob.sha256 == FileMarks.source,
        )
        session.execute(
            delete(FileMarks)
            .where(FileMarks.item_uid.in_(items), ~has_content)
            .execution_options(synchronize_session=False)
        )
    if len(items) < len(touched):
        _forget_gone(session, sorted(session.info.get(TOUCHED, ())))


def end_overtaken(session: Session, item_uids: Sequence[str]) -> None:
    """End what is open of these items where the version that it was asked for has the file no more, or is not the one
    to be changed: the draft, or while the item is hidden what is on record; or where the item lies in the trash.

    The event of the change tells of it.
    """
    rows = select(Redaction).where(Redaction.item_uid.in_(item_uids), IS_OPEN, ~_is_in_version())
    _end_all(session, session.scalars(rows).all())


def _is_in_version() -> ColumnElement[bool]:
    """Whether the version that a redaction was asked for has the original still and can be changed."""
    return (
        exists()
        .where(Evidence.uid == Redaction.item_uid, Evidence.trashed_at.is_(None))
        .where(EvidenceVersion.evidence_id == Evidence.id, EvidenceVersion.no == Redaction.version_no)
        .where(
            or_(
                and_(EvidenceVersion.frozen_at.is_(None), Evidence.hidden_at.is_(None)),
                and_(EvidenceVersion.frozen_at.is_not(None), Evidence.hidden_at.is_not(None)),
            )
        )
        .where(EvidenceFile.version_id == EvidenceVersion.id)
        .where(Blob.id == EvidenceFile.blob_id, Blob.sha256 == Redaction.source)
    )


def _forget_gone(session: Session, enrolment_ids: Sequence[int]) -> None:
    of_gone = (Redaction.enrolment_id.in_(enrolment_ids), ~HAS_ITEM)
    rows = session.scalars(
        select(Redaction).where(*of_gone, or_(IS_OPEN, Redaction.original_blob_id.is_not(None)))
    ).all()
    _end_all(session, [row for row in rows if row.state in OPEN])
    release(session, [row for row in rows if row.original_blob_id is not None])
    session.execute(
        delete(FileMarks)
        .where(FileMarks.enrolment_id.in_(enrolment_ids), ~exists().where(Evidence.uid == FileMarks.item_uid))
        .execution_options(synchronize_session=False)
    )


def _end_all(session: Session, rows: Sequence[Redaction]) -> None:
    for row in rows:
        end(session, row)


def outdated_in(session: Session, centre_id: int, before: datetime) -> Sequence[int]:
    """The enrolments of a centre in which something was asked for before this time and never used."""
    return enrolments_with(session, centre_id, and_(IS_OPEN, Redaction.asked_at <= before))


def drop_outdated(session: Session, actor: Doer, enrolment: Enrolment, before: datetime) -> int:
    """Drop what was asked for in an enrolment before this time and never used; answers how many."""
    enrolment = held(session, enrolment.id, even_over=True)
    rows = session.scalars(
        select(Redaction)
        .where(Redaction.enrolment_id == enrolment.id, IS_OPEN, Redaction.asked_at <= before)
        .order_by(Redaction.id)
        .execution_options(populate_existing=True)
    ).all()
    if rows:
        _end_all(session, rows)
        tell_dropped(session, actor, enrolment, rows)
    return len(rows)
