"""The trash: what may go into it, what it means to lie there, and coming back whole."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.accounts.actors import Actor
from portfolio.assessment import submitting
from portfolio.assessment.learner_queries import portfolio_of
from portfolio.audit.models import AuditEvent
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState
from portfolio.evidence import actions, trashing
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.evidence.queries import items_of, trashed_by
from portfolio.mapping import actions as mapping
from portfolio.mapping.queries import claims_of, draft_claims
from tests.cast import EVERYTHING, Cast, add_file


@pytest.fixture
def amina(session: Session, cast: Cast) -> Actor:
    """The learner."""
    return cast.actor("amina", session)


@pytest.fixture
def trashed(session: Session, cast: Cast, amina: Actor) -> Evidence:
    """Her mapped draft, thrown away."""
    evidence = session.get_one(Evidence, cast.evidence["amina E003"])
    trashing.trash(session, amina, evidence)
    return evidence


def last_verb(session: Session) -> str:
    """What was done last."""
    return session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id.desc())).first() or ""


def test_what_lies_in_the_trash_counts_nowhere(session: Session, cast: Cast, amina: Actor, trashed: Evidence) -> None:
    """In no list, in nothing to do, in no matrix. Only its maker finds it, in the trash."""
    enrolment_id, me = trashed.enrolment_id, amina.person_id
    assert last_verb(session) == "evidence.trash"
    assert "E003" not in {item.ref for item in items_of(session, enrolment_id, drafts_of=me)}
    assert not [claim for claim in draft_claims(session, enrolment_id, me) if claim.ref == "E003"]
    assert "E003" not in {task.ref for task in portfolio_of(session, enrolment_id, me).work.items}
    assert [item.ref for item in trashed_by(session, enrolment_id, me)] == ["E003"]
    assert trashed_by(session, enrolment_id, cast.people["marguerite"]) == []


def test_what_lies_in_the_trash_does_not_change(session: Session, cast: Cast, amina: Actor, trashed: Evidence) -> None:
    """Neither its words nor its mapping, nor is it handed in or thrown away again."""
    store, rev = cast.installation.store, trashed.latest.rev
    enrolment = session.get_one(Enrolment, trashed.enrolment_id)
    with pytest.raises(InvalidState, match="in the trash"):
        actions.change(session, amina, trashed, store, details=Details("New", body="x"), rev=rev)
    with pytest.raises(InvalidState, match="in the trash"):
        mapping.map_to(session, amina, trashed, wanted=[])
    with pytest.raises(InvalidState, match="in the trash"):
        submitting.submit(session, amina, enrolment, evidence_ids=[trashed.id], declared=EVERYTHING)
    with pytest.raises(InvalidState, match="in the trash"):
        trashing.trash(session, amina, trashed)


def test_a_file_in_the_trash_stays_with_its_item(session: Session, cast: Cast, amina: Actor) -> None:
    """Until the item is back."""
    evidence = add_file(session, cast.installation, cast, "amina", "A letter", b"one")
    trashing.trash(session, amina, evidence)
    with pytest.raises(InvalidState, match="in the trash"):
        actions.remove_file(session, amina, evidence.latest.files[0])


def test_it_comes_back_as_it_was(session: Session, amina: Actor, trashed: Evidence) -> None:
    """With its mapping."""
    trashing.restore(session, amina, trashed)
    session.commit()
    assert last_verb(session) == "evidence.restore"
    assert "E003" in {item.ref for item in items_of(session, trashed.enrolment_id, drafts_of=amina.person_id)}
    assert len(claims_of(session, trashed.latest.id)) == 1
    with pytest.raises(InvalidState, match="not in the trash"):
        trashing.restore(session, amina, trashed)


@pytest.mark.parametrize("name", ["amina E001", "amina E002"])
def test_only_drafts_go_into_the_trash(session: Session, cast: Cast, amina: Actor, name: str) -> None:
    """What was handed in stays on record."""
    with pytest.raises(InvalidState, match="handed in"):
        trashing.trash(session, amina, session.get_one(Evidence, cast.evidence[name]))


def test_a_new_version_of_what_was_marked_is_no_matter_for_the_trash(
    session: Session, cast: Cast, amina: Actor
) -> None:
    """It is discarded by itself, at once."""
    evidence = session.get_one(Evidence, cast.evidence["amina E001"])
    mapping.revise(session, amina, evidence)
    with pytest.raises(InvalidState, match="stays on record"):
        trashing.trash(session, amina, evidence)
    mapping.discard(session, amina, evidence)
    assert last_verb(session) == "evidence.discard_revision"
