"""States of an enrolment and duties towards it. Pure."""

from enum import StrEnum

from portfolio.accounts.rules import Role


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


STATE_WORDS = {
    EnrolmentState.ACTIVE: "Active",
    EnrolmentState.COMPLETED: "Completed",
    EnrolmentState.WITHDRAWN: "Withdrawn",
}


def role_for(duty: Duty) -> Role:
    """The role that somebody needs for a duty."""
    return Role.IQA if duty is Duty.QUALITY_ASSURE else Role.ASSESSOR
