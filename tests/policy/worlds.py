"""Random worlds: people with any mix of roles in two centres, and rows in any mix of states. Made straight as rows,
because a world may hold what no action would make; a rule must still have one answer."""

from datetime import timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Grant, Membership, Person
from portfolio.accounts.rules import Role
from portfolio.assessment.models import Submission, SubmissionItem
from portfolio.assessment.rules import ItemState, SubmissionState
from portfolio.audit import streams
from portfolio.audit.events import System
from portfolio.bundles.kept_models import BundlePart, KeptBundle
from portfolio.bundles.kept_rules import BundleKind
from portfolio.centres.actions import open_centre
from portfolio.centres.models import Centre
from portfolio.criteria.models import Criterion, Outcome, QualificationVersion, UnitVersion
from portfolio.criteria.rules import Figures, Method, OutcomeKind, Status
from portfolio.db import new_uid
from portfolio.enrolment.models import Allocation, Cohort, Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import Duty
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion, WaitingFile
from portfolio.evidence.rules import Carrier, EvidenceState
from portfolio.export.models import WordBook
from portfolio.jobs import actions as jobs
from portfolio.jobs.models import Job
from portfolio.mapping.models import Claim
from portfolio.redaction.models import Redaction
from portfolio.redaction.rules import RedactionState
from portfolio.storage.models import Blob

PEOPLE, ENROLMENTS, ITEMS = 7, 5, 3


def make(session: Session, random: Random) -> None:
    """Fill the database with one world."""
    centres = [open_centre(session, System(), name=f"Centre {n}", number=str(n)) for n in range(2)]
    people = [Person(email=f"{n}@example.org", name=f"Person {n}") for n in range(PEOPLE)]
    qualification = QualificationVersion(
        reference="X", title="X", level=3, awarding_organisation="X", spec_version="1", status=Status.DRAFT, source="",
        rules_known=False, rules={}, content_sha=new_uid(),
    )  # fmt: skip
    session.add_all([*people, qualification])
    session.flush()
    session.add_all(Cohort(centre_id=centre.id, name="X") for centre in centres)
    for centre in (None, *centres):
        _criteria(session, centre)
    memberships = _memberships(session, random, centres, people)
    for _ in range(ENROLMENTS):
        _enrolment(session, random, random.choice(centres), people, memberships, qualification)
    session.flush()


def _criteria(session: Session, centre: Centre | None) -> None:
    """A qualification and a unit of a centre's own, or of the whole site."""
    centre_id = centre.id if centre else None
    session.add(
        QualificationVersion(
            centre_id=centre_id, reference="Y", title="Y", level=3, awarding_organisation="X", spec_version="1",
            status=Status.DRAFT, source="", rules_known=False, rules={}, content_sha=new_uid(),
        )
    )  # fmt: skip
    session.add(
        UnitVersion(
            centre_id=centre_id, code="Y", title="Y", level=3, credit=1, glh=1, figures=Figures.UNCONFIRMED,
            status=Status.DRAFT, source="", content_sha=new_uid(),
        )
    )  # fmt: skip
    session.flush()
    if centre is None:
        _two_criteria(session)


def _two_criteria(session: Session) -> None:
    """Of the unit that everybody takes."""
    unit = session.scalars(select(UnitVersion)).one()
    outcome = Outcome(unit_version_id=unit.id, code="1", title="X", position=1, kind=OutcomeKind.PERFORMANCE)
    session.add(outcome)
    session.flush()
    for n in range(2):
        session.add(
            Criterion(
                unit_version_id=unit.id, outcome_id=outcome.id, code=f"1.{n}", text="X", position=n, methods=[]
            )
        )  # fmt: skip
    session.flush()


def _memberships(session: Session, random: Random, centres: list[Centre], people: list[Person]) -> list[Membership]:
    today, made = clock.today(), []
    for person in people:
        for centre in centres:
            for role in Role:
                if random.random() < 0.3:
                    until = random.choice([None, None, today, today + timedelta(days=3)])
                    made.append(
                        Membership(
                            person_id=person.id, centre_id=centre.id, role=role, qualified=random.random() < 0.5,
                            since=today - timedelta(days=random.choice([0, 9, -2])), until=until,
                        )
                    )  # fmt: skip
    session.add_all(made)
    session.flush()
    return made


def _enrolment(
    session: Session,
    random: Random,
    centre: Centre,
    people: list[Person],
    memberships: list[Membership],
    of: QualificationVersion,
) -> None:
    today = clock.today()
    enrolment = Enrolment(
        centre_id=centre.id, learner_id=random.choice(people).id, qualification_version_id=of.id, started_on=today,
        stream_id=streams.open_stream(session, "enrolment").id,
    )  # fmt: skip
    session.add(enrolment)
    session.flush()
    units = _units(session, enrolment)
    for _ in range(random.randrange(5)):
        session.add(
            Allocation(
                enrolment_id=enrolment.id, person_id=random.choice(people).id, duty=random.choice(list(Duty)),
                enrolment_unit_id=random.choice([None, *units]),
                since=today - timedelta(days=random.choice([0, 5, -1])),
                until=random.choice([None, None, today, today + timedelta(days=1)]),
            )
        )  # fmt: skip
    for membership in memberships:
        if membership.role is Role.EQA and random.random() < 0.5:
            until = today + timedelta(days=random.choice([-1, 0, 5]))
            session.add(Grant(membership_id=membership.id, enrolment_id=enrolment.id, until=until))
    for number in range(random.randrange(ITEMS + 1)):
        _item(session, random, enrolment, people, number, units)
    person = random.choice(people)
    job = jobs.ask(session, kind="export.word", centre_id=centre.id, person_id=person.id, subject_id=enrolment.id)
    session.add(WordBook(enrolment_id=enrolment.id, job_id=job.id, by_id=person.id, asked_at=clock.now()))
    _bundle(session, random, enrolment, person, job)
    session.flush()


def _bundle(session: Session, random: Random, enrolment: Enrolment, person: Person, job: Job) -> None:
    """Of any kind, with this portfolio and perhaps others of its centre in it."""
    kind = random.choice(list(BundleKind))
    bundle = KeptBundle(
        centre_id=enrolment.centre_id, kind=kind, job_id=job.id, by_id=person.id, asked_at=clock.now(),
        enrolment_id=enrolment.id if kind is BundleKind.LEARNER else None,
    )  # fmt: skip
    session.add(bundle)
    session.flush()
    others = session.scalars(select(Enrolment.id).where(Enrolment.centre_id == enrolment.centre_id)).all()
    more = random.sample(others, random.randrange(len(others))) if kind is not BundleKind.LEARNER else []
    session.add_all(BundlePart(kept_bundle_id=bundle.id, enrolment_id=id_) for id_ in {enrolment.id, *more})


def _units(session: Session, enrolment: Enrolment) -> list[int]:
    """Two units of a learner's, which share their criteria."""
    version = session.scalars(select(UnitVersion)).first()
    assert version is not None
    units = [EnrolmentUnit(enrolment_id=enrolment.id, unit_version_id=version.id, unit_code=f"Y{n}") for n in range(2)]
    session.add_all(units)
    session.flush()
    return [unit.id for unit in units]


def _item(
    session: Session, random: Random, enrolment: Enrolment, people: list[Person], number: int, units: list[int]
) -> None:
    author = random.choice([enrolment.learner_id, random.choice(people).id])
    evidence = Evidence(
        enrolment_id=enrolment.id, ref=f"E{number:03d}", method=random.choice([Method.PRODUCT, Method.OBSERVATION]),
        carrier=Carrier.FILES, author_id=author, state=random.choice(list(EvidenceState)),
        hidden_at=random.choice([None, None, clock.now()]),
    )  # fmt: skip
    session.add(evidence)
    session.flush()
    blob = Blob(
        centre_id=enrolment.centre_id, sha256=new_uid(), size=1, media_type="text/plain", created_at=clock.now()
    )
    by_id = random.choice([enrolment.learner_id, random.choice(people).id])
    submission = Submission(
        enrolment_id=enrolment.id, no=number + 1, by_id=by_id, declarations=[],
        state=random.choice(list(SubmissionState)), submitted_at=clock.now(),
    )  # fmt: skip
    session.add_all([blob, submission])
    session.flush()
    sender = random.choice([enrolment.learner_id, random.choice(people).id])
    session.add(
        WaitingFile(enrolment_id=enrolment.id, person_id=sender, blob_id=blob.id, name="x.txt", arrived_at=clock.now())
    )
    for no in range(1, random.randrange(1, 4)):
        version = EvidenceVersion(evidence_id=evidence.id, no=no, title="X", created_at=clock.now())
        session.add(version)
        session.flush()
        session.add(EvidenceFile(version_id=version.id, blob_id=blob.id, name="x.txt"))
        session.flush()
        _redaction(session, random, version, blob, people)
        if random.random() < 0.6:
            version.frozen_at = clock.now()
            version.withdrawn_at = random.choice([None, clock.now()])
            session.flush()
        state = random.choice(list(ItemState))
        session.add(SubmissionItem(submission_id=submission.id, evidence_version_id=version.id, state=state))
        _claims(session, random, submission, version, units)
    session.flush()


def _redaction(session: Session, random: Random, version: EvidenceVersion, blob: Blob, people: list[Person]) -> None:
    """Of a file, by anybody; with or without an original that is held."""
    enrolment, person = version.evidence.enrolment, random.choice(people)
    job = jobs.ask(
        session, kind="redaction.make", centre_id=enrolment.centre_id, person_id=person.id, subject_id=blob.id
    )
    session.add(
        Redaction(
            enrolment_id=enrolment.id, item_uid=version.evidence.uid, version_no=version.no, source=blob.sha256,
            source_size=1, source_type="text/plain", state=random.choice(list(RedactionState)), asked_by_id=person.id,
            asked_at=clock.now(), job_id=job.id,
            used_by_id=random.choice([None, enrolment.learner_id, random.choice(people).id]),
            original_blob_id=random.choice([None, blob.id]),
        )
    )  # fmt: skip
    session.flush()


def _claims(
    session: Session, random: Random, submission: Submission, version: EvidenceVersion, units: list[int]
) -> None:
    """Of one unit, of both or of none; handed in or not."""
    for criterion in random.sample(session.scalars(select(Criterion)).all(), random.randrange(3)):
        session.add(
            Claim(
                evidence_version_id=version.id, criterion_id=criterion.id, enrolment_unit_id=random.choice(units),
                submission_id=random.choice([submission.id, submission.id, None]), created_at=clock.now(),
            )
        )  # fmt: skip
