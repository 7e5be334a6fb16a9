"""Whether two mentions may be one person's: read into given names, surname and initials, and compared. Pure."""

import re
from dataclasses import dataclass, field

from portfolio.anonymise import gazetteers
from portfolio.anonymise.cues import ABBREVIATIONS
from portfolio.anonymise.mentions import distance
from portfolio.anonymise.words import GIVEN, SMALL, SURNAME, Kind, Words, lexicon

_WOMEN = frozenset({"mrs", "miss", "ms", "lady", "dame", "madam", "sister", "auntie", "aunt", "nan"})
_MEN = frozenset({"mr", "sir", "lord", "mister", "mstr", "uncle", "brother"})
_EPITHETS = frozenset({"big", "old", "young", "wee", "little", "lil", "auld", "tall"})
_SURNAME_FIRST = re.compile(r"\s*[\w'’-]+\s*,")
_VOWELS = re.compile(r"[aeiouyh'-]")
BY_INITIAL = 2
"""A given name alone that begins with the initial of somebody whose given name the text does not have."""

_SHORT_END = re.compile(r"(?:ie|y|s|o|z|a)$")
_DOUBLED = re.compile(r"(.)\1+")


@dataclass(slots=True)
class Read:
    """A mention of a person in its parts, all in plain form."""

    given: list[str] = field(default_factory=list)
    surname: str = ""
    single: str = ""
    """The one word of a mention that may be either."""
    initials: str = ""
    sex: str = ""
    parts: frozenset[str] = frozenset()

    @property
    def fullness(self) -> int:
        if self.given and self.surname:
            return 3
        if self.surname and self.initials:
            return 2
        return 1 if self.surname or self.single or self.given else 0


def read(value: str) -> Read:
    """A mention as it stands in the text, in its parts."""
    words = Words(_untorn(value))
    kinds = words.kind
    found = Read(parts=frozenset(form for form in words.form if len(form) > 1))
    letters = "".join(filter(str.isalpha, value))
    if len(words) > 3 and all(len(raw) == 1 for raw in words.raw):
        found.single = letters.lower()
        return found
    if letters.isupper() and 1 < len(letters) < 5 and _only_letters(words, kinds):
        found.initials = letters.lower()
        return found
    core, titled = _core(words, kinds, found)
    if len(core) > 1 and _SURNAME_FIRST.match(value):
        core = [*core[1:], core[0]]
    if len(core) > 1:
        found.given, found.surname = core[:-1], core[-1]
    elif core and found.initials and kinds[-1] is Kind.INITIAL and not titled and "," not in value:
        found.given = core
    elif core and (titled or found.initials):
        found.surname = core[0]
    elif core:
        found.single = core[0]
    return found


def _untorn(value: str) -> str:
    """A name without the space at which a scan tore it: 'Jo anna'."""
    first, _, rest = value.partition(" ")
    torn = first[:1].isupper() and rest.isalpha() and rest.islower() and lexicon().get((first + rest).lower(), 0)
    return first + rest if torn and torn & (GIVEN | SURNAME) else value


def _only_letters(words: Words, kinds: list[Kind]) -> bool:
    """Whether a mention in capitals is initials and no short name, by the lists or because each letter stands alone."""
    if all(len(raw) == 1 for raw in words.raw):
        return True
    if len(words) > 1:
        return False
    raw, form, flag = words.raw[0], words.form[0], words.flag[0]
    if "-" in raw:
        return all(len(part) < 3 for part in raw.split("-"))
    if kinds[0] is Kind.INITIAL or form in ABBREVIATIONS or flag & SMALL:
        return True
    return not flag & (GIVEN | SURNAME) or (len(raw) == 2 and not flag & GIVEN)


def _core(words: Words, kinds: list[Kind], found: Read) -> tuple[list[str], bool]:
    """The names of a mention without titles, initials and particles, and whether a title stands before them."""
    core: list[str] = []
    titled = False
    for number, what in enumerate(kinds):
        form = words.form[number]
        if what is Kind.TITLE and (number + 1 < len(kinds) or core):
            found.sex = found.sex or ("f" if form in _WOMEN else "m" if form in _MEN else "")
            titled = titled or number == 0
        elif what is Kind.INITIAL:
            found.initials += form
        elif what is not Kind.PARTICLE and not (number == 0 and form in _EPITHETS and len(kinds) > 1):
            core.append(form)
    return core, titled


def keys(one: Read) -> set[str]:
    """The forms by which mentions of one person find each other: parts, parts of parts, short forms, ends."""
    found: set[str] = set()
    for name in (*one.given, one.surname, one.single):
        if name:
            found.update((name, *name.split("-"), *gazetteers.nicknames().get(name, ())))
            if len(name) > 3:
                found.add("~" + name[-4:])
    found.discard("")
    return found


def fits(one: Read, other: Read) -> int:
    """How well two mentions agree: below nothing where they contradict one another, nothing where they say nothing."""
    if one.sex and other.sex and one.sex != other.sex:
        return -1
    if len(one.parts & other.parts) > 1 and (one.parts <= other.parts or other.parts <= one.parts):
        return 9
    if not one.fullness or not other.fullness:
        return _by_initials(one, other)
    if one.single or other.single:
        return _with_single(one, other)
    if one.surname and other.surname:
        return _with_surnames(one, other)
    if one.given and other.given:
        return _with_given(one, other)
    return 0


def _with_single(one: Read, other: Read) -> int:
    if one.single and other.single:
        return 5 if same_given(one.single, other.single) else 0
    single, fuller = (one, other) if one.single else (other, one)
    if any(same_given(single.single, given) for given in fuller.given):
        return 6
    if fuller.surname and same(single.single, fuller.surname):
        return 5
    if fuller.surname.startswith(single.single) and len(single.single) > 3:
        return 3
    first = lexicon().get(single.single, 0)
    if (
        not fuller.given
        and fuller.initials
        and fuller.surname
        and single.single[0] == fuller.initials[0]
        and first & GIVEN
    ):
        return BY_INITIAL
    return 0


def _with_surnames(one: Read, other: Read) -> int:
    if not same(one.surname, other.surname):
        if _run_together(one, other) or _run_together(other, one):
            return 6
        return -1 if one.given and other.given else 0
    if one.given and other.given:
        return 8 if any(same_given(a, b) for a in one.given for b in other.given) else -1
    given, short = (one, other) if one.given else (other, one)
    if given.given and short.initials:
        return 7 if short.initials[0] in {name[0] for name in given.given} | set(given.initials) else -1
    if one.initials and other.initials and one.initials[0] != other.initials[0]:
        return -1
    return 7 if one.surname == other.surname else 6


def _run_together(one: Read, other: Read) -> bool:
    """Whether two words of a mention are the other's surname with a space for its hyphen or where a scan tore it."""
    if not one.given or len(one.given) > 1:
        return False
    whole = one.given[-1] + one.surname
    surname = other.surname.replace("-", "")
    return whole == surname or (len(whole) >= 7 and distance(whole, surname, 3) <= 3)


def _with_given(one: Read, other: Read) -> int:
    """A given name with the initial of a surname: 'Steve L'."""
    if not any(same_given(a, b) for a in one.given for b in other.given):
        return -1 if one.surname and other.surname else 0
    short, fuller = (one, other) if not one.surname else (other, one)
    if not fuller.surname:
        return 6 if short.initials[-1:] == fuller.initials[-1:] else -1
    return 7 if not short.initials or fuller.surname.startswith(short.initials[-1]) else -1


def _by_initials(one: Read, other: Read) -> int:
    """Initials alone against a name, or against initials."""
    short, fuller = (one, other) if not one.fullness else (other, one)
    if not short.initials:
        return 0
    if not fuller.fullness:
        return 5 if short.initials == fuller.initials else 0
    letters = "" if fuller.given else fuller.initials
    letters += "".join(
        part[0] for name in [*fuller.given, fuller.surname or fuller.single] for part in name.split("-") if part
    )
    if fuller.given and not fuller.surname:
        letters += fuller.initials
    if len(short.initials) == 1:
        return 4 + bool(fuller.sex) if short.sex and (fuller.surname or fuller.single).startswith(short.initials) else 0
    if short.initials == letters:
        return 6
    if len(short.initials) == 2 and len(letters) == 1 and fuller.single:
        return 2 if short.initials[0] == letters and lexicon().get(fuller.single, 0) & GIVEN else 0
    return (
        4
        if letters and short.initials[0] == letters[0] and short.initials[-1] == letters[-1] and len(letters) > 1
        else 0
    )


def same(one: str, other: str) -> bool:
    """Whether two names are one but for a slip of spelling, or one is a part of the other's double-barrelled name."""
    if one == other:
        return True
    if "-" in one or "-" in other:
        return one in other.split("-") or other in one.split("-") or distance(one, other, 2) <= 2
    least = min(len(one), len(other))
    if least < 5 or one[0] != other[0]:
        return False
    apart = distance(one, other, 3)
    return apart <= (1 if least < 7 else 2) or (apart <= 3 and _skeleton(one) == _skeleton(other))


def _skeleton(name: str) -> str:
    """A name as it sounds, roughly: without vowels, doubled letters and other ways of writing one sound."""
    plain = name.replace("ck", "k").replace("ph", "f").replace("sch", "sh").replace("z", "s").replace("q", "k")
    return name[0] + _VOWELS.sub("", _DOUBLED.sub(r"\1", plain)[1:])


def same_given(one: str, other: str) -> bool:
    """Whether two given names may be one person's: equal, misspelt, or one short for the other."""
    if same(one, other) or other in gazetteers.nicknames().get(one, frozenset()):
        return True
    short, long = sorted((one, other), key=len)
    if len(short) < 3 or len(long) - len(short) < 2:
        return len(short) > 3 and short[-1] in "ys" and long.startswith(short[:-1]) and len(short) > 4
    stem = _SHORT_END.sub("", short)
    return (
        long.startswith(short) or (len(stem) > 2 and long.startswith(stem)) or (len(short) > 3 and long.endswith(short))
    )
