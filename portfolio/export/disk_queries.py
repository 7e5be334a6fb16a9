"""How much the files of each portfolio take. The number of statements is fixed."""

from dataclasses import dataclass

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from portfolio.accounts.models import Person
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion, WaitingFile
from portfolio.export.models import WordBook
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState


@dataclass(frozen=True, slots=True)
class Taken:
    """What one portfolio takes, in bytes: evidence with files that wait, each content once; and what was made of it."""

    enrolment_id: int
    learner: str
    registration_number: str
    files: int
    evidence: int
    books: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.evidence + self.books


@dataclass(frozen=True, slots=True)
class CentreTaken:
    """What a centre takes, in bytes, each content once, and how many contents that are."""

    size: int
    files: int


def taken_by_portfolio(
    session: Session,
    centre_id: int,
    *,
    search: str = "",
    offset: int = 0,
    limit: int = 50,
    further: AnySelect | None = None,
) -> list[Taken]:
    """Portfolios of a centre, those that take most first. `further` are files that were made of portfolios beside their
    books, as (enrolment_id, blob_id). One statement.
    """
    named = union(
        select(Evidence.enrolment_id, EvidenceFile.blob_id)
        .join(EvidenceVersion, EvidenceVersion.id == EvidenceFile.version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .join(Enrolment, Enrolment.id == Evidence.enrolment_id)
        .where(Enrolment.centre_id == centre_id),
        select(WaitingFile.enrolment_id, WaitingFile.blob_id)
        .join(Enrolment, Enrolment.id == WaitingFile.enrolment_id)
        .where(Enrolment.centre_id == centre_id),
    ).subquery()
    sums = (
        select(named.c.enrolment_id, func.count().label("files"), func.sum(Blob.size).label("size"))
        .join(Blob, Blob.id == named.c.blob_id)
        .where(Blob.state != BlobState.GONE)
        .group_by(named.c.enrolment_id)
        .subquery()
    )
    word_files = [select(WordBook.enrolment_id, WordBook.blob_id), select(WordBook.enrolment_id, WordBook.pdf_blob_id)]
    made = union(*word_files, *([further] if further is not None else [])).subquery()
    books = (
        select(made.c.enrolment_id, func.sum(Blob.size).label("size"))
        .join(Blob, Blob.id == made.c.blob_id)
        .where(Blob.centre_id == centre_id, Blob.state != BlobState.GONE)
        .group_by(made.c.enrolment_id)
        .subquery()
    )
    evidence, word = func.coalesce(sums.c.size, 0), func.coalesce(books.c.size, 0)
    query = (
        select(
            Enrolment.id,
            Person.name,
            Enrolment.registration_number,
            func.coalesce(sums.c.files, 0).label("files"),
            evidence.label("evidence"),
            word.label("books"),
        )
        .join(Person, Person.id == Enrolment.learner_id)
        .outerjoin(sums, sums.c.enrolment_id == Enrolment.id)
        .outerjoin(books, books.c.enrolment_id == Enrolment.id)
        .where(Enrolment.centre_id == centre_id)
    )
    if search:
        query = query.where(Person.name.icontains(search, autoescape=True))
    query = query.order_by((evidence + word).desc(), Enrolment.id).offset(offset).limit(limit)
    return [
        Taken(row.id, row.name, row.registration_number, int(row.files), int(row.evidence), int(row.books))
        for row in read(session, query)
    ]


def taken_by_centre(session: Session, centre_id: int) -> CentreTaken:
    """What all of a centre's files take. One statement."""
    query = select(func.coalesce(func.sum(Blob.size), 0).label("size"), func.count().label("files"))
    row = read(session, query.where(Blob.centre_id == centre_id, Blob.state != BlobState.GONE)).one()
    return CentreTaken(int(row.size), int(row.files))
