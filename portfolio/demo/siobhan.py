"""Siobhán's story: part of the way, one criterion to put right, one item waiting. She works for an energy supplier."""

from portfolio.criteria.rules import Method
from portfolio.demo.dates import Ago
from portfolio.demo.steps import Added, Decided, HandedIn, Mapped, Opened, Released, Reviewed, Shows
from portfolio.demo.story import Allocated, Story
from portfolio.enrolment.rules import Duty
from portfolio.mapping.rules import Outcome

SIOBHAN = Story(
    learner="siobhan",
    registration_number="HD-26-0088",
    cohort="Evenings",
    enrolled=Ago(55, "15:00"),
    allocated=(
        Allocated(Ago(55, "15:05"), "marguerite", Duty.ASSESS),
        Allocated(Ago(55, "15:06"), "iris", Duty.QUALITY_ASSURE),
    ),
    steps=(
        Added(
            Ago(37, "19:40"),
            "E001",
            Method.REFLECTIVE_ACCOUNT,
            "The meter that was swapped",
            happened=47,
            context="Written by me, from my own notes of the case.",
            account="meter-swapped",
        ),
        Mapped(
            Ago(36, "12:30"),
            "E001",
            (
                Shows(
                    "1.1",
                    "“The complaint that came to me”",
                    "I say who referred it and with which words, what had been answered three times already, and that "
                    "what the customer wanted was not what the referral asked for.",
                ),
                Shows(
                    "1.4",
                    "“How I looked”",
                    "The bill was high because two meters were crossed in our records.",
                ),
                Shows(
                    "2.1",
                    "“What I decided, and what I could have decided”",
                    "Three choices, the section that allows the third, and why I took it: the customer had waited for "
                    "eleven weeks and both households agreed in writing.",
                ),
                Shows(
                    "2.3",
                    "Same part, second paragraph",
                    "I rang, gave the new figure and asked whether it sounded right, then wrote the same day.",
                ),
            ),
        ),
        HandedIn(Ago(36, "12:35"), ("E001",)),
        Opened(Ago(34, "10:10"), "marguerite", "E001"),
        Reviewed(
            Ago(34, "10:45"),
            "marguerite",
            "E001",
            (
                Decided("1.1", Outcome.MET, "And you saw that the referral asked the wrong question."),
                Decided(
                    "1.4",
                    Outcome.NOT_YET_MET,
                    "You found what was wrong for these two flats. The root cause is what let it happen: how did two "
                    "meters come to be crossed, and could it be so elsewhere in that building?",
                ),
                Decided("2.1", Outcome.MET, ""),
                Decided("2.3", Outcome.MET, "“Did that sound right?” is a better question than “Are you satisfied?”"),
            ),
            "A quiet case, well told, and a good reason to read the patient ones first. Go one “why” further for 1.4; "
            "a short note or a few lines more will do.",
        ),
        Released(Ago(34, "10:50"), "marguerite", "E001"),
        Added(
            Ago(7, "17:50"),
            "E002",
            Method.PRODUCT,
            "E-mail: lost top-ups on a prepayment meter",
            happened=14,
            context="The notes under the e-mail are mine, added on the days they name.",
            files=("prepayment-email.eml",),
        ),
        Mapped(
            Ago(7, "18:10"),
            "E002",
            (
                Shows(
                    "2.2",
                    "The three lines in the middle",
                    "Agreed with the customer on the line, so that nothing was promised in the customer's absence. "
                    "Each action has a name and a time.",
                ),
                Shows(
                    "2.4",
                    "The notes under the e-mail",
                    "I rang after the visit and again a week later, and asked about what had happened since and not "
                    "only whether all was well.",
                ),
                Shows(
                    "2.5",
                    "Last paragraph of the e-mail",
                    "For the priority list I gave only the fields that it needs. Ages and names of the children would "
                    "have helped nobody, so they are not there.",
                ),
            ),
        ),
        HandedIn(Ago(6, "08:40"), ("E002",)),
        Added(
            Ago(4, "20:05"),
            "E003",
            Method.PRODUCT,
            "Questions I ask at the start of a referred call",
            happened=4,
            files=("what-i-asked.txt",),
        ),
    ),
)
