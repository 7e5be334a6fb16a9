"""A bucket that goes away in the middle: an upload fails cleanly and says so, nothing is half done, and all goes on."""

import threading
from contextlib import closing
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from portfolio import proof
from portfolio.config import Settings
from portfolio.evidence.models import Evidence, EvidenceFile
from portfolio.installation import Installation, open_installation
from portfolio.jobs.models import Job
from portfolio.jobs.rules import JobState
from portfolio.previews.models import Preview
from portfolio.previews.rules import MADE, PreviewState
from portfolio.storage.buckets import PART_SIZE
from portfolio.storage.models import Blob
from tests.bucket_server import BucketServer
from tests.cast import PASSWORD, Cast
from tests.conftest import bring_files
from tests.export.scenes import ask
from tests.processes.conftest import served
from tests.processes.test_several import wait_until
from tests.visitor import Visitor

SENT = (b"What the customer wrote. " * PART_SIZE)[: 2 * PART_SIZE + 1000]
"""So much that it goes in several parts."""
IN_THE_MIDDLE = 0.25


def counts(installation: Installation) -> tuple[int, ...]:
    """How many rows there are of what an upload adds."""
    with installation.database.reading() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(table)) or 0 for table in (Evidence, Blob, Preview)
        )


def lacking_a_preview(installation: Installation) -> int:
    """How many contents of evidence nobody has asked a preview of yet; housekeeping does, once it has begun."""
    named = select(EvidenceFile.blob_id).where(EvidenceFile.blob_id == Blob.id).exists()
    asked = select(Preview.id).where(Preview.blob_id == Blob.id).exists()
    with installation.database.reading() as session:
        return session.scalar(select(func.count(Blob.id)).where(named, ~asked, Blob.media_type.in_(MADE))) or 0


def newest(installation: Installation, column: Any) -> Any:
    """A column of its newest row."""
    with installation.database.reading() as session:
        return session.scalar(select(column).order_by(column.class_.id.desc()).limit(1))


def test_an_upload_fails_cleanly_and_all_goes_on_afterwards(
    settings: Settings, own_bucket_server: BucketServer, cast: Cast
) -> None:
    own = replace(settings, bucket=own_bucket_server.bucket())
    bring_files(own)
    with closing(open_installation(own)) as installation:
        name = f"/enrolments/{cast.enrolments['amina']}/evidence/add-files"
        with served(own, web_processes=1, workers=1) as running:
            wait_until(lambda: not lacking_a_preview(installation), "no previews are asked for of what is there")
            visitor = Visitor(running.port).sign_in(cast.email("amina"), PASSWORD)

            def send(title: str) -> Any:
                form = {**visitor.get(name).form("/add-files", having="title"), "title": title}
                return visitor.post(name, form, {"files": ("letter.txt", title.encode() + SENT)})

            before = counts(installation)
            stopping = threading.Timer(IN_THE_MIDDLE, own_bucket_server.stop)
            stopping.start()
            first = send("While it goes away")
            stopping.join()
            assert first.status in {303, 503}
            first_came = first.status == 303
            assert counts(installation) == tuple(count + first_came for count in before)
            before = counts(installation)
            refused = send("While it is away")
            assert (refused.status, bool(refused.retry_after)) == (503, True)
            assert b"The place where files are kept does not answer" in refused.body
            assert b"Nothing was saved" in refused.body
            assert counts(installation) == before
            assert list(own.incoming.iterdir()) == []
            assert visitor.get("/portfolio").status == 200, "a page that needs no file"
            ask(installation, cast)
            installation.waker.wake()
            wait_until(lambda: newest(installation, Job.attempts) == 1, "no worker takes the book")
            own_bucket_server.start()
            assert send("Now that it is back").status == 303
            evidence, blobs, previews = (now - count for now, count in zip(counts(installation), before, strict=True))
            assert (evidence, previews) == (1, 1)
            assert blobs in {1, 2}, "the letter, and the book when that is made by now"
            wait_until(lambda: newest(installation, Preview.state) is not PreviewState.WAITING, "no preview is made")
            wait_until(lambda: newest(installation, Job.state) is JobState.DONE, "the book is not made")
            visitor.connection.close()
        assert proof.verify(installation.database, installation.store).faults == ()
        assert all(installation.store.is_whole(centre, sha256) for centre, sha256 in installation.store.names())
