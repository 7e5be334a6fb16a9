"""Reading for signing off a unit: what stands behind each criterion, what keeps the unit open, and what was signed.

What would be signed is made here alone, of codes, identifiers and digests: no word of the evidence is in it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, func, literal, select
from sqlalchemy.orm import Session, aliased

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.assessment.models import Judgement, Signature, SubmissionItem, UnitDecision
from portfolio.assessment.queries import current_no
from portfolio.assessment.rules import ItemState, Lack, UnitDecisionKind, sign_off_statement, what_lacks
from portfolio.audit.events import facts_digest
from portfolio.criteria import queries as criteria
from portfolio.criteria.differences import in_words
from portfolio.criteria.models import UnitVersion
from portfolio.criteria.queries import CriterionRow
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.evidence.breach_queries import IS_HIDDEN, shown_title
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.mapping.coverage import Claimed, Judged, Standing, State, Tally, standing_of, tally_of
from portfolio.mapping.models import Claim
from portfolio.mapping.queries import CLAIMED, PRESENT, stands
from portfolio.mapping.rules import Outcome

UNIT = bindparam("unit_id", type_=Integer)
UNITS = bindparam("units", type_=Integer, expanding=True)
PIECE = 16
"""How much of a line's digest is kept in the page, to tell what changed since it was drawn."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A judgement by which an item meets a criterion, with the version that was judged."""

    evidence_id: int
    ref: str
    title: str
    no: int
    version_digest: str
    claim_uid: str
    judgement_digest: str
    by: str
    at: datetime

    @property
    def facts(self) -> dict[str, Any]:
        """What of it is signed."""
        return {
            "item": self.ref,
            "version": self.no,
            "version_digest": self.version_digest,
            "claim": self.claim_uid,
            "judgement": self.judgement_digest,
        }


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion, how it stands, and by what it is met."""

    criterion: CriterionRow
    standing: Standing
    met_by: tuple[Meeting, ...]

    @property
    def facts(self) -> dict[str, Any]:
        """What of it is signed."""
        return {"code": self.criterion.code, "met_by": [one.facts for one in self.met_by]}


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A unit was signed off, or opened again: by whom, in which role, with the signature and what it covers."""

    id: int
    uid: str
    no: int
    kind: UnitDecisionKind
    by: str
    role: str
    reason: str
    at: datetime
    statement: str
    signed: Mapping[str, Any]
    digest: str
    elsewhere: Mapping[str, Any] | None = None
    """What stood there where it was made, if that was at another installation: see `Signature`."""

    @property
    def is_sign_off(self) -> bool:
        """Whether it closes the unit."""
        return self.kind is UnitDecisionKind.SIGNED_OFF

    @property
    def origin(self) -> str:
        """Where it was made and when it came here, in words; empty for one that was made here."""
        if self.elsewhere is None:
            return ""
        place = f"{self.elsewhere['centre']} ({self.elsewhere['number']})"
        day = datetime.fromisoformat(self.elsewhere["brought_at"]).astimezone(clock.UK).date()
        return f"Signed at {place} and brought here on {in_words(day)}"


@dataclass(frozen=True, slots=True)
class Signable:
    """A unit of a learner's as it would be signed off now. `decisions` are those so far, in order."""

    enrolment_id: int
    enrolment_uid: str
    learner_uid: str
    learner: str
    uid: str
    code: str
    title: str
    content_sha: str
    lines: tuple[Line, ...]
    decisions: tuple[DecisionRow, ...]
    lacks: tuple[Lack, ...]

    @property
    def sign_off(self) -> DecisionRow | None:
        """The decision by which it is signed off now; None while it is open."""
        return self.decisions[-1] if self.decisions and self.decisions[-1].is_sign_off else None

    @property
    def tally(self) -> Tally:
        """How many criteria stand in each state."""
        return tally_of([line.standing for line in self.lines])

    @property
    def statement(self) -> str:
        """What the assessor puts their name to."""
        return sign_off_statement(self.code, self.title, len(self.lines))

    @property
    def head(self) -> dict[str, Any]:
        """What is signed beside the criteria."""
        tally = self.tally
        return {
            "enrolment": self.enrolment_uid,
            "learner": self.learner_uid,
            "unit": {"uid": self.uid, "code": self.code, "content": self.content_sha},
            "tally": {state.value: getattr(tally, state.value) for state in State},
        }

    @property
    def facts(self) -> dict[str, Any]:
        """Exactly what would be signed."""
        return {**self.head, "criteria": [line.facts for line in self.lines]}

    @property
    def seen(self) -> str:
        """The digests of the head and of each line, in short: what a page has shown of it."""
        head = {**self.head, "decisions": len(self.decisions)}
        return ".".join(facts_digest(part)[:PIECE] for part in (head, *(line.facts for line in self.lines)))

    def new_since(self, seen: str) -> list[Line]:
        """The lines that a page did not show as they are now."""
        shown = set(seen.split("."))
        return [line for line in self.lines if facts_digest(line.facts)[:PIECE] not in shown]


@cache
def _head() -> AnySelect:
    return (
        select(
            Enrolment.id.label("enrolment_id"),
            Enrolment.uid.label("enrolment_uid"),
            Person.uid.label("learner_uid"),
            Person.name.label("learner"),
            EnrolmentUnit.uid,
            UnitVersion.id.label("unit_version_id"),
            UnitVersion.code,
            UnitVersion.title,
            UnitVersion.content_sha,
        )
        .join(Enrolment, Enrolment.id == EnrolmentUnit.enrolment_id)
        .join(Person, Person.id == Enrolment.learner_id)
        .join(UnitVersion, UnitVersion.id == EnrolmentUnit.unit_version_id)
        .where(EnrolmentUnit.id == UNIT)
    )


@cache
def _claims() -> AnySelect:
    """The unit's live claims that count, each with its judgements in order."""
    assessor = aliased(Person)
    return (
        select(
            Claim.id, Claim.uid.label("claim_uid"), PRESENT.id.label("criterion_id"), Evidence.id.label("evidence_id"),
            Evidence.ref, shown_title(), IS_HIDDEN, EvidenceVersion.no.label("version_no"),
            EvidenceVersion.digest.label("version_digest"), Judgement.no, Judgement.outcome, Judgement.effective_at,
            Judgement.digest, assessor.name.label("by"),
        )
        .join(EvidenceVersion, EvidenceVersion.id == Claim.evidence_version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .join(EnrolmentUnit, EnrolmentUnit.id == Claim.enrolment_unit_id)
        .join(CLAIMED, CLAIMED.id == Claim.criterion_id)
        .join(PRESENT, stands())
        .outerjoin(Judgement, Judgement.claim_id == Claim.id)
        .outerjoin(assessor, assessor.id == Judgement.assessor_id)
        .where(EnrolmentUnit.id == UNIT, Claim.submission_id.is_not(None), EvidenceVersion.no == current_no())
        .order_by(Evidence.id, Claim.id, Judgement.no)
    )  # fmt: skip


@cache
def _undecided() -> AnySelect:
    """The items handed in with claims on the unit that an assessor or a countersigner has still to decide."""
    return (
        select(SubmissionItem.id, SubmissionItem.state, Evidence.ref)
        .join(
            Claim,
            (Claim.evidence_version_id == SubmissionItem.evidence_version_id)
            & (Claim.submission_id == SubmissionItem.submission_id),
        )
        .join(EvidenceVersion, EvidenceVersion.id == SubmissionItem.evidence_version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .where(Claim.enrolment_unit_id == UNIT, SubmissionItem.state.in_((ItemState.WAITING, ItemState.COUNTERSIGN)))
        .group_by(SubmissionItem.id, SubmissionItem.state, Evidence.ref)
        .order_by(SubmissionItem.id)
    )


@cache
def _decisions() -> AnySelect:
    return (
        select(
            UnitDecision.enrolment_unit_id, UnitDecision.id, UnitDecision.uid, UnitDecision.no, UnitDecision.kind,
            Person.name, Signature.role_word, UnitDecision.reason, UnitDecision.decided_at, Signature.statement,
            Signature.signed, Signature.digest, Signature.elsewhere,
        )
        .join(Person, Person.id == UnitDecision.by_id)
        .join(Signature, Signature.subject == literal(f"{UnitDecision.__tablename__}:") + UnitDecision.uid)
        .where(UnitDecision.enrolment_unit_id.in_(UNITS))
        .order_by(UnitDecision.no)
    )  # fmt: skip


def decisions_on(session: Session, enrolment_unit_ids: Collection[int]) -> dict[int, list[DecisionRow]]:
    """What was decided on each of these units, in order; one that was never signed off is left out. One statement."""
    found: dict[int, list[DecisionRow]] = {}
    for unit_id, *said in read(session, _decisions(), units=list(enrolment_unit_ids)):
        found.setdefault(unit_id, []).append(DecisionRow(*said))
    return found


@cache
def _signed_among() -> AnySelect:
    other = aliased(UnitDecision)
    newest = (
        select(func.max(other.no))
        .where(other.enrolment_unit_id == UnitDecision.enrolment_unit_id)
        .correlate(UnitDecision)
        .scalar_subquery()
    )
    return (
        select(EnrolmentUnit.id, UnitVersion.title, UnitDecision.decided_at)
        .join(UnitDecision, UnitDecision.enrolment_unit_id == EnrolmentUnit.id)
        .join(UnitVersion, UnitVersion.id == EnrolmentUnit.unit_version_id)
        .where(
            EnrolmentUnit.id.in_(UNITS),
            UnitDecision.no == newest,
            UnitDecision.kind == UnitDecisionKind.SIGNED_OFF,
        )
        .order_by(EnrolmentUnit.position)
    )


@cache
def _carried() -> AnySelect:
    versions = bindparam("versions", type_=Integer, expanding=True)
    return select(Claim.enrolment_unit_id).where(Claim.evidence_version_id.in_(versions)).distinct()


def units_carried(session: Session, version_ids: Collection[int]) -> set[int]:
    """The units that these versions claim anything in. One statement."""
    return set(read(session, _carried(), versions=list(version_ids)).scalars())


@dataclass(frozen=True, slots=True)
class SignedUnit:
    """A unit that is signed off, and since when."""

    title: str
    at: datetime


def signed_among(session: Session, enrolment_unit_ids: Collection[int]) -> dict[int, SignedUnit]:
    """Those of these units that are signed off now, by id. One statement."""
    rows = read(session, _signed_among(), units=list(enrolment_unit_ids))
    return {row.id: SignedUnit(row.title, row.decided_at) for row in rows}


def signable(session: Session, enrolment_unit_id: int) -> Signable:
    """The unit as it would be signed off now, and what keeps it from that. A fixed number of statements."""
    head = read(session, _head(), unit_id=enrolment_unit_id).one()
    written = criteria.criteria_of(session, head.unit_version_id)
    found: dict[int, list[Any]] = {}
    for row in read(session, _claims(), unit_id=enrolment_unit_id):
        found.setdefault(row.id, []).append(row)
    lines = _lines(written, list(found.values()))
    decisions = tuple(decisions_on(session, [enrolment_unit_id]).get(enrolment_unit_id, ()))
    undecided = read(session, _undecided(), unit_id=enrolment_unit_id).all()
    lacks = what_lacks(
        is_signed_off=bool(decisions) and decisions[-1].is_sign_off,
        is_outline=not lines,
        unmet=[(one.criterion.id, one.criterion.code) for one in lines if one.standing.state is not State.MET],
        waiting=[(row.id, row.ref) for row in undecided if row.state is ItemState.WAITING],
        uncountersigned=[(row.id, row.ref) for row in undecided if row.state is ItemState.COUNTERSIGN],
        hidden=list({rows[0].evidence_id: rows[0].ref for rows in found.values() if rows[0].is_hidden}.items()),
    )
    said = (head.enrolment_id, head.enrolment_uid, head.learner_uid, head.learner)
    return Signable(*said, head.uid, head.code, head.title, head.content_sha, lines, decisions, tuple(lacks))


def _lines(written: Sequence[CriterionRow], claims: Sequence[Sequence[Any]]) -> tuple[Line, ...]:
    """Every criterion with its claims, of which each is a row for each judgement."""
    claimed: dict[int, list[Claimed]] = {}
    meeting: dict[int, list[Meeting]] = {}
    for rows in claims:
        claim = _claimed(rows)
        claimed.setdefault(rows[0].criterion_id, []).append(claim)
        if claim.decided is Outcome.MET:
            meeting.setdefault(rows[0].criterion_id, []).append(_meeting(rows))
    return tuple(Line(row, standing_of(claimed.get(row.id, ())), tuple(meeting.get(row.id, ()))) for row in written)


def _claimed(rows: Sequence[Any]) -> Claimed:
    judged = (Judged(row.no, row.outcome, row.effective_at is not None) for row in rows if row.no is not None)
    return Claimed(rows[0].evidence_id, is_live=True, judged=tuple(judged))


def _meeting(rows: Sequence[Any]) -> Meeting:
    """The newest effective judgement of a claim, with what was judged."""
    row = [row for row in rows if row.effective_at is not None][-1]
    return Meeting(
        evidence_id=row.evidence_id,
        ref=row.ref,
        title=row.title,
        no=row.version_no,
        version_digest=row.version_digest,
        claim_uid=row.claim_uid,
        judgement_digest=row.digest,
        by=row.by,
        at=row.effective_at,
    )
