"""Mapping a draft to criteria: all at once, only one's own criteria, and nothing once it was handed in."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.assessment import submitting
from portfolio.audit.models import AuditEvent
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState, Rejected
from portfolio.evidence import trashing
from portfolio.evidence.models import Evidence
from portfolio.mapping import actions
from portfolio.mapping.actions import Wanted
from portfolio.mapping.models import Claim
from portfolio.mapping.queries import claims_of, draft_claims, mapped
from portfolio.mapping.rules import ANNOTATION_MOST, PLACE_MOST, Origin
from tests.cast import EVERYTHING, Cast, criteria_by_code, wanted


def item(session: Session, cast: Cast, name: str) -> Evidence:
    """One of the cast's items."""
    return session.get_one(Evidence, cast.evidence[name])


def codes_of(session: Session, version_id: int) -> tuple[str, ...]:
    """What a version is mapped to."""
    return mapped(session, [version_id])[version_id].codes


def verbs(session: Session) -> list[str]:
    """Every verb of the trail in its order."""
    return list(session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id)))


def test_one_item_to_five_criteria_is_one_event(session: Session, cast: Cast) -> None:
    """The claims are exactly those that were asked for."""
    evidence, enrolment = item(session, cast, "amina E004"), session.get_one(Enrolment, cast.enrolments["amina"])
    before = len(verbs(session))
    five = dict.fromkeys(("1.1", "1.2", "2.1", "3.2", "4.4"), "I followed steps 2 to 5.")
    assert actions.map_to(session, cast.actor("amina", session), evidence, wanted=wanted(session, enrolment, five)) == 5
    session.commit()
    assert verbs(session)[before:] == ["evidence.map"]
    assert codes_of(session, evidence.latest.id) == tuple(five)
    kept = claims_of(session, evidence.latest.id).values()
    assert {(text.annotation, text.place) for text in kept} == {("I followed steps 2 to 5.", "page 1")}


def test_mapping_again_changes_adds_and_takes_back(session: Session, cast: Cast) -> None:
    """A claim that stays keeps its identity."""
    evidence, enrolment = item(session, cast, "amina E004"), session.get_one(Enrolment, cast.enrolments["amina"])
    amina = cast.actor("amina", session)
    actions.map_to(session, amina, evidence, wanted=wanted(session, enrolment, {"1.1": "First.", "1.2": "Gone soon."}))
    kept = session.scalars(select(Claim).where(Claim.evidence_version_id == evidence.latest.id)).first()
    actions.map_to(session, amina, evidence, wanted=wanted(session, enrolment, {"1.1": " Better. ", "2.4": ""}))
    session.commit()
    assert codes_of(session, evidence.latest.id) == ("1.1", "2.4")
    assert kept is not None
    assert (kept.annotation, kept.origin) == ("Better.", Origin.LEARNER)
    assert mapped(session, [evidence.latest.id])[evidence.latest.id].unexplained == ("2.4",)


def test_a_mapping_can_be_emptied(session: Session, cast: Cast) -> None:
    """Nothing is left over."""
    evidence = item(session, cast, "amina E003")
    assert actions.map_to(session, cast.actor("amina", session), evidence, wanted=[]) == 0
    assert codes_of(session, evidence.latest.id) == ()


@pytest.mark.parametrize(
    ("annotation", "place", "field"),
    [("x" * (ANNOTATION_MOST + 1), "", "annotation"), ("x", "y" * (PLACE_MOST + 1), "place")],
)
def test_what_is_too_long_is_refused_at_its_own_row(
    session: Session, cast: Cast, annotation: str, place: str, field: str
) -> None:
    """The refusal names the field of the criterion."""
    evidence, enrolment = item(session, cast, "amina E004"), session.get_one(Enrolment, cast.enrolments["amina"])
    unit_id, criterion_id = criteria_by_code(session, enrolment)["1.3"]
    with pytest.raises(Rejected) as refused:
        actions.map_to(
            session,
            cast.actor("amina", session),
            evidence,
            wanted=[Wanted(unit_id, criterion_id, annotation, place)],
        )
    assert refused.value.field == f"{field}-{criterion_id}"


def test_only_criteria_of_ones_own_units(session: Session, cast: Cast) -> None:
    """Neither another enrolment's unit, nor a criterion of no unit, nor one twice."""
    evidence, enrolment = item(session, cast, "amina E004"), session.get_one(Enrolment, cast.enrolments["amina"])
    other = session.get_one(Enrolment, cast.enrolments["ben"])
    unit_id, criterion_id = criteria_by_code(session, enrolment)["1.1"]
    for asked in (
        [Wanted(other.units[0].id, criterion_id)],
        [Wanted(unit_id, 999_999)],
        [Wanted(unit_id, criterion_id), Wanted(unit_id, criterion_id)],
    ):
        with pytest.raises(Rejected):
            actions.map_to(session, cast.actor("amina", session), evidence, wanted=asked)


@pytest.mark.parametrize("name", ["amina E001", "amina E002"])
def test_what_was_handed_in_keeps_its_claims(session: Session, cast: Cast, name: str) -> None:
    """Marked or waiting: there is no draft to map."""
    with pytest.raises(InvalidState):
        actions.map_to(session, cast.actor("amina", session), item(session, cast, name), wanted=[])


def test_a_revision_begins_with_the_claims_as_drafts(session: Session, cast: Cast) -> None:
    """The old version keeps its own."""
    evidence = item(session, cast, "amina E001")
    old = evidence.latest
    new = actions.revise(session, cast.actor("amina", session), evidence)
    session.commit()
    assert codes_of(session, new.id) == codes_of(session, old.id) == ("1.1", "1.2")
    found = draft_claims(session, evidence.enrolment_id, evidence.author_id)
    drafts = [claim for claim in found if claim.evidence_id == evidence.id]
    assert [claim.ref for claim in drafts] == ["E001", "E001"]
    for version, submission_id in ((old, cast.submissions["amina E001"]), (new, None)):
        claims = session.scalars(select(Claim).where(Claim.evidence_version_id == version.id))
        assert {claim.submission_id for claim in claims} == {submission_id}


def test_discarding_takes_the_claims_along(session: Session, cast: Cast) -> None:
    """Of the draft, and of nothing else."""
    evidence = item(session, cast, "amina E003")
    version_id = evidence.latest.id
    count = len(list(session.scalars(select(Claim.id))))
    trashing.trash(session, cast.actor("amina", session), evidence)
    actions.discard(session, cast.actor("amina", session), evidence)
    session.commit()
    assert codes_of(session, version_id) == ()
    assert len(list(session.scalars(select(Claim.id)))) == count - 1


def test_withdrawing_opens_a_draft_with_the_same_claims(session: Session, cast: Cast) -> None:
    """And it can be mapped anew."""
    evidence, enrolment = item(session, cast, "amina E004"), session.get_one(Enrolment, cast.enrolments["amina"])
    amina = cast.actor("amina", session)
    actions.map_to(session, amina, evidence, wanted=wanted(session, enrolment, {"1.5": "Written down."}))
    submission = submitting.submit(session, amina, enrolment, evidence_ids=[evidence.id], declared=EVERYTHING)
    submitting.withdraw(session, amina, submission)
    session.refresh(evidence)
    assert codes_of(session, evidence.latest.id) == ("1.5",)
    assert actions.map_to(session, amina, evidence, wanted=[]) == 0
