"""Ben adds files whose contents are to be looked through, and what does that is at hand."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from threading import Event

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, selectinload

from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.installation import Installation
from portfolio.screening.asking import OWN_WORDS
from portfolio.screening.contents import ContentRunner
from portfolio.screening.models import Entity, Finding, Scan
from portfolio.worker import make_content_runner, make_preview_runner
from tests.cast import Cast, add_files, upload
from tests.screened import InPlace

LETTER = b"Dear team,\n\nMrs Halina Brzezicka rang on 07700 900417. Mrs Brzezicka was upset.\n"


@dataclass
class Desk:
    """Ben adds files, and what looks through them is at hand."""

    installation: Installation
    cast: Cast

    @property
    def runner(self) -> ContentRunner:
        """What looks through contents."""
        return make_content_runner(self.installation, Event())

    def make_previews(self) -> None:
        """Every preview that waits."""
        quick = replace(make_preview_runner(self.installation, Event()), maker=InPlace)
        while quick.make_next():
            pass

    def look_through_all(self) -> None:
        """Until nothing waits."""
        runner = self.runner
        while runner.make_next() or self._previews_were_made():
            pass

    def _previews_were_made(self) -> bool:
        return replace(make_preview_runner(self.installation, Event()), maker=InPlace).make_next()

    def add(self, content: bytes = LETTER, name: str = "letter.txt", media_type: str = "text/plain") -> int:
        """An item of ben's with one file; answers its id."""
        with self.installation.database.writing() as session:
            details = Details(f"Work with {name}", date(2026, 11, 3), "I handled it.")
            file = upload(self.installation, content, name, media_type)
            added = add_files(session, self.installation, self.cast, "ben", details, [file])
            session.commit()
            return added.id

    def change(self, do: Callable[[Session, Evidence], object], evidence_id: int) -> None:
        """Something that ben does to an item."""
        with self.installation.database.writing() as session:
            do(session, session.get_one(Evidence, evidence_id))
            session.commit()

    def scans(self, evidence_id: int) -> list[Scan]:
        """The item's contents that were or will be looked through, with what was found."""
        with self.installation.database.reading() as session:
            uid = session.get_one(Evidence, evidence_id).uid
            of_item = select(Scan).where(Scan.item_uid == uid, Scan.source != OWN_WORDS).order_by(Scan.id)
            return list(session.scalars(of_item.options(selectinload(Scan.findings))))

    def scan(self, evidence_id: int) -> Scan:
        """Of its only content."""
        (found,) = self.scans(evidence_id)
        return found

    def set(self, **values: object) -> None:
        """Something else about all scans of contents; no part of the record."""
        with self.installation.database.writing() as session:
            session.execute(update(Scan).where(Scan.source != OWN_WORDS).values(**values))
            session.commit()

    def count(self, model: type[Finding | Entity | Scan]) -> int:
        """How many rows there are."""
        with self.installation.database.reading() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0
