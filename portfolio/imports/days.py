"""Days as people write them in lists: the day first, as in the United Kingdom, or the year first. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from portfolio.errors import Rejected

YEARS = range(1990, 2101)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WHOLE = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip

_MIDNIGHT = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?Z?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_MIDNIGHT}", re.ASCII)
_DAY_FIRST = re.compile(rf"(\d{{1,2}})[-/. ](\d{{1,2}})[-/. ](\d{{4}}|\d{{2}}){_MIDNIGHT}", re.ASCII)
_IN_WORDS = re.compile(
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
    r"(\d{1,2})(?:st|nd|rd|th)?[- ](?:of )?([a-z]{3,9})\.?[-, ]+(\d{4}|\d{2})",
    re.ASCII,
)
_NUMBER = re.compile(r"\d{5}(?:\.0+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Day:
    """A day that was read; `is_ambiguous` when it is another one for who writes the month first."""

    on: date
    is_ambiguous: bool = False


def read_day(text: str) -> Day:
    """A day. Raises Rejected, with what to write instead."""
    plain = " ".join(text.casefold().split())
    if found := _YEAR_FIRST.fullmatch(plain.upper()):
        year, month, day = (int(part) for part in found.groups())
        return Day(_whole(text, year, month, day))
    if found := _DAY_FIRST.fullmatch(plain.upper()):
        day, month, year = int(found[1]), int(found[2]), _year(found[3])
        if month > 12 >= day:
            meant = f"{month}/{day}/{year}"
            raise Rejected(f"“{text}” has no month {month}. Days are read with the day first: write {meant}.")
        return Day(_whole(text, year, month, day), is_ambiguous=day <= 12 and day != month)
    if found := _IN_WORDS.fullmatch(plain):
        return Day(_whole(text, _year(found[3]), _month(text, found[2]), int(found[1])))
    if _NUMBER.fullmatch(plain):
        raise Rejected(f"“{text}” is a spreadsheet's number for a day. Give the column a date format and save again.")
    raise Rejected(f"“{text}” is no day. Write it as 25/09/2026.")


def _year(text: str) -> int:
    return int(text) + 2000 if len(text) == 2 else int(text)


def _month(text: str, word: str) -> int:
    short = word[:3]
    if short not in MONTHS or not (word in (short, "sept") or WHOLE[MONTHS.index(short)] == word):
        raise Rejected(f"“{text}” names no month. Write it as 25/09/2026.")
    return MONTHS.index(short) + 1


def _whole(text: str, year: int, month: int, day: int) -> date:
    try:
        on = date(year, month, day)
    except ValueError:
        raise Rejected(f"There is no such day as “{text}”. Write it as 25/09/2026.") from None
    if on.year not in YEARS:
        raise Rejected(f"The year of “{text}” cannot be right.")
    return on
