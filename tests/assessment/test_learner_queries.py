"""What a portfolio tells its learner: the work list in its order, and nothing of a review before its time."""

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from portfolio.assessment import marking
from portfolio.assessment.handing_queries import handings_of
from portfolio.assessment.learner_queries import (
    Portfolio,
    awaiting_countersignature,
    claims_seen,
    decided_on,
    latest_feedback,
    own_enrolments,
    people_beside,
    portfolio_of,
)
from portfolio.assessment.models import SubmissionItem
from portfolio.assessment.rules import Mark
from portfolio.assessment.worklist import TaskKind
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty, EnrolmentState
from portfolio.evidence.models import Evidence
from portfolio.mapping import actions as mapping
from portfolio.mapping.rules import Outcome
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from tests.cast import ALL_TICKED, Cast, hand_in, wanted, write


def item(session: Session, cast: Cast, name: str) -> Evidence:
    """One of the cast's items."""
    return session.get_one(Evidence, cast.evidence[name])


def review(session: Session, cast: Cast, who: str, name: str, *, feedback: str = "Well told.") -> SubmissionItem:
    """Somebody marks every claim of an item as met, without releasing it."""
    handed, actor = session.get_one(SubmissionItem, cast.items[name]), cast.actor(who, session)
    marking.open_item(session, actor, handed)
    marks = [Mark(claim.id, Outcome.MET, True, "Shown.") for claim in marking.claims_on(session, handed)]
    marking.save_review(session, actor, handed, varc=ALL_TICKED, marks=marks, feedback=feedback)
    return handed


def seen(session: Session, cast: Cast, name: str = "amina") -> Portfolio:
    """Somebody's portfolio as it stands."""
    session.flush()
    session.expire_all()
    return portfolio_of(session, cast.enrolments[name], cast.people[name])


def tasks(portfolio: Portfolio) -> list[tuple[str, str, tuple[str, ...]]]:
    """The work list in short."""
    return [(task.kind.value, task.ref, task.codes) for task in portfolio.work.items]


def test_feedback_first_then_drafts_by_what_they_lack(session: Session, cast: Cast) -> None:
    """And the words of the assessor with it."""
    found = seen(session, cast)
    assert tasks(found) == [("answer", "E001", ("1.2",)), ("map", "E004", ()), ("hand_in", "E003", ("3.1",))]
    said = found.work.items[0].said
    assert said is not None
    assert (said.outcome, said.feedback) == (Outcome.INSUFFICIENT, "Say where the call note is kept.")
    assert said.by == "Marguerite Okonkwo-Lindqvist"


def test_a_gap_is_what_not_even_a_draft_claims(session: Session, cast: Cast) -> None:
    """In the order of the unit."""
    found = seen(session, cast)
    assert [gap.code for gap in found.work.gaps][:4] == ["1.3", "1.4", "1.5", "2.2"]
    assert not {"1.1", "1.2", "2.1", "2.3", "3.1"} & {gap.code for gap in found.work.gaps}
    assert (found.tally.met, found.tally.needs_more, found.tally.claimed, found.tally.gap) == (1, 1, 2, 13)
    assert len(seen(session, cast, "ben").work.gaps) == 17


def test_a_claim_without_words_is_to_be_explained(session: Session, cast: Cast) -> None:
    """Before it can be handed in."""
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    asked = wanted(session, enrolment, {"3.1": "Said.", "3.2": "", "3.3": " "})
    mapping.map_to(session, cast.actor("amina", session), item(session, cast, "amina E003"), wanted=asked)
    assert ("explain", "E003", ("3.2", "3.3")) in tasks(seen(session, cast))


def test_who_revises_is_not_asked_to_answer(session: Session, cast: Cast) -> None:
    """The new version is the task."""
    mapping.revise(session, cast.actor("amina", session), item(session, cast, "amina E001"))
    found = seen(session, cast)
    assert [task[:2] for task in tasks(found)] == [("map", "E004"), ("hand_in", "E001"), ("hand_in", "E003")]
    assert [task.is_revision for task in found.work.items] == [False, True, False]


def test_who_claims_anew_is_not_asked_to_answer(session: Session, cast: Cast) -> None:
    """Neither while it is a draft nor while it waits for the assessor."""
    enrolment, amina = session.get_one(Enrolment, cast.enrolments["amina"]), cast.actor("amina", session)
    other = write(session, cast.installation, cast, "amina", "Where the notes are", "In the log.")
    mapping.map_to(session, amina, other, wanted=wanted(session, enrolment, {"1.2": "It names the place."}))
    assert TaskKind.ANSWER not in {task.kind for task in seen(session, cast).work.items}
    hand_in(session, cast, "amina", other, "E005")
    assert TaskKind.ANSWER not in {task.kind for task in seen(session, cast).work.items}


def test_nothing_of_a_review_shows_before_release(session: Session, cast: Cast) -> None:
    """Then all of it does."""
    before = seen(session, cast)
    handed = review(session, cast, "marguerite", "amina E002")
    now = seen(session, cast)
    assert (now.tally, now.feedback, now.awaiting) == (before.tally, before.feedback, frozenset())
    assert decided_on(session, handed.evidence_version_id) == {}
    found = handings_of(session, handed.evidence_version_id)[0]
    assert found is not None
    assert (found.feedback, found.by, found.released_at, found.is_opened) == ("", "", None, True)
    marking.release(session, cast.actor("marguerite", session), handed)
    after = seen(session, cast)
    assert (after.tally.met, after.feedback[0].text, after.feedback[0].met) == (3, "Well told.", 2)


def test_of_a_trainees_review_only_that_it_waits(session: Session, cast: Cast) -> None:
    """Until it is countersigned: then it is the countersigner's."""
    before = seen(session, cast)
    handed = review(session, cast, "tobias", "amina E002")
    marking.release(session, cast.actor("tobias", session), handed)
    now = seen(session, cast)
    assert (now.tally, now.feedback) == (before.tally, before.feedback)
    assert awaiting_countersignature(session, cast.enrolments["amina"]) == {handed.evidence_version_id}
    assert {claim.said for claim in claims_seen(session, handed.evidence_version_id)} == {None}
    waiting = handings_of(session, handed.evidence_version_id)[0]
    assert waiting is not None
    assert (waiting.awaits_countersignature, waiting.feedback, waiting.by) == (True, "", "")
    marking.countersign(session, cast.actor("dafydd", session), handed)
    after = seen(session, cast)
    assert (after.awaiting, after.feedback[0].by) == (frozenset(), "Dafydd Prys-Jenkins")
    said = {claim.said.by for claim in claims_seen(session, handed.evidence_version_id) if claim.said}
    assert said == {"Dafydd Prys-Jenkins"}


def test_feedback_without_words_for_the_item_quotes_a_criterion(session: Session, cast: Cast) -> None:
    """Newest first, and only as many as are asked for."""
    handed = review(session, cast, "marguerite", "amina E002", feedback="")
    marking.release(session, cast.actor("marguerite", session), handed)
    rows = latest_feedback(session, cast.enrolments["amina"])
    assert [(row.ref, row.on.code if row.on else "", row.text) for row in rows] == [
        ("E002", "2.1", "Shown."),
        ("E001", "", "A good letter, nearly complete."),
    ]
    assert [row.ref for row in latest_feedback(session, cast.enrolments["amina"], most=1)] == ["E002"]


def test_how_a_version_was_handed_in(session: Session, cast: Cast) -> None:
    """A draft was not."""
    marked = handings_of(session, item(session, cast, "amina E001").latest.id)[0]
    waiting = handings_of(session, item(session, cast, "amina E002").latest.id)[0]
    assert marked is not None
    assert waiting is not None
    assert (marked.no, marked.items, marked.is_opened) == (1, 1, True)
    assert marked.feedback == "A good letter, nearly complete."
    assert (waiting.no, waiting.is_opened, waiting.is_withdrawn, waiting.released_at) == (2, False, False, None)
    assert handings_of(session, item(session, cast, "amina E003").latest.id) == []


def test_ones_own_enrolments_with_those_under_way_first(session: Session, cast: Cast) -> None:
    """Nobody else's, and none for somebody who is no learner."""

    def own(name: str) -> list[tuple[int, bool]]:
        within = visible(cast.actor(name, session), Permission.ENROLMENT_ADD_EVIDENCE)
        return [(row.id, row.is_active) for row in own_enrolments(session, within=within)]

    assert own("amina") == [(cast.enrolments["amina"], True)]
    assert own("marguerite") == own("ada") == []
    session.get_one(Enrolment, cast.enrolments["amina"]).state = EnrolmentState.COMPLETED
    session.flush()
    assert own("amina") == [(cast.enrolments["amina"], False)]


def test_who_is_beside_a_learner(session: Session, cast: Cast) -> None:
    """By duty, in the order in which they came."""
    people = people_beside(session, cast.enrolments["amina"])
    assert people[Duty.ASSESS] == ["Marguerite Okonkwo-Lindqvist", "Tobias Achterberg"]
    assert people[Duty.COUNTERSIGN] == ["Dafydd Prys-Jenkins"]
    assert people_beside(session, cast.enrolments["ben"])[Duty.COUNTERSIGN] == []


@pytest.mark.parametrize("more", [0, 6])
def test_a_home_takes_the_same_statements_however_much_there_is(session: Session, cast: Cast, more: int) -> None:
    """Eight: units, live claims, items, all claims, decisions, those awaiting, feedback, and of which items something
    was found; the criteria are kept.
    """
    enrolment, amina = session.get_one(Enrolment, cast.enrolments["amina"]), cast.actor("amina", session)
    for n in range(more):
        extra = write(session, cast.installation, cast, "amina", f"Account {n}", "Text.")
        mapping.map_to(session, amina, extra, wanted=wanted(session, enrolment, {"4.1": "Told.", "4.2": "Told."}))
    seen(session, cast)
    ran: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        ran.append(statement)

    engine = session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        portfolio_of(session, cast.enrolments["amina"], cast.people["amina"])
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(ran) == 8, ran
