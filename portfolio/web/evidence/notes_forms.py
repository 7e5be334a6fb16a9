"""The lines of a record as a form sends them: plain fields named by line and part, such as `notes-3-said`.

So a long record stays quick to draw and to read back, is kept as it is typed, and works line by line without a script.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wtforms import Field
from wtforms.utils import unset_value
from wtforms.widgets import TextArea

from portfolio.criteria.rules import Method
from portfolio.enrolment.queries import OwnCriterion
from portfolio.errors import Rejected
from portfolio.evidence.notes import NOTES_MOST, Note, Pair, faults, in_order, notes_of, time_in
from portfolio.web.forms import one_line, paragraphs
from portfolio.web.terms import told

PART = re.compile(r"notes-([0-9]{1,4})-(at|ask|said|codes)", re.ASCII)
SPARE, MORE = 3, 8
"""How many empty lines a page begins with, and how many more may be asked for at a time."""


class Codes:
    """How criteria are named in a line: `1.2, 1.3`, with the unit's code before them where several units have one."""

    def __init__(self, own: Sequence[OwnCriterion]) -> None:
        self._known = {(one.unit_code.casefold(), one.code.casefold()): (one.unit_code, one.code) for one in own}
        self._units = {one.unit_code.casefold(): one.unit_code for one in own}
        names = "|".join(re.escape(unit) for unit in sorted(self._units, key=len, reverse=True))
        self._token = re.compile(rf"(?:{names})(?![^\s,;:])|[^\s,;:]+" if names else r"[^\s,;:]+")

    def read(self, text: str) -> tuple[Pair, ...]:
        """The criteria that are named, each once. Raises Rejected for one that is not there, or could be two."""
        unit, found = "", []
        for token in self._token.findall(text.casefold()):
            if token in self._units:
                unit = token
            else:
                found.append(self._named(unit, token.strip(".")))
        return tuple(dict.fromkeys(found))

    def _named(self, unit: str, code: str) -> Pair:
        fitting = [key for key in self._known if key[1] == code and unit in {"", key[0]}]
        if not fitting:
            where = self._units[unit] if unit else "the {learner}’s {units}"
            raise Rejected(f"There is no criterion {code} in {where}.")
        if len(fitting) > 1:
            ways = " or ".join(" ".join(self._known[key]) for key in fitting)
            raise Rejected(f"Say of which {{unit}} {code} is: {ways}.")
        return self._known[fitting[0]]

    def write(self, pairs: Sequence[Pair]) -> str:
        """The same as text; the unit is named only to a learner of several."""
        by_unit: dict[str, list[str]] = {}
        for unit, code in pairs:
            by_unit.setdefault(unit, []).append(code)
        if len(self._units) == 1 and by_unit.keys() <= set(self._units.values()):
            return ", ".join(code for _unit, code in pairs)
        return "; ".join(f"{unit} {', '.join(codes)}" for unit, codes in by_unit.items())


@dataclass(slots=True)
class Line:
    """One line as it stands in the form; `wrong` says what is wrong with a part of it."""

    index: int | str
    at: str = ""
    ask: str = ""
    said: str = ""
    codes: str = ""
    wrong: dict[str, str] = field(default_factory=dict)
    type: str = "Line"

    @property
    def id(self) -> str:
        """Where its first fault is, for the summary."""
        return f"notes-{self.index}-{next(iter(self.wrong), 'said')}"

    @property
    def errors(self) -> list[str]:
        """What is wrong with it, for the summary."""
        return list(self.wrong.values())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it; a time alone is nothing."""
        return not (self.ask.strip() or self.said.strip() or self.codes.strip())


class NotesField(Field):
    """The lines of a record; its data is what a version keeps. `prepare` comes first."""

    widget: Any = TextArea()

    def __init__(self, label: str = "Notes", **options: Any) -> None:
        super().__init__(label, **options)
        self.entries: list[Line] = []
        self.spare = SPARE
        self._codes, self._method = Codes([]), Method.OBSERVATION

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Take in what was sent, or else what the record says."""
        self.process_errors = []
        self.data = self.object_data = [] if data is unset_value else list(data)
        self._sent = _sent_lines(formdata) if formdata else None

    def prepare(self, codes: Codes, method: Method) -> None:
        """Make the lines to be shown, for a learner's criteria and a kind of record."""
        self._codes, self._method = codes, method
        self.entries = self._sent if self._sent is not None else self._kept()

    def _kept(self) -> list[Line]:
        return [
            Line(number, note.at, note.ask, note.said, self._codes.write(note.criteria))
            for number, note in enumerate(notes_of(self.data))
        ]

    def add(self, *, ask: str, codes: str) -> None:
        """One more line."""
        self.entries.append(Line(self._next, ask=ask, codes=codes))

    @property
    def _next(self) -> int:
        return max((int(line.index) for line in self.entries), default=-1) + 1

    @property
    def rows(self) -> list[Line]:
        """The lines, some empty ones, and the pattern of a line for scripts, whose index is a letter."""
        spare = [Line(self._next + number) for number in range(self.spare)]
        return [*self.entries, *spare, Line("N")]

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Read every line. What is wrong is said at its line."""
        notes = [self._note(line) for line in self.entries]
        self.errors: Any = [line.errors for line in self.entries if line.errors]
        if len(notes) > NOTES_MOST:
            self.errors.append(f"A record takes at most {NOTES_MOST} lines. Begin a second one.")
        if not self.errors:
            self.data = [note.stored for note in in_order(notes)]
        return not self.errors

    def _note(self, line: Line) -> Note:
        criteria: tuple[Pair, ...] = ()
        at = line.at
        try:
            criteria = self._codes.read(line.codes)
        except Rejected as refused:
            line.wrong["codes"] = told(refused)
        try:
            at = time_in(self._method, line.at)
        except Rejected as refused:
            line.wrong["at"] = told(refused)
        note = Note(at, line.ask.strip() if self._method is Method.QUESTIONS else "", line.said.strip(), criteria)
        for part, sentence in faults(self._method, note):
            line.wrong.setdefault("codes" if part == "criteria" else part, sentence)
        return note


def _sent_lines(sent: Mapping[str, str]) -> list[Line]:
    """The lines that came, but for those with nothing in them, in the order of their numbers."""
    lines: dict[int, Line] = {}
    for name in sent:
        found = PART.fullmatch(name)
        if found:
            line = lines.setdefault(int(found[1]), Line(int(found[1])))
            clean = paragraphs if found[2] in {"ask", "said"} else one_line
            setattr(line, found[2], clean(sent[name]) or "")
    return [line for _index, line in sorted(lines.items()) if not line.is_empty]
