"""The criteria that the portfolios of a bundle stand on, found here or loaded from it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.audit.events import Doer
from portfolio.bundles.arriving.incoming import Portfolio
from portfolio.centres.models import Centre
from portfolio.criteria.actions import load_pack, load_unit
from portfolio.criteria.models import Criterion, QualificationUnit, QualificationVersion, UnitVersion
from portfolio.criteria.queries import qualification_with, units_with


@dataclass(frozen=True, slots=True)
class CentreLoader:
    """Somebody who loads criteria for one centre alone."""

    uid: str
    role: str
    centre_stream_id: int


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a portfolio's numbers of wordings of units, and of criteria, are here."""

    qualification_id: int
    unit_versions: Mapping[int, int]
    criteria: Mapping[int, int]


def criteria_of(session: Session, doer: Doer, centre: Centre, portfolio: Portfolio) -> Criteria:
    """The criteria of a portfolio as they are here, word for word. What is missing is loaded for the centre, beside
    what is in use.
    """
    loader, records = CentreLoader(doer.uid, doer.role, centre.stream_id), portfolio.records
    sha = records["qualification"]["content_sha"]
    qualification = qualification_with(session, sha, centre.id) or qualification_with(session, sha, None)
    if qualification is None:
        qualification = load_pack(session, loader, portfolio.packs.qualification, centre=centre, is_beside=True)
    wanted = {row["content_sha"] for row in records["unit_versions"]}
    found = _units(session, centre.id, qualification, wanted)
    for lacking in sorted(wanted - found.keys()):
        unit = portfolio.packs.units[lacking]
        found[lacking] = load_unit(session, loader, unit, centre=centre, is_beside=True).id
    unit_versions = {row["id"]: found[row["content_sha"]] for row in records["unit_versions"]}
    codes = {
        (unit_version_id, code): id_
        for id_, unit_version_id, code in session.execute(
            select(Criterion.id, Criterion.unit_version_id, Criterion.code).where(
                Criterion.unit_version_id.in_(sorted(set(found.values())))
            )
        )
    }
    criteria = {row["id"]: codes[unit_versions[row["unit_version"]], row["code"]] for row in records["criteria"]}
    return Criteria(qualification.id, unit_versions, criteria)


def _units(session: Session, centre_id: int, qualification: QualificationVersion, wanted: set[str]) -> dict[str, int]:
    """The units that are here with these contents: those of the qualification before the centre's and the site's."""
    offered = session.execute(
        select(UnitVersion.content_sha, UnitVersion.id)
        .join(QualificationUnit, QualificationUnit.unit_version_id == UnitVersion.id)
        .where(QualificationUnit.qualification_version_id == qualification.id, UnitVersion.content_sha.in_(wanted))
    )
    known = units_with(session, wanted, None) | units_with(session, wanted, centre_id)
    return {sha: unit.id for sha, unit in known.items()} | {row[0]: row[1] for row in offered}
