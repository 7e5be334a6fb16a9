"""Rich text (.rtf): words go sign by sign, and its fonts, tables and pictures stay; it is rich text as before."""

import re
from collections.abc import Iterator
from pathlib import Path

from portfolio.documents.redaction.coded import swept
from portfolio.documents.redaction.plan import Why
from portfolio.documents.redaction.rich_reader import TAKEN_OUT, Picture, Reader, Stretch
from portfolio.documents.redaction.rich_words import PLACES
from portfolio.documents.redaction.spelling import Edit, Spelled, Speller, edited, edits, uncoded
from portfolio.documents.redaction.work import Refused, Work

_MOST = 100 * 1000**2
_OPEN_WORD = re.compile(r"(?<!\\)(?:\\\\)*\\[A-Za-z]{1,32}-?[0-9]{0,10}\Z")
_APART = "\x00"
_TAIL = 60
_LINE = 128


def redact_rtf(source: Path, target: Path, work: Work, media_type: str) -> str:
    """Rich text, whatever program wrote it."""
    if source.stat().st_size > _MOST:
        raise Refused("The text is too large to be worked on.")
    reader = Reader(source.read_bytes().decode("latin-1"))
    reader.read()
    changes = list(reader.changes)
    for stretch in reader.stretches:
        changes += _changes(work, stretch)
    for number, picture in enumerate(reader.pictures, 1):
        changes += _picture(work, picture, f"Picture {number}")
    for what in reader.gone:
        work.gone(what)
    if reader.has_files:
        work.unread("Embedded file", Why.KIND)
    if not work.only_reads:
        changes.sort(key=lambda change: (change[0], -change[1]))
        target.write_bytes(_swept(work, edited(reader.source, changes, _joined)).encode("latin-1"))
    return media_type


def _swept(work: Work, source: str) -> str:
    """Words that run into others where they are read, and stand alone where they are written."""
    reader, changes = Reader(source), list[Edit]()
    reader.read()
    for stretch in reader.stretches:
        read, runs = stretch.speller.spelled(), Speller()
        for place, start in enumerate(read.starts):
            if place and start != read.ends[place - 1]:
                runs.reads(_APART, start, start, is_kept=True)
            runs.reads(read.text[place], start, read.ends[place])
        whole = runs.spelled()
        changes += edits(whole, work.find(whole.text, stretch.place), _written)
    return edited(source, sorted(changes, key=lambda change: change[0]), _joined)


def _changes(work: Work, stretch: Stretch) -> Iterator[Edit]:
    read = stretch.speller.spelled()
    if not read.text.strip():
        return
    if stretch.place == TAKEN_OUT:
        work.gone("deleted words that were still in the file")
        yield from ((*spot, "") for spot in zip(read.starts, read.ends, strict=True))
    if work.only_reads or stretch.goes:
        if work.only_reads and stretch.is_shown:
            work.find(read.text, stretch.place, is_seen=stretch.is_seen)
            swept(work, read.text, stretch.place)
        return
    found = work.find(read.text, stretch.place)
    yield from edits(read, found, _marked if stretch.place == PLACES["bkmkstart"] else _written)
    if not found:
        plain = _plain(read)
        if plain is not None:
            yield from edits(plain, work.find(plain.text, stretch.place), _written)


def _plain(read: Spelled) -> Spelled | None:
    """The same without signs in code."""
    plain = uncoded(read.text)
    if plain is not None:
        plain.ends = [read.ends[place - 1] for place in plain.ends]
        plain.starts = [read.starts[place] for place in plain.starts]
    return plain


def _picture(work: Work, picture: Picture, place: str) -> Iterator[Edit]:
    if not picture.ending:
        work.unread(place, Why.KIND)
    inner = work.inside(picture.data(), "", place) if picture.ending else None
    if inner is None:
        yield picture.start, picture.end, ""
        return
    digits = inner.data.hex()
    said = "\n" + "\n".join(digits[at : at + _LINE] for at in range(0, len(digits), _LINE))
    for spot in picture.spots:
        yield *spot, said
        said = ""


def _written(stand_in: str) -> str:
    return "".join(map(_sign, stand_in))


def _marked(stand_in: str) -> str:
    """A bookmark's name has no spaces."""
    return re.sub(r"\W+", "_", stand_in, flags=re.ASCII)


def _sign(sign: str) -> str:
    if sign in "\\{}":
        return f"\\{sign}"
    if sign.isascii():
        return sign if sign.isprintable() else " "
    wide = sign.encode("utf-16-le")
    numbers = (int.from_bytes(wide[at : at + 2], "little", signed=True) for at in range(0, len(wide), 2))
    return "".join(f"{{\\uc1\\u{number}?}}" for number in numbers)


def _joined(parts: list[str]) -> str:
    """The pieces, with a space where a control word would run into what now follows it."""
    made, tail = [], ""
    for part in parts:
        if part and part[0] not in "\\{}\r\n" and _OPEN_WORD.search(tail):
            made.append(" ")
        made.append(part)
        tail = (tail + part[-_TAIL:])[-_TAIL:]
    return "".join(made)
