"""Farida's story: her first account waits for its assessor. She works for a broadband provider."""

from portfolio.criteria.rules import Method
from portfolio.demo.dates import Ago
from portfolio.demo.steps import Added, HandedIn, Mapped, Shows
from portfolio.demo.story import Allocated, Story
from portfolio.enrolment.rules import Duty

FARIDA = Story(
    learner="farida",
    registration_number="HD-26-0114",
    qualification="S/016/609",
    cohort="Day release",
    enrolled=Ago(24, "09:50"),
    allocated=(
        Allocated(Ago(24, "09:55"), "dafydd", Duty.ASSESS),
        Allocated(Ago(24, "09:56"), "iris", Duty.QUALITY_ASSURE),
    ),
    steps=(
        Added(
            Ago(4, "13:10"),
            "E001",
            Method.REFLECTIVE_ACCOUNT,
            "The router in the loft",
            happened=8,
            account="router-in-the-loft",
            role="I took the fifth call and every one after it.",
        ),
        Mapped(
            Ago(4, "13:35"),
            "E001",
            (
                Shows("2.1", "“What I asked”", "I said the problem back, asked about weekends, and found the timer."),
                Shows("2.3", "“The ways open to us”", "What each of the three would bring her, and us."),
                Shows(
                    "2.4", "“The ways open to us”", "The weaker signal, the wiring that is not ours, the hidden fault."
                ),
                Shows("2.5", "“The ways open to us”", "Explained without the names that we use for things."),
                Shows("2.6", "Same part, last lines", "She chose, we set a day, and it was within my £75."),
                Shows("2.7", "“How it went”", "I told the field manager what four visits had missed."),
                Shows("2.8", "“How it went”", "It has held for a week; I would ask about the weekend first."),
            ),
        ),
        HandedIn(Ago(3, "12:40"), ("E001",)),
    ),
)
