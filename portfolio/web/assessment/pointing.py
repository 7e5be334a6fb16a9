"""What in an assessor's feedback may point to a real person: said beside it, to whoever writes it and nobody else.

Nothing that the learner's own texts gave away is used for it. The Word portfolio is looked through with all of that.
"""

from sqlalchemy.orm import Session

from portfolio.anonymise.together import look_through
from portfolio.screening.ours import but_ours, ours_of
from portfolio.web.assessment.forms import Sheet
from portfolio.web.pointing import notes_in

FEEDBACK = "feedback"


def feedback_notes(session: Session, enrolment_id: int, sheet: Sheet) -> dict[str, str]:
    """The note beside each feedback that needs one, by the name of its field. One statement if something is found."""
    texts = {name: text for name, text in sheet.fields.items() if name.startswith(FEEDBACK) and text}
    found = look_through(texts) if texts else []
    placed = but_ours(found, ours_of(session, enrolment_id)) if found else []
    return notes_in((one.place, one.words) for one in placed)
