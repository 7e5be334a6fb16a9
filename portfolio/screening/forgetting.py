"""Forgetting who is who: the keys between pseudonyms and the words in whose place they stand are emptied, for good.

What was marked by hand and still stands in an item stays marked; its words are there to be read anyway. What nothing
was replaced of has no pseudonym to be known by, and its key goes as soon as nothing of it is found.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.accounts.actors import Actor
from portfolio.audit import streams
from portfolio.enrolment.actions import held
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState
from portfolio.screening.entities import Entities, Key
from portfolio.screening.models import Entity, Finding
from portfolio.screening.rules import FoundBy


def forget(session: Session, actor: Actor, enrolment: Enrolment) -> int:
    """Forget who is who in a portfolio, at the learner's wish; also once it is over. Answers how many were known.

    Raises InvalidState when nobody is known.
    """
    enrolment = held(session, enrolment.id, even_over=True)
    count = empty_keys(session, enrolment)
    if not count:
        raise InvalidState("Nobody is known any more, so there is nothing to forget.")
    streams.record(
        session,
        actor,
        "personal.forget",
        streams.named(enrolment),
        stream_id=enrolment.stream_id,
        text={"count": count},
    )
    return count


def empty_keys(session: Session, enrolment: Enrolment) -> int:
    """Empty the keys of everybody and everything with a pseudonym; answers how many there were.

    Whoever calls holds the enrolment, and tells the trail.
    """
    entities = Entities(session, enrolment)
    marked = set(
        session.scalars(
            select(Finding.entity_id)
            .join(Entity, Entity.id == Finding.entity_id)
            .where(Entity.enrolment_id == enrolment.id, Finding.found_by == FoundBy.PERSON)
            .distinct()
        )
    )
    count = 0
    for one in entities.known:
        if one.entity.number is None or one.is_gone:
            continue
        still = one.key.marked if one.entity.id in marked else []
        if one.key == Key(marked=still):
            continue
        count += 1
        one.key = Key(marked=still)
        if still:
            entities.seal(one)
        else:
            one.entity.sealed = ""
    session.flush()
    return count


def keys_counted(session: Session, enrolment: Enrolment) -> int:
    """How many people and things of an enrolment are known behind their pseudonyms."""
    known = [one.key for one in Entities(session, enrolment).known if one.entity.number is not None]
    return sum(1 for key in known if key != Key(marked=key.marked))
