"""What moving a unit to newer criteria does to what was claimed and decided on it. Reads only.

Claims stay on the criteria that they were made for. One goes on counting where the newer wording is the same word for
word; where it is not, the criterion is open again, and a decision must not be under way on it. One that stopped
counting earlier counts again where its own words come back.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, contains_eager

from portfolio.assessment.models import Judgement
from portfolio.assessment.queries import ClaimRow, CriterionCoverage, coverage_of, current_no
from portfolio.assessment.rules import in_words
from portfolio.criteria.models import Criterion
from portfolio.enrolment.models import EnrolmentUnit
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.mapping.coverage import Claimed, Judged, State, standing_of
from portfolio.mapping.models import Claim

REFS_SAID = 4


@dataclass(frozen=True, slots=True)
class Touched:
    """A criterion by its code, how it stands, and the items that are claimed for it."""

    code: str
    state: State
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consequences:
    """What the move does. `waiting` holds what must be decided first; while there is any, the unit stays.

    `restored` holds the criteria whose earlier words come back, in the state that they have then. Drafts are their
    makers' own, so they are only counted: `carried` is how many claims of theirs go along, `dropped` the codes of
    criteria that are gone, to which some draft is mapped.
    """

    kept: tuple[Touched, ...]
    restored: tuple[Touched, ...]
    reopened: tuple[Touched, ...]
    waiting: tuple[Touched, ...]
    carried: int
    dropped: tuple[str, ...]

    @property
    def is_allowed(self) -> bool:
        """Whether nothing under way would be decided for words that no longer stand."""
        return not self.waiting


def consequences(session: Session, unit: EnrolmentUnit, wording: Mapping[str, str]) -> Consequences:
    """What moving the unit to criteria with this wording, by their codes in order, would do now."""
    (covered,) = coverage_of(session, unit.enrolment_id, enrolment_unit_id=unit.id)
    claimed = [one for one in covered.criteria if one.claims]
    kept = [one for one in claimed if wording.get(one.criterion.code) == one.criterion.text]
    changed = [one for one in claimed if one not in kept]
    drafted = [claim.criterion.code for claim in draft_claims_on(session, unit)]
    return Consequences(
        kept=tuple(_touched(one) for one in kept),
        restored=_restored(session, unit, wording, {c.criterion.code: c.criterion.text for c in covered.criteria}),
        reopened=tuple(_touched(one) for one in changed if not _under_way(one)),
        waiting=tuple(_touched(one, only=_under_way(one)) for one in changed if _under_way(one)),
        carried=sum(1 for code in drafted if code in wording),
        dropped=tuple(dict.fromkeys(code for code in drafted if code not in wording)),
    )


def _restored(
    session: Session, unit: EnrolmentUnit, wording: Mapping[str, str], present: Mapping[str, str]
) -> tuple[Touched, ...]:
    """The criteria that read otherwise now, and there as some live claim was made for them."""
    rows = session.execute(
        select(Claim.id, Evidence.id.label("item"), Evidence.ref, Criterion.code, Criterion.text, Judgement)
        .join(EvidenceVersion, EvidenceVersion.id == Claim.evidence_version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .join(Criterion, Criterion.id == Claim.criterion_id)
        .outerjoin(Judgement, Judgement.claim_id == Claim.id)
        .where(
            Claim.enrolment_unit_id == unit.id,
            Claim.submission_id.is_not(None),
            EvidenceVersion.no == current_no(),
        )
        .order_by(Evidence.id, Claim.id, Judgement.no)
    ).all()
    found: dict[str, list[Any]] = {}
    for row in rows:
        if wording.get(row.code) == row.text != present.get(row.code):
            found.setdefault(row.code, []).append(row)
    return tuple(_come_back(code, found[code]) for code in wording if code in found)


def _come_back(code: str, rows: Sequence[Any]) -> Touched:
    """A criterion from its claims, with a row for each judgement."""
    claims = [
        Claimed(
            first.item,
            is_live=True,
            judged=tuple(
                Judged(row.Judgement.no, row.Judgement.outcome, row.Judgement.effective_at is not None)
                for row in (first, *rest)
                if row.Judgement is not None
            ),
        )
        for _claim, (first, *rest) in groupby(rows, key=lambda row: row.id)
    ]
    return Touched(code, standing_of(claims).state, tuple(dict.fromkeys(row.ref for row in rows)))


def _under_way(covered: CriterionCoverage) -> list[ClaimRow]:
    """The claims that an assessor or a countersigner has still to decide."""
    return [claim for claim in covered.claims if claim.decision is None or claim.awaits_countersignature]


def _touched(covered: CriterionCoverage, *, only: list[ClaimRow] | None = None) -> Touched:
    refs = dict.fromkeys(claim.ref for claim in (only or covered.claims))
    return Touched(covered.criterion.code, covered.standing.state, tuple(refs))


def draft_claims_on(session: Session, unit: EnrolmentUnit) -> list[Claim]:
    """The claims on a unit that were not handed in, with their criteria, in order."""
    query = (
        select(Claim)
        .join(Claim.criterion)
        .options(contains_eager(Claim.criterion))
        .where(Claim.enrolment_unit_id == unit.id, Claim.submission_id.is_(None))
        .order_by(Criterion.position, Claim.id)
    )
    return list(session.scalars(query))


def handed_in_on(session: Session, unit: EnrolmentUnit) -> set[tuple[int, str, str]]:
    """(version, code, words) of every claim on a unit that was handed in, as it was claimed."""
    rows = session.execute(
        select(Claim.evidence_version_id, Criterion.code, Criterion.text)
        .join(Criterion, Criterion.id == Claim.criterion_id)
        .where(Claim.enrolment_unit_id == unit.id, Claim.submission_id.is_not(None))
    )
    return {(version_id, code, words) for version_id, code, words in rows}


@dataclass(frozen=True, slots=True)
class Mapped:
    """What is mapped to a unit: items that were handed in for it, by reference, and of how many others a draft is."""

    refs: tuple[str, ...]
    drafts: int

    @property
    def sentence(self) -> str:
        """E001, E002 and a draft are mapped to it."""
        drafts = [] if not self.drafts else ["a draft" if self.drafts == 1 else f"{self.drafts} drafts"]
        said = in_words([*(self.refs if len(self.refs) <= REFS_SAID else [f"{len(self.refs)} items"]), *drafts])
        return f"{said} {'is' if len(self.refs) + self.drafts == 1 else 'are'} mapped to it"


def mapped_to(session: Session, enrolment_unit_ids: Collection[int]) -> dict[int, Mapped]:
    """What was ever mapped to each of these units, by the unit's id; nothing for a unit that may be dropped."""
    is_in = case((EvidenceVersion.withdrawn_at.is_(None), Claim.submission_id))
    rows = session.execute(
        select(Claim.enrolment_unit_id, Evidence.ref, func.max(is_in).label("handed_in"))
        .join(EvidenceVersion, EvidenceVersion.id == Claim.evidence_version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .where(Claim.enrolment_unit_id.in_(enrolment_unit_ids))
        .group_by(Claim.enrolment_unit_id, Evidence.id, Evidence.ref)
        .order_by(Evidence.id)
    ).all()
    found: dict[int, Mapped] = {}
    for unit_id in {row.enrolment_unit_id for row in rows}:
        here = [row for row in rows if row.enrolment_unit_id == unit_id]
        handed_in = tuple(row.ref for row in here if row.handed_in is not None)
        found[unit_id] = Mapped(handed_in, len(here) - len(handed_in))
    return found
