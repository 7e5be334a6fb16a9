"""The facts that permissions are made of, each in Python and as SQL. They read as English."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, false, literal, or_, select, true
from sqlalchemy.orm import aliased

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Membership, Person, SignInSession
from portfolio.accounts.rules import Role
from portfolio.assessment.models import FeedbackStem, Submission, SubmissionItem
from portfolio.assessment.rules import ItemState
from portfolio.bundles.arriving.models import ArrivingDraft
from portfolio.centres.models import Centre
from portfolio.criteria.models import QualificationVersion, UnitVersion
from portfolio.db import AnySelect, OffIndex
from portfolio.enrolment.models import Allocation, Cohort, Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import Duty
from portfolio.evidence.models import Breach, Evidence, EvidenceVersion, WaitingFile
from portfolio.evidence.rules import BY_ASSESSOR, EvidenceState
from portfolio.imports.models import ImportDraft
from portfolio.mapping.models import Claim
from portfolio.notices.models import Notice
from portfolio.policy.rule import Rule
from portfolio.redaction.models import Redaction
from portfolio.screening.models import FindingDecision
from portfolio.screening.rules import Outcome


def has_role_in_centre(*roles: Role) -> Rule:
    """The actor is one of these in this very centre."""
    wanted = frozenset(roles)

    def holds(actor: Actor, centre: Centre) -> bool:
        return centre.id == actor.centre_id and bool(wanted & actor.roles)

    def where(actor: Actor) -> ColumnElement[bool]:
        return Centre.id == literal(actor.centre_id) if wanted & actor.roles else false()

    return Rule(Centre, holds, where)


runs_cohort = Rule(
    Cohort,
    lambda actor, row: Role.ADMINISTRATOR in actor.roles and row.centre_id == actor.centre_id,
    lambda actor: Cohort.centre_id == actor.centre_id if Role.ADMINISTRATOR in actor.roles else false(),
)
"""The actor runs the centre that the cohort belongs to."""


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

belongs_to_own_centre = Rule(
    Person,
    lambda actor, row: (
        Role.ADMINISTRATOR in actor.roles and any(one.centre_id == actor.centre_id for one in row.memberships)
    ),
    lambda actor: (
        Person.memberships.any(Membership.centre_id == actor.centre_id)
        if Role.ADMINISTRATOR in actor.roles
        else false()
    ),
)
"""The actor runs a centre where the person has a role, or had one."""

is_assessor_there = _in_centre(Role.ASSESSOR, lambda _actor, _row: True, lambda _actor: true())
"""The actor is an assessor of the centre."""

is_qualified_there = Rule(
    Enrolment,
    lambda actor, row: actor.is_qualified and is_assessor_there.holds(actor, row),
    lambda actor: is_assessor_there.where(actor) if actor.is_qualified else false(),
)
"""The actor is a qualified assessor of the centre."""

is_granted = _in_centre(
    Role.EQA, lambda actor, row: row.id in actor.grants, lambda actor: Enrolment.id.in_(sorted(actor.grants))
)
"""The actor is an external quality assurer to whom this enrolment was granted, today."""


def _is_allocated(duty: Duty, *, to_all_units: bool = False) -> Rule:
    def holds(actor: Actor, row: Enrolment) -> bool:
        units = _units_today(actor, row, duty)
        return None in units if to_all_units else bool(units)

    def where(actor: Actor) -> ColumnElement[bool]:
        today, row = clock.today(), aliased(Allocation)
        return Enrolment.allocations.of_type(row).any(
            and_(
                row.person_id == actor.person_id,
                row.duty == duty,
                row.since <= today,
                or_(row.until.is_(None), row.until > today),
                row.enrolment_unit_id.is_(None) if to_all_units else true(),
            )
        )

    return _in_centre(Role.ASSESSOR, holds, where)


is_allocated_assessor = _is_allocated(Duty.ASSESS)
"""The actor is allocated to assess the learner, or a unit of the learner's, today."""

assesses_all_units = _is_allocated(Duty.ASSESS, to_all_units=True)
"""The actor is allocated to assess the learner as a whole today."""

_is_allocated_countersigner = _is_allocated(Duty.COUNTERSIGN)
is_countersigner = Rule(
    Enrolment,
    lambda actor, row: actor.is_qualified and _is_allocated_countersigner.holds(actor, row),
    lambda actor: _is_allocated_countersigner.where(actor) if actor.is_qualified else false(),
)
"""The actor is qualified, and allocated to countersign a trainee's decisions on this learner."""


def _works_with() -> Rule:
    either = is_allocated_assessor | is_countersigner

    def among(actor: Actor) -> ColumnElement[bool]:
        if Role.ASSESSOR not in actor.roles:
            return false()
        today, duties = clock.today(), [Duty.ASSESS, Duty.COUNTERSIGN] if actor.is_qualified else [Duty.ASSESS]
        held = select(Allocation.enrolment_id).where(
            Allocation.person_id == actor.person_id,
            Allocation.duty.in_(duties),
            Allocation.since <= today,
            or_(Allocation.until.is_(None), Allocation.until > today),
        )
        return and_(OffIndex(Enrolment.centre_id) == actor.centre_id, Enrolment.id.in_(held))

    return Rule(Enrolment, either.holds, either.where, (), among)


works_with = _works_with()
"""The actor assesses the learner, or a unit of the learner's, or countersigns what is decided of them, today. A list is
found from the actor's own allocations, rather than by looking at every learner of the centre.
"""

is_not_own_enrolment = Rule(
    Enrolment,
    lambda actor, row: row.learner_id != actor.person_id,
    lambda actor: Enrolment.learner_id != actor.person_id,
)
"""The actor is not the learner."""

is_qualified_assessor = is_not_own_enrolment & Rule(
    Enrolment,
    lambda actor, row: actor.is_qualified and is_allocated_assessor.holds(actor, row),
    lambda actor: is_allocated_assessor.where(actor) if actor.is_qualified else false(),
)
"""The actor is qualified and allocated to assess the learner, who is somebody else."""


def _units_today(actor: Actor, enrolment: Enrolment, duty: Duty) -> set[int | None]:
    """The units of a learner towards which the actor has a duty today; None stands for all of them."""
    today = clock.today()
    return {
        a.enrolment_unit_id
        for a in enrolment.allocations
        if a.person_id == actor.person_id and a.duty is duty and a.is_open(today)
    }


def _allocated_today(actor: Actor, duty: Duty) -> tuple[AnySelect, AnySelect, AnySelect]:
    """The same as SQL: the enrolments of which all units are meant, those of which some are, and these units alone."""
    today = clock.today()
    held = (
        Allocation.person_id == actor.person_id,
        Allocation.duty == duty,
        Allocation.since <= today,
        or_(Allocation.until.is_(None), Allocation.until > today),
    )
    by_unit = Allocation.enrolment_unit_id.is_not(None)
    return (
        select(Allocation.enrolment_id).where(*held, Allocation.enrolment_unit_id.is_(None)),
        select(Allocation.enrolment_id).where(*held, by_unit),
        select(Allocation.enrolment_unit_id).where(*held, by_unit),
    )


def _unit_where(actor: Actor) -> ColumnElement[bool]:
    whole, _some, alone = _allocated_today(actor, Duty.ASSESS)
    return or_(EnrolmentUnit.enrolment_id.in_(whole), EnrolmentUnit.id.in_(alone))


assesses_unit = Rule(
    EnrolmentUnit,
    lambda actor, row: bool({None, row.id} & _units_today(actor, row.enrolment, Duty.ASSESS)),
    _unit_where,
)
"""The actor is allocated to assess this very unit today, or all units of the learner."""


def _has_every_unit(duty: Duty) -> Rule:
    def holds(actor: Actor, row: SubmissionItem) -> bool:
        units = _units_today(actor, row.submission.enrolment, duty)
        return None in units or (bool(units) and {claim.enrolment_unit_id for claim in row.claims} <= units)

    def told(actor: Actor, of: Callable[[AnySelect], ColumnElement[bool]]) -> ColumnElement[bool]:
        whole, some, alone = _allocated_today(actor, duty)
        return or_(of(whole), and_(of(some), ~SubmissionItem.claims.any(Claim.enrolment_unit_id.not_in(alone))))

    return Rule(
        SubmissionItem,
        holds,
        lambda actor: told(actor, lambda held: SubmissionItem.submission.has(Submission.enrolment_id.in_(held))),
        (SubmissionItem.submission,),
        lambda actor: told(actor, Submission.enrolment_id.in_),
    )


assesses_every_unit_of_item = _has_every_unit(Duty.ASSESS)
"""The actor is allocated today to assess the learner as a whole, or every unit that the item is claimed for."""

countersigns_every_unit_of_item = _has_every_unit(Duty.COUNTERSIGN)
"""The same of countersigning."""

made = Rule(
    Evidence,
    lambda actor, row: row.author_id == actor.person_id,
    lambda actor: Evidence.author_id == actor.person_id,
)
"""The actor is whoever made the item: its learner, or an assessor."""

is_not_hidden = Rule(
    Evidence,
    lambda _actor, row: row.hidden_at is None,
    lambda _actor: Evidence.hidden_at.is_(None),
)
"""Nobody is taking personal data out of the item at present."""

is_hidden = Rule(
    Evidence,
    lambda _actor, row: row.hidden_at is not None,
    lambda _actor: Evidence.hidden_at.is_not(None),
)
"""Personal data was found in it, and it is not mended yet."""

reported = Rule(
    Evidence,
    lambda actor, row: any(one.mended_at is None and one.reported_by_id == actor.person_id for one in row.breaches),
    lambda actor: Evidence.breaches.any(and_(Breach.mended_at.is_(None), Breach.reported_by_id == actor.person_id)),
)
"""The actor said that personal data is in it, and it is not mended yet."""

is_handed_in = Rule(
    Evidence,
    lambda _actor, row: row.state is not EvidenceState.DRAFT,
    lambda _actor: Evidence.state != EvidenceState.DRAFT,
)
"""The item is more than the learner's own draft."""

was_handed_in = Rule(
    Evidence,
    lambda _actor, row: any(version.frozen_at is not None for version in row.versions),
    lambda _actor: Evidence.versions.any(EvidenceVersion.frozen_at.is_not(None)),
)
"""Some version of it was handed in, even if it was withdrawn since."""

version_is_handed_in = Rule(
    EvidenceVersion,
    lambda _actor, row: row.is_handed_in,
    lambda _actor: and_(EvidenceVersion.frozen_at.is_not(None), EvidenceVersion.withdrawn_at.is_(None)),
)
"""This version was handed in and not withdrawn."""


is_not_own_work = Rule(
    Evidence,
    lambda actor, row: row.author_id != actor.person_id or row.method in BY_ASSESSOR,
    lambda actor: or_(Evidence.author_id != actor.person_id, Evidence.method.in_(BY_ASSESSOR)),
)
"""The item is not the actor's own; what assessors record of a learner is the learner's."""

is_asked = Rule(
    FindingDecision,
    lambda actor, row: row.outcome is Outcome.ASKED and row.by_id != actor.person_id,
    lambda actor: and_(FindingDecision.outcome == Outcome.ASKED, FindingDecision.by_id != actor.person_id),
)
"""Somebody else asks whether what was found may stay."""

holds_original = Rule(
    Redaction,
    lambda actor, row: row.original_blob_id is not None and row.used_by_id == actor.person_id,
    lambda actor: and_(Redaction.original_blob_id.is_not(None), Redaction.used_by_id == actor.person_id),
)
"""The original of a file that the actor redacted is held for the actor."""

waits_for_oneself = Rule(
    WaitingFile,
    lambda actor, row: row.person_id == actor.person_id and row.enrolment.centre_id == actor.centre_id,
    lambda actor: and_(
        WaitingFile.person_id == actor.person_id, WaitingFile.enrolment.has(Enrolment.centre_id == actor.centre_id)
    ),
)
"""The actor sent the file."""


is_told = Rule(
    Notice,
    lambda actor, row: row.person_id == actor.person_id and row.centre_id == actor.centre_id,
    lambda actor: and_(Notice.person_id == actor.person_id, Notice.centre_id == actor.centre_id),
)
"""The notice is for the actor, of the centre that they are in."""

brought = Rule(
    ImportDraft,
    lambda actor, row: (
        Role.ADMINISTRATOR in actor.roles and row.person_id == actor.person_id and row.centre_id == actor.centre_id
    ),
    lambda actor: (
        and_(ImportDraft.person_id == actor.person_id, ImportDraft.centre_id == actor.centre_id)
        if Role.ADMINISTRATOR in actor.roles
        else false()
    ),
)
"""The actor brought the list to the centre that they are in, and runs it still."""

came_to_own_centre = Rule(
    ArrivingDraft,
    lambda actor, row: Role.ADMINISTRATOR in actor.roles and row.centre_id == actor.centre_id,
    lambda actor: ArrivingDraft.centre_id == actor.centre_id if Role.ADMINISTRATOR in actor.roles else false(),
)
"""The bundle came to the centre that the actor runs."""

keeps = Rule(
    FeedbackStem,
    lambda actor, row: row.person_id == actor.person_id,
    lambda actor: FeedbackStem.person_id == actor.person_id,
)
"""The actor keeps these words."""


is_signed_in_there = Rule(
    SignInSession,
    lambda actor, row: row.person_id == actor.person_id,
    lambda actor: SignInSession.person_id == actor.person_id,
)
"""It is the actor's own session, here or on another device, at whichever centre."""


def _of_site_or_centre(model: type[QualificationVersion] | type[UnitVersion]) -> Rule:
    staff = {Role.ASSESSOR, Role.IQA, Role.EQA, Role.ADMINISTRATOR}

    def holds(actor: Actor, row: QualificationVersion | UnitVersion) -> bool:
        return row.centre_id in {None, actor.centre_id} and bool(staff & actor.roles)

    def where(actor: Actor) -> ColumnElement[bool]:
        offered = or_(model.centre_id.is_(None), model.centre_id == actor.centre_id)
        return offered if staff & actor.roles else false()

    return Rule(model, holds, where)


qualification_is_offered = _of_site_or_centre(QualificationVersion)
"""The qualification is the whole site's or the actor's centre's own, and the actor is staff there."""

unit_is_offered = _of_site_or_centre(UnitVersion)
"""The same of a unit."""

handed_in = Rule(
    Submission,
    lambda actor, row: row.by_id == actor.person_id,
    lambda actor: Submission.by_id == actor.person_id,
)
"""The actor handed this in, or put it on record."""

is_not_withdrawn = Rule(
    SubmissionItem,
    lambda _actor, row: row.state is not ItemState.WITHDRAWN,
    lambda _actor: SubmissionItem.state != ItemState.WITHDRAWN,
)
"""Whoever handed the item in has not taken it back."""
