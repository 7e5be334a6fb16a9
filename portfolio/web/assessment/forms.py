"""What an assessor notes on an item. The rows, one for each criterion, are drawn by one plain template."""

from collections.abc import Collection, Mapping

from wtforms import BooleanField

from portfolio.assessment.rules import FEEDBACK_MOST, Mark, Varc
from portfolio.mapping.rules import Outcome
from portfolio.web.forms import BaseForm, ParagraphsField, paragraphs


class ReviewForm(BaseForm):
    """What is said once for the whole item."""

    valid = BooleanField("Valid", description="it shows what the criteria ask for.")
    authentic = BooleanField("Authentic", description="it is the learner’s own work.")
    reliable = BooleanField("Reliable", description="it would stand if somebody else looked.")
    current = BooleanField("Current", description="it is recent enough to rely on.")
    feedback = ParagraphsField("Feedback on the whole item", most=FEEDBACK_MOST)

    @property
    def varc(self) -> Varc:
        """The four ticks."""
        return Varc(
            valid=bool(self.valid.data),
            authentic=bool(self.authentic.data),
            reliable=bool(self.reliable.data),
            current=bool(self.current.data),
        )

    def show(self, varc: Varc, feedback: str) -> None:
        """Begin with what was noted before."""
        self.valid.data, self.authentic.data = varc.valid, varc.authentic
        self.reliable.data, self.current.data = varc.reliable, varc.current
        self.feedback.data = feedback


def marks_in(sent: Mapping[str, str], claim_ids: Collection[int]) -> list[Mark]:
    """One mark for each claim, as it was sent; undecided where no known outcome was."""
    known = {outcome.value: outcome for outcome in Outcome}
    return [
        Mark(
            claim_id=claim_id,
            outcome=known.get(sent.get(f"outcome-{claim_id}", "")),
            is_sufficient=f"sufficient-{claim_id}" in sent,
            feedback=(paragraphs(sent.get(f"feedback-{claim_id}")) or "").strip(),
        )
        for claim_id in claim_ids
    ]
