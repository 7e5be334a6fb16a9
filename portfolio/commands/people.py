"""Who has a role, and links to hand over."""

import argparse
import csv
import sys
from contextlib import closing

from portfolio.accounts import actions as accounts
from portfolio.accounts import queries as people
from portfolio.accounts import second_factor
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.centres import queries as centres
from portfolio.config import Settings
from portfolio.documents.csv_lists import spreadsheet_safe
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


def print_link(arguments: argparse.Namespace, settings: Settings) -> int:
    """A one-use link by which somebody chooses a password, for a centre without a mail server."""
    installation = open_installation(settings)
    with installation.database.writing() as session:
        link = accounts.new_link(session, System(), email=arguments.email)
        session.commit()
    print(f"{settings.url}/link/{link}")
    return 0


def reset_second_factor(arguments: argparse.Namespace, settings: Settings) -> int:
    """Take the second step of signing in off somebody who has lost their telephone; they are told."""
    with closing(open_installation(settings)) as installation, installation.database.writing() as session:
        second_factor.reset_by_email(session, System(), arguments.email)
        session.commit()
    print(f"{arguments.email} signs in with the password alone again, and is signed out everywhere.")
    return 0
