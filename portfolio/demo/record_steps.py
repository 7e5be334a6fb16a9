"""Further steps of a demo story: units chosen and signed off, what is held elsewhere, records, and the trash."""

from dataclasses import dataclass

from sqlalchemy import select

from portfolio.assessment import choosing, submitting
from portfolio.assessment.rules import BY_RECORDER
from portfolio.assessment.sign_off_queries import signable
from portfolio.assessment.signing_off import sign_off
from portfolio.criteria.models import QualificationUnit, UnitVersion
from portfolio.criteria.rules import Method
from portfolio.demo.dates import Ago
from portfolio.demo.scene import Scene
from portfolio.enrolment.queries import criteria_of
from portfolio.evidence import sighting, trashing
from portfolio.evidence.actions import Details
from portfolio.evidence.notes import Note
from portfolio.evidence.rules import Carrier
from portfolio.mapping.claiming import claim_from_notes


@dataclass(frozen=True, slots=True)
class UnitsChosen:
    """Somebody of the centre adds optional units to those that every learner takes."""

    at: Ago
    by: str
    codes: tuple[str, ...]

    def take(self, scene: Scene, learner: str) -> None:
        """Choose the units that stand, and these."""
        enrolment = scene.enrolments[learner]
        offered = scene.session.scalars(
            select(UnitVersion.id)
            .join(QualificationUnit, QualificationUnit.unit_version_id == UnitVersion.id)
            .where(
                QualificationUnit.qualification_version_id == enrolment.qualification_version_id,
                UnitVersion.code.in_([*self.codes, *(unit.unit_code for unit in enrolment.units)]),
            )
        )
        choosing.choose_units(scene.session, scene.actor(self.by), enrolment, unit_version_ids=set(offered))


@dataclass(frozen=True, slots=True)
class HeldElsewhere:
    """The learner describes something that stays where it is."""

    at: Ago
    ref: str
    title: str
    happened: int
    context: str
    role: str
    location: str
    custodian: str
    reason: str

    def take(self, scene: Scene, learner: str) -> None:
        """Add it as product evidence."""
        scene.add(
            learner,
            self.ref,
            by=learner,
            method=Method.PRODUCT,
            carrier=Carrier.ELSEWHERE,
            details=Details(
                title=self.title,
                event_on=scene.dates.day(self.happened),
                context=scene.dates.filled(self.context),
                role=self.role,
                custody={"location": self.location, "custodian": self.custodian, "reason": self.reason},
            ),
        )


@dataclass(frozen=True, slots=True)
class Sighted:
    """Somebody goes and looks at what is held elsewhere."""

    at: Ago
    by: str
    ref: str
    note: str

    def take(self, scene: Scene, learner: str) -> None:
        """Record it for the same day."""
        item, seen_on = scene.evidence[learner, self.ref], scene.dates.day(self.at.days)
        sighting.sight(scene.session, scene.actor(self.by), item, seen_on=seen_on, note=self.note)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a record: when, what was seen or said, and the codes of the criteria that it shows."""

    at: str
    said: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """An assessor records what they saw or heard of the learner, line by line, perhaps with a recording."""

    at: Ago
    by: str
    ref: str
    method: Method
    title: str
    context: str
    role: str
    lines: tuple[Line, ...]
    files: tuple[str, ...] = ()

    def take(self, scene: Scene, learner: str) -> None:
        """On the same day; the lines make their claims."""
        criteria = criteria_of(scene.session, scene.enrolments[learner].id)
        units = {one.code: one.unit_code for one in reversed(criteria)}
        item = scene.add(
            learner,
            self.ref,
            by=self.by,
            method=self.method,
            carrier=Carrier.WRITTEN,
            details=Details(
                title=self.title,
                event_on=scene.dates.day(self.at.days),
                context=self.context,
                role=self.role,
                notes=[
                    Note(one.at, said=one.said, criteria=tuple((units[code], code) for code in one.codes)).stored
                    for one in self.lines
                ],
            ),
            files=self.files,
        )
        claim_from_notes(scene.session, scene.actor(self.by), item)


@dataclass(frozen=True, slots=True)
class PutOnRecord:
    """The assessor puts a record into the learner's portfolio."""

    at: Ago
    by: str
    ref: str

    def take(self, scene: Scene, learner: str) -> None:
        """With everything declared."""
        item = scene.evidence[learner, self.ref]
        submitting.put_on_record(scene.session, scene.actor(self.by), item, declared=set(BY_RECORDER))


@dataclass(frozen=True, slots=True)
class Trashed:
    """The learner puts a draft into the trash."""

    at: Ago
    ref: str

    def take(self, scene: Scene, learner: str) -> None:
        """It may come back."""
        trashing.trash(scene.session, scene.actor(learner), scene.evidence[learner, self.ref])


@dataclass(frozen=True, slots=True)
class SignedOff:
    """An assessor signs off a unit that is met throughout."""

    at: Ago
    by: str
    unit: str

    def take(self, scene: Scene, learner: str) -> None:
        """As the page words it."""
        unit = next(row for row in scene.enrolments[learner].units if row.unit_code == self.unit)
        found = signable(scene.session, unit.id)
        sign_off(scene.session, scene.actor(self.by), unit, statement=found.statement, seen_digest=found.seen)
