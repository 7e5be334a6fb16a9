"""What a bundle tells of one portfolio, as plain values: every number, word and time that a digest on record covers.

Only what was handed in and not withdrawn, released, and effective; nothing of an item that is hidden while personal
data is taken out of it. Numbers under `id` are those of the installation that made the bundle, because digests cover
them; they mean nothing elsewhere. The number of statements is fixed.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields

from sqlalchemy.orm import Session

from portfolio.assessment.models import UnitDecision
from portfolio.bundles.earlier import arrivals_of
from portfolio.bundles.packed import Packed, Record, Table
from portfolio.bundles.packs import packs_in
from portfolio.bundles.reading import Reader, plain
from portfolio.enrolment.models import Enrolment


@dataclass(frozen=True, slots=True)
class Records:
    """One portfolio in lists of records, in the order of their making."""

    enrolment: Record
    qualification: Record
    units: Table
    unit_versions: Table
    criteria: Table
    people: Table
    allocations: Table
    items: Table
    versions: Table
    files: Table
    claims: Table
    sightings: Table
    submissions: Table
    submission_items: Table
    reviews: Table
    judgements: Table
    unit_decisions: Table
    signatures: Table
    breaches: Table
    amendments: Table
    redactions: Table
    packs: Record
    arrivals: Table

    reasons: Table
    """Why something was taken out of any version of an item, as the history tells it."""

    @property
    def tables(self) -> Record:
        """What the bundle says, by name: records and tables."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "reasons"}

    def as_json(self) -> Record:
        """The same as plain values, all at once."""
        return {name: list(one) if isinstance(one, Packed) else one for name, one in self.tables.items()}


def records_of(session: Session, enrolment: Enrolment, refs: Collection[str] | None = None) -> Records:
    """Everything of an enrolment that a bundle tells; `refs` are the items that it is of, None for all."""
    reader = Reader(session, enrolment.id)
    versions = reader.versions(refs)
    version_ids = {row["id"] for row in versions}
    items = reader.items({row["item"] for row in versions})
    submission_items = reader.submission_items(version_ids)
    claims = reader.claims(version_ids)
    reviews = reader.reviews({row["id"] for row in submission_items})
    judgements = reader.judgements({row["id"] for row in reviews})
    amendments = reader.amendments(version_ids)
    breaches = reader.breaches({row["id"] for row in items})
    units, criteria = reader.units(), reader.criteria()
    wordings = reader.unit_versions({row["unit_version"] for row in (*units, *criteria)})
    decisions = reader.unit_decisions()
    signatures = reader.signatures({f"{UnitDecision.__tablename__}:{row['uid']}" for row in decisions})
    sightings = reader.sightings(version_ids)
    allocations = reader.allocations()
    redactions = reader.redactions({row["uid"] for row in items})
    submissions = reader.submissions({row["submission"] for row in submission_items})
    if refs is not None:
        submissions = Packed(map(_without_self_check, submissions))
    named = {enrolment.learner_id}
    for rows, key in (
        (items, "author"), (submissions, "by"), (reviews, "assessor"), (judgements, "assessor"), (decisions, "by"),
        (signatures, "person"), (amendments, "by"), (sightings, "person"), (allocations, "person"), (redactions, "by"),
        (breaches, "reported_by"), (breaches, "mended_by"),
    ):  # fmt: skip
        named |= {row[key] for row in rows if row[key] is not None}
    return Records(
        enrolment={**_enrolment(enrolment), "stream": reader.stream()},
        qualification=_qualification(enrolment),
        units=units,
        unit_versions=wordings,
        criteria=criteria,
        people=reader.people(named),
        allocations=allocations,
        items=items,
        versions=versions,
        files=reader.files(version_ids),
        claims=claims,
        sightings=sightings,
        submissions=submissions,
        submission_items=submission_items,
        reviews=reviews,
        judgements=judgements,
        unit_decisions=decisions,
        signatures=signatures,
        breaches=breaches,
        amendments=amendments,
        redactions=redactions,
        packs=packs_in(session, enrolment.qualification, wordings),
        arrivals=arrivals_of(session, enrolment.id),
        reasons=reader.reasons({row["id"] for row in items}),
    )


def _without_self_check(row: Record) -> Record:
    """What was asked about other items is no part of a sample."""
    return {name: value for name, value in row.items() if name != "self_check"}


def _enrolment(enrolment: Enrolment) -> Record:
    return {
        "id": enrolment.id,
        "uid": enrolment.uid,
        "centre": {"uid": enrolment.centre.uid, "name": enrolment.centre.name, "number": enrolment.centre.number},
        "learner": enrolment.learner_id,
        "registration_number": enrolment.registration_number,
        "started_on": plain(enrolment.started_on),
        "due_on": plain(enrolment.due_on),
        "ended_on": plain(enrolment.ended_on),
        "state": enrolment.state.value,
        "next_ref": enrolment.next_ref,
    }


def _qualification(enrolment: Enrolment) -> Record:
    one = enrolment.qualification
    return {
        "uid": one.uid,
        "reference": one.reference,
        "title": one.title,
        "level": one.level,
        "awarding_organisation": one.awarding_organisation,
        "spec_version": one.spec_version,
        "status": one.status.value,
        "source": one.source,
        "rules_known": one.rules_known,
        "rules": one.rules,
        "content_sha": one.content_sha,
    }
