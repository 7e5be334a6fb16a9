"""Days as they are written in lists."""

from datetime import date

import pytest

from portfolio.errors import Rejected
from portfolio.imports.days import read_day

FIRST = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("text", "on", "is_ambiguous"),
    [
        ("01/09/2026", FIRST, True),
        ("1/9/26", FIRST, True),
        ("1.9.2026", FIRST, True),
        ("1-9-2026", FIRST, True),
        ("25/09/2026", date(2026, 9, 25), False),
        ("09/09/2026", date(2026, 9, 9), False),
        ("29/02/2028", date(2028, 2, 29), False),
        ("2026-09-01", FIRST, False),
        ("2026/9/1", FIRST, False),
        ("2026-09-01T00:00:00Z", FIRST, False),
        ("2026-09-01 00:00:00", FIRST, False),
        ("01/09/2026 00:00", FIRST, True),
        ("1 September 2026", FIRST, False),
        ("1st  Sept 2026", FIRST, False),
        ("1-Sep-26", FIRST, False),
        ("Tuesday, 1 September 2026", FIRST, False),
        ("Tue 1st of Sep, 2026", FIRST, False),
    ],
)
def test_usual_forms_are_read_with_the_day_first(text: str, on: date, is_ambiguous: bool) -> None:
    day = read_day(text)
    assert (day.on, day.is_ambiguous) == (on, is_ambiguous)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("09/25/2026", "Days are read with the day first: write 25/9/2026"),
        ("31/09/2026", "There is no such day"),
        ("29/02/2027", "There is no such day"),
        ("2026-13-01", "There is no such day"),
        ("32/13/2026", "There is no such day"),
        ("46266", "a spreadsheet's number for a day"),
        ("1 Octember 2026", "names no month"),
        ("1/9/1026", "The year of"),
        ("01/09/9999", "The year of"),
        ("soon", "is no day"),
        ("=TODAY()", "is no day"),
        ("1/9", "is no day"),
        ("\u0660\u0661/\u0660\u0669/\u0662\u0660\u0662\u0666", "is no day"),
        ("1" * 500, "is no day"),
    ],
)
def test_what_is_no_day_says_what_to_write(text: str, says: str) -> None:
    with pytest.raises(Rejected, match=says):
        read_day(text)
