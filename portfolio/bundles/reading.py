"""Reads the rows of one enrolment as records, table by table, for `records`. The number of statements is fixed."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portfolio.accounts.models import Person
from portfolio.assessment.models import ItemReview, Judgement, Signature, Submission, SubmissionItem, UnitDecision
from portfolio.assessment.rules import SubmissionState
from portfolio.audit.events import in_full
from portfolio.audit.models import AuditStream
from portfolio.bundles.packed import Packed, Record
from portfolio.criteria.models import Criterion, Outcome, UnitVersion
from portfolio.enrolment.models import Allocation, Enrolment, EnrolmentUnit
from portfolio.evidence.models import Amendment, Breach, Evidence, EvidenceFile, EvidenceVersion, Sighting
from portfolio.mapping.models import Claim
from portfolio.redaction.models import Redaction
from portfolio.redaction.rules import RedactionState
from portfolio.storage.models import Blob

BATCH = 500


def plain(value: Any) -> Any:
    """A value as JSON has it: times in full and in UTC, as digests cover them."""
    if isinstance(value, datetime):
        return in_full(value)
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _told(model: Any, names: str, **others: Any) -> Any:
    """A statement over columns of a model under their own names, and over others under names of ours."""
    own = [getattr(model, name) for name in names.split()]
    return select(*own, *(column.label(name) for name, column in others.items()))


class Reader:
    """Reads the tables of one enrolment; every answer is in the order of the rows' making."""

    def __init__(self, session: Session, enrolment_id: int) -> None:
        self._session = session
        self._enrolment_id = enrolment_id

    def stream(self) -> str:
        """The public identifier of the trail."""
        query = (
            select(AuditStream.uid)
            .join(Enrolment, Enrolment.stream_id == AuditStream.id)
            .where(Enrolment.id == self._enrolment_id)
        )
        return self._session.scalars(query).one()

    def units(self) -> Packed:
        """The units as they are pinned."""
        return self._rows(
            _told(
                EnrolmentUnit,
                "id uid position",
                code=EnrolmentUnit.unit_code,
                group=EnrolmentUnit.group_code,
                unit_version=EnrolmentUnit.unit_version_id,
                title=UnitVersion.title,
                level=UnitVersion.level,
                credit=UnitVersion.credit,
                glh=UnitVersion.glh,
                status=UnitVersion.status,
                source=UnitVersion.source,
                is_outline=UnitVersion.is_outline,
                content_sha=UnitVersion.content_sha,
            )
            .join(UnitVersion, UnitVersion.id == EnrolmentUnit.unit_version_id)
            .where(EnrolmentUnit.enrolment_id == self._enrolment_id)
            .order_by(EnrolmentUnit.position, EnrolmentUnit.id)
        )

    def criteria(self) -> Packed:
        """The criteria of the pinned units, and those of older wordings that something was claimed for."""
        mine = EnrolmentUnit.enrolment_id == self._enrolment_id
        claimed = (
            select(Claim.criterion_id).join(EnrolmentUnit, EnrolmentUnit.id == Claim.enrolment_unit_id).where(mine)
        )
        pinned = select(EnrolmentUnit.unit_version_id).where(mine)
        return self._rows(
            _told(
                Criterion,
                "id uid code text methods",
                unit_version=Criterion.unit_version_id,
                outcome=Outcome.code,
                outcome_title=Outcome.title,
                outcome_kind=Outcome.kind,
            )
            .join(Outcome, Outcome.id == Criterion.outcome_id)
            .where(or_(Criterion.unit_version_id.in_(pinned), Criterion.id.in_(claimed)))
            .order_by(Criterion.unit_version_id, Outcome.position, Criterion.position)
        )

    def unit_versions(self, wanted: Collection[int]) -> Packed:
        """The wordings of units that are pinned, or that something was claimed for."""
        columns = select(UnitVersion.id, UnitVersion.code, UnitVersion.content_sha)
        return self._rows(columns.where(UnitVersion.id.in_(sorted(wanted))).order_by(UnitVersion.id))

    def people(self, wanted: Collection[int]) -> Packed:
        """Those whom the records name."""
        query = select(Person.id, Person.uid, Person.name).where(Person.id.in_(sorted(wanted))).order_by(Person.id)
        return self._rows(query)

    def allocations(self) -> Packed:
        """Who was to do what, and when."""
        return self._rows(
            _told(Allocation, "uid duty since until", unit=Allocation.enrolment_unit_id, person=Allocation.person_id)
            .where(Allocation.enrolment_id == self._enrolment_id)
            .order_by(Allocation.id)
        )

    def versions(self, refs: Collection[str] | None) -> Packed:
        """What each item said when it was handed in, but for what was withdrawn or is hidden."""
        rows = self._rows(
            _told(
                EvidenceVersion,
                "id uid no title event_on context role body custody notes created_at frozen_at amended digest",
                item=EvidenceVersion.evidence_id,
                ref=Evidence.ref,
            )
            .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
            .where(
                Evidence.enrolment_id == self._enrolment_id,
                Evidence.hidden_at.is_(None),
                EvidenceVersion.frozen_at.is_not(None),
                EvidenceVersion.withdrawn_at.is_(None),
            )
            .order_by(EvidenceVersion.id)
        )
        return Packed(row for row in rows if refs is None or row["ref"] in refs)

    def items(self, wanted: Collection[int]) -> Packed:
        """The items that the versions are of."""
        return self._kept(
            _told(Evidence, "id uid ref method carrier state", author=Evidence.author_id)
            .where(Evidence.enrolment_id == self._enrolment_id)
            .order_by(Evidence.id),
            "id",
            wanted,
        )

    def files(self, versions: Collection[int]) -> Packed:
        """The files of versions, in their order there."""
        return self._kept(
            _told(
                EvidenceFile,
                "id uid name role",
                version=EvidenceFile.version_id,
                sha256=Blob.sha256,
                size=Blob.size,
                media_type=Blob.media_type,
            )
            .join(Blob, Blob.id == EvidenceFile.blob_id)
            .join(EvidenceVersion, EvidenceVersion.id == EvidenceFile.version_id)
            .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
            .where(Evidence.enrolment_id == self._enrolment_id)
            .order_by(EvidenceFile.id),
            "version",
            versions,
        )

    def claims(self, versions: Collection[int]) -> Packed:
        """What was claimed when something was handed in; drafts are left out."""
        return self._kept(
            _told(
                Claim,
                "id uid annotation place origin amended created_at",
                version=Claim.evidence_version_id,
                unit=Claim.enrolment_unit_id,
                criterion=Claim.criterion_id,
                submission=Claim.submission_id,
            )
            .join(EnrolmentUnit, EnrolmentUnit.id == Claim.enrolment_unit_id)
            .where(EnrolmentUnit.enrolment_id == self._enrolment_id, Claim.submission_id.is_not(None))
            .order_by(Claim.id),
            "version",
            versions,
        )

    def sightings(self, versions: Collection[int]) -> Packed:
        """Who saw what is held elsewhere."""
        return self._kept(
            _told(
                Sighting,
                "id uid seen_on note recorded_at",
                version=Sighting.version_id,
                person=Sighting.person_id,
                role=Sighting.role_word,
            )
            .join(EvidenceVersion, EvidenceVersion.id == Sighting.version_id)
            .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
            .where(Evidence.enrolment_id == self._enrolment_id)
            .order_by(Sighting.id),
            "version",
            versions,
        )

    def submissions(self, wanted: Collection[int]) -> Packed:
        """What was handed in at one time, with what was declared and answered."""
        return self._kept(
            _told(Submission, "id uid no declarations self_check submitted_at state opened_at", by=Submission.by_id)
            .where(Submission.enrolment_id == self._enrolment_id)
            .order_by(Submission.id),
            "id",
            wanted,
        )

    def submission_items(self, versions: Collection[int]) -> Packed:
        """The versions in the submissions that stand."""
        return self._kept(
            _told(
                SubmissionItem,
                "id uid state is_further",
                submission=SubmissionItem.submission_id,
                version=SubmissionItem.evidence_version_id,
            )
            .join(Submission, Submission.id == SubmissionItem.submission_id)
            .where(Submission.enrolment_id == self._enrolment_id, Submission.state != SubmissionState.WITHDRAWN)
            .order_by(SubmissionItem.id),
            "version",
            versions,
        )

    def reviews(self, items: Collection[int]) -> Packed:
        """Released reviews; a trainee's is told once it was countersigned."""
        rows = self._kept(
            _told(
                ItemReview,
                "id uid is_trainee valid authentic reliable current feedback released_at",
                item=ItemReview.submission_item_id,
                assessor=ItemReview.assessor_id,
                countersigns=ItemReview.countersigns_id,
            )
            .join(SubmissionItem, SubmissionItem.id == ItemReview.submission_item_id)
            .join(Submission, Submission.id == SubmissionItem.submission_id)
            .where(Submission.enrolment_id == self._enrolment_id, ItemReview.released_at.is_not(None))
            .order_by(ItemReview.id),
            "item",
            items,
        )
        countersigned = {row["countersigns"] for row in rows}
        return Packed(row for row in rows if not row["is_trainee"] or row["id"] in countersigned)

    def judgements(self, reviews: Collection[int]) -> Packed:
        """The decisions that were made in reviews."""
        return self._kept(
            _told(
                Judgement,
                "id uid no outcome sufficient feedback decided_at effective_at digest",
                claim=Judgement.claim_id,
                review=Judgement.review_id,
                supersedes=Judgement.supersedes_id,
                assessor=Judgement.assessor_id,
            )
            .join(Claim, Claim.id == Judgement.claim_id)
            .join(EnrolmentUnit, EnrolmentUnit.id == Claim.enrolment_unit_id)
            .where(EnrolmentUnit.enrolment_id == self._enrolment_id)
            .order_by(Judgement.id),
            "review",
            reviews,
        )

    def unit_decisions(self) -> Packed:
        """What was decided on units as a whole."""
        return self._rows(
            _told(
                UnitDecision,
                "id uid no kind reason decided_at",
                unit=UnitDecision.enrolment_unit_id,
                by=UnitDecision.by_id,
                supersedes=UnitDecision.supersedes_id,
            )
            .join(EnrolmentUnit, EnrolmentUnit.id == UnitDecision.enrolment_unit_id)
            .where(EnrolmentUnit.enrolment_id == self._enrolment_id)
            .order_by(UnitDecision.id)
        )

    def signatures(self, subjects: Collection[str]) -> Packed:
        """What was signed for these decisions."""
        if not subjects:
            return Packed(())
        return self._rows(
            _told(
                Signature,
                "uid subject statement signed signed_at digest elsewhere",
                person=Signature.person_id,
                role=Signature.role_word,
            )
            .where(Signature.subject.in_(sorted(subjects)))
            .order_by(Signature.id)
        )

    def breaches(self, items: Collection[int]) -> Packed:
        """That personal data was found in items, and when that was mended; never the words that say where."""
        return self._kept(
            _told(
                Breach,
                "id uid reported_at mended_at",
                item=Breach.evidence_id,
                reported_by=Breach.reported_by_id,
                mended_by=Breach.mended_by_id,
            )
            .join(Evidence, Evidence.id == Breach.evidence_id)
            .where(Evidence.enrolment_id == self._enrolment_id)
            .order_by(Breach.id),
            "item",
            items,
        )

    def amendments(self, versions: Collection[int]) -> Packed:
        """What was taken out of versions after they were handed in."""
        return self._kept(
            _told(
                Amendment,
                "id uid no made_at reason digest_before digest_after claims_before claims_after removed",
                breach=Amendment.breach_id,
                version=Amendment.version_id,
                by=Amendment.by_id,
            )
            .join(EvidenceVersion, EvidenceVersion.id == Amendment.version_id)
            .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
            .where(Evidence.enrolment_id == self._enrolment_id)
            .order_by(Amendment.id),
            "version",
            versions,
        )

    def reasons(self, items: Collection[int]) -> Packed:
        """Why something was taken out of items, in any of their versions: the history gives it for all."""
        return self._kept(
            _told(Amendment, "id reason", item=EvidenceVersion.evidence_id)
            .join(EvidenceVersion, EvidenceVersion.id == Amendment.version_id)
            .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
            .where(Evidence.enrolment_id == self._enrolment_id)
            .order_by(Amendment.id),
            "item",
            items,
        )

    def redactions(self, items: Collection[str]) -> Packed:
        """How the redacted files that are used were made and proved."""
        return self._kept(
            _told(
                Redaction,
                "uid source proof made_at checked",
                enrolment=Redaction.enrolment_id,
                item=Redaction.item_uid,
                version=Redaction.version_no,
                size=Redaction.source_size,
                result=Redaction.result_sha256,
                by=Redaction.used_by_id,
                at=Redaction.used_at,
            )
            .where(Redaction.enrolment_id == self._enrolment_id, Redaction.state == RedactionState.USED)
            .order_by(Redaction.id),
            "item",
            items,
        )

    def _kept(self, query: Any, key: str, wanted: Collection[Any]) -> Packed:
        """The rows whose `key` is among the wanted: cut here, so that a statement does not grow with them."""
        return Packed(row for row in self._read(query) if row[key] in wanted)

    def _rows(self, query: Any) -> Packed:
        return Packed(self._read(query))

    def _read(self, query: Any) -> Iterator[Record]:
        rows = self._session.execute(query.execution_options(yield_per=BATCH)).mappings()
        return ({name: plain(value) for name, value in row.items()} for row in rows)
