"""Rows that are joined from text are held against what Jinja would draw of the same, whatever anybody wrote in them."""

import re
from random import Random

from jinja2 import Environment

from portfolio.web.jinja import day
from portfolio.web.looks import state

PIECES = [
    "<b>", "</td>", "&amp;", "&", '"', "'", "{{ 7 }}", "{% x %}", "Zoë", "é", "李", " ", " & ", "javascript:", "\\",
    "%s", "{0}", "word " * 30,
]  # fmt: skip
"""What people write, or could."""


def drawn(template: str, **values: object) -> str:
    """What Jinja makes of it."""
    environment = Environment(autoescape=True)
    environment.filters["day"] = day
    environment.globals["state"] = state
    return told(environment.from_string(template).render(**values))


def told(markup: str) -> str:
    """Markup with its spaces folded, and none between tags."""
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", " ".join(markup.split()))


class Words:
    """Words of somebody's, at random."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def text(self) -> str:
        """Some of them."""
        return "".join(self.random.choices(PIECES, k=self.random.randint(1, 6)))
