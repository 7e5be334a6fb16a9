"""What `read` gives is what SQLAlchemy gives: values, errors, and word of what runs; on both engines."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Table, bindparam, column, event, false, func, insert, select, table, text
from sqlalchemy.exc import (
    DBAPIError,
    InvalidRequestError,
    MultipleResultsFound,
    NoResultFound,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import DetachedInstanceError

from portfolio import clock, reading
from portfolio.accounts.models import Attempt, Membership, Person
from portfolio.accounts.rules import AttemptKind, Role
from portfolio.centres.models import Centre
from portfolio.db import Database, found, read
from portfolio.enrolment.models import Enrolment
from portfolio.kept import Kept
from portfolio.schema import METADATA
from tests.cast import Cast

ROLES = select(Membership.person_id, Membership.role).where(Membership.role.in_(bindparam("roles", expanding=True)))
NAMED = select(Person).where(Person.id == bindparam("row_id"))
COUNTING = select(func.count()).select_from(Person)
NOWHERE: Any = select(column("x")).select_from(table("nowhere")).where(column("x") == bindparam("secret"))


@pytest.mark.usefixtures("cast")
def test_every_kind_of_column_comes_as_it_should(database: Database) -> None:
    kinds = set[type]()
    with database.reading() as session:
        for each in METADATA.sorted_tables:
            rows = read(session, _whole(each)).all()
            assert rows == [tuple(row) for row in session.execute(_whole(each))], each.name
            kinds |= {type(value) for row in rows for value in row}
    assert {int, str, bool, datetime, list, dict, Role, type(None)} <= kinds


def _whole(each: Table) -> Any:
    return select(each).order_by(*each.primary_key)


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("roles", [[], [Role.IQA], [Role.LEARNER, Role.ASSESSOR], list(Role)])
def test_lists_of_any_length_are_taken(database: Database, roles: list[Role]) -> None:
    with database.reading() as session:
        got = {(row.person_id, row.role) for row in read(session, ROLES, roles=roles)}
        everybody = session.execute(select(Membership.person_id, Membership.role)).all()
    assert got == {(person, role) for person, role in everybody if role in roles}
    assert bool(got) == bool(roles)


@pytest.mark.usefixtures("cast")
def test_statements_that_differ_in_their_constants_do_not_mix_them_up(database: Database) -> None:
    def counted(*roles: Role) -> Any:
        return select(func.count()).where(Membership.role.in_(roles), Membership.since <= bindparam("today"))

    statements = {roles: counted(*roles) for roles in [(Role.IQA,), (Role.LEARNER,), (Role.IQA, Role.LEARNER)]}
    with database.reading() as session:
        for _ in range(2):
            some = {roles: read(session, each, today=clock.today()).scalar_one() for roles, each in statements.items()}
            assert some[Role.IQA,] + some[Role.LEARNER,] == some[Role.IQA, Role.LEARNER]
            assert some[Role.IQA,] != some[Role.LEARNER,]


def test_rows_are_asked_for_as_ever(database: Database, cast: Cast) -> None:
    named = select(Person.id, Person.name).where(Person.id.in_(bindparam("ids", expanding=True))).order_by(Person.id)
    amina, olga = sorted((cast.people["amina"], cast.people["olga"]))
    with database.reading() as session:
        both = read(session, named, ids=[olga, amina])
        assert [(row.id, row.name) for row in both] == both.all() == [*both]
        assert both.first() == both.all()[0]
        assert both.scalars().all() == [*both.scalars()] == [amina, olga]
        assert both.scalars().first() == amina
        assert read(session, named, ids=[olga]).one().id == read(session, named, ids=[olga]).scalar_one() == olga
        assert read(session, named, ids=[olga]).scalars().one_or_none() == olga
        nobody = read(session, named, ids=[])
        assert (nobody.all(), nobody.scalars().all()) == ([], [])
        assert (nobody.first(), nobody.one_or_none()) == (None, None)
        assert (nobody.scalars().first(), nobody.scalars().one_or_none()) == (None, None)
        for too_few in (nobody.one, nobody.scalar_one, nobody.scalars().one):
            with pytest.raises(NoResultFound):
                too_few()
        for too_many in (both.one, both.one_or_none, both.scalar_one, both.scalars().one_or_none):
            with pytest.raises(MultipleResultsFound):
                too_many()


def test_a_value_that_is_missing_is_asked_for(database: Database) -> None:
    with database.reading() as session, pytest.raises(InvalidRequestError, match="'row_id'"):
        read(session, NAMED)


@pytest.mark.parametrize("defaults_first", [True, False])
def test_a_value_that_is_given_wins_over_the_statements_own(
    database: Database, cast: Cast, defaults_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_FORMS", Kept(9))
    amina, olga = cast.people["amina"], cast.people["olga"]
    asking = select(Person.id).where(Person.id == bindparam("row_id"), Person.id > 0)
    having = select(Person.id).where(Person.id == bindparam("row_id", amina), Person.id > 0)
    with database.reading() as session:
        for statement in (having, asking) if defaults_first else (asking, having):
            assert read(session, statement, row_id=olga).scalar_one() == olga
        assert read(session, having).scalar_one() == amina
        listed = select(Person.id).where(Person.id.in_(bindparam("ids", [amina], expanding=True)))
        assert read(session, listed).scalar_one() == amina
        assert set(read(session, listed, ids=[amina, olga]).scalars()) == {amina, olga}
        with pytest.raises(InvalidRequestError, match="'row'"):
            read(session, having, row=olga)


def test_a_value_for_what_fell_out_of_a_statement_is_left_alone(database: Database) -> None:
    with database.reading() as session:
        assert read(session, NAMED.where(false()), row_id=1).all() == []


@pytest.mark.parametrize("is_writing", [True, False])
def test_an_error_is_told_as_ever_and_never_says_what_was_sent(database: Database, is_writing: bool) -> None:
    with database.open(writing=is_writing) as session:
        with pytest.raises(DBAPIError, match="nowhere") as told:
            read(session, NOWHERE, secret="not to be told")
        assert "not to be told" not in str(told.value)
        session.rollback()


def test_only_queries_are_read(database: Database) -> None:
    adding = insert(Attempt).values(kind=AttemptKind.ACCOUNT, subject="x", at=clock.now()).returning(Attempt.id)
    with database.writing() as session, pytest.raises(TypeError):
        read(session, adding)


@contextmanager
def heard(database: Database) -> Iterator[list[str]]:
    """What runs within the block, begun transactions aside."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "SELECT" in statement:
            said.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("is_writing", [True, False])
def test_whoever_listens_hears_of_every_read(database: Database, is_writing: bool) -> None:
    with heard(database) as said, database.open(writing=is_writing) as session:
        for number in range(3):
            read(session, NAMED, row_id=number).all()
            assert len(said) == number + 1
        found(session, Person, NAMED, row_id=1)
        session.scalars(NAMED, {"row_id": 1}).all()
        assert len(said) == 5
    assert all("FROM person" in each for each in said)


def test_what_was_added_is_read_before_it_is_committed(session: Session) -> None:
    session.add(Attempt(kind=AttemptKind.ACCOUNT, subject="x", at=datetime(2026, 3, 5, 9, tzinfo=UTC)))
    row = read(session, select(Attempt.subject, Attempt.kind, Attempt.at)).one()
    assert row == ("x", AttemptKind.ACCOUNT, datetime(2026, 3, 5, 9, tzinfo=UTC))


def test_a_reading_session_sees_one_moment_however_it_looks(database: Database) -> None:
    counting = select(func.count()).select_from(Attempt)
    with database.reading() as session:
        assert read(session, counting).scalar_one() == 0
        with database.writing() as other:
            other.execute(insert(Attempt).values(kind=AttemptKind.ACCOUNT, subject="x", at=clock.now()))
            other.commit()
        assert read(session, counting).scalar_one() == session.scalar(counting) == 0
        assert session.scalars(select(Attempt)).all() == []
    with database.reading() as session:
        assert read(session, counting).scalar_one() == session.scalar(counting) == 1


@pytest.mark.parametrize("is_mapped", [True, False])
def test_a_reading_session_that_is_closed_borrows_nothing_more(database: Database, cast: Cast, is_mapped: bool) -> None:
    statement = select(Enrolment).where(Enrolment.id == bindparam("row_id"))
    with database.reading() as session:
        row = found(session, Enrolment, statement, row_id=cast.enrolments["amina"])
        assert row is not None
        assert row.centre.id if is_mapped else row.centre_id
    for ask in (lambda: row.learner, lambda: read(session, COUNTING), lambda: session.scalar(COUNTING)):
        with pytest.raises((InvalidRequestError, DetachedInstanceError)):
            ask()
    assert row.learner_id == cast.people["amina"]
    with database.reading() as another:
        assert read(another, COUNTING).scalar_one()


@pytest.mark.parametrize("is_writing", [True, False])
def test_a_mapped_object_is_found_and_knows_its_relations(database: Database, cast: Cast, is_writing: bool) -> None:
    statement = select(Enrolment).where(Enrolment.id == bindparam("row_id"))
    row_id = cast.enrolments["amina"]
    with database.open(writing=is_writing) as session:
        row = found(session, Enrolment, statement, row_id=row_id)
        assert row is not None
        assert row in session
        assert row.learner.id == cast.people["amina"]
        assert row.state is session.scalar(select(Enrolment.state).where(Enrolment.id == row_id))
        assert found(session, Enrolment, statement, row_id=row_id) is row is session.get_one(Enrolment, row_id)
        assert not session.dirty
        assert found(session, Enrolment, statement, row_id=0) is None


def test_a_connection_that_was_lost_is_told_and_not_used_again(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        with pytest.raises(OperationalError), Database("sqlite:////nowhere/at/all").reading() as session:
            read(session, NAMED, row_id=1)
        return
    with database.reading() as session:
        lost = session.scalar(select(func.pg_backend_pid()))
        with database.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 1000)"), {"pid": lost})
        with pytest.raises(OperationalError):
            read(session, NAMED, row_id=1)
    with database.reading() as session:
        assert read(session, select(func.count()).select_from(Centre)).scalar_one() == 0


@pytest.mark.parametrize("is_writing", [True, False])
@pytest.mark.parametrize("is_mapped", [True, False])
def test_a_connection_lost_on_the_way_stays_lost_until_the_next_session(
    database: Database, is_writing: bool, is_mapped: bool
) -> None:
    with database.open(writing=is_writing) as session:
        assert read(session, COUNTING).scalar_one() == session.scalar(COUNTING) == 0
        pooled: Any = session.connection().connection
        pooled.dbapi_connection.close()
        with pytest.raises(DBAPIError) as told:
            read(session, COUNTING)
        assert told.value.connection_invalidated
        with pytest.raises(SQLAlchemyError):
            session.scalar(COUNTING) if is_mapped else read(session, COUNTING)
    with database.open(writing=is_writing) as session:
        assert read(session, COUNTING).scalar_one() == 0


@pytest.mark.parametrize("is_writing", [True, False])
def test_the_error_is_told_that_lost_the_connection(
    database: Database, is_writing: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database.engine.dialect, "is_disconnect", lambda *_: True)
    with database.open(writing=is_writing) as session, pytest.raises(DBAPIError, match="nowhere") as told:
        read(session, NOWHERE, secret="x")
    assert told.value.connection_invalidated


def test_what_is_remembered_of_statements_is_bounded(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    forms = Kept[Any, reading.Form](3)
    monkeypatch.setattr(reading, "_FORMS", forms)
    monkeypatch.setattr(reading, "_PLANS", {})
    with database.reading() as session:
        for number in range(20):
            read(session, select(Person.id.label(f"number_{number}")).where(Person.id.in_([1, number])))
    gc.collect()
    assert len(forms) == 3
    assert [len(plans) for plans in reading._PLANS.values()] == [0]


def test_a_shape_that_is_asked_for_again_is_not_worked_out_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    formed: list[str] = []
    form = reading._formed

    def noting(statement: Any, *rest: Any) -> reading.Form:
        formed.append(statement.selected_columns.keys()[0])
        return form(statement, *rest)

    monkeypatch.setattr(reading, "_FORMS", Kept(2))
    monkeypatch.setattr(reading, "_formed", noting)
    with database.reading() as session:
        for name in ("often", "once", "often", "then", "often", "once"):
            read(session, select(Person.id.label(name)))
    assert formed == ["often", "once", "then", "once"]


def test_a_session_has_what_mapped_objects_need_once_they_are_asked_for(database: Database, cast: Cast) -> None:
    database.info["told"] = "of old"
    with database.reading() as session:
        assert read(session, select(Person.id)).all()
        assert session.info["told"] == "of old"
        assert "identity_map" not in vars(session)
        amina = session.get_one(Person, cast.people["amina"])
        assert amina in session
        assert list(session.identity_map.values()) == [amina]
        with pytest.raises(AttributeError, match="nothing_of_the_kind"):
            _ = session.nothing_of_the_kind  # type: ignore[attr-defined]
    assert amina not in session
    assert "identity_map" not in vars(database.open(writing=False))
