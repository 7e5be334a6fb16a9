"""A text as people read it, and where in a file each of its letters is written: words go out of the file letter by
letter, and what stands between the letters stays. Pure.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape

from portfolio.documents.redaction.matching import Match

Edit = tuple[int, int, str]
"""source[start:end] is to become that."""

_CODE = re.compile(
    r"(?:%[0-9A-Fa-f]{2})+|&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
    r"|\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[0-3][0-7]{2})|(?:=[0-9A-F]{2})+|=\r?\n"
)
_MOST_ROUNDS = 3
_FOLD = re.compile(r"(?:(?<=[^\W\d_])-)?(\r?\n|\r)(?:[ \t]*>)*[ \t]*")


@dataclass(slots=True)
class Spelled:
    """`text[n]` is written as source[starts[n]:ends[n]]; what is in `kept` stays there even where words go."""

    text: str = ""
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)


class Speller:
    """Puts a text together from pieces of the source, from its beginning to its end."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._read = Spelled()

    def __len__(self) -> int:
        return len(self._read.starts)

    def as_it_stands(self, source: str, start: int, end: int) -> None:
        """A stretch that reads as it is written."""
        self._parts.append(source[start:end])
        self._read.starts.extend(range(start, end))
        self._read.ends.extend(range(start + 1, end + 1))

    def reads(self, text: str, start: int, end: int, *, is_kept: bool = False) -> None:
        """A stretch that is written some other way."""
        if is_kept:
            self._read.kept.update(range(len(self), len(self) + len(text)))
        self._parts.append(text)
        self._read.starts.extend([start] * len(text))
        self._read.ends.extend([end] * len(text))

    def reaches(self, end: int) -> None:
        """The last letter goes on up to there."""
        if self._read.ends:
            self._read.ends[-1] = end

    def spelled(self) -> Spelled:
        """All of it."""
        self._read.text = "".join(self._parts)
        return self._read


def edits(read: Spelled, found: Iterable[Match], written: Callable[[str], str] = str) -> Iterator[Edit]:
    """How the source has to change so that the words found read as their stand-ins, which are `written` its way."""
    for match in found:
        stand_in = written(match.swap.stand_in)
        for place in range(match.start, match.end):
            if place not in read.kept:
                yield read.starts[place], read.ends[place], stand_in
                stand_in = ""


def edited(source: str, changes: Iterable[Edit], join: Callable[[list[str]], str] = "".join) -> str:
    """The source with changes that come in order; one that begins inside another one is left out."""
    parts, at = [], 0
    for start, end, text in changes:
        if start >= at:
            parts += [source[at:start], text]
            at = end
        elif text:
            parts.append(text)
    return join([*parts, source[at:]])


def rejoined(parts: Sequence[str], found: Sequence[Match]) -> list[str]:
    """Pieces of a text that was searched as one: each as it reads from now on, the stand-in in the first piece that
    the words touch.
    """
    made, waiting, begins = [], list(reversed(found)), 0
    for part in parts:
        ends, at, text = begins + len(part), begins, ""
        while waiting and waiting[-1].start < ends:
            match = waiting[-1]
            if match.start >= begins:
                text += part[at - begins : match.start - begins] + match.swap.stand_in
            at = min(match.end, ends)
            if match.end > ends:
                break
            waiting.pop()
        made.append(text + part[at - begins :])
        begins = ends
    return made


def uncoded(source: str) -> Spelled | None:
    """How a text reads without signs in code (%20, &amp;, \\u0020, =20), also where they are coded twice; None without
    any.
    """
    read, rounds = None, 0
    while rounds < _MOST_ROUNDS and _CODE.search(read.text if read else source):
        fresh = _decoded(read.text if read else source)
        if read is not None:
            fresh.starts = [read.starts[place] for place in fresh.starts]
            fresh.ends = [read.ends[place - 1] for place in fresh.ends]
        if fresh.text == (read.text if read else source):
            break
        read, rounds = fresh, rounds + 1
    return read


def _decoded(source: str) -> Spelled:
    made, at = Speller(), 0
    for code in _CODE.finditer(source):
        made.as_it_stands(source, at, code.start())
        at = code.end()
        if code[0][0] == "&":
            made.reads(unescape(code[0]), code.start(), at)
        elif code[0][0] == "\\":
            number = int(code[0][1:], 8) if code[0][1].isdigit() else int(code[0].lstrip("\\ux"), 16)
            made.reads(chr(number), code.start(), at)
        elif code[0][-1] == "\n":
            made.reaches(at)
        else:
            _bytes(made, code[0], code.start())
    made.as_it_stands(source, at, len(source))
    return made.spelled()


def _bytes(made: Speller, code: str, start: int) -> None:
    data = bytes.fromhex(code.replace(code[0], ""))
    text = data.decode("utf-8", "surrogateescape")
    for sign in text:
        width = 3 * len(sign.encode("utf-8", "surrogateescape"))
        made.reads(sign if not "\udc80" <= sign <= "\udcff" else chr(ord(sign) - 0xDC00), start, start + width)
        start += width


_MARK = re.compile(
    r"\*{1,3}|~~|`{1,3}|(?<![^\W_])_{1,3}|_{1,3}(?![^\W_])|<!--(?:(?!<!--|-->).){0,5000}-->|</?[A-Za-z][^<>]{0,2000}>"
    r"|\r?\n[ \t]",
    re.DOTALL,
)


def unmarked(source: str) -> Spelled | None:
    """How a text reads without marks of emphasis, tags, and lines that are folded; None without any."""
    made, at = Speller(), 0
    for mark in _MARK.finditer(source):
        made.as_it_stands(source, at, mark.start())
        at = mark.end()
    if not at:
        return None
    made.as_it_stands(source, at, len(source))
    return made.spelled()


def unfolded(source: str) -> Spelled | None:
    """How lines read that were broken inside a word or quoted with >; None when there are none."""
    made, at = Speller(), 0
    for fold in _FOLD.finditer(source):
        made.as_it_stands(source, at, fold.start())
        if fold[0].startswith("-"):
            made.reaches(fold.end())
        else:
            made.reads("\n", fold.start(1), fold.end(1), is_kept=True)
        at = fold.end()
    if not at:
        return None
    made.as_it_stands(source, at, len(source))
    return made.spelled()
