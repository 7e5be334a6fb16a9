"""The texts behind the places that hold a Word portfolio or a bundle back, as they are now, and who wrote them."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, and_, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from portfolio.accounts.models import Person
from portfolio.assessment.models import ItemReview, Judgement, Submission, SubmissionItem, UnitDecision
from portfolio.db import AnySelect, UtcDateTime, read
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Amendment, Evidence, EvidenceFile, EvidenceVersion, Sighting
from portfolio.export.gate import IN_FILES, Held, Hit, self_check_text
from portfolio.mapping.models import Claim
from portfolio.screening.asked_queries import texts_in
from portfolio.screening.models import Finding, Scan
from portfolio.screening.quoting import Place, Quote, quoted
from portfolio.screening.rules import ScanState
from portfolio.screening.tokens import token_of
from portfolio.storage.models import Blob
from portfolio.storage.stores import Derived

OWN = "title", "context", "role", "body"


@dataclass(frozen=True, slots=True)
class Seen:
    """A place with its text as it is now. `hits` are those whose words still stand where they were found."""

    held: Held
    text: str
    author_id: int
    author: str
    hits: tuple[Hit, ...]

    def words_of(self, hit: Hit) -> str:
        """The words that were found."""
        return self.text[hit.start : hit.end]

    def quote(self, hit: Hit) -> Quote:
        """The words in their sentence; what else was found in it is named by its sort alone."""
        others = [Place(one.start, one.end, one.label) for one in self.hits if one is not hit]
        return quoted(self.text, Place(hit.start, hit.end, hit.label), others)


@dataclass(frozen=True, slots=True)
class Group:
    """The places of one item, or of the decisions on a unit: what each is called, and how often something is there."""

    subject: str
    ref: str
    places: tuple[tuple[str, int], ...]


def groups_of(kept: Iterable[Mapping[str, Any]]) -> list[Group]:
    """The places that hold something back, by item, without any words."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for one in held_of(kept):
        counts = found.setdefault((one.subject, one.ref), {})
        counts[one.where] = counts.get(one.where, 0) + one.count
    return [Group(subject, ref, tuple(counts.items())) for (subject, ref), counts in found.items()]


def held_of(kept: Iterable[Mapping[str, Any]]) -> list[Held]:
    """What a book keeps of the places that held it back."""
    return [Held.of(one) for one in kept]


def seen_in(session: Session, enrolment: Enrolment, kept: Iterable[Mapping[str, Any]]) -> list[Seen]:
    """The places with a text, in their order; of an item that is hidden, or of words that are gone, none. At most two
    statements.
    """
    places = [one for one in held_of(kept) if one.kind not in IN_FILES]
    rows = _rows(session, places)
    found = []
    for one in places:
        row = rows.get((one.kind, one.row))
        if row is None or row.hidden_at is not None:
            continue
        text = _text(row, one.field)
        hits = tuple(
            hit
            for hit in one.hits
            if text[hit.start : hit.end]
            and token_of(session, enrolment, hit.label, text[hit.start : hit.end]) == hit.token
        )
        if hits:
            found.append(Seen(one, text, row.author_id, row.author, hits))
    return found


def seen_in_files(
    session: Session, enrolment: Enrolment, kept: Iterable[Mapping[str, Any]], derived: Derived
) -> list[Seen]:
    """What was found in files that hold a book back, text by text; of an item that is hidden, or of a file whose text
    cannot be had at present, none.
    """
    found = []
    for one in held_of(kept):
        evidence = session.get_one(Evidence, one.evidence_id) if one.kind == "content" else None
        if evidence is None or evidence.hidden_at is not None or evidence.enrolment_id != enrolment.id:
            continue
        sha256 = one.place.partition(":")[2]
        texts, hits = texts_in(session, evidence, sha256, derived), _found_in(session, one.subject, sha256)
        for place, text in texts.items():
            there = tuple(hit for hit in hits.get(place, ()) if hit.end <= len(text))
            if there:
                found.append(Seen(one, text, evidence.author_id, evidence.author.name, there))
    return found


def _found_in(session: Session, subject: str, sha256: str) -> Mapping[str, Sequence[Hit]]:
    rows = session.execute(
        select(Finding.place, Finding.start, Finding.end, Finding.label, Finding.token)
        .join(Scan, Scan.id == Finding.scan_id)
        .where(Scan.item_uid == subject, Scan.source == sha256, Finding.is_ours.is_(False))
        .order_by(Finding.id)
    )
    found: dict[str, list[Hit]] = {}
    for row in rows:
        found.setdefault(row.place, []).append(Hit(row.start, row.end, row.label, row.token))
    return found


def to_check(session: Session, enrolment: Enrolment, kept: Iterable[Mapping[str, Any]]) -> list[EvidenceFile]:
    """The files that nothing can read, and that nobody has checked since; of an item that is hidden, none."""
    places = [one for one in held_of(kept) if one.kind == "unread"]
    if not places:
        return []
    contents = [one.place.partition(":")[2] for one in places]
    rows = session.scalars(
        select(EvidenceFile)
        .join(EvidenceFile.blob)
        .join(EvidenceFile.version)
        .join(EvidenceVersion.evidence)
        .join(Scan, and_(Scan.item_uid == Evidence.uid, Scan.source == Blob.sha256))
        .where(Evidence.enrolment_id == enrolment.id, Evidence.hidden_at.is_(None))
        .where(Evidence.uid.in_({one.subject for one in places}), Blob.sha256.in_(contents))
        .where(EvidenceVersion.frozen_at.is_not(None), Scan.state == ScanState.UNREADABLE, Scan.checked_at.is_(None))
        .order_by(EvidenceFile.id)
    )
    return list({(row.version.evidence_id, row.blob.sha256): row for row in rows}.values())


def _text(row: Any, field: str) -> str:
    """One text of a row, by the rest of its place."""
    name, _, rest = field.partition(":")
    if row.kind == "submission":
        return self_check_text(json.loads(row.one or "[]"))
    if row.kind != "version":
        return str((row.two if name == "place" else row.one) or "")
    if name == "custody":
        return str(row.custody.get(rest, ""))
    if name == "note":
        number, _, part = rest.partition(":")
        return str(row.notes[int(number)][part]) if int(number) < len(row.notes) else ""
    return str(getattr(row, name))


def _rows(session: Session, places: Sequence[Held]) -> dict[tuple[str, int], Any]:
    ids: dict[str, set[int]] = {}
    for one in places:
        ids.setdefault(one.kind, set()).add(one.row)
    versions = _versions(session, ids.pop("version", set()))
    parts = [PARTS[kind][1].where(PARTS[kind][0].in_(sorted(among))) for kind, among in ids.items()]
    others = read(session, union_all(*parts) if len(parts) > 1 else parts[0]).all() if parts else []
    return {(row.kind, row.id): row for row in [*versions, *others]}


def _versions(session: Session, ids: Collection[int]) -> Sequence[Any]:
    if not ids:
        return []
    query = (
        select(
            literal("version").label("kind"),
            EvidenceVersion.id,
            *(getattr(EvidenceVersion, name) for name in OWN),
            EvidenceVersion.custody,
            EvidenceVersion.notes,
            Evidence.author_id,
            Person.name.label("author"),
            Evidence.hidden_at,
        )
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .join(Person, Person.id == Evidence.author_id)
        .where(EvidenceVersion.id.in_(sorted(ids)))
    )
    return read(session, query).all()


def _part(kind: str, one: Any, by: Any, *joins: Any, two: Any = None) -> AnySelect:
    """How the rows of a kind are read: their text (claims have `two`), who wrote it, and whether the item is hidden.
    `joins` lead to the item; a decision on a unit has none.
    """
    query = select(
        literal(kind).label("kind"),
        one.class_.id.label("id"),
        cast(one, Text).label("one"),
        cast(null() if two is None else two, Text).label("two"),
        by.label("author_id"),
        Person.name.label("author"),
        (Evidence.hidden_at if joins else cast(null(), UtcDateTime)).label("hidden_at"),
    ).select_from(one.class_)
    for join in joins:
        query = query.join(join)
    return query.join(Person, Person.id == by)


ITEM = EvidenceVersion.evidence
PARTS: dict[str, tuple[Any, AnySelect]] = {
    "file": (EvidenceFile.id, _part("file", EvidenceFile.name, Evidence.author_id, EvidenceFile.version, ITEM)),
    "claim": (
        Claim.id,
        _part("claim", Claim.annotation, Evidence.author_id, Claim.version, ITEM, two=Claim.place),
    ),
    "review": (
        ItemReview.id,
        _part("review", ItemReview.feedback, ItemReview.assessor_id, ItemReview.item, SubmissionItem.version, ITEM),
    ),
    "judgement": (
        Judgement.id,
        _part("judgement", Judgement.feedback, Judgement.assessor_id, Judgement.claim, Claim.version, ITEM),
    ),
    "sighting": (Sighting.id, _part("sighting", Sighting.note, Sighting.person_id, Sighting.version, ITEM)),
    "amendment": (Amendment.id, _part("amendment", Amendment.reason, Amendment.by_id, Amendment.version, ITEM)),
    "decision": (UnitDecision.id, _part("decision", UnitDecision.reason, UnitDecision.by_id)),
    "submission": (Submission.id, _part("submission", Submission.self_check, Submission.by_id)),
}
"""By kind, the column of the row's number, and what is read of it."""
