"""Making previews, one after the other, each by a process of its own. No transaction is open while one is made.

A preview is about content and the same for everybody, so nobody's rights are asked for here: who may see a file is
asked whenever it is shown.
"""

import errno
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Protocol

from portfolio.documents.preview import Manifest
from portfolio.documents.sandbox import Previewer
from portfolio.errors import Unavailable
from portfolio.jobs.running import Transaction
from portfolio.previews import actions, queries
from portfolio.storage.stores import Derived, Store

log = logging.getLogger("portfolio.previews")

MISSING = "The file is missing from the store. Tell your centre."
ROOM = 16 * 1024 * 1024
"""Where less is free, that nothing could be made says nothing about the file."""
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
    store: Store
    derived: Derived
    stopping: Event = field(default_factory=Event)
    maker: Callable[[], Maker] = Previewer

    def make_next(self) -> bool:
        """Make the preview that has waited longest; False when none waits, when it cannot be made at this moment, and
        when this process is told to stop.
        """
        if self.stopping.is_set():
            return False
        with self.writing() as session:
            preview = actions.take(session)
            if preview is None:
                return False
            preview_id, blob = preview.id, preview.blob
            centre_uid, sha256, media_type = queries.centre_uid(session, blob), blob.sha256, blob.media_type
        try:
            with self.derived.making() as folder:
                had_room = _has_room(folder)
                manifest = self._made(centre_uid, sha256, media_type, folder)
                if not manifest.pieces and not (had_room and _has_room(folder)):
                    raise OSError(errno.ENOSPC, "there may have been no room for it")
                with self.writing() as session:
                    if not self.stopping.is_set():
                        actions.keep(session, self.derived, preview_id, manifest=manifest.as_json(), folder=folder)
                        return True
        except (Unavailable, OSError) as away:
            log.warning("no preview can be made now: %s", away)
        with self.writing() as session:
            actions.give_back(session, preview_id)
        return False

    def _made(self, centre_uid: str, sha256: str, media_type: str, folder: Path) -> Manifest:
        try:
            with self.store.here(centre_uid, sha256) as path:
                make = self.maker()
                with self._ended_by_stopping(make):
                    return make(path, media_type, folder)
        except FileNotFoundError:
            return Manifest(note=MISSING)

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


def _has_room(folder: Path) -> bool:
    return shutil.disk_usage(folder).free >= ROOM
