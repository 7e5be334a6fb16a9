"""Amina's items of the every-route table that are neither files nor accounts on their usual way, and what people keep
for themselves.
"""

from datetime import date

from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.assessment import submitting
from portfolio.assessment.models import FeedbackStem
from portfolio.assessment.rules import BY_RECORDER
from portfolio.criteria.rules import Method
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import actions, trashing
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import Carrier
from portfolio.mapping import actions as mapping
from portfolio.notices.models import Notice
from portfolio.notices.rules import NoticeKind
from tests.cast import Cast, hand_in, wanted, write

EVENT = date(2026, 11, 4)
CUSTODY = {"location": "Third drawer", "custodian": "Team leader", "reason": "It may not leave the site."}


def observe(session: Session, cast: Cast, title: str, ref: str) -> Evidence:
    """Something that marguerite saw amina do, mapped; nobody else has seen it yet."""
    marguerite = cast.actor("marguerite", session)
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    evidence = actions.add(
        session,
        marguerite,
        enrolment,
        cast.installation.store,
        method=Method.OBSERVATION,
        carrier=Carrier.WRITTEN,
        details=Details(title, EVENT, "", "She listened first."),
    )
    assert evidence.ref == ref
    claims = wanted(session, enrolment, {"2.4": "She let the customer finish."})
    mapping.map_to(session, marguerite, evidence, wanted=claims)
    return evidence


def put_on_record(session: Session, cast: Cast, ref: str) -> Evidence:
    """The same, put on record."""
    evidence, marguerite = observe(session, cast, "Watched on the phone", ref), cast.actor("marguerite", session)
    submission = submitting.put_on_record(session, marguerite, evidence, declared=set(BY_RECORDER))
    cast.submissions[f"amina {ref}"] = submission.id
    cast.items[f"amina {ref}"] = submission.items[0].id
    return evidence


def held_elsewhere(session: Session, cast: Cast, ref: str) -> None:
    """An item that stays where it is, handed in."""
    amina, enrolment = cast.actor("amina", session), session.get_one(Enrolment, cast.enrolments["amina"])
    evidence = actions.add(
        session,
        amina,
        enrolment,
        cast.installation.store,
        method=Method.PRODUCT,
        carrier=Carrier.ELSEWHERE,
        details=Details("Complaint file 2210", EVENT, custody=CUSTODY),
    )
    assert evidence.ref == ref
    mapping.map_to(session, amina, evidence, wanted=wanted(session, enrolment, {"2.5": "It holds every letter."}))
    hand_in(session, cast, "amina", evidence, ref)


def thrown_away(session: Session, cast: Cast, ref: str) -> None:
    """A draft in the trash."""
    evidence = write(session, cast.installation, cast, "amina", "Thrown away", "Nothing came of it.")
    assert evidence.ref == ref
    trashing.trash(session, cast.actor("amina", session), evidence)


def stems(session: Session, cast: Cast) -> dict[str, int]:
    """Words that two assessors keep, by their names."""
    kept = {name: FeedbackStem(person_id=cast.people[name], words="Show where") for name in ("marguerite", "tobias")}
    session.add_all(kept.values())
    session.flush()
    return {name: stem.id for name, stem in kept.items()}


def notices(session: Session, cast: Cast) -> dict[str, int]:
    """What amina and marguerite were told at Harrow Dale, and olga at Other Side."""
    told = {
        name: Notice(
            person_id=cast.people[name],
            centre_id=cast.homes[home],
            kind=NoticeKind.FEEDBACK,
            about_table="enrolment",
            about_id=cast.enrolments["olga" if name == "olga" else "amina"],
            told_at=clock.now(),
        )
        for name, home in (("amina", "ada"), ("marguerite", "ada"), ("olga", "odette"))
    }
    session.add_all(told.values())
    session.flush()
    return {name: notice.id for name, notice in told.items()}
