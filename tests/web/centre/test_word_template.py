"""The page of a centre's Word template: sent, seen, tried, fetched, replaced and taken away."""

import zipfile
from hashlib import sha256
from io import BytesIO

import pytest

from portfolio.documents.wordtemplate import taking
from portfolio.documents.wordtemplate.example import example
from portfolio.web.centre import word_template
from portfolio.web.security import DOWNLOAD_CSP
from tests.cast import Cast
from tests.client import Page, StrictClient
from tests.documents.well_made import lacks, visible
from tests.documents.word_templates import by_python_docx, line, package, text

ADDRESS = "/centre/word-template"


@pytest.fixture
def ada(client: StrictClient, cast: Cast) -> StrictClient:
    """The administrator of Harrow Dale."""
    assert cast.people
    return client.sign_in("ada")


def send(ada: StrictClient, content: bytes, *, status: int = 303) -> Page:
    return ada.post(ADDRESS, {"template": (BytesIO(content), "ours.docx")}, status=status)


def told_of(page: Page) -> str:
    """What the page says to be wrong."""
    return " ".join("".join(e.itertext()) for e in page.all("p") if e.get("id") == "template-error")


def test_a_template_is_sent_seen_and_taken_away(ada: StrictClient) -> None:
    """What was taken and what was left out stands on the page."""
    assert ADDRESS in ada.get("/centre").links()
    assert "stand at the head or foot of every page after the title page" in ada.get(ADDRESS).words
    assert "look like the product’s own" in ada.get(ADDRESS).words
    send(ada, by_python_docx())
    page = ada.get(ADDRESS)
    assert "18 of the" in page.words
    assert "{{learner}}" in page.words
    assert "Pages after the cover are A4." in page.words
    assert {f"{ADDRESS}/trial", f"{ADDRESS}/file", f"{ADDRESS}/example"} <= page.links()
    ada.post(f"{ADDRESS}/remove")
    assert "look like the product’s own" in ada.get(ADDRESS).words
    ada.post(f"{ADDRESS}/remove", status=409)
    for leaf in ("file", "trial"):
        ada.get(f"{ADDRESS}/{leaf}", status=404)


def test_another_takes_the_place_of_the_first(ada: StrictClient) -> None:
    send(ada, by_python_docx())
    send(ada, example())
    page = ada.get(ADDRESS)
    assert "Not taken over" not in page.words
    assert ada.get(f"{ADDRESS}/file").response.get_data() != b""


def test_its_files_are_downloads(ada: StrictClient) -> None:
    """The one that is kept, a trial book made with it, and one to start from: each a file to save."""
    send(ada, by_python_docx())
    for leaf, name in (("file", "word-template"), ("trial", "trial-book"), ("example", "to-start-from")):
        answer = ada.get(f"{ADDRESS}/{leaf}").response
        assert name in answer.headers["Content-Disposition"]
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Security-Policy"] == DOWNLOAD_CSP
        assert answer.mimetype == word_template.WORD
        assert answer.headers["ETag"] == f'"{sha256(answer.get_data()).hexdigest()}"'
        with zipfile.ZipFile(BytesIO(answer.get_data())) as opened:
            assert opened.testzip() is None
    trial = ada.get(f"{ADDRESS}/trial").response.get_data()
    assert lacks(trial) == []
    assert "Portfolio of Robin Sample" in visible(trial)
    assert "Harrow Dale Training" in visible(trial)


def test_what_is_downloaded_can_be_sent_again(ada: StrictClient) -> None:
    send(ada, ada.get(f"{ADDRESS}/example").response.get_data())
    first = ada.get(f"{ADDRESS}/file").response.get_data()
    send(ada, first)
    assert ada.get(f"{ADDRESS}/file").response.get_data() == first


def test_everything_that_is_wrong_is_said_at_the_field(ada: StrictClient) -> None:
    """And the template that was there stays."""
    send(ada, example())
    page = send(ada, package(line(text("{{shoe size}}")) + '<w:altChunk r:id="r1"/>'), status=422)
    assert "There is no field called “shoe size”." in told_of(page)
    assert "It takes in another document as it opens." in told_of(page)
    assert "Two things need your attention" in page.words
    assert "50 of the 50" in page.words


def test_no_file_and_a_large_one(ada: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anybody looks at what is in it."""
    assert "Choose a Word file." in told_of(ada.post(ADDRESS, status=422))
    monkeypatch.setattr(word_template, "MOST", 100)
    assert "larger than 5 MB" in told_of(send(ada, example(), status=422))


def test_a_file_that_takes_too_long_is_refused(ada: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "SECONDS", 0)
    monkeypatch.setattr(taking, "_checked", lambda _value: pytest.fail("It was believed."))
    page = send(ada, slow(), status=422)
    assert taking.TOO_LONG in told_of(page)


def slow() -> bytes:
    """A template that takes a while to read."""
    return package("".join(line(text(f"Line {number}")) for number in range(150_000)))


def test_only_an_administrator_may(client: StrictClient, cast: Cast) -> None:
    """Everybody else is told that there is no such page."""
    assert cast.people
    for name in ("amina", "marguerite", "iris"):
        somebody = client.another().sign_in(name)
        for leaf in ("", "/file", "/trial", "/example"):
            somebody.get(f"{ADDRESS}{leaf}", status=404)
