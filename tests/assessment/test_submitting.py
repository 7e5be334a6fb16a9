"""Handing in freezes what is handed in; taking it back works until somebody has opened it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.assessment import submitting
from portfolio.assessment.models import Submission
from portfolio.assessment.rules import BY_LEARNER, Declaration, ItemState, SubmissionState
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState, Rejected
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import EvidenceState
from portfolio.mapping import actions as mapping
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import Outcome
from tests.assessment import desk, signing
from tests.assessment.desk import judged, opened, states, verbs
from tests.cast import EVERYTHING, Cast, wanted


def submit(
    session: Session, cast: Cast, *names: str, declared: set[Declaration] = EVERYTHING, by: str = "amina"
) -> Submission:
    """Hand in items by name."""
    enrolment = session.get_one(Enrolment, cast.enrolments[by])
    ids = [cast.evidence[name] for name in names]
    return submitting.submit(session, cast.actor(by, session), enrolment, evidence_ids=ids, declared=declared)


def evidence(session: Session, cast: Cast, name: str) -> Evidence:
    """An item by name."""
    return session.get_one(Evidence, cast.evidence[name])


def claims(session: Session, cast: Cast, name: str) -> list[Claim]:
    """The claims of an item's newest version."""
    version_id = evidence(session, cast, name).latest.id
    return list(session.scalars(select(Claim).where(Claim.evidence_version_id == version_id)))


def test_what_is_handed_in_is_frozen_with_its_claims(cast: Cast, session: Session) -> None:
    submission = submit(session, cast, "amina E003")
    assert (submission.no, submission.declarations) == (3, [d.value for d in BY_LEARNER])
    version = evidence(session, cast, "amina E003").latest
    assert version.is_handed_in
    assert len(version.digest) == 64
    assert [claim.submission_id for claim in claims(session, cast, "amina E003")] == [submission.id]
    assert evidence(session, cast, "amina E003").state is EvidenceState.SUBMITTED
    assert states(session, cast)["3.1"].value == "claimed"
    assert verbs(session, cast)[-1] == "submission.submit"
    session.commit()


def test_every_declaration_is_asked_for(cast: Cast, session: Session) -> None:
    with pytest.raises(Rejected) as refused:
        submit(session, cast, "amina E003", declared={Declaration.OWN_WORK})
    assert refused.value.field == "ai_use"


def test_nothing_unmapped_or_unexplained_goes_in(cast: Cast, session: Session) -> None:
    with pytest.raises(Rejected, match="E004 is not mapped"):
        submit(session, cast, "amina E003", "amina E004")
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    silent = wanted(session, enrolment, {"2.5": " ", "1.4": "It does.", "2.2": ""})
    mapping.map_to(session, cast.actor("amina", session), evidence(session, cast, "amina E004"), wanted=silent)
    with pytest.raises(Rejected, match=r"Say how E004 meets 2\.2 and 2\.5"):
        submit(session, cast, "amina E004")


def test_nothing_goes_in_twice_or_for_somebody_else(cast: Cast, session: Session) -> None:
    with pytest.raises(Rejected, match="at least one"):
        submit(session, cast)
    with pytest.raises(InvalidState, match="E002 has been handed in already"):
        submit(session, cast, "amina E002")
    with pytest.raises(Rejected, match="no longer there"):
        submit(session, cast, "olga E001")


def test_what_nobody_has_opened_can_be_taken_back(cast: Cast, session: Session) -> None:
    submission = session.get_one(Submission, cast.submissions["amina E002"])
    submitting.withdraw(session, cast.actor("amina", session), submission)
    assert submission.state is SubmissionState.WITHDRAWN
    assert [one.state for one in submission.items] == [ItemState.WITHDRAWN]
    item = evidence(session, cast, "amina E002")
    assert (item.state, len(item.versions), item.latest.is_draft, item.current) == (EvidenceState.DRAFT, 2, True, None)
    assert {c.annotation for c in claims(session, cast, "amina E002")} == {
        "I chose within my limit.",
        "She agreed on the phone.",
    }
    assert not {"2.1", "2.3"} & set(states(session, cast))
    with pytest.raises(InvalidState, match="withdrawn already"):
        submitting.withdraw(session, cast.actor("amina", session), submission)
    session.commit()
    assert submit(session, cast, "amina E002").no == 3
    assert states(session, cast)["2.1"].value == "claimed"
    session.commit()


def test_what_somebody_has_opened_stays_in(cast: Cast, session: Session) -> None:
    item = opened(session, cast, "marguerite")
    with pytest.raises(InvalidState, match="has opened this already"):
        submitting.withdraw(session, cast.actor("amina", session), item.submission)


def test_taking_back_a_revision_leaves_what_was_decided_before(cast: Cast, session: Session) -> None:
    amina = cast.actor("amina", session)
    judged(session, cast, "marguerite", opened(session, cast, "marguerite"), Outcome.MET, Outcome.MET)
    mapping.revise(session, amina, evidence(session, cast, "amina E002"))
    submission = submit(session, cast, "amina E002")
    assert states(session, cast)["2.1"].value == "claimed"
    submitting.withdraw(session, amina, submission)
    assert evidence(session, cast, "amina E002").state is EvidenceState.MARKED
    assert states(session, cast)["2.1"].value == "met"
    session.commit()


def test_what_would_count_again_in_a_signed_unit_is_not_withdrawn(cast: Cast, session: Session) -> None:
    """The unit was signed off while a new version, which claims nothing in it, stood before one that does."""
    unit = signing.all_met(session, cast)
    more = desk.handed_in_by(session, cast, "ben", "Second source", {"1.1": "And again."})
    signing.decided(session, cast, more)
    ben, elsewhere = cast.actor("ben", session), signing.another_unit(session, unit, "ELSE")
    draft = mapping.revise(session, ben, more.version.evidence)
    for claim in session.scalars(select(Claim).where(Claim.evidence_version_id == draft.id)):
        claim.enrolment_unit_id = elsewhere.id
    session.flush()
    newer = submit(session, cast, "ben E002", by="ben")
    signing.sign(session, cast, unit)
    signed = signing.found(session, unit).facts
    with pytest.raises(InvalidState, match="is signed off"):
        submitting.withdraw(session, ben, newer)
    assert newer.state is SubmissionState.SUBMITTED
    assert (newer.items[0].state, draft.withdrawn_at) == (ItemState.WAITING, None)
    assert signing.found(session, unit).facts == signed
    signing.reopened(session, cast, unit)
    submitting.withdraw(session, ben, newer)
    session.commit()
    first = signing.found(session, unit).lines[0]
    assert [one.ref for one in first.met_by] == ["E001", "E002"]
