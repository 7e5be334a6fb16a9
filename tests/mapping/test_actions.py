"""Mapping an item to criteria: all at once, only one's own criteria, and only further ones once it was handed in."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.assessment import submitting
from portfolio.audit.models import AuditEvent
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Conflict, Rejected
from portfolio.evidence import trashing
from portfolio.evidence.actions import claimable_of
from portfolio.evidence.models import Evidence
from portfolio.mapping import actions
from portfolio.mapping.actions import Wanted
from portfolio.mapping.models import Claim
from portfolio.mapping.queries import claims_of, draft_claims, locked_on, mapped, rev_of
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
    mapping = actions.map_to(session, cast.actor("amina", session), evidence, wanted=wanted(session, enrolment, five))
    assert mapping.count == 5
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
    assert [one.code for one in mapped(session, [evidence.latest.id])[evidence.latest.id].unexplained] == ["2.4"]


def test_a_mapping_can_be_emptied(session: Session, cast: Cast) -> None:
    """Nothing is left over."""
    evidence = item(session, cast, "amina E003")
    assert actions.map_to(session, cast.actor("amina", session), evidence, wanted=[]).count == 0
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


def rev_now(session: Session, evidence: Evidence) -> int:
    """The number of an item's mapping, as a page reads it."""
    version_id = claimable_of(evidence).id
    return rev_of(version_id, claims_of(session, version_id))


@pytest.mark.parametrize("name", ["amina E001", "amina E003"])
def test_a_mapping_that_changed_meanwhile_is_not_overwritten(session: Session, cast: Cast, name: str) -> None:
    """On a draft and on what was handed in: the second of two is told what stands, and nothing is lost."""
    evidence, enrolment = item(session, cast, name), session.get_one(Enrolment, cast.enrolments["amina"])
    amina, read = cast.actor("amina", session), rev_now(session, evidence)
    first = wanted(session, enrolment, {"4.1": "The first one."})
    made = actions.map_to(session, amina, evidence, wanted=first, rev=read)
    assert made.rev == rev_now(session, evidence) != read
    with pytest.raises(Conflict) as refused:
        actions.map_to(session, amina, evidence, wanted=wanted(session, enrolment, {"4.2": "The second."}), rev=read)
    criterion_id = first[0].criterion_id
    assert refused.value.theirs == {f"annotation-{criterion_id}": "The first one.", f"place-{criterion_id}": "page 1"}
    assert list(claims_of(session, claimable_of(evidence).id)) == [criterion_id]
    again = actions.map_to(session, amina, evidence, wanted=wanted(session, enrolment, {"4.2": "Now."}), rev=made.rev)
    assert again.rev == rev_now(session, evidence) not in {read, made.rev}


@pytest.mark.parametrize(
    ("annotation", "place"), [("I counted them.", "page 2"), ("I counted them all.", "page 1")], ids=["place", "words"]
)
def test_every_word_of_a_mapping_changes_its_number(session: Session, cast: Cast, annotation: str, place: str) -> None:
    """So that one who read it before is told."""
    evidence, enrolment = item(session, cast, "amina E003"), session.get_one(Enrolment, cast.enrolments["amina"])
    amina, read = cast.actor("amina", session), rev_now(session, evidence)
    asked = [Wanted(*criteria_by_code(session, enrolment)["3.1"], annotation, place)]
    assert actions.map_to(session, amina, evidence, wanted=asked, rev=read).rev != read
    with pytest.raises(Conflict):
        actions.map_to(session, amina, evidence, wanted=[], rev=read)


def test_what_changes_nothing_writes_nothing(session: Session, cast: Cast) -> None:
    """Neither an event nor a row, even from a page that was read before: what it asks for stands."""
    evidence, enrolment = item(session, cast, "amina E003"), session.get_one(Enrolment, cast.enrolments["amina"])
    amina, read = cast.actor("amina", session), rev_now(session, evidence)
    asked = wanted(session, enrolment, {"3.1": " I counted them, twice. ", "3.2": ""})
    made = actions.map_to(session, amina, evidence, wanted=asked, rev=read)
    session.commit()
    before, raised = len(verbs(session)), enrolment.version
    assert actions.map_to(session, amina, evidence, wanted=list(reversed(asked)), rev=read) == made
    session.commit()
    session.refresh(enrolment)
    assert (len(verbs(session)), enrolment.version) == (before, raised)


@pytest.mark.parametrize("name", ["amina E001", "amina E002"])
def test_what_was_handed_in_takes_further_claims(session: Session, cast: Cast, name: str) -> None:
    """Marked or waiting: apart from what it was handed in with, which stays; taken back they are gone."""
    evidence, enrolment = item(session, cast, name), session.get_one(Enrolment, cast.enrolments["amina"])
    version, before = evidence.latest, codes_of(session, evidence.latest.id)
    asked = wanted(session, enrolment, {"4.1": "It says so.", "4.2": ""})
    assert actions.map_to(session, cast.actor("amina", session), evidence, wanted=asked).count == 2
    session.commit()
    assert codes_of(session, version.id) == before
    assert set(claims_of(session, version.id)) == {want.criterion_id for want in asked}
    assert tuple(locked.code for locked in locked_on(session, version.id).values()) == before
    actions.map_to(session, cast.actor("amina", session), evidence, wanted=[])
    session.commit()
    assert (codes_of(session, version.id), claims_of(session, version.id)) == (before, {})
    told = [e.verb for e in session.scalars(select(AuditEvent).order_by(AuditEvent.id))][-2:]
    assert told == ["evidence.map", "evidence.map"]


def test_a_criterion_that_was_handed_in_is_not_claimed_again(session: Session, cast: Cast) -> None:
    """Whatever else is asked for with it."""
    evidence, enrolment = item(session, cast, "amina E001"), session.get_one(Enrolment, cast.enrolments["amina"])
    with pytest.raises(Rejected, match=r"1\.2 was handed in"):
        actions.map_to(
            session,
            cast.actor("amina", session),
            evidence,
            wanted=wanted(session, enrolment, {"4.1": "New.", "1.2": "Otherwise."}),
        )


def test_a_revision_takes_further_claims_along(session: Session, cast: Cast) -> None:
    """They leave what was handed in, which stays as it was judged; the new version is mapped from then on."""
    evidence, enrolment = item(session, cast, "amina E001"), session.get_one(Enrolment, cast.enrolments["amina"])
    amina, old = cast.actor("amina", session), evidence.latest
    actions.map_to(session, amina, evidence, wanted=wanted(session, enrolment, {"4.1": "It says so."}))
    new = actions.revise(session, amina, evidence)
    session.commit()
    assert codes_of(session, new.id) == ("1.1", "1.2", "4.1")
    assert codes_of(session, old.id) == ("1.1", "1.2")
    assert claimable_of(evidence) is new


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
    assert actions.map_to(session, amina, evidence, wanted=[]).count == 0
