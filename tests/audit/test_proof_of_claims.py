"""The proof of further claims and of self-checks, on both databases: nothing of them changes or goes unnamed."""

import pytest
from sqlalchemy import text

from portfolio import proof
from portfolio.assessment import marking, submitting
from portfolio.assessment.models import Submission
from portfolio.assessment.self_check import Answer
from portfolio.enrolment.models import Enrolment
from portfolio.mapping.rules import Outcome
from tests.assessment.desk import judged
from tests.assessment.further import claim_further, further_item, hand_in_further
from tests.cast import EVERYTHING, Cast
from tests.tampering import tamper

CHANGED = "the claims are not those that were handed in"
WITHDRAWN = "claims are withdrawn, or are not, against what the trail tells"


def faults(cast: Cast) -> set[str]:
    """What the proof says is wrong."""
    return {fault.what for fault in proof.verify(cast.installation.database, cast.installation.store).faults}


def spoil(cast: Cast, *statements: str) -> None:
    """Change rows as somebody with the disk would."""
    tamper(cast.installation.database, lambda session: [session.execute(text(one)) for one in statements])


def handed_in(cast: Cast) -> int:
    """Amina's further claims on E001, handed in; answers their submission."""
    with cast.installation.database.writing() as session:
        submission_id = further_item(session, cast).submission_id
        session.commit()
    return submission_id


def taken_back(cast: Cast) -> int:
    """The same, and taken back."""
    submission_id = handed_in(cast)
    with cast.installation.database.writing() as session:
        submitting.withdraw(session, cast.actor("amina", session), session.get_one(Submission, submission_id))
        session.commit()
    return submission_id


def test_further_claims_are_proved_in_every_state(cast: Cast) -> None:
    """Drafts, handed in, taken back, in again, judged, and beside a new version."""
    taken_back(cast)
    assert faults(cast) == set()
    with cast.installation.database.writing() as session:
        handed = hand_in_further(session, cast, "amina E001").items[0]
        claim_further(session, cast, "amina E001", {"4.3": "A draft."})
        marking.open_item(session, cast.actor("marguerite", session), handed)
        judged(session, cast, "marguerite", handed, Outcome.MET, Outcome.MET)
        session.commit()
    found = proof.verify(cast.installation.database, cast.installation.store)
    assert (found.faults, found.versions, found.judgements) == ((), 3, 4)


CHANGES = {
    "what a claim says": ("UPDATE claim SET annotation = 'x' WHERE submission_id = {id}", CHANGED),
    "the criterion of one": (
        "UPDATE claim SET criterion_id = 3 WHERE id = (SELECT max(id) FROM claim WHERE submission_id = {id})",
        CHANGED,
    ),
    "one that is gone": (
        "DELETE FROM claim WHERE id = (SELECT max(id) FROM claim WHERE submission_id = {id})",
        CHANGED,
    ),
    "one made a draft": (
        "UPDATE claim SET submission_id = NULL WHERE id = (SELECT max(id) FROM claim WHERE submission_id = {id})",
        CHANGED,
    ),
    "one of the first made a further one": (
        "UPDATE claim SET submission_id = {id} WHERE id = (SELECT min(id) FROM claim)",
        CHANGED,
    ),
    "one of a submission elsewhere": (
        "UPDATE claim SET submission_id = 2 WHERE submission_id = {id}",
        CHANGED,
    ),
    "that it is withdrawn": ("UPDATE submission SET state = 'withdrawn' WHERE id = {id}", WITHDRAWN),
    "that it is further": (
        "UPDATE submission_item SET is_further = {false} WHERE submission_id = {id}",
        "handed-in work is not in the submission that the trail tells of",
    ),
    "that it was handed in": (
        "DELETE FROM submission_item WHERE submission_id = {id}",
        "the handed-in work that it tells of is gone",
    ),
    "another version": (
        "UPDATE submission_item SET evidence_version_id = 2 WHERE submission_id = {id}",
        "further claims that the trail does not tell of",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_to_further_claims_is_named(cast: Cast, what: str) -> None:
    id_ = handed_in(cast)
    assert faults(cast) == set()
    statement, fault = CHANGES[what]
    spoil(cast, statement.format(id=id_, false="false"))
    assert fault in faults(cast)


def test_a_withdrawal_behind_the_trails_back_is_named(cast: Cast) -> None:
    """Also where the claims are drafts, as after a real one."""
    id_ = handed_in(cast)
    spoil(
        cast,
        f"UPDATE submission SET state = 'withdrawn' WHERE id = {id_}",
        f"UPDATE submission_item SET state = 'withdrawn' WHERE submission_id = {id_}",
        f"UPDATE claim SET submission_id = NULL WHERE submission_id = {id_}",
    )
    assert WITHDRAWN in faults(cast)


TAKEN_BACK = {
    "a claim back in": ("UPDATE claim SET submission_id = {id} WHERE submission_id IS NULL", CHANGED),
    "the submission back in": ("UPDATE submission SET state = 'submitted' WHERE id = {id}", WITHDRAWN),
    "its row gone": (
        "DELETE FROM submission_item WHERE submission_id = {id}",
        "the handed-in work that it tells of is gone",
    ),
}


@pytest.mark.parametrize("what", TAKEN_BACK)
def test_a_change_to_a_withdrawn_further_submission_is_named(cast: Cast, what: str) -> None:
    id_ = taken_back(cast)
    statement, fault = TAKEN_BACK[what]
    spoil(cast, statement.format(id=id_))
    assert fault in faults(cast)


def test_added_further_claims_are_named(cast: Cast) -> None:
    """A submission that the trail does not tell of."""
    spoil(
        cast,
        "INSERT INTO submission_item (uid, rev, submission_id, evidence_version_id, state, is_further) "
        "SELECT 'made-up', 1, 2, 1, 'waiting', is_further FROM submission_item WHERE id = 1",
        "UPDATE submission_item SET is_further = (1 = 1) WHERE uid = 'made-up'",
    )
    assert "further claims that the trail does not tell of" in faults(cast)


def checked(cast: Cast) -> int:
    """E003 handed in after its self-check; answers the submission."""
    with cast.installation.database.writing() as session:
        submission = submitting.submit(
            session,
            cast.actor("amina", session),
            session.get_one(Enrolment, cast.enrolments["amina"]),
            evidence_ids=[cast.evidence["amina E003"]],
            declared=EVERYTHING,
            answers={"x": Answer.NO},
        )
        assert submission.self_check
        session.commit()
    return submission.id


SELF_CHECK = "a self-check is not what was asked and answered"


@pytest.mark.parametrize("now", ["[]", '[{"item": "E003", "criteria": [], "question": "?", "answer": "no"}]', "[1]"])
def test_a_change_to_a_self_check_is_named(cast: Cast, now: str) -> None:
    id_ = checked(cast)
    assert faults(cast) == set()
    quoted = now.replace(":", r"\:")
    spoil(cast, f"UPDATE submission SET self_check = '{quoted}' WHERE id = {id_}")
    assert SELF_CHECK in faults(cast)


def test_a_self_check_that_nothing_tells_of_is_named(cast: Cast) -> None:
    spoil(cast, "UPDATE submission SET self_check = '[1]' WHERE id = 1")
    assert SELF_CHECK in faults(cast)


def test_a_self_check_that_is_gone_is_named_by_its_entry(cast: Cast) -> None:
    id_ = checked(cast)
    spoil(cast, f"DELETE FROM submission WHERE id = {id_}")
    assert "the self-check that it tells of is gone" in faults(cast)
