"""Where a portfolio was before it came here, as a bundle tells it: from where it came, and the histories that it had
there.
"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.audit.models import AuditEvent, AuditStream
from portfolio.bundles.history import history_of
from portfolio.bundles.models import Arrival
from portfolio.bundles.packed import Packed, Record, Table
from portfolio.bundles.reading import plain


def arrivals_of(session: Session, enrolment_id: int) -> list[Record]:
    """From where a portfolio came, the oldest first, and where its history there ended. One statement."""
    query = (
        select(Arrival, AuditStream.uid, AuditEvent.seq, AuditEvent.hash, AuditEvent.signature)
        .join(AuditStream, AuditStream.id == Arrival.stream_id)
        .join(AuditEvent, (AuditEvent.stream_id == AuditStream.id) & (AuditEvent.seq == AuditStream.head_seq))
        .where(Arrival.enrolment_id == enrolment_id)
        .order_by(Arrival.no)
    )
    return [
        {
            "uid": one.uid,
            "no": one.no,
            "stream": stream,
            "centre": {"uid": one.centre_uid, "name": one.centre_name, "number": one.centre_number},
            "public_key": one.public_key,
            "bundle": one.bundle_sha256,
            "made_at": plain(one.made_at),
            "arrived_at": plain(one.arrived_at),
            "head": {"seq": seq, "hash": hashed, "signature": signature},
            "people": [list(row[:2]) for row in one.people],
            "history": f"history-elsewhere-{one.no}.json",
        }
        for one, stream, seq, hashed, signature in session.execute(query)
    ]


def histories_of(session: Session, arrivals: Table, told: Collection[str]) -> dict[str, Packed]:
    """The history that came with each of these arrivals, by the name of its file; `told` are the items and reviews in
    the bundle, as the trail names them.
    """
    if not len(arrivals):
        return {}
    uids = [one["stream"] for one in arrivals]
    rows = session.execute(select(AuditStream.uid, AuditStream.id).where(AuditStream.uid.in_(uids)))
    streams = {row.uid: row.id for row in rows}
    return {one["history"]: Packed(history_of(session, streams[one["stream"]], told)) for one in arrivals}
