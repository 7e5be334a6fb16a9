"""Reading centres."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.centres.models import Centre


def names(session: Session) -> dict[int, str]:
    """The name of every centre, by id."""
    return {row.id: row.name for row in session.execute(select(Centre.id, Centre.name))}
