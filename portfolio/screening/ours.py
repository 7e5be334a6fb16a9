"""Whom a portfolio belongs to: its learner, and those who are or were allocated to it. They are no leak in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Integer, bindparam, or_, select
from sqlalchemy.orm import Session

from portfolio.accounts.models import Person
from portfolio.anonymise.alike import fits
from portfolio.anonymise.alike import read as parts_of
from portfolio.anonymise.findings import Label
from portfolio.anonymise.gazetteers import fold
from portfolio.anonymise.together import Placed
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Allocation, Enrolment

LEAST = 5
"""How well a mention has to fit: a given name, a surname or initials that are theirs, and nothing that is not."""


@dataclass(frozen=True, slots=True)
class Ours:
    """The names and e-mail addresses of a portfolio's own people."""

    names: tuple[str, ...]
    emails: frozenset[str]


@cache
def _ours_of() -> AnySelect:
    enrolment = bindparam("enrolment_id", type_=Integer)
    learner = select(Enrolment.learner_id).where(Enrolment.id == enrolment)
    allocated = select(Allocation.person_id).where(Allocation.enrolment_id == enrolment)
    return (
        select(Person.name, Person.email)
        .where(or_(Person.id.in_(learner), Person.id.in_(allocated)))
        .order_by(Person.id)
    )


def ours_of(session: Session, enrolment_id: int) -> Ours:
    """The people of a portfolio. One statement."""
    rows = read(session, _ours_of(), enrolment_id=enrolment_id).all()
    return Ours(tuple(row.name for row in rows), frozenset(row.email.casefold() for row in rows if row.email))


def is_ours(label: Label, mentions: Sequence[str], ours: Ours) -> bool:
    """Whether this is one of our addresses; or these mentions of one person all fit the name of one of ours, and one of
    them says more than the surname, which a customer may well share.
    """
    if label is Label.EMAIL:
        return all(words.strip("<>. ").casefold() in ours.emails for words in mentions)
    if label is not Label.PERSON:
        return False
    return any(_are_mentions_of(mentions, name) for name in ours.names)


def but_ours(placed: Sequence[Placed], ours: Ours) -> list[Placed]:
    """What was found, without that of our own people."""
    mentions: dict[tuple[Label, str], list[str]] = {}
    for one in placed:
        mentions.setdefault((one.finding.label, one.finding.entity), []).append(one.words)
    theirs = {whose for whose, words in mentions.items() if not is_ours(whose[0], words, ours)}
    return [one for one in placed if (one.finding.label, one.finding.entity) in theirs]


def _are_mentions_of(mentions: Sequence[str], name: str) -> bool:
    whole = parts_of(name)
    if not all(words.casefold() == name.casefold() or fits(parts_of(words), whole) >= LEAST for words in mentions):
        return False
    given = set(fold(name).split()[:-1]) or {fold(name)}
    return any(given & set(fold(words).split()) or parts_of(words).initials for words in mentions)
