"""What the book shows, as plain values: no database types, every word already chosen by who asks for the book.

`ref` names an evidence item, (`unit`, `code`) a criterion; both are unique in one book and links are made from them.
What may be long (items, files, audit rows) is an iterable that is read once, in order, while the book is written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portfolio.documents.blocks import Block, Extract, Picture
from portfolio.documents.wordbook.frame import Skeleton
from portfolio.documents.wordbook.glossary import Term


class Tone(StrEnum):
    """The colour of a word that says a state or a decision; the word always stands beside it."""

    MET = "met"
    MORE = "more"
    CLAIMED = "claimed"
    GAP = "gap"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with its value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class MatrixEntry:
    """One piece of evidence beside a criterion, with the decision that stands on it."""

    ref: str
    title: str
    method: str
    decision: str = ""
    tone: Tone = Tone.PLAIN
    decided_on: date | None = None
    initials: str = ""


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """`state` is the word for where the criterion stands; `note` a remark on it, such as a single source."""

    code: str
    text: str
    state: str
    tone: Tone = Tone.PLAIN
    entries: tuple[MatrixEntry, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class OutcomePart:
    """A learning outcome with its criteria."""

    code: str
    title: str
    criteria: tuple[CriterionRow, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A criterion that still needs something; `reason` says what, of the evidence `ref` where it is of one."""

    code: str
    text: str
    reason: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody wrote about a unit, or about the evidence `ref` for it, which is called `title`."""

    by: str
    role: str
    on: date | None
    blocks: tuple[Block, ...]
    ref: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """A line left for wet ink; `name` may stay empty."""

    role: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class UnitPart:
    """`note` says how far the criteria can be relied on, such as that they are a draft in our words; `sign_offs` who
    signed the unit off, or opened it again, in order; `signatures` lines for wet ink.
    """

    code: str
    title: str
    outcomes: tuple[OutcomePart, ...]
    facts: tuple[Fact, ...] = ()
    note: str = ""
    summary: str = ""
    sign_offs: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    signatures: tuple[SignatureLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Cited:
    """Criteria of one unit for which evidence was handed in; `note` is a remark on them."""

    unit: str
    codes: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A line of the evidence index. Without `in_book` the item has no page of its own and links lead to this line."""

    ref: str
    title: str
    method: str
    event_on: date | None = None
    criteria: tuple[Cited, ...] = ()
    held: str = ""
    sha256: str = ""
    in_book: bool = True


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A criterion that an item claims: how it is met, and what the assessor decided about it.

    `note` is a remark on the criterion, such as that it reads otherwise today.
    """

    unit: str
    code: str
    text: str
    annotation: str = ""
    place: str = ""
    decision: str = ""
    tone: Tone = Tone.PLAIN
    decided_on: date | None = None
    by: str = ""
    feedback: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReviewPart:
    """An assessor's word on one item: valid, authentic, reliable, current and sufficient; None is not said."""

    assessor: str
    role: str
    on: date | None
    valid: bool | None = None
    authentic: bool | None = None
    reliable: bool | None = None
    current: bool | None = None
    sufficient: bool | None = None
    feedback: str = ""
    countersigned: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What stands in a cell: words, perhaps of a colour, or leading to a unit; or references of evidence."""

    text: str = ""
    tone: Tone = Tone.PLAIN
    unit: str = ""
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter about the whole portfolio: sentences, a table (`shares` says how wide its columns are beside each
    other), lines to write on (`ruled` of them), and lines for signatures. `key` names it in links; rows that are signed
    have room for it.
    """

    key: str
    title: str
    lead: str = ""
    notes: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    shares: tuple[int, ...] = ()
    rows: tuple[tuple[Said, ...], ...] = ()
    is_signed: bool = False
    ruled: int = 0
    signatures: tuple[SignatureLine, ...] = ()


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file of an item, with what of it can be shown; `redacted` says how it was redacted, if it was."""

    name: str
    extract: Extract
    redacted: str = ""


@dataclass(frozen=True, slots=True)
class ItemPart:
    """One item: the header sheet, then its text (`body`, under `body_title`) and its files."""

    ref: str
    title: str
    facts: tuple[Fact, ...]
    claims: tuple[ClaimRow, ...] = ()
    reviews: tuple[ReviewPart, ...] = ()
    signatures: tuple[SignatureLine, ...] = ()
    body: tuple[Block, ...] = ()
    body_title: str = "Account"
    files: Iterable[FilePart] = ()


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One event of the trail."""

    seq: int
    at: datetime
    who: str
    role: str
    what: str


@dataclass(frozen=True, slots=True)
class AuditPart:
    """The trail of this portfolio with its signed head: `facts` carries head, signature and key as text."""

    rows: Iterable[AuditRow]
    facts: tuple[Fact, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """Everything the book shows. Times of the file itself come from `as_of`: same book, same bytes.

    `frame` is the centre's own template, None our own look; `fields` are further words for the fields in it, by name.
    """

    title: str
    qualification: str
    learner: str
    registration_number: str
    centre: str
    as_of: datetime
    facts: tuple[Fact, ...] = ()
    notice: str = ""
    opening: tuple[Section, ...] = ()
    units: tuple[UnitPart, ...] = ()
    index: tuple[IndexRow, ...] = ()
    items: Iterable[ItemPart] = ()
    closing: tuple[Section, ...] = ()
    audit: AuditPart | None = None
    glossary: tuple[Term, ...] = ()
    logo: Picture | None = None
    frame: Skeleton | None = None
    fields: tuple[Fact, ...] = ()
