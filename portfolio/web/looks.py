"""How things stand, as it looks: class, icon and word of each state, and its tick in a ruler. Every page has it from
here; templates have `LOOKS`, `state` and `ruler`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

from portfolio.assessment.queue_queries import QueueState
from portfolio.mapping.coverage import STANDINGS, STATE_WORDS, State
from portfolio.mapping.rules import OUTCOME_WORDS, Outcome

BETWEEN = "\x1e"
"""Stands between texts that are escaped together; where one of them has it, each is escaped by itself."""


class Look(NamedTuple):
    """The class, icon and word of a state; an icon never stands without a word."""

    kind: str
    icon: str
    word: str

    @property
    def sign(self) -> str:
        """The icon as markup."""
        return f'<span class="bi bi-{self.icon}" aria-hidden="true"></span>'

    def drawn(self, markup: str = "", more: str = "") -> str:
        """Icon and word, or other words as markup; `more` are further classes."""
        return f'<span class="state{more} {self.kind}">{self.sign}{markup or self.word}</span>'


STATES: Mapping[State, Look] = {
    State.MET: Look("is-met", "check-circle-fill", STATE_WORDS[State.MET]),
    State.MORE: Look("is-more", "exclamation-diamond", STATE_WORDS[State.MORE]),
    State.CLAIMED: Look("is-claimed", "circle-half", STATE_WORDS[State.CLAIMED]),
    State.GAP: Look("is-none", "circle", STATE_WORDS[State.GAP]),
}
OUTCOMES: Mapping[Outcome, Look] = {
    Outcome.MET: STATES[State.MET],
    Outcome.NOT_YET_MET: STATES[State.MORE]._replace(word=OUTCOME_WORDS[Outcome.NOT_YET_MET]),
    Outcome.INSUFFICIENT: Look("is-more", "layers", OUTCOME_WORDS[Outcome.INSUFFICIENT]),
}
QUEUE: Mapping[QueueState, Look] = {
    QueueState.NEW: Look("is-claimed", "inbox", "New"),
    QueueState.OPENED: Look("is-claimed", "circle-half", "Opened"),
    QueueState.SAVED: Look("is-none", "pencil", "Saved, not released"),
    QueueState.COUNTERSIGN: Look("is-claimed", "hourglass-split", "Awaits your countersignature"),
}
LOOKS: Mapping[str, Look] = {
    **{state.value: look for state, look in STATES.items()},
    **{outcome.value: look for outcome, look in OUTCOMES.items()},
    "draft": Look("is-none", "pencil", "Draft"),
    "submitted": Look("is-claimed", "send", "Handed in"),
    "marked": Look("is-none", "check2-all", "Marked"),
    "withdrawn": Look("is-none", "arrow-counterclockwise", "Taken back"),
    "trash": Look("is-none", "trash", "In the trash"),
    "awaiting": Look("is-claimed", "hourglass-split", "Awaiting countersignature"),
    "held": Look("is-risk", "shield-exclamation", "Held"),
    "found": Look("is-risk", "shield-exclamation", "To decide"),
    "queued": Look("is-none", "hourglass", "Waiting to start"),
    "running": Look("is-claimed", "arrow-repeat", "In progress"),
    "done": Look("is-met", "check-circle-fill", "Done"),
    "failed": Look("is-risk", "x-octagon", "Did not finish"),
    "open": Look("is-met", "check-circle-fill", "Active"),
    "disabled": Look("is-none", "slash-circle", "Disabled"),
}
"""By the word for the state, in templates."""
DRAWN = {kind: Markup(look.drawn()) for kind, look in LOOKS.items()}  # noqa: S704 - fixed words
TICK = {
    State.MET: '<i class="t-met"></i>',
    State.MORE: '<i class="t-more"></i>',
    State.CLAIMED: '<i class="t-claimed"></i>',
    State.GAP: '<i class="t-none"></i>',
}
TICKS: Mapping[str, str] = TICK | {letter: TICK[standing.state] for letter, standing in STANDINGS.items()}
"""By a state, or by the letter that is kept of a criterion."""


def state(kind: str, text: str | None = None, *, boxed: bool = False) -> Markup:
    """Icon and word of a state, or icon and `text`."""
    if not text and not boxed:
        return DRAWN[kind]
    return Markup(LOOKS[kind].drawn(escape(text) if text else "", " state-box" if boxed else ""))  # noqa: S704 - escaped


def ruler(groups: Iterable[Iterable[str]], *, large: bool = False) -> Markup:
    """One tick for each criterion by its state, one group for each outcome: a picture, to stand beside a tally."""
    drawn = "".join([f"<span>{''.join(map(TICKS.__getitem__, group))}</span>" for group in groups])
    size = "ruler ruler-l" if large else "ruler"
    return Markup(f'<span class="{size}" aria-hidden="true">{drawn}</span>')  # noqa: S704 - fixed words


def escaped(texts: Sequence[str]) -> list[str]:
    """Each text as it may stand in markup. Many are escaped in one go, at a fifth of what it costs one by one."""
    parts = str(escape(BETWEEN.join(texts))).split(BETWEEN)
    return parts if len(parts) == len(texts) else [str(escape(text)) for text in texts]
