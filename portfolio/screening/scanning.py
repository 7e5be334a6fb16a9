"""Looking through the words of items as they are saved. It never refuses anything, and never stops a save.

A scan is current when the words are those that it looked through, with the release and the lists of today.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.sealing import Seal
from portfolio.anonymise.detect import VERSION
from portfolio.anonymise.findings import Known, Label
from portfolio.anonymise.together import Placed, look_through
from portfolio.centres.settings import settings_of
from portfolio.db import TEXTS_TOUCHED, TOUCHED
from portfolio.enrolment.actions import held
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Evidence
from portfolio.screening.asking import OWN_WORDS, ask_for_contents, forget_gone
from portfolio.screening.decided import UNDECIDED, rulings_of, state_of
from portfolio.screening.entities import Entities, forget_words_of_gone
from portfolio.screening.known import lists_here
from portfolio.screening.marks import BY_HAND, Mark, with_marked, without_pseudonyms
from portfolio.screening.models import Scan
from portfolio.screening.ours import is_ours, ours_of
from portfolio.screening.rules import IN_THE_WAY, ScanState
from portfolio.screening.storing import store
from portfolio.screening.texts import ItemTexts, texts_of
from portfolio.screening.tokens import token_of

log = logging.getLogger("portfolio.screening")

STOPPED = "Looking through this stopped before its end."


@dataclass(frozen=True, slots=True)
class Here:
    """What to look for in an enrolment, in plain values, and how a scan that was made with it is called."""

    known: Known
    marks: tuple[Mark, ...]
    pseudonyms: tuple[str, ...]
    detector: str


def known_of(session: Session, enrolment: Enrolment, entities: Entities | None = None) -> Here:
    """The lists of the centre and the learner, and whom somebody marked or replaced in the enrolment."""
    entities = entities or Entities(session, enrolment)
    (lists, digest), named = lists_here(session, enrolment), entities.people
    known = Known((*lists.people, *named), lists.organisations, lists.leave_alone)
    said = sorted({*named, *(mark.words for mark in entities.marks)})
    seal: Seal = session.info["seal"]
    people = seal.hash("\0".join(said), whose=enrolment.uid)[:8] if said else "0"
    return Here(known, entities.marks, entities.pseudonyms, f"{VERSION} {digest} {people}")


@dataclass(slots=True)
class Around:
    """Everybody that an enrolment knows, and what to look for in it: the same for all of its items that are looked
    through in one go, while whatever changes it goes through here.
    """

    entities: Entities
    here: Here


def around(session: Session, enrolment: Enrolment) -> Around:
    """What is known in an enrolment now."""
    entities = Entities(session, enrolment)
    return Around(entities, known_of(session, enrolment, entities))


def detector_of(session: Session, enrolment: Enrolment) -> str:
    """The release that looks, and the lists that it is given: with these a current scan's `detector` begins."""
    return f"{VERSION} {lists_here(session, enrolment)[1]}"


def find(texts: Mapping[str, str], here: Here) -> list[Placed]:
    """All that is found in texts that belong together, by place: the detector's findings, and words marked by hand.

    A pseudonym is nobody.
    """
    found = without_pseudonyms(look_through(texts, here.known), texts, here.pseudonyms)
    return with_marked(found, texts, here.marks)


def pointing_at(
    session: Session, enrolment: Enrolment, texts: Mapping[str, str], *, evidence: Evidence | None = None
) -> list[Placed]:
    """What would have to be decided in texts that are not saved; with their item, not what was decided of it already.
    Nothing is kept.
    """
    placed = find(texts, known_of(session, enrolment))
    if not placed:
        return []
    ours = ours_of(session, enrolment.id)
    rulings = rulings_of(session, [evidence.uid]) if evidence is not None else {}
    settings = settings_of(enrolment.centre.settings)
    mentions: dict[tuple[Label, str], list[str]] = {}
    for one in placed:
        mentions.setdefault((one.finding.label, one.finding.entity), []).append(one.words)
    are_ours = {whose: is_ours(whose[0], words, ours) for whose, words in mentions.items()}
    return [
        one
        for one in placed
        if state_of(
            one.finding.label,
            rulings.get((evidence.uid, token_of(session, enrolment, one.finding.label, one.words)), UNDECIDED)
            if evidence is not None
            else UNDECIDED,
            is_ours=one.finding.reason != BY_HAND and are_ours[one.finding.label, one.finding.entity],
            settings=settings,
        )
        in IN_THE_WAY
    ]


def settle(session: Session) -> None:
    """Look through the items whose words this session has changed (`TEXTS_TOUCHED`), and ask for their files' contents;
    what was found in items that are gone goes with them.

    The last thing before a commit, and before the enrolments that it touched are forgotten.
    """
    touched = sorted(session.info.pop(TEXTS_TOUCHED, ()))
    if not touched:
        return
    rows = session.scalars(select(Evidence).where(Evidence.id.in_(touched)).order_by(Evidence.id)).all()
    look_again(session, rows)
    if len(rows) < len(touched):
        enrolments = sorted(session.info.get(TOUCHED, ()))
        for enrolment_id in enrolments:
            forget_words_of_gone(session, session.get_one(Enrolment, enrolment_id))
        forget_gone(session, enrolments)


def look(
    session: Session,
    evidence: Evidence,
    texts: ItemTexts | None = None,
    *,
    again: bool = False,
    known: Around | None = None,
) -> bool:
    """Look through an item's own words, unless they were looked through as they are with what is known now; `again`:
    in any case. Answers whether it has files, or had some, whose contents are to be asked for.
    """
    session.flush()
    texts = texts or texts_of(session, evidence.id)
    at_hand = known or around(session, evidence.enrolment)
    here = at_hand.here
    scans = _scans_of(session, evidence)
    has_files = len(scans) > (OWN_WORDS in scans) or texts.has_files
    scan, digest = scans.get(OWN_WORDS), texts.digest
    is_done = scan is not None and (scan.state, scan.digest, scan.detector) == (ScanState.DONE, digest, here.detector)
    if is_done and not again:
        return has_files
    if scan is None:
        scan = Scan(enrolment=evidence.enrolment, item_uid=evidence.uid, source=OWN_WORDS)
        session.add(scan)
        session.flush()
    placed = _found(texts.by_place, here)
    scan.detector, scan.scanned_at = here.detector, clock.now()
    if placed is None:
        scan.state, scan.note, scan.digest = ScanState.WAITING, STOPPED, ""
        session.flush()
        return has_files
    scan.state, scan.note, scan.digest = ScanState.DONE, "", digest
    store(session, scan, placed, texts.by_place, at_hand.entities)
    if known is not None:
        known.here = known_of(session, evidence.enrolment, known.entities)
    return has_files


def _scans_of(session: Session, evidence: Evidence) -> dict[str, Scan]:
    rows = select(Scan).where(Scan.item_uid == evidence.uid)
    return {row.source: row for row in session.scalars(rows, execution_options={"populate_existing": True})}


def _found(texts: Mapping[str, str], here: Here) -> list[Placed] | None:
    """What is found; None when looking through failed, which must never cost anybody their words."""
    try:
        return find(texts, here)
    except Exception:
        log.exception("an item could not be looked through")
        return None


def is_current(state: ScanState, made_by: str, detector: str) -> bool:
    """Whether a scan was made with this release and these lists."""
    return state is ScanState.DONE and made_by.startswith(f"{detector} ")


def refresh(session: Session, evidence_ids: Collection[int]) -> None:
    """Look through these items again where that is due, and ask for contents. The caller commits."""
    rows = session.scalars(select(Evidence).where(Evidence.id.in_(evidence_ids)).order_by(Evidence.id)).all()
    for enrolment_id in sorted({evidence.enrolment_id for evidence in rows}):
        held(session, enrolment_id, even_over=True)
    look_again(session, rows)


def look_again(session: Session, items: Sequence[Evidence]) -> None:
    """Look through items again where that is due, and ask for their contents. The caller holds the enrolment."""
    known: dict[int, Around] = {}
    has_files = []
    for evidence in items:
        if evidence.enrolment_id not in known:
            known[evidence.enrolment_id] = around(session, evidence.enrolment)
        if look(session, evidence, known=known[evidence.enrolment_id]):
            has_files.append(evidence)
    for evidence in has_files:
        ask_for_contents(session, evidence)
