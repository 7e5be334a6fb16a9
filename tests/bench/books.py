"""Books of the sizes that the speed of the export is measured on, with all that real ones have: chapters on the whole,
matrices upright and sideways, and evidence as words with their looks, sheets, pages, pictures, mails and recordings.
"""

import random
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from portfolio.documents.blocks import (
    Block,
    Card,
    CodeBlock,
    Extract,
    Heading,
    ListItem,
    Paragraph,
    Picture,
    Quote,
    Run,
    Table,
    plain,
)
from portfolio.documents.wordbook.content import (
    AuditPart,
    AuditRow,
    Book,
    Cited,
    ClaimRow,
    CriterionRow,
    Fact,
    Feedback,
    FilePart,
    Gap,
    IndexRow,
    ItemPart,
    MatrixEntry,
    OutcomePart,
    ReviewPart,
    Said,
    Section,
    SignatureLine,
    Tone,
    UnitPart,
)
from portfolio.documents.wordbook.glossary import GLOSSARY

_DAY = date(2026, 4, 2)
_PER_OUTCOME = 5
_PICTURE_BYTES = 48_000
_CLAIMS = 4
_EVENTS_OF_AN_ITEM = 6
_SIDEWAYS = 4
_WIDE, _NARROW = (14, 12), (5, 20)
_HEARD = 12


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything. Of ten items eight have a file, each of another kind."""

    units: int
    criteria: int
    items: int


SIZES = {"S": Size(1, 15, 20), "M": Size(8, 120, 150), "L": Size(20, 300, 1000), "XL": Size(40, 600, 4000)}


def book(size: Size, *, streamed: bool) -> Book:
    """The same book with its items read beforehand, or made one by one as the writer asks for them."""
    words = _vocabulary()
    refs = [f"E{n + 1:04}" for n in range(size.items)]
    items = (_item(n, ref, size, words) for n, ref in enumerate(refs))
    trail = _trail(size, words)
    return Book(
        title="Portfolio of evidence",
        qualification="Level 3 NVQ Diploma in Contact Centre Operations",
        learner="Amira Okafor",
        registration_number="204417",
        centre="Northgate Skills Centre",
        as_of=datetime(2026, 11, 22, 14, 5, tzinfo=UTC),
        units=tuple(_unit(n, size, refs, words) for n in range(size.units)),
        index=tuple(
            IndexRow(
                ref,
                _title(n, words),
                "Product evidence",
                _DAY,
                (Cited(_code(n % size.units), ("1.1",)),),
                "Here",
                "ab" * 32,
            )
            for n, ref in enumerate(refs)
        ),
        items=items if streamed else tuple(items),
        opening=tuple(_section(key, size, refs, words) for key in ("achieved", "declared", "people", "plans")),
        closing=(_section("iqa", size, refs, words),),
        audit=AuditPart(trail if streamed else tuple(trail), (Fact("Head", "ab" * 32),), "What was done, in order."),
        glossary=GLOSSARY,
        logo=_picture(0),
    )


def _vocabulary() -> list[str]:
    draw = random.Random(1)
    return ["".join(draw.choices("etaoinshrdlucm", k=draw.randint(2, 11))) for _ in range(6000)]


def _text(seed: int, words: list[str], count: int) -> str:
    return " ".join(random.Random(seed).choices(words, k=count)) + "."


def _title(number: int, words: list[str]) -> str:
    return _text(number, words, 4).capitalize()


def _code(unit: int) -> str:
    return f"R/506/{2000 + unit}"


def _criteria(size: Size) -> list[str]:
    count = size.criteria // size.units
    return [f"{n // _PER_OUTCOME + 1}.{n % _PER_OUTCOME + 1}" for n in range(count)]


def _unit(unit: int, size: Size, refs: list[str], words: list[str]) -> UnitPart:
    mine = refs[unit :: size.units]
    codes = _criteria(size)
    rows = [
        CriterionRow(
            code,
            _text(unit * 1000 + n, words, 12 if unit % _SIDEWAYS else 24),
            "Met",
            Tone.MET,
            tuple(
                MatrixEntry(ref, "Call notes", "Product evidence", "Met", Tone.MET, _DAY, "PW")
                for ref in mine[n % max(1, len(mine)) :: len(codes)]
            ),
        )
        for n, code in enumerate(codes)
    ]
    outcomes = tuple(
        OutcomePart(str(n // _PER_OUTCOME + 1), "Outcome", tuple(rows[n : n + _PER_OUTCOME]))
        for n in range(0, len(rows), _PER_OUTCOME)
    )
    return UnitPart(
        _code(unit),
        "Resolve complaints",
        outcomes,
        (Fact("Level", "3"),),
        "Draft criteria.",
        gaps=tuple(Gap(code, _text(unit + n, words, 12), "One source more.") for n, code in enumerate(codes[::5])),
        feedback=(Feedback("Priya Walker", "Assessor", _DAY, _letter(unit, words)),),
        signatures=(SignatureLine("Assessor"), SignatureLine("Internal quality assurer")),
    )


def _section(key: str, size: Size, refs: list[str], words: list[str]) -> Section:
    """A chapter about the whole, with a line for each unit that leads there and to evidence."""
    rows = tuple(
        (
            Said("Resolve complaints", unit=_code(unit)),
            Said(_text(unit, words, 8)),
            Said("Met", Tone.MET),
            Said(refs=tuple(refs[unit :: size.units][:6])),
        )
        for unit in range(size.units)
    )
    head = ("Unit", "What was said", "State", "Evidence")
    return Section(
        key,
        key.capitalize(),
        "All of it.",
        head=head,
        shares=(3, 5, 1, 3),
        rows=rows,
        ruled=2,
        signatures=(SignatureLine("Learner"),),
    )


def _trail(size: Size, words: list[str]) -> Iterator[AuditRow]:
    at = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
    for number in range(size.items * _EVENTS_OF_AN_ITEM):
        yield AuditRow(number + 1, at, "Priya Walker", "Assessor", _text(number, words, 6))


def _item(number: int, ref: str, size: Size, words: list[str]) -> ItemPart:
    unit = number % size.units
    codes = _criteria(size)
    claims = tuple(
        ClaimRow(
            _code(unit), codes[(number + n) % len(codes)], "What the criterion asks for",
            _text(number * 7 + n, words, 12), "Page 1", "Met", Tone.MET, _DAY, "Priya Walker",
        )
        for n in range(_CLAIMS)
    )  # fmt: skip
    link = Run("the procedure", link=f"https://intranet.example.org/complaints/{number}")
    body = (*(Paragraph((Run(_text(number * 3 + n, words, 60)),)) for n in range(3)), Paragraph((Run("See "), link)))
    shown = _file(number, words)
    return ItemPart(
        ref,
        _title(number, words),
        (Fact("Date of event", "2 April 2026"), Fact("Method", "Product evidence"), Fact("Made by", "Amira Okafor")),
        claims=claims,
        reviews=(ReviewPart("Priya Walker", "Assessor", _DAY, True, True, True, True, True, "Clear."),),
        signatures=(SignatureLine("Learner"), SignatureLine("Assessor")),
        body=body,
        files=(FilePart(*shown),) if shown else (),
    )


def _file(number: int, words: list[str]) -> tuple[str, Extract] | None:
    """The file of an item: each of ten is of another kind, two have none."""
    match number % 10:
        case 0 | 5:
            return "photo.png", Extract((_picture(number),))
        case 1:
            return "reply.docx", Extract(_letter(number, words))
        case 2:
            return "readings.xlsx", Extract((_sheet(number, words, *_WIDE),), "Only the first sheet is shown.")
        case 3:
            return "record.pdf", Extract((_picture(number, is_page=True), _picture(number + 1, is_page=True)))
        case 4:
            return "call.mp3", Extract(_recording(number, words))
        case 6:
            return "complaint.eml", Extract((_sheet(number, words, 2, 4), *_letter(number, words)))
        case 7:
            return "log.csv", Extract((_sheet(number, words, *_NARROW),))
    return None


def _letter(number: int, words: list[str]) -> tuple[Block, ...]:
    """Words with every look that they can have."""
    mixed = (
        Run(_text(number, words, 12)),
        Run(_text(number + 1, words, 3), bold=True),
        Run(" and "),
        Run(_text(number + 2, words, 3), italic=True),
        Run(" code ", code=True),
        Run("the form", link=f"https://intranet.example.org/forms/{number % 40}?a=1&b=2"),
    )
    items = (ListItem(plain(_text(number + n, words, 8)), n % 2, ordered=n < 3, list_no=1 + n // 3) for n in range(6))
    return (
        Heading(1, plain(_text(number, words, 4))),
        Paragraph(mixed),
        *items,
        Quote(plain(_text(number + 3, words, 20))),
        Heading(2, plain(_text(number + 4, words, 4))),
        _sheet(number, words, 3, 4),
        CodeBlock("Reference <0417>\n  & ledger"),
        Paragraph(mixed),
    )


def _sheet(number: int, words: list[str], columns: int, rows: int) -> Table:
    """A table whose first row is its head."""
    return Table(
        tuple(
            tuple(plain(words[(number * 31 + row * columns + column) % len(words)]) for column in range(columns))
            for row in range(rows)
        )
    )


def _recording(number: int, words: list[str]) -> tuple[Block, ...]:
    """A recording's card, and what is said in it by its times."""
    said = ((plain(f"{n // 2:02}:{n % 2 * 30:02}"), plain(_text(number + n, words, 25))) for n in range(_HEARD))
    card = Card("call.mp3", "audio/mpeg", 2_345_678, "9f" * 32, "Kept as it is, not shown in the book.", 30.0 * _HEARD)
    return (card, Heading(1, plain("Transcript")), Table(((plain("Time"), plain("Words")), *said)))


def _picture(seed: int, *, is_page: bool = False) -> Picture:
    """A sound PNG of noise, so that nothing can make it smaller; on the paper as large as a photo, or as a page."""
    width, height = 200, _PICTURE_BYTES // 200
    noise = random.Random(seed).randbytes(width * height)
    rows = b"".join(b"\0" + noise[n * width : (n + 1) * width] for n in range(height))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 0)),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    across = 5_400_000 if is_page else 1_905_000
    return Picture(b"\x89PNG\r\n\x1a\n" + body, "image/png", across, across * height // width)


def pieces(xml: str) -> Iterator[tuple[str, str]]:
    """A body's XML as pairs of markup and the escaped text that follows it; the last pair has no text."""
    start, end = '<w:t xml:space="preserve">', "</w:t>"
    at = 0
    while (found := xml.find(start, at)) >= 0:
        text_at = found + len(start)
        text_end = xml.index(end, text_at)
        yield xml[at:text_at], xml[text_at:text_end]
        at = text_end
    yield xml[at:], ""
