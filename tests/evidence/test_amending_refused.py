"""What is not taken when personal data is taken out, and what nobody does with an item meanwhile or afterwards."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portfolio.assessment import marking, submitting
from portfolio.assessment.models import Submission, SubmissionItem
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import EnrolmentState
from portfolio.errors import Conflict, InvalidState, Rejected
from portfolio.evidence import amending
from portfolio.evidence.actions import Details
from portfolio.evidence.amending import Kept
from portfolio.evidence.models import Evidence
from portfolio.export.amending import mend
from portfolio.mapping import actions as mapping
from tests.cast import Cast, hand_in, upload
from tests.evidence.breaches import (
    NAME,
    SECRET,
    faults,
    found_in_tables,
    item_with_a_name,
    kept,
    mark,
    mended,
    remove_content,
    without_the_name,
)


def hidden(session: Session, cast: Cast) -> Evidence:
    """E005, hidden."""
    evidence = item_with_a_name(session, cast)
    amending.hide(session, cast.actor("marguerite", session), evidence, words="Page 1")
    return evidence


REFUSED: Mapping[str, tuple[dict[str, Any], str]] = {
    "no reason": ({"reason": " "}, "Say why"),
    "a long reason": ({"reason": "x" * 501}, "Keep this to 500"),
    "no title": ({"details": Details(" ")}, "Give it a title"),
    "a long body": ({"details": Details("T", None, "", "x" * 60_001)}, "Keep this to 60000"),
    "claims of another item": ({"claims": {}}, "has changed since"),
    "files of another item": ({"files": {}}, "has changed since"),
    "nothing changed": ({}, "Nothing is changed"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_taken(session: Session, cast: Cast, what: str) -> None:
    evidence = hidden(session, cast)
    changes, said = REFUSED[what]
    assert evidence.current is not None
    with pytest.raises(Rejected, match=said):
        mend(
            session,
            cast.actor("ada", session),
            evidence,
            cast.installation.store,
            kept(session, evidence, **changes),
            rev=evidence.current.rev,
        )


def test_a_file_needs_a_name_and_another_content(session: Session, cast: Cast) -> None:
    evidence = hidden(session, cast)
    version = evidence.current
    assert version is not None
    for fate, said in (
        (Kept(" "), "Give the file a name"),
        (Kept("letter.txt", upload(cast.installation, SECRET, "letter.txt")), "the very file"),
    ):
        files = {file.id: fate if NAME in file.name else Kept(file.name) for file in version.files}
        with pytest.raises(Rejected, match=said):
            mend(
                session,
                cast.actor("ada", session),
                evidence,
                cast.installation.store,
                kept(session, evidence, files=files),
                rev=version.rev,
            )


def test_an_old_page_is_refused(session: Session, cast: Cast) -> None:
    evidence = hidden(session, cast)
    version = evidence.current
    assert version is not None
    ada, store, seen = cast.actor("ada", session), cast.installation.store, version.rev
    mend(session, ada, evidence, store, without_the_name(session, cast, evidence), rev=seen)
    with pytest.raises(InvalidState, match="not hidden any more"):
        mend(session, ada, evidence, store, kept(session, evidence), rev=seen)
    amending.hide(session, ada, evidence, words="Once more")
    with pytest.raises(Conflict):
        mend(session, ada, evidence, store, kept(session, evidence, details=Details("Other")), rev=seen)


def test_nothing_else_is_done_with_a_hidden_item(session: Session, cast: Cast) -> None:
    evidence = hidden(session, cast)
    amina, marguerite = cast.actor("amina", session), cast.actor("marguerite", session)
    item = session.get_one(SubmissionItem, cast.items["amina E005"])
    submission = session.get_one(Submission, cast.submissions["amina E005"])
    for attempt in (
        lambda: marking.open_item(session, marguerite, item),
        lambda: submitting.withdraw(session, amina, submission),
        lambda: mapping.revise(session, amina, evidence),
        lambda: mapping.map_to(session, amina, evidence, wanted=[]),
    ):
        with pytest.raises(InvalidState, match="E005 is hidden while personal data is taken out"):
            attempt()


def test_a_draft_of_a_hidden_item_is_not_handed_in(session: Session, cast: Cast) -> None:
    evidence = item_with_a_name(session, cast)
    mark(session, cast, "amina E005")
    amina = cast.actor("amina", session)
    mapping.revise(session, amina, evidence)
    amending.hide(session, amina, evidence, words="Page 1")
    with pytest.raises(InvalidState, match="E005 is hidden"):
        hand_in(session, cast, "amina", evidence, "E005")


def test_a_portfolio_that_is_over_is_mended_all_the_same(session: Session, cast: Cast) -> None:
    evidence = item_with_a_name(session, cast)
    session.get_one(Enrolment, evidence.enrolment_id).state = EnrolmentState.COMPLETED
    session.flush()
    amending.hide(session, cast.actor("ada", session), evidence, words="Page 1")
    version = evidence.current
    assert version is not None
    mending = without_the_name(session, cast, evidence)
    mend(session, cast.actor("ada", session), evidence, cast.installation.store, mending, rev=version.rev)
    assert evidence.hidden_at is None


def test_what_was_withdrawn_is_mended_too(cast: Cast) -> None:
    database, store = cast.installation.database, cast.installation.store
    with database.writing() as session:
        amina = cast.actor("amina", session)
        evidence = item_with_a_name(session, cast)
        submitting.withdraw(session, amina, session.get_one(Submission, cast.submissions["amina E005"]))
        amending.hide(session, amina, evidence, words="All over")
        session.commit()
    with database.writing() as session:
        evidence = session.get_one(Evidence, evidence.id)
        version = evidence.on_record
        assert version is not None
        mending = without_the_name(session, cast, evidence)
        mend(session, cast.actor("amina", session), evidence, store, mending, rev=version.rev)
        session.commit()
    remove_content(cast)
    with database.reading() as session:
        assert found_in_tables(session, NAME) == []
        titles = [version.title for version in session.get_one(Evidence, evidence.id).versions]
    assert titles == ["Letter to Customer A", "Letter to Customer A"]
    assert faults(cast) == ()


CHANGES = {
    "a title": "UPDATE evidence_version SET title = 'x' WHERE evidence_id = :item",
    "a title, counted": "UPDATE evidence_version SET title = 'x', amended = amended + 1 WHERE evidence_id = :item",
    "a file": "DELETE FROM evidence_file WHERE version_id IN "
    "(SELECT id FROM evidence_version WHERE evidence_id = :item)",
    "a claim": "UPDATE claim SET annotation = 'x', amended = amended + 1 WHERE evidence_version_id IN "
    "(SELECT id FROM evidence_version WHERE evidence_id = :item)",
}


@pytest.mark.parametrize("what", CHANGES)
def test_once_mended_it_is_frozen_again(cast: Cast, what: str) -> None:
    evidence_id = mended(cast)
    with cast.installation.database.writing() as session, pytest.raises(DBAPIError, match="on record"):
        session.execute(text(CHANGES[what]), {"item": evidence_id})


@pytest.mark.parametrize("change", ["title = 'x'", "frozen_at = created_at", "event_on = '2026-01-01'", "uid = 'x'"])
def test_an_open_breach_allows_no_other_change(session: Session, cast: Cast, change: str) -> None:
    evidence = hidden(session, cast)
    counted = "" if "title" in change else ", amended = amended + 1"
    with pytest.raises(DBAPIError, match="on record"):
        session.execute(text(f"UPDATE evidence_version SET {change}{counted} WHERE evidence_id = {evidence.id}"))
