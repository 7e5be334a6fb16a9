"""The criteria in a bundle: the packs that its portfolios stand on, so that they can be loaded where it arrives.

A pack lies beside the files of its units, as packs do. Files are named by what is in them, so that portfolios on the
same criteria share them.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portfolio.bundles.packed import Record, Table
from portfolio.criteria.exchange.yaml_packs import as_yaml, unit_as_yaml
from portfolio.criteria.models import QualificationUnit, QualificationVersion, UnitVersion
from portfolio.criteria.pack_queries import stored_pack, stored_units

Version = TypeVar("Version", UnitVersion, QualificationVersion)

FOLDER = "criteria"
_NAME_MOST, _SHA_SHOWN = 40, 12


def packs_in(session: Session, qualification: QualificationVersion, unit_versions: Table) -> Record:
    """Where the packs of a qualification, and of these wordings of units, are in a bundle. One statement."""
    offered = select(QualificationUnit.unit_version_id).where(
        QualificationUnit.qualification_version_id == qualification.id
    )
    wanted = or_(UnitVersion.id.in_(offered), UnitVersion.id.in_([one["id"] for one in unit_versions]))
    rows = session.execute(
        select(UnitVersion.code, UnitVersion.content_sha)
        .where(wanted, UnitVersion.is_outline.is_(False))
        .order_by(UnitVersion.code, UnitVersion.id)
    )
    return {
        "qualification": f"{FOLDER}/{_stem(qualification.reference, qualification.content_sha)}.yaml",
        "units": {row.content_sha: f"{FOLDER}/units/{_stem(row.code, row.content_sha)}.yaml" for row in rows},
    }


def _stem(code: str, sha: str) -> str:
    """Letters, digits and single dashes."""
    words = re.sub("[^a-z0-9]+", "-", code.lower())[:_NAME_MOST].strip("-")
    return f"{words}-{sha[:_SHA_SHOWN]}"


def paths_of(qualification: Record, packs: Record) -> dict[str, str]:
    """The content sha of each file of criteria, by its path."""
    return {packs["qualification"]: qualification["content_sha"]} | {path: sha for sha, path in packs["units"].items()}


def written(session: Session, paths: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The files of criteria: path and text. `paths` are content shas by path."""
    units = _by_sha(session, UnitVersion, [sha for path, sha in paths.items() if _is_unit(path)])
    contents = stored_units(session, list(units.values()))
    stems = {sha: PurePosixPath(path).stem for path, sha in paths.items() if _is_unit(path)}
    packs = _by_sha(session, QualificationVersion, [sha for path, sha in paths.items() if not _is_unit(path)])
    named: dict[int, dict[str, str]] = {version.id: {} for version in packs.values()}
    for version_id, code, sha in session.execute(
        select(QualificationUnit.qualification_version_id, UnitVersion.code, UnitVersion.content_sha)
        .join(UnitVersion, UnitVersion.id == QualificationUnit.unit_version_id)
        .where(QualificationUnit.qualification_version_id.in_(named))
    ):
        if sha in stems:
            named[version_id][code] = stems[sha]
    for path, sha in sorted(paths.items()):
        if _is_unit(path):
            yield path, unit_as_yaml(contents[units[sha].id])
        else:
            yield path, as_yaml(stored_pack(session, packs[sha]), stems=named[packs[sha].id])


def _is_unit(path: str) -> bool:
    return path.startswith(f"{FOLDER}/units/")


def _by_sha(session: Session, model: type[Version], shas: Collection[str]) -> dict[str, Version]:
    """One version with each content, of whatever centre: it says the same in all of them."""
    rows = session.scalars(select(model).where(model.content_sha.in_(sorted(set(shas)))).order_by(model.id.desc()))
    return {row.content_sha: row for row in rows}
