"""What the worker and the maker of an item do before it can be handed in, for worlds that are about something else.

Everything is looked through as the product does it, but that no process of its own reads a file. What was found, the
maker keeps with a reason; what cannot be read, they say they have checked.
"""

from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.accounts.actors import Actor
from portfolio.centres.settings import settings_of
from portfolio.documents.fragments import is_heard
from portfolio.documents.preview import Manifest
from portfolio.documents.unseen import preview_here
from portfolio.evidence.models import Evidence
from portfolio.installation import Installation
from portfolio.previews.rules import MADE
from portfolio.screening import contents, scanning
from portfolio.screening.asking import OWN_WORDS
from portfolio.screening.checking import check_content
from portfolio.screening.decided import UNDECIDED, rulings_of, state_of
from portfolio.screening.deciding import keep
from portfolio.screening.models import Finding, Scan
from portfolio.screening.pieces import Content, content_of, unreadable
from portfolio.screening.rules import Reason, ScanState, State
from portfolio.storage.models import Blob
from portfolio.storage.stores import Store
from portfolio.worker import make_content_runner, make_preview_runner

KEPT: dict[tuple[str, str], tuple[Manifest, dict[str, bytes]]] = {}
"""Previews that were made, with their parts, by the content's digest and its kind."""


class InPlace:
    """Makes previews in this process: the files of these tests are the tests' own, and most of them are the same ones,
    of which each is read once in a run. Recordings are read anew, for some tests say what is heard in them.
    """

    def __call__(self, path: Path, media_type: str, folder: Path) -> Manifest:
        if is_heard(media_type):
            return preview_here(folder, path, media_type)
        key = sha256(path.read_bytes()).hexdigest(), media_type
        if key in KEPT:
            manifest, parts = KEPT[key]
            for name, content in parts.items():
                (folder / name).write_bytes(content)
            return manifest
        manifest = preview_here(folder, path, media_type)
        KEPT[key] = manifest, {part.name: part.read_bytes() for part in folder.iterdir()}
        return manifest

    def end(self) -> None:
        """There is nothing to end."""


def by_worker(installation: Installation) -> None:
    """Everything that waits is looked through, as a worker does it; each step commits."""
    previews = make_preview_runner(installation, Event())
    quick = type(previews)(writing=previews.writing, store=previews.store, derived=previews.derived, maker=InPlace)
    looking = make_content_runner(installation, Event())
    while any([looking.make_next(), quick.make_next()]):
        pass


def look_through(session: Session, store: Store, evidence: Evidence) -> None:
    """The item's words and its files are looked through, in this transaction."""
    scanning.refresh(session, [evidence.id])
    waiting = select(Scan).where(
        Scan.item_uid == evidence.uid, Scan.source != OWN_WORDS, Scan.state == ScanState.WAITING
    )
    centre = evidence.enrolment.centre
    for scan in session.scalars(waiting).all():
        here = scanning.known_of(session, scan.enrolment)
        blob = session.scalars(select(Blob).where(Blob.centre_id == centre.id, Blob.sha256 == scan.source)).one()
        due = contents.Due(
            scan_id=scan.id,
            attempt=scan.attempts,
            enrolment_id=scan.enrolment_id,
            centre_uid=centre.uid,
            sha256=blob.sha256,
            media_type=blob.media_type,
            manifest=None,
            here=here,
        )
        content = content_in(store, centre.uid, blob)
        contents.keep(session, due, content, contents.found_in(content, here))


def content_in(store: Store, centre_uid: str, blob: Blob) -> Content:
    """What there is to look through in a stored content."""
    if blob.media_type not in MADE:
        return Content({}, {}, unreadable(blob.media_type))
    with store.here(centre_uid, blob.sha256) as path, TemporaryDirectory() as folder:
        manifest = InPlace()(path, blob.media_type, Path(folder))
        return content_of(manifest, lambda part: (Path(folder) / str(part)).read_bytes())


def decide(session: Session, maker: Actor, evidence: Evidence, *, reason: Reason = Reason.NOT_PERSONAL) -> None:
    """The maker keeps all that is in the way, with a reason, and checks what could not be read."""
    ruled = rulings_of(session, [evidence.uid])
    settings = settings_of(evidence.enrolment.centre.settings)
    found = [
        row.uid
        for row in session.scalars(select(Finding).where(Finding.item_uid == evidence.uid))
        if state_of(row.label, ruled.get((evidence.uid, row.token), UNDECIDED), is_ours=row.is_ours, settings=settings)
        is State.OPEN
    ]
    if found:
        keep(session, maker, evidence, finding_uids=found, reason=reason)
    unread = select(Scan.source).where(
        Scan.item_uid == evidence.uid, Scan.state == ScanState.UNREADABLE, Scan.checked_at.is_(None)
    )
    sources = set(session.scalars(unread))
    for file in evidence.latest.files:
        if file.blob.sha256 in sources:
            sources.remove(file.blob.sha256)
            check_content(session, maker, file)


def cleared(session: Session, store: Store, maker: Actor, evidence: Evidence) -> None:
    """Nothing is in the item's way any more."""
    look_through(session, store, evidence)
    decide(session, maker, evidence)
