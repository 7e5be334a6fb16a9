"""Words with capitals that name no person: firms, places and products of the text, theories, bots. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from portfolio.anonymise import gazetteers
from portfolio.anonymise.cues import CASE_NOUNS, THING_NOUNS, spaced
from portfolio.anonymise.findings import Candidate, Known, Label
from portfolio.anonymise.words import GIVEN, TITLE, Kind, Words

_MODELS = frozenset(
    [
        "model",
        "cycle",
        "theory",
        "theories",
        "hierarchy",
        "framework",
        "principles",
        "principle",
        "grid",
        "wheel",
        "matrix",
        "curve",
        "ladder",
        "taxonomy",
        "style",
        "styles",
        "law",
        "laws",
        "reflective",
        "reflection",
        "learning",
        "stages",
        "needs",
        "method",
        "formula",
        "diagram",
        "triangle",
        "approach",
        "rule",
        "razor",
    ]
)
_FIRMS = frozenset(
    [
        "ltd",
        "limited",
        "plc",
        "llp",
        "inc",
        "group",
        "holdings",
        "solicitors",
        "partners",
        "associates",
        "sons",
        "brothers",
        "bros",
    ]
)
_MONTHS = spaced(
    """january february march april may june july august september october november december jan feb mar apr jun jul
    aug sep sept oct nov dec"""
)
_DAYS = spaced(
    """monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun easter christmas"""
)
_CALENDAR = _MONTHS | _DAYS
_BEFORE_MONTHS = spaced(
    """first second third fourth every each in since until till during early late mid last next this of end before
    after through every around from for on by to with w c"""
)
_BOTS = frozenset(["bot", "chatbot", "virtual", "automated", "bots", "robot"])
_YEAR = re.compile(r"(?:'s|’s|')?(?: and \w+| et al\.?)?,? ?\(?(?:19|20)\d\d[a-z]?\)")
_THEORY = spaced("theory theories theorist theorists model models taxonomy cycle hierarchy")
_HANDLE = re.compile(r"(?<!\w)@(?=\w)")
_REFLECTING = spaced("reflective reflection reflections reflect theory theories theorist theorists model models")
_COMMON_THEORISTS = spaced(
    """adams atkins murphy bloom bolton briggs gardner handy johns kaplan knowles mayo moon myers norton parkinson
    peters porter raven rogers skinner taylor thomas weber driscoll blake honey burns barlow duckworth edmondson nolan
    weaver marston levitt knapp aronson osgood pruitt crosby fleming oldham latham carnegie burnard"""
)
_ARTICLES = frozenset({"the", "a", "an", "this", "our"})
_STORMS = frozenset({"storm", "hurricane"})
_USING = spaced("using used use uses applied applying apply following")
_THEORISING = spaced("""says argues suggests describes believes believed identified proposed talks states calls puts""")
_FREE_MAIL = frozenset(
    [
        "gmail",
        "hotmail",
        "outlook",
        "yahoo",
        "icloud",
        "live",
        "aol",
        "btinternet",
        "sky",
        "virginmedia",
        "talktalk",
        "protonmail",
        "msn",
        "ymail",
        "mail",
        "example",
    ]
)


@cache
def _phrases() -> dict[str, list[tuple[str, ...]]]:
    """The firms and places of more than one word, by the plain form of the first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for name in ("organisations", "places", "famous"):
        for entry in gazetteers.entries(name):
            if entry.isalpha():
                continue
            forms = tuple(Words(entry).form)
            if len(forms) > 1:
                found.setdefault(forms[0], []).append(forms)
    return found


@cache
def _theorists() -> frozenset[str]:
    return gazetteers.words("theorists")


def blocked(words: Words, structured: Sequence[Candidate], known: Known) -> frozenset[int]:
    """The numbers of the words that running text cannot make a name: within other findings, firms, places, theories."""
    found: set[int] = set()
    for one in structured:
        if one.confidence >= 0.7:
            found.update(range(words.at(one.start), words.at(one.end)))
    phrases = {**_phrases(), **_own(known)} if known.leave_alone else _phrases()
    for first in phrases.keys() & words.numbers.keys():
        for number in words.numbers[first]:
            found.update(_matched(words, number, phrases[first]))
    found.update(_in_theories(words))
    found.update(_sainted(words))
    for form in _CALENDAR & words.numbers.keys():
        found.update(number for number in words.numbers.get(form, ()) if _dated(words, number))
    return frozenset(found)


def _in_theories(words: Words) -> Iterator[int]:
    """Where theorists are named: wherever a text speaks of a theory, unless a title or given name goes before."""
    named = {form: words.numbers[form] for form in _theorists() & words.numbers.keys()}
    theory = len(named) > 1 or not _REFLECTING.isdisjoint(words.numbers)
    for form, numbers in named.items():
        meant = theory and form not in _COMMON_THEORISTS
        if not meant and not any(_of_theory(words, number) for number in numbers):
            continue
        for number in numbers:
            before = words.flag[number - 1] if number and words.gap[number - 1] in (" ", ". ") else 0
            if not before & (TITLE | GIVEN):
                yield number


def _sainted(words: Words) -> Iterator[int]:
    """Churches, schools and villages called after a saint, storms, and the handles of firms."""
    for form in ("st", "saint", "st."):
        for number in words.numbers.get(form, ()):
            before = words.flag[number - 1] if number and words.gap[number - 1] == " " else 0
            if number + 1 < len(words) and words.capital[number + 1] and not before & (TITLE | GIVEN):
                yield number
                yield number + 1
    for form in _STORMS & words.numbers.keys():
        for number in words.numbers[form]:
            if words.capital[number] and number + 1 < len(words) and words.capital[number + 1]:
                yield number
                yield number + 1
    for match in _HANDLE.finditer(words.text):
        yield words.at(match.end())


def _dated(words: Words, number: int) -> bool:
    """Whether a month that may be a name is a month: beside a number or another month, or after 'in' and the like."""
    before, after = words.form[max(0, number - 1) : number], words.form[number + 1 : number + 2]
    if (before and (before[0][0].isdigit() or before[0] in _BEFORE_MONTHS)) or (after and after[0][0].isdigit()):
        return True
    near = words.form[max(0, number - 2) : number] + words.form[number + 1 : number + 3]
    gap = words.gap[number][:1]
    opens = not number or "\n" in words.gap[number - 1] or words.gap[number - 1][-1:] in (",", ";", "|", "\t")
    if opens and gap in (",", ";", "|", "\t", ":", "\n") and not words.shouted[number]:
        return True
    if len(near) > 1 and near[0] == "may" and near[1] in ("and", "or", "to"):
        return True
    return any(form in _MONTHS and form != "may" for form in near)


def _own(known: Known) -> dict[str, list[tuple[str, ...]]]:
    """What a centre or learner asks to leave alone."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for entry in known.leave_alone:
        forms = tuple(Words(entry).form)
        if forms:
            found.setdefault(forms[0], list(_phrases().get(forms[0], ()))).append(forms)
    return found


def _matched(words: Words, number: int, several: Iterable[tuple[str, ...]]) -> range:
    longest = 0
    for forms in several:
        size = len(forms)
        if size > longest and words.form[number + size - 1 : number + size] == [forms[-1]]:
            longest = size if tuple(words.form[number : number + size]) == forms else longest
    return range(number, number + longest)


def _of_theory(words: Words, number: int) -> bool:
    if not _USING.isdisjoint(words.form[max(0, number - 3) : number]):
        return True
    if (
        words.form[number] not in _COMMON_THEORISTS
        and words.form[number + 1 : number + 2]
        and (words.form[number + 1] in _THEORISING and words.gap[number] == " ")
    ):
        return True
    following = words.form[number + 1 : number + 5]
    near = words.form[max(0, number - 8) : number + 10]
    return (
        bool(_MODELS.intersection(following))
        or bool(_THEORY.intersection(near))
        or bool(_YEAR.match(words.text, words.end[number]))
    )


def things(words: Words, structured: Sequence[Candidate]) -> frozenset[str]:
    """The plain forms that name a firm, product or place somewhere in the text, so that they are no person."""
    found = set(_of_domains(words, structured))
    capitals = [number for number, raw in enumerate(words.raw) if raw[0].isupper() and number + 1 < len(words)]
    found.update(words.form[number] for number in capitals if _names_a_thing(words, number))
    for bot in _BOTS:
        for number in words.numbers.get(bot, ()):
            found.update(_named_bots(words, number))
    return frozenset(found)


def _names_a_thing(words: Words, number: int) -> bool:
    """Whether a capital word names a firm, a street, a town or a theory where it stands."""
    after, gap, what = number + 1, words.gap[number], words.kind[number]
    if words.form[after] in _FIRMS or (words.form[after] in THING_NOUNS and words.capital[after] and gap == " "):
        return what in (Kind.UNKNOWN, Kind.EITHER, Kind.EITHER_PLACE, Kind.SURNAME)
    ranged = number > 0 and gap == " " and words.form[number - 1] in _ARTICLES and words.form[after] in THING_NOUNS
    if ranged and words.form[after] not in CASE_NOUNS:
        return True
    owned = gap[:1] in ("'", "’")
    if owned:
        return not _MODELS.isdisjoint(words.form[after : after + 3])
    placed = number > 0 and words.form[number - 1] in ("in", "near") and words.gap[number - 1] == " "
    return placed and what in (Kind.UNKNOWN, Kind.EITHER_PLACE)


def _named_bots(words: Words, number: int) -> Iterator[str]:
    """The name of a bot next to the word: 'a bot called Pixie', 'Nell (virtual agent)', 'Otto, your bot'."""
    if number and words.gap[number - 1].strip(" ") == "(" and words.capital[number - 1]:
        yield words.form[number - 1]
    if number > 1 and words.form[number - 1] in ("your", "our", "the", "a") and words.capital[number - 2]:
        yield words.form[number - 2]
    for after in range(number + 1, min(len(words), number + 4)):
        if words.form[after - 1] in ("called", "named", "is", "assistant", "agent", "bot") and words.capital[after]:
            yield words.form[after]


def _of_domains(words: Words, structured: Sequence[Candidate]) -> Iterator[str]:
    """The words of firms' own names, as their addresses write them together: heron gas, for a mail domain."""
    domains: set[str] = set()
    for one in structured:
        if one.label in (Label.EMAIL, Label.URL_PROFILE):
            host = words.text[one.start : one.end].rpartition("@")[2].lower()
            domains.update(
                part.replace("-", "") for part in host.split(".")[:-1] if len(part) > 4 and part not in _FREE_MAIL
            )
    if not domains:
        return
    for number in range(len(words)):
        if not words.capital[number] or len(words.form[number]) < 3:
            continue
        run = ""
        for last in range(number, min(len(words), number + 3)):
            run += words.form[last].replace("-", "")
            if run in domains:
                yield from words.form[number : last + 1]
