"""A redacted version in the place of its original, and what becomes of the original: destroyed, or held for a time.

In one transaction the one goes and the other comes, so that at no time both or neither are there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.audit import streams
from portfolio.audit.events import Doer, facts_digest, in_full
from portfolio.centres.settings import HELD, settings_of
from portfolio.db import new_uid
from portfolio.enrolment.actions import held, lock
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState
from portfolio.evidence.actions import draft_of, note_words
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion, WaitingFile
from portfolio.evidence.rules import FileRole
from portfolio.redaction.actions import ELSEWHERE, NONE_OPEN
from portfolio.redaction.models import FileMarks, Redaction
from portfolio.redaction.queries import enrolments_with, open_row, open_rows
from portfolio.redaction.rules import RedactionState
from portfolio.screening.asking import ask_for_contents
from portfolio.screening.models import Scan
from portfolio.storage.actions import let_go as let_go_of
from portfolio.storage.models import Blob

NOT_MADE = "The redacted version of this file is not made yet."
NOT_HELD = "The original is not held any more."
ON_RECORD_HERE = "Take it out of what is on record on the page of this item, where the rest is mended too."


class Original(StrEnum):
    """What became of an original."""

    DESTROYED = "destroyed"
    """Nothing of the portfolio has it any more. Whether somebody else has the same file is not theirs to know."""
    HELD = "held"
    ON_RECORD = "on_record"
    """Another version of the item, which was handed in, still has it."""
    ELSEWHERE = "elsewhere"
    """Another item of the portfolio has it as well, and it is gone from this one."""


@dataclass(frozen=True, slots=True)
class Used:
    """What `use` did with the original; `versions` are those on record that still have it, `held_until` when one that
    is held goes.
    """

    original: Original
    versions: tuple[int, ...] = ()
    held_until: datetime | None = None


def use(session: Session, actor: Actor, file: EvidenceFile, *, checked: bool = False) -> Used:
    """The redacted version takes the place of the file in a draft, under its identifier. `checked`: the actor has
    looked at all of it. Raises InvalidState when it is not made, or the item is no draft.

    What is let go is marked for removal: the caller removes it after the commit.
    """
    version = file.version
    evidence = version.evidence
    enrolment = lock(session, evidence.enrolment_id)
    session.refresh(evidence)
    if evidence.hidden_at is not None:
        raise InvalidState(ON_RECORD_HERE)
    if draft_of(evidence).id != version.id:
        raise InvalidState(ELSEWHERE)
    session.refresh(file)
    row, original = open_row(session, evidence.uid, file.blob.sha256), file.blob
    if row is None:
        raise InvalidState(NONE_OPEN)
    if row.state is not RedactionState.MADE or row.result is None:
        raise InvalidState(NOT_MADE)
    name = _exchange(session, version, row, file)
    digest = settle_used(session, actor, row, checked=checked)
    _forget_beside(session, evidence, original)
    found = _fate(session, enrolment, evidence, row, original, name)
    note_words(session, evidence)
    ask_for_contents(session, evidence)
    if checked:
        _note_checked(session, actor, evidence, row.result_sha256)
    told = {"ref": evidence.ref, "version": version.no, "original": found.original.value, "checked": checked}
    streams.record(
        session,
        actor,
        "redaction.use",
        streams.named(evidence),
        stream_id=enrolment.stream_id,
        text=told | told_of(row) | {"digest": digest},
    )
    return found


def _exchange(session: Session, version: EvidenceVersion, row: Redaction, file: EvidenceFile) -> str:
    """Every file of the version with the original's content becomes the one result; answers what the first was called.

    It stays where it was among the files, under another public identifier.
    """
    same = [one for one in version.files if one.blob_id == file.blob_id]
    name, result = file.name, row.result
    for other in same:
        if other is not file:
            session.delete(other)
    file.uid, file.blob, file.name, file.role = new_uid(), _present(result), row.result_name, FileRole.REDACTED
    session.flush()
    session.expire(version, ["files"])
    return name


def _present(blob: Blob | None) -> Blob:
    if blob is None:
        raise InvalidState(NOT_MADE)
    return blob


def settle_used(session: Session, actor: Actor, row: Redaction, *, checked: bool = False) -> str:
    """The redaction is used from now on: its facts stay as they are, by this digest, and its content is the item's.

    The caller records the event, with the digest, and lets the original go.
    """
    row.state, row.used_by_id, row.used_at, row.checked = RedactionState.USED, actor.person_id, clock.now(), checked
    row.result, row.result_name, row.marks = None, "", {}
    session.flush()
    session.execute(delete(FileMarks).where(FileMarks.item_uid == row.item_uid, FileMarks.source == row.source))
    return facts_digest(used_facts(row))


def note_used(session: Session, actor: Actor, evidence: Evidence, gone: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Of contents that went out of an item, those in whose place a redacted version that was made here stands now are
    used: `gone` are their facts, with `sha256` and `replaced_by`. Answers the name of each with its digest, to be told.
    """
    pairs = {(one["sha256"], one["replaced_by"]) for one in gone}
    rows = [row for row in open_rows(session, [evidence.uid]) if (row.source, row.result_sha256) in pairs]
    return [[streams.named(row), settle_used(session, actor, row)] for row in rows if row.state is RedactionState.MADE]


def used_facts(row: Redaction) -> dict[str, Any]:
    """Everything about a redaction that was used that must stay as it was."""
    return {
        "uid": row.uid,
        "enrolment": row.enrolment_id,
        "item": row.item_uid,
        "version": row.version_no,
        "source": row.source,
        "size": row.source_size,
        "result": row.result_sha256,
        "proof": row.proof,
        "made_at": in_full(row.made_at),
        "by": row.used_by_id,
        "at": in_full(row.used_at),
        "checked": row.checked,
    }


def told_of(row: Redaction) -> dict[str, Any]:
    """What the trail says of a redaction that was made: hashes, numbers and programs."""
    proof = row.proof
    return {
        "source": row.source,
        "result": row.result_sha256,
        "replaced": sum(proof["counts"].values()),
        "labels": sorted(proof["counts"]),
        "boxes": proof["boxes"],
        "seconds": proof["seconds"],
        "values": proof["values"],
        "parts": proof["parts"],
        "tools": proof["tools"],
    }


def _forget_beside(session: Session, evidence: Evidence, original: Blob) -> None:
    """The same content, sent and not used, goes from the portfolio too."""
    waiting = (WaitingFile.enrolment_id == evidence.enrolment_id, WaitingFile.blob_id == original.id)
    session.execute(delete(WaitingFile).where(*waiting))


def _fate(
    session: Session, enrolment: Enrolment, evidence: Evidence, row: Redaction, original: Blob, name: str
) -> Used:
    """Let the original go, or hold it, unless it is named elsewhere still."""
    versions = session.scalars(
        select(EvidenceVersion.no)
        .join(EvidenceFile, EvidenceFile.version_id == EvidenceVersion.id)
        .where(EvidenceVersion.evidence_id == evidence.id, EvidenceFile.blob_id == original.id)
        .distinct()
        .order_by(EvidenceVersion.no)
    ).all()
    if versions:
        return Used(Original.ON_RECORD, tuple(versions))
    settings = settings_of(enrolment.centre.settings)
    if settings.originals == HELD:
        until = (row.used_at or clock.now()) + timedelta(days=settings.hold_original_days)
        row.original, row.original_name, row.held_until = original, name, until
        session.flush()
        return Used(Original.HELD, held_until=until)
    let_go_of(session, [original])
    return _left_in(session, enrolment, row, original)


def _left_in(session: Session, enrolment: Enrolment, row: Redaction, original: Blob) -> Used:
    """Whether the portfolio itself still has what was let go: held since an earlier redaction, or in another item."""
    holding = session.execute(
        select(Redaction.used_by_id, Redaction.held_until)
        .where(Redaction.enrolment_id == enrolment.id, Redaction.original_blob_id == original.id)
        .order_by(Redaction.held_until.desc())
    ).all()
    until = next((one.held_until for one in holding if one.used_by_id == row.used_by_id), None)
    if until is not None:
        return Used(Original.HELD, held_until=until)
    in_items = (
        select(EvidenceFile.id)
        .join(EvidenceVersion, EvidenceVersion.id == EvidenceFile.version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .where(Evidence.enrolment_id == enrolment.id, EvidenceFile.blob_id == original.id)
        .limit(1)
    )
    is_elsewhere = bool(holding) or session.scalar(in_items) is not None
    return Used(Original.ELSEWHERE if is_elsewhere else Original.DESTROYED)


def _note_checked(session: Session, actor: Actor, evidence: Evidence, source: str) -> None:
    scan = session.scalars(select(Scan).where(Scan.item_uid == evidence.uid, Scan.source == source)).one()
    scan.checked_by_id, scan.checked_at = actor.person_id, clock.now()
    session.flush()


def let_go(session: Session, actor: Actor, row: Redaction) -> None:
    """The original that is held is destroyed before its time. Raises InvalidState when it is not held any more.

    What is let go is marked for removal: the caller removes it after the commit.
    """
    enrolment = held(session, row.enrolment_id, even_over=True)
    session.refresh(row)
    if row.original is None:
        raise InvalidState(NOT_HELD)
    release(session, [row])
    tell_let_go(session, actor, enrolment, [row])


def release(session: Session, rows: Sequence[Redaction]) -> None:
    """The originals that these hold are let go. The caller tells of it."""
    blobs = [row.original for row in rows if row.original is not None]
    for row in rows:
        row.original, row.original_name, row.held_until, row.let_go_at = None, "", None, clock.now()
    session.flush()
    let_go_of(session, blobs)


def tell_let_go(session: Session, actor: Doer, enrolment: Enrolment, rows: Sequence[Redaction]) -> None:
    """Record that the originals of these were let go."""
    streams.record(
        session,
        actor,
        "redaction.let_go",
        streams.named(enrolment),
        stream_id=enrolment.stream_id,
        text={"source": [row.source for row in rows], "count": len(rows)},
    )


def let_go_all(session: Session, enrolment: Enrolment) -> int:
    """Let every original go that is held in an enrolment; answers how many. The caller holds it, and tells of it."""
    rows = session.scalars(
        select(Redaction)
        .where(Redaction.enrolment_id == enrolment.id, Redaction.original_blob_id.is_not(None))
        .execution_options(populate_existing=True)
    ).all()
    release(session, rows)
    return len(rows)


def let_go_held(session: Session, evidence: Evidence, blob_ids: Collection[int]) -> int:
    """Let every original go that is held of an item from which personal data is taken out, and those of its portfolio
    with these contents; answers how many. The caller holds the enrolment, and tells of it.
    """
    rows = session.scalars(
        select(Redaction)
        .where(
            Redaction.enrolment_id == evidence.enrolment_id,
            Redaction.original_blob_id.is_not(None),
            or_(Redaction.item_uid == evidence.uid, Redaction.original_blob_id.in_(blob_ids)),
        )
        .execution_options(populate_existing=True)
    ).all()
    release(session, rows)
    return len(rows)


def due_in(session: Session, centre_id: int, at: datetime) -> Sequence[int]:
    """The enrolments of a centre in which an original was held long enough."""
    return enrolments_with(session, centre_id, Redaction.held_until <= at)


def let_go_due(session: Session, actor: Doer, enrolment: Enrolment, at: datetime) -> int:
    """Let the originals of an enrolment go that were held long enough; answers how many."""
    enrolment = held(session, enrolment.id, even_over=True)
    rows = session.scalars(
        select(Redaction)
        .where(Redaction.enrolment_id == enrolment.id, Redaction.held_until <= at)
        .order_by(Redaction.id)
        .execution_options(populate_existing=True)
    ).all()
    if rows:
        release(session, rows)
        tell_let_go(session, actor, enrolment, rows)
    return len(rows)
