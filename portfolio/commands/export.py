"""Portfolios as files."""

import argparse

from portfolio.config import Settings
from portfolio.enrolment import queries as enrolments
from portfolio.errors import NotFound
from portfolio.export.jobs import write_book_now
from portfolio.installation import open_installation


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
