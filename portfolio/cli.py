"""The `portfolio` command line. A command's module is loaded when the command is given, so that each starts quickly."""

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from portfolio.accounts.rules import Role
from portfolio.config import Settings
from portfolio.errors import DomainError
from portfolio.imports.rules import ImportKind

Command = Callable[..., int]
"""Takes the arguments and, if it works on an installation, the settings; answers the exit status."""


def parser() -> argparse.ArgumentParser:
    """The whole command line. Each command names its function in `portfolio.commands`, as `module.function`."""
    top = argparse.ArgumentParser(prog="portfolio", description="NVQ Portfolio")
    top.add_argument("--home", type=Path, help="the one folder with database, files and keys (or PORTFOLIO_HOME)")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    serving = _add(commands, "serve", "running.serve", "pages, and a worker as a child process")
    serving.add_argument("--port", type=int)
    working = _add(commands, "worker", "running.work", "a further worker")
    working.add_argument("--attached", action="store_true", help="stop when standard input ends")
    _add_safekeeping(commands)
    group = commands.add_parser("demo", help="a believable centre to look at").add_subparsers(required=True)
    _add(group, "build", "setting_up.build_demo", "make the demo centre, unless it is there")
    showing = _add(group, "serve", "running.serve_demo", "print whom to sign in as, then serve")
    showing.add_argument("--port", type=int, default=8000)
    group = commands.add_parser("centre", help="centres of this installation").add_subparsers(required=True)
    first = _add(group, "open", "setting_up.open_centre", "open a centre with its first administrator")
    for option in ("--name", "--number", "--administrator", "--administrator-name"):
        first.add_argument(option, required=True)
    group = commands.add_parser("people", help="who has a role").add_subparsers(required=True)
    listing = _add(group, "list", "people.list_people", "everybody with a role today")
    listing.add_argument("--role", choices=[role.value for role in Role])
    listing.add_argument("--format", choices=["text", "csv"], default="text")
    _add(group, "link", "people.print_link", "a one-use link to choose a password with").add_argument("email")
    resetting = _add(group, "reset-second-factor", "people.reset_second_factor", "let a password alone sign in again")
    resetting.add_argument("email")
    group = commands.add_parser("criteria", help="packs of criteria").add_subparsers(required=True)
    checking = _add(group, "check", "criteria.check", "find every fault of packs and units", needs_home=False)
    loading = _add(group, "load", "criteria.load", "show what packs and units change, and store them")
    for taking in (checking, loading):
        taking.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a pack, a unit, or a folder of them")
    loading.add_argument("--centre", metavar="NUMBER", help="for one centre only; for the whole site otherwise")
    loading.add_argument("--dry-run", action="store_true", help="show what would change, and store nothing")
    _add_exchange(group)
    _add_imports(commands)
    _add_exports(commands)
    _add_anonymising(commands)
    group = commands.add_parser("store", help="the bucket for files").add_subparsers(required=True)
    _add(group, "check", "store.check", "whether the bucket can be used")
    copying = _add(group, "copy", "store.copy", "copy every file from the home folder into the bucket")
    copying.add_argument("--back", action="store_true", help="from the bucket into the home folder")
    group = commands.add_parser("audit", help="the trail").add_subparsers(required=True)
    proving = _add(group, "verify", "audit.verify_audit", "prove the trail, decisions, handed-in work and files")
    proving.add_argument("--heads", type=Path, help="heads kept elsewhere")
    counting = _add(group, "recount", "audit.recount", "prove every figure of how far everyone has come")
    counting.add_argument("--mend", action="store_true", help="work out anew what differs")
    keeping = _add(group, "heads", "audit.export_heads", "the signed end of every stream, to keep elsewhere")
    keeping.add_argument("--out", type=Path, required=True)
    _add(group, "key", "audit.print_key", "the public key of this installation, and its fingerprint")
    return top


def _add_exchange(criteria: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    bringing = _add(
        criteria, "import", "criteria_exchange.bring", "look at criteria in a format of others", needs_home=False
    )
    bringing.add_argument("file", type=Path, metavar="FILE", help="CASE, Moodle, Mahara, or the table filled in")
    bringing.add_argument("--out", type=Path, metavar="PACK.yaml", help="write them as a pack; only a look otherwise")
    bringing.add_argument("--level", type=int, choices=range(1, 9), help="of the qualification, where none is given")
    bringing.add_argument("--organisation", default="", metavar="NAME", help="who awards it, where nobody is named")
    sending = _add(criteria, "export", "criteria_exchange.send", "write a pack in a format of others", needs_home=False)
    sending.add_argument("pack", type=Path, metavar="PACK.yaml")
    sending.add_argument("--format", required=True, choices=["case", "moodle", "matrix", "matrix-old", "xlsx", "csv"])
    sending.add_argument("--out", type=Path, required=True, metavar="FILE")
    filling = _add(criteria, "template", "criteria_exchange.template", "write the table to fill in", needs_home=False)
    filling.add_argument("--out", type=Path, required=True, metavar="FILE", help="ends in .xlsx or .csv")


def _add_exports(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    group = commands.add_parser("export", help="portfolios as files").add_subparsers(required=True)
    word = _add(group, "word", "export.export_word", "a learner's Word portfolio")
    word.add_argument("--learner", required=True, help="the learner's e-mail address")
    word.add_argument("--enrolment", default="", help="the enrolment's identifier; the newest one otherwise")
    word.add_argument("--out", type=Path, required=True)
    parts = word.add_mutually_exclusive_group()
    parts.add_argument("--unit", default="", metavar="CODE", help="one unit alone")
    parts.add_argument("--matrix", action="store_true", help="the matrix and the index alone")
    parts.add_argument("--items", default="", metavar="REF,REF", help="a sample: these items alone have pages")
    word.add_argument("--without-content", action="store_true", help="header sheets without texts and files")
    word.add_argument(
        "--as-of", default="", metavar="TIME", help="the moment it tells of, as 2026-11-23T14:05:00+00:00"
    )
    bundle = _add(
        group, "bundle", "bundles.export_bundle", "whole portfolios with files and history, which prove themselves"
    )
    whose = bundle.add_mutually_exclusive_group(required=True)
    whose.add_argument("--learner", default="", metavar="EMAIL", help="the learner's e-mail address")
    whose.add_argument("--centre", default="", metavar="NUMBER", help="everybody at this centre")
    bundle.add_argument(
        "--enrolment", default="", help="the learner's enrolment by its identifier; the newest otherwise"
    )
    bundle.add_argument("--items", metavar="REF,REF", help="a sample: these items of the learner alone")
    bundle.add_argument("--out", type=Path, required=True, metavar="FILE")
    _add_leap2a(group)


def _add_leap2a(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    leap = _add(commands, "leap2a", "leap2a.export_leap2a", "a learner's portfolio for other portfolio systems")
    leap.add_argument("--learner", required=True, metavar="EMAIL", help="the learner's e-mail address")
    leap.add_argument("--enrolment", default="", help="the enrolment's identifier; the newest one otherwise")
    leap.add_argument(
        "--profile",
        default="standard",
        choices=["standard", "mahara-22.10"],
        help="whose names of things it has: Mahara 22.10 reads its own alone",
    )
    leap.add_argument("--items", metavar="REF,REF", help="a sample: these items alone")
    leap.add_argument("--out", type=Path, required=True, metavar="FILE")


def _add_anonymising(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    group = commands.add_parser("anonymise", help="personal data in text").add_subparsers(required=True)
    finding = _add(group, "scan", "anonymise.scan", "find personal data in files", needs_home=False)
    finding.add_argument("files", nargs="*", type=Path, metavar="FILE", help="status 1 when anything is found")
    finding.add_argument("--in", dest="lines_in", type=Path, metavar="JSONL", help='lines {"id", "text"}')
    finding.add_argument("--out", dest="lines_out", type=Path, metavar="JSONL", help='lines {"id", "spans"}')
    redacting = _add(
        group, "redact", "anonymise_redact.redact", "replace all that is found, and prove it", needs_home=False
    )
    redacting.add_argument("file", type=Path, metavar="FILE")
    redacting.add_argument("--out", type=Path, required=True, metavar="FILE", help="written when it is proved only")
    redacting.add_argument(
        "--allow-unscanned", action="store_true", help="go on when something in it could not be looked through"
    )


def _add_imports(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    group = commands.add_parser("import", help="lists as CSV, and bundles").add_subparsers(required=True)
    for kind in ImportKind:
        bringing = _add(group, kind.value, "importing.bring", f"show what a list of {kind.value} does, and import it")
        bringing.set_defaults(kind=kind)
        bringing.add_argument("file", type=Path, metavar="FILE")
        bringing.add_argument("--centre", metavar="NUMBER", required=True)
        bringing.add_argument("--dry-run", action="store_true", help="show what would change, and store nothing")
        bringing.add_argument(
            "--column", action="append", default=[], metavar="NAME=HEADING", help="which column means what, if not told"
        )
        if kind is ImportKind.PEOPLE:
            bringing.add_argument("--invite-later", action="store_true", help="let the invitations wait")
    arriving = _add(group, "bundle", "bundles_arriving.bring", "show what a bundle from elsewhere brings; bring it in")
    arriving.add_argument("file", type=Path, metavar="FILE")
    arriving.add_argument("--centre", metavar="NUMBER", required=True, help="where it is to come to")
    arriving.add_argument(
        "--person", action="append", default=[], metavar="IDENTIFIER=EMAIL", help="who somebody of the bundle is here"
    )
    arriving.add_argument("--people", type=Path, metavar="CSV", help="the same as a list, as --write-people writes it")
    arriving.add_argument("--write-people", type=Path, metavar="CSV", help="write the people of the bundle, to fill in")
    arriving.add_argument("--apply", action="store_true", help="bring everything in; only a look otherwise")


def _add_safekeeping(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    making = _add(commands, "backup", "safekeeping.make", "write a sealed backup while the product is in use")
    making.add_argument("--out", type=Path, required=True, metavar="FILE")
    making.add_argument("--key-file", type=Path, required=True, metavar="KEY", help="made when it is not there")
    restoring = _add(commands, "restore", "safekeeping.bring_back", "bring a backup back into an empty home folder")
    restoring.add_argument("file", type=Path, metavar="FILE")
    restoring.add_argument("--key-file", type=Path, required=True, metavar="KEY")
    restoring.add_argument("--check", action="store_true", help="only read all of it, and say what is in it")
    raising = _add(commands, "upgrade", "safekeeping.upgrade", "bring the database to this release")
    raising.add_argument("--no-backup", action="store_true", help="although no backup was made within a day")
    looking = _add(commands, "doctor", "doctor.examine", "look whether all is well", needs_home=False)
    looking.add_argument("--whole", action="store_true", help="prove the whole trail and every file too")
    looking.add_argument("--json", action="store_true", help="say it as JSON")


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    command: str,
    says: str,
    *,
    needs_home: bool = True,
) -> argparse.ArgumentParser:
    added = commands.add_parser(name, help=says)
    added.set_defaults(command=command, needs_home=needs_home)
    return added


def command_named(name: str) -> Command:
    """The function of a command, its module loaded now."""
    module, _, function = name.partition(".")
    found: Command = getattr(importlib.import_module(f"portfolio.commands.{module}"), function)
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; a sentence on standard error and status 1 when it cannot be done."""
    arguments = parser().parse_args(argv)
    try:
        if not arguments.needs_home:
            return command_named(arguments.command)(arguments)
        settings = Settings.from_environment(arguments.home)
        os.environ["PORTFOLIO_HOME"] = str(settings.home)
        return command_named(arguments.command)(arguments, settings)
    except DomainError as error:
        sys.stderr.write(f"portfolio: {error.message}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
