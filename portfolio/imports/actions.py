"""Bringing a list, saying what its columns mean, and importing it: all of it or nothing, and only as it was shown.

Until then nothing is stored but the list itself, which is its maker's own.
"""

import hashlib
from collections.abc import Callable, Mapping

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.audit import streams
from portfolio.audit.events import Doer
from portfolio.centres.models import Centre
from portfolio.documents.csv_lists import CsvList, read_list
from portfolio.errors import Conflict, InvalidState, NotFound, Rejected
from portfolio.imports import allocations, cohorts, enrolments, people
from portfolio.imports.matching import Matching, guess, lacking, twice
from portfolio.imports.models import ImportDraft
from portfolio.imports.plans import Plan
from portfolio.imports.rules import CHANGES_MOST, KEPT_FOR, ROWS_MOST, Fate, ImportKind

CHANGED = "Things changed since you looked, so nothing was imported. This is how the list stands now."
GONE = "This list was imported or thrown away already."

PLANNERS: Mapping[ImportKind, Callable[[Session, Centre, CsvList, Matching], Plan]] = {
    ImportKind.PEOPLE: people.plan,
    ImportKind.COHORTS: cohorts.plan,
    ImportKind.ENROLMENTS: enrolments.plan,
    ImportKind.ALLOCATIONS: allocations.plan,
}


def bring(session: Session, actor: Actor, *, kind: ImportKind, name: str, content: bytes) -> ImportDraft:
    """Keep a list until it is imported, its columns guessed, in place of an earlier one of its kind."""
    sheet = read_list(content, rows_most=ROWS_MOST[kind])
    session.execute(
        delete(ImportDraft).where(
            ImportDraft.person_id == actor.person_id,
            ImportDraft.centre_id == actor.centre_id,
            ImportDraft.kind == kind,
        )
    )
    draft = ImportDraft(
        centre_id=actor.centre_id,
        person_id=actor.person_id,
        kind=kind,
        name=name,
        content=content,
        matching=guess(kind, sheet.headings),
        made_at=clock.now(),
    )
    session.add(draft)
    session.flush()
    return draft


def sheet_of(draft: ImportDraft) -> CsvList:
    """The list as it was brought."""
    return read_list(draft.content, rows_most=ROWS_MOST[draft.kind])


def match(session: Session, draft: ImportDraft, matching: Matching) -> list[tuple[str, str]]:
    """Say which columns mean what. Answers (column, sentence) for what keeps this from being kept."""
    faults = [*lacking(draft.kind, matching), *twice(draft.kind, matching)]
    if not faults:
        draft.matching = dict(matching)
        session.flush()
    return faults


def work_out(session: Session, centre: Centre, kind: ImportKind, sheet: CsvList, matching: Matching) -> Plan:
    """What a list would do. Raises Rejected when a column is lacking."""
    faults = [*lacking(kind, matching), *twice(kind, matching)]
    if faults:
        raise Rejected(faults[0][1], faults[0][0])
    return PLANNERS[kind](session, centre, sheet, matching)


def carry_out(session: Session, actor: Doer, centre: Centre, plan: Plan, *, content: bytes, is_sent: bool) -> None:
    """Do all that a plan shows, told by one event beside those of what is done. Raises InvalidState for a bad row."""
    check_sound(plan)
    try:
        plan.carry_out(session, actor, centre, is_sent)
        session.flush()
    except IntegrityError:
        raise InvalidState("Somebody changed the same at this moment, so nothing was imported. Try again.") from None
    counts = plan.counts
    streams.record(
        session,
        actor,
        "import.store",
        f"import:{plan.kind}",
        stream_id=centre.stream_id,
        text={
            "kind": plan.kind.value,
            "count": counts[Fate.NEW] + counts[Fate.CHANGE],
            "made": counts[Fate.NEW],
            "changed": counts[Fate.CHANGE],
            "digest": hashlib.sha256(content).hexdigest(),
        },
    )


def check_sound(plan: Plan) -> None:
    """Raises InvalidState when a plan cannot be carried out, with the reason."""
    counts = plan.counts
    if counts[Fate.BAD]:
        raise InvalidState("Some rows cannot be taken, so nothing is imported. Mend them and send the list again.")
    if counts[Fate.CHANGE] > CHANGES_MOST:
        raise InvalidState(
            f"The list changes {counts[Fate.CHANGE]:,} things that are there; at most {CHANGES_MOST} at a time. Hand "
            "it in as several files."
        )
    if not plan.does_something:
        raise InvalidState("Everything in this list is there already. There is nothing to import.")


def carry_out_draft(session: Session, actor: Actor, draft: ImportDraft, *, seen: str, is_sent: bool) -> Plan:
    """Import a list as it was shown, whose digest is `seen`. Raises Conflict when it would do something else by now."""
    if session.scalar(select(ImportDraft.id).where(ImportDraft.id == draft.id).with_for_update()) is None:
        raise NotFound(GONE)
    centre = session.get_one(Centre, draft.centre_id)
    session.execute(select(Centre.id).where(Centre.id == centre.id).with_for_update())
    plan = work_out(session, centre, draft.kind, sheet_of(draft), draft.matching)
    if plan.digest != seen:
        raise Conflict(CHANGED)
    carry_out(session, actor, centre, plan, content=draft.content, is_sent=is_sent)
    session.delete(draft)
    session.flush()
    return plan


def give_up(session: Session, draft: ImportDraft) -> None:
    """Throw a list away."""
    session.delete(draft)
    session.flush()


def sweep(session: Session) -> int:
    """Remove lists that nobody imported within KEPT_FOR; answers how many."""
    old = ImportDraft.made_at < clock.now() - KEPT_FOR
    count = session.scalar(select(func.count()).select_from(ImportDraft).where(old)) or 0
    session.execute(delete(ImportDraft).where(old))
    return count
