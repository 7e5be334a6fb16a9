"""Which column means what, from the words of its heading."""

import pytest

from portfolio.imports.matching import alike, guess, lacking, template_of, twice
from portfolio.imports.rules import ImportKind


@pytest.mark.parametrize(
    ("kind", "headings", "expected"),
    [
        (ImportKind.PEOPLE, ["Surname", "First Name", "E-mail Address"], {"surname": 0, "first_name": 1, "email": 2}),
        (ImportKind.PEOPLE, ["FULL NAME", "e mail", "User type"], {"name": 0, "email": 1, "role": 2}),
        (ImportKind.PEOPLE, ["Student’s email (work)", "Student name"], {"email": 0, "name": 1}),
        (ImportKind.PEOPLE, ["Name", "Forename", "Email", "Email"], {"name": 0, "email": 2}),
        (ImportKind.PEOPLE, ["Tutor email", "Notes"], {}),
        (ImportKind.COHORTS, ["Start date (dd/mm/yyyy)", "Group"], {"starts_on": 0, "name": 1}),
        (ImportKind.ENROLMENTS, ["Learner email", "Assessor email", "Course", "Start", "ULN", "Planned end date"],
         {"email": 0, "assessor": 1, "qualification": 2, "started_on": 3, "registration_number": 4, "due_on": 5}),
        (ImportKind.ALLOCATIONS, ["Email", "IQA email", "Role", "From", "To", "Unit code"],
         {"email": 0, "person": 1, "duty": 2, "since": 3, "last": 4, "unit": 5}),
        (ImportKind.PEOPLE, ["", "=cmd()", "<b>Name</b>", "\u202eliame"], {}),
    ],
)  # fmt: skip
def test_headings_are_recognised_by_their_words(
    kind: ImportKind, headings: list[str], expected: dict[str, int]
) -> None:
    assert guess(kind, headings) == expected


@pytest.mark.parametrize("kind", ImportKind)
def test_the_template_is_recognised_whole(kind: ImportKind) -> None:
    headings = template_of(kind)
    found = guess(kind, headings)
    assert sorted(found.values()) == list(range(len(headings)))
    assert lacking(kind, found) == []


def test_what_is_lacking_or_said_twice_is_named() -> None:
    assert [name for name, _says in lacking(ImportKind.PEOPLE, {"surname": 0})] == ["email", "name"]
    assert lacking(ImportKind.PEOPLE, {"surname": 0, "first_name": 1, "email": 2}) == []
    assert [name for name, _says in lacking(ImportKind.ENROLMENTS, {})] == ["email", "qualification", "started_on"]
    assert twice(ImportKind.PEOPLE, {"name": 0, "email": 0}) == [
        ("email", "This column is chosen for “Whole name” already.")
    ]
    assert alike(["Email", "Name", "email", "Name"]) == ["Email", "Name", "email"]
