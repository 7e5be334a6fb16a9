"""Books of the sizes that the speed of the export is measured on, with the content that real ones have."""

import random
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from portfolio.documents.blocks import Extract, Paragraph, Picture, Run
from portfolio.documents.wordbook.content import (
    Book,
    ClaimRow,
    CriterionRow,
    Fact,
    FilePart,
    IndexRow,
    ItemPart,
    MatrixEntry,
    OutcomePart,
    ReviewPart,
    SignatureLine,
    Tone,
    UnitPart,
)

_DAY = date(2026, 4, 2)
_PER_OUTCOME = 5
_PICTURE_BYTES = 48_000
_CLAIMS = 4


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything; every fifth item has a picture."""

    units: int
    criteria: int
    items: int


SIZES = {"S": Size(1, 15, 20), "M": Size(8, 120, 150), "L": Size(20, 300, 1000), "XL": Size(40, 600, 4000)}


def book(size: Size, *, streamed: bool) -> Book:
    """The same book with its items read beforehand, or made one by one as the writer asks for them."""
    words = _vocabulary()
    refs = [f"E{n + 1:04}" for n in range(size.items)]
    items = (_item(n, ref, size, words) for n, ref in enumerate(refs))
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
                ref, _title(n, words), "Product evidence", _DAY, (f"{_code(n % size.units)}: 1.1",), "Here", "ab" * 32
            )
            for n, ref in enumerate(refs)
        ),
        items=items if streamed else tuple(items),
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
            _text(unit * 1000 + n, words, 12),
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
    return UnitPart(_code(unit), "Resolve complaints", outcomes, (Fact("Level", "3"),), "Draft criteria.")


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
    files = (FilePart("photo.png", Extract((_picture(number),))),) if number % 5 == 0 else ()
    return ItemPart(
        ref,
        _title(number, words),
        (Fact("Date of event", "2 April 2026"), Fact("Method", "Product evidence"), Fact("Made by", "Amira Okafor")),
        claims=claims,
        reviews=(ReviewPart("Priya Walker", "Assessor", _DAY, True, True, True, True, True, "Clear."),),
        signatures=(SignatureLine("Learner"), SignatureLine("Assessor")),
        body=body,
        files=files,
    )


def _picture(seed: int) -> Picture:
    """A sound PNG of noise, so that nothing can make it smaller."""
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
    return Picture(b"\x89PNG\r\n\x1a\n" + body, "image/png", 1_905_000, 1_905_000 * height // width)


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
