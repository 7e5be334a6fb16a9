"""What differs on the audit's large tables from one time to the next, beside the tables: figures, and the way to other
pages. As markup, for the gaps of a frame.
"""

from markupsafe import escape

from portfolio.assessment.coverage_queries import COUNTED_MOST
from portfolio.mapping.coverage import Tally
from portfolio.web.terms import term

ICON = '<span class="bi bi-chevron-{side}" aria-hidden="true"></span>'


def stand_words(title: str, count: int, tally: Tally) -> str:
    """The sentence under the heading: how many learners, how many criteria, how many gaps."""
    if not count:
        return f"{escape(title) if title else 'Nobody fits what is asked'}."
    of = f"{escape(title)}: " if title else ""
    more = " or more" if count > COUNTED_MOST else ""
    who = escape(term("learner" if count == 1 else "learners"))
    gaps = "No gap is left."
    if tally.gap:
        gaps = f"{tally.gap:,} {'gap remains' if tally.gap == 1 else 'gaps remain'}."
    return f"{of}{min(count, COUNTED_MOST):,}{more} {who}, {tally.total:,} criteria in all. {gaps}"


def sums_drawn(count: int, tally: Tally, single: int) -> str:
    """The figures under that; nothing for nobody."""
    if not count:
        return ""
    said = (
        (f"criteria met, of {tally.total:,}", tally.met),
        ("claimed, waiting to be marked", tally.claimed),
        ("marked, need more", tally.needs_more),
        (f"gaps, no {escape(term('evidence'))} yet", tally.gap),
        ("resting on a single source", single),
    )
    lines = "".join([f"<div><dt>{words}</dt><dd>{number:,}</dd></div>\n" for words, number in said])
    return f'<dl class="sums">\n{lines}</dl>\n'


def ways(previous_url: str | None, next_url: str | None) -> str:
    """The way to the pages beside this one, where there are any."""
    if previous_url is None and next_url is None:
        return ""
    links = ""
    if previous_url is not None:
        icon = ICON.format(side="left")
        links += f'<a class="btn btn-line btn-s" rel="prev" href="{escape(previous_url)}">{icon}Previous</a>\n'
    if next_url is not None:
        icon = ICON.format(side="right")
        links += f'<a class="btn btn-line btn-s" rel="next" href="{escape(next_url)}">Next{icon}</a>\n'
    return f'<nav class="pages" aria-label="Pages of {escape(term("learners"))}">\n{links}</nav>\n'
