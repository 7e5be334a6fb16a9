"""Where a claim comes from, and what it must say. Pure."""

from enum import StrEnum

ANNOTATION_MOST = 2_000
PLACE_MOST = 120


class Origin(StrEnum):
    """Who claims: the learner, or an assessor, for a record that they made themselves."""

    LEARNER = "learner"
    ASSESSOR = "assessor"


class Outcome(StrEnum):
    """What an assessor decides on one claim. There are no grades."""

    MET = "met"
    NOT_YET_MET = "not_yet_met"
    INSUFFICIENT = "insufficient"


OUTCOME_WORDS = {Outcome.MET: "Met", Outcome.NOT_YET_MET: "Not yet met", Outcome.INSUFFICIENT: "Insufficient"}
