"""Taking personal data out of an item, and out of the Word portfolios that hold it: those are destroyed with it."""

from sqlalchemy.orm import Session

from portfolio.accounts.actors import Actor
from portfolio.assessment import amending
from portfolio.assessment.amending import Mending
from portfolio.evidence.models import Amendment, Evidence
from portfolio.export import breach_queries
from portfolio.storage.actions import let_go
from portfolio.storage.stores import Store


def mend(
    session: Session,
    actor: Actor,
    evidence: Evidence,
    store: Store,
    mending: Mending,
    *,
    rev: int,
    bundles: int = 0,
) -> list[Amendment]:
    """As `assessment.amending.mend`. Every book that was made of what the item said before can only be made anew;
    `bundles` counts those that were let go with them.
    """
    books = breach_queries.books_holding(session, evidence)
    blobs = [blob for book in books for blob in (book.blob, book.pdf) if blob is not None]
    for book in books:
        book.blob_id = book.pdf_blob_id = None
    session.flush()
    for book in books:
        session.expire(book, ["blob", "pdf"])
    let_go(session, blobs)
    return amending.mend(session, actor, evidence, store, mending, rev=rev, books=len(books) + bundles)
