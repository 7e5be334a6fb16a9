"""A unit in the book: how far it is, then criterion by criterion the evidence and the decisions."""

from collections.abc import Iterator

from portfolio.documents.wordbook import anchors
from portfolio.documents.wordbook.anchors import Targets
from portfolio.documents.wordbook.content import CriterionRow, Feedback, MatrixEntry, UnitPart
from portfolio.documents.wordbook.desk import Desk
from portfolio.documents.wordbook.flow import Flow, tone_run
from portfolio.documents.wordbook.markup import (
    TABLE_END,
    cell,
    head_row,
    jump,
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
from portfolio.documents.wordbook.styles import LANDSCAPE, PORTRAIT, Page

_TITLES = ("No.", "Criterion", "State", "Evidence", "Method", "Decision", "Date", "By")
_UPRIGHT = (580, 2618, 1020, 1700, 1050, 1050, 1080, 540)
_SIDEWAYS = (640, 4780, 1250, 3400, 1500, 1250, 1150, 600)
_GAPS_UPRIGHT = (640, 5298, 3700)
_GAPS_SIDEWAYS = (640, 8430, 5500)
_LONG_CRITERION = 110
_LONG_TITLE = 28
_READING_WIDTH = PORTRAIT.text_width


def page_of(unit: UnitPart) -> Page:
    """Sideways when the matrix would be squeezed upright: long criteria or long titles of evidence."""
    rows = [criterion for outcome in unit.outcomes for criterion in outcome.criteria]
    long = any(len(criterion.text) > _LONG_CRITERION for criterion in rows) or any(
        len(entry.title) > _LONG_TITLE for criterion in rows for entry in criterion.entries
    )
    return LANDSCAPE if long else PORTRAIT


def unit_chapter(desk: Desk, targets: Targets, unit: UnitPart) -> Iterator[str]:
    """The whole unit, on pages of one direction."""
    page = page_of(unit)
    mark = desk.bookmark(anchors.unit(unit.code))
    yield paragraph("Heading1", f"{mark}<w:r>{text_xml(f'{unit.code} {unit.title}')}</w:r>")
    if unit.note:
        yield words("StatusNote", unit.note)
    if unit.facts:
        yield words("Lead", " · ".join(f"{fact.label} {fact.value}".strip() for fact in unit.facts))
    if unit.summary:
        yield words("Normal", unit.summary)
    for sign_off in unit.sign_offs:
        yield words("Normal", sign_off)
    if unit.outcomes:
        yield _heading(desk, "matrix", unit.code, "Criteria and evidence")
        yield from _matrix(desk, targets, unit, page)
    if unit.gaps:
        yield _heading(desk, "gaps", unit.code, "Still to do")
        yield from _gaps(targets, unit, page)
    if unit.feedback:
        yield _heading(desk, "feedback", unit.code, "Feedback on the unit")
        for number, feedback in enumerate(unit.feedback):
            yield from _feedback(desk, unit, feedback, number)


def _heading(desk: Desk, kind: str, code: str, title: str) -> str:
    mark = desk.bookmark(anchors.unit_section(kind, code))
    return paragraph("Heading2", f"{mark}<w:r>{text_xml(title)}</w:r>")


def _matrix(desk: Desk, targets: Targets, unit: UnitPart, page: Page) -> Iterator[str]:
    widths = _SIDEWAYS if page is LANDSCAPE else _UPRIGHT
    yield table_start(widths, f"Criteria of {unit.code} with their evidence and decisions")
    yield head_row(widths, _TITLES)
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
    mark = desk.bookmark(anchors.criterion(unit_code, criterion.code))
    entries = criterion.entries
    merge = '<w:vMerge w:val="restart"/>' if len(entries) > 1 else ""
    state = paragraph("Cell", tone_run(criterion.state, criterion.tone))
    if criterion.note:
        state += words("CellLabel", criterion.note)
    first = (
        cell(widths[0], paragraph("Cell", f"{mark}<w:r>{text_xml(criterion.code)}</w:r>"), merge)
        + cell(widths[1], words("Cell", criterion.text), merge)
        + cell(widths[2], state, merge)
    )
    if not entries:
        yield row(first + span(sum(widths[3:]), len(widths) - 3, words("CellLabel", "–")))
        return
    yield row(first + _entry(targets, entries[0], widths))
    if len(entries) > 1:
        again = "".join(cell(width, paragraph("Cell", ""), "<w:vMerge/>") for width in widths[:3])
        for entry in entries[1:]:
            yield row(again + _entry(targets, entry, widths))


def _entry(targets: Targets, entry: MatrixEntry, widths: tuple[int, ...]) -> str:
    anchor = targets.evidence.get(entry.ref)
    ref = jump(anchor, entry.ref) if anchor else run(entry.ref)
    return (
        run_cell(widths[3], f"{ref}<w:r>{text_xml(f' {entry.title}')}</w:r>")
        + text_cell(widths[4], entry.method)
        + run_cell(widths[5], tone_run(entry.decision, entry.tone))
        + text_cell(widths[6], short_date(entry.decided_on))
        + text_cell(widths[7], entry.initials)
    )


def _gaps(targets: Targets, unit: UnitPart, page: Page) -> Iterator[str]:
    widths = _GAPS_SIDEWAYS if page is LANDSCAPE else _GAPS_UPRIGHT
    yield table_start(widths, f"Criteria of {unit.code} that still need something")
    yield head_row(widths, ("No.", "Criterion", "What is missing"))
    for gap in unit.gaps:
        anchor = targets.criteria.get((unit.code, gap.code))
        code = jump(anchor, gap.code) if anchor else run(gap.code)
        yield row(run_cell(widths[0], code) + text_cell(widths[1], gap.text) + text_cell(widths[2], gap.reason))
    yield TABLE_END


def _feedback(desk: Desk, unit: UnitPart, feedback: Feedback, number: int) -> Iterator[str]:
    said = ", ".join(filter(None, (feedback.by, feedback.role, short_date(feedback.on))))
    flow = Flow(desk, under=3, width=_READING_WIDTH, place=f"Feedback on {unit.code}", ordinal=number)
    yield words("Heading3", said)
    yield from flow.write(feedback.blocks)
