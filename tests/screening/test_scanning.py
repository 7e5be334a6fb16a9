"""Looking through what an item says: when, what is kept of it, and what never stops a save."""

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portfolio.accounts.actors import Actor
from portfolio.anonymise.detect import VERSION
from portfolio.anonymise.findings import Known, Label
from portfolio.anonymise.pseudonyms import Part, alike
from portfolio.centres.models import Centre
from portfolio.db import TEXTS_TOUCHED
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import trashing
from portfolio.evidence.models import Evidence
from portfolio.mapping import actions as mapping
from portfolio.screening import deciding, scanning
from portfolio.screening import entities as entities_module
from portfolio.screening.entities import Entities
from portfolio.screening.known import save_lists
from portfolio.screening.models import Entity, Finding, Scan
from portfolio.screening.queries import standings_of
from portfolio.screening.review_queries import review_of
from portfolio.screening.rules import Reason, ScanState, State
from portfolio.screening.texts import texts_of
from portfolio.screening.tokens import token_of
from tests.cast import Cast, wanted, write
from tests.screening.items import BODY, TITLE, draft, entity_of, found_in, reword, with_file


@pytest.fixture
def amina(session: Session, cast: Cast) -> Actor:
    """The learner."""
    return cast.actor("amina", session)


def own_scan(session: Session, evidence: Evidence) -> Scan:
    """The scan of an item's own words."""
    return session.scalars(select(Scan).where(Scan.item_uid == evidence.uid, Scan.source == "")).one()


def test_a_save_looks_through_what_it_changes(session: Session, cast: Cast) -> None:
    evidence = write(session, cast.installation, cast, "amina", TITLE, BODY)
    assert session.info[TEXTS_TOUCHED] == {evidence.id}
    session.commit()
    assert own_scan(session, evidence).state is ScanState.DONE
    assert {row.label for row in found_in(session, evidence)} == {Label.PERSON, Label.PHONE}


def test_every_text_of_an_item_is_looked_through(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = with_file(session, cast, b"nothing", "letter_Tolliver_May.txt")
    version = evidence.latest
    version.context, version.role = "Orla Quillfeather rang.", "I rang Brannagh Tolliver back."
    version.custody = {"custodian": "Mrs Peverell-Hughes"}
    version.notes = [{"at": "", "ask": "What did Mr Haverstock say?", "said": "Ask Mrs Haverstock.", "criteria": []}]
    mapping.map_to(
        session, amina, evidence, wanted=wanted(session, evidence.enrolment, {"1.1": "I rang Mr Wickersham."})
    )
    scanning.look(session, evidence)
    kinds = {row.place.partition(":")[0] for row in found_in(session, evidence)}
    assert kinds == {"context", "role", "custody", "note", "annotation", "file"}
    assert {one.place for one in texts_of(session, evidence.id).texts} >= {
        row.place for row in found_in(session, evidence)
    }


def test_findings_keep_their_names_while_their_words_stand(session: Session, cast: Cast) -> None:
    evidence = draft(session, cast)
    before = {row.uid for row in found_in(session, evidence)}
    reword(session, cast, evidence, f"It was cold. {BODY}")
    assert {row.uid for row in found_in(session, evidence)} == before
    reword(session, cast, evidence, "Nobody is named.", "A title")
    assert found_in(session, evidence) == []


def test_unchanged_words_are_not_looked_through_again(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = draft(session, cast)
    monkeypatch.setattr(scanning, "find", lambda *_arguments: pytest.fail("looked through again"))
    scanning.look(session, evidence)


def test_who_is_known_is_opened_once_for_many_items(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever the first of them teaches is known in the next."""
    items = [
        write(session, cast.installation, cast, "amina", "A call", f"{BODY} {words}")
        for words in ("Yours, Brannagh Tolliver", "Yours, Brannagh Tolliver", "")
    ]
    opened: list[Enrolment] = []

    def entities(among: Session, enrolment: Enrolment) -> Entities:
        opened.append(enrolment)
        return Entities(among, enrolment)

    monkeypatch.setattr(scanning, "Entities", entities)
    scanning.look_again(session, items)
    assert len(opened) == 1
    assert len(session.scalars(select(Entity)).all()) == len({row.entity_id for row in found_in(session, items[0])})
    scanning.look_again(session, items)
    assert len(opened) == 2


def test_whom_words_mean_is_found_without_comparing_them_with_everybodys(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first of two that say the same is meant; one that goes is meant no more."""
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    entities = Entities(session, enrolment)
    made = [entities.new(Label.PERSON, Part.CUSTOMER) for _ in range(50)]
    for number, one in reversed(list(enumerate(made))):
        one.learn(["Brannagh Tolliver", f"Person Number{number}x"])
        entities.seal(one)
    session.flush()
    for known in (entities, Entities(session, enrolment)):
        compared: list[str] = []

        def folded(label: Label, words: str, compared: list[str] = compared) -> str:
            compared.append(words)
            return alike(label, words)

        with monkeypatch.context() as patch:
            patch.setattr(entities_module, "alike", folded)
            found = [known.meant(Label.PERSON, words, "x") for words in ("Mrs Brannagh Tolliver", "person number7x")]
            assert known.meant(Label.PHONE, "Brannagh Tolliver", "x") is None
        assert [one.entity.uid for one in found if one] == [made[0].entity.uid, made[7].entity.uid]
        assert len(compared) == 3
    entities.drop({made[0].entity.id, made[7].entity.id})
    again = entities.meant(Label.PERSON, "Brannagh Tolliver", "x")
    assert again is made[1]
    assert entities.meant(Label.PERSON, "Person Number7x", "x") is None
    assert entities.by_uid(made[7].entity.uid) is None
    made[8].key.here["x"] = [alike(Label.PERSON, "Brannagh Tolliver")]
    entities.seal(made[8])
    assert entities.meant(Label.PERSON, "Brannagh Tolliver", "x") is made[8]
    assert entities.meant(Label.PERSON, "Brannagh Tolliver", "y") is made[1]
    session.rollback()


def test_a_save_is_never_stopped(session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be looked through is saved all the same, and waits; the gate waits with it."""

    def fails(*_arguments: Any) -> None:
        raise RecursionError

    evidence = write(session, cast.installation, cast, "amina", TITLE, BODY)
    with monkeypatch.context() as patch:
        patch.setattr(scanning, "find", fails)
        session.commit()
    assert own_scan(session, evidence).state is ScanState.WAITING
    assert not standings_of(session, [evidence.id])[evidence.id].is_clear
    scanning.look(session, evidence)
    assert own_scan(session, evidence).state is ScanState.DONE


def test_the_portfolios_own_people_only_warn(session: Session, cast: Cast) -> None:
    learner = session.get_one(Enrolment, cast.enrolments["amina"]).learner.name
    evidence = draft(session, cast, f"I am {learner}. Kind regards, {learner.split()[0]}", "Signed")
    assert {row.is_ours for row in found_in(session, evidence)} == {True}
    stands = standings_of(session, [evidence.id])[evidence.id]
    assert stands.is_clear
    assert stands.warns == len(found_in(session, evidence)) > 0


def test_no_word_is_kept_beside_a_finding(session: Session, cast: Cast) -> None:
    evidence = draft(session, cast)
    for model in (Scan, Finding, Entity):
        for row in session.execute(select(*model.__table__.columns)):
            assert "uillfeather" not in str(row)
            assert "900312" not in str(row)
    first = found_in(session, evidence)[0]
    assert first.token == token_of(session, evidence.enrolment, Label.PERSON, "MRS  Quillfeather")


def test_a_change_of_lists_has_all_looked_through_again(session: Session, cast: Cast) -> None:
    evidence = draft(session, cast, "I wrote to the corner lad.", "A")
    assert not review_of(session, evidence).is_stale
    centre = session.get_one(Centre, cast.homes["ada"])
    save_lists(session, cast.actor("ada", session), centre, Known(people=("Corner Lad",)), rev=0)
    assert review_of(session, evidence).is_stale
    scanning.refresh(session, [evidence.id])
    assert not review_of(session, evidence).is_stale
    assert entity_of(session, evidence, "corner lad").state is State.OPEN


def test_whom_somebody_replaced_is_looked_for_elsewhere(session: Session, cast: Cast, amina: Actor) -> None:
    evidence, other = draft(session, cast, "Mrs Corner Quillfeather rang.", "A"), draft(session, cast, "A letter.", "B")
    before = own_scan(session, other).detector
    deciding.replace(session, amina, evidence, found_in(session, evidence)[0].entity.uid)
    scanning.look(session, other)
    assert own_scan(session, other).detector != before
    known = scanning.known_of(session, other.enrolment).known
    assert "Mrs Corner Quillfeather" in known.people


def test_what_an_item_says_is_forgotten_with_it(session: Session, cast: Cast, amina: Actor) -> None:
    """The pseudonym stays nobody else's; the words that it stood for there are gone."""
    evidence = draft(session, cast)
    deciding.replace(session, amina, evidence, entity_of(session, evidence, "Mrs Quillfeather").uid)
    session.commit()
    trashing.trash(session, amina, evidence)
    mapping.discard(session, amina, evidence)
    session.commit()
    for model in (Scan, Finding):
        assert session.scalars(select(model).where(model.item_uid == evidence.uid)).all() == []
    [left] = Entities(session, evidence.enrolment).known
    assert (left.entity.number, left.key.put) == (1, {})


def test_looking_while_typing_keeps_nothing(session: Session, cast: Cast, amina: Actor) -> None:
    evidence = draft(session, cast)
    who = entity_of(session, evidence, "Mrs Quillfeather")
    texts = {"body": "Mrs Quillfeather and 07700 900333"}
    before = len(session.scalars(select(Finding)).all())
    pointed = scanning.pointing_at(session, evidence.enrolment, texts, evidence=evidence)
    assert [one.words for one in pointed] == ["Mrs Quillfeather", "07700 900333"]
    deciding.keep(session, amina, evidence, entity_uid=who.uid, reason=Reason.PUBLIC)
    pointed = scanning.pointing_at(session, evidence.enrolment, texts, evidence=evidence)
    assert [one.words for one in pointed] == ["07700 900333"]
    assert len(session.scalars(select(Finding)).all()) == before


def test_an_older_release_has_the_words_looked_through_again(session: Session, cast: Cast) -> None:
    evidence = draft(session, cast)
    session.execute(update(Scan).values(detector="0 c0.l0 0"))
    session.expire_all()
    assert review_of(session, evidence).is_stale
    scanning.look(session, evidence)
    assert own_scan(session, evidence).detector.startswith(f"{VERSION} ")


@pytest.mark.parametrize(
    "body", ["I told her neighbour {0} of it.", "The cat sat on {0} all day.", "Dear Mr {0},", "Ask {0}'s sister"]
)
def test_a_pseudonym_is_nobody(session: Session, cast: Cast, amina: Actor, body: str) -> None:
    evidence = draft(session, cast, body.format("Brannagh Tolliver") + " Brannagh Tolliver rang.", "A call")
    who = found_in(session, evidence)[0].entity.uid
    done = deciding.replace(session, amina, evidence, who, part=Part.OTHER)
    assert done.pseudonym == "Person A"
    assert found_in(session, evidence) == []
