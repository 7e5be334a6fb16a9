"""A unit in the book: how far it is, then criterion by criterion the evidence and the decisions."""

from collections.abc import Iterable, Iterator

from portfolio.documents.wordbook import anchors
from portfolio.documents.wordbook.anchors import Targets, criterion_link, evidence_link
from portfolio.documents.wordbook.content import CriterionRow, Feedback, MatrixEntry, UnitPart
from portfolio.documents.wordbook.desk import Desk
from portfolio.documents.wordbook.flow import Flow, Piece, tone_run
from portfolio.documents.wordbook.markup import (
    TABLE_END,
    cell,
    head_row,
    paragraph,
    row,
    run,
    run_cell,
    short_date,
    span,
    table_start,
    text_cell,
    text_xml,
    words,
)
from portfolio.documents.wordbook.measures import is_tall
from portfolio.documents.wordbook.signatures import signatures_table
from portfolio.documents.wordbook.styles import LANDSCAPE, PORTRAIT

_TITLES = ("No.", "Criterion", "State", "Evidence", "Method", "Decision", "Date", "By")
_MATRIX = (700, 4400, 1180, 3500, 1460, 1480, 1150, 700)
_BARE = (700, 7538, 1400)
_GAPS = (700, 4838, 4100)
_ON_THE_SAME_PAGE = '<w:pageBreakBefore w:val="0"/><w:spacing w:before="640"/>'


def units_chapters(desk: Desk, targets: Targets, units: Iterable[UnitPart]) -> Iterator[Iterable[Piece]]:
    """A chapter for each unit. Units of which only the title is known share pages."""
    was_brief = False
    for unit in units:
        is_brief = not (unit.outcomes or unit.gaps or unit.feedback)
        yield _unit_chapter(desk, targets, unit, is_below=is_brief and was_brief)
        was_brief = is_brief


def _unit_chapter(desk: Desk, targets: Targets, unit: UnitPart, *, is_below: bool) -> Iterator[Piece]:
    """What was found, sideways where there is evidence beside the criteria; then upright what is to be read."""
    has_evidence = any(criterion.entries for outcome in unit.outcomes for criterion in outcome.criteria)
    if has_evidence:
        yield LANDSCAPE
    yield _opening(desk, targets, unit, is_below=is_below)
    if unit.outcomes:
        yield _heading(desk, "matrix", unit.code, "Criteria and evidence")
        yield from _matrix(desk, targets, unit, _MATRIX if has_evidence else _BARE)
    yield PORTRAIT
    if unit.gaps:
        yield _heading(desk, "gaps", unit.code, "Still to do")
        yield from _gaps(targets, unit)
    if unit.feedback:
        yield _heading(desk, "feedback", unit.code, "Feedback on the unit")
        for number, feedback in enumerate(unit.feedback):
            yield from _feedback(desk, targets, unit, feedback, number)
    if unit.signatures:
        yield _heading(desk, "signed", unit.code, "Signatures for the unit")
        yield signatures_table(unit.signatures)


def _opening(desk: Desk, targets: Targets, unit: UnitPart, *, is_below: bool) -> str:
    mark = desk.bookmark(anchors.unit(unit.code))
    title = f"{mark}<w:r>{text_xml(f'{unit.code} {unit.title}')}</w:r>"
    parts = [paragraph("Heading1", title, _ON_THE_SAME_PAGE if is_below else ""), targets.ways()]
    if unit.note:
        parts.append(words("StatusNote", unit.note))
    if unit.facts:
        parts.append(words("Lead", " · ".join(f"{fact.label} {fact.value}".strip() for fact in unit.facts)))
    parts += [words("Normal", text) for text in (unit.summary, *unit.sign_offs) if text]
    return "".join(parts)


def _heading(desk: Desk, kind: str, code: str, title: str) -> str:
    mark = desk.bookmark(anchors.unit_section(kind, code))
    return paragraph("Heading2", f"{mark}<w:r>{text_xml(title)}</w:r>")


def _matrix(desk: Desk, targets: Targets, unit: UnitPart, widths: tuple[int, ...]) -> Iterator[str]:
    """Criterion by criterion; the columns of the evidence only where there is some."""
    yield table_start(widths, f"Criteria of {unit.code} with their evidence and decisions")
    yield head_row(widths, _TITLES[: len(widths)])
    for outcome in unit.outcomes:
        title = f"{outcome.code} {outcome.title}".strip()
        if title:
            yield row(span(sum(widths), len(widths), words("CellGroup", title)))
        for criterion in outcome.criteria:
            yield from _criterion(desk, targets, unit.code, criterion, widths)
    yield TABLE_END


def _criterion(
    desk: Desk, targets: Targets, unit_code: str, criterion: CriterionRow, widths: tuple[int, ...]
) -> Iterator[str]:
    """A row for each piece of evidence; the number of the criterion stands in all of them, its words in the first."""
    mark = desk.bookmark(anchors.criterion(unit_code, criterion.code))
    entries = criterion.entries
    state = paragraph("Cell", tone_run(criterion.state, criterion.tone))
    if criterion.note:
        state += words("CellLabel", criterion.note)
    first = (
        run_cell(widths[0], f"{mark}<w:r>{text_xml(criterion.code)}</w:r>")
        + text_cell(widths[1], criterion.text)
        + cell(widths[2], state)
    )
    if not entries:
        yield row(first + (span(sum(widths[3:]), len(widths) - 3, words("CellLabel", "–")) if widths[3:] else ""))
        return
    yield row(first + _entry(targets, entries[0], widths))
    if len(entries) > 1:
        again = cell(widths[0], words("CellLabel", criterion.code))
        again += "".join(cell(width, paragraph("Cell", "")) for width in widths[1:3])
        for entry in entries[1:]:
            yield row(again + _entry(targets, entry, widths))


def _entry(targets: Targets, entry: MatrixEntry, widths: tuple[int, ...]) -> str:
    return (
        run_cell(widths[3], f"{evidence_link(targets, entry.ref)}<w:r>{text_xml(f' {entry.title}')}</w:r>")
        + text_cell(widths[4], entry.method)
        + run_cell(widths[5], tone_run(entry.decision, entry.tone))
        + text_cell(widths[6], short_date(entry.decided_on))
        + text_cell(widths[7], entry.initials)
    )


def _gaps(targets: Targets, unit: UnitPart) -> Iterator[str]:
    yield table_start(_GAPS, f"Criteria of {unit.code} that still need something")
    yield head_row(_GAPS, ("No.", "Criterion", "What is missing"))
    for gap in unit.gaps:
        code = criterion_link(targets, unit.code, gap.code)
        reason = f"{evidence_link(targets, gap.ref)}{run(f', {gap.reason}')}" if gap.ref else run(gap.reason)
        cells = run_cell(_GAPS[0], code) + text_cell(_GAPS[1], gap.text) + run_cell(_GAPS[2], reason)
        yield row(cells, is_whole=not is_tall((gap.reason,), (_GAPS[2],)))
    yield TABLE_END


def _feedback(desk: Desk, targets: Targets, unit: UnitPart, feedback: Feedback, number: int) -> Iterator[Piece]:
    said = ", ".join(filter(None, (feedback.by, feedback.role, short_date(feedback.on))))
    flow = Flow(desk, under=3, place=f"Feedback on {unit.code}", ordinal=number)
    mark = desk.bookmark(anchors.feedback(unit.code, number))
    before = paragraph("Heading3", f"{mark}<w:r>{text_xml(said)}</w:r>")
    if feedback.ref:
        about = f"{run('On ')}{evidence_link(targets, feedback.ref)}{run(f' {feedback.title}')}"
        before += paragraph("Small", about, "<w:keepNext/>")
    yield from flow.write(feedback.blocks, before)
