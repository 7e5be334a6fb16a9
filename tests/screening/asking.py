"""A name in a draft that its maker asks to keep, as it is where an administrator answers."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.centres.models import Centre
from portfolio.centres.settings import ADMINISTRATOR, CentreSettings, kept_as
from portfolio.evidence.models import Evidence
from portfolio.screening import acting, scanning
from portfolio.screening.acting import Entry
from portfolio.screening.models import Finding, FindingDecision
from portfolio.screening.rules import Outcome, Reason
from portfolio.screening.telling import tell_asked
from tests.cast import Cast, write

BODY = "It rained all day. I rang Mrs Quillfeather on 07700 900312 to say so. Nobody else knew."


def leave_it_to_administrators(session: Session, cast: Cast) -> None:
    """Harrow Dale's administrators say what may stay."""
    centre = session.get_one(Centre, cast.homes["ada"])
    centre.settings = kept_as(CentreSettings(override_by=ADMINISTRATOR))
    session.flush()


def draft(session: Session, cast: Cast, name: str = "amina", body: str = BODY) -> Evidence:
    """A draft that was looked through."""
    evidence = write(session, cast.installation, cast, name, "A call in the rain", body)
    scanning.look(session, evidence)
    return evidence


def ask(session: Session, cast: Cast, evidence: Evidence, words: str, name: str = "amina") -> FindingDecision:
    """Its maker asks to keep what was found of these words."""
    body = evidence.latest.body
    rows = session.scalars(select(Finding).where(Finding.item_uid == evidence.uid, Finding.place == "body")).all()
    entries = [Entry(row.token, row.label) for row in rows if words in body[row.start : row.end]]
    assert entries, f"{words} were not found"
    act = acting.decide(
        session,
        cast.actor(name, session),
        evidence.uid,
        evidence.enrolment,
        entries,
        Outcome.ASKED,
        reason=Reason.PUBLIC,
        said="She speaks for the council.",
    )
    acting.tell(session, cast.actor(name, session), "personal.ask", evidence, evidence.enrolment, act)
    tell_asked(session, cast.actor(name, session), evidence)
    return session.scalars(select(FindingDecision).where(FindingDecision.act == act.uid)).one()
