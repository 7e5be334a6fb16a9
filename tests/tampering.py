"""Changing a database behind the product's back, as somebody with the disk would: triggers off, no audit event."""

from collections.abc import Callable

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from portfolio.db import Database


def tamper(database: Database, change: Callable[[Session], object]) -> None:
    """Do something to the rows with every guard out of the way, and commit it."""
    engine = create_engine(database.url)
    with Session(engine) as session:
        if engine.dialect.name == "sqlite":
            for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                session.execute(text(f"DROP TRIGGER {name}"))
        else:
            session.execute(text("SET session_replication_role = replica"))
        change(session)
        session.commit()
    engine.dispose()
