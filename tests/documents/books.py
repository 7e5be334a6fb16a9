"""A book with one of everything, as a demonstration centre would hand it over."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

from PIL import Image, ImageDraw

from portfolio.documents.blocks import Card, Extract, Picture, Run, Table
from portfolio.documents.markdown import to_blocks
from portfolio.documents.wordbook.content import (
    AuditPart,
    AuditRow,
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
    SignatureLine,
    Tone,
    UnitPart,
)

UNIT = "HRCC-L3"
AS_OF = datetime(2026, 11, 22, 14, 5, 9, tzinfo=UTC)
CRITERIA = {
    "1": (
        "Investigate referred complaints",
        {
            "1.1": "Establish what was referred, by whom and why it could not be settled at first contact",
            "1.2": "Gather all the information that bears on the complaint",
            "1.3": "Identify who has an interest in how the complaint is settled",
            "1.4": "Find the root cause rather than the first plausible explanation",
            "1.5": "Document findings so that a colleague could take over",
        },
    ),
    "2": (
        "Take action to settle them",
        {
            "2.1": "Choose options within policy and own authority",
            "2.2": "Agree the action with those concerned",
            "2.3": "Confirm the outcome with the customer",
            "2.4": "Follow up after the agreed time",
            "2.5": "Keep records confidential",
        },
    ),
    "3": (
        "Deal with repeated complaints",
        {
            "3.1": "Analyse complaint data for themes",
            "3.2": "Make specific recommendations that rest on the evidence",
        },
    ),
    "4": (
        "Understand how referred complaints are handled",
        {
            "4.1": "Explain the referral and escalation procedure",
            "4.2": "Describe how a referred complaint differs from one at first contact",
        },
    ),
}
ACCOUNT = """## What happened

A customer had rung **three times** about a refund that never arrived. My colleague referred the case to me
because the amount was above her limit of £150.

1. I rang the customer and let her tell the whole story.
2. I asked *billing* for the ledger of the account.
3. I compared the two and found that the refund had been sent to a closed account.

> "You are the first one who has actually listened."

### What I would do differently

- Check the bank details while the customer is still on the line.
- Tell the customer when I will ring back, and then do so:
    - same day for anything urgent,
    - within two days otherwise.

| Step | Date | Who |
|---|---|---|
| Referral received | 3 March | Team leader |
| Cause found | 4 March | Me |
| Refund confirmed | 9 March | Billing |

The procedure is on [our intranet](https://intranet.example.org/complaints?view=full&lang=en).
"""


REVIEW = ReviewPart(
    "Priya Walker",
    "Assessor",
    date(2026, 4, 2),
    valid=True,
    authentic=True,
    reliable=True,
    current=True,
    sufficient=True,
    feedback="Clear notes with times. The ledger shows where the money went.",
)
SIGNATURES = (
    SignatureLine("Learner", "Amira Okafor"),
    SignatureLine("Assessor", "Priya Walker"),
    SignatureLine("Internal quality assurer"),
)


def picture(width: int = 1200, height: int = 700, colour: str = "#e1edea") -> Picture:
    """A drawn chart as a PNG fitted to the text."""
    image = Image.new("RGB", (width, height), colour)
    draw = ImageDraw.Draw(image)
    for n in range(6):
        top = height - 60 - n * height // 9
        draw.rectangle((120 + n * 170, top, 220 + n * 170, height - 60), fill="#0c5757")
    data = io.BytesIO()
    image.save(data, "PNG")
    return Picture(data.getvalue(), "image/png", 5_400_000, 5_400_000 * height // width)


def _entries(code: str) -> tuple[MatrixEntry, ...]:
    decided = date(2026, 4, 2)
    first = MatrixEntry(
        "E001", "Call notes and ledger of a referred refund case", "Product evidence", "Met", Tone.MET, decided, "PW"
    )
    second = MatrixEntry(
        "E002", "Reflective account: the refund that went astray", "Reflective account", "Met", Tone.MET, decided, "PW"
    )
    third = MatrixEntry(
        "E003", "Chart of complaints by month", "Product evidence", "Not yet met", Tone.MORE, decided, "PW"
    )
    chosen = {"1.1": (first, second), "1.2": (first,), "1.4": (first, second, third), "2.3": (second,), "3.1": (third,)}
    waiting = replace(second, decision="Awaits decision", tone=Tone.CLAIMED, decided_on=None, initials="")
    return chosen.get(code, (waiting,) if code == "2.4" else ())


def _state(entries: tuple[MatrixEntry, ...]) -> tuple[str, Tone]:
    tones = {entry.tone for entry in entries}
    for tone, word in ((Tone.MET, "Met"), (Tone.MORE, "Needs more"), (Tone.CLAIMED, "Claimed")):
        if tone in tones:
            return word, tone
    return "Gap", Tone.GAP


def unit() -> UnitPart:
    outcomes = tuple(
        OutcomePart(
            no,
            title,
            tuple(
                CriterionRow(
                    code, text, *_state(_entries(code)), _entries(code), "Single source" if code == "1.2" else ""
                )
                for code, text in criteria.items()
            ),
        )
        for no, (title, criteria) in CRITERIA.items()
    )
    gaps = tuple(
        Gap(row.code, row.text, "Nothing handed in yet")
        if row.tone is Tone.GAP
        else Gap(row.code, row.text, "not yet met: One more month of figures", "E003")
        for outcome in outcomes
        for row in outcome.criteria
        if row.tone in {Tone.GAP, Tone.MORE}
    )
    return UnitPart(
        code=UNIT,
        title="Handle referred customer complaints",
        outcomes=outcomes,
        facts=(Fact("Level", "3"), Fact("Credit", "10"), Fact("Guided learning hours", "67")),
        note="Draft criteria, in our words. Check them against the awarding organisation's specification.",
        summary="4 of 14 criteria are met, 1 needs more, 1 is claimed and 8 are gaps.",
        gaps=gaps,
        feedback=(
            Feedback(
                "Priya Walker",
                "Assessor",
                date(2026, 4, 2),
                to_blocks(
                    "A **strong** start on investigation.\n\nNext, look at:\n\n- follow-up\n- repeated complaints"
                ),
                "E001",
                "Call notes and ledger of a referred refund case",
            ),
        ),
    )


def items() -> tuple[ItemPart, ...]:
    """A case file, a reflective account and a chart, each marked."""
    return _case_file(), _account(), _chart()


def _case_file() -> ItemPart:
    notes = to_blocks(
        "# Call of 3 March\n\nCaller: *Customer A*.\n\n## Asked\n\n`Order 0000` and the date of the refund."
    )
    head = (_run("Date"), _run("Kind"), _run("Amount"))
    rows = ((_run(f"{n} March"), _run("Refund" if n % 3 else "Charge"), _run(f"{n * 7}.50")) for n in range(1, 24))
    said = "The notes show who referred the case, when, and what had been tried before."
    return ItemPart(
        "E001",
        "Call notes and ledger of a referred refund case",
        _facts("Product evidence"),
        claims=(
            _claim("1.1", said, "Met", Tone.MET, feedback="Well explained.", place="Page 1, lines 4 to 9"),
            _claim("1.2", said, "Met", Tone.MET, place="Page 1, lines 4 to 9"),
        ),
        reviews=(REVIEW,),
        signatures=SIGNATURES,
        files=(
            FilePart("call-notes.md", Extract(notes)),
            FilePart("ledger.csv", Extract((Table((head, *rows)),), "The first 200 of 412 rows are shown.")),
            FilePart("call.mp3", Extract((Card("call.mp3", "audio/mpeg", 2_345_678, "9f" * 32, "Not shown."),))),
        ),
    )


def _account() -> ItemPart:
    return ItemPart(
        "E002",
        "Reflective account: the refund that went astray",
        _facts("Reflective account"),
        claims=(
            _claim("2.3", "I rang back to confirm.", "Met", Tone.MET),
            _claim("2.4", "I set a reminder.", "Awaits decision", Tone.CLAIMED),
        ),
        reviews=(replace(REVIEW, role="Trainee assessor", countersigned="Jo Marsh, 5 Apr 2026"),),
        signatures=SIGNATURES,
        body=to_blocks(ACCOUNT),
    )


def _chart() -> ItemPart:
    return ItemPart(
        "E003",
        "Chart of complaints by month",
        _facts("Product evidence"),
        claims=(_claim("3.1", "The chart shows a peak.", "Not yet met", Tone.MORE, feedback="One month is no trend."),),
        reviews=(replace(REVIEW, sufficient=False),),
        signatures=SIGNATURES,
        files=(FilePart("chart.png", Extract((picture(),))),),
    )


def _facts(method: str) -> tuple[Fact, ...]:
    return (
        Fact("Date of event", "3 March 2026"),
        Fact("Method", method),
        Fact("Made by", "Amira Okafor, learner"),
        Fact("Kind", "Files"),
        Fact("Where it is", "In this portfolio"),
    )


def _claim(code: str, said: str, decision: str, tone: Tone, *, feedback: str = "", place: str = "") -> ClaimRow:
    decided = tone is not Tone.CLAIMED
    return ClaimRow(
        UNIT,
        code,
        CRITERIA[code[0]][1][code],
        said,
        place,
        decision,
        tone,
        date(2026, 4, 2) if decided else None,
        "Priya Walker" if decided else "",
        feedback,
    )


def _run(text: str) -> tuple[Run, ...]:
    return (Run(text),)


def index() -> tuple[IndexRow, ...]:
    shown = [
        IndexRow(
            item.ref,
            item.title,
            item.facts[1].value,
            date(2026, 3, 3),
            (Cited(UNIT, tuple(claim.code for claim in item.claims)),),
            "In this portfolio",
            f"{n}a" * 32,
        )
        for n, item in enumerate(items())
    ]
    elsewhere = IndexRow(
        "E004",
        "Case file of the referred complaint",
        "Observation",
        date(2026, 3, 5),
        (Cited(UNIT, ("1.5",)),),
        "Held by the complaints team",
        in_book=False,
    )
    return (*shown, elsewhere)


def audit() -> AuditPart:
    rows = tuple(
        AuditRow(n + 1, datetime(2026, 3, 3 + n, 9, 30, tzinfo=UTC), who, role, what)
        for n, (who, role, what) in enumerate(
            (
                ("Sam Reed", "Administrator", "Enrolled the learner"),
                ("Amira Okafor", "Learner", "Added E001 and 2 files"),
                ("Amira Okafor", "Learner", "Submitted E001"),
                ("Priya Walker", "Assessor", "Released a decision on E001"),
            )
        )
    )
    return AuditPart(
        rows,
        (
            Fact("Head", "c0ffee" * 10 + "beef"),
            Fact("Signature", "Zm9v" * 22),
            Fact("Key", "ab" * 32),
            Fact("Signed", "22 Nov 2026 14:05 UTC"),
        ),
        "Every action on this portfolio, in order. The signed head fixes the last entry and all before it.",
    )


def book() -> Book:
    return Book(
        title="Portfolio of evidence",
        qualification="iCQ Level 3 NVQ Diploma in Contact Centre Operations (RQF)",
        learner="Amira Okafor",
        registration_number="ICQ-204417",
        centre="Northgate Skills Centre",
        as_of=AS_OF,
        facts=(
            Fact("Centre number", "C-1042"),
            Fact("Assessor", "Priya Walker"),
            Fact("Internal quality assurer", "Jo Marsh"),
            Fact("Registered on", "12 January 2026"),
        ),
        notice="Confidential. Names of customers have been replaced.",
        units=(unit(),),
        index=index(),
        items=items(),
        audit=audit(),
    )
