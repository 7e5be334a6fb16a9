"""Books and personal data that was found in an item: which hold it, and whether one was read before it was found."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, func, select
from sqlalchemy.orm import Session, joinedload

from portfolio.evidence.models import Breach, Evidence, EvidenceVersion
from portfolio.export.models import WordBook


def _holding(evidence_id: SQLColumnExpression[int] | int) -> ColumnElement[bool]:
    """A book that was made between an item's first handing in and the finding of personal data in it."""
    handed_in = select(func.min(EvidenceVersion.frozen_at)).where(EvidenceVersion.evidence_id == evidence_id)
    found = select(func.max(Breach.reported_at)).where(Breach.evidence_id == evidence_id, Breach.mended_at.is_(None))
    return and_(
        WordBook.blob_id.is_not(None),
        WordBook.made_at >= handed_in.scalar_subquery(),
        WordBook.made_at < found.scalar_subquery(),
    )


def books_holding(session: Session, evidence: Evidence) -> Sequence[WordBook]:
    """The books that hold what a hidden item said before it was hidden."""
    query = (
        select(WordBook)
        .options(joinedload(WordBook.blob), joinedload(WordBook.pdf))
        .where(WordBook.enrolment_id == evidence.enrolment_id)
    )
    return session.scalars(query.where(_holding(evidence.id)).order_by(WordBook.id)).all()


def withheld(session: Session, enrolment_id: int) -> dict[int, list[str]]:
    """The books that nobody gets for now, by id, with the hidden items that they hold."""
    rows = session.execute(
        select(WordBook.id, Evidence.ref)
        .join(Evidence, Evidence.enrolment_id == WordBook.enrolment_id)
        .where(WordBook.enrolment_id == enrolment_id, Evidence.hidden_at.is_not(None), _holding(Evidence.id))
        .order_by(WordBook.id, Evidence.id)
    )
    found: dict[int, list[str]] = {}
    for book_id, ref in rows:
        found.setdefault(book_id, []).append(ref)
    return found


def is_outdated(session: Session, enrolment_id: int, as_of: datetime) -> bool:
    """Whether personal data was found in an item since this moment, as of which a book was read."""
    items = select(Evidence.id).where(Evidence.enrolment_id == enrolment_id)
    found = select(func.count()).where(Breach.evidence_id.in_(items), Breach.reported_at >= as_of)
    return bool(session.scalar(found))
