"""Making previews, one after the other, each by a process of its own. No transaction is open while one is made.

A preview is about content and the same for everybody, so nobody's rights are asked for here: who may see a file is
asked whenever it is shown.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Protocol

from portfolio.documents.preview import Manifest
from portfolio.documents.sandbox import Previewer
from portfolio.jobs.running import Transaction
from portfolio.previews import actions, queries
from portfolio.storage.blobs import LocalStore
from portfolio.storage.derived import DerivedStore

log = logging.getLogger("portfolio.previews")

MISSING = "The file is missing from the store. Tell your centre."
_LOOK = 0.2


class Maker(Protocol):
    """Makes the preview of a file in a folder. `end` has it give up, from another thread."""

    def __call__(self, path: Path, media_type: str, folder: Path) -> Manifest:
        """The manifest of the parts in the folder."""

    def end(self) -> None:
        """Give up on what is being made."""


@dataclass(frozen=True, slots=True)
class PreviewRunner:
    """What makes the previews of an installation. `stopping` is set from outside."""

    writing: Transaction
    store: LocalStore
    derived: DerivedStore
    stopping: Event = field(default_factory=Event)
    maker: Callable[[], Maker] = Previewer

    def make_next(self) -> bool:
        """Make the preview that has waited longest; False when none waits or this process is told to stop."""
        if self.stopping.is_set():
            return False
        with self.writing() as session:
            preview = actions.take(session)
            if preview is None:
                return False
            preview_id, blob = preview.id, preview.blob
            centre_uid, sha256, media_type = queries.centre_uid(session, blob), blob.sha256, blob.media_type
        with self.derived.making() as folder:
            manifest = self._made(self.store.path(centre_uid, sha256), media_type, folder)
            with self.writing() as session:
                if self.stopping.is_set():
                    actions.give_back(session, preview_id)
                    return False
                actions.keep(session, self.derived, preview_id, manifest=manifest.as_json(), folder=folder)
        return True

    def _made(self, path: Path, media_type: str, folder: Path) -> Manifest:
        if not path.exists():
            return Manifest(note=MISSING)
        make = self.maker()
        with self._ended_by_stopping(make):
            return make(path, media_type, folder)

    @contextmanager
    def _ended_by_stopping(self, make: Maker) -> Iterator[None]:
        """Told to stop, this process does not wait for a file that takes its time."""
        over = Event()

        def watch() -> None:
            while not over.wait(_LOOK):
                if self.stopping.is_set():
                    make.end()

        thread = Thread(target=watch, name="preview watcher", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
