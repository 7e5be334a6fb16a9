"""Books of learners whose units are in outline, or were moved to newer criteria."""

from portfolio.assessment.choosing import move_unit
from portfolio.assessment.sign_off_queries import decisions_on
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.installation import Installation
from tests.assessment.packs import changed_pack, load_changed
from tests.assessment.signing import make_signed, reopened
from tests.cast import FULL_NAMES, Cast
from tests.documents.well_made import lacks
from tests.export.scenes import made, row_with, rows_of
from tests.web.enrolment.diplomas import on_diploma


def test_a_unit_in_outline_stands_in_the_book_and_says_so(installation: Installation, cast: Cast) -> None:
    on_diploma(cast)
    book = made(installation, cast, by="ben", whose="ben diploma")
    assert lacks(book) == []
    rows = rows_of(book)
    at = rows.index("A-2 Keep records of customers")
    assert rows[at + 2] == "Known in outline only: its criteria are not loaded yet."
    assert rows[at + 4] == "There are no criteria to meet yet."


def test_a_unit_that_is_signed_off_says_by_whom_and_when(installation: Installation, cast: Cast) -> None:
    """And that it was opened again and why, each with the beginning of what its signature covers."""
    unit_id = make_signed(cast)
    with installation.database.writing() as session:
        reopened(session, cast, session.get_one(EnrolmentUnit, unit_id))
        session.commit()
    with installation.database.reading() as session:
        first, second = decisions_on(session, [unit_id])[unit_id]
    book = made(installation, cast, by="ben", whose="ben")
    assert lacks(book) == []
    rows = rows_of(book)
    at = rows.index("Of 17 criteria: met 17, needs more 0, claimed 0, gap 0.")
    signed_off, opened = rows[at + 1 : at + 3]
    assert signed_off.startswith(f"Signed off by {FULL_NAMES['marguerite']}, assessor, on ")
    assert signed_off.endswith(f". Signature {first.digest[:12]}.")
    assert opened.startswith(f"Opened again by {FULL_NAMES['iris']}, internal quality assurer, on ")
    assert opened.endswith(f": The standard for 2.1 was read too kindly. Signature {second.digest[:12]}.")
    for told in (
        f"Signed off HRCC; signature {first.digest[:12]}",
        f"Opened HRCC again, which was signed off; signature {second.digest[:12]}",
    ):
        assert any(row.endswith(f"| {told}") for row in rows)


def test_after_a_move_the_book_counts_what_reads_the_same(installation: Installation, cast: Cast) -> None:
    with installation.database.writing() as session:
        enrolment, ada = session.get_one(Enrolment, cast.enrolments["amina"]), cast.actor("ada", session)
        to = load_changed(session, ada, enrolment, changed_pack(reworded=("1.1",)))
        move_unit(session, ada, enrolment.units[0], to=to)
        session.commit()
    rows = rows_of(made(installation, cast))
    assert row_with(rows, "1.1 | Establish what was referred, who referred it and why, in newer words | Gap")
    assert row_with(rows, "1.2 | ", "Product evidence | Insufficient")
    assert "Of 17 criteria: met 0, needs more 1, claimed 2, gap 14." in rows
    assert any(row.endswith("Moved HRCC to newer criteria; open again: 1.1") for row in rows)
