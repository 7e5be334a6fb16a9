"""Checking packs and units of criteria, and loading them with a look at what changes."""

import argparse
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy.orm import Session

from portfolio.centres import queries as centres
from portfolio.centres.models import Centre
from portfolio.config import Settings
from portfolio.criteria.actions import load_pack, load_unit
from portfolio.criteria.differences import Change, PackChanges, UnitChanges
from portfolio.criteria.pack_queries import PackComparison, UnitComparison, compare_pack, compare_unit
from portfolio.criteria.shelf import Shelf, read_shelf
from portfolio.criteria.tree import PackFaults
from portfolio.errors import NotFound, Rejected
from portfolio.installation import open_installation
from portfolio.opening import Opener


def check(arguments: argparse.Namespace) -> int:
    """Print every fault of packs and units, or how many are sound."""
    shelf = _read(arguments.paths)
    if shelf is None:
        return 1
    print(f"{counted(len(shelf.packs), 'pack')} and {counted(shelf.unit_files, 'unit')} are sound")
    return 0


def load(arguments: argparse.Namespace, settings: Settings) -> int:
    """Show what packs and units change, and store them for a centre or for the whole site: all of them, or none."""
    shelf = _read(arguments.paths)
    if shelf is None:
        return 1
    with (
        closing(open_installation(settings)) as installation,
        installation.database.open(writing=not arguments.dry_run) as session,
    ):
        own = centre_numbered(session, arguments.centre) if arguments.centre else None
        for line in _load(session, shelf, own, is_dry=arguments.dry_run):
            print(line)
        if not arguments.dry_run:
            session.commit()
    return 0


def _read(paths: Iterable[Path]) -> Shelf | None:
    """What stands in the files; None when they have faults, which are printed."""
    try:
        return read_shelf(paths)
    except PackFaults as refused:
        for fault in refused.faults:
            print(fault)
        return None


def centre_numbered(session: Session, number: str) -> Centre:
    """The one centre with a number. Raises NotFound, and Rejected when there are several."""
    found = centres.numbered(session, number)
    if not found:
        raise NotFound(f"No centre has the number {number}.")
    if len(found) > 1:
        raise Rejected(f"Several centres have the number {number}.")
    return found[0]


def _load(session: Session, shelf: Shelf, own: Centre | None, *, is_dry: bool) -> Iterator[str]:
    """Load everything; answers the lines that tell of it."""
    telling = own or centres.oldest(session)
    if telling is None:
        raise Rejected("Open a centre first: its trail tells what is loaded.")
    actor, centre_id = Opener(centre_stream_id=telling.stream_id), own.id if own else None
    whom = own.name if own else "the whole site"
    for pack in shelf.packs:
        yield f"{pack.reference} {pack.title}"
        yield from _told(compare_pack(session, pack, centre_id), whom, is_dry=is_dry)
        if not is_dry:
            load_pack(session, actor, pack, centre=own)
    for unit in shelf.units:
        yield f"{unit.code} {unit.title}"
        yield from _told(compare_unit(session, unit, centre_id), whom, is_dry=is_dry)
        if not is_dry:
            load_unit(session, actor, unit, centre=own)


def _told(compared: PackComparison | UnitComparison, whom: str, *, is_dry: bool) -> Iterator[str]:
    changes = compared.changes
    if compared.is_in_use:
        yield "  Nothing changed"
        return
    if changes is None:
        yield "  New"
    elif not changes:
        yield "  Nothing changed since the version for the whole site"
    elif isinstance(changes, PackChanges):
        yield from (f"  {line}" for line in pack_lines(changes))
    else:
        yield from (f"  {line}" for line in unit_lines(changes))
    done = "put into use again" if compared.stored else "stored"
    yield f"  Would be {done} for {whom}" if is_dry else f"  {done.capitalize()} for {whom}"


def pack_lines(changes: PackChanges) -> Iterator[str]:
    """What changed in a qualification, a line for each thing."""
    yield from (_line(change) for change in (*changes.facts, *changes.rules))
    yield from (f"+ unit {unit.code} {unit.title}" for unit in changes.added)
    yield from (f"- unit {unit.code} {unit.title}" for unit in changes.removed)
    for unit in changes.units:
        yield f"Unit {unit.code} {unit.title}"
        yield from (f"  {line}" for line in unit_lines(unit))
    if changes.is_reordered:
        yield "In another order"


def unit_lines(changes: UnitChanges) -> Iterator[str]:
    """What changed in a unit, a line for each thing."""
    yield from (_line(change) for change in (*changes.facts, *changes.outcomes, *changes.reworded))
    yield from (f"+ {criterion.code} {criterion.text}" for criterion in changes.added)
    yield from (f"- {criterion.code} {criterion.text}" for criterion in changes.removed)
    if changes.hints_added:
        yield f"+ {counted(changes.hints_added, 'hint')}"
    if changes.hints_removed:
        yield f"- {counted(changes.hints_removed, 'hint')}"
    if changes.is_reordered:
        yield "In another order"


def counted(number: int, what: str) -> str:
    """So many of something, in words."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _line(change: Change) -> str:
    return f"{change.what}: “{change.old}” is now “{change.new}”"
