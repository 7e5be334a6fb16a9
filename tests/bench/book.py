"""How fast the book of 150 items with files of all kinds is made of what was made ready, beside reading each file anew.

    python -m tests.bench.book [--rounds N] [--items N] [--json FILE]

All of it is counted, reading the rows too, in seconds of the processor of every process that has a part in it. Both
books must be the same to the last byte. After one edit the file that is new is still read; cold are all of them.
"""

import hashlib
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from itertools import cycle
from pathlib import Path
from threading import Event

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.assessment import submitting
from portfolio.centres.models import Centre
from portfolio.config import Settings
from portfolio.documents.fragments import prepared_from, ready_for_books
from portfolio.documents.preview import Manifest, manifest_of
from portfolio.documents.preview_maker import preview_into
from portfolio.documents.sandbox import Extractor
from portfolio.evidence.actions import Details
from portfolio.export import queries
from portfolio.export.jobs import Files, ReadPart, write_source
from portfolio.housekeeping import keep_previews
from portfolio.installation import Installation, open_installation
from portfolio.mapping import actions as mapping
from portfolio.previews.jobs import PreviewRunner
from portfolio.previews.models import Preview
from portfolio.screening import scanning
from portfolio.screening.models import Scan
from portfolio.screening.rules import ScanState
from portfolio.storage.arriving import Upload
from portfolio.storage.models import Blob
from portfolio.worker import make_preview_runner
from tests.bench import measure
from tests.bench.files import KINDS
from tests.cast import EVERYTHING, Cast, add_files, assemble, upload, wanted

HOLD_READY, HOLD_AGAIN = 0.2, 1.0
READY, ANEW, AGAIN = "made ready", "read anew", "again after one edit"


class Quick:
    """Makes what is seen of a file and what a book shows of it, in this process, and looks no further."""

    def __call__(self, path: Path, media_type: str, folder: Path) -> Manifest:
        manifest = manifest_of(preview_into(str(folder), str(path), media_type))
        return ready_for_books(manifest, folder, prepared_from(path, media_type))

    def end(self) -> None:
        """There is nothing to end."""


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; 0 when everything holds."""
    command_line = measure.parser(__doc__)
    command_line.set_defaults(rounds=3)
    command_line.add_argument("--items", type=int, default=150)
    options = command_line.parse_args(argv)
    with opened() as installation:
        enrolment_id, newest = filled(installation, options.items)
        ready = installation.previews.read
        ways: dict[str, ReadPart | None] = {READY: ready, AGAIN: all_but(newest, ready), ANEW: None}
        figures = {name: list[float]() for name in ways}
        hashes, at = set[str](), clock.now()
        for _ in range(options.rounds):
            for name, prepared in ways.items():
                seconds, sha256 = made(installation, enrolment_id, prepared, at)
                figures[name].append(seconds)
                hashes.add(sha256)
    if len(hashes) > 1:
        raise SystemExit("The books differ, so nothing was compared.")
    rows = [
        measure.compared(f"a book, {READY}", figures[READY], figures[ANEW], ANEW, hold=HOLD_READY),
        measure.compared(f"a book, {AGAIN}", figures[AGAIN], figures[ANEW], ANEW, hold=HOLD_AGAIN),
    ]
    return measure.report(rows, options.json)


@contextmanager
def opened() -> Iterator[Installation]:
    """An installation of its own."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_environment(Path(folder) / "home", {})
        with closing(open_installation(settings)) as installation:
            yield installation


def filled(installation: Installation, items: int) -> tuple[int, str]:
    """Hand in so many items with a file each, of every kind in turn, and make them ready; answers the enrolment, and
    the SHA-256 of the newest file.
    """
    cast, newest = assemble(installation), ""
    for number, (name, media_type, make) in zip(range(items), cycle(KINDS), strict=False):
        content = make(number)
        newest = hashlib.sha256(content).hexdigest()
        with installation.database.writing() as session:
            hand_in(session, installation, cast, upload(installation, content, f"{number} {name}", media_type))
            session.commit()
    keep_previews(installation.database, installation.previews, Event())
    runner = make_preview_runner(installation, Event())
    quick = PreviewRunner(writing=runner.writing, store=runner.store, derived=runner.derived, maker=Quick)
    while quick.make_next():
        pass
    print(f"{items} items, {parts_of(installation)}")
    return cast.enrolments["amina"], newest


def hand_in(session: Session, installation: Installation, cast: Cast, file: Upload) -> None:
    """An item of amina's with a file, as if it had been looked through and nothing been found."""
    details = Details(file.name, date(2026, 11, 3), "I sent it.")
    evidence = add_files(session, installation, cast, "amina", details, [file])
    amina, enrolment = cast.actor("amina", session), evidence.enrolment
    mapping.map_to(session, amina, evidence, wanted=wanted(session, enrolment, {"2.4": "I rang back."}))
    scanning.refresh(session, [evidence.id])
    seen = {"state": ScanState.DONE, "detector": scanning.known_of(session, enrolment).detector}
    session.execute(update(Scan).where(Scan.item_uid == evidence.uid).values(seen))
    submitting.submit(session, amina, enrolment, evidence_ids=[evidence.id], declared=EVERYTHING)


def parts_of(installation: Installation) -> str:
    """How much room the files take, and what was made ready of them."""
    with installation.database.reading() as session:
        stored = sum(session.scalars(select(Blob.size)))
        kept = session.execute(select(Centre.uid, Blob.sha256, Preview.manifest).select_from(Preview).join(Blob).join(
            Centre, Centre.id == Blob.centre_id
        )).all()  # fmt: skip
    ready = 0
    for uid, sha256, manifest in kept:
        place = manifest_of(manifest).ready
        ready += len(installation.previews.read(uid, sha256, place.part)) if place else 0
    return f"{stored / 1e6:.1f} MB of files, {ready / 1e6:.1f} MB made ready"


def all_but(sha256: str, read: ReadPart) -> ReadPart:
    """What was made ready, but of this file."""

    def part(centre: str, content: str, number: int) -> bytes:
        if content == sha256:
            raise FileNotFoundError
        return read(centre, content, number)

    return part


def made(installation: Installation, enrolment_id: int, prepared: ReadPart | None, at: datetime) -> tuple[float, str]:
    """Seconds of the processor that it takes to make a book, and the book's SHA-256."""
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "book.docx").open("w+b") as target:
        began = spent()
        with installation.database.reading() as session:
            source = queries.source_of(session, enrolment_id, as_of=at)
        with Extractor(Path(folder)) as read:
            files = Files(source.centre_uid, installation.store, read, prepared)
            write_source(target, source, files, lambda _done, _total, _message: None)
        seconds = spent() - began
        target.seek(0)
        return seconds, hashlib.file_digest(target, "sha256").hexdigest()


def spent() -> float:
    """Seconds of the processor so far, of this process and of those that it has ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
