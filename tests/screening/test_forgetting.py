"""Forgetting who is who: on request, with the last unit, what stays marked, and what the trail tells of it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.anonymise.findings import Label
from portfolio.anonymise.pseudonyms import Part
from portfolio.assessment import signing_off
from portfolio.assessment.signing_off import sign_off
from portfolio.audit.models import AuditEvent
from portfolio.audit.streams import words_in
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState
from portfolio.screening import scanning
from portfolio.screening.entities import Entities, Put
from portfolio.screening.forgetting import empty_keys, forget, keys_counted
from portfolio.screening.models import Finding
from portfolio.screening.rules import FoundBy
from tests.assessment import signing
from tests.cast import Cast, write

SECRET = "Mrs Quillfeather"


def enrolment_of(session: Session, cast: Cast, name: str = "amina") -> Enrolment:
    return session.get_one(Enrolment, cast.enrolments[name])


def known(session: Session, cast: Cast, name: str = "amina") -> None:
    """A customer who was replaced, and a phone that was not."""
    entities = Entities(session, enrolment_of(session, cast, name))
    person, phone = entities.new(Label.PERSON, Part.CUSTOMER), entities.new(Label.PHONE, Part.NONE)
    person.entity.number = 1
    person.learn([SECRET])
    person.key.put["an act"] = [Put("body", 0, SECRET, "", " rang")]
    phone.learn(["07700 900312"])
    for one in (person, phone):
        entities.seal(one)
    session.flush()


def test_who_is_who_is_forgotten_for_good(session: Session, cast: Cast) -> None:
    known(session, cast)
    enrolment = enrolment_of(session, cast)
    assert keys_counted(session, enrolment) == 1
    assert forget(session, cast.actor("amina"), enrolment) == 1
    session.commit()
    person, phone = Entities(session, enrolment).known
    assert person.is_gone
    assert person.entity.sealed == ""
    assert phone.key.mentions == ["07700 900312"]
    assert keys_counted(session, enrolment) == 0
    told = words_in(session, enrolment.stream_id)[-1]
    assert (told.verb, told.text) == ("personal.forget", {"count": 1})
    with pytest.raises(InvalidState, match="nothing to forget"):
        forget(session, cast.actor("amina"), enrolment)


def test_it_is_forgotten_also_when_the_portfolio_is_over(session: Session, cast: Cast) -> None:
    known(session, cast)
    enrolment = enrolment_of(session, cast)
    enrolment.state = type(enrolment.state)("completed")
    session.flush()
    assert forget(session, cast.actor("amina"), enrolment) == 1


def test_what_was_marked_by_hand_and_still_stands_stays_marked(session: Session, cast: Cast) -> None:
    evidence = write(session, cast.installation, cast, "amina", "A call", "The lady with the parrot rang.")
    enrolment = enrolment_of(session, cast)
    entities = Entities(session, enrolment)
    lady = entities.new(Label.PERSON, Part.CUSTOMER)
    lady.key.marked, lady.entity.number = ["lady with the parrot"], 1
    lady.learn(["lady with the parrot"])
    entities.seal(lady)
    scanning.look(session, evidence)
    found = session.scalars(select(Finding).where(Finding.entity_id == lady.entity.id)).one()
    assert found.found_by is FoundBy.PERSON
    assert empty_keys(session, enrolment) == 1
    (kept,) = [one for one in Entities(session, enrolment).known if one.entity.id == lady.entity.id]
    assert (kept.key.marked, kept.key.mentions) == (["lady with the parrot"], [])
    assert keys_counted(session, enrolment) == 0
    assert empty_keys(session, enrolment) == 0


def test_it_is_forgotten_with_the_last_unit(session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = signing.all_met(session, cast)
    known(session, cast, "ben")
    enrolment = enrolment_of(session, cast, "ben")
    seen = signing.found(session, unit)
    monkeypatch.setattr(signing_off, "signed_among", lambda _session, _ids: {})
    sign_off(session, cast.actor("marguerite", session), unit, statement=seen.statement, seen_digest=seen.seen)
    assert keys_counted(session, enrolment) == 1
    session.rollback()
    monkeypatch.undo()
    unit = signing.all_met(session, cast)
    known(session, cast, "ben")
    seen = signing.found(session, unit)
    sign_off(session, cast.actor("marguerite", session), unit, statement=seen.statement, seen_digest=seen.seen)
    session.commit()
    assert keys_counted(session, enrolment_of(session, cast, "ben")) == 0
    told = words_in(session, enrolment_of(session, cast, "ben").stream_id)[-1]
    assert (told.verb, told.text["forgotten"]) == ("unit.sign_off", 1)
    assert session.scalar(select(AuditEvent).where(AuditEvent.verb == "personal.forget")) is None
