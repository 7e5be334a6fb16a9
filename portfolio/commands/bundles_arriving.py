"""Bringing in portfolios that another centre sent as a bundle, with a look at what would come of it."""

import argparse
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from portfolio.audit.events import System
from portfolio.bundles.arriving.applying import bring_in
from portfolio.bundles.arriving.checking import BadBundle
from portfolio.bundles.arriving.contents import copied
from portfolio.bundles.arriving.incoming import Incoming
from portfolio.bundles.arriving.looking import look_through
from portfolio.bundles.arriving.opening import open_bundle
from portfolio.bundles.arriving.planning import plan_of
from portfolio.bundles.arriving.plans import Plan
from portfolio.bundles.arriving.telling import DUTIES, counted, told_of
from portfolio.centres.models import Centre
from portfolio.centres.terms import NONE, filled
from portfolio.commands.criteria import centre_numbered
from portfolio.commands.criteria import counted as how_many
from portfolio.config import Settings
from portfolio.documents.csv_lists import BYTES_MOST, read_list, write_list
from portfolio.errors import Rejected
from portfolio.installation import Installation, open_installation
from portfolio.storage.rules import size_words

UID, EMAIL = "Identifier", "E-mail here"
HEADINGS = (UID, "Name there", "What they did there", "Perhaps here", EMAIL)
PEOPLE_MOST = 10_000
FATES = {"here": "here already", "load": "come with the bundle"}
COMPARE = (
    "Anybody can write a centre's name into a file. Compare the fingerprint with the centre that sent it, on the\n"
    "phone: `portfolio audit key` prints it there."
)
LOOKED = "Nothing was stored: this was a look. Run it again with --apply to bring everything in."
STOPPED = "Something stops it, so nothing was brought in."


def bring(arguments: argparse.Namespace, settings: Settings) -> int:
    """Show what a bundle would bring, and bring in all of it or nothing; status 1 when something stops it."""
    matches = dict(_matches(arguments))
    written: Path | None = arguments.write_people
    if written is not None and (written.exists() or not written.parent.is_dir()):
        raise Rejected(f"Give a new file in a folder that is there: {written} is none.")
    with ExitStack() as stack:
        installation = stack.enter_context(closing(open_installation(settings)))
        folder = stack.enter_context(installation.store.workbench())
        try:
            incoming = _opened(arguments.file, folder / "bundle")
        except BadBundle as bad:
            print("\n".join(["The bundle is not taken:", *(f"  {fault}" for fault in bad.faults), STOPPED]))
            return 1
        with installation.database.reading() as session:
            centre = centre_numbered(session, arguments.centre)
            session.expunge(centre)
            plan = plan_of(session, incoming, centre=centre, matches=matches)
        found = told_of(incoming, plan)
        for line in _lines(found):
            print(filled(NONE, line))
        if written is not None:
            written.write_bytes(write_list(_table(found)))
            print(f"{written}: fill in who they are here and give it with --people")
        if not plan.is_sound:
            print(STOPPED)
            return 1
        if not arguments.apply:
            print(LOOKED)
            return 0
        _apply(installation, incoming, plan, centre)
    return 0


def _opened(path: Path, folder: Path) -> Incoming:
    try:
        with path.open("rb") as source:
            return open_bundle(source, folder)
    except OSError as error:
        raise Rejected(f"{path} cannot be read: {error.strerror}.") from error


def _apply(installation: Installation, incoming: Incoming, plan: Plan, centre: Centre) -> None:
    database = installation.database
    store = installation.store
    with copied(store, incoming, centre_uid=centre.uid) as files, database.writing() as session:
        enrolments = bring_in(session, store, System(), incoming, plan, centre=centre, files=files)
        ids, uids = [one.id for one in enrolments], [one.uid for one in enrolments]
        session.commit()
    look_through(database.writing, ids)
    installation.waker.wake()
    print(f"Brought in {how_many(len(ids), 'portfolio')}. Nobody is allocated yet:")
    for uid, one in zip(uids, plan.portfolios, strict=True):
        print(f"  {one.learner_name}, {one.title}: enrolment {uid}")


def _matches(arguments: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Who is who, from the list and then from the command line, which goes before the list."""
    if arguments.people is not None:
        try:
            with arguments.people.open("rb") as source:
                content = source.read(BYTES_MOST + 1)
        except OSError as error:
            raise Rejected(f"{arguments.people} cannot be read.") from error
        sheet = read_list(content, rows_most=PEOPLE_MOST)
        missing = [heading for heading in (UID, EMAIL) if heading not in sheet.headings]
        if missing:
            raise Rejected(f"{arguments.people} has no column “{missing[0]}”. --write-people writes such a list.")
        uid, email = sheet.headings.index(UID), sheet.headings.index(EMAIL)
        yield from ((row.cells[uid], row.cells[email]) for row in sheet.rows if row.cells[email])
    for said in arguments.person:
        name, sign, address = said.partition("=")
        if not (name.strip() and sign and address.strip()):
            raise Rejected(f"“{said}” is not of the form IDENTIFIER=EMAIL.")
        yield name.strip(), address.strip()


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    """What was found, for people. Standard words stand in braces."""
    came = found["from"]
    yield f"From {came['centre']} ({came['number']}), made {came['made_at'][:16].replace('T', ' at ')} UTC"
    yield f"Fingerprint: {came['fingerprint']}"
    yield COMPARE
    for one in found["portfolios"]:
        yield f"{one['learner']}: {one['title']}"
        size = one["counts"]["bytes"]
        yield f"  {', '.join(counted(one['counts']))}{f'; {size_words(size)}' if size else ''}"
        yield from (f"  criteria {' '.join(pack[:2])}: {FATES[pack[2]]}" for pack in one["packs"])
        yield from (f"  stops it: {fault}" for fault in one["faults"])
        yield from (f"  different here: {note}" for note in one["notes"])
    yield "People:"
    for one in found["people"]:
        who = f"{one['local_name']}, {one['email']}" if one["email"] else _unmatched(one)
        yield f"  {one['uid']}  {one['name']} ({_duties(one)}): {who}"
    yield from (f"stops it: {fault}" for fault in found["faults"])
    yield from (f"different here: {note}" for note in found["notes"])


def _unmatched(one: Mapping[str, Any]) -> str:
    perhaps = _perhaps(one)
    known = "has to be matched with --person" if one["is_learner"] else "known by name alone"
    return f"{known}; perhaps {perhaps}" if perhaps else known


def _perhaps(one: Mapping[str, Any]) -> str:
    return " or ".join(f"{name} {email}" for name, email in one["proposals"])


def _duties(one: Mapping[str, Any]) -> str:
    return ", ".join(DUTIES.get(duty, duty) for duty in one["duties"]) or "named there"


def _table(found: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    yield HEADINGS
    for one in found["people"]:
        yield one["uid"], one["name"], filled(NONE, _duties(one)), _perhaps(one), one["email"]
