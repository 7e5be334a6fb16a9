"""Reading claims while they are still a draft: what an item is mapped to, and what is missing before it can go in.

On a version that was handed in those are further claims: they are read apart from what it was handed in with.

Also what a claim means after its unit was moved to newer criteria: a claim stays on the criterion that it was made for,
and counts for the present one that says word for word the same under the same code.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from portfolio.audit.events import facts_digest
from portfolio.criteria.models import Criterion, UnitVersion
from portfolio.criteria.rules import Method
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.evidence.breach_queries import IS_HIDDEN, shown_title, unless_hidden
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import Coded

CLAIMED, PRESENT = aliased(Criterion), aliased(Criterion)
"""The criterion that a claim was made for, and the one of the learner's present version of the unit."""


def is_in_place() -> ColumnElement[bool]:
    """PRESENT has the code of CLAIMED in the version to which the claim's unit is pinned today."""
    return and_(PRESENT.unit_version_id == EnrolmentUnit.unit_version_id, PRESENT.code == CLAIMED.code)


def stands() -> ColumnElement[bool]:
    """PRESENT says word for word what CLAIMED says, so that what was claimed and decided goes on counting."""
    return and_(is_in_place(), PRESENT.text == CLAIMED.text)


@dataclass(frozen=True, slots=True)
class ClaimText:
    """What a claim says: how the item meets the criterion, and where in the item that shows. `uid` is that of a claim
    which is kept.
    """

    annotation: str
    place: str
    uid: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Mapped:
    """The criteria that a version is mapped to, and those of them whose claim says nothing yet."""

    criteria: tuple[Coded, ...]
    unexplained: tuple[Coded, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Their codes."""
        return tuple([one.code for one in self.criteria])


UNMAPPED = Mapped((), ())


@dataclass(slots=True)
class Drafted:
    """A claim that was not handed in yet: what it is about. `is_further`: its item was handed in before."""

    evidence_id: int
    enrolment_unit_id: int
    criterion_id: int
    code: str
    is_explained: bool
    is_further: bool
    is_hidden: bool

    @property
    def coded(self) -> Coded:
        """Its criterion as it is named."""
        return Coded(self.enrolment_unit_id, self.code)


@dataclass(slots=True)
class DraftClaim(Drafted):
    """The same with its item, and where in it the criterion shows."""

    ref: str
    title: str
    method: Method
    place: str


REV_DIGITS = 12
"""Of a digest, in hexadecimal: a number that a script can hold exactly."""


@cache
def _claims_of() -> AnySelect:
    return select(Claim.criterion_id, Claim.annotation, Claim.place, Claim.uid).where(
        Claim.evidence_version_id == bindparam("version_id", type_=Integer), Claim.submission_id.is_(None)
    )


def claims_of(session: Session, version_id: int) -> dict[int, ClaimText]:
    """What a version is mapped to and was not handed in with yet, by criterion id: all of a draft's, the further ones
    of what was handed in. One statement.
    """
    rows = read(session, _claims_of(), version_id=version_id)
    return {row.criterion_id: ClaimText(row.annotation, row.place, row.uid) for row in rows}


def rev_of(version_id: int, drafts: Mapping[int, ClaimText]) -> int:
    """A number for the mapping of a version as `claims_of` answers it: another one once anything in it changes."""
    listed = sorted([criterion_id, text.annotation, text.place] for criterion_id, text in drafts.items())
    return int(facts_digest({"version": version_id, "claims": listed})[:REV_DIGITS], 16)


@cache
def _locked_on() -> AnySelect:
    return (
        select(PRESENT.id, PRESENT.code, Claim.annotation, Claim.place)
        .join(EnrolmentUnit, EnrolmentUnit.id == Claim.enrolment_unit_id)
        .join(CLAIMED, CLAIMED.id == Claim.criterion_id)
        .join(PRESENT, stands())
        .where(
            Claim.evidence_version_id == bindparam("version_id", type_=Integer),
            Claim.submission_id.is_not(None),
        )
        .order_by(EnrolmentUnit.position, PRESENT.position)
    )


@dataclass(frozen=True, slots=True)
class Locked:
    """A claim that was handed in, with the code of its criterion: it stays as it is."""

    code: str
    annotation: str
    place: str


def locked_on(session: Session, version_id: int) -> dict[int, Locked]:
    """What a version was handed in with, by the present criterion for which it counts, in order. One statement."""
    rows = read(session, _locked_on(), version_id=version_id)
    return {row.id: Locked(row.code, row.annotation, row.place) for row in rows}


@cache
def _mapped() -> AnySelect:
    return (
        select(Claim.evidence_version_id, Claim.enrolment_unit_id, Criterion.code, Claim.annotation)
        .join(Criterion, Criterion.id == Claim.criterion_id)
        .join(EnrolmentUnit, EnrolmentUnit.id == Claim.enrolment_unit_id)
        .join(EvidenceVersion, EvidenceVersion.id == Claim.evidence_version_id)
        .where(
            Claim.evidence_version_id.in_(bindparam("versions", type_=Integer, expanding=True)),
            or_(Claim.submission_id.is_not(None), EvidenceVersion.frozen_at.is_(None)),
        )
        .order_by(EnrolmentUnit.position, Criterion.position)
    )


def mapped(session: Session, version_ids: Collection[int]) -> dict[int, Mapped]:
    """For each version what it is mapped to, in the order of units and criteria. One statement.

    Of what was handed in only that with which it was: its further claims are its maker's own.
    """
    rows = read(session, _mapped(), versions=list(version_ids)).all()
    criteria: dict[int, list[Coded]] = {id_: [] for id_ in version_ids}
    unexplained: dict[int, list[Coded]] = {id_: [] for id_ in version_ids}
    for version_id, unit_id, code, annotation in rows:
        criteria[version_id].append(Coded(unit_id, code))
        if not annotation.strip():
            unexplained[version_id].append(Coded(unit_id, code))
    return {id_: Mapped(tuple(criteria[id_]), tuple(unexplained[id_])) for id_ in criteria}


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of a portfolio: by version id what each is mapped to, as `mapped` answers it, and what one person made
    and did not hand in. A version that is mapped to nothing is left out.
    """

    mapped: Mapping[int, Mapped]
    drafts: Sequence[Drafted]


def _in_portfolio(*columns: Any) -> AnySelect:
    """Every claim of a portfolio but for the trash: what `Drafted` says, then these columns."""
    return (
        select(
            Evidence.id,
            Claim.enrolment_unit_id,
            Claim.criterion_id,
            Criterion.code,
            func.trim(Claim.annotation) != "",
            EvidenceVersion.frozen_at.is_not(None),
            IS_HIDDEN,
            *columns,
        )
        .join(EvidenceVersion, EvidenceVersion.id == Claim.evidence_version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .join(EnrolmentUnit, EnrolmentUnit.id == Claim.enrolment_unit_id)
        .join(Criterion, Criterion.id == Claim.criterion_id)
        .where(Evidence.enrolment_id == bindparam("enrolment_id", type_=Integer), Evidence.trashed_at.is_(None))
        .order_by(Evidence.id, EnrolmentUnit.position, Criterion.position, Claim.id)
    )


@cache
def _claims_in() -> AnySelect:
    return _in_portfolio(Evidence.author_id, Claim.evidence_version_id, Claim.submission_id)


def claims_in(session: Session, enrolment_id: int, author_id: int) -> Claims:
    """All claims of a portfolio but for the trash, with the drafts of one person. One statement."""
    criteria: dict[int, list[Coded]] = {}
    unexplained: dict[int, list[Coded]] = {}
    drafts: list[Drafted] = []
    for row in read(session, _claims_in(), enrolment_id=enrolment_id).tuples():
        _item_id, unit_id, _criterion_id, code, is_explained, is_further, _is_hidden, made_by, version_id, sent_id = row
        if sent_id is None:
            if made_by == author_id:
                drafts.append(Drafted(*row[:7]))
            if is_further:
                continue
        coded = Coded(unit_id, code)
        criteria.setdefault(version_id, []).append(coded)
        if not is_explained:
            unexplained.setdefault(version_id, []).append(coded)
    found = {id_: Mapped(tuple(mine), tuple(unexplained.get(id_, ()))) for id_, mine in criteria.items()}
    return Claims(found, drafts)


@cache
def _draft_claims() -> AnySelect:
    """Asked for by their portfolio: by what they lack they would be looked for among the drafts of everybody."""
    told = _in_portfolio(Evidence.ref, shown_title(), Evidence.method, unless_hidden(Claim.place))
    return told.where(
        Evidence.author_id == bindparam("author_id", type_=Integer), func.coalesce(Claim.submission_id, 0) == 0
    )


def draft_claims(session: Session, enrolment_id: int, author_id: int) -> list[DraftClaim]:
    """Every claim that somebody made in an enrolment and did not hand in, in the order of items, units and criteria.
    For them alone. One statement.
    """
    rows = read(session, _draft_claims(), enrolment_id=enrolment_id, author_id=author_id)
    return [DraftClaim(*row) for row in rows]


def further_among(claims: Collection[Drafted]) -> dict[int, Mapped]:
    """The further criteria that items were mapped to after they were handed in, by item; not of what is hidden."""
    found: dict[int, list[Drafted]] = {}
    for claim in claims:
        if claim.is_further and not claim.is_hidden:
            found.setdefault(claim.evidence_id, []).append(claim)
    return {
        evidence_id: Mapped(tuple(one.coded for one in mine), tuple(one.coded for one in mine if not one.is_explained))
        for evidence_id, mine in found.items()
    }


@dataclass(frozen=True, slots=True)
class FormerCriterion:
    """A criterion of another version of a learner's unit; `present_id` is that of the same code today, None when it is
    gone.
    """

    code: str
    text: str
    present_id: int | None


@cache
def _former_criteria() -> AnySelect:
    return (
        select(CLAIMED.id, CLAIMED.code, CLAIMED.text, PRESENT.id.label("present_id"))
        .join(UnitVersion, UnitVersion.id == CLAIMED.unit_version_id)
        .join(EnrolmentUnit, EnrolmentUnit.unit_code == UnitVersion.code)
        .join(Enrolment, Enrolment.id == EnrolmentUnit.enrolment_id)
        .outerjoin(PRESENT, is_in_place())
        .where(
            Enrolment.id == bindparam("enrolment_id", type_=Integer),
            or_(UnitVersion.centre_id.is_(None), UnitVersion.centre_id == Enrolment.centre_id),
            UnitVersion.id != EnrolmentUnit.unit_version_id,
            CLAIMED.id.in_(bindparam("criteria", type_=Integer, expanding=True)),
        )
    )


def former_criteria(session: Session, enrolment_id: int, criterion_ids: Collection[int]) -> dict[int, FormerCriterion]:
    """Those of these criteria that a page may have shown before a unit of the learner was moved, by id. One statement,
    and none for none.
    """
    if not criterion_ids:
        return {}
    rows = read(session, _former_criteria(), enrolment_id=enrolment_id, criteria=list(criterion_ids))
    return {row.id: FormerCriterion(row.code, row.text, row.present_id) for row in rows}
