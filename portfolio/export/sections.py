"""The chapters of the Word book about the portfolio as a whole: before the units, and after the evidence. Pure.

What the product knows stands there; what is done on paper has a page to write on, where the centre wants that.
"""

from collections.abc import Iterator, Mapping, Sequence

from portfolio.assessment.queries import UnitCoverage
from portfolio.assessment.sign_off_queries import DecisionRow
from portfolio.centres.settings import settings_of
from portfolio.centres.terms import capital
from portfolio.clock import UK
from portfolio.criteria.combination import ChosenUnit, check, credits_in_words, rules_from
from portfolio.documents.wordbook.content import Said, Section, SignatureLine, Tone
from portfolio.documents.wordbook.markup import short_date
from portfolio.enrolment.queries import AllocationRow
from portfolio.enrolment.rules import DUTY_WORDS, Duty
from portfolio.export.queries import Source, VersionText
from portfolio.export.rules import DECLARED, Extent
from portfolio.export.sheets import called, worded

LINES, LINES_ABOVE_SIGNATURES = 22, 17
"""How many lines a page to write on has."""
COUNTERSIGNER = "Countersigner"


def opening(source: Source, initials: Mapping[str, str]) -> Iterator[Section]:
    """The chapters before the units, in the order in which an external quality assurer reads."""
    blank = has_blanks(source)
    if source.choice.extent is not Extent.UNIT:
        yield _achievement(source)
    if blank:
        yield _to_write(
            source, "profile", "{Learner} profile", "Job role, workplace, and what the work with customers is."
        )
    if source.texts:
        yield _declarations(source)
    if blank:
        yield _to_write(
            source,
            "induction",
            "Induction, appeals and equality",
            "What was explained at the start, and when: the qualification, how to appeal, confidentiality, equality.",
            *_signing(source),
        )
    yield _names(source, initials)
    if blank:
        yield _to_write(source, "witnesses", "Witnesses", "Name, role, relation to the {learner}, and signature.")
        yield _to_write(source, "skills", "Skill scan and recognition of prior learning", "", *_signing(source))
        yield _to_write(source, "plans", "Assessment plans and reviews", "Dated and numbered.", *_signing(source))


def closing(source: Source) -> Iterator[Section]:
    """The chapters after the evidence."""
    if not has_blanks(source):
        return
    assured = SignatureLine(called(source, "Internal quality assurer"))
    yield _to_write(
        source,
        "iqa",
        "Internal quality assurance",
        "What was sampled, what was found, actions and when they were closed.",
        assured,
    )
    visiting = SignatureLine(called(source, "External quality assurer"))
    yield _to_write(source, "eqa", "External quality assurance", "What was sampled, and what was found.", visiting)


def has_blanks(source: Source) -> bool:
    """Whether the centre wants pages to write on for what the product does not hold."""
    return settings_of(source.enrolment.centre.settings).book_blanks


def unit_signatures(source: Source) -> tuple[SignatureLine, ...]:
    """Who signs a unit on paper, where the centre wants pages to write on: the learner, whoever assesses and
    countersigns, and the internal quality assurer.
    """
    if not has_blanks(source) or source.choice.extent is Extent.MATRIX:
        return ()
    lines = [SignatureLine(called(source, "Learner"), source.enrolment.learner.name)]
    for duty in Duty:
        names = [row.person_name for row in source.allocations if row.is_open and row.duty is duty]
        is_always = duty is not Duty.COUNTERSIGN
        lines += [SignatureLine(_by_duty(source, duty), name) for name in dict.fromkeys(names or [""] * is_always)]
    return tuple(lines)


def _to_write(source: Source, key: str, title: str, lead: str, *signatures: SignatureLine) -> Section:
    lines = LINES_ABOVE_SIGNATURES if signatures else LINES
    return Section(key, worded(source, title), worded(source, lead), ruled=lines, signatures=signatures)


def _signing(source: Source) -> tuple[SignatureLine, ...]:
    return SignatureLine(called(source, "Learner"), source.enrolment.learner.name), SignatureLine(
        called(source, "Assessor")
    )


def _achievement(source: Source) -> Section:
    """Every unit, how far it is, and whether the units make up the qualification."""
    chosen = [
        ChosenUnit(unit.code, unit.title, unit.level or 0, unit.credit or 0, unit.group_code) for unit in source.units
    ]
    report = check(rules_from(source.enrolment.qualification.rules), chosen)
    signed = [unit for unit in source.units if _signed_off(source, unit) is not None]
    earned = sum(unit.credit or 0 for unit in signed)
    said = f"{len(signed)} of {len(source.units)} {'unit' if len(source.units) == 1 else 'units'} signed off"
    wanted = f" of the {report.credits_needed} that the qualification asks for" if report.credits_needed else ""
    result = capital(worded(source, report.sentence)).rstrip(".")
    return Section(
        key="achievement",
        title="Summary of achievement",
        lead=worded(source, f"{said}: {credits_in_words(earned)}{wanted}."),
        notes=(f"{result}.", *(worded(source, f"{note.rstrip('.')}.") for note in report.notes)),
        head=("Unit", "Level", "Credit", "Group", "State", "On", "By"),
        shares=(32, 7, 7, 7, 17, 13, 17),
        rows=tuple(_achieved(source, unit) for unit in source.units),
    )


def _achieved(source: Source, unit: UnitCoverage) -> tuple[Said, ...]:
    decision, tally = _signed_off(source, unit), unit.tally
    if decision is not None:
        state = Said("Signed off", Tone.MET)
    elif unit.is_outline:
        state = Said("In outline only")
    else:
        state = Said(f"{tally.met} of {tally.total} met", Tone.CLAIMED if tally.met else Tone.GAP)
    return (
        Said(f"{unit.code} {unit.title}", unit=unit.code),
        Said(str(unit.level or "–")),
        Said(str(unit.credit or "–")),
        Said(unit.group_code or "–"),
        state,
        Said(short_date(decision.at.astimezone(UK).date()) if decision else "–"),
        Said(decision.by if decision else "–"),
    )


def _signed_off(source: Source, unit: UnitCoverage) -> DecisionRow | None:
    """The sign-off that stands: the last thing decided, unless that opened the unit again."""
    decisions = source.sign_offs.get(unit.enrolment_unit_id, ())
    return decisions[-1] if decisions and decisions[-1].is_sign_off else None


def _declarations(source: Source) -> Section:
    """What was declared with each submission, about which items."""
    sent: dict[int, list[tuple[str, VersionText]]] = {}
    for item in source.items:
        if item.version_id in source.texts:
            text = source.texts[item.version_id]
            sent.setdefault(text.submission_no, []).append((item.ref, text))
    rows = [
        (
            Said(str(number)),
            Said(short_date(items[0][1].submitted_at.astimezone(UK).date())),
            Said(refs=tuple(ref for ref, _text in items)),
            Said(", ".join(dict.fromkeys(DECLARED[one] for _ref, text in items for one in text.declared)) or "–"),
        )
        for number, items in sorted(sent.items())
    ]
    return Section(
        key="declarations",
        title="Declarations",
        lead=worded(
            source, "What was declared when {evidence} was handed in. The glossary has the declarations in full."
        ),
        head=("No.", "Date", "Evidence", "Declared"),
        shares=(7, 13, 40, 40),
        rows=tuple(rows),
        signatures=(SignatureLine(called(source, "Learner"), source.enrolment.learner.name),),
    )


def _names(source: Source, initials: Mapping[str, str]) -> Section:
    """Everybody with a part in this portfolio, with room for a specimen of their signature."""
    rows = [_named(source.enrolment.learner.name, called(source, "Learner"), "", "")]
    by_person: dict[str, list[AllocationRow]] = {}
    for allocation in source.allocations:
        by_person.setdefault(allocation.person_name, []).append(allocation)
    for name, theirs in by_person.items():
        words = [_duty(source, one) for one in theirs]
        rows.append(_named(name, ", ".join(dict.fromkeys(words)), _since(theirs), initials.get(name, "")))
    rows += [_named(name, "Decided in the past", "", mark) for name, mark in initials.items() if name not in by_person]
    return Section(
        key="names",
        title="Names, roles and signatures",
        lead="Initials are those beside decisions in the tables. The last column is for specimen signatures.",
        head=("Name", "Role", "When", "Initials", "Signature"),
        shares=(24, 24, 20, 9, 23),
        rows=tuple(rows),
        is_signed=True,
    )


def _named(name: str, role: str, when: str, mark: str) -> tuple[Said, ...]:
    return Said(name), Said(role), Said(when or "–"), Said(mark or "–"), Said("")


def _duty(source: Source, one: AllocationRow) -> str:
    is_trainee = one.is_trainee and one.duty is Duty.ASSESS
    word = called(source, "Trainee assessor") if is_trainee else _by_duty(source, one.duty)
    return f"{word} ({one.unit_title})" if one.unit_title else word


def _by_duty(source: Source, duty: Duty) -> str:
    """What somebody is called by what they do here."""
    return COUNTERSIGNER if duty is Duty.COUNTERSIGN else called(source, DUTY_WORDS[duty])


def _since(rows: Sequence[AllocationRow]) -> str:
    first = min(row.since for row in rows)
    last = None if any(row.last is None for row in rows) else max(row.last for row in rows if row.last is not None)
    return f"{short_date(first)} to {short_date(last)}" if last else f"Since {short_date(first)}"
