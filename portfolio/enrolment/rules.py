"""States of an enrolment and duties towards it. Pure."""

from enum import StrEnum


class EnrolmentState(StrEnum):
    """Active; finished; left before the end."""

    ACTIVE = "active"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class Duty(StrEnum):
    """What an allocated person does for the learner."""

    ASSESS = "assess"
    COUNTERSIGN = "countersign"
    QUALITY_ASSURE = "quality_assure"


DUTY_WORDS = {
    Duty.ASSESS: "Assessor",
    Duty.COUNTERSIGN: "Countersigns",
    Duty.QUALITY_ASSURE: "Internal quality assurer",
}
