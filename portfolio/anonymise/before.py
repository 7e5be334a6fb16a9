"""What the words before a run say for or against its being a name. The first rule that says anything is heard. Pure."""

from typing import NamedTuple

from portfolio.anonymise.cues import (
    BEFORE_STRONG,
    CASE_NOUNS,
    DETERMINERS,
    KIN_WORDS,
    PLACE_BEFORE,
    POSSESSED,
    ROLE_WORDS,
    TALKED_TO,
    THING_NOUNS,
    WITH,
    spaced,
)
from portfolio.anonymise.runs import NOTHING, Run, Weight, person_near, quoted
from portfolio.anonymise.shapes import is_part, opens_sentence
from portfolio.anonymise.words import GIVEN, ORDINARY, ORGANISATION, Kind, Words

_TALKED = spaced("spoke speak spoken speaking talked talking chatted wrote written")
_MOTION = spaced(
    """went go going gone goes moved move moving flew fly flying flight flights drive drove driving travel travelled
    travelling train trains bus trip delivered holiday holidays down up across journey sailed coming came come
    return returned returning way here"""
)
_PLURAL_VERBS = spaced("have had are were at in next who both say said want wanted live lived came told asked rang and")
_FAMILY = spaced("brothers sisters family household couple twins")
_NAMING = spaced("name surname someone person spell spelt spelling spelled")


_HOW_MANY = spaced("two three four five six seven eight nine ten twelve several")
_SELVES = frozenset({"himself", "herself", "themselves", "yourself", "myself", "themself"})


class _Left(NamedTuple):
    """The word before a run, what stands between, and the word before that."""

    number: int
    gap: str
    form: str
    two: str


def before(run: Run) -> Weight:
    """What the words before a run add or take."""
    words, number = run.words, run.first - 1
    if number < 0:
        return NOTHING
    left = _Left(number, words.gap[number], words.form[number], words.form[number - 1] if number else "")
    if left.form == "w" and left.gap == "/ ":
        return 30, "follows 'w/'"
    if left.gap != " " and ("\n\n" in left.gap or len(left.gap) > 6 or any(mark in left.gap for mark in ".!?;")):
        return NOTHING
    for rule in _RULES:
        weight = rule(run, left)
        if weight is not None:
            return weight
    return NOTHING


def _introduced(run: Run, left: _Left) -> Weight | None:
    """Called, named, my name is, this is, I am, it's."""
    words = run.words
    if not introduces(words, left.number):
        return None
    if left.form in ("called", "named") and not person_near(words, left.number):
        return (20 if run.capital else 0), ""
    if run.capital:
        return 60, f"follows {quoted(words, left.number)}"
    named = words.flag[run.first] & GIVEN and left.form in ("called", "named", "is")
    return (125 if named else 45), f"follows {quoted(words, left.number)}"


def introduces(words: Words, number: int) -> bool:
    """Whether a word says that a name comes."""
    form, gap = words.form[number], words.gap[number]
    two = words.form[number - 1] if number else ""
    if form in BEFORE_STRONG or (form in _SELVES and two[:4] in ("call", "sign", "styl")):
        return True
    if form in ("is", "was", "its") and gap == " " and _names_somebody(words, number):
        return True
    if (form == "name" and gap in ("'s ", "’s ")) or (form == "of" and two in ("name", "behalf")):
        return True
    if form in ("im", "its"):
        return gap == " "
    return form in ("i", "it") and gap[:2] in ("'m", "’m", "'s", "’s")


def _names_somebody(words: Words, number: int) -> bool:
    return any(
        words.form[one] in ("name", "names", "surname", "this") or is_part(words, one)
        for one in range(max(0, number - 3), number)
    )


def _bracketed(run: Run, left: _Left) -> Weight | None:
    words, end = run.words, run.end
    if (
        left.gap.strip(" ") not in ("(", '("')
        or words.gap[end][:1] not in (")", "!", "?", ",")
        or end + 1 >= len(words)
    ):
        return None
    if left.form[0].isdigit():
        return -20, ""
    near = any(is_part(words, one) for one in range(max(0, left.number - 2), run.first))
    if near or not _NAMING.isdisjoint(words.form[max(0, left.number - 8) : run.first]):
        return 55, f"stands in brackets after {quoted(words, left.number)}"
    thing = any(words.form[one] in THING_NOUNS for one in range(max(0, left.number - 2), run.first))
    return (-20 if thing else 20), ""


def _apposed(run: Run, left: _Left) -> Weight | None:
    """Between commas after somebody's part or before 'she': 'the man at the desk, Marek, could'."""
    words, after = run.words, run.end + 1
    if left.gap != ", " or words.gap[run.end][:1] != "," or after >= len(words):
        return None
    if any(is_part(words, one) for one in range(max(0, run.first - 6), run.first)):
        return 45, "stands between commas after what somebody does"
    return (
        (45, f"comes before {quoted(words, after)}") if words.form[after] in ("she", "he", "who", "whose") else NOTHING
    )


def _apart(run: Run, left: _Left) -> Weight | None:
    """A comma, a colon or another mark between: only somebody's part still counts."""
    if "," in left.gap or ":" in left.gap:
        part = left.form in KIN_WORDS or left.form in ROLE_WORDS
        return (25, f"follows {quoted(run.words, left.number)}") if part else NOTHING
    if "]" in left.gap and len(left.form) == 1 and not run.given:
        return -40, ""
    if left.gap.strip(" \n>\"'“‘") or (run.words.shouted[left.number] and left.form not in ROLE_WORDS):
        return NOTHING
    return None


def _part(run: Run, left: _Left) -> Weight | None:
    words = run.words
    if left.form in THING_NOUNS and left.form not in ROLE_WORDS:
        named = words.capital[left.number] and not opens_sentence(words, left.number) and not run.given
        return (-60 if named else -10), ""
    if is_part(words, left.number):
        if words.shouted[left.number] and words.shouted[run.first] and not run.given:
            return NOTHING
        return (30 if run.weak else 40), f"follows {quoted(words, left.number)}"
    return None


def _addressed(run: Run, left: _Left) -> Weight | None:
    if left.form in TALKED_TO or (left.form in ("to", "with") and left.two in _TALKED):
        return (20 if run.weak else 35), f"follows {quoted(run.words, left.number)}"
    return None


def _determined(run: Run, left: _Left) -> Weight | None:
    """After 'the' or 'our' a capital word is a thing, unless the whole is somebody's case or somebody's own Fergal."""
    if left.form not in DETERMINERS and left.form not in _HOW_MANY:
        return None
    after = run.end + 1
    if left.form in ("the", "this", "that") and after < len(run.words) and run.words.form[after] in CASE_NOUNS:
        return (45 if run.words.form[after] in _FAMILY else 25), ""
    if left.form == "that" or (run.given and run.end > run.first and left.form != "the"):
        return NOTHING
    plural = run.words.form[run.end][-1] == "s" and run.what in (Kind.UNKNOWN, Kind.SURNAME) and run.first == run.end
    if left.form == "the" and plural and after < len(run.words) and run.words.form[after] in _PLURAL_VERBS:
        return NOTHING
    if left.form in POSSESSED:
        return (-10 if run.given else -35), ""
    return -55, ""


def _placed(run: Run, left: _Left) -> Weight | None:
    words = run.words
    if words.capital[left.number] and not opens_sentence(words, left.number) and not run.given:
        if words.flag[left.number] & ORGANISATION:
            return -45, ""
        if words.flag[left.number] & ORDINARY:
            return -25, ""
    if left.form in ("by", "with") and run.what is Kind.EITHER_PLACE and run.capital:
        return 30, ""
    if left.form in PLACE_BEFORE:
        return (-10 if run.given else -35), ""
    one_place = run.what is Kind.EITHER_PLACE and run.first == run.end
    if left.form == "from" and one_place and left.number and is_part(words, left.number - 1):
        return -40, ""
    if left.form in ("to", "from") and left.two in _MOTION and not run.given and len(words.raw[run.first]) > 1:
        return -40, ""
    if left.form in WITH and run.capital and run.what is not Kind.PLACE:
        return 20, ""
    return None


_RULES = (_introduced, _bracketed, _apposed, _apart, _part, _addressed, _determined, _placed)
