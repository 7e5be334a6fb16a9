"""What is on record does not change, whoever asks the database: judgements, released reviews, what was handed in."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.cast import Cast


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE judgement SET outcome = 'met'",
        "UPDATE judgement SET effective_at = NULL",
        "UPDATE judgement SET feedback = 'Better than it was.'",
        "DELETE FROM judgement",
        "UPDATE item_review SET feedback = 'Better than it was.' WHERE released_at IS NOT NULL",
        "UPDATE item_review SET released_at = NULL WHERE released_at IS NOT NULL",
        "DELETE FROM item_review",
        "UPDATE review_mark SET outcome = 'met'",
        "DELETE FROM review_mark",
        "UPDATE claim SET annotation = 'Something else.' WHERE submission_id IS NOT NULL",
        "UPDATE claim SET submission_id = NULL WHERE submission_id IS NOT NULL",
        "DELETE FROM claim WHERE submission_id IS NOT NULL",
        "UPDATE evidence_version SET body = 'Something else.' WHERE frozen_at IS NOT NULL",
        "UPDATE evidence_version SET frozen_at = NULL WHERE frozen_at IS NOT NULL",
        "DELETE FROM evidence_version WHERE frozen_at IS NOT NULL",
        "DELETE FROM submission_item",
        "DELETE FROM submission",
    ],
)
def test_the_database_refuses(cast: Cast, session: Session, statement: str) -> None:
    assert cast.items
    with pytest.raises(DBAPIError, match="on record and do not change"):
        session.execute(text(statement))
