"""The trail of a portfolio as a bundle tells it: every entry, so that the chain is whole, and of what entries say only
what proves the records. An entry whose words stay behind is proved by its digest alone.
"""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.audit.events import in_full
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.audit.streams import is_erased
from portfolio.bundles.packed import Record

BATCH = 500
PLAIN = frozenset({
    "submission.submit", "submission.withdraw", "submission.open", "evidence.hide", "unit.sign_off", "unit.reopen",
    "enrolment.choose_units", "enrolment.import",
})  # fmt: skip
"""Entries that say nothing but references, numbers and digests."""
OF_SUBJECT = frozenset({"review.release", "review.countersign", "evidence.amend", "redaction.use"})
"""Entries about one review or one item: told when the bundle tells that. An amendment gives its reason, which is looked
through with the item."""


def history_of(session: Session, stream_id: int, told: Collection[str]) -> Iterator[Record]:
    """Every entry of a stream, in order. `told` are the items and reviews in the bundle, as the trail names them."""
    rows = session.execute(
        select(AuditEvent, AuditText.salt, AuditText.text)
        .outerjoin(AuditText, AuditText.event_id == AuditEvent.id)
        .where(AuditEvent.stream_id == stream_id)
        .order_by(AuditEvent.seq)
        .execution_options(yield_per=BATCH)
    )
    for event, salt, text in rows:
        entry: dict[str, Any] = {
            "seq": event.seq,
            "at": in_full(event.at),
            "actor": event.actor,
            "role": event.role,
            "verb": event.verb,
            "subject": event.subject,
            "digest": event.digest,
            "prev": event.prev,
            "hash": event.hash,
            "signature": event.signature,
        }
        if is_erased(text):
            entry |= text
        elif text is not None and (event.verb in PLAIN or (event.verb in OF_SUBJECT and event.subject in told)):
            entry |= {"salt": salt, "text": text}
        yield entry
