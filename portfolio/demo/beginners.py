"""Three who have hardly begun: one has a draft, one has nothing yet, and one left after two weeks."""

from portfolio.criteria.rules import Method
from portfolio.demo.dates import Ago
from portfolio.demo.steps import Added, Left, Mapped, Shows
from portfolio.demo.story import Allocated, Story
from portfolio.enrolment.rules import Duty

PRECIOUS = Story(
    learner="precious",
    registration_number="HD-26-0116",
    qualification="FDQ-L3-CS",
    cohort="At the workplace",
    enrolled=Ago(14, "14:20"),
    allocated=(
        Allocated(Ago(14, "14:25"), "tobias", Duty.ASSESS),
        Allocated(Ago(14, "14:26"), "dafydd", Duty.COUNTERSIGN),
    ),
    steps=(
        Added(
            Ago(2, "21:30"),
            "E001",
            Method.REFLECTIVE_ACCOUNT,
            "The call before the call",
            happened=3,
            account="the-call-before",
        ),
        Mapped(
            Ago(2, "21:40"),
            "E001",
            (
                Shows("1.1", "Second paragraph", "Four calls in a day, each of them small."),
                Shows("1.3", "Third paragraph"),
            ),
        ),
    ),
)
HAMISH = Story(
    learner="hamish",
    registration_number="HD-26-0120",
    qualification="NOCN-L3-CS",
    cohort="Day release",
    enrolled=Ago(4, "09:30"),
    allocated=(Allocated(Ago(4, "09:35"), "dafydd", Duty.ASSESS),),
)
GETHIN = Story(
    learner="gethin",
    registration_number="HD-26-0097",
    cohort="Evenings",
    enrolled=Ago(44, "18:10"),
    allocated=(Allocated(Ago(44, "18:15"), "marguerite", Duty.ASSESS),),
    steps=(
        Left(Ago(33, "16:45"), "ada", "New post with another employer, away from complaints. Welcome back any time."),
    ),
)
