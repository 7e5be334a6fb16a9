"""Saying who is who: what is one and the same, what is not, who somebody is, and what was missed.

Each act is one event, and none of them tells the words.
"""

import re
from collections.abc import Collection
from typing import Any

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from portfolio.accounts.actors import Actor
from portfolio.anonymise.findings import Label
from portfolio.anonymise.pseudonyms import Part, alike
from portfolio.errors import Rejected
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.mapping.models import Claim
from portfolio.screening.acting import tell
from portfolio.screening.asking import ask_all_again
from portfolio.screening.desk import Desk, desk_of
from portfolio.screening.entities import WORDS_MOST, Key, Known
from portfolio.screening.models import Finding
from portfolio.screening.rewriting import renamed, rewrite
from portfolio.screening.scanning import look
from portfolio.screening.texts import texts_of

MARK_LEAST, MARK_MOST = 2, 200


def merge(session: Session, actor: Actor, evidence: Evidence, entity_uid: str, into_uid: str) -> None:
    """Two are one: the first's findings, words and pseudonym are the second's from now on, in the whole enrolment.

    The first's pseudonym is written anew where its maker's drafts have it.
    """
    desk = desk_of(session, evidence, changes=True)
    one, into = desk.entity(entity_uid), desk.entity(into_uid)
    people = desk.entities.people
    if one is into or one.entity.label is not into.entity.label:
        raise Rejected("Only two different entries of the same sort can be made one.")
    before = desk.entities.pseudonym(one.entity) if one.entity.number is not None else ""
    if before:
        after = desk.entities.number(into.entity, desk.texts.values())
        _rename(session, desk, before, after)
    into.learn(one.key.mentions)
    into.key.marked = list(dict.fromkeys([*into.key.marked, *one.key.marked]))
    for item_uid, words in one.key.here.items():
        into.key.here[item_uid] = sorted({*into.key.here.get(item_uid, ()), *words})
    into.key.put |= one.key.put
    desk.entities.seal(into)
    if not set(people).issuperset(desk.entities.people):
        ask_all_again(session, desk.enrolment)
    session.execute(update(Finding).where(Finding.entity_id == one.entity.id).values(entity_id=into.entity.id))
    if before:
        one.key = Key()
        desk.entities.seal(one)
    else:
        session.delete(one.entity)
    session.flush()
    session.expire_all()
    look(session, evidence, again=True)
    names: dict[str, Any] = {"pseudonym": before} if before else {}
    if into.entity.number is not None:
        names["into"] = desk.entities.pseudonym(into.entity)
    tell(session, actor, "personal.merge", evidence, desk.enrolment, label=into.entity.label.value, **names)


def split(session: Session, actor: Actor, evidence: Evidence, finding_uids: Collection[str]) -> str:
    """These are somebody or something else in this item, with all that says the same: a new entity. Answers its uid."""
    desk = desk_of(session, evidence)
    found = desk.findings(uids=finding_uids)
    if len({row.entity_id for row in found}) != 1:
        raise Rejected("Choose what belongs to one entry.")
    old = found[0].entity
    tokens = {row.token for row in found}
    if not any(row.entity_id == old.id and row.token not in tokens for row in desk.rows):
        raise Rejected("Nothing would be left of it. Leave something unticked.")
    made = desk.entities.new(old.label, old.part)
    session.flush()
    desk.move(found, made)
    tell(session, actor, "personal.split", evidence, desk.enrolment, label=old.label.value, count=len(found))
    return made.entity.uid


def set_part(session: Session, actor: Actor, evidence: Evidence, entity_uid: str, part: Part) -> None:
    """Who somebody is. A pseudonym that stands in its maker's drafts already is written anew."""
    desk = desk_of(session, evidence, changes=True)
    one = desk.entity(entity_uid)
    if one.entity.label is not Label.PERSON or part is Part.NONE:
        raise Rejected("Only a person has a part in what is told.")
    if one.entity.part is part:
        return
    before = desk.entities.pseudonym(one.entity)
    one.entity.part = part
    session.flush()
    after = desk.entities.pseudonym(one.entity)
    names: dict[str, Any] = {}
    if one.entity.number is not None:
        _rename(session, desk, before, after)
        names = {"before": before, "pseudonym": after}
    tell(session, actor, "personal.part", evidence, desk.enrolment, part=part.value, **names)


def _rename(session: Session, desk: Desk, before: str, after: str) -> None:
    """Write a pseudonym anew in all that whoever made the item may still rewrite, put aside or not; of nobody else."""
    is_draft = EvidenceVersion.frozen_at.is_(None)
    has_claims = exists().where(Claim.evidence_version_id == EvidenceVersion.id, Claim.submission_id.is_(None))
    own = exists().where(
        EvidenceVersion.evidence_id == Evidence.id, or_(is_draft, has_claims.correlate(EvidenceVersion))
    )
    items = session.scalars(
        select(Evidence)
        .where(Evidence.enrolment_id == desk.enrolment.id, Evidence.author_id == desk.evidence.author_id, own)
        .order_by(Evidence.id)
    ).all()
    for item in items:
        texts = {one.place: one.text for one in texts_of(session, item.id).texts if one.may_replace}
        if changed := renamed(texts, before, after):
            rewrite(session, item, changed, even_aside=True)


def mark(session: Session, actor: Actor, evidence: Evidence, *, place: str, start: int, end: int, label: Label) -> str:
    """Mark what was missed: the words are found everywhere in the enrolment from now on. Answers the entity's uid."""
    desk = desk_of(session, evidence)
    words = desk.texts.get(place, "")[start:end].strip()
    if not 0 <= start < end or len(words) < MARK_LEAST or not re.search(r"\w", words):
        raise Rejected("Select the words that are to be marked.", "words")
    if len(words) > MARK_MOST:
        raise Rejected(f"Mark at most {MARK_MOST} characters at a time.", "words")
    if any(row.place == place and row.start < end and start < row.end and desk.is_own(row) for row in desk.rows):
        raise Rejected("Something is found there already.", "words")
    return _marked(session, actor, desk, words, label)


def mark_in_file(session: Session, actor: Actor, evidence: Evidence, *, words: str, label: Label) -> str:
    """Mark words that were missed in one of the item's files, where the caller has seen them: all files are looked
    through for them once more. Answers the entity's uid.
    """
    desk, words = desk_of(session, evidence), " ".join(words.split())
    if not MARK_LEAST <= len(words) <= MARK_MOST or not re.search(r"\w", words):
        raise Rejected("Give the words as they stand in the file.", "words")
    return _marked(session, actor, desk, words, label)


def _marked(session: Session, actor: Actor, desk: Desk, words: str, label: Label) -> str:
    evidence = desk.evidence
    one = desk.entities.meant(label, words, evidence.uid) or desk.entities.new(label, Part.CUSTOMER)
    _learn_marked(one, words)
    desk.entities.seal(one)
    session.flush()
    look(session, evidence)
    ask_all_again(session, desk.enrolment)
    tell(session, actor, "personal.mark", evidence, desk.enrolment, label=label.value)
    return one.entity.uid


def _learn_marked(one: Known, words: str) -> None:
    one.learn([words])
    label = one.entity.label
    if alike(label, words) not in {alike(label, marked) for marked in one.key.marked}:
        if len(one.key.marked) >= WORDS_MOST:
            raise Rejected("So much is marked of this one already that no more is kept. Replace it where it stands.")
        one.key.marked.append(words)
