"""Tomasz's story: complaints at first contact, half of his unit met from two items. He takes bookings for hotels."""

from portfolio.criteria.rules import Method
from portfolio.demo.dates import Ago
from portfolio.demo.screening_steps import WentThrough
from portfolio.demo.steps import Added, Decided, HandedIn, Mapped, Opened, Released, Reviewed, Shows
from portfolio.demo.story import Allocated, Story
from portfolio.enrolment.rules import Duty
from portfolio.mapping.rules import Outcome

TOMASZ = Story(
    learner="tomasz",
    registration_number="HD-26-0110",
    qualification="FDQ-L3-CS",
    cohort="At the workplace",
    enrolled=Ago(28, "10:30"),
    allocated=(
        Allocated(Ago(28, "10:35"), "marguerite", Duty.ASSESS),
        Allocated(Ago(28, "10:36"), "iris", Duty.QUALITY_ASSURE),
    ),
    steps=(
        Added(
            Ago(7, "18:20"),
            "E001",
            Method.REFLECTIVE_ACCOUNT,
            "The long table by the window",
            happened=15,
            account="the-wedding-table",
        ),
        Mapped(
            Ago(7, "18:45"),
            "E001",
            (
                Shows("1.1", "“How it began”", "The sign was the same small question, asked a third time."),
                Shows(
                    "1.2",
                    "“What I did at that moment”",
                    "A query is answered; this was a room that we had promised and then confirmed wrongly.",
                ),
                Shows(
                    "1.3", "“What I did at that moment”", "I asked what made them unsure before saying anything else."
                ),
                Shows(
                    "2.1", "“What I did at that moment”", "I named what had gone wrong and that it took three calls."
                ),
                Shows(
                    "2.4",
                    "The table",
                    "Three ways forward with what speaks for and against each, and the one that was chosen.",
                ),
            ),
        ),
        Added(
            Ago(7, "18:50"),
            "E002",
            Method.PRODUCT,
            "Contact record of the room complaint",
            happened=15,
            context="Taken from our bookings system. Names and booking numbers were left out when I took it.",
            files=("booking-contact-record.csv",),
        ),
        Mapped(
            Ago(7, "19:05"),
            "E002",
            (
                Shows("2.2", "Row 2", "I looked for the cause first: the wrong room on the confirmation."),
                Shows("2.3", "Row 2", "Opened while the customer was on the line, and read back."),
                Shows("2.5", "Rows 6 and 7", "Two calls on the days that I had named, one with nothing new to tell."),
                Shows("2.6", "Row 8", "Closed with the customer’s answer, and the cause coded."),
            ),
        ),
        WentThrough(Ago(6, "12:05"), "E002"),
        HandedIn(Ago(6, "12:10"), ("E001", "E002")),
        Opened(Ago(5, "11:15"), "marguerite", "E001"),
        Reviewed(
            Ago(5, "11:40"),
            "marguerite",
            "E001",
            (
                Decided("1.1", Outcome.MET, "A quiet sign, and well heard."),
                Decided("1.2", Outcome.MET, "You give the reason, and the handling changes with it."),
                Decided("1.3", Outcome.MET, ""),
                Decided("2.1", Outcome.MET, "Your own words, and the right order."),
                Decided("2.4", Outcome.MET, "Honest about the cold after eight."),
            ),
            "“The same small question, again”: may I quote you to the others? The record comes next.",
        ),
        Released(Ago(5, "11:45"), "marguerite", "E001"),
    ),
)
