"""An administrator says whether something that was found may stay, where the centre leaves that to them.

The answer is about all that was asked in one act, and its maker is told. Nobody answers what they asked themselves.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.accounts.actors import Actor
from portfolio.enrolment.actions import lock
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Forbidden, Rejected
from portfolio.screening import acting
from portfolio.screening.asked_queries import item_of, others_asked, still_asked
from portfolio.screening.desk import check_said
from portfolio.screening.entities import Entities
from portfolio.screening.models import Entity, Finding, FindingDecision
from portfolio.screening.rules import Outcome, Reason
from portfolio.screening.telling import tell_answered
from portfolio.screening.tokens import token_of


def answer(
    session: Session, actor: Actor, asked: FindingDecision, *, allow: bool, said: str = "", words: Sequence[str] = ()
) -> None:
    """All that was asked in the act may stay, or may not. `said` is why; a no needs it, and it does not repeat what
    was found: the `words` that are shown, or others that are known of them. An enrolment that is over is no hindrance.

    Raises InvalidState when it was answered meanwhile, Rejected on `said`.
    """
    enrolment = lock(session, asked.enrolment_id, even_over=True)
    evidence, rows = item_of(session, asked), still_asked(session, asked)
    if actor.person_id in {asked.by_id, enrolment.learner_id}:
        raise Forbidden("Nobody answers for their own {portfolio}. Somebody else at your centre must do this.")
    said = check_said(session, enrolment, said, Reason.NOT_PERSONAL, [*words, *_known_of(session, enrolment, rows)])
    if not said and not allow:
        raise Rejected("Say why it cannot stay, and what to do instead.", "said")
    act = acting.decide(
        session,
        actor,
        evidence.uid,
        enrolment,
        [acting.Entry(row.token, row.label, row.entity_uid, row.pseudonym, row.places) for row in rows],
        Outcome.KEPT if allow else Outcome.REFUSED,
        reason=asked.reason,
        said=said,
    )
    acting.tell(session, actor, "personal.allow" if allow else "personal.refuse", evidence, enrolment, act)
    tell_answered(session, actor, evidence, is_last=not others_asked(session, evidence))


def _known_of(session: Session, enrolment: Enrolment, rows: Sequence[FindingDecision]) -> list[str]:
    """The words that are asked about, wherever they stand, as far as the key of the portfolio still has them."""
    tokens = {row.token for row in rows}
    found = session.execute(
        select(Entity.uid, Finding.label)
        .join(Entity, Entity.id == Finding.entity_id)
        .where(Finding.item_uid == rows[0].item_uid, Finding.token.in_(tokens))
        .distinct()
    ).all()
    entities = Entities(session, enrolment)
    return [
        words
        for uid, label in found
        if (known := entities.by_uid(uid)) is not None
        for words in known.key.mentions
        if token_of(session, enrolment, label, words) in tokens
    ]
