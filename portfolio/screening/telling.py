"""Who is told that something is asked to stay, and that it was answered: references alone, and never the words."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Membership
from portfolio.accounts.queries import membership_is_open
from portfolio.accounts.rules import Role
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Evidence
from portfolio.notices.actions import settle, tell
from portfolio.notices.rules import NoticeKind


def tell_asked(session: Session, actor: Actor, evidence: Evidence) -> None:
    """The centre's administrators are asked for a word on an item, but not the learner themselves."""
    enrolment = evidence.enrolment
    administrators = session.scalars(
        select(Membership.person_id).where(
            Membership.centre_id == enrolment.centre_id,
            Membership.role == Role.ADMINISTRATOR,
            Membership.person_id != enrolment.learner_id,
            membership_is_open(),
        )
    ).all()
    _tell(session, actor, evidence, list(administrators), NoticeKind.STAY_ASKED)


def tell_answered(session: Session, actor: Actor, evidence: Evidence, *, is_last: bool) -> None:
    """Whoever made the item has an answer. With the last one of the item, nobody is asked about it any more."""
    enrolment = evidence.enrolment
    _tell(session, actor, evidence, [evidence.author_id], NoticeKind.STAY_ANSWERED)
    if is_last:
        settle(
            session,
            centre_id=enrolment.centre_id,
            kind=NoticeKind.STAY_ASKED,
            about=(Enrolment.__tablename__, enrolment.id),
            refs=[evidence.ref],
        )


def _tell(session: Session, actor: Actor, evidence: Evidence, person_ids: list[int], kind: NoticeKind) -> None:
    tell(
        session,
        person_ids=person_ids,
        by=actor.person_id,
        centre_id=evidence.enrolment.centre_id,
        kind=kind,
        about=(Enrolment.__tablename__, evidence.enrolment_id),
        facts={"refs": [evidence.ref]},
    )
