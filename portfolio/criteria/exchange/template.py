"""The empty table with what to write where, and a few rows to write over."""

from collections.abc import Sequence

from portfolio.criteria.exchange.forest import (
    CODE_NOTE,
    CREDIT,
    FIGURES,
    HOURS,
    KIND,
    LEAST,
    LEVEL,
    LISTED,
    METHODS,
    MOST,
    SOURCE,
    THEME,
    WORDING,
)
from portfolio.criteria.exchange.table import (
    CODE,
    FACT,
    FACTS,
    FOR,
    HEADINGS,
    HINT,
    REFERENCE,
    ROWS,
    WHAT,
    WORDS,
    csv_table,
    row_of,
)
from portfolio.criteria.rules import METHOD_WORDS, Figures, GroupKind, GuidanceKind, Listed, OutcomeKind, Status
from portfolio.documents.workbooks import Written, write_workbook

SHEET, GUIDE = "Criteria", "How to fill this in"
KINDS = (*GroupKind, *OutcomeKind, "outline", *(kind.replace("_", " ") for kind in GuidanceKind))
WIDTHS = (12, 16, 60, 8, 8, 10, 16, 28, 16, 10, 10, 8, 13, 14, 30, 24)

GUIDANCE: tuple[tuple[str, str], ...] = (
    ("The whole", "One row for each thing, from top to bottom as in the specification. Empty rows are passed over."),
    (WHAT, f"{FACT}, {', '.join(ROWS)} or {HINT}. A row that begins with # is a note to yourself and is not read."),
    (FACT, f"Something about the qualification: its name goes under {CODE}, what it is under {WORDS}."),
    (f"{FACT}: {REFERENCE}", "The regulator's reference, such as 601/1511/4: letters, digits, dots, dashes, strokes."),
    (f"{FACT}: {WORDING}", "verified, paraphrase or draft: how far the wording may be relied on. Empty means draft."),
    (f"{FACT}: days", "Year, month and day, such as 2028-08-31."),
    (f"{FACT}: Credits in all", "How many credits make the qualification. Empty: no choice of units is checked."),
    (f"{FACT}: Level floor", "Such as “40 at level 3”: so many credits at that level or above."),
    (f"{FACT}: {THEME}", "Such as “t1; 2 of U1, U2, U3; Leading others”: a code, how many of which units, a title."),
    (f"{FACT}: Not together", "Two unit codes, such as “U1, U2”. Themes and pairs may stand in several rows."),
    ("Group", f"Units that are chosen together. {KIND} is mandatory or optional; {LEAST} and {MOST} are for optional."),
    (f"Group: {LISTED}", "all, or some when the specification has more units than the table."),
    ("Unit", f"With {LEVEL}, {CREDIT} and {HOURS}. {KIND} is empty, or outline for a unit without criteria so far."),
    (f"Unit: {FIGURES}", "confirmed when level, credit and hours were read in a specification, otherwise unconfirmed."),
    ("Outcome", f"Below its unit. {KIND} is knowledge (the learner knows) or performance (the learner does)."),
    ("Criterion", f"Below its outcome. {CODE} is text: 1.10 is not 1.1. {WORDS} is what the learner shows."),
    (METHODS, "; ".join(f"{method} {said.lower()}" for method, said in METHOD_WORDS.items())),
    (HINT, f"Guidance, below its unit; it never counts. {KIND} is one of {', '.join(KINDS[5:])}."),
    (FOR, "The codes of the criteria that a hint helps with, with commas between; empty for the whole unit."),
    (SOURCE, "Whose wording it is (for a hint: the names of pages in small letters, digits and dashes)."),
    (CODE_NOTE, "What to know of a code that is not the regulator's."),
    ("Afterwards", "Look at it on the page Criteria, or with “portfolio criteria import FILE”: every fault is named."),
)
"""What to write where."""

EXAMPLE: tuple[Sequence[str], ...] = (
    *(row_of(FACT, label, "", {}) for label in FACTS if label != THEME),
    row_of("Group", "A", "Units", {KIND: "optional", LISTED: "some"}),
    row_of("Unit", "U1", "Write the title of the unit here", {LEVEL: "3", CREDIT: "4", HOURS: "22"}),
    row_of("Outcome", "1", "Write the first outcome here", {KIND: "performance"}),
    row_of("Criterion", "1.1", "Write the first criterion here", {METHODS: "O, PE, PD"}),
    row_of("Criterion", "1.2", "Write the second criterion here", {METHODS: "O, PE, PD"}),
)
"""Rows to write over."""

CHOICES = {
    HEADINGS.index(WHAT): (FACT, *ROWS, HINT),
    HEADINGS.index(KIND): KINDS,
    HEADINGS.index(LISTED): tuple(Listed),
    HEADINGS.index(WORDING): tuple(Status),
    HEADINGS.index(FIGURES): tuple(Figures),
}
"""What a spreadsheet offers in a column."""


def workbook_of(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows of a table as a workbook, with a sheet that says what to write where."""
    guide: tuple[Sequence[str], ...] = (("Where", "What to write"), *GUIDANCE)
    return write_workbook(
        (
            Written(SHEET, rows, WIDTHS, {column: tuple(map(str, words)) for column, words in CHOICES.items()}),
            Written(GUIDE, guide, (26, 110), {}),
        )
    )


def template_workbook() -> bytes:
    """The empty table as a workbook."""
    return workbook_of((HEADINGS, *EXAMPLE))


def template_csv() -> bytes:
    """The empty table as CSV, with what to write where in rows that are not read."""
    notes = [(f"# {where}", "", what) for where, what in GUIDANCE]
    return csv_table((HEADINGS, *notes, *EXAMPLE))
