"""Further steps of a demo story: units chosen, what is held elsewhere, records put on record, and the trash."""

from dataclasses import dataclass

from sqlalchemy import select

from portfolio.assessment import choosing, submitting
from portfolio.assessment.rules import BY_RECORDER
from portfolio.criteria.models import QualificationUnit, UnitVersion
from portfolio.criteria.rules import Method
from portfolio.demo.dates import Ago
from portfolio.demo.scene import Scene
from portfolio.evidence import actions as evidence
from portfolio.evidence import sighting, trashing
from portfolio.evidence.actions import Details
from portfolio.evidence.rules import Carrier


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
        scene.evidence[learner, self.ref] = evidence.add(
            scene.session,
            scene.actor(learner),
            scene.enrolments[learner],
            scene.installation.store,
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
