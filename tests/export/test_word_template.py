"""Books of a centre that has a Word template of its own."""

import zipfile
from io import BytesIO
from pathlib import Path

from portfolio import clock
from portfolio.audit.events import System
from portfolio.centres.actions import remove_word_template, set_word_template
from portfolio.centres.models import Centre
from portfolio.documents.wordtemplate.taking import taken
from portfolio.export.jobs import write_book_now
from portfolio.installation import Installation
from tests.cast import FULL_NAMES, Cast
from tests.documents.well_made import lacks
from tests.documents.word_templates import line, text, with_header
from tests.export.scenes import made, rows_of

COVER = (
    "{{learner}}, {{registration number}}, {{qualification}}, {{qualification number}}, {{centre}}, {{centre number}}, "
    "{{assessor}}, {{internal quality assurer}}, {{awarding organisation}}, {{level}}"
)


def put_on(installation: Installation, cast: Cast, folder: Path, *, whose: str = "ada") -> None:
    """A template with every field on its cover, and a header that says whose it is."""
    path = folder / "sent.docx"
    path.write_bytes(with_header(line(text("In the manner of " + whose)), body=line(text(COVER)), pictures=False))
    with installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes[whose])
        set_word_template(session, System(), centre, taken(path))
        session.commit()


def header_of(book: bytes) -> str:
    with zipfile.ZipFile(BytesIO(book)) as package:
        return package.read("word/header1.xml").decode()


def test_a_book_wears_the_template_of_its_centre(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    """The cover says who and what; without the template all is as before."""
    before = made(installation, cast)
    put_on(installation, cast, tmp_path)
    book = made(installation, cast)
    assert lacks(book) == []
    said = rows_of(book)[0].split(", ")
    assert said[:4] == [
        FULL_NAMES["amina"],
        "REG-AMINA",
        "iCQ Level 3 NVQ Diploma in Contact Centre Operations (RQF)",
        "ICQ-L3-CCO",
    ]
    assert said[4:6] == ["Harrow Dale Training", "40217"]
    assert FULL_NAMES["marguerite"] in said
    assert said[-1] == "3"
    assert "In the manner of ada" in header_of(book)
    assert "In the manner of" not in header_of(before)
    with installation.database.writing() as session:
        remove_word_template(session, System(), session.get_one(Centre, cast.homes["ada"]))
        session.commit()
    assert header_of(made(installation, cast)) == header_of(before)


def test_no_other_centre_wears_it(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    put_on(installation, cast, tmp_path, whose="odette")
    assert "In the manner of" not in header_of(made(installation, cast))


def test_the_same_moment_gives_the_same_file(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    """From the command line too. A template, like a logo, is no part of the portfolio's own record."""
    at = clock.now()
    put_on(installation, cast, tmp_path)
    books = []
    for name in ("one.docx", "two.docx"):
        path = tmp_path / name
        write_book_now(installation.database, installation.store, cast.enrolments["amina"], path, as_of=at)
        books.append(path.read_bytes())
    assert books[0] == books[1]
    assert "In the manner of ada" in header_of(books[0])
