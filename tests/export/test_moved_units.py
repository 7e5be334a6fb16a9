"""The book after a unit was moved to newer criteria: what was decided shows as it was decided, wherever it counts."""

import pytest
from sqlalchemy.orm import Session

from portfolio.assessment import marking
from portfolio.assessment.choosing import move_unit
from portfolio.documents.wordbook.content import Book, Cited, ItemPart
from portfolio.enrolment.models import Enrolment
from portfolio.export.book import book_from
from portfolio.export.queries import source_of
from portfolio.export.sheets import SET_ASIDE
from portfolio.installation import Installation
from portfolio.mapping.rules import Outcome
from tests.assessment import desk
from tests.assessment.packs import changed_pack, load_changed
from tests.cast import FULL_NAMES, Cast
from tests.documents.well_made import lacks
from tests.export.scenes import made, row_with, rows_of

MARGUERITE, TOBIAS, DAFYDD = (FULL_NAMES[name] for name in ("marguerite", "tobias", "dafydd"))


def move(session: Session, cast: Cast, *, reworded: tuple[str, ...] = (), gone: tuple[str, ...] = ()) -> None:
    """Amina's unit is moved to criteria with these changes."""
    enrolment, ada = session.get_one(Enrolment, cast.enrolments["amina"]), cast.actor("ada", session)
    to = load_changed(session, ada, enrolment, changed_pack(reworded=reworded, gone=gone))
    move_unit(session, ada, enrolment.units[0], to=to)
    session.expire_all()


def shown(session: Session, cast: Cast) -> tuple[Book, dict[str, ItemPart]]:
    """The book as it would be made now, and its sheets by reference."""
    book, items = book_from(source_of(session, cast.enrolments["amina"]))
    return book, {item.sheet.ref: item.sheet for item in items}


def countersigned(session: Session, cast: Cast, *outcomes: Outcome) -> None:
    """Tobias finds everything in E002 met, and Dafydd decides."""
    handed_in = desk.opened(session, cast, "tobias")
    desk.judged(session, cast, "tobias", handed_in, Outcome.MET, Outcome.MET)
    desk.save(session, cast, "dafydd", handed_in, *outcomes)
    marking.countersign(session, cast.actor("dafydd", session), handed_in)


@pytest.mark.parametrize("change", [{"reworded": ("2.3",)}, {"gone": ("2.3",)}, {"reworded": ("2.1", "2.3")}])
def test_who_decided_what_in_whose_place_stays(
    cast: Cast, session: Session, change: dict[str, tuple[str, ...]]
) -> None:
    """Though what the two differed on no longer counts."""
    countersigned(session, cast, Outcome.MET, Outcome.INSUFFICIENT)
    _book, sheets = shown(session, cast)
    before = sheets["E002"].reviews
    move(session, cast, **change)
    _book, sheets = shown(session, cast)
    (review,) = sheets["E002"].reviews
    assert (review.assessor, review.role) == (DAFYDD, f"Assessor, in place of {TOBIAS} (trainee)")
    assert (review.sufficient, review.countersigned) == (False, "")
    assert sheets["E002"].reviews == before


def test_what_was_agreed_stays_agreed(cast: Cast, session: Session) -> None:
    countersigned(session, cast, Outcome.MET, Outcome.MET)
    move(session, cast, reworded=("2.1", "2.3"))
    _book, sheets = shown(session, cast)
    (review,) = sheets["E002"].reviews
    assert (review.assessor, review.role, review.sufficient) == (TOBIAS, "Trainee assessor", True)
    assert review.countersigned.startswith(f"{DAFYDD}, ")


def test_the_sheet_keeps_what_was_claimed_and_decided_and_says_what_no_longer_counts(
    cast: Cast, session: Session
) -> None:
    """In the words that it was claimed for, after what goes on counting."""
    move(session, cast, reworded=("1.1",))
    book, sheets = shown(session, cast)
    kept, aside = sheets["E001"].claims
    assert (kept.code, kept.note, kept.decision) == ("1.2", "", "Insufficient")
    assert (aside.code, aside.note, aside.decision, aside.by) == ("1.1", SET_ASIDE, "Met", MARGUERITE)
    assert (aside.annotation, aside.place, aside.feedback) == ("It names who referred it.", "page 1", "Clear.")
    assert aside.text == "Establish what was referred, who referred it and why"
    (review,) = sheets["E001"].reviews
    assert review.sufficient is False
    index = {line.ref: line.criteria for line in book.index}
    aside_of = Cited("HRCC", ("1.1",), SET_ASIDE.lower())
    assert index == {"E001": (Cited("HRCC", ("1.2",)), aside_of), "E002": (Cited("HRCC", ("2.1", "2.3")),)}


def test_the_unit_counts_anew_and_keeps_what_was_said_on_it(cast: Cast, session: Session) -> None:
    move(session, cast, reworded=("1.1", "1.2"))
    book, _sheets = shown(session, cast)
    (unit,) = book.units
    assert "met 0, needs more 0, claimed 2, gap 15." in unit.summary
    reasons = {gap.code: gap.reason for gap in unit.gaps}
    assert reasons["1.1"] == reasons["1.2"] == "What was handed in was for an earlier wording."
    assert reasons["1.3"] == "Nothing handed in yet."
    assert [said.by for said in unit.feedback] == [MARGUERITE]
    first = unit.outcomes[0].criteria[0]
    assert (first.state, first.entries) == ("Gap", ())


def test_the_file_says_it_and_is_well_made(installation: Installation, cast: Cast) -> None:
    """Also where a criterion is gone, to which nothing can lead."""
    with installation.database.writing() as session:
        move(session, cast, reworded=("1.1",), gone=("1.2",))
        session.commit()
    book = made(installation, cast)
    assert lacks(book) == []
    rows = rows_of(book)
    assert SET_ASIDE in row_with(rows, "1.1 Establish what was referred", "It names who referred it.", "| Met |")
    assert SET_ASIDE in row_with(rows, "1.2 ", "Say where the call note is kept.", "| Insufficient |")
    assert row_with(rows, "1.1 | ", "What was handed in was for an earlier wording.")
    assert row_with(rows, "E001 | ", f"HRCC: 1.1, 1.2 ({SET_ASIDE.lower()})")
