"""Calendars and cards (.ics, .vcf): a property a line, whose words are read where they are folded or in code too."""

import quopri
import re
from pathlib import Path

from portfolio.documents.redaction.alphabets import bytes_of, letters_of
from portfolio.documents.redaction.coded import words_in
from portfolio.documents.redaction.work import Work, replaced

CARD = "Calendar or card"
_FOLDED = re.compile(r"\r?\n[ \t]")
_SOFT = re.compile(r"=\r?\n")
_PROPERTY = re.compile(r"(?:[\w-]+\.)?([\w-]+)")
_CODING = re.compile(r";(?:(?:ENCODING=)?QUOTED-PRINTABLE|CHARSET=[^;:]*)", re.IGNORECASE)
_PICTURES = frozenset({"PHOTO", "LOGO", "SOUND", "KEY", "ATTACH", "AGENT", "IMAGE"})
_STRUCTURED = frozenset({"N", "ADR", "ORG"})
_FRAME = frozenset({"BEGIN", "END", "VERSION"})
_MOST_LINE = 73


def redact_cards(source: Path, target: Path, work: Work, media_type: str) -> str:
    """A calendar or cards in a file."""
    text, alphabet = letters_of(source.read_bytes())
    made = card_of(work, text, CARD)
    if not work.only_reads:
        target.write_bytes(bytes_of(made, alphabet))
    return media_type


def card_of(work: Work, source: str, place: str) -> str:
    """The same from now on: notes of programs, pictures and marks of the calendar are left out."""
    kept: list[str] = []
    numbers = 0
    for line in _lines(source):
        head, value = _split(line)
        found = _PROPERTY.match(head)
        name = found[1].upper() if found else ""
        if name.startswith("X-") or name in _PICTURES:
            work.gone("pictures and notes of programs in a calendar or card")
            if work.only_reads and name.startswith("X-"):
                work.find(_unescaped(value), place, is_seen=False)
            continue
        if name == "UID":
            numbers += 1
            work.gone("marks of the calendar")
            kept.append(f"UID:{numbers}@redacted.invalid")
            continue
        if name in _FRAME:
            kept.append(line if work.only_reads else words_in(work, line, place))
        elif value:
            kept.append(_redacted(work, name, *_uncoded(head, value), place))
        else:
            kept.append(words_in(work, line, place))
    return "\r\n".join(_fold(line) for line in kept) + ("\r\n" if kept else "")


def _uncoded(head: str, value: str) -> tuple[str, str]:
    """The same without quoted-printable, which cards of an old kind are in."""
    if "QUOTED-PRINTABLE" not in head.upper():
        return head, value
    text = letters_of(quopri.decodestring(value.encode("utf-8", "replace")))[0]
    return _CODING.sub("", head), text.replace("\r\n", "\\n")


def _redacted(work: Work, name: str, head: str, value: str, place: str) -> str:
    if name in _STRUCTURED and ";" in value:
        parts = [part for part in value.split(";") if part]
        told = " ".join([*parts[1:2], *parts[:1], *parts[2:]] if name == "N" else parts)
        found = work.find(_unescaped(told), place)
        if found:
            made = replaced(_unescaped(told), found).replace(";", " ")
            return f"{_parameters(work, head, place)}:{made}" + ";" * (4 if name == "N" else 0)
    plain = _unescaped(value)
    made = words_in(work, plain, place)
    return f"{_parameters(work, head, place)}:{value if made == plain else _escaped(made)}"


def _parameters(work: Work, head: str, place: str) -> str:
    return words_in(work, head, place) if ";" in head else head


def _lines(source: str) -> list[str]:
    """Whole properties, put together again."""
    whole = _FOLDED.sub("", source)
    if "QUOTED-PRINTABLE" in whole.upper():
        whole = _SOFT.sub("", whole)
    return [line for line in re.split(r"\r?\n|\r", whole) if line]


def _split(line: str) -> tuple[str, str]:
    """The name with its parameters, and what comes after the colon; one between quotation marks is none."""
    is_quoted = False
    for place, sign in enumerate(line):
        if sign == '"':
            is_quoted = not is_quoted
        elif sign == ":" and not is_quoted:
            return line[:place], line[place + 1 :]
    return line, ""


def _unescaped(value: str) -> str:
    return re.sub(r"\\([nN,;\\])", lambda sign: "\n" if sign[1] in "nN" else sign[1], value)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace(",", "\\,")


def _fold(line: str) -> str:
    parts = [line[at : at + _MOST_LINE] for at in range(0, len(line), _MOST_LINE)]
    return "\r\n ".join(parts)
