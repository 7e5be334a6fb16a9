"""What is on record does not change: the database itself refuses, on both engines, whoever asks."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

HANDED_IN = "(SELECT MIN(id) FROM evidence_version WHERE frozen_at IS NOT NULL)"
REFUSED = [
    f"UPDATE evidence_version SET title = 'x' WHERE id = {HANDED_IN}",
    f"UPDATE evidence_version SET event_on = '2020-01-01', withdrawn_at = frozen_at WHERE id = {HANDED_IN}",
    f"UPDATE evidence_version SET custody = '[]', withdrawn_at = frozen_at WHERE id = {HANDED_IN}",
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


@pytest.mark.usefixtures("cast")
def test_a_withdrawal_is_the_one_change_that_a_handed_in_version_takes(session: Session) -> None:
    session.execute(text(f"UPDATE evidence_version SET withdrawn_at = frozen_at WHERE id = {HANDED_IN}"))
    with pytest.raises(DBAPIError, match="on record"):
        session.execute(text(f"UPDATE evidence_version SET withdrawn_at = NULL WHERE id = {HANDED_IN}"))
