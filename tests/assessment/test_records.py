"""Records that assessors make: a draft of their author, on record by a declaration, judged like anything else."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.assessment import marking, submitting
from portfolio.assessment.models import Submission, SubmissionItem
from portfolio.assessment.queue_queries import rows_of
from portfolio.assessment.rules import BY_RECORDER, Declaration, ItemState
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState, Rejected
from portfolio.evidence import trashing
from portfolio.evidence.models import Evidence
from portfolio.evidence.queries import items_of
from portfolio.evidence.rules import EvidenceState
from portfolio.mapping.models import Claim
from portfolio.mapping.queries import draft_claims
from portfolio.mapping.rules import Origin, Outcome
from tests.assessment.desk import judged, states, verbs
from tests.cast import EVERYTHING, Cast
from tests.evidence import records
from tests.evidence.records import watched

DECLARED = set(BY_RECORDER)


def put_on_record(session: Session, cast: Cast, by: str = "marguerite") -> SubmissionItem:
    """A record that stands in the portfolio."""
    return records.put_on_record(session, cast, watched(session, cast, by=by), by).items[0]


def refs(session: Session, cast: Cast, name: str) -> set[str]:
    """The items of amina's portfolio that somebody's list has."""
    return {item.ref for item in items_of(session, cast.enrolments["amina"], drafts_of=cast.people[name])}


def test_a_draft_is_its_author_s_alone(session: Session, cast: Cast) -> None:
    """Not the learner's, nor a colleague's; and the learner's drafts are not the assessor's."""
    ref = watched(session, cast).ref
    assert ref in refs(session, cast, "marguerite")
    assert ref not in refs(session, cast, "amina") | refs(session, cast, "tobias")
    assert "E003" not in refs(session, cast, "marguerite")
    for name, found in (("marguerite", {ref}), ("amina", {"E003"}), ("tobias", set())):
        drafts = draft_claims(session, cast.enrolments["amina"], cast.people[name])
        assert {claim.ref for claim in drafts} == found


def test_its_claims_are_the_assessor_s(session: Session, cast: Cast) -> None:
    """And the learner's stay the learner's."""
    version_id = watched(session, cast).latest.id
    assert set(session.scalars(select(Claim.origin).where(Claim.evidence_version_id == version_id))) == {
        Origin.ASSESSOR
    }
    others = select(Claim.origin).where(Claim.evidence_version_id != version_id)
    assert set(session.scalars(others)) == {Origin.LEARNER}


def test_put_on_record_it_stands_frozen_in_the_portfolio(session: Session, cast: Cast) -> None:
    """With its own declarations, for everybody who sees the portfolio, by its author's name."""
    item = put_on_record(session, cast)
    session.commit()
    evidence = item.version.evidence
    assert item.submission.declarations == ["witnessed", "confidential"]
    assert (evidence.state, item.version.is_handed_in) == (EvidenceState.SUBMITTED, True)
    assert verbs(session, cast)[-1] == "submission.submit"
    assert states(session, cast)["2.4"].value == "claimed"
    found = {row.ref: row.recorded_by for row in items_of(session, evidence.enrolment_id, drafts_of=None)}
    assert found[evidence.ref] == "Marguerite Okonkwo-Lindqvist"
    assert found["E001"] == ""
    [row] = rows_of(session, cast.actor("marguerite", session), [item.id], ItemState.WAITING)
    assert row.recorded_by == "Marguerite Okonkwo-Lindqvist"


@pytest.mark.parametrize("missing", BY_RECORDER)
def test_every_declaration_is_asked_for(session: Session, cast: Cast, missing: Declaration) -> None:
    evidence = watched(session, cast)
    with pytest.raises(Rejected) as refused:
        submitting.put_on_record(
            session, cast.actor("marguerite", session), evidence, declared=set(Declaration) - {missing}
        )
    assert refused.value.field == missing.value


def test_only_its_author_puts_a_record_on_record(session: Session, cast: Cast) -> None:
    """Not a colleague, and no learner's item goes this way; nor does an unmapped one, or what lies in the trash."""
    marguerite = cast.actor("marguerite", session)
    unmapped = watched(session, cast, is_mapped=False)
    with pytest.raises(Rejected, match="not mapped"):
        submitting.put_on_record(session, marguerite, unmapped, declared=DECLARED)
    with pytest.raises(InvalidState, match="made yourself"):
        submitting.put_on_record(session, cast.actor("tobias", session), watched(session, cast), declared=DECLARED)
    letter = session.get_one(Evidence, cast.evidence["amina E003"])
    with pytest.raises(InvalidState, match="made yourself"):
        submitting.put_on_record(session, cast.actor("amina", session), letter, declared=DECLARED)
    trashing.trash(session, marguerite, unmapped)
    with pytest.raises(InvalidState, match="in the trash"):
        submitting.put_on_record(session, marguerite, unmapped, declared=DECLARED)


def test_the_learner_does_not_hand_in_what_an_assessor_made(session: Session, cast: Cast) -> None:
    """Nor the assessor what the learner made."""
    record, enrolment = watched(session, cast), session.get_one(Enrolment, cast.enrolments["amina"])
    for name, evidence_id in (
        ("amina", record.id),
        ("marguerite", record.id),
        ("marguerite", cast.evidence["amina E003"]),
    ):
        with pytest.raises(Rejected, match="no longer there"):
            submitting.submit(
                session, cast.actor(name, session), enrolment, evidence_ids=[evidence_id], declared=EVERYTHING
            )


def test_its_author_may_judge_it(session: Session, cast: Cast) -> None:
    """It is the learner's work that was seen."""
    item = put_on_record(session, cast)
    marking.open_item(session, cast.actor("marguerite", session), item)
    judged(session, cast, "marguerite", item, Outcome.MET)
    assert item.state is ItemState.RELEASED
    assert states(session, cast)["2.4"].value == "met"
    session.commit()


def test_a_trainee_s_decision_on_their_own_record_awaits_its_countersignature(session: Session, cast: Cast) -> None:
    item = put_on_record(session, cast, "tobias")
    marking.open_item(session, cast.actor("tobias", session), item)
    judged(session, cast, "tobias", item, Outcome.MET)
    assert item.state is ItemState.COUNTERSIGN
    assert states(session, cast)["2.4"].value == "claimed"
    marking.countersign(session, cast.actor("dafydd", session), item)
    assert states(session, cast)["2.4"].value == "met"


def test_its_author_takes_it_back_until_somebody_has_opened_it(session: Session, cast: Cast) -> None:
    """Then it is a draft of theirs again, with its claims as they were."""
    item, marguerite = put_on_record(session, cast), cast.actor("marguerite", session)
    submitting.withdraw(session, marguerite, session.get_one(Submission, item.submission_id))
    evidence = item.version.evidence
    assert (evidence.state, evidence.current, evidence.latest.no) == (EvidenceState.DRAFT, None, 2)
    assert evidence.ref not in refs(session, cast, "amina")
    claims = select(Claim.origin).where(Claim.evidence_version_id == evidence.latest.id)
    assert list(session.scalars(claims)) == [Origin.ASSESSOR]
    again = submitting.put_on_record(session, marguerite, evidence, declared=DECLARED)
    marking.open_item(session, cast.actor("tobias", session), again.items[0])
    with pytest.raises(InvalidState, match="opened this already"):
        submitting.withdraw(session, marguerite, again)
