"""What is on record does not change: the database itself refuses, on both engines, whoever asks."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.assessment.signing import signed
from tests.cast import Cast

HANDED_IN = "(SELECT MIN(id) FROM evidence_version WHERE frozen_at IS NOT NULL)"
REFUSED = [
    f"UPDATE evidence_version SET title = 'x' WHERE id = {HANDED_IN}",
    f"UPDATE evidence_version SET event_on = '2020-01-01', withdrawn_at = frozen_at WHERE id = {HANDED_IN}",
    f"UPDATE evidence_version SET custody = '[]', withdrawn_at = frozen_at WHERE id = {HANDED_IN}",
    f"UPDATE evidence_version SET notes = '[1]', withdrawn_at = frozen_at WHERE id = {HANDED_IN}",
    f"UPDATE evidence_version SET frozen_at = NULL WHERE id = {HANDED_IN}",
    f"DELETE FROM evidence_version WHERE id = {HANDED_IN}",
    f"UPDATE evidence_file SET name = 'x' WHERE version_id = {HANDED_IN}",
    f"DELETE FROM evidence_file WHERE version_id = {HANDED_IN}",
    "UPDATE claim SET annotation = 'x' WHERE submission_id IS NOT NULL",
    "DELETE FROM claim WHERE submission_id IS NOT NULL",
    "UPDATE judgement SET outcome = 'met'",
    "DELETE FROM judgement",
    "UPDATE item_review SET feedback = 'x' WHERE released_at IS NOT NULL",
    "UPDATE review_mark SET feedback = 'x'",
    "DELETE FROM item_review",
    "DELETE FROM submission",
    "UPDATE criterion SET text = 'x'",
    "DELETE FROM guidance_criterion",
    "DELETE FROM blob",
]


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses(session: Session, statement: str) -> None:
    with pytest.raises(DBAPIError, match="on record"):
        session.execute(text(statement))


OPEN = (
    "INSERT INTO breach (uid, evidence_id, reported_by_id, reported_at, words, rev) SELECT 'x', evidence_id, 1, "
    f"created_at, '', 1 FROM evidence_version WHERE id = {HANDED_IN}"
)
AMENDED = "amended = amended + 1 WHERE"
STILL_REFUSED = [
    f"UPDATE evidence_version SET title = 'x' WHERE id = {HANDED_IN}",
    f"UPDATE evidence_version SET title = 'x', amended = amended + 2 WHERE id = {HANDED_IN}",
    f"UPDATE evidence_version SET no = 9, {AMENDED} id = {HANDED_IN}",
    f"UPDATE evidence_version SET event_on = '2020-01-01', {AMENDED} id = {HANDED_IN}",
    f"UPDATE evidence_version SET withdrawn_at = frozen_at, {AMENDED} id = {HANDED_IN}",
    f"UPDATE evidence_version SET title = 'x', {AMENDED} frozen_at IS NOT NULL AND id <> {HANDED_IN}",
    f"UPDATE evidence_file SET name = 'x' WHERE version_id = {HANDED_IN}",
    f"UPDATE claim SET annotation = 'x' WHERE evidence_version_id = {HANDED_IN}",
    f"UPDATE claim SET criterion_id = criterion_id + 1, {AMENDED} evidence_version_id = {HANDED_IN}",
    f"UPDATE claim SET annotation = 'x', {AMENDED} submission_id IS NOT NULL",
    f"DELETE FROM claim WHERE evidence_version_id = {HANDED_IN}",
    "DELETE FROM breach",
    "UPDATE breach SET evidence_id = evidence_id + 1",
]


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("statement", STILL_REFUSED)
def test_an_open_breach_of_one_item_allows_nothing_else(session: Session, statement: str) -> None:
    session.execute(text(OPEN))
    with pytest.raises(DBAPIError, match="on record"):
        session.execute(text(statement))


ALLOWED = [
    f"UPDATE evidence_version SET title = 'x', {AMENDED} id = {HANDED_IN}",
    f"DELETE FROM evidence_file WHERE version_id = {HANDED_IN}",
    f"UPDATE claim SET annotation = 'x', {AMENDED} evidence_version_id = {HANDED_IN}",
]


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("statement", ALLOWED)
def test_an_open_breach_allows_an_amendment_until_it_is_closed(session: Session, statement: str) -> None:
    session.execute(text(OPEN))
    with session.begin_nested() as tried:
        session.execute(text(statement))
        tried.rollback()
    session.execute(text("UPDATE breach SET mended_at = reported_at"))
    with pytest.raises(DBAPIError, match="on record"):
        session.execute(text(statement))


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("column", ["words", "mended_at"])
def test_a_closed_breach_does_not_change(session: Session, column: str) -> None:
    session.execute(text(OPEN))
    session.execute(text("UPDATE breach SET mended_at = reported_at"))
    with pytest.raises(DBAPIError, match="on record"):
        session.execute(text(f"UPDATE breach SET {column} = NULL"))


OF_UNITS = [
    "UPDATE unit_decision SET reason = 'x'",
    "UPDATE unit_decision SET kind = 'reopened'",
    "DELETE FROM unit_decision",
    "UPDATE signature SET statement = 'x'",
    "UPDATE signature SET signed = '{}'",
    "DELETE FROM signature",
]


@pytest.mark.parametrize("statement", OF_UNITS)
def test_what_was_signed_for_a_unit_does_not_change(cast: Cast, session: Session, statement: str) -> None:
    signed(session, cast)
    with pytest.raises(DBAPIError, match="on record"):
        session.execute(text(statement))


@pytest.mark.usefixtures("cast")
def test_a_withdrawal_is_the_one_change_that_a_handed_in_version_takes(session: Session) -> None:
    session.execute(text(f"UPDATE evidence_version SET withdrawn_at = frozen_at WHERE id = {HANDED_IN}"))
    with pytest.raises(DBAPIError, match="on record"):
        session.execute(text(f"UPDATE evidence_version SET withdrawn_at = NULL WHERE id = {HANDED_IN}"))
