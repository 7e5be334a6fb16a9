"""The whole proof: the trail itself, and that handed-in work, decisions, signatures and stored files are those that it
tells of.

It works in both directions: nothing on record may differ from what the trail tells, and nothing that it tells of may be
gone. Rows are read in batches, so memory stays small; a row that cannot be read is a fault of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, String, literal, or_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from portfolio.assessment.entries import TELLING, HandedIn, Told
from portfolio.assessment.marking import judgement_facts, review_facts
from portfolio.assessment.models import ItemReview, Judgement, Signature, Submission, SubmissionItem, UnitDecision
from portfolio.assessment.rules import SubmissionState
from portfolio.assessment.signed import Compared, compared
from portfolio.assessment.submitting import claims_facts, self_check_facts
from portfolio.audit import streams
from portfolio.audit.events import facts_digest
from portfolio.audit.models import AuditEvent, AuditStream, AuditText
from portfolio.audit.streams import Fault, Head
from portfolio.bundles.arriving.proving import There, told_elsewhere, wrong_arrivals
from portfolio.centres.models import Centre
from portfolio.db import Database
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.actions import version_facts
from portfolio.evidence.amending import amendment_facts
from portfolio.evidence.models import Amendment, Evidence, EvidenceFile, EvidenceVersion
from portfolio.mapping.models import Claim
from portfolio.redaction.models import Redaction
from portfolio.redaction.rules import RedactionState
from portfolio.redaction.using import used_facts
from portfolio.screening.acting import act_facts
from portfolio.screening.models import FindingDecision
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from portfolio.storage.stores import Store

BATCH = 500
UNREADABLE = (AttributeError, LookupError, TypeError, ValueError)
"""What a value that somebody made senseless raises where it is read."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at, and every fault. `amended` counts the versions from which personal data was taken out after
    they were signed for, each as often as it was signed for.
    """

    streams: int
    events: int
    versions: int
    judgements: int
    signatures: int
    amended: int
    files: int
    faults: tuple[Fault, ...]


def verify(database: Database, store: Store, *, against: Iterable[Head] = ()) -> Proof:
    """Prove everything; reads only."""
    with database.reading() as session:
        report = streams.verify(session, against=against)
        told = _told(session)
        there = told_elsewhere(session)
        faults = [*report.faults, *_owners(session), *wrong_arrivals(session, told, there)]
        versions = _versions(session, told, faults)
        judgements = _judgements(session, told, faults)
        _self_checks(session, told, faults)
        _reviews(session, told, faults)
        _amendments(session, told, faults)
        _decisions(session, told, faults)
        _redactions(session, told, faults)
        _hidden(session, told, faults)
        signatures, amended = _signatures(session, told, there, faults)
        files = _files(session, store, faults)
    counts = (versions, judgements, signatures, amended, files)
    return Proof(report.streams, report.events, *counts, tuple(faults))


def _told(session: Session) -> Told:
    told = Told()
    rows = session.execute(
        select(AuditStream.uid, AuditEvent.seq, AuditEvent.verb, AuditEvent.subject, streams.RAW_TEXT)
        .join(AuditStream, AuditStream.id == AuditEvent.stream_id)
        .outerjoin(AuditText, AuditText.event_id == AuditEvent.id)
        .where(AuditEvent.verb.in_(TELLING), AuditStream.kind != streams.ELSEWHERE)
        .order_by(AuditEvent.stream_id, AuditEvent.seq)
        .execution_options(yield_per=BATCH)
    )
    for uid, seq, verb, subject, raw in rows:
        with suppress(*UNREADABLE):  # the proof of the trail has named the entry already
            told.note(verb, subject, streams.read_text(raw), (uid, seq))
    return told


def _owners(session: Session) -> list[Fault]:
    """Every centre and enrolment has its own stream, which begins with it, and no other stream was begun here."""
    first = AuditEvent.__table__.alias()
    found = {
        stream_id: (uid, kind, subject)
        for stream_id, uid, kind, subject in session.execute(
            select(AuditStream.id, AuditStream.uid, AuditStream.kind, first.c.subject)
            .outerjoin(first, (first.c.stream_id == AuditStream.id) & (first.c.seq == 1))
            .where(AuditStream.kind != streams.ELSEWHERE)
        )
    }
    faults = []
    for kind, model in (("centre", Centre), ("enrolment", Enrolment)):
        for uid, stream_id in session.execute(select(model.uid, model.stream_id)):
            stream, is_kind, subject = found.pop(stream_id, ("", "", ""))
            if not stream:
                faults.append(Fault(f"{kind}:{uid}", 1, "its stream is missing"))
            elif (is_kind, subject) != (kind, f"{kind}:{uid}"):
                faults.append(Fault(stream, 1, f"the stream does not begin with its {kind}"))
    return [*faults, *(Fault(uid, 1, "the stream belongs to nothing") for uid, _kind, _subject in found.values())]


def _batches(session: Session, key: InstrumentedAttribute[int], condition: Any) -> Iterator[list[int]]:
    after = 0
    while ids := list(session.scalars(select(key).where(condition, key > after).order_by(key).limit(BATCH))):
        yield ids
        after = ids[-1]


def _read(
    session: Session, query: Any, key: InstrumentedAttribute[Any], ids: Sequence[Any], faults: list[Fault]
) -> Any:
    """The rows with these keys; when one of them cannot be read, all the others and a fault for it."""
    try:
        return session.scalars(query.where(key.in_(ids))).all()
    except UNREADABLE:
        if len(ids) == 1:
            by_name = isinstance(ids[0], str)
            uid = ids[0] if by_name else session.scalars(select(key.class_.uid).where(key == ids[0])).first()
            faults.append(Fault(f"{key.class_.__tablename__}:{uid}", 0, "the row cannot be read"))
            return []
        return [row for id_ in ids for row in _read(session, query, key, [id_], faults)]


def _is_digest_of(digest: str, facts: Callable[..., dict[str, object]], *of: Any) -> bool:
    return digest != "" and _digest_of(facts, *of) == digest


def _digest_of(facts: Callable[..., dict[str, object]], *of: Any) -> str:
    """The digest of a row's facts; empty for one that cannot be read."""
    try:
        return facts_digest(facts(*of))
    except UNREADABLE:
        return ""


@dataclass(frozen=True, slots=True)
class _Part:
    """A submission that a version, or further claims on it, went in with."""

    id: int
    name: str
    is_further: bool
    is_withdrawn: bool


def _versions(session: Session, told: Told, faults: list[Fault]) -> int:
    gone, count, seen = dict(told.versions), 0, set()
    query = select(EvidenceVersion).options(
        joinedload(EvidenceVersion.evidence), selectinload(EvidenceVersion.files).joinedload(EvidenceFile.blob)
    )
    for ids in _batches(session, EvidenceVersion.id, EvidenceVersion.frozen_at.is_not(None)):
        claims = defaultdict(list)
        for claim in _read(session, select(Claim), Claim.evidence_version_id, ids, faults):
            claims[claim.evidence_version_id].append(claim)
        parts = _parts(session, ids)
        for version in _read(session, query, EvidenceVersion.id, ids, faults):
            count += 1
            gone.pop(version.digest, None)
            seen |= {_key_of(version, part.name) for part in parts[version.id]}
            wrong = _wrong_with_version(version, told, parts[version.id], claims[version.id])
            if wrong:
                faults.append(Fault(streams.named(version), version.no, wrong))
        session.expunge_all()
    lost = [*gone.values(), *told.further.values()]
    gone_for_good = [tells.place for tells in lost if tells.key not in seen]
    faults += [Fault(*place, "the handed-in work that it tells of is gone") for place in gone_for_good]
    return count


def _parts(session: Session, version_ids: Sequence[int]) -> defaultdict[int, list[_Part]]:
    found = defaultdict(list)
    state, is_further = type_coerce(Submission.state, String), type_coerce(SubmissionItem.is_further, Integer)
    for version_id, id_, uid, flag, word in session.execute(
        select(SubmissionItem.evidence_version_id, Submission.id, Submission.uid, is_further, state)
        .join(Submission, Submission.id == SubmissionItem.submission_id)
        .where(SubmissionItem.evidence_version_id.in_(version_ids))
    ):
        found[version_id].append(_Part(id_, f"submission:{uid}", bool(flag), word == SubmissionState.WITHDRAWN.value))
    return found


def _key_of(version: EvidenceVersion, submission: str) -> tuple[str, str, int]:
    """As HandedIn.key; of no item when its own is not there."""
    with suppress(*UNREADABLE):
        return submission, version.evidence.ref, version.no
    return submission, "", version.no


def _wrong_with_version(version: EvidenceVersion, told: Told, parts: Sequence[_Part], claims: Sequence[Claim]) -> str:
    if not _is_digest_of(version.digest, version_facts, version):
        return "handed-in work is not what was handed in"
    tells = told.versions.get(version.digest)
    if tells is None:
        return "handed-in work that the trail does not tell of"
    if [part.name for part in parts if not part.is_further] != [tells.submission]:
        return "handed-in work is not in the submission that the trail tells of"
    if (version.withdrawn_at is not None) != (tells.submission in told.withdrawn):
        return "handed-in work is withdrawn, or is not, against what the trail tells"
    if not {claim.submission_id for claim in claims} <= {None, *(part.id for part in parts)}:
        return "the claims are not those that were handed in"
    told_of = {part: told.further.get(_key_of(version, part.name)) if part.is_further else tells for part in parts}
    mine = {part: [claim for claim in claims if claim.submission_id == part.id] for part in parts}
    wrong = (_wrong_with_part(part, told_of[part], part.name in told.withdrawn, mine[part]) for part in parts)
    return next(filter(None, wrong), "")


def _wrong_with_part(part: _Part, tells: HandedIn | None, is_withdrawn: bool, claims: Sequence[Claim]) -> str:
    """What is wrong with the claims that went in with one submission; further ones that were withdrawn are drafts."""
    if tells is None:
        return "further claims that the trail does not tell of"
    if part.is_withdrawn != is_withdrawn:
        return "claims are withdrawn, or are not, against what the trail tells"
    is_right = not claims if part.is_further and is_withdrawn else _is_digest_of(tells.claims, claims_facts, claims)
    return "" if is_right else "the claims are not those that were handed in"


def _self_checks(session: Session, told: Told, faults: list[Fault]) -> None:
    """What learners were asked before they handed in, and what they answered."""
    gone = dict(told.self_checks)
    for ids in _batches(session, Submission.id, Submission.id > 0):
        for submission in _read(session, select(Submission), Submission.id, ids, faults):
            name = streams.named(submission)
            digest, _place = gone.pop(name, ("", ("", 0)))
            if bool(digest) != bool(submission.self_check) or (
                digest and not _is_digest_of(digest, self_check_facts, submission.self_check)
            ):
                faults.append(Fault(name, submission.no, "a self-check is not what was asked and answered"))
        session.expunge_all()
    faults += [Fault(*place, "the self-check that it tells of is gone") for _digest, place in gone.values()]


def _judgements(session: Session, told: Told, faults: list[Fault]) -> int:
    gone, count = dict(told.judgements), 0
    query = select(Judgement).options(joinedload(Judgement.claim))
    for ids in _batches(session, Judgement.id, Judgement.id > 0):
        for judgement in _read(session, query, Judgement.id, ids, faults):
            count += 1
            gone.pop(judgement.digest, None)
            if not _is_digest_of(judgement.digest, judgement_facts, judgement, judgement.claim):
                faults.append(Fault(streams.named(judgement), judgement.no, "a decision is not what was decided"))
            elif judgement.digest not in told.judgements:
                what = "a decision that the trail does not tell of"
                faults.append(Fault(streams.named(judgement), judgement.no, what))
        session.expunge_all()
    faults += [Fault(*place, "the decision that it tells of is gone") for place in gone.values()]
    return count


def _reviews(session: Session, told: Told, faults: list[Fault]) -> None:
    """What an assessor ticked and wrote beside the decisions, once released."""
    gone = dict(told.reviews)
    query = select(ItemReview).options(selectinload(ItemReview.marks))
    for ids in _batches(session, ItemReview.id, ItemReview.released_at.is_not(None)):
        for review in _read(session, query, ItemReview.id, ids, faults):
            digest, _place = gone.pop(streams.named(review), ("", ("", 0)))
            if not _is_digest_of(digest, review_facts, review):
                faults.append(Fault(streams.named(review), 0, "a released review is not what was released"))
        session.expunge_all()
    faults += [Fault(*place, "the review that it tells of is gone") for _digest, place in gone.values()]


def _amendments(session: Session, told: Told, faults: list[Fault]) -> None:
    """What was taken out of handed-in work, by whom and why."""
    gone = dict(told.amendments)
    for ids in _batches(session, Amendment.id, Amendment.id > 0):
        for amendment in _read(session, select(Amendment), Amendment.id, ids, faults):
            if gone.pop(_digest_of(amendment_facts, amendment), None) is None:
                what = "an amendment that the trail does not tell of"
                faults.append(Fault(streams.named(amendment), amendment.no, what))
        session.expunge_all()
    faults += [Fault(*place, "the amendment that it tells of is gone") for place in gone.values()]


def _decisions(session: Session, told: Told, faults: list[Fault]) -> None:
    """What was decided about personal data that was found, act by act."""
    gone = dict(told.acts)
    acts = session.scalars(select(FindingDecision.act).distinct().order_by(FindingDecision.act)).all()
    for first in range(0, len(acts), BATCH):
        rows = defaultdict(list)
        batch = acts[first : first + BATCH]
        for row in _read(session, select(FindingDecision), FindingDecision.act, batch, faults):
            rows[row.act].append(row)
        for act, mine in rows.items():
            if gone.pop(_digest_of(act_facts, mine), None) is None:
                what = "a decision about personal data that the trail does not tell of"
                faults.append(Fault(f"finding_decision:{act}", 0, what))
        session.expunge_all()
    faults += [Fault(*place, "the decision about personal data that it tells of is gone") for place in gone.values()]


def _redactions(session: Session, told: Told, faults: list[Fault]) -> None:
    """Which redacted files took the place of which originals, and how that was proved."""
    gone = dict(told.redactions)
    is_used = type_coerce(Redaction.state, String) == RedactionState.USED.value
    for ids in _batches(session, Redaction.id, is_used):
        for row in _read(session, select(Redaction), Redaction.id, ids, faults):
            if gone.pop(_digest_of(used_facts, row), None) is None:
                what = "a redacted file in a way that the trail does not tell of"
                faults.append(Fault(streams.named(row), 0, what))
        session.expunge_all()
    faults += [Fault(*place, "the redacted file that it tells of is not so on record") for place in gone.values()]


def _signatures(session: Session, told: Told, there: There, faults: list[Fault]) -> tuple[int, int]:
    """What was signed for units, and the decisions that it closed or opened them by."""
    gone, count, amended = dict(told.signatures), 0, 0
    for ids in _batches(session, Signature.id, Signature.id > 0):
        signatures = _read(session, select(Signature), Signature.id, ids, faults)
        uids = [signature.subject.partition(":")[2] for signature in signatures]
        decisions = {row.uid: row for row in _read(session, select(UnitDecision), UnitDecision.uid, uids, faults)}
        for signature, uid in zip(signatures, uids, strict=True):
            count += 1
            subject, _place = gone.pop(signature.digest, ("", ("", 0)))
            found = _compared(session, signature, decisions.get(uid))
            if not found.wrong and subject != signature.subject:
                found = Compared("a signature that the trail does not tell of", streams.named(signature))
            elif not (found.wrong or there.tells(signature)):
                found = Compared("a signature that the trail from elsewhere does not tell of", streams.named(signature))
            faults += [Fault(found.row, 0, found.wrong)] if found.wrong else []
            amended += found.amended
        session.expunge_all()
    is_signed = Signature.subject == literal("unit_decision:") + UnitDecision.uid
    unsigned = select(UnitDecision.uid, UnitDecision.no).outerjoin(Signature, is_signed).where(Signature.id.is_(None))
    what = "a decision on a unit that nobody signed"
    faults += [Fault(f"unit_decision:{uid}", no, what) for uid, no in session.execute(unsigned)]
    faults += [Fault(*place, "the signature that it tells of is gone") for _subject, place in gone.values()]
    return count, amended


def _compared(session: Session, signature: Signature, decision: UnitDecision | None) -> Compared:
    try:
        return compared(session, signature, decision)
    except UNREADABLE:
        return Compared("what was signed cannot be compared with what is on record", streams.named(signature))


def _hidden(session: Session, told: Told, faults: list[Fault]) -> None:
    """Which items are hidden while personal data is taken out of them."""
    hidden = {f"evidence:{uid}" for uid in session.scalars(select(Evidence.uid).where(Evidence.hidden_at.is_not(None)))}
    what = "an item is hidden, or is not, against what the trail tells"
    faults += [Fault(name, 0, what) for name in sorted(hidden ^ told.hidden)]


def _files(session: Session, store: Store, faults: list[Fault]) -> int:
    """Every file that is kept, or that evidence names, is there and is what was stored."""
    count = 0
    state = type_coerce(Blob.state, String)
    is_named = or_(
        Blob.id.in_(select(EvidenceFile.blob_id)),
        Blob.id.in_(select(Redaction.original_blob_id).where(Redaction.original_blob_id.is_not(None))),
    )
    for uid, centre, sha256 in session.execute(
        select(Blob.uid, Centre.uid, Blob.sha256)
        .outerjoin(Centre, Centre.id == Blob.centre_id)
        .where(or_(state == BlobState.KEPT.value, is_named))
    ):
        count += 1
        if not _is_whole(store, centre, sha256):
            faults.append(Fault(f"blob:{uid}", 0, "a stored file is missing or is not what was stored"))
    nameless = select(EvidenceFile.uid).outerjoin(Blob, Blob.id == EvidenceFile.blob_id)
    nameless = nameless.where(or_(Blob.id.is_(None), state == BlobState.GONE.value))
    faults += [
        Fault(f"evidence_file:{uid}", 0, "it names a file that has been removed") for uid in session.scalars(nameless)
    ]
    holds = (Blob.id == Redaction.original_blob_id) | (Blob.id == Redaction.result_blob_id)
    lost = select(Redaction.uid).join(Blob, holds).where(state == BlobState.GONE.value)
    faults += [Fault(f"redaction:{uid}", 0, "it names a file that has been removed") for uid in session.scalars(lost)]
    return count


def _is_whole(store: Store, centre: str, sha256: str) -> bool:
    try:
        return store.is_whole(centre, sha256)
    except UNREADABLE:
        return False
