"""Changing the days of an allocation, and handing somebody's learners to somebody else: for an absence, or for good.

All of a batch happens or nothing does: one event for each enrolment, and one with the count and a digest in the
centre's stream.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.audit import streams
from portfolio.audit.events import Doer, facts_digest
from portfolio.centres.models import Centre
from portfolio.criteria.differences import in_words
from portfolio.enrolment.actions import check_days, has_role, is_overlapping, lock, running, told_of
from portfolio.enrolment.models import Allocation, Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import Duty, EnrolmentState, role_for
from portfolio.errors import Rejected

BATCH_MOST = 500
"""How many learners one batch takes in: a day's work for a person, and a transaction that others can wait for."""


def change_allocation(
    session: Session, actor: Doer, enrolment: Enrolment, allocation_id: int, *, since: date, until: date | None
) -> None:
    """Other days for a duty that has not ended. What has begun keeps its first day; it does not end in the past."""
    today = clock.today()
    enrolment = lock(session, enrolment.id)
    session.expire(enrolment, ["allocations"])
    row = running(enrolment, allocation_id)
    if row.since <= today and since != row.since:
        raise Rejected(f"This began on {in_words(row.since)}. Its first day can no longer be changed.", "since")
    if row.since > today and since < today:
        raise Rejected("The first day lies in the past. It can begin today at the earliest.", "since")
    check_days(enrolment, since, until)
    if until is not None and until < today:
        raise Rejected("The last day lies in the past. It can be yesterday at the earliest.", "last")
    if any(
        other.id != row.id
        and other.person_id == row.person_id
        and other.duty is row.duty
        and other.enrolment_unit_id in {None, row.enrolment_unit_id}
        and is_overlapping(other, since, until)
        for other in enrolment.allocations
    ):
        raise Rejected(f"{row.person.name} already does this for the {{learner}} on these days.", "last")
    if (since, until) == (row.since, row.until):
        raise Rejected("These are the days already.", "last")
    was = {"since": row.since.isoformat(), "until": row.until.isoformat() if row.until else ""}
    row.since, row.until = since, until
    session.flush()
    streams.record(
        session,
        actor,
        "allocation.change",
        streams.named(row),
        stream_id=enrolment.stream_id,
        text={
            "person": row.person.name,
            "duty": row.duty.value,
            "since": since.isoformat(),
            "until": until.isoformat() if until else "",
            "was": was,
        },
    )


@dataclass(frozen=True, slots=True)
class Handover:
    """What becomes of one learner's allocation: whether the present one `ends`, and whether a new one `begins` or the
    other person does it already. `fault` says why it cannot be.
    """

    enrolment_id: int
    learner_name: str
    unit_code: str
    ends: bool
    begins: bool
    fault: str = ""


@dataclass(frozen=True, slots=True)
class _Step:
    enrolment: Enrolment
    row: Allocation
    handover: Handover


def handovers(
    session: Session,
    centre: Centre,
    *,
    source: Person,
    target: Person,
    since: date,
    until: date | None = None,
    duty: Duty,
    enrolment_ids: Collection[int] | None = None,
) -> list[Handover]:
    """What `reallocate` would do, by learner. Raises Rejected for what cannot be at all."""
    _check(session, centre, source=source, target=target, since=since, until=until, duty=duty)
    rows = _rows(session, centre, source, duty, since, enrolment_ids)
    _are_all_there(rows, source, enrolment_ids)
    return [step.handover for step in _steps(session, rows, target, since, until, duty)]


def reallocate(
    session: Session,
    actor: Doer,
    centre: Centre,
    *,
    source: Person,
    target: Person,
    since: date,
    until: date | None = None,
    duty: Duty,
    enrolment_ids: Collection[int] | None = None,
) -> list[Handover]:
    """Somebody takes on another's learners (those named, or all) from `since` on.

    With `until` it is for an absence: the other stays allocated beside, and the stand-in stops on that day by
    themselves. Without, it is for good: the other's allocation ends on `since`. Raises Rejected naming every learner
    with whom that cannot be, and does nothing then.
    """
    _check(session, centre, source=source, target=target, since=since, until=until, duty=duty)
    ids = {row.enrolment_id for row in _rows(session, centre, source, duty, since, enrolment_ids)}
    for enrolment_id in sorted(ids):
        lock(session, enrolment_id)
    rows = _rows(session, centre, source, duty, since, ids)
    _are_all_there(rows, source, enrolment_ids)
    steps = _steps(session, rows, target, since, until, duty)
    faults = [f"{step.handover.learner_name}: {step.handover.fault}" for step in steps if step.handover.fault]
    if faults:
        raise Rejected(" ".join(faults), "learners")
    told = [_hand_over(session, actor, step, target, since, until) for step in steps]
    session.flush()
    streams.record(
        session,
        actor,
        "allocation.hand_over",
        streams.named(source),
        stream_id=centre.stream_id,
        text={
            "from": source.name,
            "to": target.name,
            "duty": duty.value,
            "since": since.isoformat(),
            "until": until.isoformat() if until else "",
            "count": len(steps),
            "digest": facts_digest({"handed_over": told}),
        },
    )
    return [step.handover for step in steps]


def _check(
    session: Session, centre: Centre, *, source: Person, target: Person, since: date, until: date | None, duty: Duty
) -> None:
    membership = has_role(session, target, centre.id, role_for(duty), "target")
    if source.id == target.id:
        raise Rejected("Choose somebody else to take over.", "target")
    if duty is Duty.COUNTERSIGN and not membership.qualified:
        raise Rejected("Only a qualified {assessor} can countersign.", "target")
    if since < clock.today():
        raise Rejected("The first day lies in the past. Begin today or later.", "since")
    if until is not None and until <= since:
        raise Rejected("The last day comes before the first.", "last")


def _rows(
    session: Session,
    centre: Centre,
    source: Person,
    duty: Duty,
    since: date,
    enrolment_ids: Collection[int] | None,
) -> Sequence[Allocation]:
    """What the person is allocated to on the day, of enrolments that are under way."""
    query = (
        select(Allocation)
        .join(Enrolment, Enrolment.id == Allocation.enrolment_id)
        .where(
            Enrolment.centre_id == centre.id,
            Enrolment.state == EnrolmentState.ACTIVE,
            Allocation.person_id == source.id,
            Allocation.duty == duty,
        )
        .order_by(Allocation.enrolment_id, Allocation.id)
        .execution_options(populate_existing=True)
    )
    if enrolment_ids is not None:
        query = query.where(Allocation.enrolment_id.in_(enrolment_ids))
    rows = [row for row in session.scalars(query) if row.is_open(since)]
    if len({row.enrolment_id for row in rows}) > BATCH_MOST:
        raise Rejected(f"Choose at most {BATCH_MOST} {{learners}} at a time.", "learners")
    return rows


def _are_all_there(rows: Sequence[Allocation], source: Person, enrolment_ids: Collection[int] | None) -> None:
    if not rows or set(enrolment_ids or ()) - {row.enrolment_id for row in rows}:
        raise Rejected(
            f"{source.name} is not allocated to all of these on the first day. Choose another day, or look at the list "
            "again.",
            "learners",
        )


def _steps(
    session: Session, rows: Sequence[Allocation], target: Person, since: date, until: date | None, duty: Duty
) -> list[_Step]:
    ids = {row.enrolment_id for row in rows}
    enrolments = {row.id: row for row in session.scalars(select(Enrolment).where(Enrolment.id.in_(ids)))}
    learners = {
        row.id: row.name
        for row in session.execute(
            select(Enrolment.id, Person.name)
            .join(Person, Person.id == Enrolment.learner_id)
            .where(Enrolment.id.in_(ids))
        )
    }
    codes = {
        row.id: row.unit_code
        for row in session.execute(
            select(EnrolmentUnit.id, EnrolmentUnit.unit_code).where(
                EnrolmentUnit.id.in_({row.enrolment_unit_id for row in rows if row.enrolment_unit_id is not None})
            )
        )
    }
    theirs: dict[int, list[Allocation]] = {}
    for row in session.scalars(
        select(Allocation).where(
            Allocation.enrolment_id.in_(ids), Allocation.person_id == target.id, Allocation.duty == duty
        )
    ):
        theirs.setdefault(row.enrolment_id, []).append(row)
    return [
        _Step(
            enrolments[row.enrolment_id],
            row,
            _handover(
                row,
                enrolments[row.enrolment_id],
                target,
                since,
                until,
                present=theirs.get(row.enrolment_id, ()),
                learners=learners,
                codes=codes,
            ),
        )
        for row in rows
    ]


def _handover(
    row: Allocation,
    enrolment: Enrolment,
    target: Person,
    since: date,
    until: date | None,
    *,
    present: Sequence[Allocation],
    learners: Mapping[int, str],
    codes: Mapping[int, str],
) -> Handover:
    ends = _last_of(row, until)
    same = [other for other in present if other.enrolment_unit_id in {None, row.enrolment_unit_id}]
    covers = any(o.since <= since and (o.until is None or (ends is not None and ends <= o.until)) for o in same)
    fault = ""
    if target.id == enrolment.learner_id:
        fault = "nobody assesses their own {portfolio}."
    elif not covers and any(is_overlapping(other, since, ends) for other in same):
        fault = f"{target.name} already does this on some of these days. Change that first."
    return Handover(
        enrolment.id,
        learners[enrolment.id],
        codes.get(row.enrolment_unit_id or 0, ""),
        ends=until is None,
        begins=not covers,
        fault=fault,
    )


def _last_of(row: Allocation, until: date | None) -> date | None:
    """Who takes over does so no longer than the present one would have."""
    if until is None or row.until is None:
        return until or row.until
    return min(until, row.until)


def _hand_over(
    session: Session, actor: Doer, step: _Step, target: Person, since: date, until: date | None
) -> dict[str, str]:
    """One learner's, with its event; answers what it tells."""
    row, made = step.row, None
    if step.handover.begins:
        made = Allocation(
            enrolment_id=row.enrolment_id,
            enrolment_unit_id=row.enrolment_unit_id,
            person_id=target.id,
            duty=row.duty,
            since=since,
            until=_last_of(row, until),
        )
        session.add(made)
    if step.handover.ends:
        row.until = since
    session.flush()
    session.expire(step.enrolment, ["allocations"])
    text = told_of(made or row, target.name, step.handover.unit_code) | {
        "since": since.isoformat(),
        "from": row.person.name,
        "for": "good" if step.handover.ends else "an absence",
    }
    streams.record(
        session,
        actor,
        "allocation.hand_over",
        streams.named(made or row),
        stream_id=step.enrolment.stream_id,
        text=text,
    )
    return {"enrolment": step.enrolment.uid, **text}
