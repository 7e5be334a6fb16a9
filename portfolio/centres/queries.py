"""Reading centres."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.centres.models import Centre, CentreLogo, CentreWordTemplate


def numbered(session: Session, number: str) -> list[Centre]:
    """The centres with a number, which nothing keeps unique."""
    return list(session.scalars(select(Centre).where(Centre.number == number).order_by(Centre.id)))


def oldest(session: Session) -> Centre | None:
    """The centre that was opened first."""
    return session.scalars(select(Centre).order_by(Centre.id).limit(1)).first()


def names(session: Session) -> dict[int, str]:
    """The name of every centre, by id."""
    return {row.id: row.name for row in session.execute(select(Centre.id, Centre.name))}


def dress_of(session: Session, centre_id: int) -> tuple[bytes | None, bytes | None]:
    """What a centre's books wear, as far as it has them: its picture, a PNG, and its Word template."""
    found = session.execute(
        select(CentreLogo.content, CentreWordTemplate.content)
        .select_from(Centre)
        .outerjoin(CentreLogo, CentreLogo.centre_id == Centre.id)
        .outerjoin(CentreWordTemplate, CentreWordTemplate.centre_id == Centre.id)
        .where(Centre.id == centre_id)
    ).one()
    return found[0], found[1]


def logo_of(session: Session, centre_id: int, sha256: str) -> bytes | None:
    """The centre's picture, a PNG, if it is the one with this hash."""
    return session.scalar(
        select(CentreLogo.content).where(CentreLogo.centre_id == centre_id, CentreLogo.sha256 == sha256)
    )


def word_template(session: Session, centre_id: int) -> CentreWordTemplate | None:
    """The template that a centre's Word books are made with, if it has one of its own."""
    return session.get(CentreWordTemplate, centre_id)
