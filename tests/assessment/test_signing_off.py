"""Signing off a unit: every rule and every right, what exactly is signed, and that nothing signed changes after it."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.rules import Role
from portfolio.assessment import choosing, marking, submitting
from portfolio.assessment.models import Judgement, Signature, SubmissionItem, UnitDecision
from portfolio.assessment.rules import Lack, UnitDecisionKind, check_signer, what_lacks
from portfolio.assessment.sign_off_queries import decisions_on, signed_among
from portfolio.assessment.signing_off import REOPENING, decision_facts, reopen, sign_off, signature_facts
from portfolio.audit.events import facts_digest
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import Duty
from portfolio.errors import Conflict, Forbidden, InvalidState, Rejected
from portfolio.evidence import amending
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.mapping import actions as mapping
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import Outcome
from tests import screened
from tests.assessment import desk, signing
from tests.assessment.packs import changed_pack, load_changed
from tests.cast import EVERYTHING, Cast, add_file, wanted

NOTHING: dict[str, list[tuple[int, str]]] = {"unmet": [], "waiting": [], "uncountersigned": [], "hidden": []}


def test_nothing_lacks_of_a_unit_that_is_met_throughout() -> None:
    assert what_lacks(is_signed_off=False, is_outline=False, **NOTHING) == []


@pytest.mark.parametrize(
    ("kind", "one", "two"),
    [
        ("unmet", "1.1 is not met yet.", "1.1 and 1.2 are not met yet."),
        ("waiting", "1.1 waits for a decision.", "1.1 and 1.2 wait for a decision."),
        ("uncountersigned", "1.1 awaits a countersignature.", "1.1 and 1.2 await a countersignature."),
        ("hidden", "1.1 is hidden while personal data is taken out.",
         "1.1 and 1.2 are hidden while personal data is taken out."),
    ],
)  # fmt: skip
def test_what_lacks_is_said_in_a_sentence(kind: str, one: str, two: str) -> None:
    for about, sentence in (([(1, "1.1")], one), ([(1, "1.1"), (2, "1.2")], two)):
        found = what_lacks(is_signed_off=False, is_outline=False, **NOTHING | {kind: about})
        assert [(lack.kind, lack.sentence, lack.about) for lack in found] == [(kind, sentence, tuple(about))]


def test_all_that_lacks_is_told_at_once() -> None:
    found = what_lacks(is_signed_off=False, is_outline=False, **{kind: [(1, "x")] for kind in NOTHING})
    assert [lack.kind for lack in found] == list(NOTHING)


def test_of_a_unit_that_is_signed_off_or_an_outline_nothing_else_is_told() -> None:
    told = NOTHING | {"unmet": [(1, "1.1")]}
    assert what_lacks(is_signed_off=True, is_outline=False, **told) == [
        Lack("signed_off", "The {unit} is signed off already.")
    ]
    [outline] = what_lacks(is_signed_off=False, is_outline=True, **told)
    assert (outline.kind, outline.sentence) == (
        "outline",
        "The {unit} is known in outline only, so there is nothing to sign off yet.",
    )


@pytest.mark.parametrize("wrong", ["is_learner", "is_assessor", "is_qualified", "is_allocated"])
def test_each_thing_that_a_signer_must_be(wrong: str) -> None:
    right = {"is_learner": False, "is_assessor": True, "is_qualified": True, "is_allocated": True}
    check_signer(**right)
    with pytest.raises(Forbidden):
        check_signer(**right | {wrong: not right[wrong]})


def test_what_exactly_was_signed_is_under_the_signature(cast: Cast, session: Session) -> None:
    unit = signing.all_met(session, cast)
    decision = signing.sign(session, cast, unit)
    signature = signing.signature_of(session, decision)
    judgements = {j.digest: j for j in session.scalars(select(Judgement))}
    signed = signature.signed
    assert signed["decision"] == decision_facts(decision)
    assert signed["unit"] == {"uid": unit.uid, "code": "HRCC", "content": unit.unit.content_sha}
    assert signed["enrolment"] == unit.enrolment.uid
    assert signed["learner"] == unit.enrolment.learner.uid
    assert signed["tally"] == {"met": 17, "needs_more": 0, "claimed": 0, "gap": 0}
    assert len(signed["criteria"]) == 17
    version = session.get_one(SubmissionItem, cast.items[signing.ITEM]).version
    for line in signed["criteria"]:
        [meeting] = line["met_by"]
        judgement = judgements[meeting["judgement"]]
        assert (judgement.claim.criterion.code, judgement.claim.uid) == (line["code"], meeting["claim"])
        assert (meeting["item"], meeting["version"], meeting["version_digest"]) == ("E001", 1, version.digest)
    assert (signature.role_word, signature.person.name) == ("assessor", "Marguerite Okonkwo-Lindqvist")
    assert "all 17 criteria are met" in signature.statement
    assert signature.digest == facts_digest(signature_facts(signature))


def test_one_entry_tells_of_it_with_the_digest(cast: Cast, session: Session) -> None:
    unit = signing.all_met(session, cast)
    before = desk.verbs(session, cast, "ben")
    decision = signing.sign(session, cast, unit)
    assert desk.verbs(session, cast, "ben") == [*before, "unit.sign_off"]
    event, said = session.execute(
        select(AuditEvent, AuditText.text)
        .join(AuditText, AuditText.event_id == AuditEvent.id)
        .where(AuditEvent.verb == "unit.sign_off")
    ).one()
    assert event.subject == f"unit_decision:{decision.uid}"
    assert said == {"unit": "HRCC", "no": 1, "digest": signing.signature_of(session, decision).digest}


def test_a_criterion_that_is_not_met_keeps_the_unit_open(cast: Cast, session: Session) -> None:
    signing.decided(session, cast, signing.all_handed_in(session, cast, but=("4.3",)))
    with pytest.raises(InvalidState, match=r"4\.3 is not met yet\."):
        signing.sign(session, cast, signing.unit_of(session, cast))


def test_an_outline_is_not_signed_off(cast: Cast, session: Session) -> None:
    unit = signing.unit_of(session, cast)
    row = signing.another_unit(session, unit, "OUT", is_outline=True)
    with pytest.raises(InvalidState, match="known in outline only"):
        signing.sign(session, cast, row)


def test_what_waits_for_a_decision_keeps_the_unit_open(cast: Cast, session: Session) -> None:
    """Also once somebody has begun with it; not once it is taken back."""
    unit = signing.all_met(session, cast)
    waiting = desk.handed_in_by(session, cast, "ben", "One more", {"1.1": "And again."})
    with pytest.raises(InvalidState, match=r"^E002 waits for a decision\.$"):
        signing.sign(session, cast, unit)
    submitting.withdraw(session, cast.actor("ben", session), waiting.submission)
    assert signing.sign(session, cast, unit).no == 1


def test_what_is_being_marked_keeps_the_unit_open(cast: Cast, session: Session) -> None:
    unit = signing.all_met(session, cast)
    desk.handed_in_by(session, cast, "ben", "One more", {"1.1": "And again."})
    desk.opened(session, cast, "marguerite", "ben E002")
    with pytest.raises(InvalidState, match="E002 waits for a decision"):
        signing.sign(session, cast, unit)


def test_what_awaits_a_countersignature_keeps_the_unit_open(cast: Cast, session: Session) -> None:
    unit = signing.all_met(session, cast)
    desk.allocate_row(session, cast, "tobias", "ben")
    more = desk.handed_in_by(session, cast, "ben", "One more", {"1.1": "And again."})
    signing.decided(session, cast, more, by="tobias")
    with pytest.raises(InvalidState, match=r"^E002 awaits a countersignature\.$"):
        signing.sign(session, cast, unit)


def test_a_hidden_item_keeps_the_unit_open(cast: Cast, session: Session) -> None:
    unit = signing.all_met(session, cast)
    evidence = session.get_one(Evidence, cast.evidence[signing.ITEM])
    amending.hide(session, cast.actor("iris", session), evidence, words="A name on page 1")
    with pytest.raises(InvalidState, match=r"^E001 is hidden while personal data is taken out\.$"):
        signing.sign(session, cast, unit)
    amending.show_again(session, cast.actor("iris", session), evidence, reason="It was the learner's own name.")
    assert signing.sign(session, cast, unit).no == 1


def test_it_is_not_signed_off_twice(cast: Cast, session: Session) -> None:
    unit = signing.signed(session, cast)
    with pytest.raises(InvalidState, match="signed off already"):
        signing.sign(session, cast, unit)


def test_something_must_be_said(cast: Cast, session: Session) -> None:
    unit = signing.all_met(session, cast)
    with pytest.raises(Rejected) as refused:
        sign_off(
            session,
            cast.actor("marguerite", session),
            unit,
            statement=" ",
            seen_digest=signing.found(session, unit).seen,
        )
    assert refused.value.field == "statement"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("ben", "Nobody signs off their own unit"),
        ("tobias", "Only a qualified assessor"),
        ("iris", "Only a qualified assessor"),
        ("ada", "Only a qualified assessor"),
        ("ewan", "Only a qualified assessor"),
        ("dafydd", "not allocated"),
        ("oscar", "not allocated"),
    ],
)
def test_whoever_may_not_is_refused(cast: Cast, session: Session, name: str, why: str) -> None:
    unit = signing.all_met(session, cast)
    desk.allocate_row(session, cast, "tobias", "ben")
    desk.allocate_row(session, cast, "dafydd", "ben", Duty.COUNTERSIGN)
    with pytest.raises(Forbidden, match=why):
        signing.sign(session, cast, unit, by=name)
    assert session.scalar(select(func.count()).select_from(UnitDecision)) == 0


def test_an_assessor_who_is_the_learner_is_refused(cast: Cast, session: Session) -> None:
    unit = signing.all_met(session, cast)
    desk.give_role(session, cast, "ben", Role.ASSESSOR)
    desk.set_qualified(session, cast, "ben", qualified=True)
    desk.allocate_row(session, cast, "ben", "ben")
    with pytest.raises(Forbidden, match="their own unit"):
        signing.sign(session, cast, unit, by="ben")
    with pytest.raises(Forbidden, match="their own unit"):
        signing.sign(session, cast, unit, by="ben")


def test_an_allocation_to_this_unit_is_enough_and_one_to_another_is_not(cast: Cast, session: Session) -> None:
    unit, other = signing.all_met(session, cast), signing.unit_of(session, cast, "amina")
    desk.allocate_row(session, cast, "dafydd", "ben", unit_id=other.id)
    with pytest.raises(Forbidden, match="not allocated to this unit"):
        signing.sign(session, cast, unit, by="dafydd")
    desk.allocate_row(session, cast, "dafydd", "ben", unit_id=unit.id)
    assert signing.sign(session, cast, unit, by="dafydd").by_id == cast.people["dafydd"]


def test_an_allocation_that_is_over_counts_no_more(cast: Cast, session: Session) -> None:
    unit = signing.all_met(session, cast)
    for row in unit.enrolment.allocations:
        row.until = clock.today()
    session.flush()
    with pytest.raises(Forbidden, match="not allocated"):
        signing.sign(session, cast, unit)


def test_what_changed_since_the_page_was_opened_is_told_and_not_signed(cast: Cast, session: Session) -> None:
    unit = signing.all_met(session, cast)
    seen = signing.found(session, unit)
    more = desk.handed_in_by(session, cast, "ben", "One more", {"1.1": "And again."})
    signing.decided(session, cast, more)
    with pytest.raises(Conflict) as conflict:
        sign_off(session, cast.actor("marguerite", session), unit, statement=seen.statement, seen_digest=seen.seen)
    assert conflict.value.theirs == {"1.1": "Met by E001 version 1 and E002 version 1."}
    assert session.scalar(select(func.count()).select_from(Signature)) == 0


def test_a_page_from_before_a_reopening_is_out_of_date(cast: Cast, session: Session) -> None:
    unit = signing.all_met(session, cast)
    seen = signing.found(session, unit)
    signing.sign(session, cast, unit)
    signing.reopened(session, cast, unit)
    with pytest.raises(Conflict) as conflict:
        sign_off(session, cast.actor("marguerite", session), unit, statement=seen.statement, seen_digest=seen.seen)
    assert conflict.value.theirs == {}
    assert signing.sign(session, cast, unit).no == 3


def test_opening_it_again_is_a_signed_act_with_a_reason(cast: Cast, session: Session) -> None:
    unit = signing.signed(session, cast)
    [first] = decisions_on(session, [unit.id])[unit.id]
    decision = signing.reopened(session, cast, unit)
    assert (decision.kind, decision.no, decision.supersedes_id) == (UnitDecisionKind.REOPENED, 2, first.id)
    signature = signing.signature_of(session, decision)
    assert (signature.statement, signature.role_word) == (REOPENING, "internal quality assurer")
    assert signature.signed["opens"] == first.digest
    assert signature.signed["decision"]["reason"] == "The standard for 2.1 was read too kindly."
    assert desk.verbs(session, cast, "ben")[-2:] == ["unit.sign_off", "unit.reopen"]
    again = signing.sign(session, cast, unit)
    assert (again.no, again.supersedes_id) == (3, decision.id)
    assert [row.kind for row in decisions_on(session, [unit.id])[unit.id]] == [
        UnitDecisionKind.SIGNED_OFF,
        UnitDecisionKind.REOPENED,
        UnitDecisionKind.SIGNED_OFF,
    ]


@pytest.mark.parametrize("reason", [" \n", "x" * 501])
def test_a_reason_is_needed_and_kept_short(cast: Cast, session: Session, reason: str) -> None:
    unit = signing.signed(session, cast)
    with pytest.raises(Rejected) as refused:
        reopen(session, cast.actor("iris", session), unit, reason=reason)
    assert refused.value.field == "reason"
    assert unit.id in signed_among(session, [unit.id])


def test_what_is_open_is_not_opened_again(cast: Cast, session: Session) -> None:
    unit = signing.all_met(session, cast)
    with pytest.raises(InvalidState, match="not signed off"):
        signing.reopened(session, cast, unit)
    signing.sign(session, cast, unit)
    signing.reopened(session, cast, unit)
    with pytest.raises(InvalidState, match="not signed off"):
        signing.reopened(session, cast, unit)


def test_nobody_opens_their_own_unit_again(cast: Cast, session: Session) -> None:
    unit = signing.signed(session, cast)
    desk.give_role(session, cast, "ben", Role.ADMINISTRATOR)
    with pytest.raises(Forbidden, match="their own unit"):
        signing.reopened(session, cast, unit, by="ben")


def test_only_what_is_signed_off_now_counts_as_signed(cast: Cast, session: Session) -> None:
    unit, other = signing.signed(session, cast), signing.unit_of(session, cast, "amina")
    found = signed_among(session, [unit.id, other.id])
    assert {id_: row.title for id_, row in found.items()} == {unit.id: unit.unit.title}
    signing.reopened(session, cast, unit)
    assert signed_among(session, [unit.id, other.id]) == {}


def test_nothing_with_claims_in_it_is_handed_in(cast: Cast, session: Session) -> None:
    unit, ben = signing.signed(session, cast), session.get_one(Enrolment, cast.enrolments["ben"])
    more = add_file(session, cast.installation, cast, "ben", "One more", b"more")
    mapping.map_to(session, cast.actor("ben", session), more, wanted=wanted(session, ben, {"1.1": "And again."}))
    screened.look_through(session, cast.installation.store, more)
    with session.begin_nested() as tried:
        with pytest.raises(InvalidState, match="is signed off"):
            submitting.submit(session, cast.actor("ben", session), ben, evidence_ids=[more.id], declared=EVERYTHING)
        tried.rollback()
    signing.reopened(session, cast, unit)
    submitting.submit(session, cast.actor("ben", session), ben, evidence_ids=[more.id], declared=EVERYTHING)
    assert [lack.kind for lack in signing.found(session, unit).lacks] == ["waiting"]


def test_a_new_version_of_what_it_stands_on_is_not_handed_in_even_without_claims_in_it(
    cast: Cast, session: Session
) -> None:
    """The version that was judged would no longer be the current one."""
    ben = session.get_one(Enrolment, cast.enrolments["ben"])
    unit = signing.signed(session, cast)
    other = signing.another_unit(session, unit, "ELSE")
    evidence = session.get_one(Evidence, cast.evidence[signing.ITEM])
    draft = mapping.revise(session, cast.actor("ben", session), evidence)
    for claim in session.scalars(select(Claim).where(Claim.evidence_version_id == draft.id)):
        claim.enrolment_unit_id = other.id
    session.flush()
    with pytest.raises(InvalidState, match="is signed off"):
        submitting.submit(session, cast.actor("ben", session), ben, evidence_ids=[evidence.id], declared=EVERYTHING)


def close(session: Session, cast: Cast, unit: EnrolmentUnit) -> None:
    """Sign it off as a row, where the action would not."""
    session.add(
        UnitDecision(
            enrolment_unit_id=unit.id,
            no=1,
            kind=UnitDecisionKind.SIGNED_OFF,
            by_id=cast.people["marguerite"],
            decided_at=clock.now(),
        )
    )
    session.flush()


def test_no_judgement_on_it_is_released(cast: Cast, session: Session) -> None:
    handed_in = desk.opened(session, cast, "marguerite")
    desk.save(session, cast, "marguerite", handed_in, Outcome.MET, Outcome.MET)
    close(session, cast, signing.unit_of(session, cast, "amina"))
    with pytest.raises(InvalidState, match="is signed off"):
        marking.release(session, cast.actor("marguerite", session), handed_in)


def test_no_decision_on_it_is_countersigned(cast: Cast, session: Session) -> None:
    handed_in = desk.opened(session, cast, "tobias")
    desk.judged(session, cast, "tobias", handed_in, Outcome.MET, Outcome.MET)
    close(session, cast, signing.unit_of(session, cast, "amina"))
    with pytest.raises(InvalidState, match="is signed off"):
        marking.countersign(session, cast.actor("dafydd", session), handed_in)


def test_it_is_not_moved_to_newer_criteria(cast: Cast, session: Session) -> None:
    unit, ada = signing.signed(session, cast), cast.actor("ada", session)
    newer = load_changed(session, ada, unit.enrolment, changed_pack(added="4.9"))
    with pytest.raises(InvalidState, match="is signed off"):
        choosing.move_unit(session, ada, unit, to=newer)
    signing.reopened(session, cast, unit)
    choosing.move_unit(session, ada, unit, to=newer)
    assert [lack.sentence for lack in signing.found(session, unit).lacks] == ["4.9 is not met yet."]


def test_it_is_not_dropped(cast: Cast, session: Session) -> None:
    unit = signing.signed(session, cast)
    with pytest.raises(InvalidState, match="is signed off"):
        choosing.choose_units(session, cast.actor("ada", session), unit.enrolment, unit_version_ids=[])


def test_drafts_may_still_be_mapped_to_it(cast: Cast, session: Session) -> None:
    signing.signed(session, cast)
    ben = session.get_one(Enrolment, cast.enrolments["ben"])
    draft = add_file(session, cast.installation, cast, "ben", "For later", b"later")
    mapping.map_to(session, cast.actor("ben", session), draft, wanted=wanted(session, ben, {"1.1": "Later."}))
    assert session.scalar(select(func.count()).where(Claim.evidence_version_id == draft.latest.id)) == 1


def test_personal_data_is_still_taken_out_and_the_signature_keeps_what_was_signed(cast: Cast, session: Session) -> None:
    unit = signing.signed(session, cast)
    evidence = session.get_one(Evidence, cast.evidence[signing.ITEM])
    amending.hide(session, cast.actor("iris", session), evidence, words="A name on page 1")
    [decision] = decisions_on(session, [unit.id])[unit.id]
    version = session.scalars(select(EvidenceVersion).where(EvidenceVersion.evidence_id == evidence.id)).one()
    assert decision.signed["criteria"][0]["met_by"][0]["version_digest"] == version.digest
    assert unit.id in signed_among(session, [unit.id])
