"""Finding items of a portfolio: by words, by what they are and where they stand, in an order, a page at a time.

`within` is what the person may see; nothing here widens it. The page is cut before anything else is read about its
items, and the number of statements does not depend on how many there are.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, Text, and_, bindparam, cast, func, or_, select
from sqlalchemy.orm import Session

from portfolio.accounts.models import Person
from portfolio.criteria.models import UnitVersion
from portfolio.criteria.rules import Method
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import EnrolmentUnit
from portfolio.evidence.breach_queries import amended_at
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion
from portfolio.evidence.queries import ItemRow, item_row, item_rows, shown_no
from portfolio.evidence.rules import BY_ASSESSOR, Carrier, EvidenceState
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import CLAIMS_BELIEVED

STATEMENTS = 500
"""How many statements are kept; they differ with who may see what and with which filters are set."""
WORDS_MOST = 6
"""How many words of a search are looked for; each must occur somewhere."""


class Standing(StrEnum):
    """Where an item stands in a list; a new version of what was marked stands as a draft to whoever works on it.

    What an assessor recorded is on record where a learner's own item is handed in. What is hidden is nothing else.
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ON_RECORD = "on_record"
    MARKED = "marked"
    HIDDEN = "hidden"
    TRASH = "trash"


class Order(StrEnum):
    """What a list is ordered by: references and titles upwards, days and changes with the newest first."""

    REFERENCE = "reference"
    TITLE = "title"
    EVENT = "event"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for. Without a standing, everything but the trash."""

    words: str = ""
    method: Method | None = None
    carrier: Carrier | None = None
    standing: Standing | None = None
    enrolment_unit_id: int | None = None
    is_unmapped: bool = False
    is_over_mapped: bool = False
    author_id: int | None = None

    @property
    def is_any(self) -> bool:
        """Whether anything is asked for."""
        return self != Filters()


@dataclass(frozen=True, slots=True)
class _Shape:
    """Which conditions a statement has; their values are bound."""

    words: int
    standing: Standing | None
    has_method: bool
    has_carrier: bool
    has_unit: bool
    is_unmapped: bool
    is_over_mapped: bool
    has_author: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The items of one page, how many fit, and how many there are without the filters (and without the trash)."""

    rows: Sequence[ItemRow]
    fitting: int
    total: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One row that can be asked for, in words."""

    id: int
    words: str


def find(
    session: Session,
    within: Select[Any],
    enrolment_id: int,
    filters: Filters,
    *,
    drafts_of: int,
    order: Order = Order.REFERENCE,
    offset: int = 0,
    limit: int,
) -> Found:
    """The items of a portfolio that fit, each in the version that the person `drafts_of` sees. Two statements."""
    words = filters.words.split()[:WORDS_MOST]
    shape = _Shape(
        words=len(words),
        standing=filters.standing,
        has_method=filters.method is not None,
        has_carrier=filters.carrier is not None,
        has_unit=filters.enrolment_unit_id is not None,
        is_unmapped=filters.is_unmapped,
        is_over_mapped=filters.is_over_mapped,
        has_author=filters.author_id is not None,
    )
    values = {"enrolment_id": enrolment_id, "drafts_of": drafts_of}
    asked = values | _values(filters, words)
    rows = read(session, _page(within, shape, order), **asked, first=offset, most=limit)
    found = [item_row(row) for row in rows]
    fitting, total = read(session, _sizes(within, shape), **asked).one()
    return Found(found, fitting, total)


NO_FILTER = _Shape(
    0,
    None,
    has_method=False,
    has_carrier=False,
    has_unit=False,
    is_unmapped=False,
    is_over_mapped=False,
    has_author=False,
)


def _values(filters: Filters, words: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "method": filters.method,
        "carrier": filters.carrier,
        "unit_id": filters.enrolment_unit_id,
        "author_id": filters.author_id,
    }
    for n, word in enumerate(words):
        for name, said in {"lower": word.lower(), "typed": word, "title": word.title()}.items():
            values |= {f"{name}{n}": _pattern(said), f"{name}_kept{n}": _pattern(json.dumps(said)[1:-1])}
    return {name: value for name, value in values.items() if value is not None}


def _pattern(word: str) -> str:
    return f"%{word.replace('/', '//').replace('%', '/%').replace('_', '/_')}%"


def _holds(text: Any, n: int | str) -> ColumnElement[bool]:
    """The text holds the n-th word. SQLite folds the case of ASCII letters only: hence the second and third try."""
    typed, title = bindparam(f"typed{n}", type_=String), bindparam(f"title{n}", type_=String)
    return or_(
        func.lower(text).like(bindparam(f"lower{n}", type_=String), escape="/"),
        text.like(typed, escape="/"),
        text.like(title, escape="/"),
    )


def _said_in(notes: Any) -> Any:
    """The lines of a record as they are kept, without the names of their parts: nobody looks for those."""
    text: Any = cast(notes, Text)
    for name in ("at", "ask", "said", "criteria"):
        text = func.replace(text, f'"{name}": ', "")
    return text


def _has_word(n: int) -> ColumnElement[bool]:
    version = EvidenceVersion
    text = Evidence.ref + "\n" + version.title + "\n" + version.context + "\n" + version.role + "\n" + version.body
    kept = [func.coalesce(version.custody[name].as_string(), "") for name in ("location", "custodian")]
    names = select(EvidenceFile.id).where(EvidenceFile.version_id == version.id, _holds(EvidenceFile.name, n))
    maker = select(Person.id).where(Person.id == Evidence.author_id, _holds(Person.name, n))
    return or_(
        _holds(text + "\n" + kept[0] + "\n" + kept[1], n),
        _holds(_said_in(version.notes), f"_kept{n}"),
        names.correlate(EvidenceVersion).exists(),
        maker.correlate(Evidence).exists(),
    )


def _stands(standing: Standing | None) -> ColumnElement[bool]:
    if standing is Standing.TRASH:
        return Evidence.trashed_at.is_not(None)
    is_kept = Evidence.trashed_at.is_(None)
    if standing is None:
        return is_kept
    if standing is Standing.HIDDEN:
        return and_(is_kept, Evidence.hidden_at.is_not(None))
    is_shown = and_(is_kept, Evidence.hidden_at.is_(None))
    if standing is Standing.DRAFT:
        return and_(is_shown, EvidenceVersion.frozen_at.is_(None))
    is_in = and_(is_shown, EvidenceVersion.frozen_at.is_not(None))
    if standing is Standing.MARKED:
        return and_(is_in, Evidence.state == EvidenceState.MARKED)
    is_record = Evidence.method.in_(BY_ASSESSOR)
    waits = and_(is_in, Evidence.state == EvidenceState.SUBMITTED)
    return and_(waits, is_record if standing is Standing.ON_RECORD else ~is_record)


def _fitting(within: Select[Any], shape: _Shape) -> Select[Any]:
    shown = or_(Claim.submission_id.is_not(None), Evidence.author_id == bindparam("drafts_of", type_=Integer))
    claims = select(Claim.id).where(Claim.evidence_version_id == EvidenceVersion.id, shown)
    claims = claims.correlate(EvidenceVersion, Evidence)
    query = within.join(EvidenceVersion, EvidenceVersion.evidence_id == Evidence.id).where(
        Evidence.enrolment_id == bindparam("enrolment_id", type_=Integer),
        EvidenceVersion.no == shown_no(),
        _stands(shape.standing),
        *(_has_word(n) for n in range(shape.words)),
    )
    if shape.has_method:
        query = query.where(Evidence.method == bindparam("method", type_=Evidence.method.type))
    if shape.has_carrier:
        query = query.where(Evidence.carrier == bindparam("carrier", type_=Evidence.carrier.type))
    if shape.has_unit:
        in_unit = claims.where(Claim.enrolment_unit_id == bindparam("unit_id", type_=Integer))
        query = query.where(in_unit.exists())
    if shape.is_unmapped:
        query = query.where(~claims.exists())
    if shape.is_over_mapped:
        query = query.where(claims.with_only_columns(func.count(Claim.id)).scalar_subquery() > CLAIMS_BELIEVED)
    if shape.has_author:
        query = query.where(Evidence.author_id == bindparam("author_id", type_=Integer))
    return query


def _ordered_by(order: Order) -> tuple[ColumnElement[Any], ...]:
    changed = func.coalesce(amended_at(), EvidenceVersion.frozen_at, EvidenceVersion.created_at)
    ways: dict[Order, tuple[ColumnElement[Any], ...]] = {
        Order.REFERENCE: (Evidence.id.asc(),),
        Order.TITLE: (func.lower(EvidenceVersion.title).asc(), Evidence.id.asc()),
        Order.EVENT: (EvidenceVersion.event_on.desc().nulls_last(), Evidence.id.asc()),
        Order.CHANGE: (changed.desc(), Evidence.id.desc()),
    }
    return ways[order]


def _only(query: Select[Any], *columns: Any) -> AnySelect:
    return query.with_only_columns(*columns, maintain_column_froms=True)


@lru_cache(maxsize=STATEMENTS)
def _page(within: Select[Any], shape: _Shape, order: Order) -> AnySelect:
    first, most = bindparam("first", type_=Integer), bindparam("most", type_=Integer)
    ordered = _only(_fitting(within, shape), EvidenceVersion.id).order_by(*_ordered_by(order))
    page = ordered.offset(first).limit(most).subquery()
    return item_rows().join(page, page.c.id == EvidenceVersion.id).order_by(*_ordered_by(order))


@lru_cache(maxsize=STATEMENTS)
def _sizes(within: Select[Any], shape: _Shape) -> AnySelect:
    fitting, total = (_only(_fitting(within, one), func.count()).scalar_subquery() for one in (shape, NO_FILTER))
    return select(fitting, total)


@lru_cache(maxsize=STATEMENTS)
def _authors(within: Select[Any]) -> AnySelect:
    return (
        _only(
            within.join(Person, Person.id == Evidence.author_id),
            Person.id,
            Person.name,
            func.count(Evidence.hidden_at).label("hidden"),
        )
        .where(Evidence.enrolment_id == bindparam("enrolment_id", type_=Integer))
        .group_by(Person.id, Person.name)
        .order_by(Person.name, Person.id)
    )


@dataclass(frozen=True, slots=True)
class Makers:
    """Who made the items of a portfolio that somebody may see, by name, and whether one of these is hidden."""

    authors: Sequence[Choice]
    has_hidden: bool


def makers_of(session: Session, within: Select[Any], enrolment_id: int) -> Makers:
    """Who made what somebody may see of a portfolio. One statement."""
    rows = read(session, _authors(within), enrolment_id=enrolment_id).all()
    return Makers([Choice(row.id, row.name) for row in rows], any(row.hidden for row in rows))


@cache
def _units_of() -> AnySelect:
    return (
        select(EnrolmentUnit.id, UnitVersion.title)
        .join(UnitVersion, UnitVersion.id == EnrolmentUnit.unit_version_id)
        .where(EnrolmentUnit.enrolment_id == bindparam("enrolment_id", type_=Integer))
        .order_by(EnrolmentUnit.position)
    )


def units_of(session: Session, enrolment_id: int) -> list[Choice]:
    """The units that a learner works on, in order. One statement."""
    return [Choice(*row) for row in read(session, _units_of(), enrolment_id=enrolment_id)]


@cache
def _ready_drafts() -> AnySelect:
    drafts = select(Claim.id).where(Claim.evidence_version_id == EvidenceVersion.id, Claim.submission_id.is_(None))
    claims = drafts.correlate(EvidenceVersion)
    return (
        select(Evidence.id, Evidence.ref)
        .join(EvidenceVersion, EvidenceVersion.evidence_id == Evidence.id)
        .where(
            Evidence.enrolment_id == bindparam("enrolment_id", type_=Integer),
            Evidence.author_id == bindparam("person_id", type_=Integer),
            Evidence.trashed_at.is_(None),
            Evidence.hidden_at.is_(None),
            claims.exists(),
            ~claims.where(func.trim(Claim.annotation) == "").exists(),
        )
        .order_by(Evidence.id)
    )


def ready_drafts(session: Session, enrolment_id: int, person_id: int) -> dict[int, str]:
    """The references of somebody's own drafts that are mapped, with words on every criterion, and of items with such
    further claims, by the item's id and in the order of items. One statement.
    """
    rows = read(session, _ready_drafts(), enrolment_id=enrolment_id, person_id=person_id)
    return {row.id: row.ref for row in rows}
