"""Names by the label before them or the column above: 'Customer: ', 'Handled by', 'Present: ', a header row. Pure."""

import re

from portfolio.anonymise import layout
from portfolio.anonymise.anchors import in_lines
from portfolio.anonymise.cues import KIN_WORDS, ROLE_WORDS, spaced
from portfolio.anonymise.shapes import Name, worth
from portfolio.anonymise.values import names_in
from portfolio.anonymise.words import Words

_SURE = spaced(
    """name names forename forenames surname surnames fullname firstname lastname signed signature signatory known
    called"""
)
_LIKELY = spaced(
    """from to cc bcc attn fao owner lead author by assignee assigned contact holder cardholder accountholder staff iqa
    eqa iv referrer sender recipient addressee spouse nok kin behalf attention who coach handler re regarding
    creator reporter approver verifier reviewer actioned user policyholder correspondent addressed subject"""
)
_LISTS = spaced(
    """present attendees apologies attending attendance attended participants distribution circulation invitees absent
    names in here attendee crew drivers technicians fitters cast panel members officers witnesses team staff copied
    parties people persons passengers guests children members dependants"""
)
_OF_THINGS = spaced(
    """file company business product user brand project site store branch shop host domain school unit centre center
    qualification organisation organization employer system course plan tariff street house bank firm trading
    building model device item property variable event campaign programme hotel screen log login display group
    department dept team place town pet dog cat font sheet network wifi range style pack page"""
)
_SEPARATOR = re.compile(r"[:=|\t]")
_VALUE_END = re.compile(r"\n|\t| {3,}|\|")
_SPACED = re.compile(
    r"^[ >*•-]{0,4}(?P<label>[A-Za-z][A-Za-z'’/() ]{1,28}?)(?: {3,20}| ?\.{3,30} ?|[ ]{0,2}\n)"
    r"(?P<value>[^\n:|]{2,60}?)(?=\n| {3}|$)",
    re.MULTILINE,
)
"""A label and its value with only spaces, dots or the end of the line between them."""
_MARKS = " \"'*_)].#\\"
_LABEL_MOST = 5
_VALUE_MOST = 300


def in_fields(words: Words) -> list[Name]:
    """The names that stand after a label."""
    found: list[Name] = []
    text = words.text
    for match in _SEPARATOR.finditer(text):
        place = match.start()
        label = _label_before(words, place)
        sort = label_sort(label)
        if not sort:
            continue
        ended = _VALUE_END.search(text, _value_start(text, place + 1), place + _VALUE_MOST)
        end = ended.start() if ended else min(len(text), place + _VALUE_MOST)
        reason = f"follows '{' '.join(label)}:'"
        if label[-1] in ("subject", "re", "regarding") and not words.capital[min(words.at(place + 1), len(words) - 1)]:
            continue
        more = names_in(words, place + 1, end, reason, sure=sort == "sure", listed=sort == "list")
        found += (
            more
            if match.group() in ":=" or sort == "sure"
            else [one for one in more if worth(words, one.first, one.last) >= 60]
        )
    for match in in_lines(_SPACED, text):
        label = _label_before(words, match.end("label"))
        sort = label_sort(label)
        if sort:
            found += names_in(
                words, match.start("value"), match.end("value"), f"follows '{' '.join(label)}'", sure=sort == "sure"
            )
    for number in words.numbers.get("signed", ()):
        after = number + 1
        opens = not number or "\n" in words.gap[number - 1]
        if opens and after < len(words) and words.capital[after] and not words.gap[number].strip(" "):
            ended = _VALUE_END.search(text, words.start[after])
            end = ended.start() if ended else len(text)
            found += names_in(words, words.start[after], end, "follows 'Signed'", sure=False)
    return found


def _value_start(text: str, place: int) -> int:
    limit = min(len(text), place + 40)
    while place < limit and text[place] in " \t":
        place += 1
    return place


def _label_before(words: Words, place: int) -> list[str]:
    """The words right before a separator, when they stand by themselves as a label does."""
    number = words.at(place) - 1
    label: list[str] = []
    if number < 0 or place - words.end[number] > 12 or words.text[words.end[number] : place].strip(_MARKS):
        return label
    while number >= 0 and len(label) < _LABEL_MOST:
        label.insert(0, words.form[number])
        start = words.start[number]
        before = words.text[words.end[number - 1] : start] if number else words.text[:start]
        if number == 0 or before not in (" ", "_", "(", "'s ", "’s ", "/", " / ", "."):
            return label
        number -= 1
    return []


def label_sort(label: list[str]) -> str:
    """Whether a label heads a name ('sure'), most likely a name ('likely'), several ('list') or none ('')."""
    if not label:
        return ""
    if label[-1] == "s" and len(label) > 1:
        label = label[:-1]
    last, before = label[-1], label[-2] if len(label) > 1 else ""
    if last in _SURE or (last in ("as", "is") and before in ("known", "name")) or (before == "name" and "of" in label):
        return "" if before in _OF_THINGS or label[0] in _OF_THINGS else "sure"
    if last.endswith("name") and last[:-4] not in _OF_THINGS:
        return "sure"
    if last in _LISTS and (len(label) < 4):
        return "list"
    if last in _LIKELY or last in ROLE_WORDS or last in KIN_WORDS or last.rstrip("s") in ROLE_WORDS:
        return "likely"
    if (
        len(label) > 1
        and last in ("of", "to", "for")
        and before in ("behalf", "attention", "next", "assigned", "referred")
    ):
        return "likely"
    return ""


def in_columns(words: Words) -> list[Name]:
    """The names in the columns of a table whose heading says that people are in them."""
    found: list[Name] = []
    sorts: dict[str, str] = {}
    for cell in layout.cells(words.text):
        if cell.heading not in sorts:
            sorts[cell.heading] = label_sort([form for form in Words(cell.heading).form if not form.isdigit()])
        sort = sorts[cell.heading]
        if sort:
            reason = f"in the column '{cell.heading}'"
            found += names_in(words, cell.start, cell.end, reason, sure=sort == "sure", listed=sort == "list")
    return found
