"""References that pick out one customer, case or worker: after a word that says so, by their form, or by a form that
the text has used already. Pure.
"""

import re
from collections.abc import Iterator

from portfolio.anonymise.anchors import in_chunks, matches
from portfolio.anonymise.findings import Candidate, Label
from portfolio.anonymise.gazetteers import fold, words
from portfolio.anonymise.nearby import Cue, cues, in_small
from portfolio.anonymise.reference_parts import UNIT, form_of, is_paper, is_something_else, whole

_TOKEN = re.compile(
    r"(?<![\w£$€@&])(?<!\d[.,:/-])(?<!\w@)(?<!\d\.)[#]?(?:[A-Za-z]{1,8}[-/_]){0,3}[A-Za-z]{0,8}[0-9OlI"
    r"|]?\d[\w]{0,24}(?:[-/_.][A-Za-z0-9|]{1,16}){0,5}(?![\w])"
)
_NEXT_LISTED = re.compile(
    r"(?:[ \t]*(?:,|;|/|&|\+|\n[ \t*\-\N{BULLET}]*)[ \t]*(?:and |or |& )?|[ \t]+(?:and|or|plus)[ \t]+)"
    r"([#]?[A-Za-z]{0,8}[-/]?\d[\w]{0,20}(?:[-/][A-Za-z0-9]{1,16}){0,5})(?![\w%:])"
)
_LETTERS = re.compile(
    r"(?<![a-z])(?i:booking|pnr|reservation|record locator|locator|confirmation)(?i: (?:ref(?:erence)?"
    r"|code|number|no\.?|locator))?(?: is| was)?[\s:(#\"']{1,6}([A-Z0-9]{5,8})(?![\w-])"
)
_BOOKING = re.compile(r"[BbPpRrLlCc](?i:ooking|nr|eservation|ecord locator|ocator|onfirmation)")
_BLUE_BADGE = re.compile(
    r"(?<![A-Za-z])[Bb][Ll][Uu][Ee] [Bb][Aa][Dd][Gg][Ee](?i: number| no\.?| is| was|,)*[ :(#]{1,4}"
    r"([A-Z0-9]{2,8}(?:[ -][A-Z0-9]{1,10}){0,4})(?![A-Za-z0-9])"
)
_WORN = re.compile(
    r"(\d(?<![\w.£].)\d{2,5})(?= on (?:his|her|their|the) (?:name ?)?(?:badge|shoulder|epaulettes?|lapel"
    r"|collar|jacket|tunic|arm ?band|hi-?vis|uniform))"
)
_OFFICERS = (
    "(?:PC|PCSO|WPC|DC|DS|Sgt|CEO|Constable|Officer|Warden|Inspector|Conductor|Guard"
    "|Driver|Operative|Steward|Porter|Adviser|Advisor|Clerk)"
)
_OFFICER_START = re.compile(_OFFICERS)
_OFFICER = re.compile(
    rf"(?<![A-Za-z]){_OFFICERS}(?: no\.?| number)?[ ]?(?:#|\()?(\d{{3,6}})"
    r"(?![\w.:%/]|[ ](?:of|people|times|days|who))"
)
_MEASURE = re.compile(
    r"\d+(?:\.\d+)?(?:mb|gb|tb|mbps|kbps|kg|g|km|cm|mm|m|ml|l|kwh|kw|w|v|hz|mhz|ghz|am|pm|x\d*|p|k|h"
    r"|hr|hrs|min|mins|s|d|wk|st|lb|lbs|ft|in|oz|yrs?|th|nd|rd|px|%|mth|mths|gig|pc|pcs|litre|litres"
    r"|inch|star|way|hour|day|week|g[a-z]|r|uk|a?b)|[a-z]\d|[1-5]g|\d+x\d+|\d{1,2}-\d{1,3}(?:am|pm)?"
    r"|[0-9]{1,3}(?:/[0-9]{1,3}){1}|\d+(?:\.\d+){1,4}|v\d[\d.]*|covid-?19|mp[34]|a[345]|[abm]\d{1,4}"
    r"|h2o|co2|g[78]|level-?\d|q[1-4]|24/7(?:/365)?|9-5|ps[345]|w/c|wifi\d|ipv[46]|win\d+|\d+mm\w*"
    r"|ip\d\d|t-?\d|fy\d\d|ks\d|nvq\d|l\d|p\d{1,2}|u\d\d?|t&c\w*",
    re.IGNORECASE,
)
_STRONG = re.compile(r"[A-Za-z]{0,8}[-/]?\d")
_SENTENCE = re.compile(r"[.!?]\s|\n")
_FAR_WORDS = re.compile(
    r"(?<![a-z])(?:subject|re(?=:)|ref(?:erence)?|complain(?:t|ed|s)?|case|claim|order|ticket|booking"
    r"|tracking|parcel|account|policy|pcn|job|log(?:ged)?|raised|given|number|quot(?:e|ed|ing)|member"
    r"(?:ship)?|invoice|return|delivery|consignment|"
    r"referral|incident|enquiry|payment|agreement|contract|appointment|visit|tag(?:ged)?)(?![a-z])",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"(?:[:>]|\A)[ \t]*(?:(?:it'?s|its|yes|yeah|sure|ok|hi|thanks|sorry)[ ,.]*)*\Z", re.IGNORECASE)
_SECOND = re.compile(r"[:>].{0,30}[.,] \Z")
_ASKS = re.compile(r"(?:number|ref|reference|id|code|account|order)[^.\n]*\?", re.IGNORECASE)


def candidates(text: str) -> Iterator[Candidate]:
    """References, the surest first by their confidence."""
    forms: set[str] = set()
    later: list[tuple[int, int, str]] = []
    done = 0
    for match in in_chunks(_TOKEN, text):
        if match.start() < done:
            continue
        start, end = whole(text, match)
        said = text[start:end]
        if is_something_else(text, start, end, said):
            continue
        reason, sure = _judged(text, start, end, said)
        if sure:
            done = end
            forms.add(form_of(said))
            yield Candidate(start, end, Label.ACCOUNT_REF, sure, reason)
            if sure >= 0.75:
                yield from _listed(text, end, said)
        else:
            later.append((start, end, said))
    yield from _of_their_own(text)
    for start, end, said in later:
        form = form_of(said)
        if (
            form in forms
            and len(form) >= 5
            and (any(map(str.isalpha, form[:-1])) or len(re.split("[-/]", form)) > 2)
            and _may_be(text, start)
        ):
            yield Candidate(start, end, Label.ACCOUNT_REF, 0.8, "has the form of another reference here")


def _of_their_own(text: str) -> Iterator[Candidate]:
    """References of kinds that have a place or words of their own."""
    for match in matches(_LETTERS, text, _BOOKING):
        if not match.group(1).isalpha() or fold(match.group(1)) not in words("vocabulary"):
            yield Candidate(match.start(1), match.end(1), Label.ACCOUNT_REF, 0.92, "follows a word for a booking")
    for match in _BLUE_BADGE.finditer(text) if "blue badge" in in_small(text) else ():
        if sum(map(str.isdecimal, match.group(1))) >= 3:
            yield Candidate(match.start(1), match.end(1), Label.ACCOUNT_REF, 0.96, "follows 'blue badge'")
    for match in _WORN.finditer(text):
        yield Candidate(match.start(1), match.end(1), Label.ACCOUNT_REF, 0.9, "a number that somebody wears")
    for match in matches(_OFFICER, text, _OFFICER_START):
        yield Candidate(match.start(1), match.end(1), Label.ACCOUNT_REF, 0.85, "a number that somebody at work wears")


def _listed(text: str, end: int, said: str) -> Iterator[Candidate]:
    """Further references of the same length or form in a list."""
    for _ in range(30):
        following = _NEXT_LISTED.match(text, end)
        if following is None:
            return
        other = following.group(1)
        if form_of(other) != form_of(said) and not (
            other.isdecimal() and said.strip("#").isdecimal() and abs(len(other) - len(said)) <= 1 and len(other) >= 4
        ):
            return
        end = following.end()
        if not re.fullmatch(r"(?:19|20)\d\d", other):
            yield Candidate(following.start(1), end, Label.ACCOUNT_REF, 0.9, "stands in a list of references")


def _judged(text: str, start: int, end: int, said: str) -> tuple[str, float]:
    """Why a token is a reference and how sure that is; 0 when it is none."""
    before = cues(text, start)
    nearest = before[0] if before else None
    digits = sum(map(str.isdecimal, said))
    letters = sum(map(str.isalpha, said))
    is_mixed = letters > 0 and not _MEASURE.fullmatch(said)
    if nearest is not None and nearest.kind == "leave" and (nearest.direct or nearest.gap < 20):
        other = before[1] if len(before) > 1 else None
        if not (
            other is not None
            and other.kind == "ref"
            and other.gap < 25
            and other.words in {"order", "ref", "our ref", "your ref"}
            and nearest.marked is False
            and not nearest.direct
        ):
            return "", 0
    if is_paper(before, said):
        return "", 0
    if nearest is not None and nearest.direct and nearest.kind in {"ref", "account", "bank", "card"}:
        is_code = is_mixed or (letters > 0 and digits >= 4 and said.isupper())
        sure = _told(text, end, said, nearest, digits, is_mixed=is_code)
        if sure:
            return f"follows '{nearest.words}'", sure
    if (
        nearest is not None
        and nearest.direct
        and nearest.kind
        in {"phone", "vehicle", "postcode", "dob", "sort", "iban", "nhs", "ni", "passport", "licence", "ip"}
    ):
        marked_number = nearest.kind == "phone" and nearest.words in {"number", "numbers", "h", "w", "t", "m"}
        is_permit = nearest.kind == "licence" and "/" in said and is_mixed and digits >= 4
        if not (
            is_permit
            or marked_number
            or (nearest.kind in {"vehicle", "passport", "phone"} and is_mixed and digits >= 5)
        ):
            return "", 0
    if said.startswith("#") and digits >= 4:
        return "stands after '#'", 0.85
    return _by_form(text, start, said, digits, is_mixed=is_mixed)


def _told(text: str, end: int, said: str, cue: Cue, digits: int, *, is_mixed: bool) -> float:
    """How sure a reference is that follows a word for one."""
    if (
        cue.words
        in {
            "person",
            "persons",
            "party",
            "people",
            "collect",
            "plan",
            "return",
            "returns",
            "visit",
            "fine",
            "staff",
            "driver",
            "log",
            "s",
            "pass",
            "supply",
            "tax",
            "id",
            "courier",
            "resident",
            "agent",
            "tenant",
            "patient",
            "student",
            "learner",
            "client",
            "customer",
            "candidate",
            "employee",
            "payment",
            "file",
            "entry",
        }
        and not cue.marked
    ):
        return 0.9 if (is_mixed and digits >= 4) or (digits >= 6 and not is_mixed) else 0
    if (
        cue.words.startswith(
            ("badge", "collar", "warrant", "payroll", "worn", "numeral", "shoulder", "epaulette", "cad", "cris", "sia")
        )
        and digits >= 3
        and not is_mixed
    ):
        is_log = cue.words in {"cad", "cris"}
        return 0 if (UNIT.match(text, end) and not is_log) or "." in said else 0.9
    if is_mixed and any(sign.isupper() for sign in said):
        return 0.96
    if is_mixed:
        return 0.93 if digits >= 3 else 0
    if UNIT.match(text, end) and digits < 6:
        return 0
    if " " in said or "-" in said or "/" in said:
        return 0.95 if digits >= 5 else 0.9 if cue.marked and digits >= 3 else 0
    if digits >= 6:
        return 0.955
    return 0.92 if (cue.marked and digits >= 3) or digits >= 5 else 0


def _by_form(text: str, start: int, said: str, digits: int, *, is_mixed: bool) -> tuple[str, float]:
    """What a token is worth that no word right before it explains."""
    plain = said.lstrip("#")
    before, after = text[max(0, start - 1) : start], text[start + len(said) : start + len(said) + 1]
    if not is_mixed:
        sure = (
            0.8
            if digits >= 6 and before == "[" and after == "]"
            else 0.7
            if digits >= 6 and _is_answer(text, start)
            else 0
        )
    elif all(sign.isupper() for sign in plain if sign.isalpha()):
        sure = _worth(plain, digits, before) or _worth_here(text, start, plain, digits)
    else:
        sure = 0.7 if digits >= 5 and _STRONG.match(plain) and _is_answer(text, start) else 0
    return "has the form of a reference", sure


def _worth(plain: str, digits: int, before: str) -> float:
    """What capitals and figures are worth by themselves."""
    has_mark = "-" in plain or "/" in plain
    if re.fullmatch(r"[A-Z]{2}\d{9}[A-Z]{2}", plain):
        return 0.95
    if digits >= 6 or (has_mark and digits >= 5):
        return 0.85
    if has_mark and digits == 4 and before in {"(", "["}:
        return 0.8
    return 0.75 if digits == 5 and 1 <= sum(map(str.isalpha, plain)) <= 5 else 0


def _worth_here(text: str, start: int, plain: str, digits: int) -> float:
    """What they are worth where a case, an order or the like is spoken of, or asked for."""
    is_answer = _is_answer(text, start)
    is_told = is_answer or _is_near(text, start)
    if digits >= 3 and is_told and ("-" in plain or "/" in plain):
        return 0.8
    if digits >= 4 and len(plain) >= 6 and is_told:
        return 0.75
    return 0.75 if digits >= 2 and len(plain) >= 5 and is_answer else 0


def _is_near(text: str, start: int) -> bool:
    """Whether the sentence so far speaks of a case, an order or the like."""
    lead = text[max(0, start - 100) : start]
    cut = list(_SENTENCE.finditer(lead))
    return _FAR_WORDS.search(lead[cut[-1].end() :] if cut else lead) is not None


def _is_answer(text: str, start: int) -> bool:
    """Whether the token is what somebody says who was asked for a reference."""
    top = text.rfind("\n", 0, start) + 1
    lead = text[top:start]
    begins = len(lead) <= 60 and _BEGINS.search(lead) is not None
    if not begins and not (len(lead) <= 80 and _SECOND.search(lead)):
        return False
    above = text[max(0, top - 220) : max(0, top - 1)]
    return _FAR_WORDS.search(above) is not None and _ASKS.search(above) is not None


def _may_be(text: str, start: int) -> bool:
    before = cues(text, start, 30)
    return not (before and before[0].kind == "leave" and before[0].direct)
