"""Names of people in a text: first where its layout or a word before says so, then by weight, then again wherever the
same people are named once more. Pure.
"""

import re
from collections.abc import Iterable, Sequence

from portfolio.anonymise import fields, filenames, initials, letters, mentions, namesakes, prose, signatures, unlikely
from portfolio.anonymise.findings import Candidate, Known, Label
from portfolio.anonymise.shapes import Name, is_placeholder, joined
from portfolio.anonymise.words import TITLE, Words

_SCREEN_END = re.compile(r"(?:_[^\W_](?![^\W_]))?")
"""An initial behind an underscore, as screen names have it: Jo_K."""
_EPITHETS = frozenset(
    {"big", "old", "young", "wee", "little", "lil", "auld", "tall", "ginger", "mad", "blonde", "scouse", "scottish"}
)
"""What people put before a first name to tell two apart: Big Steve."""
_ELDER = re.compile(r",? (?:snr|jnr|sr|jr)(?![\w'’])", re.IGNORECASE)
"""What tells a father from a son after their surname."""
_PAIRED = re.compile(r"(?<![\w.])[A-Z]\.? ?(?:&|and) \Z")
"""The first of two initials before one surname: P. & J. Sidebottom."""
_TOLD = ("follows 'dear", "in the column", "signs")
"""Reasons that outweigh what a name looks like."""


def candidates(text: str, known: Known, structured: Sequence[Candidate]) -> list[Candidate]:
    """Each place that may name a person. `structured` are the findings of the other kinds in the same text.

    Where nobody is named for a better reason, a single unknown word with a capital is as likely a product or place.
    """
    words = Words(text)
    settings = namesakes.numbers(words)
    things, blocked = unlikely.things(words, structured), unlikely.blocked(words, structured, known) | settings
    names = joined_up(name for name in _anchored(words, structured) if not _is_thing(words, name, settings, blocked))
    runs = prose.weighed(words, things, blocked)
    for _ in range(2):
        forms = mentions.forms(words, names, known, structured)
        names = joined_up([*names, *prose.standing(words, runs, forms)])
        taken = {number for name in names for number in range(name.first, name.last + 1)}
        runs = [run for run in runs if run.first not in taken]
    if all(name.reason == prose.BARE for name in names):
        names = [name for name in names if name.first < name.last]
    names += mentions.further(words, names, blocked)
    found = [_candidate(words, name) for name in joined_up(names)]
    people = {words.form[number] for name in names for number in mentions.parts(words, name)}
    found += filenames.in_file_names(text, people)
    return [*found, *mentions.listed_beforehand(text, known)]


def _anchored(words: Words, structured: Sequence[Candidate]) -> list[Name]:
    return [
        *letters.after_titles(words),
        *letters.in_greetings(words),
        *signatures.in_signatures(words, structured),
        *letters.speakers(words),
        *letters.surname_first(words),
        *letters.in_headings(words),
        *initials.after_carets(words),
        *fields.in_fields(words),
        *fields.in_columns(words),
    ]


def _is_thing(words: Words, name: Name, settings: frozenset[int], blocked: frozenset[int]) -> bool:
    """Whether what looks like a name with a title or somebody who speaks is a place, a rule or goods."""
    own = mentions.parts(words, name)
    if not own or name.reason.startswith(_TOLD):
        return False
    speaks = name.reason.startswith("speaks")
    titled = bool(words.flag[name.first] & TITLE) and blocked.issuperset(range(name.first, name.last + 1))
    return settings.issuperset(own) or titled or (speaks and blocked.issuperset(own))


def joined_up(names: Iterable[Name]) -> list[Name]:
    """The names without overlaps: those that share a word become one, with the surer one's reason."""
    merged: list[Name] = []
    for name in sorted(names):
        if merged and name.first <= merged[-1].last:
            last = merged[-1]
            better = max(last, name, key=lambda one: one.score)
            merged[-1] = Name(last.first, max(last.last, name.last), better.score, better.reason)
        else:
            merged.append(name)
    return merged


def _initial_before(words: Words, first: int) -> bool:
    """Whether a letter before a name belongs to it: A B SMITH, but not the A of 'Customer A'."""
    before = first - 1
    raw = words.raw[before]
    if len(raw) != 1 or not raw.isupper() or not joined(words, before) or words.gap[before].count(" ") > 2:
        return False
    if raw in "IA" and words.gap[before][:1] != "." and not (before and len(words.raw[before - 1]) == 1):
        return raw == "A" and words.raw[first].isupper() and len(words.raw[first]) == 1
    return not (before and is_placeholder(words, before - 1))


def _candidate(words: Words, name: Name) -> Candidate:
    first = name.first
    if first and words.capital[first - 1] and words.form[first - 1] in _EPITHETS and words.gap[first - 1] == " ":
        first -= 1
    while first and _initial_before(words, first):
        first -= 1
    start, end = words.start[first], words.end[name.last]
    if words.text[end : end + 1] == "." and len(words.raw[name.last]) == 1 and name.last - name.first < 3:
        end += 1
    elder = _ELDER.match(words.text, end)
    end = elder.end() if elder else end
    paired = _PAIRED.search(words.text[max(0, start - 12) : start]) if len(words.raw[first]) == 1 else None
    start -= len(paired.group()) if paired else 0
    screen = _SCREEN_END.match(words.text, end)
    end = screen.end() if screen else end
    return Candidate(start, end, Label.PERSON, name.score / 100, name.reason)
