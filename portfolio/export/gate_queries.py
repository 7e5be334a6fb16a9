"""Looking through all that goes into a Word portfolio once more, with the detector and the lists of today.

Texts are looked through as they were read for the book; what is in files by the scans of their contents, which never
change. What a book relies on is asked again when it is kept.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.anonymise.findings import Label
from portfolio.centres.settings import CentreSettings, settings_of
from portfolio.db import read
from portfolio.enrolment.models import Enrolment
from portfolio.export import gate
from portfolio.export.gate import Going, Held, Hit
from portfolio.export.queries import Source
from portfolio.screening.asking import OWN_WORDS
from portfolio.screening.decided import UNDECIDED, rulings_of, state_of
from portfolio.screening.models import Finding, Scan
from portfolio.screening.ours import Ours, is_ours, ours_of
from portfolio.screening.rules import IN_THE_WAY, Outcome, ScanState, State
from portfolio.screening.scanning import detector_of, find, known_of
from portfolio.screening.tokens import token_of

Report = Callable[[int, int, str], None]
"""Told how far the looking is: done, total and what is at hand. Ends it by raising."""


@dataclass(frozen=True, slots=True)
class ContentIn:
    """The content of a file of an item."""

    subject: str
    evidence_id: int
    ref: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of it: the places that hold the book back; and what it relies on if there are none, such as the words
    that somebody `kept`, by subject and token.
    """

    held: tuple[Held, ...]
    kept: frozenset[tuple[str, str]]
    contents: tuple[ContentIn, ...]
    detector: str
    settings: CentreSettings

    @property
    def waiting(self) -> tuple[Held, ...]:
        """Contents that were not looked through as they would be today."""
        return tuple(one for one in self.held if one.kind == "waiting")


def look(
    session: Session,
    source: Source,
    report: Report,
    *,
    further: Sequence[Going] = (),
    further_contents: Sequence[ContentIn] = (),
) -> Looked:
    """Look through a book that was read in the same session, and `further` texts and contents that go out with it."""
    enrolment = source.enrolment
    here, ours, settings = known_of(session, enrolment), _ours(session, source), settings_of(enrolment.centre.settings)
    going = [*gate.going_in(source), *further]
    contents = tuple(dict.fromkeys((*_contents(source), *further_contents)))
    places = {(one.subject, place) for one in going for place in one.texts}
    subjects = {one.subject for one in going} | {gate.decided_as(*one) for one in places}
    rulings = rulings_of(session, sorted(subjects))
    held: list[Held] = []
    relied: set[tuple[str, str]] = set()

    def token(label: Label, words: str) -> str:
        return token_of(session, enrolment, label, words)

    for number, one in enumerate(going):
        report(number, len(going), f"Looking through {one.ref}, {number + 1} of {len(going)}")

        def stands(place: str, hit: Hit, is_one_of_us: bool, subject: str = one.subject) -> State:
            _key, ruling = gate.ruled(rulings, subject, place, hit.token)
            return state_of(hit.label, ruling, is_ours=is_one_of_us, settings=settings)

        found = gate.found_in(one, partial(find, here=here), token, partial(is_ours, ours=ours), stands)
        relied |= {
            gate.ruled(rulings, one.subject, place, hit.token)[0] for place, hit, state in found if state is State.KEPT
        }
        held += gate.held_in(one, found)
    held += held_contents(session, enrolment, contents)
    return Looked(tuple(held), frozenset(relied), contents, here.detector, settings)


def _ours(session: Session, source: Source) -> Ours:
    """The portfolio's own people: those who belong to it, and all whose names its pages give with what they did."""
    ours = ours_of(session, source.enrolment.id)
    named = [row.person_name for row in source.allocations]
    named += [review.assessor for reviews in source.reviews.values() for review in reviews]
    named += [row.name for rows in source.sightings.values() for row in rows]
    named += [row.by for rows in source.amendments.values() for row in rows]
    named += [row.by for rows in source.sign_offs.values() for row in rows]
    named += [event.who for event in source.events if event.who]
    return Ours(tuple(dict.fromkeys([*ours.names, *named])), ours.emails)


def _contents(source: Source) -> tuple[ContentIn, ...]:
    return tuple(
        ContentIn(source.uids[item.evidence_id], item.evidence_id, item.ref, sha256)
        for item in source.items
        for sha256 in dict.fromkeys(file.sha256 for file in source.files.get(item.version_id, ()))
    )


@dataclass(frozen=True, slots=True)
class _Scanned:
    state: ScanState
    detector: str
    checked_at: datetime | None


def held_contents(session: Session, enrolment: Enrolment, contents: Sequence[ContentIn]) -> list[Held]:
    """Files that hold a book back: for what was found in them, or because nobody and nothing has looked."""
    if not contents:
        return []
    scans = _scans(session, enrolment.id)
    open_in = _open_in(session, enrolment)
    detector, held = detector_of(session, enrolment), []
    for one in contents:
        key = one.subject, one.sha256
        scan = scans.get(key)
        kind, count = "", 1
        if scan is None or scan.state is ScanState.WAITING or not scan.detector.startswith(f"{detector} "):
            kind = "waiting"
        elif key in open_in:
            kind, count = "content", open_in[key]
        elif scan.state is ScanState.UNREADABLE and scan.checked_at is None:
            kind = "unread"
        if kind:
            held.append(Held(one.subject, one.evidence_id, one.ref, f"{kind}:{one.sha256}", count))
    return held


def _scans(session: Session, enrolment_id: int) -> Mapping[tuple[str, str], _Scanned]:
    query = select(Scan.item_uid, Scan.source, Scan.state, Scan.detector, Scan.checked_at).where(
        Scan.enrolment_id == enrolment_id, Scan.source != OWN_WORDS
    )
    return {
        (row.item_uid, row.source): _Scanned(row.state, row.detector, row.checked_at) for row in read(session, query)
    }


def _open_in(session: Session, enrolment: Enrolment) -> dict[tuple[str, str], int]:
    """How many findings in each content nobody has said may stay."""
    query = (
        select(Scan.item_uid, Scan.source, Finding.token, Finding.label, Finding.is_ours)
        .join(Finding, Finding.scan_id == Scan.id)
        .where(Scan.enrolment_id == enrolment.id, Scan.source != OWN_WORDS)
    )
    rows = read(session, query).all()
    rulings = rulings_of(session, sorted({row.item_uid for row in rows})) if rows else {}
    settings = settings_of(enrolment.centre.settings)
    found: dict[tuple[str, str], int] = {}
    for row in rows:
        ruling = rulings.get((row.item_uid, row.token), UNDECIDED)
        if state_of(row.label, ruling, is_ours=row.is_ours, settings=settings) in IN_THE_WAY:
            found[row.item_uid, row.source] = found.get((row.item_uid, row.source), 0) + 1
    return found


def waiting_of(session: Session, enrolment: Enrolment, looked: Looked) -> int:
    """How many contents of a book still wait to be looked through."""
    return sum(1 for one in held_contents(session, enrolment, looked.contents) if one.kind == "waiting")


def is_still_clear(session: Session, enrolment: Enrolment, looked: Looked) -> bool:
    """Whether nothing changed of what a book relies on since it was looked through."""
    rulings = rulings_of(session, sorted({subject for subject, _token in looked.kept})) if looked.kept else {}
    return (
        all(rulings.get(key, UNDECIDED).outcome is Outcome.KEPT for key in looked.kept)
        and known_of(session, enrolment).detector == looked.detector
        and settings_of(enrolment.centre.settings) == looked.settings
        and not held_contents(session, enrolment, looked.contents)
    )
