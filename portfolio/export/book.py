"""A portfolio as the Word book shows it: every word chosen here, every state decided by `mapping.coverage`. Pure.

Texts become blocks and files become extracts only while the book is written, so that one item is in memory at a time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from portfolio.assessment.queries import ClaimRow as Claim
from portfolio.assessment.queries import CriterionCoverage, UnitCoverage
from portfolio.assessment.rules import DECLARATIONS
from portfolio.clock import UK
from portfolio.criteria.rules import METHOD_WORDS
from portfolio.documents.blocks import Block, Paragraph, Run, plain
from portfolio.documents.markdown import to_blocks
from portfolio.documents.wordbook.content import (
    AuditPart,
    AuditRow,
    Book,
    ClaimRow,
    CriterionRow,
    Fact,
    Feedback,
    Gap,
    IndexRow,
    ItemPart,
    MatrixEntry,
    OutcomePart,
    ReviewPart,
    SignatureLine,
    Tone,
    UnitPart,
)
from portfolio.documents.wordbook.glossary import GLOSSARY, Term
from portfolio.documents.wordbook.markup import long_date
from portfolio.enrolment.queries import AllocationRow
from portfolio.enrolment.rules import Duty
from portfolio.evidence.queries import ItemRow
from portfolio.export.queries import FileText, ReviewText, Source
from portfolio.export.rules import (
    AWAITS_COUNTERSIGNATURE,
    AWAITS_DECISION,
    CARRIER_WORDS,
    DECLARED,
    STATUS_NOTES,
    initials_of,
)
from portfolio.export.trail import sentence
from portfolio.mapping.coverage import STATE_WORDS, State
from portfolio.mapping.rules import OUTCOME_WORDS, Outcome

TITLE = "Portfolio of evidence"
NOTICE = (
    "Confidential. This book holds personal data of the learner, and perhaps of customers and colleagues. Keep it "
    "where only those who need it can open it."
)
AUDIT_NOTE = (
    "Every entry of this portfolio's trail up to the moment of this book, in order. Each entry carries the hash of the "
    "one before it, so the signed head fixes them all. Drafts are not named."
)
TONES = {State.MET: Tone.MET, State.MORE: Tone.MORE, State.CLAIMED: Tone.CLAIMED, State.GAP: Tone.GAP}


@dataclass(frozen=True, slots=True)
class Item:
    """An item that waits to be written: its header sheet, its text as the learner typed it, and its files."""

    sheet: ItemPart
    context: str
    body: str
    files: tuple[FileText, ...]

    def with_text(self) -> ItemPart:
        """The part with its text as blocks; files are the caller's to add."""
        return replace(self.sheet, body=(*paragraphs(self.context), *to_blocks(self.body)))


def book_from(source: Source) -> tuple[Book, list[Item]]:
    """The book without its items, and the items to be put in one by one."""
    claims = [(unit, covered, claim) for unit in source.units for covered in unit.criteria for claim in covered.claims]
    initials = initials_of(claim.decided_by for _unit, _covered, claim in claims if claim.decided_by)
    by_item: dict[int, list[tuple[UnitCoverage, CriterionCoverage, Claim]]] = {}
    for found in claims:
        by_item.setdefault(found[2].evidence_id, []).append(found)
    enrolment = source.enrolment
    book = Book(
        title=TITLE,
        qualification=enrolment.qualification.title,
        learner=enrolment.learner.name,
        registration_number=enrolment.registration_number,
        centre=enrolment.centre.name,
        as_of=source.as_of.astimezone(UK),
        facts=_front(source, initials),
        notice=NOTICE,
        units=tuple(_unit(source, unit, initials) for unit in source.units),
        index=tuple(_index_row(source, item, by_item.get(item.evidence_id, ())) for item in source.items),
        audit=_audit(source),
        glossary=(*GLOSSARY, *(Term(f"Declared: {DECLARED[d]}", DECLARATIONS[d]) for d in DECLARED)),
    )
    return book, [_item(source, item, by_item.get(item.evidence_id, ())) for item in source.items]


def paragraphs(text: str) -> tuple[Block, ...]:
    """Plain text as paragraphs, broken at empty lines."""
    return tuple(Paragraph(plain(part.strip())) for part in text.split("\n\n") if part.strip())


def day_of(at: datetime | None) -> date | None:
    """The day of a time, in the United Kingdom."""
    return at.astimezone(UK).date() if at else None


def _front(source: Source, initials: Mapping[str, str]) -> tuple[Fact, ...]:
    enrolment, qualification = source.enrolment, source.enrolment.qualification
    present = [row for row in source.allocations if row.is_open]
    facts = [
        Fact("Qualification number", qualification.reference),
        Fact("Level", str(qualification.level)),
        Fact("Awarding organisation", qualification.awarding_organisation),
        Fact("Specification", qualification.spec_version),
        Fact("Centre number", enrolment.centre.number),
        Fact("Started on", long_date(enrolment.started_on)),
        Fact("Planned end", long_date(enrolment.due_on) if enrolment.due_on else ""),
        Fact("Assessor", _names(present, Duty.ASSESS)),
        Fact("Countersigns", _names(present, Duty.COUNTERSIGN)),
        Fact("Internal quality assurer", _names(present, Duty.QUALITY_ASSURE)),
        Fact("Initials", ", ".join(f"{mark} {name}" for name, mark in initials.items())),
    ]
    return tuple(facts)


def _names(rows: Sequence[AllocationRow], duty: Duty) -> str:
    return ", ".join(f"{r.person_name} (trainee)" if r.is_trainee else r.person_name for r in rows if r.duty is duty)


def decision_of(claim: Claim) -> tuple[str, Tone]:
    """What stands on a claim, in a word. A trainee's decision that nobody countersigned shows only as awaited."""
    if claim.decision is not None:
        return OUTCOME_WORDS[claim.decision], Tone.MET if claim.decision is Outcome.MET else Tone.MORE
    return AWAITS_COUNTERSIGNATURE if claim.awaits_countersignature else AWAITS_DECISION, Tone.CLAIMED


def _unit(source: Source, unit: UnitCoverage, initials: Mapping[str, str]) -> UnitPart:
    tally = unit.tally
    return UnitPart(
        code=unit.code,
        title=unit.title,
        outcomes=tuple(
            OutcomePart(part.code, part.title, tuple(_criterion(covered, initials) for covered in part.criteria))
            for part in unit.outcomes
        ),
        facts=(Fact("Level", str(unit.level)), Fact("Credit", str(unit.credit))),
        note=" ".join(filter(None, (STATUS_NOTES[unit.status], _ended(unit.code_note)))),
        summary=(
            f"Of {tally.total} criteria: met {tally.met}, needs more {tally.needs_more}, claimed {tally.claimed}, "
            f"gap {tally.gap}."
        ),
        gaps=tuple(
            Gap(covered.criterion.code, covered.criterion.text, _reason(source, covered))
            for covered in unit.criteria
            if covered.standing.state is not State.MET
        ),
        feedback=tuple(_feedback_on(source, unit)),
    )


def _ended(text: str) -> str:
    """A note as a sentence with its full stop."""
    return f"{text.rstrip('.')}." if text else ""


def _criterion(covered: CriterionCoverage, initials: Mapping[str, str]) -> CriterionRow:
    return CriterionRow(
        code=covered.criterion.code,
        text=covered.criterion.text,
        state=STATE_WORDS[covered.standing.state],
        tone=TONES[covered.standing.state],
        entries=tuple(_entry(claim, initials) for claim in covered.claims),
        note="Single source" if covered.standing.is_single_source else "",
    )


def _entry(claim: Claim, initials: Mapping[str, str]) -> MatrixEntry:
    decision, tone = decision_of(claim)
    return MatrixEntry(
        ref=claim.ref,
        title=claim.title,
        method=METHOD_WORDS[claim.method],
        decision=decision,
        tone=tone,
        decided_on=day_of(claim.decided_at),
        initials=initials.get(claim.decided_by, ""),
    )


def _reason(source: Source, covered: CriterionCoverage) -> str:
    """What a criterion that is not met still needs."""
    if covered.standing.state is State.GAP:
        return "Nothing handed in yet."
    if covered.standing.state is State.CLAIMED:
        is_with_countersigner = any(claim.awaits_countersignature for claim in covered.claims)
        return f"{AWAITS_COUNTERSIGNATURE if is_with_countersigner else AWAITS_DECISION}."
    decided = [claim for claim in covered.claims if claim.decision is not None]
    newest = max(decided, key=lambda claim: claim.decided_at or source.as_of)
    return f"{newest.ref}, {decision_of(newest)[0].lower()}: {_feedback_to(source, newest)}".rstrip(": ")


def _feedback_to(source: Source, claim: Claim) -> str:
    """The words beside the decision that stands on a claim."""
    said = [j for j in source.judgements.get(claim.claim_id, ()) if j.is_effective]
    return said[-1].feedback if said and claim.decision is not None else ""


def _feedback_on(source: Source, unit: UnitCoverage) -> Iterator[Feedback]:
    """What was said of the unit's items, each review once, in the order of their release."""
    claimed = {claim.evidence_id for covered in unit.criteria for claim in covered.claims}
    found = [
        (review, item)
        for item in source.items
        if item.evidence_id in claimed
        for review in _counting(source, item)
        if review.feedback
    ]
    for review, item in sorted(found, key=lambda pair: pair[0].released_at):
        about = Paragraph((Run(f"On {item.ref} {item.title}", bold=True),))
        yield Feedback(review.assessor, "Assessor", day_of(review.released_at), (about, *paragraphs(review.feedback)))


def _counting(source: Source, item: ItemRow) -> list[ReviewText]:
    return [review for review in source.reviews.get(item.version_id, ()) if not review.is_trainee]


def _index_row(
    source: Source, item: ItemRow, claims: Sequence[tuple[UnitCoverage, CriterionCoverage, Claim]]
) -> IndexRow:
    codes: dict[str, list[str]] = {}
    for unit, covered, _claim in claims:
        codes.setdefault(unit.code, []).append(covered.criterion.code)
    return IndexRow(
        ref=item.ref,
        title=item.title,
        method=METHOD_WORDS[item.method],
        event_on=item.event_on,
        criteria=tuple(f"{unit}: {', '.join(listed)}" for unit, listed in codes.items()),
        held="In this book",
        sha256=source.texts[item.version_id].digest,
    )


def _item(source: Source, item: ItemRow, claims: Sequence[tuple[UnitCoverage, CriterionCoverage, Claim]]) -> Item:
    text = source.texts[item.version_id]
    files = tuple(source.files.get(item.version_id, ()))
    sheet = ItemPart(
        ref=item.ref,
        title=item.title,
        facts=(
            Fact("Date of event", long_date(item.event_on) if item.event_on else ""),
            Fact("Method", METHOD_WORDS[item.method]),
            Fact("Made by", text.author),
            Fact("Kind", CARRIER_WORDS[item.carrier]),
            Fact("Handed in", f"{long_date(text.submitted_at.astimezone(UK))}, submission {text.submission_no}"),
            Fact("Version", str(item.no)),
            Fact("Files", ", ".join(file.name for file in files)),
            Fact("Declared", ", ".join(DECLARED[d] for d in text.declared)),
            Fact("Digest (SHA-256)", text.digest),
        ),
        claims=tuple(_claim(source, *found) for found in claims),
        reviews=tuple(_reviews(source, item, [claim for _unit, _covered, claim in claims])),
        signatures=_signatures(source, item),
    )
    return Item(sheet, text.context, text.body, files)


def _claim(source: Source, unit: UnitCoverage, covered: CriterionCoverage, claim: Claim) -> ClaimRow:
    decision, tone = decision_of(claim)
    return ClaimRow(
        unit=unit.code,
        code=covered.criterion.code,
        text=covered.criterion.text,
        annotation=claim.annotation,
        place=claim.place,
        decision=decision,
        tone=tone,
        decided_on=day_of(claim.decided_at),
        by=claim.decided_by,
        feedback=_feedback_to(source, claim),
    )


def _reviews(source: Source, item: ItemRow, claims: Sequence[Claim]) -> Iterator[ReviewPart]:
    """The reviews that count. One that agreed with a trainee in everything shows as the trainee's, countersigned."""
    trainees = {review.id: review for review in source.reviews.get(item.version_id, ()) if review.is_trainee}
    for review in _counting(source, item):
        trainee = trainees.get(review.countersigns or 0)
        said = _decided(source, claims, review)
        has_agreed = (
            trainee is not None
            and (review.ticks, review.feedback) == (trainee.ticks, trainee.feedback)
            and said == _decided(source, claims, trainee)
        )
        signed = f"{review.assessor}, {long_date(review.released_at.astimezone(UK))}"
        by_trainee = f"Assessor, in place of {trainee.assessor} (trainee)" if trainee else "Assessor"
        valid, authentic, reliable, current = review.ticks
        yield ReviewPart(
            assessor=trainee.assessor if trainee and has_agreed else review.assessor,
            role="Trainee assessor" if has_agreed else by_trainee,
            on=day_of(trainee.released_at if trainee and has_agreed else review.released_at),
            valid=valid,
            authentic=authentic,
            reliable=reliable,
            current=current,
            sufficient=all(sufficient for _outcome, sufficient, _feedback in said.values()),
            feedback=review.feedback,
            countersigned=signed if has_agreed else "",
        )


def _decided(source: Source, claims: Sequence[Claim], review: ReviewText) -> dict[int, tuple[Outcome, bool, str]]:
    """What a review decided, by claim id."""
    return {
        claim.claim_id: (said.outcome, said.sufficient, said.feedback)
        for claim in claims
        for said in source.judgements.get(claim.claim_id, ())
        if said.review_id == review.id
    }


def _signatures(source: Source, item: ItemRow) -> tuple[SignatureLine, ...]:
    """Lines for wet ink: the learner, whoever decided, and the internal quality assurer."""
    released = source.reviews.get(item.version_id, ())
    deciders = [review for review in released if not review.is_trainee]
    lines = [SignatureLine("Learner", source.enrolment.learner.name)]
    for review in deciders:
        behind = next((trainee for trainee in released if trainee.id == review.countersigns), None)
        if behind is not None:
            lines.append(SignatureLine("Trainee assessor", behind.assessor))
        lines.append(SignatureLine("Countersigner" if behind else "Assessor", review.assessor))
    if not deciders:
        lines.append(SignatureLine("Assessor"))
    return (*lines, SignatureLine("Internal quality assurer"))


def _audit(source: Source) -> AuditPart:
    shown = {item.ref for item in source.items}
    rows = tuple(
        AuditRow(
            seq=event.seq,
            at=event.at.astimezone(UK),
            who=event.who or "The product",
            role=event.role.capitalize() if event.who else "",
            what=sentence(event.verb, event.role, event.text, shown),
        )
        for event in source.events
    )
    head = source.events[-1]
    facts = (
        Fact("Entries", str(head.seq)),
        Fact("Hash of the last entry", head.hash),
        Fact("Signature (Ed25519)", head.signature),
        Fact("Public key", source.public_key),
    )
    return AuditPart(rows, facts, AUDIT_NOTE)
