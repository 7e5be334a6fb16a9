"""A portfolio as the Word book shows it: every word chosen here, every state decided by `mapping.coverage`. Pure.

Texts become blocks and files become extracts only while the book is written, so that one item is in memory at a time.
"""

import json
import struct
from collections.abc import Iterator, Mapping, Sequence

from portfolio.assessment.queries import ClaimRow as Claim
from portfolio.assessment.queries import CriterionCoverage, UnitCoverage
from portfolio.assessment.rules import DECLARATIONS, SHORT_DIGEST
from portfolio.assessment.sign_off_queries import DecisionRow
from portfolio.centres.terms import TERMS, capital, own_words, with_article
from portfolio.clock import UK
from portfolio.criteria.rules import METHOD_WORDS
from portfolio.documents.blocks import Picture
from portfolio.documents.wordbook.content import (
    AuditPart,
    AuditRow,
    Book,
    CriterionRow,
    Fact,
    Feedback,
    Gap,
    MatrixEntry,
    OutcomePart,
    Tone,
    UnitPart,
)
from portfolio.documents.wordbook.glossary import GLOSSARY, Term
from portfolio.documents.wordbook.markup import long_date
from portfolio.documents.wordtemplate.framing import frame_of
from portfolio.enrolment.queries import AllocationRow
from portfolio.enrolment.rules import Duty
from portfolio.export import sections
from portfolio.export.queries import Source
from portfolio.export.rules import (
    AWAITS_COUNTERSIGNATURE,
    AWAITS_DECISION,
    DECLARED,
    STATUS_NOTES,
    Extent,
    initials_of,
)
from portfolio.export.sheets import (
    Item,
    called,
    claims_by_item,
    counting,
    day_of,
    decision_of,
    feedback_to,
    index_row,
    item_of,
    paragraphs,
    worded,
)
from portfolio.export.trail import sentence
from portfolio.mapping.coverage import STATE_WORDS, State

NOTICE = (
    "Confidential. This book holds personal data of the {learner}, and perhaps of customers and colleagues. Keep it "
    "where only those who need it can open it."
)
AUDIT_NOTE = (
    "Every entry of this {portfolio}'s trail up to the moment of this book, in order. Each entry carries the hash of "
    "the one before it, so the signed head fixes them all. Drafts are not named."
)
LOGO_DOT = 6_350
"""How wide a dot of a logo is, in EMU: 144 of them to the inch."""
OUTLINE = "Known in outline only: its criteria are not loaded yet."
TONES = {State.MET: Tone.MET, State.MORE: Tone.MORE, State.CLAIMED: Tone.CLAIMED, State.GAP: Tone.GAP}


def book_from(source: Source) -> tuple[Book, list[Item]]:
    """The book without its items, and the items to be put in one by one."""
    counting_claims = (claim for unit in source.units for covered in unit.criteria for claim in covered.claims)
    initials = initials_of(claim.decided_by for claim in counting_claims if claim.decided_by)
    claimed = claims_by_item(source)
    enrolment, choice = source.enrolment, source.choice
    is_bare = choice.extent is Extent.MATRIX
    book = Book(
        title=f"{called(source, 'Portfolio')} of {called(source, 'evidence')}",
        qualification=enrolment.qualification.title,
        learner=enrolment.learner.name,
        registration_number=enrolment.registration_number,
        centre=enrolment.centre.name,
        as_of=source.as_of.astimezone(UK),
        facts=_front(source, initials),
        notice=worded(source, NOTICE),
        opening=() if is_bare else tuple(sections.opening(source, initials)),
        units=tuple(_unit(source, unit, initials) for unit in source.units),
        index=tuple(index_row(source, item, claimed.get(item.evidence_id, ())) for item in source.items),
        closing=() if is_bare else tuple(sections.closing(source)),
        audit=None if is_bare else _audit(source),
        glossary=() if is_bare else tuple(_glossary(source)),
        logo=_logo(source.logo) if source.logo else None,
        frame=frame_of(source.template) if source.template else None,
        fields=_fields(source),
    )
    shown = [item for item in source.items if source.has_pages(item)]
    return book, [item_of(source, item, claimed.get(item.evidence_id, ())) for item in shown]


def _logo(png: bytes) -> Picture:
    """The centre's logo: at most 8.5 cm wide and 2.8 cm high."""
    width, height = struct.unpack(">II", png[16:24])
    return Picture(png, "image/png", width * LOGO_DOT, height * LOGO_DOT)


def _glossary(source: Source) -> Iterator[Term]:
    """The field's words; what the centre calls otherwise, explained by them; and the declarations in full."""
    meanings = {worded(source, one.word): worded(source, one.meaning) for one in GLOSSARY}
    own = own_words(json.dumps(source.enrolment.centre.terms))
    for standard in TERMS:
        if standard.key in own:
            word = capital(own[standard.key][0])
            called_so = with_article(standard.one) if standard.is_counted else standard.one
            meanings[word] = f"{meanings.get(word, '')} What this centre calls {called_so}.".lstrip()
    yield from (Term(word, meaning) for word, meaning in meanings.items())
    for declared, words in DECLARED.items():
        yield Term(f"Declared: {words}", DECLARATIONS[declared])


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
        Fact(called(source, "Assessor"), _names(present, Duty.ASSESS)),
        Fact(called(source, "Internal quality assurer"), _names(present, Duty.QUALITY_ASSURE)),
    ]
    countersigns, marks = _names(present, Duty.COUNTERSIGN), ", ".join(f"{m} {name}" for name, m in initials.items())
    facts += [fact for fact in (Fact("Countersigns", countersigns), Fact("Initials", marks)) if fact.value]
    if source.choice.sentence:
        facts.insert(0, Fact("This book holds", worded(source, source.choice.sentence)))
    return tuple(facts)


def _fields(source: Source) -> tuple[Fact, ...]:
    """What a template may have filled in, besides what stands on every book's own title page."""
    enrolment, qualification = source.enrolment, source.enrolment.qualification
    present = [row for row in source.allocations if row.is_open]
    return (
        Fact("qualification number", qualification.reference),
        Fact("level", str(qualification.level)),
        Fact("awarding organisation", qualification.awarding_organisation),
        Fact("centre number", enrolment.centre.number),
        Fact("assessor", _names(present, Duty.ASSESS)),
        Fact("internal quality assurer", _names(present, Duty.QUALITY_ASSURE)),
        Fact("started on", long_date(enrolment.started_on)),
        Fact("planned end", long_date(enrolment.due_on) if enrolment.due_on else ""),
    )


def _names(rows: Sequence[AllocationRow], duty: Duty) -> str:
    return ", ".join(f"{r.person_name} (trainee)" if r.is_trainee else r.person_name for r in rows if r.duty is duty)


def _unit(source: Source, unit: UnitCoverage, initials: Mapping[str, str]) -> UnitPart:
    tally, is_untouched = unit.tally, _is_untouched(source, unit)
    return UnitPart(
        code=unit.code,
        title=unit.title,
        outcomes=tuple(
            OutcomePart(part.code, part.title, tuple(_criterion(covered, initials) for covered in part.criteria))
            for part in unit.outcomes
        ),
        facts=(Fact("Level", str(unit.level)), Fact("Credit", str(unit.credit))),
        note=" ".join(filter(None, (_status_note(unit), _ended(unit.code_note)))),
        summary=(
            f"Of {tally.total} criteria: met {tally.met}, needs more {tally.needs_more}, claimed {tally.claimed}, "
            f"gap {tally.gap}.{' Nothing has been handed in for it yet.' if is_untouched else ''}"
            if not unit.is_outline
            else "There are no criteria to meet yet."
        ),
        sign_offs=tuple(_sign_off(one) for one in source.sign_offs.get(unit.enrolment_unit_id, ())),
        gaps=tuple(
            _gap(source, unit, covered)
            for covered in unit.criteria
            if covered.standing.state is not State.MET
            and not is_untouched
            and source.choice.extent is not Extent.MATRIX
        ),
        feedback=tuple(_feedback_on(source, unit)),
        signatures=sections.unit_signatures(source),
    )


def _is_untouched(source: Source, unit: UnitCoverage) -> bool:
    """Whether nothing was ever handed in for a unit, so that its gaps need no list of their own."""
    is_former = any(one.unit_code == unit.code for one in source.set_aside)
    return not is_former and all(covered.standing.state is State.GAP for covered in unit.criteria)


def _sign_off(one: DecisionRow) -> str:
    """Who signed the unit off, or opened it again and why, and when; with the beginning of the signature's digest, and
    where it was made if that was elsewhere.
    """
    at = one.at.astimezone(UK)
    did = "Signed off" if one.is_sign_off else "Opened again"
    why = f": {one.reason.rstrip('.')}" if one.reason else ""
    said = f"{did} by {one.by}, {one.role}, on {long_date(at)} at {at:%H:%M}{why}."
    origin = f" {one.origin}." if one.origin else ""
    return f"{said} Signature {one.digest[:SHORT_DIGEST]}.{origin}"


def _status_note(unit: UnitCoverage) -> str:
    """How far the wording may be relied on, where there is any."""
    return OUTLINE if unit.is_outline else STATUS_NOTES[unit.status]


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


def _gap(source: Source, unit: UnitCoverage, covered: CriterionCoverage) -> Gap:
    """A criterion that is not met, with what it still needs."""
    code, text = covered.criterion.code, covered.criterion.text
    if covered.standing.state in {State.GAP, State.CLAIMED}:
        return Gap(code, text, _wanting(source, unit, covered))
    decided = [claim for claim in covered.claims if claim.decision is not None]
    newest = max(decided, key=lambda claim: claim.decided_at or source.as_of)
    said = f"{decision_of(newest)[0].lower()}: {feedback_to(source, newest)}".rstrip(": ")
    return Gap(code, text, said, newest.ref)


def _wanting(source: Source, unit: UnitCoverage, covered: CriterionCoverage) -> str:
    if covered.standing.state is State.GAP:
        cell = (unit.code, covered.criterion.code)
        has_former = any((one.unit_code, one.code) == cell for one in source.set_aside)
        return "What was handed in was for an earlier wording." if has_former else "Nothing handed in yet."
    is_with_countersigner = any(claim.awaits_countersignature for claim in covered.claims)
    return f"{AWAITS_COUNTERSIGNATURE if is_with_countersigner else AWAITS_DECISION}."


def _feedback_on(source: Source, unit: UnitCoverage) -> Iterator[Feedback]:
    """What was said of the unit's items, each review once, in the order of their release."""
    claimed = {claim.evidence_id for covered in unit.criteria for claim in covered.claims}
    claimed |= {one.claim.evidence_id for one in source.set_aside if one.unit_code == unit.code}
    found = [
        (review, item)
        for item in source.items
        if item.evidence_id in claimed
        for review in counting(source, item)
        if review.feedback
    ]
    for review, item in sorted(found, key=lambda pair: pair[0].released_at):
        yield Feedback(
            review.assessor,
            called(source, "Assessor"),
            day_of(review.released_at),
            paragraphs(review.feedback),
            item.ref,
            item.title,
        )


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
    return AuditPart(rows, facts, worded(source, AUDIT_NOTE))
