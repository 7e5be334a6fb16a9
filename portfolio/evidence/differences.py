"""What changed between two texts: first by paragraph, then, in paragraphs that resemble each other, by word. Pure.

Work is bounded: what would take long to compare finely is shown as taken out and put in as a whole.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

WORD = re.compile(r"\s+|\w[\w'’-]*\s*|[^\w\s]\s*")
LIKENESS = 0.4
"""How much of two paragraphs must be the same words for one to be called a new version of the other."""
PARAGRAPHS_MOST, PAIRS_MOST, WORDS_MOST, EFFORT_MOST = 1_000, 10_000, 600, 150_000


class Change(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that share a fate."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph in pieces, in reading order: what was taken out stands before what was put in its place."""

    pieces: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything in it differs."""
        return any(piece.change is not Change.SAME for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Passage:
    """Paragraphs that stand together; `is_folded` when nothing in them or beside them changed."""

    paragraphs: tuple[Paragraph, ...]
    is_folded: bool


def passages(paragraphs: Sequence[Paragraph]) -> list[Passage]:
    """The changes with a paragraph on either side of each, and what lies between them."""
    changed = [paragraph.is_changed for paragraph in paragraphs]
    near = [any(changed[max(0, at - 1) : at + 2]) for at in range(len(paragraphs))]
    return [
        Passage(tuple(paragraph for _, paragraph in run), is_folded=not is_near)
        for is_near, run in groupby(zip(near, paragraphs, strict=True), key=itemgetter(0))
    ]


def compare(old: str, new: str) -> list[Paragraph]:
    """Both texts as one, paragraph by paragraph, without empty lines. Very many lines are taken several at once."""
    before, after = _paragraphs(old), _paragraphs(new)
    lines = -(-max(len(before), len(after)) // PARAGRAPHS_MOST)
    if lines > 1:
        before, after = _together(before, lines), _together(after, lines)
    effort = _Effort()
    found: list[Paragraph] = []
    for is_same, removed, added in _blocks(before, after):
        if is_same:
            found += [_whole(text, Change.SAME) for text in added]
        else:
            found += _changed(removed, added, effort)
    return found


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _together(paragraphs: Sequence[str], lines: int) -> list[str]:
    """The same in fewer and longer paragraphs."""
    return ["\n".join(paragraphs[at : at + lines]) for at in range(0, len(paragraphs), lines)]


def _whole(text: str, change: Change) -> Paragraph:
    return Paragraph((Piece(change, text),))


def _blocks(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Runs of the same paragraphs and of others, in order."""
    start, end = _same_ends(before, after)
    yield True, before[:start], after[:start]
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if _repetition(old, new) > EFFORT_MOST:
        yield False, old, new
    else:
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield tag == "equal", old[i1:i2], new[j1:j2]
    yield True, before[len(before) - end :], after[len(after) - end :]


def _same_ends(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """How many at the beginning and how many at the end are the same."""
    most = min(len(before), len(after))
    start = next((n for n in range(most) if before[n] != after[n]), most)
    end = next((n for n in range(most - start) if before[-1 - n] != after[-1 - n]), most - start)
    return start, end


def _repetition(old: Sequence[str], new: Sequence[str]) -> int:
    """How many pairs of equal parts there are: what decides how long a comparison takes."""
    counts = Counter(new)
    return sum(counts[each] for each in old)


class _Effort:
    """How much fine comparison there may still be."""

    def __init__(self) -> None:
        self.left = EFFORT_MOST

    def allows(self, old: Sequence[str], new: Sequence[str]) -> bool:
        """Whether these words may be compared; takes what that costs from what is left."""
        if max(len(old), len(new)) > WORDS_MOST:
            return False
        cost = _repetition(old, new)
        if cost > self.left:
            return False
        self.left -= cost
        return True


def _changed(removed: Sequence[str], added: Sequence[str], effort: _Effort) -> list[Paragraph]:
    """A run of paragraphs that differ: those that resemble each other word by word, the others as a whole."""
    found: list[Paragraph] = []
    i = j = 0
    for old, new in [*_pairs(removed, added), (len(removed), len(added))]:
        found += [_whole(text, Change.REMOVED) for text in removed[i:old]]
        found += [_whole(text, Change.ADDED) for text in added[j:new]]
        if old < len(removed) and new < len(added):
            found.append(_by_word(removed[old], added[new], effort))
        i, j = old + 1, new + 1
    return found


def _pairs(removed: Sequence[str], added: Sequence[str]) -> list[tuple[int, int]]:
    """Which paragraph became which, in order: the alignment with the most likeness in all."""
    if len(removed) * len(added) > PAIRS_MOST:
        return []
    old = [frozenset(text.split()) for text in removed]
    new = [frozenset(text.split()) for text in added]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], _likeness(old[i], new[j]) + best[i + 1][j + 1])
    pairs = []
    i = j = 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _likeness(old: frozenset[str], new: frozenset[str]) -> float:
    """The share of words that both have, 0 when that is too little to tell."""
    share = 2 * len(old & new) / (len(old) + len(new))
    return share if share >= LIKENESS else 0.0


def _by_word(old: str, new: str, effort: _Effort) -> Paragraph:
    before, after = WORD.findall(old), WORD.findall(new)
    keys_before, keys_after = [w.strip() for w in before], [w.strip() for w in after]
    start, end = _same_ends(keys_before, keys_after)
    middle_before, middle_after = keys_before[start : len(before) - end], keys_after[start : len(after) - end]
    pieces = [Piece(Change.SAME, "".join(after[:start]))]
    if effort.allows(middle_before, middle_after):
        matcher = SequenceMatcher(None, middle_before, middle_after, autojunk=False)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            if tag == "equal":
                pieces.append(Piece(Change.SAME, "".join(after[start + j1 : start + j2])))
            else:
                pieces.append(Piece(Change.REMOVED, "".join(before[start + i1 : start + i2])))
                pieces.append(Piece(Change.ADDED, "".join(after[start + j1 : start + j2])))
    else:
        pieces.append(Piece(Change.REMOVED, "".join(before[start : len(before) - end])))
        pieces.append(Piece(Change.ADDED, "".join(after[start : len(after) - end])))
    pieces.append(Piece(Change.SAME, "".join(after[len(after) - end :])))
    return Paragraph(tuple(piece for piece in pieces if piece.text))
