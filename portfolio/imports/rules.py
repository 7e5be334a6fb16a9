"""What kinds of lists there are, which columns each has, and what becomes of a row. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class ImportKind(StrEnum):
    """What the rows of a list are."""

    PEOPLE = "people"
    COHORTS = "cohorts"
    ENROLMENTS = "enrolments"
    ALLOCATIONS = "allocations"


class Fate(StrEnum):
    """What becomes of a row: something is made, something changes, all is there already, or it cannot be taken."""

    NEW = "new"
    CHANGE = "change"
    SAME = "same"
    BAD = "bad"


KEPT_FOR = timedelta(days=7)
"""How long a list is kept that nobody imports."""
ROWS_MOST = {
    ImportKind.PEOPLE: 5_000,
    ImportKind.COHORTS: 500,
    ImportKind.ENROLMENTS: 5_000,
    ImportKind.ALLOCATIONS: 5_000,
}
CHANGES_MOST = 500
"""How many things that are there already one list may change."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a list may have. `known_as` are headings by which it is recognised, in plain small letters;
    standard words that a centre may replace stand in braces.
    """

    name: str
    label: str
    hint: str
    known_as: tuple[str, ...]
    example: str
    is_needed: bool = False


_LEARNER = Column(
    "email",
    "{Learner}’s e-mail address",
    "The address with which the {learner} is at the centre.",
    ("email", "email address", "learner", "login", "username", "user name"),
    "sam.taylor@example.org",
    is_needed=True,
)

COLUMNS: dict[ImportKind, tuple[Column, ...]] = {
    ImportKind.PEOPLE: (
        Column(
            "first_name",
            "First name",
            "With the surname beside it; or use one column for the whole name.",
            ("first name", "first names", "forename", "forenames", "given name", "given names", "firstname"),
            "Sam",
        ),
        Column(
            "surname", "Surname", "As the first name.", ("surname", "last name", "family name", "lastname"), "Taylor"
        ),
        Column(
            "name",
            "Whole name",
            "When first name and surname stand in one column. “Taylor, Sam” becomes “Sam Taylor”.",
            ("name", "full name", "whole name", "first name and surname", "display name"),
            "",
        ),
        Column(
            "email",
            "E-mail address",
            "They sign in with it. Everybody needs one of their own.",
            ("email", "email address", "login", "username", "user name", "user principal name"),
            "sam.taylor@example.org",
            is_needed=True,
        ),
        Column(
            "role",
            "Role",
            "{Learner}, {assessor}, {trainee assessor}, {internal quality assurer}, {external quality assurer} "
            "or {centre administrator}. Whoever has nothing here comes as {a learner}.",
            ("role", "roles", "type", "user type", "position"),
            "Learner",
        ),
    ),
    ImportKind.COHORTS: (
        Column(
            "name",
            "{Cohort}",
            "What the centre calls it. No two have the same name.",
            ("cohort", "cohort name", "name", "group", "group name", "class", "intake"),
            "Autumn 2026",
            is_needed=True,
        ),
        Column(
            "starts_on",
            "Start date",
            "Day first, such as 01/09/2026. May be empty.",
            ("start date", "start", "starts", "starts on", "first day", "begins", "date"),
            "01/09/2026",
        ),
    ),
    ImportKind.ENROLMENTS: (
        _LEARNER,
        Column(
            "qualification",
            "Qualification",
            "Its reference or its whole title, as under Criteria.",
            ("qualification", "qualification reference", "qualification number", "qualification title", "reference",
             "course", "programme", "qan"),
            "",
            is_needed=True,
        ),
        Column(
            "started_on",
            "Start date",
            "Day first, such as 01/09/2026.",
            ("start date", "start", "started", "started on", "starts on", "enrolment date", "enrolled", "enrolled on"),
            "01/09/2026",
            is_needed=True,
        ),
        Column(
            "due_on",
            "Planned end",
            "Day first. May be empty.",
            ("planned end", "planned end date", "end date", "end", "due", "due date", "due on", "expected end",
             "expected end date", "completion date", "planned completion"),
            "31/08/2027",
        ),
        Column(
            "registration_number",
            "Registration number",
            "The {learner}’s number with the awarding organisation. May be empty.",
            ("registration number", "registration no", "registration", "registration id", "candidate number", "uln",
             "unique learner number"),
            "ABC123456",
        ),
        Column(
            "cohort",
            "{Cohort}",
            "One that the centre has. May be empty.",
            ("cohort", "cohort name", "group", "class", "intake"),
            "Autumn 2026",
        ),
        Column(
            "assessor",
            "{Assessor}’s e-mail address",
            "Who assesses from today. May be empty.",
            ("assessor", "assessor email", "assessor email address", "tutor", "tutor email"),
            "jo.lee@example.org",
        ),
    ),
    ImportKind.ALLOCATIONS: (
        _LEARNER,
        Column(
            "qualification",
            "Qualification",
            "Its reference or title; may be empty where the {learner} is on one only.",
            ("qualification", "qualification reference", "qualification number", "qualification title", "reference",
             "course", "programme", "qan"),
            "",
        ),
        Column(
            "unit",
            "{Unit}",
            "The {unit}’s code, for a duty towards that unit alone. Empty for all of them.",
            ("unit", "unit code", "unit reference", "unit number"),
            "",
        ),
        Column(
            "person",
            "Staff e-mail address",
            "Whoever has the duty.",
            ("staff", "staff email", "staff email address", "assessor", "assessor email", "assessor email address",
             "allocated to", "iqa email", "iqa", "staff member"),
            "jo.lee@example.org",
            is_needed=True,
        ),
        Column(
            "duty",
            "Duty",
            "{Assessor}, countersigner or {internal quality assurer}. Whoever has nothing here assesses.",
            ("duty", "role", "task", "allocation", "allocation type"),
            "Assessor",
        ),
        Column(
            "since",
            "First day",
            "Day first. Empty for today.",
            ("first day", "from", "from date", "start date", "since", "starts", "start"),
            "01/09/2026",
        ),
        Column(
            "last",
            "Last day",
            "The last day with it; day first. Empty while no end is set.",
            ("last day", "until", "until date", "end date", "to", "to date", "ends", "end"),
            "",
        ),
    ),
}  # fmt: skip

NAMES_NEEDED = "Choose a column for the whole name, or one for the first name and one for the surname."
"""What people's lists need beside what each column says of itself."""
