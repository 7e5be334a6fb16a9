"""The queue in words, and the rows of its tables as markup: joined from text, because there are many, looked at often.

Only plain cells are drawn here, and everything that a person wrote is escaped. What can be sent from a row comes ready
made, from the component for forms.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from markupsafe import escape

from portfolio.assessment.queue_queries import QueueRow, QueueState, Slice
from portfolio.assessment.ready_queries import ReadyUnit
from portfolio.assessment.released_queries import ReleasedRow
from portfolio.centres.terms import capital
from portfolio.web.jinja import day
from portfolio.web.looks import OUTCOMES, QUEUE, escaped
from portfolio.web.terms import term

Row = TypeVar("Row", QueueRow, ReleasedRow)

QUEUE_URL = "/marking"
"""Where the queue lies, and below it each item by its number."""
STATES = {state: look.drawn() for state, look in QUEUE.items()}
COUNTED = {outcome: look.drawn(f"%s {look.word.lower()}") for outcome, look in OUTCOMES.items()}
NOBODY = "Nobody is allocated yet: tell your centre."
ON_RECORD = '<span class="small muted d-block">put on record</span>'
OWN_SAVED = ' <span class="small muted">your own review is saved</span>'


@dataclass(slots=True)
class First:
    """The one thing to do now: why, and the button that leads there."""

    why: str
    url: str
    label: str


def stand_of(waiting: Slice, countersigning: Slice) -> str:
    """How much waits, in a sentence."""
    parts = []
    if waiting.total and waiting.oldest:
        many = (
            f"{waiting.total} items wait for you, the oldest since"
            if waiting.total > 1
            else "one item waits for you, since"
        )
        parts.append(f"{many} {day(waiting.oldest)}")
    if countersigning.total:
        many = f"{countersigning.total} await" if countersigning.total > 1 else "one awaits"
        parts.append(f"{many} your countersignature")
    return capital("; ".join(parts) or "nothing waits to be marked") + "."


def first_of(rows: Sequence[QueueRow], ready: Sequence[ReadyUnit]) -> First | None:
    """The first item that waits, else the first unit that can be signed off."""
    if rows:
        return _item_first(rows[0])
    if ready:
        unit = ready[0]
        why = f"{unit.learner} has met every criterion of “{unit.title}”, and nothing waits."
        return First(why, f"/units/{unit.enrolment_unit_id}/sign-off", f"Sign off the {term('unit')}")
    return None


def _item_first(row: QueueRow) -> First:
    item, on = f"{row.ref}, “{row.title}”,", day(row.handed_in_at)
    if row.recorded_by:
        why = f"{row.recorded_by} put {item} of {row.learner} on record on {on}."
    else:
        why = f"{row.learner} handed in {item} on {on}."
    if row.trainee:
        why += f" {row.trainee} has decided it and needs your countersignature."
    verb = "Countersign" if row.trainee else "Go on with" if row.state is QueueState.SAVED else "Mark"
    return First(why, f"{QUEUE_URL}/{row.item_id}", f"{verb} {row.ref}")


def waiting_rows(rows: Sequence[QueueRow], ends: Mapping[int, str]) -> str:
    """What waits; `ends` is what may be sent from some of the rows, by item."""
    parts: list[str] = []
    for row, head, learner in _heads(rows):
        recorded_by = _note(f"recorded by {escape(row.recorded_by)}") if row.recorded_by else ""
        said = [f"{escape(name)} has saved a review" for name in row.others] + [escape(one.words) for one in row.here]
        decided = f"{row.decided} of " if row.state is QueueState.SAVED else ""
        parts.append(
            f"{head}{recorded_by}</th>\n<td>{learner}</td>\n"
            f'<td data-l="Since" class="nowrap">{day(row.handed_in_at)}{ON_RECORD if recorded_by else ""}</td>\n'
            f'<td data-l="Criteria" class="r nowrap">{decided}{row.criteria}</td>\n'
            f"<td>{STATES[row.state]}\n"
            f"{''.join(map(_note, said)) if said else ''}{ends.get(row.item_id, '')}</td></tr>\n"
        )
    return "".join(parts)


def countersigning_rows(rows: Sequence[QueueRow]) -> str:
    """What awaits a countersignature."""
    return "".join(
        [
            f"{head}</th>\n<td>{learner}</td>\n"
            f'<td data-l="Since" class="nowrap">{day(row.handed_in_at)}{ON_RECORD if row.recorded_by else ""}</td>\n'
            f'<td data-l="Criteria" class="r">{row.criteria}</td>\n'
            f'<td data-l="Decided by">{escape(row.trainee)}{OWN_SAVED if row.decided else ""}</td></tr>\n'
            for row, head, learner in _heads(rows, is_versioned=False)
        ]
    )


def released_rows(rows: Sequence[ReleasedRow], when: str, *, awaits: bool) -> str:
    """What was released, or handed over (`awaits`) for countersignature; `when` says which."""
    parts: list[str] = []
    for row, head, learner in _heads(rows):
        counts = "".join([f"{COUNTED[outcome] % many}\n" for outcome, many in row.outcomes.items() if many])
        signs = (
            f'<td data-l="Countersigns">{escape(" or ".join(row.countersigners) or NOBODY)}</td>\n' if awaits else ""
        )
        parts.append(
            f"{head}</th>\n<td>{learner}</td>\n"
            f'<td data-l="{when}" class="nowrap">{day(row.released_at)}</td>\n'
            f'<td><span class="counts">{counts}</span></td>\n'
            f"{signs}</tr>\n"
        )
    return "".join(parts)


def _heads(rows: Sequence[Row], *, is_versioned: bool = True) -> Iterator[tuple[Row, str, str]]:
    """Each row with its beginning as markup, and whose it is. Every word of a person is escaped here or above."""
    texts = escaped([text for row in rows for text in (row.ref, row.title, row.learner)])
    for row, ref, title, learner in zip(rows, texts[::3], texts[1::3], texts[2::3], strict=True):
        is_newer = is_versioned and row.version_no > 1
        version = f'<span class="small muted">version {row.version_no}</span>\n' if is_newer else ""
        item = f'<a href="{QUEUE_URL}/{row.item_id}"><span class="ref">{ref}</span> {title}</a>'
        yield row, f'<tr><th scope="row">{item}\n{version}', learner


def _note(markup: str) -> str:
    return f'<span class="small muted d-block">{markup}</span>\n'
