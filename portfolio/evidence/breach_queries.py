"""Items in which personal data was found: what shows of them meanwhile, what was taken out, and who else holds it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Label, ScalarSelect, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from portfolio.accounts.models import Person
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Amendment, Breach, Evidence, EvidenceFile, EvidenceVersion
from portfolio.evidence.rules import HIDDEN
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState

IS_HIDDEN: Label[bool] = Evidence.hidden_at.is_not(None).label("is_hidden")
"""For queries over evidence: whether the item is hidden while personal data is taken out."""
STATEMENTS = 500
"""How many statements are kept; they differ with who may see what."""

FIELD_WORDS = {
    "title": "the title",
    "context": "what it is about",
    "role": "the part played in it",
    "body": "the text",
    "custody": "where it is kept",
    "notes": "the notes",
    "name": "the name of a file",
}
"""The texts of a version in words."""


def unless_hidden(column: InstrumentedAttribute[Any] | ColumnElement[Any], instead: Any = "") -> Label[Any]:
    """A column of a query over evidence, under its own name; `instead` while the item is hidden."""
    return case((Evidence.hidden_at.is_not(None), instead), else_=column).label(column.key)


def shown_title() -> Label[str]:
    """The title of a version in a query over evidence; while the item is hidden, that it is."""
    return unless_hidden(EvidenceVersion.title, HIDDEN)


def title_for(person_id: ColumnElement[int]) -> Label[str]:
    """The same, but whoever made the item sees its title."""
    is_hidden = and_(Evidence.hidden_at.is_not(None), Evidence.author_id != person_id)
    return case((is_hidden, HIDDEN), else_=EvidenceVersion.title).label("title")


def amended_at() -> ScalarSelect[datetime]:
    """When personal data was last taken out of a version, for a query over versions."""
    made = select(func.max(Amendment.made_at)).where(Amendment.version_id == EvidenceVersion.id)
    return made.correlate(EvidenceVersion).scalar_subquery()


def open_breach(session: Session, evidence_id: int) -> Breach | None:
    """The breach of an item that nobody has mended yet."""
    return session.scalar(
        select(Breach)
        .options(joinedload(Breach.reported_by))
        .where(Breach.evidence_id == evidence_id, Breach.mended_at.is_(None))
        .order_by(Breach.id.desc())
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class HiddenRow:
    """An item that is hidden, for a list of them; who asks made it, or hid it, or neither."""

    evidence_id: int
    ref: str
    learner: str
    since: datetime
    is_own: bool
    is_hidden_by_asker: bool


@cache
def _open_breaches() -> AnySelect:
    return select(Breach.evidence_id).where(Breach.mended_at.is_(None))


@cache
def _hidden() -> AnySelect:
    return (
        select(Evidence.id, Evidence.ref, Person.name, Evidence.hidden_at, Evidence.author_id, Breach.reported_by_id)
        .join(Enrolment, Enrolment.id == Evidence.enrolment_id)
        .join(Person, Person.id == Enrolment.learner_id)
        .join(Breach, and_(Breach.evidence_id == Evidence.id, Breach.mended_at.is_(None)))
        .where(Evidence.hidden_at.is_not(None))
        .order_by(Evidence.hidden_at, Evidence.id)
    )


@cache
def _hidden_of() -> AnySelect:
    return _hidden().where(Evidence.enrolment_id == bindparam("enrolment_id", type_=Integer))


@lru_cache(maxsize=STATEMENTS)
def _hidden_in(within: AnySelect) -> AnySelect:
    return _hidden().where(
        Evidence.id.in_(bindparam("items", type_=Integer, expanding=True)),
        Enrolment.id.in_(within.with_only_columns(Enrolment.id)),
    )


def hidden_of(session: Session, enrolment_id: int, asker_id: int) -> list[HiddenRow]:
    """The hidden items of an enrolment that whoever asks may see, the longest hidden first. One statement."""
    return _hidden_rows(read(session, _hidden_of(), enrolment_id=enrolment_id), asker_id)


def hidden_in(session: Session, within: AnySelect, asker_id: int) -> list[HiddenRow]:
    """The hidden items of these enrolments, the longest hidden first.

    They are rare: who may see which is only asked when there are any.
    """
    items = read(session, _open_breaches()).scalars().all()
    return _hidden_rows(read(session, _hidden_in(within), items=items), asker_id) if items else []


def _hidden_rows(rows: Iterable[Any], asker_id: int) -> list[HiddenRow]:
    return [
        HiddenRow(
            evidence_id=row.id,
            ref=row.ref,
            learner=row.name,
            since=row.hidden_at,
            is_own=row.author_id == asker_id,
            is_hidden_by_asker=row.reported_by_id == asker_id,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Removed:
    """Content that was taken out of an item: `is_destroyed` once nothing of it is kept anywhere in the centre.

    `name` is that of the redacted file in its place, while that is in the item.
    """

    sha256: str
    size: int
    replaced_by: str
    is_destroyed: bool
    name: str


@dataclass(frozen=True, slots=True)
class Amended:
    """What was taken out of one version: when, by whom and why, with the digests before and after.

    `fields` and `claims` name the texts, and the criteria by their codes, that say less than before or something else.
    """

    id: int
    version_id: int
    version_no: int
    at: datetime
    by: str
    reason: str
    digest_before: str
    digest_after: str
    fields: tuple[str, ...]
    claims: tuple[str, ...]
    removed: tuple[Removed, ...]

    @property
    def changed(self) -> str:
        """Which texts changed, in words; empty when none did."""
        said = [FIELD_WORDS.get(name, name) for name in self.fields]
        said += [f"what it says on {', '.join(self.claims)}"] if self.claims else []
        return "; ".join(said)

    @property
    def words(self) -> str:
        """The reason as a sentence, the texts that changed, and the files that went by their hashes."""
        files = [f"{file.sha256} ({'destroyed' if file.is_destroyed else 'taken out'})" for file in self.removed]
        changed = f" Changed: {self.changed}." if self.changed else ""
        gone = f" Files by SHA-256: {', '.join(files)}." if files else ""
        return f"{self.reason.rstrip('.')}.{changed}{gone}"


def amendments_of(
    session: Session, enrolment_id: int, *, evidence_id: int | None = None, version_id: int | None = None
) -> list[Amended]:
    """Every amendment of a portfolio, or of one item or version: the newest version's first."""
    query = (
        select(Amendment, EvidenceVersion.no, Person.name, Enrolment.centre_id)
        .join(EvidenceVersion, EvidenceVersion.id == Amendment.version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .join(Enrolment, Enrolment.id == Evidence.enrolment_id)
        .join(Person, Person.id == Amendment.by_id)
        .where(Evidence.enrolment_id == enrolment_id)
        .order_by(EvidenceVersion.no.desc(), Amendment.no)
    )
    if evidence_id is not None:
        query = query.where(Evidence.id == evidence_id)
    if version_id is not None:
        query = query.where(EvidenceVersion.id == version_id)
    rows = session.execute(query).all()
    files = [one for amendment, *_ in rows for one in amendment.removed if "sha256" in one]
    gone = _destroyed(session, rows[0].centre_id, {one["sha256"] for one in files}) if files else set()
    names = _names(
        session, {one["replaced_by"] for one in files if one["replaced_by"]}, {row[0].version_id for row in rows}
    )
    return [
        Amended(
            id=amendment.id,
            version_id=amendment.version_id,
            version_no=number,
            at=amendment.made_at,
            by=name,
            reason=amendment.reason,
            digest_before=amendment.digest_before,
            digest_after=amendment.digest_after,
            fields=tuple(one["field"] for one in amendment.removed if "field" in one),
            claims=tuple(one["claim"] for one in amendment.removed if "claim" in one),
            removed=tuple(
                Removed(
                    sha256=one["sha256"],
                    size=one["size"],
                    replaced_by=one["replaced_by"],
                    is_destroyed=one["sha256"] in gone,
                    name=names.get((amendment.version_id, one["replaced_by"]), ""),
                )
                for one in amendment.removed
                if "sha256" in one
            ),
        )
        for amendment, number, name, _centre_id in rows
    ]


def _destroyed(session: Session, centre_id: int, listed: Collection[str]) -> set[str]:
    gone = Blob.state == BlobState.GONE
    return set(session.scalars(select(Blob.sha256).where(Blob.centre_id == centre_id, Blob.sha256.in_(listed), gone)))


def _names(session: Session, contents: Collection[str], version_ids: Collection[int]) -> dict[tuple[int, str], str]:
    """What the files with these contents are called, by version and hash."""
    if not contents:
        return {}
    rows = session.execute(
        select(EvidenceFile.version_id, Blob.sha256, EvidenceFile.name)
        .join(Blob, Blob.id == EvidenceFile.blob_id)
        .where(EvidenceFile.version_id.in_(version_ids), Blob.sha256.in_(contents))
    )
    return {(version_id, sha256): name for version_id, sha256, name in rows}


Contents = Collection[str] | Select[Any]
"""Files by their hashes."""


def contents_of(version_id: int) -> Select[Any]:
    """The hashes of a version's files, to be part of another query."""
    files = select(Blob.sha256).join(EvidenceFile, EvidenceFile.blob_id == Blob.id)
    return files.where(EvidenceFile.version_id == version_id)


@dataclass(frozen=True, slots=True)
class Holder:
    """Another item that holds the same content."""

    evidence_id: int
    ref: str
    learner: str


def also_held(
    session: Session, evidence: Evidence, contents: Contents, *, within: Select[Any]
) -> tuple[Sequence[Holder], int]:
    """The other items of the centre that hold some of these contents: those `within`, and how many there are besides.

    `within` is the items that the person asking may see.
    """
    named = (
        select(EvidenceVersion.evidence_id)
        .join(EvidenceFile, EvidenceFile.version_id == EvidenceVersion.id)
        .join(Blob, Blob.id == EvidenceFile.blob_id)
        .where(Blob.centre_id == evidence.enrolment.centre_id, Blob.sha256.in_(contents))
        .where(EvidenceVersion.evidence_id != evidence.id)
    )
    total = session.scalar(select(func.count()).select_from(named.distinct().subquery())) or 0
    rows = session.execute(
        select(Evidence.id, Evidence.ref, Person.name)
        .join(Enrolment, Enrolment.id == Evidence.enrolment_id)
        .join(Person, Person.id == Enrolment.learner_id)
        .where(Evidence.id.in_(named), Evidence.id.in_(within.with_only_columns(Evidence.id)))
        .order_by(Person.name, Evidence.id)
    )
    seen = [Holder(*row) for row in rows]
    return seen, total - len(seen)
