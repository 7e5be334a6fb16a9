"""Portfolios for other portfolio systems, as Leap2A."""

import argparse
from contextlib import closing

from portfolio.audit.events import System
from portfolio.bundles.leap2a import Leap2aMaker
from portfolio.commands.bundles import sample_of
from portfolio.config import Settings
from portfolio.documents.leap2a.profiles import Profile
from portfolio.enrolment import queries as enrolments
from portfolio.errors import NotFound, Rejected
from portfolio.installation import open_installation

LEFT = (
    "What waits to be looked through is looked through by the worker: run this again in a while. Of words, say where "
    "the Word book is made that they may stay, or replace them there."
)
"""What to do about a portfolio that is held back."""


def export_leap2a(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write a learner's portfolio as Leap2A: the newest enrolment's, or the one that is named; 1 when it is held."""
    out = arguments.out
    if out.is_dir() or not out.parent.is_dir():
        raise Rejected(f"Give a file in a folder that is there: {out} is none.")
    part = out.with_name(f".{out.name}.part")
    with closing(open_installation(settings)) as installation:
        with installation.database.reading() as session:
            enrolment_id = enrolments.find(session, email=arguments.learner, uid=arguments.enrolment or None)
        if enrolment_id is None:
            raise NotFound("No enrolment of that learner was found.")
        maker = Leap2aMaker(installation.database, installation.store)
        part.unlink(missing_ok=True)
        try:
            made = maker.make(
                enrolment_id,
                part,
                doer=System(),
                profile=Profile(arguments.profile),
                choice=sample_of(arguments),
                tell=lambda _done, _total, _message: None,
            )
            if not made.held:
                part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    for held in made.held:
        places = (f"  {place}" for place in held.places)
        print("\n".join([f"{held.learner}: {held.reason}", *places, LEFT, "Nothing was written."]))
        return 1
    counts = {"item": made.items, "file": made.files}
    counted = ", ".join(f"{count} {word}" if count == 1 else f"{count} {word}s" for word, count in counts.items())
    print(f"{out}: {counted}, {out.stat().st_size} bytes")
    return 0
