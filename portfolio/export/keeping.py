"""Where an item is kept that does not lie in the book, and who has seen it there. Pure."""

from collections.abc import Mapping, Sequence

from portfolio.documents.wordbook.content import Fact
from portfolio.documents.wordbook.markup import long_date
from portfolio.evidence.queries import SightingRow


def kept_facts(custody: Mapping[str, str], sightings: Sequence[SightingRow], no: int) -> list[Fact]:
    """Nothing for what lies here; else where, with whom and why, and the sightings of version `no`."""
    if not custody:
        return []
    seen = [one for one in sightings if one.no == no]
    told = [f"{one.name} ({one.role}), {long_date(one.seen_on)}{f': {one.note}' if one.note else ''}" for one in seen]
    return [
        Fact("Kept at", custody["location"]),
        Fact("Kept by", custody["custodian"]),
        Fact("Why not in this book", custody["reason"]),
        Fact("Seen by", "; ".join(told) or "Nobody has recorded seeing it."),
    ]
