"""Setting up a centre, and what it chooses: its settings, its logo, its Word template and its words. Each change is
one event in its stream, with what was and what is, in standard words.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy.orm import Session

from portfolio.audit import streams
from portfolio.audit.events import Doer
from portfolio.centres.models import Centre, CentreLogo, CentreWordTemplate
from portfolio.centres.settings import LABELS, CentreSettings, check, in_words, kept_as, settings_of
from portfolio.centres.terms import NONE, TERMS, Own, checked, filled
from portfolio.db import hold
from portfolio.documents.wordtemplate.taking import Template
from portfolio.errors import Conflict, InvalidState, Rejected
from portfolio.storage.rules import Limits

NAME_MOST, NUMBER_MOST = 200, 40
CHANGED = "The centre’s settings were changed in another window while you were here."
STANDARD = "standard"
"""How the trail says that a word is everybody's again."""

Change = tuple[str, str, str]
"""What was changed, what it was and what it is, in words."""


def open_centre(session: Session, actor: Doer, *, name: str, number: str) -> Centre:
    """A new centre with its own stream."""
    stream = streams.open_stream(session, "centre")
    centre = Centre(name=name, number=number, stream_id=stream.id)
    session.add(centre)
    session.flush()
    streams.record(
        session, actor, "centre.open", streams.named(centre), stream_id=stream.id, text={"name": name, "number": number}
    )
    return centre


def change_settings(
    session: Session,
    actor: Doer,
    centre: Centre,
    *,
    name: str,
    number: str,
    settings: CentreSettings,
    installation: Limits,
    rev: int | None = None,
) -> bool:
    """Another name, number or choices; the logo stays. Answers whether anything changed.

    Raises Rejected for what the installation does not take, Conflict when the centre changed since `rev` was read.
    """
    hold(session, centre)
    before = said_of(centre)
    if rev is not None and centre.rev != rev:
        raise Conflict(CHANGED, before)
    name, number = _given(name, "name", NAME_MOST), _given(number, "number", NUMBER_MOST)
    check(settings, installation)
    centre.name, centre.number = name, number
    centre.settings = kept_as(replace(settings, logo=settings_of(centre.settings).logo))
    now = said_of(centre)
    return _record(
        session, actor, centre, "centre.change_settings", ((filled(NONE, LABELS[k]), before[k], now[k]) for k in now)
    )


def said_of(centre: Centre) -> dict[str, str]:
    """The centre's name, number and settings in words, by name."""
    return {"name": centre.name, "number": centre.number} | in_words(settings_of(centre.settings))


def _given(text: str, field: str, most: int) -> str:
    kept = " ".join(text.split())
    if not kept:
        raise Rejected("Fill this in.", field)
    if len(kept) > most:
        raise Rejected(f"Keep this to {most} characters.", field)
    return kept


def change_terms(session: Session, actor: Doer, centre: Centre, *, own: Own, rev: int | None = None) -> bool:
    """The centre's own words for roles and things; what is not given is called as everywhere. Answers whether anything
    changed. Raises Rejected for words that cannot be, Conflict when the centre changed since `rev` was read.
    """
    hold(session, centre)
    before = {key: " / ".join(words) for key, words in centre.terms.items()}
    if rev is not None and centre.rev != rev:
        raise Conflict("The centre’s words were changed in another window while you were here.", _shown(before))
    centre.terms = checked(own)
    now = {key: " / ".join(words) for key, words in centre.terms.items()}
    changes = ((one.one, before.get(one.key, STANDARD), now.get(one.key, STANDARD)) for one in TERMS)
    return _record(session, actor, centre, "centre.change_terms", changes)


def _shown(words: dict[str, str]) -> dict[str, str]:
    return {one.one: words.get(one.key, STANDARD) for one in TERMS}


def _record(session: Session, actor: Doer, centre: Centre, verb: str, changes: Iterable[Change]) -> bool:
    """One event for what differs; none, and nothing written, when nothing does."""
    differing = [list(change) for change in changes if change[1] != change[2]]
    if not differing:
        session.expire(centre)
        return False
    session.flush()
    streams.record(session, actor, verb, streams.named(centre), stream_id=centre.stream_id, text={"changes": differing})
    return True


def set_logo(session: Session, actor: Doer, centre: Centre, picture: bytes) -> None:
    """The picture that stands beside the centre's name: a PNG that was drawn by `portfolio.documents.logos`."""
    hold(session, centre)
    sha256 = hashlib.sha256(picture).hexdigest()
    kept = session.get(CentreLogo, centre.id)
    if kept is None:
        session.add(CentreLogo(centre_id=centre.id, content=picture, sha256=sha256))
    else:
        kept.content, kept.sha256 = picture, sha256
    _keep_logo(session, actor, centre, sha256, "centre.set_logo")


def remove_logo(session: Session, actor: Doer, centre: Centre) -> None:
    """The name stands alone again. Raises InvalidState when it does already."""
    hold(session, centre)
    kept = session.get(CentreLogo, centre.id)
    if kept is None:
        raise InvalidState("The centre has no logo.")
    session.delete(kept)
    _keep_logo(session, actor, centre, "", "centre.remove_logo")


def _keep_logo(session: Session, actor: Doer, centre: Centre, sha256: str, verb: str) -> None:
    centre.settings = kept_as(replace(settings_of(centre.settings), logo=sha256))
    session.flush()
    text = {"sha256": sha256} if sha256 else None
    streams.record(session, actor, verb, streams.named(centre), stream_id=centre.stream_id, text=text)


def set_word_template(session: Session, actor: Doer, centre: Centre, template: Template) -> None:
    """What the centre's Word books are made with from now on, in place of the present one."""
    hold(session, centre)
    sha256 = hashlib.sha256(template.content).hexdigest()
    kept = session.get(CentreWordTemplate, centre.id)
    if kept is None:
        kept = CentreWordTemplate(centre_id=centre.id)
        session.add(kept)
    kept.content, kept.sha256 = template.content, sha256
    kept.facts, kept.notes = [list(fact) for fact in template.facts], list(template.notes)
    session.flush()
    about = streams.named(centre)
    streams.record(
        session, actor, "centre.set_word_template", about, stream_id=centre.stream_id, text={"sha256": sha256}
    )


def remove_word_template(session: Session, actor: Doer, centre: Centre) -> None:
    """Books look like ours again. Raises InvalidState when they do already."""
    hold(session, centre)
    kept = session.get(CentreWordTemplate, centre.id)
    if kept is None:
        raise InvalidState("The centre has no Word template of its own.")
    session.delete(kept)
    session.flush()
    streams.record(session, actor, "centre.remove_word_template", streams.named(centre), stream_id=centre.stream_id)
