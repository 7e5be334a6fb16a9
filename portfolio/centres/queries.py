"""Reading centres."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.centres.models import Centre, CentreLogo


def numbered(session: Session, number: str) -> list[Centre]:
    """The centres with a number, which nothing keeps unique."""
    return list(session.scalars(select(Centre).where(Centre.number == number).order_by(Centre.id)))


def oldest(session: Session) -> Centre | None:
    """The centre that was opened first."""
    return session.scalars(select(Centre).order_by(Centre.id).limit(1)).first()


def names(session: Session) -> dict[int, str]:
    """The name of every centre, by id."""
    return {row.id: row.name for row in session.execute(select(Centre.id, Centre.name))}


def logo_in(session: Session, centre_id: int) -> bytes | None:
    """The centre's picture, a PNG, if it has one."""
    return session.scalar(select(CentreLogo.content).where(CentreLogo.centre_id == centre_id))


def logo_of(session: Session, centre_id: int, sha256: str) -> bytes | None:
    """The centre's picture, a PNG, if it is the one with this hash."""
    return session.scalar(
        select(CentreLogo.content).where(CentreLogo.centre_id == centre_id, CentreLogo.sha256 == sha256)
    )
