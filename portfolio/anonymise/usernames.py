"""Log-ins and screen names: after a word that says so, in the stamp of a note, or by their form. Pure."""

import re
from collections.abc import Iterator

from portfolio.anonymise import layout
from portfolio.anonymise.anchors import in_chunks, in_lines
from portfolio.anonymise.cues import spaced
from portfolio.anonymise.findings import Candidate, Label
from portfolio.anonymise.gazetteers import fold, words
from portfolio.anonymise.nearby import in_small

_SAID = re.compile(
    r"(?<![a-z])(?:user ?names?|user[ ]?ids?|user(?=[\"']?[ ]?[:=])|log[ -]?in(?: (?:name|id"
    r"|details?))?|log[ -]?on(?: (?:name|id))?|sign[ -]?in(?: (?:name|id))?|signed in as|logged (?:in"
    r"|on) as|signs in as"
    r"|logs in as|screen[ ]?names?|gamer ?tags?|alias|nick(?:name)?(?=[ ]?[:=])|profile name|member "
    r"name|display name|posting as|posted (?:as|under)|reviews? (?:as|under)|reviews? up (?:as|under)|under "
    r"the name|web ?login|portal (?:id|login|name)"
    r"|agent(?: (?:id|login|name))?(?=[\"']?[ ]?[:=])|adviser(?: id)?(?=[ ]?[:=])|advisor(?: id)?(?=[ "
    r"]?[:=])|operator(?: id)?(?=[ ]?[:=])|(?:generated|created|exported|updated|modified|amended"
    r"|entered|raised|logged|closed|assigned|opened|edited|printed|added|last changed|keyed|input"
    r"|completed|actioned|signed off) (?:by|to|for)"
    r"|seller|buyer|player|reviewer|commenter|reseller|gamer|streamer|owner(?=[ ]?[:=])|assignee(?=[ "
    r"]?[:=])|handler(?=[ ]?[:=])|by|ntlogin|windows id|staff (?:login|log-in|user)|network id"
    r"|account name|forum|account|portal|profile|app|known online as|online as|goes by|as)(?![a-z])"
    r"[\"']?[ \t]{0,6}(?:name|id|details?)?[ \t]{0,3}(?:[:="
    r"(\"'\N{LEFT SINGLE QUOTATION MARK}\N{LEFT DOUBLE QUOTATION MARK}\[-]|(?:is|was|as|of|on|are)(?![a-z]))?[ "
    r"\t]{0,30}(?:is |was |as |name |called |under )?["
    r"(\"'\N{LEFT SINGLE QUOTATION MARK}\N{LEFT DOUBLE QUOTATION MARK}\[]?"
    r"|(?P<other>[a-z]++[^a-z]*+)",
)
"""A word that says so, with what leads up to the log-in; or another word, which is passed over as a whole."""
_NAME = re.compile(r"[A-Za-z][\w.\-]{1,30}(?<![.\-])(?![\w@]|\.[A-Za-z]{2,4}(?!\w)|[ ]?=)")
_STAMP = re.compile(
    r"^[ \t>*#\d)-]{0,6}\[?(?:\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?|\d{4}-\d\d-\d\d|\d{1,2}[ "
    r"-][A-Za-z]{3}(?:[ -]\d{2,4})?)[ ,T]{1,2}(?:\d{1,2}[:.]\d\d(?:[:.]\d\d)?)?\]?[ \t,|-]{0,4}"
    r"([A-Z][A-Z0-9_.]{3,19})(?=[ \t]?[:\-|>]|[ ]{2})",
    re.MULTILINE,
)
_FORM = re.compile(
    r"(?<![\w@./\\#=\"-])[A-Za-z]{2,20}(?:[._][A-Za-z]{1,20})?[._]?\d{1,6}(?![\w@/=\"]|[.-]\w)|"
    r"(?<![\w@./\\#-])[A-Za-z][A-Za-z0-9]{1,20}_[A-Za-z0-9_]{1,20}(?![\w@/=\"]|[.-]\w|\"?[ ]?[:=])"
)
_VERSION = re.compile(r"_v\d|\Aq\d|_(?:19|20)\d\d")
_SPEAKER = re.compile(
    r"^[ \t>]{0,4}(?:\[[\w: ]{4,10}\][ ]?|\d{1,2}[:.]\d\d(?:[:.]\d\d)?[ \t]{1,3}|<)?"
    r"([A-Za-z_][\w.]{3,29})(?=[>]?:[ ]|[ ]?>[ ]|[ ]?\([^()\n]{1,12}\)[ ]?:)",
    re.MULTILINE,
)
_BRACKETED = re.compile(r"\((?:(?<=\w\()|(?<=\w \())([A-Za-z][A-Za-z._-]{3,20}\d{0,4})\)")
_DOTTED = re.compile(r"[a-z](?<![\w@./:-].)\.([a-z]{3,20})\d{0,4}(?![\w@/]|\.\w)")
_END_OF_NOTE = re.compile(
    r"(?:^[ \t>*-]{0,4}\d{1,2}[/.:-]\d[^\n]{0,1500}[.!?)][ ]([a-z][a-z.]{2,24}[a-z]\d{0,3})"
    r"|[a-z\d)][.!?][ ]([a-z]{6,20}\d{0,3}|[a-z]{2,15}\.[a-z]{3,20}))[ \t]{0,4}$",
    re.MULTILINE,
)
_KEYED = re.compile(
    r"^[ \t\"']{0,8}(?:\w{1,20}_)?(?:by|user|agent|owner|assigned|assignee|handler|login|operator"
    r"|username|adviser|advisor)(?:_\w{1,10})?[\"']?[ ]?[,;|=:\t][ \t]?[\"']?"
    r"([A-Za-z][\w.-]{2,24})(?=[\"']?[ \t]?(?:[,;|]|$))",
    re.MULTILINE | re.IGNORECASE,
)
_LAST = re.compile(
    r"(?:[.!?][ ]|[-/|~(\[\N{EN DASH}][ ]?|(?<=[ ]{2}))([A-Za-z]{5,20}\d{0,3})[)\]]?[ \t.]{0,4}$", re.MULTILINE
)
_BARE_STAMP = re.compile(
    r"^[ \t>*#-]{0,6}\[?(?:NOTES?|UPDATE|ENTRY|\d{1,2}[ -]?[A-Za-z]{3}(?:[ -]?\d{2,4})?"
    r"|\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?|\d{4}-\d\d-\d\d)(?:[ ,T]{1,2}\d{1,2}[:.]?\d\d)?\]?[ \t,"
    r"|-]{1,4}([A-Z][A-Z0-9_.]{3,19})(?=[ ])",
    re.MULTILINE,
)
_SMALL_STAMP = re.compile(
    r"^[ \t>*#-]{0,6}\[?(?:\d{1,2}[ -]?[A-Za-z]{3}(?:[ -]?\d{2,4})?|\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?"
    r"|\d{4}-\d\d-\d\d)(?:[ ,T]{1,2}\d{1,2}[:.]?\d\d)?\]?[ \t,|-]{1,4}([a-z][a-z.]{3,19}\d{0,3})(?=[ ]{2}|[ ]?[-|:>])",
    re.MULTILINE,
)
_HANDLERS = spaced("officer officers agent adviser advisor handler owner by user operator login assignee staff clerk")
_NOBODY = spaced(
    """system admin administrator note notes customer agent adviser advisor operator caller visitor update status
    email phone call action closed open opened letter complaint team none unknown anonymous automatic auto"""
)
_PLACES = frozenset({"account", "portal", "profile", "app"})
_FILE = re.compile(r"\.(?:csv|docx?|eml|gif|heic|jpe?g|m4a|md|mp[34]|msg|pdf|png|pptx?|rtf|txt|webp|xlsx?|zip)\Z")
_WEAK = frozenset({"by", "seller", "buyer", "player"})
_ROLE = re.compile(
    r"(?:customer|agent|colleague|adviser|advisor|user|visitor|guest|member|learner|candidate|staff"
    r"|operator)[ _-]?[a-z0-9]?\Z",
    re.IGNORECASE,
)


def candidates(text: str) -> Iterator[Candidate]:
    """Every log-in and screen name."""
    yield from _told(text)
    for match in in_lines(_KEYED, text):
        if is_login(match.group(1), strict=True):
            yield Candidate(match.start(1), match.end(1), Label.USERNAME, 0.95, "stands under a key for log-ins")
    for match in in_lines(_STAMP, text):
        if is_stamped(match.group(1)):
            yield Candidate(match.start(1), match.end(1), Label.USERNAME, 0.95, "a log-in after a time")
    yield from _stamped(text)
    yield from _small(text)
    for match in in_chunks(_FORM, text):
        said = match.group()
        if "_" in said and any(map(str.isdecimal, said)) and not _VERSION.search(said):
            yield Candidate(match.start(), match.end(), Label.USERNAME, 0.7, "has the form of a screen name")
    yield from _speakers(text)
    yield from _of_names(text)


def _of_names(text: str) -> Iterator[Candidate]:
    """Log-ins that are made of somebody's name: in brackets after it, with an initial, at the end of a note."""
    for match in _BRACKETED.finditer(text):
        said = match.group(1)
        if fold(said) not in words("vocabulary") and _is_of(said, text[max(0, match.start() - 40) : match.start()]):
            yield Candidate(match.start(1), match.end(1), Label.USERNAME, 0.9, "a log-in in brackets after the name")
    for match in _DOTTED.finditer(text):
        surname = fold(match.group(1))
        if surname in words("surnames") or surname not in words("vocabulary"):
            yield Candidate(match.start(), match.end(), Label.USERNAME, 0.75, "an initial and a surname as a log-in")
    for match in _END_OF_NOTE.finditer(text):
        if _is_in_no_list(match.group(match.lastindex or 1)):
            start, end = match.span(match.lastindex or 1)
            yield Candidate(start, end, Label.USERNAME, 0.75, "a log-in at the end of a note")
    for match in _LAST.finditer(text):
        said = match.group(1)
        if _is_initial_and_surname(said.rstrip("0123456789")):
            yield Candidate(match.start(1), match.end(1), Label.USERNAME, 0.8, "a log-in at the end of a note")


def _speakers(text: str) -> Iterator[Candidate]:
    """Screen names before what is said; two capital words joined are left to the rules for people."""
    found = [match for match in in_lines(_SPEAKER, text) if not _ROLE.match(match.group(1))]
    said = [match.group(1) for match in found]
    for match in found:
        name = match.group(1)
        has_figures = any(map(str.isdecimal, name))
        if not (has_figures or "_" in name) or (_is_of_words(name) and said.count(name) < 2):
            continue
        sure = 0.97 if has_figures or name.islower() else 0.6
        yield Candidate(match.start(1), match.end(1), Label.USERNAME, sure, "a screen name before what is said")


def _told(text: str) -> Iterator[Candidate]:
    """Log-ins after a word that says so."""
    for match in _SAID.finditer(in_small(text)):
        name = _NAME.match(text, match.end()) if match.lastgroup is None else None
        if name is None:
            continue
        cue, said = match.group().strip(" (\"'-"), name.group()
        has_figures = any(map(str.isdecimal, said))
        if _FILE.search(said) or (cue in _WEAK and said.replace("-", "").isalpha() and said.islower()):
            continue
        if cue in _PLACES and not (said.islower() and ("_" in said or "." in said)):
            continue
        if cue == "as" and (len(said) < 5 or not has_figures):
            continue
        if is_login(said, strict=not _is_sure(cue)):
            yield Candidate(
                name.start(), name.end(), Label.USERNAME, 0.96, f"follows '{cue.split(':')[0].strip(' (=')}'"
            )


def _is_of_words(said: str) -> bool:
    """Whether every part is an ordinary word, as in the key of a form."""
    parts = [fold(part) for part in re.split(r"[_.2-9]+", said.replace("1", "l").replace("0", "o")) if part]
    return all(part in words("vocabulary") or part in _NOBODY or len(part) < 2 for part in parts)


def _stamped(text: str) -> Iterator[Candidate]:
    """Log-ins right after the day of a note, without a colon."""
    found = [match for match in in_lines(_BARE_STAMP, text) if fold(match.group(1)) not in words("vocabulary")]
    said = [match.group(1) for match in found]
    for match in found:
        name = match.group(1)
        if is_stamped(name) and (
            said.count(name) > 1 or _is_initial_and_surname(name.rstrip("0123456789")) or name[-1].isdecimal()
        ):
            yield Candidate(match.start(1), match.end(1), Label.USERNAME, 0.9, "a log-in after a date")


def _small(text: str) -> Iterator[Candidate]:
    """Log-ins in small letters: after the time of a note, and in the column of who dealt with a case."""
    found = [(match.start(1), match.end(1)) for match in _SMALL_STAMP.finditer(text)]
    found += [(cell.start, cell.end) for cell in layout.cells(text) if cell.heading.rpartition(" ")[2] in _HANDLERS]
    for start, end in found:
        said = text[start:end]
        plain = said.rstrip("0123456789")
        if not plain.replace(".", "").isalpha() or not said.islower() or fold(said) in _NOBODY or len(plain) < 4:
            continue
        if plain != said or "." in plain or _is_initial_and_surname(plain) or _is_in_no_list(plain):
            yield Candidate(start, end, Label.USERNAME, 0.9, "a log-in of who made the note")


def _is_initial_and_surname(said: str) -> bool:
    folded = fold(said)
    if (
        len(folded) < 5
        or folded in words("vocabulary")
        or folded in words("given_names")
        or folded in words("surnames")
    ):
        return False
    return folded[1:] in words("surnames") or (len(folded) > 6 and folded[2:] in words("surnames"))


def _is_of(said: str, before: str) -> bool:
    """Whether a log-in is made of the name before it."""
    plain = said.lower().rstrip("0123456789")
    names = [fold(name) for name in re.findall(r"[^\W\d_]{2,}", before) if name[0].isupper()]
    return any(len(name) >= 3 and name in plain and plain != name for name in names[-3:])


def _is_sure(said: str) -> bool:
    return (
        re.match(
            r"(?:user ?name|user[ _]?id|log|sign|screen|web|portal|gamer|staff|nt|windows|network"
            r"|alias|display|profile name)",
            said,
            re.IGNORECASE,
        )
        is not None
    )


def is_login(said: str, *, strict: bool) -> bool:
    """Whether a word can be a log-in; where a person's name may stand as well, only by its form."""
    folded = fold(said)
    if _ROLE.match(said) or folded in _NOBODY:
        return False
    if any(map(str.isdecimal, said)) and any(map(str.isalpha, said)):
        return not re.fullmatch(r"\d.*|v\d+|[A-Z]\d{1,2}", said)
    if folded in {"e.g", "i.e", "a.m", "p.m", "n.b", "d.o.b", "a.k.a"}:
        return False
    if "_" in said or "." in said.strip("."):
        return said[0].islower() or "_" in said or said.isupper()
    if strict:
        return is_stamped(said) or (said.islower() and _is_in_no_list(said))
    return said.islower() and len(said) >= 4 and folded not in words("vocabulary") and folded not in words("not_names")


def _is_in_no_list(said: str) -> bool:
    folded = fold(said)
    return len(said) >= 4 and not any(
        folded in words(name) for name in ("vocabulary", "given_names", "surnames", "not_names")
    )


def is_stamped(said: str) -> bool:
    """Whether a word in capitals is an initial and a surname, or has a number at its end."""
    if said.isdecimal() or not said.isupper() or fold(said) in _NOBODY:
        return False
    if said[-1].isdecimal():
        return len(said) >= 5
    folded = fold(said)
    if folded in words("given_names") or folded in words("surnames") or folded in words("vocabulary"):
        return False
    return len(said) >= 5 and (folded[1:] in words("surnames") or folded[2:] in words("surnames") or len(said) >= 7)
