"""What every act on an item's findings begins with: the enrolment held, the words looked through as they are."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portfolio.anonymise.pseudonyms import alike, pseudonym
from portfolio.centres.settings import CentreSettings, settings_of
from portfolio.enrolment.actions import held, lock
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Conflict, Rejected
from portfolio.evidence.actions import check_shown
from portfolio.evidence.models import Evidence
from portfolio.screening.acting import Entry
from portfolio.screening.asking import OWN_WORDS
from portfolio.screening.entities import Entities, Known, tidy
from portfolio.screening.models import Finding, Scan
from portfolio.screening.rules import REASON_MOST, Reason
from portfolio.screening.scanning import look, pointing_at
from portfolio.screening.texts import ItemTexts, texts_of

GONE = "What this was about has changed in another window. Here it is as it stands now."
NEEDS_WORDS = "Say in a few words why it may stay, without the words themselves."

SAYS_IT = "This goes on record, and it names what it is about. Say it without the words themselves."


@dataclass(slots=True)
class Desk:
    """An item with its texts, all that was found in it, and everybody that its enrolment knows."""

    session: Session
    enrolment: Enrolment
    evidence: Evidence
    item: ItemTexts
    entities: Entities
    settings: CentreSettings
    rows: list[Finding]

    @property
    def texts(self) -> dict[str, str]:
        """The item's own texts, by place."""
        return self.item.by_place

    @property
    def rewritable(self) -> dict[str, str]:
        """Those of them that may be rewritten."""
        return {one.place: one.text for one in self.item.texts if one.may_replace}

    def entity(self, uid: str) -> Known:
        """One of the enrolment's. Raises Conflict when it is there no more."""
        one = self.entities.by_uid(uid)
        if one is None:
            raise Conflict(GONE)
        return one

    def findings(self, *, entity_uid: str | None = None, uids: Collection[str] | None = None) -> list[Finding]:
        """Those of an entity, or these; of both, these. Raises Conflict when one is gone, or there is none."""
        rows = self.rows if entity_uid is None else [row for row in self.rows if row.entity.uid == entity_uid]
        if uids is not None:
            rows = [row for row in rows if row.uid in uids]
            if {row.uid for row in rows} != set(uids):
                raise Conflict(GONE)
        if not rows:
            raise Conflict(GONE)
        return rows

    def is_own(self, row: Finding) -> bool:
        """Whether it stands in the item's own texts, and not in a file."""
        return row.scan.source == OWN_WORDS

    def may_replace(self, row: Finding) -> bool:
        """Whether the text that it stands in may be rewritten."""
        return self.is_own(row) and row.place in self.rewritable

    def words(self, row: Finding) -> str:
        """What stands there; nothing for what stands in a file."""
        return self.texts.get(row.place, "")[row.start : row.end] if self.is_own(row) else ""

    def said(self, rows: Sequence[Finding]) -> list[str]:
        """All that a reason about these findings may not repeat: their words; of one in a file, whatever its person or
        thing is called.
        """
        called = {one.entity.id: one.key.mentions for one in self.entities.known}
        in_files = dict.fromkeys(row.entity_id for row in rows if not self.is_own(row))
        own = [self.words(row) for row in rows if self.is_own(row)]
        return [*own, *(words for entity_id in in_files for words in called.get(entity_id, ()))]

    def entries(self, rows: Sequence[Finding]) -> list[Entry]:
        """What a decision about these findings is about: each of their words once."""
        places = Counter(row.token for row in rows)
        first = {row.token: row for row in reversed(rows)}
        return [Entry(token, row.label, row.entity.uid, _name(row), places[token]) for token, row in first.items()]

    def labels(self, rows: Sequence[Finding]) -> list[str]:
        """The sorts of what was found."""
        return sorted({row.label.value for row in rows})

    def move(self, rows: Sequence[Finding], to: Known) -> None:
        """In this item these words mean that entity from now on, wherever they stand."""
        tokens, before = {row.token for row in rows}, {row.entity_id for row in rows}
        moved = [row for row in self.rows if row.token in tokens]
        label = to.entity.label
        said = [words for row in moved if (words := self.words(row))]
        to.learn(said)
        here = {alike(label, words) for words in said}
        for one in self.entities.known:
            if one is not to and self.evidence.uid in one.key.here:
                one.key.here[self.evidence.uid] = [w for w in one.key.here[self.evidence.uid] if w not in here]
                self.entities.seal(one)
        to.key.here[self.evidence.uid] = sorted({*to.key.here.get(self.evidence.uid, ()), *here})
        self.entities.seal(to)
        self.session.flush()
        for row in moved:
            row.entity = to.entity
        self.session.flush()
        tidy(self.session, self.entities, before - {to.entity.id})


def _name(row: Finding) -> str:
    entity = row.entity
    return pseudonym(entity.label, entity.part, entity.number) if entity.number is not None else ""


def desk_of(session: Session, evidence: Evidence, *, changes: bool = False, even_over: bool = False) -> Desk:
    """Hold the enrolment and have the item's words looked through as they are; `changes`: they are about to change.

    Raises InvalidState while personal data is taken out of the item, or when the enrolment is over, unless `even_over`.
    """
    enrolment = (lock if changes else held)(session, evidence.enrolment_id, even_over=even_over)
    session.refresh(evidence)
    check_shown(evidence)
    texts = texts_of(session, evidence.id)
    look(session, evidence, texts)
    rows = session.scalars(
        select(Finding)
        .join(Scan, Scan.id == Finding.scan_id)
        .where(Finding.item_uid == evidence.uid)
        .options(joinedload(Finding.scan), joinedload(Finding.entity))
        .order_by(Scan.source, Finding.place, Finding.start),
        execution_options={"populate_existing": True},
    ).all()
    settings = settings_of(enrolment.centre.settings)
    return Desk(session, enrolment, evidence, texts, Entities(session, enrolment), settings, list(rows))


def check_said(session: Session, enrolment: Enrolment, said: str, reason: Reason, words: Sequence[str]) -> str:
    """Why something may stay, in a line. Raises Rejected when it says what was found, or anything else of the sort."""
    said = " ".join(said.split())
    if len(said) > REASON_MOST:
        raise Rejected(f"Keep this to {REASON_MOST} characters.", "said")
    if reason is Reason.OTHER and not said:
        raise Rejected(NEEDS_WORDS, "said")
    if not said:
        return ""
    folded = said.casefold()
    repeats = any(" ".join(one.split()).casefold() in folded for one in words if one.strip())
    if repeats or pointing_at(session, enrolment, {"said": said}):
        raise Rejected(SAYS_IT, "said")
    return said
