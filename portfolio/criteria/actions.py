"""Loading packs. The same content is never stored twice; changed content becomes a new version beside the old one."""

from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.audit import streams
from portfolio.audit.events import Doer
from portfolio.centres.models import Centre
from portfolio.criteria.models import Criterion, Guidance, Outcome, QualificationUnit, QualificationVersion, UnitVersion
from portfolio.criteria.packs import Pack, PackUnit, content_sha


class Loader(Doer, Protocol):
    """Who loads a pack; one for the whole site is recorded in the stream of that person's centre."""

    @property
    def centre_stream_id(self) -> int:
        """The audit stream of the centre."""


def load_pack(session: Session, actor: Loader, pack: Pack, *, centre: Centre | None = None) -> QualificationVersion:
    """The version with the pack's content, for one centre or for the whole site. Writes nothing when it is stored."""
    sha = content_sha(pack)
    centre_id = centre.id if centre else None
    stored = session.scalars(
        select(QualificationVersion).where(
            QualificationVersion.centre_id.is_not_distinct_from(centre_id), QualificationVersion.content_sha == sha
        )
    ).one_or_none()
    if stored:
        return stored
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
        rules_known=pack.rules_known,
        rules={"groups": [{"code": group.code, "title": group.title} for group in pack.groups]},
        content_sha=sha,
    )
    offered = [(group.code, unit) for group in pack.groups for unit in group.units]
    version.units = [
        QualificationUnit(unit=_unit_version(session, unit, centre_id), group_code=group_code, position=position)
        for position, (group_code, unit) in enumerate(offered, start=1)
    ]
    session.add(version)
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
            "units": [unit.code for _group_code, unit in offered],
        },
    )
    return version


def _unit_version(session: Session, unit: PackUnit, centre_id: int | None) -> UnitVersion:
    sha = content_sha(unit)
    stored = session.scalars(
        select(UnitVersion).where(UnitVersion.centre_id.is_not_distinct_from(centre_id), UnitVersion.content_sha == sha)
    ).one_or_none()
    if stored:
        return stored
    version = UnitVersion(
        centre_id=centre_id,
        code=unit.code,
        code_note=unit.code_note,
        title=unit.title,
        level=unit.level,
        credit=unit.credit,
        glh=unit.glh,
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
    session.add(version)
    session.flush()
    return version
