"""Deciding what becomes of what was found: each act is one event, without the words. The newest decision holds.

Whoever made an item decides about it: the permission of the edge says so. Finding uids, entities and acts that a page
named and that are gone raise Conflict.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.accounts.actors import Actor
from portfolio.anonymise.findings import Label
from portfolio.anonymise.pseudonyms import Part
from portfolio.errors import Conflict, InvalidState, Rejected
from portfolio.evidence.models import Evidence
from portfolio.screening.acting import Entry, decide, tell
from portfolio.screening.asking import ask_all_again
from portfolio.screening.desk import GONE, Desk, check_said, desk_of
from portfolio.screening.entities import Put
from portfolio.screening.models import FindingDecision
from portfolio.screening.rewriting import Spot, put_back, rewrite, with_pseudonym
from portfolio.screening.rules import Outcome, Reason
from portfolio.screening.scanning import look
from portfolio.screening.telling import tell_asked

ON_RECORD = (
    "These words are on record or in a file, so they cannot be replaced here. Keep them with a reason, put another "
    "file in its place, or have personal data taken out of what was handed in."
)
FORGOTTEN = "Who is who was forgotten in this {portfolio}, so the words cannot be put back."
TAKEN_BACK = "This was taken back already."


@dataclass(frozen=True, slots=True)
class Replaced:
    """What an act of replacing did: the pseudonym, in how many places; how many were left for they are on record or in
    a file. `act` is what `undo` takes.
    """

    act: str
    pseudonym: str
    count: int
    left: int


@dataclass(frozen=True, slots=True)
class Undone:
    """How many places have their words again (or are to be decided again), and how many could not be put back."""

    count: int
    lost: int


def replace(
    session: Session,
    actor: Actor,
    evidence: Evidence,
    entity_uid: str,
    *,
    part: Part | None = None,
    finding_uids: Collection[str] | None = None,
) -> Replaced:
    """Put the entity's pseudonym in the place of its mentions in the draft's own texts: all, or only these findings.

    `part` says who they are, unless they have a pseudonym already. Raises InvalidState where nothing can be rewritten.
    """
    desk = desk_of(session, evidence, changes=True)
    people = desk.entities.people
    one, found = desk.entity(entity_uid), desk.findings(entity_uid=entity_uid, uids=finding_uids)
    own = [row for row in found if desk.may_replace(row)]
    if not own:
        raise InvalidState(ON_RECORD)
    if part is not None and one.entity.number is None and one.entity.label is Label.PERSON:
        one.entity.part = part
    name = desk.entities.number(one.entity, desk.texts.values())
    texts, puts = with_pseudonym(desk.texts, [Spot(row.place, row.start, row.end) for row in own], name)
    rewrite(session, evidence, texts)
    places = Counter(row.token for row in own)
    labels = {row.token: row.label for row in own}
    act = decide(
        session,
        actor,
        evidence.uid,
        desk.enrolment,
        [Entry(token, labels[token], one.entity.uid, name, count) for token, count in places.items()],
        Outcome.REPLACED,
    )
    one.key.put[act.uid] = puts
    one.learn(put.words for put in puts)
    desk.entities.seal(one)
    look(session, evidence)
    if desk.entities.people != people:
        ask_all_again(session, desk.enrolment)
    left = len(found) - len(own)
    tell(
        session, actor, "personal.replace", evidence, desk.enrolment, act, pseudonym=name, label=one.entity.label.value
    )
    return Replaced(act.uid, name, act.count, left)


def keep(
    session: Session,
    actor: Actor,
    evidence: Evidence,
    *,
    finding_uids: Collection[str] | None = None,
    entity_uid: str | None = None,
    reason: Reason,
    said: str = "",
) -> str:
    """What was found stays, and why: these findings, or all of an entity in the item. Answers the act.

    Where an administrator has to answer, it is asked instead. What holds a portfolio back can be kept even when its
    enrolment is over. Raises Rejected on `said` when it says what was found.
    """
    desk = desk_of(session, evidence, even_over=True)
    found = desk.findings(entity_uid=entity_uid, uids=finding_uids)
    said = check_said(session, desk.enrolment, said, reason, desk.said(found))
    asks = desk.settings.asks_an_administrator
    outcome = Outcome.ASKED if asks else Outcome.KEPT
    act = decide(session, actor, evidence.uid, desk.enrolment, desk.entries(found), outcome, reason=reason, said=said)
    labels = desk.labels(found)
    if asks:
        tell(session, actor, "personal.ask", evidence, desk.enrolment, act, labels=labels, reason=reason.value)
        tell_asked(session, actor, evidence)
    else:
        tell(session, actor, "personal.keep", evidence, desk.enrolment, act, labels=labels, reason=reason.value)
    return act.uid


def confirm(session: Session, actor: Actor, evidence: Evidence, finding_uids: Collection[str]) -> str:
    """It is personal data, in a file: in the way until that file is replaced or removed. Answers the act."""
    desk = desk_of(session, evidence)
    found = desk.findings(uids=finding_uids)
    if any(desk.is_own(row) for row in found):
        raise Rejected("Replace this in the text instead: you can do that here.")
    act = decide(session, actor, evidence.uid, desk.enrolment, desk.entries(found), Outcome.CONFIRMED)
    tell(session, actor, "personal.confirm", evidence, desk.enrolment, act, labels=desk.labels(found))
    return act.uid


def relabel(session: Session, actor: Actor, evidence: Evidence, finding_uids: Collection[str], label: Label) -> str:
    """What was found is of another sort. Answers the act. A sort that is only warned of lets nothing through."""
    desk = desk_of(session, evidence)
    found = desk.findings(uids=finding_uids)
    entries = [Entry(one.token, label, one.entity_uid, one.pseudonym, one.places) for one in desk.entries(found)]
    act = decide(session, actor, evidence.uid, desk.enrolment, entries, Outcome.RELABELLED)
    before = desk.labels(found)
    known = (desk.entities.meant(label, words, evidence.uid) for row in found if (words := desk.words(row)))
    desk.move(found, next(filter(None, known), None) or desk.entities.new(label, Part.CUSTOMER))
    tell(session, actor, "personal.relabel", evidence, desk.enrolment, act, labels=before, label=label.value)
    return act.uid


def undo(session: Session, actor: Actor, evidence: Evidence, act_uid: str) -> Undone:
    """Take back an act of replacing, keeping, asking or confirming. Raises Conflict when it was taken back already,
    InvalidState when the words are not known any more or cannot go back.
    """
    rows = list(
        session.scalars(
            select(FindingDecision)
            .where(FindingDecision.act == act_uid, FindingDecision.item_uid == evidence.uid)
            .order_by(FindingDecision.id)
        )
    )
    if not rows or rows[0].outcome not in {Outcome.REPLACED, Outcome.KEPT, Outcome.CONFIRMED, Outcome.ASKED}:
        raise Conflict(GONE)
    if session.scalar(select(FindingDecision.id).where(FindingDecision.undoes == act_uid).limit(1)) is not None:
        raise Conflict(TAKEN_BACK)
    replaced = rows[0].outcome is Outcome.REPLACED
    desk = desk_of(session, evidence, changes=replaced)
    lost = _back(session, desk, act_uid) if replaced else 0
    entries = [Entry(row.token, row.label, row.entity_uid, row.pseudonym, row.places) for row in rows]
    act = decide(session, actor, evidence.uid, desk.enrolment, entries, Outcome.UNDONE, undoes=act_uid)
    if replaced:
        look(session, evidence)
    first = rows[0]
    told = {"undoes": act_uid, "outcome": first.outcome.value, "labels": sorted({row.label.value for row in rows})}
    if first.pseudonym:
        told["pseudonym"] = first.pseudonym
    tell(session, actor, "personal.undo", evidence, desk.enrolment, act, lost=lost, **told)
    return Undone(act.count - lost, lost)


def _back(session: Session, desk: Desk, act_uid: str) -> int:
    """Put the words of an act back; answers in how many places that could not be."""
    holders = [one for one in desk.entities.known if act_uid in one.key.put]
    if not holders:
        raise InvalidState(FORGOTTEN)
    acts = set(session.scalars(select(FindingDecision.act).where(FindingDecision.item_uid == desk.evidence.uid)))
    changed: dict[str, str] = {}
    puts: list[Put] = []
    count = 0
    for one in holders:
        mine = one.key.put.pop(act_uid)
        others = [put for act, theirs in one.key.put.items() if act in acts for put in theirs]
        texts, back = put_back(desk.rewritable | changed, mine, desk.entities.pseudonym(one.entity), others)
        changed, puts, count = changed | texts, [*puts, *mine], count + back
        desk.entities.seal(one)
    if not count:
        raise InvalidState("The pseudonym stands nowhere any more where it was put, so nothing can be put back.")
    rewrite(session, desk.evidence, changed)
    return len(puts) - count
