"""The facts that permissions are made of, each in Python and as SQL. They read as English."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, false, literal, or_, true
from sqlalchemy.orm import aliased

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.accounts.rules import Role
from portfolio.assessment.models import Submission, SubmissionItem
from portfolio.assessment.rules import ItemState
from portfolio.centres.models import Centre
from portfolio.enrolment.models import Allocation, Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.evidence.rules import EvidenceState
from portfolio.policy.rule import Rule


def has_role_in_centre(*roles: Role) -> Rule:
    """The actor is one of these in this very centre."""
    wanted = frozenset(roles)

    def holds(actor: Actor, centre: Centre) -> bool:
        return centre.id == actor.centre_id and bool(wanted & actor.roles)

    def where(actor: Actor) -> ColumnElement[bool]:
        return Centre.id == literal(actor.centre_id) if wanted & actor.roles else false()

    return Rule(Centre, holds, where)


def _in_centre(
    role: Role, holds: Callable[[Actor, Enrolment], bool], where: Callable[[Actor], ColumnElement[bool]]
) -> Rule:
    """A fact about an enrolment of the actor's centre, for somebody who has the role there today."""
    return Rule(
        Enrolment,
        lambda actor, row: role in actor.roles and row.centre_id == actor.centre_id and holds(actor, row),
        lambda actor: and_(Enrolment.centre_id == actor.centre_id, where(actor)) if role in actor.roles else false(),
    )


owns = _in_centre(
    Role.LEARNER,
    lambda actor, row: row.learner_id == actor.person_id,
    lambda actor: Enrolment.learner_id == actor.person_id,
)
"""It is the actor's own portfolio."""

administers = _in_centre(Role.ADMINISTRATOR, lambda _actor, _row: True, lambda _actor: true())
"""The actor runs the centre that the enrolment belongs to."""

quality_assures = _in_centre(Role.IQA, lambda _actor, _row: True, lambda _actor: true())
"""The actor is an internal quality assurer of the centre."""

is_granted = _in_centre(
    Role.EQA, lambda actor, row: row.id in actor.grants, lambda actor: Enrolment.id.in_(sorted(actor.grants))
)
"""The actor is an external quality assurer to whom this enrolment was granted, today."""


def _is_allocated(duty: Duty) -> Rule:
    def holds(actor: Actor, row: Enrolment) -> bool:
        today = clock.today()
        return any(a.person_id == actor.person_id and a.duty is duty and a.is_open(today) for a in row.allocations)

    def where(actor: Actor) -> ColumnElement[bool]:
        today, row = clock.today(), aliased(Allocation)
        return Enrolment.allocations.of_type(row).any(
            and_(
                row.person_id == actor.person_id,
                row.duty == duty,
                row.since <= today,
                or_(row.until.is_(None), row.until > today),
            )
        )

    return _in_centre(Role.ASSESSOR, holds, where)


is_allocated_assessor = _is_allocated(Duty.ASSESS)
"""The actor is allocated to assess the learner, or a unit of the learner's, today."""

_is_allocated_countersigner = _is_allocated(Duty.COUNTERSIGN)
is_countersigner = Rule(
    Enrolment,
    lambda actor, row: actor.is_qualified and _is_allocated_countersigner.holds(actor, row),
    lambda actor: _is_allocated_countersigner.where(actor) if actor.is_qualified else false(),
)
"""The actor is qualified, and allocated to countersign a trainee's decisions on this learner."""

is_handed_in = Rule(
    Evidence,
    lambda _actor, row: row.state is not EvidenceState.DRAFT,
    lambda _actor: Evidence.state != EvidenceState.DRAFT,
)
"""The item is more than the learner's own draft."""

version_is_handed_in = Rule(
    EvidenceVersion,
    lambda _actor, row: row.is_handed_in,
    lambda _actor: and_(EvidenceVersion.frozen_at.is_not(None), EvidenceVersion.withdrawn_at.is_(None)),
)
"""This version was handed in and not withdrawn."""

is_not_own_work = Rule(
    SubmissionItem,
    lambda actor, row: actor.person_id not in {row.submission.enrolment.learner_id, row.version.evidence.author_id},
    lambda actor: and_(
        SubmissionItem.submission.has(Submission.enrolment.has(Enrolment.learner_id != actor.person_id)),
        SubmissionItem.version.has(EvidenceVersion.evidence.has(Evidence.author_id != actor.person_id)),
    ),
)
"""Neither the learner nor the maker of the item is the actor."""

is_not_withdrawn = Rule(
    SubmissionItem,
    lambda _actor, row: row.state is not ItemState.WITHDRAWN,
    lambda _actor: SubmissionItem.state != ItemState.WITHDRAWN,
)
"""The learner has not taken the item back."""
