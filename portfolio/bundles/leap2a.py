"""Making a Leap2A file: a portfolio read at one moment, looked through like a Word book, written as a stream, told by
its trail. It shows what a book of the same choice shows, so what holds it back holds the book back too.
"""

from dataclasses import dataclass
from pathlib import Path

from portfolio.audit import streams
from portfolio.audit.events import Doer
from portfolio.bundles.archive import Archive
from portfolio.bundles.leap2a_parts import Parts
from portfolio.bundles.outcome import Held, Tell
from portfolio.db import Database
from portfolio.documents.leap2a.profiles import Profile
from portfolio.documents.leap2a.writer import LEAP2A, write_leap2a
from portfolio.enrolment.actions import held
from portfolio.errors import InvalidState
from portfolio.export import actions, gate, gate_queries, holding, queries
from portfolio.export.gate_queries import Looked
from portfolio.export.narrowing import narrowed
from portfolio.export.queries import Source
from portfolio.export.rules import WHOLE, Choice
from portfolio.storage.stores import Store

MISSING = "A file of this {portfolio} is missing from the store. Tell your centre."


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: how many items and files; or why nothing was."""

    items: int
    files: int
    held: Held | None = None


@dataclass(frozen=True, slots=True)
class Leap2aMaker:
    """Makes Leap2A files of one installation."""

    database: Database
    store: Store

    def make(
        self,
        enrolment_id: int,
        target: Path,
        *,
        doer: Doer,
        profile: Profile,
        choice: Choice = WHOLE,
        tell: Tell,
    ) -> Made:
        """Write the archive of a portfolio to a file that is not there yet. Nothing is written of one that may show a
        real person. Raises InvalidState when the portfolio changed meanwhile, and then leaves nothing behind.
        """
        source, looked = self._read(enrolment_id, choice)
        if looked.held:
            self._ask_for_waiting(enrolment_id, looked)
            reason = gate.sentence(looked.held)
            return Made(0, 0, Held(enrolment_id, source.enrolment.learner.name, reason, looked.held))
        parts = Parts(source)
        target.touch(0o600, exist_ok=False)
        try:
            self._write(target, source, parts, profile, tell)
            self._note(doer, source, looked, profile, parts)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return Made(parts.items, len(parts.files))

    def _read(self, enrolment_id: int, choice: Choice) -> tuple[Source, Looked]:
        with self.database.reading() as session:
            source = narrowed(queries.source_of(session, enrolment_id), choice)
            return source, gate_queries.look(session, source, lambda _done, _total, _message: None)

    def _ask_for_waiting(self, enrolment_id: int, looked: Looked) -> None:
        """What was not looked through as it would be today is looked through next, for another time."""
        if looked.waiting:
            with self.database.writing() as session:
                holding.ask_for_waiting(session, enrolment_id, looked)
                session.commit()

    def _write(self, target: Path, source: Source, parts: Parts, profile: Profile, tell: Tell) -> None:
        with (
            self.store.workbench() as bench,
            target.open("wb") as out,
            Archive(out, source.as_of) as archive,
        ):
            with (bench / LEAP2A).open("x+b") as xml:
                write_leap2a(xml, parts.portfolio(tell), profile)
                xml.seek(0)
                archive.copy(LEAP2A, xml)
            self._copy(archive, source.centre_uid, parts, tell)

    def _copy(self, archive: Archive, centre_uid: str, parts: Parts, tell: Tell) -> None:
        for number, file in enumerate(parts.files, parts.items):
            tell(number, parts.steps, file.entry.title)
            try:
                with self.store.here(centre_uid, file.sha256) as place, place.open("rb") as content:
                    archive.copy(file.entry.path, content)
            except FileNotFoundError as gone:
                raise InvalidState(MISSING) from gone

    def _note(self, doer: Doer, source: Source, looked: Looked, profile: Profile, parts: Parts) -> None:
        """The trail tells of it, unless what it shows changed while it was written."""
        choice = source.choice
        with self.database.writing() as session:
            enrolment = held(session, source.enrolment.id, even_over=True)
            actions.check_whole(session, enrolment, source.as_of)
            holding.check_still_clear(session, enrolment, looked)
            streams.record(
                session,
                doer,
                "export.leap2a",
                streams.named(enrolment),
                stream_id=enrolment.stream_id,
                text={
                    "as_of": source.as_of.isoformat(timespec="microseconds"),
                    "items": parts.items,
                    "files": len(parts.files),
                    "head": source.events[-1].seq,
                    "profile": profile.value,
                    **({"choice": choice.as_json} if choice != WHOLE else {}),
                },
            )
            session.commit()
