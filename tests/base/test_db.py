"""Sessions: reading cannot write, writing is told of, times are aware."""

from contextlib import closing
from datetime import datetime

import pytest
from sqlalchemy import event, insert, literal, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError

from portfolio import clock, connections, db
from portfolio.accounts.models import Attempt
from portfolio.accounts.rules import AttemptKind
from portfolio.audit import streams
from portfolio.audit.events import System
from portfolio.centres.actions import open_centre
from portfolio.centres.models import Centre
from portfolio.db import Database, UnauditedWrite, hold, new_uid, read

ADDING = "INSERT INTO attempt (kind, subject, at) VALUES ('account', 'x', '2026-01-01')"
ONE = select(literal(1))


def test_a_reading_session_cannot_write(database: Database) -> None:
    with database.reading() as session, pytest.raises(DBAPIError):
        session.execute(text(ADDING))


def test_a_moment_that_could_not_begin_is_begun_anew(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise database.engine.dialect.loaded_dbapi.OperationalError("busy")

    returned: list[object] = []
    event.listen(database.engine, "checkin", lambda connection, _record: returned.append(connection))
    with database.reading() as session:
        with monkeypatch.context() as planted:
            planted.setattr(db, "begin_reading", fail)
            for _ in range(2):
                with pytest.raises(OperationalError, match="busy"):
                    read(session, ONE)
        assert len(returned) == 2
        assert read(session, ONE).scalar_one() == 1
        with pytest.raises(DBAPIError):
            session.execute(text(ADDING))


def test_what_was_changed_is_written_before_a_row_is_held(database: Database) -> None:
    with database.writing() as session:
        centre = open_centre(session, System(), name="Before", number="1")
        session.commit()
        centre.name = "After"
        hold(session, centre)
        assert centre.name == "After"
        session.execute(
            update(Centre).values(name="Later", rev=Centre.rev + 1).execution_options(synchronize_session=False)
        )
        hold(session, centre)
        assert centre.name == "Later"


def test_nobody_waits_for_ever_for_what_somebody_else_holds(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "LOCK_MILLISECONDS", 50)
    monkeypatch.setattr(connections, "BUSY_MILLISECONDS", 50)
    with database.writing() as session:
        centre_id = open_centre(session, System(), name="Held", number="1").id
        session.commit()
    other = Database(database.engine.url.render_as_string(hide_password=False))
    with closing(other), database.writing() as holding:
        hold(holding, holding.get_one(Centre, centre_id))
        with pytest.raises(OperationalError), other.writing() as waiting:
            waiting.get_one(Centre, centre_id, with_for_update=True)


@pytest.mark.parametrize("how", ["row", "bulk", "core", "text"])
def test_no_change_is_committed_without_an_event(database: Database, how: str) -> None:
    with database.writing() as session:
        centre = open_centre(session, System(), name="Before", number="1")
        session.commit()
    with database.writing() as session:
        if how == "row":
            session.get_one(Centre, centre.id).name = "After"
        elif how == "bulk":
            session.execute(update(Centre), [{"id": centre.id, "name": "After", "rev": 1}])
        elif how == "core":
            session.execute(update(Centre).values(name="After"))
        else:
            session.execute(text("update centre set name = 'After'"))
        with pytest.raises(UnauditedWrite):
            session.commit()
    with database.reading() as session:
        assert session.get_one(Centre, centre.id).name == "Before"


def test_an_event_from_an_earlier_transaction_does_not_count(database: Database) -> None:
    with database.writing() as session:
        centre = open_centre(session, System(), name="Before", number="1")
        session.commit()
        streams.record(session, System(), "test.step", "step:1", stream_id=centre.stream_id)
        session.commit()
        session.execute(update(Centre).values(name="After"))
        with pytest.raises(UnauditedWrite):
            session.commit()


def test_operational_rows_need_no_event(database: Database) -> None:
    with database.writing() as session:
        session.execute(insert(Attempt).values(kind=AttemptKind.ACCOUNT, subject="x", at=clock.now()))
        session.commit()


def test_naive_times_are_refused(database: Database) -> None:
    with database.writing() as session, pytest.raises(StatementError, match="aware"):
        session.execute(insert(Attempt).values(kind=AttemptKind.ACCOUNT, subject="x", at=datetime(2026, 1, 1)))  # noqa: DTZ001


def test_identifiers_do_not_repeat() -> None:
    assert len({new_uid() for _ in range(2_000)}) == 2_000
