"""Setting an installation up: the database, centres, and the demo."""

import argparse

from portfolio import opening
from portfolio.config import Settings
from portfolio.demo.centre import build
from portfolio.installation import open_installation


def open_centre(arguments: argparse.Namespace, settings: Settings) -> int:
    """Open a centre with its first administrator, and print the link by which that person chooses a password."""
    installation = open_installation(settings)
    with installation.database.writing() as session:
        link = opening.open_centre_with_packs(
            session,
            name=arguments.name,
            number=arguments.number,
            administrator=(arguments.administrator, arguments.administrator_name),
            packs=[opening.SHIPPED],
        )
        session.commit()
    print(f"{settings.url}/link/{link}")
    return 0


def build_demo(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Make the demo centre, unless it is there."""
    build(open_installation(settings))
    return 0
