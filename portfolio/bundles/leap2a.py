"""Making a Leap2A file: a portfolio read at one moment, looked through like a Word book, written as a stream, told by
its trail. It shows what a book of the same choice shows, so what holds it back holds the book back too.
"""

from dataclasses import dataclass
from pathlib import Path

from portfolio.audit import streams
from portfolio.audit.events import Doer
from portfolio.bundles.archive import Archive
from portfolio.bundles.leap2a_parts import Parts
from portfolio.bundles.making import Keeper, LookThrough
from portfolio.bundles.outcome import Bundle, Held, Made, Tell
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
class Leap2aMaker:
    """Makes Leap2A files of one installation."""

    database: Database
    store: Store
    look_through: LookThrough | None = None
    work: str = ""
    """What it is made for: what a process that was killed over the same has left goes first."""

    def make(
        self,
        enrolment_id: int,
        target: Path,
        *,
        doer: Doer,
        profile: Profile,
        choice: Choice = WHOLE,
        tell: Tell,
        keeper: Keeper | None = None,
    ) -> Bundle:
        """Write the archive of a portfolio to a file that is not there yet. Nothing is written of one that may show a
        real person. Raises InvalidState when the portfolio changed meanwhile, and then leaves nothing behind.
        """
        source, looked = self._looked_through(enrolment_id, choice, tell)
        learner = source.enrolment.learner.name
        if looked.held:
            return Bundle((), (Held(enrolment_id, learner, gate.sentence(looked.held), looked.held),))
        parts = Parts(source)
        made = Made(enrolment_id, learner, source.as_of, looked, source.events[-1].seq, parts.items, len(parts.files))
        target.touch(0o600, exist_ok=False)
        try:
            self._write(target, source, parts, profile, tell)
            if keeper is not None:
                keeper.send(target)
            self._note(doer, made, choice, profile, keeper)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return Bundle((made,), ())

    def _looked_through(self, enrolment_id: int, choice: Choice, tell: Tell) -> tuple[Source, Looked]:
        """The portfolio at one moment, once what waits in it was looked through, as far as that is done here."""
        read = self._read(enrolment_id, choice)
        if not read[1].waiting:
            return read
        self._ask_for_waiting(enrolment_id, read[1])
        if self.look_through is None:
            return read
        self.look_through(enrolment_id, read[1], tell)
        return self._read(enrolment_id, choice)

    def _read(self, enrolment_id: int, choice: Choice) -> tuple[Source, Looked]:
        with self.database.reading() as session:
            source = narrowed(queries.source_of(session, enrolment_id), choice)
            return source, gate_queries.look(session, source, lambda _done, _total, _message: None)

    def _ask_for_waiting(self, enrolment_id: int, looked: Looked) -> None:
        """What was not looked through as it would be today is looked through next, for another time."""
        with self.database.writing() as session:
            holding.ask_for_waiting(session, enrolment_id, looked)
            session.commit()

    def _write(self, target: Path, source: Source, parts: Parts, profile: Profile, tell: Tell) -> None:
        with (
            self.store.workbench(self.work) as bench,
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

    def _note(self, doer: Doer, made: Made, choice: Choice, profile: Profile, keeper: Keeper | None) -> None:
        """The trail tells of it, and it is kept, unless what it shows changed while it was written."""
        with self.database.writing() as session:
            enrolment = held(session, made.enrolment_id, even_over=True)
            actions.check_whole(session, enrolment, made.as_of)
            holding.check_still_clear(session, enrolment, made.looked)
            streams.record(
                session,
                doer,
                "export.leap2a",
                streams.named(enrolment),
                stream_id=enrolment.stream_id,
                text={
                    "as_of": made.as_of.isoformat(timespec="microseconds"),
                    "items": made.items,
                    "files": made.files,
                    "head": made.head_seq,
                    "profile": profile.value,
                    **({"choice": choice.as_json} if choice != WHOLE else {}),
                },
            )
            if keeper is not None:
                keeper.keep(session, Bundle((made,), ()))
            session.commit()
