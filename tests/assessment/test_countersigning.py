"""A trainee's decision awaits somebody qualified: it never counts by itself, and the learner does not see it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.assessment import marking
from portfolio.assessment.models import Judgement, SubmissionItem
from portfolio.assessment.queries import live_claims
from portfolio.assessment.rules import ItemState
from portfolio.enrolment.rules import Duty
from portfolio.errors import Forbidden, InvalidState, Rejected
from portfolio.evidence.rules import EvidenceState
from portfolio.mapping.rules import Outcome
from tests.assessment.desk import NEEDS, allocate_row, judged, opened, save, set_qualified, states, verbs
from tests.cast import Cast

MET, INSUFFICIENT = Outcome.MET, Outcome.INSUFFICIENT


@pytest.fixture
def handed_over(cast: Cast, session: Session) -> SubmissionItem:
    """Amina's second item, decided by Tobias, who is a trainee."""
    found = opened(session, cast, "tobias")
    judged(session, cast, "tobias", found, MET, INSUFFICIENT)
    return found


def decisions(session: Session, found: SubmissionItem) -> list[tuple[int, int, Outcome, bool, bool]]:
    """(claim, number, outcome, effective, supersedes another) of every judgement on an item."""
    ids = [claim.id for claim in marking.claims_on(session, found)]
    rows = session.scalars(select(Judgement).where(Judgement.claim_id.in_(ids)).order_by(Judgement.no, Judgement.id))
    return [
        (ids.index(j.claim_id), j.no, j.outcome, j.effective_at is not None, j.supersedes_id is not None) for j in rows
    ]


def test_a_trainee_s_decision_never_counts(cast: Cast, session: Session, handed_over: SubmissionItem) -> None:
    assert handed_over.state is ItemState.COUNTERSIGN
    assert handed_over.version.evidence.state is EvidenceState.SUBMITTED
    assert decisions(session, handed_over) == [(0, 1, MET, False, False), (1, 1, INSUFFICIENT, False, False)]
    assert {states(session, cast)[code].value for code in ("2.1", "2.3")} == {"claimed"}
    claims = [c for c in live_claims(session, [cast.enrolments["amina"]]) if c.ref == "E002"]
    assert [(c.decision, c.awaits_countersignature) for c in claims] == [(None, True)] * 2


def test_to_agree_takes_the_decisions_over(cast: Cast, session: Session, handed_over: SubmissionItem) -> None:
    made = marking.countersign(session, cast.actor("dafydd", session), handed_over)
    assert [judgement.assessor_id for judgement in made] == [cast.people["dafydd"]] * 2
    assert decisions(session, handed_over)[2:] == [(0, 2, MET, True, True), (1, 2, INSUFFICIENT, True, True)]
    own = marking.review_by(handed_over, cast.people["dafydd"])
    theirs = marking.review_by(handed_over, cast.people["tobias"])
    assert own is not None
    assert theirs is not None
    assert own.countersigns_id == theirs.id
    assert [mark.feedback for mark in own.marks] == ["", NEEDS]
    assert own.feedback == "You kept your limit in view."
    assert handed_over.state is ItemState.RELEASED
    assert handed_over.version.evidence.state is EvidenceState.MARKED
    assert (states(session, cast)["2.1"].value, states(session, cast)["2.3"].value) == ("met", "needs_more")
    assert verbs(session, cast)[-1] == "review.countersign"
    session.commit()


def test_the_countersigner_s_own_view_stands(cast: Cast, session: Session, handed_over: SubmissionItem) -> None:
    save(session, cast, "dafydd", handed_over, INSUFFICIENT, MET)
    assert states(session, cast)["2.1"].value == "claimed"
    marking.countersign(session, cast.actor("dafydd", session), handed_over)
    assert decisions(session, handed_over)[2:] == [(0, 2, INSUFFICIENT, True, True), (1, 2, MET, True, True)]
    assert (states(session, cast)["2.1"].value, states(session, cast)["2.3"].value) == ("needs_more", "met")


def test_a_half_finished_view_is_not_countersigned(cast: Cast, session: Session, handed_over: SubmissionItem) -> None:
    save(session, cast, "dafydd", handed_over, None, MET)
    with pytest.raises(Rejected, match=r"Decide 2\.1"):
        marking.countersign(session, cast.actor("dafydd", session), handed_over)


def test_only_who_is_allocated_to_countersign_does(cast: Cast, session: Session, handed_over: SubmissionItem) -> None:
    """Marguerite assesses the learner, but does not countersign."""
    marguerite = cast.actor("marguerite", session)
    with pytest.raises(Forbidden, match="not allocated"):
        marking.countersign(session, marguerite, handed_over)
    with pytest.raises(Forbidden, match="not allocated"):
        save(session, cast, "marguerite", handed_over, MET, MET)
    with pytest.raises(InvalidState, match="awaits countersignature"):
        marking.release(session, marguerite, handed_over)


def test_nobody_countersigns_unqualified(cast: Cast, session: Session, handed_over: SubmissionItem) -> None:
    set_qualified(session, cast, "dafydd", qualified=False)
    for attempt in (
        lambda: marking.countersign(session, cast.actor("dafydd", session), handed_over),
        lambda: save(session, cast, "dafydd", handed_over, MET, MET),
    ):
        with pytest.raises(Forbidden, match="qualified"):
            attempt()


def test_nobody_countersigns_their_own_decision(cast: Cast, session: Session, handed_over: SubmissionItem) -> None:
    """Not even once they are qualified."""
    set_qualified(session, cast, "tobias", qualified=True)
    allocate_row(session, cast, "tobias", "amina", Duty.COUNTERSIGN)
    with pytest.raises(Forbidden, match="their own decision"):
        marking.countersign(session, cast.actor("tobias", session), handed_over)


def test_a_trainee_does_not_change_what_was_handed_over(
    cast: Cast, session: Session, handed_over: SubmissionItem
) -> None:
    with pytest.raises(Forbidden):
        save(session, cast, "tobias", handed_over, MET, MET, rev=handed_over.reviews[0].rev)
    with pytest.raises(InvalidState, match="awaits countersignature"):
        marking.release(session, cast.actor("tobias", session), handed_over)


def test_there_is_nothing_to_countersign_before_or_after(cast: Cast, session: Session) -> None:
    found, dafydd = opened(session, cast, "tobias"), cast.actor("dafydd", session)
    with pytest.raises(InvalidState, match="Nothing on this item"):
        marking.countersign(session, dafydd, found)
    judged(session, cast, "tobias", found, MET, MET)
    marking.countersign(session, dafydd, found)
    with pytest.raises(InvalidState, match="Nothing on this item"):
        marking.countersign(session, dafydd, found)
