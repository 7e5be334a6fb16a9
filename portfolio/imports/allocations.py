"""A list of allocations: who has which duty towards which learner, from which day until which."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.audit.events import Doer
from portfolio.centres.models import Centre
from portfolio.centres.terms import term
from portfolio.criteria.differences import in_words
from portfolio.criteria.models import QualificationVersion
from portfolio.documents.csv_lists import CsvList
from portfolio.enrolment.actions import check_days, check_fits, is_overlapping
from portfolio.enrolment.allocating import change_allocation
from portfolio.enrolment.enrolling import DutyKey, Wanted, allocate_all, open_allocations, running_of
from portfolio.enrolment.models import Allocation, Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import Duty, role_for
from portfolio.errors import Rejected
from portfolio.imports.enrolments import learner_of, qualification_of
from portfolio.imports.matching import Matching, plain
from portfolio.imports.plans import Cells, Line, Plan
from portfolio.imports.queries import Known, known_by, offered_in, units_of
from portfolio.imports.rules import Fate, ImportKind

DUTIES = {
    "": Duty.ASSESS,
    "assessor": Duty.ASSESS,
    "assess": Duty.ASSESS,
    "assesses": Duty.ASSESS,
    "countersign": Duty.COUNTERSIGN,
    "countersigns": Duty.COUNTERSIGN,
    "countersigner": Duty.COUNTERSIGN,
    "countersigning": Duty.COUNTERSIGN,
    "iqa": Duty.QUALITY_ASSURE,
    "iv": Duty.QUALITY_ASSURE,
    "internal verifier": Duty.QUALITY_ASSURE,
    "internal quality assurer": Duty.QUALITY_ASSURE,
    "quality assure": Duty.QUALITY_ASSURE,
    "quality assurer": Duty.QUALITY_ASSURE,
}
BY_ROLE = (("assessor", Duty.ASSESS), ("internal quality assurer", Duty.QUALITY_ASSURE))
DOES = {
    Duty.ASSESS: "assesses",
    Duty.COUNTERSIGN: "countersigns for",
    Duty.QUALITY_ASSURE: "quality-assures",
}


@dataclass(slots=True)
class _Deeds:
    """What there is to do."""

    new: list[Wanted] = field(default_factory=list)
    changes: list[tuple[Enrolment, Allocation, date]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _There:
    """What the centre has, as far as the list is about it."""

    people: Mapping[str, Known]
    offered: Mapping[str, list[QualificationVersion]]
    running: Mapping[int, list[tuple[str, Enrolment]]]
    """By learner: what they are on, each with the qualification's reference."""
    units: Mapping[tuple[int, str], EnrolmentUnit]
    duties: Mapping[DutyKey, list[Allocation]]
    words: Mapping[str, Duty]


def plan(session: Session, centre: Centre, sheet: CsvList, matching: Matching) -> Plan:
    """What becomes of each row."""
    rows = [Cells(ImportKind.ALLOCATIONS, sheet, matching, row) for row in sheet.rows]
    there = _there(session, centre, rows, has_units="unit" in matching)
    coming: dict[DutyKey, list[tuple[int, Wanted]]] = {}
    deeds, lines = _Deeds(), []
    for cells in rows:
        learner, wanted = _read(cells, there)
        who = f"{learner.name}, {learner.email}" if learner else cells.text("email")
        lines.append(
            cells.line(who, Fate.BAD, "") if wanted is None else _line(cells, who, wanted, there, coming, deeds)
        )
    return Plan(ImportKind.ALLOCATIONS, sheet.headings, tuple(lines), partial(_carry_out, deeds))


def _carry_out(deeds: _Deeds, session: Session, actor: Doer, centre: Centre, _is_sent: bool) -> None:
    if deeds.new:
        allocate_all(session, actor, centre, deeds.new)
    for enrolment, row, until in deeds.changes:
        change_allocation(session, actor, enrolment, row.id, since=row.since, until=until)


def _there(session: Session, centre: Centre, rows: list[Cells], *, has_units: bool) -> _There:
    emails = {cells.text(name).casefold() for cells in rows for name in ("email", "person")} - {""}
    people = known_by(session, centre.id, emails)
    running: dict[int, list[tuple[str, Enrolment]]] = {}
    learners = {known.person.id for known in people.values() if Role.LEARNER in known.roles}
    for (learner_id, reference), enrolment in running_of(session, centre.id, learners):
        running.setdefault(learner_id, []).append((reference, enrolment))
    ids = {enrolment.id for each in running.values() for _reference, enrolment in each}
    units = units_of(session, ids) if has_units else {}
    offered, duties = offered_in(session, centre.id), open_allocations(session, ids)
    return _There(people, offered, running, units, duties, _words(json.dumps(centre.terms)))


def _words(kept: str) -> dict[str, Duty]:
    """What each duty is called: the standard words, and the centre's own."""
    return {plain(term(kept, role)): duty for role, duty in BY_ROLE} | DUTIES


def _read(cells: Cells, there: _There) -> tuple[Person | None, Wanted | None]:
    """The learner, and what the row wants; None with a fault when that cannot be."""
    _email, learner = learner_of(cells, there.people)
    enrolment = _enrolment_of(cells, learner, there) if learner else None
    unit = None
    if cells.text("unit") and enrolment is not None:
        unit = there.units.get((enrolment.id, cells.text("unit").casefold()))
        if unit is None:
            cells.fault("unit", f"The {{learner}} does not take {{a unit}} “{cells.text('unit')}”.")
    duty = there.words.get(plain(cells.text("duty")))
    if duty is None:
        known = "{assessor}, countersigner or {internal quality assurer}"
        cells.fault("duty", f"“{cells.text('duty')}” is no duty. Write {known}.")
    staff = there.people.get(cells.email("person"))
    if (
        cells.text("person")
        and not cells.faults
        and (staff is None or role_for(duty or Duty.ASSESS) not in staff.roles)
    ):
        word = "{an internal quality assurer}" if duty is Duty.QUALITY_ASSURE else "{an assessor}"
        cells.fault("person", f"Nobody with this address is {word} here. Invite or import them first.")
    since, last = cells.day("since") or clock.today(), cells.day("last")
    if cells.faults or enrolment is None or staff is None or duty is None:
        return learner, None
    wanted = Wanted(enrolment, staff.person, duty, since, last + timedelta(days=1) if last else None, unit)
    return learner, wanted if _may_be(cells, wanted, is_qualified=staff.roles[role_for(duty)]) else None


def _enrolment_of(cells: Cells, learner: Person, there: _There) -> Enrolment | None:
    """What the row is about, of all that the learner is on."""
    running = there.running.get(learner.id, [])
    if cells.text("qualification"):
        version = qualification_of(cells, there.offered)
        running = [each for each in running if version is not None and each[0] == version.reference]
        if not running and version is not None:
            cells.fault("qualification", "The {learner} is not on this qualification. Enrol them first.")
    elif len(running) > 1:
        listed = ", ".join(reference for reference, _enrolment in running)
        cells.fault("qualification", f"The {{learner}} is on several qualifications. Write which: {listed}.")
    elif not running:
        cells.fault("email", "The {learner} is on no qualification. Enrol them first.")
    return running[0][1] if len(running) == 1 else None


def _may_be(cells: Cells, wanted: Wanted, *, is_qualified: bool) -> bool:
    try:
        check_fits(wanted.enrolment, wanted.person, wanted.duty, is_qualified=is_qualified)
        check_days(wanted.enrolment, wanted.since, wanted.until)
    except Rejected as refused:
        cells.fault(refused.field or "person", refused.sentence)
    return not cells.faults


def _line(
    cells: Cells,
    who: str,
    wanted: Wanted,
    there: _There,
    coming: dict[DutyKey, list[tuple[int, Wanted]]],
    deeds: _Deeds,
) -> Line:
    key = (wanted.enrolment.id, wanted.person.id, wanted.duty)
    unit_id = wanted.unit.id if wanted.unit else None
    for line, other in coming.get(key, ()):
        if other.unit in {None, wanted.unit} or wanted.unit is None:
            cells.fault("person", f"Line {line} gives them this already. Take one of the two out.")
    coming.setdefault(key, []).append((cells.row.line, wanted))
    rows = there.duties.get(key, ())
    exact = next((row for row in rows if row.enrolment_unit_id == unit_id), None)
    wide = any(row.enrolment_unit_id is None and is_overlapping(row, wanted.since, wanted.until) for row in rows)
    if exact is not None:
        return _already(cells, who, wanted, exact, deeds)
    if cells.faults or wide:
        return cells.line(who, Fate.SAME, f"{wanted.person.name} does this for all {{units}} already")
    deeds.new.append(wanted)
    return cells.line(who, Fate.NEW, _said(wanted))


def _said(wanted: Wanted) -> str:
    said = f"{wanted.person.name} {DOES[wanted.duty]} the {{learner}}"
    unit = f", for {{unit}} {wanted.unit.unit_code} alone" if wanted.unit else ""
    until = f" until {in_words(wanted.until - timedelta(days=1))}" if wanted.until else ""
    return f"{said} from {in_words(wanted.since)}{until}{unit}"


def _already(cells: Cells, who: str, wanted: Wanted, row: Allocation, deeds: _Deeds) -> Line:
    """Somebody does this: another last day changes, the first one stays."""
    if cells.text("since") and wanted.since != row.since:
        cells.remarks.append(f"The first day stays {in_words(row.since)}: a list does not change it.")
    if wanted.until is None or wanted.until == row.until:
        return cells.line(who, Fate.SAME, f"{wanted.person.name} does this already")
    last = wanted.until - timedelta(days=1)
    if wanted.until < clock.today() or wanted.until <= row.since:
        cells.fault("last", "The last day can be yesterday at the earliest, and not before the first.")
    if not cells.faults:
        deeds.changes.append((wanted.enrolment, row, wanted.until))
    return cells.line(who, Fate.CHANGE, f"{wanted.person.name} does this already, and stops after {in_words(last)}")
