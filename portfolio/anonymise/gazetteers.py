"""The word lists of lists/, read once and lazily: names, ordinary words, places, organisations, words of a letter.

A list is UTF-8, one entry a line, with `#` before what a maintainer should know of it. Everything that is looked up
is folded: no accents, no capitals, straight apostrophes.
"""

import re
import unicodedata
from functools import cache
from importlib.resources import files

# letters that carry no separable accent
_PLAIN = str.maketrans(
    {
        "ł": "l", "Ł": "L", "\N{LATIN SMALL LETTER DOTLESS I}": "i", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d",
        "þ": "th", "ə": "e", "Ə": "E", "æ": "ae", "Æ": "Ae", "œ": "oe", "’": "'", "‘": "'", "`": "'",
        "\N{MODIFIER LETTER APOSTROPHE}": "'",
    }
)  # fmt: skip


# the marks that a letter is taken apart into: accents above and below, and the comma below of Romanian
_ACCENTS = re.compile(r"[\u0300-\u036f]")


def fold(word: str) -> str:
    """A word as the lists are searched: `Siân` and `SIAN` are both `sian`."""
    if word.isascii():
        return word.lower().replace("`", "'")
    apart = unicodedata.normalize("NFD", word.translate(_PLAIN))
    return _ACCENTS.sub("", apart).casefold()


@cache
def entries(list_name: str) -> tuple[str, ...]:
    """The entries of a list as written, without its comments."""
    text = (files(__package__) / "lists" / f"{list_name}.txt").read_text(encoding="utf-8")
    return tuple(line for line in map(str.strip, text.splitlines()) if line and line[0] != "#")


@cache
def words(list_name: str) -> frozenset[str]:
    """The entries of a list, folded."""
    written = entries(list_name)
    plain = "\n".join(filter(str.isascii, written))
    accented = "\n".join(entry for entry in written if not entry.isascii())
    return frozenset([*fold(plain).split("\n"), *(fold(accented).split("\n") if accented else ())])


@cache
def nicknames() -> dict[str, frozenset[str]]:
    """For a given name its short forms, and for a short form the names it stands for; all folded."""
    found: dict[str, set[str]] = {}
    for entry in entries("nicknames"):
        name, _, short_forms = fold(entry).partition(":")
        for short in short_forms.split():
            found.setdefault(name, set()).add(short)
            found.setdefault(short, set()).add(name)
    return {name: frozenset(others) for name, others in found.items()}
