"""The rows of one portfolio that comes from elsewhere: with the identifiers that they had there, and with numbers of
their own here, over which every digest is worked out anew.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Table, bindparam
from sqlalchemy.orm import Session

from portfolio import clock, writing
from portfolio.assessment.marking import judgement_facts, review_facts
from portfolio.assessment.models import ItemReview, Judgement, ReviewMark, Submission, SubmissionItem, UnitDecision
from portfolio.assessment.rules import ItemState, SubmissionState, UnitDecisionKind
from portfolio.assessment.submitting import claims_facts
from portfolio.audit.events import facts_digest
from portfolio.bundles.arriving.criteria import Criteria
from portfolio.bundles.arriving.incoming import Record
from portfolio.criteria.rules import Method
from portfolio.db import Base
from portfolio.enrolment.models import Allocation, Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import Duty
from portfolio.evidence.actions import version_facts
from portfolio.evidence.models import Amendment, Breach, Evidence, EvidenceFile, EvidenceVersion, Sighting
from portfolio.evidence.rules import Carrier, EvidenceState, FileRole
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import Origin, Outcome
from portfolio.storage.models import Blob

Model = TypeVar("Model", bound=Base)
FREEZING = ("frozen_at", "digest")


@dataclass(frozen=True, slots=True)
class Here:
    """What a portfolio finds here: its new enrolment, the uid of its learner, who its people are, by their numbers
    there, its criteria, and the contents of its files by SHA-256.
    """

    enrolment: Enrolment
    learner_uid: str
    people: Mapping[int, int]
    criteria: Criteria
    blobs: Mapping[str, Blob]


class Rows:
    """The rows of one portfolio, written as this is made; each table by the numbers that its rows had there, in their
    order. `after` has the digests that took the place of those of versions, claims and judgements.
    """

    def __init__(self, session: Session, records: Record, here: Here) -> None:
        self.session, self.records, self.here = session, records, here
        self.after: dict[str, str] = {}
        self.units = self._written("units", self._unit)
        self._write_allocations()
        self.submissions = self._written("submissions", self._submission)
        self.items = self._made("items", self._item)
        self.versions = self._made("versions", self._version)
        self._settle_items()
        self._write_versions()
        self.claims = self._written("claims", self._claim)
        self.claimed = self._claimed()
        self.parts = self._written("submission_items", self._part)
        self._written("sightings", self._sighting)
        self.reviews = self._made("reviews", self._review)
        self.judgements = self._made("judgements", self._judgement)
        self._write_reviews()
        self._write_judgements()
        self.breaches = self._written("breaches", self._breach)
        self.amendments = self._made("amendments", self._amendment)
        self._write_amendments()
        self.decisions = self._made("unit_decisions", self._decision)
        self._write_decisions()

    def person(self, number: int | None) -> Any:
        """Who somebody is here."""
        return None if number is None else self.here.people[number]

    # Making and writing rows

    def _made(self, table: str, make: Callable[[Record], Model]) -> dict[int, Model]:
        """A row for each record of a table, numbered and not written yet."""
        records = self.records[table]
        rows = [make(record) for record in records]
        writing.number(self.session, rows)
        return {record["id"]: row for record, row in zip(records, rows, strict=True)}

    def _written(self, table: str, make: Callable[[Record], Model]) -> dict[int, Model]:
        rows = self._made(table, make)
        self._write(rows)
        return rows

    def _write(self, rows: Mapping[int, Base], *, but: Collection[str] = ()) -> None:
        writing.put_numbered(self.session, list(rows.values()), but=but)

    def _change(self, model: type[Base], rows: Mapping[int, Base], names: Sequence[str]) -> None:
        """What rows say in columns that they were written without: what freezes them comes last."""
        table: Table = model.__table__  # type: ignore[assignment]
        new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        told: list[dict[str, Any]] = []
        for row in rows.values():
            said: Any = row
            told.append({"at": said.id} | {f"new_{name}": getattr(said, name) for name in names})
        if told:
            self.session.execute(table.update().where(table.c.id == bindparam("at")).values(new), told)

    # The enrolment

    def _unit(self, one: Record) -> EnrolmentUnit:
        return EnrolmentUnit(
            uid=one["uid"],
            enrolment_id=self.here.enrolment.id,
            unit_version_id=self.here.criteria.unit_versions[one["unit_version"]],
            unit_code=one["code"],
            group_code=one["group"],
            position=one["position"],
        )

    def _write_allocations(self) -> None:
        """Who was allocated there stands in the history; here nobody of them has a duty any more."""
        today, rows = clock.today(), []
        for one in self.records["allocations"]:
            since, until = date.fromisoformat(one["since"]), _day(one["until"])
            rows.append(
                Allocation(
                    uid=one["uid"],
                    enrolment_id=self.here.enrolment.id,
                    enrolment_unit_id=None if one["unit"] is None else self.units[one["unit"]].id,
                    person_id=self.person(one["person"]),
                    duty=Duty(one["duty"]),
                    since=since,
                    until=max(since, min(until or today, today)),
                )
            )
        writing.put(self.session, rows)

    # The evidence

    def _item(self, one: Record) -> Evidence:
        return Evidence(
            uid=one["uid"],
            enrolment_id=self.here.enrolment.id,
            ref=one["ref"],
            method=Method(one["method"]),
            carrier=Carrier(one["carrier"]),
            author_id=self.person(one["author"]),
        )

    def _version(self, one: Record) -> EvidenceVersion:
        names = ("uid", "no", "title", "context", "role", "body", "custody", "notes", "amended")
        return EvidenceVersion(
            **{name: one[name] for name in names},
            evidence_id=self.items[one["item"]].id,
            event_on=_day(one["event_on"]),
            created_at=_moment(one["created_at"]),
            frozen_at=_moment(one["frozen_at"]),
        )

    def _settle_items(self) -> None:
        """An item is with an assessor while anything of it waits; a trainee's decision that nobody countersigned is not
        sent, so that what awaited that waits.
        """
        item_of = {row["id"]: row["item"] for row in self.records["versions"]}
        self._decided = {row["item"] for row in self.records["reviews"] if not row["is_trainee"]}
        parts = self.records["submission_items"]
        waiting = {item_of[row["version"]] for row in parts if row["id"] not in self._decided}
        for id_, item in self.items.items():
            item.state = EvidenceState.SUBMITTED if id_ in waiting else EvidenceState.MARKED
        self._write(self.items)

    def _write_versions(self) -> None:
        """The versions with their files, of which they take none once they are frozen."""
        self._write(self.versions, but=FREEZING)
        files = self._written("files", self._file)
        of_version: dict[int, list[EvidenceFile]] = defaultdict(list)
        for record in self.records["files"]:
            file = files[record["id"]]
            file.blob = self.here.blobs[record["sha256"]]
            of_version[record["version"]].append(file)
        for record in self.records["versions"]:
            version = self.versions[record["id"]]
            version.evidence, version.files = self.items[record["item"]], of_version[record["id"]]
            version.digest = facts_digest(version_facts(version))
            self.after[record["digest"]] = version.digest
        self._change(EvidenceVersion, self.versions, FREEZING)

    def _file(self, one: Record) -> EvidenceFile:
        return EvidenceFile(
            uid=one["uid"],
            version_id=self.versions[one["version"]].id,
            blob_id=self.here.blobs[one["sha256"]].id,
            name=one["name"],
            role=FileRole(one["role"]),
        )

    def _claim(self, one: Record) -> Claim:
        return Claim(
            uid=one["uid"],
            evidence_version_id=self.versions[one["version"]].id,
            enrolment_unit_id=self.units[one["unit"]].id,
            criterion_id=self.here.criteria.criteria[one["criterion"]],
            annotation=one["annotation"],
            place=one["place"],
            origin=Origin(one["origin"]),
            submission_id=self.submissions[one["submission"]].id,
            amended=one["amended"],
            created_at=_moment(one["created_at"]),
        )

    def _claimed(self) -> dict[tuple[int, int], str]:
        """The digest of the claims that were handed in together, by submission and version."""
        together: dict[tuple[int, int], list[Claim]] = defaultdict(list)
        for record in self.records["claims"]:
            together[record["submission"], record["version"]].append(self.claims[record["id"]])
        places = [(record["submission"], record["version"]) for record in self.records["submission_items"]]
        return {place: facts_digest(claims_facts(together.get(place, []))) for place in places}

    def _sighting(self, one: Record) -> Sighting:
        return Sighting(
            uid=one["uid"],
            version_id=self.versions[one["version"]].id,
            person_id=self.person(one["person"]),
            role_word=one["role"],
            seen_on=date.fromisoformat(one["seen_on"]),
            note=one["note"],
            recorded_at=_moment(one["recorded_at"]),
        )

    # Handing in and deciding

    def _submission(self, one: Record) -> Submission:
        return Submission(
            uid=one["uid"],
            enrolment_id=self.here.enrolment.id,
            no=one["no"],
            by_id=self.person(one["by"]),
            declarations=one["declarations"],
            self_check=one["self_check"],
            state=SubmissionState(one["state"]),
            submitted_at=_moment(one["submitted_at"]),
            opened_at=_moment(one["opened_at"]),
        )

    def _part(self, one: Record) -> SubmissionItem:
        return SubmissionItem(
            uid=one["uid"],
            submission_id=self.submissions[one["submission"]].id,
            evidence_version_id=self.versions[one["version"]].id,
            state=ItemState.RELEASED if one["id"] in self._decided else ItemState.WAITING,
            is_further=one["is_further"],
        )

    def _review(self, one: Record) -> ItemReview:
        names = ("uid", "is_trainee", "valid", "authentic", "reliable", "current", "feedback")
        return ItemReview(
            **{name: one[name] for name in names},
            submission_item_id=self.parts[one["item"]].id,
            assessor_id=self.person(one["assessor"]),
            saved_at=_moment(one["released_at"]),
            released_at=_moment(one["released_at"]),
        )

    def _judgement(self, one: Record) -> Judgement:
        return Judgement(
            uid=one["uid"],
            claim_id=self.claims[one["claim"]].id,
            review_id=self.reviews[one["review"]].id,
            no=one["no"],
            assessor_id=self.person(one["assessor"]),
            outcome=Outcome(one["outcome"]),
            sufficient=one["sufficient"],
            feedback=one["feedback"],
            decided_at=_moment(one["decided_at"]),
            effective_at=_moment(one["effective_at"]),
        )

    def _write_reviews(self) -> None:
        """The reviews with their marks, of which they take none once they are released."""
        for record in self.records["reviews"]:
            if record["countersigns"] is not None:
                self.reviews[record["id"]].countersigns_id = self.reviews[record["countersigns"]].id
        self._write(self.reviews, but=("released_at",))
        marks = [
            ReviewMark(
                review_id=one.review_id,
                claim_id=one.claim_id,
                outcome=one.outcome,
                sufficient=one.sufficient,
                feedback=one.feedback,
            )
            for one in self.judgements.values()
        ]
        writing.put(self.session, marks)
        of_review: dict[int, list[ReviewMark]] = defaultdict(list)
        for mark in marks:
            of_review[mark.review_id].append(mark)
        for review in self.reviews.values():
            review.marks = of_review[review.id]
        self._change(ItemReview, self.reviews, ("released_at",))
        self.reviewed = {id_: facts_digest(review_facts(review)) for id_, review in self.reviews.items()}

    def _write_judgements(self) -> None:
        for record in self.records["judgements"]:
            judgement = self.judgements[record["id"]]
            if record["supersedes"] is not None:
                judgement.supersedes_id = self.judgements[record["supersedes"]].id
            judgement.digest = facts_digest(judgement_facts(judgement, self.claims[record["claim"]]))
            self.after[record["digest"]] = judgement.digest
        self._write(self.judgements)

    # Personal data that was taken out

    def _breach(self, one: Record) -> Breach:
        return Breach(
            uid=one["uid"],
            evidence_id=self.items[one["item"]].id,
            reported_by_id=self.person(one["reported_by"]),
            reported_at=_moment(one["reported_at"]),
            words="",
            mended_by_id=self.person(one["mended_by"]),
            mended_at=_moment(one["mended_at"]),
        )

    def _amendment(self, one: Record) -> Amendment:
        names = ("uid", "no", "reason", "digest_before", "digest_after", "claims_before", "claims_after", "removed")
        return Amendment(
            **{name: one[name] for name in names},
            breach_id=self.breaches[one["breach"]].id,
            version_id=self.versions[one["version"]].id,
            by_id=self.person(one["by"]),
            made_at=_moment(one["made_at"]),
        )

    def _write_amendments(self) -> None:
        """What versions were keeps the digest that it had there; what the last amendment made of them has a new one."""
        own = {row["version"]: row["submission"] for row in self.records["submission_items"] if not row["is_further"]}
        last: dict[int, int] = {}
        for record in self.records["amendments"]:
            last[record["version"]] = max(last.get(record["version"], 0), record["no"])
        for record in self.records["amendments"]:
            if record["no"] == last[record["version"]]:
                amendment, version = self.amendments[record["id"]], self.versions[record["version"]]
                amendment.digest_after = version.digest
                amendment.claims_after = self.claimed[own[record["version"]], record["version"]]
        self._write(self.amendments)

    # Whole units

    def _decision(self, one: Record) -> UnitDecision:
        return UnitDecision(
            uid=one["uid"],
            enrolment_unit_id=self.units[one["unit"]].id,
            no=one["no"],
            kind=UnitDecisionKind(one["kind"]),
            by_id=self.person(one["by"]),
            reason=one["reason"],
            decided_at=_moment(one["decided_at"]),
        )

    def _write_decisions(self) -> None:
        for record in self.records["unit_decisions"]:
            if record["supersedes"] is not None:
                self.decisions[record["id"]].supersedes_id = self.decisions[record["supersedes"]].id
        self._write(self.decisions)


def _day(said: str | None) -> date | None:
    return None if said is None else date.fromisoformat(said)


def _moment(said: str | None) -> Any:
    """A time as JSON has it: never one that is to be there and is not, for the schema has seen to that."""
    return datetime.fromisoformat(said) if said else None
