"""Holding a Word portfolio or a bundle back for what may point to a real person in it, and saying that it may stay.

Whoever wrote a text says so of it, or an administrator, who sees all that is on record; each says why.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.accounts.actors import Actor
from portfolio.accounts.rules import Role
from portfolio.audit import streams
from portfolio.centres.settings import settings_of
from portfolio.enrolment.actions import held as held_enrolment
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Conflict, Forbidden, InvalidState
from portfolio.evidence.models import Evidence, EvidenceFile
from portfolio.export import gate, gate_queries
from portfolio.export.gate import Held
from portfolio.export.gate_queries import Looked
from portfolio.export.held_queries import Seen, seen_in, seen_in_files, to_check
from portfolio.export.models import WordBook
from portfolio.screening import acting
from portfolio.screening.asking import ask_for_contents
from portfolio.screening.checking import check_content
from portfolio.screening.decided import rulings_of, state_of
from portfolio.screening.desk import check_said
from portfolio.screening.rules import IN_THE_WAY, Outcome, Reason
from portfolio.storage.stores import Derived

CHANGED = "What was decided about personal data changed while this was being made. Ask for it again."
NOT_YOURS = "Only whoever wrote this, or an administrator of the centre, can say that it may stay."
CHECKED = "Nothing is left to check in this file."
GONE = "These words are not there any more as they were found. Have the Word {portfolio} made again."


class HeldBack(Protocol):
    """What was not made of a portfolio, such as a book, and the places that hold it back, as `gate.Held` reads them."""

    @property
    def held(self) -> list[Any]:
        """The places."""

    @property
    def enrolment_id(self) -> int:
        """Whose portfolio."""

    @property
    def enrolment(self) -> Enrolment:
        """The same, as a row."""


def hold(session: Session, actor: Actor, book: WordBook, held: Sequence[Held]) -> None:
    """The book is not made: the places that hold it back are kept, without their words, and the trail counts them."""
    book.held = [one.as_json for one in held]
    session.flush()
    streams.record(
        session,
        actor,
        "export.hold",
        streams.named(book),
        stream_id=book.enrolment.stream_id,
        text={
            "places": len(held),
            "items": list(dict.fromkeys(one.ref for one in held if one.evidence_id)),
            "found": gate.by_label(held),
        },
    )


def check_still_clear(session: Session, enrolment: Enrolment, looked: Looked) -> None:
    """Raises InvalidState when something changed that a book relies on since it was looked through."""
    if not gate_queries.is_still_clear(session, enrolment, looked):
        raise InvalidState(CHANGED)


def ask_for_waiting(session: Session, enrolment_id: int, looked: Looked) -> None:
    """Have the contents looked through that were not, or with an older release or other lists."""
    held_enrolment(session, enrolment_id, even_over=True)
    ids = {one.evidence_id for one in looked.waiting}
    for evidence in session.scalars(select(Evidence).where(Evidence.id.in_(ids)).order_by(Evidence.id)):
        ask_for_contents(session, evidence)


def still_to_decide(session: Session, enrolment: Enrolment, seen: Sequence[Seen]) -> list[Seen]:
    """Of what was found in texts, what nobody has decided since. One statement."""
    subjects = {one.held.subject for one in seen} | {one.held.decided_as for one in seen}
    rulings = rulings_of(session, sorted(subjects)) if seen else {}
    settings = settings_of(enrolment.centre.settings)
    found = []
    for one in seen:
        ruled = [(hit, gate.ruled(rulings, one.held.subject, one.held.place, hit.token)[1]) for hit in one.hits]
        hits = tuple(
            hit for hit, ruling in ruled if state_of(hit.label, ruling, is_ours=False, settings=settings) in IN_THE_WAY
        )
        if hits:
            found.append(replace(one, hits=hits))
    return found


def may_decide(actor: Actor, seen: Seen, learner_id: int) -> bool:
    """Whether somebody may say that what was found in a text may stay: who wrote it, unless the centre leaves that to
    its administrators; and those, but not in a portfolio or in words of their own.
    """
    if seen.author_id == actor.person_id and not actor.settings.asks_an_administrator:
        return True
    return is_for_administrators(actor, seen.author_id, learner_id)


def is_for_administrators(actor: Actor, author_id: int, learner_id: int) -> bool:
    """Whether somebody decides as an administrator: not about words of their own, nor in their own portfolio."""
    return Role.ADMINISTRATOR in actor.roles and actor.person_id not in {author_id, learner_id}


def seen_by(session: Session, actor: Actor, book: HeldBack, subject: str, derived: Derived) -> list[Seen]:
    """What is still to be decided of one item: in texts; and for administrators in its files too, whose maker may not
    be able to decide any more. Files that the newest version has no more are on no other page: their maker decides too.
    """
    mine, enrolment = [one for one in book.held if one["subject"] == subject], book.enrolment
    found = seen_in(session, enrolment, mine)
    evidence = _made_or_run(session, actor, mine)
    if evidence is not None:
        in_files, newest = seen_in_files(session, enrolment, mine, derived), contents_of_newest(evidence)
        found += [
            one
            for one in in_files
            if is_for_administrators(actor, one.author_id, enrolment.learner_id)
            or (one.author_id == actor.person_id and one.held.place.partition(":")[2] not in newest)
        ]
    return still_to_decide(session, enrolment, found)


def _made_or_run(session: Session, actor: Actor, mine: Sequence[dict[str, Any]]) -> Evidence | None:
    """The item, where its files may be for this person to decide about: its maker, or an administrator."""
    evidence = session.get(Evidence, mine[0]["evidence"]) if mine else None
    if evidence is None:
        return None
    return evidence if Role.ADMINISTRATOR in actor.roles or evidence.author_id == actor.person_id else None


def contents_of_newest(evidence: Evidence) -> set[str]:
    """The contents of the newest version's files: those are decided on the item's own page."""
    return {file.blob.sha256 for file in evidence.latest.files}


def may_check(actor: Actor, file: EvidenceFile, learner_id: int) -> bool:
    """Whether somebody may say here that they have looked through a file: an administrator, or the maker of the item
    where its newest version has the file no more.
    """
    evidence = file.version.evidence
    if is_for_administrators(actor, evidence.author_id, learner_id):
        return True
    return evidence.author_id == actor.person_id and file.blob.sha256 not in contents_of_newest(evidence)


def check(session: Session, actor: Actor, book: HeldBack, subject: str, file_uid: str) -> None:
    """Somebody has looked through a file themselves that nothing can read.

    Raises InvalidState when that is not to be done any more, Forbidden when it is not theirs to do.
    """
    enrolment = held_enrolment(session, book.enrolment_id, even_over=True)
    mine = [one for one in book.held if one["subject"] == subject]
    file = next((one for one in to_check(session, enrolment, mine) if one.uid == file_uid), None)
    if file is None:
        raise InvalidState(CHECKED)
    if not may_check(actor, file, enrolment.learner_id):
        raise Forbidden(NOT_YOURS)
    check_content(session, actor, file)


def keep(
    session: Session,
    actor: Actor,
    book: HeldBack,
    tokens: Collection[str],
    *,
    subject: str,
    reason: Reason,
    said: str,
    derived: Derived,
) -> int:
    """These words may stay where they stand now in what is told of one item; answers in how many places that is. Of
    an item's own words it is said of the item; of what somebody else said of it, of that alone.

    Raises Conflict when they are not there any more, Forbidden when they are not this person's to decide, Rejected when
    the reason names what was found.
    """
    enrolment = held_enrolment(session, book.enrolment_id, even_over=True)
    found = [
        (seen, hit)
        for seen in seen_by(session, actor, book, subject, derived)
        for hit in seen.hits
        if hit.token in tokens
    ]
    if not found or {hit.token for _seen, hit in found} != set(tokens):
        raise Conflict(GONE)
    if not all(may_decide(actor, seen, enrolment.learner_id) for seen, _hit in found):
        raise Forbidden(NOT_YOURS)
    said = check_said(session, enrolment, said, reason, [seen.words_of(hit) for seen, hit in found])
    counts = Counter((seen.held.decided_as, hit.token, hit.label) for seen, hit in found)
    entries = [acting.Entry(token, label, "", "", places, on) for (on, token, label), places in counts.items()]
    act = acting.decide(session, actor, subject, enrolment, entries, Outcome.KEPT, reason=reason, said=said)
    held = found[0][0].held
    streams.record(
        session,
        actor,
        "personal.keep",
        f"{'evidence' if held.evidence_id else 'unit_decision'}:{subject}",
        stream_id=enrolment.stream_id,
        text={"ref": held.ref, "act": act.uid, "count": act.count, "digest": act.digest, "reason": reason.value},
    )
    return len(found)
