"""Choosing a learner's units, and moving one of them to newer criteria.

Both belong to the enrolment and are told in its trail; they stand here because what is claimed and decided says what
may change. Nothing that was handed in is touched: see `moving` for what a claim counts for after a move.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.accounts.actors import Actor
from portfolio.assessment.moving import Consequences, consequences, draft_claims_on, handed_in_on, mapped_to
from portfolio.assessment.rules import in_words
from portfolio.assessment.signing_off import refuse_signed
from portfolio.assessment.telling import tell_of_unit
from portfolio.audit import streams
from portfolio.criteria.models import Criterion, UnitVersion
from portfolio.enrolment.actions import lock
from portfolio.enrolment.models import Allocation, Enrolment, EnrolmentUnit
from portfolio.enrolment.queries import OfferedUnit, rules_of, units_offered
from portfolio.errors import InvalidState, Rejected
from portfolio.notices.rules import NoticeKind


@dataclass(frozen=True, slots=True)
class Changed:
    """The codes of the units that were taken up and of those that were dropped."""

    added: tuple[str, ...]
    removed: tuple[str, ...]


def choose_units(session: Session, actor: Actor, enrolment: Enrolment, *, unit_version_ids: Collection[int]) -> Changed:
    """Make the learner's units exactly these, by the ids under which the qualification offers them.

    A choice that is short of the rules is taken; a barred pair, a unit that is not offered and the dropping of a unit
    that has evidence are refused. Writes nothing when nothing changes.
    """
    taken = {row.unit_version_id for row in units_offered(session, enrolment) if row.enrolment_unit_id is not None}
    if taken == set(unit_version_ids):
        return Changed((), ())
    enrolment = lock(session, enrolment.id)
    offered = units_offered(session, enrolment)
    if set(unit_version_ids) - {unit.unit_version_id for unit in offered}:
        raise Rejected("One of the {units} is not offered any more. Load the page again.", "units")
    wanted = [unit for unit in offered if unit.unit_version_id in set(unit_version_ids)]
    _refuse_barred(enrolment, wanted)
    added = [unit for unit in wanted if unit.enrolment_unit_id is None]
    dropped = [unit for unit in offered if unit.enrolment_unit_id is not None and unit not in wanted]
    refuse_signed(session, [unit.enrolment_unit_id for unit in dropped if unit.enrolment_unit_id is not None])
    _refuse_used(session, dropped)
    for unit in added:
        session.add(
            EnrolmentUnit(
                enrolment_id=enrolment.id,
                unit_version_id=unit.unit_version_id,
                unit_code=unit.code,
                group_code=unit.group_code,
                position=unit.position,
            )
        )
    for unit in dropped:
        session.delete(session.get_one(EnrolmentUnit, unit.enrolment_unit_id))
    session.flush()
    session.expire(enrolment, ["units"])
    changed = Changed(tuple(unit.code for unit in added), tuple(unit.code for unit in dropped))
    streams.record(
        session,
        actor,
        "enrolment.choose_units",
        streams.named(enrolment),
        stream_id=enrolment.stream_id,
        text={"added": list(changed.added), "removed": list(changed.removed)},
    )
    return changed


def _refuse_barred(enrolment: Enrolment, wanted: Collection[OfferedUnit]) -> None:
    titles = {unit.code: unit.title for unit in wanted}
    for first, second in rules_of(enrolment).barred:
        if first in titles and second in titles:
            raise Rejected(f"{titles[first]} and {titles[second]} cannot be taken together. Keep one of them.", "units")


def _refuse_used(session: Session, dropped: Collection[OfferedUnit]) -> None:
    """Raises Rejected when one of the units has evidence, or somebody who is allocated to it alone."""
    titles = {unit.enrolment_unit_id: unit.title for unit in dropped if unit.enrolment_unit_id is not None}
    for unit_id, mapped in mapped_to(session, titles).items():
        raise Rejected(f"{titles[unit_id]} stays: {mapped.sentence}.", "units")
    allocated = session.scalar(select(Allocation.enrolment_unit_id).where(Allocation.enrolment_unit_id.in_(titles)))
    if allocated is not None:
        raise Rejected(f"{titles[allocated]} stays: somebody is allocated to it.", "units")


def move_unit(session: Session, actor: Actor, unit: EnrolmentUnit, *, to: UnitVersion) -> Consequences:
    """The learner goes on with another version of the same unit; answers what that did.

    Drafts go along to the criteria of the same codes; their mapping to a code that is gone is taken away, and a further
    claim where what its item was handed in with counts again. Raises InvalidState while a decision is under way on a
    criterion that does not read the same there.
    """
    enrolment = lock(session, unit.enrolment_id)
    session.refresh(unit)
    refuse_signed(session, [unit.id])
    if to.code != unit.unit_code or to.id == unit.unit_version_id or to.centre_id not in {None, enrolment.centre_id}:
        raise Rejected("This is not another version of the {unit}. Load the page again.")
    if to.is_outline and not unit.unit.is_outline:
        raise Rejected("The other version is known in outline only; the {learner} would lose every criterion.")
    criteria = select(Criterion).where(Criterion.unit_version_id == to.id).order_by(Criterion.position)
    present = {row.code: row for row in session.scalars(criteria)}
    found = consequences(session, unit, {code: row.text for code, row in present.items()})
    if not found.is_allowed:
        waits = in_words([f"{one.code} ({', '.join(one.refs)})" for one in found.waiting])
        raise InvalidState(f"A decision is under way on {waits}, which changes. Have it decided first.")
    handed_in = handed_in_on(session, unit)
    for claim in draft_claims_on(session, unit):
        criterion = present.get(claim.criterion.code)
        if criterion is None or (claim.evidence_version_id, criterion.code, criterion.text) in handed_in:
            session.delete(claim)
        else:
            claim.criterion_id = criterion.id
    before = unit.unit.content_sha
    unit.unit_version_id = to.id
    session.flush()
    session.expire(unit, ["unit"])
    streams.record(
        session,
        actor,
        "enrolment.move_unit",
        streams.named(unit),
        stream_id=enrolment.stream_id,
        text={
            "unit": unit.unit_code,
            "from": before,
            "to": to.content_sha,
            "reopened": [one.code for one in found.reopened],
            "restored": [one.code for one in found.restored],
            "dropped": list(found.dropped),
        },
    )
    tell_of_unit(session, actor, unit, NoticeKind.CRITERIA)
    return found
