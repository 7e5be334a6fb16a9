"""A centre of thousands of learners, written in bulk: sixty criteria each, thirty items, and about 1.9 claims a cell.

The centre, the criteria, the staff and the cohorts come from the product's own actions. Learners and their work are
rows, as those actions would have left them, with one entry in the trail for each batch; what is kept of how far they
have come is worked out by the product.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portfolio import writing
from portfolio.accounts import actions as accounts
from portfolio.accounts.models import Membership, Person
from portfolio.accounts.rules import Role
from portfolio.assessment import progress
from portfolio.assessment.models import ItemReview, Judgement, Submission, SubmissionItem
from portfolio.assessment.rules import ItemState, SubmissionState
from portfolio.audit import streams
from portfolio.audit.events import GENESIS, System
from portfolio.audit.models import AuditStream
from portfolio.centres.actions import open_centre
from portfolio.centres.models import Centre
from portfolio.criteria.actions import load_pack
from portfolio.criteria.models import Criterion
from portfolio.criteria.packs import read_pack
from portfolio.criteria.rules import Method
from portfolio.enrolment.cohorts import open_cohort
from portfolio.enrolment.models import Allocation, Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import Duty
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.evidence.rules import Carrier, EvidenceState
from portfolio.installation import Installation
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import Outcome
from portfolio.opening import Opener
from tests.bench.school import wide_outcome
from tests.cast import PACK

OUTCOMES, ITEMS, CLAIMS = 6, 30, 114
LEARNERS_OF_AN_ASSESSOR, COHORTS, BATCH = 30, 20, 500
DECIDED = (Outcome.MET, Outcome.MET, Outcome.MET, Outcome.NOT_YET_MET, Outcome.INSUFFICIENT, None)
SURNAMES = ("Adeyemi", "Baxter", "Chaudhry", "Davies", "Eriksson", "Farrell", "Goldberg", "Hughes", "Iqbal", "Jones")
AT = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
MODELS: tuple[Any, ...] = (
    AuditStream, Person, Membership, Enrolment, EnrolmentUnit, Allocation, Evidence, EvidenceVersion, Submission,
    SubmissionItem, ItemReview, Claim, Judgement,
)  # fmt: skip
"""In the order in which they name each other."""


@dataclass(frozen=True, slots=True)
class Thousands:
    """Where things are: ids of the centre, its administrator, assessors, cohorts, and of what everybody learns."""

    centre_id: int
    administrator_id: int
    assessors: Sequence[int]
    cohorts: Sequence[int]
    qualification_version_id: int
    unit_version_id: int
    criteria: Sequence[int]


def built(installation: Installation, learners: int) -> Thousands:
    """Make the centre and its learners."""
    at = begun(installation, learners)
    for first in range(0, learners, BATCH):
        with installation.database.writing() as session:
            Batch(session, at, range(first, min(first + BATCH, learners))).write()
            session.commit()
        if not first:
            _looked_over(installation)
    _looked_over(installation)
    return at


def _looked_over(installation: Installation) -> None:
    """Have the database count what there is, as it does by itself in a centre that grows by the day."""
    with installation.database.engine.execution_options(writing=True).begin() as connection:
        connection.execute(text("ANALYZE"))


def begun(installation: Installation, learners: int) -> Thousands:
    """The centre with its criteria, staff and cohorts, for so many learners."""
    with installation.database.writing() as session:
        at = _begun(session, learners)
        session.commit()
    return at


def _begun(session: Session, learners: int) -> Thousands:
    centre = open_centre(session, System(), name="A very large centre", number="90001")
    administrator = _member(session, centre, "administrator", Role.ADMINISTRATOR)
    count = -(-learners // LEARNERS_OF_AN_ASSESSOR)
    assessors = [_member(session, centre, f"assessor{number}", Role.ASSESSOR) for number in range(count)]
    cohorts = [open_cohort(session, System(), centre, name=f"Cohort {number:02}").id for number in range(COHORTS)]
    pack = read_pack(PACK)
    [group] = pack.groups
    outcomes = tuple(wide_outcome(number) for number in range(1, OUTCOMES + 1))
    unit = replace(group.units[0], code="SIXTY", title="A unit of sixty criteria", guidance=(), outcomes=outcomes)
    groups = (replace(group, units=(unit,)),)
    sixty = replace(pack, reference="SIXTY-1", title="A qualification of sixty criteria", groups=groups)
    qualification = load_pack(session, Opener(centre_stream_id=centre.stream_id), sixty)
    [offered] = qualification.units
    of_unit = select(Criterion.id).where(Criterion.unit_version_id == offered.unit_version_id)
    criteria = session.scalars(of_unit.order_by(Criterion.position)).all()
    return Thousands(centre.id, administrator, assessors, cohorts, qualification.id, offered.unit_version_id, criteria)


def _member(session: Session, centre: Centre, name: str, role: Role) -> int:
    membership, _link = accounts.invite(
        session, System(), centre, email=f"{name}@large.example", name=name.capitalize(), role=role
    )
    return membership.person_id


class Batch:
    """Some learners and all that is theirs, gathered as rows and written a table at a time."""

    def __init__(self, session: Session, at: Thousands, numbers: range) -> None:
        self.session, self.at = session, at
        self.rows: dict[Any, list[tuple[Any, ...]]] = {model: [] for model in MODELS}
        self.names: dict[Any, Sequence[str]] = {}
        self.last = {model: session.scalar(select(func.coalesce(func.max(model.id), 0))) or 0 for model in MODELS}
        for number in numbers:
            self._learner(number)

    def add(self, model: Any, **values: Any) -> int:
        """A row, with the same values named as in every row of its kind; answers its key."""
        self.last[model] += 1
        key = self.last[model]
        self.rows[model].append((key, f"{key:020}", *values.values()))
        self.names[model] = "id", "uid", *values
        return key

    def write(self) -> None:
        """Write these learners, tell the trail, and have what is kept of them worked out."""
        for model, rows in self.rows.items():
            writing.write(self.session, model, self.names[model], rows)
            if self.session.get_bind().dialect.name == "postgresql":
                sequence = func.pg_get_serial_sequence(model.__tablename__, "id")
                self.session.execute(select(func.setval(sequence, self.last[model])))
        centre = self.session.get_one(Centre, self.at.centre_id)
        streams.record(
            self.session,
            System(),
            "bench.fill",
            streams.named(centre),
            stream_id=centre.stream_id,
            text={"learners": len(self.rows[Enrolment])},
        )
        progress.put(self.session, [row[0] for row in self.rows[Enrolment]])

    def _learner(self, number: int) -> None:
        at, started = self.at, date(2026, 1, 5) + timedelta(days=number % 300)
        assessor_id = at.assessors[number // LEARNERS_OF_AN_ASSESSOR]
        stream_id = self.add(AuditStream, kind="enrolment", head_seq=0, head_hash=GENESIS)
        name = f"{SURNAMES[number % len(SURNAMES)]} {number:06}"
        person_id = self.add(Person, email=f"l{number}@large.example", name=name)
        self.add(Membership, person_id=person_id, centre_id=at.centre_id, role=Role.LEARNER, since=started)
        enrolment_id = self.add(
            Enrolment,
            centre_id=at.centre_id,
            learner_id=person_id,
            qualification_version_id=at.qualification_version_id,
            started_on=started,
            due_on=started + timedelta(days=365),
            cohort_id=at.cohorts[number % COHORTS],
            stream_id=stream_id,
            next_ref=ITEMS + 1,
        )
        unit_id = self.add(
            EnrolmentUnit, enrolment_id=enrolment_id, unit_version_id=at.unit_version_id, unit_code="SIXTY"
        )
        self.add(Allocation, enrolment_id=enrolment_id, person_id=assessor_id, duty=Duty.ASSESS, since=started)
        submission_id = self.add(
            Submission,
            enrolment_id=enrolment_id,
            no=1,
            by_id=person_id,
            declarations=[],
            state=SubmissionState.OPENED,
            submitted_at=AT,
            opened_at=AT,
        )
        items = [self._item(enrolment_id, person_id, submission_id, assessor_id, place) for place in range(ITEMS)]
        self._claims(Random(number), unit_id, submission_id, assessor_id, items)

    def _item(
        self, enrolment_id: int, person_id: int, submission_id: int, assessor_id: int, place: int
    ) -> tuple[int, int]:
        """One marked item; answers its version and its review."""
        evidence_id = self.add(
            Evidence,
            enrolment_id=enrolment_id,
            ref=f"E{place + 1:03}",
            method=Method.PRODUCT,
            carrier=Carrier.WRITTEN,
            author_id=person_id,
            state=EvidenceState.MARKED,
        )
        version_id = self.add(
            EvidenceVersion, evidence_id=evidence_id, no=1, title="An item", created_at=AT, frozen_at=AT
        )
        item_id = self.add(
            SubmissionItem, submission_id=submission_id, evidence_version_id=version_id, state=ItemState.RELEASED
        )
        review_id = self.add(
            ItemReview, submission_item_id=item_id, assessor_id=assessor_id, saved_at=AT, released_at=AT
        )
        return version_id, review_id

    def _claims(
        self, random: Random, unit_id: int, submission_id: int, assessor_id: int, items: Sequence[tuple[int, int]]
    ) -> None:
        """All claims, on as much of the unit as this learner has come to; most of them are decided."""
        reached = random.randint(10, len(self.at.criteria))
        cells = [(item, criterion) for item in range(ITEMS) for criterion in range(reached)]
        for item, criterion in random.sample(cells, CLAIMS):
            version_id, review_id = items[item]
            claim_id = self.add(
                Claim,
                evidence_version_id=version_id,
                enrolment_unit_id=unit_id,
                criterion_id=self.at.criteria[criterion],
                submission_id=submission_id,
                created_at=AT,
            )
            outcome = random.choice(DECIDED)
            if outcome is not None:
                self.add(
                    Judgement,
                    claim_id=claim_id,
                    review_id=review_id,
                    no=1,
                    assessor_id=assessor_id,
                    outcome=outcome,
                    sufficient=outcome is Outcome.MET,
                    feedback="",
                    decided_at=AT,
                    effective_at=AT,
                    digest="",
                )
