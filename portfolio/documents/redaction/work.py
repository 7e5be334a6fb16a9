"""What every redactor of a format works with: it shows each text it comes by, and is told what stands there then.

The same walk through a file reads it: without swaps nothing changes, and every text that the format holds is known
afterwards, with whether people see it when they open the file.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portfolio.documents.redaction.matching import Match, Matcher
from portfolio.documents.redaction.plan import Box, Plan, Report, Silence, Unread, Why

MOST_DEPTH = 4
MOST_INSIDE = 300 * 1000**2
INSIDE_SECONDS = 45.0
"""How long another program may be at work on a file inside this one."""
MOST_TEXT = 20_000_000
"""How many characters of one file are looked at."""

TOO_LONG = "Reading all of this file takes too long."


class Refused(Exception):
    """The file cannot be redacted; the sentence is for a person."""


class Unknown(Refused):
    """The file is of a kind that nothing here reads."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text that a file holds: where, in plain words (“Comments”, “Header”, “Page 3”), and whether people see it."""

    place: str
    words: str
    is_seen: bool


@dataclass(frozen=True, slots=True)
class Inner:
    """A file inside another one, redacted: its bytes, its name and its kind from now on."""

    data: bytes
    name: str
    media_type: str


Redactor = Callable[[bytes, str, "Work"], Inner]
"""Redacts a file inside another one: its bytes and its name. Raises Refused."""


class Work:
    """One file at work, with all that lies inside it: counts, notes and texts go into one report."""

    def __init__(
        self, plan: Plan, redactor: Redactor, *, keeps_texts: bool = False, seconds: float | None = None
    ) -> None:
        self.plan = plan
        self._ends = None if seconds is None else time.monotonic() + seconds
        self.report = Report(media_type="")
        self.texts: list[Text] = []
        self._matcher = Matcher(plan.swaps)
        self._counts: Counter[str] = Counter()
        self._redactor, self._keeps = redactor, keeps_texts
        self._depth = self._inside = self._said = 0
        self._place = ""

    @property
    def only_reads(self) -> bool:
        """Whether only the texts are wanted: then nothing has to be written that takes long, and nothing is painted."""
        return self._keeps

    @property
    def boxes(self) -> tuple[Box, ...]:
        """What was drawn on the pages of the file itself; nothing of what lies inside it."""
        return () if self._depth else self.plan.boxes

    @property
    def silences(self) -> tuple[Silence, ...]:
        """What was chosen of the recording itself."""
        return () if self._depth else self.plan.silences

    def within(self, most: float) -> float:
        """How many seconds a part of the work may take that could take so many: fewer inside another file, and no more
        than are left.
        """
        most = min(most, INSIDE_SECONDS) if self._depth else most
        return most if self._ends is None else max(1.0, min(most, self._ends - time.monotonic()))

    def find(self, text: str, place: str, *, is_seen: bool = True) -> list[Match]:
        """Show a whole text, such as a paragraph whatever runs it is made of; answers what of it goes, in order.

        Each is counted as replaced: the caller puts `match.swap.stand_in` there. Raises Refused when the file holds
        more text than can be looked at, and when time is up.
        """
        if self._ends is not None and time.monotonic() > self._ends:
            raise Refused(TOO_LONG)
        self._said += len(text)
        if self._said > MOST_TEXT:
            raise Refused("There is more text in this file than can be looked through.")
        if self._keeps and text.strip():
            self.texts.append(Text(self._called(place), text, is_seen))
        found = self._matcher.find(text)
        self._counts.update(match.swap.label for match in found)
        return found

    def held(self, text: str) -> int:
        """How much of a text goes, without showing it or counting that as replaced."""
        return len(self._matcher.find(text))

    def words(self, text: str, place: str, *, is_seen: bool = True) -> str:
        """What a text says from now on."""
        return replaced(text, self.find(text, place, is_seen=is_seen))

    def painted(self, count: int = 1) -> None:
        """So many boxes were painted over."""
        self.report.boxes += count

    def silenced(self, seconds: float) -> None:
        """So many seconds of a recording were silenced."""
        self.report.seconds += seconds

    def gone(self, what: str) -> None:
        """Something that people do not see was taken out: a few plain words, said once however often it happens."""
        if what not in self.report.gone:
            self.report.gone.append(what)

    def unread(self, place: str, why: Why) -> None:
        """Something could not be looked through."""
        one = Unread(self._called(place), why)
        if one not in self.report.unread:
            self.report.unread.append(one)

    def inside(self, data: bytes, name: str, place: str) -> Inner | None:
        """A file inside this one (an attachment, a picture, a member of an archive), redacted; None when it cannot be:
        then the caller leaves it out, and that is noted here already. Raises Refused when it is all too much.
        """
        self._inside += len(data)
        if self._inside > MOST_INSIDE:
            raise Refused("There is more inside this file than can be looked through.")
        if self._depth >= MOST_DEPTH:
            self.unread(place, Why.KIND)
            return None
        before, self._place, self._depth = self._place, self._called(place), self._depth + 1
        try:
            return self._redactor(data, name, self)
        except Refused as trouble:
            self.report.unread.append(Unread(self._place, Why.KIND if isinstance(trouble, Unknown) else Why.BROKEN))
            return None
        finally:
            self._place, self._depth = before, self._depth - 1

    def finished(self, media_type: str) -> Report:
        """The report, once the result is written."""
        self.report.media_type = media_type
        self.report.counts = dict(sorted(self._counts.items()))
        return self.report

    def _called(self, place: str) -> str:
        return f"{self._place}: {place}" if self._place else place


def replaced(text: str, found: Sequence[Match]) -> str:
    """The text with its stand-ins."""
    parts, at = [], 0
    for match in found:
        parts += [text[at : match.start], match.swap.stand_in]
        at = match.end
    return "".join([*parts, text[at:]])
