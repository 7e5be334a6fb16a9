"""Packs to choose from and to move between: one with rules, and the shipped one with its criteria changed."""

from dataclasses import replace

from sqlalchemy.orm import Session

from portfolio.accounts.actors import Actor
from portfolio.centres.models import Centre
from portfolio.criteria.actions import load_pack
from portfolio.criteria.contents import Pack, PackCriterion, PackUnit
from portfolio.criteria.models import UnitVersion
from portfolio.criteria.packs import read_pack, read_pack_texts
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.queries import newer_units
from tests.cast import PACK

UNIT_FILE = PACK.parent / "units" / "handle-referred-customer-complaints.yaml"


def changed_pack(*, reworded: tuple[str, ...] = (), gone: tuple[str, ...] = (), added: str = "") -> Pack:
    """The cast's pack, with these criteria of its one unit in other words, without those, and with a new last one."""
    pack = read_pack(PACK)
    group = pack.groups[0]
    return replace(pack, groups=(replace(group, units=(_changed(group.units[0], reworded, gone, added),)),))


def _changed(unit: PackUnit, reworded: tuple[str, ...], gone: tuple[str, ...], added: str) -> PackUnit:
    def said(one: PackCriterion) -> PackCriterion:
        return replace(one, text=f"{one.text}, in newer words") if one.code in reworded else one

    outcomes = [
        replace(outcome, criteria=tuple(said(one) for one in outcome.criteria if one.code not in gone))
        for outcome in unit.outcomes
    ]
    if added:
        last = outcomes[-1]
        more = replace(last.criteria[-1], code=added, text="Say what is new")
        outcomes[-1] = replace(last, criteria=(*last.criteria, more))
    hints = tuple(
        replace(hint, criteria=tuple(code for code in hint.criteria if code not in gone)) for hint in unit.guidance
    )
    return replace(unit, outcomes=tuple(outcomes), guidance=hints)


def load_changed(session: Session, actor: Actor, enrolment: Enrolment, pack: Pack) -> UnitVersion:
    """Load it for the enrolment's centre; answers the newer version of the enrolment's first unit."""
    load_pack(session, actor, pack, centre=session.get_one(Centre, enrolment.centre_id))
    return newer_units(session, enrolment)[enrolment.units[0].id]


DIPLOMA = """
qualification:
  reference: T/600/1
  title: Diploma in Looking After Customers
  level: 3
  awarding_organisation: Somebody Who Awards
  spec_version: "1"
  status: paraphrase
  source: Made up for tests.
rules:
  credits_min: 20
  barred:
    - [B-1, B-3]
groups:
  - id: A
    title: Mandatory units
    kind: mandatory
    credits: 13
    units:
      - handle-referred-customer-complaints
      - {code: A-2, title: Keep records of customers, level: 3, credit: 3}
  - id: B
    title: Optional units
    kind: optional
    credits_min: 7
    units:
      - {code: B-1, title: Listen to customers, level: 3, credit: 4}
      - {code: B-2, title: Write to customers, level: 2, credit: 3}
      - {code: B-3, title: Listen to customers by telephone, level: 3, credit: 4}
"""
"""A qualification with rules; with HRCC its mandatory group has 13 credits."""


def diploma() -> Pack:
    """The qualification above."""
    return read_pack_texts(DIPLOMA, {"handle-referred-customer-complaints": UNIT_FILE.read_text()})
