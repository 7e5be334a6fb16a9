"""What makers of items ask an administrator to let stay: a list without the words, and one with its sentences.

An administrator sees no draft. Of an item that is asked about they see what was found, in its sentence, and no more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import Session, aliased

from portfolio.accounts.models import Person
from portfolio.anonymise.findings import Label
from portfolio.centres.models import Centre
from portfolio.db import AnySelect, read
from portfolio.documents.codec import Malformed
from portfolio.documents.preview import manifest_of
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState
from portfolio.evidence.models import Evidence
from portfolio.previews.models import Preview
from portfolio.screening.contents import words_of
from portfolio.screening.models import Finding, FindingDecision, Scan
from portfolio.screening.quoting import Place, Quote, quoted
from portfolio.screening.rules import Outcome, Reason
from portfolio.screening.texts import texts_of
from portfolio.storage.models import Blob
from portfolio.storage.stores import Derived

STATEMENTS = 500
SETTLED = "This was answered already, or is not asked any more."
QUOTES_MOST = 12
"""How many places of what is asked are shown."""


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One act of asking, for a list: whose item, what sorts of personal data, why it should stay, by whom and when."""

    id: int
    ref: str
    learner: str
    labels: tuple[Label, ...]
    reason: Reason | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked in one act. `is_cut`: there are more places than are quoted, or a file that cannot be read now."""

    evidence: Evidence
    labels: tuple[Label, ...]
    reason: Reason | None
    said: str
    by: str
    at: datetime
    quotes: tuple[Quote, ...]
    is_cut: bool


def _is_open() -> tuple[ColumnElement[bool], ...]:
    """The row is the newest decision on its words, whatever sort they were said to be of since, and they are still
    found in the item, which is neither in the trash nor hidden.
    """
    newer, shown = aliased(FindingDecision), aliased(Evidence)
    return (
        FindingDecision.outcome == Outcome.ASKED,
        ~exists().where(
            newer.item_uid == FindingDecision.item_uid,
            newer.token == FindingDecision.token,
            newer.id > FindingDecision.id,
            newer.outcome != Outcome.RELABELLED,
        ),
        exists().where(Finding.item_uid == FindingDecision.item_uid, Finding.token == FindingDecision.token),
        select(shown.id)
        .where(shown.uid == FindingDecision.item_uid, shown.trashed_at.is_(None), shown.hidden_at.is_(None))
        .exists(),
    )


@lru_cache(maxsize=STATEMENTS)
def _asked_within(within: Select[tuple[FindingDecision]]) -> AnySelect:
    learner, by = aliased(Person), aliased(Person)
    return (
        select(
            FindingDecision.id,
            FindingDecision.act,
            FindingDecision.label,
            FindingDecision.reason,
            FindingDecision.at,
            Evidence.ref,
            learner.name.label("learner"),
            by.name.label("by"),
        )
        .join(Evidence, Evidence.uid == FindingDecision.item_uid)
        .join(Enrolment, Enrolment.id == FindingDecision.enrolment_id)
        .join(learner, learner.id == Enrolment.learner_id)
        .join(by, by.id == FindingDecision.by_id)
        .where(*_is_open(), FindingDecision.id.in_(within.with_only_columns(FindingDecision.id).correlate(None)))
        .order_by(FindingDecision.id)
    )


def asked_within(session: Session, within: Select[tuple[FindingDecision]]) -> list[AskedRow]:
    """What is asked among what somebody may answer, the longest waiting first. One statement."""
    acts: dict[str, list[object]] = {}
    found = read(session, _asked_within(within)).all()
    for row in found:
        acts.setdefault(row.act, []).append(row.label)
    first = {row.act: row for row in reversed(found)}
    return [
        AskedRow(
            id=row.id,
            ref=row.ref,
            learner=row.learner,
            labels=tuple(label for label in Label if label in acts[row.act]),
            reason=row.reason,
            by=row.by,
            at=row.at,
        )
        for row in sorted(first.values(), key=lambda row: row.id)
    ]


def still_asked(session: Session, asked: FindingDecision) -> Sequence[FindingDecision]:
    """The rows of an act that are still to be answered. Raises InvalidState when none is."""
    rows = session.scalars(
        select(FindingDecision).where(FindingDecision.act == asked.act, *_is_open()).order_by(FindingDecision.id)
    ).all()
    if not rows:
        raise InvalidState(SETTLED)
    return rows


def asked_of(session: Session, asked: FindingDecision, derived: Derived) -> Asked:
    """What is asked in one act, each place with its sentence. Raises InvalidState when nothing is asked any more."""
    rows = still_asked(session, asked)
    evidence = item_of(session, asked)
    quotes = _quotes(session, evidence, {row.token for row in rows}, derived)
    shown = [quote for quote in quotes if quote is not None]
    return Asked(
        evidence=evidence,
        labels=tuple(label for label in Label if label in {row.label for row in rows}),
        reason=asked.reason,
        said=asked.said,
        by=asked.by.name,
        at=asked.at,
        quotes=tuple(dict.fromkeys(shown))[:QUOTES_MOST],
        is_cut=len(set(shown)) > QUOTES_MOST or None in quotes,
    )


def item_of(session: Session, asked: FindingDecision) -> Evidence:
    """The item that is asked about. Raises InvalidState when it is gone."""
    evidence = session.scalar(select(Evidence).where(Evidence.uid == asked.item_uid))
    if evidence is None:
        raise InvalidState(SETTLED)
    return evidence


def _quotes(session: Session, evidence: Evidence, tokens: set[str], derived: Derived) -> list[Quote | None]:
    """The sentences of these words in the order of the page; None for one that cannot be shown at present."""
    rows = session.execute(
        select(Finding.token, Finding.place, Finding.start, Finding.end, Finding.label, Scan.source)
        .join(Scan, Scan.id == Finding.scan_id)
        .where(Finding.item_uid == evidence.uid)
        .order_by(Scan.source, Finding.id)
    ).all()
    texts: dict[str, Mapping[str, str]] = {}
    found: list[Quote | None] = []
    for row in rows:
        if row.token not in tokens:
            continue
        if row.source not in texts:
            texts[row.source] = texts_in(session, evidence, row.source, derived)
        text = texts[row.source].get(row.place, "")
        others = [
            Place(one.start, one.end, one.label)
            for one in rows
            if (one.source, one.place) == (row.source, row.place) and one.token not in tokens
        ]
        is_there = row.end <= len(text)
        found.append(quoted(text, Place(row.start, row.end, row.label), others) if is_there else None)
    return found


def texts_in(session: Session, evidence: Evidence, source: str, derived: Derived) -> Mapping[str, str]:
    """The texts of a source by place: the item's own words, or a file's content; none when they cannot be had now."""
    if not source:
        return texts_of(session, evidence.id).by_place
    row = session.execute(
        select(Centre.uid, Preview.manifest)
        .join(Blob, Blob.centre_id == Centre.id)
        .join(Preview, Preview.blob_id == Blob.id)
        .where(and_(Centre.id == evidence.enrolment.centre_id, Blob.sha256 == source))
    ).one_or_none()
    try:
        return words_of(derived, row.uid, source, manifest_of(row.manifest)).texts if row is not None else {}
    except (FileNotFoundError, Malformed):
        return {}


def others_asked(session: Session, evidence: Evidence) -> bool:
    """Whether anything about the item is still to be answered."""
    row = select(FindingDecision.id).where(FindingDecision.item_uid == evidence.uid, *_is_open()).limit(1)
    return session.scalar(row) is not None
