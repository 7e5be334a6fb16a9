"""What a Word portfolio is called and how it says things: initials, decisions, gaps. Pure."""

from collections.abc import Iterable
from datetime import date

from portfolio.assessment.rules import Declaration
from portfolio.criteria.rules import Status
from portfolio.evidence.rules import Carrier

MAKE_WORD = "export.make_word"
"""The kind of the job."""
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

AWAITS_DECISION = "Awaits decision"
AWAITS_COUNTERSIGNATURE = "Awaits countersignature"

CARRIER_WORDS = {
    Carrier.FILES: "Files",
    Carrier.WRITTEN: "Written here",
    Carrier.RECORDING: "Recording",
    Carrier.ELSEWHERE: "Held elsewhere",
}

DECLARED = {
    Declaration.OWN_WORK: "Own work",
    Declaration.AI_USE: "AI use stated",
    Declaration.CONFIDENTIAL: "Identifying details taken out",
    Declaration.WITNESSED: "Seen or heard by the assessor",
}
"""The declarations in short; the glossary has them in full."""

STATUS_NOTES = {
    Status.VERIFIED: "",
    Status.PARAPHRASE: "The criteria are said in our own words, after the awarding organisation's specification.",
    Status.DRAFT: (
        "Draft criteria. They are in our own words, and their numbers may differ from the awarding organisation's. "
        "Check them against its specification before you rely on them."
    ),
}


def initials_of(names: Iterable[str]) -> dict[str, str]:
    """A short mark for each name; two people with the same initials get a number each after the first."""
    found: dict[str, str] = {}
    for name in names:
        if name in found:
            continue
        parts = name.split()
        base = "".join(part[0] for part in (parts if len(parts) < 3 else (parts[0], parts[-1]))).upper()
        taken = sum(1 for mark in found.values() if mark.rstrip("0123456789") == base)
        found[name] = f"{base}{taken + 1}" if taken else base
    return found


def file_name(learner: str, on: date) -> str:
    """What the downloaded file is called."""
    return f"Portfolio {learner} {on.isoformat()}.docx"
