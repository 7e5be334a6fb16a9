"""Whom and what an enrolment's texts name: the keys between pseudonyms and words, opened, asked, and sealed again.

A key is the only place where the words are kept. Whoever writes holds the enrolment.
"""

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portfolio.accounts.sealing import Seal, Unreadable
from portfolio.anonymise.findings import Label
from portfolio.anonymise.pseudonyms import PART_WORDS, Part, alike, pseudonym
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Evidence
from portfolio.screening.marks import Mark
from portfolio.screening.models import Entity, Finding, FindingDecision
from portfolio.screening.rules import Outcome

WORDS_MOST = 40
"""How many different mentions of one person or thing are kept."""


@dataclass(slots=True)
class Put:
    """Words that a pseudonym took the place of: where, which, and a few characters beside them then."""

    place: str
    start: int
    words: str
    before: str
    after: str


@dataclass(slots=True)
class Key:
    """What is sealed of an entity. `here` are words that mean it in one item and something else elsewhere, by the
    item's uid; `marked` were marked by hand and are found wherever they stand; `put` is what each act replaced.
    """

    mentions: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    here: dict[str, list[str]] = field(default_factory=dict)
    put: dict[str, list[Put]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was done that has to be remembered."""
        return not (self.marked or self.here or self.put)


@dataclass(slots=True, eq=False)
class Known:
    """An entity with its key; `is_gone` when that was emptied, or cannot be read with this installation's seal."""

    entity: Entity
    key: Key
    is_gone: bool
    order: int
    """Where it stands among the enrolment's: of two that say the same, the first is meant."""
    said: "dict[tuple[Label, str], Known]" = field(repr=False)
    """Whom words mean, of all of the enrolment's."""

    def learn(self, words: Iterable[str]) -> bool:
        """Keep further mentions; answers whether there were any."""
        label = self.entity.label
        have = {alike(label, one) for one in self.key.mentions}
        new = {alike(label, one): one for one in words if alike(label, one) not in have}
        kept = dict(list(new.items())[: max(0, WORDS_MOST - len(have))])
        self.key.mentions += kept.values()
        self.is_said(kept)
        return bool(new)

    def is_said(self, alike_words: Iterable[str]) -> None:
        """These words, as they are compared, mean it, unless they mean one before it."""
        for one in alike_words:
            if self.said.setdefault((self.entity.label, one), self).order > self.order:
                self.said[self.entity.label, one] = self


class Entities:
    """All of an enrolment's, opened. One statement."""

    def __init__(self, session: Session, enrolment: Enrolment) -> None:
        self._session, self._enrolment = session, enrolment
        self._seal: Seal = session.info["seal"]
        rows = session.scalars(
            select(Entity).where(Entity.enrolment_id == enrolment.id).order_by(Entity.id),
            execution_options={"populate_existing": True},
        )
        self._said: dict[tuple[Label, str], Known] = {}
        self._here: dict[str, list[Known]] = {}
        self._by_uid: dict[str, Known] = {}
        self._new: list[Known] = []
        self.known = [self._opened(order, row) for order, row in enumerate(rows)]
        self._arrange()

    def _opened(self, order: int, row: Entity) -> Known:
        if not row.sealed:
            return Known(row, Key(), True, order, self._said)
        try:
            kept: dict[str, Any] = json.loads(self._seal.unseal(row.sealed, whose=self._enrolment.uid))
        except Unreadable:
            return Known(row, Key(), True, order, self._said)
        put = {act: [Put(*one) for one in puts] for act, puts in kept.pop("put").items()}
        return Known(row, Key(**kept, put=put), False, order, self._said)

    def _arrange(self) -> None:
        """Have each found by its identifier and by its words."""
        self._said.clear()
        self._here.clear()
        self._by_uid = {one.entity.uid: one for one in self.known if one.entity.uid}
        self._new = [one for one in self.known if not one.entity.uid]
        for one in self.known:
            one.is_said(alike(one.entity.label, words) for words in one.key.mentions)
            self._stands_here(one)

    def _stands_here(self, one: Known) -> None:
        for item_uid in one.key.here:
            there = self._here.setdefault(item_uid, [])
            if one not in there:
                there.append(one)
                there.sort(key=lambda known: known.order)

    def by_uid(self, uid: str) -> Known | None:
        """One of them, by its public identifier."""
        if uid not in self._by_uid and self._new:
            self._by_uid |= {one.entity.uid: one for one in self._new if one.entity.uid}
            self._new = [one for one in self._new if not one.entity.uid]
        return self._by_uid.get(uid)

    def meant(self, label: Label, words: str, item_uid: str) -> Known | None:
        """Whom these words mean in an item: as somebody said of this item, or else exactly as elsewhere."""
        said = alike(label, words)
        for one in self._here.get(item_uid, ()):
            if one.entity.label is label and said in one.key.here.get(item_uid, ()):
                return one
        return self._said.get((label, said))

    def new(self, label: Label, part: Part) -> Known:
        """Somebody or something that nothing is known of yet."""
        entity = Entity(
            enrolment_id=self._enrolment.id, label=label, part=part if label is Label.PERSON else Part.NONE, number=None
        )
        self._session.add(entity)
        made = Known(entity, Key(), False, self.known[-1].order + 1 if self.known else 0, self._said)
        self.known.append(made)
        self._new.append(made)
        return made

    def seal(self, one: Known) -> None:
        """Keep what is known of it now."""
        key = one.key
        put = {act: [[p.place, p.start, p.words, p.before, p.after] for p in puts] for act, puts in key.put.items()}
        said = {"mentions": key.mentions, "marked": key.marked, "here": key.here, "put": put}
        one.entity.sealed = self._seal.seal(json.dumps(said), whose=self._enrolment.uid)
        one.is_gone = False
        self._stands_here(one)

    def drop(self, entity_ids: Collection[int]) -> None:
        """These are there no more."""
        self.known = [one for one in self.known if one.entity.id not in entity_ids]
        self._arrange()

    def next_number(self, label: Label, texts: Iterable[str] = (), *, after: int = 0) -> int:
        """The next that is free, beyond `after`: persons have one sequence together, things one for each label. One
        that somebody wrote into these texts by hand already is left out.
        """
        numbers = [one.entity.number or 0 for one in self.known if one.entity.label is label]
        number, said = max(numbers, default=0) + 1, "\n".join(texts)
        number = max(number, after + 1)
        parts = PART_WORDS if label is Label.PERSON else (Part.NONE,)
        while any(re.search(rf"\b{re.escape(pseudonym(label, part, number).strip('[]'))}\b", said) for part in parts):
            number += 1
        return number

    def pseudonym(self, entity: Entity, texts: Iterable[str] = ()) -> str:
        """Its own, or the next that is free."""
        return pseudonym(entity.label, entity.part, entity.number or self.next_number(entity.label, texts))

    def number(self, entity: Entity, texts: Iterable[str] = ()) -> str:
        """Give it a number for good, unless it has one; answers its pseudonym."""
        entity.number = entity.number or self.next_number(entity.label, texts)
        return pseudonym(entity.label, entity.part, entity.number)

    @property
    def people(self) -> tuple[str, ...]:
        """The names of persons that somebody marked or replaced: they are to be found wherever they stand."""
        said = [
            one.key.mentions
            for one in self.known
            if one.entity.label is Label.PERSON and (one.entity.number is not None or one.key.marked)
        ]
        return tuple(dict.fromkeys(words for mentions in said for words in mentions))

    @property
    def pseudonyms(self) -> tuple[str, ...]:
        """Every pseudonym that stands for somebody or something, the longest first; of a person with any part, for
        that may have changed since.
        """
        named = [one.entity for one in self.known if one.entity.number is not None]
        found = [
            pseudonym(entity.label, part, entity.number or 0)
            for entity in named
            for part in (PART_WORDS if entity.label is Label.PERSON else (Part.NONE,))
        ]
        return tuple(sorted(found, key=lambda name: (-len(name), name)))

    @property
    def marks(self) -> tuple[Mark, ...]:
        """All words that were marked by hand, with what they mean."""
        return tuple(Mark(words, one.entity.label, one.entity.uid) for one in self.known for words in one.key.marked)


def tidy(session: Session, entities: Entities, among: Collection[int]) -> None:
    """Forget those of these that nothing is found of any more, and of which nothing was done."""
    left = [one for one in entities.known if one.entity.id in among and one.entity.number is None and one.key.is_empty]
    if not left:
        return
    ids = [one.entity.id for one in left]
    in_use = set(session.scalars(select(Finding.entity_id).where(Finding.entity_id.in_(ids)).distinct()))
    gone = [id_ for id_ in ids if id_ not in in_use]
    if gone:
        session.execute(delete(Entity).where(Entity.id.in_(gone)))
        entities.drop(set(gone))


def forget_words_of_gone(session: Session, enrolment: Enrolment) -> None:
    """Forget the words of items that are there no more: what they meant there, and what was replaced in them."""
    there = set(session.scalars(select(Evidence.uid).where(Evidence.enrolment_id == enrolment.id)))
    acts = set(
        session.scalars(
            select(FindingDecision.act).where(
                FindingDecision.enrolment_id == enrolment.id,
                FindingDecision.outcome == Outcome.REPLACED,
                FindingDecision.item_uid.not_in(there),
            )
        )
    )
    entities = Entities(session, enrolment)
    for one in entities.known:
        here = {uid: words for uid, words in one.key.here.items() if uid in there}
        put = {act: puts for act, puts in one.key.put.items() if act not in acts}
        if not one.is_gone and (here, put) != (one.key.here, one.key.put):
            one.key.here, one.key.put = here, put
            entities.seal(one)
