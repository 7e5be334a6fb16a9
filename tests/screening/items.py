"""Items with people in them, and how the tests of this folder ask about them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.criteria.rules import Method
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import actions
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import Carrier
from portfolio.screening import scanning
from portfolio.screening.models import Finding
from portfolio.screening.review_queries import EntitySeen, Review, review_of
from tests.cast import Cast, upload, write

TITLE = "The call to Mrs Quillfeather"
BODY = (
    "Dear all, the customer, Mrs Quillfeather, rang at noon about her bill.\n\n"
    "Mrs Quillfeather said that we could call her on 07700 900312, and I did. My colleague Dermot Haverstock wrote "
    "it down."
)


def draft(session: Session, cast: Cast, body: str = BODY, title: str = TITLE, name: str = "amina") -> Evidence:
    """A draft in writing, looked through."""
    evidence = write(session, cast.installation, cast, name, title, body)
    scanning.look(session, evidence)
    return evidence


def with_file(session: Session, cast: Cast, content: bytes, file_name: str = "notes.txt") -> Evidence:
    """A draft made of a file whose words are harmless, looked through; its content waits."""
    evidence = actions.add(
        session,
        cast.actor("amina", session),
        session.get_one(Enrolment, cast.enrolments["amina"]),
        cast.installation.store,
        method=Method.PRODUCT,
        carrier=Carrier.FILES,
        details=Details("A file"),
        uploads=[upload(cast.installation, content, file_name)],
    )
    scanning.refresh(session, [evidence.id])
    return evidence


def reword(session: Session, cast: Cast, evidence: Evidence, body: str, title: str = TITLE) -> None:
    """The maker writes it anew."""
    actions.change(
        session,
        cast.actor("amina", session),
        evidence,
        cast.installation.store,
        details=Details(title, body=body),
        rev=evidence.latest.rev,
    )
    scanning.look(session, evidence)


def found_in(session: Session, evidence: Evidence) -> list[Finding]:
    """All findings of an item, as they are."""
    rows = select(Finding).where(Finding.item_uid == evidence.uid).order_by(Finding.place, Finding.start)
    return list(session.scalars(rows, execution_options={"populate_existing": True}))


def entity_of(session: Session, evidence: Evidence, words: str) -> EntitySeen:
    """Who or what is meant by these words in the item."""
    return next(one for one in review_of(session, evidence).entities if words in one.words)


def review(session: Session, evidence: Evidence) -> Review:
    """The review as a page reads it."""
    return review_of(session, evidence)
