"""Lists that are broken, odd or meant badly (X5): refused or right, quickly, and never by halves."""

import time
from collections.abc import Iterator
from io import BytesIO

import pytest
from sqlalchemy import func, select

from portfolio.accounts.models import Person
from portfolio.config import ROOT
from portfolio.imports.models import ImportDraft
from tests.cast import Cast
from tests.client import Page, StrictClient

COLLECTION = ROOT.parent / "shared" / "hostile-dev"
EDGE = "edge-of-a-part"
HTML = "<script>alert(1)</script>"


@pytest.fixture
def ada(client: StrictClient, cast: Cast) -> StrictClient:
    """The administrator of Harrow Dale."""
    assert cast.people
    return client.sign_in("ada")


def send(client: StrictClient, content: bytes, name: str = "list.csv") -> Page:
    """Send a list; answers what comes back, within a second of work."""
    parts = [
        f'--{EDGE}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{client.token()}\r\n',
        f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n',
    ]
    body = "".join(parts).encode() + content + f"\r\n--{EDGE}--\r\n".encode()
    kind = f"multipart/form-data; boundary={EDGE}"
    began = time.process_time()
    page = client.open(
        "/imports/new/people", "POST", input_stream=BytesIO(body), content_length=len(body), content_type=kind
    )
    assert time.process_time() - began < 1
    return page


def hostile() -> Iterator[tuple[str, bytes]]:
    """Files of this test's own, by what is wrong with them."""
    yield "NUL bytes", b"Name,Email\nNia\x00,nia@example.org\n"
    yield "one long line", b"Name,Email\n" + b"x" * 1_000_000
    yield "half a million cells", b"Name,Email\n" + b"," * 500_000
    yield "only quotes", b'"' * 1_000_000
    yield "half UTF-16", "Name,Email\n".encode("utf-16")[:-1]
    yield "a workbook", b"PK\x03\x04" + bytes(1000)
    yield "too many rows", b"Name,Email\n" + b"A,a@example.org\n" * 5_001
    yield "nothing", b""


@pytest.mark.parametrize(("what", "content"), list(hostile()))
def test_what_is_no_list_is_refused_with_a_sentence(ada: StrictClient, cast: Cast, what: str, content: bytes) -> None:
    page = send(ada, content)
    assert page.status == 422, what
    assert "Choose a file" in page.words
    with cast.installation.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ImportDraft)) == 0


def test_a_body_beyond_every_limit_is_not_read(ada: StrictClient) -> None:
    assert send(ada, bytes(10_000_000)).status == 413


def test_words_that_look_like_code_are_shown_as_words(ada: StrictClient, cast: Cast) -> None:
    """YAML, HTML, templates and formulas in headings, cells and the file's name."""
    rows = [
        f"{HTML},Email,&anchor {{{{7*7}}}}",
        f'"{HTML}",nia@example.org,!!python/object',
        "=HYPERLINK(0),o'b'i@example.org,*anchor",
        "\u202eNia,n@example.org,'; DROP TABLE person",
    ]
    page = send(ada, "\n".join(rows).encode(), f"{HTML}=1.csv")
    assert page.status == 303
    columns = ada.get(page.location)
    assert HTML in columns.words
    assert "49" not in columns.words
    shown = ada.get(ada.post(page.location, {"name": "0", "email": "1"}).location)
    assert HTML in shown.words
    [form] = [form for form in shown.forms() if form["action"].endswith("/import")]
    ada.post(form["action"], form["fields"])
    with cast.installation.database.reading() as session:
        names = session.scalars(select(Person.name).order_by(Person.id.desc()).limit(3)).all()
    assert set(names) == {HTML, "=HYPERLINK(0)", "\u202eNia"}
    assert HTML in ada.get("/people?q=script").words


@pytest.mark.parametrize("matching", ["-1", "99", "x", "1.5", "0"])
def test_columns_that_are_not_offered_are_refused(ada: StrictClient, matching: str) -> None:
    page = send(ada, b"Name,Email\nNia,nia@example.org\n")
    assert ada.post(page.location, {"name": "0", "email": matching}, status=422).status == 422


def test_every_hostile_file_of_the_collection_is_refused_or_read(ada: StrictClient) -> None:
    if not COLLECTION.is_dir():
        pytest.skip("the collection of hostile files is not here")
    paths = [path for path in sorted(COLLECTION.rglob("*")) if path.is_file() and path.stat().st_size < 1_900_000]
    assert len(paths) > 50
    for path in paths:
        page = send(ada, path.read_bytes(), path.name)
        assert page.status in {303, 422}, path.name
        if page.status == 303:
            ada.get(page.location)
