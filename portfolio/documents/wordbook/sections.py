"""The chapters about the whole portfolio: what was achieved, what was declared, who took part, and room to write."""

from collections.abc import Iterator

from portfolio.documents.wordbook import anchors
from portfolio.documents.wordbook.anchors import Targets, evidence_link
from portfolio.documents.wordbook.content import Said, Section, Tone
from portfolio.documents.wordbook.desk import Desk
from portfolio.documents.wordbook.flow import Piece, tone_run
from portfolio.documents.wordbook.markup import (
    SPACER,
    TABLE_END,
    head_row,
    jump,
    paragraph,
    row,
    run,
    run_cell,
    table_start,
    text_xml,
    words,
)
from portfolio.documents.wordbook.signatures import ROOM, signatures_table
from portfolio.documents.wordbook.styles import PORTRAIT


def section_chapter(desk: Desk, targets: Targets, section: Section) -> Iterator[Piece]:
    """One chapter, on pages that stand upright."""
    mark = desk.bookmark(anchors.section(section.key))
    yield paragraph("Heading1", f"{mark}<w:r>{text_xml(section.title)}</w:r>")
    yield targets.ways()
    if section.lead:
        yield words("Lead", section.lead)
    for note in section.notes:
        yield words("Normal", note)
    if section.rows:
        yield from _table(targets, section)
    for _ in range(section.ruled):
        yield paragraph("Ruled", "")
    if section.signatures:
        yield SPACER if section.ruled else ""
        yield signatures_table(section.signatures)


def _table(targets: Targets, section: Section) -> Iterator[str]:
    total = sum(section.shares)
    widths = tuple(PORTRAIT.text_width * share // total for share in section.shares)
    yield table_start(widths, section.title)
    yield head_row(widths, section.head)
    for cells in section.rows:
        inside = [run_cell(width, _said(targets, one)) for width, one in zip(widths, cells, strict=True)]
        yield row("".join(inside), height=ROOM if section.is_signed else 0)
    yield TABLE_END


def _said(targets: Targets, one: Said) -> str:
    if one.refs:
        between = run(", ")
        return between.join(evidence_link(targets, ref) for ref in one.refs)
    if one.unit in targets.units:
        return jump(targets.units[one.unit], one.text)
    return run(one.text) if one.tone is Tone.PLAIN else tone_run(one.text, one.tone)
