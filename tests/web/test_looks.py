"""How a state looks: something is known for every one, and what people write is escaped beside it."""

import pytest
from markupsafe import escape

from portfolio.assessment.queue_queries import QueueState
from portfolio.mapping.coverage import STANDINGS, STATE_WORDS, State
from portfolio.mapping.rules import OUTCOME_WORDS, Outcome
from portfolio.web.looks import BETWEEN, LOOKS, OUTCOMES, QUEUE, STATES, TICKS, escaped, ruler, state


def test_every_state_and_every_outcome_has_one_look_in_its_own_word() -> None:
    assert {one: look.word for one, look in STATES.items()} == STATE_WORDS
    assert {one: look.word for one, look in OUTCOMES.items()} == OUTCOME_WORDS
    assert set(QUEUE) == set(QueueState)
    assert set(TICKS) == {*State, *STANDINGS}
    assert LOOKS[State.MET] is LOOKS[Outcome.MET] is STATES[State.MET]


def test_a_state_is_drawn_with_its_word_or_with_another() -> None:
    icon = '<span class="bi bi-circle" aria-hidden="true"></span>'
    assert state("gap") == f'<span class="state is-none">{icon}Gap</span>'
    assert state("gap", "<b>", boxed=True) == f'<span class="state state-box is-none">{icon}&lt;b&gt;</span>'


def test_a_ruler_has_a_tick_for_each_criterion_in_groups() -> None:
    ticks = '<span><i class="t-met"></i><i class="t-none"></i></span><span><i class="t-more"></i></span>'
    groups = [[State.MET, State.GAP], [State.MORE]]
    assert ruler(groups) == f'<span class="ruler" aria-hidden="true">{ticks}</span>'
    assert ruler(groups, large=True) == f'<span class="ruler ruler-l" aria-hidden="true">{ticks}</span>'


@pytest.mark.parametrize(
    "texts",
    [[], [""], ["a", "", "<b>&amp;\"'"], [BETWEEN, "a"], [f"<i>{BETWEEN}", "b", f"{BETWEEN}{BETWEEN}"]],
    ids=["none", "empty", "plain", "a mark alone", "marks among others"],
)
def test_texts_that_are_escaped_together_are_those_that_are_escaped_one_by_one(texts: list[str]) -> None:
    """Whoever writes the very mark that stands between them moves nothing into another's place."""
    assert escaped(texts) == [str(escape(text)) for text in texts]
