"""The chapters about the portfolio as a whole: what was achieved and declared, who took part, and room to write."""

from portfolio.audit.events import System
from portfolio.centres.actions import change_settings
from portfolio.centres.models import Centre
from portfolio.centres.settings import CentreSettings
from portfolio.enrolment.models import EnrolmentUnit
from portfolio.installation import Installation
from portfolio.storage.rules import Limits
from tests.assessment.signing import make_signed, reopened
from tests.cast import FULL_NAMES, Cast
from tests.documents.well_made import lacks
from tests.export.scenes import made, row_with, rows_of

ON_PAPER = (
    "Learner profile",
    "Induction, appeals and equality",
    "Witnesses",
    "Skill scan and recognition of prior learning",
    "Assessment plans and reviews",
    "Internal quality assurance",
    "External quality assurance",
)


def test_a_summary_says_how_far_every_unit_is(installation: Installation, cast: Cast) -> None:
    rows = rows_of(made(installation, cast))
    at = rows.index("Summary of achievement")
    assert rows[at + 2] == "0 of 1 unit signed off: 0 credits."
    assert row_with(rows, "HRCC Handle referred customer complaints | 4 | 10 | ").endswith("of 17 met | – | –")


def test_a_unit_that_was_signed_off_counts_until_it_is_opened_again(installation: Installation, cast: Cast) -> None:
    unit_id = make_signed(cast)
    rows = rows_of(made(installation, cast, by="ben", whose="ben"))
    assert "1 of 1 unit signed off: 10 credits." in rows
    signed = row_with(rows, "HRCC Handle referred customer complaints | 4 | 10 | ")
    assert "| Signed off | " in signed
    assert signed.endswith(FULL_NAMES["marguerite"])
    with installation.database.writing() as session:
        reopened(session, cast, session.get_one(EnrolmentUnit, unit_id))
        session.commit()
    rows = rows_of(made(installation, cast, by="ben", whose="ben"))
    assert "0 of 1 unit signed off: 0 credits." in rows
    assert "17 of 17 met" in row_with(rows, "HRCC Handle referred customer complaints | 4 | 10 | ")


def test_what_was_declared_stands_with_its_evidence(installation: Installation, cast: Cast) -> None:
    rows = rows_of(made(installation, cast))
    declared = [row for row in rows if row.endswith("Own work, AI use stated, Identifying details taken out")]
    assert [row.split(" | ")[2] for row in declared if row.split(" | ")[0].isdecimal()] == ["E001", "E002"]


def test_everybody_with_a_part_has_room_for_a_signature(installation: Installation, cast: Cast) -> None:
    """With their part, since when, and the initials that stand beside decisions."""
    rows = rows_of(made(installation, cast))
    assert row_with(rows, f"{FULL_NAMES['amina']} | Learner | ")
    assert row_with(rows, f"{FULL_NAMES['marguerite']} | Assessor | Since ").split(" | ")[3] == "MO"
    assert row_with(rows, f"{FULL_NAMES['tobias']} | Trainee assessor | Since ")
    assert row_with(rows, f"{FULL_NAMES['dafydd']} | Countersigner | Since ")


def test_pages_to_write_on_are_there_where_the_centre_wants_them(installation: Installation, cast: Cast) -> None:
    book = made(installation, cast)
    assert not set(ON_PAPER) & set(rows_of(book))
    with installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["ada"])
        change_settings(
            session,
            System(),
            centre,
            name=centre.name,
            number=centre.number,
            settings=CentreSettings(book_blanks=True),
            installation=Limits(10**9, 10**10, 10**11),
        )
        session.commit()
    book = made(installation, cast)
    assert lacks(book) == []
    rows = rows_of(book)
    assert [row for row in rows if row in ON_PAPER] == list(ON_PAPER)
    assert rows.index("Assessment plans and reviews") < rows.index("Criteria and evidence")
    assert "Signatures for the unit" in rows
