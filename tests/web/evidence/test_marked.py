"""Marking words in what is shown: in texts and in markup, and nothing else of it changes."""

import pytest
from markupsafe import Markup

from portfolio.web.evidence.marked import marked


@pytest.mark.parametrize(
    ("shown", "words", "expected"),
    [
        ("Mr Smith rang", ["smith"], "Mr <mark>Smith</mark> rang"),
        ("Mr Smith <b>", ["Smith"], "Mr <mark>Smith</mark> &lt;b&gt;"),
        ("O'Neill & Co", ["o'neill & co"], "<mark>O&#39;Neill &amp; Co</mark>"),
        ("Tea & cake", ["amp"], "Tea &amp; cake"),
        ("Mr Smith", [], "Mr Smith"),
        (Markup('<p class="name">A name</p>'), ["name"], '<p class="name">A <mark>name</mark></p>'),
    ],
)
def test_words_are_marked(shown: str, words: list[str], expected: str) -> None:
    assert str(marked(shown, words)) == expected
