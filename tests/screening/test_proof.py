"""Decisions about personal data are proved with the rest of the record, and never change."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portfolio import proof
from portfolio.screening import deciding
from portfolio.screening.rules import Reason
from tests.cast import Cast
from tests.screening.items import draft, entity_of
from tests.tampering import tamper

UNTOLD = "a decision about personal data that the trail does not tell of"
GONE = "the decision about personal data that it tells of is gone"


def decide(session: Session, cast: Cast) -> None:
    """One act of each sort that stays, and one that is taken back."""
    amina, evidence = cast.actor("amina", session), draft(session, cast)
    deciding.replace(session, amina, evidence, entity_of(session, evidence, "Mrs Quillfeather").uid)
    phone = entity_of(session, evidence, "07700 900312")
    act = deciding.keep(session, amina, evidence, entity_uid=phone.uid, reason=Reason.PUBLIC)
    deciding.undo(session, amina, evidence, act)
    deciding.keep(session, amina, evidence, entity_uid=phone.uid, reason=Reason.AGREED)
    session.commit()


def faults(cast: Cast) -> list[str]:
    """What the proof says is wrong."""
    return [fault.what for fault in proof.verify(cast.installation.database, cast.installation.store).faults]


CHANGES = {
    "a reason": ("UPDATE finding_decision SET reason = 'public' WHERE reason = 'agreed'", [UNTOLD, GONE]),
    "who": ("UPDATE finding_decision SET by_id = 1 WHERE outcome = 'undone'", [UNTOLD, GONE]),
    "one that is gone": ("DELETE FROM finding_decision WHERE outcome = 'undone'", [GONE]),
    "an act of its own": ("UPDATE finding_decision SET act = 'another' WHERE outcome = 'undone'", [UNTOLD, GONE]),
    "no known outcome": (
        "UPDATE finding_decision SET outcome = 'lost' WHERE outcome = 'undone'",
        ["the row cannot be read", GONE],
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_decision_is_found(session: Session, cast: Cast, change: str) -> None:
    decide(session, cast)
    assert faults(cast) == []
    statement, expected = CHANGES[change]
    tamper(cast.installation.database, lambda opened: opened.execute(text(statement)))
    assert faults(cast) == expected


@pytest.mark.parametrize("statement", ["UPDATE finding_decision SET said = 'x'", "DELETE FROM finding_decision"])
def test_the_database_refuses_to_change_one(session: Session, cast: Cast, statement: str) -> None:
    decide(session, cast)
    with pytest.raises(DBAPIError, match="on record"):
        session.execute(text(statement))
