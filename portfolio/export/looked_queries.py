"""What the book says of each item about personal data: how it was looked through, what was found, and who decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.accounts.models import Person
from portfolio.anonymise.findings import Label
from portfolio.db import read
from portfolio.screening.asking import OWN_WORDS
from portfolio.screening.models import FindingDecision, Scan
from portfolio.screening.rules import Outcome, Reason, ScanState

TOLD = frozenset({Outcome.REPLACED, Outcome.KEPT})


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody decided about words of an item, and in how many places they stood."""

    outcome: Outcome
    label: Label
    places: int
    reason: Reason | None
    by: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FileLooked:
    """A content that was looked through by a release, as far as it could be read; and by whom, where it could not."""

    release: str
    at: datetime | None
    is_read: bool
    checked_by: str
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class LookedThrough:
    """All of one item: what holds of its words today, and its contents by their hashes."""

    decided: list[Decided] = field(default_factory=list)
    files: dict[str, FileLooked] = field(default_factory=dict)


NOTHING_LOOKED = LookedThrough()


def looked_through(session: Session, enrolment_id: int) -> dict[str, LookedThrough]:
    """Every item of a portfolio, by its public identifier. Two statements."""
    found: dict[str, LookedThrough] = {}
    for (item_uid, _token), decided in _newest(_decisions(session, enrolment_id)).items():
        found.setdefault(item_uid, LookedThrough()).decided.append(decided)
    for row in _scans(session, enrolment_id):
        found.setdefault(row.item_uid, LookedThrough()).files[row.source] = FileLooked(
            release=row.detector.partition(" ")[0],
            at=row.scanned_at,
            is_read=row.state is ScanState.DONE,
            checked_by=row.name or "",
            checked_at=row.checked_at,
        )
    return found


def _decisions(session: Session, enrolment_id: int) -> Iterable[Any]:
    query = (
        select(
            FindingDecision.item_uid,
            FindingDecision.token,
            FindingDecision.outcome,
            FindingDecision.label,
            FindingDecision.places,
            FindingDecision.reason,
            Person.name,
            FindingDecision.role_word,
            FindingDecision.at,
        )
        .join(Person, Person.id == FindingDecision.by_id)
        .where(FindingDecision.enrolment_id == enrolment_id)
        .order_by(FindingDecision.id)
    )
    return read(session, query)


def _newest(rows: Iterable[Any]) -> Mapping[tuple[str, str], Decided]:
    """What holds of the words of each item: the newest decision, under the label that somebody gave them last."""
    found: dict[tuple[str, str], Decided] = {}
    labels: dict[tuple[str, str], Label] = {}
    for row in rows:
        key = row.item_uid, row.token
        if row.outcome is Outcome.RELABELLED:
            labels[key] = row.label
        elif row.outcome in TOLD:
            found[key] = Decided(row.outcome, row.label, row.places, row.reason, row.name, row.role_word, row.at)
        else:
            found.pop(key, None)
    return {
        key: Decided(one.outcome, labels.get(key, one.label), one.places, one.reason, one.by, one.role, one.at)
        for key, one in found.items()
    }


def _scans(session: Session, enrolment_id: int) -> Iterable[Any]:
    query = (
        select(Scan.item_uid, Scan.source, Scan.state, Scan.detector, Scan.scanned_at, Scan.checked_at, Person.name)
        .outerjoin(Person, Person.id == Scan.checked_by_id)
        .where(Scan.enrolment_id == enrolment_id, Scan.source != OWN_WORDS, Scan.state != ScanState.WAITING)
        .order_by(Scan.id)
    )
    return read(session, query)
