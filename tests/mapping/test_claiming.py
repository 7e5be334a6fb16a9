"""Claims that follow the notes of a record, until somebody writes something else."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.audit.models import AuditEvent
from portfolio.criteria.rules import Method
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Rejected
from portfolio.evidence.models import Evidence
from portfolio.evidence.notes import Note, notes_of
from portfolio.mapping import actions
from portfolio.mapping.actions import Wanted
from portfolio.mapping.claiming import claim_from_notes, composed
from portfolio.mapping.models import Claim
from portfolio.mapping.queries import ClaimText
from portfolio.mapping.rules import ANNOTATION_MOST, PLACE_MOST, Origin
from tests.cast import Cast, criteria_by_code
from tests.evidence.records import SEEN, UNIT, change, note, observed


def claims(session: Session, evidence: Evidence) -> dict[str, ClaimText]:
    """What the draft claims, by code."""
    rows = session.scalars(select(Claim).where(Claim.evidence_version_id == evidence.latest.id).order_by(Claim.id))
    assert {row.origin for row in rows.all()} <= {Origin.ASSESSOR}
    rows = session.scalars(select(Claim).where(Claim.evidence_version_id == evidence.latest.id))
    return {row.criterion.code: ClaimText(row.annotation, row.place) for row in rows}


def follow(session: Session, cast: Cast, evidence: Evidence, *notes: dict[str, object]) -> None:
    """Change the notes, and have the claims follow them, as the page does."""
    before = notes_of(evidence.latest.notes)
    change(session, cast, evidence, *notes)
    claim_from_notes(session, cast.actor("marguerite", session), evidence, before=before)
    session.expire_all()


def by_hand(session: Session, cast: Cast, evidence: Evidence, **said: tuple[str, str]) -> None:
    """Map it on the mapping page to these criteria, `c1_1` for 1.1, and to no other."""
    ids = criteria_by_code(session, session.get_one(Enrolment, cast.enrolments["amina"]))
    wanted = [Wanted(*ids[name[1:].replace("_", ".")], *text) for name, text in said.items()]
    actions.map_to(session, cast.actor("marguerite", session), evidence, wanted=wanted)
    session.expire_all()


@pytest.fixture
def evidence(session: Session, cast: Cast) -> Evidence:
    """A record whose notes have made their claims."""
    made = observed(session, cast)
    claim_from_notes(session, cast.actor("marguerite", session), made)
    session.expire_all()
    return made


def test_every_criterion_that_is_named_is_claimed(session: Session, evidence: Evidence) -> None:
    """With what the lines on it say, and when."""
    assert claims(session, evidence) == {
        "1.1": ClaimText("10:42: Listened to the end.", "10:42"),
        "2.1": ClaimText("10:42: Listened to the end.\n10:50: Said what would happen next.", "10:42, 10:50"),
    }


def test_claims_follow_the_notes(session: Session, cast: Cast, evidence: Evidence) -> None:
    """What no line names any more is let go."""
    follow(session, cast, evidence, note("10:43", "Listened.", "2.1", "3.2"))
    said = ClaimText("10:43: Listened.", "10:43")
    assert claims(session, evidence) == {"2.1": said, "3.2": said}
    follow(session, cast, evidence, note("10:43", "Listened."))
    assert claims(session, evidence) == {}


def test_what_was_written_by_hand_stays(session: Session, cast: Cast, evidence: Evidence) -> None:
    """Words and place each by themselves; and a criterion that no line names."""
    by_hand(
        session, cast, evidence, c1_1=("She never broke in.", "10:42"), c2_1=("", "the hall"), c4_2=("And more.", "")
    )
    follow(session, cast, evidence, note("11:00", "Heard her out.", "1.1", "2.1"))
    assert claims(session, evidence) == {
        "1.1": ClaimText("She never broke in.", "11:00"),
        "2.1": ClaimText("11:00: Heard her out.", "the hall"),
        "4.2": ClaimText("And more.", ""),
    }
    follow(session, cast, evidence, note("11:00", "Heard her out."))
    assert set(claims(session, evidence)) == {"1.1", "2.1", "4.2"}


def test_one_event_and_none_when_nothing_changes(session: Session, cast: Cast, evidence: Evidence) -> None:
    def told() -> int:
        return len(session.scalars(select(AuditEvent).where(AuditEvent.verb == "evidence.map")).all())

    before = told()
    follow(session, cast, evidence, *SEEN)
    assert told() == before
    follow(session, cast, evidence, SEEN[0])
    assert told() == before + 1


@pytest.mark.parametrize("pair", [(UNIT, "9.9"), ("PCSC", "1.1")])
def test_a_criterion_of_no_unit_of_the_learners_is_refused(
    session: Session, cast: Cast, evidence: Evidence, pair: tuple[str, str]
) -> None:
    """By its line."""
    with pytest.raises(Rejected, match=r"Line 2: .* is no criterion") as refused:
        follow(session, cast, evidence, SEEN[0], Note("11:00", "", "Seen.", (pair,)).stored)
    assert refused.value.field == "notes"


def test_questions_are_told_with_their_answers(session: Session, cast: Cast) -> None:
    made = observed(
        session, cast, note("", "Because she had been let down.", "1.2", ask="Why?"), method=Method.QUESTIONS
    )
    claim_from_notes(session, cast.actor("marguerite", session), made)
    assert claims(session, made) == {"1.2": ClaimText("“Why?” Because she had been let down.", "")}


def test_only_as_much_as_there_is_room_for() -> None:
    """Whole lines where that can be."""
    lines = [Note(f"{hour:02d}:{minute:02d}", said="x" * 400) for hour in range(10, 12) for minute in range(20)]
    text = composed(lines)
    assert len(text.annotation) <= ANNOTATION_MOST
    assert len(text.place) <= PLACE_MOST
    assert text.annotation.endswith("x" * 400 + "…")
    assert text.place.endswith(":16…")
    long = composed([Note("10:00", said="y" * ANNOTATION_MOST, criteria=((UNIT, "1.1"),))])
    assert len(long.annotation) == ANNOTATION_MOST
