"""Rich text (.rtf) read sign by sign: the words of each of its groups with where they are written, and what goes."""

import codecs
import re
from dataclasses import dataclass, field, replace

from portfolio.documents.redaction.alphabets import as_windows
from portfolio.documents.redaction.rich_words import (
    ALPHABETS,
    BREAKS,
    BULK,
    DROPPED,
    GONE,
    KEPT_STARS,
    PICTURES,
    PLACES,
    SEEN,
    SETTINGS,
    SIGNS,
    SYMBOLS,
)
from portfolio.documents.redaction.spelling import Edit, Speller

TEXT, HIDDEN, TAKEN_OUT, ASIDE, STYLES = "Text", "Hidden text", "Deleted text", "Properties", "Styles"
OTHER_SETTINGS = "settings of the program that wrote it"
_TOKEN = re.compile(
    r"\\([A-Za-z]{1,32})(-?[0-9]{1,10})?[ ]?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\",
    re.DOTALL,
)
_NO_HEX = re.compile(r"[^0-9A-Fa-f]+")
_FIRST_HALF, _LAST_HALF = 0xD800, 0xDFFF
_WIDE = frozenset({"cp932", "cp949", "johab", "gbk", "big5", "utf-8"})
_PAGES = {65001: "utf-8", 10000: "mac_roman", 936: "gbk", 950: "big5"}


@dataclass(slots=True)
class Stretch:
    """Words that are read one after the other. `goes`: they are not in the result, whatever they say."""

    place: str
    is_seen: bool
    goes: bool = False
    is_shown: bool = True
    speller: Speller = field(default_factory=Speller)
    aside: dict[str, "Stretch"] = field(default_factory=dict)


@dataclass(slots=True)
class Picture:
    """A picture of the text: where its bytes stand."""

    start: int
    ending: str = ""
    spots: list[tuple[int, int]] = field(default_factory=list)
    digits: list[str] = field(default_factory=list)
    binary: bytes = b""
    end: int = 0

    def data(self) -> bytes:
        """The picture itself."""
        digits = "".join(self.digits)
        return self.binary or bytes.fromhex(digits[: len(digits) - len(digits) % 2])


@dataclass(slots=True)
class _State:
    stretch: Stretch
    codec: str
    start: int = 0
    is_fresh: bool = False
    is_starred: bool = False
    goes: bool = False
    is_hidden: bool = False
    is_deleted: bool = False
    skip: int = 1
    is_fonts: bool = False
    picture: Picture | None = None


class Reader:
    """One rich text, its bytes as one letter each; `read` and then look at what was found."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.stretches = [Stretch(TEXT, is_seen=True)]
        self.pictures: list[Picture] = []
        self.changes: list[Edit] = []
        self.gone: list[str] = []
        self.has_files = False
        self._default = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = self._left = 0
        self._bytes, self._began = b"", 0
        self._state = _State(self.stretches[0], self._default)
        self._stack: list[_State] = []

    def read(self) -> None:
        """All of it, up to the end of its outermost group."""
        at, length = 0, len(self.source)
        while at < length:
            token = _TOKEN.match(self.source, at)
            if token is None:
                break
            at = token.end()
            if self._bytes and token[3] is None:
                self._undecoded()
            if token[5]:
                if token[5] == "}" and len(self._stack) < 2:
                    self.changes.append((at, length, ""))
                    self._ended(at)
                    return
                self._brace(token)
            elif token[1]:
                at = self._word(token, at)
            else:
                self._letters(token)
        while self._stack:
            self._ended(length)
            self._state = self._stack.pop()

    def _brace(self, token: re.Match[str]) -> None:
        self._left = 0
        if token[5] == "{":
            self._stack.append(self._state)
            self._state = replace(self._state, start=token.start(), is_fresh=True, is_starred=False, picture=None)
            if self._stack[-1].picture is not None:
                self._state.stretch = self._aside("", is_seen=False, is_shown=False)
            return
        self._ended(token.end())
        self._state = self._stack.pop()

    def _ended(self, end: int) -> None:
        """A group is over."""
        state, above = self._state, self._stack[-1] if self._stack else None
        if state.goes:
            state.stretch.speller.reads("\n", end, end)
            if above is None or not above.goes:
                self.changes.append((state.start, end, ""))
        elif state.picture is not None:
            state.picture.end = end
            self.pictures.append(state.picture)

    def _word(self, token: re.Match[str], at: int) -> int:
        """A control word; answers where reading goes on."""
        word, number = token[1], int(token[2]) if token[2] else None
        state = self._state
        if state.is_fresh:
            state.is_fresh = False
            self._opened(word)
        if word == "bin":
            return self._binary(token.start(), at, number or 0)
        if word == "u" and number is not None:
            self._unicode(number % 65536, token)
            return at
        self._left = 0
        sign = SIGNS.get(word)
        if sign or word in BREAKS:
            self._says(sign or BREAKS[word], token, is_kept=sign is None)
        elif word in DROPPED:
            state.is_deleted = number != 0 if word == "deleted" else state.is_deleted
            if not state.goes:
                self.changes.append((token.start(), token.end(), ""))
        else:
            self._set(word, number)
        return at

    def _opened(self, word: str) -> None:
        """The first word of a group says what it is."""
        state = self._state
        if word in GONE or (state.is_starred and word not in KEPT_STARS and word not in SETTINGS):
            self._note(GONE.get(word, OTHER_SETTINGS))
            self.has_files |= word == "objdata"
            if not state.goes:
                state.goes = True
                state.stretch = self._aside(ASIDE, is_seen=False, is_shown=word not in BULK, goes=True)
        elif state.goes:
            return
        elif word == "pict":
            state.picture = Picture(state.start)
            state.stretch = self._aside("", is_seen=False, is_shown=False)
        elif word in PLACES:
            place = PLACES[word]
            state.stretch = self._aside(place, is_seen=place in SEEN, is_shown=True)
        elif word in SETTINGS:
            state.is_fonts = word == "fonttbl"
            state.stretch = self._aside(STYLES, is_seen=False, is_shown=False)

    def _aside(self, place: str, *, is_seen: bool, is_shown: bool, goes: bool = False) -> Stretch:
        stretch = Stretch(place or STYLES, is_seen, goes, is_shown)
        self.stretches.append(stretch)
        return stretch

    def _note(self, what: str) -> None:
        if what not in self.gone:
            self.gone.append(what)

    def _binary(self, start: int, at: int, count: int) -> int:
        end = min(at + max(count, 0), len(self.source))
        picture = self._state.picture
        if picture is not None:
            picture.binary += self.source[at:end].encode("latin-1")
            picture.spots.append((start, end))
        elif not self._state.goes:
            self.changes.append((start, end, ""))
        return end

    def _unicode(self, number: int, token: re.Match[str]) -> None:
        """A sign by its number; signs for programs that do not know it follow, and go with it."""
        self._says("\ufffd" if _FIRST_HALF <= number <= _LAST_HALF else chr(number), token)
        self._left = self._state.skip

    def _set(self, word: str, number: int | None) -> None:
        state = self._state
        if word == "uc":
            state.skip = min(max(number or 0, 0), 20)
        elif word == "v":
            state.is_hidden = number != 0
        elif word == "plain":
            state.is_hidden = state.is_deleted = False
            state.codec = self._default
        elif word == "f" and number is not None:
            self._font = number
            state.codec = self._fonts.get(number, self._default)
        elif word == "fcharset" and state.is_fonts:
            self._fonts[self._font] = ALPHABETS.get(number or 0, self._default)
        elif word in {"ansicpg", "mac", "pc", "pca"}:
            self._alphabet(word, number or 1252)
        elif word in PICTURES and state.picture is not None:
            state.picture.ending = PICTURES[word]

    def _alphabet(self, word: str, number: int) -> None:
        name = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}.get(word) or _PAGES.get(number, f"cp{number}")
        try:
            codecs.lookup(name)
        except LookupError:
            return
        self._default = self._state.codec = name

    def _letters(self, token: re.Match[str]) -> None:
        """Signs by their number, symbols, and words as they are written."""
        if token[4] is not None:
            if token[4] == "*":
                self._state.is_starred = True
                return
            self._state.is_fresh, self._left = False, 0
            if token[4] in SYMBOLS:
                self._says(SYMBOLS[token[4]], token, is_kept=token[4] in "\r\n")
            return
        if token[3] is not None:
            self._state.is_fresh = False
            if self._left:
                self._left -= 1
                self._stretch().speller.reaches(token.end())
                return
            self._began = self._began if self._bytes else token.start()
            self._bytes += bytes.fromhex(token[3])
            self._decoded(token.end())
        elif token[6]:
            self._state.is_fresh = False
            self._run(token.start(), token.end())

    def _run(self, start: int, end: int) -> None:
        picture = self._state.picture
        if picture is not None:
            picture.digits.append(_NO_HEX.sub("", self.source[start:end]))
            picture.spots.append((start, end))
            return
        skipped = min(self._left, end - start)
        speller = self._stretch().speller
        if skipped:
            speller.reaches(start + skipped)
            self._left -= skipped
        start += skipped
        text = self.source[start:end]
        if text.isascii():
            speller.as_it_stands(self.source, start, end)
            return
        for place, sign in enumerate(text, start):
            speller.reads(_sign(sign.encode("latin-1"), self._state.codec), place, place + 1)

    def _decoded(self, end: int) -> None:
        """The bytes so far as a sign, unless another byte belongs to it."""
        codec = self._state.codec
        try:
            text = self._bytes.decode(codec)
        except (UnicodeDecodeError, LookupError):
            if codec in _WIDE and len(self._bytes) < (4 if codec == "utf-8" else 2):
                return
            text = as_windows(self._bytes)
        self._stretch().speller.reads(text, self._began, end)
        self._bytes = b""

    def _undecoded(self) -> None:
        end = self._began + 4 * len(self._bytes)
        self._stretch().speller.reads(as_windows(self._bytes), self._began, end)
        self._bytes = b""

    def _says(self, text: str, token: re.Match[str], *, is_kept: bool = False) -> None:
        self._stretch().speller.reads(text, token.start(), token.end(), is_kept=is_kept)

    def _stretch(self) -> Stretch:
        """Where words go that stand here."""
        state = self._state
        if state.stretch.goes or not (state.is_deleted or state.is_hidden):
            return state.stretch
        place = TAKEN_OUT if state.is_deleted else HIDDEN
        found = state.stretch.aside.get(place)
        if found is None:
            found = state.stretch.aside[place] = self._aside(
                place, is_seen=False, is_shown=state.stretch.is_shown, goes=state.is_deleted
            )
        return found


def _sign(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return as_windows(data)
