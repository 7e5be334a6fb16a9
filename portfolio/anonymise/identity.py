"""Numbers that the state gives a person, and dates of birth. Pure."""

import re
from collections.abc import Iterator

from portfolio.anonymise.anchors import in_lines
from portfolio.anonymise.checks import digits_in, is_date, is_nhs, is_nino
from portfolio.anonymise.findings import Candidate, Label
from portfolio.anonymise.nearby import Cue, cues, in_small, speaks_of

_D = "[0-9OoIl]"
_GAP = r"[ \t\u00a0]{0,3}"
_NINO = re.compile(
    rf"(?<![A-Za-z0-9])([A-Za-z]){_GAP}([A-Za-z])[ \t./-]{{0,3}}(\d{_D})[ \t./-]{{0,3}}({_D}{_D})[ "
    rf"\t./-]{{0,3}}({_D}{_D})"
    r"(?:[ \t./-]{0,3}([A-DFMPa-dfmp]))?(?![A-Za-z0-9])"
)
_NHS = re.compile(
    rf"\d(?<![\w£$€].)(?<!\d[.,/-].){_D}{_D}([ \t.\-]{{0,3}}){_D}{{3}}([ \t.\-]{{0,3}}){_D}{{4}}(?![\w]|[-/]\d)"
)
_NINE = re.compile(rf"(?<![\w£$€])(?:[A-Z]{{1,2}} ?)?\d(?:[ \-]?{_D}){{6,8}}(?!\w)")
_LICENCE_FIGURES = re.compile(r"\d[ ]?[0156]\d[ ]?[0-3]\d[ ]?\d[ \-]{0,2}[A-Za-z]")
_LICENCE = re.compile(
    r"(?<![A-Za-z0-9])([A-Z](?:[A-Z]{4}|[A-Z]{3}9|[A-Z]{2}99|[A-Z]999))[ \-]{0,2}(\d[ ]?[0156]\d[ "
    r"]?[0-3]\d[ ]?\d)[ \-]{0,2}"
    r"([A-Z][A-Z9])[ \-]{0,2}([A-Z0-9]{1,3})(?: ?[A-Z]{2})?(?:[ ]\d\d)?(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct"
    r"(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_MONTH = re.compile(_MONTHS, re.IGNORECASE)
_NUMBERS = re.compile(f"{_D}+")
_WRITTEN = re.compile(
    rf"(?<![\w.,/-])(?:{_D}{{1,2}}[ ]?(?:st|nd|rd|th)?[ ]?(?:of[ ])?[ .,/-]{{0,2}}{_MONTHS}\.?[ "
    rf",./'\N{{RIGHT SINGLE QUOTATION MARK}}-]{{0,3}}{_D}{{2,4}}"
    rf"|{_MONTHS}\.?[ ]\d{{1,2}}(?:st|nd|rd|th)?,?[ ]\d{{4}})(?!\w)",
    re.IGNORECASE,
)
_FIGURES = re.compile(
    rf"(?<![\w£$€.,/-]){_D}{{1,4}}[ ]{{0,2}}([./\-| _])[ ]{{0,2}}{_D}{{1,2}}[ ]{{0,2}}\1[ "
    rf"]{{0,2}}{_D}{{2,4}}(?![\w/-]|[.,]\d)"
)
_JOINED = re.compile(r"(?<![\w£$€.,/-])\d{6}(?:\d\d)?(?![\w/-]|[.,]\d)")
_PARTIAL = re.compile(
    rf"(?<![\w.,/-])(?:\d{{1,2}}(?:st|nd|rd|th)?[ ](?:of[ ])?{_MONTHS}|{_MONTHS}[ ]\d{{1,2}}(?:st|nd|rd"
    rf"|th)?|{_MONTHS}[ ]\d{{4}})(?!\w)",
    re.IGNORECASE,
)
_BORN_AFTER = re.compile(
    r"[ \t,(\[:-]{0,4}(?:is |was )?(?:(?:my|his|her|their) )?(?:d\.?o\.?b|dates? of birth|birth ?day"
    r"|birth ?date)(?![a-z])",
    re.IGNORECASE,
)
_NAMED = re.compile(r"[A-Z][\w'-]* ?\Z")
_SENTENCE = re.compile(r"[.!?]\s+(?=[A-Z\[])|\?\s|\n\s*\n")
_SAMPLE = re.compile(r"example|sample|specimen|dummy|format|e\.g\.", re.IGNORECASE)
_DRIVES = re.compile(r"(?<![a-z])(?:driv(?:er|ing|es)|dvla|dva|car|van)(?![a-z])", re.IGNORECASE)
_OTHER_DATE = re.compile(
    r"(?<![a-z])(?:start|open|join|since|polic|account|dated|raised|complain|call|rang|receiv|renew"
    r"|expir|came|letter|order)",
    re.IGNORECASE,
)
_ALONE = re.compile(r"^[ \t]{0,20}([\w ./-]{6,20})$", re.MULTILINE)
_CALLED_BIRTH = re.compile(
    r"(?<![a-z0-9])(?:d ?\.? {0,2}o ?\.? {0,2}b|d of b|dates?\s{1,3}of\s{1,3}birth|birth ?dates?|birth ?day|born|bn"
    r"|b(?=[ .:]{0,4}[0-9ol][0-9oli]? ?[./|-]))(?![a-z0-9])\.?"
)
_BRACKETED = re.compile(r"\((?:(?<=\w\()|(?<=\w \())([^()\n]{6,20})\)")
_IN_FULL = re.compile(r"d|birth[_ ]?date", re.IGNORECASE)
_LATEST_YEAR = 2012
"""A date without the word right before it is one of birth only when it is of this year or older."""


def candidates(text: str) -> Iterator[Candidate]:
    """National Insurance, NHS, passport and licence numbers, and dates of birth."""
    yield from _ninos(text)
    yield from _nhs_numbers(text)
    yield from _passports(text)
    yield from _licences(text)
    yield from dates_of_birth(text)


def _told(text: str, start: int, kind: str, reach: int = 70) -> Cue | None:
    """The nearest word of this kind, unless a word that says otherwise stands between."""
    for cue in cues(text, start, reach):
        if cue.kind == kind:
            return cue
        if (
            cue.direct
            and cue.words not in {"page", "pages"}
            and cue.kind in {"leave", "ref", "phone", "account", "card", "sort", "bank"}
        ):
            return None
    return None


def _ninos(text: str) -> Iterator[Candidate]:
    for match in _NINO.finditer(text):
        letters = (match.group(1) + match.group(2)).upper()
        digits = digits_in("".join(match.group(3, 4, 5)))
        if len(digits) != 6 or (letters == "QQ" and digits == "123456"):
            continue
        is_joined = match.start(3) == match.end(2) == match.start(2) + 1
        if not (match.group(1) + match.group(2)).isupper() and not is_joined:
            continue
        cue = _told(text, match.start(), "ni")
        last = match.group(6)
        is_plain = match.group().isupper() and match.start(2) - match.end(1) == 0
        if cue is not None and cue.gap < 60:
            yield Candidate(match.start(), match.end(), Label.NI_NUMBER, 0.98, f"follows '{cue.words}'")
        elif last and is_nino(letters) and last.upper() in "ABCD" and (is_plain or match.group().islower()):
            yield Candidate(
                match.start(), match.end(), Label.NI_NUMBER, 0.93, "has the form of a National Insurance number"
            )


def _nhs_numbers(text: str) -> Iterator[Candidate]:
    for match in _NHS.finditer(text):
        digits = digits_in(match.group())
        is_grouped = bool(match.group(1)) and bool(match.group(2))
        if len(digits) != 10 or bool(match.group(1)) != bool(match.group(2)):
            continue
        before = cues(text, match.start())
        cue = next((one for one in before if one.kind == "nhs"), None)
        nearest = before[0] if before else None
        if cue is not None and (cue is nearest or cue.gap < 45):
            sample = _SAMPLE.search(text, max(0, match.start() - 40), match.end() + 20)
            if is_nhs(digits) or (cue.direct and sample is None):
                yield Candidate(match.start(), match.end(), Label.NHS_NUMBER, 0.99, f"follows '{cue.words}'")
        elif is_nhs(digits) and digits[0] != "0" and not _is_another(nearest, is_grouped=is_grouped):
            yield Candidate(match.start(), match.end(), Label.NHS_NUMBER, 0.8, "passes the check of NHS numbers")


def _is_another(cue: Cue | None, *, is_grouped: bool) -> bool:
    """Whether the word before ten figures says that they are no NHS number."""
    if cue is None:
        return False
    if cue.kind in {"leave", "ref", "account"}:
        return cue.direct or (not is_grouped and cue.gap < 40)
    return cue.kind == "phone" and not is_grouped


def _passports(text: str) -> Iterator[Candidate]:
    if not speaks_of(text, "passport"):
        return
    for match in _NINE.finditer(text):
        digits = digits_in(match.group().lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ "))
        cue = _told(text, match.start(), "passport")
        if cue is not None and 7 <= len(digits) <= 9 and cue.gap < 60:
            yield Candidate(match.start(), match.end(), Label.PASSPORT, 0.97, f"follows '{cue.words}'")


def _licences(text: str) -> Iterator[Candidate]:
    for match in _LICENCE.finditer(text) if _LICENCE_FIGURES.search(text) else ():
        joined = "".join(sign for sign in match.group() if sign.isalnum())
        if len(joined) < 14:
            continue
        yield Candidate(
            match.start(), match.end(), Label.DRIVING_LICENCE, 0.98, "has the form of a driving licence number"
        )
    if not speaks_of(text, "licence"):
        return
    for match in re.finditer(r"(?<![\w£])\d{8}(?!\w)", text):
        cue = _told(text, match.start(), "licence", 40)
        if cue is not None and (cue.words.startswith("driv") or (cue.direct and _DRIVES.search(text))):
            yield Candidate(match.start(), match.end(), Label.DRIVING_LICENCE, 0.96, f"follows '{cue.words}'")


def dates_of_birth(text: str) -> Iterator[Candidate]:
    """Dates that the text calls dates of birth."""
    yield from _told_births(text)
    for pattern in (_WRITTEN, _FIGURES) if speaks_of(text, "dob") else ():
        for match in pattern.finditer(text):
            after = _BORN_AFTER.match(text, match.end())
            if after is not None and year_of(match.group()) is not None:
                yield Candidate(match.start(), match.end(), Label.DATE_OF_BIRTH, 0.96, "stands before 'date of birth'")
    for match in in_lines(_ALONE, text):
        said = match.group(1).strip()
        if (_WRITTEN.fullmatch(said) or _FIGURES.fullmatch(said)) and (year_of(said) or 9999) <= _LATEST_YEAR:
            yield Candidate(
                match.start(1),
                match.start(1) + len(said),
                Label.DATE_OF_BIRTH,
                0.72,
                "an old date on a line of its own",
            )
    for match in _BRACKETED.finditer(text):
        said = match.group(1).strip()
        if (
            (_WRITTEN.fullmatch(said) or _FIGURES.fullmatch(said))
            and (year_of(said) or 9999) <= _LATEST_YEAR
            and _NAMED.search(text, max(0, match.start() - 40), match.start())
        ):
            yield Candidate(
                match.start(1), match.end(1), Label.DATE_OF_BIRTH, 0.75, "an old date in brackets after a name"
            )


def _told_births(text: str) -> Iterator[Candidate]:
    for cue in _CALLED_BIRTH.finditer(in_small(text)):
        yield from _births_after(text, cue.end(), cue.group())


def _births_after(text: str, start: int, said: str) -> Iterator[Candidate]:
    stop = _SENTENCE.search(text, start, start + 160)
    end = min(len(text), start + 160 if stop is None else stop.start() + 1)
    if stop is not None and text[stop.start()] in "?\n" and stop.start() - start < 80:
        yield from _answered(text, stop.start() + 1, said)
    is_first = True
    place = start
    while place < end:
        match = _next_date(text, place, end, start if is_first else None)
        if match is None:
            return
        place = match.end()
        year = year_of(match.group())
        near = match.start() - start < 30 and is_first
        if near or (
            year is not None
            and 1900 <= year <= _LATEST_YEAR
            and _IN_FULL.match(said)
            and not _OTHER_DATE.search(text, place, match.start())
        ):
            is_first = False
            yield Candidate(match.start(), match.end(), Label.DATE_OF_BIRTH, 0.97 if near else 0.8, f"follows '{said}'")


def _answered(text: str, start: int, said: str) -> Iterator[Candidate]:
    """The old date in the line that answers a question."""
    end = text.find("\n", start + 2)
    match = _next_date(text, start, min(start + 160, end if end > 0 else len(text)), None)
    if match is not None and (year_of(match.group()) or 9999) <= _LATEST_YEAR:
        yield Candidate(match.start(), match.end(), Label.DATE_OF_BIRTH, 0.9, f"answers a question for '{said}'")


def _next_date(text: str, place: int, end: int, cue_end: int | None) -> "re.Match[str] | None":
    found = [
        match
        for pattern in (_WRITTEN, _FIGURES)
        if (match := pattern.search(text, place, end)) and year_of(match.group()) is not None
    ]
    if not found and cue_end is not None:
        found = [
            match for pattern in (_JOINED, _PARTIAL) if (match := pattern.search(text, place, min(end, cue_end + 25)))
        ]
    return min(found, key=lambda match: match.start(), default=None)


def year_of(said: str) -> int | None:
    """The year of a date, four digits or two; None when it is no date."""
    month = _MONTH.search(said)
    numbers = [
        digits_in(part) for part in _NUMBERS.findall(said if month is None else said.replace(month.group(), " "))
    ]
    values = [int(number) for number in numbers if number]
    if month is not None and len(values) == 2:
        return _full(values[1]) if is_date(values[0], 1, values[1]) else None
    if len(values) != 3:
        return None
    first, second, third = values
    if first > 99:
        return first if is_date(third, second, first) else None
    if is_date(first, second, third) or is_date(second, first, third):
        return _full(third)
    return None


def _full(year: int) -> int:
    return year if year > 99 else 1900 + year if year > 25 else 2000 + year
