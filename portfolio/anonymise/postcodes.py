"""Postcodes, in any case and spacing. Pure."""

import re
from collections.abc import Iterator

from portfolio.anonymise.checks import is_postcode, is_scanned
from portfolio.anonymise.findings import Candidate, Label
from portfolio.anonymise.gazetteers import fold, words

CODE = re.compile(
    r"(?<![A-Za-z0-9£/-])([A-Za-z]{1,2}[0-9OIl][0-9A-Za-z]?)([ \t\u00a0]{0,3}|\n[ >]{0,3}|-)"
    r"([0-9O][A-Za-z]{2})(?![A-Za-z0-9])"
)
_SCANNED_CODE = re.compile(
    r"(?<![A-Za-z0-9£/-])([A-Z]{1,2}[0-9O][0-9A-Z]?)([ \t\u00a0]{1,3}|\n[ ]{0,3}|)([0-9O][ ]?[A-Z]{2})(?![A-Za-z0-9])"
)
_NEXT = re.compile(
    r"[ \t,.]{0,6}\n?[ \t>]{0,24}[A-Z]{1,2}[0-9][0-9A-Z]?[ ]{0,3}[0-9][A-Z]{2}(?![A-Za-z0-9])", re.IGNORECASE
)
_ORDINAL = re.compile(r"1st|2nd|3rd|[04-9]th")
_ORGANISATIONS = re.compile(
    r"registered (?:office|address|in)|head ?office|our (?:office|address|depot|branch|store|shop"
    r"|warehouse)|freepost|company (?:no|number|reg)"
    r"|write to us|po box|p\.o\. box|return(?:s)? (?:to|address)|civic centre|town hall|council offices|ombudsman"
    r"|\b(?:fos|phso|lgsco|spso|psow|ico|oia|hmrc|dwp|dvla|nhs england|fca|ofgem|ofcom|cisas|legal ombudsman)\b",
    re.IGNORECASE,
)
_AS_LETTERS = str.maketrans("10", "lo")
_MISREAD = str.maketrans("OIl", "011")


def candidates(text: str) -> Iterator[Candidate]:
    """Every postcode but those of an organisation's own address."""
    for match in (_SCANNED_CODE if is_scanned(text) else CODE).finditer(text):
        outward, gap, inward = match.group(1), match.group(2), match.group(3).replace(" ", "")
        if "\n" in gap and not (outward.isupper() and inward.isupper()):
            continue
        if (not inward.isupper() and _ORDINAL.fullmatch(inward)) or (inward[0] == "O" and not gap):
            continue
        head = (
            outward[0]
            if outward[1] in "0123456789OIl" and not (outward[1] in "OIl" and len(outward) > 2 and outward[2].isdigit())
            else outward[:2]
        )
        tail = outward[len(head) :]
        outward = head.upper() + tail[:1].translate(_MISREAD) + tail[1:].upper()
        inward = inward[0].translate(_MISREAD) + inward[1:].upper()
        if any(sign in "OIl" for sign in tail[:1]) and not gap:
            continue
        if not gap and fold(match.group().translate(_AS_LETTERS)) in words("vocabulary"):
            continue
        if is_postcode(outward, inward) and (
            match.group().isupper() or match.group().islower() or not any(sign in "OIl" for sign in match.group())
        ):
            before = text[max(0, text.rfind("\n", 0, match.start()), match.start() - 120) : match.start()]
            if not _ORGANISATIONS.search(before):
                yield Candidate(match.start(), match.end(), Label.POSTCODE, 0.96, "has the form of a postcode")


def starts(text: str, place: int) -> bool:
    """Whether a postcode follows, maybe after a space, a comma or a line's end."""
    return _NEXT.match(text, place) is not None
