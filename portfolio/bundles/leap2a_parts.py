"""A portfolio as a Leap2A file holds it: what the Word book shows, with the files themselves. Pure.

Nothing of an item that is hidden goes in; its reference stays in the matrix, as in the book.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from portfolio.assessment.queries import CriterionCoverage, UnitCoverage
from portfolio.bundles.archive import Names
from portfolio.bundles.outcome import Tell
from portfolio.clock import UK
from portfolio.criteria.rules import METHOD_WORDS
from portfolio.documents.blocks import Block, Heading, ListItem, Paragraph, Run, Table, plain
from portfolio.documents.leap2a.content import Note, Page, Person, Portfolio, Post, Resource
from portfolio.documents.wordbook.content import ClaimRow, Fact, ReviewPart, UnitPart
from portfolio.documents.wordbook.markup import long_date, short_date
from portfolio.evidence.queries import ItemRow
from portfolio.export.book import book_from
from portfolio.export.queries import FileText, ReviewText, Source
from portfolio.export.sheets import (
    Claimed,
    Item,
    called,
    claims_by_item,
    counting,
    day_of,
    decision_of,
    paragraphs,
    standing_of,
    worded,
)
from portfolio.mapping.coverage import STATE_WORDS

FILES = "files"
HOLDS = "It holds what was handed in, and what was decided about it."
MATRIX_HEAD = ("Criterion", "State", "Evidence", "Decision", "Decided by", "Date")
CLAIMS_HEAD = ("Criterion", "How it is met", "Where", "Decision", "Decided by", "Date")
FEEDBACK_HEAD = ("Criterion", "Decision", "Feedback")
NOTE_HEAD = ("Criterion", "How it is met", "Where")
_SAID = {None: "", True: "Yes", False: "No"}


@dataclass(frozen=True, slots=True)
class FileIn:
    """A file of the archive: its entry, and its content's address in the store."""

    entry: Resource
    sha256: str


class Parts:
    """The parts of one portfolio's file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._book, items = book_from(source)
        shown = [row for row in source.items if source.has_pages(row)]
        self._items = [(row, item) for row, item in zip(shown, items, strict=True) if not row.is_hidden]
        self._claims = claims_by_item(source)
        self._files: dict[tuple[str, str], FileIn] = {}
        self._of_item: dict[int, tuple[str, ...]] = {}
        names = Names()
        for row, item in self._items:
            self._of_item[row.evidence_id] = tuple(self._file(row, file, names) for file in item.files)

    @property
    def items(self) -> int:
        """How many items there are."""
        return len(self._items)

    @property
    def steps(self) -> int:
        """How many there are to be told of: each item, then each file."""
        return self.items + len(self._files)

    @property
    def files(self) -> Sequence[FileIn]:
        """Each file once; one that two items have under the same name is attached to both."""
        return list(self._files.values())

    def portfolio(self, tell: Tell) -> Portfolio:
        """All of it. Items become text one by one, while the file is written; `tell` is told of each."""
        source, enrolment = self._source, self._source.enrolment
        day = long_date(source.as_of.astimezone(UK).date())
        part = f"{worded(source, source.choice.sentence)}." if source.choice.sentence else ""
        qualification, evidence = enrolment.qualification.title, called(source, "Evidence")
        named = f"{called(source, 'Portfolio')} of {enrolment.learner.name}"
        return Portfolio(
            key=enrolment.uid.lower(),
            title=f"{named}, {day}",
            at=source.as_of,
            person=Person(enrolment.learner.name, enrolment.learner.email),
            folder=f"{evidence}: {qualification}",
            journal=f"{evidence} and feedback: {qualification}",
            about=" ".join(filter(None, (f"{named}: {qualification}, {enrolment.centre.name}, {day}.", HOLDS, part))),
            files=[file.entry for file in self._files.values()],
            posts=self._posts(tell),
            pages=[self._page(unit, part) for unit, part in zip(source.units, self._book.units, strict=True)],
        )

    def _file(self, row: ItemRow, file: FileText, names: Names) -> str:
        """The id of a file's entry, which is made when there is none yet."""
        key = file.sha256, file.name
        if key not in self._files:
            path = f"{FILES}/{names.name(row.ref, _ascii(file.name.rpartition('.')[0] or file.name), ending=file.name)}"
            at = self._source.texts[row.version_id].submitted_at
            note = f"{row.ref} {row.title}{f'. {file.redacted}' if file.redacted else ''}"
            title = f"{row.ref} {file.name}"
            entry = Resource(f"file-{file.id}", title, path, file.media_type, file.size, at, note, (row.ref,))
            self._files[key] = FileIn(entry, file.sha256)
        return self._files[key].entry.id

    def _posts(self, tell: Tell) -> Iterator[Post]:
        for number, (row, item) in enumerate(self._items):
            tell(number, self.steps, row.ref)
            yield self._post(row, item)
            yield from self._feedback(row, item)

    def _post(self, row: ItemRow, item: Item) -> Post:
        sheet, text = item.with_text(), self._source.texts[row.version_id]
        body: list[Block] = [*_facts(sheet.facts)]
        if sheet.body:
            body += (_titled(sheet.body_title), *sheet.body)
        if sheet.claims:
            body += (_titled("Criteria claimed"), _table(CLAIMS_HEAD, map(_claimed, sheet.claims)))
        units = dict.fromkeys(one.unit for one in self._claims.get(row.evidence_id, ()))
        return Post(
            id=_item_id(self._source, row),
            title=f"{row.ref} {row.title}",
            at=text.submitted_at,
            body=tuple(body),
            by=text.author,
            event_on=row.event_on,
            files=self._of_item[row.evidence_id],
            tags=(row.ref, METHOD_WORDS[row.method], *units),
        )

    def _feedback(self, row: ItemRow, item: Item) -> Iterator[Post]:
        reviews = counting(self._source, row)
        for review, part in zip(reviews, item.sheet.reviews, strict=True):
            yield Post(
                id=_review_id(review),
                title=_feedback_title(row),
                at=review.released_at,
                body=tuple(self._said(row, review, part)),
                by=part.assessor,
                tags=(row.ref, "Feedback"),
            )

    def _said(self, row: ItemRow, review: ReviewText, part: ReviewPart) -> Iterator[Block]:
        """Who said it and when stands in the text: what else names its author gets lost on the way."""
        said_on = long_date(part.on) if part.on else ""
        yield Paragraph((Run(", ".join(filter(None, (part.assessor, part.role, said_on))), bold=True),))
        if part.countersigned:
            yield Paragraph(plain(f"Countersigned: {part.countersigned}"))
        ticks = {
            "Valid": part.valid, "Authentic": part.authentic, "Reliable": part.reliable, "Current": part.current,
            "Sufficient": part.sufficient,
        }  # fmt: skip
        yield from _facts([Fact(word, _SAID[tick]) for word, tick in ticks.items()])
        yield from paragraphs(part.feedback)
        rows = []
        for one in self._claims.get(row.evidence_id, ()):
            said = standing_of(self._source, one.claim)
            if said is not None and said.review_id == review.id:
                rows.append((_criterion(one.unit, one.code, one.text), decision_of(one.claim)[0], said.feedback))
        if rows:
            yield _table(FEEDBACK_HEAD, rows)

    def _page(self, unit: UnitCoverage, part: UnitPart) -> Page:
        claimed = {
            row.evidence_id: [one for one in self._claims.get(row.evidence_id, ()) if one.unit == unit.code]
            for row, _item in self._items
        }
        rows = [row for row, _item in self._items if claimed[row.evidence_id]]
        posts = []
        for row in rows:
            posts.append((_item_id(self._source, row), f"{row.ref} {row.title}"))
            posts += [(_review_id(review), _feedback_title(row)) for review in counting(self._source, row)]
        notes = (self._note(unit, row, claimed[row.evidence_id]) for row in rows)
        return Page(
            id=f"unit-{unit.enrolment_unit_id}",
            title=f"{unit.code} {unit.title}",
            summary=part.summary,
            body=tuple(_unit(unit, part)),
            files=tuple(dict.fromkeys(id_ for row in rows for id_ in self._of_item[row.evidence_id])),
            posts=tuple(posts),
            notes=tuple(note for note in notes if note is not None),
            tags=(unit.code,),
        )

    def _note(self, unit: UnitCoverage, row: ItemRow, claims: Sequence[Claimed]) -> Note | None:
        """How an item shows the criteria of a unit, where somebody wrote that."""
        said = [one for one in claims if one.claim.annotation.strip() or one.claim.place.strip()]
        lines = [(_criterion(one.unit, one.code, one.text), one.claim.annotation, one.claim.place) for one in said]
        if not lines:
            return None
        return Note(
            id=f"note-{unit.enrolment_unit_id}-{self._source.uids[row.evidence_id].lower()}",
            title=f"How {row.ref} shows {unit.code}",
            at=self._source.texts[row.version_id].submitted_at,
            body=(_table(NOTE_HEAD, lines),),
        )


def _unit(unit: UnitCoverage, part: UnitPart) -> Iterator[Block]:
    yield from _facts(part.facts)
    yield from (Paragraph(plain(words)) for words in (part.note, part.summary, *part.sign_offs) if words)
    for outcome in unit.outcomes:
        yield _titled(f"{outcome.code} {outcome.title}")
        yield _table(MATRIX_HEAD, (row for covered in outcome.criteria for row in _matrix(covered)))
    if part.gaps:
        yield _titled("Still needed")
        yield from (ListItem(plain(f"{gap.code} {gap.text}: {gap.reason}")) for gap in part.gaps)


def _matrix(covered: CriterionCoverage) -> Iterator[tuple[str, ...]]:
    """A line for each piece of evidence at a criterion, and one that says how it stands where there is none."""
    start = (f"{covered.criterion.code} {covered.criterion.text}", STATE_WORDS[covered.standing.state])
    for claim in covered.claims:
        evidence = f"{claim.ref}, {METHOD_WORDS[claim.method]}"
        by = claim.decided_by if claim.decision is not None else ""
        yield (*start, evidence, decision_of(claim)[0], by, short_date(day_of(claim.decided_at)))
    if not covered.claims:
        yield (*start, "", "", "", "")


def _claimed(one: ClaimRow) -> tuple[str, ...]:
    where = _criterion(one.unit, one.code, one.text)
    said = f"{where} ({one.note})" if one.note else where
    return (said, one.annotation, one.place, one.decision, one.by, short_date(one.decided_on))


def _facts(facts: Sequence[Fact]) -> Iterator[Block]:
    for fact in facts:
        if fact.value:
            yield ListItem((Run(f"{fact.label}: ", bold=True), Run(fact.value)))


def _titled(words: str) -> Heading:
    return Heading(1, plain(words))


def _table(head: Sequence[str], rows: Iterable[tuple[str, ...]]) -> Table:
    return Table(tuple(tuple(plain(cell) for cell in row) for row in (tuple(head), *rows)))


def _criterion(unit: str, code: str, text: str) -> str:
    return f"{unit} {code} {text}"


def _feedback_title(row: ItemRow) -> str:
    return f"Feedback on {row.ref} {row.title}"


def _item_id(source: Source, row: ItemRow) -> str:
    return f"item-{source.uids[row.evidence_id].lower()}"


def _review_id(review: ReviewText) -> str:
    return f"review-{review.id}"


def _ascii(name: str) -> str:
    """A name in letters without their marks; others go."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
