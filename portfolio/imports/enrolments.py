"""A list of enrolments: who begins a qualification, and who is on it already and gets another cohort or an assessor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.audit.events import Doer
from portfolio.centres.models import Centre
from portfolio.criteria.differences import in_words
from portfolio.criteria.models import QualificationVersion
from portfolio.documents.csv_lists import CsvList
from portfolio.enrolment.actions import check_terms
from portfolio.enrolment.changing import change_terms
from portfolio.enrolment.cohorts import put_in_cohort
from portfolio.enrolment.enrolling import (
    Beginning,
    DutyKey,
    Wanted,
    allocate_all,
    enrol_all,
    open_allocations,
    running_of,
)
from portfolio.enrolment.models import Allocation, Cohort, Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.errors import Rejected
from portfolio.imports.matching import Matching
from portfolio.imports.plans import Cells, Line, Plan
from portfolio.imports.queries import Known, cohorts_of, known_by, offered_in
from portfolio.imports.rules import Fate, ImportKind


@dataclass(frozen=True, slots=True)
class _Terms:
    """What an enrolment says of its dates and number."""

    started_on: date
    due_on: date | None
    registration_number: str


@dataclass(slots=True)
class _Deeds:
    """What there is to do."""

    beginnings: list[Beginning] = field(default_factory=list)
    moves: list[tuple[Enrolment, Cohort]] = field(default_factory=list)
    allocations: list[Wanted] = field(default_factory=list)
    corrections: list[tuple[Enrolment, _Terms]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _There:
    """What the centre has, as far as the list is about it."""

    people: Mapping[str, Known]
    offered: Mapping[str, list[QualificationVersion]]
    cohorts: Mapping[str, Cohort]
    names: Mapping[int, str]
    running: Mapping[tuple[int, str], Enrolment]
    duties: Mapping[DutyKey, list[Allocation]]


@dataclass(frozen=True, slots=True)
class _Read:
    """A row as it was read: what could not be found is None, with a fault for it."""

    cells: Cells
    email: str
    learner: Person | None
    qualification: QualificationVersion | None
    cohort: Cohort | None
    assessor: Person | None


def plan(session: Session, centre: Centre, sheet: CsvList, matching: Matching) -> Plan:
    """What becomes of each row."""
    rows = [Cells(ImportKind.ENROLMENTS, sheet, matching, row) for row in sheet.rows]
    emails = {cells.text(name).casefold() for cells in rows for name in ("email", "assessor")} - {""}
    people, cohorts = known_by(session, centre.id, emails), cohorts_of(session, centre.id)
    learners = {known.person.id for known in people.values() if Role.LEARNER in known.roles}
    running = dict(running_of(session, centre.id, learners))
    there = _There(
        people,
        offered_in(session, centre.id),
        cohorts,
        {cohort.id: cohort.name for cohort in cohorts.values()},
        running,
        open_allocations(session, {enrolment.id for enrolment in running.values()}),
    )
    first: dict[tuple[int, str], int] = {}
    deeds, lines = _Deeds(), []
    for cells in rows:
        one = _read(cells, there)
        if one.learner is not None and one.qualification is not None:
            key = (one.learner.id, one.qualification.reference)
            again = first.setdefault(key, cells.row.line)
            if again != cells.row.line:
                cells.fault("email", f"Line {again} enrols this {{learner}} on it already. Take one of the two out.")
        lines.append(_line(one, there, deeds))
    return Plan(ImportKind.ENROLMENTS, sheet.headings, tuple(lines), partial(_carry_out, deeds))


def _carry_out(deeds: _Deeds, session: Session, actor: Doer, centre: Centre, _is_sent: bool) -> None:
    if deeds.beginnings:
        enrol_all(session, actor, centre, deeds.beginnings)
    for enrolment, terms in deeds.corrections:
        change_terms(
            session,
            actor,
            enrolment,
            started_on=terms.started_on,
            due_on=terms.due_on,
            registration_number=terms.registration_number,
        )
    for enrolment, cohort in deeds.moves:
        put_in_cohort(session, actor, enrolment, cohort)
    if deeds.allocations:
        allocate_all(session, actor, centre, deeds.allocations)


def learner_of(cells: Cells, people: Mapping[str, Known]) -> tuple[str, Person | None]:
    """The address of a learner of the centre, and who that is; with a fault when nobody here has it."""
    email = cells.email("email")
    known = people.get(email)
    if email and (known is None or Role.LEARNER not in known.roles):
        cells.fault("email", "Nobody with this address is {a learner} here. Invite or import them first.")
        return email, None
    return email, known.person if known else None


def qualification_of(cells: Cells, offered: Mapping[str, list[QualificationVersion]]) -> QualificationVersion | None:
    """The qualification that a row names, by reference or title; with a fault when it cannot be told."""
    said = cells.text("qualification")
    found = offered.get(said.casefold(), [])
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(version.reference for version in found)
        cells.fault("qualification", f"Several are called this. Write the reference: {listed}.")
    elif said:
        cells.fault("qualification", f"“{said}” is no qualification of this centre. Look under Criteria.")
    return None


def _read(cells: Cells, there: _There) -> _Read:
    email, learner = learner_of(cells, there.people)
    if not cells.text("qualification"):
        cells.fault("qualification", "There is no qualification. Fill it in.")
    cohort = there.cohorts.get(cells.text("cohort").casefold())
    if cells.text("cohort") and cohort is None:
        cells.fault("cohort", f"There is no {{cohort}} “{cells.text('cohort')}”. Open or import it first.")
    assessor = cells.email("assessor") if cells.text("assessor") else ""
    known = there.people.get(assessor)
    if assessor and (known is None or Role.ASSESSOR not in known.roles):
        cells.fault("assessor", "Nobody with this address is {an assessor} here. Invite or import them first.")
    elif learner is not None and known is not None and known.person.id == learner.id:
        cells.fault("assessor", "Nobody assesses their own {portfolio}.")
    return _Read(cells, email, learner, qualification_of(cells, there.offered), cohort, known.person if known else None)


def _line(one: _Read, there: _There, deeds: _Deeds) -> Line:
    cells = one.cells
    who = f"{one.learner.name}, {one.email}" if one.learner else one.email or cells.text("email")
    running = None
    if one.learner is not None and one.qualification is not None:
        running = there.running.get((one.learner.id, one.qualification.reference))
    if running is not None:
        return _already(one, who, running, there, deeds)
    started_on, due_on = cells.day("started_on"), cells.day("due_on")
    if not cells.text("started_on"):
        cells.fault("started_on", "There is no start date. Fill it in.")
    if one.cohort is not None and one.cohort.closed_on is not None:
        cells.fault("cohort", "This {cohort} is closed. Choose another.")
    number = cells.text("registration_number")
    if started_on is not None:
        _check(cells, one.qualification, _Terms(started_on, due_on, number))
    if one.learner is None or one.qualification is None or started_on is None or cells.faults:
        return cells.line(who, Fate.BAD, "")
    deeds.beginnings.append(
        Beginning(one.learner, one.qualification, started_on, due_on, number, one.cohort, one.assessor)
    )
    said = f"Begins {one.qualification.title} on {in_words(started_on)}"
    also = [f"in {one.cohort.name}"] if one.cohort else []
    also += [f"with {one.assessor.name} as {{assessor}}"] if one.assessor else []
    return cells.line(who, Fate.NEW, ", ".join([said, *also]))


def _already(one: _Read, who: str, running: Enrolment, there: _There, deeds: _Deeds) -> Line:
    """Somebody is on it: what the list says otherwise changes, and what it leaves empty stays."""
    cells = one.cells
    moves = one.cohort is not None and one.cohort.id != running.cohort_id
    if moves and one.cohort is not None and one.cohort.closed_on is not None:
        cells.fault("cohort", "This {cohort} is closed. Choose another.")
    gets = one.assessor is not None and not any(
        row.enrolment_unit_id is None for row in there.duties.get((running.id, one.assessor.id, Duty.ASSESS), ())
    )
    stands = _Terms(running.started_on, running.due_on, running.registration_number)
    terms = _Terms(
        cells.day("started_on") or stands.started_on,
        cells.day("due_on") or stands.due_on,
        cells.text("registration_number") or stands.registration_number,
    )
    _check(cells, one.qualification, terms)
    if cells.faults:
        return cells.line(who, Fate.BAD, "")
    changes = _differences(stands, terms)
    if changes:
        deeds.corrections.append((running, terms))
    if moves and one.cohort is not None:
        deeds.moves.append((running, one.cohort))
        was = there.names.get(running.cohort_id or 0)
        changes.append(f"Moves to {one.cohort.name}" + (f" from {was}" if was else ""))
    if gets and one.assessor is not None:
        deeds.allocations.append(Wanted(running, one.assessor, Duty.ASSESS, clock.today()))
        changes.append(f"Gets {one.assessor.name} as {{assessor}}")
    if changes:
        return cells.line(who, Fate.CHANGE, "; ".join(changes))
    return cells.line(who, Fate.SAME, "Is on this qualification already")


def _check(cells: Cells, qualification: QualificationVersion | None, terms: _Terms) -> None:
    if qualification is None:
        return
    try:
        check_terms(
            qualification,
            started_on=terms.started_on,
            due_on=terms.due_on,
            registration_number=terms.registration_number,
        )
    except Rejected as refused:
        cells.fault(refused.field or "email", refused.sentence)


def _differences(stands: _Terms, terms: _Terms) -> list[str]:
    changes = []
    if terms.started_on != stands.started_on:
        changes.append(f"Starts on {in_words(terms.started_on)}, no longer on {in_words(stands.started_on)}")
    if terms.due_on != stands.due_on:
        changes.append(f"Is to end on {in_words(terms.due_on)}, no longer on {in_words(stands.due_on)}")
    if terms.registration_number != stands.registration_number:
        was = f", no longer {stands.registration_number}" if stands.registration_number else ""
        changes.append(f"Has the number {terms.registration_number}{was}")
    return changes
