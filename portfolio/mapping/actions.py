"""Mapping an item to criteria, and taking claims back, or away with their item, before they are handed in.

An item that was handed in may be mapped to further criteria: the claims that it was handed in with never change here.
"""

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
from portfolio.errors import Conflict, Rejected
from portfolio.evidence import actions as evidence_actions
from portfolio.evidence import trashing
from portfolio.evidence.actions import claimable_of, note_words
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.evidence.rules import BY_ASSESSOR
from portfolio.evidence.trashing import removable
from portfolio.mapping.models import Claim
from portfolio.mapping.queries import CLAIMED, PRESENT, claims_of, is_in_place, locked_on, rev_of
from portfolio.mapping.rules import ANNOTATION_MOST, PLACE_MOST, Origin


@dataclass(frozen=True, slots=True)
class Wanted:
    """One criterion that an item is to be claimed for: how it meets it, and where in the item that shows."""

    enrolment_unit_id: int
    criterion_id: int
    annotation: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Mapped:
    """How many criteria an item was mapped to, and the number of that mapping, for the next change to it."""

    count: int
    rev: int


def map_to(
    session: Session, actor: Actor, evidence: Evidence, *, wanted: Sequence[Wanted], rev: int | None = None
) -> Mapped:
    """Make the item's draft claims exactly these. One event for the whole of it, and none when nothing changes.

    Of an item that was handed in those are further claims; what it was handed in with stays, and is refused here.
    `rev` is `queries.rev_of(version.id, queries.claims_of(session, version.id))` for the version that `claimable_of`
    names, as the page read it. Raises Conflict when another mapping than the one that is wanted was saved since, with
    that in `theirs`, named as the page names its fields.
    """
    version = claimable_of(evidence)
    if _said(_drafts_on(session, version)) == _asked(wanted):
        return Mapped(len(wanted), _rev(session, version))
    enrolment = lock(session, evidence.enrolment_id)
    session.refresh(evidence)
    version = claimable_of(evidence)
    claims = {claim.criterion_id: claim for claim in _drafts_on(session, version)}
    _check_rev(session, version, rev)
    _check_units(session, enrolment.id, wanted)
    _check_unlocked(session, version, wanted)
    origin = Origin.ASSESSOR if evidence.method in BY_ASSESSOR else Origin.LEARNER
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
    note_words(session, evidence)
    _record(session, actor, version, enrolment, wanted)
    return Mapped(len(wanted), _rev(session, version))


def _drafts_on(session: Session, version: EvidenceVersion) -> list[Claim]:
    """The claims on a version that were not handed in, as they are now."""
    drafts = select(Claim).where(Claim.evidence_version_id == version.id, Claim.submission_id.is_(None))
    return list(session.scalars(drafts, execution_options={"populate_existing": True}))


def _said(claims: Sequence[Claim]) -> list[tuple[int, int, str, str]]:
    return sorted((c.enrolment_unit_id, c.criterion_id, c.annotation, c.place) for c in claims)


def _asked(wanted: Sequence[Wanted]) -> list[tuple[int, int, str, str]]:
    return sorted((w.enrolment_unit_id, w.criterion_id, w.annotation.strip(), w.place.strip()) for w in wanted)


def _rev(session: Session, version: EvidenceVersion) -> int:
    return rev_of(version.id, claims_of(session, version.id))


def _check_rev(session: Session, version: EvidenceVersion, rev: int | None) -> None:
    kept = claims_of(session, version.id)
    if rev is None or rev == rev_of(version.id, kept):
        return
    theirs = {f"annotation-{id_}": text.annotation for id_, text in kept.items()}
    theirs |= {f"place-{id_}": text.place for id_, text in kept.items()}
    raise Conflict("This item was mapped in another window while you were here.", theirs)


def _check_unlocked(session: Session, version: EvidenceVersion, wanted: Sequence[Wanted]) -> None:
    locked = locked_on(session, version.id)
    for want in wanted:
        if want.criterion_id in locked:
            code = locked[want.criterion_id].code
            raise Rejected(f"{code} was handed in with this item already, and stays as it is. Load the page again.")


def _record(
    session: Session, actor: Actor, version: EvidenceVersion, enrolment: Enrolment, wanted: Sequence[Wanted]
) -> None:
    evidence = version.evidence
    listed = [[w.enrolment_unit_id, w.criterion_id, w.annotation, w.place] for w in wanted]
    text = {"ref": evidence.ref, "count": len(listed), "digest": facts_digest({"claims": listed})}
    streams.record(
        session,
        actor,
        "evidence.map",
        streams.named(evidence),
        stream_id=enrolment.stream_id,
        text=text if version.is_draft else text | {"version": version.no},
    )


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
        raise Rejected("One of the criteria does not belong to your {units}. Load the page again.")
    if len({want.criterion_id for want in wanted}) != len(wanted):
        raise Rejected("A criterion is named twice. Load the page again.")


def copy_claims(session: Session, old: EvidenceVersion, new: EvidenceVersion) -> int:
    """The new draft begins with the claims of the version that it was copied from; answers how many.

    Each is on the present criterion of the same code; one whose criterion is gone from the unit is left behind. Further
    claims that were not handed in leave the old version, and win over what it was handed in with.
    """
    claims = session.execute(
        select(Claim, PRESENT.id)
        .join(EnrolmentUnit, EnrolmentUnit.id == Claim.enrolment_unit_id)
        .join(CLAIMED, CLAIMED.id == Claim.criterion_id)
        .join(PRESENT, is_in_place())
        .where(Claim.evidence_version_id == old.id)
        .order_by(Claim.submission_id.is_(None), Claim.id)
    ).all()
    newest = {criterion_id: claim for claim, criterion_id in claims}
    for criterion_id, claim in newest.items():
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
    for claim in _drafts_on(session, old):
        session.delete(claim)
    session.flush()
    return len(newest)


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
