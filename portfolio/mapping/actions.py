"""Mapping an item's draft to criteria, and taking claims back, or away with their item, before they are handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.audit import streams
from portfolio.audit.events import Doer, facts_digest
from portfolio.criteria.models import Criterion
from portfolio.enrolment.actions import lock
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.errors import Rejected
from portfolio.evidence import actions as evidence_actions
from portfolio.evidence import trashing
from portfolio.evidence.actions import draft_of
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.evidence.rules import BY_ASSESSOR
from portfolio.evidence.trashing import removable
from portfolio.mapping.models import Claim
from portfolio.mapping.queries import CLAIMED, PRESENT, is_in_place
from portfolio.mapping.rules import ANNOTATION_MOST, PLACE_MOST, Origin


@dataclass(frozen=True, slots=True)
class Wanted:
    """One criterion that an item is to be claimed for: how it meets it, and where in the item that shows."""

    enrolment_unit_id: int
    criterion_id: int
    annotation: str = ""
    place: str = ""


def map_to(session: Session, actor: Actor, evidence: Evidence, *, wanted: Sequence[Wanted]) -> int:
    """Make the draft's claims exactly these; answers how many. One event for the whole of it."""
    enrolment = lock(session, evidence.enrolment_id)
    session.refresh(evidence)
    version = draft_of(evidence)
    origin = Origin.ASSESSOR if evidence.method in BY_ASSESSOR else Origin.LEARNER
    _check_units(session, enrolment.id, wanted)
    claims = {c.criterion_id: c for c in session.scalars(select(Claim).where(Claim.evidence_version_id == version.id))}
    for want in wanted:
        _check_texts(want)
        claim = claims.pop(want.criterion_id, None)
        if claim is None:
            claim = Claim(
                evidence_version_id=version.id,
                criterion_id=want.criterion_id,
                origin=origin,
                created_at=clock.now(),
            )
            session.add(claim)
        claim.enrolment_unit_id = want.enrolment_unit_id
        claim.annotation, claim.place = want.annotation.strip(), want.place.strip()
    for claim in claims.values():
        session.delete(claim)
    session.flush()
    listed = [[w.enrolment_unit_id, w.criterion_id, w.annotation, w.place] for w in wanted]
    streams.record(
        session,
        actor,
        "evidence.map",
        streams.named(evidence),
        stream_id=enrolment.stream_id,
        text={"ref": evidence.ref, "count": len(listed), "digest": facts_digest({"claims": listed})},
    )
    return len(listed)


def _check_texts(want: Wanted) -> None:
    if len(want.annotation) > ANNOTATION_MOST:
        raise Rejected(f"Keep each annotation to {ANNOTATION_MOST} characters.", f"annotation-{want.criterion_id}")
    if len(want.place) > PLACE_MOST:
        raise Rejected(f"Keep each place to {PLACE_MOST} characters.", f"place-{want.criterion_id}")


def _check_units(session: Session, enrolment_id: int, wanted: Sequence[Wanted]) -> None:
    pairs = {
        (unit_id, criterion_id)
        for unit_id, criterion_id in session.execute(
            select(EnrolmentUnit.id, Criterion.id)
            .join(Criterion, Criterion.unit_version_id == EnrolmentUnit.unit_version_id)
            .where(EnrolmentUnit.enrolment_id == enrolment_id)
        )
    }
    if any((want.enrolment_unit_id, want.criterion_id) not in pairs for want in wanted):
        raise Rejected("One of the criteria does not belong to your units. Load the page again.")
    if len({want.criterion_id for want in wanted}) != len(wanted):
        raise Rejected("A criterion is named twice. Load the page again.")


def copy_claims(session: Session, old: EvidenceVersion, new: EvidenceVersion) -> int:
    """The new draft begins with the claims of the version that it was copied from; answers how many.

    Each is on the present criterion of the same code; one whose criterion is gone from the unit is left behind.
    """
    claims = session.execute(
        select(Claim, PRESENT.id)
        .join(EnrolmentUnit, EnrolmentUnit.id == Claim.enrolment_unit_id)
        .join(CLAIMED, CLAIMED.id == Claim.criterion_id)
        .join(PRESENT, is_in_place())
        .where(Claim.evidence_version_id == old.id)
        .order_by(Claim.id)
    ).all()
    for claim, criterion_id in claims:
        session.add(
            Claim(
                evidence_version_id=new.id,
                enrolment_unit_id=claim.enrolment_unit_id,
                criterion_id=criterion_id,
                annotation=claim.annotation,
                place=claim.place,
                origin=claim.origin,
                created_at=clock.now(),
            )
        )
    session.flush()
    return len(claims)


def revise(session: Session, actor: Actor, evidence: Evidence) -> EvidenceVersion:
    """A new draft version of an item, with its claims."""
    old = evidence.latest
    new = evidence_actions.revise(session, actor, evidence)
    copy_claims(session, old, new)
    return new


def discard(session: Session, actor: Actor, evidence: Evidence) -> None:
    """Remove for good, with its claims, what lies in the trash or is a new version of what was marked.

    Raises InvalidState for anything else.
    """
    session.execute(delete(Claim).where(Claim.evidence_version_id == removable(evidence).id))
    trashing.discard(session, actor, evidence)


def empty_trash(session: Session, actor: Doer, enrolment: Enrolment, *, before: datetime, most: int) -> int:
    """Remove for good the drafts that were thrown away by this moment; answers how many. One event for them all."""
    enrolment = lock(session, enrolment.id)
    items = list(
        session.scalars(
            select(Evidence)
            .where(Evidence.enrolment_id == enrolment.id, Evidence.trashed_at <= before)
            .options(selectinload(Evidence.versions))
            .order_by(Evidence.id)
            .limit(most)
        )
    )
    refs = [item.ref for item in items]
    versions = [version.id for item in items for version in item.versions]
    session.execute(delete(Claim).where(Claim.evidence_version_id.in_(versions)))
    trashing.remove_trashed(session, items)
    if refs:
        streams.record(
            session,
            actor,
            "evidence.empty_trash",
            streams.named(enrolment),
            stream_id=enrolment.stream_id,
            text={"count": len(refs), "digest": facts_digest({"refs": refs})},
        )
    return len(refs)
