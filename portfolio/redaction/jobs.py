"""Making a redacted version: what goes is read, the file is written anew apart, and other code proves the result.

No transaction is open while that happens. One value that is found in the result, and nothing of it is kept or shown.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portfolio import clock
from portfolio.accounts import queries as accounts
from portfolio.accounts.actors import Actor
from portfolio.audit import streams
from portfolio.centres.models import Centre
from portfolio.documents.breaking_off import broken_off_when
from portfolio.documents.codec import Malformed
from portfolio.documents.preview import Manifest, manifest_of
from portfolio.documents.proof.apart import NotProved, prove_apart
from portfolio.documents.proof.values import Proof, Value
from portfolio.documents.redaction import apart
from portfolio.documents.redaction.matching import Matcher
from portfolio.documents.redaction.names import renamed
from portfolio.documents.redaction.plan import Plan, Report
from portfolio.documents.redaction.work import Refused, replaced
from portfolio.enrolment.actions import held
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Forbidden, InvalidState, Unavailable
from portfolio.evidence.models import Evidence, EvidenceFile
from portfolio.jobs.rules import JobState
from portfolio.jobs.running import Stopped, Transaction, Work
from portfolio.previews import actions as previews
from portfolio.previews.models import Preview
from portfolio.previews.rules import PreviewState
from portfolio.redaction.found import CHANGED, accepted_in, swaps_of
from portfolio.redaction.models import Redaction
from portfolio.redaction.proofs import kept_proof
from portfolio.redaction.rules import NOTE_MOST, RedactionState, marks_in
from portfolio.redaction.using import told_of
from portfolio.screening.contents import words_of
from portfolio.storage.actions import keep
from portfolio.storage.arriving import Arrived
from portfolio.storage.models import Blob
from portfolio.storage.stores import Derived, Store

log = logging.getLogger("portfolio.redaction")

STEPS = 3
MISSING = "The file is missing from the store. Tell your centre."
NO_LONGER = "You no longer have a role at the centre, so this was not made."
SAME = "There is nothing in this file that has to go, and nothing hidden in it: it would stay as it is."
WORDS_LOST = "What was found in this file cannot be read at this moment."
LEFT = "The result was searched, and {count} of what was to go {is_are} still in it: {places}. It was thrown away."
PLACES_MOST = 3


class Redact(Protocol):
    """Writes the redacted file to `target`. Raises Refused with a sentence."""

    def __call__(self, source: Path, media_type: str, target: Path, plan: Plan, /) -> Report:
        """What was done."""


class Prove(Protocol):
    """Searches a result for values. Raises NotProved with a sentence."""

    def __call__(self, path: Path, media_type: str, values: Sequence[Value], /, *, name: str = "") -> Proof:
        """What was found."""


@dataclass(frozen=True, slots=True)
class Programs:
    """What writes a redacted file, and what proves it."""

    redact: Redact
    prove: Prove


APART = Programs(apart.redact, prove_apart)


@dataclass(frozen=True, slots=True)
class Task:
    """A redaction to make, as it was when it was read."""

    redaction_id: int
    centre_uid: str
    source: str
    media_type: str
    name: str
    plan: Plan

    @property
    def values(self) -> list[Value]:
        """What may stand nowhere in the result."""
        return [Value(swap.words, swap.label, swap.is_ordinary) for swap in self.plan.swaps]

    def named(self, media_type: str) -> str:
        """What the result is called: without what goes out of the file, and with the ending of its kind."""
        matcher = Matcher(self.plan.swaps)
        return renamed(self.name, lambda stem: replaced(stem, matcher.find(stem)), self.media_type, media_type)


@dataclass(frozen=True, slots=True)
class Made:
    """A result that was proved."""

    arrived: Arrived
    name: str
    report: Report
    proof: Proof


def make_redacted(
    work: Work,
    *,
    reading: Transaction,
    writing: Transaction,
    store: Store,
    derived: Derived,
    by: Programs = APART,
) -> None:
    """Make the redacted version that a job asks for, or say why there is none. Raises Stopped when the job is no longer
    ours.
    """
    try:
        with store.workbench(f"job-{work.job_id}") as folder, broken_off_when(work.is_lost, Stopped):
            with reading() as session:
                task = task_of(session, work, derived)
            made = _made(work, task, by, store, folder)
            store.send_ahead(task.centre_uid, made.arrived)
            with writing() as session:
                _keep(session, work, task, store, made)
    except (Refused, NotProved, InvalidState) as trouble:
        sentence = trouble.message if isinstance(trouble, InvalidState) else str(trouble)
        with writing() as session:
            _fail(session, work, sentence)


def task_of(session: Session, work: Work, derived: Derived) -> Task:
    """What a job is to make. Raises InvalidState where it cannot be made (any more), as when somebody was found since
    who has no pseudonym yet; Unavailable when the words of what was found are not at hand now.
    """
    row = _row(session, work)
    file = session.get(EvidenceFile, work.subject_id, options=[joinedload(EvidenceFile.blob)])
    evidence = session.scalars(select(Evidence).where(Evidence.uid == row.item_uid)).one_or_none()
    if file is None or evidence is None or file.blob.sha256 != row.source:
        raise InvalidState("The file is not in this item any more.")
    centre_uid = session.scalars(select(Centre.uid).where(Centre.id == file.blob.centre_id)).one()
    accepted = accepted_in(session, evidence, row.source)
    if any(one.entity.number is None for one in accepted.findings):
        raise InvalidState(CHANGED)
    texts = _texts(session, derived, centre_uid, file.blob) if accepted.findings else {}
    boxes, silences = marks_in(row.marks["boxes"], row.marks["silences"])
    plan = Plan(swaps_of(session, evidence, accepted, texts), tuple(boxes), tuple(silences))
    return Task(row.id, centre_uid, row.source, file.blob.media_type, file.name, plan)


def _row(session: Session, work: Work) -> Redaction:
    """The redaction that a job is to make. Raises Stopped when it is asked for otherwise by now."""
    row = session.scalars(select(Redaction).where(Redaction.job_id == work.job_id)).one_or_none()
    if row is None or row.state is not RedactionState.WAITING:
        raise Stopped
    return row


def _texts(session: Session, derived: Derived, centre_uid: str, blob: Blob) -> dict[str, str]:
    """The texts in which the findings of a content count their places."""
    preview = session.scalars(select(Preview).where(Preview.blob_id == blob.id)).one_or_none()
    if preview is None or preview.state is PreviewState.WAITING:
        raise Unavailable(WORDS_LOST)
    try:
        return words_of(derived, centre_uid, blob.sha256, _manifest(preview)).texts
    except FileNotFoundError:
        raise Unavailable(WORDS_LOST) from None


def _manifest(preview: Preview) -> Manifest:
    try:
        return manifest_of(preview.manifest)
    except Malformed:
        return Manifest()


def _made(work: Work, task: Task, by: Programs, store: Store, folder: Path) -> Made:
    """The result, proved; what is written on the way lies in the folder. Raises Refused and NotProved."""
    target = folder / "result"
    work.report(0, STEPS, "Writing it without what goes")
    try:
        with store.here(task.centre_uid, task.source) as source:
            report = by.redact(source, task.media_type, target, task.plan)
    except FileNotFoundError:
        raise Refused(MISSING) from None
    work.report(1, STEPS, "Searching the result for what was to go")
    name = task.named(report.media_type)
    proof = by.prove(target, report.media_type, task.values, name=name)
    if proof.hits:
        raise NotProved(_left(proof))
    work.report(2, STEPS, "Keeping it")
    arrived = store.finished(target)
    if arrived.sha256 != proof.sha256:
        raise NotProved("The result changed while it was being searched. Ask for it again.")
    if arrived.sha256 == task.source:
        raise Refused(SAME)
    return Made(arrived, name, report, proof)


def _left(proof: Proof) -> str:
    places = list(dict.fromkeys(hit.place for hit in proof.hits))
    listed = ", ".join(places[:PLACES_MOST]) + (" and elsewhere" if len(places) > PLACES_MOST else "")
    count = len(proof.hits)
    return LEFT.format(count=count, is_are="is" if count == 1 else "are", places=listed)


def _keep(session: Session, work: Work, task: Task, store: Store, made: Made) -> None:
    """The result is there: stored, to be looked at, and told."""
    row, enrolment, actor, evidence = _held(session, work)
    blob = keep(
        session,
        store,
        made.arrived,
        centre_id=enrolment.centre_id,
        centre_uid=task.centre_uid,
        media_type=made.report.media_type,
    )
    row.state, row.made_at, row.note = RedactionState.MADE, clock.now(), ""
    row.result, row.result_name, row.result_sha256 = blob, made.name, blob.sha256
    row.proof = kept_proof(made.report, made.proof, task.plan)
    session.flush()
    previews.ask_for(session, blob)
    _tell(session, actor, "redaction.make", evidence, enrolment, told_of(row))


def _fail(session: Session, work: Work, sentence: str) -> None:
    """There is no result, and why; it may be asked for again."""
    row, enrolment, actor, evidence = _held(session, work, JobState.FAILED, sentence)
    row.state, row.note = RedactionState.FAILED, sentence[:NOTE_MOST]
    session.flush()
    log.warning("a redaction failed: %s", row.uid)
    _tell(session, actor, "redaction.fail", evidence, enrolment, {"source": row.source})


def _held(
    session: Session, work: Work, state: JobState = JobState.DONE, message: str = ""
) -> tuple[Redaction, Enrolment, Actor, Evidence]:
    """The redaction with its portfolio held, and the job over. Raises Stopped when it is no longer ours."""
    enrolment_id = _row(session, work).enrolment_id
    enrolment = held(session, enrolment_id, even_over=True)
    work.finish(session, state, message)
    row = _row(session, work)
    session.refresh(row)
    if row.state is not RedactionState.WAITING:
        raise Stopped
    actor = accounts.actor(session, person_id=work.person_id, centre_id=work.centre_id)
    if actor is None:
        raise Forbidden(NO_LONGER)
    evidence = session.scalars(select(Evidence).where(Evidence.uid == row.item_uid)).one()
    return row, enrolment, actor, evidence


def _tell(
    session: Session, actor: Actor, verb: str, evidence: Evidence, enrolment: Enrolment, told: dict[str, Any]
) -> None:
    text = {"ref": evidence.ref} | told
    streams.record(session, actor, verb, streams.named(evidence), stream_id=enrolment.stream_id, text=text)
