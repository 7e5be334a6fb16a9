"""Looking whether all is well, a line for each thing."""

import argparse
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict

from portfolio import proof
from portfolio.config import Settings
from portfolio.errors import Rejected
from portfolio.installation import open_installation
from portfolio.safekeeping import doctor
from portfolio.safekeeping.findings import Finding, State, fault, ok

SHOWN_MOST = 20


def examine(arguments: argparse.Namespace) -> int:
    """Say how everything stands, and what to do about what is wrong; 1 when something is wrong now."""
    found = []
    for finding in _found(arguments):
        found.append(finding)
        if not arguments.json:
            print(f"{finding.state.value:8} {finding.name:9} {finding.says}")
            if finding.do:
                print(f"{'':18} {finding.do}")
    if arguments.json:
        print(json.dumps([asdict(finding) for finding in found], indent=1))
    return 1 if any(finding.state is State.FAULT for finding in found) else 0


def _found(arguments: argparse.Namespace) -> Iterator[Finding]:
    try:
        settings = Settings.from_environment(arguments.home)
    except Rejected as refused:
        yield fault("settings", refused.message, "Set it right, and look again.")
        return
    is_laid = False
    for finding in doctor.examine(settings, is_whole=arguments.whole):
        is_laid = is_laid or (finding.name, finding.state) == ("trail", State.OK)
        yield finding
    if arguments.whole and is_laid:
        yield from _proved(settings)


def _proved(settings: Settings) -> Iterator[Finding]:
    with closing(open_installation(settings)) as installation:
        proved = proof.verify(installation.database, installation.store)
    for wrong in proved.faults[:SHOWN_MOST]:
        says = f"Stream {wrong.stream}, entry {wrong.seq}: {wrong.what}."
        yield fault("proof", says, "Run portfolio audit verify, and keep this installation as it is meanwhile.")
    if not proved.faults:
        yield ok("proof", f"All {proved.events:,} entries and {proved.files:,} files are what was recorded.")
