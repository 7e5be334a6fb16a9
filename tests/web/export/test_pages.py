"""The pages of the Word portfolio: who sees what, asking for a book, following it, stopping it, and the file."""

from urllib.parse import unquote

import pytest
from sqlalchemy import func, select

from portfolio import clock
from portfolio.audit.models import AccessLog
from portfolio.export.rules import WORD
from portfolio.installation import Installation
from portfolio.jobs.models import Job
from portfolio.jobs.rules import JobState
from portfolio.web.security import DOWNLOAD_CSP
from tests.cast import Cast
from tests.client import Page, StrictClient
from tests.documents.well_made import lacks
from tests.export.scenes import books, runner

MAKE = "Make the Word portfolio"


def page_of(cast: Cast, whose: str = "amina") -> str:
    """Where the Word portfolio of somebody is."""
    return f"/enrolments/{cast.enrolments[whose]}/book"


def made(installation: Installation, cast: Cast, client: StrictClient) -> int:
    """Have amina's book made as whoever is signed in; answers its id."""
    client.post(page_of(cast))
    runner(installation).run_due()
    return books(installation, cast)[0].book.id


def actions_on(page: Page) -> set[str]:
    """Where the page's forms lead, without the one that signs out."""
    return {form["action"] for form in page.forms()} - {"/sign-out"}


def test_the_page_says_what_will_be_in_the_book_and_what_holds_it_back(cast: Cast, client: StrictClient) -> None:
    page = client.sign_in("amina").get(page_of(cast))
    for words in (
        "13 gaps in HRCC",
        "1 criterion needs more in HRCC",
        "2 drafts are not handed in",
        "1 item awaits a decision",
        "2 items, each with its header sheet",
        MAKE,
        "None yet",
    ):
        assert words in page.words
    assert actions_on(page) == {page_of(cast)}


@pytest.mark.parametrize("name", ["marguerite", "tobias", "dafydd", "iris", "ada"])
def test_those_who_work_with_the_learner_may_have_it_made_and_hear_nothing_of_drafts(
    cast: Cast, client: StrictClient, name: str
) -> None:
    page = client.sign_in(name).get(page_of(cast))
    assert MAKE in page.words
    assert "draft is" not in page.words
    assert "drafts are" not in page.words
    client.post(page_of(cast))
    assert "Being made" in client.get(page_of(cast)).words


def test_a_granted_external_assurer_may_look_and_download_but_not_ask(
    installation: Installation, cast: Cast, client: StrictClient
) -> None:
    book_id = made(installation, cast, client.another().sign_in("amina"))
    client.sign_in("ewan")
    page = client.get(page_of(cast))
    assert MAKE not in page.words
    assert actions_on(page) == set()
    assert client.open(f"/books/{book_id}/download").status == 200
    client.post(page_of(cast), status=403)
    client.post(f"{page_of(cast)}/cancel", status=403)
    with installation.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AccessLog).where(AccessLog.subject.like("word_book:%")))


@pytest.mark.parametrize("name", ["ben", "drew", "olga", "oscar", "odette", None])
def test_to_everybody_else_there_is_no_such_book(
    installation: Installation, cast: Cast, client: StrictClient, name: str | None
) -> None:
    book_id = made(installation, cast, client.another().sign_in("amina"))
    if name not in {None, "drew"}:
        client.sign_in(str(name))
    is_stranger = name in {None, "drew"}
    for path in (page_of(cast), f"/books/{book_id}/progress", f"/books/{book_id}/download"):
        answer = client.open(path)
        assert answer.status == (303 if is_stranger else 404)
        assert "Ramachandran" not in answer.text
    for path in (page_of(cast), f"{page_of(cast)}/cancel"):
        client.post(path, status=303 if is_stranger else 404)
    assert len(books(installation, cast)) == 1


def test_a_book_is_asked_for_followed_and_downloaded(
    installation: Installation, cast: Cast, client: StrictClient
) -> None:
    client.sign_in("amina")
    assert client.post(page_of(cast)).location == page_of(cast)
    (row,) = books(installation, cast)
    waiting = client.get(page_of(cast))
    assert "Being made" in waiting.words
    assert MAKE not in waiting.words
    assert actions_on(waiting) == {f"{page_of(cast)}/cancel"}
    progress = client.open(f"/books/{row.book.id}/progress", headers={"Accept": "application/json"})
    assert progress.response.json == {"state": "queued", "done": 0, "total": 0, "message": ""}
    assert client.open(f"/books/{row.book.id}/download").status == 404, "it is not there yet"
    runner(installation).run_due()
    assert client.open(f"/books/{row.book.id}/progress").response.json["state"] == "done"  # type: ignore[index]
    assert f"/books/{row.book.id}/download" in client.get(page_of(cast)).links()
    answer = client.open(f"/books/{row.book.id}/download").response
    assert lacks(answer.data) == []
    assert (answer.status_code, answer.mimetype, answer.content_length) == (200, WORD, len(answer.data))
    assert answer.headers["Content-Security-Policy"] == DOWNLOAD_CSP
    assert answer.headers["Cache-Control"] == "no-store"
    said = unquote(answer.headers["Content-Disposition"])
    assert said.startswith("attachment; ")
    assert f"Portfolio Amina Ramachandran-Hughes {clock.today().isoformat()}.docx" in said


def test_asking_twice_makes_one_book(installation: Installation, cast: Cast, client: StrictClient) -> None:
    client.sign_in("amina")
    client.post(page_of(cast))
    client.post(page_of(cast))
    assert len(books(installation, cast)) == 1


def test_the_making_can_be_stopped(installation: Installation, cast: Cast, client: StrictClient) -> None:
    client.sign_in("amina")
    client.post(page_of(cast))
    client.post(f"{page_of(cast)}/cancel")
    page = client.get(page_of(cast))
    assert "no longer being made" in page.words
    assert MAKE in page.words
    assert books(installation, cast)[0].book.job.state is JobState.CANCELLED
    client.post(f"{page_of(cast)}/cancel", status=409)


def test_a_book_that_did_not_come_about_says_why(installation: Installation, cast: Cast, client: StrictClient) -> None:
    client.sign_in("amina")
    client.post(page_of(cast))
    with installation.database.writing() as session:
        job = session.scalars(select(Job)).one()
        job.state, job.message = JobState.FAILED, "Tell your centre the reference 1a2b3c4d."
        session.commit()
    page = client.get(page_of(cast))
    assert "Did not finish Tell your centre the reference 1a2b3c4d." in page.words
    assert MAKE in page.words


def test_the_page_takes_the_same_number_of_statements_however_many_books_there_are(
    installation: Installation, cast: Cast, client: StrictClient
) -> None:
    client.sign_in("amina")
    made(installation, cast, client)
    few = client.get(page_of(cast)).statements
    for _ in range(3):
        made(installation, cast, client)
    assert client.get(page_of(cast)).statements == few <= 20


def test_a_part_is_chosen_on_the_page_and_told_beside_its_file(
    installation: Installation, cast: Cast, client: StrictClient
) -> None:
    page = client.sign_in("amina").get(page_of(cast))
    assert "Only a part of it: one unit, the matrix, or a sample" in page.words
    client.post(page_of(cast), {"extent": "sample", "refs": ["E002"]})
    runner(installation).run_due()
    row = books(installation, cast)[0]
    assert row.book.choice["refs"] == ["E002"]
    page = client.get(page_of(cast))
    assert "A sample of the evidence: E002" in page.words
    answer = client.open(f"/books/{row.book.id}/download")
    assert " sample " in unquote(answer.response.headers["Content-Disposition"])


def test_a_part_that_is_not_there_is_refused_beside_its_field(cast: Cast, client: StrictClient) -> None:
    client.sign_in("amina")
    page = client.post(page_of(cast), {"extent": "sample"}, status=422)
    assert "Choose at least one item that was handed in." in page.words
    page = client.post(page_of(cast), {"extent": "unit", "unit": "NONE"}, status=422)
    assert "Choose one of the units of this portfolio." in page.words


def test_the_pdf_of_a_book_is_a_file_of_its_own(installation: Installation, cast: Cast, client: StrictClient) -> None:
    """Only where one was made."""
    book_id = made(installation, cast, client.sign_in("amina"))
    assert client.open(f"/books/{book_id}/pdf").status == 404
    assert "PDF" not in client.get(page_of(cast)).words
    client.post(page_of(cast))
    runner(installation, lay_out=lambda _book, pdf: bool(pdf.write_bytes(b"%PDF-1.7"))).run_due()
    book_id = books(installation, cast)[0].book.id
    assert "PDF" in client.get(page_of(cast)).words
    answer = client.open(f"/books/{book_id}/pdf").response
    assert answer.data == b"%PDF-1.7"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Security-Policy"] == DOWNLOAD_CSP
    assert unquote(answer.headers["Content-Disposition"]).endswith(".pdf")
