"""Which stretch of a text a reference is: its groups, its form, and what only looks like one. Pure."""

import re
from string import ascii_letters

from portfolio.anonymise.cues import spaced
from portfolio.anonymise.nearby import Cue, nearest
from portfolio.anonymise.phones import is_everybodys

_SHORT_HEAD = re.compile(r"(?<![\w.'\N{RIGHT SINGLE QUOTATION MARK}-])#?[A-Z]{1,5}(?:[ -]{1,3}|[ ]{1,2}/[ ]{1,2})\Z")
_NEXT_DIGITS = re.compile(r"[ \t\u00a0]{1,3}(?:- ?)?([0-9][0-9OlI|-]{1,8}[A-Z]{0,2})(?![\w.,:]?\d|[A-Za-z%])")
_LAST_PART = re.compile(
    r"[ \t\u00a0](?:([0-9])(?=[.,;)\]\"'\n]|\Z)(?![.,]\d)|([A-HJ-Z]|[A-Z]{2,3}\d{1,4}|[A-Z]\d{1,4})"
    r"(?![\w'\N{RIGHT SINGLE QUOTATION MARK}]))"
)
_SLASHED = re.compile(r"[ ]{0,2}/[ ]{0,2}([A-Z0-9]{0,6}[0-9][A-Z0-9]{0,6})(?![\w/])")
_STANDARD = re.compile(r"(?:CVE|GHSA|RFC|ISO|BS|EN|IEC|PAS|WCAG|DISP|COBS|ICOBS|CONC|SI|UKSI)[-/ ]?\d")
_YEAR = re.compile(r"19\d\d|20[0-3]\d")
_PAPER = re.compile(r"(?<![A-Za-z])(?:POL|PROC|SOP|FRM|FORM|DOC|TMP|TPL|GUI|GDL|WI|QMS)(?![A-Za-z])")
_SPACE = re.compile(r"\s")
_A_LETTER = re.compile(r"[A-Za-z]")
_A_DIGIT = re.compile(r"\d")
_DECIMAL = re.compile(r"\d+(?:[.,]\d+)+")
_LAST_DIGIT = re.compile(r"[ \t\u00a0](\d)()(?=[ ][a-z]{2})")
UNIT = re.compile(
    r"[ \t]{1,2}(?:days?|weeks?|months?|years?|yrs?|hours?|hrs?|mins?|minutes?|secs?|am|pm|times?"
    r"|people|items?|pages?|percent|per|miles?|working|of|o'?clock|st|nd|rd|th"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|pounds?|p|units?|bags?|boxes|calls?|customers?"
    r"|complaints?|letters?|emails?|mb|gb|kg|metres?|cm|mm|adults?|stars?)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}(?:T[\d:.]+Z?)?|(?:19|20)\d\d|\d{1,2}(?:st|nd|rd|th)"
    r"|\d{1,2}[-/.]\d{1,2}|(?:19|20)\d\d[-/](?:19|20)?\d\d|\d{1,2}-?(?:jan|feb|mar|apr|may|jun|jul|aug"
    r"|sep|oct|nov|dec)[a-z]*-?(?:\d\d){0,2}",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|jpe?g|png|gif|csv|txt|zip|msg|eml|mp[34]|wav|heic|pptx?|htm|html)\Z", re.IGNORECASE
)
_NUMBERED = re.compile(r"E\d{3}")
"""How a portfolio numbers its items."""
_UNIT_CODE = re.compile(r"[A-Z]/\d{3}/\d{4}|\d{3}/\d{4}/\d|[A-Z]{1,3}/\d{1,2}\.\d")
_MASKED = re.compile(r"[xX]{3}")
_NO_HEADS = spaced(
    """no nr a i is ref id acc pol flat unit room suite block plot floor apt on at of sku csat nps fcr aht sla vat ean
    isbn rev ver issue tqt glh form page slide step stage level tier grade band zone bay aisle table figure"""
)


def form_of(said: str) -> str:
    """Letters as they are at the head, digits as one sign each: CI/77 is the form of both CI/12 and CI/99."""
    kept = said[: len(said) - len(said.removeprefix("#").lstrip(ascii_letters))]
    return kept + _A_LETTER.sub("a", _A_DIGIT.sub("9", said[len(kept) :]))


def whole(text: str, match: "re.Match[str]") -> tuple[int, int]:
    """A reference with the groups that spaces keep apart, where a word says that it is one or its groups are alike."""
    start, end = match.span()
    end = start + len(match.group().rstrip(".-/_"))
    told = _direct(text, start)
    head = _SHORT_HEAD.search(text[max(0, start - 8) : start])
    if head is not None and match.group()[0].isdecimal():
        begin = start - len(head.group())
        cue = _direct(text, begin)
        is_word = head.group().strip("#/- ").lower() in _NO_HEADS
        if cue is not None and not is_word and cue.kind in {"ref", "account"}:
            start, told = begin, cue
    if told is None and not _is_grouped(text, start, end):
        return start, end
    slashed = _SLASHED.match(text, end) if told is not None else None
    while slashed is not None:
        end = slashed.end()
        slashed = _SLASHED.match(text, end)
    for _ in range(4):
        following = _NEXT_DIGITS.match(text, end)
        if (
            following is None
            or UNIT.match(text, following.end())
            or (_YEAR.fullmatch(following.group(1)) and _NEXT_DIGITS.match(text, following.end()) is None)
        ):
            break
        end = following.end()
    last = _LAST_PART.match(text, end)
    if last is None and told is not None and " " in text[start:end]:
        last = _LAST_DIGIT.match(text, end)
    is_apart = last is not None and (" " in text[start:end] or last.group(2) or told is not None)
    if last is None or not is_apart or not text[start:end].strip("#")[-1:].isdecimal():
        return start, end
    if not UNIT.match(text, last.end()) and (last.group(1) or last.group(2) not in {"I", "A", "AM", "PM"}):
        end = last.end()
    return start, end


def _is_grouped(text: str, start: int, end: int) -> bool:
    return end - start in {3, 4, 5} and re.match(r"(?: \d{3,5}){2,4}(?!\w)", text[end : end + 30]) is not None


def _direct(text: str, start: int) -> Cue | None:
    found = nearest(text, start, 60)
    return found if found and found.kind in {"ref", "account", "bank"} and found.direct else None


def is_something_else(text: str, start: int, end: int, said: str) -> bool:
    if sum(map(str.isdecimal, said)) < 2:
        return True
    plain = said.lstrip("#")
    if _MASKED.search(plain):
        return True
    if (
        _NUMBERED.fullmatch(plain)
        or _DATE.fullmatch(plain)
        or _FILE.search(said)
        or _UNIT_CODE.fullmatch(plain)
        or _DECIMAL.fullmatch(plain)
    ):
        return True
    figures = re.sub(r"\D", "", plain)
    if len(figures) == 11 and not re.search("[A-Za-z]", plain) and is_everybodys(figures):
        return True
    following = text[end : end + 2]
    if (
        following[:1] in {"%", "@"}
        or (following[:1] == ":" and following[1:].isdecimal())
        or (following[:1] == "." and following[1:].isalnum())
    ):
        return True
    if text[max(0, start - 1) : start] in {"£", "$", "€"} or text[max(0, start - 2) : start].rstrip() in {
        "£",
        "$",
        "€",
    }:
        return True
    if _STANDARD.match(plain):
        return True
    return text[max(0, start - 1) : start] != "=" and (
        text.rfind("/", max(0, start - 1), start) >= 0 or _in_link(text, start)
    )


def _in_link(text: str, start: int) -> bool:
    lead = text[max(0, start - 80) : start]
    lead = lead[len(lead) - len(_SPACE.split(lead)[-1]) :]
    return "://" in lead or "www." in lead or "@" in lead


def is_paper(before: list[Cue], said: str) -> bool:
    """Whether a reference is that of a document and nobody's."""
    if _PAPER.search(said):
        return True
    if (
        len(before) < 2
        or before[1].kind != "leave"
        or before[0].words not in {"ref", "refs", "reference", "references", "id"}
    ):
        return False
    return before[1].gap - before[0].gap <= len(before[0].words) + 1 and "," not in before[1].between
