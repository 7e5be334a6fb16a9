"""The books of an enrolment: what one may be of, those that were asked for, and the one that is being made."""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import Session, joinedload

from portfolio.accounts.models import Person
from portfolio.criteria.models import UnitVersion
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import EnrolmentUnit
from portfolio.evidence.queries import items_of
from portfolio.export.models import WordBook
from portfolio.jobs.models import Job
from portfolio.jobs.rules import JobState


def to_choose_from(session: Session, enrolment_id: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What a book of a part may be of: units by code and title, and items that were handed in by reference and title.
    Two statements.
    """
    units = read(session, _units_to_choose(), enrolment_id=enrolment_id).tuples()
    items = items_of(session, enrolment_id, drafts_of=None)
    return list(units), [(item.ref, item.title) for item in items]


@cache
def _units_to_choose() -> AnySelect:
    return (
        select(UnitVersion.code, UnitVersion.title)
        .join(EnrolmentUnit, EnrolmentUnit.unit_version_id == UnitVersion.id)
        .where(EnrolmentUnit.enrolment_id == bindparam("enrolment_id", type_=Integer))
        .order_by(EnrolmentUnit.position)
    )


@dataclass(frozen=True, slots=True)
class BookRow:
    """One line of the books of an enrolment, with how far the making of it is."""

    book: WordBook
    by: str


def books_of(session: Session, enrolment_id: int) -> list[BookRow]:
    """Every book that was asked for, the newest first."""
    rows = session.execute(
        select(WordBook, Person.name)
        .options(joinedload(WordBook.job), joinedload(WordBook.blob), joinedload(WordBook.pdf))
        .join(Person, Person.id == WordBook.by_id)
        .where(WordBook.enrolment_id == enrolment_id)
        .order_by(WordBook.id.desc())
    )
    return [BookRow(book, name) for book, name in rows]


def book_under_way(session: Session, enrolment_id: int) -> WordBook | None:
    """The book of an enrolment that is being made or waits for it."""
    return session.scalar(
        select(WordBook)
        .join(Job, Job.id == WordBook.job_id)
        .options(joinedload(WordBook.job))
        .where(WordBook.enrolment_id == enrolment_id, Job.state.in_((JobState.QUEUED, JobState.RUNNING)))
        .order_by(WordBook.id)
        .limit(1)
    )


def book_for(session: Session, job_id: int) -> WordBook:
    """The book that a job is to make."""
    return session.scalars(select(WordBook).where(WordBook.job_id == job_id)).one()
