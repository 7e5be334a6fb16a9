"""What bringing a bundle in would do as things stand, and everything that stops it, told at once. Reads only."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portfolio.assessment.entries import HIDING, SHOWING
from portfolio.assessment.models import (
    ItemReview,
    Judgement,
    Signature,
    Submission,
    SubmissionItem,
    UnitDecision,
)
from portfolio.audit.models import AuditStream
from portfolio.bundles.arriving.incoming import Incoming, Portfolio
from portfolio.bundles.arriving.matching import Local, matched, people_of
from portfolio.bundles.arriving.plans import Counts, PackPlan, Plan, PortfolioPlan, quoted
from portfolio.bundles.arriving.room import limits_at, no_room, size_of, too_large
from portfolio.bundles.models import Arrival
from portfolio.centres.models import Centre
from portfolio.criteria.models import QualificationVersion, UnitVersion
from portfolio.db import Base
from portfolio.enrolment.models import Allocation, Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import EnrolmentState
from portfolio.evidence.models import Amendment, Breach, Evidence, EvidenceFile, EvidenceVersion, Sighting
from portfolio.mapping.models import Claim
from portfolio.redaction.models import Redaction
from portfolio.storage.rules import Limits

CHUNK = 900
"""How many identifiers one statement names."""
ROWS: Mapping[str, type[Base]] = {
    "units": EnrolmentUnit,
    "allocations": Allocation,
    "items": Evidence,
    "versions": EvidenceVersion,
    "files": EvidenceFile,
    "claims": Claim,
    "sightings": Sighting,
    "submissions": Submission,
    "submission_items": SubmissionItem,
    "reviews": ItemReview,
    "judgements": Judgement,
    "unit_decisions": UnitDecision,
    "signatures": Signature,
    "breaches": Breach,
    "amendments": Amendment,
    "redactions": Redaction,
    "arrivals": Arrival,
}
"""Where the rows of each table of a bundle go, under the identifiers that they have."""
REFS_MOST = 999_999
"""How far the items of one portfolio may be numbered."""
MADE_THERE = "Signatures made there stay as they are and are shown with the centre where they were made."
ALLOCATED = "Nobody here is allocated by it. Those who were allocated there stand in its history; allocate people anew."
BY_NAME = "People who are nobody here are known by their names alone: they cannot sign in and are told nothing."
AWAITED = (
    "What awaited a countersignature waits for {an assessor} here: a decision that nobody countersigned is not sent."
)
NO_DRAFTS = "Drafts, and what was typed and not saved, are in no bundle."
LOOKED_THROUGH = "Everything in it is looked through for personal data, as anything new is."


def plan_of(
    session: Session, incoming: Incoming, *, centre: Centre, matches: Mapping[str, str], most: Limits | None = None
) -> Plan:
    """The plan of a bundle for a centre; `matches` are addresses of people of the centre by the uid of people there,
    and `most` is how much the installation takes, None for whoever runs it themselves.
    """
    here = people_of(session, centre.id)
    people, faults = matched(here, incoming, matches)
    learners = {one.uid: here[one.email] for one in people if one.email in here}
    packs = _Packs(session, centre.id, incoming)
    known = _Known(session, incoming)
    limits = limits_at(centre, most)
    faults += no_room(session, centre, incoming, limits)
    running = _running(session, centre.id, learners.values())
    portfolios, coming = [], set[tuple[int, str]]()
    for one in incoming.portfolios:
        key = _place(one, learners)
        wrong = [*_faults(one, known), *_taken(one, key, running, coming), *too_large(one, limits)]
        if key is not None and _is_active(one):
            coming.add(key)
        portfolios.append(_portfolio(one, packs, known, wrong))
    is_some_unknown = any(not one.email and not one.is_learner for one in people)
    notes = [MADE_THERE, ALLOCATED, *([BY_NAME] if is_some_unknown else []), NO_DRAFTS, LOOKED_THROUGH]
    return Plan(tuple(portfolios), people, tuple(faults), tuple(notes))


def _portfolio(one: Portfolio, packs: "_Packs", known: "_Known", faults: Sequence[str]) -> PortfolioPlan:
    records = one.records
    return PortfolioPlan(
        name=one.name,
        learner_uid=one.learner_uid,
        learner_name=one.learner_name,
        title=one.qualification_title,
        extent=one.extent,
        is_here=known.is_here(one),
        counts=Counts(
            items=len(records["items"]),
            files=len(records["files"]),
            bytes=size_of(one),
            claims=len(records["claims"]),
            decisions=len(records["judgements"]),
            signatures=len(records["signatures"]),
            entries=len(one.history),
        ),
        packs=tuple(packs.of(one)),
        faults=tuple(faults),
        notes=tuple(_notes(one)),
    )


def _faults(one: Portfolio, known: "_Known") -> Iterator[str]:
    if one.extent != "whole":
        yield (
            "It is a sample of the {portfolio}. Only a whole {portfolio} can be brought in: ask its centre for a "
            "bundle of all of it."
        )
    if known.is_here(one):
        yield "This {portfolio} is here already."
    elif known.is_partly_here(one):
        yield "Parts of it are here already, in another {portfolio}."
    if any(breach["mended_at"] is None for breach in one.records["breaches"]):
        yield "Personal data is still to be taken out of it where it was made."
    newest = max((int(row["ref"][1:]) for row in one.records["items"]), default=0)
    if not newest < one.records["enrolment"]["next_ref"] <= REFS_MOST:
        yield "It says that its next item has a number that it cannot have."
    learner, deciding = one.records["enrolment"]["learner"], (("reviews", "assessor"), ("unit_decisions", "by"))
    if any(row[who] == learner for table, who in deciding for row in one.records[table]):
        yield "In it the {learner} decided on work of their own."


Key = tuple[int, str]
"""A learner and the reference of a qualification."""


def _place(one: Portfolio, learners: Mapping[str, Local]) -> Key | None:
    learner = learners.get(one.learner_uid)
    return (learner.id, one.records["qualification"]["reference"]) if learner else None


def _is_active(one: Portfolio) -> bool:
    return bool(one.records["enrolment"]["state"] == EnrolmentState.ACTIVE.value)


def _taken(one: Portfolio, key: Key | None, running: set[Key], coming: set[Key]) -> Iterator[str]:
    """Nobody is on a qualification twice at a time."""
    if key is None or not _is_active(one):
        return
    if key in running:
        yield (
            "The {learner} is on this qualification here already. End that enrolment first, or have the one in the "
            "bundle ended where it was made and sent again."
        )
    if key in coming:
        yield "The bundle brings the same {learner} onto this qualification twice."


def _notes(one: Portfolio) -> Iterator[str]:
    records, enrolment = one.records, one.records["enrolment"]
    released = {row["item"] for row in records["reviews"] if not row["is_trainee"]}
    if any(row["state"] == "countersign" for row in records["submission_items"] if row["id"] not in released):
        yield AWAITED
    hidden = _hidden(one)
    if hidden:
        yield f"{', '.join(hidden)}: hidden there while personal data was taken out, and so not in the bundle."
    if enrolment["state"] == EnrolmentState.WITHDRAWN.value:
        yield f"The {{learner}} left there on {enrolment['ended_on']}. To go on here, take them back once it is in."
    if enrolment["state"] == EnrolmentState.COMPLETED.value:
        yield f"The {{learner}} finished there on {enrolment['ended_on']}."
    if one.earlier:
        places = ", ".join(quoted(row.arrival["centre"]["name"]) for row in one.earlier)
        yield f"It had come there from elsewhere ({places}); that history comes with it."


def _hidden(one: Portfolio) -> list[str]:
    """The references of items that were hidden when the bundle was made, as its history tells."""
    found: dict[str, str] = {}
    for entry in one.history:
        if entry["verb"] == HIDING and "text" in entry:
            found[entry["subject"]] = entry["text"]["ref"]
        elif entry["verb"] in SHOWING:
            found.pop(entry["subject"], None)
    return sorted(found.values())


def _running(session: Session, centre_id: int, learners: Any) -> set[Key]:
    """Which of these people are on which qualifications at the centre. One statement."""
    ids = sorted({one.id for one in learners})
    rows = session.execute(
        select(Enrolment.learner_id, QualificationVersion.reference)
        .join(QualificationVersion, QualificationVersion.id == Enrolment.qualification_version_id)
        .where(
            Enrolment.centre_id == centre_id,
            Enrolment.learner_id.in_(ids),
            Enrolment.state == EnrolmentState.ACTIVE,
        )
    )
    return {(row[0], row[1]) for row in rows}


class _Packs:
    """Which criteria of a bundle are here, the centre's own or the site's."""

    def __init__(self, session: Session, centre_id: int, incoming: Incoming) -> None:
        portfolios = incoming.portfolios
        qualifications = {one.records["qualification"]["content_sha"] for one in portfolios}
        units = {row["content_sha"] for one in portfolios for row in one.records["unit_versions"]}
        self._here: set[str] = set()
        for model, shas in ((QualificationVersion, qualifications), (UnitVersion, units)):
            usable = or_(model.centre_id.is_(None), model.centre_id == centre_id)
            for some in _chunks(sorted(shas)):
                self._here |= set(session.scalars(select(model.content_sha).where(usable, model.content_sha.in_(some))))

    def of(self, one: Portfolio) -> Iterator[PackPlan]:
        """The criteria of a portfolio: its qualification, and wordings of units that do not come with that."""
        about = one.records["qualification"]
        is_here = about["content_sha"] in self._here
        yield PackPlan(about["reference"], about["title"], "here" if is_here else "load")
        for row in one.records["unit_versions"]:
            if row["content_sha"] not in self._here:
                yield PackPlan(row["code"], one.packs.units[row["content_sha"]].title, "load")


class _Known:
    """Which rows of a bundle are here already, by the identifiers that they have everywhere."""

    def __init__(self, session: Session, incoming: Incoming) -> None:
        wanted: dict[type[Base], list[str]] = {Enrolment: [], AuditStream: []}
        for one in incoming.portfolios:
            wanted[Enrolment].append(one.records["enrolment"]["uid"])
            wanted[AuditStream] += [one.stream, *(earlier.arrival["stream"] for earlier in one.earlier)]
            for table, model in ROWS.items():
                wanted.setdefault(model, []).extend(row["uid"] for row in one.records[table])
        self._here: set[tuple[str, str]] = set()
        for model, uids in wanted.items():
            column: Any = model.uid  # type: ignore[attr-defined]
            for some in _chunks(uids):
                found = session.scalars(select(column).where(column.in_(some)))
                self._here |= {(model.__tablename__, uid) for uid in found}

    def is_here(self, one: Portfolio) -> bool:
        """Whether this very portfolio is here."""
        return (Enrolment.__tablename__, one.records["enrolment"]["uid"]) in self._here

    def is_partly_here(self, one: Portfolio) -> bool:
        """Whether any row of it is."""
        streams = [one.stream, *(earlier.arrival["stream"] for earlier in one.earlier)]
        return any((AuditStream.__tablename__, uid) in self._here for uid in streams) or any(
            (model.__tablename__, row["uid"]) in self._here
            for table, model in ROWS.items()
            for row in one.records[table]
        )


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(values), CHUNK):
        yield values[first : first + CHUNK]
