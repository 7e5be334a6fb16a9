"""Proving all of a centre's trails in the background: read at one moment, and remembered when it is done."""

from portfolio.accounts import queries as accounts
from portfolio.audit.checking import check_all, keep
from portfolio.bundles.arriving.proving import ends_told
from portfolio.centres.models import Centre
from portfolio.errors import Forbidden
from portfolio.jobs.running import Transaction, Work
from portfolio.trail.queries import enrolment_streams

NO_LONGER = "You no longer have a role at the centre, so this was not kept."


def check_centre(work: Work, *, reading: Transaction, writing: Transaction) -> None:
    """Prove the trail of a centre and those of all its enrolments. Raises Stopped when the job is no longer ours."""
    with reading() as session:
        centre = session.get_one(Centre, work.subject_id)
        others = enrolment_streams(session, centre.id)
        ends = ends_told(session, others)
        checked = check_all(session, centre.stream_id, others, work.report, ends=ends)
    with writing() as session:
        work.finish(session)
        actor = accounts.actor(session, person_id=work.person_id, centre_id=work.centre_id)
        if actor is None:
            raise Forbidden(NO_LONGER)
        keep(session, actor, checked)
