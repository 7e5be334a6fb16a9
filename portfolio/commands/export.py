"""Portfolios as files."""

import argparse
from datetime import datetime

from portfolio.config import Settings
from portfolio.enrolment import queries as enrolments
from portfolio.errors import NotFound, Rejected
from portfolio.export.jobs import write_book_now
from portfolio.export.rules import Choice, Extent
from portfolio.installation import open_installation


def export_word(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write a learner's Word portfolio, or a part of it: the newest enrolment's, or the one that is named."""
    choice, as_of = _choice(arguments), _moment(arguments.as_of)
    installation = open_installation(settings)
    with installation.database.reading() as session:
        enrolment_id = enrolments.find(session, email=arguments.learner, uid=arguments.enrolment or None)
    if enrolment_id is None:
        raise NotFound("No enrolment of that learner was found.")
    made = arguments.out.with_name(f".{arguments.out.name}.part")
    write_book_now(
        installation.database,
        installation.store,
        enrolment_id,
        made,
        choice=choice,
        as_of=as_of,
        prepared=installation.previews.read,
    )
    made.replace(arguments.out)
    print(f"{arguments.out}: {arguments.out.stat().st_size} bytes")
    return 0


def _choice(arguments: argparse.Namespace) -> Choice:
    has_content = not arguments.without_content
    if arguments.unit:
        return Choice(Extent.UNIT, unit=arguments.unit, has_content=has_content)
    if arguments.items:
        refs = tuple(ref.strip() for ref in arguments.items.split(",") if ref.strip())
        return Choice(Extent.SAMPLE, refs=refs, has_content=has_content)
    return Choice(Extent.MATRIX) if arguments.matrix else Choice(has_content=has_content)


def _moment(said: str) -> datetime | None:
    if not said:
        return None
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Rejected("Give the moment as a date and a time with its zone, such as 2026-11-23T14:05:00+00:00.")
    return moment
