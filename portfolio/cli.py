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
    _add(commands, "upgrade", "setting_up.upgrade", "bring the database to this release")
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
    group = commands.add_parser("criteria", help="packs of criteria").add_subparsers(required=True)
    checking = _add(group, "check", "criteria.check", "find every fault of packs and units", needs_home=False)
    loading = _add(group, "load", "criteria.load", "show what packs and units change, and store them")
    for taking in (checking, loading):
        taking.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a pack, a unit, or a folder of them")
    loading.add_argument("--centre", metavar="NUMBER", help="for one centre only; for the whole site otherwise")
    loading.add_argument("--dry-run", action="store_true", help="show what would change, and store nothing")
    group = commands.add_parser("export", help="portfolios as files").add_subparsers(required=True)
    word = _add(group, "word", "export.export_word", "a learner's Word portfolio")
    word.add_argument("--learner", required=True, help="the learner's e-mail address")
    word.add_argument("--enrolment", default="", help="the enrolment's identifier; the newest one otherwise")
    word.add_argument("--out", type=Path, required=True)
    group = commands.add_parser("audit", help="the trail").add_subparsers(required=True)
    proving = _add(group, "verify", "audit.verify_audit", "prove the trail, decisions, handed-in work and files")
    proving.add_argument("--heads", type=Path, help="heads kept elsewhere")
    keeping = _add(group, "heads", "audit.export_heads", "the signed end of every stream, to keep elsewhere")
    keeping.add_argument("--out", type=Path, required=True)
    return top


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
