"""A centre that renames everything meets none of the standard words, on no page and in no answer to a script, for
nobody; and no sentence of ours that tells of an error holds one. What is left out stands in short lists.

What people typed and what awarding organisations published are theirs: they may hold any word.
"""

import ast
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from portfolio.centres.terms import TERMS
from portfolio.config import ROOT
from tests.policy.estate import VIEWS, Estate
from tests.policy.reading import BLOCKS, Block

STANDARD = re.compile(
    r"\b(learner|assessor|trainee|quality assurer|IQA|EQA|administrator|cohort|unit|portfolio|evidence)s?\b",
    re.IGNORECASE,
)
OWN = {term.key: [f"zq{term.key[:2]}", f"zq{term.key[:2]}{'z' if term.is_counted else ''}"] for term in TERMS}
KEPT = re.compile(
    r"\bNVQ Portfolio\b"  # the product's name
    r"|\bportfolio (people link|audit (key|verify))\b"  # what is typed on the server
    r"|\bProduct evidence\b"  # the name of a method of assessment
    r"|^/[a-z0-9/-]+$"  # where a script asks: nobody reads it
    r"|^\{\{[a-z ]+\}\}$"  # a field of a Word template: its name is the same everywhere
    r"|^(IQA|EQA)$"  # what the field says for short, in the glossary
    r"|^(/drafts/)?evidence\.(write|edit|record)\.\S+$"  # where a form is kept while it is written
    r"|(?<=10 credits, draft wording\. )Units$|^Units$|(?<=^Zqunz of )Units$"  # a group of a pack
)
TRAILS = frozenset({"/centre/trail", "/enrolments/<int:enrolment_id>/trail"})
"""The trail keeps the standard words, whatever a centre calls things when somebody reads it."""
NAMED = frozenset({"/centre/words"})
"""Where the centre says what it calls what."""
SIGNED_IN = [view for view in VIEWS if view not in {"anonymous", "disabled"}]
PAGES = [block for block in BLOCKS if block.method == "GET" and block.rule not in TRAILS | NAMED]
ALOUD = re.compile(r'\b(?:aria-label|alt|title|placeholder|data-[a-z-]+)="([^"]*)"')
UNREAD = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
LEAST = 12
"""What people typed is known again from so many characters on."""


@pytest.fixture(scope="module")
def renamed(estate: Estate) -> tuple[Estate, list[str]]:
    """The world in which every centre has words of its own for everything, and what is not ours in it."""
    estate.live.execute("UPDATE centre SET terms = ?", (json.dumps(OWN),))
    estate.keep()
    return estate, sorted(theirs(estate), key=len, reverse=True)


def theirs(estate: Estate) -> set[str]:
    """Every line of text in the database that holds a standard word."""
    found: set[str] = set()
    tables = [name for (name,) in estate.live.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        for row in estate.live.execute(f'SELECT * FROM "{table}"'):
            for value in row:
                found.update(lines(value))
    return {line for line in found if len(line) >= LEAST and STANDARD.search(line)}


def lines(value: Any) -> Iterator[str]:
    """The lines of a value of a column, also of what is kept as JSON in it."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        value = json.loads(value)
    if isinstance(value, dict):
        value = list(value.values())
    for one in value if isinstance(value, list) else ():
        yield from lines(one)
    if isinstance(value, str):
        yield from (" ".join(line.split()) for line in value.splitlines())


def said(answer: str) -> Iterator[str]:
    """The texts of a page, and what it has for those who listen or wait."""
    for text in [*ALOUD.findall(answer), *UNREAD.sub("\n", answer).split("\n")]:
        yield " ".join(unescape(text).split())


@pytest.mark.parametrize("block", PAGES, ids=str)
def test_no_page_says_a_standard_word(renamed: tuple[Estate, list[str]], block: Block) -> None:
    estate, not_ours = renamed
    found = {}
    for name, codes in block.lines:
        for view, code in zip(VIEWS, codes, strict=True):
            if code != "200" or view not in SIGNED_IN:
                continue
            answer = estate.send(view, "GET", estate.path(block.rule, name))
            estate.put_back()
            if answer.mimetype not in {"text/html", "application/json"}:
                continue
            for text in said(answer.text):
                left = text
                for one in not_ours if STANDARD.search(left) else ():
                    left = left.replace(one, "")
                if STANDARD.search(KEPT.sub("", left)):
                    found[text] = f"{name} as {view}"
    assert not found, "\n".join(f"HIT {where}: {text}" for text, where in found.items())


TELLING = frozenset({"NotFound", "Forbidden", "InvalidState", "Rejected", "TooLarge", "Conflict", "Unavailable"}) | {
    "Uncertain", "ValidationError", "fault", "flash", "worded",
}  # fmt: skip
"""What is called with a sentence for a person."""
ON_THE_SERVER = frozenset({"commands", "criteria", "demo", "migrations", "safekeeping", "config.py", "installation.py"})
"""What is read by whoever runs the server, or about files that use these words themselves."""
BRACED = re.compile(r"\{[A-Za-z ]+\}")


def sentences(path: Path) -> Iterator[tuple[int, str]]:
    """The sentences that a module has for people, by their lines."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in TELLING:
            for given in node.args:
                parts = given.values if isinstance(given, ast.JoinedStr) else [given]
                text = "".join(str(part.value) if isinstance(part, ast.Constant) else "\0" for part in parts)
                if " " in text:
                    yield node.lineno, text


def test_no_sentence_about_an_error_says_a_standard_word_outright() -> None:
    found, seen = [], 0
    for path in sorted((ROOT / "portfolio").rglob("*.py")):
        inside = path.relative_to(ROOT / "portfolio")
        if set(inside.parts) & ON_THE_SERVER:
            continue
        for line, text in sentences(path):
            seen += 1
            if STANDARD.search(KEPT.sub("", BRACED.sub("", text))):
                found.append(f"{inside}:{line}: {text}")
    assert seen > 200
    assert not found, "\n".join(found)
