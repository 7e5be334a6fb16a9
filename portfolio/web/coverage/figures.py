"""What differs on the audit's large tables from one time to the next, beside the tables: figures, and the way to other
pages. As markup, for the gaps of a frame. `own_words` are those of the centre, as it keeps them.
"""

from functools import lru_cache
from typing import NamedTuple

from markupsafe import escape

from portfolio.assessment.coverage_queries import COUNTED_MOST
from portfolio.centres.terms import term
from portfolio.mapping.coverage import Tally

CENTRES_KEPT = 200
ICON = '<span class="bi bi-chevron-{side}" aria-hidden="true"></span>'
PREVIOUS, NEXT = (ICON.format(side=side) for side in ("left", "right"))


class Words(NamedTuple):
    """What a centre calls things, as markup."""

    learner: str
    learners: str
    evidence: str


@lru_cache(maxsize=CENTRES_KEPT)
def _words(own_words: str) -> Words:
    return Words(*[str(escape(term(own_words, word))) for word in Words._fields])


def stand_words(own_words: str, title: str, count: int, tally: Tally) -> str:
    """The sentence under the heading: how many learners, how many criteria, how many gaps."""
    if not count:
        return f"{escape(title) if title else 'Nobody fits what is asked'}."
    of = f"{escape(title)}: " if title else ""
    more = " or more" if count > COUNTED_MOST else ""
    words = _words(own_words)
    who = words.learner if count == 1 else words.learners
    gaps = "No gap is left."
    if tally.gap:
        gaps = f"{tally.gap:,} {'gap remains' if tally.gap == 1 else 'gaps remain'}."
    return f"{of}{min(count, COUNTED_MOST):,}{more} {who}, {tally.total:,} criteria in all. {gaps}"


def sums_drawn(own_words: str, count: int, tally: Tally, single: int) -> str:
    """The figures under that; nothing for nobody."""
    if not count:
        return ""
    return (
        f'<dl class="sums">\n<div><dt>criteria met, of {tally.total:,}</dt><dd>{tally.met:,}</dd></div>\n'
        f"<div><dt>claimed, waiting to be marked</dt><dd>{tally.claimed:,}</dd></div>\n"
        f"<div><dt>marked, need more</dt><dd>{tally.needs_more:,}</dd></div>\n"
        f"<div><dt>gaps, no {_words(own_words).evidence} yet</dt><dd>{tally.gap:,}</dd></div>\n"
        f"<div><dt>resting on a single source</dt><dd>{single:,}</dd></div>\n</dl>\n"
    )


def ways(own_words: str, beside: str, before: int | None, after: int | None) -> str:
    """The way to the pages beside this one, where there are any: `beside` is their address up to where it says `before`
    or `after` which enrolment they are.
    """
    if before is None and after is None:
        return ""
    links = ""
    if before is not None:
        href = f"{escape(beside)}before={before}"
        links += f'<a class="btn btn-line btn-s" rel="prev" href="{href}">{PREVIOUS}Previous</a>\n'
    if after is not None:
        href = f"{escape(beside)}after={after}"
        links += f'<a class="btn btn-line btn-s" rel="next" href="{href}">Next{NEXT}</a>\n'
    return f'<nav class="pages" aria-label="Pages of {_words(own_words).learners}">\n{links}</nav>\n'
