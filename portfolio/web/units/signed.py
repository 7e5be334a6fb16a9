"""What the page of a unit says of its sign-off, and what the person who looks can do about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from portfolio.accounts.rules import Role
from portfolio.assessment.ready_queries import is_ready
from portfolio.assessment.sign_off_queries import DecisionRow, decisions_on
from portfolio.assessment.signing_off import check_may_sign
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.errors import Forbidden
from portfolio.mapping.coverage import Tally
from portfolio.policy.checks import can
from portfolio.policy.permissions import Permission
from portfolio.web.session import actor, database_session


@dataclass(frozen=True, slots=True)
class Signed:
    """What was decided, in order. An address is empty for what this person cannot do now."""

    decisions: Sequence[DecisionRow]
    criteria: int
    see_url: str
    sign_url: str
    reopen_url: str

    @property
    def newest(self) -> DecisionRow | None:
        """What stands; None for a unit that was never signed off."""
        return self.decisions[-1] if self.decisions else None


def signed_of(enrolment: Enrolment, enrolment_unit_id: int, tally: Tally, *, is_decided: bool) -> Signed:
    """Of one unit of an enrolment, with the tally that its page shows. At most two statements; `is_decided` spares the
    first of a unit that was never signed off.
    """
    found = decisions_on(database_session(), [enrolment_unit_id]) if is_decided else {}
    decisions = found.get(enrolment_unit_id, [])
    is_closed = bool(decisions) and decisions[-1].is_sign_off
    sign_url = reopen_url = ""
    if is_closed or (0 < tally.met == tally.total and Role.ASSESSOR in actor().roles):
        unit = database_session().get_one(EnrolmentUnit, enrolment_unit_id)
        if is_closed and can(actor(), Permission.ENROLMENT_UNIT_REOPEN, unit):
            reopen_url = url_for("units.reopen", enrolment_unit_id=unit.id)
        if not is_closed and _may_sign(enrolment, unit) and is_ready(database_session(), unit.id):
            sign_url = url_for("units.sign_off", enrolment_unit_id=unit.id)
    see_url = url_for("units.signed", enrolment_unit_id=enrolment_unit_id) if decisions else ""
    return Signed(decisions, tally.total, see_url, sign_url, reopen_url)


def _may_sign(enrolment: Enrolment, unit: EnrolmentUnit) -> bool:
    try:
        check_may_sign(actor(), enrolment, unit)
    except Forbidden:
        return False
    return can(actor(), Permission.ENROLMENT_UNIT_SIGN_OFF, unit)
