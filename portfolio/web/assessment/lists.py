"""The rows of the queue's tables as markup: joined from text, because there are many and they are looked at often.

Only plain cells are drawn here. What can be sent from a row comes ready made, from the component for forms.
"""

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from portfolio.assessment.queue_queries import QueueRow, QueueState, ReleasedRow
from portfolio.web.jinja import day
from portfolio.web.looks import OUTCOMES, QUEUE

STATES = {state: look.drawn() for state, look in QUEUE.items()}
COUNTED = {outcome: look.drawn(f"%s {look.word.lower()}") for outcome, look in OUTCOMES.items()}
NOBODY = "Nobody is allocated yet: tell your centre."
ON_RECORD = '<span class="small muted d-block">put on record</span>'


def waiting_rows(rows: Sequence[QueueRow], base: str, ends: Mapping[int, Markup]) -> Markup:
    """What waits. An item lies at `base` and its number; `ends` is what may be sent from some of the rows, by item."""
    parts: list[str] = []
    for row in rows:
        recorded_by = f"recorded by {escape(row.recorded_by)}" if row.recorded_by else ""
        beside = [f"{escape(name)} has saved a review" for name in row.others] + [escape(one.words) for one in row.here]
        decided = f"{row.decided} of " if row.state is QueueState.SAVED else ""
        said = "".join([_note(one, "small muted d-block") for one in beside])
        parts.append(
            f"{_head(row, base)}{_note(recorded_by, 'small muted d-block')}</th>\n<td>{escape(row.learner)}</td>\n"
            f'<td data-l="Since" class="nowrap">{day(row.handed_in_at)}{ON_RECORD if recorded_by else ""}</td>\n'
            f'<td data-l="Criteria" class="r nowrap">{decided}{row.criteria}</td>\n'
            f"<td>{STATES[row.state]}\n"
            f"{said}{ends.get(row.item_id, '')}</td></tr>\n"
        )
    return Markup("".join(parts))  # noqa: S704 - every word of a person is escaped where it is put in


def released_rows(rows: Sequence[ReleasedRow], base: str, when: str, *, awaits: bool) -> Markup:
    """What was released, or handed over (`awaits`) for countersignature; `when` says which."""
    parts: list[str] = []
    for row in rows:
        counts = "".join(
            [f"{drawn % row.outcomes[outcome]}\n" for outcome, drawn in COUNTED.items() if row.outcomes.get(outcome)]
        )
        signs = (
            f'<td data-l="Countersigns">{escape(" or ".join(row.countersigners) or NOBODY)}</td>\n' if awaits else ""
        )
        parts.append(
            f"{_head(row, base)}</th>\n<td>{escape(row.learner)}</td>\n"
            f'<td data-l="{when}" class="nowrap">{day(row.released_at)}</td>\n'
            f'<td><span class="counts">{counts}</span></td>\n'
            f"{signs}</tr>\n"
        )
    return Markup("".join(parts))  # noqa: S704 - every word of a person is escaped where it is put in


def _head(row: QueueRow | ReleasedRow, base: str) -> str:
    version = f"version {row.version_no}" if row.version_no > 1 else ""
    return (
        f'<tr><th scope="row"><a href="{base}/{row.item_id}"><span class="ref">{escape(row.ref)}</span> '
        f"{escape(row.title)}</a>\n{_note(version, 'small muted')}"
    )


def _note(markup: str, look: str) -> str:
    return f'<span class="{look}">{markup}</span>\n' if markup else ""
