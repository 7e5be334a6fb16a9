"""A small invented portfolio, to see how books look with a template before any real one is made."""

from datetime import UTC, date, datetime

from portfolio.documents.blocks import Extract, Paragraph, Run, Table
from portfolio.documents.markdown import to_blocks
from portfolio.documents.wordbook.content import (
    Book,
    Cited,
    ClaimRow,
    CriterionRow,
    Fact,
    Feedback,
    FilePart,
    Gap,
    IndexRow,
    ItemPart,
    MatrixEntry,
    OutcomePart,
    ReviewPart,
    Said,
    Section,
    SignatureLine,
    Tone,
    UnitPart,
)
from portfolio.documents.wordbook.frame import Skeleton
from portfolio.documents.wordbook.glossary import GLOSSARY

_DAY = date(2026, 3, 3)
_UNIT = "UNIT-1"
_CRITERION = "Gather all the information that bears on the enquiry"
_ACCOUNT = """A customer asked why a refund had not arrived. I looked into it: the details were out of date.

1. I rang the customer back on the same day.
2. I checked the details with them, one by one.

> Thank you for ringing back so quickly.

## What I would do differently

- Check the details while the customer is still on the line.
- Say when I will ring back, and then do so.
"""


def trial_book(frame: Skeleton, *, centre: str = "Your centre", number: str = "00000") -> Book:
    """A book of an invented learner, with one of most things."""
    index = IndexRow(
        "E001", "Reflective account: a refund", "Reflective account", _DAY, (Cited(_UNIT, ("1.1",)),), "Here", "0" * 64
    )
    return Book(
        title="Portfolio of evidence",
        qualification="Level 3 Diploma in an Invented Subject",
        learner="Robin Sample",
        registration_number="REG-0001",
        centre=centre,
        as_of=datetime(2026, 3, 9, 12, tzinfo=UTC),
        facts=(Fact("Centre number", number), Fact("Assessor", "Alex Example"), Fact("Started on", "12 January 2026")),
        notice="This is a trial book. Everybody and everything in it is invented.",
        opening=(_summary(),),
        units=(_unit(),),
        index=(index,),
        items=(_item(),),
        glossary=tuple(GLOSSARY[:3]),
        frame=frame,
        fields=(
            Fact("qualification number", "000/0000/0"),
            Fact("level", "3"),
            Fact("awarding organisation", "An awarding organisation"),
            Fact("centre number", number),
            Fact("assessor", "Alex Example"),
            Fact("internal quality assurer", "Kim Specimen"),
            Fact("started on", "12 January 2026"),
            Fact("planned end", "11 January 2027"),
        ),
    )


def _summary() -> Section:
    return Section(
        "summary",
        "Summary of achievement",
        "One unit has been begun.",
        head=("Unit", "Criteria", "Met"),
        shares=(3, 1, 1),
        rows=((Said("A unit to try the template with", unit=_UNIT), Said("2"), Said("1", Tone.MET)),),
    )


def _unit() -> UnitPart:
    entry = MatrixEntry("E001", "Reflective account: a refund", "Reflective account", "Met", Tone.MET, _DAY, "AE")
    missing = "Explain the procedure for complaints"
    said = Feedback("Alex Example", "Assessor", _DAY, (Paragraph((Run("Clear, and told in order."),)),))
    return UnitPart(
        code=_UNIT,
        title="A unit to try the template with",
        outcomes=(
            OutcomePart(
                "1",
                "Look into enquiries",
                (
                    CriterionRow("1.1", _CRITERION, "Met", Tone.MET, (entry,)),
                    CriterionRow("1.2", missing, "Gap", Tone.GAP),
                ),
            ),
        ),
        facts=(Fact("Level", "3"), Fact("Credit", "5")),
        summary="Of 2 criteria: met 1, gap 1.",
        gaps=(Gap("1.2", missing, "Nothing handed in yet."),),
        feedback=(said,),
        signatures=(SignatureLine("Learner", "Robin Sample"), SignatureLine("Assessor", "Alex Example")),
    )


def _item() -> ItemPart:
    rows = (("Date", "Step", "Who"), ("3 March", "Enquiry taken", "Robin"), ("4 March", "Cause found", "Robin"))
    table = Table(tuple(tuple((Run(cell),) for cell in row) for row in rows))
    review = ReviewPart("Alex Example", "Assessor", _DAY, True, True, True, True, True, "Well explained.")
    return ItemPart(
        ref="E001",
        title="Reflective account: a refund",
        facts=(Fact("Date of event", "3 March 2026"), Fact("Method", "Reflective account")),
        claims=(
            ClaimRow(_UNIT, "1.1", _CRITERION, "I asked for the details.", "", "Met", Tone.MET, _DAY, "Alex Example"),
        ),
        reviews=(review,),
        body=to_blocks(_ACCOUNT),
        files=(FilePart("steps.csv", Extract((table,))),),
    )
