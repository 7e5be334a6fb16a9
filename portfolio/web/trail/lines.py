"""The rows of a trail as a page and a list show them: who, what, when, and where one is led."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup, escape

from portfolio import clock
from portfolio.trail.queries import EntryRow, OpeningRow, Sight, Thing, things
from portfolio.trail.words import of_centre, of_enrolment
from portfolio.web.session import database_session
from portfolio.web.terms import term, worded

REF = re.compile(r"\bE\d{3,}\b")
LINK = Markup('<a href="{}">{}</a>')
ERASED = "Its words were erased. That it happened stays on record."


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number, time and person, what it says as text, the same with links, and its hash."""

    no: int
    at: datetime
    who: str
    role: str
    words: str
    drawn: Markup
    is_erased: bool
    hash: str = ""


def lines_of_enrolment(rows: Collection[EntryRow], refs: Mapping[str, int], sight: Sight) -> list[Line]:
    """Entries of a portfolio. `refs` are the items that the reader may see: no other one is named."""
    units = [row.subject for row in rows if row.subject.startswith(("enrolment_unit:", "unit_decision:"))]
    known = things(database_session(), units, sight)
    items = {ref: url_for("evidence.show", evidence_id=evidence_id) for ref, evidence_id in refs.items()}
    lines = []
    for row in rows:
        words = of_enrolment(row.verb, row.role, row.text, refs)
        drawn = REF.sub(lambda found: _item(found[0], items), str(escape(words)))
        thing = known.get(row.subject)
        if thing is not None and thing.is_seen:
            drawn += Markup(" ({})").format(LINK.format(_address(thing), thing.name))
        lines.append(_line(row, words, Markup(drawn)))  # noqa: S704 - escaped above, with links of ours
    return lines


def lines_of_centre(rows: Collection[EntryRow], sight: Sight) -> list[Line]:
    """Entries of a centre, each led to whom or what it is about."""
    known = things(database_session(), [row.subject for row in rows], sight)
    lines = []
    for row in rows:
        thing = known.get(row.subject)
        words = of_centre(row.verb, row.role, row.text, thing.name if thing else "")
        lines.append(_line(row, words, _linked(words, thing)))
    return lines


def lines_of_openings(rows: Collection[OpeningRow], sight: Sight) -> list[Line]:
    """What was opened, each led to it."""
    known = things(database_session(), [row.subject for row in rows], sight)
    lines = []
    for row in rows:
        thing = known.get(row.subject)
        words = opened_words(row, thing)
        drawn = _linked(words, thing) if "{}" in _known(row) else _whole(words, thing)
        lines.append(Line(row.no, row.at, row.who, row.learner, words, drawn, is_erased=False))
    return lines


def _line(row: EntryRow, words: str, drawn: Markup) -> Line:
    role = ", ".join(_said(word) for word in row.role.split(", ")) if row.role else ""
    return Line(row.no, row.at, row.who, role[:1].upper() + role[1:], words, drawn, row.is_erased, row.hash)


def _said(role: str) -> str:
    """A role in the centre's words; as it stands where several were cut short."""
    try:
        return term(role)
    except KeyError:
        return role


def _item(ref: str, items: Mapping[str, str]) -> str:
    return str(LINK.format(items[ref], ref)) if ref in items else ref


def _linked(words: str, thing: Thing | None) -> Markup:
    """The words, with the name of the thing as a link where it stands in them, or the link beside them."""
    address = _address(thing) if thing is not None and thing.is_seen else ""
    if thing is None or not address:
        return escape(words)
    before, found, after = words.partition(thing.name)
    if found:
        return escape(before) + LINK.format(address, thing.name) + escape(after)
    return Markup("{} ({})").format(words, LINK.format(address, thing.name))


def _whole(words: str, thing: Thing | None) -> Markup:
    """The words as a link to the thing."""
    address = _address(thing) if thing is not None and thing.is_seen else ""
    return LINK.format(address, words) if address else escape(words)


def _address(thing: Thing) -> str:
    """Where one is led; empty for what has no page of its own."""
    place = PLACES.get(thing.table)
    return place(thing) if place is not None else ""


def _person(thing: Thing) -> str:
    return url_for("people.show", person_id=thing.id)


def _unit(thing: Thing) -> str:
    return url_for("units.show", enrolment_id=thing.parent_id, enrolment_unit_id=thing.id)


def _evidence(thing: Thing) -> str:
    return url_for("evidence.show", evidence_id=thing.id)


PLACES: dict[str, Callable[[Thing], str]] = {
    "person": _person,
    "membership": _person,
    "cohort": lambda thing: url_for("cohorts.show", cohort_id=thing.id),
    "enrolment": lambda thing: url_for("enrolment.show", enrolment_id=thing.id),
    "enrolment_unit": _unit,
    "unit_decision": _unit,
    "evidence": _evidence,
    "evidence_file": _evidence,
    "word_book": lambda thing: url_for("export.show", enrolment_id=thing.parent_id),
    "kept_bundle": lambda thing: url_for("bundles.whole", kept_bundle_id=thing.id),
    "qualification_version": lambda thing: url_for("criteria.show", qualification_version_id=thing.id),
    "unit_version": lambda thing: url_for("criteria.unit", unit_version_id=thing.id),
}

OPENED = {
    "bundles.download": "Downloaded a bundle",
    "bundles.index": "Opened the list of bundles",
    "bundles": "Opened a bundle",
    "coverage": "Opened the coverage audit",
    "criteria.index": "Opened the list of criteria",
    "criteria": "Opened the criteria of {}",
    "enrolment.index": "Opened the list of enrolments",
    "enrolment.show": "Opened the enrolment",
    "enrolment": "Opened a page of the enrolment",
    "evidence.index": "Opened the list of {evidence}",
    "evidence.download": "Downloaded a file of {}",
    "evidence.preview": "Looked at a file of {}",
    "evidence.preview_part": "Looked at a file of {}",
    "evidence.preview_state": "Looked at a file of {}",
    "evidence.versions": "Looked at the versions of {}",
    "evidence": "Opened {}",
    "export.download": "Downloaded the Word {portfolio}",
    "export": "Opened the page of the Word {portfolio}",
    "screening.answer": "Read what was asked to stay in {}",
    "trail.download": "Downloaded the trail",
    "trail": "Read the trail",
    "units.claims": "Opened the claims of {}",
    "units": "Opened {a unit}",
}
"""What was opened, by the view or by its subject; the view goes first."""


def opened_words(row: OpeningRow, thing: Thing | None) -> str:
    """What somebody opened, in words."""
    return worded(_known(row)).format(thing.name if thing is not None else "something that is gone")


def _known(row: OpeningRow) -> str:
    return OPENED.get(row.page) or OPENED.get(row.page.partition(".")[0]) or "Opened a page"


def csv_rows(lines: Collection[Line]) -> list[tuple[str, ...]]:
    """The same as a list: times in the United Kingdom's time, and the hash of each entry."""
    heading = ("Entry", "Day", "Time", "Who", "Role", "What", "Hash")
    return [heading, *(_row(line) for line in lines)]


def opening_rows(lines: Collection[Line]) -> list[tuple[str, ...]]:
    """What was opened as a list; `role` of such a line is the learner's name."""
    heading = ("Day", "Time", "Who", "What", term("Learner"))
    return [heading, *((*_when(line), line.who, line.words, line.role) for line in lines)]


def _when(line: Line) -> tuple[str, str]:
    at = line.at.astimezone(clock.UK)
    return f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}"


def _row(line: Line) -> tuple[str, ...]:
    words = f"{line.words}. {ERASED}" if line.is_erased else line.words
    return (str(line.no), *_when(line), line.who, line.role, words, line.hash)
