"""What may stay, where an administrator says so: who is asked and told, what is shown of it, and what holds then."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.anonymise.findings import Label
from portfolio.audit.streams import words_in
from portfolio.enrolment.rules import EnrolmentState
from portfolio.errors import Forbidden, InvalidState, Rejected
from portfolio.evidence.models import Evidence
from portfolio.notices.models import Notice
from portfolio.notices.rules import NoticeKind
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from portfolio.screening import acting, deciding, scanning
from portfolio.screening.acting import Entry
from portfolio.screening.answering import answer
from portfolio.screening.asked_queries import AskedRow, asked_of, asked_within
from portfolio.screening.entities import Entities
from portfolio.screening.models import Finding, FindingDecision
from portfolio.screening.queries import standings_of
from portfolio.screening.quoting import Quote
from portfolio.screening.rules import REASON_MOST, Outcome, Reason
from tests.cast import Cast
from tests.screening.asking import ask, draft, leave_it_to_administrators

SECRET = "Mrs Quillfeather"


@pytest.fixture
def asked(session: Session, cast: Cast) -> FindingDecision:
    """Amina asks to keep a name in her draft."""
    leave_it_to_administrators(session, cast)
    return ask(session, cast, draft(session, cast), SECRET)


def to_answer(session: Session, who: Actor) -> list[AskedRow]:
    return asked_within(session, visible(who, Permission.FINDING_DECISION_ANSWER))


def newest(session: Session, asked: FindingDecision) -> FindingDecision:
    rows = select(FindingDecision).where(
        FindingDecision.item_uid == asked.item_uid, FindingDecision.token == asked.token
    )
    return session.scalars(rows.order_by(FindingDecision.id.desc())).first() or asked


def notices(session: Session, kind: NoticeKind) -> list[tuple[int, list[str], bool]]:
    rows = session.scalars(select(Notice).where(Notice.kind == kind).order_by(Notice.id))
    return [(row.person_id, row.facts["refs"], row.read_at is not None) for row in rows]


def test_what_is_asked_stands_in_the_list_without_its_words(
    session: Session, cast: Cast, asked: FindingDecision
) -> None:
    (row,) = to_answer(session, cast.actor("ada", session))
    learner = asked.enrolment.learner.name
    assert (row.id, row.learner, row.labels, row.reason) == (asked.id, learner, (Label.PERSON,), Reason.PUBLIC)
    assert SECRET not in repr(row)
    for nobody in ("amina", "marguerite", "iris", "ewan", "odette"):
        assert to_answer(session, cast.actor(nobody, session)) == []


def test_only_its_own_sentence_is_shown(session: Session, cast: Cast, asked: FindingDecision) -> None:
    """Without what else was found in it."""
    found = asked_of(session, asked, cast.installation.previews)
    assert found.quotes == (Quote("I rang ", SECRET, " on [Phone number] to say so."),)
    assert (found.said, found.is_cut) == ("She speaks for the council.", False)


def test_what_is_allowed_stays(session: Session, cast: Cast, asked: FindingDecision) -> None:
    ada = cast.actor("ada", session)
    answer(session, ada, asked, allow=True)
    session.commit()
    row = newest(session, asked)
    assert (row.outcome, row.reason, row.by_id) == (Outcome.KEPT, Reason.PUBLIC, ada.person_id)
    assert to_answer(session, ada) == []
    told = words_in(session, asked.enrolment.stream_id)[-1]
    assert (told.verb, told.text["count"]) == ("personal.allow", 1)
    assert SECRET not in str(told.text)
    for again in (lambda: answer(session, ada, asked, allow=True), lambda: asked_of(session, asked, None)):  # type: ignore[arg-type]
        with pytest.raises(InvalidState, match="answered already"):
            again()


def test_a_refusal_says_why(session: Session, cast: Cast, asked: FindingDecision) -> None:
    ada = cast.actor("ada", session)
    repeating = f"No: {SECRET.upper()} is named."
    for said in ("", "  ", "x" * (REASON_MOST + 1), repeating, "Ask Mr Dunstable about it."):
        with pytest.raises(Rejected) as refused:
            answer(session, ada, asked, allow=False, said=said, words=[SECRET])
        assert refused.value.field == "said"
    answer(session, ada, asked, allow=False, said="Write  her role instead.")
    session.commit()
    row = newest(session, asked)
    assert (row.outcome, row.said) == (Outcome.REFUSED, "Write her role instead.")
    assert words_in(session, asked.enrolment.stream_id)[-1].verb == "personal.refuse"


def test_a_reason_does_not_repeat_words_that_are_not_shown(
    session: Session, cast: Cast, asked: FindingDecision
) -> None:
    """They stand in a file that cannot be read now, or in one place too many, and no detector would find them."""
    entities, said = Entities(session, asked.enrolment), "Take quillfeather out."
    assert not scanning.pointing_at(session, asked.enrolment, {"said": said})
    known = entities.by_uid(finding_of(session, asked).entity.uid)
    assert known is not None
    known.key.mentions.append("Quillfeather")
    entities.seal(known)
    session.flush()
    with pytest.raises(Rejected) as refused:
        answer(session, cast.actor("ada", session), asked, allow=False, said=said)
    assert refused.value.field == "said"
    answer(session, cast.actor("ada", session), asked, allow=False, said="Take the name out.")


def finding_of(session: Session, asked: FindingDecision) -> Finding:
    same = select(Finding).where(Finding.item_uid == asked.item_uid, Finding.token == asked.token)
    return session.scalars(same.order_by(Finding.id)).all()[0]


def test_what_is_relabelled_meanwhile_is_still_answered(session: Session, cast: Cast, asked: FindingDecision) -> None:
    amina, ada = cast.actor("amina", session), cast.actor("ada", session)
    evidence = session.scalars(select(Evidence).where(Evidence.uid == asked.item_uid)).one()
    deciding.relabel(session, amina, evidence, [finding_of(session, asked).uid], Label.USERNAME)
    assert [row.id for row in to_answer(session, ada)] == [asked.id]
    answer(session, ada, asked, allow=True)
    assert to_answer(session, ada) == []
    assert standings_of(session, [evidence.id])[evidence.id].left == 1, "the telephone number alone"


@pytest.mark.parametrize("gone", ["trashed_at", "hidden_at"])
def test_of_an_item_that_is_hidden_or_in_the_trash_nothing_is_shown(
    session: Session, cast: Cast, asked: FindingDecision, gone: str
) -> None:
    ada = cast.actor("ada", session)
    evidence = session.scalars(select(Evidence).where(Evidence.uid == asked.item_uid)).one()
    setattr(evidence, gone, clock.now())
    session.flush()
    assert to_answer(session, ada) == []
    with pytest.raises(InvalidState, match="not asked any more"):
        asked_of(session, asked, cast.installation.previews)
    with pytest.raises(InvalidState, match="not asked any more"):
        answer(session, ada, asked, allow=True)


def test_what_was_asked_is_answered_when_the_enrolment_is_over(
    session: Session, cast: Cast, asked: FindingDecision
) -> None:
    asked.enrolment.state = EnrolmentState.COMPLETED
    session.flush()
    answer(session, cast.actor("ada", session), asked, allow=True)
    assert newest(session, asked).outcome is Outcome.KEPT


def test_nobody_answers_what_they_asked_themselves(session: Session, cast: Cast, asked: FindingDecision) -> None:
    with pytest.raises(Forbidden):
        answer(session, cast.actor("amina", session), asked, allow=True)


def test_administrators_are_told_and_then_the_maker(session: Session, cast: Cast, asked: FindingDecision) -> None:
    """Once it is answered, no administrator is asked any more."""
    ref = session.scalars(select(Evidence.ref).where(Evidence.uid == asked.item_uid)).one()
    assert notices(session, NoticeKind.STAY_ASKED) == [(cast.people["ada"], [ref], False)]
    answer(session, cast.actor("ada", session), asked, allow=True)
    assert notices(session, NoticeKind.STAY_ASKED) == [(cast.people["ada"], [ref], True)]
    assert notices(session, NoticeKind.STAY_ANSWERED) == [(cast.people["amina"], [ref], False)]


def test_an_item_with_more_to_answer_waits_still(session: Session, cast: Cast, asked: FindingDecision) -> None:
    evidence = session.scalars(select(Evidence).where(Evidence.uid == asked.item_uid)).one()
    phone = ask(session, cast, evidence, "07700 900312")
    ada = cast.actor("ada", session)
    assert [row.id for row in to_answer(session, ada)] == [asked.id, phone.id]
    answer(session, ada, asked, allow=True)
    assert [is_read for _who, _refs, is_read in notices(session, NoticeKind.STAY_ASKED)] == [False]
    answer(session, ada, phone, allow=False, said="Take it out.")
    assert [is_read for _who, _refs, is_read in notices(session, NoticeKind.STAY_ASKED)] == [True]


def test_what_is_taken_back_is_asked_no_more(session: Session, cast: Cast, asked: FindingDecision) -> None:
    acting.decide(
        session,
        cast.actor("amina", session),
        asked.item_uid,
        asked.enrolment,
        [Entry(asked.token, asked.label)],
        Outcome.UNDONE,
    )
    assert to_answer(session, cast.actor("ada", session)) == []


def test_what_is_found_no_more_is_asked_no_more(session: Session, cast: Cast, asked: FindingDecision) -> None:
    for finding in session.scalars(select(Finding).where(Finding.item_uid == asked.item_uid)):
        session.delete(finding)
    session.flush()
    assert to_answer(session, cast.actor("ada", session)) == []
    with pytest.raises(InvalidState):
        answer(session, cast.actor("ada", session), asked, allow=True)
