"""Everything that the page of one item's personal data shows, for its maker: the words are cut from the texts.

What stands in the content of a file is told by its place alone: the page cuts it from the file's preview.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, String, bindparam, func, or_, select
from sqlalchemy.orm import Session

from portfolio.accounts.models import Person
from portfolio.anonymise.findings import Label
from portfolio.anonymise.pseudonyms import Part, pseudonym
from portfolio.centres.settings import settings_of
from portfolio.db import AnySelect, read
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion
from portfolio.screening.asking import OWN_WORDS
from portfolio.screening.decided import UNDECIDED, Rulings, rulings, state_of
from portfolio.screening.entities import Entities
from portfolio.screening.makers import MakersWords
from portfolio.screening.models import Entity, Finding, FindingDecision, Scan
from portfolio.screening.rules import IN_THE_WAY, Outcome, Reason, ScanState, State
from portfolio.screening.scanning import detector_of, is_current
from portfolio.screening.texts import ItemTexts, texts_of
from portfolio.storage.models import Blob

WORST = (State.OPEN, State.ASKED, State.CONFIRMED, State.KEPT, State.WARNS)
"""The states in the order in which they are in the way."""
SHOWN = frozenset({Outcome.REPLACED, Outcome.KEPT, Outcome.CONFIRMED, Outcome.ASKED, Outcome.REFUSED})


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in a text of the item, or in a piece of a file's content: text[start:end]. `before` and `after` are a few
    words beside it. `number` counts what is in the way, from 1, in the order of the page; 0 for the others.
    """

    finding_uid: str
    place: str
    start: int
    end: int
    words: str
    before: str
    after: str
    label: Label
    entity_uid: str
    state: State
    reason: str
    confidence: float
    number: int


@dataclass(frozen=True, slots=True)
class TextSeen:
    """One of the item's own texts with what was found in it; `title` is what the page calls the text."""

    place: str
    title: str
    text: str
    hits: tuple[Hit, ...]
    may_replace: bool
    """Whether it may still be rewritten: what was handed in may not."""


@dataclass(frozen=True, slots=True)
class EntitySeen:
    """A person or a thing with all its hits in this item; `pseudonym` is its own, or the next that is free.

    `state` is that of the hit that is most in the way. `likely_same` are others that may be the same one, each with its
    words, to be joined with one press; of one that is to be looked at in the item's own texts.
    """

    uid: str
    label: Label
    part: Part
    pseudonym: str
    is_named: bool
    """Whether it has the pseudonym already."""
    words: tuple[str, ...]
    hits: tuple[Hit, ...]
    is_ours: bool
    state: State
    likely_same: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class ContentSeen:
    """A file's content, and how far the looking through of it has come."""

    file_id: int
    uid: str
    name: str
    media_type: str
    sha256: str
    state: ScanState
    note: str
    hits: tuple[Hit, ...]
    checked_by: str
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class DecidedSeen:
    """An act: what was decided, about how many places, by whom. `words` are those that the key still gives."""

    act: str
    entity_uid: str
    outcome: Outcome
    reason: Reason | None
    said: str
    label: Label
    pseudonym: str
    words: tuple[str, ...]
    count: int
    by: str
    role_word: str
    at: datetime
    may_undo: bool


@dataclass(frozen=True, slots=True)
class NamedSeen:
    """Somebody or something of the enrolment that has a pseudonym, with the words that its key still gives."""

    uid: str
    label: Label
    pseudonym: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that the page shows of an item. `left` of `total` findings are still to be decided.

    `is_stale`: the words or the lists changed since it was looked through, or it never was.
    """

    entities: tuple[EntitySeen, ...]
    texts: tuple[TextSeen, ...]
    contents: tuple[ContentSeen, ...]
    decided: tuple[DecidedSeen, ...]
    named: tuple[NamedSeen, ...]
    left: int
    total: int
    is_draft: bool
    key_is_gone: bool
    """Whether who is who was forgotten: what was replaced cannot be put back."""
    is_stale: bool


@cache
def _scans() -> AnySelect:
    return (
        select(*Scan.__table__.columns, Person.name.label("checked_by"))
        .outerjoin(Person, Person.id == Scan.checked_by_id)
        .where(Scan.item_uid == bindparam("item", type_=String))
    )


@cache
def _findings() -> AnySelect:
    return (
        select(*Finding.__table__.columns, Scan.source)
        .join(Scan, Scan.id == Finding.scan_id)
        .where(Finding.item_uid == bindparam("item", type_=String))
        .order_by(Finding.start, Finding.id)
    )


@cache
def _decisions() -> AnySelect:
    return (
        select(*FindingDecision.__table__.columns, Person.name.label("by"))
        .join(Person, Person.id == FindingDecision.by_id)
        .where(FindingDecision.item_uid == bindparam("item", type_=String))
        .order_by(FindingDecision.id)
    )


@cache
def _files() -> AnySelect:
    return (
        select(EvidenceFile.id, EvidenceFile.uid, EvidenceFile.name, Blob.sha256, Blob.media_type, EvidenceVersion.no)
        .join(EvidenceVersion, EvidenceVersion.id == EvidenceFile.version_id)
        .join(Blob, Blob.id == EvidenceFile.blob_id)
        .where(
            EvidenceVersion.evidence_id == bindparam("evidence_id", type_=Integer),
            or_(EvidenceVersion.frozen_at.is_(None), EvidenceVersion.withdrawn_at.is_(None)),
        )
        .order_by(EvidenceVersion.no.desc(), EvidenceFile.id)
    )


@cache
def _marks() -> AnySelect:
    its = (Scan.item_uid == bindparam("item", type_=String)) & (Scan.source == Blob.sha256)
    state = select(Scan.state).where(its).correlate(Blob).scalar_subquery()
    found = select(func.count(Finding.id)).join(Finding.scan).where(its).correlate(Blob).scalar_subquery()
    return _files().add_columns(state.label("state"), found.label("found"))


def mark_of_files(session: Session, evidence: Evidence) -> str:
    """By which one sees that the looking through of an item's files has gone on. One statement."""
    rows = _newest(read(session, _marks(), evidence_id=evidence.id, item=evidence.uid).all())
    return ".".join(f"{row.state or ScanState.WAITING}{row.found}" for row in rows)


def review_of(session: Session, evidence: Evidence) -> Review:
    """What was found in an item, where, whose it is and how each finding stands. About nine statements."""
    texts = texts_of(session, evidence.id)
    scans = {row.source: row for row in read(session, _scans(), item=evidence.uid)}
    decisions = read(session, _decisions(), item=evidence.uid).all()
    entities = Entities(session, evidence.enrolment)
    files = _newest(read(session, _files(), evidence_id=evidence.id).all())
    found = _in_order(read(session, _findings(), item=evidence.uid), texts, [row.sha256 for row in files])
    ruled = rulings((row.item_uid, row.token, row.outcome, row.label) for row in decisions)
    makers = MakersWords(session, evidence)
    hits = _Hits(found, evidence, texts.by_place, ruled, entities, makers)
    seen = tuple(
        TextSeen(one.place, one.title, one.text, hits.in_text(one.place), one.may_replace) for one in texts.texts
    )
    contents = tuple(_content(row, scans.get(row.sha256), hits.in_content(row.sha256)) for row in files)
    decided = _decided(decisions, entities, makers)
    replaced = sum(one.count for one in decided if one.outcome is Outcome.REPLACED)
    own = scans.get(OWN_WORDS)
    return Review(
        entities=hits.by_entity(),
        texts=seen,
        contents=contents,
        decided=decided,
        named=tuple(
            NamedSeen(one.entity.uid, one.entity.label, entities.pseudonym(one.entity), words)
            for one in entities.known
            if one.entity.number is not None and (words := makers.of(one))
        ),
        left=hits.left,
        total=replaced + sum(hit.state is not State.WARNS for hit in hits.all),
        is_draft=texts.is_draft,
        key_is_gone=any(one.is_gone and one.entity.number is not None for one in entities.known),
        is_stale=own is None
        or own.digest != texts.digest
        or not is_current(own.state, own.detector, detector_of(session, evidence.enrolment)),
    )


def _newest(rows: Sequence[Any]) -> list[Any]:
    """The files of the newest version, and those of the newest before it whose contents are not among them."""
    numbers = sorted({row.no for row in rows}, reverse=True)
    latest = [row for row in rows if row.no == numbers[0]]
    known = {row.sha256 for row in latest}
    return [*latest, *(row for row in rows if row.no in numbers[1:2] and row.sha256 not in known)]


def _in_order(rows: Iterable[Any], texts: ItemTexts, contents: Sequence[str]) -> list[Any]:
    """What was found in the item's own texts and in these contents, in the order of the page."""
    shown = {source: number for number, source in enumerate((OWN_WORDS, *contents))}
    order = {place: number for number, place in enumerate(texts.by_place)}
    kept = [row for row in rows if row.source in shown]
    return sorted(kept, key=lambda row: (shown[row.source], order.get(row.place, 0), row.place, row.start))


class _Hits:
    """Everything that was found in an item, in the order of its page."""

    def __init__(
        self,
        rows: Iterable[Any],
        evidence: Evidence,
        texts: Mapping[str, str],
        ruled: Rulings,
        entities: Entities,
        makers: MakersWords,
    ) -> None:
        self._texts, self._entities, self._rulings, self._makers = texts, entities, ruled, makers
        self._settings = settings_of(evidence.enrolment.centre.settings)
        self.left = 0
        self._by_source: dict[str, dict[str, list[Hit]]] = {}
        self._ours: dict[str, list[bool]] = {}
        self._next: dict[Label, int] = {}
        uids = {one.entity.id: one.entity.uid for one in entities.known}
        for row in rows:
            hit = self._hit(evidence, row, uids.get(row.entity_id, ""))
            self._by_source.setdefault(row.source, {}).setdefault(row.place, []).append(hit)
            self._ours.setdefault(hit.entity_uid, []).append(row.is_ours)

    def _hit(self, evidence: Evidence, row: Any, entity_uid: str) -> Hit:
        ruling = self._rulings.get((evidence.uid, row.token), UNDECIDED)
        state = state_of(row.label, ruling, is_ours=row.is_ours, settings=self._settings)
        self.left += state in IN_THE_WAY
        return Hit(
            finding_uid=row.uid,
            place=row.place,
            start=row.start,
            end=row.end,
            words=self._texts.get(row.place, "")[row.start : row.end] if row.source == OWN_WORDS else "",
            before="",
            after="",
            label=ruling.label or row.label,
            entity_uid=entity_uid,
            state=state,
            reason=row.reason,
            confidence=row.confidence / 100,
            number=self.left if state in IN_THE_WAY else 0,
        )

    @property
    def all(self) -> list[Hit]:
        """Each hit once."""
        return [hit for places in self._by_source.values() for hits in places.values() for hit in hits]

    def in_text(self, place: str) -> tuple[Hit, ...]:
        """What was found in one of the item's own texts."""
        return tuple(self._by_source.get(OWN_WORDS, {}).get(place, ()))

    def in_content(self, sha256: str) -> tuple[Hit, ...]:
        """What was found in the content of a file."""
        return tuple(hit for hits in self._by_source.get(sha256, {}).values() for hit in hits)

    def by_entity(self) -> tuple[EntitySeen, ...]:
        """Whom and what the item names, in the order in which the page comes to them."""
        groups: dict[str, list[Hit]] = {}
        for hit in self.all:
            groups.setdefault(hit.entity_uid, []).append(hit)
        return tuple(self._entity(uid, hits) for uid, hits in groups.items() if uid)

    def _pseudonym(self, entity: Entity) -> str:
        if entity.number is None and entity.label not in self._next:
            self._next[entity.label] = self._entities.next_number(entity.label, self._texts.values())
        return pseudonym(entity.label, entity.part, entity.number or self._next[entity.label])

    def _entity(self, uid: str, hits: Sequence[Hit]) -> EntitySeen:
        known = self._entities.by_uid(uid)
        assert known is not None  # noqa: S101 - hits are grouped by the entities that are known
        has_card = any(hit.words and hit.state is not State.KEPT for hit in hits)
        return EntitySeen(
            uid=uid,
            label=hits[0].label,
            part=known.entity.part,
            pseudonym=self._pseudonym(known.entity),
            is_named=known.entity.number is not None,
            words=tuple(dict.fromkeys([*(hit.words for hit in hits if hit.words), *self._makers.of(known)])),
            hits=tuple(hits),
            is_ours=all(self._ours[uid]),
            state=min((hit.state for hit in hits), key=WORST.index),
            likely_same=self._makers.likely_same(known, self._entities) if has_card else (),
        )


def _content(file: Any, scan: Any, hits: tuple[Hit, ...]) -> ContentSeen:
    return ContentSeen(
        file_id=file.id,
        uid=file.uid,
        name=file.name,
        media_type=file.media_type,
        sha256=file.sha256,
        state=scan.state if scan is not None else ScanState.WAITING,
        note=scan.note if scan is not None else "",
        hits=hits,
        checked_by=(scan.checked_by or "") if scan is not None else "",
        checked_at=scan.checked_at if scan is not None else None,
    )


def _decided(rows: Sequence[Any], entities: Entities, makers: MakersWords) -> tuple[DecidedSeen, ...]:
    """The acts that hold, the newest first."""
    undone = {row.undoes for row in rows if row.undoes}
    newest = {row.token: row.act for row in rows if row.outcome is not Outcome.RELABELLED}
    acts: dict[str, list[Any]] = {}
    for row in rows:
        holds = row.outcome is Outcome.REPLACED or newest.get(row.token) == row.act
        if row.outcome in SHOWN and row.act not in undone and holds:
            acts.setdefault(row.act, []).append(row)
    return tuple(_act(act, mine, entities, makers) for act, mine in reversed(acts.items()))


def _act(act: str, rows: Sequence[Any], entities: Entities, makers: MakersWords) -> DecidedSeen:
    first = rows[0]
    keys = [known for uid in dict.fromkeys(row.entity_uid for row in rows) if (known := entities.by_uid(uid))]
    put = [one.words for known in keys for one in known.key.put.get(act, ())]
    tokens = {row.token for row in rows}
    said = put or [words for known in keys for words in makers.of(known, among=tokens)]
    return DecidedSeen(
        act=act,
        entity_uid=first.entity_uid,
        outcome=first.outcome,
        reason=first.reason,
        said=first.said,
        label=first.label,
        pseudonym=first.pseudonym,
        words=tuple(dict.fromkeys(said)),
        count=sum(row.places for row in rows),
        by=first.by,
        role_word=first.role_word,
        at=first.at,
        may_undo=bool(put) if first.outcome is Outcome.REPLACED else first.outcome is not Outcome.REFUSED,
    )
