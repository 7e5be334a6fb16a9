"""Further criteria on what was handed in: they go in, are judged and are taken back by themselves."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from portfolio.assessment import marking, submitting
from portfolio.assessment.decided_queries import item_of as item_for
from portfolio.assessment.handing_queries import handings_of
from portfolio.assessment.learner_queries import claims_seen, further_seen, portfolio_of
from portfolio.assessment.models import Submission
from portfolio.assessment.moving import mapped_to
from portfolio.assessment.rules import Declaration, ItemState, Mark, SubmissionState
from portfolio.assessment.worklist import TaskKind
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import EnrolmentState
from portfolio.errors import InvalidState, Rejected
from portfolio.evidence import amending
from portfolio.evidence.actions import version_facts
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import EvidenceState
from portfolio.mapping import actions as mapping
from portfolio.mapping.item_queries import ready_drafts
from portfolio.mapping.queries import claims_of, mapped
from portfolio.mapping.rules import Outcome
from tests.assessment.desk import judged, opened, states
from tests.assessment.further import claim_further, claims_of_submission, further_item, hand_in_further, item_of
from tests.cast import ALL_TICKED, EVERYTHING, Cast, item


def state_in(evidence: Evidence) -> EvidenceState:
    """Where an item stands now."""
    return evidence.state


def test_further_criteria_go_in_by_themselves(cast: Cast, session: Session) -> None:
    """On the same version, which stays as it was; the trail tells the item, its version and the claims."""
    evidence = item_of(session, cast, "amina E001")
    version, before = evidence.latest, version_facts(evidence.latest)
    handed = further_item(session, cast)
    session.commit()
    assert (handed.evidence_version_id, handed.is_further, handed.state) == (version.id, True, ItemState.WAITING)
    assert (evidence.latest, version_facts(version)) == (version, before)
    assert evidence.state is EvidenceState.SUBMITTED
    assert set(claims_of_submission(session, handed.submission)) == {"4.1", "4.2"}
    assert [c.criterion.code for c in marking.claims_on(session, item(session, cast, "amina E001"))] == ["1.1", "1.2"]
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    said = session.get_one(AuditText, event.id).text
    assert (event.verb, said["items"]) == ("submission.submit", [])
    [[ref, number, digest, claims]] = said["further"]
    assert (ref, number, digest, len(claims)) == ("E001", 1, version.digest, 64)
    assert states(session, cast)["4.1"].value == "claimed"
    assert states(session, cast)["1.1"].value == "met"


def test_a_draft_and_further_criteria_go_in_together(cast: Cast, session: Session) -> None:
    claim_further(session, cast, "amina E001", {"4.1": "It says so."})
    submission = hand_in_further(session, cast, "amina E001", "amina E003")
    session.commit()
    assert [(i.version.evidence.ref, i.is_further) for i in submission.items] == [("E001", True), ("E003", False)]


def test_before_they_go_in_they_count_for_nothing(cast: Cast, session: Session) -> None:
    """For nobody but their maker, who has them in the work list."""
    evidence = claim_further(session, cast, "amina E001", {"4.1": "It says so.", "4.2": "It shows it."})
    version_id = evidence.latest.id
    assert "4.1" not in states(session, cast)
    assert mapped(session, [version_id])[version_id].codes == ("1.1", "1.2")
    assert [claim.code for claim in claims_seen(session, version_id)] == ["1.1", "1.2"]
    assert [claim.code for claim in further_seen(session, version_id)] == ["4.1", "4.2"]
    enrolment_id = cast.enrolments["amina"]
    assert list(ready_drafts(session, enrolment_id, cast.people["amina"]).values()) == ["E001", "E003"]
    work = portfolio_of(session, enrolment_id, cast.people["amina"]).work
    assert [(t.kind, t.ref, t.codes) for t in work.items if t.is_further] == [
        (TaskKind.HAND_IN, "E001", ("4.1", "4.2"))
    ]
    assert not {"4.1", "4.2"} & {gap.code for gap in work.gaps}
    assert not [task for task in work.items if task.replaces]


def test_what_says_nothing_yet_is_to_be_explained_first(cast: Cast, session: Session) -> None:
    claim_further(session, cast, "amina E001", {"4.1": "", "4.2": "It shows it."})
    work = portfolio_of(session, cast.enrolments["amina"], cast.people["amina"]).work
    assert [(t.kind, t.codes) for t in work.items if t.is_further] == [(TaskKind.EXPLAIN, ("4.1",))]
    assert list(ready_drafts(session, cast.enrolments["amina"], cast.people["amina"]).values()) == ["E003"]
    with pytest.raises(Rejected, match=r"Say how E001 meets 4\.1"):
        hand_in_further(session, cast, "amina E001")


def test_without_further_claims_nothing_goes_in_again(cast: Cast, session: Session) -> None:
    with pytest.raises(InvalidState, match="E001 has been handed in already"):
        hand_in_further(session, cast, "amina E001")
    claim_further(session, cast, "amina E001", {"4.1": "It says so."})
    hand_in_further(session, cast, "amina E001")
    with pytest.raises(InvalidState, match="E001 has been handed in already"):
        hand_in_further(session, cast, "amina E001")


def test_every_declaration_is_needed_for_them_too(cast: Cast, session: Session) -> None:
    claim_further(session, cast, "amina E001", {"4.1": "It says so."})
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    with pytest.raises(Rejected) as refused:
        submitting.submit(
            session,
            cast.actor("amina", session),
            enrolment,
            evidence_ids=[cast.evidence["amina E001"]],
            declared={Declaration.OWN_WORK, Declaration.AI_USE},
        )
    assert refused.value.field == "confidential"


def test_nobody_else_hands_them_in(cast: Cast, session: Session) -> None:
    claim_further(session, cast, "amina E001", {"4.1": "It says so."})
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    with pytest.raises(Rejected, match="no longer there"):
        submitting.submit(
            session,
            cast.actor("ben", session),
            enrolment,
            evidence_ids=[cast.evidence["amina E001"]],
            declared=EVERYTHING,
        )


def test_they_alone_are_judged(cast: Cast, session: Session) -> None:
    """What was decided before stands, and the item is marked again."""
    handed = further_item(session, cast)
    marguerite = cast.actor("marguerite", session)
    marking.open_item(session, marguerite, handed)
    assert [claim.criterion.code for claim in marking.claims_on(session, handed)] == ["4.1", "4.2"]
    judged(session, cast, "marguerite", handed, Outcome.MET, Outcome.INSUFFICIENT)
    session.commit()
    assert handed.version.evidence.state is EvidenceState.MARKED
    found = {code: state.value for code, state in states(session, cast).items()}
    assert (found["1.1"], found["1.2"], found["4.1"], found["4.2"]) == ("met", "needs_more", "met", "needs_more")


def test_the_item_waits_while_one_of_two_does(cast: Cast, session: Session) -> None:
    """Whichever is released first."""
    first = opened(session, cast, "marguerite")
    second = further_item(session, cast, "amina E002")
    evidence = second.version.evidence
    judged(session, cast, "marguerite", first, Outcome.MET, Outcome.MET)
    assert state_in(evidence) is EvidenceState.SUBMITTED
    assert item_for(session, second.evidence_version_id) is second
    marking.open_item(session, cast.actor("marguerite", session), second)
    judged(session, cast, "marguerite", second, Outcome.MET, Outcome.MET)
    session.commit()
    assert state_in(evidence) is EvidenceState.MARKED
    handings = handings_of(session, second.evidence_version_id)
    assert [(one.is_further, one.released_at is not None) for one in handings] == [(False, True), (True, True)]


def test_a_trainees_decision_on_them_waits_for_its_countersignature(cast: Cast, session: Session) -> None:
    handed = further_item(session, cast)
    marking.open_item(session, cast.actor("tobias", session), handed)
    judged(session, cast, "tobias", handed, Outcome.MET, Outcome.MET)
    assert state_in(handed.version.evidence) is EvidenceState.SUBMITTED
    assert [one.awaits_countersignature for one in handings_of(session, handed.evidence_version_id)] == [False, True]
    marking.countersign(session, cast.actor("dafydd", session), handed)
    assert state_in(handed.version.evidence) is EvidenceState.MARKED


def test_taken_back_they_are_drafts_again(cast: Cast, session: Session) -> None:
    """With what they said, on the version that stays as it was; they can go in anew."""
    handed = further_item(session, cast)
    evidence, version, kept = (
        handed.version.evidence,
        handed.version,
        dict(claims_of_submission(session, handed.submission)),
    )
    submitting.withdraw(session, cast.actor("amina", session), handed.submission)
    session.commit()
    assert (handed.state, handed.submission.state) == (ItemState.WITHDRAWN, SubmissionState.WITHDRAWN)
    assert (evidence.state, evidence.latest, version.withdrawn_at) == (EvidenceState.MARKED, version, None)
    assert {claim.submission_id for claim in kept.values()} == {None}
    assert {text.annotation for text in claims_of(session, version.id).values()} == {"It says so.", "It shows it."}
    assert "4.1" not in states(session, cast)
    assert [one.is_further for one in handings_of(session, version.id)] == [False]
    again = hand_in_further(session, cast, "amina E001")
    session.commit()
    assert claims_of_submission(session, again) == kept


def test_taking_them_back_leaves_an_item_waiting_that_waited(cast: Cast, session: Session) -> None:
    handed = further_item(session, cast, "amina E002")
    submitting.withdraw(session, cast.actor("amina", session), handed.submission)
    assert handed.version.evidence.state is EvidenceState.SUBMITTED


def test_opened_they_stay_in(cast: Cast, session: Session) -> None:
    handed = further_item(session, cast)
    marking.open_item(session, cast.actor("marguerite", session), handed)
    with pytest.raises(InvalidState, match="has opened this already"):
        submitting.withdraw(session, cast.actor("amina", session), handed.submission)


def test_what_they_were_claimed_on_stays_while_they_are_in(cast: Cast, session: Session) -> None:
    """The last that went in is taken back first."""
    amina, first = cast.actor("amina", session), session.get_one(Submission, cast.submissions["amina E002"])
    second = further_item(session, cast, "amina E002").submission
    with pytest.raises(InvalidState, match="Further criteria of E002 were handed in after this"):
        submitting.withdraw(session, amina, first)
    submitting.withdraw(session, amina, second)
    submitting.withdraw(session, amina, first)
    session.commit()
    evidence = item_of(session, cast, "amina E002")
    assert (evidence.state, evidence.latest.no) == (EvidenceState.DRAFT, 2)
    assert mapped(session, [evidence.latest.id])[evidence.latest.id].codes == ("2.1", "2.3", "4.1", "4.2")
    assert claims_of(session, evidence.versions[0].id) == {}


def test_taking_back_an_item_takes_its_further_drafts_along(cast: Cast, session: Session) -> None:
    evidence = claim_further(session, cast, "amina E002", {"4.1": ""})
    submission = session.get_one(Submission, cast.submissions["amina E002"])
    submitting.withdraw(session, cast.actor("amina", session), submission)
    session.commit()
    assert mapped(session, [evidence.latest.id])[evidence.latest.id].codes == ("2.1", "2.3", "4.1")
    assert claims_of(session, evidence.versions[0].id) == {}


def test_while_they_wait_no_new_version_begins(cast: Cast, session: Session) -> None:
    further_item(session, cast)
    with pytest.raises(InvalidState, match="with your assessor"):
        mapping.revise(session, cast.actor("amina", session), item_of(session, cast, "amina E001"))


def test_on_a_withdrawn_version_nothing_further_is_claimed(cast: Cast, session: Session) -> None:
    """A new version was handed in, taken back and discarded: the item has to be opened for one first."""
    amina, evidence = cast.actor("amina", session), item_of(session, cast, "amina E001")
    mapping.revise(session, amina, evidence)
    submitting.withdraw(session, amina, hand_in_further(session, cast, "amina E001"))
    mapping.discard(session, amina, evidence)
    with pytest.raises(InvalidState, match="Start a new version"):
        claim_further(session, cast, "amina E001", {"4.1": "It says so."})
    with pytest.raises(InvalidState):
        hand_in_further(session, cast, "amina E001")


def test_hidden_nothing_further_is_claimed_handed_in_or_taken_back(cast: Cast, session: Session) -> None:
    handed = further_item(session, cast, said={"4.1": "It says so."})
    claim_further(session, cast, "amina E001", {"4.2": "It shows it."})
    marguerite, amina = cast.actor("marguerite", session), cast.actor("amina", session)
    amending.hide(session, marguerite, handed.version.evidence, words="A name on page 1")
    for refused in (
        lambda: claim_further(session, cast, "amina E001", {"4.3": "More."}),
        lambda: hand_in_further(session, cast, "amina E001"),
        lambda: submitting.withdraw(session, amina, handed.submission),
    ):
        with pytest.raises(InvalidState, match="is hidden"):
            refused()
    assert not [t for t in portfolio_of(session, cast.enrolments["amina"], amina.person_id).work.items if t.is_further]


def test_the_database_lets_a_claim_go_only_with_its_withdrawn_submission(cast: Cast, session: Session) -> None:
    """Not one of the first submission, and not one that is still in."""
    handed = further_item(session, cast)
    for claim in (
        claims_of_submission(session, handed.submission)["4.1"],
        marking.claims_on(session, item(session, cast, "amina E001"))[0],
    ):
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(text("UPDATE claim SET submission_id = NULL WHERE id = :id"), {"id": claim.id})


def test_a_unit_that_only_drafts_are_claimed_for_says_so(cast: Cast, session: Session) -> None:
    """To whoever chooses units: the reference of what was handed in for another one is not told."""
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    evidence = claim_further(session, cast, "amina E001", {"4.1": "It says so."})
    [unit] = enrolment.units
    told = mapped_to(session, [unit.id])[unit.id]
    assert evidence.ref in told.refs
    assert (told.refs, told.drafts) == (("E001", "E002"), 1)


def test_released_to_the_learner_a_version_can_be_made_with_all_of_it(cast: Cast, session: Session) -> None:
    """The next version begins with what was judged in both submissions."""
    handed = further_item(session, cast)
    marking.open_item(session, cast.actor("marguerite", session), handed)
    judged(session, cast, "marguerite", handed, Outcome.MET, Outcome.MET)
    new = mapping.revise(session, cast.actor("amina", session), handed.version.evidence)
    assert mapped(session, [new.id])[new.id].codes == ("1.1", "1.2", "4.1", "4.2")
    submission = hand_in_further(session, cast, "amina E001")
    assert [one.is_further for one in submission.items] == [False]
    session.commit()


def test_a_claim_of_somebody_elses_submission_is_no_part_of_a_review(cast: Cast, session: Session) -> None:
    """What went in before cannot be judged with what went in later."""
    handed = further_item(session, cast)
    marking.open_item(session, cast.actor("marguerite", session), handed)
    before = marking.claims_on(session, item(session, cast, "amina E001"))[0]
    with pytest.raises(Rejected, match="not handed in with this item"):
        marking.save_review(
            session,
            cast.actor("marguerite", session),
            handed,
            varc=ALL_TICKED,
            marks=[Mark(before.id, Outcome.MET, True, "")],
            feedback="",
        )


def test_they_are_refused_once_the_enrolment_is_over(cast: Cast, session: Session) -> None:
    claim_further(session, cast, "amina E001", {"4.1": "It says so."})
    session.get_one(Enrolment, cast.enrolments["amina"]).state = EnrolmentState.COMPLETED
    session.flush()
    with pytest.raises(InvalidState, match="enrolment is over"):
        hand_in_further(session, cast, "amina E001")
    with pytest.raises(InvalidState, match="enrolment is over"):
        claim_further(session, cast, "amina E001", {"4.2": "It shows it."})
