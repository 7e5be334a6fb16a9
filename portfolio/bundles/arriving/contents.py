"""The files of a bundle on their way into the store: copied before anything is locked, then kept in the transaction."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.bundles.arriving.incoming import Incoming
from portfolio.centres.models import Centre
from portfolio.db import new_uid
from portfolio.storage.arriving import CHUNK, Arrived
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from portfolio.storage.stores import Store

NAMED = 900
"""How many contents one statement names."""
Files = Mapping[str, Arrived]
"""Files that were copied, by their SHA-256."""


@contextmanager
def copied(store: Store, incoming: Incoming, *, centre_uid: str) -> Iterator[Files]:
    """Every file of a bundle, copied to where the store takes it from; what was not taken goes when the block ends.

    To be entered before the transaction begins: it takes long, and needs no database.
    """
    arrived: dict[str, Arrived] = {}
    try:
        for portfolio in incoming.portfolios:
            for file in portfolio.records["files"]:
                if file["sha256"] not in arrived:
                    arrived[file["sha256"]] = one = _copied(store, portfolio.file(file["path"]))
                    store.send_ahead(centre_uid, one)
        yield arrived
    finally:
        for one in arrived.values():
            one.path.unlink(missing_ok=True)


def _copied(store: Store, path: Any) -> Arrived:
    copy = store.receive()
    try:
        with path.open("rb") as source:
            while piece := source.read(CHUNK):
                copy.write(piece)
        return copy.arrive()
    except BaseException:
        copy.abandon()
        raise


def kept(session: Session, store: Store, centre: Centre, incoming: Incoming, files: Files) -> dict[str, Blob]:
    """The content of each file of a bundle, by SHA-256, in its place in the store when this returns. The rows are
    locked, so that nobody takes a content away meanwhile.
    """
    types = {file["sha256"]: file["media_type"] for one in incoming.portfolios for file in one.records["files"]}
    _have_rows(session, centre.id, types, files)
    found: dict[str, Blob] = {}
    ordered = sorted(types)
    for first in range(0, len(ordered), NAMED):
        mine = Blob.centre_id == centre.id, Blob.sha256.in_(ordered[first : first + NAMED])
        rows = session.scalars(
            select(Blob).where(*mine).order_by(Blob.id).with_for_update().execution_options(populate_existing=True)
        )
        found |= {blob.sha256: blob for blob in rows}
    for sha256, blob in found.items():
        store.take(centre.uid, files[sha256])
        blob.media_type, blob.state = types[sha256], BlobState.KEPT
    session.flush()
    return found


def _have_rows(session: Session, centre_id: int, types: Mapping[str, str], files: Files) -> None:
    """A row for each content that has none yet; who stores the same at this moment is waited for."""
    table: Table = Blob.__table__  # type: ignore[assignment]
    now = clock.now()
    rows: list[dict[str, Any]] = [
        {
            "uid": new_uid(),
            "centre_id": centre_id,
            "sha256": sha256,
            "size": files[sha256].size,
            "media_type": types[sha256],
            "state": BlobState.KEPT,
            "created_at": now,
        }
        for sha256 in sorted(types)
    ]
    if rows:
        insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        same = ["centre_id", "sha256"]
        session.execute(insert(table).on_conflict_do_nothing(index_elements=same), rows)
