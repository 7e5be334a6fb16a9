"""The words of the packs are ours: no run of five words is shared with a source page.

The pages themselves are not kept here. `pages.json` holds, by their stem, the digests of their runs of five words;
`python tests/criteria/test_words.py FOLDER` makes it anew from the pages.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portfolio.criteria.contents import PackUnit
from portfolio.criteria.packs import read_pack, read_unit

ROOT = Path(__file__).parents[2]
PAGES = Path(__file__).with_name("pages.json")
KEPT_BESIDE = ROOT.parent / "shared" / "units"
UNITS = sorted((ROOT / "criteria" / "units").glob("*.yaml"))
PACKS = sorted((ROOT / "criteria").glob("*.yaml"))

RUN = 5
DIGEST = 10
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def runs_in(text: str) -> list[tuple[str, ...]]:
    """Every run of five words, without case, punctuation and apostrophes."""
    words = [re.sub("['’]", "", word) for word in WORD.findall(text.casefold())]
    return [tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1)]


def digest(run: tuple[str, ...]) -> str:
    """What stands for a run."""
    return hashlib.sha256(" ".join(run).encode()).hexdigest()[:DIGEST]


def kept_of(text: str) -> str:
    """What is kept of a page: the sorted digests of its runs, end to end."""
    return "".join(sorted({digest(run) for run in runs_in(text)}))


def digests_in(kept: str) -> set[str]:
    """The digests in what is kept of a page."""
    return {kept[at : at + DIGEST] for at in range(0, len(kept), DIGEST)}


def pages() -> dict[str, str]:
    """All pages that are kept, by stem."""
    kept: dict[str, str] = json.loads(PAGES.read_text(encoding="utf-8"))
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
    theirs = {stem: digests_in(page) for stem, page in pages().items()}
    runs = {run for sentence in sentences for run in runs_in(sentence)}
    return sorted(f"{stem}: {' '.join(run)}" for run in runs for stem, known in theirs.items() if digest(run) in known)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_shares_no_run_of_five_words_with_a_page(path: Path) -> None:
    assert copied(our_words(read_unit(path))) == []


def test_no_pack_shares_a_run_of_five_words_with_a_page() -> None:
    packs = [read_pack(path) for path in PACKS]
    assert copied(words for pack in packs for words in (pack.source, pack.reference_note)) == []


def test_a_copied_run_would_be_found() -> None:
    runs = digests_in(kept_of("Key Concepts\n• It’s five words, and more\n• The customer's own words"))
    assert digest(("its", "five", "words", "and", "more")) in runs
    assert all(digest(run) in runs for run in runs_in("its FIVE words - and “more”"))


def test_what_is_kept_agrees_with_the_pages_where_they_stand_beside_the_project() -> None:
    kept = pages()
    for path in KEPT_BESIDE.glob("*.txt"):
        assert kept[path.stem] == kept_of(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    made = {path.stem: kept_of(path.read_text(encoding="utf-8")) for path in sorted(Path(sys.argv[1]).glob("*.txt"))}
    PAGES.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
