"""The named cast, the same in every test, made through the product's own actions.

Harrow Dale (centre 40217):
  amina    learner with work at every stage: E001 marked (a file), E002 submitted (written), E003 a mapped draft,
           E004 an unmapped draft; allocated: marguerite assesses, tobias (trainee) assesses, dafydd countersigns
  ben      learner just starting; allocated to marguerite
  marguerite  assessor, qualified          tobias  trainee assessor          dafydd  assessor, qualified, countersigns
  iris     internal quality assurer        ewan    external quality assurer, granted amina's enrolment
  ada      centre administrator            drew    a learner whose account is disabled
Other Side (centre 50333): olga (learner with one submitted item), oscar (assessor), odette (administrator)
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO

from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import actions as accounts
from portfolio.accounts import queries as account_queries
from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.assessment import marking, submitting
from portfolio.assessment.models import Submission, SubmissionItem
from portfolio.assessment.rules import Declaration, Mark, Varc
from portfolio.audit.events import System
from portfolio.centres.actions import open_centre
from portfolio.centres.models import Centre
from portfolio.config import ROOT
from portfolio.criteria.actions import load_pack
from portfolio.criteria.models import Criterion, QualificationVersion
from portfolio.criteria.packs import read_pack
from portfolio.criteria.rules import Method
from portfolio.enrolment import actions as enrolment_actions
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.evidence import actions as evidence_actions
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import Carrier
from portfolio.installation import Installation
from portfolio.mapping import actions as mapping
from portfolio.mapping.actions import Wanted
from portfolio.mapping.rules import Outcome
from portfolio.storage.arriving import Arrived, Upload
from tests import screened

PASSWORD = "plum river lantern 42"
PACK = ROOT / "criteria" / "icq-l3-contact-centre-operations.yaml"
ALL_TICKED = Varc(valid=True, authentic=True, reliable=True, current=True)
EVERYTHING = set(Declaration)


@dataclass
class Cast:
    """Ids of everybody and everything, by name. `actor(name)` is that person as they are now."""

    installation: Installation
    people: dict[str, int] = field(default_factory=dict)
    homes: dict[str, int] = field(default_factory=dict)
    enrolments: dict[str, int] = field(default_factory=dict)
    evidence: dict[str, int] = field(default_factory=dict)
    submissions: dict[str, int] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)

    def actor(self, name: str, session: Session | None = None) -> Actor:
        """The person in their centre, read afresh."""
        if session is not None:
            found = account_queries.actor(session, person_id=self.people[name], centre_id=self.homes[name])
        else:
            with self.installation.database.reading() as reading:
                found = account_queries.actor(reading, person_id=self.people[name], centre_id=self.homes[name])
        assert found is not None, f"{name} has no role"
        return found

    def over(self, installation: Installation) -> "Cast":
        """The same ids over a copy of the installation."""
        named = (self.people, self.homes, self.enrolments, self.evidence, self.submissions, self.items)
        return Cast(installation, *(dict(ids) for ids in named))

    def email(self, name: str) -> str:
        """The person's address."""
        return f"{name}@example.org"


def arrived(installation: Installation, content: bytes) -> Arrived:
    """Content as an upload that has arrived."""
    incoming = installation.store.receive()
    incoming.write(BytesIO(content).read())
    return incoming.arrive()


def upload(installation: Installation, content: bytes, name: str, media_type: str = "text/plain") -> Upload:
    """A file as the web hands it to an action."""
    return Upload(arrived(installation, content), name, media_type)


def add_person(
    session: Session,
    installation: Installation,
    cast: Cast,
    centre: Centre,
    name: str,
    role: Role,
    *,
    qualified: bool = True,
    full_name: str = "",
) -> Person:
    """A person with a password, in one role."""
    full_name = full_name or FULL_NAMES[name]
    membership, _link = accounts.invite(
        session, System(), centre, email=f"{name}@example.org", name=full_name, role=role, qualified=qualified
    )
    person = session.get_one(Person, membership.person_id)
    accounts.set_password(session, System(), installation.passwords, person, PASSWORD, centre)
    cast.people[name], cast.homes[name] = person.id, centre.id
    return person


FULL_NAMES = {
    "amina": "Amina Ramachandran-Hughes",
    "ben": "Ben Oyelaran",
    "marguerite": "Marguerite Okonkwo-Lindqvist",
    "tobias": "Tobias Achterberg",
    "dafydd": "Dafydd Prys-Jenkins",
    "iris": "Iris Featherstonehaugh",
    "ewan": "Ewan MacGillivray",
    "ada": "Ada Thistlewood",
    "drew": "Drew Pemberton",
    "olga": "Olga Whitcombe",
    "oscar": "Oscar Demirci",
    "odette": "Odette Llewellyn-Parry",
}


def criteria_by_code(session: Session, enrolment: Enrolment) -> dict[str, tuple[int, int]]:
    """(enrolment unit id, criterion id) by criterion code, of an enrolment with one unit."""
    return {
        criterion.code: (unit.id, criterion.id)
        for unit in enrolment.units
        for criterion in session.query(Criterion).filter(Criterion.unit_version_id == unit.unit_version_id)
    }


def wanted(session: Session, enrolment: Enrolment, annotations: dict[str, str]) -> list[Wanted]:
    """Claims by criterion code."""
    codes = criteria_by_code(session, enrolment)
    return [Wanted(*codes[code], annotation=text, place="page 1") for code, text in annotations.items()]


def enrol(
    session: Session, centre: Centre, learner: Person, qualification: QualificationVersion, cast: Cast, name: str
) -> Enrolment:
    """An enrolment that began a month ago."""
    enrolment = enrolment_actions.enrol(
        session,
        System(),
        centre,
        learner=learner,
        qualification=qualification,
        started_on=clock.today() - timedelta(days=30),
        due_on=clock.today() + timedelta(days=335),
        registration_number=f"REG-{name.upper()}",
    )
    cast.enrolments[name] = enrolment.id
    return enrolment


def assemble(installation: Installation) -> Cast:
    """Make both centres; answers the ids."""
    cast = Cast(installation)
    with installation.database.writing() as session:
        _harrow_dale(session, installation, cast)
        _other_side(session, installation, cast)
        session.commit()
    return cast


def _harrow_dale(session: Session, installation: Installation, cast: Cast) -> None:
    centre = open_centre(session, System(), name="Harrow Dale Training", number="40217")
    everyone = {
        "ada": (Role.ADMINISTRATOR, True), "marguerite": (Role.ASSESSOR, True), "tobias": (Role.ASSESSOR, False),
        "dafydd": (Role.ASSESSOR, True), "iris": (Role.IQA, True), "ewan": (Role.EQA, True),
        "amina": (Role.LEARNER, True), "ben": (Role.LEARNER, True), "drew": (Role.LEARNER, True),
    }  # fmt: skip
    people = {
        name: add_person(session, installation, cast, centre, name, role, qualified=qualified)
        for name, (role, qualified) in everyone.items()
    }
    qualification = load_pack(session, cast.actor("ada", session), read_pack(PACK))
    amina = enrol(session, centre, people["amina"], qualification, cast, "amina")
    ben = enrol(session, centre, people["ben"], qualification, cast, "ben")
    for enrolment in (amina, ben):
        enrolment_actions.allocate(session, System(), enrolment, person=people["marguerite"], duty=Duty.ASSESS)
    enrolment_actions.allocate(session, System(), amina, person=people["tobias"], duty=Duty.ASSESS)
    enrolment_actions.allocate(session, System(), amina, person=people["dafydd"], duty=Duty.COUNTERSIGN)
    enrolment_actions.grant(session, System(), amina, person=people["ewan"], until=clock.today() + timedelta(days=14))
    accounts.disable(session, System(), people["drew"], centre)
    work_at_every_stage(session, installation, cast, "amina", "marguerite")


def work_at_every_stage(session: Session, installation: Installation, cast: Cast, name: str, by: str) -> None:
    """Amina's four items, or the same of a learner who has none yet and is assessed by somebody else."""
    enrolment, learner = session.get_one(Enrolment, cast.enrolments[name]), cast.actor(name, session)
    letter = add_file(session, installation, cast, name, "Complaint letter and reply", b"Dear Customer A, I am sorry.")
    mapping.map_to(
        session, learner, letter,
        wanted=wanted(session, enrolment, {"1.1": "It names who referred it.", "1.2": "It lists what I gathered."}),
    )  # fmt: skip
    submission = hand_in(session, cast, name, letter, "E001")
    item = submission.items[0]
    assessor = cast.actor(by, session)
    marking.open_item(session, assessor, item)
    claims = marking.claims_on(session, item)
    marks = [
        Mark(claims[0].id, Outcome.MET, True, "Clear."),
        Mark(claims[1].id, Outcome.INSUFFICIENT, False, "Say where the call note is kept."),
    ]
    marking.save_review(
        session, assessor, item, varc=ALL_TICKED, marks=marks, feedback="A good letter, nearly complete."
    )
    marking.release(session, assessor, item)
    account = write(
        session,
        installation,
        cast,
        name,
        "The customer who would not be calmed",
        "## What happened\n\nShe rang twice.",
    )
    mapping.map_to(
        session, learner, account,
        wanted=wanted(session, enrolment, {"2.1": "I chose within my limit.", "2.3": "She agreed on the phone."}),
    )  # fmt: skip
    hand_in(session, cast, name, account, "E002")
    draft = write(session, installation, cast, name, "A week of repeated complaints", "Nine calls about one letter.")
    mapping.map_to(session, learner, draft, wanted=wanted(session, enrolment, {"3.1": "I counted them."}))
    write(session, installation, cast, name, "Notes for later", "Not mapped yet.")


def add_file(
    session: Session, installation: Installation, cast: Cast, name: str, title: str, content: bytes
) -> Evidence:
    """A product item with one text file."""
    details = Details(title, date(2026, 11, 3), "I handled the referral from the front desk.")
    return add_files(session, installation, cast, name, details, [upload(installation, content, "letter.txt")])


def add_files(
    session: Session, installation: Installation, cast: Cast, name: str, details: Details, uploads: list[Upload]
) -> Evidence:
    """A product item with these files."""
    enrolment = session.get_one(Enrolment, cast.enrolments[name])
    evidence = evidence_actions.add(
        session,
        cast.actor(name, session),
        enrolment,
        installation.store,
        method=Method.PRODUCT,
        carrier=Carrier.FILES,
        details=details,
        uploads=uploads,
    )
    cast.evidence[f"{name} {evidence.ref}"] = evidence.id
    return evidence


def write(session: Session, installation: Installation, cast: Cast, name: str, title: str, body: str) -> Evidence:
    """A reflective account."""
    enrolment = session.get_one(Enrolment, cast.enrolments[name])
    evidence = evidence_actions.add(
        session,
        cast.actor(name, session),
        enrolment,
        installation.store,
        method=Method.REFLECTIVE_ACCOUNT,
        carrier=Carrier.WRITTEN,
        details=Details(title, date(2026, 11, 5), "", body),
    )
    cast.evidence[f"{name} {evidence.ref}"] = evidence.id
    return evidence


def hand_in(session: Session, cast: Cast, name: str, evidence: Evidence, ref: str) -> Submission:
    """Hand in one item with every declaration, once nothing in it is in the way."""
    enrolment, learner = session.get_one(Enrolment, cast.enrolments[name]), cast.actor(name, session)
    screened.cleared(session, cast.installation.store, learner, evidence)
    submission = submitting.submit(session, learner, enrolment, evidence_ids=[evidence.id], declared=EVERYTHING)
    cast.submissions[f"{name} {ref}"] = submission.id
    cast.items[f"{name} {ref}"] = submission.items[0].id
    return submission


def item(session: Session, cast: Cast, name: str) -> SubmissionItem:
    """A handed-in item by name, such as `amina E002`."""
    return session.get_one(SubmissionItem, cast.items[name])


def _other_side(session: Session, installation: Installation, cast: Cast) -> None:
    centre = open_centre(session, System(), name="Other Side College", number="50333")
    odette = add_person(session, installation, cast, centre, "odette", Role.ADMINISTRATOR)
    oscar = add_person(session, installation, cast, centre, "oscar", Role.ASSESSOR)
    olga = add_person(session, installation, cast, centre, "olga", Role.LEARNER)
    assert odette.id != oscar.id
    qualification = load_pack(session, cast.actor("odette", session), read_pack(PACK))
    enrolment = enrol(session, centre, olga, qualification, cast, "olga")
    enrolment_actions.allocate(session, System(), enrolment, person=oscar, duty=Duty.ASSESS)
    letter = add_file(session, installation, cast, "olga", "A letter at the other centre", b"Dear Customer Z.")
    mapping.map_to(session, cast.actor("olga", session), letter, wanted=wanted(session, enrolment, {"1.1": "Named."}))
    hand_in(session, cast, "olga", letter, "E001")
