"""Further criteria on what was handed in: what the tests of them begin from."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.assessment import submitting
from portfolio.assessment.models import Submission, SubmissionItem
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Evidence
from portfolio.mapping import actions as mapping
from portfolio.mapping.models import Claim
from tests.cast import EVERYTHING, Cast, wanted


def item_of(session: Session, cast: Cast, name: str) -> Evidence:
    """An item by name, such as `amina E001`."""
    return session.get_one(Evidence, cast.evidence[name])


def claim_further(session: Session, cast: Cast, name: str, said: dict[str, str]) -> Evidence:
    """Amina maps an item that was handed in to these criteria besides."""
    evidence = item_of(session, cast, name)
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    mapping.map_to(session, cast.actor("amina", session), evidence, wanted=wanted(session, enrolment, said))
    return evidence


def hand_in_further(session: Session, cast: Cast, *names: str) -> Submission:
    """Amina hands in what she has claimed since."""
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    ids = [cast.evidence[name] for name in names]
    amina = cast.actor("amina", session)
    return submitting.submit(session, amina, enrolment, evidence_ids=ids, declared=EVERYTHING)


def further_item(
    session: Session, cast: Cast, name: str = "amina E001", said: dict[str, str] | None = None
) -> SubmissionItem:
    """Amina claims 4.1 and 4.2 besides, or what is said, and hands it in."""
    claim_further(session, cast, name, said or {"4.1": "It says so.", "4.2": "It shows it."})
    return hand_in_further(session, cast, name).items[0]


def claims_of_submission(session: Session, submission: Submission) -> dict[str, Claim]:
    """What went in with a submission, by code."""
    claims = session.scalars(select(Claim).where(Claim.submission_id == submission.id))
    return {claim.criterion.code: claim for claim in claims}
