"""What somebody looks for in a trail, as the address has it."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from flask import request
from wtforms import SelectField

from portfolio import clock
from portfolio.trail.queries import Wanted, Window
from portfolio.trail.words import Kind
from portfolio.web.forms import DayField, FilterForm, LineField
from portfolio.web.terms import worded

WHO_MOST = 100
NUMBER_DIGITS = 9


class TrailFilter(FilterForm):
    """Whose entries, about what, and from which days."""

    who = LineField("Who", most=WHO_MOST)
    kind = SelectField("About", choices={}, validate_choice=False)
    since = DayField("From")
    until = DayField("To")


class AccessFilter(FilterForm):
    """Whose openings, and from which days."""

    who = LineField("Who", most=WHO_MOST)
    since = DayField("From")
    until = DayField("To")


def wanted_by(form: TrailFilter | AccessFilter, kinds: Sequence[Kind] = ()) -> tuple[Wanted, dict[str, str]]:
    """What a filter asks for, and the same for an address. What it names that is not there counts as not asked."""
    chosen = next((kind for kind in kinds if isinstance(form, TrailFilter) and kind.key == form.kind.data), None)
    who = (form.who.data or "")[:WHO_MOST]
    since, until = _in_time(form.since.data), _in_time(form.until.data)
    wanted = Wanted(
        who=who,
        subjects=chosen.subjects if chosen else (),
        since=_midnight(since) if since else None,
        before=_midnight(until + timedelta(days=1)) if until else None,
    )
    asked = {
        "who": who,
        "kind": chosen.key if chosen else "",
        "since": since.isoformat() if since else "",
        "until": until.isoformat() if until else "",
    }
    return wanted, {name: value for name, value in asked.items() if value}


def _in_time(day: date | None) -> date | None:
    """A day that there can be entries of; any other one counts as not asked."""
    return day if day is not None and date(2000, 1, 1) <= day < date(2200, 1, 1) else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.UK)


def window_asked(limit: int) -> Window:
    """Which page the address asks for: entries below a number, or above one."""
    below, above = (_number(request.args.get(name, "")) for name in ("below", "above"))
    return Window(limit, below=below, above=None if below is not None else above)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS else None


def kind_choices(kinds: Sequence[Kind]) -> dict[str, str]:
    """The kinds of things to choose from."""
    return {"": "Everything", **{kind.key: worded(kind.label) for kind in kinds}}
