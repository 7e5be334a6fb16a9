"""The texts of an item, each with its place: what it says itself, what its files are called, what is claimed of it.

They are those of its latest version: what its maker sees. `place` is how findings name a text.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Integer, ScalarSelect, Text, bindparam, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session, aliased

from portfolio.audit.events import facts_digest
from portfolio.criteria.models import Criterion
from portfolio.db import AnySelect, read
from portfolio.evidence.models import EvidenceFile, EvidenceVersion
from portfolio.mapping.models import Claim

OWN = {"title": "Title", "context": "What happened", "role": "Your part in it", "body": "Account"}
CUSTODY_WORDS = {
    "location": "Where it is kept",
    "custodian": "Who keeps it",
    "reason": "Why it is held elsewhere",
}


@dataclass(frozen=True, slots=True)
class ItemText:
    """One text of an item: `place` as findings name it, `title` as a page calls it, and whether it may be rewritten."""

    place: str
    title: str
    text: str
    may_replace: bool


@dataclass(frozen=True, slots=True)
class ItemTexts:
    """The texts of an item's latest version in the order of its page, without the empty ones."""

    texts: tuple[ItemText, ...]
    is_draft: bool
    version_id: int
    rev: int

    @property
    def by_place(self) -> dict[str, str]:
        """Each text by its place."""
        return {one.place: one.text for one in self.texts}

    @property
    def has_files(self) -> bool:
        """Whether the version has files."""
        return any(one.place.startswith("file:") for one in self.texts)

    @property
    def digest(self) -> str:
        """By which it shows that a word of them changed."""
        return facts_digest({"texts": [[one.place, one.text] for one in self.texts]})


def _latest() -> ScalarSelect[int]:
    version = aliased(EvidenceVersion)
    newest = select(func.max(version.no)).where(version.evidence_id == bindparam("evidence_id", type_=Integer))
    return newest.scalar_subquery()


def _is_latest() -> tuple[Any, ...]:
    return (
        EvidenceVersion.evidence_id == bindparam("evidence_id", type_=Integer),
        EvidenceVersion.no == _latest(),
    )


@cache
def _texts_of() -> AnySelect:
    """A row for the version, one for each file and each claim, in one statement."""
    nothing = cast(null(), Text)
    version = select(
        literal(0).label("kind"),
        EvidenceVersion.id.label("id"),
        EvidenceVersion.uid.label("uid"),
        EvidenceVersion.frozen_at.is_(None).label("may_replace"),
        EvidenceVersion.rev.label("position"),
        cast(EvidenceVersion.title, Text).label("one"),
        EvidenceVersion.context.label("two"),
        EvidenceVersion.role.label("three"),
        EvidenceVersion.body.label("four"),
        cast(EvidenceVersion.custody, Text).label("five"),
        cast(EvidenceVersion.notes, Text).label("six"),
    ).where(*_is_latest())
    files = (
        select(
            literal(1),
            EvidenceFile.id,
            EvidenceFile.uid,
            EvidenceVersion.frozen_at.is_(None),
            literal(0),
            cast(EvidenceFile.name, Text),
            *[nothing] * 5,
        )
        .join(EvidenceVersion, EvidenceVersion.id == EvidenceFile.version_id)
        .where(*_is_latest())
    )
    claims = (
        select(
            literal(2),
            Claim.id,
            Claim.uid,
            Claim.submission_id.is_(None),
            Criterion.position,
            Claim.annotation,
            cast(Claim.place, Text),
            cast(Criterion.code, Text),
            *[nothing] * 3,
        )
        .join(EvidenceVersion, EvidenceVersion.id == Claim.evidence_version_id)
        .join(Criterion, Criterion.id == Claim.criterion_id)
        .where(*_is_latest())
    )
    return union_all(version, files, claims)  # type: ignore[return-value] # rows are all that `read` asks of it


def texts_of(session: Session, evidence_id: int) -> ItemTexts:
    """The texts of an item. One statement; nothing of an item that is gone."""
    rows = sorted(
        read(session, _texts_of(), evidence_id=evidence_id).all(), key=lambda row: (row.kind, row.position, row.id)
    )
    found = [text for row in rows for text in (_of_version, _of_file, _of_claim)[row.kind](row)]
    version = rows[0] if rows else None
    return ItemTexts(
        tuple(one for one in found if one.text.strip()),
        is_draft=bool(version is not None and version.may_replace),
        version_id=version.id if version is not None else 0,
        rev=version.position if version is not None else 0,
    )


def _of_version(row: Any) -> Iterator[ItemText]:
    may = bool(row.may_replace)
    for name, text in zip(OWN, (row.one, row.two, row.three, row.four), strict=True):
        yield ItemText(name, OWN[name], text, may)
    for name, text in _read(row.five, {}).items():
        yield ItemText(f"custody:{name}", CUSTODY_WORDS.get(name, name), text, may)
    for number, note in enumerate(_read(row.six, []), start=1):
        yield ItemText(f"note:{number}:ask", f"Line {number}: what was asked", note["ask"], may)
        yield ItemText(f"note:{number}:said", f"Line {number}", note["said"], may)


def _of_file(row: Any) -> Iterator[ItemText]:
    yield ItemText(f"file:{row.uid}", "Name of a file", row.one, bool(row.may_replace))


def _of_claim(row: Any) -> Iterator[ItemText]:
    may = bool(row.may_replace)
    yield ItemText(f"annotation:{row.uid}", f"How it meets {row.three}", row.one, may)
    yield ItemText(f"place:{row.uid}", f"Where in it {row.three} shows", row.two, may)


def _read(kept: str | None, otherwise: Any) -> Any:
    return json.loads(kept) if kept else otherwise


def spliced(text: str, changes: Mapping[tuple[int, int], str]) -> str:
    """The text with other words in these places, text[start:end], which do not overlap."""
    for (start, end), words in sorted(changes.items(), reverse=True):
        text = text[:start] + words + text[end:]
    return text
