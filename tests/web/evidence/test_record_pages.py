"""Records that assessors make, on screen: for whom, writing one, mapping it, and putting it on record."""

from io import BytesIO
from typing import Any

import pytest

from portfolio.evidence.models import Evidence
from tests.cast import Cast
from tests.client import Page, StrictClient

TYPED = {
    "title": "Watched at the desk",
    "method": "O",
    "event_on": "2026-11-03",
    "context": "A busy morning.",
    "role": "She took every call.",
    "body": "She **listened** first.",
}
DECLARED = {"witnessed": "y", "confidential": "y"}


@pytest.fixture
def marguerite(client: StrictClient, cast: Cast) -> StrictClient:
    """An assessor."""
    assert cast.people
    return client.sign_in("marguerite")


def new(cast: Cast, name: str = "amina") -> str:
    """Where a record of a learner is begun."""
    return f"/enrolments/{cast.enrolments[name]}/records/new"


def form_on(page: Page, field: str) -> dict[str, Any]:
    """The fields of the form that has this one."""
    fields: dict[str, Any] = next(form["fields"] for form in page.forms() if field in form["fields"])
    return fields


def observe(marguerite: StrictClient, cast: Cast, **other: Any) -> int:
    """A new record of amina; answers its id."""
    done = marguerite.post(new(cast), TYPED | other)
    assert done.location.endswith("/map")
    return int(done.location.split("/")[2])


def map_it(marguerite: StrictClient, evidence_id: int, *, then: bool = False) -> Page:
    """Mapped to the first criterion there is."""
    page = marguerite.get(f"/evidence/{evidence_id}/map")
    criterion = next(e.get("value", "") for e in page.all("input") if e.get("name") == "criterion")
    data = {"criterion": criterion, f"annotation-{criterion}": "She took it on herself."}
    return marguerite.post(f"/evidence/{evidence_id}/map", data | ({"hand_in": "1"} if then else {}))


def test_an_assessor_chooses_the_learner(marguerite: StrictClient, cast: Cast) -> None:
    """Among those allocated to them; a search narrows them down."""
    assert "/records/new" in marguerite.get("/marking").links()
    page = marguerite.get("/records/new")
    assert {new(cast), new(cast, "ben")} <= page.links()
    page = marguerite.get("/records/new?q=oyelaran")
    assert new(cast, "ben") in page.links()
    assert new(cast) not in page.links()
    assert "No learner is found" in marguerite.get("/records/new?q=nobody").words
    other = marguerite.another().sign_in("dafydd")
    assert "Nobody is allocated to you yet" in other.get("/records/new").words


def test_a_record_is_a_draft_of_its_author(marguerite: StrictClient, cast: Cast) -> None:
    """Nobody else finds it; the author reads and changes it."""
    evidence_id = observe(marguerite, cast)
    page = marguerite.get(f"/evidence/{evidence_id}")
    for words in ("Only you see this so far.", "She listened first.", "She took every call.", "Map it"):
        assert words in page.words
    assert "Watched at the desk" in marguerite.get(f"/enrolments/{cast.enrolments['amina']}/evidence").words
    for name in ("amina", "tobias", "iris", "ada"):
        other = marguerite.another().sign_in(name)
        other.get(f"/evidence/{evidence_id}", status=404)
        assert "Watched at the desk" not in other.get(f"/enrolments/{cast.enrolments['amina']}/evidence").words
    address = f"/evidence/{evidence_id}/edit"
    fields = form_on(marguerite.get(address), "body")
    marguerite.post(address, {**fields, "body": "She spoke last."})
    page = marguerite.post(address, {**fields, "body": "She spoke first."}, status=409)
    assert "She spoke last." in page.words
    assert form_on(page, "body")["body"] == "She spoke first."


def test_notes_or_files_or_both(marguerite: StrictClient, cast: Cast) -> None:
    """But something."""
    page = marguerite.post(new(cast), TYPED | {"body": " "}, status=422)
    assert "Note what you saw, heard or asked, or add a file" in page.words
    only_file = observe(marguerite, cast, body="", files=[(BytesIO(b"Questions and answers"), "answers.txt")])
    both = observe(marguerite, cast, files=[(BytesIO(b"Minutes"), "minutes.txt")])
    with cast.installation.database.reading() as session:
        carriers = {id_: session.get_one(Evidence, id_).carrier.value for id_ in (only_file, both)}
    assert carriers == {only_file: "files", both: "written"}
    assert "minutes.txt" in marguerite.get(f"/evidence/{both}").words


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"title": ""}, "Give it a title"),
        ({"method": "PE"}, "Choose one of the answers listed."),
        ({"event_on": "2099-01-01"}, "in the future"),
    ],
)
def test_what_is_wrong_is_said(marguerite: StrictClient, cast: Cast, wrong: dict[str, str], why: str) -> None:
    """And what was typed is still there."""
    page = marguerite.post(new(cast), TYPED | wrong, status=422)
    assert why in page.words
    assert form_on(page, "body")["body"] == TYPED["body"]


def test_putting_it_on_record(marguerite: StrictClient, cast: Cast) -> None:
    """Mapped and declared; then the learner reads it, by whom it is, and cannot change it."""
    evidence_id = observe(marguerite, cast)
    address = f"/evidence/{evidence_id}/put-on-record"
    assert "It is not mapped to any criterion yet." in marguerite.get(address).words
    assert map_it(marguerite, evidence_id, then=True).location == address
    assert "I saw or heard this myself" in marguerite.get(address).words
    for missing in DECLARED:
        data = {name: value for name, value in DECLARED.items() if name != missing}
        assert f"#{missing}" in marguerite.post(address, data, status=422).links()
    assert marguerite.post(address, DECLARED).location == f"/evidence/{evidence_id}"
    assert "Take it back" in marguerite.get(f"/evidence/{evidence_id}").words
    amina = marguerite.another().sign_in("amina")
    assert "Marguerite Okonkwo-Lindqvist recorded this." in amina.get("/").words
    assert "by Marguerite Okonkwo-Lindqvist" in amina.get(f"/enrolments/{cast.enrolments['amina']}/evidence").words
    page = amina.get(f"/evidence/{evidence_id}")
    assert "Marguerite Okonkwo-Lindqvist recorded this of you." in page.words
    for words in ("Take it back", "Change it", "Make a new version", "Discard"):
        assert words not in page.words
    amina.post(f"/evidence/{evidence_id}/revise", status=403)
    unit = next(link for link in amina.get("/").links() if "/units/" in link and "?" not in link and "#" not in link)
    assert "was recorded by Marguerite Okonkwo-Lindqvist." in amina.get(unit).words


def test_every_assessor_finds_it_in_the_queue_and_its_author_judges_it(marguerite: StrictClient, cast: Cast) -> None:
    """Its author included."""
    evidence_id = observe(marguerite, cast)
    map_it(marguerite, evidence_id)
    marguerite.post(f"/evidence/{evidence_id}/put-on-record", DECLARED)
    for visitor in (marguerite, marguerite.another().sign_in("tobias")):
        page = visitor.get("/marking")
        assert "recorded by Marguerite Okonkwo-Lindqvist" in page.words
    item = max(link for link in marguerite.get("/marking").links() if link.startswith("/marking/"))
    assert "This can still be taken back by you." in marguerite.get(item).words
    assert item in marguerite.get(f"/evidence/{evidence_id}").links()
    assert "Judge it" not in marguerite.another().sign_in("amina").get(f"/evidence/{evidence_id}").words
    marguerite.post(f"{item}/open")
    page = marguerite.get(item)
    for words in (
        "Recorded by Marguerite Okonkwo-Lindqvist, put on record on",
        "She took every call.",
        "A busy morning.",
    ):
        assert words in page.words
    claim = next(e.get("name", "") for e in page.all("input") if (e.get("name") or "").startswith("outcome-"))
    number = claim.partition("-")[2]
    ticks = dict.fromkeys(("valid", "authentic", "reliable", "current", f"sufficient-{number}"), "y")
    marguerite.post(item, {**ticks, claim: "met", "rev": "0", "then": "release", f"feedback-{number}": "Well done."})
    amina = marguerite.another().sign_in("amina")
    page = amina.get(f"/evidence/{evidence_id}")
    assert "Well done." in page.words
    assert "Judging has begun" not in page.words


def test_taking_it_back(marguerite: StrictClient, cast: Cast) -> None:
    """Its author may, until it is opened; the learner never."""
    evidence_id = observe(marguerite, cast)
    map_it(marguerite, evidence_id)
    marguerite.post(f"/evidence/{evidence_id}/put-on-record", DECLARED)
    page = marguerite.get(f"/evidence/{evidence_id}")
    action = next(form["action"] for form in page.forms() if (form["action"] or "").endswith("/withdraw"))
    for name in ("amina", "tobias", "ada"):
        marguerite.another().sign_in(name).post(action, status=404)
    marguerite.post(action)
    assert "Put on record" in marguerite.get(f"/evidence/{evidence_id}").words
    marguerite.another().sign_in("amina").get(f"/evidence/{evidence_id}", status=404)


def test_who_cannot_make_records(marguerite: StrictClient, cast: Cast) -> None:
    """Whoever does not assess the learner; nobody records of themselves."""
    for name, status in (("amina", 403), ("dafydd", 403), ("iris", 403), ("ada", 403), ("ben", 404), ("oscar", 404)):
        visitor = marguerite.another().sign_in(name)
        visitor.get(new(cast), status=status)
        visitor.post(new(cast), TYPED, status=status)
    marguerite.get(f"/evidence/{cast.evidence['amina E001']}/put-on-record", status=403)
    marguerite.another().sign_in("amina").get(f"/evidence/{cast.evidence['amina E003']}/put-on-record", status=409)
