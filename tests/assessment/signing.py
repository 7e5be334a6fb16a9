"""A unit that is met throughout, and short ways to sign it off."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.assessment import marking
from portfolio.assessment.amending import Mending
from portfolio.assessment.models import Signature, SubmissionItem, UnitDecision
from portfolio.assessment.rules import Mark
from portfolio.assessment.sign_off_queries import Signable, signable
from portfolio.assessment.signing_off import reopen, sign_off
from portfolio.audit import streams
from portfolio.criteria.models import UnitVersion
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.evidence import amending
from portfolio.evidence.actions import Details
from portfolio.evidence.amending import Kept
from portfolio.evidence.models import Evidence
from portfolio.export.amending import mend
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import Outcome
from tests.assessment import desk
from tests.cast import ALL_TICKED, Cast, criteria_by_code

ITEM = "ben E001"


def unit_of(session: Session, cast: Cast, name: str = "ben") -> EnrolmentUnit:
    """Somebody's first unit."""
    return session.get_one(Enrolment, cast.enrolments[name]).units[0]


def all_handed_in(session: Session, cast: Cast, name: str = "ben", *, but: tuple[str, ...] = ()) -> SubmissionItem:
    """One item that claims every criterion of somebody's unit but these, and waits."""
    enrolment = session.get_one(Enrolment, cast.enrolments[name])
    codes = [code for code in criteria_by_code(session, enrolment) if code not in but]
    return desk.handed_in_by(session, cast, name, "Everything at once", {code: f"See {code}." for code in codes})


def decided(
    session: Session, cast: Cast, item: SubmissionItem, outcome: Outcome = Outcome.MET, by: str = "marguerite"
) -> None:
    """Opened, marked all alike and released."""
    actor = cast.actor(by, session)
    marking.open_item(session, actor, item)
    is_met = outcome is Outcome.MET
    claims = marking.claims_on(session, item)
    marks = [Mark(claim.id, outcome, is_met, "" if is_met else desk.NEEDS) for claim in claims]
    marking.save_review(session, actor, item, varc=ALL_TICKED, marks=marks, feedback="Read with care.")
    marking.release(session, actor, item)


def all_met(session: Session, cast: Cast, name: str = "ben") -> EnrolmentUnit:
    """Somebody's unit, met throughout by one item."""
    decided(session, cast, all_handed_in(session, cast, name))
    return unit_of(session, cast, name)


def another_unit(session: Session, beside: EnrolmentUnit, code: str, *, is_outline: bool = False) -> EnrolmentUnit:
    """One more unit of the same learner, without criteria."""
    version = UnitVersion(
        code=code,
        title="Another unit",
        level=3,
        credit=1,
        glh=1,
        is_outline=is_outline,
        figures=beside.unit.figures,
        status=beside.unit.status,
        source="Made up for tests.",
        content_sha=code,
    )
    session.add(version)
    session.flush()
    unit = EnrolmentUnit(enrolment_id=beside.enrolment_id, unit_version_id=version.id, unit_code=code, position=9)
    session.add(unit)
    session.flush()
    return unit


def found(session: Session, unit: EnrolmentUnit) -> Signable:
    """The unit as it would be signed off now."""
    return signable(session, unit.id)


def sign(session: Session, cast: Cast, unit: EnrolmentUnit, by: str = "marguerite") -> UnitDecision:
    """Sign off what stands now."""
    seen = found(session, unit)
    return sign_off(session, cast.actor(by, session), unit, statement=seen.statement, seen_digest=seen.seen)


def signed(session: Session, cast: Cast, name: str = "ben") -> EnrolmentUnit:
    """Somebody's unit, met throughout and signed off."""
    unit = all_met(session, cast, name)
    sign(session, cast, unit)
    return unit


def reopened(session: Session, cast: Cast, unit: EnrolmentUnit, by: str = "iris") -> UnitDecision:
    """Opened again for a reason."""
    return reopen(session, cast.actor(by, session), unit, reason="The standard for 2.1 was read too kindly.")


def signature_of(session: Session, decision: UnitDecision) -> Signature:
    """The signature under a decision."""
    return session.scalars(select(Signature).where(Signature.subject == streams.named(decision))).one()


def make_signed(cast: Cast, name: str = "ben") -> int:
    """Have somebody's unit signed off, and commit it; answers the unit's id."""
    with cast.installation.database.writing() as session:
        unit_id = signed(session, cast, name).id
        session.commit()
    return unit_id


def amend_after(cast: Cast, name: str = ITEM, title: str = "A letter") -> None:
    """Take a name out of the title of what was signed for, which is another one then, and commit it."""
    with cast.installation.database.writing() as session:
        evidence = session.get_one(Evidence, cast.evidence[name])
        iris = cast.actor("iris", session)
        amending.hide(session, iris, evidence, words="A name in the title")
        version = evidence.latest
        claims = session.scalars(select(Claim).where(Claim.evidence_version_id == version.id))
        mending = Mending(
            details=Details(title, version.event_on, version.context, version.body),
            claims={claim.id: (claim.annotation, claim.place) for claim in claims},
            files={file.id: Kept(file.name) for file in version.files},
            reason="A name was in the title.",
        )
        mend(session, iris, evidence, cast.installation.store, mending, rev=version.rev)
        session.commit()
