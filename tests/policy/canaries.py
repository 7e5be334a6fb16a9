"""A world in which every text, name and file carries a random word of its own, made through the product's actions.

Harrow Dale: lena (work in every state; asa assesses, tia is her trainee, cole countersigns, eva was granted her), milo
(assessed by noa), ira (internal quality assurer), adi (administrator). Other Side: zoe, assessed by zed; zia runs it.

lena's items: E001 marked, with a second version as a draft; E002 submitted, not opened; E003 a draft; E004 opened, its
review not released; E005 a trainee's decision, not countersigned; E006 withdrawn, a draft again; E007 a trainee's
decision that cole countersigned with words of his own, claimed for more since, which is not handed in; E008 a draft out
of which a file was taken; E009 discarded.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO

import docx
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import actions as accounts
from portfolio.accounts import queries as account_queries
from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.assessment import marking, submitting
from portfolio.assessment.models import SubmissionItem
from portfolio.assessment.rules import Mark
from portfolio.audit.events import System
from portfolio.centres.actions import open_centre
from portfolio.centres.models import Centre
from portfolio.criteria.actions import load_pack
from portfolio.criteria.models import Criterion, QualificationVersion
from portfolio.criteria.packs import read_pack
from portfolio.criteria.rules import Method
from portfolio.enrolment import actions as enrolment_actions
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.evidence import actions as evidence_actions
from portfolio.evidence import trashing
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import Carrier
from portfolio.export.actions import ask_for_book
from portfolio.installation import Installation
from portfolio.mapping import actions as mapping
from portfolio.mapping.actions import Wanted
from portfolio.mapping.rules import Outcome
from tests import screened
from tests.cast import ALL_TICKED, EVERYTHING, PACK, PASSWORD, upload

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MARK = "qzx"
LENGTH = 12


@dataclass
class World:
    """Who and what there is, and the word that each thing carries."""

    installation: Installation
    words: dict[str, str] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    homes: dict[str, int] = field(default_factory=dict)
    enrolments: dict[str, int] = field(default_factory=dict)

    def word(self, name: str) -> str:
        """The random word of a thing, known by its name from now on."""
        seed = hashlib.sha256(f"{self.installation.settings.secret_key()} {name}".encode()).hexdigest()
        self.words[name] = MARK + "".join(chr(ord("a") + int(digit, 16)) for digit in seed[:LENGTH])
        return self.words[name]

    def email(self, name: str) -> str:
        """The person's address, canary included."""
        return f"{self.words[f'{name} email']}@example.org"

    def actor(self, session: Session, name: str) -> Actor:
        """The person as they are now."""
        found = account_queries.actor(session, person_id=self.people[name], centre_id=self.homes[name])
        assert found is not None
        return found


def made(installation: Installation) -> World:
    """The whole world, committed."""
    world = World(installation)
    with installation.database.writing() as session:
        harrow = _centre(session, world, "harrow", "adi")
        for name, role in (("asa", Role.ASSESSOR), ("cole", Role.ASSESSOR), ("noa", Role.ASSESSOR)):
            _join(session, world, harrow, name, role)
        _join(session, world, harrow, "tia", Role.ASSESSOR, qualified=False)
        for name, role in (("ira", Role.IQA), ("eva", Role.EQA), ("lena", Role.LEARNER), ("milo", Role.LEARNER)):
            _join(session, world, harrow, name, role)
        other = _centre(session, world, "other", "zia")
        _join(session, world, other, "zed", Role.ASSESSOR)
        _join(session, world, other, "zoe", Role.LEARNER)
        _enrol(session, world, "lena", by="adi", asa=Duty.ASSESS, tia=Duty.ASSESS, cole=Duty.COUNTERSIGN)
        _enrol(session, world, "milo", by="adi", noa=Duty.ASSESS)
        _enrol(session, world, "zoe", by="zia", zed=Duty.ASSESS)
        _grant(session, world)
        _lenas_work(session, world)
        for name, assessor in (("milo", "noa"), ("zoe", "zed")):
            item = _hand_in(session, world, name, _by_file(session, world, name, "E001", "1.1"))
            _mark(session, world, assessor, f"{name} E001 v1", item)
            _written(session, world, name, "E002", "1.2")
        session.commit()
    for name in world.enrolments:
        with installation.database.writing() as session:
            ask_for_book(session, world.actor(session, name), session.get_one(Enrolment, world.enrolments[name]))
            session.commit()
    return world


def _centre(session: Session, world: World, name: str, administrator: str) -> Centre:
    centre = open_centre(session, System(), name=f"Centre {world.word(f'{name} centre')}", number=name)
    _join(session, world, centre, administrator, Role.ADMINISTRATOR)
    load_pack(session, world.actor(session, administrator), read_pack(PACK))
    return centre


def _join(session: Session, world: World, centre: Centre, name: str, role: Role, *, qualified: bool = True) -> None:
    membership, _link = accounts.invite(
        session, System(), centre, email=f"{world.word(f'{name} email')}@example.org",
        name=f"{name.capitalize()} {world.word(f'{name} name')}", role=role, qualified=qualified,
    )  # fmt: skip
    person = session.get_one(Person, membership.person_id)
    accounts.set_password(session, System(), world.installation.passwords, person, PASSWORD, centre)
    world.people[name], world.homes[name] = person.id, centre.id


def _enrol(session: Session, world: World, name: str, *, by: str, **duties: Duty) -> None:
    centre_id = world.homes[name]
    enrolment = enrolment_actions.enrol(
        session,
        world.actor(session, by),
        session.get_one(Centre, centre_id),
        learner=session.get_one(Person, world.people[name]),
        qualification=session.scalars(select(QualificationVersion)).all()[-1],
        started_on=clock.today() - timedelta(days=30),
        registration_number=f"R{world.word(f'{name} registration')}",
    )
    world.enrolments[name] = enrolment.id
    for who, duty in duties.items():
        person = session.get_one(Person, world.people[who])
        enrolment_actions.allocate(session, world.actor(session, by), enrolment, person=person, duty=duty)


def _grant(session: Session, world: World) -> None:
    enrolment, eva = session.get_one(Enrolment, world.enrolments["lena"]), session.get_one(Person, world.people["eva"])
    enrolment_actions.grant(session, world.actor(session, "adi"), enrolment, person=eva, until=clock.today())


def _lenas_work(session: Session, world: World) -> None:
    lena = world.actor(session, "lena")
    marked = _by_file(session, world, "lena", "E001", "1.1", "1.2")
    _mark(session, world, "asa", "lena E001 v1", _hand_in(session, world, "lena", marked))
    mapping.revise(session, lena, marked)
    _change(session, world, "lena E001 v2", marked)
    _map(session, world, "lena E001 v2", marked, "1.1")
    _hand_in(session, world, "lena", _written(session, world, "lena", "E002", "1.3"))
    _written(session, world, "lena", "E003", "1.4")
    opened = _by_file(session, world, "lena", "E004", "2.1")
    _mark(session, world, "asa", "lena E004 v1", _hand_in(session, world, "lena", opened), is_released=False)
    awaiting = _by_file(session, world, "lena", "E005", "2.2")
    _mark(session, world, "tia", "lena E005 v1 trainee", _hand_in(session, world, "lena", awaiting))
    withdrawn = _by_file(session, world, "lena", "E006", "2.3")
    submitting.withdraw(session, lena, _hand_in(session, world, "lena", withdrawn).submission)
    _change(session, world, "lena E006 v2", withdrawn)
    _map(session, world, "lena E006 v2", withdrawn, "2.3")
    countersigned = _by_file(session, world, "lena", "E007", "3.1")
    item = _hand_in(session, world, "lena", countersigned)
    _mark(session, world, "tia", "lena E007 v1 trainee", item)
    _mark(session, world, "cole", "lena E007 v1", item, is_countersigning=True)
    _map(session, world, "lena E007 further", countersigned, "3.2")
    lighter = _by_file(session, world, "lena", "E008", "3.2")
    _change(session, world, "lena E008 v1 later", lighter)
    evidence_actions.remove_file(session, lena, lighter.latest.files[0])
    discarded = _written(session, world, "lena", "E009", "3.3")
    trashing.trash(session, lena, discarded)
    mapping.discard(session, lena, discarded)


def _by_file(session: Session, world: World, name: str, ref: str, *codes: str) -> Evidence:
    """A text and a Word file; every part of it carries its word."""
    mark = f"{name} {ref} v1"
    evidence = evidence_actions.add(
        session,
        world.actor(session, name),
        session.get_one(Enrolment, world.enrolments[name]),
        world.installation.store,
        method=Method.PRODUCT,
        carrier=Carrier.FILES,
        details=Details(
            f"Letter {world.word(f'{mark} title')}", date(2026, 11, 3), f"From {world.word(f'{mark} context')}"
        ),
        uploads=[
            upload(world.installation, f"Dear {world.word(f'{mark} content')}".encode(),
                   f"{world.word(f'{mark} file')}.txt"),
            upload(world.installation, _word_file(world.word(f"{mark} words"), world.word(f"{mark} author")),
                   f"{world.word(f'{mark} word file')}.docx", WORD),
        ],
    )  # fmt: skip
    assert evidence.ref == ref
    _map(session, world, mark, evidence, *codes)
    return evidence


def _word_file(words: str, author: str) -> bytes:
    document, out = docx.Document(), BytesIO()
    document.add_paragraph(f"Thank you for {words}")
    document.core_properties.author = author
    document.save(out)
    return out.getvalue()


def _written(session: Session, world: World, name: str, ref: str, *codes: str) -> Evidence:
    mark = f"{name} {ref} v1"
    evidence = evidence_actions.add(
        session,
        world.actor(session, name),
        session.get_one(Enrolment, world.enrolments[name]),
        world.installation.store,
        method=Method.REFLECTIVE_ACCOUNT,
        carrier=Carrier.WRITTEN,
        details=Details(f"Account {world.word(f'{mark} title')}", None, "", f"I met **{world.word(f'{mark} body')}**."),
    )
    assert evidence.ref == ref
    _map(session, world, mark, evidence, *codes)
    return evidence


def _change(session: Session, world: World, mark: str, evidence: Evidence) -> None:
    """Other words and a further file for a draft."""
    content = f"Dear {world.word(f'{mark} content')}".encode()
    evidence_actions.change(
        session,
        world.actor(session, mark.split(maxsplit=1)[0]),
        evidence,
        world.installation.store,
        details=Details(f"Again {world.word(f'{mark} title')}", None, f"From {world.word(f'{mark} context')}"),
        rev=evidence.latest.rev,
        uploads=[upload(world.installation, content, f"{world.word(f'{mark} file')}.txt")],
    )


def _map(session: Session, world: World, mark: str, evidence: Evidence, *codes: str) -> None:
    enrolment = session.get_one(Enrolment, evidence.enrolment_id)
    ids = {
        criterion.code: (unit.id, criterion.id)
        for unit in enrolment.units
        for criterion in session.scalars(select(Criterion).where(Criterion.unit_version_id == unit.unit_version_id))
    }
    wanted = [
        Wanted(*ids[code], f"See {world.word(f'{mark} annotation')}", f"at {world.word(f'{mark} place')}")
        for code in codes
    ]
    mapping.map_to(session, world.actor(session, mark.split(maxsplit=1)[0]), evidence, wanted=wanted)


def _hand_in(session: Session, world: World, name: str, evidence: Evidence) -> SubmissionItem:
    enrolment = session.get_one(Enrolment, evidence.enrolment_id)
    actor = world.actor(session, name)
    screened.cleared(session, world.installation.store, actor, evidence)
    return submitting.submit(session, actor, enrolment, evidence_ids=[evidence.id], declared=EVERYTHING).items[0]


def _mark(
    session: Session,
    world: World,
    assessor: str,
    mark: str,
    item: SubmissionItem,
    *,
    is_released: bool = True,
    is_countersigning: bool = False,
) -> None:
    """A review with words on the item and on each criterion: saved, released, or countersigning a trainee's."""
    actor = world.actor(session, assessor)
    if not is_countersigning:
        marking.open_item(session, actor, item)
    marks = [
        Mark(claim.id, Outcome.INSUFFICIENT, False, f"Say more of {world.word(f'{mark} criterion feedback')}")
        for claim in marking.claims_on(session, item)
    ]
    feedback = f"On the whole {world.word(f'{mark} feedback')}"
    marking.save_review(session, actor, item, varc=ALL_TICKED, marks=marks, feedback=feedback)
    if is_countersigning:
        marking.countersign(session, actor, item)
    elif is_released:
        marking.release(session, actor, item)
