"""The audit's figures in words: one and many, none, more than are counted; and what a unit is called is escaped."""

import json

import pytest

from portfolio.assessment.coverage_queries import COUNTED_MOST
from portfolio.centres.terms import NONE
from portfolio.mapping.coverage import Tally
from portfolio.web.coverage.figures import stand_words, sums_drawn, ways


@pytest.mark.parametrize(
    ("title", "count", "tally", "said"),
    [
        ("", 0, Tally(), "Nobody fits what is asked."),
        ("R & D", 0, Tally(), "R &amp; D."),
        ("", 1, Tally(met=3), "1 learner, 3 criteria in all. No gap is left."),
        ("A <b>", 2, Tally(met=3, gap=1), "A &lt;b&gt;: 2 learners, 4 criteria in all. 1 gap remains."),
        ("", 1200, Tally(gap=20_400), "1,200 learners, 20,400 criteria in all. 20,400 gaps remain."),
        ("", COUNTED_MOST + 1, Tally(met=1), "10,000 or more learners, 1 criteria in all. No gap is left."),
    ],
)
def test_the_sentence_says_how_many(title: str, count: int, tally: Tally, said: str) -> None:
    assert stand_words(NONE, title, count, tally) == said


def test_the_figures_are_in_one_order() -> None:
    drawn = sums_drawn(NONE, 2, Tally(1000, 2, 3, 4), 5)
    assert sums_drawn(NONE, 0, Tally(), 0) == ""
    assert "<dt>criteria met, of 1,009</dt><dd>1,000</dd>" in drawn
    assert [drawn.index(f"<dd>{number}</dd>") for number in ("1,000", 3, 2, 4, 5)] == sorted(
        drawn.index(f"<dd>{number}</dd>") for number in ("1,000", 3, 2, 4, 5)
    )


def test_the_centre_says_it_in_its_own_words() -> None:
    own_words = json.dumps({"learner": ["trainee & co", "trainees & co"], "evidence": ["<work>", "<works>"]})
    assert "1 trainee &amp; co, 3 criteria in all" in stand_words(own_words, "", 1, Tally(met=3))
    assert "2 trainees &amp; co, 3 criteria in all" in stand_words(own_words, "", 2, Tally(met=3))
    assert "gaps, no &lt;work&gt; yet" in sums_drawn(own_words, 1, Tally(met=3), 0)
    assert 'aria-label="Pages of trainees &amp; co"' in ways(own_words, "/coverage?", 1, None)


def test_there_is_a_way_where_there_is_a_page() -> None:
    beside = "/coverage?q=a&"
    assert ways(NONE, beside, None, None) == ""
    both = ways(NONE, beside, 1, 9)
    assert 'rel="prev" href="/coverage?q=a&amp;before=1"' in both
    assert 'rel="next" href="/coverage?q=a&amp;after=9"' in both
    assert 'rel="prev"' not in ways(NONE, beside, None, 9)
    assert 'rel="next"' not in ways(NONE, beside, 9, None)
