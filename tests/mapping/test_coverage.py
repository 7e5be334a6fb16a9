"""The one function for a criterion's state, against the definition said again in other words."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.mapping.coverage import Claimed, Judged, State, Tally, standing_of, tally_of
from portfolio.mapping.rules import Outcome


@st.composite
def claims(draw: st.DrawFn) -> Claimed:
    """A claim with its judgements in any order; their numbers are each used once."""
    numbers = draw(st.lists(st.integers(1, 9), max_size=4, unique=True))
    judged = [Judged(number, draw(st.sampled_from(Outcome)), draw(st.booleans())) for number in numbers]
    return Claimed(draw(st.integers(1, 4)), draw(st.booleans()), tuple(judged))


def last_word(claim: Claimed) -> Outcome | None:
    """The effective judgement that no effective judgement follows."""
    for one in claim.judged:
        if one.is_effective and not any(other.is_effective and other.no > one.no for other in claim.judged):
            return one.outcome
    return None


def defined(found: Sequence[Claimed]) -> State:
    """The definition, sentence by sentence."""
    words = [last_word(claim) for claim in found if claim.is_live]
    if any(word == "met" for word in words):
        return State.MET
    if any(word in {"not_yet_met", "insufficient"} for word in words):
        return State.MORE
    if words:
        return State.CLAIMED
    return State.GAP


def carriers(found: Sequence[Claimed], state: State) -> set[int]:
    """The items that the state rests on."""
    live = [claim for claim in found if claim.is_live]
    if state is State.MET:
        return {claim.item for claim in live if last_word(claim) == "met"}
    return {claim.item for claim in live} if state is State.CLAIMED else set()


@given(st.lists(claims(), max_size=6))
def test_the_state_is_what_the_definition_says(found: list[Claimed]) -> None:
    """For any claims whatever."""
    assert standing_of(found).state is defined(found)


@given(st.lists(claims(), max_size=6))
def test_a_single_source_is_one_item_that_carries_the_state_alone(found: list[Claimed]) -> None:
    """Two claims of one item are still one source; a gap and a criterion that needs more rest on none."""
    seen = standing_of(found)
    assert seen.is_single_source is (len(carriers(found, seen.state)) == 1)


@given(st.lists(claims(), max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_matter(found: list[Claimed], chance: object) -> None:
    """Neither does the order in which judgements are listed."""
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    turned = [Claimed(claim.item, claim.is_live, claim.judged[::-1]) for claim in shuffled]
    assert standing_of(turned) == standing_of(found)


@given(st.lists(claims(), max_size=6), claims())
def test_what_is_not_live_and_what_a_trainee_says_never_count(found: list[Claimed], extra: Claimed) -> None:
    """Adding either changes nothing."""
    dead = Claimed(extra.item, False, extra.judged)
    assert standing_of([*found, dead]) == standing_of(found)
    trainee = Judged(99, Outcome.MET, is_effective=False)
    trained = [Claimed(claim.item, claim.is_live, (*claim.judged, trainee)) for claim in found]
    assert standing_of(trained) == standing_of(found)


@pytest.mark.parametrize(
    ("judged", "state"),
    [
        ([], State.CLAIMED),
        ([(1, "met", True)], State.MET),
        ([(1, "not_yet_met", True)], State.MORE),
        ([(1, "insufficient", True)], State.MORE),
        ([(1, "met", False)], State.CLAIMED),
        ([(1, "met", True), (2, "insufficient", True)], State.MORE),
        ([(1, "insufficient", True), (2, "met", True)], State.MET),
        ([(1, "met", True), (2, "insufficient", False)], State.MET),
    ],
)
def test_one_claim(judged: list[tuple[int, str, bool]], state: State) -> None:
    """The newest word that is in effect decides."""
    claim = Claimed(1, True, tuple(Judged(no, Outcome(word), effective) for no, word, effective in judged))
    assert standing_of([claim]).state is state


@given(st.lists(st.lists(claims(), max_size=3), max_size=8))
def test_a_tally_counts_each_criterion_once(criteria: list[list[Claimed]]) -> None:
    """And tallies add up."""
    standings = [standing_of(found) for found in criteria]
    tally = tally_of(standings)
    assert tally.total == len(criteria)
    assert tally.met == sum(1 for standing in standings if standing.state is State.MET)
    assert tally + Tally() == tally == tally_of(standings[:3]) + tally_of(standings[3:])
