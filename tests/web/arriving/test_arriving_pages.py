"""The pages of bundles from elsewhere: handed in, looked into, people matched, faults listed, thrown away."""

import os
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from portfolio.bundles.arriving.models import ArrivingDraft
from portfolio.bundles.arriving.rules import DraftState
from portfolio.centres.models import Centre
from portfolio.export.rules import Choice, Extent
from portfolio.installation import Installation
from portfolio.jobs.rules import JobState
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from portfolio.web import uploads
from tests.bench.measure import memory
from tests.bundles.elsewhere import draft_at, field_of, fields, looked_into, matched, send, sent, welcome
from tests.cast import FULL_NAMES, Cast
from tests.client import StrictClient
from tests.export.scenes import runner

LARGE, MEMORY = 150_000_000, 50.0
"""How many bytes a large bundle has, and how many megabytes more the process may hold when it has arrived."""
NOT_IN_YET = "Nothing of it is stored among your portfolios yet"


@pytest.fixture
def ada(client: StrictClient, cast: Cast) -> StrictClient:
    """The administrator of Harrow Dale, signed in."""
    assert cast.people
    return client.sign_in("ada")


def test_only_administrators_are_led_there(ada: StrictClient) -> None:
    assert "/arriving" in ada.get("/centre").links()
    for name in ("marguerite", "iris", "ewan", "amina"):
        ada.another().sign_in(name).get("/arriving", status=404)


def test_what_it_would_bring_is_shown_and_nothing_is_stored(
    ada: StrictClient, installation: Installation, sqlite_template: Path
) -> None:
    address = send(ada, sent(sqlite_template, "amina", "ben")).location
    page = ada.get(address)
    assert "Being looked into" in page.words
    progress = ada.open(f"{address}/progress", headers={"Accept": "application/json"})
    assert progress.response.json == {"state": "queued", "done": 0, "total": 0, "message": ""}
    runner(installation).run_due()
    page, draft = ada.get(address), draft_at(installation, address)
    for words in (
        "Bundle from Harrow Dale Training",
        NOT_IN_YET,
        "portfolio audit key",
        FULL_NAMES["amina"],
        "2 items of evidence, 1 file",
        "Say first who the learners of the bundle are at your centre.",
        "What will be different here",
    ):
        assert words in page.words, words
    print_ = draft.found["from"]["fingerprint"]
    assert print_ in "".join("".join(element.itertext()) for element in page.all("span")).replace(" ", "")
    assert "Bring it in" not in page.words.replace("Bring it in", "", 1)
    assert [option.get("value") for option in page.all("option")].count("marguerite@example.org") == 1
    assert fields(page, "/people")[field_of(draft, "marguerite")] == ""
    assert "Perhaps Marguerite Okonkwo-Lindqvist, marguerite@example.org" in page.words
    listed = ada.get("/arriving")
    assert "Waits for you" in listed.words
    assert address in listed.links()


def test_people_are_matched_by_hand_and_stay_matched(
    ada: StrictClient, installation: Installation, cast: Cast, sqlite_template: Path
) -> None:
    email = welcome(installation, cast)
    address = looked_into(ada, installation, sent(sqlite_template, "amina"))
    page = matched(ada, installation, address, amina=email, marguerite=" Marguerite@Example.org ")
    draft = draft_at(installation, address)
    chosen = fields(page, "/people")
    assert chosen[field_of(draft, "amina")] == email
    assert chosen[field_of(draft, "marguerite")] == "marguerite@example.org"
    assert chosen[field_of(draft, "tobias")] == ""
    assert "Something stops it" not in page.words
    assert "compared the fingerprint" in page.words
    page = matched(ada, installation, address, marguerite="")
    assert fields(page, "/people")[field_of(draft, "marguerite")] == ""


@pytest.mark.parametrize(
    ("who", "email", "words"),
    [
        ("amina", "nobody@example.org", "Nobody at your centre has this address"),
        ("amina", "olga@example.org", "Nobody at your centre has this address"),
        ("amina", "marguerite@example.org", "They are not a learner at your centre"),
        ("marguerite", "drew@example.org", "Nobody at your centre has this address"),
        ("marguerite", "x" * 300, "254"),
    ],
)
def test_who_cannot_be_is_said_beside_the_field_and_nothing_is_lost(
    ada: StrictClient, installation: Installation, sqlite_template: Path, who: str, email: str, words: str
) -> None:
    address = looked_into(ada, installation, sent(sqlite_template, "amina"))
    draft = draft_at(installation, address)
    other = field_of(draft, "tobias")
    typed = fields(ada.get(address), "/people") | {field_of(draft, who): email, other: "dafydd@example.org"}
    page = ada.post(f"{address}/people", typed, status=422)
    assert words in page.words
    kept = fields(page, "/people")
    assert (kept[field_of(draft, who)], kept[other]) == (email, "dafydd@example.org")
    assert draft_at(installation, address).matches == {}


def test_who_changes_it_at_the_same_time_is_told_and_loses_nothing(
    ada: StrictClient, installation: Installation, cast: Cast, sqlite_template: Path
) -> None:
    email = welcome(installation, cast)
    address = looked_into(ada, installation, sent(sqlite_template, "amina"))
    draft = draft_at(installation, address)
    mine = fields(ada.get(address), "/people") | {field_of(draft, "amina"): email}
    ada.post(f"{address}/people", fields(ada.get(address), "/people") | {field_of(draft, "tobias"): "ada@example.org"})
    busy = ada.post(f"{address}/people", mine, status=409)
    assert "Somebody else has changed this page" in busy.words
    assert not [element for element in busy.all("div") if element.get("data-job-url")], "it would be reloaded"
    runner(installation).run_due()
    page = ada.post(f"{address}/people", mine, status=409)
    assert f"{FULL_NAMES['tobias']}ada@example.org" in page.words
    kept = fields(page, "/people")
    assert (kept[field_of(draft, "amina")], kept[field_of(draft, "tobias")]) == (email, "")
    assert draft_at(installation, address).matches == {field_of(draft, "tobias")[4:]: "ada@example.org"}
    ada.post(f"{address}/people", kept)
    assert draft_at(installation, address).matches == {field_of(draft, "amina")[4:]: email}


def test_what_is_no_bundle_is_refused_with_every_fault_and_removed(
    ada: StrictClient, installation: Installation, sqlite_template: Path
) -> None:
    good = sent(sqlite_template, "amina")
    address = looked_into(ada, installation, good[:-200])
    page, draft = ada.get(address), draft_at(installation, address)
    assert (draft.state, draft.blob_id) == (DraftState.REFUSED, None)
    assert draft.job is not None
    assert draft.job.state is JobState.FAILED
    assert "What is wrong with it" in page.words
    assert draft.faults[0] in page.words
    assert "its file is removed" in page.words
    ada.post(f"{address}/people", {"seen": ""}, status=409)
    ada.post(f"{address}/discard")
    ada.get(address, status=404)


def test_a_sample_is_shown_with_what_stops_it(
    ada: StrictClient, installation: Installation, cast: Cast, sqlite_template: Path
) -> None:
    email = welcome(installation, cast)
    sample = sent(sqlite_template, "amina", choice=Choice(Extent.SAMPLE, refs=("E001",)))
    address = looked_into(ada, installation, sample)
    page = matched(ada, installation, address, amina=email)
    assert "It is a sample of the portfolio." in page.words
    assert "Why stands with the portfolio." in page.words
    seen = {"seen": draft_at(installation, address).found["digest"], "compared": "y"}
    page = ada.post(f"{address}/bring-in", seen, status=409)
    assert "Something still stops this bundle" in page.words


def test_a_file_is_needed_and_it_is_a_zip(ada: StrictClient) -> None:
    assert "Choose a file." in ada.post("/arriving", {"file": (BytesIO(b""), "")}, status=422).words
    assert "is not a ZIP file" in send(ada, b"%PDF-1.7", status=422, name="book.zip").words
    assert "is not a ZIP file" in send(ada, b"", status=422).words
    assert "Brought lately" not in ada.get("/arriving").words


def test_what_is_too_large_is_refused_before_it_is_read(
    ada: StrictClient, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "bundle_most", lambda: 1_000)
    monkeypatch.setattr(uploads, "words_most", lambda: 100_000)
    answer = send(ada, b"PK\x03\x04" + bytes(200_000), status=413)
    assert "One may have up to 1000 bytes here" in answer.words
    assert list(installation.store.incoming.glob("*")) == []
    page = send(ada, b"PK\x03\x04" + bytes(2_000), status=422)
    assert "One may have up to 1000 bytes here" in page.words


class Streamed:
    """A form with one large file, made while it is read."""

    def __init__(self, token: str, size: int) -> None:
        self.head = (
            f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--x\r\n'
            'Content-Disposition: form-data; name="file"; filename="large.zip"\r\n\r\nPK\x03\x04'
        ).encode()
        self.tail = b"\r\n--x--\r\n"
        self.left = size
        self.length = len(self.head) + size + len(self.tail)

    def read(self, size: int = -1) -> bytes:
        """What comes next."""
        assert size > 0, "asked for all of it at once"
        if self.head:
            piece, self.head = self.head[:size], self.head[size:]
        elif self.left:
            piece = bytes(min(size, self.left))
            self.left -= len(piece)
        else:
            piece, self.tail = self.tail[:size], self.tail[size:]
        return piece


def test_a_large_one_goes_straight_to_the_disk(ada: StrictClient, installation: Installation) -> None:
    body = Streamed(ada.token(), LARGE)
    before = memory(os.getpid())
    sent_as = {
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "CONTENT_LENGTH": str(body.length),
        "wsgi.input": body,
    }
    answer = ada.browser.post("/arriving", base_url="http://127.0.0.1:8000", environ_overrides=sent_as)
    assert answer.status_code == 303
    assert memory(os.getpid()) - before < MEMORY
    assert draft_at(installation, urlsplit(answer.headers["Location"]).path).size == LARGE + 4


def test_what_a_bundle_says_is_shown_as_words_and_no_more(
    ada: StrictClient, installation: Installation, sqlite_template: Path
) -> None:
    address, bad = (
        looked_into(ada, installation, sent(sqlite_template, "amina")),
        "<img src=x onerror=alert(1)> {{ 7 * 7 }}",
    )
    with installation.database.writing() as session:
        draft = session.get_one(ArrivingDraft, int(address.rsplit("/", 1)[-1]))
        found = draft.found
        draft.found = {
            **found,
            "from": {**found["from"], "centre": bad},
            "portfolios": [{**one, "learner": bad, "title": bad, "faults": [bad]} for one in found["portfolios"]],
            "people": [{**one, "name": bad} for one in found["people"]],
            "faults": [bad],
            "notes": [bad],
        }
        session.commit()
    page = ada.get(address)
    assert page.words.count(bad) >= 7
    assert list(page.all("img")) == []


def test_a_centre_without_room_does_not_take_it(ada: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "held_by", lambda *_asked: 10**15)
    page = send(ada, b"PK\x03\x04" + bytes(2_000), status=413)
    assert "Your centre has no room for it" in page.words


def test_it_can_be_stopped_and_looked_into_again(
    ada: StrictClient, installation: Installation, sqlite_template: Path
) -> None:
    address = send(ada, sent(sqlite_template, "amina")).location
    ada.post(f"{address}/cancel")
    page = ada.get(address)
    assert "The work on it was stopped." in page.words
    ada.post(f"{address}/cancel", status=409)
    ada.post(f"{address}/people", fields(page, "/people"))
    assert "Being looked into" in ada.get(address).words
    runner(installation).run_due()
    assert draft_at(installation, address).state is DraftState.CHECKED


def test_thrown_away_it_leaves_nothing(ada: StrictClient, installation: Installation, sqlite_template: Path) -> None:
    address = looked_into(ada, installation, sent(sqlite_template, "amina"))
    blob_id = draft_at(installation, address).blob_id
    ada.post(f"{address}/discard")
    assert "The bundle is thrown away" in ada.get("/arriving").words
    with installation.database.reading() as session:
        assert session.get_one(Blob, blob_id).state is BlobState.DYING
    ada.get(address, status=404)
    ada.post(f"{address}/discard", status=404)


def test_without_its_file_it_says_so(ada: StrictClient, installation: Installation, sqlite_template: Path) -> None:
    address = send(ada, sent(sqlite_template, "amina")).location
    draft = draft_at(installation, address)
    with installation.database.reading() as session:
        centre = session.get_one(Centre, draft.centre_id).uid
    installation.store.remove(centre, draft.sha256)
    runner(installation).run_due()
    page = ada.get(address)
    assert "The file of the bundle is missing from the store" in page.words
    assert draft_at(installation, address).state is DraftState.NEW


def test_another_centre_sees_nothing_of_it(
    ada: StrictClient, installation: Installation, sqlite_template: Path
) -> None:
    address = looked_into(ada, installation, sent(sqlite_template, "amina"))
    odette = ada.another().sign_in("odette")
    for path in (address, f"{address}/progress"):
        odette.get(path, status=404)
    for what in ("people", "bring-in", "cancel", "discard"):
        odette.post(f"{address}/{what}", {"seen": "", "compared": "y"}, status=404)
    assert "from-elsewhere.zip" not in odette.get("/arriving").words


def test_a_bundle_of_many_people_takes_no_more_statements(
    ada: StrictClient, installation: Installation, sqlite_template: Path
) -> None:
    address = looked_into(ada, installation, sent(sqlite_template, "amina", "ben"))
    few = ada.get(address).statements
    with installation.database.writing() as session:
        draft = session.get_one(ArrivingDraft, int(address.rsplit("/", 1)[-1]))
        found, person = draft.found, draft.found["people"][1]
        people = [{**person, "uid": f"{number:020}", "name": f"Person {number}"} for number in range(300)]
        draft.found = {**found, "people": people, "portfolios": found["portfolios"] * 50}
        session.commit()
    assert ada.get(address).statements == few
