"""The gate: what is in an item's way, and that nothing passes it."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portfolio.accounts.actors import Actor
from portfolio.anonymise.findings import Known as KnownWords
from portfolio.anonymise.findings import Label
from portfolio.assessment import submitting
from portfolio.assessment.rules import BY_LEARNER
from portfolio.errors import Rejected
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.mapping import actions as mapping
from portfolio.screening import deciding, scanning
from portfolio.screening.checking import check_content
from portfolio.screening.gate_queries import in_the_way
from portfolio.screening.known import save_lists
from portfolio.screening.models import Finding, Scan
from portfolio.screening.rules import Reason, ScanState
from tests.cast import Cast, wanted
from tests.screening.asking import leave_it_to_administrators
from tests.screening.items import draft, entity_of, found_in, with_file


@pytest.fixture
def amina(session: Session, cast: Cast) -> Actor:
    """The learner."""
    return cast.actor("amina", session)


def mapped(session: Session, cast: Cast, evidence: Evidence) -> Evidence:
    """The item, claimed for a criterion."""
    claims = wanted(session, evidence.enrolment, {"1.1": "It shows how it was put right."})
    mapping.map_to(session, cast.actor("amina", session), evidence, wanted=claims)
    return evidence


def hand_in(session: Session, amina: Actor, evidence: Evidence) -> None:
    """The learner hands it in."""
    submitting.submit(session, amina, evidence.enrolment, evidence_ids=[evidence.id], declared=set(BY_LEARNER))


def test_nothing_undecided_goes_in(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = mapped(session, cast, draft(session, cast))
    with pytest.raises(Rejected, match=rf"{evidence.ref} may point to a real person in 5 places") as refused:
        hand_in(session, amina, evidence)
    assert refused.value.field == "items"
    assert in_the_way(session, [evidence.id])[evidence.id].findings == {Label.PERSON: 4, Label.PHONE: 1}
    assert evidence.latest.is_draft


def test_what_is_decided_goes_in(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = mapped(session, cast, draft(session, cast))
    deciding.replace(session, amina, evidence, entity_of(session, evidence, "Mrs Quillfeather").uid)
    left = [row.uid for row in found_in(session, evidence)]
    deciding.keep(session, amina, evidence, finding_uids=left, reason=Reason.AGREED)
    assert in_the_way(session, [evidence.id]) == {}
    hand_in(session, amina, evidence)
    assert evidence.latest.is_handed_in
    session.commit()


@pytest.mark.parametrize("made", ["never", "by an older release", "of other words"])
def test_no_scan_is_believed_that_is_old(session: Session, cast: Cast, amina: Actor, made: str) -> None:
    """As in a database that was upgraded, or where words were changed past the actions."""
    evidence = mapped(session, cast, draft(session, cast, "Nobody is named.", "A title"))
    if made == "never":
        session.execute(delete(Scan))
    elif made == "by an older release":
        session.execute(update(Scan).values(detector="0 c0.l0 0"))
    session.execute(
        update(EvidenceVersion).where(EvidenceVersion.id == evidence.latest.id).values(body="Mrs Quillfeather rang.")
    )
    session.expire_all()
    with pytest.raises(Rejected, match="in 1 place"):
        hand_in(session, amina, evidence)


def test_words_that_cannot_be_looked_through_are_said(
    session: Session, cast: Cast, amina: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes in no more than it would with what they may say; nothing says that it only has to be waited for."""
    evidence = mapped(session, cast, draft(session, cast, "Nobody is named.", "A title"))
    session.execute(delete(Scan))
    session.expire_all()

    def fails(*_arguments: object) -> None:
        raise RecursionError

    with monkeypatch.context() as planted:
        planted.setattr(scanning, "find", fails)
        with pytest.raises(Rejected, match="has words that could not be looked through") as refused:
            hand_in(session, amina, evidence)
    assert "still being" not in str(refused.value)
    hand_in(session, amina, evidence)


def settle_content(session: Session, evidence: Evidence, state: ScanState = ScanState.DONE) -> Scan:
    """The item's only content was looked through with the lists of today."""
    scan = session.scalars(select(Scan).where(Scan.item_uid == evidence.uid, Scan.source != "")).one()
    scan.state, scan.detector = state, scanning.known_of(session, evidence.enrolment).detector
    session.flush()
    return scan


@pytest.mark.parametrize("since", ["the centre's list", "the learner's list", "who decides", "an older release"])
def test_no_look_into_a_file_is_believed_that_is_old(session: Session, cast: Cast, amina: Actor, since: str) -> None:
    """It is asked for once more, and the item waits for that; then it goes in."""
    evidence = mapped(session, cast, with_file(session, cast, b"Wilma Otter"))
    scan = settle_content(session, evidence)
    enrolment, known = evidence.enrolment, KnownWords(people=("Wilma Otter",))
    assert in_the_way(session, [evidence.id]) == {}
    if since == "the centre's list":
        save_lists(session, cast.actor("ada", session), enrolment.centre, known, rev=0)
    elif since == "the learner's list":
        save_lists(session, amina, enrolment.centre, known, rev=0, enrolment=enrolment)
    elif since == "who decides":
        leave_it_to_administrators(session, cast)
    else:
        scan.detector = "0 c0.l0 0"
    session.flush()
    with pytest.raises(Rejected, match="1 file still being looked through"):
        hand_in(session, amina, evidence)
    assert scan.state is ScanState.WAITING
    settle_content(session, evidence)
    hand_in(session, amina, evidence)


def test_a_file_waits_to_be_looked_through(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = mapped(session, cast, with_file(session, cast, b"Dear Mrs Quillfeather"))
    with pytest.raises(Rejected, match="1 file still being looked through"):
        hand_in(session, amina, evidence)
    session.execute(delete(Scan).where(Scan.source != ""))
    with pytest.raises(Rejected, match="1 file still being looked through"):
        hand_in(session, amina, evidence)


def test_a_file_that_nobody_could_read_is_checked_by_its_maker(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = mapped(session, cast, with_file(session, cast, b"\x00\x01"))
    settle_content(session, evidence, ScanState.UNREADABLE)
    with pytest.raises(Rejected, match="has 1 file that nobody could read for you"):
        hand_in(session, amina, evidence)
    check_content(session, amina, evidence.latest.files[0])
    hand_in(session, amina, evidence)


def test_what_is_found_in_a_file_is_confirmed_or_kept(session: Session, cast: Cast, amina: Actor) -> None:
    """Confirmed, it stays in the way."""
    evidence = mapped(session, cast, with_file(session, cast, b"Dear Mrs Quillfeather"))
    named = draft(session, cast)
    scan = settle_content(session, evidence)
    entity = found_in(session, named)[0].entity
    row = Finding(
        scan_id=scan.id,
        entity_id=entity.id,
        item_uid=evidence.uid,
        place="text",
        start=5,
        end=21,
        label=Label.PERSON,
        confidence=90,
        reason="follows 'Dear'",
        token=found_in(session, named)[0].token,
    )
    session.add(row)
    session.flush()
    act = deciding.confirm(session, amina, evidence, [row.uid])
    with pytest.raises(Rejected, match="in 1 place"):
        hand_in(session, amina, evidence)
    deciding.undo(session, amina, evidence, act)
    deciding.keep(session, amina, evidence, finding_uids=[row.uid], reason=Reason.PUBLIC)
    hand_in(session, amina, evidence)
