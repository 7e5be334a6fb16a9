"""Telephone numbers of people, in any layout. Pure."""

import re
from collections.abc import Iterator

from portfolio.anonymise.anchors import matches
from portfolio.anonymise.checks import digits_in
from portfolio.anonymise.findings import Candidate, Label
from portfolio.anonymise.nearby import Cue, cues, speaks_of

_D = r"(?:[0-9OoIl]|(?<![ ])\|(?![ ]))"
_SEP = r"[ \t\u00a0.\-\N{EN DASH}()]{0,3}"
_BRITISH = re.compile(
    rf"(?<![\w£$€+])(?<!\d[.,\-/])(?:\(?(?:\+|00 ?)44\)?{_SEP}(?:\(?[0O]\)?)?|44(?=[ ]?[127])|\(?[0O]"
    rf"(?=[ )\-]?{_D}))(?:{_SEP}{_D}){{9,10}}(?![\w]|[\-/]\d)"
)
_FOREIGN = re.compile(r"(?<![\w£$€+])(?:\+|00)(?!44|0)[1-9]\d{0,2}(?:[ \t.\-()]{0,3}\d){6,12}(?!\w|[\-/]\d)")
_LOCAL = re.compile(rf"(?<![\w£$€.,/-])\(?{_D}(?:[ \-.)(]{{0,2}}{_D}){{5,10}}(?![\w/%]|[.,]\d)")
_BRITISH_START = re.compile(r"[(+0O4](?<![\w£$€+].)")
_FOREIGN_START = re.compile(r"(?:\+|00)[1-9]")
_LOCAL_START = re.compile(r"[(0-9OoIl|](?<![\w£$€.,/-].)(?=[ \-.)(]{0,2}[0-9OoIl|])")
_NATIONAL = re.compile(r"0(?:1\d{8,9}|2\d{9}|7\d{9}|[358]\d{9}|800\d{6,7}|9\d{9})")
_LONGER = re.compile(r"\d{3}[ -]\Z")
_MOBILE = re.compile(r"07\d{3} ?\d{3} ?\d{3}\Z")
_EVERYBODYS = ("080", "050", "03", "084", "087", "09", "0116123", "1800")
"""Freephone, business and premium lines, which are nobody's own."""


def candidates(text: str) -> Iterator[Candidate]:
    """Numbers that ring one person."""
    for match in matches(_BRITISH, text, _BRITISH_START):
        digits = national(match.group())
        if _NATIONAL.fullmatch(digits) and not _goes_on(text, match) and _is_told_phone(text, match, digits):
            yield Candidate(match.start(), match.end(), Label.PHONE, 0.96, "has the form of a telephone number")
    for match in matches(_FOREIGN, text, _FOREIGN_START):
        if 8 <= len(digits_in(match.group())) <= 15 and not _goes_on(text, match):
            yield Candidate(match.start(), match.end(), Label.PHONE, 0.94, "has the form of a telephone number abroad")
    yield from _local(text)


def _goes_on(text: str, match: "re.Match[str]") -> bool:
    """Whether the figures are the end of a longer number."""
    return _LONGER.search(text, max(0, match.start() - 5), match.start()) is not None and not _MOBILE.match(
        match.group()
    )


def national(said: str) -> str:
    """The digits of a British number as it is dialled from within the country."""
    digits = digits_in(said)
    for code in ("0044", "44"):
        if digits.startswith(code) and (len(digits) > 11 or "+" in said):
            return "0" + digits[len(code) :].removeprefix("0")
    return digits


def is_everybodys(digits: str) -> bool:
    """Whether a line belongs to an organisation."""
    return digits.startswith(_EVERYBODYS) and not digits.startswith("0306999")


def _is_told_phone(text: str, match: "re.Match[str]", digits: str) -> bool:
    before = cues(text, match.start(), 50)
    nearest = before[0] if before else None
    if is_everybodys(digits):
        return nearest is not None and nearest.words.startswith(("direct", "ddi")) and nearest.direct
    if nearest is None or nearest.kind == "phone" or not nearest.direct:
        return True
    plain = match.group().isdecimal()
    return (
        nearest.kind not in {"ref", "account", "card", "nhs", "bank", "leave", "iban"}
        or _is_own_word(nearest)
        or (digits.startswith("07") and not plain)
    )


def _is_own_word(cue: Cue) -> bool:
    """Whether the word may also stand before somebody's telephone number."""
    return cue.kind == "ref" and not cue.marked


def _local(text: str) -> Iterator[Candidate]:
    """Numbers without their code, and others that only the word before them makes a telephone number."""
    for match in matches(_LOCAL, text, _LOCAL_START) if speaks_of(text, "phone") else ():
        if match.group().count(" ") > 4:
            continue
        digits = digits_in(match.group())
        before = cues(text, match.start(), 30)
        cue = before[0] if before else None
        if (
            cue is None
            or cue.kind != "phone"
            or not cue.direct
            or not 6 <= len(digits) <= 12
            or is_everybodys(national(match.group()))
        ):
            continue
        if (
            cue.words
            in {
                "number",
                "numbers",
                "m",
                "t",
                "h",
                "w",
                "caller",
                "reach",
                "contact",
                "call",
                "called",
                "calls",
                "evening",
                "evenings",
            }
            and len(digits) < 10
        ):
            continue
        if match.group().count("/") or re.fullmatch(r"\d{1,2}[.\-]\d{1,2}[.\-]\d{2,4}", match.group()):
            continue
        yield Candidate(match.start(), match.end(), Label.PHONE, 0.9, f"follows '{cue.words}'")
