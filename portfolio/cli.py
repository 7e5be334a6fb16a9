"""The `portfolio` command line: serving, setting up, people, exports and proof. One of the three edges."""

import argparse
import csv
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from portfolio import opening, proof, schema, serving
from portfolio.accounts import actions as accounts
from portfolio.accounts import queries as people
from portfolio.accounts.rules import Role
from portfolio.audit import streams
from portfolio.audit.events import System
from portfolio.centres import queries as centres
from portfolio.config import Settings
from portfolio.db import Database
from portfolio.demo import centre as demo
from portfolio.enrolment import queries as enrolments
from portfolio.errors import DomainError, NotFound
from portfolio.export.jobs import write_book_now
from portfolio.installation import open_installation

Command = Callable[[argparse.Namespace, Settings], int]


def serve(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve pages, and do background work in a child process."""
    return serving.serve(settings, port=arguments.port or settings.port)


def work(arguments: argparse.Namespace, settings: Settings) -> int:
    """Do background work until told to stop; `--attached`: or until standard input ends."""
    os.environ["PORTFOLIO_HOME"] = str(settings.home)
    os.execv(sys.executable, serving.worker_command(is_attached=arguments.attached))  # noqa: S606


def upgrade(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Bring the database to this release."""
    database = Database(settings.database_url)
    schema.upgrade(database)
    database.close()
    print("The database is at this release.")
    return 0


def open_centre(arguments: argparse.Namespace, settings: Settings) -> int:
    """Open a centre with its first administrator, and print the link by which that person chooses a password."""
    installation = open_installation(settings)
    with installation.database.writing() as session:
        link = opening.open_centre_with_packs(
            session,
            name=arguments.name,
            number=arguments.number,
            administrator=(arguments.administrator, arguments.administrator_name),
            packs=opening.shipped_packs(),
        )
        session.commit()
    print(f"{settings.url}/link/{link}")
    return 0


def build_demo(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Make the demo centre, unless it is there."""
    demo.build(open_installation(settings))
    return 0


def serve_demo(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print whom to sign in as, then serve."""
    installation = open_installation(settings)
    print(demo.welcome(installation, f"http://127.0.0.1:{arguments.port}"), flush=True)
    installation.close()
    return serving.serve(settings, port=arguments.port)


def list_people(arguments: argparse.Namespace, settings: Settings) -> int:
    """Everybody with a role today, of one role if it is named."""
    installation = open_installation(settings)
    role = Role(arguments.role) if arguments.role else None
    with installation.database.reading() as session:
        rows = people.members(session, role=role)
        names = centres.names(session)
    table = [("email", "name", "role", "centre"), *((r.email, r.name, r.role_word, names[r.centre_id]) for r in rows)]
    if arguments.format == "csv":
        csv.writer(sys.stdout, lineterminator="\n").writerows(
            [[spreadsheet_safe(cell) for cell in row] for row in table]
        )
    else:
        for row in table:
            print("  ".join(row))
    return 0


def spreadsheet_safe(cell: str) -> str:
    """Text that no spreadsheet runs as a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def print_link(arguments: argparse.Namespace, settings: Settings) -> int:
    """A one-use link by which somebody chooses a password, for a centre without a mail server."""
    installation = open_installation(settings)
    with installation.database.writing() as session:
        link = accounts.new_link(session, System(), email=arguments.email)
        session.commit()
    print(f"{settings.url}/link/{link}")
    return 0


def export_word(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write a learner's Word portfolio: the newest enrolment's, or the one that is named."""
    installation = open_installation(settings)
    with installation.database.reading() as session:
        enrolment_id = enrolments.find(session, email=arguments.learner, uid=arguments.enrolment or None)
    if enrolment_id is None:
        raise NotFound("No enrolment of that learner was found.")
    made = arguments.out.with_name(f".{arguments.out.name}.part")
    write_book_now(installation.database, installation.store, enrolment_id, made)
    made.replace(arguments.out)
    print(f"{arguments.out}: {arguments.out.stat().st_size} bytes")
    return 0


def verify_audit(arguments: argparse.Namespace, settings: Settings) -> int:
    """Prove the trail, and that decisions, handed-in work and stored files are those that it tells of."""
    installation = open_installation(settings)
    against = read_heads(arguments.heads) if arguments.heads else []
    found = proof.verify(installation.database, installation.store, against=against)
    for fault in found.faults:
        print(f"stream {fault.stream}, entry {fault.seq}: {fault.what}")
    looked_at = {
        "streams": found.streams, "entries": found.events, "handed-in versions": found.versions,
        "judgements": found.judgements, "files": found.files,
    }  # fmt: skip
    result = f"{len(found.faults)} faults" if found.faults else "nothing is wrong"
    print(f"{', '.join(f'{count} {what}' for what, count in looked_at.items())}: {result}")
    return 1 if found.faults else 0


def export_heads(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write the signed heads of every stream to a file to keep elsewhere: against it a cut tail shows."""
    installation = open_installation(settings)
    with installation.database.reading() as session:
        arguments.out.write_bytes(streams.exported(streams.heads(session), installation.signer.public_key))
    return 0


def read_heads(path: Path) -> list[streams.Head]:
    """Heads that `audit heads` wrote."""
    return [streams.Head(*row) for row in json.loads(path.read_text())["heads"]]


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(prog="portfolio", description="NVQ Portfolio")
    top.add_argument("--home", type=Path, help="the one folder with database, files and keys (or PORTFOLIO_HOME)")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _add(commands, "serve", serve).add_argument("--port", type=int)
    _add(commands, "worker", work).add_argument("--attached", action="store_true")
    _add(commands, "upgrade", upgrade)
    group = commands.add_parser("demo", help="a believable centre to look at").add_subparsers(required=True)
    _add(group, "build", build_demo)
    _add(group, "serve", serve_demo).add_argument("--port", type=int, default=8000)
    group = commands.add_parser("centre", help="centres of this installation").add_subparsers(required=True)
    first = _add(group, "open", open_centre)
    for option in ("--name", "--number", "--administrator", "--administrator-name"):
        first.add_argument(option, required=True)
    group = commands.add_parser("people", help="who has a role").add_subparsers(required=True)
    listing = _add(group, "list", list_people)
    listing.add_argument("--role", choices=[role.value for role in Role])
    listing.add_argument("--format", choices=["text", "csv"], default="text")
    _add(group, "link", print_link).add_argument("email")
    group = commands.add_parser("export", help="portfolios as files").add_subparsers(required=True)
    word = _add(group, "word", export_word)
    word.add_argument("--learner", required=True, help="the learner's e-mail address")
    word.add_argument("--enrolment", default="", help="the enrolment's identifier; the newest one otherwise")
    word.add_argument("--out", type=Path, required=True)
    group = commands.add_parser("audit", help="the trail").add_subparsers(required=True)
    _add(group, "verify", verify_audit).add_argument("--heads", type=Path, help="heads kept elsewhere")
    _add(group, "heads", export_heads).add_argument("--out", type=Path, required=True)
    return top


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, command: Command
) -> argparse.ArgumentParser:
    added = commands.add_parser(name, help=(command.__doc__ or "").split("\n")[0])
    added.set_defaults(command=command)
    return added


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; a sentence on standard error and status 1 when it cannot be done."""
    arguments = parser().parse_args(argv)
    try:
        settings = Settings.from_environment(arguments.home)
        os.environ["PORTFOLIO_HOME"] = str(settings.home)
        command: Command = arguments.command
        return command(arguments, settings)
    except DomainError as error:
        print(f"portfolio: {error.message}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
