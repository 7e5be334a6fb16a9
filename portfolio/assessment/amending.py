"""Taking personal data out of an item, in one transaction: texts, claims and files of every version, and the trail.

The current version keeps what its mender leaves of it; of the versions before it nothing is left but their decisions.
Each amendment is told by one signed entry, so that the proof follows what was handed in to what stands now.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.assessment.models import Submission, SubmissionItem
from portfolio.assessment.submitting import claims_facts
from portfolio.audit import streams
from portfolio.audit.events import facts_digest
from portfolio.enrolment.actions import lock
from portfolio.errors import Conflict, Rejected
from portfolio.evidence import amending
from portfolio.evidence.actions import Details
from portfolio.evidence.amending import Fate, Gone, Kept, amendment_facts, checked_reason, held_breach, is_empty
from portfolio.evidence.models import Amendment, Breach, Evidence, EvidenceVersion
from portfolio.evidence.notes import ASK_MOST, SAID_MOST
from portfolio.evidence.rules import BODY_MOST, CONTEXT_MOST, CUSTODY_MOST, NAME_MOST, ROLE_MOST, check_details
from portfolio.evidence.taking_out import check_taken_out
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import ANNOTATION_MOST, PLACE_MOST
from portfolio.redaction.queries import open_row
from portfolio.redaction.rules import RedactionState
from portfolio.redaction.using import let_go_held, note_used
from portfolio.storage.actions import let_go
from portfolio.storage.stores import Store

ONE_TEXT = ("title", "context", "role", "body")
"""What of a version is one text; where something is kept is several, and so are the lines of a record."""
CHANGED_SINCE = "The item has changed since you opened the page. Load it again."
HARMLESS = frozenset(
    {
        "ref", "method", "file_uids", "version", "count", "digest", "reason", "versions", "further", "erased", "books",
        "redacted", "originals",
    }
)  # fmt: skip
"""What an entry about an item may say and keep. The text of any other is erased with the item's words: the first
releases kept titles and names of files in them.
"""
PLAIN = frozenset({"ref", "method"})
"""What stands in those texts and is no word of the item."""


@dataclass(frozen=True, slots=True)
class Mending:
    """What is to stand from now on: the texts, (annotation, place) by claim, and what becomes of each file, by id."""

    details: Details
    claims: Mapping[int, tuple[str, str]]
    files: Mapping[int, Fate]
    reason: str


@dataclass(slots=True)
class _Work:
    """What is gathered on the way."""

    session: Session
    actor: Actor
    breach: Breach
    mending: Mending
    gone: Mapping[int, list[Gone]]
    is_renamed: bool
    names: set[str] = field(default_factory=set)
    further: Mapping[int, str] = field(default_factory=dict)
    """The submissions of further claims on the item, by id, as the trail names them."""
    told: list[list[str | int]] = field(default_factory=list)
    """For each that changed: its name, the version, and the digests of its claims before and after."""
    redacted: list[list[str]] = field(default_factory=list)
    """For each redacted version that was made here: its name and the digest of its facts."""
    originals: int = 0
    """How many originals that were held for whoever redacted them are let go with it."""


def mend(
    session: Session, actor: Actor, evidence: Evidence, store: Store, mending: Mending, *, rev: int, books: int = 0
) -> list[Amendment]:
    """Have only this stand of an item that is hidden; what else there was of it is destroyed, and it is seen again.

    `rev` is the current version's when it was read; `books` counts the Word portfolios that were let go with it. What
    nothing names any more is marked for removal: the caller removes it after the commit.
    """
    reason = checked_reason(mending.reason)
    enrolment = lock(session, evidence.enrolment_id, even_over=True)
    breach = held_breach(session, evidence)
    for one in evidence.versions:
        session.refresh(one)
    version = evidence.on_record
    if version is None or version.rev != rev:
        raise Conflict("Somebody else has changed this item since you opened the page. Load it again.")
    claims = {one.id: _claims(session, one) for one in evidence.versions}
    _check(version, claims[version.id], mending)
    _check_still_made(session, evidence, version, mending)
    earlier = [one for one in _on_record(evidence) if one is not version]
    if _is_same(version, claims[version.id], mending) and all(map(is_empty, earlier)):
        raise Rejected("Nothing is changed. If there is nothing to take out, show the item again.")
    names = {name for one in evidence.versions for name in (one.title, *(file.name for file in one.files))}
    is_renamed = any(_name_of(mending.files[file.id]) not in {None, file.name} for file in version.files)
    gone = amending.exchange_files(session, actor, store, evidence, mending.files)
    redacted = note_used(session, actor, evidence, [one.facts for each in gone.values() for one in each])
    work = _Work(session, actor, breach, mending, gone, is_renamed, names, _further(session, evidence))
    work.redacted = redacted
    made = [_amend(work, one, claims[one.id], is_current=one is version) for one in _on_record(evidence)]
    amendments = [amendment for amendment in made if amendment is not None]
    if not evidence.latest.frozen_at:
        _follow(work, evidence.latest, version, claims)
    _empty_drafts(session, _on_record(evidence))
    blobs = {one.blob.id: one.blob for each in gone.values() for one in each}
    kept = {file.blob_id for file in version.files}
    amending.let_go_beside(session, evidence, [blob for id_, blob in blobs.items() if id_ not in kept])
    work.originals = let_go_held(session, evidence, list(blobs))
    let_go(session, list(blobs.values()))
    amending.close(session, actor, breach)
    _record(work, evidence, enrolment.stream_id, amendments, reason, books)
    return amendments


def _on_record(evidence: Evidence) -> list[EvidenceVersion]:
    return [version for version in evidence.versions if not version.is_draft]


def _claims(session: Session, version: EvidenceVersion) -> list[Claim]:
    """A draft's claims, and of what is on record those that were handed in."""
    claims = select(Claim).where(Claim.evidence_version_id == version.id).order_by(Claim.id)
    if not version.is_draft:
        claims = claims.where(Claim.submission_id.is_not(None))
    return list(session.scalars(claims, execution_options={"populate_existing": True}))


def _empty_drafts(session: Session, versions: Sequence[EvidenceVersion]) -> None:
    """What was written for further claims, and not handed in, is its maker's alone and goes: it is written anew."""
    drafts = select(Claim).where(
        Claim.evidence_version_id.in_([version.id for version in versions]), Claim.submission_id.is_(None)
    )
    for claim in session.scalars(drafts, execution_options={"populate_existing": True}):
        _change(claim, ("", ""), is_on_record=False)
    session.flush()


def _further(session: Session, evidence: Evidence) -> dict[int, str]:
    submissions = (
        select(Submission)
        .join(SubmissionItem, SubmissionItem.submission_id == Submission.id)
        .join(EvidenceVersion, EvidenceVersion.id == SubmissionItem.evidence_version_id)
        .where(EvidenceVersion.evidence_id == evidence.id, SubmissionItem.is_further)
    )
    return {row.id: streams.named(row) for row in session.scalars(submissions)}


def _digests(claims: Sequence[Claim]) -> dict[int | None, str]:
    """The digest of the claims that went in together, by submission."""
    ids = {claim.submission_id for claim in claims}
    return {id_: facts_digest(claims_facts([c for c in claims if c.submission_id == id_])) for id_ in ids}


def _is_same(version: EvidenceVersion, claims: Sequence[Claim], mending: Mending) -> bool:
    return (
        all(getattr(version, name) == getattr(mending.details, name) for name in amending.TEXTS)
        and all((claim.annotation, claim.place) == mending.claims[claim.id] for claim in claims)
        and all(mending.files[file.id] == Kept(file.name) for file in version.files)
    )


def _name_of(fate: Fate) -> str | None:
    """What a file is called that stays as it is."""
    return fate.name if fate and fate.upload is None and fate.content is None else None


def _check(version: EvidenceVersion, claims: Sequence[Claim], mending: Mending) -> None:
    details = mending.details
    check_details(title=details.title, event_on=version.event_on, today=clock.today())
    limits = {"context": CONTEXT_MOST, "role": ROLE_MOST, "body": BODY_MOST}
    limits |= {f"custody_{name}": CUSTODY_MOST for name in details.custody}
    said = {"context": details.context, "role": details.role, "body": details.body}
    said |= {f"custody_{name}": text for name, text in details.custody.items()}
    said |= _lines(details.notes)
    limits |= {name: ASK_MOST if name.endswith("_ask") else SAID_MOST for name in _lines(details.notes)}
    for claim_id, (annotation, place) in mending.claims.items():
        said |= {f"annotation_{claim_id}": annotation, f"place_{claim_id}": place}
        limits |= {f"annotation_{claim_id}": ANNOTATION_MOST, f"place_{claim_id}": PLACE_MOST}
    for file_id, fate in mending.files.items():
        said[f"name_{file_id}"], limits[f"name_{file_id}"] = fate.name if fate else "-", NAME_MOST
        if not said[f"name_{file_id}"].strip():
            raise Rejected("Give the file a name.", f"name_{file_id}")
    for field_name, text in said.items():
        if len(text) > limits[field_name]:
            raise Rejected(f"Keep this to {limits[field_name]} characters.", field_name)
    same = {file.id: file.blob.sha256 for file in version.files}
    if {claim.id for claim in claims} != mending.claims.keys() or same.keys() != mending.files.keys():
        raise Rejected(CHANGED_SINCE)
    if [(one["at"], one["criteria"]) for one in version.notes] != [(n["at"], n["criteria"]) for n in details.notes]:
        raise Rejected(CHANGED_SINCE)
    check_taken_out(_texts(version, claims), _texts_after(mending))
    for file_id, fate in mending.files.items():
        if fate and _new_content(fate) == same[file_id]:
            raise Rejected("This is the very file that is to go. Choose the redacted one.", f"fate_{file_id}")


def _check_still_made(session: Session, evidence: Evidence, version: EvidenceVersion, mending: Mending) -> None:
    """Raises Conflict where a redacted version that is to be put in was dropped before the item was held."""
    for file in version.files:
        fate = mending.files[file.id]
        if fate is not None and fate.content is not None:
            row = open_row(session, evidence.uid, file.blob.sha256)
            if row is None or row.state is not RedactionState.MADE or row.result_blob_id != fate.content.id:
                raise Conflict(CHANGED_SINCE)


def _new_content(fate: Kept) -> str:
    """The SHA-256 of what is to stand in the place of a file; empty when it stays."""
    if fate.upload is not None:
        return fate.upload.arrived.sha256
    return fate.content.sha256 if fate.content is not None else ""


def _lines(notes: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The words of each line, by field; its time and its criteria stay."""
    return {f"note_{number}_{part}": note[part] for number, note in enumerate(notes) for part in ("ask", "said")}


def _texts(version: EvidenceVersion, claims: Sequence[Claim]) -> dict[str, str]:
    """Everything that a version says, by field."""
    said = {name: getattr(version, name) for name in ONE_TEXT}
    said |= {f"custody_{name}": text for name, text in version.custody.items()}
    said |= _lines(version.notes)
    for claim in claims:
        said |= {f"annotation_{claim.id}": claim.annotation, f"place_{claim.id}": claim.place}
    return said | {f"name_{file.id}": file.name for file in version.files}


def _texts_after(mending: Mending) -> dict[str, str]:
    """The same as it is to stand; a redacted file comes with a name of its own."""
    said = {name: getattr(mending.details, name) for name in ONE_TEXT}
    said |= {f"custody_{name}": text for name, text in mending.details.custody.items()}
    said |= _lines(mending.details.notes)
    for claim_id, (annotation, place) in mending.claims.items():
        said |= {f"annotation_{claim_id}": annotation, f"place_{claim_id}": place}
    names = {f"name_{file_id}": _name_of(fate) for file_id, fate in mending.files.items()}
    return said | {field_name: name for field_name, name in names.items() if name is not None}


def _amend(work: _Work, version: EvidenceVersion, claims: Sequence[Claim], *, is_current: bool) -> Amendment | None:
    """Change one version that is on record; None for one of which nothing was left anyway."""
    if not is_current and version.id not in work.gone and is_empty(version) and not any(_words(c) for c in claims):
        return None
    before = _digests(claims)
    also: list[dict[str, str]] = [{"field": "name"}] if is_current and work.is_renamed else []
    words = work.mending.claims if is_current else {}
    changed = [claim for claim in claims if _change(claim, words.get(claim.id, ("", "")), is_on_record=True)]
    also += [{"claim": claim.criterion.code} for claim in changed]
    work.session.flush()
    after = _digests(claims)
    for id_ in sorted(work.further.keys() & before.keys()):
        if before[id_] != after[id_]:
            work.told.append([work.further[id_], version.no, before[id_], after[id_]])
    own = next(claim.submission_id for claim in claims if claim.submission_id not in work.further)
    return amending.amend(
        work.session,
        work.actor,
        work.breach,
        version,
        details=work.mending.details if is_current else None,
        gone=work.gone.get(version.id, []),
        claims=(before[own], after[own]),
        also=also,
        reason=work.mending.reason.strip(),
    )


def _words(claim: Claim) -> bool:
    return bool(claim.annotation or claim.place)


def _change(claim: Claim, words: tuple[str, str], *, is_on_record: bool) -> bool:
    """Whether the claim said something else before."""
    is_changed = (claim.annotation, claim.place) != words
    if is_changed:
        claim.annotation, claim.place = words
        claim.amended += is_on_record
    return is_changed


def _follow(
    work: _Work, draft: EvidenceVersion, version: EvidenceVersion, claims: Mapping[int, Sequence[Claim]]
) -> None:
    """A draft of a next version holds the same words: it begins again from those that stand now."""
    for name in amending.TEXTS:
        setattr(draft, name, getattr(version, name))
    said = {(c.enrolment_unit_id, c.criterion.code): (c.annotation, c.place) for c in claims[version.id]}
    for claim in claims[draft.id]:
        words = said.get((claim.enrolment_unit_id, claim.criterion.code), ("", ""))
        _change(claim, words, is_on_record=False)
    work.session.flush()


def _record(
    work: _Work, evidence: Evidence, stream_id: int, amendments: Sequence[Amendment], reason: str, books: int
) -> None:
    """The one entry: each amendment with its digests, and whose texts go with the words of the item."""
    told = [
        [one.version.no, one.digest_before, one.digest_after, one.claims_before, one.claims_after, _digest(one)]
        for one in amendments
    ]
    further: dict[str, Any] = {"further": work.told} if work.told else {}
    if work.redacted:
        further["redacted"] = work.redacted
    if work.originals:
        further["originals"] = work.originals
    name = streams.named(evidence)
    said = streams.words_in(work.session, stream_id)
    own = [words for words in said if words.subject == name and not _is_harmless(words)]
    names = work.names.union(*(_strings([words.text[key] for key in words.text.keys() - PLAIN]) for words in own))
    erased = [words.seq for words in said if words in own or _repeats(words, names)]
    event = streams.record(
        work.session,
        work.actor,
        "evidence.amend",
        name,
        stream_id=stream_id,
        text={"ref": evidence.ref, "reason": reason, "versions": told, "erased": erased, "books": books} | further,
    )
    streams.erase(work.session, event)


def _is_harmless(words: streams.Words) -> bool:
    """Whether an entry of the item holds none of its words; what is decided about personal data never does, nor what
    tells of redacted files.
    """
    return words.verb.startswith(("personal.", "redaction.")) or words.text.keys() <= HARMLESS


def _repeats(words: streams.Words, names: Collection[str]) -> bool:
    """Whether an entry about no item names a file that the item has, or once had."""
    is_of_evidence = words.verb.startswith("evidence.") and not words.subject.startswith("evidence:")
    return is_of_evidence and not set(names).isdisjoint(_strings(words.text))


def _digest(amendment: Amendment) -> str:
    return facts_digest(amendment_facts(amendment))


def _strings(value: Any) -> list[str]:
    """Every text in an entry's values."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in _strings(one)]
