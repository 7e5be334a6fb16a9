"""What a learner does with files that name people: draws on them, has a redacted version made, and uses it. It is made
and proved by the very programs that a worker has, at once.
"""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from portfolio.demo.dates import Ago
from portfolio.demo.scene import Scene
from portfolio.documents.redaction.plan import Box, Silence
from portfolio.errors import NotFound
from portfolio.evidence.models import EvidenceFile
from portfolio.jobs.running import Handler, Runner
from portfolio.redaction import actions, using
from portfolio.redaction.jobs import make_redacted
from portfolio.redaction.models import Redaction
from portfolio.redaction.rules import MAKE_REDACTED, RedactionState

LONG = 3600.0


def _file(scene: Scene, learner: str, ref: str, name: str) -> EvidenceFile:
    found = next((file for file in scene.evidence[learner, ref].latest.files if file.name == name), None)
    if found is None:
        raise NotFound(f"{ref} has no file {name}.")
    return found


@dataclass(frozen=True, slots=True)
class Drawn:
    """The learner draws boxes on a file's pages, or marks times of a recording."""

    at: Ago
    ref: str
    file: str
    boxes: tuple[Box, ...] = ()
    silences: tuple[Silence, ...] = ()

    def take(self, scene: Scene, learner: str) -> None:
        """Save what is drawn."""
        file = _file(scene, learner, self.ref, self.file)
        actions.mark(scene.session, file, self.boxes, self.silences, rev=0)


@dataclass(frozen=True, slots=True)
class Redacted:
    """The learner has a redacted version of a file made, and it is made."""

    at: Ago
    ref: str
    file: str

    def take(self, scene: Scene, learner: str) -> None:
        """Ask for it and make it, all in the one session of the building, which no lease has to be renewed for."""
        row = actions.ask(scene.session, scene.actor(learner), _file(scene, learner, self.ref, self.file))

        def one_session() -> AbstractContextManager[Session]:
            return nullcontext(scene.session)

        make = partial(
            make_redacted,
            reading=one_session,
            writing=one_session,
            store=scene.installation.store,
            derived=scene.installation.previews,
        )
        handler = Handler(may=lambda _session, _job: True, do=make)
        Runner(reading=one_session, writing=one_session, handlers={MAKE_REDACTED: handler}, beat=LONG).run_due()
        made = scene.session.get_one(Redaction, row.id)
        if made.state is not RedactionState.MADE:
            raise NotFound(f"{self.file} could not be redacted: {made.note}")


@dataclass(frozen=True, slots=True)
class Used:
    """The learner uses the redacted version, having looked at all of it; the original is destroyed."""

    at: Ago
    ref: str
    file: str

    def take(self, scene: Scene, learner: str) -> None:
        """Put it in the original's place."""
        using.use(scene.session, scene.actor(learner), _file(scene, learner, self.ref, self.file), checked=True)
