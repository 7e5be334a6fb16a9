"""The evidence in the book: the index, then each item on a page of its own with a header sheet before its content."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from portfolio.documents.wordbook import anchors
from portfolio.documents.wordbook.anchors import Targets, criterion_link
from portfolio.documents.wordbook.content import (
    Cited,
    ClaimRow,
    Fact,
    FilePart,
    IndexRow,
    ItemPart,
    ReviewPart,
    Tone,
)
from portfolio.documents.wordbook.desk import Desk
from portfolio.documents.wordbook.flow import Flow, Piece, tone_run
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
from portfolio.documents.wordbook.measures import is_tall
from portfolio.documents.wordbook.signatures import signatures_table
from portfolio.documents.wordbook.styles import PORTRAIT

_WIDTH = PORTRAIT.text_width
_INDEX_TITLES = ("Ref.", "Title", "Date", "Method", "Criteria", "Where it is, SHA-256")
_INDEX = (680, 2700, 1150, 1600, 1700, 1808)
_FACTS = (1600, 3219, 1600, 3219)
_LONG_FACT = 34
_CLAIMS = (2400, 4008, 1480, 1750)
_REVIEWS = (2538, 1050, 1200, 1050, 1050, 1250, 1500)
_SAID = {None: "–", True: "Yes", False: "No"}
_DIGEST_SHOWN = 12
_NEW_PAGE = '<w:pageBreakBefore/><w:spacing w:before="0"/>'


def index_chapter(desk: Desk, targets: Targets, index: Iterable[IndexRow]) -> Iterator[Piece]:
    """Every item in one table."""
    yield paragraph("Heading1", f"{desk.bookmark(anchors.INDEX)}<w:r>{text_xml('Evidence index')}</w:r>")
    yield targets.ways()
    yield words("Lead", "Every piece of evidence in this portfolio. The reference leads to the item.")
    yield table_start(_INDEX, "Evidence index") + head_row(_INDEX, _INDEX_TITLES)
    for line in index:
        yield _index_row(desk, targets, line)
    yield TABLE_END


def items_chapter(desk: Desk, targets: Targets, items: Iterable[ItemPart]) -> Iterator[Piece]:
    """The items one after the other; the first stands under the chapter's heading, each other on a new page."""
    yield paragraph("Heading1", f"{desk.bookmark(anchors.ITEMS)}<w:r>{text_xml('Evidence')}</w:r>")
    yield targets.ways()
    for number, item in enumerate(items):
        yield from _item(desk, targets, item, first=number == 0)


def _index_row(desk: Desk, targets: Targets, line: IndexRow) -> str:
    mark = desk.bookmark(anchors.index_line(line.ref))
    ref = jump(anchors.item(line.ref), line.ref) if line.in_book else run(line.ref)
    criteria = "".join(_cited(targets, cited) for cited in line.criteria) or words("CellLabel", "–")
    held = words("Cell", line.held) + (words("CellMono", line.sha256[:_DIGEST_SHOWN]) if line.sha256 else "")
    return row(
        run_cell(_INDEX[0], mark + ref)
        + text_cell(_INDEX[1], line.title)
        + text_cell(_INDEX[2], short_date(line.event_on))
        + text_cell(_INDEX[3], line.method)
        + cell(_INDEX[4], criteria)
        + cell(_INDEX[5], held)
    )


def _cited(targets: Targets, cited: Cited) -> str:
    """Criteria of a unit, each leading to its line in the matrix."""
    codes = run(", ").join(criterion_link(targets, cited.unit, code) for code in cited.codes)
    note = f" ({cited.note})" if cited.note else ""
    return paragraph("Cell", f"{run(f'{cited.unit}: ')}{codes}{run(note) if note else ''}")


def _item(desk: Desk, targets: Targets, item: ItemPart, *, first: bool) -> Iterator[Piece]:
    yield _header_sheet(desk, targets, item, first=first)
    place = f"{item.ref} {item.title}"
    if item.body:
        yield from Flow(desk, under=3, place=place).write(item.body, words("Heading3", item.body_title))
    for number, part in enumerate(item.files, 1):
        yield from _file(desk, place, part, number)


def _header_sheet(desk: Desk, targets: Targets, item: ItemPart, *, first: bool) -> str:
    mark = desk.bookmark(anchors.item(item.ref))
    title = f"{mark}<w:r>{text_xml(f'{item.ref} {item.title}')}</w:r>"
    parts = [paragraph("Heading2", title, "" if first else _NEW_PAGE), _facts(targets, item)]
    if item.claims:
        parts += [words("Heading3", "Criteria claimed"), _claims(targets, item.claims)]
    if item.reviews:
        parts += [words("Heading3", "Decision"), _reviews(item.reviews, _beside(targets, item.ref))]
    if item.signatures:
        parts += [words("Heading3", "Signatures"), signatures_table(item.signatures)]
    return "".join(parts)


def _facts(targets: Targets, item: ItemPart) -> str:
    """Short facts two beside each other, then the long ones, each across the sheet."""
    label, value, other_label, other_value = _FACTS
    named = span(label + value, 2, words("CellHead", f"Header sheet {item.ref}"))
    head = row(named + span(other_label + other_value, 2, targets.ways_from(item.ref)), head=True)
    short = [fact for fact in item.facts if 0 < len(fact.value) <= _LONG_FACT]
    if len(short) % 2:
        short.append(Fact("", ""))
    rows = [
        row(
            text_cell(label, left.label, "CellLabel")
            + text_cell(value, left.value)
            + text_cell(other_label, right.label, "CellLabel")
            + text_cell(other_value, right.value)
        )
        for left, right in zip(short[::2], short[1::2], strict=True)
    ]
    rows += [
        row(
            text_cell(label, fact.label, "CellLabel") + span(_WIDTH - label, 3, _long_fact(fact.value)),
            is_whole=not is_tall((fact.value,), (_WIDTH - label,)),
        )
        for fact in item.facts
        if len(fact.value) > _LONG_FACT
    ]
    return table(_FACTS, (head, *rows), "Header sheet")


def _long_fact(value: str) -> str:
    return words("CellMono" if value.isalnum() else "Cell", value)


def _beside(targets: Targets, ref: str) -> str:
    """Where the feedback stands among that on a unit, if there is any."""
    places = targets.feedback.get(ref)
    if not places:
        return ""
    linked = run("; ").join(jump(anchor, text) for text, anchor in places)
    return paragraph("CellLabel", f"{run('With the feedback on the unit: ')}{linked}")


def _claims(targets: Targets, claims: tuple[ClaimRow, ...]) -> str:
    titles = ("Criterion", "How it is met", "Decision", "Decided")
    several = len({claim.unit for claim in claims}) > 1
    rows = [_claim(targets, claim, several=several) for claim in claims]
    return table(_CLAIMS, (head_row(_CLAIMS, titles), *rows), "Criteria claimed")


def _claim(targets: Targets, claim: ClaimRow, *, several: bool) -> str:
    code = f"{claim.unit} {claim.code}" if several else claim.code
    linked = criterion_link(targets, claim.unit, claim.code, code)
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
        + _decided(claim.decision, claim.tone, claim.decided_on, claim.by),
        is_whole=not is_tall((claim.annotation, claim.feedback), (_CLAIMS[1], _CLAIMS[1])),
    )


@lru_cache(maxsize=1024)
def _decided(decision: str, tone: Tone, on: date | None, by: str) -> str:
    """The two cells that many claims of an item share."""
    said = words("Cell", short_date(on)) + (words("CellLabel", by) if by else "")
    return run_cell(_CLAIMS[2], tone_run(decision, tone)) + cell(_CLAIMS[3], said)


def _reviews(reviews: tuple[ReviewPart, ...], beside: str) -> str:
    """A row for each with its feedback below; `beside` goes with the last."""
    titles = ("Assessor", "Valid", "Authentic", "Reliable", "Current", "Sufficient", "Date")
    rows = [_review(review, beside if review is reviews[-1] else "") for review in reviews]
    return table(_REVIEWS, (head_row(_REVIEWS, titles), *rows), "Decision")


def _review(review: ReviewPart, beside: str) -> str:
    has_more = bool(review.feedback or beside)
    who = paragraph("Cell", run(review.assessor), "<w:keepNext/>" if has_more else "") + (
        words("CellLabel", review.role) if review.role else ""
    )
    if review.countersigned:
        who += words("CellLabel", f"Countersigned: {review.countersigned}")
    ticks = (review.valid, review.authentic, review.reliable, review.current, review.sufficient)
    said = [text_cell(width, _SAID[tick]) for width, tick in zip(_REVIEWS[1:], ticks, strict=False)]
    line = row(cell(_REVIEWS[0], who) + "".join(said) + text_cell(_REVIEWS[-1], short_date(review.on)))
    if has_more:
        line += row(
            span(_WIDTH, len(_REVIEWS), (words("Cell", review.feedback) if review.feedback else "") + beside),
            is_whole=not is_tall((review.feedback,), (_WIDTH,)),
        )
    return line


def _file(desk: Desk, place: str, part: FilePart, number: int) -> Iterator[Piece]:
    before = words("Heading3", part.name or "File")
    for note in filter(None, (part.redacted, part.extract.note)):
        before += paragraph("Small", f"<w:r>{text_xml(note)}</w:r>", "<w:keepNext/>")
    flow = Flow(desk, under=3, place=f"{place}: {part.name}", ordinal=number)
    yield from flow.write(part.extract.blocks, before)
