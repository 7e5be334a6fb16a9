"""Personal data in a text: every kind of rule proposes, overlaps are settled here, and mentions are linked."""

from portfolio.anonymise import anchors, gazetteers, layout, linking, people, structured
from portfolio.anonymise.findings import NOTHING_KNOWN, Candidate, Finding, Known

VERSION = "1"


def detect(text: str, known: Known = NOTHING_KNOWN) -> list[Finding]:
    """What was found, in order and without overlaps, with offsets in code points."""
    other = settled(structured.candidates(text))
    found = settled([*other, *people.candidates(text, known, other)])
    if known.leave_alone:
        alone = {gazetteers.fold(words) for words in known.leave_alone}
        found = [one for one in found if gazetteers.fold(text[one.start : one.end]) not in alone]
    anchors.forget()
    layout.cells.cache_clear()
    return [
        Finding(one.start, one.end, one.label, entity, one.confidence, one.reason)
        for one, entity in zip(found, linking.entities(text, found), strict=True)
    ]


def settled(proposed: list[Candidate]) -> list[Candidate]:
    """The candidates that stand once overlaps are settled: the surer first, then the longer, then the earlier."""
    kept: list[Candidate] = []
    taken: set[int] = set()
    for one in sorted(proposed, key=lambda one: (-one.confidence, one.start - one.end, one.start)):
        places = range(one.start, one.end)
        if places and taken.isdisjoint(places):
            taken.update(places)
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)
