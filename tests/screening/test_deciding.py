"""Replacing, keeping, confirming, giving another label, and taking each of them back."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.accounts.actors import Actor
from portfolio.anonymise.findings import Label
from portfolio.anonymise.pseudonyms import Part
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.centres.models import Centre
from portfolio.centres.settings import ADMINISTRATOR, CentreSettings, kept_as
from portfolio.enrolment.rules import EnrolmentState
from portfolio.errors import Conflict, InvalidState, Rejected
from portfolio.mapping import actions as mapping
from portfolio.mapping.models import Claim
from portfolio.screening import deciding
from portfolio.screening.entities import Entities
from portfolio.screening.marks import Mark, with_marked
from portfolio.screening.models import Entity, FindingDecision, Scan
from portfolio.screening.queries import standings_of
from portfolio.screening.rules import Outcome, Reason, State
from portfolio.screening.storing import store
from tests.cast import Cast, wanted
from tests.screening.items import BODY, TITLE, draft, entity_of, found_in, review, reword, with_file


@pytest.fixture
def amina(session: Session, cast: Cast) -> Actor:
    """The learner."""
    return cast.actor("amina", session)


def told(session: Session, verb: str) -> dict[str, object]:
    """What the newest event of a kind says."""
    event = session.scalars(select(AuditEvent).where(AuditEvent.verb == verb).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    return session.get_one(AuditText, event.id).text


def test_all_of_one_person_is_replaced_everywhere_in_the_item(session: Session, cast: Cast, amina: Actor) -> None:
    """A title goes with its name; the part follows from the words beside it; the trail tells no words."""
    evidence = draft(session, cast)
    who = entity_of(session, evidence, "Mrs Quillfeather")
    assert (who.part, who.pseudonym, who.is_named, len(who.hits)) == (Part.CUSTOMER, "Customer A", False, 3)
    done = deciding.replace(session, amina, evidence, who.uid)
    assert (done.pseudonym, done.count, done.left) == ("Customer A", 3, 0)
    version = evidence.latest
    assert version.title == "The call to Customer A"
    assert version.body == BODY.replace("Mrs Quillfeather", "Customer A")
    text = told(session, "personal.replace")
    assert text.keys() == {"ref", "pseudonym", "label", "act", "count", "digest"}
    assert "Quillfeather" not in str(text)
    assert "Quillfeather" not in str(session.scalars(select(Entity.sealed)).all())
    session.commit()


def test_what_is_left_is_counted_and_goes_to_nothing(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = draft(session, cast)
    before = standings_of(session, [evidence.id])[evidence.id]
    assert (before.left, before.is_clear) == (5, False)
    for one in review(session, evidence).entities:
        deciding.replace(session, amina, evidence, one.uid)
    after = standings_of(session, [evidence.id])[evidence.id]
    assert after.is_clear
    seen = review(session, evidence)
    assert (seen.left, seen.total, len(seen.decided)) == (0, 5, 3)
    assert evidence.latest.body.count("[phone 1]") == 1
    assert "My colleague Colleague B wrote" in evidence.latest.body


def test_only_some_places_are_replaced(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = draft(session, cast)
    who = entity_of(session, evidence, "Mrs Quillfeather")
    [in_title] = [hit for hit in who.hits if hit.place == "title"]
    done = deciding.replace(session, amina, evidence, who.uid, finding_uids=[in_title.finding_uid])
    assert done.count == 1
    assert (evidence.latest.title, evidence.latest.body) == ("The call to Customer A", BODY)
    assert entity_of(session, evidence, "Mrs Quillfeather").state is State.OPEN


def test_the_part_that_is_asked_for_is_taken(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = draft(session, cast)
    who = entity_of(session, evidence, "Mrs Quillfeather")
    assert deciding.replace(session, amina, evidence, who.uid, part=Part.OTHER).pseudonym == "Person A"


def test_replacing_is_taken_back_where_the_pseudonym_stands(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = draft(session, cast)
    who = entity_of(session, evidence, "Mrs Quillfeather")
    done = deciding.replace(session, amina, evidence, who.uid)
    reword(session, cast, evidence, f"First of all: {evidence.latest.body}", "Another title")
    undone = deciding.undo(session, amina, evidence, done.act)
    assert (undone.count, undone.lost) == (2, 1)
    assert evidence.latest.body == f"First of all: {BODY}"
    assert review(session, evidence).decided == ()
    with pytest.raises(Conflict):
        deciding.undo(session, amina, evidence, done.act)
    session.commit()


def test_each_place_has_its_own_words_again(session: Session, cast: Cast, amina: Actor) -> None:
    body = "Mrs Orla Quillfeather rang. I told Mrs Quillfeather that Orla Quillfeather would hear from us."
    evidence = draft(session, cast, body, "A call")
    who = entity_of(session, evidence, "Mrs Orla Quillfeather")
    assert len(who.hits) == 3
    first = deciding.replace(session, amina, evidence, who.uid, finding_uids=[who.hits[1].finding_uid])
    rest = deciding.replace(session, amina, evidence, who.uid)
    assert evidence.latest.body == "Customer A rang. I told Customer A that Customer A would hear from us."
    deciding.undo(session, amina, evidence, first.act)
    assert evidence.latest.body == "Customer A rang. I told Mrs Quillfeather that Customer A would hear from us."
    deciding.undo(session, amina, evidence, rest.act)
    assert evidence.latest.body == body


def test_nothing_goes_back_once_it_stands_nowhere(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = draft(session, cast)
    done = deciding.replace(session, amina, evidence, entity_of(session, evidence, "Mrs Quillfeather").uid)
    reword(session, cast, evidence, "Nobody is named.", "A title")
    with pytest.raises(InvalidState, match="nothing can be put back"):
        deciding.undo(session, amina, evidence, done.act)


def test_claims_are_rewritten_and_put_back(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = draft(session, cast)
    mapping.map_to(
        session,
        amina,
        evidence,
        wanted=wanted(session, evidence.enrolment, {"1.1": "I rang Mrs Quillfeather back the same day."}),
    )
    done = deciding.replace(session, amina, evidence, entity_of(session, evidence, "Mrs Quillfeather").uid)
    said = select(Claim.annotation).where(Claim.evidence_version_id == evidence.latest.id)
    assert (done.count, session.scalar(said)) == (4, "I rang Customer A back the same day.")
    deciding.undo(session, amina, evidence, done.act)
    assert session.scalar(said) == "I rang Mrs Quillfeather back the same day."


def test_one_pseudonym_through_the_enrolment_and_one_sequence(session: Session, cast: Cast, amina: Actor) -> None:
    one, other = draft(session, cast), draft(session, cast, "Mr Dermot Haverstock rang Mrs Quillfeather.", "Next day")
    deciding.replace(session, amina, one, entity_of(session, one, "Mrs Quillfeather").uid)
    assert entity_of(session, other, "Mrs Quillfeather").pseudonym == "Customer A"
    who = next(one for one in review(session, other).entities if any("Haverstock" in words for words in one.words))
    assert who.pseudonym.endswith(" B")


def test_a_letter_that_was_written_by_hand_is_left_out(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = draft(session, cast, "Customer A rang. Then Mrs Quillfeather rang too.", "Two calls")
    who = entity_of(session, evidence, "Mrs Quillfeather")
    assert who.pseudonym == deciding.replace(session, amina, evidence, who.uid).pseudonym == "Customer B"


def test_keeping_with_a_reason(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = draft(session, cast)
    who = entity_of(session, evidence, "Mrs Quillfeather")
    act = deciding.keep(
        session, amina, evidence, entity_uid=who.uid, reason=Reason.OTHER, said="She wrote to the paper."
    )
    [row] = session.scalars(select(FindingDecision).where(FindingDecision.act == act)).all()
    assert (row.outcome, row.places, row.said, row.role_word) == (Outcome.KEPT, 3, "She wrote to the paper.", "learner")
    assert entity_of(session, evidence, "Mrs Quillfeather").state is State.KEPT
    assert "Quillfeather" not in str(told(session, "personal.keep"))
    reword(session, cast, evidence, BODY + " I thanked Mrs Quillfeather.")
    assert entity_of(session, evidence, "Mrs Quillfeather").state is State.KEPT
    assert deciding.undo(session, amina, evidence, act).count == 3
    assert entity_of(session, evidence, "Mrs Quillfeather").state is State.OPEN


@pytest.mark.parametrize(
    "said",
    ["mrs  quillfeather agreed", "Her number is 07700 900444", "x" * 301, ""],
    ids=["names", "more", "long", "no"],
)
def test_a_reason_says_nothing_of_what_it_is_about(session: Session, cast: Cast, amina: Actor, said: str) -> None:
    evidence = draft(session, cast)
    who = entity_of(session, evidence, "Mrs Quillfeather")
    with pytest.raises(Rejected) as refused:
        deciding.keep(session, amina, evidence, entity_uid=who.uid, reason=Reason.OTHER, said=said)
    assert refused.value.field == "said"


def test_a_reason_says_nothing_of_what_a_file_says(session: Session, cast: Cast, amina: Actor) -> None:
    """Words that nobody would take for a name by themselves are known from the file."""
    evidence = with_file(session, cast, b"nothing")
    scan = session.scalars(select(Scan).where(Scan.item_uid == evidence.uid, Scan.source != "")).one()
    entities = Entities(session, evidence.enrolment)
    text = "the corner lad came in"
    one = entities.new(Label.USERNAME, Part.NONE)
    one.learn(["corner lad"])
    entities.seal(one)
    session.flush()
    mark = Mark("corner lad", Label.USERNAME, one.entity.uid)
    store(session, scan, with_marked([], {"p1": text}, (mark,)), {"p1": text}, entities)
    [row] = [row for row in found_in(session, evidence) if row.scan_id == scan.id]
    with pytest.raises(Rejected, match="names what it is about") as refused:
        deciding.keep(
            session, amina, evidence, finding_uids=[row.uid], reason=Reason.OTHER, said="Corner Lad is a nickname."
        )
    assert refused.value.field == "said"
    deciding.keep(session, amina, evidence, finding_uids=[row.uid], reason=Reason.OTHER, said="It is a nickname.")


def test_keeping_is_asked_where_an_administrator_answers(session: Session, cast: Cast, amina: Actor) -> None:
    centre = session.get_one(Centre, cast.homes["ada"])
    centre.settings = kept_as(CentreSettings(override_by=ADMINISTRATOR))
    evidence = draft(session, cast)
    who = entity_of(session, evidence, "Mrs Quillfeather")
    deciding.keep(session, amina, evidence, entity_uid=who.uid, reason=Reason.AGREED)
    assert entity_of(session, evidence, "Mrs Quillfeather").state is State.ASKED
    assert not standings_of(session, [evidence.id])[evidence.id].is_clear
    assert told(session, "personal.ask")["reason"] == "agreed"


def test_what_was_replaced_and_is_written_again_is_open_again(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = draft(session, cast)
    deciding.replace(session, amina, evidence, entity_of(session, evidence, "Mrs Quillfeather").uid)
    reword(session, cast, evidence, BODY, TITLE)
    who = entity_of(session, evidence, "Mrs Quillfeather")
    assert (who.state, who.pseudonym, who.is_named) == (State.OPEN, "Customer A", True)


def test_another_label_is_no_way_round(session: Session, cast: Cast, amina: Actor) -> None:
    """A sort of which the centre only warns lets nothing through that was found to be of another."""
    centre = session.get_one(Centre, cast.homes["ada"])
    centre.settings = kept_as(CentreSettings(personal_data_warns=(Label.USERNAME.value,)))
    evidence = draft(session, cast)
    who = entity_of(session, evidence, "Mrs Quillfeather")
    deciding.relabel(session, amina, evidence, [hit.finding_uid for hit in who.hits], Label.USERNAME)
    again = entity_of(session, evidence, "Mrs Quillfeather")
    assert (again.label, again.state, again.pseudonym, len(again.hits)) == (
        Label.USERNAME,
        State.OPEN,
        "[user name 1]",
        3,
    )
    reword(session, cast, evidence, BODY + " Goodbye.")
    assert entity_of(session, evidence, "Mrs Quillfeather").uid == again.uid


def test_what_is_known_as_the_other_sort_stays_one(session: Session, cast: Cast, amina: Actor) -> None:
    one, other = draft(session, cast), draft(session, cast, "Mrs Quillfeather rang.", "Next day")
    for evidence in (one, other):
        who = entity_of(session, evidence, "Mrs Quillfeather")
        deciding.relabel(session, amina, evidence, [hit.finding_uid for hit in who.hits], Label.USERNAME)
    uids = {entity_of(session, evidence, "Mrs Quillfeather").uid for evidence in (one, other)}
    assert len(uids) == 1
    session.commit()


def test_what_holds_back_can_be_kept_after_the_end(session: Session, cast: Cast, amina: Actor) -> None:
    """Nothing is replaced any more then."""
    evidence = draft(session, cast)
    who = entity_of(session, evidence, "Mrs Quillfeather").uid
    evidence.enrolment.state = EnrolmentState.COMPLETED
    session.flush()
    deciding.keep(session, amina, evidence, entity_uid=who, reason=Reason.AGREED)
    assert entity_of(session, evidence, "Mrs Quillfeather").state is State.KEPT
    with pytest.raises(InvalidState, match="is over"):
        deciding.replace(session, amina, evidence, who)


def test_a_sort_that_only_warns_is_not_in_the_way(session: Session, cast: Cast) -> None:
    centre = session.get_one(Centre, cast.homes["ada"])
    centre.settings = kept_as(CentreSettings(personal_data_warns=(Label.PHONE.value,)))
    evidence = draft(session, cast, "They rang from 07700 900312 at noon.", "A call")
    stands = standings_of(session, [evidence.id])[evidence.id]
    assert (stands.left, stands.warns, stands.is_clear) == (0, 1, True)


def test_what_is_gone_is_a_conflict(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = draft(session, cast)
    who = entity_of(session, evidence, "Mrs Quillfeather")
    reword(session, cast, evidence, "Nobody is named.", "A title")
    with pytest.raises(Conflict):
        deciding.replace(session, amina, evidence, who.uid)
    with pytest.raises(Conflict):
        deciding.keep(session, amina, evidence, finding_uids=["nothing"], reason=Reason.PUBLIC)
    with pytest.raises(Conflict):
        deciding.undo(session, amina, evidence, "nothing")


def test_only_what_stands_in_a_file_is_confirmed(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = draft(session, cast)
    with pytest.raises(Rejected, match="in the text"):
        deciding.confirm(session, amina, evidence, [found_in(session, evidence)[0].uid])
