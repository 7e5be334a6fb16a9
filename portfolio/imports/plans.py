"""What a list would do, row by row: worked out anew whenever it is looked at, and carried out only as it was shown."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from portfolio.accounts.rules import normal_email
from portfolio.audit.events import Doer, facts_digest
from portfolio.centres.models import Centre
from portfolio.criteria.differences import in_words
from portfolio.documents.csv_lists import CsvList, Row
from portfolio.errors import Rejected
from portfolio.imports.days import read_day
from portfolio.imports.matching import Matching, labels_of
from portfolio.imports.rules import Fate, ImportKind

EMAIL_MOST = 254

CarryOut = Callable[[Session, Doer, Centre, bool], None]
"""Do what a plan shows, in the session's transaction. The last: whether invitations are sent at once."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps a row out: the column's heading in the file, and what to do about it."""

    column: str
    what: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row: where it stands in the file, whom or what it is about, and what becomes of it."""

    number: int
    who: str
    fate: Fate
    said: str
    faults: tuple[Fault, ...]
    remarks: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a list would do, and how to do it."""

    kind: ImportKind
    headings: tuple[str, ...]
    lines: tuple[Line, ...]
    carry_out: CarryOut

    @property
    def counts(self) -> Counter[Fate]:
        """How many rows have each fate."""
        return Counter(line.fate for line in self.lines)

    @property
    def ambiguous(self) -> int:
        """How many rows hold something that can be read in two ways."""
        return sum(any(remark.startswith(READ_AS) for remark in line.remarks) for line in self.lines)

    @property
    def does_something(self) -> bool:
        """Whether there is something to make or to change, and nothing in the way."""
        counts = self.counts
        return not counts[Fate.BAD] and bool(counts[Fate.NEW] or counts[Fate.CHANGE])

    @property
    def digest(self) -> str:
        """What was shown, in short: another plan has another one."""
        return facts_digest({"lines": [[line.number, line.who, line.fate, line.said] for line in self.lines]})


READ_AS = "Read as "


class Cells:
    """The cells of one row by the names of our columns, and what is found wrong with them on the way."""

    def __init__(self, kind: ImportKind, sheet: CsvList, matching: Matching, row: Row) -> None:
        self.row = row
        self._headings = sheet.headings
        self._matching = matching
        self._labels = labels_of(kind)
        self.faults: list[Fault] = []
        self.remarks: list[str] = []
        if row.has_more:
            what = "There are more cells than headings: something that parts cells stands in one. Put it in quotes."
            self.faults.append(Fault("", what))

    def text(self, name: str) -> str:
        """What stands in the column; nothing where the list has no such column."""
        place = self._matching.get(name)
        return self.row.cells[place] if place is not None else ""

    def has(self, name: str) -> bool:
        """Whether the list has the column."""
        return name in self._matching

    def needed(self, name: str, most: int) -> str:
        """Text that must be there, of a length that can be kept."""
        text = self.text(name)
        if not text:
            self.fault(name, "This is empty. Fill it in.")
        elif len(text) > most:
            self.fault(name, f"This has {len(text)} characters. Keep it to {most}.")
        return text

    def email(self, name: str) -> str:
        """An address in the form in which it is kept; empty with a fault when it is none."""
        text = self.text(name)
        if not text:
            self.fault(name, "There is no address. Fill it in.")
            return ""
        address = normal_email(text)
        try:
            validate_email(address, check_deliverability=False)
        except EmailNotValidError:
            self.fault(name, f"“{text}” is no whole e-mail address, such as name@example.org.")
            return ""
        if len(address) > EMAIL_MOST:
            self.fault(name, f"Keep the address to {EMAIL_MOST} characters.")
            return ""
        return address

    def day(self, name: str) -> date | None:
        """A day; None where there is none, and with a fault where it cannot be read."""
        text = self.text(name)
        if not text:
            return None
        try:
            day = read_day(text)
        except Rejected as refused:
            self.fault(name, refused.sentence)
            return None
        if day.is_ambiguous:
            self.remarks.append(f"{READ_AS}{in_words(day.on)}: “{text}”, the day first.")
        return day.on

    def fault(self, name: str, what: str) -> None:
        """Something is wrong in a column; where the list lacks it, our own words for it are named."""
        place = self._matching.get(name)
        self.faults.append(Fault(self._labels[name] if place is None else self._headings[place], what))

    def line(self, who: str, fate: Fate, said: str) -> Line:
        """The row as it is shown: with a fault it is bad, whatever else."""
        if self.faults:
            fate, said = Fate.BAD, ""
        return Line(self.row.line, who, fate, said, tuple(self.faults), tuple(self.remarks), self.row.cells)
