"""The lines of a record on its page: read, refused by line, kept as they are typed, and told wherever the record is."""

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from portfolio.assessment.models import SubmissionItem
from portfolio.assessment.rules import BY_RECORDER
from portfolio.criteria.rules import Method
from portfolio.drafts import actions as drafts
from portfolio.drafts.queries import find
from portfolio.enrolment.queries import OwnCriterion
from portfolio.errors import Rejected
from portfolio.evidence import actions
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.evidence.rules import place_of_record
from portfolio.mapping.claiming import claim_from_notes
from portfolio.web.evidence.notes_forms import MORE, SPARE, Codes
from tests.cast import Cast
from tests.client import Page, StrictClient
from tests.evidence.breaches import mark
from tests.evidence.records import SEEN, note, observed, put_on_record

ABOUT = {"title": "Watched at the desk", "method": "O"}
LINES = {
    "notes-0-at": "10.50",
    "notes-0-said": "Said what would happen next.",
    "notes-0-codes": "2.1",
    "notes-4-at": "1042",
    "notes-4-said": " Listened to the end. ",
    "notes-4-codes": "HRCC 1.1, 2.1; 1.1",
    "notes-5-at": "11:00",
}


@pytest.fixture
def marguerite(client: StrictClient, cast: Cast) -> StrictClient:
    """An assessor of amina's."""
    assert cast.people
    return client.sign_in("marguerite")


def new(cast: Cast) -> str:
    """Where a record of amina is begun."""
    return f"/enrolments/{cast.enrolments['amina']}/records/new"


def minutes() -> dict[str, Any]:
    """A file that is sent with a form."""
    return {"files": [(BytesIO(b"Minutes"), "minutes.txt")]}


def values(page: Page) -> dict[str, str]:
    """What stands in the fields of the record."""
    return next(form["fields"] for form in page.forms() if "title" in form["fields"])


def version_of(cast: Cast, evidence_id: int) -> EvidenceVersion:
    """The newest version."""
    with cast.installation.database.reading() as session:
        return session.get_one(Evidence, evidence_id).latest


def made(cast: Cast, *notes: dict[str, Any], method: Method = Method.OBSERVATION, on_record: bool = False) -> int:
    """A record of amina by marguerite; answers its id."""
    with cast.installation.database.writing() as session:
        evidence = observed(session, cast, *notes, method=method)
        claim_from_notes(session, cast.actor("marguerite", session), evidence)
        if on_record:
            put_on_record(session, cast, evidence)
        session.commit()
        return evidence.id


@pytest.mark.parametrize(
    ("asked", "said", "parts"),
    [
        ("", "What you saw", {"at", "said", "codes"}),
        ("?method=PD", "What was said", {"at", "said", "codes"}),
        ("?method=Q", "Answer", {"ask", "said", "codes"}),
        ("?method=PE", "What you saw", {"at", "said", "codes"}),
    ],
)
def test_each_kind_of_record_has_its_page(
    marguerite: StrictClient, cast: Cast, asked: str, said: str, parts: set[str]
) -> None:
    """With a few empty lines, and the criteria with their codes."""
    page = marguerite.get(new(cast) + asked)
    assert page.statements <= 15
    assert said in page.words
    names = [name.split("-") for name in values(page) if name.startswith("notes-")]
    assert {part for _notes, index, part in names if index.isdigit()} == parts
    assert len({index for _notes, index, _part in names if index.isdigit()}) == SPARE
    assert {f"{new(cast)}?method={kind}" for kind in ("O", "PD", "Q")} <= page.links()
    assert "Criteria and their codes" in page.words


def test_lines_are_kept_in_order_and_make_their_claims(marguerite: StrictClient, cast: Cast) -> None:
    """A line with a time alone is none."""
    done = marguerite.post(new(cast), ABOUT | LINES)
    evidence_id = int(done.location.split("/")[2])
    assert version_of(cast, evidence_id).notes == SEEN
    page = marguerite.get(f"/evidence/{evidence_id}")
    for words in ("Listened to the end.Shows 1.1, 2.1", "10:42: Listened to the end.", "2 lines"):
        assert words in page.words
    assert "Said what would happen next." in marguerite.get(f"/evidence/{evidence_id}/map").words


@pytest.mark.parametrize(
    ("wrong", "why", "where"),
    [
        ({"notes-0-at": "25:00"}, "Give the time of the day", "notes-0-at"),
        ({"notes-0-said": ""}, "Write what you saw", "notes-0-said"),
        ({"notes-0-said": "x" * 2_001}, "Keep this to 2000 characters", "notes-0-said"),
        ({"notes-4-codes": "9.9"}, "There is no criterion 9.9 in the learner’s units.", "notes-4-codes"),
        ({"notes-4-codes": "HRCC 9.9"}, "There is no criterion 9.9 in HRCC.", "notes-4-codes"),
        ({"method": "PD"}, "Give how far in it was", "notes-0-at"),
    ],
)
def test_what_is_wrong_is_said_at_its_line(
    marguerite: StrictClient, cast: Cast, wrong: dict[str, str], why: str, where: str
) -> None:
    """And everything that was typed still stands there."""
    if "method" in wrong:
        wrong = wrong | {"notes-0-at": "half past", "notes-4-at": "", "notes-5-at": ""}
    page = marguerite.post(new(cast), ABOUT | LINES | wrong, status=422)
    assert why in page.words
    assert f"#{where}" in page.links()
    kept = {name: text for name, text in (LINES | wrong).items() if name.startswith(("notes-0", "notes-4"))}
    assert {name: values(page)[name].strip() for name in kept} == {name: text.strip() for name, text in kept.items()}


def test_a_record_has_so_many_lines(marguerite: StrictClient, cast: Cast) -> None:
    many = {f"notes-{number}-said": "Seen." for number in range(201)}
    page = marguerite.post(new(cast), ABOUT | many, status=422)
    assert "A record takes at most 200 lines." in page.words


def test_an_answer_needs_its_question(marguerite: StrictClient, cast: Cast) -> None:
    said = {"title": "Asked", "method": "Q", "notes-0-said": "Because.", "notes-1-ask": "What then?"}
    page = marguerite.post(new(cast), said, status=422)
    assert "An answer needs its question." in page.words
    done = marguerite.post(new(cast), said | {"notes-0-ask": "Why?"})
    evidence_id = int(done.location.split("/")[2])
    assert [line["ask"] for line in version_of(cast, evidence_id).notes] == ["Why?", "What then?"]
    page = marguerite.get(f"/evidence/{evidence_id}")
    assert "Asked: Why?Answered: Because." in page.words
    assert "No answer yet" in page.words


def test_a_question_without_an_answer_is_not_put_on_record(marguerite: StrictClient, cast: Cast) -> None:
    evidence_id = made(
        cast, note("", "Because.", "1.1", ask="Why?"), note("", "", ask="What then?"), method=Method.QUESTIONS
    )
    declared = {declaration.value: "y" for declaration in BY_RECORDER}
    page = marguerite.post(f"/evidence/{evidence_id}/put-on-record", declared, status=422)
    assert "Line 2 has no answer yet." in page.words


def test_more_lines_without_a_script(marguerite: StrictClient, cast: Cast) -> None:
    """Nothing is saved by it, and a file that came with it waits."""
    page = marguerite.post(new(cast), ABOUT | LINES | {"title": "", "more": "1"} | minutes(), status=200)
    assert "minutes.txt" in page.words
    assert "notes-0-at" in values(page)
    assert len([name for name in values(page) if name.endswith("-said") and "N" not in name]) == 2 + MORE
    with cast.installation.database.reading() as session:
        assert not session.scalars(select(Evidence).where(Evidence.method == Method.OBSERVATION)).all()
    evidence_id = made(cast)
    address = f"/evidence/{evidence_id}/edit"
    page = marguerite.post(address, values(marguerite.get(address)) | {"more": "1"} | minutes(), status=200)
    assert "minutes.txt" in page.words
    assert version_of(cast, evidence_id).rev == 1


def test_a_question_from_the_guidance(marguerite: StrictClient, cast: Cast) -> None:
    """It becomes a line with its criteria; one that is not there is left alone."""
    page = marguerite.get(f"{new(cast)}?method=Q")
    assert page.statements <= 15
    button = next(one for one in page.all("button") if one.get("name") == "take")
    about = {"title": "Asked", "method": "Q"}
    page = marguerite.post(new(cast), about | {"take": button.get("value", "")}, status=200)
    assert values(page)["notes-0-ask"].strip() == button.get("data-take")
    assert values(page)["notes-0-codes"] == button.get("data-take-codes")
    page = marguerite.post(new(cast), about | {"take": "999999"}, status=200)
    assert not values(page)["notes-0-ask"].strip()
    page = marguerite.post(new(cast), about | {"prompts": "1", "unit": "999999"}, status=200)
    assert "Begin from what the unit asks for" in page.words


def test_what_is_typed_is_kept(marguerite: StrictClient, cast: Cast) -> None:
    """Each kind of record by itself, until it is saved or begun afresh."""
    place = place_of_record(cast.enrolments["amina"], Method.OBSERVATION)
    with cast.installation.database.writing() as session:
        drafts.save(session, cast.people["marguerite"], place, ABOUT | LINES | {"title": "Half of it"})
        session.commit()
    page = marguerite.get(new(cast))
    assert "You were writing this on" in page.words
    assert values(page)["notes-4-said"].strip() == "Listened to the end."
    assert "You were writing this on" not in marguerite.get(f"{new(cast)}?method=PD").words
    assert marguerite.post(new(cast), {"afresh": "1"}).location == new(cast)
    assert values(marguerite.get(new(cast)))["title"] == ""
    marguerite.post(new(cast), ABOUT | LINES)
    with cast.installation.database.reading() as session:
        assert find(session, cast.people["marguerite"], place) is None


def test_changing_a_record(marguerite: StrictClient, cast: Cast) -> None:
    """The claims follow; two windows are told apart, each with its lines."""
    evidence_id = made(cast)
    address = f"/evidence/{evidence_id}/edit"
    page = marguerite.get(address)
    assert page.statements <= 15
    fields = values(page)
    assert (fields["notes-0-at"], fields["notes-1-codes"]) == ("10:42", "2.1")
    done = marguerite.post(address, fields | {"notes-1-codes": "3.2", "notes-1-said": "Said it."})
    assert done.location == f"/evidence/{evidence_id}"
    assert "10:50: Said it." in marguerite.get(f"/evidence/{evidence_id}").words
    page = marguerite.post(address, fields | {"notes-0-said": "Something else."}, status=409)
    assert "Said it." in page.words
    assert values(page)["notes-0-said"].strip() == "Something else."
    page = marguerite.post(address, fields | {"notes-0-codes": "9.9"}, status=422)
    assert "There is no criterion 9.9" in page.words
    fields = values(marguerite.get(address))
    assert marguerite.post(address, {"afresh": "1"}).location == address
    gone = {name: "" for name in fields if name.startswith("notes-")}
    page = marguerite.post(address, fields | gone, status=422)
    assert "Write something first." in page.words


def test_versions_differ_by_their_lines(marguerite: StrictClient, cast: Cast) -> None:
    evidence_id = made(cast, on_record=True)
    with cast.installation.database.writing() as session:
        evidence = session.get_one(Evidence, evidence_id)
        item = evidence.latest
        cast.items["amina E005"] = session.scalars(
            select(SubmissionItem.id).where(SubmissionItem.evidence_version_id == item.id)
        ).one()
        mark(session, cast, "amina E005")
        draft = actions.revise(session, cast.actor("marguerite", session), evidence)
        draft.notes = [SEEN[0], note("10:55", "Said what would come.", "2.1")]
        session.commit()
    page = marguerite.get(f"/evidence/{evidence_id}/versions")
    assert "10:42 Listened to the end. (1.1, 2.1)" in page.words
    assert "taken out:" in page.words


def test_the_learner_and_the_one_who_judges_read_the_lines(marguerite: StrictClient, cast: Cast) -> None:
    evidence_id = made(cast, on_record=True)
    amina = marguerite.another().sign_in("amina")
    assert "Listened to the end.Shows 1.1, 2.1" in amina.get(f"/evidence/{evidence_id}").words
    item = max(link for link in marguerite.get("/marking").links() if link.startswith("/marking/"))
    marguerite.post(f"{item}/open")
    assert "Listened to the end.Shows 1.1, 2.1" in marguerite.get(item).words


def test_personal_data_is_looked_for_in_the_lines(marguerite: StrictClient, cast: Cast) -> None:
    """Found, shown as it will stand, and taken out."""
    evidence_id = made(cast, note("10:42", "Mrs Quillfeather rang.", "1.1"), on_record=True)
    marguerite.post(f"/evidence/{evidence_id}/hide", {"words": "The first line"})
    address = f"/evidence/{evidence_id}/mend"
    page = marguerite.get(address)
    assert "What was seen or said, line 1, 10:42" in page.words
    fields = next(form["fields"] for form in page.forms() if "sought" in form["fields"])
    claim = next(name for name in fields if name.startswith("annotation_"))
    sent = fields | {"sought": "Quillfeather", "reason": "A name", claim: "10:42: Customer A rang."}
    page = marguerite.post(address, sent, status=422)
    assert "#note_0_said" in page.links()
    page = marguerite.post(address, sent | {"look": "1", "note_0_said": "Customer A rang."}, status=200)
    assert "Customer A rang." in page.words
    marguerite.post(address, sent | {"note_0_said": "Customer A rang."})
    assert version_of(cast, evidence_id).notes == [note("10:42", "Customer A rang.", "1.1")]
    assert "The notes" in marguerite.get(f"/evidence/{evidence_id}/amended").words


def own(*pairs: tuple[str, str]) -> list[OwnCriterion]:
    """Criteria of units."""
    return [
        OwnCriterion(1, 1, unit, unit, "1", "One", number, code, "Text") for number, (unit, code) in enumerate(pairs)
    ]


ONE = Codes(own(("HRCC", "1.1"), ("HRCC", "1.10"), ("HRCC", "2.1")))
TWO = Codes(own(("HRCC", "1.1"), ("HRCC", "1.2"), ("M/601/1511", "1.1"), ("M/601/1511", "4.3")))


@pytest.mark.parametrize(
    ("codes", "text", "found"),
    [
        (ONE, "1.1, 2.1", [("HRCC", "1.1"), ("HRCC", "2.1")]),
        (ONE, " hrcc: 1.10 1.10;", [("HRCC", "1.10")]),
        (ONE, "1.1.", [("HRCC", "1.1")]),
        (ONE, "", []),
        (TWO, "1.2; 4.3", [("HRCC", "1.2"), ("M/601/1511", "4.3")]),
        (TWO, "m/601/1511 1.1, 4.3; HRCC 1.1", [("M/601/1511", "1.1"), ("M/601/1511", "4.3"), ("HRCC", "1.1")]),
    ],
)
def test_codes_are_read(codes: Codes, text: str, found: list[tuple[str, str]]) -> None:
    assert list(codes.read(text)) == found
    assert codes.read(codes.write(found)) == tuple(found)


@pytest.mark.parametrize(
    ("codes", "text", "why"),
    [
        (ONE, "HRCC2 1.1", "There is no criterion hrcc2"),
        (ONE, "3.1", "There is no criterion 3.1 in the learner’s units"),
        (TWO, "1.1", "Say of which unit 1.1 is: HRCC 1.1 or M/601/1511 1.1"),
        (TWO, "HRCC 4.3", "There is no criterion 4.3 in HRCC"),
        (Codes([]), "1.1", "There is no criterion 1.1"),
    ],
)
def test_codes_that_are_not_there_or_could_be_two(codes: Codes, text: str, why: str) -> None:
    with pytest.raises(Rejected, match=why):
        codes.read(text)


def test_one_unit_is_not_named() -> None:
    assert ONE.write([("HRCC", "1.1"), ("HRCC", "2.1")]) == "1.1, 2.1"
    assert ONE.write([("GONE", "1.1")]) == "GONE 1.1"
    assert TWO.write([("HRCC", "1.1"), ("M/601/1511", "4.3")]) == "HRCC 1.1; M/601/1511 4.3"
