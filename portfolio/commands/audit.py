"""Proving the trail, and keeping its ends elsewhere."""

import argparse
import json
from contextlib import closing
from pathlib import Path

from portfolio import proof
from portfolio.assessment import progress
from portfolio.audit import streams
from portfolio.audit.events import fingerprint
from portfolio.config import Settings
from portfolio.installation import open_installation


def verify_audit(arguments: argparse.Namespace, settings: Settings) -> int:
    """Prove the trail, and that decisions, handed-in work and stored files are those that it tells of."""
    installation = open_installation(settings)
    against = read_heads(arguments.heads) if arguments.heads else []
    found = proof.verify(installation.database, installation.store, against=against)
    for fault in found.faults:
        print(f"stream {fault.stream}, entry {fault.seq}: {fault.what}")
    looked_at = {
        "streams": found.streams, "entries": found.events, "handed-in versions": found.versions,
        "judgements": found.judgements, "signatures": found.signatures, "files": found.files,
    }  # fmt: skip
    if found.amended:
        looked_at["versions amended since they were signed for"] = found.amended
    result = f"{len(found.faults)} faults" if found.faults else "nothing is wrong"
    print(f"{', '.join(f'{count} {what}' for what, count in looked_at.items())}: {result}")
    return 1 if found.faults else 0


def recount(arguments: argparse.Namespace, settings: Settings) -> int:
    """Prove every figure that is kept of how far everyone has come, or work all of them out anew."""
    database = open_installation(settings).database
    with database.reading() as session:
        unequal = progress.differences(session)
    for one in unequal:
        print(one)
    if unequal and arguments.mend:
        with database.writing() as session:
            progress.mend(session)
            session.commit()
            unequal = progress.differences(session)
        print("Every figure was worked out anew.")
    print(f"{len(unequal)} figures differ from the record" if unequal else "Every figure is what the record says.")
    return 1 if unequal else 0


def export_heads(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write the signed heads of every stream to a file to keep elsewhere: against it a cut tail shows."""
    installation = open_installation(settings)
    with installation.database.reading() as session:
        arguments.out.write_bytes(streams.exported(streams.heads(session), installation.signer.public_key))
    return 0


def print_key(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the public key that signs the trail and bundles, and the fingerprint that a bundle's verifier prints."""
    with closing(open_installation(settings)) as installation:
        key = installation.signer.public_key
    print(f"public key:  {key}\nfingerprint: {fingerprint(key)}")
    return 0


def read_heads(path: Path) -> list[streams.Head]:
    """Heads that `audit heads` wrote."""
    return [streams.Head(*row) for row in json.loads(path.read_text())["heads"]]
