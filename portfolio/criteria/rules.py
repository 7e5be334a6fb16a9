"""The words a criteria pack may use: status of wording, kinds of group, outcome and guidance, methods of assessment."""

from enum import StrEnum


class Status(StrEnum):
    """How far the wording of a unit or a qualification may be relied on; always shown on screen."""

    VERIFIED = "verified"
    PARAPHRASE = "paraphrase"
    DRAFT = "draft"


class Figures(StrEnum):
    """Whether a unit's level, credit and guided learning hours were read in a specification."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"


class GroupKind(StrEnum):
    """Whether a learner takes every unit of a group, or chooses among them."""

    MANDATORY = "mandatory"
    OPTIONAL = "optional"


class Listed(StrEnum):
    """Whether a pack names all units of a group, or only some of those that the specification has."""

    ALL = "all"
    SOME = "some"


class OutcomeKind(StrEnum):
    """What an outcome asks of the learner: to know, or to do."""

    KNOWLEDGE = "knowledge"
    PERFORMANCE = "performance"


class GuidanceKind(StrEnum):
    """What a hint is. Guidance never counts towards coverage."""

    KEY_CONCEPT = "key_concept"
    TIP = "tip"
    COMMON_MISTAKE = "common_mistake"
    MISCONCEPTION = "misconception"
    MARKING_POINT = "marking_point"
    PREREQUISITE = "prerequisite"
    TERM = "term"
    OBJECTIVE = "objective"


class Method(StrEnum):
    """How a piece of evidence came about, by the codes that portfolios use."""

    OBSERVATION = "O"
    PRODUCT = "PE"
    DISCUSSION = "PD"
    QUESTIONS = "Q"
    REFLECTIVE_ACCOUNT = "RA"
    WITNESS = "WT"
    EXPERT_WITNESS = "EWT"
    PRIOR_LEARNING = "RPL"
    SIMULATION = "SIM"
    ASSIGNMENT = "AS"


METHOD_WORDS = {
    Method.OBSERVATION: "Observation",
    Method.PRODUCT: "Product evidence",
    Method.DISCUSSION: "Professional discussion",
    Method.QUESTIONS: "Questions",
    Method.REFLECTIVE_ACCOUNT: "Reflective account",
    Method.WITNESS: "Witness testimony",
    Method.EXPERT_WITNESS: "Expert witness testimony",
    Method.PRIOR_LEARNING: "Recognition of prior learning",
    Method.SIMULATION: "Simulation",
    Method.ASSIGNMENT: "Assignment",
}

GUIDANCE_WORDS = {
    GuidanceKind.KEY_CONCEPT: "Key concepts",
    GuidanceKind.TIP: "Tips",
    GuidanceKind.COMMON_MISTAKE: "Common mistakes",
    GuidanceKind.MISCONCEPTION: "Misconceptions",
    GuidanceKind.MARKING_POINT: "Marking points",
    GuidanceKind.PREREQUISITE: "Before you start",
    GuidanceKind.TERM: "Terms",
    GuidanceKind.OBJECTIVE: "What it is for",
}
"""The heading over each kind of hint."""
