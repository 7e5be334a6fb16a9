"""What goes into a Word portfolio, text by text, and the places that hold one back. Pure.

Whatever the book shows of what people wrote is here, in the very words that are written: an item's own texts and what
others said of it, and the reasons of units. The words of the qualification and the names of the portfolio's own people
are not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portfolio.anonymise.findings import Label
from portfolio.anonymise.together import Placed
from portfolio.evidence.queries import ItemRow
from portfolio.export.queries import Source
from portfolio.export.sheets import Claimed, claims_by_item, counting, standing_of
from portfolio.screening.decided import UNDECIDED, Ruling, Rulings
from portfolio.screening.rules import IN_THE_WAY, State

WHERE = {
    "version.title": "Title",
    "version.context": "What happened",
    "version.role": "Part in it",
    "version.body": "Text",
    "version.custody": "Where it is kept",
    "version.note": "Lines of the record",
    "file": "Name of a file",
    "claim.annotation": "How it shows a criterion",
    "claim.place": "Where it shows a criterion",
    "review": "Feedback",
    "judgement": "Feedback on a criterion",
    "sighting": "Note on seeing it",
    "amendment": "Why it was amended",
    "decision": "Reason given for the unit",
    "submission": "Questions before handing in",
    "content": "Content of a file",
    "waiting": "Content of a file, still being looked through",
    "unread": "A file that cannot be read here, and that nobody has checked",
}
"""What a place is called, by its kind; standard words stand in braces."""
OF_ITEM = frozenset({"version", "file", "claim"})
"""Places whose words are the item's own; all others are somebody else's."""
IN_FILES = frozenset({"content", "waiting", "unread"})

Find = Callable[[Mapping[str, str]], Sequence[Placed]]
"""Looks texts through that belong together."""
Token = Callable[[Label, str], str]
"""What stands for words that are not kept."""


@dataclass(frozen=True, slots=True)
class Going:
    """The texts of one item that go into a book, or of the decisions on a unit (then `evidence_id` is 0), by place."""

    subject: str
    evidence_id: int
    ref: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Hit:
    """What may point to a real person: text[start:end] of its place, by its sort and the token of its words."""

    start: int
    end: int
    label: Label
    token: str


Stand = Callable[[str, Hit, bool], State]
"""How something that was found in a place stands, given whether it is somebody of the portfolio's own."""


@dataclass(frozen=True, slots=True)
class Held:
    """A place that holds a book back. Of a file, `hits` are empty: they are in what was found in its content.

    `place` names table, row and field, or a content by its hash; it holds no word of anybody.
    """

    subject: str
    evidence_id: int
    ref: str
    place: str
    count: int
    hits: tuple[Hit, ...] = ()

    @property
    def kind(self) -> str:
        """What it is a place in."""
        return self.place.split(":")[0]

    @property
    def row(self) -> int:
        """The row that has its words."""
        return int(self.place.split(":")[1])

    @property
    def field(self) -> str:
        """What of the row."""
        return self.place.split(":", 2)[2]

    @property
    def decided_as(self) -> str:
        """Under what a decision about it is kept."""
        return decided_as(self.subject, self.place)

    @property
    def where(self) -> str:
        """What the place is called."""
        field = self.field.split(":")[0] if self.place.count(":") > 1 else ""
        return WHERE.get(f"{self.kind}.{field}") or WHERE[self.kind]

    @property
    def as_json(self) -> dict[str, Any]:
        """As a book keeps it."""
        hits = [[hit.start, hit.end, hit.label.value, hit.token] for hit in self.hits]
        return {
            "subject": self.subject,
            "evidence": self.evidence_id,
            "ref": self.ref,
            "place": self.place,
            "count": self.count,
            "hits": hits,
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Held":
        """What a book keeps."""
        hits = tuple(Hit(start, end, Label(label), token) for start, end, label, token in kept["hits"])
        return cls(kept["subject"], kept["evidence"], kept["ref"], kept["place"], kept["count"], hits)


def decided_as(subject: str, place: str) -> str:
    """Under what a decision about a place is kept: an item's own words and files under the item, and what somebody else
    said of it under that, so that keeping words there lets them through nowhere else.
    """
    kind, row = place.split(":")[:2]
    return subject if kind in OF_ITEM | IN_FILES else f"{kind}:{row}"


def ruled(rulings: Rulings, subject: str, place: str, token: str) -> tuple[tuple[str, str], Ruling]:
    """What holds for words in a place, and by what: decided for that place, or else for the whole item."""
    own, of_item = (decided_as(subject, place), token), (subject, token)
    key = own if rulings.get(own, UNDECIDED).outcome else of_item
    return key, rulings.get(key, UNDECIDED)


def self_check_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """What was asked and answered before handing in, as one text."""
    return "\n".join(str(value) for row in rows for value in row.values())


def going_in(source: Source) -> Iterator[Going]:
    """Every item with its texts as the book shows them, then the units on which something was decided with a reason."""
    claimed = claims_by_item(source)
    for item in source.items:
        texts = {place: text for place, text in _texts(source, item, claimed.get(item.evidence_id, ())) if text.strip()}
        yield Going(source.uids[item.evidence_id], item.evidence_id, item.ref, texts)
    for unit in source.units:
        for one in source.sign_offs.get(unit.enrolment_unit_id, ()):
            if one.reason.strip():
                yield Going(one.uid, 0, unit.code, {f"decision:{one.id}:reason": one.reason})


def _texts(source: Source, item: ItemRow, claims: Sequence[Claimed]) -> Iterator[tuple[str, str]]:
    yield from _own(source, item, claims)
    if item.is_hidden:
        return
    for review in counting(source, item):
        yield f"review:{review.id}:feedback", review.feedback
    for one in claims:
        said = standing_of(source, one.claim)
        if said is not None:
            yield f"judgement:{said.id}:feedback", said.feedback
    for sighting in source.sightings.get(item.evidence_id, ()):
        yield f"sighting:{sighting.id}:note", sighting.note
    for amended in source.amendments.get(item.version_id, ()):
        yield f"amendment:{amended.id}:reason", amended.reason


def _own(source: Source, item: ItemRow, claims: Sequence[Claimed]) -> Iterator[tuple[str, str]]:
    """The item's own texts, in the order in which its maker's page has them."""
    text, version = source.texts[item.version_id], f"version:{item.version_id}"
    yield f"{version}:title", "" if item.is_hidden else item.title
    yield f"{version}:context", text.context
    yield f"{version}:role", text.role
    yield f"{version}:body", text.body
    for key, said in text.custody.items():
        yield f"{version}:custody:{key}", str(said)
    for number, note in enumerate(text.notes):
        yield f"{version}:note:{number}:ask", note.ask
        yield f"{version}:note:{number}:said", note.said
    for file in source.files.get(item.version_id, ()):
        yield f"file:{file.id}:name", file.name
    for one in claims:
        yield f"claim:{one.claim.claim_id}:annotation", one.claim.annotation
        yield f"claim:{one.claim.claim_id}:place", one.claim.place


def found_in(
    going: Going, find: Find, token: Token, is_ours: Callable[[Label, Sequence[str]], bool], state: Stand
) -> list[tuple[str, Hit, State]]:
    """All that was found in the texts, each with its place and how it stands."""
    found = find(going.texts)
    mentions: dict[tuple[Label, str], list[str]] = {}
    for one in found:
        mentions.setdefault((one.finding.label, one.finding.entity), []).append(one.words)
    ours = {whose: is_ours(whose[0], words) for whose, words in mentions.items()}
    hits = []
    for one in found:
        label = one.finding.label
        hit = Hit(one.finding.start, one.finding.end, label, token(label, one.words))
        hits.append((one.place, hit, state(one.place, hit, ours[label, one.finding.entity])))
    return hits


def held_in(going: Going, found: Sequence[tuple[str, Hit, State]]) -> list[Held]:
    """The places with something of which nobody has said that it may stay."""
    by_place: dict[str, list[Hit]] = {}
    for place, hit, state in found:
        if state in IN_THE_WAY:
            by_place.setdefault(place, []).append(hit)
    return [
        Held(going.subject, going.evidence_id, going.ref, place, len(listed), tuple(listed))
        for place, listed in by_place.items()
    ]


def by_label(held: Sequence[Held]) -> dict[str, int]:
    """How many hits there are of each sort, for the trail."""
    counts: dict[str, int] = {}
    for hit in (hit for one in held for hit in one.hits):
        counts[hit.label.value] = counts.get(hit.label.value, 0) + 1
    return dict(sorted(counts.items()))


def sentence(held: Sequence[Held]) -> str:
    """Why a book was not made, without a word of what was found."""
    refs = list(dict.fromkeys(one.ref for one in held))
    named = ", ".join(refs[:NAMED_MOST]) + (f" and {len(refs) - NAMED_MOST} more" if len(refs) > NAMED_MOST else "")
    places = "1 place" if len(held) == 1 else f"{len(held)} places"
    return f"Held: {places} in {named} may point to a real person, or could not be looked through yet."


NAMED_MOST = 6
"""How many items are named one by one."""
