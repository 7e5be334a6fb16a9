"""Taking personal data out of an item, out of the Word portfolios and out of the bundles that hold it."""

from sqlalchemy.orm import Session

from portfolio.accounts.actors import Actor
from portfolio.assessment.amending import Mending
from portfolio.bundles import queries
from portfolio.evidence.models import Amendment, Evidence
from portfolio.export import amending
from portfolio.storage.actions import let_go
from portfolio.storage.stores import Store


def mend(
    session: Session, actor: Actor, evidence: Evidence, store: Store, mending: Mending, *, rev: int
) -> list[Amendment]:
    """As `export.amending.mend`. Every bundle that holds what the item said before, whoever else is in it, is destroyed
    with the books.
    """
    bundles = queries.bundles_holding(session, evidence)
    blobs = [bundle.blob for bundle in bundles if bundle.blob is not None]
    for bundle in bundles:
        bundle.blob_id = None
    session.flush()
    for bundle in bundles:
        session.expire(bundle, ["blob"])
    let_go(session, blobs)
    return amending.mend(session, actor, evidence, store, mending, rev=rev, bundles=len(bundles))
