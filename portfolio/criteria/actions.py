"""Loading packs and units: what was loaded last is in use. The same content is never stored twice; changed content
becomes a new version beside it, and content that was stored before is put into use again.
"""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.audit import streams
from portfolio.audit.events import Doer
from portfolio.centres.models import Centre
from portfolio.criteria.combination import rules_to
from portfolio.criteria.contents import Pack, PackUnit, content_sha
from portfolio.criteria.models import (
    CriteriaLoad,
    Criterion,
    Guidance,
    Outcome,
    QualificationUnit,
    QualificationVersion,
    UnitVersion,
)
from portfolio.criteria.queries import newest_unit, newest_version, qualification_with, units_with


class Loader(Doer, Protocol):
    """Who loads a pack; one for the whole site is recorded in the stream of that person's centre."""

    @property
    def centre_stream_id(self) -> int:
        """The audit stream of the centre."""


def load_pack(
    session: Session, actor: Loader, pack: Pack, *, centre: Centre | None = None, is_beside: bool = False
) -> QualificationVersion:
    """The version with the pack's content, in use from now on with its units, for one centre or for the whole site.

    Writes nothing when it is in use already. `is_beside`: it is stored beside what is in use, if anything is, and only
    who is on it already stays on it.
    """
    _hold(session, centre)
    sha, centre_id = content_sha(pack), centre.id if centre else None
    version = qualification_with(session, sha, centre_id)
    newest = newest_version(session, pack.reference, centre_id)
    if version is not None and (is_beside or version is newest):
        return version
    version = version or _qualification_version(session, pack, sha, centre_id)
    session.flush()
    if not (is_beside and newest is not None):
        session.add(CriteriaLoad(qualification_version_id=version.id, loaded_at=clock.now()))
        for offered in version.units:
            session.add(CriteriaLoad(unit_version_id=offered.unit_version_id, loaded_at=clock.now()))
        session.flush()
    streams.record(
        session,
        actor,
        "criteria.load",
        streams.named(version),
        stream_id=centre.stream_id if centre else actor.centre_stream_id,
        text={
            "reference": pack.reference,
            "title": pack.title,
            "content_sha": sha,
            "units": [unit.code for group in pack.groups for unit in group.units],
        },
    )
    return version


def load_unit(
    session: Session, actor: Loader, unit: PackUnit, *, centre: Centre | None = None, is_beside: bool = False
) -> UnitVersion:
    """The version with the unit's content, in use from now on where no qualification offers it in full.

    Writes nothing when it is the one of its code that was loaded last. `is_beside` is as for `load_pack`.
    """
    _hold(session, centre)
    sha, centre_id = content_sha(unit), centre.id if centre else None
    version = units_with(session, [sha], centre_id).get(sha)
    newest = newest_unit(session, unit.code, centre_id)
    if version is not None and (is_beside or version is newest):
        return version
    if version is None:
        [version] = _unit_versions(session, [unit], centre_id)
    session.flush()
    if not (is_beside and newest is not None):
        session.add(CriteriaLoad(unit_version_id=version.id, loaded_at=clock.now()))
        session.flush()
    streams.record(
        session,
        actor,
        "criteria.load_unit",
        streams.named(version),
        stream_id=centre.stream_id if centre else actor.centre_stream_id,
        text={"code": unit.code, "title": unit.title, "content_sha": sha},
    )
    return version


def _hold(session: Session, centre: Centre | None) -> None:
    """Let nobody else load for the centre, or for the whole site, until the transaction ends."""
    held = select(Centre.id).order_by(Centre.id).limit(1).with_for_update(key_share=True)
    session.execute(held.where(Centre.id == centre.id) if centre else held)


def _qualification_version(session: Session, pack: Pack, sha: str, centre_id: int | None) -> QualificationVersion:
    version = QualificationVersion(
        centre_id=centre_id,
        reference=pack.reference,
        reference_note=pack.reference_note,
        title=pack.title,
        level=pack.level,
        awarding_organisation=pack.awarding_organisation,
        spec_version=pack.spec_version,
        status=pack.status,
        source=pack.source,
        operational_end=pack.operational_end,
        certification_end=pack.certification_end,
        rules_known=pack.rules_known,
        rules=rules_to(pack.rules),
        content_sha=sha,
    )
    offered = [(group.code, unit) for group in pack.groups for unit in group.units]
    versions = _unit_versions(session, [unit for _group_code, unit in offered], centre_id)
    version.units = [
        QualificationUnit(unit=unit, group_code=group_code, position=position)
        for position, ((group_code, _unit), unit) in enumerate(zip(offered, versions, strict=True), start=1)
    ]
    session.add(version)
    return version


def _unit_versions(session: Session, units: Sequence[PackUnit], centre_id: int | None) -> list[UnitVersion]:
    """The version of each unit, stored already or new."""
    shas = [content_sha(unit) for unit in units]
    stored = units_with(session, shas, centre_id)
    versions = [stored.get(sha) or _unit_version(unit, sha, centre_id) for sha, unit in zip(shas, units, strict=True)]
    session.add_all(versions)
    return versions


def _unit_version(unit: PackUnit, sha: str, centre_id: int | None) -> UnitVersion:
    version = UnitVersion(
        centre_id=centre_id,
        code=unit.code,
        code_note=unit.code_note,
        title=unit.title,
        level=unit.level,
        credit=unit.credit,
        glh=unit.glh,
        is_outline=unit.is_outline,
        figures=unit.figures,
        status=unit.status,
        source=unit.source,
        content_sha=sha,
    )
    criteria: dict[str, Criterion] = {}
    for number, given in enumerate(unit.outcomes, start=1):
        outcome = Outcome(code=given.code, position=number, title=given.title, kind=given.kind, unit=version)
        for one in given.criteria:
            criteria[one.code] = Criterion(
                code=one.code,
                position=len(criteria) + 1,
                text=one.text,
                methods=list(one.methods),
                unit=version,
                outcome=outcome,
            )
    version.guidance = [
        Guidance(
            position=position,
            kind=hint.kind,
            text=hint.text,
            sources=list(hint.sources),
            criteria=[criteria[code] for code in hint.criteria],
        )
        for position, hint in enumerate(unit.guidance, start=1)
    ]
    return version
