"""How items stand, from what was last looked through: for lists, for the gate and for notes beside fields."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Integer, Text, bindparam, case, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from portfolio.anonymise.findings import Label
from portfolio.centres.models import Centre
from portfolio.centres.settings import CentreSettings, settings_in
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion
from portfolio.screening.asking import OWN_WORDS
from portfolio.screening.decided import UNDECIDED, rulings, state_of
from portfolio.screening.models import Finding, FindingDecision, Scan
from portfolio.screening.rules import IN_THE_WAY, Outcome, ScanState, State
from portfolio.storage.models import Blob

ITEM, FILE, SCAN, FINDING, DECISION = range(5)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an item stands: findings that are in its way, contents that wait to be looked through, contents that nobody
    could read and nobody has checked. `warns` are findings that only warn; `labels` are those of `left`. `is_known` is
    false while its words were never looked through.
    """

    left: int = 0
    waiting: int = 0
    unreadable: int = 0
    warns: int = 0
    is_known: bool = True
    labels: tuple[tuple[Label, int], ...] = ()

    @property
    def is_clear(self) -> bool:
        """Whether nothing is in the way."""
        return self.is_known and not (self.left or self.waiting or self.unreadable)


@dataclass(frozen=True, slots=True)
class OpenHit:
    """A place in an item's own texts that is still to be decided: text[start:end]."""

    place: str
    start: int
    end: int
    label: Label


@dataclass(slots=True)
class _Item:
    """What the rows say of one item."""

    uid: str = ""
    settings: CentreSettings = field(default_factory=CentreSettings)
    files: set[str] = field(default_factory=set)
    scans: dict[str, tuple[ScanState, bool]] = field(default_factory=dict)
    findings: list[Any] = field(default_factory=list)
    decisions: list[tuple[Any, ...]] = field(default_factory=list)


@cache
def _unclear_in() -> AnySelect:
    findings = select(Finding.id).where(Finding.scan_id == Scan.id).correlate(Scan)
    is_not_read = (Scan.state != ScanState.DONE) & Scan.checked_at.is_(None)
    return (
        select(Evidence.id)
        .join(Scan, Scan.item_uid == Evidence.uid)
        .where(Scan.enrolment_id == bindparam("enrolment_id", type_=Integer), or_(is_not_read, findings.exists()))
    )


def unclear_in(session: Session, enrolment_id: int) -> frozenset[int]:
    """The items of a portfolio of which `standings_of` may say more than that nothing is in the way: something was
    found in them, or is not read yet. One statement, and a cheap one.
    """
    return frozenset(read(session, _unclear_in(), enrolment_id=enrolment_id).scalars())


@cache
def _rows() -> AnySelect:
    """A row for each item, content of its latest version, scan, finding and decision."""
    ids = bindparam("ids", type_=Integer, expanding=True)
    nothing = cast(null(), Text)
    no_place = (nothing, literal(0), literal(0))
    newer = aliased(EvidenceVersion)
    latest = select(func.max(newer.no)).where(newer.evidence_id == EvidenceVersion.evidence_id).scalar_subquery()
    items = (
        select(
            literal(ITEM).label("kind"),
            Evidence.id.label("evidence_id"),
            literal(0).label("id"),
            cast(Evidence.uid, Text).label("one"),
            cast(Centre.settings, Text).label("two"),
            nothing.label("three"),
            literal(0).label("flag"),
            nothing.label("place"),
            literal(0).label("start"),
            literal(0).label("end"),
        )
        .join(Enrolment, Enrolment.id == Evidence.enrolment_id)
        .join(Centre, Centre.id == Enrolment.centre_id)
        .where(Evidence.id.in_(ids))
    )
    files = (
        select(
            literal(FILE),
            EvidenceVersion.evidence_id,
            EvidenceFile.id,
            cast(Blob.sha256, Text),
            nothing,
            nothing,
            literal(0),
            *no_place,
        )
        .join(EvidenceVersion, EvidenceVersion.id == EvidenceFile.version_id)
        .join(Blob, Blob.id == EvidenceFile.blob_id)
        .where(EvidenceVersion.evidence_id.in_(ids), EvidenceVersion.no == latest)
    )
    scans = (
        select(
            literal(SCAN),
            Evidence.id,
            Scan.id,
            cast(Scan.source, Text),
            cast(Scan.state, Text),
            nothing,
            case((Scan.checked_at.is_(None), 0), else_=1),
            *no_place,
        )
        .join(Evidence, Evidence.uid == Scan.item_uid)
        .where(Evidence.id.in_(ids))
    )
    findings = (
        select(
            literal(FINDING),
            Evidence.id,
            Finding.id,
            cast(Finding.token, Text),
            cast(Finding.label, Text),
            cast(Scan.source, Text),
            case((Finding.is_ours, 1), else_=0),
            cast(Finding.place, Text),
            Finding.start,
            Finding.end,
        )
        .join(Evidence, Evidence.uid == Finding.item_uid)
        .join(Scan, Scan.id == Finding.scan_id)
        .where(Evidence.id.in_(ids))
    )
    decisions = (
        select(
            literal(DECISION),
            Evidence.id,
            FindingDecision.id,
            cast(FindingDecision.token, Text),
            cast(FindingDecision.outcome, Text),
            cast(FindingDecision.label, Text),
            literal(0),
            *no_place,
        )
        .join(Evidence, Evidence.uid == FindingDecision.item_uid)
        .where(Evidence.id.in_(ids))
    )
    return union_all(items, files, scans, findings, decisions)  # type: ignore[return-value] # its rows are all that is asked of it


def standings_of(session: Session, evidence_ids: Sequence[int]) -> dict[int, Standing]:
    """How each of these items stands, by its id, from what was last looked through. At most one statement."""
    return {id_: _standing(item) for id_, item in _read(session, evidence_ids).items()}


def _read(session: Session, evidence_ids: Sequence[int]) -> dict[int, _Item]:
    if not evidence_ids:
        return {}
    items: dict[int, _Item] = {}
    for row in sorted(read(session, _rows(), ids=list(evidence_ids)).all(), key=lambda row: (row.kind, row.id)):
        _take(items.setdefault(row.evidence_id, _Item()), row)
    return items


def _take(item: _Item, row: Any) -> None:
    if row.kind == ITEM:
        item.uid, item.settings = row.one, settings_in(row.two)
    elif row.kind == FILE:
        item.files.add(row.one)
    elif row.kind == SCAN:
        item.scans[row.one] = ScanState(row.two), bool(row.flag)
    elif row.kind == FINDING:
        item.findings.append(row)
    else:
        item.decisions.append((item.uid, row.one, Outcome(row.two), Label(row.three)))


def _states(item: _Item) -> Iterator[tuple[Any, State, Label]]:
    """Each finding of its words and of the contents that it has, with how it stands and what sort it is of."""
    ruled = rulings(item.decisions)
    for row in item.findings:
        if row.three == OWN_WORDS or row.three in item.files:
            label, ruling = Label(row.two), ruled.get((item.uid, row.one), UNDECIDED)
            state = state_of(label, ruling, is_ours=bool(row.flag), settings=item.settings)
            yield row, state, ruling.label or label


def _standing(item: _Item) -> Standing:
    states = [(state, label) for _row, state, label in _states(item)]
    left = [label for state, label in states if state in IN_THE_WAY]
    seen = [item.scans.get(sha256, (ScanState.WAITING, False)) for sha256 in item.files]
    return Standing(
        left=len(left),
        waiting=sum(state is ScanState.WAITING for state, _checked in seen),
        unreadable=sum(state is ScanState.UNREADABLE and not is_checked for state, is_checked in seen),
        warns=sum(state is State.WARNS for state, _label in states),
        is_known=item.scans.get(OWN_WORDS, (ScanState.WAITING, False))[0] is ScanState.DONE,
        labels=tuple((label, left.count(label)) for label in Label if label in left),
    )


def open_in(session: Session, evidence_id: int) -> tuple[Standing, list[OpenHit]]:
    """How an item stands, and what of its own texts is still to be decided. One statement."""
    item = _read(session, [evidence_id]).get(evidence_id, _Item())
    hits = [
        OpenHit(row.place, row.start, row.end, label)
        for row, state, label in _states(item)
        if row.three == OWN_WORDS and state in IN_THE_WAY
    ]
    return _standing(item), hits
