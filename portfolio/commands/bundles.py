"""Portfolios that leave whole, as bundles."""

import argparse
from contextlib import closing

from portfolio.audit.events import System
from portfolio.bundles.making import Maker
from portfolio.bundles.outcome import Bundle
from portfolio.commands.criteria import centre_numbered
from portfolio.config import Settings
from portfolio.enrolment import queries as enrolments
from portfolio.errors import NotFound, Rejected
from portfolio.export.rules import WHOLE, Choice, Extent
from portfolio.installation import Installation, open_installation

LEFT = (
    "What waits to be looked through is looked through by the worker: run this again in a while. What was found is "
    "decided in the browser: have a bundle made there, on the page of the Word portfolio, which lists each place."
)
"""What to do about portfolios that are held back."""


def export_bundle(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write the bundle of a learner, of a sample of their items, or of everybody at a centre; 1 when one is held."""
    choice, out = _choice(arguments), arguments.out
    if out.is_dir() or not out.parent.is_dir():
        raise Rejected(f"Give a file in a folder that is there: {out} is none.")
    made = out.with_name(f".{out.name}.part")
    with closing(open_installation(settings)) as installation:
        ids = _enrolments(arguments, installation)
        made.unlink(missing_ok=True)
        maker = Maker(installation.database, installation.store, installation.signer, installation.previews.read)
        try:
            bundle = maker.make(ids, made, doer=System(), choice=choice, tell=lambda _done, _total, _message: None)
            if bundle.portfolios:
                made.replace(out)
        finally:
            made.unlink(missing_ok=True)
    for one in bundle.held:
        print("\n".join([f"{one.learner}: {one.reason}", *(f"  {place}" for place in one.places)]))
    if bundle.held:
        print(LEFT)
    print(f"{out}: {_counted(bundle)}, {out.stat().st_size} bytes" if bundle.portfolios else "Nothing was written.")
    return 1 if bundle.held else 0


def _counted(bundle: Bundle) -> str:
    named = {"portfolio": bundle.portfolios, "item": bundle.items, "file": bundle.files}
    return ", ".join(f"{count} {word}" if count == 1 else f"{count} {word}s" for word, count in named.items())


def _choice(arguments: argparse.Namespace) -> Choice:
    if arguments.centre and (arguments.items is not None or arguments.enrolment):
        raise Rejected("A sample, or an enrolment, is of one learner: give --learner with it.")
    return sample_of(arguments)


def sample_of(arguments: argparse.Namespace) -> Choice:
    """What of a portfolio is wanted: the items that were named, or all of it. Raises Rejected when none is named."""
    if arguments.items is None:
        return WHOLE
    refs = tuple(ref.strip() for ref in arguments.items.split(",") if ref.strip())
    if not refs:
        raise Rejected("Name the items of the sample, such as --items E001,E004; leave --items out for all of them.")
    return Choice(Extent.SAMPLE, refs=refs)


def _enrolments(arguments: argparse.Namespace, installation: Installation) -> list[int]:
    with installation.database.reading() as session:
        if arguments.centre:
            ids = list(enrolments.ids_at(session, centre_numbered(session, arguments.centre).id))
        else:
            found = enrolments.find(session, email=arguments.learner, uid=arguments.enrolment or None)
            ids = [found] if found is not None else []
    if not ids:
        raise NotFound("No enrolment of that learner was found." if arguments.learner else "Nobody is enrolled there.")
    return ids
