"""In the book: what is held elsewhere, with who has seen it, and what an assessor put on record."""

from datetime import date

from portfolio.assessment import submitting
from portfolio.assessment.rules import BY_RECORDER
from portfolio.criteria.rules import Method
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import actions, sighting
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import Carrier
from portfolio.installation import Installation
from portfolio.mapping import actions as mapping
from portfolio.mapping.claiming import claim_from_notes
from tests.cast import Cast, hand_in, wanted
from tests.documents.well_made import lacks
from tests.evidence.records import note, observed, put_on_record
from tests.export.scenes import made, rows_of

EVENT = date(2026, 11, 3)
CUSTODY = {"location": "Leeds, third drawer", "custodian": "Team leader", "reason": "It may not leave the site."}


def held_elsewhere(installation: Installation, cast: Cast) -> int:
    """An item that stays where it is, handed in; answers its id."""
    with installation.database.writing() as session:
        enrolment, amina = session.get_one(Enrolment, cast.enrolments["amina"]), cast.actor("amina", session)
        evidence = actions.add(
            session,
            amina,
            enrolment,
            installation.store,
            method=Method.PRODUCT,
            carrier=Carrier.ELSEWHERE,
            details=Details("Complaint file 2210", EVENT, role="I wrote the replies.", custody=CUSTODY),
        )
        mapping.map_to(session, amina, evidence, wanted=wanted(session, enrolment, {"2.5": "It holds every letter."}))
        hand_in(session, cast, "amina", evidence, evidence.ref)
        session.commit()
        return evidence.id


def book_of(installation: Installation, cast: Cast) -> list[str]:
    """The rows of amina's book, made now."""
    book = made(installation, cast)
    assert lacks(book) == []
    return rows_of(book)


def test_where_it_is_kept_and_who_has_seen_it(installation: Installation, cast: Cast) -> None:
    """Before anybody has, the book says so."""
    evidence_id = held_elsewhere(installation, cast)
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
        "| Leeds, third drawer |",
        "Recorded seeing E005, where it is kept",
    ):
        assert words in text


def test_a_record_by_whom_it_is(installation: Installation, cast: Cast) -> None:
    """With what its author declared. A draft of a record stays out."""
    with installation.database.writing() as session:
        enrolment, marguerite = session.get_one(Enrolment, cast.enrolments["amina"]), cast.actor("marguerite", session)
        for title in ("Watched at the desk", "Not finished"):
            evidence = actions.add(
                session,
                marguerite,
                enrolment,
                installation.store,
                method=Method.OBSERVATION,
                carrier=Carrier.WRITTEN,
                details=Details(title, EVENT, body="She listened first."),
            )
            claims = wanted(session, enrolment, {"2.4": "She let him finish."})
            mapping.map_to(session, marguerite, evidence, wanted=claims)
            if title != "Not finished":
                submitting.put_on_record(session, marguerite, evidence, declared=set(BY_RECORDER))
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
