"""Further claims on what was handed in, when their unit is moved to newer criteria and back."""

import pytest
from sqlalchemy.orm import Session

from portfolio.criteria.actions import load_pack
from portfolio.criteria.models import Criterion
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.queries import newer_units
from portfolio.errors import Rejected
from portfolio.mapping import actions as mapping
from portfolio.mapping.queries import claims_of, mapped
from tests.assessment.further import claim_further, hand_in_further, item_of
from tests.assessment.packs import changed_pack
from tests.assessment.test_moving import move, newer, standing
from tests.cast import Cast


def further(session: Session, cast: Cast) -> dict[str, str]:
    """What E001 is claimed for besides, by code."""
    drafts = claims_of(session, item_of(session, cast, "amina E001").latest.id)
    return {session.get_one(Criterion, id_).code: text.annotation for id_, text in drafts.items()}


def test_a_criterion_in_other_words_can_be_claimed_again_on_the_same_item(cast: Cast, session: Session) -> None:
    """One that reads the same cannot; and after that it counts for the newer words."""
    claim_further(session, cast, "amina E001", {"4.1": "It says so."})
    move(session, cast, newer(session, cast, reworded=("1.1",)))
    session.expire_all()
    assert further(session, cast) == {"4.1": "It says so."}
    with pytest.raises(Rejected, match=r"1\.2 was handed in"):
        claim_further(session, cast, "amina E001", {"1.1": "In the newer words.", "1.2": "Again."})
    claim_further(session, cast, "amina E001", {"1.1": "In the newer words."})
    hand_in_further(session, cast, "amina E001")
    session.commit()
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    assert standing(session, enrolment)["1.1"].value == "claimed"


def test_where_what_was_handed_in_counts_again_the_further_claim_goes(cast: Cast, session: Session) -> None:
    """The others go along."""
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    move(session, cast, newer(session, cast, reworded=("1.1", "4.4")))
    session.expire_all()
    claim_further(session, cast, "amina E001", {"1.1": "In the newer words.", "4.1": "It says so."})
    load_pack(session, cast.actor("ada", session), changed_pack(), centre=enrolment.centre)
    move(session, cast, newer_units(session, enrolment)[enrolment.units[0].id])
    session.commit()
    session.expire_all()
    assert further(session, cast) == {"4.1": "It says so."}
    assert standing(session, enrolment)["1.1"].value == "met"


def test_a_new_version_begins_with_the_newer_claim_on_a_criterion(cast: Cast, session: Session) -> None:
    """Not with both, and not with what was said of the earlier words."""
    move(session, cast, newer(session, cast, reworded=("1.1",)))
    session.expire_all()
    evidence = claim_further(session, cast, "amina E001", {"1.1": "In the newer words."})
    new = mapping.revise(session, cast.actor("amina", session), evidence)
    session.commit()
    assert mapped(session, [new.id])[new.id].codes == ("1.1", "1.2")
    assert "In the newer words." in {text.annotation for text in claims_of(session, new.id).values()}
