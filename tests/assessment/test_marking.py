"""Marking: corrections until release, a decision for every claim, judgements that count, and nobody's own work."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.rules import Role
from portfolio.assessment import marking, submitting
from portfolio.assessment.models import Judgement, SubmissionItem
from portfolio.assessment.presence_queries import here
from portfolio.assessment.rules import ItemState, Mark, SubmissionState, Varc
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import Duty
from portfolio.errors import Conflict, Forbidden, InvalidState, Rejected
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import EvidenceState
from portfolio.mapping import actions as mapping
from portfolio.mapping.rules import Outcome
from tests.assessment.desk import (
    allocate_row,
    give_role,
    judged,
    marks,
    opened,
    save,
    set_qualified,
    states,
    verbs,
)
from tests.cast import ALL_TICKED, EVERYTHING, Cast, item, wanted

MET, NOT_YET, INSUFFICIENT = Outcome.MET, Outcome.NOT_YET_MET, Outcome.INSUFFICIENT


def test_opening_is_said_once(cast: Cast, session: Session) -> None:
    found = opened(session, cast, "marguerite")
    assert found.submission.state is SubmissionState.OPENED
    assert found.submission.opened_at is not None
    assert verbs(session, cast)[-1] == "submission.open"
    with pytest.raises(InvalidState, match="opened already"):
        marking.open_item(session, cast.actor("tobias", session), found)


def test_nothing_is_noted_or_released_before_it_is_opened(cast: Cast, session: Session) -> None:
    """Or a learner could take back what has been judged."""
    found = item(session, cast, "amina E002")
    with pytest.raises(InvalidState, match="Start marking first"):
        save(session, cast, "marguerite", found, MET, MET)
    with pytest.raises(InvalidState, match="Start marking first"):
        marking.release(session, cast.actor("marguerite", session), found)


def test_what_was_withdrawn_is_not_judged(cast: Cast, session: Session) -> None:
    found = item(session, cast, "amina E002")
    submitting.withdraw(session, cast.actor("amina", session), found.submission)
    for attempt in (
        lambda: marking.open_item(session, cast.actor("marguerite", session), found),
        lambda: save(session, cast, "marguerite", found, MET, MET),
    ):
        with pytest.raises(InvalidState, match="withdrawn"):
            attempt()


def test_a_review_is_corrected_until_it_is_released(cast: Cast, session: Session) -> None:
    found = opened(session, cast, "marguerite")
    first = save(session, cast, "marguerite", found, MET, None)
    assert states(session, cast)["2.1"].value == "claimed"
    second = save(session, cast, "marguerite", found, NOT_YET, MET, rev=first.rev)
    assert second.id == first.id
    made = marking.release(session, cast.actor("marguerite", session), found)
    assert [(j.outcome, j.no, j.effective_at == j.decided_at, j.supersedes_id) for j in made] == [
        (NOT_YET, 1, True, None),
        (MET, 1, True, None),
    ]
    assert (states(session, cast)["2.1"].value, states(session, cast)["2.3"].value) == ("needs_more", "met")
    assert found.state is ItemState.RELEASED
    assert found.version.evidence.state is EvidenceState.MARKED
    assert verbs(session, cast)[-2:] == ["submission.open", "review.release"], "drafts leave no trail"
    session.commit()


def test_after_the_release_nothing_changes(cast: Cast, session: Session) -> None:
    found = opened(session, cast, "marguerite")
    judged(session, cast, "marguerite", found, MET, MET)
    rev = found.reviews[0].rev
    for attempt in (
        lambda: save(session, cast, "marguerite", found, NOT_YET, MET, rev=rev),
        lambda: save(session, cast, "tobias", found, NOT_YET, MET),
        lambda: marking.release(session, cast.actor("marguerite", session), found),
    ):
        with pytest.raises(InvalidState, match="has been released"):
            attempt()


def test_two_windows_do_not_overwrite_each_other(cast: Cast, session: Session) -> None:
    found = opened(session, cast, "marguerite")
    rev = save(session, cast, "marguerite", found, MET, None).rev
    save(session, cast, "marguerite", found, MET, MET, rev=rev)
    for stale in (0, rev):
        with pytest.raises(Conflict) as refused:
            save(session, cast, "marguerite", found, None, None, rev=stale)
        assert refused.value.theirs == {"feedback": "You kept your limit in view."}


def test_every_claim_is_decided_before_the_release(cast: Cast, session: Session) -> None:
    found = opened(session, cast, "marguerite")
    with pytest.raises(InvalidState, match="nothing to release"):
        marking.release(session, cast.actor("marguerite", session), found)
    save(session, cast, "marguerite", found, None, MET)
    with pytest.raises(Rejected, match=r"Decide 2\.1 before you release"):
        marking.release(session, cast.actor("marguerite", session), found)
    assert session.scalars(select(Judgement).where(Judgement.review_id == found.reviews[0].id)).all() == []


def test_a_draft_is_kept_however_unfinished_and_its_release_asks_for_the_rest(cast: Cast, session: Session) -> None:
    found, marguerite = opened(session, cast, "marguerite"), cast.actor("marguerite", session)
    unticked = Varc(valid=True, authentic=True, reliable=False, current=True)
    version = session.get_one(Enrolment, cast.enrolments["amina"]).version
    noted = [Mark(mark.claim_id, INSUFFICIENT, True, " ") for mark in marks(session, found, MET, MET)]
    rev = marking.save_review(session, marguerite, found, varc=unticked, marks=noted, feedback="").rev
    session.commit()
    assert session.get_one(Enrolment, cast.enrolments["amina"]).version == version, "nobody else sees a difference"
    with pytest.raises(Rejected, match="ticked sufficient and decided insufficient"):
        marking.release(session, marguerite, found)
    met = marks(session, found, MET, MET)
    marking.save_review(session, marguerite, found, varc=unticked, marks=met, feedback="", rev=rev)
    with pytest.raises(Rejected, match="not ticked reliable"):
        marking.release(session, marguerite, found)
    assert found.state is ItemState.WAITING


def test_what_cannot_be_kept_at_all_is_refused(cast: Cast, session: Session) -> None:
    found, marguerite = opened(session, cast, "marguerite"), cast.actor("marguerite", session)
    foreign = Mark(marking.claims_on(session, item(session, cast, "amina E001"))[0].id, MET, True, "")
    with pytest.raises(Rejected, match="was not handed in with this item"):
        marking.save_review(session, marguerite, found, varc=ALL_TICKED, marks=[foreign], feedback="")
    with pytest.raises(Rejected) as refused:
        marking.save_review(session, marguerite, found, varc=ALL_TICKED, marks=[], feedback="x" * 6001)
    assert refused.value.field == "feedback"


def test_who_is_at_an_item_is_known_for_two_minutes_and_until_its_release(
    cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, now = opened(session, cast, "marguerite"), clock.now()
    tobias, marguerite = (cast.actor(name, session) for name in ("tobias", "marguerite"))
    for _ in range(2):
        marking.be_here(session, tobias, found)
    session.commit()
    at_it = here(session, [found.id], but=marguerite.person_id)[found.id]
    assert [(one.name, one.words.partition(" last here at ")[0]) for one in at_it] == [
        ("Tobias Achterberg", "Tobias Achterberg has this open,")
    ]
    assert here(session, [found.id], but=tobias.person_id) == {}
    with monkeypatch.context() as later:
        later.setattr(clock, "now", lambda: now + timedelta(minutes=3))
        assert here(session, [found.id], but=marguerite.person_id) == {}
    judged(session, cast, "marguerite", found, MET, MET)
    assert here(session, [found.id], but=marguerite.person_id) == {}
    with pytest.raises(InvalidState, match="nothing left to mark"):
        marking.be_here(session, tobias, found)


def test_saving_says_that_one_is_there(cast: Cast, session: Session) -> None:
    found = opened(session, cast, "tobias")
    save(session, cast, "tobias", found, MET, None)
    assert here(session, [found.id], but=cast.people["marguerite"])[found.id][0].name == "Tobias Achterberg"


def test_a_revision_is_judged_anew_and_what_was_decided_stays(cast: Cast, session: Session) -> None:
    amina = cast.actor("amina", session)
    judged(session, cast, "marguerite", opened(session, cast, "marguerite"), MET, NOT_YET)
    evidence = session.get_one(Evidence, cast.evidence["amina E002"])
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    mapping.revise(session, amina, evidence)
    mapping.map_to(
        session, amina, evidence, wanted=wanted(session, enrolment, {"2.1": "Still so.", "2.3": "Here is the note."})
    )
    again = submitting.submit(session, amina, enrolment, evidence_ids=[evidence.id], declared=EVERYTHING).items[0]
    assert {code: states(session, cast)[code].value for code in ("2.1", "2.3")} == {"2.1": "claimed", "2.3": "claimed"}
    marking.open_item(session, cast.actor("marguerite", session), again)
    judged(session, cast, "marguerite", again, MET, MET)
    assert {code: states(session, cast)[code].value for code in ("2.1", "2.3")} == {"2.1": "met", "2.3": "met"}
    assert session.query(Judgement).count() == 6
    session.commit()


def test_nobody_judges_their_own_work_whatever_their_roles(cast: Cast, session: Session) -> None:
    give_role(session, cast, "amina", Role.ASSESSOR)
    allocate_row(session, cast, "amina", "amina")
    allocate_row(session, cast, "amina", "amina", Duty.COUNTERSIGN)
    found, amina = item(session, cast, "amina E002"), cast.actor("amina", session)
    for attempt in (
        lambda: marking.open_item(session, amina, found),
        lambda: save(session, cast, "amina", found, MET, MET),
        lambda: marking.release(session, amina, found),
        lambda: marking.countersign(session, amina, found),
    ):
        with pytest.raises(Forbidden, match="their own work"):
            attempt()


def test_whoever_made_an_item_does_not_judge_it(cast: Cast, session: Session) -> None:
    found = opened(session, cast, "tobias")
    found.version.evidence.author_id = cast.people["marguerite"]
    with pytest.raises(Forbidden, match="their own work"):
        save(session, cast, "marguerite", found, MET, MET)


def test_an_assessor_of_one_unit_judges_that_unit_only(cast: Cast, session: Session) -> None:
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    unit = enrolment.units[0]
    other = EnrolmentUnit(enrolment_id=enrolment.id, unit_version_id=unit.unit_version_id, unit_code="OTHER")
    session.add(other)
    give_role(session, cast, "iris", Role.ASSESSOR)
    session.flush()
    found = opened(session, cast, "marguerite")
    allocation = allocate_row(session, cast, "iris", "amina", unit_id=other.id)
    with pytest.raises(Forbidden, match="another unit"):
        save(session, cast, "iris", found, MET, MET)
    allocation.enrolment_unit_id = unit.id
    session.flush()
    review = save(session, cast, "iris", found, MET, MET)
    allocation.enrolment_unit_id = other.id
    session.flush()
    with pytest.raises(Forbidden, match="another unit"):
        marking.release(session, cast.actor("iris", session), found)
    assert review.released_at is None


def test_an_assessor_of_another_unit_does_not_open_an_item(cast: Cast, session: Session) -> None:
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    other = EnrolmentUnit(
        enrolment_id=enrolment.id, unit_version_id=enrolment.units[0].unit_version_id, unit_code="OTHER"
    )
    session.add(other)
    session.flush()
    give_role(session, cast, "iris", Role.ASSESSOR)
    allocate_row(session, cast, "iris", "amina", unit_id=other.id)
    found = session.get_one(SubmissionItem, cast.items["amina E002"])
    with pytest.raises(Forbidden, match="another unit"):
        marking.open_item(session, cast.actor("iris", session), found)


@pytest.mark.parametrize("name", ["dafydd", "iris"])
def test_whoever_is_not_allocated_to_assess_does_not(cast: Cast, session: Session, name: str) -> None:
    found = opened(session, cast, "marguerite")
    with pytest.raises(Forbidden, match="not allocated"):
        save(session, cast, name, found, MET, MET)


def test_an_allocation_that_has_ended_no_longer_counts(cast: Cast, session: Session) -> None:
    found = opened(session, cast, "marguerite")
    save(session, cast, "marguerite", found, MET, MET)
    for allocation in found.submission.enrolment.allocations:
        allocation.since, allocation.until = clock.today() - timedelta(days=3), clock.today()
    session.flush()
    with pytest.raises(Forbidden, match="not allocated"):
        marking.release(session, cast.actor("marguerite", session), found)


def test_a_review_counts_as_its_assessor_stands_at_the_release(cast: Cast, session: Session) -> None:
    """Who has lost the qualification in between hands over for countersignature."""
    found = opened(session, cast, "marguerite")
    save(session, cast, "marguerite", found, MET, MET)
    set_qualified(session, cast, "marguerite", qualified=False)
    made = marking.release(session, cast.actor("marguerite", session), found)
    assert [judgement.effective_at for judgement in made] == [None, None]
    assert found.state is ItemState.COUNTERSIGN
    assert states(session, cast)["2.1"].value == "claimed"
