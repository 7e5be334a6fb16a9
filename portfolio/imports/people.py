"""A list of people: who is invited, who has the role already. Nothing tells whether somebody is known elsewhere."""

import json
from functools import partial

from sqlalchemy.orm import Session

from portfolio.accounts.inviting import Invitation, invite_all
from portfolio.accounts.rules import POSITIONS, Role, role_word
from portfolio.audit.events import Doer
from portfolio.centres import terms
from portfolio.centres.models import Centre
from portfolio.documents.csv_lists import CsvList
from portfolio.imports.matching import Matching, plain
from portfolio.imports.plans import Cells, Line, Plan
from portfolio.imports.queries import Known, known_by
from portfolio.imports.rules import Fate, ImportKind

NAME_MOST = 200
KNOWN = (
    "{learner}, {assessor}, {trainee assessor}, {internal quality assurer}, {external quality assurer} or "
    "{centre administrator}"
)
"""What a row can say that somebody is."""
ALSO = {
    "student": "learner",
    "candidate": "learner",
    "trainee": "trainee_assessor",
    "unqualified assessor": "trainee_assessor",
    "qualified assessor": "assessor",
    "internal verifier": "iqa",
    "iv": "iqa",
    "iqa": "iqa",
    "external verifier": "eqa",
    "ev": "eqa",
    "eqa": "eqa",
    "admin": "administrator",
    "administrator": "administrator",
}
"""Other words for what somebody can be."""


def plan(session: Session, centre: Centre, sheet: CsvList, matching: Matching) -> Plan:
    """What becomes of each row."""
    kept = json.dumps(centre.terms)
    positions = _positions(kept)
    rows = [Cells(ImportKind.PEOPLE, sheet, matching, row) for row in sheet.rows]
    read = [_read(cells, positions) for cells in rows]
    there = known_by(session, centre.id, {one.email for one in read if one.email})
    first: dict[str, tuple[int, Invitation]] = {}
    taken: dict[tuple[str, Role], int] = {}
    lines, new = [], []
    for cells, one in zip(rows, read, strict=True):
        _compare(cells, one, first, taken)
        line = _line(cells, one, there.get(one.email), kept)
        lines.append(line)
        if line.fate is Fate.NEW:
            new.append(one)
    return Plan(ImportKind.PEOPLE, sheet.headings, tuple(lines), partial(_carry_out, new))


def _carry_out(new: list[Invitation], session: Session, actor: Doer, centre: Centre, is_sent: bool) -> None:
    invite_all(session, actor, centre, new, is_sent=is_sent)


def _positions(kept: str) -> dict[str, str]:
    """What somebody can be, by every word for it: the standard ones, the centre's own, and a few others."""
    words = dict(ALSO)
    for name, (role, qualified) in POSITIONS.items():
        standard = role_word(role, qualified=qualified)
        words |= {plain(name): name, plain(standard): name, plain(terms.term(kept, standard)): name}
    return words


def _read(cells: Cells, positions: dict[str, str]) -> Invitation:
    name = _name(cells)
    email = cells.email("email")
    said = cells.text("role")
    position = positions.get(plain(said)) if said else "learner"
    if position is None:
        cells.fault("role", f"“{said}” is no role. Write {KNOWN}.")
    role, qualified = POSITIONS[position or "learner"]
    return Invitation(email=email, name=name, role=role, qualified=qualified)


def _name(cells: Cells) -> str:
    whole = cells.text("name")
    if whole.count(",") == 1:
        surname, first = whole.split(",")
        whole = f"{first} {surname}"
    name = " ".join(f"{whole} {cells.text('first_name')} {cells.text('surname')}".split())
    column = "name" if cells.has("name") else "surname"
    if not name:
        cells.fault(column, "There is no name. Fill it in.")
    elif len(name) > NAME_MOST:
        cells.fault(column, f"Keep the name to {NAME_MOST} characters.")
    return name


def _compare(
    cells: Cells, one: Invitation, first: dict[str, tuple[int, Invitation]], taken: dict[tuple[str, Role], int]
) -> None:
    """Find what the list says twice, or in two ways."""
    if not one.email:
        return
    line, before = first.setdefault(one.email, (cells.row.line, one))
    if before.name.casefold() != one.name.casefold():
        cells.fault("email", f"Line {line} gives this address to {before.name}. Everybody needs one of their own.")
    again = taken.setdefault((one.email, one.role), cells.row.line)
    if again != cells.row.line:
        cells.fault("email", f"Line {again} says this already. Take one of the two out.")


def _line(cells: Cells, one: Invitation, known: Known | None, kept: str) -> Line:
    word = terms.term(kept, role_word(one.role, qualified=one.qualified))
    who = ", ".join(part for part in (one.name, one.email) if part)
    if known is None:
        return cells.line(who, Fate.NEW, f"Comes as {terms.with_article(word)}")
    if known.person.name.casefold() != one.name.casefold() and not cells.faults:
        cells.remarks.append(f"Is here as {known.person.name}; the name stays.")
    qualified = known.roles.get(one.role)
    if qualified is None:
        return cells.line(who, Fate.NEW, f"Is here already, and gets the role of {word} too")
    if qualified is not one.qualified:
        is_now = terms.term(kept, role_word(one.role, qualified=qualified))
        cells.fault("role", f"Is here as {is_now}. If that has changed, say so on the person’s page first.")
    return cells.line(who, Fate.SAME, f"Is here as {word} already")
