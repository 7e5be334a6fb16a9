"""Postal addresses: streets with numbers, houses with names, flats, and the lines before a postcode. Pure.

An address reaches up to its postcode, which is a finding of its own. A street without a number, a town alone and an
organisation's own address are left alone.
"""

import re
from collections.abc import Iterator

from portfolio.anonymise import postcodes, streets
from portfolio.anonymise.address_blocks import before_postcodes, fields
from portfolio.anonymise.anchors import matches, matches_at
from portfolio.anonymise.findings import Candidate, Label
from portfolio.anonymise.nearby import in_small
from portfolio.anonymise.streets import ORGANISED, OWN_OFFICE, Part, begins, is_person

_LIVES = re.compile(
    r"(?<![a-z])(?:(?:write|wrote|live|lives|lived|living|reside|resides|residing|stay|stays|staying|moved?|moving"
    r"|based|home|house|property|flat|parcel|deliver(?:y|ed|ies)?"
    r"|couriered|posted|sent|send|redeliver(?:ed)?|returned|collect(?:ed|ion)?|visit(?:ed)?|address"
    r"|broadband|supply|located)(?:[ ]\w+){0,3}?[ ]?(?:at|to|from|is|was|of|:)"
    r"|address(?:ed)?|addr?|c/o|occupier of)[ :,.(\"'-]{1,4}\Z",
    re.IGNORECASE,
)
_AFTER_TOWN = re.compile(r"[ \t]{0,4}(?:[,.;:)\]|\"\n!?<>-]|\N{EN DASH}|\Z|(?=[A-Z]{1,2}\d[A-Z\d]?[ ]{0,3}\d))")
_GOES_ON = re.compile(
    r"[ \t]{1,3}(?:and|with|which|where|but|to|by|on|at|in|for|since|as|is|was|because|when|had|has"
    r"|because|today|this|yesterday|after|before|until|who|from|or|if|so|via|re)(?![\w])"
)
_BETWEEN = re.compile(r"[ \t]{0,3},?[ \t]{0,3}(?:\n[ \t]{0,20})?")
_FILLS = re.compile(
    r"(?:[ \t]{0,3},?[ \t]{0,3}(?:\n[ \t]{0,24})?(?:(?:of|on|upon|le|the|in|by|under|and|y|yr)[ "
    r"-])?[A-Z][\w'\N{RIGHT SINGLE QUOTATION MARK}|-]{1,20}(?!\w)){0,8}[ \t]{0,3}[,.]?[ \t]{0,3}"
    r"(?:\n[ \t]{0,24})?"
)
_TITLED = re.compile(
    r"(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Rev|Revd|Sir|Dame|Lady|Lord)\.?[ ]"
    r"(?:[A-Z][\w.'\N{RIGHT SINGLE QUOTATION MARK}-]{0,24}[ ]?){1,3},[ ]"
)
_TITLE = re.compile(r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Rev|Revd|Sir|Dame|Lady|Lord)[. ]")
_IN = re.compile(r"[ ]?,?[ ]{1,3}(?:in[ ])?")
_AT = re.compile(r"(?<![\w'-])(?:at|to|from|address|is|:|c/o)[ :.(-]{1,3}(?=[A-Z])")
_AT_START = re.compile(r"(?:at|to|from|address|is|:|c/o)[ :.(-]{1,3}[A-Z]")
_ANY_NAME = re.compile(r"[A-Z]\w+(?: [A-Z]\w+){0,2}(?=,)")
_LINE_START = re.compile(r"[ \t>*|\"-]*")
_SMALL_TOWN = re.compile(r",?[ ]([a-z]{3,20}(?:[ ][a-z]{3,20})?)(?![a-z])")
_SMALL_FLAT = re.compile(r"(?<![a-z])(?:flat|apartment|apt|unit|room) ?\d{1,3}[a-z]?,? \Z")
_SEGMENT = re.compile(
    r"(?:\A|[,:;\n>(]|(?<!\w)(?:at|to|from|of|is|address))[ ]{0,3}([^,:;\n>(]{4,48})\Z", re.IGNORECASE
)
_MOST_AGAIN = 20
_LED = re.compile(r"(?:(?<!\w)(?:at|from|is|to)[ :,.]{1,3}|[:>][ ])\Z", re.IGNORECASE)


def candidates(text: str, codes: list[Candidate]) -> Iterator[Candidate]:
    """Every address; `codes` are the postcodes found."""
    found: list[Part] = []
    found += _with_numbers(text)
    found += [*_in_small_letters(text), *_said(text)]
    found += _flats(text)
    found += _houses(text)
    found += [*_after_names(text), *_in_streets(text)]
    found += before_postcodes(text, codes, {end for _, end, _, _ in found})
    found += fields(text)
    for start, end, sure, reason in _joined(text, found, codes):
        yield Candidate(start, end, Label.ADDRESS, sure, reason)


def _with_numbers(text: str) -> Iterator[Part]:
    for match in matches(streets.STREET, text, streets.STREET_START):
        start, end = match.span()
        before = text[max(0, start - 100) : start]
        if OWN_OFFICE.search(before.rpartition("\n")[2]) or not _is_street(match):
            continue
        ahead = streets.BEFORE_STREET.search(before[-70:])
        if ahead is not None and (
            streets.FLAT_START.match(ahead.group())
            or (not is_person(ahead.group()) and begins(before[-70:], ahead.start()))
        ):
            start -= len(ahead.group())
        yield start, towns(text, end, start), 0.9, "a house number with a street"


def _in_small_letters(text: str) -> Iterator[Part]:
    """Streets as they are typed in a chat."""
    for match in matches(streets.STREET_SMALL, text, streets.NUMBER_START):
        if not streets.is_small_street(match.group(2)):
            continue
        end = match.end()
        town = _SMALL_TOWN.match(text, end)
        if town is not None:
            first = town.group(1).split()[0]
            if streets.is_place(town.group(1)):
                end = town.end()
            elif streets.is_place(first) and first not in {"in", "and", "the"}:
                end = town.start(1) + len(first)
        flat = _SMALL_FLAT.search(text, max(0, match.start() - 24), match.start())
        yield flat.start() if flat else match.start(), end, 0.85, "a house number with a street"
    for match in streets.SMALL_HOUSE.finditer(text):
        yield match.start(1), match.end(1), 0.85, "a named house in a street"


def _said(text: str) -> Iterator[Part]:
    """Streets whose house number stands in words."""
    starts = [spot.start() for spot in streets.SAID_START.finditer(in_small(text))]
    for match in matches_at(streets.STREET_SAID, text, starts):
        before = text[max(0, match.start() - 60) : match.start()]
        if _LIVES.search(before) or _LED.search(before):
            yield match.start(), towns(text, match.end(), match.start()), 0.85, "a house number in words with a street"


def _is_street(match: "re.Match[str]") -> bool:
    said = match.group()[len(match.group(1)) :].strip(" ,\t")
    last = said.rpartition(" ")[2].lower().rstrip(".")
    number = re.sub(r"\D", "", match.group(1))
    if len(number) == 4 and number.startswith(("19", "20")) and not streets.is_plain_type(last):
        return False
    if said.isupper() and not (streets.is_plain_type(last) and streets.is_small_street(said.lower())):
        return False
    if re.match(
        r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan"
        r"|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|AM|PM)\b(?![ ][A-Z]\w+\Z)",
        said,
    ):
        return False
    if last in {
        "house",
        "end",
        "side",
        "top",
        "cut",
        "point",
        "well",
        "link",
        "steps",
        "turn",
        "view",
        "reach",
        "down",
        "keep",
        "cross",
        "park",
        "hall",
        "bank",
        "court",
        "way",
        "place",
    }:
        return len(said.split()) >= 2 and int(number or 0) <= 400
    return True


def towns(text: str, end: int, start: int) -> int:
    """Where an address that reaches `end` stops once the towns after it are counted in."""
    starts_line = _LINE_START.fullmatch(text[text.rfind("\n", 0, start) + 1 : start]) is not None
    for _ in range(4):
        lead = re.compile(r"[ ]{0,2},[ ]{0,4}(?!\n)|[ ]?,?[ ]{0,3}\n[ \t]{0,24}(?!>)|[ ]-[ ]").match(text, end)
        if lead is None:
            near = re.compile(r"[ ]{1,3}(?:in[ ])?").match(text, end)
            town = streets.TOWN.match(text, near.end()) if near else None
            if near and town and streets.is_place(town.group()) and _AFTER_TOWN.match(text, town.end()):
                end = town.end()
            return end
        town = streets.TOWN.match(text, lead.end())
        if (
            town is None
            or streets.NEVER_TOWN.match(town.group())
            or not _is_town(text, lead.group(), town, starts_line=starts_line)
        ):
            return end
        end = town.end()
    return end


def _is_town(text: str, lead: str, town: "re.Match[str]", *, starts_line: bool) -> bool:
    known = streets.is_place(town.group())
    if "\n" in lead:
        rest = text[town.end() : town.end() + 3]
        ends_line = not rest or rest[0] in "\n," or postcodes.starts(text, town.end())
        following = re.compile(r"[ ,]*\n[ \t]{0,24}").match(text, town.end())
        leads_on = postcodes.starts(text, town.end()) or (
            following is not None and postcodes.starts(text, following.end())
        )
        return starts_line and ends_line and (known or leads_on)
    if not known and streets.is_given_name(town.group()):
        return False
    if known or _AFTER_TOWN.match(text, town.end()):
        return True
    return _GOES_ON.match(text, town.end()) is not None


def _flats(text: str) -> Iterator[Part]:
    small = in_small(text)
    if not any(sign in small for sign in streets.FLAT_SIGNS) and not streets.FLAT_NUMBER.search(small):
        return
    for match in streets.IN_FLAT.finditer(small):
        after = _IN.match(text, match.end())
        house = (
            (streets.HOUSE.match(text, after.end()) or streets.BARE_STREET.match(text, after.end())) if after else None
        )
        if house is not None and not OWN_OFFICE.search(text[max(0, match.start() - 60) : match.start()]):
            yield match.start(), towns(text, house.end(), match.start()), 0.9, "a flat in a named house"


def _houses(text: str) -> Iterator[Part]:
    """Houses with a name, before a street or a town."""
    for match in matches(_AT, text, _AT_START):
        before = text[max(0, match.end() - 60) : match.end()]
        house = streets.HOUSE.match(text, match.end())
        named = house or _ANY_NAME.match(text, match.end())
        if named is None or not text.startswith(",", named.end()) or ORGANISED.search(named.group()):
            continue
        lives = _LIVES.search(before) is not None
        if OWN_OFFICE.search(before) or (house is None and not lives and not named.group().startswith("The ")):
            continue
        street = streets.BARE_STREET.match(text, named.end() + 2) if text.startswith(", ", named.end()) else None
        if street is not None:
            yield match.end(), towns(text, street.end(), match.end()), 0.88, "a named house in a street"
            continue
        place = streets.TOWN.match(text, named.end() + 2)
        if house is None or place is None or not lives:
            continue
        if streets.is_place(place.group()) or not streets.is_given_name(place.group()):
            yield match.end(), towns(text, house.end(), match.end()), 0.85, "a named house in a town"


def _in_streets(text: str) -> Iterator[Part]:
    """A house that somebody lives in, by its name, before a street: 'Nether Barn, Sough Lane, nr Belper'."""
    for match in streets.STREET_AFTER_HOUSE.finditer(text):
        before = text[max(0, match.start() - 64) : match.start()]
        said = _SEGMENT.search(before)
        house = streets.DWELLING.search(said.group(1)) if said is not None else None
        if said is None or house is None or OWN_OFFICE.search(before) or ORGANISED.search(before):
            continue
        start = match.start() - (len(said.group(1)) - house.start())
        end = towns(text, match.end(), start)
        near = streets.NEAR_TOWN.match(text, end)
        town = streets.TOWN.match(text, near.end()) if near is not None else None
        yield start, town.end() if town is not None else end, 0.97, "a named house in a street"


def _again(text: str, merged: list[Part]) -> Iterator[Part]:
    """The house of an address, named again elsewhere by itself."""
    for start, end, _, _ in merged[:_MOST_AGAIN]:
        name = re.split(r"[,\n]", text[start:end], maxsplit=1)[0].strip()
        if (
            any(map(str.isdecimal, name))
            or " " not in name
            or not (streets.HOUSE.fullmatch(name) or streets.DWELLING.fullmatch(name) or name.startswith("The "))
        ):
            continue
        place = text.find(name)
        for _ in range(_MOST_AGAIN):
            if place < 0:
                break
            after = place + len(name)
            if not text[after : after + 1].isalnum() and not any(one[0] <= place < one[1] for one in merged):
                yield place, after, 0.86, "a house that the text has in an address"
            place = text.find(name, after)


def _after_names(text: str) -> Iterator[Part]:
    """A named house with its village, right after somebody's name with a title."""
    for match in matches(_TITLED, text, _TITLE):
        house = streets.HOUSE.match(text, match.end())
        lead = re.compile(r",[ ]").match(text, house.end()) if house is not None else None
        town = streets.TOWN.match(text, lead.end()) if lead is not None else None
        if (
            house is not None
            and town is not None
            and not streets.is_given_name(town.group())
            and not ORGANISED.search(house.group())
        ):
            yield match.end(), towns(text, town.end(), match.end()), 0.88, "a named house after a person's name"


def _joined(text: str, found: list[Part], codes: list[Candidate]) -> Iterator[Part]:
    """Overlapping proposals as one; none reaches into a postcode or over a quoted line."""
    merged: list[Part] = []
    for start, end, sure, reason in sorted(found):
        if merged and (start < merged[-1][1] or _BETWEEN.fullmatch(text, merged[-1][1], start)):
            last = merged[-1]
            merged[-1] = (last[0], max(last[1], end), max(last[2], sure), last[3])
        else:
            merged.append((start, end, sure, reason))
    merged += _again(text, merged)
    for start, reach, sure, reason in merged:
        end = start + len(text[start : _up_to(text, start, reach, codes)].rstrip(" ,\t\n.(-"))
        if end - start > 5:
            yield start, end, sure, reason


def _up_to(text: str, start: int, end: int, codes: list[Candidate]) -> int:
    """Where an address ends that its postcode cuts off, or to which nothing but towns is left."""
    for code in codes:
        if start < code.start < end or (end <= code.start <= end + 120 and _FILLS.fullmatch(text, end, code.start)):
            return code.start
    return end
