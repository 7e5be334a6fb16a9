"""In the book: what is held elsewhere, with who has seen it, and what an assessor put on record."""

from datetime import date

from portfolio.criteria.rules import Method
from portfolio.evidence import sighting
from portfolio.evidence.models import Evidence
from portfolio.installation import Installation
from portfolio.mapping.claiming import claim_from_notes
from tests.cast import Cast
from tests.documents.well_made import lacks
from tests.evidence.records import held_elsewhere, note, observed, put_on_record, watched
from tests.export.scenes import made, rows_of


def book_of(installation: Installation, cast: Cast) -> list[str]:
    """The rows of amina's book, made now."""
    book = made(installation, cast)
    assert lacks(book) == []
    return rows_of(book)


def test_where_it_is_kept_and_who_has_seen_it(installation: Installation, cast: Cast) -> None:
    """Before anybody has, the book says so."""
    with installation.database.writing() as session:
        evidence_id = held_elsewhere(session, cast).id
        session.commit()
    text = "\n".join(book_of(installation, cast))
    assert "Seen by | Nobody has recorded seeing it." in text
    with installation.database.writing() as session:
        evidence, iris = session.get_one(Evidence, evidence_id), cast.actor("iris", session)
        sighting.sight(session, iris, evidence, seen_on=date(2026, 11, 10), note="The original.")
        session.commit()
    text = "\n".join(book_of(installation, cast))
    for words in (
        "Kind | Held elsewhere",
        "Kept at | Leeds, third drawer",
        "Kept by | Team leader",
        "Why not in this book | It may not leave the site.",
        "Learner's part | I wrote the replies.",
        "Seen by | Iris Featherstonehaugh (internal quality assurer), 10 November 2026: The original.",
        "| Leeds, third drawer / ",
        "Recorded seeing E005, where it is kept",
    ):
        assert words in text


def test_a_record_by_whom_it_is(installation: Installation, cast: Cast) -> None:
    """With what its author declared. A draft of a record stays out."""
    with installation.database.writing() as session:
        put_on_record(session, cast, watched(session, cast))
        watched(session, cast, "Not finished")
        session.commit()
    text = "\n".join(book_of(installation, cast))
    for words in (
        "Made by | Marguerite Okonkwo-Lindqvist (assessor)",
        "Observation, recorded by Marguerite Okonkwo-Lindqvist",
        "Declared | Seen or heard by the assessor, Identifying details taken out",
        "She listened first.",
        "Put E005 on record",
    ):
        assert words in text
    assert "Not finished" not in text
    assert "E006" not in text


def test_the_lines_of_a_record_are_a_table(installation: Installation, cast: Cast) -> None:
    """What no line has gets no column; questions stand beside their answers."""
    with installation.database.writing() as session:
        marguerite = cast.actor("marguerite", session)
        asked = note("", "Because.", "1.2", ask="Why?")
        for evidence in (
            observed(session, cast),
            observed(session, cast, asked, method=Method.QUESTIONS),
        ):
            claim_from_notes(session, marguerite, evidence)
            put_on_record(session, cast, evidence)
        session.commit()
    text = "\n".join(book_of(installation, cast))
    for words in (
        "Time | What was seen and said | Criteria",
        "10:42 | Listened to the end. | HRCC 1.1, HRCC 2.1",
        "Question | Answer | Criteria",
        "Why? | Because. | HRCC 1.2",
    ):
        assert words in text
