"""Addresses by where they stand: the lines above a postcode, the words before one, the value of a field. Pure."""

import re
from collections.abc import Iterator

from portfolio.anonymise import postcodes, streets
from portfolio.anonymise.findings import Candidate
from portfolio.anonymise.nearby import in_small
from portfolio.anonymise.streets import ORGANISED, OWN_OFFICE, Part, begins, is_person

_LINE_START = re.compile(r"[ \t>*|\"-]*")
_BLOCK_LINE = re.compile(
    r"(?:by |near |nr\.? |via |c/o |[lI](?=[0-9OlI ,]))?"
    r"[A-Z0-9\N{LATIN CAPITAL LETTER A WITH GRAVE}-\N{LATIN CAPITAL LETTER THORN}"
    r"|][^:;!?@£\n]{1,50}\Z"
)
_PERSON_LINE = re.compile(
    r"(?:mr|mrs|ms|miss|mx|dr|prof|professor|rev|revd|sir|dame|lord|lady|cllr|councillor|messrs|fao"
    r"|the occupier|master|c/o)[ .]|(?-i:(?:[A-Z]\.? ){1,3}[A-Z][a-z]+)",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"(?<![a-z])(?:(?:home|postal|supply|delivery|billing|current|correspondence|previous|old|new|full"
    r"|site|property|customer|your|service|collection|registered|cust|contact)[ _]){0,2}"
    r"(?:(?:address|addr|adress|add)(?:[ _](?:line[ _]?)?[1-4])?(?:es)?|street(?:[ _](?:name"
    r"|address))?|house name)[\"']?(?:[ ]?\(\w+\))?(?:[ \t]{0,4}[:=|][ \t]{0,30}|[ ]{2,30}|\t)[\"']?",
)
_VALUE = re.compile(r"[^\n|\"]{6,160}?(?=[ ]{3,}|\n|\||\"|\t|\Z)")
_NUMBERED = re.compile(rf"(?:{streets.NUMBER}|[lI][0-9OlI]{{0,3}}[A-Za-z]?)[ ,]")
_NEAR = re.compile(r", (?:by|nr\.?|near) [A-Z]")
_INITIALS = re.compile(r"(?!Y )(?:[A-Z]\.? ){1,3}[A-Z][\w'-]+,")
_TITLE = re.compile(r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Rev|Sir|Dame|Lady|Lord)\.? \Z")


def before_postcodes(text: str, codes: list[Candidate], ends: set[int]) -> Iterator[Part]:
    for code in codes:
        end = len(text[: code.start].rstrip(" ,\t\n\r.(-")) if code.start else 0
        between = text[end : code.start]
        if between.count("\n") > 1 or end == 0 or ":" in between:
            continue
        start = _same_line(text, end)
        top = text.rfind("\n", 0, end) + 1
        lead = _LINE_START.match(text, top, end)
        if lead is not None and start <= lead.end():
            start = _block_start(text, top, lead.end(), end)
        above = len(text[:start].rstrip(" \t\n\r>,|"))
        if start < end and above in ends and "\n" in text[above:start]:
            yield start, end, 0.9, "goes on from an address"
        elif start < end and not _is_organised(text[start:end]):
            said = text[start:end]
            if is_more_than_a_town(said) and not OWN_OFFICE.search(
                text[max(0, start - 60) : start].rpartition("\n")[2]
            ):
                yield start, end, 0.93, "stands before a postcode"


def _is_organised(said: str) -> bool:
    """Whether a line names an office or a firm, and not a house or a street called after one."""
    return any(
        ORGANISED.search(line) and not (streets.HOUSE.search(line) or streets.BARE_STREET.search(line))
        for line in said.split("\n")
    )


def is_more_than_a_town(said: str) -> bool:
    """Whether an address has a number, a house, a street, or more lines than a town and a county."""
    if any(sign.isdecimal() for sign in said) or streets.HOUSE.search(said) or streets.BARE_STREET.search(said):
        return True
    return said.count("\n") >= 2 or said.count(",") >= 2 or _NEAR.search(said) is not None


def _same_line(text: str, end: int) -> int:
    """Where the run of capital words and numbers that reaches `end` begins, on its line."""
    top = max(text.rfind("\n", 0, end) + 1, end - 140)
    start = end
    for match in reversed(list(re.finditer(r"[^\s,]+", text[top:end]))):
        word = match.group()
        plain = word.strip("()'\"")
        is_part = (
            word[:1].isupper()
            or word[:1].isdecimal()
            or plain
            in {
                "of",
                "on",
                "the",
                "le",
                "upon",
                "y",
                "yr",
                "in",
                "by",
                "nr",
                "near",
                "and",
                "under",
                "-",
                "flat",
                "no.",
            }
        )
        if (
            not is_part
            or (word[-1] in ".:;!?=>" and not re.fullmatch(r"(?:St|Rd|Ave|Dr|Ln|Cl|Gdns|Cres|Apt|Pl|No|[A-Z])\.", word))
            or (
                streets.NEVER_TOWN.fullmatch(plain)
                and plain not in {"the", "on", "in", "and", "On", "The", "May", "April", "June", "March", "Sir"}
            )
        ):
            break
        start = top + match.start()
    return _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> int:
    """Without the small words and the person's name that a run of words begins with."""
    said = text[start:end]
    numbered = re.compile(rf"(?i:{streets.FLAT})|(?<![\w/]){streets.NUMBER}(?=[ ,]+[A-Z])").search(said)
    if numbered is not None and numbered.start() > 0:
        ahead = streets.BEFORE_STREET.search(said[: numbered.start()])
        is_house = ahead is not None and not is_person(ahead.group()) and begins(said, ahead.start())
        return start + (ahead.start() if is_house and ahead is not None else numbered.start())
    while said and said.split()[0] in {"of", "on", "the", "in", "by", "and", "under", "-", "no."}:
        start += len(said) - len(said.partition(" ")[2])
        said = text[start:end]
    if numbered is None and (
        is_person(said) or _INITIALS.match(said) or _TITLE.search(text, max(0, start - 12), start)
    ):
        rest = said.partition(",")[2]
        return end - len(rest.lstrip()) if rest else end
    return start


def _block_start(text: str, top: int, first: int, end: int) -> int:
    """Where the block of short lines above the line that begins at `top` begins."""
    start, place = first, top
    found = _has_street(text[first:end])
    if found and not re.match(rf"(?i:{streets.NUMBER})", text[first:end]):
        return start
    quote = text[top:first].strip()
    for _ in range(5):
        above = text.rfind("\n", 0, max(0, place - 1)) + 1
        if place == 0:
            break
        raw = text[above : place - 1]
        lead = _LINE_START.match(raw)
        line = raw[lead.end() if lead else 0 :].rstrip(" ,\t\r")
        if quote or raw[: lead.end() if lead else 0].strip() or not _BLOCK_LINE.match(line) or _is_stop(line):
            break
        if found and not (streets.FLAT_START.match(line) or streets.HOUSE.fullmatch(line) or _is_welsh(line)):
            break
        place, start = above, above + (lead.end() if lead else 0)
        found = found or _has_street(line)
    return start


def _has_street(line: str) -> bool:
    return streets.STREET.search(line) is not None or _NUMBERED.match(line) is not None


def _is_welsh(line: str) -> bool:
    return re.fullmatch(r"(?:T[yŷ]|Bryn|Llys|Plas|Pen|Maes|Hafod|Craig|Glan|Y|Yr|The)\b[\w' -]{2,30}", line) is not None


def _is_stop(line: str) -> bool:
    line = line.removeprefix("c/o ")
    if (
        _PERSON_LINE.match(line)
        and not streets.STREET.search(line)
        and not streets.FLAT_START.match(line)
        and not streets.HOUSE.fullmatch(line)
    ):
        return True
    if streets.NEVER_TOWN.match(line) and not re.match(r"(?:the|may|no)\b", line, re.IGNORECASE):
        return True
    if streets.is_given_name(line) and not (
        streets.is_place(line) or streets.HOUSE.fullmatch(line) or streets.BARE_STREET.fullmatch(line)
    ):
        return True
    return (
        line.rstrip().endswith(".")
        or re.search(r"(?:19|20)\d\d\Z", line) is not None
        or any(word.islower() and len(word) > 4 for word in line.split())
    )


def fields(text: str) -> Iterator[Part]:
    for match in _FIELD.finditer(in_small(text)):
        value = _VALUE.match(text, match.end())
        if value is None or text.endswith(" to ", 0, match.start()):
            continue
        said = value.group()
        code = postcodes.CODE.search(said)
        if code is not None:
            said = said[: code.start()]
        said = said.rstrip(" ,.-(")
        if (
            match.group().startswith("street")
            and streets.BARE_STREET.fullmatch(said) is None
            and streets.STREET.match(said) is None
        ):
            continue
        if len(said) > 7 and re.search(r"[A-Za-z]{3}", said) and "@" not in said and _is_addressed(said):
            start = value.start()
            end = start + len(said)
            yield (
                start,
                _continued(text, end) if code is None else end,
                0.94,
                f"follows '{match.group().strip(' :=|')}'",
            )


def _is_addressed(said: str) -> bool:
    if said.lower().startswith(
        ("as ", "see ", "same", "not ", "n/a", "unknown", "[", "tbc", "withheld", "on file", "redacted")
    ):
        return False
    return (
        re.match(rf"(?i:{streets.FLAT}|{streets.NUMBER})[ ,]", said) is not None
        or "," in said
        or streets.HOUSE.match(said) is not None
        or streets.BARE_STREET.fullmatch(said) is not None
    )


def _continued(text: str, end: int) -> int:
    """The end of an address whose further lines stand under its first, without a label."""
    for _ in range(4):
        line = re.compile(r"[ \t,]*\n[ \t]{2,40}([A-Z0-9][^:\n=|]{1,40})(?=\n|\Z)").match(text, end)
        if line is None:
            return end
        code = postcodes.CODE.search(line.group(1))
        if code is not None:
            return line.start(1) + len(line.group(1)[: code.start()].rstrip(" ,")) if code.start() else end
        end = line.end(1)
    return end
