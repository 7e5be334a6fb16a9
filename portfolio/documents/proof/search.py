"""One search through one file and all that lies in it: what was opened, how, with what, and what was found where."""

import hashlib
from collections.abc import Callable, Iterable

from portfolio.documents.proof.dense import Dense
from portfolio.documents.proof.sought import APART, AS_IT_IS, Found, One, sought
from portfolio.documents.proof.values import Hit, Value
from portfolio.documents.proof.vocabulary import is_of_the_format
from portfolio.documents.proof.writings import WAYS, packed, rewritten

MOST_DEPTH = 12
MOST_BYTES = 3_000 * 1000**2
_MOST_PARTS = 60_000
_REWRITTEN_DEPTH = 3
_BUILT_LETTERS, _BUILT_DIGITS = 4, 8
_STRAY, _SURE = 4, 5
WHOLE = "The file"
"""What the file itself is called; what lies in it is called by its own place alone."""


class Undone(Exception):
    """The search cannot be done to the end; the sentence is for a person."""


class Damaged(Undone):
    """What was taken for a file of some kind does not open as one."""


Opener = Callable[["Search", bytes, str, str], None]
"""Opens bytes: the search, the bytes, the place in plain words, and what kind they are said to be."""


class Search:
    """Called by what opens files with every text and all bytes that it comes by."""

    def __init__(self, values: Iterable[Value], opener: Opener, size: int = 0) -> None:
        self._sought = sought(list(values))
        self._dense = Dense(self._sought)
        self._open, self._size = opener, size
        self._hits: dict[Hit, None] = {}
        self._ways: dict[str, None] = dict.fromkeys(WAYS)
        self._tools: dict[str, None] = {}
        self._unsearched: dict[str, None] = {}
        self._seen: set[bytes] = set()
        self._depth = self._bytes = 0
        self._least = 0
        self.parts = 0

    @property
    def count(self) -> int:
        """How many values are searched for."""
        return len(self._sought.ones)

    @property
    def hits(self) -> tuple[Hit, ...]:
        """What was found, each once."""
        return tuple(self._hits)

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways of writing that were searched."""
        return tuple(self._ways)

    @property
    def tools(self) -> tuple[str, ...]:
        """Names and versions of what was used."""
        return tuple(self._tools)

    @property
    def unsearched(self) -> tuple[str, ...]:
        """What nothing here can look into."""
        return tuple(self._unsearched)

    def used(self, tool: str) -> None:
        """A program or library was used."""
        self._tools.setdefault(tool)

    def searched(self, way: str) -> None:
        """A way of writing was searched that not every file has."""
        self._ways.setdefault(way)

    def cannot(self, sentence: str) -> None:
        """Something that nothing here can look into."""
        self._unsearched.setdefault(sentence)

    def part(self) -> None:
        """One more part was opened."""
        self.parts += 1
        if self.parts > _MOST_PARTS:
            message = "There is more inside the result than can be searched through."
            raise Undone(message)

    def inside(self, data: bytes, place: str, kind: str = "", *, is_part: bool = True) -> None:
        """Bytes that lie in the file: opened, whatever they are, unless the same were opened before.

        `is_part`: whether they are certainly a file; if not, they may be damaged too.
        """
        if not data:
            return
        digest = hashlib.sha256(data).digest() + kind.encode()
        if digest in self._seen:
            return
        self._seen.add(digest)
        self._bytes += len(data)
        if self._bytes > MOST_BYTES or self._depth >= MOST_DEPTH:
            message = "There is more inside the result than can be searched through."
            raise Undone(message)
        if is_part:
            self.part()
        self._depth += 1
        try:
            self._open(self, data, place, kind)
        except Damaged:
            if is_part:
                raise
            self.dense(data, place)
        finally:
            self._depth -= 1

    def text(self, text: str, place: str, *, way: str = AS_IT_IS, has_tags: bool = False) -> None:
        """A text that somebody may have written, in every way it may be written in."""
        self._written(text, place, way, set(), 0, has_tags=has_tags)

    def _written(self, text: str, place: str, way: str, known: set[One], depth: int, *, has_tags: bool = False) -> None:
        """`known`: what was found in it already, which is not told again of every other way."""
        if not text.strip():
            return
        found = [one for one in self._sought.within(text) if one.one not in known]
        self._found(found, place, way)
        if depth >= _REWRITTEN_DEPTH:
            return
        known |= {one.one for one in found}
        for how, undone in rewritten(text, has_tags=has_tags):
            self._written(undone, place, how, known, depth + 1)
        self._packed(text, place)

    def texts(self, texts: Iterable[str], place: str) -> None:
        """Texts that have nothing to do with each other."""
        self.text(APART.join(texts), place)

    def _packed(self, text: str, place: str) -> None:
        for how, data, is_short in packed(text):
            if len(data) < _STRAY:
                continue
            least, self._least = self._least, _SURE if is_short else self._least
            self.inside(data, place if place.endswith(how) else f"{place}, {how}", is_part=False)
            self._least = least

    def built(self, texts: Iterable[str], place: str) -> None:
        """What says how a file is built, such as names of fonts and styles: words that formats are made of and short
        numbers are nobody's there.
        """
        kept = list(texts)
        whole = APART.join(kept)
        for found in self._sought.within(whole):
            core = found.one.core
            is_short = len(core) < (_BUILT_DIGITS if core.isdigit() else _BUILT_LETTERS)
            if is_short or all(
                is_of_the_format(one)
                for one in kept
                if any(match.one is found.one for match in self._sought.within(one))
            ):
                continue
            self._found([found], place, AS_IT_IS)
        for how, undone in rewritten(whole, has_tags=False):
            self._found([one for one in self._sought.within(undone) if len(one.one.core) > _BUILT_DIGITS], place, how)
        self._packed(whole, place)

    def numbers(self, numbers: Iterable[str], place: str) -> None:
        """What cells of a sheet keep as numbers."""
        self._found(self._sought.among_numbers(numbers), place, AS_IT_IS)

    def dense(self, data: bytes, place: str, *, counts_short: bool = True) -> None:
        """Bytes that are no text as a whole."""
        self._found(self._dense.within(data, counts_short=counts_short, size=self._size), place, AS_IT_IS)

    def _found(self, found: Iterable[Found], place: str, way: str) -> None:
        for one in found:
            if len(one.one.core) < self._least:
                continue
            how = one.way if way == AS_IT_IS else way if one.way == AS_IT_IS else f"{way}, {one.way}"
            self._hits.setdefault(Hit(place.removeprefix(f"{WHOLE}: "), how, one.one.value.label))
