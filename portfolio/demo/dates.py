"""The demo's dates. All of them lie before the day of building, so that the demo looks lived in whenever it is made.

Words and files say them as `{{12}}`, twelve working days ago: `{{12 full}}` with the year, `{{12 short}}` in figures,
`{{12 mail 09:30}}` as mail writes it.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.utils import format_datetime

from portfolio import clock

_MARK = re.compile(r"\{\{(\d+)(?: (full|short|mail (\d\d:\d\d)))?\}\}")
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Ago:
    """So many working days before the day of building, at a time of day in the United Kingdom such as `09:30`."""

    days: int
    time: str


@dataclass(frozen=True, slots=True)
class Dates:
    """What the demo's dates are when it is built on a day."""

    today: date

    def day(self, days: int) -> date:
        """The working day so many before today."""
        found = self.today
        for _ in range(days):
            found -= timedelta(days=1)
            while found.weekday() >= _SATURDAY:
                found -= timedelta(days=1)
        return found

    def moment(self, ago: Ago) -> datetime:
        """The moment, aware."""
        return datetime.combine(self.day(ago.days), time.fromisoformat(ago.time), clock.UK)

    def filled(self, text: str) -> str:
        """The text with its dates in place."""
        return _MARK.sub(self._said, text)

    def _said(self, mark: re.Match[str]) -> str:
        days, form, at = int(mark[1]), mark[2], mark[3]
        day = self.day(days)
        if at:
            return format_datetime(self.moment(Ago(days, at)))
        if form == "short":
            return f"{day:%d/%m/%Y}"
        return f"{day.day} {day:%B %Y}" if form == "full" else f"{day.day} {day:%B}"
