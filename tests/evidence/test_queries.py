"""Lists of items and files: which version shows to whom, in one statement."""

import pytest
from sqlalchemy.orm import Session

from portfolio.enrolment.models import Enrolment
from portfolio.evidence import actions
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.evidence.queries import FileRow, files_of, items_of
from portfolio.evidence.rules import EvidenceState
from tests.cast import Cast


def test_the_learner_sees_drafts_and_others_what_was_handed_in(session: Session, cast: Cast) -> None:
    """An item that is open for revision shows to others as it was handed in."""
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    marked = session.get_one(Evidence, cast.evidence["amina E001"])
    amina = cast.actor("amina", session)
    new = actions.revise(session, amina, marked)
    actions.change(
        session, amina, marked, cast.installation.store, details=Details("A new title of my own"), rev=new.rev
    )
    own = {item.ref: item for item in items_of(session, enrolment.id, drafts_of=amina.person_id)}
    theirs = {item.ref: item for item in items_of(session, enrolment.id, drafts_of=None)}
    assert list(own) == ["E001", "E002", "E003", "E004"]
    assert list(theirs) == ["E001", "E002"]
    assert (own["E001"].no, own["E001"].is_draft, own["E001"].title) == (2, True, "A new title of my own")
    assert (theirs["E001"].no, theirs["E001"].is_draft) == (1, False)
    assert theirs["E001"].title == "Complaint letter and reply"
    assert {item.state for item in theirs.values()} == {EvidenceState.MARKED, EvidenceState.SUBMITTED}
    assert (own["E001"].files, own["E004"].files) == (1, 0)


def test_files_with_their_sizes(session: Session, cast: Cast) -> None:
    """In the order in which they were added."""
    version = session.get_one(Evidence, cast.evidence["amina E001"]).latest
    [file] = files_of(session, version.id)
    assert (file.name, file.size, file.media_type, file.kind) == ("letter.txt", 28, "text/plain", "Text")


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("application/pdf", "PDF"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word document"),
        ("image/heic", "Picture"),
        ("text/csv", "Table"),
        ("application/x-unheard-of", "File"),
    ],
)
def test_kinds_of_file_in_a_word(media_type: str, kind: str) -> None:
    """What people call them."""
    assert FileRow(1, "name", 1, media_type).kind == kind
