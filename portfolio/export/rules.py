"""What a Word portfolio is called and how it says things: initials, decisions, gaps. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portfolio.assessment.rules import Declaration
from portfolio.criteria.rules import Status
from portfolio.evidence.rules import Carrier

MAKE_WORD = "export.make_word"
"""The kind of the job."""
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"

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


class Extent(StrEnum):
    """How much of a portfolio a book holds."""

    WHOLE = "whole"
    UNIT = "unit"
    MATRIX = "matrix"
    SAMPLE = "sample"


EXTENT_WORDS = {
    Extent.WHOLE: "All of it",
    Extent.UNIT: "One {unit}",
    Extent.MATRIX: "The matrix alone",
    Extent.SAMPLE: "A sample of items",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a book is to hold: of one unit by its code, of a sample by references; and whether items have their content
    in it, or their header sheets alone.
    """

    extent: Extent = Extent.WHOLE
    unit: str = ""
    refs: tuple[str, ...] = ()
    has_content: bool = True

    @property
    def as_json(self) -> dict[str, Any]:
        """As a book keeps it."""
        return {
            "extent": self.extent.value,
            "unit": self.unit,
            "refs": list(self.refs),
            "has_content": self.has_content,
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Choice":
        """What a book keeps; a book of former days is a whole one."""
        if not kept:
            return WHOLE
        return cls(Extent(kept["extent"]), kept["unit"], tuple(kept["refs"]), kept["has_content"])

    @property
    def sentence(self) -> str:
        """What a book of this choice holds; empty for all of it."""
        held = {
            Extent.WHOLE: "",
            Extent.UNIT: f"{{Unit}} {self.unit} alone",
            Extent.MATRIX: "The matrix and the index alone",
            Extent.SAMPLE: f"A sample of the {{evidence}}: {', '.join(self.refs)}",
        }[self.extent]
        without = "" if self.has_content or self.extent is Extent.MATRIX else "header sheets without content"
        said = ", ".join(filter(None, (held, without)))
        return said[:1].upper() + said[1:]


WHOLE = Choice()


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


def file_name(learner: str, on: date, choice: Choice = WHOLE, *, ending: str = ".docx") -> str:
    """What the downloaded file is called."""
    part = {Extent.WHOLE: "", Extent.UNIT: f" {choice.unit}", Extent.MATRIX: " matrix", Extent.SAMPLE: " sample"}
    return f"Portfolio {learner}{part[choice.extent]} {on.isoformat()}{ending}"
