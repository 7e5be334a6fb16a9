"""The audit's figures in words: one and many, none, more than are counted; and what a unit is called is escaped."""

import pytest
from flask import g

from portfolio.assessment.coverage_queries import COUNTED_MOST
from portfolio.mapping.coverage import Tally
from portfolio.web.coverage.figures import stand_words, sums_drawn, ways
from tests.cast import Cast
from tests.client import StrictClient


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
def test_the_sentence_says_how_many(client: StrictClient, title: str, count: int, tally: Tally, said: str) -> None:
    with client.app.test_request_context():
        assert stand_words(title, count, tally) == said


def test_the_centre_says_it_in_its_own_words(client: StrictClient, cast: Cast) -> None:
    with client.app.test_request_context(), cast.installation.database.reading() as session:
        g.actor = cast.actor("iris", session)
        drawn = sums_drawn(2, Tally(1000, 2, 3, 4), 5)
        assert sums_drawn(0, Tally(), 0) == ""
    assert "<dt>criteria met, of 1,009</dt><dd>1,000</dd>" in drawn
    assert [drawn.index(f"<dd>{number}</dd>") for number in ("1,000", 3, 2, 4, 5)] == sorted(
        drawn.index(f"<dd>{number}</dd>") for number in ("1,000", 3, 2, 4, 5)
    )


def test_there_is_a_way_where_there_is_a_page(client: StrictClient) -> None:
    with client.app.test_request_context():
        assert ways(None, None) == ""
        both = ways("/coverage?q=a&before=1", "/coverage?q=a&after=9")
        assert 'rel="prev" href="/coverage?q=a&amp;before=1"' in both
        assert 'rel="next" href="/coverage?q=a&amp;after=9"' in both
        assert 'rel="prev"' not in ways(None, "/coverage?after=9")
        assert 'rel="next"' not in ways("/coverage?before=9", None)
