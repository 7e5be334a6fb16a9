"""The self-check: what is asked of which item, in which order, how much, and what is kept of it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from portfolio.assessment import submitting
from portfolio.assessment.handing_queries import handings_of, questions_for
from portfolio.assessment.marking_queries import item_view
from portfolio.assessment.models import Submission
from portfolio.assessment.self_check import MOST_OF_ITEM, MOST_OF_UNIT, Answer, Question, asked_in, kept, questions_of
from portfolio.audit.events import facts_digest
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.criteria.queries import GuidanceRow, UnitGuidance
from portfolio.criteria.rules import GuidanceKind, Method
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import amending
from portfolio.mapping.queries import DraftClaim, draft_claims
from tests.assessment.further import claim_further
from tests.cast import EVERYTHING, Cast

TITLES = {1: "Complaints", 2: "Problems"}
MISTAKE, BELIEF, TIP = GuidanceKind.COMMON_MISTAKE, GuidanceKind.MISCONCEPTION, GuidanceKind.TIP


def claim(criterion_id: int, evidence_id: int = 1, unit_id: int = 1) -> DraftClaim:
    """A claim for the criterion 1.n."""
    return DraftClaim(
        evidence_id=evidence_id,
        enrolment_unit_id=unit_id,
        criterion_id=criterion_id,
        code=f"1.{criterion_id}",
        is_explained=True,
        is_further=False,
        is_hidden=False,
        ref=f"E{evidence_id:03d}",
        title="Item",
        method=Method.PRODUCT,
        place="",
    )


def hint(id_: int, words: str, kind: GuidanceKind = MISTAKE) -> GuidanceRow:
    """A hint."""
    return GuidanceRow(id_, kind, words, ())


def asked(drafts: list[DraftClaim], guidance: UnitGuidance) -> list[tuple[str, str]]:
    """Codes and words, in order."""
    return [(" ".join(one.codes), one.words) for one in questions_of(drafts, {1: guidance}, TITLES)]


def test_each_criterion_has_its_first_question_before_any_has_its_second() -> None:
    """Mistakes before misconceptions, otherwise as the unit has them; other hints are none."""
    guidance = UnitGuidance(
        {
            1: (hint(1, "a", BELIEF), hint(2, "tip", TIP), hint(3, "b"), hint(4, "c")),
            2: (hint(5, "d"),),
        },
        (),
    )
    assert asked([claim(1), claim(2)], guidance) == [("1.1", "b"), ("1.2", "d"), ("1.1", "c"), ("1.1", "a")]


def test_the_same_words_are_asked_once_of_an_item() -> None:
    """With every criterion of it that they are about; of another item they are asked again."""
    guidance = UnitGuidance({1: (hint(1, "a"),), 2: (hint(1, "a"), hint(2, "a"), hint(3, "b")), 3: (hint(1, "a"),)}, ())
    found = questions_of([claim(1), claim(2), claim(1, evidence_id=2)], {1: guidance}, TITLES)
    assert [(one.key, one.ref, one.codes) for one in found] == [
        ("1-1", "E001", ("1.1", "1.2")),
        ("1-3", "E001", ("1.2",)),
        ("2-1", "E002", ("1.1",)),
    ]


def test_a_question_names_the_unit_of_its_criteria_where_the_item_shows_several() -> None:
    guidance = UnitGuidance({1: (hint(1, "a"),), 2: (hint(2, "b"),)}, ())
    found = questions_of([claim(1), claim(2), claim(2, unit_id=2)], {1: guidance, 2: guidance}, TITLES)
    assert [(one.codes, one.words) for one in found] == [
        (("Complaints 1.1",), "a"),
        (("Complaints 1.2; Problems 1.2",), "b"),
    ]


def test_no_more_than_a_few_are_asked() -> None:
    many = tuple(hint(n, f"words {n}") for n in range(1, 20))
    found = questions_of([claim(1)], {1: UnitGuidance({1: many}, many)}, TITLES)
    assert len([one for one in found if one.item_id]) == MOST_OF_ITEM
    assert len([one for one in found if not one.item_id]) == MOST_OF_UNIT


def test_what_concerns_a_whole_unit_is_asked_once() -> None:
    guidance = UnitGuidance({}, (hint(7, "tip", TIP), hint(8, "a")))
    found = questions_of([claim(1), claim(2), claim(1, evidence_id=2)], {1: guidance}, TITLES)
    assert found == [Question("0-8", 0, "", (), "a", 1)]


def test_nothing_is_asked_of_nothing() -> None:
    assert questions_of([], {}, {}) == []


def test_what_is_kept_is_the_question_in_its_words() -> None:
    questions = [Question("1-1", 1, "E001", ("1.1",), "a"), Question("0-8", 0, "", (), "b", 1)]
    stored = kept(questions, {"1-1": Answer.PERHAPS, "9-9": Answer.NO})
    assert stored == [
        {"item": "E001", "criteria": ["1.1"], "question": "a", "answer": "perhaps"},
        {"item": "", "criteria": [], "question": "b", "answer": ""},
    ]
    assert [one.said for one in asked_in(stored, "E001")] == ["Perhaps, and I hand it in all the same", "Not answered"]
    assert [one.words for one in asked_in(stored, "E002")] == ["b"]


def of_amina(session: Session, cast: Cast) -> list[Question]:
    """What is asked of amina's drafts."""
    return questions_for(session, draft_claims(session, cast.enrolments["amina"], cast.people["amina"]))


def submit(session: Session, cast: Cast, name: str, answers: dict[str, Answer] | None) -> Submission:
    """Hand in one item with these answers."""
    return submitting.submit(
        session,
        cast.actor("amina", session),
        session.get_one(Enrolment, cast.enrolments["amina"]),
        evidence_ids=[cast.evidence[name]],
        declared=EVERYTHING,
        answers=answers,
    )


def test_the_answers_are_kept_with_the_submission_and_told_in_the_trail(cast: Cast, session: Session) -> None:
    """Of the items that go in, and of no other; the learner and the assessor see them."""
    claim_further(session, cast, "amina E001", {"1.5": "It says so."})
    mine = [one for one in of_amina(session, cast) if one.ref == "E003"]
    assert mine
    submission = submit(session, cast, "amina E003", {mine[0].key: Answer.PERHAPS})
    session.commit()
    assert {one["item"] for one in submission.self_check} <= {"E003", ""}
    assert submission.self_check[0] == {
        "item": "E003", "criteria": list(mine[0].codes), "question": mine[0].words, "answer": "perhaps",
    }  # fmt: skip
    event = session.query(AuditEvent).order_by(AuditEvent.id.desc()).first()
    assert event is not None
    told = session.get_one(AuditText, event.id).text["self_check"]
    assert told == facts_digest({"self_check": submission.self_check})
    [handing] = handings_of(session, submission.items[0].evidence_version_id)
    assert handing.asked[0].answer is Answer.PERHAPS
    assert item_view(session, submission.items[0].id).asked == handing.asked


def test_left_questions_are_kept_as_left_and_one_that_was_not_asked_is_not_kept(cast: Cast, session: Session) -> None:
    claim_further(session, cast, "amina E001", {"1.5": "It says so."})
    assert submit(session, cast, "amina E003", None).self_check == []
    submission = submit(session, cast, "amina E001", {})
    assert submission.self_check
    assert {one["answer"] for one in submission.self_check} == {""}


def test_of_what_is_hidden_nothing_is_asked(cast: Cast, session: Session) -> None:
    evidence = claim_further(session, cast, "amina E001", {"1.5": "It says so."})
    assert "E001" in {one.ref for one in of_amina(session, cast)}
    amending.hide(session, cast.actor("marguerite", session), evidence, words="A name")
    assert "E001" not in {one.ref for one in of_amina(session, cast)}


def test_the_database_keeps_a_self_check_as_it_was(cast: Cast, session: Session) -> None:
    submission = submit(session, cast, "amina E003", {})
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(text("UPDATE submission SET self_check = '[]' WHERE id = :id"), {"id": submission.id})
