"""Files that are looked through once more, for there is more to look for; and looking that fails, or finds no end."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.anonymise.findings import Label
from portfolio.anonymise.together import Placed
from portfolio.evidence.models import Evidence
from portfolio.installation import Installation
from portfolio.screening import contents, deciding, scanning, sorting
from portfolio.screening.contents import GAVE_UP, TOO_MUCH
from portfolio.screening.models import Finding
from portfolio.screening.rules import MOST_ATTEMPTS, ScanState
from portfolio.screening.scanning import Here
from tests.cast import Cast
from tests.screening.filing import Desk


@pytest.fixture
def desk(installation: Installation, cast: Cast) -> Desk:
    """With nothing of the cast's own left to do."""
    made = Desk(installation, cast)
    made.look_through_all()
    return made


def test_what_fails_each_time_is_given_up_and_others_go_on(desk: Desk) -> None:
    def fails(*_arguments: object) -> list[Placed]:
        raise RecursionError

    added = desk.add()
    desk.runner.make_next()
    desk.make_previews()
    failing = replace(desk.runner, look=fails)
    assert [failing.make_next() for _ in range(MOST_ATTEMPTS)] == [True] * MOST_ATTEMPTS
    assert desk.scan(added).state is ScanState.WAITING
    assert not failing.make_next()
    assert (desk.scan(added).state, desk.scan(added).note) == (ScanState.UNREADABLE, GAVE_UP)


def test_what_was_marked_meanwhile_is_looked_for_too(desk: Desk) -> None:
    """Looking that began before waits to be done once more."""
    added = desk.add(b"Nobody told the corner lad.")
    desk.runner.make_next()
    desk.make_previews()

    def mark(session: Session, item: Evidence) -> None:
        item.latest.context = "The corner lad came in."
        session.flush()
        sorting.mark(
            session, desk.cast.actor("ben", session), item, place="context", start=4, end=14, label=Label.PERSON
        )

    def marked_meanwhile(texts: dict[str, str], here: Here) -> list[Placed]:
        desk.change(mark, added)
        return scanning.find(texts, here)

    assert replace(desk.runner, look=marked_meanwhile).make_next()
    assert (desk.scan(added).state, desk.scan(added).findings) == (ScanState.WAITING, [])
    assert desk.runner.make_next()
    assert (desk.scan(added).state, len(desk.scan(added).findings)) == (ScanState.DONE, 1)


def test_whoever_is_replaced_is_looked_for_in_files(desk: Desk) -> None:
    """Once: what stands for somebody already says nothing new."""
    added = desk.add()
    desk.look_through_all()

    def replace_them(session: Session, item: Evidence) -> None:
        item.latest.context = "Mrs Orla Quillfeather rang."
        session.flush()
        scanning.look(session, item)
        row = session.scalars(select(Finding).where(Finding.item_uid == item.uid, Finding.place == "context")).one()
        deciding.replace(session, desk.cast.actor("ben", session), item, row.entity.uid)

    desk.change(replace_them, added)
    assert desk.scan(added).state is ScanState.WAITING
    desk.look_through_all()
    desk.change(replace_them, added)
    assert desk.scan(added).state is ScanState.DONE


def test_no_more_is_kept_of_one_file_than_somebody_could_look_at(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "FOUND_MOST", 2)
    added = desk.add()
    desk.look_through_all()
    scan = desk.scan(added)
    assert (scan.state, scan.note, len(scan.findings)) == (ScanState.UNREADABLE, TOO_MUCH, 2)
