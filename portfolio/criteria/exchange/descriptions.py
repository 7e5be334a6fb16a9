"""Facts in a description or a note: the words first, then a line for each fact, such as “Level: 3”. HTML is written for
whoever shows it, and plain words are read out of it.
"""

import html
import re
from collections.abc import Iterable

from portfolio.criteria.exchange.forest import LABELS, Fact

SHORT_MOST = 100
DESCRIPTION_MOST = 40_000

_SCRIPT = re.compile(r"<(script|style)\b[^<>]*>[^<]*", re.IGNORECASE)
_BREAK = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|table)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<![^<>]*>")
_FACT = re.compile(r"([A-Z][a-z]+(?: [a-z]+){0,3}): (.+)")


def as_html(words: str, facts: Iterable[Fact]) -> str:
    """A paragraph of words, and one for each fact."""
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in (words, *as_lines(facts)))


def as_lines(facts: Iterable[Fact]) -> list[str]:
    """A line for each fact."""
    return [f"{fact.label}: {fact.value}" for fact in facts]


def from_html(description: str) -> str:
    """The words of a description, line by line."""
    bare = _TAG.sub("", _BREAK.sub("\n", _SCRIPT.sub("\n", description)))
    return html.unescape(bare)


def parted(text: str, place: str) -> tuple[str, list[Fact]]:
    """The words on one line, and the facts below them. The first line is never a fact."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    first, *others = [line for line in lines if line] or [""]
    said, rest = facts_in(others, place)
    return " ".join([first, *rest]), said


def facts_in(lines: Iterable[str], place: str) -> tuple[list[Fact], list[str]]:
    """The facts among lines, and the lines that are none."""
    facts, others = [], []
    for line in lines:
        found = _FACT.fullmatch(line)
        if found and found[1] in LABELS:
            facts.append(Fact(found[1], found[2], place))
        else:
            others.append(line)
    return facts, others


def shortened(words: str, most: int = SHORT_MOST) -> str:
    """Words of at most so many characters; what was cut off shows."""
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
