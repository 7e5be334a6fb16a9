"""The bundles that were asked for: those of a portfolio and of a centre, what is in each, and what holds one back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, func, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from portfolio import clock
from portfolio.accounts.models import Grant, Membership, Person
from portfolio.bundles.kept_models import BundlePart, KeptBundle
from portfolio.bundles.kept_rules import BundleKind, PartState
from portfolio.db import AnySelect
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Breach, Evidence, EvidenceVersion
from portfolio.export.rules import Choice
from portfolio.jobs.models import Job
from portfolio.jobs.rules import JobState
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState


@dataclass(frozen=True, slots=True)
class BundleRow:
    """One line of the bundles: who asked for it, and of how many portfolios, how many of them in it and held back."""

    bundle: KeptBundle
    by: str
    portfolios: int
    inside: int
    held: int


@dataclass(frozen=True, slots=True)
class PartRow:
    """One portfolio of a bundle, with whose it is."""

    part: BundlePart
    learner: str


def bundles_within(
    session: Session,
    within: Select[tuple[KeptBundle]],
    *,
    enrolment_id: int | None = None,
    offset: int = 0,
    limit: int | None = None,
) -> list[BundleRow]:
    """Among these bundles those of one portfolio, or else those of several, the newest first, with their jobs and
    files. Two statements.
    """
    of_one = KeptBundle.enrolment_id == enrolment_id if enrolment_id else KeptBundle.kind != BundleKind.LEARNER
    found = session.execute(
        within.where(of_one)
        .add_columns(Person.name)
        .join(Person, Person.id == KeptBundle.by_id)
        .options(joinedload(KeptBundle.job), joinedload(KeptBundle.blob))
        .order_by(KeptBundle.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()
    counts = _counts(session, [bundle.id for bundle, _name in found])
    return [BundleRow(bundle, name, *counts.get(bundle.id, (0, 0, 0))) for bundle, name in found]


def _counts(session: Session, ids: Collection[int]) -> dict[int, tuple[int, int, int]]:
    if not ids:
        return {}

    def among(state: PartState) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((BundlePart.state == state, 1), else_=0)), 0)

    rows = session.execute(
        select(BundlePart.kept_bundle_id, func.count(), among(PartState.IN), among(PartState.HELD))
        .where(BundlePart.kept_bundle_id.in_(ids))
        .group_by(BundlePart.kept_bundle_id)
    )
    return {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in rows}


def parts_of(session: Session, bundle_id: int, *, offset: int = 0, limit: int | None = None) -> list[PartRow]:
    """The portfolios of a bundle, those that are held back first, then by name. One statement."""
    is_held = case((BundlePart.state == PartState.HELD, 0), else_=1)
    rows = session.execute(
        select(BundlePart, Person.name)
        .join(BundlePart.enrolment)
        .join(Person, Person.id == Enrolment.learner_id)
        .options(contains_eager(BundlePart.enrolment))
        .where(BundlePart.kept_bundle_id == bundle_id)
        .order_by(is_held, Person.name, BundlePart.id)
        .offset(offset)
        .limit(limit)
    )
    return [PartRow(part, name) for part, name in rows]


def row_of(session: Session, bundle: KeptBundle) -> BundleRow:
    """One bundle as it stands in a list. One statement."""
    return BundleRow(bundle, bundle.by.name, *_counts(session, [bundle.id]).get(bundle.id, (0, 0, 0)))


def choices_of(session: Session, ids: Collection[int]) -> dict[int, Choice]:
    """What bundles of one learner each are of, by their ids. One statement."""
    if not ids:
        return {}
    rows = session.execute(
        select(BundlePart.kept_bundle_id, BundlePart.choice).where(BundlePart.kept_bundle_id.in_(ids))
    )
    return {row[0]: Choice.of(row[1]) for row in rows}


def held_part(session: Session, enrolment_id: int) -> BundlePart | None:
    """The part of the newest bundle of any kind in which this portfolio came to something, if it was held back there.
    One statement.
    """
    newest = session.scalar(
        select(BundlePart)
        .options(joinedload(BundlePart.bundle))
        .where(BundlePart.enrolment_id == enrolment_id, BundlePart.state != PartState.WAITING)
        .order_by(BundlePart.kept_bundle_id.desc())
        .limit(1)
    )
    return newest if newest is not None and newest.state is PartState.HELD else None


def under_way(
    session: Session, kind: BundleKind, centre_id: int, *, enrolment_id: int | None = None
) -> KeptBundle | None:
    """The bundle of a kind that is being made or waits for it, at a centre or of one portfolio there."""
    query = (
        select(KeptBundle)
        .join(Job, Job.id == KeptBundle.job_id)
        .where(KeptBundle.kind == kind, KeptBundle.centre_id == centre_id)
        .where(Job.state.in_((JobState.QUEUED, JobState.RUNNING)))
    )
    if enrolment_id is not None:
        query = query.where(KeptBundle.enrolment_id == enrolment_id)
    return session.scalar(query.order_by(KeptBundle.id).limit(1))


def _holding(part: type[BundlePart], evidence_id: SQLColumnExpression[int] | int) -> ColumnElement[bool]:
    """A portfolio that was read between an item's first handing in and the finding of personal data in it."""
    handed_in = select(func.min(EvidenceVersion.frozen_at)).where(EvidenceVersion.evidence_id == evidence_id)
    found = select(func.max(Breach.reported_at)).where(Breach.evidence_id == evidence_id, Breach.mended_at.is_(None))
    return and_(part.as_of >= handed_in.scalar_subquery(), part.as_of < found.scalar_subquery())


def bundles_holding(session: Session, evidence: Evidence) -> Sequence[KeptBundle]:
    """The bundles that hold what a hidden item said before it was hidden."""
    return session.scalars(
        select(KeptBundle)
        .join(KeptBundle.parts)
        .options(joinedload(KeptBundle.blob))
        .where(BundlePart.enrolment_id == evidence.enrolment_id, KeptBundle.blob_id.is_not(None))
        .where(_holding(BundlePart, evidence.id))
        .order_by(KeptBundle.id)
    ).all()


def withheld(session: Session, ids: Collection[int]) -> dict[int, list[str]]:
    """Of these bundles, those that nobody gets for now, with the hidden items that they hold: of whom, and which. One
    statement.
    """
    if not ids:
        return {}
    rows = session.execute(
        select(BundlePart.kept_bundle_id, Person.name, Evidence.ref)
        .join(Enrolment, Enrolment.id == BundlePart.enrolment_id)
        .join(Person, Person.id == Enrolment.learner_id)
        .join(Evidence, Evidence.enrolment_id == BundlePart.enrolment_id)
        .where(BundlePart.kept_bundle_id.in_(ids), Evidence.hidden_at.is_not(None), _holding(BundlePart, Evidence.id))
        .order_by(BundlePart.id, Evidence.id)
    )
    found: dict[int, list[str]] = {}
    for bundle_id, learner, ref in rows:
        found.setdefault(bundle_id, []).append(f"{ref} of {learner}")
    return found


def files_by_enrolment() -> AnySelect:
    """The files of bundles of one learner each, as (enrolment_id, blob_id), for how much a portfolio takes."""
    return select(KeptBundle.enrolment_id, KeptBundle.blob_id).where(
        KeptBundle.kind == BundleKind.LEARNER, KeptBundle.blob_id.is_not(None)
    )


def taken_by_several(session: Session, centre_id: int) -> int:
    """How many bytes the bundles of several portfolios take at a centre. One statement."""
    size = session.scalar(
        select(func.coalesce(func.sum(Blob.size), 0))
        .join(KeptBundle, KeptBundle.blob_id == Blob.id)
        .where(KeptBundle.centre_id == centre_id, KeptBundle.kind != BundleKind.LEARNER, Blob.state != BlobState.GONE)
    )
    return int(size or 0)


def granted_at(session: Session, centre_id: int) -> list[tuple[int, str]]:
    """The external quality assurers of a centre to whom something is granted today, by name. One statement."""
    rows = session.execute(
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .join(Grant, Grant.membership_id == Membership.id)
        .where(Membership.centre_id == centre_id, Grant.until >= clock.today())
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return [(row[0], row[1]) for row in rows]


def granted_among(within: Select[tuple[Enrolment]], person_id: int, on: date) -> Select[tuple[Enrolment]]:
    """Of these enrolments those that somebody may see as an external quality assurer on a day."""
    granted = (
        select(Grant.enrolment_id)
        .join(Membership, Membership.id == Grant.membership_id)
        .where(Membership.person_id == person_id, Grant.until >= on)
    )
    return within.where(Enrolment.id.in_(granted))


def these_among(within: Select[tuple[Enrolment]], ids: Collection[int]) -> Select[tuple[Enrolment]]:
    """Of these enrolments those with such an id."""
    return within.where(Enrolment.id.in_(ids))


def items_of_several(
    session: Session, within: Select[tuple[Enrolment]], ids: Collection[int]
) -> dict[int, tuple[str, list[tuple[str, str]]]]:
    """Of each of these enrolments that is among `within`, by name: the learner, and the items that were handed in by
    reference and title. Two statements.
    """
    people = session.execute(
        within.with_only_columns(Enrolment.id, Person.name)
        .join(Person, Person.id == Enrolment.learner_id)
        .where(Enrolment.id.in_(ids))
        .order_by(Person.name, Enrolment.id)
    )
    found: dict[int, tuple[str, list[tuple[str, str]]]] = {row[0]: (row[1], []) for row in people}
    if found:
        for enrolment_id, ref, title in session.execute(_handed_in().where(Evidence.enrolment_id.in_(found))):
            found[enrolment_id][1].append((ref, title))
    return found


@cache
def _handed_in() -> AnySelect:
    """Items with the title of the newest version that was handed in; of a hidden one it says no more than that."""
    other = aliased(EvidenceVersion)
    newest = (
        select(func.max(other.no))
        .where(other.evidence_id == Evidence.id, other.frozen_at.is_not(None), other.withdrawn_at.is_(None))
        .correlate(Evidence)
        .scalar_subquery()
    )
    return (
        select(Evidence.enrolment_id, Evidence.ref, EvidenceVersion.title)
        .join(EvidenceVersion, EvidenceVersion.evidence_id == Evidence.id)
        .where(Evidence.trashed_at.is_(None), Evidence.hidden_at.is_(None), EvidenceVersion.no == newest)
        .order_by(Evidence.id)
    )
