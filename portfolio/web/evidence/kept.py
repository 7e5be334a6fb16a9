"""What somebody has typed on a page and not saved: with what the page opens, and beginning again without it."""

from dataclasses import dataclass

from flask import redirect, request
from flask.typing import ResponseReturnValue

from portfolio.drafts import actions, queries
from portfolio.drafts.models import Draft
from portfolio.web.session import SAFE, actor, commit, database_session


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where a page keeps what is typed. `kept` is the draft with which it opens; `rev` is what stands at its place."""

    url: str
    place: str
    rev: int
    kept: Draft | None
    is_typed: bool


def kept_at(place: str) -> Draft | None:
    """What is kept at a place of one's own."""
    return queries.find(database_session(), actor().person_id, place)


def keeping_at(place: str) -> Keeping:
    """How it stands with a place, for the page that keeps there."""
    row, is_opened = queries.row_at(database_session(), actor().person_id, place), request.method in SAFE
    kept = row if row and row.content and is_opened else None
    return Keeping(request.full_path.rstrip("?"), place, row.rev if row else 0, kept, is_typed=not is_opened)


def let_go(place: str) -> None:
    """It is saved for good. The caller commits."""
    actions.clear(database_session(), actor().person_id, place)


def start_afresh(place: str) -> ResponseReturnValue:
    """Let go of what was typed, and open the page again."""
    let_go(place)
    commit()
    return redirect(request.full_path.rstrip("?"), 303)
