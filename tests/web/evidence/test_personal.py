"""What an item's own words may give away is said beside the field that holds it, on the item and on its way: to whoever
writes it, and to nobody else. Nothing that is saved is held back for it.
"""

from typing import Any

import pytest

from portfolio.criteria.rules import Method
from portfolio.evidence import actions
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import Carrier
from portfolio.mapping.actions import map_to
from portfolio.screening.models import Finding, Scan
from portfolio.screening.rules import ScanState
from tests.cast import Cast, add_files, upload, wanted, write
from tests.client import Page, StrictClient

TELLING = "I rang Mrs Hollingberry on 07700 900417. Mrs Hollingberry was glad. Her card is in the post."


@pytest.fixture
def telling(cast: Cast) -> int:
    """An account of amina's that names a customer."""
    with cast.installation.database.writing() as session:
        evidence = write(session, cast.installation, cast, "amina", "A late refund", TELLING)
        session.commit()
        return evidence.id


def notes_on(page: Page) -> dict[str, str]:
    """The note beside each field, by the field's id."""
    return {
        note.get("id", "").removesuffix("-points"): " ".join("".join(note.itertext()).split())
        for note in page.all("p")
        if note.get("class") == "points-note"
    }


def looked(client: StrictClient, address: str, texts: Any, *, status: int = 200) -> dict[str, str]:
    """What is said of texts that are not saved."""
    headers = {"X-CSRFToken": client.token(), "Accept": "application/json"}
    page = client.open(f"{address}/look-through", "POST", json={"texts": texts}, headers=headers)
    assert page.status == status
    notes: dict[str, str] = (page.response.json or {}).get("notes", {})
    return notes


def found_so_far(cast: Cast) -> int:
    """How many findings there are."""
    with cast.installation.database.reading() as session:
        return session.query(Finding).count()


def test_the_note_stands_beside_the_field(client: StrictClient, telling: int) -> None:
    page = client.sign_in("amina").get(f"/evidence/{telling}/edit")
    said = "2 things here may point to a real person: Mrs Hollingberry, 07700 900417 Decide what stands in it"
    assert notes_on(page) == {"body": said}
    field = next(area for area in page.all("textarea") if area.get("id") == "body")
    assert "body-points" in (field.get("aria-describedby") or "")
    assert f"/evidence/{telling}/personal-data" in page.links()


def test_the_item_says_what_is_to_be_decided(client: StrictClient, telling: int) -> None:
    page = client.sign_in("amina").get(f"/evidence/{telling}")
    assert "Personal data 3 to decide Only you see this item until that is done." in page.words
    assert f"/evidence/{telling}/personal-data" in page.links()


def test_so_do_the_list_and_the_way_of_the_item(client: StrictClient, cast: Cast, telling: int) -> None:
    client.sign_in("amina")
    page = client.get(f"/enrolments/{cast.enrolments['amina']}/evidence")
    assert "3 to decide: personal data in" in page.words
    steps = client.get(f"/evidence/{telling}/map")
    assert "Personal data: 3 to decide" in steps.words


def test_what_names_nobody_has_nothing_to_decide(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        name = session.get_one(Evidence, cast.evidence["amina E003"]).author.name
        text = f"Customer A rang and I, {name}, called Colleague B on [phone 1]. It took two days."
        evidence = write(session, cast.installation, cast, "amina", "Put right", text)
        session.commit()
    page = client.sign_in("amina").get(f"/evidence/{evidence.id}")
    assert "Nothing to decide" in page.words
    assert notes_on(client.get(f"/evidence/{evidence.id}/edit")) == {}
    assert "Personal data: nothing to decide" in client.get(f"/evidence/{evidence.id}/map").words


def test_nobody_else_is_shown_it(client: StrictClient, cast: Cast, telling: int) -> None:
    """Whoever may see the portfolio sees nothing of a draft, nor of how it stands."""
    for name in ("marguerite", "ada"):
        other = client.another().sign_in(name)
        other.get(f"/evidence/{telling}", status=404)
        assert "to decide" not in other.get(f"/enrolments/{cast.enrolments['amina']}/evidence").words


def test_what_a_claim_says_has_its_note_in_its_row(client: StrictClient, cast: Cast, telling: int) -> None:
    with cast.installation.database.writing() as session:
        evidence = session.get_one(Evidence, telling)
        claims = wanted(session, evidence.enrolment, {"3.2": "She left 07700 900555 with me.", "1.1": "It is named."})
        map_to(session, cast.actor("amina", session), evidence, wanted=claims)
        session.commit()
        criterion_id = next(one.criterion_id for one in claims if one.annotation.startswith("She"))
    notes = notes_on(client.sign_in("amina").get(f"/evidence/{telling}/map"))
    assert list(notes) == [f"annotation-{criterion_id}"]
    assert "07700 900555" in notes[f"annotation-{criterion_id}"]


def test_the_name_of_a_file_has_its_note_below_the_files(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        sent = upload(cast.installation, b"Dear Sir", "letter to Mrs Hollingberry.txt")
        evidence = add_files(session, cast.installation, cast, "amina", Details("A letter"), [sent])
        session.commit()
    client.sign_in("amina")
    assert "Mrs Hollingberry" in notes_on(client.get(f"/evidence/{evidence.id}/edit"))["kept"]
    assert "1 to decide" in client.get(f"/evidence/{evidence.id}").words


def test_files_that_wait_are_waited_for(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        sent = upload(cast.installation, b"Dear Sir", "letter.txt")
        evidence = add_files(session, cast.installation, cast, "amina", Details("A letter"), [sent])
        claims = wanted(session, evidence.enrolment, {"3.2": "I answered it the same day."})
        map_to(session, cast.actor("amina", session), evidence, wanted=claims)
        session.commit()
    page = client.sign_in("amina").get(f"/evidence/{evidence.id}")
    assert "1 file being looked through" in page.words
    assert "See how far it is" in page.words
    assert "Hand it in" not in page.words
    home = client.get("/portfolio")
    assert "See how far" in home.words
    assert "still being looked through for personal data" in home.words


def test_what_nobody_could_read_is_asked_for(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        sent = upload(cast.installation, b"Dear Sir", "letter.txt")
        evidence = add_files(session, cast.installation, cast, "amina", Details("A letter"), [sent])
        session.commit()
        for scan in session.query(Scan).filter_by(item_uid=evidence.uid):
            if scan.source:
                scan.state = ScanState.UNREADABLE
        session.commit()
    page = client.sign_in("amina").get(f"/evidence/{evidence.id}")
    assert "1 file to look at yourself" in page.words
    assert "1 file could not be read" in client.get("/portfolio").words


def test_what_is_held_elsewhere_and_a_record_have_their_notes_too(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.writing() as session:
        enrolment = session.get_one(Evidence, cast.evidence["amina E003"]).enrolment
        kept = {"location": "Third drawer", "custodian": "Mrs Hollingberry", "reason": "It may not leave the site."}
        held = actions.add(
            session,
            cast.actor("amina", session),
            enrolment,
            cast.installation.store,
            method=Method.PRODUCT,
            carrier=Carrier.ELSEWHERE,
            details=Details("A file", context="The whole file.", custody=kept),
        )
        lines = [
            {"at": "10:42", "ask": "", "said": "She greeted the caller.", "criteria": []},
            {"at": "10:50", "ask": "", "said": "Mr Okonkwo rang on 07700 900417.", "criteria": []},
        ]
        record = actions.add(
            session,
            cast.actor("marguerite", session),
            enrolment,
            cast.installation.store,
            method=Method.OBSERVATION,
            carrier=Carrier.WRITTEN,
            details=Details("A morning at the desk", notes=lines),
        )
        session.commit()
    assert "Mrs Hollingberry" in notes_on(client.sign_in("amina").get(f"/evidence/{held.id}/edit"))["custodian"]
    notes = notes_on(client.another().sign_in("marguerite").get(f"/evidence/{record.id}/edit"))
    assert list(notes) == ["notes-1-said"]
    assert "2 things here may point to a real person: Mr Okonkwo, 07700 900417" in notes["notes-1-said"]


def test_what_is_typed_is_looked_at_and_not_kept(client: StrictClient, cast: Cast) -> None:
    address, before = f"/enrolments/{cast.enrolments['amina']}", found_so_far(cast)
    texts = {"title": "hollingberry again", "body": TELLING, "files": "letter.txt", "role": "I rang her."}
    notes = looked(client.sign_in("amina"), address, texts)
    assert notes == {
        "title": "1 thing here may point to a real person: hollingberry",
        "body": "2 things here may point to a real person: Mrs Hollingberry, 07700 900417",
    }
    assert found_so_far(cast) == before


def test_somebody_named_in_the_account_is_found_by_the_map_s_script(client: StrictClient, telling: int) -> None:
    """By the surname alone: the account is looked at beside it, and only the annotation is answered about."""
    texts = {"annotation-1": "hollingberry said so.", "title": "A late refund"}
    notes = looked(client.sign_in("amina"), f"/evidence/{telling}", texts)
    assert list(notes) == ["annotation-1"]


@pytest.mark.parametrize("texts", [None, "words", ["words"], {"title": 7}, {"\x00body": TELLING}])
def test_what_is_no_text_is_passed_over(client: StrictClient, cast: Cast, texts: Any) -> None:
    assert looked(client.sign_in("amina"), f"/enrolments/{cast.enrolments['amina']}", texts) == {}


def test_too_much_is_looked_through_once_it_is_saved(client: StrictClient, cast: Cast) -> None:
    texts = {f"t{number}": "" for number in range(1_001)}
    looked(client.sign_in("amina"), f"/enrolments/{cast.enrolments['amina']}", texts, status=413)


def test_only_who_writes_there_may_ask(client: StrictClient, cast: Cast, telling: int) -> None:
    other = client.another().sign_in("marguerite")
    looked(other, f"/enrolments/{cast.enrolments['amina']}", {"title": "Mrs Hollingberry"})
    looked(other, f"/evidence/{telling}", {"title": "Mrs Hollingberry"}, status=404)
    looked(client.another().sign_in("ewan"), f"/enrolments/{cast.enrolments['amina']}", {}, status=403)
