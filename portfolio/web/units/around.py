"""What stands around the matrix of a unit: each piece by what it says, for the gaps of the page's frame.

A piece is drawn once for as long as the same is said; who else says it, says it with the same words of a centre.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from flask import get_template_attribute, render_template
from markupsafe import Markup

from portfolio.criteria.rules import METHOD_WORDS, Method
from portfolio.mapping.coverage import Tally
from portfolio.web.units.matrix import ALL, FILTERS, Column, Sums
from portfolio.web.units.signed import Signed
from portfolio.web.units.table import ADD, Row

KEPT = 1_000


def _drawn(macro: str, *given: Any) -> bytes:
    drawn: Markup = get_template_attribute("units/_around.html", macro)(*given)
    return drawn.encode()


@lru_cache(maxsize=KEPT)
def place(_own_words: str, enrolment_id: int, code: str, level: int, credit: int, *, is_owner: bool) -> bytes:
    """The way back."""
    return _drawn("place", enrolment_id, is_owner, code, level, credit)


@lru_cache(maxsize=KEPT)
def stand(_own_words: str, learner: str, tally: Tally, *, is_owner: bool, is_outline: bool) -> bytes:
    """How far the learner is, in a sentence."""
    return _drawn("stand", learner, is_owner, is_outline, tally)


def way(own_words: str, enrolment_id: int, first_gap: Row | None, *, is_owner: bool) -> bytes:
    """What to do first: for a learner to close the first gap, for others to look at the evidence."""
    if not is_owner:
        return _all_evidence(own_words, enrolment_id)
    return _closing(first_gap.criterion, first_gap.code) if first_gap is not None else b""


@lru_cache(maxsize=KEPT)
def _all_evidence(_own_words: str, enrolment_id: int) -> bytes:
    return _drawn("all_evidence", enrolment_id)


@lru_cache(maxsize=KEPT)
def _closing(criterion: str, code: str) -> bytes:
    return _drawn("closing", ADD, criterion, code)


@lru_cache(maxsize=KEPT)
def on_paper(learner: str, registration_number: str, centre_name: str, today: date) -> bytes:
    """Whose page it is, where that is printed."""
    return _drawn("on_paper", learner, registration_number, centre_name, today)


@lru_cache(maxsize=KEPT)
def sums(sums: Sums) -> bytes:
    """A tick for each criterion, and the count of each state."""
    drawn: Markup = sums.ruler + get_template_attribute("components/tally.html", "tally")(sums.tally)
    return drawn.encode()


def signed(signed: Signed) -> bytes:
    """Who signed the unit off, or that it is ready for that."""
    if not signed.decisions and not signed.sign_url:
        return b""
    return render_template("units/_signed.html", signed=signed).encode()


@lru_cache(maxsize=KEPT)
def filters(
    _own_words: str,
    counts: tuple[tuple[str, int], ...],
    kinds: tuple[Method, ...],
    address: str,
    show: str,
    kind: Method | None,
) -> bytes:
    """What can be shown alone; nothing where there is no choice."""
    options = [(one.value, METHOD_WORDS[one], one is kind) for one in kinds] if len(kinds) > 1 or kind else []
    return _drawn("filters", _choices(dict(counts), address, show, kind), options, address, show)


def _choices(counts: Mapping[str, int], address: str, chosen: str, kind: Method | None) -> Sequence[tuple[str, ...]]:
    """The filters that would show something: address, label with how many, which is chosen; none where one alone would.
    Each keeps the kind that is chosen.
    """
    found = []
    for name, label in FILTERS.items():
        if not counts[name] and name != chosen:
            continue
        asked = [f"show={name}"] if name != ALL else []
        asked += [f"kind={kind.value}"] if kind else []
        found.append((f"{address}?{'&'.join(asked)}" if asked else address, f"{label} {counts[name]}", name))
    return found if len(found) > 1 else ()


def cut(shown: int, total: int, address: str) -> bytes:
    """That not all criteria are shown."""
    return _drawn("cut", shown, total, address) if shown < total else b""


def aside(claims: Sequence[Any]) -> bytes:
    """What was handed in for an earlier wording."""
    return _drawn("aside", claims) if claims else b""


def records(columns: Sequence[Column]) -> bytes:
    """Whose record of the learner an item is."""
    recorded = [column for column in columns if column.recorded_by]
    return _drawn("records", recorded) if recorded else b""
