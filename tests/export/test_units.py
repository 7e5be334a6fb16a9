"""Books of learners whose units are in outline, or were moved to newer criteria."""

from portfolio.assessment.choosing import move_unit
from portfolio.enrolment.models import Enrolment
from portfolio.installation import Installation
from tests.assessment.packs import changed_pack, load_changed
from tests.cast import Cast
from tests.documents.well_made import lacks
from tests.export.scenes import made, row_with, rows_of
from tests.web.enrolment.diplomas import on_diploma


def test_a_unit_in_outline_stands_in_the_book_and_says_so(installation: Installation, cast: Cast) -> None:
    on_diploma(cast)
    book = made(installation, cast, by="ben", whose="ben diploma")
    assert lacks(book) == []
    rows = rows_of(book)
    at = rows.index("A-2 Keep records of customers")
    assert rows[at + 1] == "Known in outline only: its criteria are not loaded yet."
    assert rows[at + 3] == "There are no criteria to meet yet."


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
