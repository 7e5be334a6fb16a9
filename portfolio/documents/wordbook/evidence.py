"""The evidence in the book: the index, then each item on a page of its own with a header sheet before its content."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from portfolio.documents.wordbook import anchors
from portfolio.documents.wordbook.anchors import Targets
from portfolio.documents.wordbook.content import (
    ClaimRow,
    Fact,
    FilePart,
    IndexRow,
    ItemPart,
    ReviewPart,
    SignatureLine,
    Tone,
)
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
    table,
    table_start,
    text_cell,
    text_xml,
    words,
)
from portfolio.documents.wordbook.styles import PORTRAIT

_WIDTH = PORTRAIT.text_width
_INDEX_TITLES = ("Ref.", "Title", "Date", "Method", "Criteria", "Where it is", "SHA-256")
_INDEX = (640, 2500, 1080, 1218, 1600, 1200, 1400)
_FACTS = (1350, 3469, 1350, 3469)
_CLAIMS = (2750, 4288, 1250, 1350)
_REVIEWS = (2538, 1050, 1200, 1050, 1050, 1250, 1500)
_SIGNATURES = (3438, 4200, 2000)
_SAID = {None: "–", True: "Yes", False: "No"}
_DIGEST_SHOWN = 12
_SIGNATURE_HEIGHT = 624
_NEW_PAGE = '<w:pageBreakBefore/><w:spacing w:before="0"/>'


def index_chapter(desk: Desk, index: Iterable[IndexRow]) -> Iterator[str]:
    """Every item in one table."""
    yield paragraph("Heading1", f"{desk.bookmark(anchors.INDEX)}<w:r>{text_xml('Evidence index')}</w:r>")
    yield words("Lead", "Every piece of evidence in this portfolio. The reference leads to the item.")
    yield table_start(_INDEX, "Evidence index") + head_row(_INDEX, _INDEX_TITLES)
    for line in index:
        yield _index_row(desk, line)
    yield TABLE_END


def items_chapter(desk: Desk, targets: Targets, items: Iterable[ItemPart]) -> Iterator[str]:
    """The items one after the other; the first stands under the chapter's heading, each other on a new page."""
    yield paragraph("Heading1", f"{desk.bookmark(anchors.ITEMS)}<w:r>{text_xml('Evidence')}</w:r>")
    for number, item in enumerate(items):
        yield from _item(desk, targets, item, first=number == 0)


def _index_row(desk: Desk, line: IndexRow) -> str:
    mark = desk.bookmark(anchors.index_line(line.ref))
    ref = jump(anchors.item(line.ref), line.ref) if line.in_book else run(line.ref)
    criteria = "".join(words("Cell", text) for text in line.criteria) or words("CellLabel", "–")
    return row(
        run_cell(_INDEX[0], mark + ref)
        + text_cell(_INDEX[1], line.title)
        + text_cell(_INDEX[2], short_date(line.event_on))
        + text_cell(_INDEX[3], line.method)
        + cell(_INDEX[4], criteria)
        + text_cell(_INDEX[5], line.held)
        + text_cell(_INDEX[6], line.sha256[:_DIGEST_SHOWN], "CellMono")
    )


def _item(desk: Desk, targets: Targets, item: ItemPart, *, first: bool) -> Iterator[str]:
    yield _header_sheet(desk, targets, item, first=first)
    place = f"{item.ref} {item.title}"
    if item.body:
        yield words("Heading3", item.body_title)
        yield from Flow(desk, under=3, width=_WIDTH, place=place).write(item.body)
    for number, part in enumerate(item.files, 1):
        yield from _file(desk, place, part, number)


def _header_sheet(desk: Desk, targets: Targets, item: ItemPart, *, first: bool) -> str:
    mark = desk.bookmark(anchors.item(item.ref))
    title = f"{mark}<w:r>{text_xml(f'{item.ref} {item.title}')}</w:r>"
    parts = [paragraph("Heading2", title, "" if first else _NEW_PAGE), _facts(item)]
    if item.claims:
        parts += [words("Heading3", "Criteria claimed"), _claims(targets, item.claims)]
    if item.reviews:
        parts += [words("Heading3", "Decision"), _reviews(item.reviews)]
    if item.signatures:
        parts += [words("Heading3", "Signatures"), _signatures(item.signatures)]
    return "".join(parts)


def _facts(item: ItemPart) -> str:
    head = row(span(_WIDTH, len(_FACTS), words("CellHead", f"Header sheet {item.ref}")), head=True)
    facts = [fact for fact in item.facts if fact.value]
    if len(facts) % 2:
        facts.append(Fact("", ""))
    label, value, other_label, other_value = _FACTS
    rows = [
        row(
            text_cell(label, left.label, "CellLabel")
            + text_cell(value, left.value)
            + text_cell(other_label, right.label, "CellLabel")
            + text_cell(other_value, right.value)
        )
        for left, right in zip(facts[::2], facts[1::2], strict=True)
    ]
    return table(_FACTS, (head, *rows), "Header sheet")


def _claims(targets: Targets, claims: tuple[ClaimRow, ...]) -> str:
    titles = ("Criterion", "How it is met", "Decision", "Decided")
    several = len({claim.unit for claim in claims}) > 1
    rows = [_claim(targets, claim, several=several) for claim in claims]
    return table(_CLAIMS, (head_row(_CLAIMS, titles), *rows), "Criteria claimed")


def _claim(targets: Targets, claim: ClaimRow, *, several: bool) -> str:
    anchor = targets.criteria.get((claim.unit, claim.code))
    code = f"{claim.unit} {claim.code}" if several else claim.code
    linked = jump(anchor, code) if anchor else run(code)
    criterion = paragraph("Cell", f"{linked}<w:r>{text_xml(f' {claim.text}')}</w:r>")
    if claim.note:
        criterion += words("CellLabel", claim.note)
    met = words("Cell", claim.annotation)
    if claim.place:
        met += words("CellLabel", f"Where: {claim.place}")
    if claim.feedback:
        met += paragraph("Cell", f"{run('Feedback: ', 'Label')}<w:r>{text_xml(claim.feedback)}</w:r>")
    return row(
        cell(_CLAIMS[0], criterion)
        + cell(_CLAIMS[1], met)
        + _decided(claim.decision, claim.tone, claim.decided_on, claim.by)
    )


@lru_cache(maxsize=1024)
def _decided(decision: str, tone: Tone, on: date | None, by: str) -> str:
    """The two cells that many claims of an item share."""
    said = words("Cell", short_date(on)) + (words("CellLabel", by) if by else "")
    return run_cell(_CLAIMS[2], tone_run(decision, tone)) + cell(_CLAIMS[3], said)


def _reviews(reviews: tuple[ReviewPart, ...]) -> str:
    titles = ("Assessor", "Valid", "Authentic", "Reliable", "Current", "Sufficient", "Date")
    rows = [_review(review) for review in reviews]
    return table(_REVIEWS, (head_row(_REVIEWS, titles), *rows), "Decision")


def _review(review: ReviewPart) -> str:
    who = words("Cell", review.assessor) + (words("CellLabel", review.role) if review.role else "")
    if review.countersigned:
        who += words("CellLabel", f"Countersigned: {review.countersigned}")
    ticks = (review.valid, review.authentic, review.reliable, review.current, review.sufficient)
    said = [text_cell(width, _SAID[tick]) for width, tick in zip(_REVIEWS[1:], ticks, strict=False)]
    line = row(cell(_REVIEWS[0], who) + "".join(said) + text_cell(_REVIEWS[-1], short_date(review.on)))
    if review.feedback:
        line += row(span(sum(_REVIEWS), len(_REVIEWS), words("Cell", review.feedback)))
    return line


@lru_cache(maxsize=64)
def _signatures(lines: tuple[SignatureLine, ...]) -> str:
    """Mostly the same people on every item."""
    empty = cell(_SIGNATURES[1], paragraph("Cell", "")) + cell(_SIGNATURES[2], paragraph("Cell", ""))
    rows = [
        row(
            cell(_SIGNATURES[0], words("Cell", line.role) + (words("CellLabel", line.name) if line.name else ""))
            + empty,
            height=_SIGNATURE_HEIGHT,
        )
        for line in lines
    ]
    return table(_SIGNATURES, (head_row(_SIGNATURES, ("Signed by", "Signature", "Date")), *rows), "Signatures")


def _file(desk: Desk, place: str, part: FilePart, number: int) -> Iterator[str]:
    yield words("Heading3", part.name or "File")
    if part.extract.note:
        yield paragraph("Small", f"<w:r>{text_xml(part.extract.note)}</w:r>", "<w:keepNext/>")
    flow = Flow(desk, under=3, width=_WIDTH, place=f"{place}: {part.name}", ordinal=number)
    yield from flow.write(part.extract.blocks)
