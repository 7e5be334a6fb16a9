"""What is said beside a field, and of a whole item, about what may point to a real person.

Whoever writes a text sees what of it was found; of a whole item only numbers are said. It never says that nothing is
there: only that nothing is left to decide.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import url_for
from sqlalchemy.orm import Session

from portfolio.anonymise.findings import Known
from portfolio.anonymise.together import look_through
from portfolio.evidence.models import Evidence
from portfolio.mapping.queries import ClaimText
from portfolio.screening.queries import OpenHit, Standing, open_in, standings_of
from portfolio.screening.scanning import refresh
from portfolio.screening.texts import texts_of
from portfolio.web.session import commit, database_session

NAMED, LENGTH = 3, 40
"""How many things a note names, and how many characters of each."""
NOT_YET = "not looked through yet"


def sentence(words: Iterable[str]) -> str:
    """“2 things here may point to a real person: Mrs Example, 01632 960001”; each thing once."""
    things = list({" ".join(one.split()).casefold(): " ".join(one.split()) for one in words}.values())
    shown = [one if len(one) <= LENGTH else f"{one[: LENGTH - 1].rstrip()}…" for one in things[:NAMED]]
    more = f" and {len(things) - NAMED} more" if len(things) > NAMED else ""
    count = "1 thing" if len(things) == 1 else f"{len(things)} things"
    return f"{count} here may point to a real person: {', '.join(shown)}{more}"


def notes_in(found: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The note beside each field, from pairs of a field's name and words that were found in it."""
    words: dict[str, list[str]] = {}
    for name, one in found:
        words.setdefault(name, []).append(one)
    return {name: sentence(each) for name, each in words.items()}


def notes_on(texts: Mapping[str, str], ours: Collection[str] = ()) -> dict[str, str]:
    """The note beside each of some texts that belong to no portfolio; these names are left alone."""
    found = look_through(texts, Known(leave_alone=tuple(ours)))
    return notes_in((one.place, one.words) for one in found)


@dataclass(frozen=True, slots=True)
class Points:
    """The notes beside the fields of a form, by the fields' names. `url` leads to where it is decided, once there is an
    item; `look_url` looks through what is typed. `is_typed`: the form holds what is not saved.
    """

    look_url: str
    url: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    is_typed: bool = False

    def get(self, name: str) -> str:
        """The note beside a field; empty when there is none."""
        return self.notes.get(name, "")


@dataclass(frozen=True, slots=True)
class Stand:
    """How an item stands in a few words, with the look of its state; `way` is what to do about what is in the way."""

    kind: str
    words: str
    way: str
    url: str

    @property
    def is_clear(self) -> bool:
        """Whether nothing is in the way of the item."""
        return not self.way


def points_on(session: Session, evidence: Evidence, *, is_typed: bool = False) -> Points:
    """For a form that changes an item: what of its saved words is still to decide, beside the field that holds it.

    A form that holds what was typed and not saved has no such notes.
    """
    hits = [] if is_typed else open_in(session, evidence.id)[1]
    texts = texts_of(session, evidence.id).by_place if hits else {}
    return _points(evidence.id, hits, texts, field_of, is_typed=is_typed)


def points_on_map(
    session: Session, evidence_id: int, kept: Mapping[int, ClaimText], *, is_typed: bool
) -> tuple[Points, Stand]:
    """The same for the form that maps an item, with how the item stands. `kept` are its claims by criterion. One
    statement.
    """
    standing, hits = open_in(session, evidence_id)
    texts, fields = {}, {}
    for criterion_id, said in kept.items():
        for kind, text in (("annotation", said.annotation), ("place", said.place)):
            place = f"{kind}:{said.uid}"
            texts[place], fields[place] = text, f"{kind}-{criterion_id}"
    points = _points(
        evidence_id, [] if is_typed else hits, texts, lambda place: fields.get(place, ""), is_typed=is_typed
    )
    return points, stand_of(standing, evidence_id)


def _points(
    evidence_id: int,
    hits: Sequence[OpenHit],
    texts: Mapping[str, str],
    field_at: Callable[[str], str],
    *,
    is_typed: bool,
) -> Points:
    found = [(field_at(hit.place), texts.get(hit.place, "")[hit.start : hit.end]) for hit in hits]
    return Points(
        look_url=url_for("evidence.look_through_item", evidence_id=evidence_id),
        url=url_for("screening.review", evidence_id=evidence_id),
        notes=notes_in((name, words) for name, words in found if words),
        is_typed=is_typed,
    )


def field_of(place: str) -> str:
    """The name of the field that holds a text of an item, in the form that changes it."""
    kind, _, which = place.partition(":")
    if kind == "custody":
        return which
    if kind == "note":
        number, _, part = which.partition(":")
        return f"notes-{int(number) - 1}-{part}"
    return "files" if kind == "file" else kind


def found_words(left: int, unreadable: int) -> str:
    """What is in the way of an item that somebody has to do something about, within a sentence."""
    things = "1 thing" if left == 1 else f"{left} things"
    files = "1 file" if unreadable == 1 else f"{unreadable} files"
    parts = [f"{things} may point to a real person"] if left else []
    return " and ".join([*parts, f"{files} could not be read, so that you look yourself"] if unreadable else parts)


def look_again(evidence_ids: Collection[int]) -> None:
    """After a refusal that undid what was found on the way: it is looked for again, and kept. Commits."""
    database = database_session()
    database.rollback()
    refresh(database, evidence_ids)
    commit()


def standing_at(session: Session, evidence_id: int) -> Stand:
    """How one item stands. One statement."""
    return stand_of(standings_of(session, [evidence_id]).get(evidence_id), evidence_id)


def stand_of(standing: Standing | None, evidence_id: int) -> Stand:
    """How an item stands. One that was never looked through is so at the latest when it goes in."""
    url = url_for("screening.review", evidence_id=evidence_id)
    if standing is None:
        return Stand("queued", NOT_YET, "", url)
    if standing.left:
        things = "1 thing" if standing.left == 1 else f"{standing.left} things"
        return Stand("found", f"{standing.left} to decide", f"Decide {things}", url)
    if standing.unreadable:
        files = "1 file" if standing.unreadable == 1 else f"{standing.unreadable} files"
        return Stand("found", f"{files} to look at yourself", f"Look at {files} yourself", url)
    if standing.waiting:
        files = "1 file" if standing.waiting == 1 else f"{standing.waiting} files"
        return Stand("running", f"{files} being looked through", "See how far it is", url)
    return Stand("done", "nothing to decide", "", url) if standing.is_known else Stand("queued", NOT_YET, "", url)
