"""The words of the field beside those of the Word book's glossary, in our own words; terms stand in braces."""

from portfolio.centres.terms import NONE, filled
from portfolio.documents.wordbook.glossary import GLOSSARY, Term

MORE = (
    Term("Allocation", "Who assesses, countersigns or quality-assures {a learner}, from a day and perhaps until one."),
    Term("Annotation", "The {learner}’s sentence beside a criterion: how this piece of {evidence} shows it."),
    Term(
        "Appeal",
        "Asking that somebody else look at a decision again. Every centre has a procedure for it; it is never held "
        "against the {learner}.",
    ),
    Term("Authentic", "It is the {learner}’s own work. Help and tools that were used are declared."),
    Term("Awarding organisation", "Publishes the qualification, checks centres, and issues the certificate."),
    Term("Centre", "A place that an awarding organisation has approved to assess. Nobody sees into another one."),
    Term("Claim", "The {learner}’s statement that a piece of {evidence} shows a criterion. It is not a decision."),
    Term("{Cohort}", "{Learners} who go through together."),
    Term("Countersigner", "A qualified {assessor} who goes over {a trainee assessor}’s decisions before they count."),
    Term("Coverage", "How far {a learner} has come: the state of every criterion of every {unit}."),
    Term(
        "Confirmed",
        "Said of a file: what was found in it is personal data. It goes when the file is redacted, or replaced.",
    ),
    Term("Current", "It shows what the {learner} can do now, not what was so years ago."),
    Term("Draft", "What its author is still working on. Nobody else sees it."),
    Term("Enrolment", "One {learner} on one qualification."),
    Term(
        "Finding",
        "A place that may point to a real person. Whoever made the item decides it: replaced, or kept with a reason.",
    ),
    Term(
        "Bundle",
        "One file with whole {portfolios}: every file, decision and entry of the trail. It opens without this service, "
        "proves itself, and can be brought in at another centre.",
    ),
    Term(
        "Fingerprint",
        "Signs that stand for a centre’s key. Compared on the phone, they show who signed a bundle.",
    ),
    Term("Guidance", "Tips, marking points and common mistakes. It helps, and never counts as coverage."),
    Term("Held elsewhere", "{Evidence} that stays where it is, with a note of where, and of who has seen it."),
    Term("{Learner}", "Somebody working towards a qualification who builds the {portfolio}."),
    Term("Known words", "People and organisations to find, and words to leave alone, listed beforehand."),
    Term("Observation", "{An assessor}’s record of what was seen while the {learner} worked."),
    Term("Personal data", "Anything that points to a living person: a name, an address, an account number, a voice."),
    Term("Original", "A file as it was added. When its redacted version takes its place, it is destroyed or held."),
    Term("{Portfolio}", "All of {a learner}’s {evidence} with what was claimed and decided."),
    Term(
        "Proof",
        "Said of a redacted file: another program than the one that wrote it opened every part of it, searched for all "
        "that was taken out, and found none.",
    ),
    Term("Professional discussion", "A planned talk about the {learner}’s work, recorded in notes or sound."),
    Term(
        "Pseudonym",
        "A name that stands for somebody, such as Customer A. It is the same everywhere in {a portfolio}, so that the "
        "case can be followed.",
    ),
    Term(
        "Redacted",
        "Said of a file: made anew without the personal data that was found or marked in it. It is not called "
        "anonymous, for a story can give somebody away too.",
    ),
    Term("Reflective account", "The {learner}’s own story of a piece of work: what, how, why, and what was learned."),
    Term("Reliable", "Another {assessor} who looked at the same {evidence} would decide the same."),
    Term("Sampling", "Looking closely at some decisions in order to judge all of them."),
    Term(
        "Sign-off",
        "{An assessor}’s signature that every criterion of {a unit} is met. It covers exactly what stood there.",
    ),
    Term("Single source", "Only one piece of {evidence} shows this criterion. It counts; a second one makes it safer."),
    Term("Sufficient", "There is enough of it to be sure."),
    Term("Trail", "The record of who did what and when. Entries are chained and signed, so that a change shows."),
    Term("{Trainee assessor}", "{An assessor} who is not qualified yet. The decisions need a countersignature."),
    Term("Valid", "The {evidence} fits the criterion for which it is claimed."),
    Term("Withdraw", "To take back what was handed in, as long as nobody has opened it."),
)
"""Sorted with the others when they are shown."""


def anchor_of(word: str) -> str:
    """Where a word stands on the page."""
    return word.lower().replace(" ", "-")


ANCHORS = {term.word: anchor_of(filled(NONE, term.word)) for term in (*GLOSSARY, *MORE)}
