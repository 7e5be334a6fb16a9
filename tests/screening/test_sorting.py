"""Saying who is who: one and the same, somebody else, their part, and what was missed."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.anonymise.findings import Label
from portfolio.anonymise.pseudonyms import Part
from portfolio.errors import InvalidState, Rejected
from portfolio.evidence import trashing
from portfolio.mapping import actions as mapping
from portfolio.mapping.models import Claim
from portfolio.screening import deciding, scanning, sorting
from portfolio.screening.models import Entity, Scan
from portfolio.screening.review_queries import review_of
from portfolio.screening.rules import FoundBy, ScanState, State
from tests.cast import Cast, wanted
from tests.screening.items import BODY, draft, entity_of, found_in, reword, with_file

TWO = "Mrs Orla Quillfeather rang. The next day Brannagh Tolliver rang too."


@pytest.fixture
def amina(session: Session, cast: Cast) -> Actor:
    """The learner."""
    return cast.actor("amina", session)


def test_two_that_are_one(session: Session, cast: Cast, amina: Actor) -> None:
    """What stood for the first in any draft is written anew; undo gives each place its own words."""
    one, other = draft(session, cast, TWO, "A"), draft(session, cast, "Brannagh Tolliver rang twice.", "B")
    first = deciding.replace(session, amina, one, entity_of(session, one, "Mrs Orla Quillfeather").uid)
    second = deciding.replace(session, amina, one, entity_of(session, one, "Brannagh Tolliver").uid)
    deciding.replace(session, amina, other, entity_of(session, other, "Brannagh Tolliver").uid)
    assert (first.pseudonym, second.pseudonym) == ("Customer A", "Customer B")
    uids = {entity.number: entity.uid for entity in session.scalars(select(Entity).where(Entity.number.is_not(None)))}
    sorting.merge(session, amina, one, uids[2], uids[1])
    assert one.latest.body == "Customer A rang. The next day Customer A rang too."
    assert other.latest.body == "Customer A rang twice."
    deciding.undo(session, amina, one, second.act)
    assert one.latest.body == "Customer A rang. The next day Brannagh Tolliver rang too."
    assert entity_of(session, one, "Brannagh Tolliver").pseudonym == "Customer A"
    session.commit()


def test_the_number_of_one_that_went_is_nobody_elses(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = draft(session, cast, TWO, "A")
    one, other = (entity_of(session, evidence, words).uid for words in ("Mrs Orla Quillfeather", "Brannagh Tolliver"))
    deciding.replace(session, amina, evidence, one)
    deciding.replace(session, amina, evidence, other)
    sorting.merge(session, amina, evidence, other, one)
    third = draft(session, cast, "Then Mr Dermot Haverstock rang.", "C")
    who = next(one for one in review_of(session, third).entities if any("Haverstock" in words for words in one.words))
    assert who.pseudonym == "Customer C"


def test_words_of_one_never_go_where_the_other_stands(session: Session, cast: Cast, amina: Actor) -> None:
    """Once two are one they have one pseudonym; what was taken out of the one's place goes back there or nowhere."""
    evidence = draft(session, cast, TWO, "A")
    one, other = (entity_of(session, evidence, words).uid for words in ("Mrs Orla Quillfeather", "Brannagh Tolliver"))
    deciding.replace(session, amina, evidence, one)
    second = deciding.replace(session, amina, evidence, other)
    sorting.merge(session, amina, evidence, other, one)
    reword(session, cast, evidence, "Customer A rang.", "A")
    with pytest.raises(InvalidState, match="nothing can be put back"):
        deciding.undo(session, amina, evidence, second.act)
    session.rollback()


def test_a_letter_that_stands_there_already_is_not_given_to_two(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = draft(session, cast, f"{TWO} Customer B was there too.", "A")
    one, other = (entity_of(session, evidence, words).uid for words in ("Mrs Orla Quillfeather", "Brannagh Tolliver"))
    assert deciding.replace(session, amina, evidence, one).pseudonym == "Customer A"
    sorting.merge(session, amina, evidence, one, other)
    assert evidence.latest.body.startswith("Customer C rang.")


def test_one_without_a_pseudonym_goes_at_once(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = draft(session, cast, TWO, "A")
    one, other = (entity_of(session, evidence, words).uid for words in ("Mrs Orla Quillfeather", "Brannagh Tolliver"))
    sorting.merge(session, amina, evidence, other, one)
    [who] = review_of(session, evidence).entities
    assert (who.uid, len(who.hits), who.is_named) == (one, 2, False)
    with pytest.raises(Rejected):
        sorting.merge(session, amina, evidence, one, one)


def test_split_holds_after_the_words_are_looked_through_again(session: Session, cast: Cast, amina: Actor) -> None:
    body = "Mrs Orla Quillfeather rang. Quillfeather was written on the form."
    evidence = draft(session, cast, body, "A call")
    who = entity_of(session, evidence, "Mrs Orla Quillfeather")
    assert len(who.hits) == 2
    made = sorting.split(session, amina, evidence, [who.hits[1].finding_uid])
    reword(session, cast, evidence, body + " That was all.", "A call")
    found = {row.entity.uid for row in found_in(session, evidence)}
    assert found == {who.uid, made}
    with pytest.raises(Rejected, match="Nothing would be left"):
        sorting.split(session, amina, evidence, [found_in(session, evidence)[1].uid])


def test_a_part_is_written_anew_in_every_draft_of_its_maker(session: Session, cast: Cast, amina: Actor) -> None:
    one, other = draft(session, cast), draft(session, cast, "Mrs Quillfeather rang.", "B")
    who = entity_of(session, one, "Mrs Quillfeather").uid
    deciding.replace(session, amina, one, who)
    deciding.replace(session, amina, other, who)
    sorting.set_part(session, amina, one, who, Part.MANAGER)
    assert one.latest.title == "The call to Manager A"
    assert other.latest.body == "Manager A rang."
    phone = entity_of(session, one, "07700 900312").uid
    with pytest.raises(Rejected):
        sorting.set_part(session, amina, one, phone, Part.MANAGER)


def test_a_part_is_written_anew_in_what_is_put_aside_and_in_claims_on_what_is_on_record(
    session: Session, cast: Cast, amina: Actor
) -> None:
    one, binned, hidden, frozen = (draft(session, cast, "Mrs Quillfeather rang.", title) for title in "ABCD")
    mapping.map_to(
        session, amina, frozen, wanted=wanted(session, frozen.enrolment, {"1.1": "I rang Mrs Quillfeather back."})
    )
    who = entity_of(session, one, "Mrs Quillfeather").uid
    for item in (one, binned, hidden, frozen):
        deciding.replace(session, amina, item, who)
    trashing.trash(session, amina, binned)
    hidden.hidden_at = frozen.latest.frozen_at = clock.now()
    session.flush()
    sorting.set_part(session, amina, one, who, Part.MANAGER)
    assert binned.latest.body == hidden.latest.body == "Manager A rang."
    said = select(Claim.annotation).where(Claim.evidence_version_id == frozen.latest.id)
    assert session.scalar(said) == "I rang Manager A back."
    assert frozen.latest.body == "Customer A rang."
    session.rollback()


def test_what_was_missed_is_found_everywhere(session: Session, cast: Cast, amina: Actor) -> None:
    body = "the corner lad came in. I wrote to the Corner  Lad the next day, and not to the corner ladder."
    evidence, other = draft(session, cast, body, "A"), draft(session, cast, "And the corner lad again.", "B")
    assert found_in(session, evidence) == []
    uid = sorting.mark(session, amina, evidence, place="body", start=4, end=14, label=Label.PERSON)
    rows = found_in(session, evidence)
    assert [body[row.start : row.end] for row in rows] == ["corner lad", "Corner  Lad"]
    assert {row.found_by for row in rows} == {FoundBy.PERSON}
    scanning.look(session, other)
    assert entity_of(session, other, "corner lad").uid == uid
    done = deciding.replace(session, amina, evidence, uid)
    assert evidence.latest.body == (
        "the Customer A came in. I wrote to the Customer A the next day, and not to the corner ladder."
    )
    assert done.count == 2
    deciding.undo(session, amina, evidence, done.act)
    assert evidence.latest.body == body


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 4), (0, 1), (0, 500), (10_000, 10_010)])
def test_only_words_that_are_there_are_marked(session: Session, cast: Cast, amina: Actor, start: int, end: int) -> None:
    evidence = draft(session, cast, "word " * 200, "A")
    with pytest.raises(Rejected):
        sorting.mark(session, amina, evidence, place="body", start=start, end=end, label=Label.PERSON)


def test_what_is_found_is_not_marked_again(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = draft(session, cast)
    start = BODY.index("Quillfeather")
    with pytest.raises(Rejected, match="already"):
        sorting.mark(session, amina, evidence, place="body", start=start, end=start + 12, label=Label.PERSON)


def test_files_are_looked_through_again_for_what_means_somebody_replaced(
    session: Session, cast: Cast, amina: Actor
) -> None:
    file, evidence = with_file(session, cast, b"Brannagh"), draft(session, cast, TWO, "A")
    one, other = (entity_of(session, evidence, words).uid for words in ("Mrs Orla Quillfeather", "Brannagh Tolliver"))
    deciding.replace(session, amina, evidence, one)
    scan = session.scalars(select(Scan).where(Scan.item_uid == file.uid, Scan.source != "")).one()
    scan.state = ScanState.DONE
    session.flush()
    sorting.merge(session, amina, evidence, other, one)
    session.refresh(scan)
    assert scan.state is ScanState.WAITING


@pytest.mark.parametrize("state", [ScanState.DONE, ScanState.UNREADABLE])
def test_files_are_looked_through_again_for_what_was_marked(
    session: Session, cast: Cast, amina: Actor, state: ScanState
) -> None:
    """Those too that could be read in part."""
    file, evidence = with_file(session, cast, b"the corner lad"), draft(session, cast, "the corner lad came in.", "A")
    scan = session.scalars(select(Scan).where(Scan.item_uid == file.uid, Scan.source != "")).one()
    scan.state = state
    session.flush()
    sorting.mark(session, amina, evidence, place="body", start=4, end=14, label=Label.PERSON)
    assert scan.state is ScanState.WAITING
    assert entity_of(session, evidence, "corner lad").state is State.OPEN
