"""What the words after a run say for or against its being a name. The first rule that says anything is heard. Pure."""

from typing import NamedTuple

from portfolio.anonymise.cues import DOES, KIN_WORDS, POSSESSED, ROLE_WORDS, SAYS, THING_NOUNS, TO_DO, spaced
from portfolio.anonymise.runs import NOTHING, Run, Weight, quoted
from portfolio.anonymise.shapes import opens_sentence
from portfolio.anonymise.words import ORDINARY, SMALL, Kind

_OF_PRODUCTS = spaced("product model code part serial size item batch colour version ver")
_DONE = spaced(
    "left gone rung spoken been written given taken come called just now since already also never not put seen"
)
_DESCRIBING = POSSESSED | {"the", "a", "an", "who", "whose"}


class _Right(NamedTuple):
    """The word after a run, and what stands between."""

    number: int
    gap: str
    mark: str
    """The same without spaces."""
    form: str
    raw: str
    capital: bool


def after(run: Run) -> Weight:
    """What the words after a run add or take."""
    words, number = run.words, run.end + 1
    if number >= len(words):
        return NOTHING
    gap = words.gap[run.end]
    right = _Right(number, gap, gap.strip(" "), words.form[number], words.raw[number], words.capital[number])
    for rule in _RULES:
        weight = rule(run, right)
        if weight is not None:
            return weight
    return NOTHING


def _owning(_run: Run, right: _Right) -> Weight | None:
    if right.gap[:2] in ("'s", "’s"):
        return (45, f"has a '{right.raw}'") if right.form in KIN_WORDS else (10, "")
    if right.mark == "," and right.form in _OF_PRODUCTS:
        return -60, ""
    return None


def _to_do(run: Run, right: _Right) -> Weight | None:
    """'Nia to ring', in minutes and notes."""
    words, then = run.words, right.number + 1
    if right.form != "to" or right.gap != " " or then >= len(words) or words.form[then] not in TO_DO:
        return None
    return (40, f"comes before 'to {words.raw[then]}'") if run.capital else (5, "")


def _described(run: Run, right: _Right) -> Weight | None:
    """What follows in brackets or after a comma says who the person is: '(team leader)', ', my manager,'."""
    if run.what is Kind.PLACE and right.form not in SAYS and right.form != "and":
        return -30, ""
    if right.mark not in ("(", ",") or ("(" not in right.gap and right.form not in _DESCRIBING):
        return None
    near = run.words.form[right.number : right.number + 4]
    if right.form in ("who", "whose") or any(form in ROLE_WORDS or form in KIN_WORDS for form in near):
        return 35, f"is described as '{right.raw}'"
    return None


def _apart(run: Run, right: _Right) -> Weight | None:
    if right.mark:
        paired = right.mark == "&" and right.capital
        if paired and right.form in ("co", "son", "sons", "daughters", "partners", "company"):
            return -75, ""
        return (-40 if paired and not run.given else 0), ""
    return None if 0 < len(right.gap) < 4 else NOTHING


def _numbered(run: Run, right: _Right) -> Weight | None:
    """A number makes a model or a unit of what stands before it: Comet 12, Comet 5G."""
    if not right.raw[0].isdigit() or (run.first and run.words.form[run.first - 1] == "by"):
        return None
    if not right.raw.isdigit() and right.raw[-1].isalpha():
        return -60, ""
    if (run.words.shouted[run.end] and len(run.words.raw[run.end]) < 5) or run.what not in (Kind.GIVEN, Kind.SURNAME):
        return -50, ""
    return None


def _of_a_thing(run: Run, right: _Right) -> Weight | None:
    words, flag = run.words, run.words.flag[right.number]
    if right.form in THING_NOUNS and (right.capital or right.form not in DOES):
        return (-75 if right.capital else 0 if run.given else -45), ""
    if not right.capital or not flag & ORDINARY or flag & SMALL:
        return None
    if not run.given:
        return -30, ""
    number = words.raw[right.number + 1] if right.number + 1 < len(words) else ""
    return (-60, "") if number.isdigit() and len(number) < 3 else None


def _question(run: Run, right: _Right) -> Weight | None:
    """'Will call back' at the start of a sentence is the verb."""
    words = run.words
    if words.form[run.end] not in ("will", "may", "can") or right.capital or not opens_sentence(words, run.end):
        return None
    flag = words.flag[right.number]
    verb = flag & ORDINARY and not flag & SMALL and right.form not in DOES and not right.form.endswith(("s", "ed"))
    return (-60, "") if verb else None


def _acting(run: Run, right: _Right) -> Weight | None:
    """A verb that people are the subject of."""
    reason = f"comes before {quoted(run.words, right.number)}"
    if right.form in SAYS:
        return (45, reason) if run.capital or run.given else (10, "")
    then = run.words.form[right.number + 1 : right.number + 2]
    if (
        right.form in ("has", "had", "hasn't", "hadn't")
        and then
        and (then[0] in SAYS or then[0] in _DONE)
        and run.capital
    ):
        return 55, reason
    if right.form in DOES:
        if not run.capital:
            return (15, reason) if run.what is Kind.GIVEN else (5, "")
        return 30 if run.what is Kind.UNKNOWN else 20, reason
    together = right.form == "and" and run.words.form[right.number + 1 : right.number + 2] in (
        ["i"],
        ["me"],
        ["myself"],
    )
    if right.form in ("here", "speaking") or together:
        return 50, reason
    if right.form in ("from", "in", "at", "on") and run.what in (Kind.EITHER, Kind.GIVEN) and run.capital:
        return 20, ""
    return None


_RULES = (_owning, _to_do, _described, _apart, _numbered, _of_a_thing, _question, _acting)
