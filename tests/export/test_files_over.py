"""Files that hold a Word portfolio back when its enrolment is over, so that their maker may be gone.

An administrator decides about them then, and their maker still may.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portfolio import proof
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import EnrolmentState
from portfolio.errors import Conflict, Forbidden, InvalidState
from portfolio.evidence.models import Evidence
from portfolio.export import holding
from portfolio.export.held_queries import held_of, seen_in, seen_in_files, to_check
from portfolio.export.models import WordBook
from portfolio.installation import Installation
from portfolio.screening import deciding, scanning
from portfolio.screening.checking import check_content
from portfolio.screening.models import Finding, Scan
from portfolio.screening.rules import Reason, ScanState
from tests.cast import Cast
from tests.client import StrictClient
from tests.export.scenes import made, runner
from tests.export.test_gate import find_from_now_on, held, places

WORDS = "Complaint", "sorry"


@contextmanager
def over(installation: Installation, cast: Cast) -> Iterator[Session]:
    """To write in when amina's enrolment is over."""
    with installation.database.writing() as session:
        session.get_one(Enrolment, cast.enrolments["amina"]).state = EnrolmentState.COMPLETED
        session.flush()
        yield session
        session.commit()


@pytest.fixture
def found(installation: Installation, cast: Cast) -> WordBook:
    """Held back for words that the centre has found from now on, in E001 and its file."""
    find_from_now_on(installation, cast, *WORDS)
    held(installation, cast)
    return held(installation, cast)


@pytest.fixture
def unread(installation: Installation, cast: Cast) -> WordBook:
    """Held back for a file of E001 that nothing could read."""
    runner(installation)
    with installation.database.writing() as session:
        session.execute(update(Scan).where(Scan.source != "").values(state=ScanState.UNREADABLE, checked_at=None))
        session.commit()
    return held(installation, cast)


def keep_all(installation: Installation, cast: Cast, book: WordBook, who: str) -> None:
    """Somebody keeps all that was found in texts and files of the item."""
    with over(installation, cast) as session:
        row, actor = session.get_one(WordBook, book.id), cast.actor(who, session)
        [subject] = {one.subject for one in held_of(row.held)}
        hits = seen_in(session, row.enrolment, row.held)
        hits += seen_in_files(session, row.enrolment, row.held, installation.previews)
        tokens = {hit.token for one in hits for hit in one.hits}
        previews, why = installation.previews, Reason.NOT_PERSONAL
        holding.keep(session, actor, row, tokens, subject=subject, reason=why, said="", derived=previews)


def test_an_administrator_keeps_what_was_found_in_a_file(
    installation: Installation, cast: Cast, found: WordBook
) -> None:
    assert "E001 Content of a file" in places(found)
    keep_all(installation, cast, found, "ada")
    assert made(installation, cast)
    assert proof.verify(installation.database, installation.store).faults == ()


@pytest.mark.parametrize("who", ["marguerite", "iris"])
def test_nobody_else_does(installation: Installation, cast: Cast, found: WordBook, who: str) -> None:
    with pytest.raises(Conflict):
        keep_all(installation, cast, found, who)


def test_its_maker_keeps_it_too(installation: Installation, cast: Cast, found: WordBook) -> None:
    with over(installation, cast) as session:
        [item] = {one.evidence_id for one in held_of(found.held)}
        evidence = session.get_one(Evidence, item)
        scanning.look(session, evidence)
        uids = session.scalars(select(Finding.uid).where(Finding.item_uid == evidence.uid)).all()
        deciding.keep(session, cast.actor("amina", session), evidence, finding_uids=uids, reason=Reason.NOT_PERSONAL)
    assert made(installation, cast)


def check(installation: Installation, cast: Cast, book: WordBook, who: str) -> None:
    """Somebody says that they have looked through every file that could not be read."""
    with over(installation, cast) as session:
        row = session.get_one(WordBook, book.id)
        for one in held_of(row.held):
            [file] = to_check(session, row.enrolment, [one.as_json])
            holding.check(session, cast.actor(who, session), row, one.subject, file.uid)


def test_an_administrator_checks_a_file_that_nothing_can_read(
    installation: Installation, cast: Cast, unread: WordBook
) -> None:
    assert {one.kind for one in held_of(unread.held)} == {"unread"}
    check(installation, cast, unread, "ada")
    assert made(installation, cast)
    with over(installation, cast) as session:
        ada, row, subject = cast.actor("ada", session), session.get_one(WordBook, unread.id), unread.held[0]["subject"]
        with pytest.raises(InvalidState, match="Nothing is left to check"):
            holding.check(session, ada, row, subject, "x")
        session.rollback()


@pytest.mark.parametrize("who", ["amina", "marguerite", "iris"])
def test_nobody_else_does_so_there(installation: Installation, cast: Cast, unread: WordBook, who: str) -> None:
    with pytest.raises(Forbidden):
        check(installation, cast, unread, who)


def test_its_maker_checks_it_on_the_items_own_page(installation: Installation, cast: Cast, unread: WordBook) -> None:
    with over(installation, cast) as session:
        row = session.get_one(WordBook, unread.id)
        for file in to_check(session, row.enrolment, row.held):
            check_content(session, cast.actor("amina", session), file)
    assert made(installation, cast)


@pytest.mark.parametrize("who", ["ada", "iris"])
def test_the_page_has_it_for_administrators_alone(
    installation: Installation, unread: WordBook, client: StrictClient, who: str
) -> None:
    one = held_of(unread.held)[0]
    path = f"/books/{unread.id}/held/{one.subject}"
    form = [form for form in client.sign_in(who).get(path).forms() if str(form["action"]).endswith("/checked")]
    assert bool(form) == (who == "ada")
    with installation.database.reading() as session:
        [file] = to_check(session, session.get_one(WordBook, unread.id).enrolment, [one.as_json])
    client.post(f"{path}/checked", {"file": file.uid}, status=303 if who == "ada" else 403)
    if who == "ada":
        assert "myself" not in client.get(path).words


def test_the_page_quotes_what_is_in_a_file_for_administrators_alone(found: WordBook, client: StrictClient) -> None:
    path = f"/books/{found.id}/held/{held_of(found.held)[0].subject}"
    assert "Content of a file: name of a person" in client.sign_in("ada").get(path).words
    assert "Content of a file: name of a person" not in client.another().sign_in("marguerite").get(path).words
