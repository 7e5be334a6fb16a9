"""Rosalind's story: another awarding organisation, a good start, and more to be said of one criterion. She works for a
bus company.
"""

from portfolio.criteria.rules import Method
from portfolio.demo.dates import Ago
from portfolio.demo.steps import Added, Decided, HandedIn, Mapped, Opened, Released, Reviewed, Shows
from portfolio.demo.story import Allocated, Story
from portfolio.enrolment.rules import Duty
from portfolio.mapping.rules import Outcome

ROSALIND = Story(
    learner="rosalind",
    registration_number="HD-26-0107",
    qualification="NOCN-L3-CS",
    cohort="Evenings",
    enrolled=Ago(30, "17:40"),
    allocated=(
        Allocated(Ago(30, "17:45"), "dafydd", Duty.ASSESS),
        Allocated(Ago(30, "17:46"), "iris", Duty.QUALITY_ASSURE),
    ),
    steps=(
        Added(
            Ago(12, "20:10"),
            "E001",
            Method.REFLECTIVE_ACCOUNT,
            "The season ticket that was paid for twice",
            happened=20,
            context="Written the week after, from the case notes. The sums are the real ones.",
            account="season-ticket-twice",
        ),
        Mapped(
            Ago(12, "20:35"),
            "E001",
            (
                Shows(
                    "1.1",
                    "“What was referred to me”",
                    "Who referred it and why, what had been promised three times, and what was behind it: the rent.",
                ),
                Shows(
                    "1.2",
                    "“What I looked at”",
                    "Three records, because the customer and my colleagues could both be right, and were.",
                ),
                Shows(
                    "1.4",
                    "“What I looked at”, last line",
                    "The cause is not the payment page alone: a note in our system looks like a promise kept.",
                ),
                Shows(
                    "2.1",
                    "“What I could decide”",
                    "What I may refund myself, what I may add for trouble, and what I have to ask for.",
                ),
                Shows(
                    "3.1",
                    "Last paragraph",
                    "Thirty-one of the last forty double charges have the same eleven minutes in them.",
                ),
            ),
        ),
        HandedIn(Ago(11, "08:15"), ("E001",)),
        Opened(Ago(9, "09:05"), "dafydd", "E001"),
        Reviewed(
            Ago(9, "09:50"),
            "dafydd",
            "E001",
            (
                Decided("1.1", Outcome.MET, "You heard the rent behind the refund."),
                Decided("1.2", Outcome.MET, "Three sources, and you say why each."),
                Decided(
                    "1.4", Outcome.MET, "“A note looks like a promise kept” is the sentence to take to your manager."
                ),
                Decided("2.1", Outcome.MET, "Limit, reason and the person to ask are all there."),
                Decided(
                    "3.1",
                    Outcome.INSUFFICIENT,
                    "The count is a fine beginning. Let me see the forty themselves, without names: which of them did "
                    "you count, over which weeks, and what do the other nine have in common?",
                ),
            ),
            "I read this on a bus, and looked at the driver differently. Keep the list of forty: with it you have most "
            "of outcome 3.",
        ),
        Released(Ago(9, "09:55"), "dafydd", "E001"),
    ),
)
