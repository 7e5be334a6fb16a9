"""A centre of the size that the pages are measured at: 200 learners, one large unit, full queues. All by real actions.

Beside the cast, whose Amina has twelve items on seventeen criteria: `wide` has a unit of 300 criteria with twenty items
and six hundred claims on it, and 200 learners have two items each; all with the same assessor, half of it marked.
"""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import actions as accounts
from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.assessment import marking, submitting
from portfolio.assessment.models import SubmissionItem
from portfolio.assessment.rules import Mark
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.config import Settings
from portfolio.criteria.actions import load_pack
from portfolio.criteria.contents import Pack, PackCriterion, PackOutcome
from portfolio.criteria.models import QualificationVersion
from portfolio.criteria.packs import read_pack
from portfolio.criteria.rules import Method, OutcomeKind
from portfolio.enrolment import actions as enrolment_actions
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.evidence import actions as evidence_actions
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import Carrier
from portfolio.installation import Installation, open_installation
from portfolio.mapping.actions import map_to
from portfolio.mapping.rules import Outcome
from tests.cast import ALL_TICKED, EVERYTHING, PACK, PASSWORD, assemble, criteria_by_code, wanted

LEARNERS, ITEMS_OF_AMINA = 200, 8
OUTCOMES, CRITERIA_EACH = 30, 10
DECIDED, CLAIMS_DECIDED = 10, 40
WAITING, MARKED_AT_ONCE = 10, 20


def wide_pack() -> Pack:
    """A qualification whose one unit has 300 criteria."""
    pack = read_pack(PACK)
    [group] = pack.groups
    unit = replace(
        group.units[0],
        code="WIDE",
        title="A unit of three hundred criteria",
        guidance=(),
        outcomes=tuple(wide_outcome(number) for number in range(1, OUTCOMES + 1)),
    )
    return replace(pack, reference="WIDE-1", title="A wide qualification", groups=(replace(group, units=(unit,)),))


def wide_outcome(number: int) -> PackOutcome:
    """An outcome of ten criteria."""
    criteria = tuple(
        PackCriterion(
            f"{number}.{n}", f"Explain part {n} of how the work in area {number} is done well", (Method.PRODUCT,)
        )
        for n in range(1, CRITERIA_EACH + 1)
    )
    return PackOutcome(str(number), f"Understand area {number}", OutcomeKind.KNOWLEDGE, criteria)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Who there is and where the pages that are measured lie."""

    amina: int
    amina_enrolment: int
    amina_unit: str
    marguerite: int
    wide: int
    wide_enrolment: int
    wide_unit: str
    item: int


class School:
    """The centre, made through the product's own actions."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.cast = assemble(installation)
        with installation.database.writing() as session:
            self.centre = session.get_one(Centre, self.cast.homes["marguerite"])
            self.assessor = session.get_one(Person, self.cast.people["marguerite"])
            amina = session.get_one(Enrolment, self.cast.enrolments["amina"])
            for number in range(ITEMS_OF_AMINA):
                self._item(session, "amina", amina, number, 6)
            for number in range(LEARNERS):
                self._learner_at_work(session, f"learner{number:03d}", amina.qualification)
            wide = self._enrol(session, "wide", load_pack(session, self.cast.actor("ada", session), wide_pack()))
            item = self._fill(session, wide)
            people = self.cast.people
            self.addresses = Addresses(
                amina=people["amina"],
                amina_enrolment=amina.id,
                amina_unit=address(amina),
                marguerite=people["marguerite"],
                wide=people["wide"],
                wide_enrolment=wide.id,
                wide_unit=address(wide),
                item=item,
            )
            session.commit()

    def _enrol(self, session: Session, name: str, qualification: QualificationVersion) -> Enrolment:
        membership, _link = accounts.invite(
            session, System(), self.centre, email=f"{name}@example.org", name=f"{name.title()} Ash", role=Role.LEARNER
        )
        person = session.get_one(Person, membership.person_id)
        accounts.set_password(session, System(), self.installation.passwords, person, PASSWORD, self.centre)
        self.cast.people[name], self.cast.homes[name] = person.id, self.centre.id
        started = clock.today() - timedelta(days=60)
        enrolment = enrolment_actions.enrol(
            session, System(), self.centre, learner=person, qualification=qualification, started_on=started
        )
        enrolment_actions.allocate(session, System(), enrolment, person=self.assessor, duty=Duty.ASSESS)
        return enrolment

    def _item(
        self, session: Session, name: str, enrolment: Enrolment, number: int, claims: int, *, step: int | None = None
    ) -> Evidence:
        """An account that claims so many criteria; it begins `step` after the one before, or else where that ended."""
        actor = self.cast.actor(name, session)
        details = Details(f"Account {number} of a complaint", date(2026, 11, 5), "", "## What happened\n\nShe rang.")
        evidence = evidence_actions.add(
            session,
            actor,
            enrolment,
            self.installation.store,
            method=Method.REFLECTIVE_ACCOUNT,
            carrier=Carrier.WRITTEN,
            details=details,
        )
        codes, first = list(criteria_by_code(session, enrolment)), number * (step or claims)
        chosen = {codes[(first + n) % len(codes)]: f"It shows how I did part {n}." for n in range(claims)}
        map_to(session, actor, evidence, wanted=wanted(session, enrolment, chosen))
        return evidence

    def _hand_in(
        self, session: Session, name: str, enrolment: Enrolment, items: list[Evidence]
    ) -> list[SubmissionItem]:
        actor = self.cast.actor(name, session)
        ids = [item.id for item in items]
        return submitting.submit(session, actor, enrolment, evidence_ids=ids, declared=EVERYTHING).items

    def _mark(self, session: Session, item: SubmissionItem) -> None:
        actor = self.cast.actor("marguerite", session)
        if item.submission.opened_at is None:
            marking.open_item(session, actor, item)
        marks = [Mark(claim.id, Outcome.MET, True, "Clear.") for claim in marking.claims_on(session, item)]
        marking.save_review(session, actor, item, varc=ALL_TICKED, marks=marks, feedback="Well told.")
        marking.release(session, actor, item)

    def _learner_at_work(self, session: Session, name: str, qualification: QualificationVersion) -> None:
        """Two accounts: one marked, one that waits."""
        enrolment = self._enrol(session, name, qualification)
        items = [self._item(session, name, enrolment, number, 12) for number in range(2)]
        first, _second = self._hand_in(session, name, enrolment, items)
        self._mark(session, first)

    def _fill(self, session: Session, enrolment: Enrolment) -> int:
        """Ten items of forty criteria, marked, and ten of twenty, which wait; answers one of these."""
        claims = [CLAIMS_DECIDED] * DECIDED + [MARKED_AT_ONCE] * WAITING
        items = [
            self._item(session, "wide", enrolment, number, claimed, step=MARKED_AT_ONCE)
            for number, claimed in enumerate(claims)
        ]
        handed = self._hand_in(session, "wide", enrolment, items)
        for item in handed[:DECIDED]:
            self._mark(session, item)
        return handed[-1].id


def built(home: Path) -> Addresses:
    """Build the school in a process of its own, so that what it leaves in memory does not slow whoever measures."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as other:
        return other.submit(_build, home).result()


def _build(home: Path) -> Addresses:
    settings = replace(Settings.from_environment(home, {}), argon2_memory_kib=8, argon2_passes=1)
    installation = open_installation(settings)
    school = School(installation)
    installation.close()
    return school.addresses


def address(enrolment: Enrolment) -> str:
    """Where an enrolment's first unit is shown."""
    return f"/enrolments/{enrolment.id}/units/{enrolment.units[0].id}"
