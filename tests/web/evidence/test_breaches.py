"""Personal data in what is on record, as people meet it: hidden from everyone but who mends it, everywhere, at once."""

import re
from io import BytesIO
from threading import Event
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from portfolio import housekeeping
from portfolio.evidence.models import Amendment, Evidence
from portfolio.evidence.rules import EMPTIED, HIDDEN
from portfolio.worker import make_runner
from tests.cast import Cast
from tests.client import Page, StrictClient
from tests.evidence.breaches import NAME, SECRET, found_in_tables, found_on_disk, item_with_a_name, mark

MENDERS = ("amina", "ada")
OTHERS = ("marguerite", "tobias", "dafydd", "iris", "ewan")
EVERYBODY = (*MENDERS, *OTHERS)


@pytest.fixture
def item(cast: Cast) -> int:
    """Amina's E005, marked, with a name in every text, in a file and in its name."""
    with cast.installation.database.writing() as session:
        evidence = item_with_a_name(session, cast)
        mark(session, cast, "amina E005", feedback=f"Take {NAME} out.")
        session.commit()
    return evidence.id


def hidden(client: StrictClient, item: int, who: str = "marguerite") -> Page:
    """Somebody finds it and hides it; answers what they are shown then."""
    return client.another().sign_in(who).post(f"/evidence/{item}/hide", {"words": f"{NAME} on page 1"})


def places(cast: Cast, item: int) -> list[str]:
    """Every page of amina's portfolio on which an item may stand."""
    enrolment = cast.enrolments["amina"]
    with cast.installation.database.reading() as session:
        unit = session.get_one(Evidence, item).enrolment.units[0].id
    base = f"/enrolments/{enrolment}"
    return [
        "/", "/portfolio", "/marking", "/coverage", base, f"{base}/evidence", f"{base}/evidence?q=letter",
        f"{base}/units/{unit}", f"{base}/book", f"{base}/hand-in",
    ]  # fmt: skip


def content(cast: Cast, item: int) -> list[str]:
    """Every address of the item itself."""
    with cast.installation.database.reading() as session:
        files = [file.id for file in session.get_one(Evidence, item).latest.files]
    return [
        f"/evidence/{item}", f"/evidence/{item}/amended", f"/evidence/{item}/versions",
        f"/marking/{cast.items['amina E005']}",
        *(f"/files/{id_}" for id_ in files), *(f"/files/{id_}/preview" for id_ in files),
        *(f"/files/{id_}/preview/state" for id_ in files),
    ]  # fmt: skip


def test_whoever_sees_it_can_hide_it_and_it_is_gone_at_once(client: StrictClient, cast: Cast, item: int) -> None:
    marguerite = client.sign_in("marguerite")
    assert f"/evidence/{item}/hide" in marguerite.get(f"/evidence/{item}").links()
    assert f"/evidence/{item}/hide" in marguerite.get(f"/marking/{cast.items['amina E005']}").links()
    page = marguerite.get(f"/evidence/{item}/hide")
    assert "hidden as soon as you press the button" in page.words
    refused = marguerite.post(f"/evidence/{item}/hide", {"words": " "}, status=422)
    assert "Say in a few words where it is" in refused.words
    done = marguerite.post(f"/evidence/{item}/hide", {"words": "Page 1"})
    assert done.location == f"/enrolments/{cast.enrolments['amina']}/evidence"
    assert "E005 is hidden." in marguerite.get(done.location).words


@pytest.mark.parametrize("who", OTHERS)
def test_everybody_else_finds_nothing_of_it(client: StrictClient, cast: Cast, item: int, who: str) -> None:
    hidden(client, item, "iris")
    other = client.sign_in(who)
    for path in content(cast, item):
        other.get(path, status=404)
    for path in places(cast, item):
        page = other.open(path)
        assert NAME not in page.text, path
    for path in (f"/evidence/{item}/mend", f"/evidence/{item}/hide"):
        other.get(path, status=404)


def test_before_it_was_hidden_the_same_pages_had_the_name(client: StrictClient, cast: Cast, item: int) -> None:
    """Else the test before this one would prove nothing."""
    iris = client.sign_in("iris")
    unit = next(path for path in places(cast, item) if "/units/" in path)
    for path in (f"/evidence/{item}", f"/enrolments/{cast.enrolments['amina']}/evidence", unit):
        assert NAME in iris.get(path).text, path


@pytest.mark.parametrize("who", MENDERS)
def test_who_mends_sees_it_and_lists_do_not_say_the_name(client: StrictClient, cast: Cast, item: int, who: str) -> None:
    hidden(client, item)
    mender = client.sign_in(who)
    page = mender.get(f"/evidence/{item}")
    assert NAME in page.words
    assert f"/evidence/{item}/mend" in page.links()
    own_list = f"/enrolments/{cast.enrolments['amina']}/evidence"
    for path in places(cast, item):
        is_title_shown = who == "amina" and path.startswith(own_list)
        assert mender.open(path).text.count(NAME) == is_title_shown, path


def test_the_matrix_keeps_the_decision_and_shows_the_reference(client: StrictClient, cast: Cast, item: int) -> None:
    unit = next(path for path in places(cast, item) if "/units/" in path)
    iris = client.sign_in("iris")
    before = iris.get(unit)
    hidden(client, item)
    after = iris.get(unit)
    assert after.words.count("Not yet met") == before.words.count("Not yet met")
    assert HIDDEN in after.text
    assert f"/evidence/{item}" not in after.links()


def test_the_learner_is_told_first_thing(client: StrictClient, item: int) -> None:
    hidden(client, item)
    page = client.sign_in("amina").get("/")
    assert "Somebody’s personal data is in E005" in page.words
    assert f"/evidence/{item}/mend" in page.links()


def test_a_marking_screen_that_was_open_is_refused(client: StrictClient, cast: Cast) -> None:
    with cast.installation.database.reading() as session:
        evidence_id = session.get_one(Evidence, cast.evidence["amina E002"]).id
    marguerite = client.sign_in("marguerite")
    path = f"/marking/{cast.items['amina E002']}"
    marguerite.post(f"{path}/open")
    hidden(client, evidence_id, "amina")
    page = marguerite.post(path, {"feedback": "Good."}, status=404)
    assert "Nothing was saved" in page.words
    assert path not in marguerite.get("/marking").links()


def mend_fields(client: StrictClient, item: int) -> dict[str, Any]:
    """The mending form as it is shown."""
    page = client.get(f"/evidence/{item}/mend")
    return dict(next(form["fields"] for form in page.forms() if "title" in form["fields"]))


def cleaned(fields: dict[str, Any]) -> dict[str, Any]:
    """Every field without the name."""
    return {name: value.replace(NAME, "them") for name, value in fields.items()} | {"reason": "A name was in it."}


def letter_field(fields: dict[str, Any]) -> str:
    """The field that says what becomes of the letter."""
    return next(name for name, value in fields.items() if value == f"{NAME}.txt").replace("name_", "fate_")


def test_the_learner_takes_it_out_and_it_is_destroyed(client: StrictClient, cast: Cast, item: int) -> None:
    hidden(client, item)
    amina = client.sign_in("amina")
    page = amina.get(f"/evidence/{item}/mend")
    assert f"{NAME} on page 1" in page.words
    fields = mend_fields(amina, item)
    sent = cleaned(fields) | {letter_field(fields): "remove"}
    looked = amina.post(f"/evidence/{item}/mend", sent | {"look": "1"}, status=200)
    assert "What will stand" in looked.words
    assert "is destroyed." in looked.words
    done = amina.post(f"/evidence/{item}/mend", sent)
    assert done.location == f"/evidence/{item}/amended"
    page = amina.get(done.location)
    assert "E005 is mended and can be seen again" in page.words
    assert "A file was destroyed, 3" in page.words
    marguerite = client.another().sign_in("marguerite")
    page = marguerite.get(f"/evidence/{item}")
    assert re.search(
        r"Amended on .* by Amina Ramachandran-Hughes: A name was in it\. Changed: the title; .*; the text; where it is "
        r"kept; what it says on 1\.3\. 1 file was destroyed\. See what changed",
        page.words,
    )
    assert f"/evidence/{item}/amended" in page.links()
    assert "SHA-256" in marguerite.get(f"/evidence/{item}/amended").words
    with cast.installation.database.reading() as session:
        left = found_in_tables(session, NAME)
    assert left == ["item_review.feedback"]
    assert found_on_disk(cast.installation.settings.files, NAME) == []
    assert found_on_disk(cast.installation.settings.incoming, NAME) == []
    assert found_on_disk(cast.installation.settings.previews, NAME) == []


def test_a_redacted_file_takes_the_place(client: StrictClient, item: int) -> None:
    hidden(client, item)
    ada = client.sign_in("ada")
    fields = mend_fields(ada, item)
    fate = letter_field(fields)
    nothing = (BytesIO(b""), "")
    sent = cleaned(fields) | {fate: "replace"}
    missing = ada.post(f"/evidence/{item}/mend", sent, status=422)
    assert "Choose the redacted file." in missing.words
    same = {"files": [(BytesIO(SECRET), "same.txt"), nothing]}
    assert "the very file" in ada.post(f"/evidence/{item}/mend", sent | same, status=422).words
    unsaid = {fate: "keep", "files": [(BytesIO(b"Dear A"), "clean.txt"), nothing]}
    assert "Say that it takes the place" in ada.post(f"/evidence/{item}/mend", sent | unsaid, status=422).words
    empty = {"files": [(BytesIO(b""), "clean.txt"), nothing]}
    assert "clean.txt is empty" in ada.post(f"/evidence/{item}/mend", sent | empty, status=422).words
    odd = {"files": [(BytesIO(b"Dear A"), "clean.txt")]}
    assert "Choose the redacted files again" in ada.post(f"/evidence/{item}/mend", sent | odd, status=422).words
    ada.post(f"/evidence/{item}/mend", sent | {"files": [(BytesIO(b"Dear A"), "clean.txt"), nothing]})
    page = ada.get(f"/evidence/{item}")
    assert "clean.txt" in page.words
    assert NAME not in page.text.replace(f"Take {NAME} out.", "")


def test_what_is_wrong_is_said_beside_its_field(client: StrictClient, item: int) -> None:
    hidden(client, item)
    amina = client.sign_in("amina")
    fields = mend_fields(amina, item)
    page = amina.post(f"/evidence/{item}/mend", fields | {"reason": ""}, status=422)
    assert "Say why, without the personal data itself." in page.words
    page = amina.post(f"/evidence/{item}/mend", fields | {"reason": "Nothing"} | {"title": ""}, status=422)
    assert "Give it a title without the personal data." in page.words


def test_what_must_not_stand_is_looked_for(client: StrictClient, item: int) -> None:
    hidden(client, item)
    amina = client.sign_in("amina")
    fields = mend_fields(amina, item)
    sent = cleaned(fields) | {letter_field(fields): "remove", "sought": f"somebody else\n{NAME.upper()} "}
    for name in ("title", "body", "reason", *(name for name in fields if name.startswith(("annotation_", "custody_")))):
        page = amina.post(f"/evidence/{item}/mend", sent | {name: f"About {NAME}."}, status=422)
        assert page.words.count("This still says what must not stand here.") == 2, name
    kept = {letter_field(fields): "keep", letter_field(fields).replace("fate_", "name_"): f"{NAME}.txt"}
    amina.post(f"/evidence/{item}/mend", sent | kept, status=422)
    amina.post(f"/evidence/{item}/mend", sent)


def test_what_cannot_be_destroyed_at_once_is_not_said_to_be(
    client: StrictClient, item: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_arguments: object) -> int:
        raise OperationalError("UPDATE blob", None, Exception("busy"))

    hidden(client, item)
    amina = client.sign_in("amina")
    fields = mend_fields(amina, item)
    monkeypatch.setattr(housekeeping, "remove_content", busy)
    done = amina.post(f"/evidence/{item}/mend", cleaned(fields) | {letter_field(fields): "remove"})
    page = amina.get(done.location)
    assert "A file was taken out of this item, 3" in page.words
    assert "A file was destroyed" not in page.words


def test_an_old_page_changes_nothing(client: StrictClient, item: int) -> None:
    hidden(client, item)
    amina = client.sign_in("amina")
    fields = mend_fields(amina, item)
    page = amina.post(f"/evidence/{item}/mend", cleaned(fields) | {"rev": "99"}, status=409)
    assert "Somebody else has changed this item" in page.words


def test_a_false_alarm(client: StrictClient, item: int) -> None:
    hidden(client, item)
    ada = client.sign_in("ada")
    page = ada.post(f"/evidence/{item}/show-again", {"why": " "}, status=422)
    assert "Say why" in page.words
    ada.post(f"/evidence/{item}/show-again", {"why": "It is a street."})
    assert NAME in client.another().sign_in("marguerite").get(f"/evidence/{item}").words
    ada.get(f"/evidence/{item}/mend", status=403)
    ada.get(f"/evidence/{item}/amended", status=404)


@pytest.mark.parametrize("who", ["marguerite", "iris"])
def test_who_does_not_mend_may_not(client: StrictClient, item: int, who: str) -> None:
    hidden(client, item)
    client.sign_in(who).post(f"/evidence/{item}/mend", {"title": "x"}, status=404)


def test_nothing_is_written_that_did_not_stand_there(client: StrictClient, item: int) -> None:
    hidden(client, item)
    amina = client.sign_in("amina")
    fields = mend_fields(amina, item)
    sent = cleaned(fields) | {"title": "Letter to them, which also shows 3.4 beyond all doubt"}
    for look in ({}, {"look": "1"}):
        page = amina.post(f"/evidence/{item}/mend", sent | look, status=422)
        assert "Only take out or replace what may not stand; anything else is changed by a new version." in page.words
    assert NAME in amina.get(f"/evidence/{item}").words


def test_the_preview_marks_what_must_not_stand_and_says_where(client: StrictClient, item: int) -> None:
    hidden(client, item)
    amina = client.sign_in("amina")
    fields = mend_fields(amina, item)
    page = amina.post(f"/evidence/{item}/mend", fields | {"sought": NAME.lower(), "look": "1"}, status=200)
    assert f"<mark>{NAME}</mark>" in page.text
    where = re.search(r"It still says what must not stand here, marked below: (.*?)\.", page.words)
    assert where is not None
    assert {"Title", "Text", "Kept by"} <= set(where[1].split("; "))
    clean = amina.post(f"/evidence/{item}/mend", cleaned(fields) | {"sought": "nobody", "look": "1"}, status=200)
    assert "<mark>" not in clean.text


def test_who_may_not_hide(client: StrictClient, item: int) -> None:
    client.sign_in("ewan").post(f"/evidence/{item}/hide", {"words": "x"}, status=403)
    client.another().sign_in("ben").post(f"/evidence/{item}/hide", {"words": "x"}, status=404)


def make_book(cast: Cast, client: StrictClient) -> str:
    """Amina has a book made, with a PDF; answers the address of its download."""
    path = f"/enrolments/{cast.enrolments['amina']}/book"
    client.post(path)
    runner = make_runner(cast.installation, Event(), lay_out=lambda _book, pdf: bool(pdf.write_bytes(b"%PDF-1.7")))
    assert runner.run_due() >= 1
    return next(link for link in client.get(path).links() if link.endswith("/download"))


def test_a_book_that_holds_it_is_withheld_and_then_destroyed(client: StrictClient, cast: Cast, item: int) -> None:
    amina = client.sign_in("amina")
    book = make_book(cast, amina)
    amina.open(book)
    hidden(client, item)
    pdf = book.replace("/download", "/pdf")
    for file in (book, pdf):
        assert "It holds E005" in amina.get(file, status=409).words
    page = amina.get(f"/enrolments/{cast.enrolments['amina']}/book")
    assert "It holds E005, hidden while personal data is taken out." in page.words
    fields = mend_fields(amina, item)
    amina.post(f"/evidence/{item}/mend", cleaned(fields) | {letter_field(fields): "remove"})
    for file in (book, pdf):
        amina.get(file, status=404)
    assert "Destroyed" in amina.get(f"/enrolments/{cast.enrolments['amina']}/book").words


def test_a_book_after_a_false_alarm_is_there_again(client: StrictClient, cast: Cast, item: int) -> None:
    amina = client.sign_in("amina")
    book = make_book(cast, amina)
    hidden(client, item, "amina")
    amina.post(f"/evidence/{item}/show-again", {"why": "It is a street."})
    amina.get(book)


def test_the_same_file_elsewhere_is_said(client: StrictClient, cast: Cast, item: int) -> None:
    amina = client.sign_in("amina")
    data = {"title": "Again", "method": "PE", "files": (BytesIO(SECRET), "again.txt")}
    amina.post(f"/enrolments/{cast.enrolments['amina']}/evidence/add-files", data)
    hidden(client, item)
    assert "The same file is in other items too." in amina.get(f"/evidence/{item}/mend").words
    ada = client.another().sign_in("ada")
    assert "1 item that you do not see" in ada.get(f"/evidence/{item}/mend").words
    fields = mend_fields(amina, item)
    done = amina.post(f"/evidence/{item}/mend", cleaned(fields) | {letter_field(fields): "remove"})
    page = amina.get(done.location)
    assert "A file that was taken out is still in other items." in page.words
    assert "A file was taken out of this item" in page.words


def test_an_earlier_version_is_empty_afterwards(client: StrictClient, cast: Cast, item: int) -> None:
    amina = client.sign_in("amina")
    amina.post(f"/evidence/{item}/revise")
    hidden(client, item, "amina")
    assert "begins again from what you leave here" in amina.get(f"/evidence/{item}/mend").words
    fields = mend_fields(amina, item)
    amina.post(f"/evidence/{item}/mend", cleaned(fields) | {letter_field(fields): "remove"})
    with cast.installation.database.reading() as session:
        evidence = session.get_one(Evidence, item)
        assert [version.title for version in evidence.versions] == ["Letter to them", "Letter to them"]
        assert EMPTIED not in evidence.latest.title
        assert session.query(Amendment).count() == 1
