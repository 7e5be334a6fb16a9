"""The lines at the head of a mail: who, when and what about stay, all others tell of machines and go."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import Header, decode_header
from email.message import Message
from email.utils import format_datetime, getaddresses, parsedate_to_datetime

from portfolio.documents.redaction.alphabets import letters_of
from portfolio.documents.redaction.coded import words_in
from portfolio.documents.redaction.spelling import rejoined
from portfolio.documents.redaction.work import Work

PEOPLE = ("From", "Sender", "Reply-To", "To", "Cc", "Bcc")
SHOWN = frozenset({"from", "to", "cc", "date", "subject"})
OTHERS = "Other lines at the head of the mail"
WAY = "the way the mail took, the programs and the machines it came by"
_PLAIN = frozenset({"subject", "importance", "priority", "x-priority", "sensitivity", "keywords", "comments"})
_OF_THE_PART = frozenset(
    {
        "mime-version", "content-type", "content-transfer-encoding", "content-disposition", "content-id",
        "content-description", "content-location", "content-language", "content-base",
    }
)  # fmt: skip
_SEALS = re.compile(r"(?:dkim|arc|domainkey|x-google|x-gm|x-ms-exchange|x-microsoft|x-forefront)-?", re.IGNORECASE)
_CODED = re.compile(r"=\?[^?\s]{1,60}\?[BbQq]\?[^?]*\?=")
_SPACES = re.compile(r"\s+")
_QUOTED = re.compile(r'[()<>@,:;".\[\]\\]')
_LINE_END = "\r\n"
_MOST_HEADER, _MOST_PEOPLE = 200_000, 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line at the head of a mail or of one of its parts, as it is written."""

    name: str
    value: str


def head_of(message: Message, work: Work) -> Iterator[Line]:
    """The lines that stay, as they are from now on; each at most once."""
    done: set[str] = set()
    for name, raw in message.raw_items():
        low, value = name.lower(), str(raw)[:_MOST_HEADER]
        if low in _OF_THE_PART:
            continue
        if low in done or not (low == "date" or low in _PLAIN or low.title() in PEOPLE):
            _leave_out(low, value, work)
            continue
        done.add(low)
        called = low.title()
        if low in _PLAIN:
            made = words_in(work, plain_of(value), called, is_seen=low in SHOWN)
            yield Line(called, written(called, made))
        elif low == "date":
            yield Line("Date", _date(value, work))
        else:
            yield Line(called, _people(called, value, work))


def plain_of(raw: str) -> str:
    """What a line says, on one line, with its coded words in letters."""
    if not raw.isascii():
        raw = letters_of(raw.encode("utf-8", "surrogateescape"))[0]
    if _CODED.search(raw):
        try:
            raw = "".join(_piece(piece, charset) for piece, charset in decode_header(raw))
        except (HeaderParseError, ValueError, LookupError):
            raw = _CODED.sub(" ", raw)
    return _SPACES.sub(" ", raw).strip()


def written(name: str, text: str) -> str:
    """A line's words as mail writes them."""
    text = _SPACES.sub(" ", text).strip()
    header = Header(text, None if text.isascii() else "utf-8", header_name=name, maxlinelen=76)
    return header.encode(linesep=_LINE_END)


def _piece(piece: bytes | str, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    try:
        return piece.decode(charset or "ascii")
    except (LookupError, ValueError):
        return letters_of(piece)[0]


def _leave_out(name: str, value: str, work: Work) -> None:
    work.gone(WAY)
    if work.only_reads and not _SEALS.match(name):
        words_in(work, plain_of(value), OTHERS, is_seen=False)


def _date(value: str, work: Work) -> str:
    """The date without what programs write behind it."""
    try:
        return format_datetime(parsedate_to_datetime(plain_of(value)))
    except (ValueError, TypeError, IndexError, OverflowError):
        return written("Date", words_in(work, plain_of(value), "Date"))


def _people(called: str, value: str, work: Work) -> str:
    """Names and addresses. What is no list of addresses is taken for words."""
    is_seen = called.lower() in SHOWN
    if not value.isascii():
        value = letters_of(value.encode("utf-8", "surrogateescape"))[0]
    people = [(plain_of(name), plain_of(address)) for name, address in getaddresses([value])[:_MOST_PEOPLE]]
    people = [(name, address) for name, address in people if name or address]
    is_group = ":" in value and ";" in value
    if is_group or not people or not all("@" in address for _, address in people):
        return written(called, words_in(work, plain_of(value), called, is_seen=is_seen))
    parts = [*list(_told(people))[:-1], ">" if people[-1][0] else ""]
    made = rejoined(parts, work.find("".join(parts), called, is_seen=is_seen))
    made = [words_in(work, part, called) if "%" in part or "&" in part else part for part in made]
    told = [_one(made[at], made[at + 2]) for at in range(0, len(made), 4)]
    return ",\r\n ".join(told)


def _told(people: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Four pieces for each: the name, what parts it from the address, the address, and the end."""
    for name, address in people:
        yield name
        yield " <" if name else ""
        yield address
        yield ">, " if name else ", "


def _one(name: str, address: str) -> str:
    name = _SPACES.sub(" ", name).strip()
    address = _SPACES.sub(" ", address).strip().encode("ascii", "replace").decode("ascii")
    if not name:
        return address
    if not name.isascii():
        return f"{Header(name, 'utf-8', maxlinelen=70).encode(linesep=_LINE_END)} <{address}>"
    if _QUOTED.search(name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name} <{address}>"
