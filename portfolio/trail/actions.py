"""Having a trail proved: a portfolio's at once, a centre's by a worker. What comes of it is no part of the record."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.accounts.actors import Actor
from portfolio.audit.checking import NO_ENDS, check_one, keep
from portfolio.audit.models import TrailCheck
from portfolio.bundles.arriving.proving import ends_told
from portfolio.centres.models import Centre
from portfolio.enrolment.models import Enrolment
from portfolio.jobs import actions as jobs
from portfolio.jobs.models import Job
from portfolio.trail.queries import arrivals_of, newest_check
from portfolio.trail.rules import CHECK_TRAIL


def check_enrolment(session: Session, actor: Actor, enrolment: Enrolment) -> TrailCheck:
    """Prove the trail of one enrolment now, with those that it brought along, and remember what came of it."""
    others = [one.stream_id for one in arrivals_of(session, enrolment.id)]
    ends = ends_told(session, [enrolment.stream_id, *others]) if others else NO_ENDS
    return keep(session, actor, check_one(session, enrolment.stream_id, others=others, ends=ends))


def ask_for_check(session: Session, actor: Actor, centre: Centre) -> Job:
    """A proof of all of a centre's trails that a worker will make. One that is under way already is the answer.

    The caller wakes a worker after the commit.
    """
    session.execute(select(Centre.id).where(Centre.id == centre.id).with_for_update())
    present = newest_check(session, centre.id)
    if present is not None and not present.is_over:
        return present
    return jobs.ask(session, kind=CHECK_TRAIL, centre_id=centre.id, person_id=actor.person_id, subject_id=centre.id)
