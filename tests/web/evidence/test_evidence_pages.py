"""The list, one item, adding and changing it, as the learner and as others meet them."""

from io import BytesIO
from typing import Any

import pytest

from portfolio.enrolment.queries import criteria_of
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import EvidenceState
from tests.cast import Cast
from tests.client import Page, StrictClient
from tests.web.enrolment.diplomas import moved

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def amina(client: StrictClient, cast: Cast) -> StrictClient:
    """The learner."""
    assert cast.people
    return client.sign_in("amina")


def enrolment_path(cast: Cast, rest: str, name: str = "amina") -> str:
    """An address under somebody's enrolment."""
    return f"/enrolments/{cast.enrolments[name]}/evidence{rest}"


def form_on(page: Page, field: str) -> dict[str, Any]:
    """The fields of the form that has this one."""
    fields: dict[str, Any] = next(form["fields"] for form in page.forms() if field in form["fields"])
    return fields


def items(cast: Cast) -> list[Evidence]:
    """Everything that amina has."""
    with cast.installation.database.reading() as session:
        rows = session.query(Evidence).filter(Evidence.enrolment_id == cast.enrolments["amina"]).order_by(Evidence.id)
        found = list(rows)
        for file in (file for row in found for file in row.latest.files):
            assert file.blob.size
        return found


def test_the_learners_list_has_the_drafts(amina: StrictClient, cast: Cast) -> None:
    """With what can be done."""
    page = amina.get("/evidence", status=303)
    assert page.location == enrolment_path(cast, "")
    page = amina.get(page.location)
    for words in ("E001 Complaint letter and reply", "Marked", "Handed in", "E004 Notes for later", "Hand in E003"):
        assert words in page.words


def test_others_list_what_was_handed_in(client: StrictClient, cast: Cast) -> None:
    """And offer nothing to do."""
    page = client.sign_in("marguerite").get(enrolment_path(cast, ""))
    assert "Evidence of Amina Ramachandran-Hughes" in page.words
    assert "E002" in page.words
    assert "E003" not in page.words
    assert not [link for link in page.links() if "add-files" in link or "hand-in" in link]


def test_an_empty_list_says_what_belongs_there(client: StrictClient, cast: Cast) -> None:
    """To the learner and to others in their own words."""
    assert "No evidence yet" in client.sign_in("ben").get(enrolment_path(cast, "", "ben")).words
    other = client.another().sign_in("marguerite").get(enrolment_path(cast, "", "ben"))
    assert "Nothing handed in yet" in other.words


@pytest.mark.parametrize("way", ["add-files", "write", "elsewhere"])
def test_a_page_says_for_which_criterion_it_was_opened(amina: StrictClient, cast: Cast, way: str) -> None:
    """When that is one of the learner's own."""

    def told(asked: str) -> list[str]:
        page = amina.get(enrolment_path(cast, f"/{way}{asked}"))
        assert page.statements <= 15
        return ["".join(e.itertext()).strip() for e in page.all("p") if e.get("class") == "meant"]

    with cast.installation.database.reading() as session:
        one = criteria_of(session, cast.enrolments["amina"])[2]
    assert told(f"?criterion={one.id}") == [f"For {one.code}, {one.text}"]
    for asked in ("", "?criterion=999999", "?criterion=x"):
        assert told(asked) == []


def test_files_become_an_item_and_lead_on_to_mapping(amina: StrictClient, cast: Cast) -> None:
    """With the criterion ticked for which it was added."""
    data = {
        "method": "WT",
        "title": "  A statement\tof my manager ",
        "event_on": "2026-11-03",
        "context": "She saw it.\r\nAll of it.",
        "files": [(BytesIO(PDF), "statement.pdf"), (BytesIO(b"Notes"), "notes.txt")],
    }
    done = amina.post(enrolment_path(cast, "/add-files?criterion=3"), data)
    added = items(cast)[-1]
    assert done.location == f"/evidence/{added.id}/map?criterion=3"
    assert done.response.headers["Location"].endswith("#annotation-3"), "at its words"
    version = added.latest
    assert (added.ref, added.method.value, added.state) == ("E005", "WT", EvidenceState.DRAFT)
    assert (version.title, version.context) == ("A statement of my manager", "She saw it.\nAll of it.")
    assert [(file.name, file.blob.media_type) for file in version.files] == [
        ("statement.pdf", "application/pdf"),
        ("notes.txt", "text/plain"),
    ]
    assert not list(cast.installation.settings.incoming.iterdir())
    assert "E005 is added as a draft" in amina.get(done.location).words


def test_everything_that_is_wrong_is_said_at_once(amina: StrictClient, cast: Cast) -> None:
    """And what was filled in is still there."""
    page = amina.post(enrolment_path(cast, "/add-files"), {"method": "PE", "context": "From the desk."}, status=422)
    assert "Two things need your attention" in page.words
    assert form_on(page, "context")["context"] == "From the desk."
    assert "Choose at least one file." in page.words


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "notes.txt", "notes.txt is empty"),
        (b"<html><script>alert(1)</script></html>", "page.txt", "page.txt:"),
        (b"MZ\x90\x00 program", "tool.pdf", "tool.pdf:"),
    ],
)
def test_a_file_that_is_not_taken_is_named(
    amina: StrictClient, cast: Cast, content: bytes, name: str, why: str
) -> None:
    """Nothing of it stays behind."""
    before = len(items(cast))
    data = {"method": "PE", "title": "A title", "files": [(BytesIO(content), name)]}
    page = amina.post(enrolment_path(cast, "/add-files"), data, status=422)
    assert why in page.words
    assert len(items(cast)) == before
    assert not list(cast.installation.settings.incoming.iterdir())


def test_an_account_is_written_previewed_and_saved(amina: StrictClient, cast: Cast) -> None:
    """A preview keeps nothing and loses nothing."""
    typed = {
        "title": "The third call",
        "method": "RA",
        "event_on": "2026-11-05",
        "body": "# What happened\n\nShe rang **twice**. <script>alert(1)</script>",
    }
    page = amina.post(enrolment_path(cast, "/write"), {**typed, "preview": "1"}, status=200)
    assert len(items(cast)) == 4
    assert {name: form_on(page, "body")[name] for name in typed} == typed
    assert 'data-guard="changed"' in page.text
    assert "<strong>twice</strong>" in page.text
    assert not [script for script in page.all("script") if not script.get("src")]
    done = amina.post(enrolment_path(cast, "/write"), typed)
    added = items(cast)[-1]
    assert done.location == f"/evidence/{added.id}/map"
    assert added.latest.body == typed["body"]


def test_an_empty_account_comes_back(amina: StrictClient, cast: Cast) -> None:
    """With what is missing."""
    page = amina.post(enrolment_path(cast, "/write"), {"title": "A title", "method": "RA", "body": "  "}, status=422)
    assert "Write something first" in page.words


def test_a_marked_item_with_its_decisions(amina: StrictClient, cast: Cast) -> None:
    """Claims, words, feedback, and the way to a new version."""
    page = amina.get(f"/evidence/{cast.evidence['amina E001']}")
    for words in (
        "It names who referred it.", "Met", "Insufficient", "Say where the call note is kept.", "letter.txt",
        "A good letter, nearly complete.", "Marguerite Okonkwo-Lindqvist", "3 November 2026", "Make a new version",
    ):  # fmt: skip
        assert words in page.words


@pytest.mark.parametrize(
    ("name", "shown", "hidden"),
    [
        ("amina E002", ["Take it back"], ["Discard", "Change it", "Make a new version"]),
        ("amina E003", ["Hand it in", "Change the mapping", "Change it", "Put E003 into the trash"], ["Take it back"]),
        ("amina E004", ["Map it", "Change it", "Put E004 into the trash"], ["Hand it in"]),
    ],
)
def test_what_can_be_done_follows_the_state(
    amina: StrictClient, cast: Cast, name: str, shown: list[str], hidden: list[str]
) -> None:
    """No more and no less."""
    page = amina.get(f"/evidence/{cast.evidence[name]}")
    assert [words for words in shown if words not in page.words] == []
    assert [words for words in hidden if words in page.words] == []


def test_what_was_asked_for_is_told_of_the_wording_that_it_was_asked_on(amina: StrictClient, cast: Cast) -> None:
    """And not at all once the criterion is gone."""
    address = f"/evidence/{cast.evidence['amina E001']}"
    amina.post(f"{address}/revise")
    moved(cast, reworded=("1.2",))
    page = amina.get(address)
    assert "What your assessor asked for" in page.words
    assert "This was said of an earlier wording. Read what 1.2 asks for now." in page.words
    moved(cast, gone=("1.2",))
    assert "What your assessor asked for" not in amina.get(address).words


def test_others_see_the_version_that_was_handed_in(amina: StrictClient, cast: Cast) -> None:
    """Never the draft of the next one, nor an earlier one by its number."""
    address = f"/evidence/{cast.evidence['amina E001']}"
    assert amina.post(f"{address}/revise").location == address
    rev = form_on(amina.get(f"{address}/edit"), "rev")["rev"]
    amina.post(f"{address}/edit", {"rev": rev, "title": "Only mine so far", "context": "Secret draft words."})
    own = amina.get(address)
    assert "Secret draft words." in own.words
    assert "What your assessor asked for" in own.words
    assert "Complaint letter and reply" in amina.get(f"{address}?version=1").words
    amina.get(f"{address}?version=7", status=404)
    for name in ("marguerite", "dafydd", "iris", "ada", "ewan"):
        page = amina.another().sign_in(name).get(f"{address}?version=2")
        assert "Complaint letter and reply" in page.words
        assert "Only mine" not in page.words
        assert "Secret draft words." not in page.words
        assert "Make a new version" not in page.words
        assert "Version" not in page.words


def test_a_draft_is_changed(amina: StrictClient, cast: Cast) -> None:
    """Words and files; the context of an account stays."""
    address = f"/evidence/{cast.evidence['amina E004']}"
    fields = form_on(amina.get(f"{address}/edit"), "body")
    assert fields["body"] == "Not mapped yet."
    done = amina.post(f"{address}/edit", {**fields, "title": "Notes", "body": "Longer notes."})
    assert done.location == address
    assert "Longer notes." in amina.get(address).words


def test_a_conflict_shows_both_and_saving_again_decides(amina: StrictClient, cast: Cast) -> None:
    """Nothing typed is lost."""
    address = f"/evidence/{cast.evidence['amina E004']}/edit"
    fields = form_on(amina.get(address), "body")
    amina.post(address, {**fields, "body": "From the other window."})
    page = amina.post(address, {**fields, "body": "From this window."}, status=409)
    mine = form_on(page, "body")
    assert mine["body"] == "From this window."
    assert "From the other window." in page.words
    assert 'data-guard="changed"' in page.text
    amina.post(address, mine)
    assert "From this window." in amina.get(address.removesuffix("/edit")).words


def test_a_preview_of_a_change_keeps_the_reading(amina: StrictClient, cast: Cast) -> None:
    """A change in between is still noticed afterwards."""
    address = f"/evidence/{cast.evidence['amina E004']}/edit"
    fields = form_on(amina.get(address), "body")
    page = amina.post(address, {**fields, "body": "**Bold** words.", "preview": "1"}, status=200)
    assert "<strong>Bold</strong>" in page.text
    assert form_on(page, "body")["rev"] == fields["rev"]


def test_files_are_added_to_a_draft_and_removed(amina: StrictClient, cast: Cast) -> None:
    """The last one stays."""
    data = {"method": "PE", "title": "A letter", "files": [(BytesIO(b"One"), "one.txt")]}
    amina.post(enrolment_path(cast, "/add-files"), data)
    address = f"/evidence/{items(cast)[-1].id}/edit"
    fields = form_on(amina.get(address), "rev")
    amina.post(address, {**fields, "files": [(BytesIO(b"Two"), "two.txt")]})
    one, two = items(cast)[-1].latest.files
    assert amina.post(f"/files/{one.id}/remove").location == address
    page = amina.get(address)
    assert "two.txt" in page.words
    assert f"/files/{one.id}" not in page.links()
    amina.post(f"/files/{two.id}/remove", status=409)


def test_discarding_a_new_version(amina: StrictClient, cast: Cast) -> None:
    """It is gone, and leaves what was marked."""
    marked = cast.evidence["amina E001"]
    amina.post(f"/evidence/{marked}/revise")
    assert amina.post(f"/evidence/{marked}/discard").location == f"/evidence/{marked}"
    assert "What was marked stays as it was." in amina.get(f"/evidence/{marked}").words
    amina.post(f"/evidence/{marked}/discard", status=409)


def test_only_the_learner_changes_anything(client: StrictClient, cast: Cast) -> None:
    """Who may see it is told so; to anybody else it is not there."""
    address = f"/evidence/{cast.evidence['amina E001']}"
    client.sign_in("marguerite")
    for path in (f"{address}/revise", f"{address}/discard", f"{address}/edit"):
        client.post(path, status=403)
    client.get(enrolment_path(cast, "/write"), status=403)
    stranger = client.another().sign_in("olga")
    stranger.post(f"{address}/revise", status=404)
    stranger.get(enrolment_path(cast, "/add-files"), status=404)
