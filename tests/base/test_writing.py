"""Rows written in the driver's own way are those that mapped objects would have written, and nothing goes round the
guard.
"""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portfolio.accounts.models import Membership, Person
from portfolio.accounts.rules import Role
from portfolio.audit import many, streams
from portfolio.audit.events import System
from portfolio.audit.models import AuditEvent, AuditStream, AuditText
from portfolio.centres.models import Centre
from portfolio.db import Database, UnauditedWrite
from portfolio.enrolment.models import Enrolment
from portfolio.notices.models import Notice
from portfolio.notices.rules import NoticeKind, Posting
from portfolio.writing import number, put, put_numbered, reserved, write
from tests.cast import Cast


def notice(cast: Cast, name: str, number: int) -> Notice:
    """With every kind of value."""
    return Notice(
        person_id=cast.people[name],
        centre_id=1,
        kind=NoticeKind.INVITED,
        about_table="membership",
        about_id=number,
        facts={"said": ["“quoted”", "a\ttab\nand \\N"]},
        is_on_screen=False,
        told_at=datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    )


def test_rows_are_those_of_mapped_objects(cast: Cast, session: Session) -> None:
    session.add(notice(cast, "amina", 0))
    session.flush()
    several = [notice(cast, "amina", number) for number in range(1, 4)]
    put(session, several)
    assert not session.new
    rows = session.scalars(select(Notice).where(Notice.person_id == cast.people["amina"]).order_by(Notice.id)).all()
    assert [row.about_id for row in rows[-4:]] == [0, 1, 2, 3]
    assert [(row.id, row.uid) for row in rows[-3:]] == [(one.id, one.uid) for one in several]
    of_object, *of_driver = rows[-4:]
    for row in of_driver:
        assert (row.facts, row.told_at, row.kind, row.is_on_screen, row.posting, row.attempts, row.read_at) == (
            of_object.facts, of_object.told_at, NoticeKind.INVITED, False, Posting.NONE, 0, None,
        )  # fmt: skip


def test_what_is_not_given_has_its_default(session: Session) -> None:
    keys = reserved(session, Person, 2)
    write(session, Person, ("id", "email", "name"), [(key, f"p{key}@example.org", "Somebody") for key in keys])
    first, second = (session.get_one(Person, key) for key in keys)
    assert first.uid != second.uid
    assert (first.epoch, first.password_hash) == (1, "")


def test_keys_go_on_after_it(cast: Cast, session: Session) -> None:
    keys = list(reserved(session, Person, 3))
    assert keys == sorted(set(keys))
    write(session, Person, ("id", "email", "name"), [(key, f"p{key}@example.org", "Somebody") for key in keys])
    later = Person(email="later@example.org", name="Later")
    session.add(later)
    session.flush()
    assert later.id > keys[-1]
    assert keys[0] > max(cast.people.values())


def test_rows_are_numbered_before_they_are_written(session: Session) -> None:
    """So that others name them by then; what is left out has its default, or is empty."""
    people = [Person(email=f"p{place}@example.org", name="Somebody", password_hash="kept") for place in range(3)]
    number(session, people)
    first = people[0].id
    assert [one.id for one in people] == [first, first + 1, first + 2]
    assert all(len(one.uid) == 20 and one.epoch == 1 for one in people)
    assert session.scalars(select(Person)).all() == []
    put_numbered(session, people, but=("password_hash",))
    found = session.scalars(select(Person).order_by(Person.id)).all()
    assert [(one.id, one.uid, one.password_hash) for one in found] == [(one.id, one.uid, "") for one in people]


@pytest.mark.parametrize("count", [1, 141, 142, 143, 300])
def test_each_of_many_rows_is_written_once(session: Session, count: int) -> None:
    """With its defaults this table takes 142 rows in one statement of SQLite."""
    keys = reserved(session, Person, count)
    rows = [(key, f"p{key}@example.org", f"Somebody {key}") for key in keys]
    write(session, Person, ("id", "email", "name"), rows)
    written = session.execute(
        select(Person.id, Person.email, Person.name).where(Person.id.in_(keys)).order_by(Person.id)
    )
    assert written.all() == rows
    uids = session.scalars(select(Person.uid).where(Person.id.in_(keys))).all()
    assert len(set(uids)) == count


def test_nothing_is_nothing(session: Session) -> None:
    put(session, [])
    write(session, Person, ("email",), [])
    many.record_all(session, System(), [])
    assert not reserved(session, Person, 0)


def test_many_rows_without_an_event_are_not_committed(database: Database) -> None:
    with database.writing() as session:
        write(session, Person, ("email", "name"), [("new@example.org", "New")])
        with pytest.raises(UnauditedWrite, match="person"):
            session.commit()
    with database.reading() as session:
        assert session.scalar(select(Person.id).where(Person.email == "new@example.org")) is None


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize(
    ("model", "names", "row"),
    [
        (Person, ("email", "name"), ("amina@example.org", "A private name")),
        (Membership, ("person_id", "centre_id", "role", "since"), (None, 1, Role.LEARNER, None)),
    ],
)
def test_what_the_database_refuses_is_told_without_the_values(
    session: Session,
    model: type[Person] | type[Membership],
    names: tuple[str, ...],
    row: tuple[object, ...],
) -> None:
    with pytest.raises(IntegrityError) as refused:
        write(session, model, names, [row])
    assert "private" not in str(refused.value)


def test_a_naive_time_is_refused(cast: Cast, session: Session) -> None:
    one = notice(cast, "amina", 1)
    one.told_at = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(ValueError, match="aware"):
        put(session, [one])


def test_many_entries_are_one_chain_with_those_before_and_after(cast: Cast, session: Session) -> None:
    centre = session.get_one(Centre, 1)
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    known = session.get_one(AuditStream, centre.stream_id)
    before = known.head_seq
    session.add(notice(cast, "amina", 9))
    tellings = [
        many.Telling(centre.stream_id, "test.one", "step:1", {"name": "Ünïcode"}),
        many.Telling(enrolment.stream_id, "test.two", "step:2"),
        many.Telling(centre.stream_id, "test.three", "step:3", {"of": ["a", "b"], "at": 3}),
    ]
    many.record_all(session, System(), tellings)
    assert known.head_seq == before + 2
    last = streams.record(session, System(), "test.four", "step:4", stream_id=centre.stream_id)
    session.commit()
    assert last.seq == before + 3
    assert streams.verify(session).faults == ()
    told = session.execute(
        select(AuditEvent.verb, AuditText.text)
        .outerjoin(AuditText, AuditText.event_id == AuditEvent.id)
        .where(AuditEvent.verb.startswith("test."))
        .order_by(AuditEvent.id)
    ).all()
    assert [tuple(row) for row in told] == [
        ("test.one", {"name": "Ünïcode"}), ("test.two", None), ("test.three", {"of": ["a", "b"], "at": 3}),
        ("test.four", None),
    ]  # fmt: skip
