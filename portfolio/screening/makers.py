"""Whose words are whose: what an entity is called reaches only makers who wrote it themselves.

Entities are an enrolment's, so that one person has one pseudonym in all of it; its learner and their assessors write
items of their own, and may not read each other's through it.
"""

from collections.abc import Collection
from functools import cache

from sqlalchemy import Integer, bindparam, select, union
from sqlalchemy.orm import Session

from portfolio.anonymise.alike import Read, fits
from portfolio.anonymise.alike import read as parts_of
from portfolio.anonymise.findings import Label
from portfolio.db import AnySelect, read
from portfolio.evidence.models import Evidence
from portfolio.screening.entities import Entities, Known
from portfolio.screening.models import Finding, FindingDecision
from portfolio.screening.tokens import token_of

FIT = 5
"""How well names have to fit for somebody to be asked whether they are one person's."""


@cache
def _tokens() -> AnySelect:
    """The tokens of all that was found or decided in the items that somebody made in an enrolment."""
    own = (
        select(Evidence.uid)
        .where(
            Evidence.enrolment_id == bindparam("enrolment_id", type_=Integer),
            Evidence.author_id == bindparam("author_id", type_=Integer),
        )
        .scalar_subquery()
    )
    return union(  # type: ignore[return-value] # its rows are all that is asked of it
        select(Finding.token).where(Finding.item_uid.in_(own)),
        select(FindingDecision.token).where(FindingDecision.item_uid.in_(own)),
    )


class MakersWords:
    """The words for entities that the maker of an item has in items of their own. One statement."""

    def __init__(self, session: Session, evidence: Evidence) -> None:
        self._session, self._enrolment = session, evidence.enrolment
        rows = read(session, _tokens(), enrolment_id=evidence.enrolment_id, author_id=evidence.author_id)
        self._tokens = {row.token for row in rows}
        self._words: dict[Known, tuple[str, ...]] = {}
        self._parts: dict[str, Read] = {}

    def of(self, known: Known, *, among: Collection[str] | None = None) -> tuple[str, ...]:
        """What they call it, of all that it is called; only what has one of these tokens, where some are given."""
        if among is not None:
            return self._allowed(known, self._tokens.intersection(among))
        if known not in self._words:
            self._words[known] = self._allowed(known, self._tokens)
        return self._words[known]

    def _allowed(self, known: Known, tokens: Collection[str]) -> tuple[str, ...]:
        label = known.entity.label
        return tuple(
            words for words in known.key.mentions if token_of(self._session, self._enrolment, label, words) in tokens
        )

    def _read(self, words: str) -> Read:
        if words not in self._parts:
            self._parts[words] = parts_of(words)
        return self._parts[words]

    def likely_same(self, one: Known, entities: Entities) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Other persons of whom every name that they use fits some name of this one, and none speaks against it."""
        if one.entity.label is not Label.PERSON:
            return ()
        mine = [self._read(words) for words in self.of(one)]
        found = []
        for other in entities.known:
            if other is not one and other.entity.label is Label.PERSON and (theirs := self.of(other)):
                fit = [fits(a, self._read(words)) for words in theirs for a in mine]
                if fit and min(fit) >= 0 and max(fit) >= FIT:
                    found.append((other.entity.uid, theirs))
        return tuple(found)
