"""How a text is laid out where that says what its words are: the cells of tables under their headings.

Tables are found in comma-, semicolon-, bar- and tab-separated text and in columns that spaces keep apart. Pure, and
linear in the length of the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_HEADINGS = re.compile(
    r"(?<![a-z])(?:batch|code|colour|item|lot|model|part|qty|size|sku|stock|style|account|acct|address|addr|agent|booking|by|case|category|channel|claim|closed"
    r"|comments?|complainant|complaint"
    r"|contact|cust|customer|date|day|description|dob|d\.o\.b\.?|date of birth|details|driver|e-?mail"
    r"|employee|first ?name"
    r"|forename|guest|handler|id|invoice|issue|job|logged|login|member|mobile|mob|name|nature|nino|ni"
    r"|no|nhs|notes|number"
    r"|order|outcome|owner|passenger|patient|phone|policy|policyholder|postcode|post code|product"
    r"|raised|reason|received"
    r"|ref|reference|reg|registration|remarks|reported|resident|result|room|site|staff|status|store"
    r"|student|summary|surname"
    r"|tel|telephone|tenant|ticket|time|title|tracking|type|user|username|vehicle|waybill|what|when|who)(?![a-z])"
)
_QUOTED = {
    mark: re.compile(rf'[ ]{{0,3}}"((?:[^"\n]|"")*)"[^{re.escape(mark)}\n]*|([^{re.escape(mark)}\n]*)')
    for mark in ",;|\t"
}
_DIGIT = re.compile(r"[0-9]")
_GAPS = re.compile(r"\S+(?: \S+)*")
_MOST_COLUMNS = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: text[start:end] without the space around it, its column's heading in small "
    "letters, its row."""

    start: int
    end: int
    heading: str
    row: int


@lru_cache(maxsize=4)
def cells(text: str) -> list[Cell]:
    """Every cell that is not empty, of every table with headings."""
    found: list[Cell] = []
    headings: list[str] = []
    mark = ""
    row = 0
    for start, line in lines(text):
        if headings:
            parts = _parts(line, mark)
            if _is_row(parts, line, mark, headings):
                row += 1
                found += _row_cells(start, parts, headings, row)
                continue
            headings = []
        mark, headings = _heading_row(line)
    return found


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line with the place where it starts, without its end."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        if end < 0:
            end = len(text)
        yield start, text[start:end]
        start = end + 1


def _heading_row(line: str) -> tuple[str, list[str]]:
    if len(line) > 400 or not line.strip() or _DIGIT.search(line):
        return "", []
    for mark in (",", ";", "|", "\t", " "):
        parts = _parts(line, mark) if mark == " " or line.count(mark) >= 2 else []
        said = [line[start:end].strip('"* ').lower() for start, end in parts]
        filled = [one for one in said if one]
        if len(filled) < 3 or any(len(one) > 32 or one[-1] in ".!?" for one in filled):
            continue
        told = sum(1 for one in filled if _HEADINGS.search(one))
        if told >= 2 and told * 2 >= len(filled):
            return mark, said
    return "", []


def _is_row(parts: list[tuple[int, int]], line: str, mark: str, headings: list[str]) -> bool:
    if not line.strip() or len(parts) < 2:
        return False
    if mark == " ":
        return len(parts) >= len(headings) - 2
    return set(line.strip()) <= set("|-: ") or len(parts) * 2 > len(headings)


def _parts(line: str, mark: str) -> list[tuple[int, int]]:
    if mark == " ":
        return _wide_parts(line)
    parts: list[tuple[int, int]] = []
    place = 1 if mark == "|" and line.startswith("|") else 0
    while place <= len(line) and len(parts) < _MOST_COLUMNS:
        match = _QUOTED[mark].match(line, place)
        if match is None:
            break
        group = 1 if match.group(1) is not None else 2
        parts.append(match.span(group))
        place = match.end() + 1
    return parts


def _wide_parts(line: str) -> list[tuple[int, int]]:
    if "  " not in line.strip():
        return []
    return [match.span() for match in _GAPS.finditer(line)][:_MOST_COLUMNS]


def _row_cells(start: int, parts: list[tuple[int, int]], headings: list[str], row: int) -> Iterator[Cell]:
    for (first, last), heading in zip(parts, headings, strict=False):
        if last > first:
            yield Cell(start + first, start + last, heading, row)
