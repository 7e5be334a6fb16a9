"""Kwabena's story: a trainee assesses him, and each decision is countersigned, once changed. He works in delivery."""

from portfolio.criteria.rules import Method
from portfolio.demo.dates import Ago
from portfolio.demo.steps import Added, Countersigned, Decided, HandedIn, Mapped, Opened, Released, Reviewed, Shows
from portfolio.demo.story import Allocated, Story
from portfolio.enrolment.rules import Duty
from portfolio.mapping.rules import Outcome

KWABENA = Story(
    learner="kwabena",
    registration_number="HD-26-0091",
    cohort="At the workplace",
    enrolled=Ago(50, "11:30"),
    allocated=(
        Allocated(Ago(50, "11:35"), "tobias", Duty.ASSESS),
        Allocated(Ago(50, "11:36"), "dafydd", Duty.COUNTERSIGN),
        Allocated(Ago(50, "11:37"), "iris", Duty.QUALITY_ASSURE),
    ),
    steps=(
        Added(
            Ago(18, "21:15"),
            "E001",
            Method.REFLECTIVE_ACCOUNT,
            "The parcel left in the rain",
            happened=22,
            account="parcel-in-the-rain",
        ),
        Mapped(
            Ago(17, "12:20"),
            "E001",
            (
                Shows(
                    "1.1",
                    "“What was passed to me”",
                    "I name who referred it and the two reasons: two people complaining about one parcel, and more "
                    "than the £25 that the chat team may give.",
                ),
                Shows(
                    "1.2",
                    "“How I went about it”",
                    "The scan, the photograph, the weather, the wishes and a test on another van. I tried the screen "
                    "because two people told me opposite things and I wanted to see it for myself.",
                ),
                Shows(
                    "1.3",
                    "The table",
                    "Customer, shop and driver, each with what they wanted and what they stood to lose.",
                ),
                Shows(
                    "2.1",
                    "“What I decided”",
                    "The carriage terms let me pay the sender and the receiver. I did only the first, after asking, "
                    "because the customer said that money was not what was missing.",
                ),
            ),
        ),
        HandedIn(Ago(17, "12:25"), ("E001",)),
        Opened(Ago(16, "09:40"), "tobias", "E001"),
        Reviewed(
            Ago(16, "10:30"),
            "tobias",
            "E001",
            (
                Decided("1.1", Outcome.MET, "Referrer, reason and limit are all there."),
                Decided("1.2", Outcome.MET, "Trying it on another van was a fine idea."),
                Decided("1.3", Outcome.MET, "A useful table."),
                Decided("2.1", Outcome.MET, "You show the terms, the choice and the reason."),
            ),
            "I enjoyed this one. You let two true accounts stand beside each other until you saw why.",
        ),
        Released(Ago(16, "10:35"), "tobias", "E001"),
        Reviewed(
            Ago(14, "15:20"),
            "dafydd",
            "E001",
            (
                Decided("1.1", Outcome.MET, "Referrer, reason and limit are all there."),
                Decided("1.2", Outcome.MET, "Trying it on another van was a fine idea."),
                Decided(
                    "1.3",
                    Outcome.INSUFFICIENT,
                    "You name the driver, and say at the end yourself that you never heard the driver's own account. "
                    "Ask, and add what you hear. The depot and the people who make the screen have a stake in this as "
                    "well.",
                ),
                Decided("2.1", Outcome.MET, "You show the terms, the choice and the reason."),
            ),
            "I agree with Tobias on three of the four. The last paragraph of your account shows that you know what is "
            "missing from the other; put that right and 1.3 is done.",
        ),
        Countersigned(Ago(14, "15:30"), "dafydd", "E001"),
        Added(
            Ago(12, "20:40"),
            "E002",
            Method.PRODUCT,
            "Call note: who does what about the coat",
            happened=22,
            context="The later lines were added on the days they name.",
            files=("parcel-call-note.txt",),
        ),
        Mapped(
            Ago(11, "12:15"),
            "E002",
            (
                Shows(
                    "2.2",
                    "First block",
                    "One call with customer and shop together, because they had been told different things. Four "
                    "actions, read back to both.",
                ),
                Shows(
                    "2.3",
                    "First and last block",
                    "Both agreed on the call, and both agreed again by e-mail that it could be closed.",
                ),
                Shows(
                    "2.4",
                    "From 18:40 on",
                    "I rang when the scan said delivered, asked what I had missed, and passed on the one thing that "
                    "was left.",
                ),
            ),
        ),
        HandedIn(Ago(11, "12:18"), ("E002",)),
        Opened(Ago(9, "13:30"), "tobias", "E002"),
        Reviewed(
            Ago(9, "13:55"),
            "tobias",
            "E002",
            (
                Decided("2.2", Outcome.MET, "Owners and times, agreed by all three."),
                Decided("2.3", Outcome.MET, "Their own answers, twice."),
                Decided("2.4", Outcome.MET, "You rang, you asked what was missing and you did something about it."),
            ),
            "Short and complete. A call note like this is worth more than a page about it.",
        ),
        Released(Ago(9, "14:00"), "tobias", "E002"),
        Countersigned(Ago(7, "16:05"), "dafydd", "E002"),
        Added(
            Ago(5, "21:00"),
            "E003",
            Method.PRODUCT,
            "Safe places on two rounds, fourteen working days",
            happened=10,
            context="From the depot's scans. Round 12 uses the older screens. No addresses and no names.",
            files=("safe-place-scans.csv",),
        ),
        Mapped(
            Ago(4, "12:10"),
            "E003",
            (
                Shows(
                    "3.1",
                    "Columns “Safe place used” and “Complaints”",
                    "The two rounds carry about the same number of parcels. The one with the older screens left three "
                    "times as many in a safe place and had 26 complaints where the other had 5. I took fourteen days "
                    "so that one wet day would not decide it.",
                ),
            ),
        ),
        HandedIn(Ago(4, "12:14"), ("E003",)),
    ),
)
