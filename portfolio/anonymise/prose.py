"""Names in running text, weighed by what the lists say of them and by the words on either side. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from portfolio.anonymise.after import after
from portfolio.anonymise.before import before
from portfolio.anonymise.cues import BEFORE_STRONG, DOES, KIN_WORDS, POSSESSED, spaced
from portfolio.anonymise.runs import Run, person_near, quoted, run_of
from portfolio.anonymise.shapes import (
    LISTED,
    Name,
    is_placeholder,
    is_role,
    joined,
    opens_sentence,
    run_end,
    worth,
)
from portfolio.anonymise.words import GIVEN, SMALL, SURNAME, Kind, Words

ENOUGH = 60
BARE = "a capital word that is no ordinary word"
"""The reason of a run for which nothing else speaks."""

_MOST_ADDED = 60
_LONG = 7
_ALSO_VERBS = spaced("will may mark bill grant pat sue rob can drew frank jack chase hope")
_LOWER = {Kind.GIVEN: 0, Kind.SURNAME: -40, Kind.EITHER_PLACE: -35, Kind.EITHER: -60, Kind.UNKNOWN: -40}
_SHOUTED = {Kind.GIVEN: 0, Kind.SURNAME: -15, Kind.EITHER_PLACE: -25, Kind.EITHER: -40, Kind.UNKNOWN: -35}
_OPENING = {Kind.SURNAME: -10, Kind.EITHER_PLACE: -15, Kind.EITHER: -15, Kind.UNKNOWN: -10}


def weighed(words: Words, things: frozenset[str], blocked: frozenset[int]) -> list[Name]:
    """The runs of text that may be names, with what speaks for each. `things` are forms that name a firm or product in
    the text; `blocked` the numbers of words that are no name.
    """
    found: list[Name] = []
    beyond = -1
    for number in _heads(words):
        if number <= beyond or number in blocked:
            continue
        if _told_name(words, number):
            found.append(Name(number, number, 75, f"follows {quoted(words, number - 1)}"))
            continue
        end = _end(words, number)
        if end < number:
            continue
        if end > number:
            end = next((one - 1 for one in range(number + 1, end + 1) if one in blocked), end)
        beyond = end
        first = _begin(words, number, end)
        if any(what not in (Kind.INITIAL, Kind.TITLE) for what in words.kind[first : end + 1]):
            score, reason = _weight(run_of(words, first, end), things)
            if score >= ENOUGH - _MOST_ADDED:
                found.append(Name(first, end, score, reason))
    return found


def standing(words: Words, runs: Iterable[Name], known: Mapping[str, int]) -> list[Name]:
    """The runs that weigh enough, with what `known` adds for a form, since the text has somebody of that name."""
    found = []
    for run in runs:
        more = max([known.get(form, 0) for form in words.form[run.first : run.last + 1]])
        if run.score + more >= ENOUGH:
            reason = f"is named elsewhere in the text; {run.reason}" if more else run.reason
            found.append(Name(run.first, run.last, min(run.score + more, 90), reason))
    return found


def _heads(words: Words) -> Iterator[int]:
    """The words at which a name may begin: those with a capital, and those that the lists have as names."""
    named = GIVEN | SURNAME
    for number, (raw, flag) in enumerate(zip(words.raw, words.flag, strict=True)):
        if flag & named or (raw[0].isupper() and (not flag & SMALL or words.gap[number].startswith("."))):
            yield number


def _told_name(words: Words, number: int) -> bool:
    """Whether any capital word is a name here: somebody is called so, or is somebody's daughter."""
    one = number - 1
    if one < 1 or words.kind[number] is not Kind.ORDINARY or not words.capital[number]:
        return False
    if is_role(words, number) or words.shouted[number]:
        return False
    gap, form = words.gap[one], words.form[one]
    if form in BEFORE_STRONG and gap in (" ", ' "', " '", " “", " ‘"):
        return person_near(words, one)
    told = form == "is" and words.form[one - 1] == "name" and gap == " "
    if told or (form == "name" and gap in ("'s ", "’s ")):
        return True
    if form in KIN_WORDS and (words.form[one - 1] in POSSESSED or words.gap[one - 1][:2] in ("'s", "’s")):
        return gap == " " or (gap == ", " and words.gap[number][:1] in (",", "."))
    return False


def _end(words: Words, first: int) -> int:
    """The last word of the run that begins at a word; the word before it where none does."""
    if is_placeholder(words, first):
        return first - 1
    if words.capital[first]:
        return run_end(words, first, min(len(words) - 1, first + _LONG), any_case=False)
    what = words.kind[first]
    if what not in LISTED:
        return first - 1
    following = first + 1
    if following < len(words) and joined(words, first):
        then = words.kind[following]
        named = then in (Kind.GIVEN, Kind.SURNAME, Kind.EITHER_PLACE)
        if (named or (then is Kind.UNKNOWN and len(words.raw[following]) > 4)) and not words.capital[following]:
            return following
        ends = words.gap[following][:1] in (".", "\n", ")", "")
        acts = words.gap[following] == " " and not DOES.isdisjoint(words.form[following + 1 : following + 2])
        if then is Kind.INITIAL and (ends or acts) and words.form[following] != "x":
            return following
    return first


def _begin(words: Words, first: int, end: int) -> int:
    """The first word of the name in a run, without a verb that only opens the sentence and without particles."""
    opens = first < end and words.form[first] in _ALSO_VERBS and opens_sentence(words, first)
    if opens and words.kind[first + 1] is Kind.GIVEN:
        first += 1
    while first <= end and words.kind[first] is Kind.PARTICLE:
        first += 1
    return first


def _weight(run: Run, things: frozenset[str]) -> tuple[int, str]:
    """How sure it is that a run is a name, and why."""
    words = run.words
    if run.what is Kind.EITHER_PLACE and words.form[run.first] in ("n", "s", "e", "w"):
        return 0, ""
    score = worth(words, run.first, run.end) + _by_case(run)
    reasons = ["matches a name list" if run.what in LISTED else BARE]
    for more, reason in (before(run), after(run)):
        score += more
        if reason:
            reasons.insert(0, reason)
    if run.what is Kind.EITHER_PLACE and words.flag[run.first] & GIVEN and run.first == run.end:
        score += 15
    if _is_cell(run):
        score += 15
    if not things.isdisjoint(words.form[run.first : run.end + 1]):
        score -= 45
    return score, "; ".join(reasons)


def _is_cell(run: Run) -> bool:
    """Whether a run fills a cell of a table."""
    words, start = run.words, run.words.start[run.first]
    if words.text[max(0, start - 2) : start] == "  " and words.gap[run.end][:1] in ("\n", ""):
        return "\n" not in words.text[max(0, start - 30) : start].rstrip(" ")[-1:]
    return start > 0 and words.text[start - 1] in "|\t;," and words.gap[run.end][:1] in ("|", "\t", ";", ",", "\n", "")


def _by_case(run: Run) -> int:
    """What capitals, their lack, or capitals throughout take from a run."""
    words, first, alone = run.words, run.first, run.first == run.end
    if not run.capital:
        return _LOWER.get(run.what, -60) - (20 if len(words.raw[first]) < 5 and alone else 0)
    if all(words.raw[number].isupper() for number in range(first, run.end + 1)):
        around = (run.what is Kind.UNKNOWN and alone) or _shouting_around(run)
        return _SHOUTED.get(run.what, -40) if around else 0
    if run.what is Kind.EITHER and words.flag[first] & GIVEN and alone:
        verbal = words.form[first] in _ALSO_VERBS or words.flag[first] & SMALL
        return -15 if verbal and opens_sentence(words, first) else 15
    return _OPENING.get(run.what, 0) if alone and opens_sentence(words, first) else 0


def _shouting_around(run: Run) -> bool:
    words, following = run.words, run.end + 1
    return (run.first > 0 and words.shouted[run.first - 1]) or (following < len(words) and words.shouted[following])
