"""How wide the columns of a table that comes in are to be, and what becomes of one that is wider than its page.

Text is measured as the body font sets it in a cell, so that no word is broken where another column has room to spare.
Everything is in twentieths of a point.
"""

import math
import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import zip_longest
from operator import methodcaller

from portfolio.documents.blocks import Run, text_of
from portfolio.documents.wordbook.styles import LANDSCAPE, PORTRAIT, Page

Rows = Sequence[Sequence[Sequence[Run]]]

PADDING = 170
"""What the margins of a cell take."""
LINE = 220
_SIZE = 9 * 20 / 2048
_BOLD = 1.04
"""The first row is set bold; some words of others are as well."""
_USUAL, _WIDE = 1060, 2048
# the widths of the signs from the space to the tilde in Calibri, which its free twin shares
_SIGNS = (
    *(463, 667, 821, 1020, 1038, 1464, 1397, 452, 621, 621, 1020, 1020, 511, 627, 517, 791, 1038, 1038, 1038, 1038),
    *(1038, 1038, 1038, 1038, 1038, 1038, 548, 548, 1020, 1020, 1020, 949, 1831, 1185, 1114, 1092, 1260, 1000, 941),
    *(1292, 1276, 516, 653, 1064, 861, 1751, 1322, 1356, 1058, 1378, 1112, 941, 998, 1314, 1162, 1822, 1063, 998, 959),
    *(628, 791, 628, 1020, 1020, 596, 981, 1076, 866, 1076, 1019, 625, 964, 1076, 470, 490, 931, 470, 1636, 1076, 1080),
    *(1076, 1076, 714, 801, 686, 1076, 925, 1464, 887, 927, 809, 644, 943, 644, 1020),
)
_WIDTHS = ((_USUAL,) * 32 + _SIGNS + (_USUAL,)).__getitem__
_LONGEST_WORD = 2200
"""A longer one, such as an address, is broken rather than given the room of others."""
_LONGEST_LINE = 4600
_LINE_SIGNS = 120
_MEASURED = 16
_MOST_COLUMNS = 60
_CROWDED, _MANY_COLUMNS = 1.5, 6
_STRETCHED = 1.6
_LITTLE = 400
_TALL_LINES = 16
_SIGN = 90
"""As wide as a sign of a text is taken to be."""
_line_ends = methodcaller("count", "\n")


@lru_cache(maxsize=8192)
def text_width(text: str) -> int:
    """How wide a text is on one line. Tables say the same words again and again."""
    if text.isascii():
        return int(sum(map(_WIDTHS, text.encode())) * _SIZE * _BOLD)
    return int(sum(_WIDTHS(ord(sign)) if sign.isascii() else _sign(sign) for sign in text) * _SIZE * _BOLD)


@lru_cache(maxsize=4096)
def _sign(sign: str) -> int:
    return _WIDE if unicodedata.east_asian_width(sign) in "WF" else _USUAL


def _widest(texts: Collection[str]) -> int:
    """How wide the widest is, among those that are longest: where there are many, not all are measured."""
    longest = sorted(texts, key=len)[-_MEASURED:] if len(texts) > _MEASURED else texts
    return max([text_width(text[:_LINE_SIGNS]) for text in longest], default=0)


class Columns:
    """The columns of a table: what they say row by row, how narrow each may be, and how wide it would be on its own."""

    def __init__(self, rows: Rows) -> None:
        self.texts = [[runs[0].text if len(runs) == 1 else text_of(runs) for runs in cells] for cells in rows]
        self.least: list[int] = []
        self.wanted: list[int] = []
        for column in zip_longest(*self.texts, fillvalue=""):
            joined = "\n".join(column)
            words, lines = set(joined.split()), set(joined.split("\n"))
            least = max(LINE, _widest(words))
            wanted = least if words == lines else max(least, _widest(lines))
            self.least.append(PADDING + min(least, _LONGEST_WORD))
            self.wanted.append(PADDING + min(wanted, _LONGEST_LINE))

    def __len__(self) -> int:
        return len(self.least)

    def page(self) -> Page:
        """The page on which the table stands: sideways when upright would break its words or crowd its columns."""
        room = PORTRAIT.text_width
        is_crowded = len(self) >= _MANY_COLUMNS and sum(self.wanted) > _CROWDED * room
        return LANDSCAPE if len(self) > 1 and (is_crowded or sum(self.least) > room) else PORTRAIT

    def groups(self, room: int) -> list[tuple[int, ...]]:
        """The columns that stand beside each other in so much room, by their numbers. Where they do not all go in, the
        first one comes again in each group.
        """
        if len(self) <= 1 or (sum(self.least) <= room and len(self) <= _MOST_COLUMNS):
            return [tuple(range(len(self)))] if len(self) else []
        first = min(self.least[0], room // 3)
        easy = [(least + wanted) // 2 for least, wanted in zip(self.least, self.wanted, strict=True)]
        count = math.ceil(sum(easy[1:]) / (room - first))
        share = math.ceil(sum(easy[1:]) / count)
        groups: list[list[int]] = []
        taken = share
        for number in range(1, len(self)):
            if taken + easy[number] // 2 > share or len(groups[-1]) >= _MOST_COLUMNS - 1 or not self._fits(
                [*groups[-1], number], room
            ):  # fmt: skip
                groups.append([])
                taken = 0
            groups[-1].append(number)
            taken += easy[number]
        return [(0, *group) for group in groups]

    def _fits(self, group: Sequence[int], room: int) -> bool:
        return self.least[0] + sum(self.least[number] for number in group) <= room

    def widths(self, group: Sequence[int], room: int) -> tuple[int, ...]:
        """The widths of these columns. They take all of the room, unless that would leave them far apart."""
        least, wanted = [self.least[n] for n in group], [self.wanted[n] for n in group]
        if sum(wanted) <= room:
            is_far_apart = sum(wanted) * _STRETCHED < room
            return _shared(wanted, max(int(sum(wanted) * _STRETCHED), room // 2) if is_far_apart else room)
        if sum(least) >= room:
            return _shared(least, room)
        return _filled(least, wanted, room)


def _filled(least: Sequence[int], wanted: Sequence[int], room: int) -> tuple[int, ...]:
    """Columns that want little more than the least have it; the others share what is left by what they want."""
    widths, spare = list(least), room - sum(least)
    needs = {number: wanted[number] - least[number] for number in range(len(least))}
    for number in sorted(needs, key=lambda number: needs[number]):
        if needs[number] > min(_LITTLE, spare // 3):
            break
        widths[number] += needs[number]
        spare -= needs.pop(number)
    total = sum(needs.values())
    for number, need in needs.items():
        widths[number] += spare * need // total
    return tuple(widths)


def _shared(widths: Sequence[int], room: int) -> tuple[int, ...]:
    total = sum(widths)
    return tuple(room * width // total for width in widths)


def is_tall(texts: Sequence[str], widths: Sequence[int]) -> bool:
    """Whether a row with these texts is so tall that it is better torn over two pages than moved to the next."""
    longest = max(map(len, texts), default=0)
    if longest * _SIGN <= _TALL_LINES * (min(widths) - PADDING):
        return longest > _TALL_LINES and max(map(_line_ends, texts)) > _TALL_LINES
    return any(
        len(text) * _SIGN > _TALL_LINES * (width - PADDING) or _line_ends(text) > _TALL_LINES
        for text, width in zip(texts, widths, strict=False)
    )
