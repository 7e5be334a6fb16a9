"""Criteria in the formats of others in the browser: every fault at once, what is assumed, then the way of all packs."""

import csv
import io
from io import BytesIO

import pytest
from sqlalchemy import select

from portfolio.criteria.exchange.formats import MEDIA_TYPES, Format, read
from portfolio.criteria.models import QualificationVersion
from portfolio.criteria.packs import read_pack, read_pack_texts
from portfolio.drafts.models import Draft
from portfolio.web.criteria import exchange
from tests.cast import PACK, Cast
from tests.client import Page, StrictClient
from tests.criteria.exchange.packs import left
from tests.criteria.exchange.test_case import SMALL, as_bytes
from tests.criteria.exchange.test_moodle import FRAMEWORK, row
from tests.criteria.exchange.test_moodle import as_bytes as as_csv
from tests.criteria.exchange.test_table import SOUND, workbook
from tests.web.criteria.test_loading import count, press_load, send
from tests.web.criteria.yaml_files import MAIN, MAIN_TEXT, UNIT, UNIT_TEXT, named

WRONG = as_csv(FRAMEWORK, row("nowhere", "1", "a"), row("", "1", ""), row("", "2", "<b>x</b>", "y" * 2_001))


@pytest.fixture
def ada(client: StrictClient, cast: Cast) -> StrictClient:
    """The administrator of Harrow Dale."""
    assert cast.people
    return client.sign_in("ada")


def convert(client: StrictClient, content: bytes, name: str, status: int = 303, **fields: str) -> Page:
    """Send a file in another format, and go where that leads."""
    answer = client.post("/criteria/load/convert", {"file": (BytesIO(content), name), **fields}, status=status)
    return client.get("/criteria/load") if status == 303 else answer


def test_a_file_in_another_format_becomes_a_pack_that_is_loaded(ada: StrictClient, cast: Cast) -> None:
    """What was assumed is said until it is loaded; then new learners begin with it."""
    page = convert(ada, as_bytes(SMALL), "folder/case.json", level="4", organisation="A body")
    assert "Read this before you load it" in page.words
    assert "The methods for a criterion are not given" in page.words
    assert "level 1 is written" not in page.words
    assert "case.yaml" in page.words
    assert "What is new" in page.words
    assert "R/506/2151 R/506/2151 Draft 2 criteria" in page.words
    done = press_load(ada, page)
    assert "is loaded" in ada.get(done.location).words
    with cast.installation.database.reading() as session:
        version = session.scalars(select(QualificationVersion).order_by(QualificationVersion.id.desc())).first()
        assert version is not None
        assert (version.centre_id, version.level) == (cast.homes["ada"], 4)
        assert version.awarding_organisation == "A centre"
    assert "Read this before" not in ada.get("/criteria/load").words


@pytest.mark.parametrize(
    ("name", "content"),
    [("table.xlsx", workbook(SOUND)), ("moodle.csv", as_csv(FRAMEWORK, row("", "1", "Know"), row("1", "1.1", "Say")))],
    ids=["workbook", "moodle"],
)
def test_other_formats_are_told_from_what_is_in_them(ada: StrictClient, name: str, content: bytes) -> None:
    page = convert(ada, content, name)
    assert read(content).pack.title in page.words
    assert "What is new" in page.words


def test_every_fault_is_shown_and_nothing_is_kept(ada: StrictClient, cast: Cast) -> None:
    page = convert(ada, WRONG, "moodle.csv", status=422, organisation="A body")
    rows = [["".join(cell.itertext()).strip() for cell in row] for row in page.all("tr")]
    for place, word in [("line 3", "nowhere"), ("line 4", "too"), ("line 4", "is empty"), ("line 5", "longer than")]:
        assert any(cells[0] == place and word in cells[-1] for cells in rows), (place, word, rows)
    assert "Nothing of the file was taken." in page.words
    assert 'value="A body"' in page.text
    assert count(cast, Draft) == 0


def test_what_is_no_such_file_is_refused(ada: StrictClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Choose a file." in ada.post("/criteria/load/convert", status=422).words
    assert "this is none of the formats" in convert(ada, b"just words", "a.csv", status=422).words
    assert "Choose one of the answers" in convert(ada, as_bytes(SMALL), "a.json", status=422, level="9").words
    monkeypatch.setattr(exchange, "CONVERT_BYTES_MOST", 100_000)
    assert "is larger than 0.1 MB" in convert(ada, b"{" * 100_001, "a.json", status=422).words
    assert count(cast, Draft) == 0


def test_a_converted_pack_takes_the_place_of_another_one(ada: StrictClient) -> None:
    """Remarks go with the file that they are about; units that were sent before stay."""
    send(ada, named(MAIN, MAIN_TEXT), named(UNIT, UNIT_TEXT))
    page = convert(ada, as_bytes(SMALL), "case.json")
    assert MAIN not in page.words
    assert f"No group names {UNIT}" in page.words
    assert "Read this before" in page.words
    page = send(ada, named(MAIN, MAIN_TEXT))
    assert "case.yaml" not in page.words
    assert "Read this before" not in page.words


def kept_text(client: StrictClient) -> str:
    """The kept file, as it is downloaded."""
    return client.get("/criteria/load/kept?name=case.yaml").response.get_data(as_text=True)


def test_a_kept_file_is_changed_and_sent_again(ada: StrictClient) -> None:
    convert(ada, as_bytes(SMALL), "case.json")
    text = kept_text(ada)
    assert text.startswith("# Read from: CASE 1.0.")
    assert read_pack_texts(text, {}).level == 1
    page = send(ada, named("case.yaml", text.replace("level: 1\n", "level: 5\n")))
    assert page.words.count("case.yaml") >= 1
    assert kept_text(ada).count("level: 5\n") == 2
    ada.get("/criteria/load/kept?name=other.yaml", status=404)
    ada.get("/criteria/load/kept", status=404)


def test_a_qualification_is_taken_elsewhere(client: StrictClient, cast: Cast) -> None:
    """By whoever may see it, in each format; what is left out is said beside it."""
    assert cast.people
    client.sign_in("marguerite")
    with cast.installation.database.reading() as session:
        number = session.scalars(select(QualificationVersion.id)).one()
    page = client.get(f"/criteria/{number}")
    pack = read_pack(PACK)
    assert "Without guidance." in page.words
    for wanted in ("yaml", *Format):
        address = f"/criteria/{number}/export/{wanted}"
        assert address in page.links()
        answer = client.open(address).response
        assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="{pack.reference}')
        if wanted == "yaml":
            assert read_pack_texts(answer.get_data(), {}) == pack
        else:
            assert read(answer.get_data()).pack == left(pack, Format(wanted))
            assert answer.content_type in MEDIA_TYPES.values()
    client.get(f"/criteria/{number}/export/docx", status=404)
    client.get("/criteria/99999/export/case", status=404)


def test_the_table_to_fill_in_is_given_out(ada: StrictClient) -> None:
    page = ada.get("/criteria/load/convert")
    for kind in ("xlsx", "csv"):
        assert f"/criteria/template/{kind}" in page.links()
    rows = list(csv.reader(io.StringIO(ada.open("/criteria/template/csv").response.get_data().decode("utf-8-sig"))))
    assert rows[0][:3] == ["What it is", "Code", "Title or wording"]
    assert ada.open("/criteria/template/xlsx").response.get_data().startswith(b"PK")
    ada.get("/criteria/template/case", status=404)
    ada.get("/criteria/template/docx", status=404)


@pytest.mark.parametrize("name", ["marguerite", "iris", "ewan", "amina"])
def test_nobody_else_converts(client: StrictClient, cast: Cast, name: str) -> None:
    assert cast.people
    client.sign_in(name)
    client.get("/criteria/load/convert", status=404)
    client.get("/criteria/load/kept?name=a.yaml", status=404)
    client.get("/criteria/template/xlsx", status=404)
    convert(client, as_bytes(SMALL), "case.json", status=404)
    if name == "amina":
        client.get("/criteria/1/export/case", status=404)
