"""Jonah's story: another qualification, units chosen against its rules, and evidence that he did not make himself."""

from portfolio.criteria.rules import Method
from portfolio.demo.dates import Ago
from portfolio.demo.record_steps import HeldElsewhere, Line, PutOnRecord, Recorded, Sighted, Trashed, UnitsChosen
from portfolio.demo.screening_steps import WentThrough
from portfolio.demo.steps import Added, Decided, HandedIn, Mapped, Opened, Released, Reviewed, Shows
from portfolio.demo.story import Allocated, Story
from portfolio.enrolment.rules import Duty
from portfolio.mapping.rules import Outcome

JONAH = Story(
    learner="jonah",
    registration_number="HD-26-0103",
    qualification="S/016/609",
    cohort="At the workplace",
    enrolled=Ago(34, "09:40"),
    allocated=(
        Allocated(Ago(34, "09:45"), "marguerite", Duty.ASSESS),
        Allocated(Ago(34, "09:46"), "iris", Duty.QUALITY_ASSURE),
    ),
    steps=(
        UnitsChosen(Ago(33, "11:10"), "marguerite", ("R/506/2151",)),
        Added(
            Ago(15, "19:30"),
            "E001",
            Method.REFLECTIVE_ACCOUNT,
            "Why the wrong part kept coming",
            happened=22,
            account="why-it-keeps-happening",
            role="I took both of Customer A’s calls and agreed the visit with her.",
        ),
        Mapped(
            Ago(15, "19:55"),
            "E001",
            (
                Shows("2.1", "“What I did”", "I had the number on the box read to me and found the wrong shelf label."),
                Shows("2.2", "“Why”", "The second failure is a complaint under our procedure, so I logged it as one."),
                Shows("2.3", "“What I did”", "One visit instead of two for her; fewer repeat orders for us."),
                Shows("2.4", "“What I did”", "The courier rests on the same stock record; the visit costs us more."),
                Shows("2.6", "“What I did”", "She chose the visit, and it was within the £60 that I may agree to."),
                Shows("2.8", "“What I learned”", "I asked all four a week later; three were content, one had gone."),
            ),
        ),
        HeldElsewhere(
            Ago(14, "12:20"),
            "E002",
            "Complaint file of Customer A",
            happened=20,
            context="The whole file from the first call to the closing letter, with the stock team’s answer in it.",
            role="I opened the file, wrote every note up to the engineer’s visit, and closed it.",
            location="Complaints system, Leeds office; file of the wrong boiler part",
            custodian="Complaints team leader",
            reason="It holds the customer’s address and payment details, which may not leave the system.",
        ),
        Mapped(
            Ago(14, "12:30"),
            "E002",
            (
                Shows(
                    "2.7", "Notes of the second week", "My message to the stock team and their answer are both in it."
                ),
                Shows("2.9", "Front sheet", "Logged, dated and closed as the procedure asks; nothing was copied out."),
            ),
        ),
        HandedIn(Ago(14, "12:35"), ("E001", "E002")),
        Recorded(
            Ago(12, "13:40"),
            "marguerite",
            "E003",
            Method.OBSERVATION,
            "Two calls watched at his desk",
            "At his desk on the customer support floor, on an ordinary morning. I sat beside him from 10:05 to 11:20 "
            "and listened on a second headset.",
            "Jonah took both calls alone. I said nothing until they were over.",
            (
                Line(
                    "10:12",
                    "First call. The customer had been booked for a day on which nobody was at home. Jonah let him "
                    "finish, said back in his own words what had gone wrong, and asked whether there was anything else "
                    "before he looked for a new slot.",
                    ("2.1",),
                ),
                Line(
                    "10:16",
                    "Read out two slots: Thursday evening, or Saturday morning with a longer window. Said what was "
                    "awkward about each. The customer took Thursday.",
                    ("2.5",),
                ),
                Line("10:19", "Repeated day and time and said that a text message would follow. It did, as I watched."),
                Line(
                    "10:40",
                    "Second call. Charged twice for one visit, and angry before Jonah had said a word. He did not "
                    "defend the company: he said back what she had told him, asked if there was more, and found the "
                    "double entry.",
                    ("2.1",),
                ),
                Line(
                    "10:47",
                    "Said that it was ours, and that he could ask for the refund but could not promise the day, "
                    "because payments are made by another team. Gave the name of that team and of the next step.",
                    ("2.6",),
                ),
                Line("10:52", "Wrote the note while the customer was still there, and read it back to her."),
                Line(
                    "11:18",
                    "Asked why he had not promised a date: “Because I would have been guessing, and she would have "
                    "been right to ring again.” His limit is £60; the refund was £84, so he passed it on with his "
                    "reasons, as the procedure asks.",
                    ("2.6",),
                ),
            ),
        ),
        PutOnRecord(Ago(12, "14:00"), "marguerite", "E003"),
        Opened(Ago(12, "14:02"), "marguerite", "E003"),
        Reviewed(
            Ago(12, "14:10"),
            "marguerite",
            "E003",
            (
                Decided("2.1", Outcome.MET, "Both times before you reached for a remedy."),
                Decided("2.5", Outcome.MET, "Plain, and fair about the drawbacks."),
                Decided("2.6", Outcome.MET, "You knew your limit and kept to it."),
            ),
            "Calm with somebody who was not. The best moment: not promising a day that you could not keep.",
        ),
        Released(Ago(12, "14:12"), "marguerite", "E003"),
        Sighted(
            Ago(10, "15:30"),
            "marguerite",
            "E002",
            "Read at the team leader’s desk: log, message to stock, answer, closing letter.",
        ),
        Opened(Ago(9, "10:05"), "marguerite", "E001"),
        Reviewed(
            Ago(9, "10:40"),
            "marguerite",
            "E001",
            (
                Decided("2.1", Outcome.MET, "You went to the thing itself and not to the record of it."),
                Decided("2.2", Outcome.MET, "And you say why the number matters."),
                Decided("2.3", Outcome.MET),
                Decided("2.4", Outcome.MET),
                Decided("2.6", Outcome.MET),
                Decided(
                    "2.8",
                    Outcome.NOT_YET_MET,
                    "Three content and one gone is a start. What would keep it from coming to a third case?",
                ),
            ),
            "An honest account: it begins with your own mistake and ends with something that others can use.",
        ),
        Released(Ago(9, "10:45"), "marguerite", "E001"),
        Recorded(
            Ago(4, "11:00"),
            "marguerite",
            "E004",
            Method.DISCUSSION,
            "Discussion: when a problem becomes a complaint",
            "For the demo a speech program reads both parts.",
            "Jonah answered without notes.",
            (
                Line("0:08", "Names the second failure as the point at which it becomes a complaint.", ("2.2",)),
                Line("0:20", "Gives the procedure behind that without being asked for it.", ("2.2",)),
                Line("1:02", "Would tell the stock team and the team leader, and says why each of them.", ("2.7",)),
            ),
            files=("discussion-wrong-part.mp3",),
        ),
        Mapped(
            Ago(4, "11:10"),
            "E004",
            (
                Shows("2.2", "0:08 to 0:32", "Names the second failure as the point, with the procedure behind it."),
                Shows("2.7", "1:02", "Stock team and team leader, and why each of them."),
            ),
            by="marguerite",
        ),
        WentThrough(Ago(4, "11:13"), "E004", by="marguerite"),
        PutOnRecord(Ago(4, "11:15"), "marguerite", "E004"),
        Added(
            Ago(3, "20:10"),
            "E005",
            Method.PRODUCT,
            "Log of problems, and how many of each",
            happened=16,
            context="The log that I keep for the team; the second sheet counts what went wrong.",
            files=("problem-log.xlsx",),
            role="I keep it and I count it.",
        ),
        WentThrough(Ago(3, "20:16"), "E005", said="It is the number of a part, not of a person."),
        Added(
            Ago(2, "18:40"),
            "E006",
            Method.PRODUCT,
            "What I asked them, first try",
            happened=10,
            files=("what-i-asked.txt",),
        ),
        Trashed(Ago(2, "18:55"), "E006"),
    ),
)
