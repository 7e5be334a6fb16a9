"""The words of the packs are ours, and they leave nothing out: no run of five words is shared with a source page, and
every bullet of a page has an entry that names it.

The pages themselves are not kept here. `pages.json` holds, by their stem, how many bullets of each kind they have and
the digests of their runs of five words; `python tests/criteria/test_words.py FOLDER` makes it anew from the pages.
"""

import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import pytest

from portfolio.criteria.packs import PackUnit, read_pack, read_unit
from portfolio.criteria.rules import GuidanceKind

ROOT = Path(__file__).parents[2]
PAGES = Path(__file__).with_name("pages.json")
KEPT_BESIDE = ROOT.parent / "shared" / "units"
UNITS = sorted((ROOT / "criteria" / "units").glob("*.yaml"))
PACKS = sorted((ROOT / "criteria").glob("*.yaml"))

RUN = 5
DIGEST = 10
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
HEADINGS = {
    "Key Concepts": GuidanceKind.KEY_CONCEPT,
    "Key Concepts & Core Principles": GuidanceKind.KEY_CONCEPT,
    "Learning Objectives": GuidanceKind.OBJECTIVE,
    "Assessment Criteria": GuidanceKind.MARKING_POINT,
    "Examiner Marking Points": GuidanceKind.MARKING_POINT,
    "Assessment Guidance": GuidanceKind.TIP,
    "Exam Tips & Revision Strategies": GuidanceKind.TIP,
    "Common Mistakes": GuidanceKind.COMMON_MISTAKE,
    "Common Misconceptions & Mistakes to Avoid": GuidanceKind.COMMON_MISTAKE,
    "Before You Start": GuidanceKind.PREREQUISITE,
    "Key Terminology": GuidanceKind.TERM,
}


class Page(TypedDict):
    """What is kept of a source page: bullets by kind, and the sorted digests of its runs, end to end."""

    bullets: dict[str, int]
    runs: str


def runs_in(text: str) -> list[tuple[str, ...]]:
    """Every run of five words, without case, punctuation and apostrophes."""
    words = [re.sub("['’]", "", word) for word in WORD.findall(text.casefold())]
    return [tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1)]


def digest(run: tuple[str, ...]) -> str:
    """What stands for a run."""
    return hashlib.sha256(" ".join(run).encode()).hexdigest()[:DIGEST]


def kept_of(text: str) -> Page:
    """What is kept of a page."""
    bullets: Counter[str] = Counter()
    heading = ""
    for line in (line.strip() for line in text.splitlines()):
        if line in HEADINGS:
            heading = line
        elif line.startswith(("•", "- ")):
            is_misconception = line.lstrip("•- ").startswith("Misconception:")
            bullets[GuidanceKind.MISCONCEPTION if is_misconception else HEADINGS[heading]] += 1
    return Page(bullets=dict(sorted(bullets.items())), runs="".join(sorted({digest(run) for run in runs_in(text)})))


def pages() -> dict[str, Page]:
    """All pages that are kept, by stem."""
    kept: dict[str, Page] = json.loads(PAGES.read_text(encoding="utf-8"))
    return kept


def our_words(unit: PackUnit) -> Iterator[str]:
    """Every sentence of a unit; its title is a name and may stand anywhere."""
    yield unit.source
    for outcome in unit.outcomes:
        yield outcome.title
        yield from (criterion.text for criterion in outcome.criteria)
    yield from (hint.text for hint in unit.guidance)


def copied(sentences: Iterator[str]) -> list[str]:
    """The runs of five words that a source page has too, with the stem of the page."""
    theirs = {
        stem: {page["runs"][at : at + DIGEST] for at in range(0, len(page["runs"]), DIGEST)}
        for stem, page in pages().items()
    }
    runs = {run for sentence in sentences for run in runs_in(sentence)}
    return sorted(f"{stem}: {' '.join(run)}" for run in runs for stem, known in theirs.items() if digest(run) in known)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_shares_no_run_of_five_words_with_a_page(path: Path) -> None:
    assert copied(our_words(read_unit(path))) == []


def test_no_pack_shares_a_run_of_five_words_with_a_page() -> None:
    assert copied(read_pack(path).source for path in PACKS) == []


def test_a_copied_run_would_be_found() -> None:
    page = kept_of("Key Concepts\n• It’s five words, and more\n• The customer's own words")
    runs = {page["runs"][at : at + DIGEST] for at in range(0, len(page["runs"]), DIGEST)}
    assert page["bullets"] == {"key_concept": 2}
    assert digest(("its", "five", "words", "and", "more")) in runs
    assert all(digest(run) in runs for run in runs_in("its FIVE words - and “more”"))


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_every_bullet_of_the_pages_behind_a_unit_has_an_entry(path: Path) -> None:
    unit = read_unit(path)
    kept = pages()
    entries: dict[str, Counter[str]] = {}
    for hint in unit.guidance:
        for stem in hint.sources:
            assert stem in kept, f"“{stem}” is no page"
            entries.setdefault(stem, Counter())[hint.kind] += 1
    assert entries
    for stem, found in entries.items():
        missing = Counter(kept[stem]["bullets"]) - found
        assert not missing, f"{stem} has bullets without an entry: {dict(missing)}"


def test_both_pages_of_the_first_unit_are_behind_it() -> None:
    unit = read_unit(ROOT / "criteria" / "units" / "handle-referred-customer-complaints.yaml")
    stems = {stem for hint in unit.guidance for stem in hint.sources}
    page = "icq-handle-referred-customer-complaints"
    assert stems == {page, f"{page}-short"}
    assert [sum(pages()[stem]["bullets"].values()) for stem in sorted(stems)] == [24, 13]


def test_what_is_kept_agrees_with_the_pages_where_they_stand_beside_the_project() -> None:
    kept = pages()
    for path in KEPT_BESIDE.glob("*.txt"):
        assert kept[path.stem] == kept_of(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    made = {path.stem: kept_of(path.read_text(encoding="utf-8")) for path in sorted(Path(sys.argv[1]).glob("*.txt"))}
    PAGES.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
