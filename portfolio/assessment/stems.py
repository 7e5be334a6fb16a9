"""The beginnings of sentences that an assessor keeps for feedback: each their own, no part of the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Person
from portfolio.assessment.models import FeedbackStem
from portfolio.db import AnySelect, read
from portfolio.errors import Rejected

WORDS_MOST, KEPT_MOST = 200, 30
STARTERS = ("You did well to", "Still needed:", "Show where", "Next time")
"""Offered for use to whoever keeps none of their own."""


@dataclass(frozen=True, slots=True)
class Stem:
    """The beginning of a sentence; `id` is None for one that is only offered."""

    id: int | None
    words: str


def stems_of(session: Session, person_id: int) -> list[Stem]:
    """What somebody keeps, in the order in which it was kept; the starters while that is nothing."""
    return kept_by(session, person_id) or [Stem(None, words) for words in STARTERS]


def kept_by(session: Session, person_id: int) -> list[Stem]:
    """What somebody keeps themselves."""
    return [Stem(row.id, row.words) for row in read(session, _kept(), person_id=person_id)]


@cache
def _kept() -> AnySelect:
    return (
        select(FeedbackStem.id, FeedbackStem.words)
        .where(FeedbackStem.person_id == bindparam("person_id"))
        .order_by(FeedbackStem.position, FeedbackStem.id)
    )


def offered_beside(kept: Sequence[Stem]) -> list[str]:
    """The starters that are not among what somebody keeps."""
    said = {stem.words.casefold() for stem in kept}
    return [words for words in STARTERS if words.casefold() not in said]


def keep(session: Session, actor: Actor, words: str) -> FeedbackStem:
    """Keep the beginning of a sentence. Raises Rejected when it is empty, too long, kept already or one too many.

    Whoever keeps their first keeps the starters that they saw until now, to change or drop as their own.
    """
    rows = _rows(session, actor)
    if len(rows) >= KEPT_MOST:
        raise Rejected(f"You keep {KEPT_MOST} already. Drop one first.", "words")
    line = _checked(words, rows)
    if not rows:
        line = next((one for one in STARTERS if one.casefold() == line.casefold()), line)
    added = [line] if rows else list(dict.fromkeys([*STARTERS, line]))
    first = 1 + max((row.position for row in rows), default=0)
    made = [FeedbackStem(person_id=actor.person_id, words=one, position=first + at) for at, one in enumerate(added)]
    session.add_all(made)
    session.flush()
    return next(stem for stem in made if stem.words == line)


def change(session: Session, actor: Actor, stem: FeedbackStem, words: str) -> None:
    """Say it in other words, at the same place in the list. Raises Rejected as `keep` does."""
    others = [row for row in _rows(session, actor) if row.id != stem.id]
    stem.words = _checked(words, others)
    session.flush()


def drop(session: Session, stem: FeedbackStem) -> None:
    """Keep it no longer."""
    session.delete(stem)
    session.flush()


def _rows(session: Session, actor: Actor) -> Sequence[FeedbackStem]:
    """What the actor keeps, held against their other windows until the transaction ends."""
    session.execute(select(Person.id).where(Person.id == actor.person_id).with_for_update())
    return session.scalars(
        select(FeedbackStem).where(FeedbackStem.person_id == actor.person_id).order_by(FeedbackStem.id)
    ).all()


def _checked(words: str, others: Sequence[FeedbackStem]) -> str:
    """The words as they are kept, on one line."""
    line = " ".join(words.split())
    if not line:
        raise Rejected("Write the beginning of a sentence.", "words")
    if len(line) > WORDS_MOST:
        raise Rejected(f"Keep this to {WORDS_MOST} characters.", "words")
    if any(row.words.casefold() == line.casefold() for row in others):
        raise Rejected("You keep these words already.", "words")
    return line
