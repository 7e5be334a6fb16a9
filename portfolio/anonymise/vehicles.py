"""Number plates: current, older, Northern Irish and personal ones. Pure."""

import re
from collections.abc import Iterator

from portfolio.anonymise.anchors import matches_at
from portfolio.anonymise.cues import spaced
from portfolio.anonymise.findings import Candidate, Label
from portfolio.anonymise.nearby import cues, in_small, speaks_of

_SAMPLES = frozenset({"AB12CDE", "AB51ABC", "AA11AAA", "AB12ABC", "AB12XYZ"})
"""Plates that forms and scripts show as an example."""
_CURRENT = re.compile(r"(?<![A-Za-z0-9])(?:[A-HJ-PR-Z][A-HJ-PR-Z][ ]?[0-9O][0-9OI][ ]?[A-HJ-PR-Z]{3})(?![A-Za-z0-9])")
_CURRENT_SMALL = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d\d[ -]?[A-Za-z]{3}(?![A-Za-z0-9])")
_OLDER = re.compile(
    r"(?<![A-Za-z0-9£/-])(?:[A-HJ-NPR-TV-Y]\d{1,3}[ ]?[A-HJ-PR-Z]{3}|[A-HJ-PR-Z]{3}[ "
    r"]?\d{1,3}[A-HJ-NPR-TV-Y]|[A-Z]?[A-Z]?[IZ][A-Z]?[ ]?\d{2,4}|[A-Z]{1,3}[ ]\d{1,4}|\d{1,4}[ "
    r"][A-Z]{1,3})"
    r"(?![A-Za-z0-9/]|-\d)"
)
_OLDER_SMALL = re.compile(
    r"(?<![A-Za-z0-9£/-])(?:[a-z]\d{1,3}[ ]?[a-z]{3}|[a-z]{3}[ ]?\d{1,3}[a-z]|[a-z]{3}[ ]?\d{4})(?![A-Za-z0-9/])"
)
_START = re.compile(r"[A-Z0-9](?<![A-Za-z0-9£/-].)(?=[A-Z]{0,3}[ -]?[0-9O]|[0-9]{0,3}[ -]?[A-Z])")
_AFTER = re.compile(
    r"[\s,(-]{0,3}(?:\([^)]{0,20}\) )?(?:is |was )?(?:private |personal |cherished )?(?:(?:the |my "
    r"|his |her |a )?(?:reg|plate|number plate|registration|car|van|vehicle)\b)",
    re.IGNORECASE,
)
_CAR_WORDS = ("reg", "plate", "car", "van", "vehicle")
_CODES = spaced("""model part style stock batch product item sku voucher promo lot colour""")
_PLATE = re.compile(
    r"(?<![A-Za-z0-9£/-])(?:[A-Z]{1,3}[ -]?\d{2,5}[ -]?[A-Z]{0,3}|\d{1,4}[ -]?[A-Z]{1,3}[ -]?\d{0,4})"
    r"(?![A-Za-z0-9/]|-\d)"
)
_SMALL_WORDS = spaced(
    """and for the was has had but not his her him our out you all any are can did get got how its may new now off
    old one per put say see she two use way who why yet day min hrs sec wks mth"""
)
_PLATE_WORDS = spaced("reg registration vrm vrn plate plates veh vehicle vehicles car") | {
    "number plate", "reg plate", "registration plate", "registration mark",
}  # fmt: skip
_DATELESS = re.compile(r"[A-Z]{3} \d{1,4}")
_NEVER = spaced(
    """PDF LED DVD FAQ USB MON TUE WED THU FRI SAT SUN JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC GBP EUR USD
    THE AND FOR BMW VW MG KIA GT GTI TDI SE SRI XC CX MX ID"""
)


def candidates(text: str) -> Iterator[Candidate]:
    """Plates that their form gives away, and others near a word about cars."""
    starts = [spot.start() for spot in _START.finditer(text)]
    for match in matches_at(_CURRENT, text, starts):
        before = cues(text, match.start(), 30)
        if (before and before[0].words in _CODES and before[0].direct) or match.group().replace(" ", "") in _SAMPLES:
            continue
        if match.group()[-3:] not in _NEVER or _is_told(text, match):
            yield Candidate(match.start(), match.end(), Label.VEHICLE_REG, 0.95, "has the form of a number plate")
    for match in matches_at(_OLDER, text, starts):
        yield from _older(text, match)
    for match in matches_at(_PLATE, text, starts) if speaks_of(text, "vehicle") else ():
        if len(match.group()) >= 5 and _is_direct(text, match):
            yield Candidate(match.start(), match.end(), Label.VEHICLE_REG, 0.93, "follows a word for a number plate")
    yield from _small(text)


def _small(text: str) -> Iterator[Candidate]:
    """Plates in small letters, which only the words around them tell from other words."""
    small = in_small(text)
    if not any(word in small for word in _CAR_WORDS) and not speaks_of(text, "vehicle"):
        return
    for pattern, is_plate in ((_CURRENT_SMALL, _is_told), (_OLDER_SMALL, _is_direct)):
        for match in pattern.finditer(text):
            said = match.group()
            is_word = said[-3:].lower() in _SMALL_WORDS or said[:3].lower() in _SMALL_WORDS
            if not said.isupper() and not is_word and is_plate(text, match):
                yield Candidate(*match.span(), Label.VEHICLE_REG, 0.9, "a number plate where cars are spoken of")


def _older(text: str, match: "re.Match[str]") -> Iterator[Candidate]:
    said = match.group()
    letters = "".join(sign for sign in said if sign.isalpha())
    digits = len(said.replace(" ", "")) - len(letters)
    if letters not in _NEVER and len(said) >= 3 and _is_direct(text, match):
        yield Candidate(match.start(), match.end(), Label.VEHICLE_REG, 0.95, "a number plate where cars are spoken of")
    elif letters[-3:] in _NEVER or letters[:3] in _NEVER or digits < 1:
        return
    elif len(letters) == 4 and _is_told(text, match):
        yield Candidate(match.start(), match.end(), Label.VEHICLE_REG, 0.93, "a number plate where cars are spoken of")
    elif len(letters) == 4 and digits == 3:
        before = cues(text, match.start(), 25)
        if not (before and before[0].kind in {"leave", "ref"} and before[0].direct):
            yield Candidate(match.start(), match.end(), Label.VEHICLE_REG, 0.75, "has the form of a number plate")
    elif len(letters) in {2, 3} and "Z" in letters and digits in {3, 4} and said[0].isalpha() and _is_told(text, match):
        yield Candidate(match.start(), match.end(), Label.VEHICLE_REG, 0.9, "a number plate where cars are spoken of")


def _is_told(text: str, match: "re.Match[str]") -> bool:
    before = cues(text, match.start(), 70)
    if before and before[0].kind in {"leave", "ref", "account"} and before[0].direct:
        return False
    return any(cue.kind == "vehicle" for cue in before[:3]) or _AFTER.match(text, match.end()) is not None


def _is_direct(text: str, match: "re.Match[str]") -> bool:
    before = cues(text, match.start(), 40)
    if not before or before[0].kind != "vehicle" or not before[0].direct:
        return False
    if len(before) > 1 and before[1].kind == "leave" and before[1].gap < 20:
        return False
    said = match.group()
    return not said.isdecimal() and (before[0].words in _PLATE_WORDS or _DATELESS.fullmatch(said) is not None)
