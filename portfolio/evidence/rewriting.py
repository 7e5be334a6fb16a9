"""Putting other words into a draft's own texts, where somebody's personal data stood. Its caller records the event."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from portfolio.errors import Rejected
from portfolio.evidence.actions import draft_of, note_words
from portfolio.evidence.models import Evidence
from portfolio.evidence.notes import ASK_MOST, SAID_MOST
from portfolio.evidence.rules import BODY_MOST, CONTEXT_MOST, CUSTODY_MOST, NAME_MOST, ROLE_MOST, TITLE_MOST

MOST = {
    "title": TITLE_MOST,
    "context": CONTEXT_MOST,
    "role": ROLE_MOST,
    "body": BODY_MOST,
    "custody": CUSTODY_MOST,
    "note": SAID_MOST,
    "file": NAME_MOST,
}
KINDS = frozenset(MOST)
"""What the places of a version's own texts begin with, up to the colon."""
TOO_LONG = "A text is too long with what would take the place of the words. Shorten it first."


def rewrite(session: Session, evidence: Evidence, texts: Mapping[str, str], *, even_aside: bool = False) -> None:
    """Have these texts of the item's draft, by place, say this from now on.

    The caller holds the enrolment; with `even_aside`, of what is in the trash or hidden too, it has seen that this is a
    draft. Raises InvalidState when the item is no draft, Rejected for what grows too long.
    """
    version = evidence.latest if even_aside else draft_of(evidence)
    notes: list[dict[str, Any]] = [dict(note) for note in version.notes]
    custody = dict(version.custody)
    files = {file.uid: file for file in version.files}
    for place, text in texts.items():
        kind, _, rest = place.partition(":")
        if len(text) > (ASK_MOST if place.endswith(":ask") else MOST[kind]):
            raise Rejected(TOO_LONG)
        if kind == "custody":
            custody[rest] = text
        elif kind == "note":
            number, _, part = rest.partition(":")
            notes[int(number) - 1][part] = text
        elif kind == "file":
            files[rest].name = text
        else:
            setattr(version, kind, text)
    version.custody, version.notes = custody, notes
    session.flush()
    note_words(session, evidence)
