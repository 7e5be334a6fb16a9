"""What stands in a book, and above all what does not: every rule of who may know what, looked at in the file itself."""

import io
import zipfile

from sqlalchemy import event

from portfolio import clock
from portfolio.assessment import submitting
from portfolio.assessment.models import Submission
from portfolio.audit import streams
from portfolio.audit.events import System
from portfolio.centres.actions import change_terms, set_logo
from portfolio.centres.models import Centre
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.actions import Details, change
from portfolio.evidence.models import Evidence
from portfolio.export import book_queries, queries
from portfolio.export.book import book_from
from portfolio.installation import Installation
from portfolio.mapping import actions as mapping
from portfolio.mapping.rules import Outcome
from tests.cast import FULL_NAMES, Cast, add_file, hand_in, wanted, write
from tests.documents.samples import picture
from tests.documents.well_made import lacks
from tests.export.scenes import countersign, made, note, release, row_with, rows_of

MOST_STATEMENTS = 20
AMINA, MARGUERITE, TOBIAS, DAFYDD = (FULL_NAMES[name] for name in ("amina", "marguerite", "tobias", "dafydd"))


def book_of(installation: Installation, cast: Cast, whose: str = "amina") -> list[str]:
    """The rows of a book that is made now."""
    book = made(installation, cast, by=whose, whose=whose)
    assert lacks(book) == []
    return rows_of(book)


def test_the_title_page_says_whose_it_is(installation: Installation, cast: Cast) -> None:
    rows = book_of(installation, cast)
    for words in (AMINA, "Harrow Dale Training", "iCQ Level 3 NVQ Diploma in Contact Centre Operations (RQF)"):
        assert words in rows
    for label, value in (
        ("Registration number", "REG-AMINA"),
        ("Qualification number", "ICQ-L3-CCO"),
        ("Centre number", "40217"),
        ("Assessor", f"{MARGUERITE}, {TOBIAS} (trainee)"),
        ("Countersigns", DAFYDD),
        ("Initials", f"MO {MARGUERITE}"),
    ):
        assert f"{label}{value}" in rows


def test_the_centres_logo_stands_on_the_title_page(installation: Installation, cast: Cast) -> None:
    """Before everything else, said in words too; a centre without one has none."""
    assert b"The logo of" not in body_of(made(installation, cast))
    with installation.database.writing() as session:
        set_logo(session, System(), session.get_one(Centre, cast.homes["ada"]), picture(size=(300, 100)))
        session.commit()
    book = made(installation, cast)
    assert lacks(book) == []
    body = body_of(book)
    assert body.index(b'descr="The logo of Harrow Dale Training"') < body.index(b"<w:t")
    assert b'<wp:extent cx="1905000" cy="635000"/>' in body
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        kept = [package.read(name) for name in package.namelist() if name.startswith("word/media/")]
    assert picture(size=(300, 100)) in kept


def body_of(book: bytes) -> bytes:
    """The text of a book as it stands in the file."""
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        return package.read("word/document.xml")


def test_a_book_says_it_in_the_centres_words(installation: Installation, cast: Cast) -> None:
    """And explains them by the standard ones; the audit extract keeps those."""
    with installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["ada"])
        change_terms(session, System(), centre, own={"assessor": ("tutor", "tutors"), "evidence": ("work", "work")})
        session.commit()
    rows = book_of(installation, cast)
    assert "Portfolio of work" in rows
    assert f"Tutor{MARGUERITE}, {TOBIAS} (trainee)" in rows
    whole = "\n".join(rows)
    assert "What this centre calls an assessor." in whole
    assert "What this centre calls evidence." in whole
    (released,) = [row for row in rows if "Released a decision on E001" in row]
    assert "Assessor" in released
    assert "Tutor" not in released


def test_the_matrix_shows_state_evidence_method_decision_date_and_initials(
    installation: Installation, cast: Cast
) -> None:
    rows = book_of(installation, cast)
    today = f"{clock.today():%-d %b %Y}"
    first = row_with(rows, "1.1 | ", "| Met / Single source | E001 Complaint letter and reply | ")
    assert first.endswith(f"| Product evidence | Met | {today} | MO")
    assert row_with(rows, "1.2 | ", "Product evidence").endswith(f"| Insufficient | {today} | MO")
    assert row_with(rows, "2.1 | ", "Reflective account").endswith("| Awaits decision |  | ")
    assert row_with(rows, "1.3 | ", "| Gap |").endswith("| –")
    assert "Draft criteria" in row_with(rows, "Draft criteria")
    assert "Of 17 criteria: met 1, needs more 1, claimed 2, gap 13." in rows


def test_what_is_missing_is_listed_with_what_would_mend_it(installation: Installation, cast: Cast) -> None:
    rows = book_of(installation, cast)
    assert row_with(rows, "1.2 | ", "E001, insufficient: Say where the call note is kept.")
    assert row_with(rows, "1.3 | ", "Nothing handed in yet.")
    assert row_with(rows, "2.1 | ", "| Awaits decision.")
    assert not [row for row in rows if row.startswith("1.1 | ") and "Nothing" in row]


def test_an_item_has_its_header_sheet_its_claims_its_decision_and_its_content(
    installation: Installation, cast: Cast
) -> None:
    rows = book_of(installation, cast)
    assert "Header sheet E001 | Evidence index · Contents" in rows
    assert [row for row in rows if "Files | letter.txt" in row]
    assert "Declared | Own work, AI use stated, Identifying details taken out" in rows
    assert row_with(rows, "Made by | ", f"Made by | {AMINA} | ", " | Files")
    assert row_with(rows, "1.1 ", "It names who referred it. / Where: page 1 / Feedback: Clear. | Met", MARGUERITE)
    assert row_with(rows, f"{MARGUERITE} / Assessor | Yes | Yes | Yes | Yes | No")
    assert f"Assessor / {MARGUERITE} |  | " in rows
    for words in ("I handled the referral from the front desk.", "Dear Customer A, I am sorry.", "She rang twice."):
        assert words in rows
    assert row_with(rows, "Declared: Own work", "This is my own work and a true account of what I did.")


def test_the_audit_extract_ends_with_the_signed_head_that_the_book_row_keeps(
    installation: Installation, cast: Cast
) -> None:
    rows = book_of(installation, cast)
    with installation.database.reading() as session:
        book = book_queries.books_of(session, cast.enrolments["amina"])[0].book
        stream = {head.seq: head for head in streams.heads(session)}
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        source = queries.source_of(session, enrolment.id)
    asked = next(event for event in source.events if event.verb == "export.ask")
    assert (book.head_seq, book.head_hash) == (asked.seq, asked.hash)
    assert stream
    assert f"Hash of the last entry | {asked.hash}" in rows
    assert f"Signature (Ed25519) | {asked.signature}" in rows
    assert f"Public key | {installation.signer.public_key}" in rows
    assert installation.signer.is_signed(asked.hash, asked.signature)
    assert row_with(rows, f"{asked.seq} | ", f"{AMINA} / Learner | Asked for the Word portfolio")


def test_drafts_stay_out(installation: Installation, cast: Cast) -> None:
    everything = "\n".join(book_of(installation, cast))
    for secret in ("A week of repeated complaints", "Nine calls", "Notes for later", "Not mapped yet", "E003", "E004"):
        assert secret not in everything
    assert "Added a draft" in everything


def test_the_draft_of_a_new_version_stays_out_and_the_marked_one_stays_in(
    installation: Installation, cast: Cast
) -> None:
    with installation.database.writing() as session:
        item = session.get_one(Evidence, cast.evidence["amina E001"])
        amina = cast.actor("amina", session)
        draft = mapping.revise(session, amina, item)
        details = Details("A second try", draft.event_on, "With the place of the call note.")
        change(session, amina, item, installation.store, details=details, rev=draft.rev)
        session.commit()
    everything = "\n".join(book_of(installation, cast))
    assert "A second try" not in everything
    assert "place of the call note" not in everything
    assert "E001 Complaint letter and reply" in everything
    assert f"Handed in | {long_today()}, submission 1 | Version | 1" in everything


def long_today() -> str:
    """Today as header sheets write it."""
    return f"{clock.today():%-d %B %Y}"


def test_what_was_withdrawn_stays_out(installation: Installation, cast: Cast) -> None:
    with installation.database.writing() as session:
        submission = session.get_one(Submission, cast.submissions["amina E002"])
        submitting.withdraw(session, cast.actor("amina", session), submission)
        session.commit()
    everything = "\n".join(book_of(installation, cast))
    assert "would not be calmed" not in everything
    assert "She rang twice" not in everything
    assert "E002" not in everything
    assert "Took back 1 other item" in everything


def test_a_review_that_is_not_released_stays_out(installation: Installation, cast: Cast) -> None:
    note(installation, cast, "amina E002", "marguerite", Outcome.MET, "Convincing")
    rows = book_of(installation, cast)
    assert "Convincing" not in "\n".join(rows)
    assert row_with(rows, "2.1 | ", "Reflective account").endswith("| Awaits decision |  | ")


def test_a_trainees_decision_shows_only_as_awaiting_its_countersignature(
    installation: Installation, cast: Cast
) -> None:
    note(installation, cast, "amina E002", "tobias", Outcome.MET, "Convincing")
    release(installation, cast, "amina E002", "tobias")
    rows = book_of(installation, cast)
    assert "Convincing" not in "\n".join(rows)
    assert row_with(rows, "2.1 | ", "Reflective account").endswith("| Awaits countersignature |  | ")
    assert row_with(rows, "2.1 | ", "| Awaits countersignature.")
    assert not [row for row in rows if row.startswith(TOBIAS) and "Yes" in row]
    assert "Of 17 criteria: met 1, needs more 1, claimed 2, gap 13." in rows


def test_a_trainees_decision_that_was_agreed_shows_both_people(installation: Installation, cast: Cast) -> None:
    note(installation, cast, "amina E002", "tobias", Outcome.MET, "Convincing")
    release(installation, cast, "amina E002", "tobias")
    countersign(installation, cast, "amina E002", "dafydd")
    rows = book_of(installation, cast)
    signed = f"Countersigned: {DAFYDD}, {long_today()}"
    assert row_with(rows, f"{TOBIAS} / Trainee assessor / {signed} | Yes | Yes | Yes | Yes | Yes")
    assert row_with(rows, "2.1 | ", "Reflective account").endswith("| DP")
    assert {f"Trainee assessor / {TOBIAS} |  | ", f"Countersigner / {DAFYDD} |  | "} <= set(rows)


def test_a_countersigners_other_decision_stands_in_the_trainees_place(installation: Installation, cast: Cast) -> None:
    note(installation, cast, "amina E002", "tobias", Outcome.MET, "Convincing")
    release(installation, cast, "amina E002", "tobias")
    note(installation, cast, "amina E002", "dafydd", Outcome.NOT_YET_MET, "Too early")
    countersign(installation, cast, "amina E002", "dafydd")
    rows = book_of(installation, cast)
    assert row_with(rows, f"{DAFYDD} / Assessor, in place of {TOBIAS} (trainee)")
    assert row_with(rows, "2.1 | ", "Reflective account", "| Needs more")
    assert "Convincing" not in "\n".join(rows)
    assert row_with(rows, "2.1 | ", "E002, not yet met: Too early on 2.1")


def test_nothing_of_anybody_else_is_in_a_book(installation: Installation, cast: Cast) -> None:
    with installation.database.writing() as session:
        item = add_file(session, installation, cast, "ben", "Ben's own letter", b"Only Ben knows.")
        ben = session.get_one(Enrolment, cast.enrolments["ben"])
        mapping.map_to(session, cast.actor("ben", session), item, wanted=wanted(session, ben, {"1.1": "Ben's claim."}))
        hand_in(session, cast, "ben", item, "E001")
        session.commit()
    everything = "\n".join(book_of(installation, cast))
    for secret in ("Ben", "Only Ben knows", "Olga", "Customer Z", "Other Side"):
        assert secret not in everything
    assert "Only Ben knows." in "\n".join(book_of(installation, cast, "ben"))


def test_a_learner_who_has_nothing_yet_gets_a_whole_book(installation: Installation, cast: Cast) -> None:
    rows = book_of(installation, cast, "ben")
    nothing = "Nothing has been handed in for it yet."
    assert f"Of 17 criteria: met 0, needs more 0, claimed 0, gap 17. {nothing}" in rows
    assert "Still to do" not in rows
    assert "Evidence index" not in rows


def test_a_book_is_read_with_the_same_number_of_statements_however_much_there_is(
    installation: Installation, cast: Cast
) -> None:
    few = statements_to_read(installation, cast)
    with installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        for number in range(6):
            item = write(session, installation, cast, "amina", f"Account {number}", "I rang back.")
            claims = wanted(session, enrolment, {"2.4": "I rang back.", "2.5": "I locked it away."})
            mapping.map_to(session, cast.actor("amina", session), item, wanted=claims)
            hand_in(session, cast, "amina", item, item.ref)
        session.commit()
    assert statements_to_read(installation, cast) == few <= MOST_STATEMENTS


def statements_to_read(installation: Installation, cast: Cast) -> int:
    """How many statements it takes to read all that a book shows; putting it together must take none."""
    seen: list[str] = []

    def note_statement(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    with installation.database.reading() as session:
        session.connection()
        event.listen(installation.database.engine, "before_cursor_execute", note_statement)
        try:
            source = queries.source_of(session, cast.enrolments["amina"])
            reading = len(seen)
            _book, items = book_from(source)
        finally:
            event.remove(installation.database.engine, "before_cursor_execute", note_statement)
    assert items
    assert len(seen) == reading
    return reading
