"""The sheet of one item in the Word book: what it is, what it claims, what was decided, and by whom. Pure.

What was decided shows as it was decided, also on a claim that counts for nothing since its unit was moved to newer
criteria; such a claim is marked.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain

from portfolio.assessment.queries import ClaimRow as Claim
from portfolio.centres.terms import filled, term
from portfolio.clock import UK
from portfolio.criteria.rules import METHOD_WORDS
from portfolio.documents.blocks import Block, Paragraph, Table, plain
from portfolio.documents.markdown import to_blocks
from portfolio.documents.wordbook.content import (
    Cited,
    ClaimRow,
    Fact,
    IndexRow,
    ItemPart,
    ReviewPart,
    SignatureLine,
    Tone,
)
from portfolio.documents.wordbook.markup import long_date
from portfolio.evidence.notes import Note
from portfolio.evidence.queries import ItemRow
from portfolio.evidence.rules import HIDDEN
from portfolio.export.keeping import kept_facts
from portfolio.export.looked import looked_facts
from portfolio.export.looked_queries import NOTHING_LOOKED, LookedThrough
from portfolio.export.queries import FileText, JudgementText, ReviewText, Source
from portfolio.export.rules import AWAITS_COUNTERSIGNATURE, AWAITS_DECISION, CARRIER_WORDS, DECLARED
from portfolio.mapping.rules import OUTCOME_WORDS, Outcome

HIDDEN_NOTE = "Personal data is being taken out of this item. Its title, texts, files and feedback are left out here."
IN_BOOK, NOT_IN_BOOK = "In this book", "Not in this book"
SET_ASIDE = "Earlier wording, no longer counts"


@dataclass(frozen=True, slots=True)
class Claimed:
    """What an item claims, in the words that it was claimed for; `stands` is false for what no longer counts."""

    unit: str
    code: str
    text: str
    stands: bool
    claim: Claim


@dataclass(frozen=True, slots=True)
class Item:
    """An item that waits to be written: its header sheet, its text as it was typed, its notes, and its files."""

    sheet: ItemPart
    context: str
    body: str
    notes: tuple[Note, ...]
    files: tuple[FileText, ...]

    def with_text(self) -> ItemPart:
        """The part with its text as blocks; files are the caller's to add."""
        blocks = (*paragraphs(self.context), *to_blocks(self.body), *_noted(self.notes))
        return replace(self.sheet, body=blocks, body_title=self._called())

    def _called(self) -> str:
        """What stands over its text: an account, what was recorded, or only how it came about."""
        if self.body:
            return "Account"
        return "Record" if self.notes else "Context"


def _noted(notes: Sequence[Note]) -> tuple[Block, ...]:
    """The lines of a record as a table: what nobody filled in of any of them has no column."""
    columns = {
        "Time": [note.at for note in notes],
        "Question": [note.ask for note in notes],
        "Answer" if any(note.ask for note in notes) else "What was seen and said": [note.said for note in notes],
        "Criteria": [", ".join(f"{unit} {code}" for unit, code in note.criteria) for note in notes],
    }
    filled = {head: column for head, column in columns.items() if any(column)}
    rows = [tuple(filled), *zip(*filled.values(), strict=True)]
    return (Table(tuple(tuple(plain(text) for text in row) for row in rows)),) if filled else ()


def called(source: Source, words: str) -> str:
    """What the centre says for standard words."""
    return term(json.dumps(source.enrolment.centre.terms), words)


def worded(source: Source, sentence: str) -> str:
    """A sentence with the centre's words for the standard ones in braces."""
    return filled(json.dumps(source.enrolment.centre.terms), sentence)


def claims_by_item(source: Source) -> dict[int, list[Claimed]]:
    """What each item claims, in the order of units and criteria, with what no longer counts at the end."""
    found: dict[int, list[Claimed]] = {}
    for unit in source.units:
        for one in unit.criteria:
            for claim in one.claims:
                counts = Claimed(unit.code, one.criterion.code, one.criterion.text, stands=True, claim=claim)
                found.setdefault(claim.evidence_id, []).append(counts)
    for old in source.set_aside:
        gone = Claimed(old.unit_code, old.code, old.text, stands=False, claim=old.claim)
        found.setdefault(old.claim.evidence_id, []).append(gone)
    return found


def paragraphs(text: str) -> tuple[Block, ...]:
    """Plain text as paragraphs, broken at empty lines."""
    return tuple(Paragraph(plain(part.strip())) for part in text.split("\n\n") if part.strip())


def day_of(at: datetime | None) -> date | None:
    """The day of a time, in the United Kingdom."""
    return at.astimezone(UK).date() if at else None


def decision_of(claim: Claim) -> tuple[str, Tone]:
    """What stands on a claim, in a word. A trainee's decision that nobody countersigned shows only as awaited."""
    if claim.decision is not None:
        return OUTCOME_WORDS[claim.decision], Tone.MET if claim.decision is Outcome.MET else Tone.MORE
    return AWAITS_COUNTERSIGNATURE if claim.awaits_countersignature else AWAITS_DECISION, Tone.CLAIMED


def standing_of(source: Source, claim: Claim) -> JudgementText | None:
    """The decision that stands on a claim, with its words."""
    said = [j for j in source.judgements.get(claim.claim_id, ()) if j.is_effective]
    return said[-1] if said and claim.decision is not None else None


def feedback_to(source: Source, claim: Claim) -> str:
    """The words beside the decision that stands on a claim."""
    said = standing_of(source, claim)
    return said.feedback if said is not None else ""


def counting(source: Source, item: ItemRow) -> list[ReviewText]:
    """The reviews of an item that are in effect: a trainee's is not."""
    return [review for review in source.reviews.get(item.version_id, ()) if not review.is_trainee]


def index_row(source: Source, item: ItemRow, claims: Sequence[Claimed]) -> IndexRow:
    """The item's line in the evidence index."""
    codes: dict[tuple[str, bool], list[str]] = {}
    for one in claims:
        codes.setdefault((one.unit, one.stands), []).append(one.code)
    return IndexRow(
        ref=item.ref,
        title=item.title,
        method=f"{METHOD_WORDS[item.method]}{f', recorded by {item.recorded_by}' if item.recorded_by else ''}",
        event_on=item.event_on,
        criteria=tuple(
            Cited(unit, tuple(listed), "" if stands else SET_ASIDE.lower()) for (unit, stands), listed in codes.items()
        ),
        held=HIDDEN
        if item.is_hidden
        else source.texts[item.version_id].custody.get("location", IN_BOOK if source.has_pages(item) else NOT_IN_BOOK),
        sha256=source.texts[item.version_id].digest,
        in_book=source.has_pages(item),
    )


def item_of(source: Source, item: ItemRow, claims: Sequence[Claimed]) -> Item:
    """The item as it waits to be written."""
    text = source.texts[item.version_id]
    files = tuple(source.files.get(item.version_id, ()))
    sheet = ItemPart(
        ref=item.ref,
        title=item.title,
        facts=(
            Fact("Happened", long_date(item.event_on) if item.event_on else ""),
            Fact("Method", METHOD_WORDS[item.method]),
            Fact("Made by", f"{text.author} ({called(source, 'assessor')})" if item.recorded_by else text.author),
            Fact(f"{called(source, 'Learner')}'s part", text.role),
            Fact("Kind", CARRIER_WORDS[item.carrier]),
            Fact("Handed in", f"{long_date(text.submitted_at.astimezone(UK))}, submission {text.submission_no}"),
            Fact("Version", str(item.no)),
            Fact("Files", ", ".join(file.name for file in files)),
            *kept_facts(text.custody, source.sightings.get(item.evidence_id, ()), item.no),
            Fact("Declared", ", ".join(DECLARED[d] for d in text.declared)),
            Fact("Digest (SHA-256)", text.digest),
            *_looked(source, item, files, claims),
            *_amended(source, item),
        ),
        claims=tuple(_claim(source, one) for one in claims),
        reviews=tuple(_reviews(source, item)),
        signatures=_signatures(source, item),
    )
    return Item(sheet, text.context, text.body, text.notes, files)


def _looked(source: Source, item: ItemRow, files: Sequence[FileText], claims: Sequence[Claimed]) -> list[Fact]:
    """How it was looked through for personal data, with what others said of it; nothing of what is hidden."""
    if item.is_hidden:
        return []
    own = source.looked.get(source.uids[item.evidence_id], NOTHING_LOOKED)
    beside = [source.looked.get(place, NOTHING_LOOKED).decided for place in _said(source, item, claims)]
    looked = LookedThrough([*own.decided, *chain.from_iterable(beside)], own.files)
    return looked_facts(looked, [file.sha256 for file in files], source.as_of)


def _said(source: Source, item: ItemRow, claims: Sequence[Claimed]) -> Iterator[str]:
    """What others said of an item in the book, named as decisions about it are kept: see `gate.decided_as`."""
    yield from (f"review:{one.id}" for one in counting(source, item))
    standing = (standing_of(source, one.claim) for one in claims)
    yield from (f"judgement:{one.id}" for one in standing if one is not None)
    yield from (f"sighting:{one.id}" for one in source.sightings.get(item.evidence_id, ()))
    yield from (f"amendment:{one.id}" for one in source.amendments.get(item.version_id, ()))


def _amended(source: Source, item: ItemRow) -> list[Fact]:
    """That personal data is being taken out of an item, or was, with the hashes of the files that went."""
    if item.is_hidden:
        return [Fact("Hidden", HIDDEN_NOTE)]
    told = source.amendments.get(item.version_id, ())
    return [Fact("Amended", f"{long_date(one.at.astimezone(UK))} by {one.by}: {one.words}") for one in told]


def _claim(source: Source, one: Claimed) -> ClaimRow:
    claim = one.claim
    decision, tone = decision_of(claim)
    return ClaimRow(
        unit=one.unit,
        code=one.code,
        text=one.text,
        annotation=claim.annotation,
        place=claim.place,
        decision=decision,
        tone=tone,
        decided_on=day_of(claim.decided_at),
        by=claim.decided_by,
        feedback=feedback_to(source, claim),
        note="" if one.stands else SET_ASIDE,
    )


def _reviews(source: Source, item: ItemRow) -> Iterator[ReviewPart]:
    """The reviews that count. One that agreed with a trainee in everything shows as the trainee's, countersigned."""
    trainees = {review.id: review for review in source.reviews.get(item.version_id, ()) if review.is_trainee}
    decider = called(source, "Assessor")
    for review in counting(source, item):
        trainee = trainees.get(review.countersigns or 0)
        said = _decided(source, review)
        has_agreed = (
            trainee is not None
            and (review.ticks, review.feedback) == (trainee.ticks, trainee.feedback)
            and said == _decided(source, trainee)
        )
        signed = f"{review.assessor}, {long_date(review.released_at.astimezone(UK))}"
        by_trainee = f"{decider}, in place of {trainee.assessor} (trainee)" if trainee else decider
        valid, authentic, reliable, current = review.ticks
        yield ReviewPart(
            assessor=trainee.assessor if trainee and has_agreed else review.assessor,
            role=called(source, "Trainee assessor") if has_agreed else by_trainee,
            on=day_of(trainee.released_at if trainee and has_agreed else review.released_at),
            valid=valid,
            authentic=authentic,
            reliable=reliable,
            current=current,
            sufficient=all(sufficient for _outcome, sufficient, _feedback in said.values()) if said else None,
            feedback=review.feedback,
            countersigned=signed if has_agreed else "",
        )


def _decided(source: Source, review: ReviewText) -> dict[int, tuple[Outcome, bool, str]]:
    """What a review decided, by claim id."""
    decided = source.decided.get(review.id, ())
    return {said.claim_id: (said.outcome, said.sufficient, said.feedback) for said in decided}


def _signatures(source: Source, item: ItemRow) -> tuple[SignatureLine, ...]:
    """Lines for wet ink: the learner, whoever decided, and the internal quality assurer."""
    released = source.reviews.get(item.version_id, ())
    deciders = [review for review in released if not review.is_trainee]
    lines = [SignatureLine(called(source, "Learner"), source.enrolment.learner.name)]
    for review in deciders:
        behind = next((trainee for trainee in released if trainee.id == review.countersigns), None)
        if behind is not None:
            lines.append(SignatureLine(called(source, "Trainee assessor"), behind.assessor))
        lines.append(SignatureLine("Countersigner" if behind else called(source, "Assessor"), review.assessor))
    if not deciders:
        lines.append(SignatureLine(called(source, "Assessor")))
    return (*lines, SignatureLine(called(source, "Internal quality assurer")))
