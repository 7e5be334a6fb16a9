"""Importing lists of people, cohorts, enrolments and allocations, with a look at what they do."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from portfolio.audit.events import System
from portfolio.centres.terms import NONE, filled
from portfolio.commands.criteria import centre_numbered, counted
from portfolio.config import Settings
from portfolio.documents.csv_lists import BYTES_MOST, CsvList, read_list
from portfolio.errors import Rejected
from portfolio.imports.actions import carry_out, check_sound, work_out
from portfolio.imports.matching import guess
from portfolio.imports.plans import Plan
from portfolio.imports.rules import COLUMNS, ROWS_MOST, Fate, ImportKind
from portfolio.installation import open_installation


def bring(arguments: argparse.Namespace, settings: Settings) -> int:
    """Show what a list does, and import all of it or nothing; status 1 when a row cannot be taken."""
    kind: ImportKind = arguments.kind
    content = _read(arguments.file)
    sheet = read_list(content, rows_most=ROWS_MOST[kind])
    matching = guess(kind, sheet.headings) | dict(_said(kind, sheet, arguments.column))
    with (
        closing(open_installation(settings)) as installation,
        installation.database.open(writing=not arguments.dry_run) as session,
    ):
        centre = centre_numbered(session, arguments.centre)
        plan = work_out(session, centre, kind, sheet, matching)
        for line in _told(plan, sheet):
            print(line)
        if plan.counts[Fate.BAD]:
            print("Nothing was imported")
            return 1
        if arguments.dry_run:
            print("Nothing was stored: this was a look")
            return 0
        if not plan.does_something:
            print("Everything is there already")
            return 0
        check_sound(plan)
        is_sent = kind is ImportKind.PEOPLE and not arguments.invite_later and bool(settings.mail.host)
        carry_out(session, System(), centre, plan, content=content, is_sent=is_sent)
        session.commit()
        if is_sent:
            installation.waker.wake()
    print("Imported" + (", and the invitations are on their way" if is_sent else ""))
    return 0


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as source:
            return source.read(BYTES_MOST + 1)
    except OSError as error:
        raise Rejected(f"{path} cannot be read.") from error


def _said(kind: ImportKind, sheet: CsvList, columns: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The columns that are named on the command line. Raises Rejected for one that there is not."""
    names = [column.name for column in COLUMNS[kind]]
    for said in columns:
        name, _, heading = said.partition("=")
        if name not in names:
            raise Rejected(f"“{name}” is none of the columns: {', '.join(names)}.")
        if heading not in sheet.headings:
            raise Rejected(f"The file has no column “{heading}”.")
        yield name, sheet.headings.index(heading)


def _told(plan: Plan, sheet: CsvList) -> Iterator[str]:
    counts = plan.counts
    said = f"{counts[Fate.NEW]} new, {counts[Fate.CHANGE]} changing, {counts[Fate.SAME]} there already"
    yield f"{counted(len(plan.lines), 'row')}: {said}, {counts[Fate.BAD]} to mend"
    if sheet.is_windows:
        yield "The file is not UTF-8; it was read as Windows-1252"
    for line in plan.lines:
        for fault in line.faults:
            yield filled(NONE, f"  line {line.number}: {f'{fault.column}: ' if fault.column else ''}{fault.what}")
        if not line.faults:
            yield from (f"  line {line.number}: {remark}" for remark in line.remarks)
