"""Drawing on a file, asking for its redacted version, and dropping what was made.

A redaction is of a content: of a file in a draft, for whoever made the item; or of one on record, for whoever takes
personal data out of it while it is hidden. The permission of the edge says who that is.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.audit import streams
from portfolio.audit.events import Doer
from portfolio.db import WORK_ASKED
from portfolio.documents.redaction.plan import Box, Silence
from portfolio.enrolment.actions import held, lock
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Conflict, InvalidState
from portfolio.evidence.actions import draft_of, note_words
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion
from portfolio.jobs import actions as jobs
from portfolio.redaction.found import Accepted, accepted_in, numbered
from portfolio.redaction.models import FileMarks, Redaction
from portfolio.redaction.queries import marks_of, open_row
from portfolio.redaction.rules import MAKE_REDACTED, RedactionState, can_be_redacted, kept_marks
from portfolio.screening.acting import Act, Entry, decide
from portfolio.screening.asking import ask_all_again
from portfolio.screening.entities import Entities
from portfolio.screening.models import Scan
from portfolio.screening.rules import Outcome, ScanState
from portfolio.storage.actions import let_go

DRAWN_ELSEWHERE = "What is marked on this file was changed in another window."
IS_MADE = "A redacted version of this file is made already. Use it, or drop it first."
IS_BEING_MADE = "A redacted version of this file is being made. Wait for it, or drop it first."
NOT_LOOKED = "This file is still being looked through. Look at the page again in a moment."
NOT_HERE = "Files of this kind cannot be redacted here. Redact it in the program that made it, and add that instead."
NONE_OPEN = "No redacted version of this file is being made or waits to be used."
ELSEWHERE = "This is not the version of the item that is being changed. Load the page again."


def check_redactable(evidence: Evidence, version: EvidenceVersion) -> None:
    """Raises InvalidState unless the version is the draft, or what is on record of an item that is hidden."""
    wanted = evidence.on_record if evidence.hidden_at is not None else draft_of(evidence)
    if wanted is None or wanted.id != version.id:
        raise InvalidState(ELSEWHERE)


def mark(
    session: Session,
    file: EvidenceFile,
    boxes: Sequence[Box],
    silences: Sequence[Silence],
    *,
    rev: int,
) -> int:
    """Save what is drawn on a file; answers its new number. The same again writes nothing.

    Raises Conflict when it was changed since `rev` was read: `theirs` has `rev`, and `boxes` and `silences` as JSON.
    Raises InvalidState while a version is being made or waits to be used, Rejected for what cannot be drawn there.
    """
    new_boxes, new_silences = kept_marks(file.blob.media_type, boxes, silences)
    evidence = file.version.evidence
    held(session, evidence.enrolment_id, even_over=evidence.hidden_at is not None)
    session.refresh(evidence)
    check_redactable(evidence, file.version)
    source = file.blob.sha256
    row = session.scalar(
        select(FileMarks)
        .where(FileMarks.item_uid == evidence.uid, FileMarks.source == source)
        .execution_options(populate_existing=True)
    )
    if row is not None and (row.boxes, row.silences) == (new_boxes, new_silences):
        return row.rev
    _check_free(open_row(session, evidence.uid, source))
    if (row.rev if row else 0) != rev:
        raise _drawn_elsewhere(row)
    if row is None:
        row = FileMarks(enrolment_id=evidence.enrolment_id, item_uid=evidence.uid, source=source)
        session.add(row)
    row.boxes, row.silences, row.saved_at = new_boxes, new_silences, clock.now()
    session.flush()
    return row.rev


def _drawn_elsewhere(row: FileMarks | None) -> Conflict:
    rev, boxes, silences = (row.rev, row.boxes, row.silences) if row else (0, [], [])
    theirs = {"rev": str(rev), "boxes": json.dumps(boxes), "silences": json.dumps(silences)}
    return Conflict(DRAWN_ELSEWHERE, theirs)


def _check_free(present: Redaction | None) -> None:
    """Raises InvalidState while a version is being made, or was made and waits to be used."""
    if present is not None and present.state is RedactionState.MADE:
        raise InvalidState(IS_MADE)
    if present is not None and is_under_way(present):
        raise InvalidState(IS_BEING_MADE)


def is_under_way(row: Redaction) -> bool:
    """Whether a worker is at it, or will be."""
    return row.state is RedactionState.WAITING and not row.job.is_over


def ask(session: Session, actor: Actor, file: EvidenceFile) -> Redaction:
    """Have a worker make the redacted version: without all that was found in the file and that nobody keeps, which is
    confirmed to be personal data by that, and without what is drawn on it.

    While one is being made already, that one is the answer; one that failed is tried again. Raises InvalidState where
    none can be made now.
    """
    evidence, version, source = file.version.evidence, file.version, file.blob.sha256
    is_hidden = evidence.hidden_at is not None
    held(session, evidence.enrolment_id, even_over=is_hidden)
    session.refresh(evidence)
    check_redactable(evidence, version)
    if not can_be_redacted(file.blob.media_type):
        raise InvalidState(NOT_HERE)
    row = open_row(session, evidence.uid, source)
    if row is not None and is_under_way(row):
        return row
    _check_free(row)
    _check_looked_through(session, evidence, source)
    enrolment = lock(session, evidence.enrolment_id, even_over=is_hidden)
    entities = Entities(session, enrolment)
    accepted = accepted_in(session, evidence, source, entities)
    if numbered(session, evidence, entities, accepted):
        ask_all_again(session, enrolment)
        note_words(session, evidence)
    act = None if is_hidden else _confirm(session, actor, evidence, enrolment, accepted)
    row = _waiting(session, actor, file, row)
    session.info[WORK_ASKED] = True
    told = {"ref": evidence.ref, "version": version.no, "source": source, "places": accepted.goes}
    told |= {"labels": accepted.labels} | {name: len(drawn) for name, drawn in row.marks.items()}
    if act is not None:
        told |= {"act": act.uid, "count": act.count, "digest": act.digest}
    streams.record(session, actor, "redaction.ask", streams.named(evidence), stream_id=enrolment.stream_id, text=told)
    return row


def _waiting(session: Session, actor: Actor, file: EvidenceFile, row: Redaction | None) -> Redaction:
    """The redaction of a content, with a job of its own: a new one, or the one that failed."""
    version, blob = file.version, file.blob
    evidence = version.evidence
    drawn = marks_of(session, evidence.uid, blob.sha256)
    job = jobs.ask(
        session,
        kind=MAKE_REDACTED,
        centre_id=evidence.enrolment.centre_id,
        person_id=actor.person_id,
        subject_id=file.id,
    )
    row = row or Redaction(
        enrolment_id=evidence.enrolment_id,
        item_uid=evidence.uid,
        source=blob.sha256,
        source_size=blob.size,
        source_type=blob.media_type,
    )
    row.version_no, row.state, row.note = version.no, RedactionState.WAITING, ""
    row.marks = {"boxes": [asdict(one) for one in drawn.boxes], "silences": [asdict(one) for one in drawn.silences]}
    row.asked_by_id, row.asked_at, row.job = actor.person_id, clock.now(), job
    session.add(row)
    session.flush()
    return row


def _check_looked_through(session: Session, evidence: Evidence, source: str) -> None:
    """What is looked through once more may hold words by now that were missed before, so that is waited for too."""
    scan = session.scalar(
        select(Scan)
        .where(Scan.item_uid == evidence.uid, Scan.source == source)
        .execution_options(populate_existing=True)
    )
    if scan is None or scan.state is ScanState.WAITING:
        raise InvalidState(NOT_LOOKED)


def _confirm(
    session: Session, actor: Actor, evidence: Evidence, enrolment: Enrolment, accepted: Accepted
) -> Act | None:
    """What goes and was not decided yet is personal data: one act, told by its caller."""
    rows = accepted.undecided
    if not rows:
        return None
    places = {row.token: sum(one.token == row.token for one in rows) for row in rows}
    first = {row.token: row for row in reversed(rows)}
    entries = [
        Entry(token, row.label, row.entity.uid, accepted.stand_ins[row.entity.uid], places[token])
        for token, row in first.items()
    ]
    return decide(session, actor, evidence.uid, enrolment, entries, Outcome.CONFIRMED)


def drop(session: Session, actor: Actor, file: EvidenceFile) -> None:
    """What was made of a file is not used, or is not waited for any more. What is drawn on the file stays.

    Raises InvalidState when there is nothing to drop, or the file is in another version than what was asked for.
    """
    evidence = file.version.evidence
    enrolment = held(session, evidence.enrolment_id, even_over=True)
    session.refresh(evidence)
    check_redactable(evidence, file.version)
    row = open_row(session, evidence.uid, file.blob.sha256)
    if row is None:
        raise InvalidState(NONE_OPEN)
    end(session, row)
    tell_dropped(session, actor, enrolment, [row], ref=evidence.ref)


def end(session: Session, row: Redaction) -> None:
    """Nothing will come of this redaction: whoever is at it notices, and its result is let go."""
    if not row.job.is_over:
        jobs.cancel(session, row.job)
    result = row.result
    row.state, row.note, row.result, row.result_name, row.result_sha256 = RedactionState.DROPPED, "", None, "", ""
    row.proof, row.made_at = {}, None
    session.flush()
    if result is not None:
        let_go(session, [result])


def tell_dropped(
    session: Session, actor: Doer, enrolment: Enrolment, rows: Sequence[Redaction], *, ref: str = ""
) -> None:
    """Record that these were dropped."""
    told: dict[str, object] = {"source": [row.source for row in rows]}
    subject = f"evidence:{rows[0].item_uid}" if len({row.item_uid for row in rows}) == 1 else streams.named(enrolment)
    streams.record(
        session,
        actor,
        "redaction.drop",
        subject,
        stream_id=enrolment.stream_id,
        text={"ref": ref} | told if ref else told,
    )
