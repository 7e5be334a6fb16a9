"""Keeping what a scan found: each finding with its entity by what is known of the enrolment, and no words beside it.

A finding whose words stand in the same place as before keeps its identifier.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portfolio.anonymise.findings import Label
from portfolio.anonymise.pseudonyms import alike
from portfolio.anonymise.together import Placed
from portfolio.enrolment.models import Enrolment
from portfolio.screening.decided import UNDECIDED, rulings_of
from portfolio.screening.entities import Entities, Known, tidy
from portfolio.screening.marks import BY_HAND
from portfolio.screening.models import WHY, Finding, Scan
from portfolio.screening.ours import is_ours, ours_of
from portfolio.screening.parts import guess, likeliest
from portfolio.screening.rules import FoundBy
from portfolio.screening.tokens import token_of


@dataclass(slots=True)
class _Hit:
    """One finding on its way into the database."""

    placed: Placed
    by: FoundBy
    entity: Known
    is_ours: bool


def store(
    session: Session, scan: Scan, placed: Sequence[Placed], texts: Mapping[str, str], entities: Entities | None = None
) -> None:
    """The scan found this and nothing else: what it found before and is gone goes.

    `placed` is what `scanning.find` answers for `texts`, by place. The caller holds the enrolment, and settles the
    scan itself.
    """
    enrolment = scan.enrolment
    known = entities if entities is not None else Entities(session, enrolment)
    hits = [*_by_hand(known, placed)]
    found = [one for one in placed if one.finding.reason != BY_HAND]
    if found:
        hits += _told_apart(session, scan, known, found, texts)
    order = {place: number for number, place in enumerate(texts)}
    hits.sort(key=lambda hit: (order.get(hit.placed.place, 0), hit.placed.finding.start))
    session.flush()
    _put(session, scan, enrolment, hits, known)


def _by_hand(entities: Entities, placed: Sequence[Placed]) -> Iterator[_Hit]:
    """What was marked, of what is known still."""
    for one in placed:
        entity = entities.by_uid(one.finding.entity) if one.finding.reason == BY_HAND else None
        if entity is not None:
            yield _Hit(one, FoundBy.PERSON, entity, is_ours=False)


def _told_apart(
    session: Session, scan: Scan, entities: Entities, placed: Sequence[Placed], texts: Mapping[str, str]
) -> list[_Hit]:
    """Each finding with its entity: the one that its words mean already; else that of another mention of the same
    person or thing; else a new one. Somebody may have said that the words are of another sort.
    """
    ours, rulings = ours_of(session, scan.enrolment_id), rulings_of(session, [scan.item_uid])
    groups: dict[tuple[Label, str], list[Placed]] = {}
    for one in placed:
        token = token_of(session, scan.enrolment, one.finding.label, one.words)
        label = rulings.get((scan.item_uid, token), UNDECIDED).label or one.finding.label
        groups.setdefault((label, one.finding.entity), []).append(one)
    hits = []
    for (label, _entity), group in groups.items():
        meant = {alike(label, one.words): entities.meant(label, one.words, scan.item_uid) for one in group}
        whole = next((known for known in meant.values() if known is not None), None)
        if whole is None:
            whole = entities.new(label, likeliest(guess(texts[p.place], p.finding.start, p.finding.end) for p in group))
        are_ours = is_ours(label, [one.words for one in group], ours)
        for one in group:
            known = meant[alike(label, one.words)] or whole
            if known.learn([one.words]) or not known.entity.sealed:
                entities.seal(known)
            hits.append(_Hit(one, FoundBy.DETECTOR, known, are_ours))
    return hits


def _put(session: Session, scan: Scan, enrolment: Enrolment, hits: Sequence[_Hit], entities: Entities) -> None:
    before = list(session.scalars(select(Finding).where(Finding.scan_id == scan.id).order_by(Finding.id)))
    if not before and not hits:
        return
    same: dict[tuple[str, str], list[Finding]] = {}
    for row in before:
        same.setdefault((row.place, row.token), []).append(row)
    for hit in hits:
        finding = hit.placed.finding
        token = token_of(session, enrolment, finding.label, hit.placed.words)
        waiting = same.get((hit.placed.place, token))
        row = waiting.pop(0) if waiting else Finding(scan_id=scan.id, item_uid=scan.item_uid)
        row.place, row.token, row.label = hit.placed.place, token, finding.label
        row.start, row.end, row.entity_id = finding.start, finding.end, hit.entity.entity.id
        row.confidence, row.reason, row.found_by = round(100 * finding.confidence), finding.reason[:WHY], hit.by
        row.is_ours = hit.is_ours
        session.add(row)
    gone = [row for rows in same.values() for row in rows]
    session.flush()
    if gone:
        session.execute(
            delete(Finding).where(Finding.id.in_([row.id for row in gone])).execution_options(synchronize_session=False)
        )
        for row in gone:
            session.expunge(row)
        tidy(session, entities, {row.entity_id for row in gone})
