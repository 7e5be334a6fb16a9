"""One learner's time at the demo centre: enrolled, allocated, perhaps granted to the quality assurer, and at work."""

from dataclasses import dataclass

from portfolio.demo.dates import Ago
from portfolio.demo.steps import Step
from portfolio.enrolment.rules import Duty


@dataclass(frozen=True, slots=True)
class Allocated:
    """Somebody gets a duty towards the learner."""

    at: Ago
    person: str
    duty: Duty


@dataclass(frozen=True, slots=True)
class Story:
    """Everything about one learner. The steps may stand in any order: they are taken in the order of their times."""

    learner: str
    registration_number: str
    enrolled: Ago
    allocated: tuple[Allocated, ...]
    qualification: str = "ICQ-L3-CCO"
    cohort: str = "Day release"
    granted: Ago | None = None
    steps: tuple[Step, ...] = ()
