"""What a centre, and each learner, say beforehand: people and organisations to find, and words to leave alone.

The lists lie sealed, and the trail tells how long they are and never what is in them. With each change of a list its
number grows, by which a scan knows that it was made with an older one.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portfolio.accounts.actors import Actor
from portfolio.accounts.sealing import Seal
from portfolio.anonymise.findings import Known
from portfolio.audit import streams
from portfolio.centres.models import Centre
from portfolio.centres.settings import settings_of
from portfolio.db import hold
from portfolio.enrolment.actions import held
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Conflict, Rejected
from portfolio.screening.asking import ask_again, looked_through_before
from portfolio.screening.models import KnownWords

CENTRE_LINES, LEARNER_LINES = 400, 100
"""How many lines each list takes: a centre's, and a learner's own."""
LINE_MOST, LETTERS_LEAST = 80, 2
FILES_AT_ONCE = 500
LINES_NAMED = 5
"""How many bad lines are named one by one."""
LIST_WORDS = {
    "people": "People to find",
    "organisations": "Organisations to find",
    "leave_alone": "Words to leave alone",
}
CHANGED = "These lists were changed in another window while you were here."


@dataclass(frozen=True, slots=True)
class Lists:
    """What one centre or one learner keeps, and how often it was changed."""

    known: Known
    rev: int

    @property
    def as_text(self) -> dict[str, str]:
        """Each list as it is typed, one entry a line, by its name."""
        return {name: "\n".join(entries) for name, entries in _entries(self.known).items()}


def entries_in(text: str, name: str, *, most: int) -> tuple[str, ...]:
    """The entries of a list, one a line, without doubles. Raises Rejected on the field `name`, with the bad lines."""
    found: dict[str, str] = {}
    bad: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        entry = " ".join(line.split())
        wrong = _wrong_with(entry)
        if wrong:
            bad.append(f"Line {number} {wrong}.")
        elif entry:
            found.setdefault(entry.casefold(), entry)
    if bad:
        more = [f"{len(bad) - LINES_NAMED} more lines are like these."] if len(bad) > LINES_NAMED else []
        raise Rejected(" ".join([*bad[:LINES_NAMED], *more]), name)
    if len(found) > most:
        raise Rejected(f"Keep this to {most} lines; these are {len(found)}.", name)
    return tuple(found.values())


def _wrong_with(entry: str) -> str:
    if len(entry) > LINE_MOST:
        return f"has more than {LINE_MOST} characters"
    if entry and sum(map(str.isalnum, entry)) < LETTERS_LEAST:
        return "is too short to be looked for"
    return ""


def lists_here(session: Session, enrolment: Enrolment) -> tuple[Known, str]:
    """What the centre's lists and the learner's own say of an enrolment; and what that was made of, in a few characters
    that say nothing of what is in the lists. One statement.

    Where an administrator decides what may stay, only the centre says what is left alone.
    """
    by_centre, by_learner = _both(session, enrolment)
    centre, own = _opened(session, by_centre, enrolment.centre.uid), _opened(session, by_learner, enrolment.uid)
    asks = settings_of(enrolment.centre.settings).asks_an_administrator
    known = Known(
        people=_together(centre.people, own.people),
        organisations=_together(centre.organisations, own.organisations),
        leave_alone=_together(centre.leave_alone, () if asks else own.leave_alone),
    )
    digest = f"c{by_centre.rev if by_centre else 0}.l{by_learner.rev if by_learner else 0}{'.a' if asks else ''}"
    return known, digest


def _together(first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
    return tuple({entry.casefold(): entry for entry in (*first, *second)}.values())


def _both(session: Session, enrolment: Enrolment) -> tuple[KnownWords | None, KnownWords | None]:
    rows = session.scalars(
        select(KnownWords).where(
            KnownWords.centre_id == enrolment.centre_id,
            or_(KnownWords.enrolment_id.is_(None), KnownWords.enrolment_id == enrolment.id),
        )
    ).all()
    of = {row.enrolment_id: row for row in rows}
    return of.get(None), of.get(enrolment.id)


def _opened(session: Session, row: KnownWords | None, whose: str) -> Known:
    if row is None or not row.sealed:
        return Known()
    seal: Seal = session.info["seal"]
    kept = json.loads(seal.unseal(row.sealed, whose=whose))
    return Known(**{one.name: tuple(kept.get(one.name, ())) for one in fields(Known)})


def _entries(known: Known) -> dict[str, tuple[str, ...]]:
    return {name: getattr(known, name) for name in LIST_WORDS}


def _kept(session: Session, centre: Centre, enrolment: Enrolment | None) -> KnownWords | None:
    whose = KnownWords.enrolment_id.is_(None) if enrolment is None else KnownWords.enrolment_id == enrolment.id
    return session.scalar(
        select(KnownWords).where(KnownWords.centre_id == centre.id, whose),
        execution_options={"populate_existing": True},
    )


def lists_of(session: Session, centre: Centre, enrolment: Enrolment | None = None) -> Lists:
    """What a centre keeps; with an enrolment, its learner's own."""
    row = _kept(session, centre, enrolment)
    return Lists(_opened(session, row, (enrolment or centre).uid), row.rev if row else 0)


def save_lists(
    session: Session, actor: Actor, centre: Centre, known: Known, *, rev: int, enrolment: Enrolment | None = None
) -> bool:
    """Keep these lists: the centre's, or with an enrolment its learner's own. Answers whether anything changed.

    Raises Conflict, with what stands now, when they were changed since `rev` was read.
    """
    if enrolment is None:
        hold(session, centre)
    else:
        enrolment = held(session, enrolment.id)
    before = lists_of(session, centre, enrolment)
    if before.rev != rev:
        raise Conflict(CHANGED, {LIST_WORDS[name]: text for name, text in before.as_text.items()})
    if before.known == known:
        return False
    seal: Seal = session.info["seal"]
    row = _kept(session, centre, enrolment)
    if row is None:
        row = KnownWords(centre_id=centre.id, enrolment_id=enrolment.id if enrolment else None)
        session.add(row)
    row.sealed = seal.seal(json.dumps(asdict(known)), whose=(enrolment or centre).uid)
    session.flush()
    streams.record(
        session,
        actor,
        "personal.list",
        streams.named(enrolment or centre),
        stream_id=(enrolment or centre).stream_id,
        text={name: len(entries) for name, entries in _entries(known).items()},
    )
    if enrolment is not None:
        _look_again(session, enrolment)
    return True


def _look_again(session: Session, enrolment: Enrolment) -> None:
    """Have the files of a learner's drafts looked through with the new lists at once. A centre's are by and by."""
    ask_again(session, looked_through_before(session, after=0, most=FILES_AT_ONCE, enrolment_id=enrolment.id))
