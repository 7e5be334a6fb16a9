"""How an item was looked through for personal data, in the lines of its sheet in the Word book. Pure.

It is told what was found and decided, and by whom; never that nothing points to anybody.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from portfolio.anonymise.detect import VERSION
from portfolio.anonymise.findings import LABEL_WORDS
from portfolio.clock import UK
from portfolio.documents.wordbook.content import Fact
from portfolio.documents.wordbook.markup import long_date
from portfolio.export.looked_queries import Decided, FileLooked, LookedThrough
from portfolio.screening.rules import REASON_WORDS, Outcome


def looked_facts(looked: LookedThrough, contents: Collection[str], as_of: datetime) -> list[Fact]:
    """The lines of one item: its words were looked through as they were read for the book, its `contents` before."""
    files = [looked.files[sha256] for sha256 in dict.fromkeys(contents) if sha256 in looked.files]
    counts = Counter[str]()
    for one in looked.decided:
        counts[LABEL_WORDS[one.label].lower()] += max(one.places, 1)
    found = ", ".join(f"{sort} {count}" for sort, count in sorted(counts.items()))
    return [
        Fact("Looked through", " ".join([f"Words by release {VERSION} on {_day(as_of)}.", *_files(files)])),
        Fact("Found", found or "Nothing that had to be decided"),
        Fact("Replaced", _told(looked.decided, Outcome.REPLACED)),
        Fact("Kept", _told(looked.decided, Outcome.KEPT)),
        Fact("Checked by hand", _checked(files)),
    ]


def _files(files: Sequence[FileLooked]) -> Iterable[str]:
    by_release: dict[str, list[tuple[datetime, bool]]] = {}
    for one in files:
        if one.at is not None and one.release:
            by_release.setdefault(one.release, []).append((one.at, one.is_read))
    for release, looks in sorted(by_release.items()):
        last = "on" if len(looks) == 1 else "last on"
        unread = sum(1 for _at, is_read in looks if not is_read)
        part = f", {unread} not in full" if unread else ""
        day = _day(max(at for at, _is_read in looks))
        yield f"{_count(len(looks), 'file')} by release {release} {last} {day}{part}."


def _told(decided: Iterable[Decided], outcome: Outcome) -> str:
    """Who decided so, in how many places, when last and why."""
    people: dict[tuple[str, str, str], list[Decided]] = {}
    for one in decided:
        if one.outcome is outcome:
            why = REASON_WORDS[one.reason] if one.reason else ""
            people.setdefault((one.by, one.role, why), []).append(one)
    told = []
    for (name, role, why), acts in people.items():
        places = _count(sum(max(one.places, 1) for one in acts), "place")
        reason = f": {why[0].lower()}{why[1:]}" if why else ""
        told.append(f"{places} by {name} ({role}) on {_day(max(one.at for one in acts))}{reason}")
    return "; ".join(told)


def _checked(files: Iterable[FileLooked]) -> str:
    people: dict[str, list[datetime]] = {}
    for one in files:
        if one.checked_at is not None:
            people.setdefault(one.checked_by, []).append(one.checked_at)
    return "; ".join(f"{_count(len(times), 'file')} by {name} on {_day(max(times))}" for name, times in people.items())


def _count(count: int, word: str) -> str:
    return f"1 {word}" if count == 1 else f"{count} {word}s"


def _day(at: datetime) -> str:
    return long_date(at.astimezone(UK))
