"""What was decided about the words of items, the newest decision of each kind; and how a finding stands by that."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Session

from portfolio.anonymise.findings import Label
from portfolio.centres.settings import CentreSettings
from portfolio.db import AnySelect, read
from portfolio.screening.models import FindingDecision
from portfolio.screening.rules import OF_OUTCOME, Outcome, State


@dataclass(frozen=True, slots=True)
class Ruling:
    """What holds for words of an item: the newest outcome, and the label that somebody gave them."""

    outcome: Outcome | None = None
    label: Label | None = None


UNDECIDED = Ruling()
Rulings = Mapping[tuple[str, str], Ruling]
"""By the item's public identifier and the token of the words."""


@cache
def _decisions() -> AnySelect:
    return (
        select(FindingDecision.item_uid, FindingDecision.token, FindingDecision.outcome, FindingDecision.label)
        .where(FindingDecision.item_uid.in_(bindparam("items", type_=String, expanding=True)))
        .order_by(FindingDecision.id)
    )


def rulings_of(session: Session, item_uids: Collection[str]) -> Rulings:
    """What holds for all that was ever decided in these items. One statement."""
    return rulings(tuple(row) for row in read(session, _decisions(), items=list(item_uids)))


def rulings(rows: Iterable[tuple[Any, ...]]) -> Rulings:
    """The same from (item, token, outcome, label) in the order of deciding."""
    found: dict[tuple[str, str], Ruling] = {}
    for item_uid, token, outcome, label in rows:
        before = found.get((item_uid, token), UNDECIDED)
        if outcome is Outcome.RELABELLED:
            found[item_uid, token] = Ruling(before.outcome, label)
        else:
            found[item_uid, token] = Ruling(None if outcome is Outcome.UNDONE else outcome, before.label)
    return found


def state_of(label: Label, ruling: Ruling, *, is_ours: bool, settings: CentreSettings) -> State:
    """How a finding stands. What was replaced and is found again is open; of another label both have their say."""
    decided = OF_OUTCOME.get(ruling.outcome) if ruling.outcome else None
    if decided is not None:
        return decided
    holds_back = settings.holds_back(label) or (ruling.label is not None and settings.holds_back(ruling.label))
    return State.OPEN if holds_back and not is_ours else State.WARNS
