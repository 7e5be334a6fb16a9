"""The facts about bundles that permissions are made of, each in Python and as SQL. They read as English."""

from sqlalchemy import ColumnElement, and_, false

from portfolio.accounts.actors import Actor
from portfolio.accounts.rules import Role
from portfolio.bundles.kept_models import BundlePart, KeptBundle
from portfolio.bundles.kept_rules import BundleKind
from portfolio.policy.rule import Rule


def is_bundle_of(enrolment: Rule) -> Rule:
    """It is a bundle of one learner, whose enrolment is such."""
    return Rule(
        KeptBundle,
        lambda actor, row: (
            row.kind is BundleKind.LEARNER and row.enrolment is not None and enrolment.holds(actor, row.enrolment)
        ),
        lambda actor: and_(KeptBundle.kind == BundleKind.LEARNER, KeptBundle.enrolment.has(enrolment.where(actor))),
    )


def is_bundle_for(kind: BundleKind, *roles: Role) -> Rule:
    """It is a bundle of this kind at the actor's centre, where the actor is one of these."""
    wanted = frozenset(roles)
    return Rule(
        KeptBundle,
        lambda actor, row: row.kind is kind and row.centre_id == actor.centre_id and bool(wanted & actor.roles),
        lambda actor: (
            and_(KeptBundle.kind == kind, KeptBundle.centre_id == actor.centre_id) if wanted & actor.roles else false()
        ),
    )


asked_for_bundle = Rule(
    KeptBundle,
    lambda actor, row: row.by_id == actor.person_id,
    lambda actor: KeptBundle.by_id == actor.person_id,
)
"""The actor had it made."""


def _has_sight_of_all(actor: Actor) -> ColumnElement[bool]:
    return ~KeptBundle.parts.any(BundlePart.enrolment_id.not_in(sorted(actor.grants)))


is_bundle_of_grants = is_bundle_for(BundleKind.VISIT, Role.EQA) & Rule(
    KeptBundle,
    lambda actor, row: {part.enrolment_id for part in row.parts} <= actor.grants,
    _has_sight_of_all,
)
"""It was made for a visit, and the actor is an external quality assurer to whom all that is in it is granted today."""
