"""Having what came in looked through for personal data, and shown, as anything new is."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portfolio import clock, writing
from portfolio.bundles.arriving.incoming import Incoming
from portfolio.db import WORK_ASKED
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Evidence
from portfolio.jobs.running import Transaction
from portfolio.previews.models import Preview
from portfolio.previews.rules import MADE
from portfolio.screening import scanning
from portfolio.screening.asking import OWN_WORDS
from portfolio.screening.models import Scan
from portfolio.storage.models import Blob

BATCH = 20
NAMED = 900


def ask_for(session: Session, incoming: Incoming, enrolments: Sequence[Enrolment], blobs: Mapping[str, Blob]) -> None:
    """Have the contents of all files looked through by a worker, item by item, and previews made of those that have
    none.
    """
    scans = []
    for portfolio, enrolment in zip(incoming.portfolios, enrolments, strict=True):
        items = {one["id"]: one["uid"] for one in portfolio.records["items"]}
        uids = {one["id"]: items[one["item"]] for one in portfolio.records["versions"]}
        named = sorted({(uids[file["version"]], file["sha256"]) for file in portfolio.records["files"]})
        scans += [Scan(enrolment_id=enrolment.id, item_uid=uid, source=sha256) for uid, sha256 in named]
    writing.put(session, scans)
    shown = sorted(blob.id for blob in blobs.values() if blob.media_type in MADE)
    known: set[int] = set()
    for first in range(0, len(shown), NAMED):
        some = shown[first : first + NAMED]
        known |= set(session.scalars(select(Preview.blob_id).where(Preview.blob_id.in_(some))))
    writing.put(session, [Preview(blob_id=id_, asked_at=clock.now()) for id_ in shown if id_ not in known])
    session.info[WORK_ASKED] = True


def look_through(
    writing_session: Transaction, enrolments: Iterable[int], *, is_stopped: Callable[[], bool] = lambda: False
) -> int:
    """Look through the own words of every item of these enrolments that was never looked through, some at a time, each
    time in a transaction; answers how many. What is left when it is stopped, housekeeping does.
    """
    count = 0
    ids = sorted(enrolments)
    while not is_stopped():
        with writing_session() as session:
            own = exists().where(Scan.item_uid == Evidence.uid, Scan.source == OWN_WORDS)
            lacking = select(Evidence.id).where(Evidence.enrolment_id.in_(ids), ~own).order_by(Evidence.id).limit(BATCH)
            found = session.scalars(lacking).all()
            if not found:
                return count
            scanning.refresh(session, found)
            session.commit()
        count += len(found)
    return count
