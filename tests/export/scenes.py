"""What the tests of the Word portfolio have in common: asking, making, reading, and marking by a trainee."""

from contextlib import nullcontext
from pathlib import Path
from threading import Event

from lxml.etree import _Element

from portfolio.assessment import marking
from portfolio.assessment.rules import Mark
from portfolio.documents.blocks import Extract, Paragraph, plain
from portfolio.documents.sandbox import Extractor
from portfolio.enrolment.models import Enrolment
from portfolio.export import actions, book_queries
from portfolio.export.book_queries import BookRow
from portfolio.export.jobs import LayOut, Reader
from portfolio.installation import Installation
from portfolio.jobs.running import Runner
from portfolio.mapping.rules import Outcome
from portfolio.worker import make_runner
from tests.cast import ALL_TICKED, Cast, item
from tests.documents.well_made import body
from tests.screened import by_worker

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def ask(installation: Installation, cast: Cast, *, by: str = "amina", whose: str = "amina") -> int:
    """Ask for a book; answers its id."""
    with installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments[whose])
        book = actions.ask_for_book(session, cast.actor(by, session), enrolment)
        session.commit()
        return book.id


def read_plainly(path: Path, _media_type: str, _name: str, _sha256: str | None) -> Extract:
    """A text file as one paragraph, in this process: what tests of anything but the sandbox use."""
    return Extract((Paragraph(plain(path.read_text())),))


def not_laid_out(_book: Path, _pdf: Path) -> bool:
    """Nothing lays books out."""
    return False


def nothing_ready(_centre: str, _sha256: str, _part: int) -> bytes:
    """Nothing was made ready of any file."""
    raise FileNotFoundError


def runner(installation: Installation, read: Reader = read_plainly, *, lay_out: LayOut = not_laid_out) -> Runner:
    """A worker that reads files anew, in its own process; the contents that wait are looked through by now."""
    by_worker(installation)
    return make_runner(
        installation, Event(), extractor=lambda _folder: nullcontext(read), lay_out=lay_out, prepared=nothing_ready
    )


def sandboxed_runner(installation: Installation) -> Runner:
    """A worker as it really is."""
    return make_runner(installation, Event(), extractor=Extractor)


def made(installation: Installation, cast: Cast, *, by: str = "amina", whose: str = "amina") -> bytes:
    """Ask for a book, make it, and answer the file."""
    ask(installation, cast, by=by, whose=whose)
    runner(installation).run_due()
    return content(installation, books(installation, cast, whose)[0])


def books(installation: Installation, cast: Cast, whose: str = "amina") -> list[BookRow]:
    """The books of an enrolment, the newest first."""
    with installation.database.reading() as session:
        return book_queries.books_of(session, cast.enrolments[whose])


def content(installation: Installation, row: BookRow) -> bytes:
    """The file of a book that was made."""
    with installation.database.reading() as session:
        enrolment = session.get_one(Enrolment, row.book.enrolment_id)
        assert row.book.blob is not None, row.book.job.message
        with installation.store.open(enrolment.centre.uid, row.book.blob.sha256) as file:
            return file.read()


def rows_of(book: bytes) -> list[str]:
    """The visible text of a book: a line for each table row, cells parted by bars, and for each other paragraph."""
    lines: list[str] = []
    for element in body(book)[0]:
        if element.tag == f"{WORD}tbl":
            rows = element.findall(f"{WORD}tr")
            lines += [" | ".join(words_of(cell) for cell in row.findall(f"{WORD}tc")) for row in rows]
        else:
            lines.append(words_of(element))
    return [line for line in lines if line.strip(" |")]


def words_of(element: _Element) -> str:
    """The text of an element, its paragraphs parted by slashes."""
    paragraphs = [element] if element.tag == f"{WORD}p" else list(element.iter(f"{WORD}p"))
    return " / ".join("".join(t.text or "" for t in p.iter(f"{WORD}t")) for p in paragraphs)


def row_with(rows: list[str], *words: str) -> str:
    """The one row that begins with the first word and holds the others."""
    found = [row for row in rows if row.startswith(words[0]) and all(word in row for word in words)]
    assert len(found) == 1, found
    return found[0]


def note(installation: Installation, cast: Cast, name: str, assessor: str, outcome: Outcome, words: str) -> None:
    """Somebody begins with an item and notes one outcome for all of it, without releasing it."""
    with installation.database.writing() as session:
        handed_in, actor = item(session, cast, name), cast.actor(assessor, session)
        if handed_in.submission.opened_at is None:
            marking.open_item(session, actor, handed_in)
        marks = [
            Mark(claim.id, outcome, outcome is Outcome.MET, f"{words} on {claim.criterion.code}")
            for claim in marking.claims_on(session, handed_in)
        ]
        marking.save_review(session, actor, handed_in, varc=ALL_TICKED, marks=marks, feedback=words)
        session.commit()


def release(installation: Installation, cast: Cast, name: str, assessor: str) -> None:
    """Somebody releases what they noted."""
    with installation.database.writing() as session:
        marking.release(session, cast.actor(assessor, session), item(session, cast, name))
        session.commit()


def countersign(installation: Installation, cast: Cast, name: str, assessor: str) -> None:
    """Somebody countersigns: their own review if they noted one, else the trainee's as it stands."""
    with installation.database.writing() as session:
        marking.countersign(session, cast.actor(assessor, session), item(session, cast, name))
        session.commit()
