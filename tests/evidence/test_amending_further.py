"""Taking personal data out of an item with further claims on it: the proof follows each submission by itself."""

from sqlalchemy.orm import Session

from portfolio.assessment import submitting
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import amending
from portfolio.evidence.models import Evidence
from portfolio.export.amending import mend
from portfolio.mapping import actions as mapping
from portfolio.mapping.queries import claims_of
from tests.assessment.further import claims_of_submission, hand_in_further
from tests.cast import Cast, wanted
from tests.evidence.breaches import (
    NAME,
    faults,
    found_in_tables,
    item_with_a_name,
    kept,
    remove_content,
    without_the_name,
)


def claim(session: Session, cast: Cast, evidence: Evidence, said: dict[str, str]) -> None:
    """Claim further criteria on E005."""
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    mapping.map_to(session, cast.actor("amina", session), evidence, wanted=wanted(session, enrolment, said))


def mend_it(session: Session, cast: Cast, evidence: Evidence) -> None:
    """Take the name out."""
    assert evidence.current is not None
    mending, store = without_the_name(session, cast, evidence), cast.installation.store
    mend(session, cast.actor("amina", session), evidence, store, mending, rev=evidence.current.rev)


def test_a_name_in_further_claims_goes_with_the_rest_and_the_proof_follows(cast: Cast) -> None:
    """Handed in: without the name, told with digests of their own. Not handed in: emptied. Twice over."""
    database = cast.installation.database
    with database.writing() as session:
        evidence = item_with_a_name(session, cast)
        claim(session, cast, evidence, {"4.1": f"It calms {NAME}, too."})
        further = hand_in_further(session, cast, "amina E005")
        claim(session, cast, evidence, {"4.2": f"{NAME} again."})
        amending.hide(session, cast.actor("marguerite", session), evidence, words="all over")
        session.commit()
    with database.writing() as session:
        evidence = session.get_one(Evidence, evidence.id)
        mend_it(session, cast, evidence)
        session.commit()
        found = claims_of_submission(session, session.get_one(type(further), further.id))
        assert {code: (one.annotation, one.amended) for code, one in found.items()} == {
            "4.1": ("It calms them, too.", 1)
        }
        [draft] = claims_of(session, evidence.latest.id).values()
        assert (draft.annotation, draft.place) == ("", "")
    remove_content(cast)
    assert faults(cast) == ()
    with database.reading() as session:
        assert found_in_tables(session, NAME) == []
    with database.writing() as session:
        evidence = session.get_one(Evidence, evidence.id)
        amending.hide(session, cast.actor("marguerite", session), evidence, words="once more")
        session.commit()
    with database.writing() as session:
        evidence = session.get_one(Evidence, evidence.id)
        assert evidence.current is not None
        said = kept(session, evidence)
        fewer = {id_: (words.replace("them", ""), place) for id_, (words, place) in said.claims.items()}
        mend(
            session,
            cast.actor("amina", session),
            evidence,
            cast.installation.store,
            kept(session, evidence, claims=fewer),
            rev=evidence.current.rev,
        )
        session.commit()
    assert faults(cast) == ()


def test_further_claims_that_were_taken_back_are_drafts_to_an_amendment(cast: Cast) -> None:
    """Nothing of their submission has to be followed."""
    with cast.installation.database.writing() as session:
        evidence = item_with_a_name(session, cast)
        claim(session, cast, evidence, {"4.1": f"It calms {NAME}, too."})
        submitting.withdraw(session, cast.actor("amina", session), hand_in_further(session, cast, "amina E005"))
        amending.hide(session, cast.actor("marguerite", session), evidence, words="all over")
        session.commit()
    with cast.installation.database.writing() as session:
        mend_it(session, cast, session.get_one(Evidence, evidence.id))
        session.commit()
    remove_content(cast)
    assert faults(cast) == ()
