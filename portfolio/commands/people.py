"""Who has a role, and links to hand over."""

import argparse
import csv
import sys

from portfolio.accounts import actions as accounts
from portfolio.accounts import queries as people
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.centres import queries as centres
from portfolio.config import Settings
from portfolio.installation import open_installation


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
