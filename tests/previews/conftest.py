"""A world with a file whose preview can be made."""

from collections.abc import Callable, Iterator
from threading import Event

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portfolio.audit import streams
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.installation import Installation
from portfolio.previews import actions, queries
from portfolio.previews.jobs import PreviewRunner
from portfolio.previews.models import Preview
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from portfolio.worker import make_preview_runner
from tests.cast import Cast


class Shelf:
    """The cast's contents and their previews."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.runner: PreviewRunner = make_preview_runner(installation, Event())

    def letter(self, session: Session) -> Blob:
        """A text that amina handed in."""
        return session.scalars(select(Blob).where(Blob.media_type == "text/plain").order_by(Blob.id)).first()  # type: ignore[return-value]  # the cast has some

    def ask(self) -> None:
        """Have the letter's preview made at the next occasion."""
        with self.installation.database.writing() as session:
            actions.ask_for(session, self.letter(session))
            session.commit()

    def preview(self) -> Preview | None:
        """The letter's preview as it stands."""
        with self.installation.database.reading() as session:
            found = session.scalar(select(Preview).where(Preview.blob_id == self.letter(session).id))
            if found is not None:
                assert found.blob.sha256
            return found

    def change(self, **values: object) -> None:
        """Something else about the letter's preview."""
        with self.installation.database.writing() as session:
            row = session.scalars(select(Preview).where(Preview.blob_id == self.letter(session).id)).one()
            for name, value in values.items():
                setattr(row, name, value)
            session.commit()

    def write(self, do: Callable[[Session], object]) -> None:
        """Something that only the product itself would write, with an event to go with it."""
        with self.installation.database.writing() as session:
            do(session)
            centre = session.scalars(select(Centre).order_by(Centre.id)).first()
            assert centre is not None
            streams.record(session, System(), "storage.bury", "blob:1", stream_id=centre.stream_id)
            session.commit()

    def bury_all(self) -> None:
        """No content is there any more."""
        self.write(lambda session: session.execute(update(Blob).values(state=BlobState.GONE)))

    def has_parts(self) -> bool:
        """Whether parts of the letter's preview lie in the store."""
        with self.installation.database.reading() as session:
            blob = self.letter(session)
            return self.installation.previews.has(queries.centre_uid(session, blob), blob.sha256)


@pytest.fixture
def shelf(installation: Installation, cast: Cast) -> Iterator[Shelf]:
    """With nothing asked for yet."""
    assert cast.people
    yield Shelf(installation)
    making = installation.settings.previews / ".making"
    assert not making.exists() or not list(making.iterdir())
