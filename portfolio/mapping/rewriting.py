"""Putting other words into what draft claims say, where personal data stood. Its caller records the event."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.errors import InvalidState, Rejected
from portfolio.evidence.actions import note_words
from portfolio.evidence.models import Evidence
from portfolio.evidence.rewriting import TOO_LONG
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import ANNOTATION_MOST, PLACE_MOST

KINDS = {"annotation": ANNOTATION_MOST, "place": PLACE_MOST}
"""What the places of a claim's texts begin with, up to the colon."""


def rewrite(session: Session, evidence: Evidence, texts: Mapping[str, str]) -> None:
    """Have these texts of the claims on the item's latest version, by place, say this from now on.

    The caller holds the enrolment. Raises InvalidState for a claim that was handed in or is gone.
    """
    asked = {place.partition(":")[2] for place in texts}
    drafts = select(Claim).where(
        Claim.uid.in_(asked), Claim.evidence_version_id == evidence.latest.id, Claim.submission_id.is_(None)
    )
    claims = {claim.uid: claim for claim in session.scalars(drafts, execution_options={"populate_existing": True})}
    if claims.keys() != asked:
        raise InvalidState("What it is mapped to has been handed in, or is gone. Load the page again.")
    for place, text in texts.items():
        kind, _, uid = place.partition(":")
        if len(text) > KINDS[kind]:
            raise Rejected(TOO_LONG)
        setattr(claims[uid], kind, text)
    session.flush()
    note_words(session, evidence)
