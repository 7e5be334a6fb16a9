"""What an assessor notes on an item, as the form sends it and shows it again. The rows, one for each criterion, are
drawn by one plain template.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from portfolio.assessment.rules import Mark, Varc
from portfolio.mapping.rules import Outcome
from portfolio.web.forms import paragraphs

OUTCOMES = {outcome.value: outcome for outcome in Outcome}
TICKED = "y"
ONCE = {
    "valid": ("Valid", "it shows what the criteria ask for."),
    "authentic": ("Authentic", "it is the {learner}’s own work."),
    "reliable": ("Reliable", "it would stand if somebody else looked."),
    "current": ("Current", "it is recent enough to rely on."),
}
"""What is said once for an item, by the name of its field: its word, and what the word asks."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that the form holds; `marks` by claim. `rev` is the review's that it was filled in over."""

    varc: Varc
    feedback: str
    marks: Mapping[int, Mark]
    rev: int = 0

    @property
    def decided(self) -> int:
        """How many claims are decided."""
        return sum(mark.outcome is not None for mark in self.marks.values())

    @property
    def fields(self) -> dict[str, str]:
        """Every field by its name, ticks and decisions only where there are any."""
        found = {name: TICKED for name in ONCE if getattr(self.varc, name)} | {"feedback": self.feedback}
        for claim_id, mark in self.marks.items():
            found |= {f"outcome-{claim_id}": mark.outcome.value} if mark.outcome else {}
            found |= {f"sufficient-{claim_id}": TICKED} if mark.is_sufficient else {}
            found[f"feedback-{claim_id}"] = mark.feedback
        return found


EMPTY = Sheet(Varc(valid=False, authentic=False, reliable=False, current=False), "", {})


def sheet_in(sent: Mapping[str, str], claim_ids: Collection[int]) -> Sheet:
    """What was sent, with one mark for each claim; undecided where no known outcome was."""
    rev = sent.get("rev", "")
    return Sheet(
        varc=Varc(**{name: name in sent for name in ONCE}),
        feedback=_text(sent.get("feedback")),
        marks={
            claim_id: Mark(
                claim_id=claim_id,
                outcome=OUTCOMES.get(sent.get(f"outcome-{claim_id}", "")),
                is_sufficient=f"sufficient-{claim_id}" in sent,
                feedback=_text(sent.get(f"feedback-{claim_id}")),
            )
            for claim_id in claim_ids
        },
        rev=int(rev) if rev.isascii() and rev.isdigit() and len(rev) < 10 else 0,
    )


def _text(typed: str | None) -> str:
    return (paragraphs(typed) or "").strip()
