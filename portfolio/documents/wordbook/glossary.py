"""The words that a reader from outside needs, explained in one sentence each; roles and things stand in braces."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """A word with its meaning."""

    word: str
    meaning: str


GLOSSARY = (
    Term("Assessment criterion", "One numbered thing that the {learner} has to show. Each is decided on its own."),
    Term("{Assessor}", "The person who judges the {evidence} against the criteria and gives feedback."),
    Term(
        "Countersignature",
        "A qualified {assessor}'s agreement, without which {a trainee assessor}'s decision does not count.",
    ),
    Term("EQA", "{External quality assurer}: checks the centre's decisions for the awarding organisation."),
    Term("{Evidence}", "Something that shows the {learner}'s work or knowledge. Its reference starts with E."),
    Term("Gap", "A criterion for which nothing has been handed in yet."),
    Term("Insufficient", "The {evidence} points the right way, but there is not enough of it."),
    Term("IQA", "{Internal quality assurer}: samples the {assessors}' decisions inside the centre."),
    Term("Learning outcome", "A group of criteria that belong together inside {a unit}."),
    Term("Met", "The {assessor} found that the {evidence} shows what the criterion asks for."),
    Term("Not yet met", "The {evidence} does not show it yet; the feedback says what is missing."),
    Term("{Unit}", "A part of the qualification that is signed off as a whole."),
    Term("VARCS", "What every piece of {evidence} has to be: valid, authentic, reliable, current and sufficient."),
)
