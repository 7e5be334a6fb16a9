"""Lists as the tests bring them: looked at, and carried out by an administrator."""

from sqlalchemy.orm import Session

from portfolio.centres.models import Centre
from portfolio.centres.terms import NONE, filled
from portfolio.documents.csv_lists import read_list
from portfolio.imports.actions import carry_out, work_out
from portfolio.imports.matching import guess
from portfolio.imports.plans import Line, Plan
from portfolio.imports.rules import ROWS_MOST, Fate, ImportKind
from tests.cast import Cast


def planned(session: Session, cast: Cast, kind: ImportKind, text: str, home: str = "ada") -> Plan:
    """What a list would do at somebody's centre."""
    sheet = read_list(text.encode(), rows_most=ROWS_MOST[kind])
    centre = session.get_one(Centre, cast.homes[home])
    return work_out(session, centre, kind, sheet, guess(kind, sheet.headings))


def done(session: Session, cast: Cast, kind: ImportKind, text: str, *, is_sent: bool = False) -> Plan:
    """The same, carried out by ada."""
    plan = planned(session, cast, kind, text)
    centre = session.get_one(Centre, cast.homes["ada"])
    carry_out(session, cast.actor("ada", session), centre, plan, content=text.encode(), is_sent=is_sent)
    session.commit()
    return plan


def fates(plan: Plan) -> list[Fate]:
    """What becomes of each row."""
    return [line.fate for line in plan.lines]


def faults(line: Line) -> list[str]:
    """What is wrong with a row, each with its column, in the standard words."""
    return [filled(NONE, f"{fault.column}: {fault.what}") for fault in line.faults]
