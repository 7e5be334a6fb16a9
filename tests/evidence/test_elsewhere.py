"""Evidence that is held elsewhere: what it must say, what of it is frozen, and who has seen it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.assessment.marking_queries import item_view
from portfolio.audit.models import AuditEvent
from portfolio.criteria.rules import Method
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Conflict, InvalidState, Rejected
from portfolio.evidence import actions, sighting
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.evidence.queries import sightings_of
from portfolio.evidence.rules import CUSTODY, CUSTODY_MOST, NOTE_MOST, Carrier
from portfolio.mapping import actions as mapping
from tests.cast import Cast, hand_in, wanted

EVENT = date(2026, 11, 3)
WHERE = {"location": "Leeds, complaint file 2210", "custodian": "Team leader", "reason": "It may not leave the site."}


@pytest.fixture
def amina(session: Session, cast: Cast) -> Actor:
    """The learner."""
    return cast.actor("amina", session)


def describe(session: Session, cast: Cast, by: Actor, custody: dict[str, str], method: Method) -> Evidence:
    """An item that stays where it is."""
    return actions.add(
        session,
        by,
        session.get_one(Enrolment, cast.enrolments["amina"]),
        cast.installation.store,
        method=method,
        carrier=Carrier.ELSEWHERE,
        details=Details("Complaint file", EVENT, "Every letter of one case.", custody=custody),
    )


def handed_in(session: Session, cast: Cast, amina: Actor) -> Evidence:
    """One that is with the assessor."""
    evidence = describe(session, cast, amina, WHERE, Method.PRODUCT)
    enrolment = session.get_one(Enrolment, evidence.enrolment_id)
    mapping.map_to(session, amina, evidence, wanted=wanted(session, enrolment, {"2.5": "It holds every letter."}))
    hand_in(session, cast, "amina", evidence, evidence.ref)
    return evidence


@pytest.mark.parametrize("missing", list(CUSTODY))
def test_it_says_where_with_whom_and_why(session: Session, cast: Cast, amina: Actor, missing: str) -> None:
    """Each of them, and none at endless length."""
    for bad in ("", "  ", "x" * (CUSTODY_MOST + 1)):
        with pytest.raises(Rejected) as refused:
            describe(session, cast, amina, WHERE | {missing: bad}, Method.PRODUCT)
        assert refused.value.field == missing


def test_an_account_is_written_and_a_record_is_made_here(session: Session, cast: Cast, amina: Actor) -> None:
    """Neither is held elsewhere."""
    for by, method in ((amina, Method.REFLECTIVE_ACCOUNT), (cast.actor("marguerite", session), Method.OBSERVATION)):
        with pytest.raises(Rejected) as refused:
            describe(session, cast, by, WHERE, method)
        assert refused.value.field == "method"


def test_its_draft_changes_and_a_conflict_brings_what_stands(session: Session, cast: Cast, amina: Actor) -> None:
    """Where it is kept included; empty it cannot become."""
    evidence = describe(session, cast, amina, WHERE, Method.PRODUCT)
    store, rev = cast.installation.store, evidence.latest.rev
    moved = Details("Complaint file", EVENT, custody=WHERE | {"location": "York, archive"})
    actions.change(session, amina, evidence, store, details=moved, rev=rev)
    assert evidence.latest.custody["location"] == "York, archive"
    with pytest.raises(Conflict) as found:
        actions.change(session, amina, evidence, store, details=moved, rev=rev)
    assert found.value.theirs["location"] == "York, archive"
    with pytest.raises(Rejected) as refused:
        actions.change(session, amina, evidence, store, details=Details("File"), rev=evidence.latest.rev)
    assert refused.value.field == "location"


def test_where_it_is_kept_is_part_of_what_was_handed_in(session: Session, cast: Cast, amina: Actor) -> None:
    """The digest covers it, and the assessor reads it."""
    evidence = handed_in(session, cast, amina)
    assert actions.version_facts(evidence.latest)["custody"] == WHERE
    view = item_view(session, cast.items[f"amina {evidence.ref}"])
    assert (view.carrier, view.custody, view.sightings) == (Carrier.ELSEWHERE, WHERE, ())


def test_a_sighting_is_on_record_with_role_day_and_note(session: Session, cast: Cast, amina: Actor) -> None:
    """More than one person may have seen it."""
    evidence = handed_in(session, cast, amina)
    sighting.sight(session, cast.actor("tobias", session), evidence, seen_on=EVENT, note=" The original. ")
    sighting.sight(session, cast.actor("iris", session), evidence, seen_on=clock.today())
    session.commit()
    first, second = sightings_of(session, evidence.id)
    assert (first.no, first.name, first.role, first.note) == (
        1,
        "Tobias Achterberg",
        "trainee assessor",
        "The original.",
    )
    assert (second.name, second.seen_on) == ("Iris Featherstonehaugh", clock.today())
    assert item_view(session, cast.items[f"amina {evidence.ref}"]).sightings == (first, second)
    verbs = list(session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id)))
    assert verbs[-2:] == ["evidence.sight", "evidence.sight"]


def test_a_sighting_never_changes(session: Session, cast: Cast, amina: Actor) -> None:
    """The database refuses it."""
    row = sighting.sight(session, cast.actor("tobias", session), handed_in(session, cast, amina), seen_on=EVENT)
    session.commit()
    row.note = "Something else."
    with pytest.raises(DBAPIError):
        session.flush()


@pytest.mark.parametrize(
    ("seen_on", "note", "field"),
    [
        (clock.today() + timedelta(days=1), "", "seen_on"),
        (EVENT - timedelta(days=1), "", "seen_on"),
        (EVENT, "x" * (NOTE_MOST + 1), "note"),
    ],
)
def test_a_sighting_that_cannot_be(
    session: Session, cast: Cast, amina: Actor, seen_on: date, note: str, field: str
) -> None:
    """Not yet, before the event, or at endless length."""
    evidence = handed_in(session, cast, amina)
    with pytest.raises(Rejected) as refused:
        sighting.sight(session, cast.actor("marguerite", session), evidence, seen_on=seen_on, note=note)
    assert refused.value.field == field


def test_only_what_is_elsewhere_and_handed_in_is_gone_to_see(session: Session, cast: Cast, amina: Actor) -> None:
    """Neither a draft nor what lies here."""
    marguerite = cast.actor("marguerite", session)
    draft = describe(session, cast, amina, WHERE, Method.PRODUCT)
    here = session.get_one(Evidence, cast.evidence["amina E001"])
    for evidence, why in ((draft, "not handed in yet"), (here, "nothing to go and see: this item is here")):
        with pytest.raises(InvalidState, match=why):
            sighting.sight(session, marguerite, evidence, seen_on=clock.today())


def test_one_day_is_recorded_once(session: Session, cast: Cast, amina: Actor) -> None:
    """By the same person, of the same version."""
    evidence, marguerite = handed_in(session, cast, amina), cast.actor("marguerite", session)
    sighting.sight(session, marguerite, evidence, seen_on=EVENT)
    with pytest.raises(Rejected, match="on record already") as refused:
        sighting.sight(session, marguerite, evidence, seen_on=EVENT)
    assert refused.value.field == "seen_on"
    sighting.sight(session, marguerite, evidence, seen_on=EVENT + timedelta(days=1))
    sighting.sight(session, cast.actor("iris", session), evidence, seen_on=EVENT)
    assert [row.seen_on for row in sightings_of(session, evidence.id)] == [EVENT, EVENT + timedelta(days=1), EVENT]
