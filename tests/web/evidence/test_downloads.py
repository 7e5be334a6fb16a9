"""Files leave as attachments: the very bytes, under their own name, in parts where asked for, never as a page."""

from io import BytesIO
from urllib.parse import unquote

import pytest
from werkzeug.http import parse_options_header

from portfolio.evidence.models import Evidence
from portfolio.web.downloads import disposition
from portfolio.web.security import DOWNLOAD_CSP
from tests.cast import Cast
from tests.client import StrictClient

LETTER = b"Dear Customer A, I am sorry."


def file_of(cast: Cast, name: str) -> str:
    """The address of an item's first file."""
    with cast.installation.database.reading() as session:
        return f"/files/{session.get_one(Evidence, cast.evidence[name]).latest.files[0].id}"


@pytest.mark.parametrize("name", ["amina", "marguerite", "dafydd", "iris", "ada", "ewan"])
def test_whoever_may_see_it_gets_the_very_bytes(client: StrictClient, cast: Cast, name: str) -> None:
    """With the headers of a download."""
    response = client.sign_in(name).get(file_of(cast, "amina E001")).response
    assert response.data == LETTER
    assert response.headers["Content-Type"] == "text/plain"
    assert response.headers["Content-Length"] == str(len(LETTER))
    assert response.headers["Content-Disposition"].startswith('attachment; filename="letter.txt"')
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == DOWNLOAD_CSP
    assert response.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("name", ["ben", "olga", "oscar"])
def test_to_anybody_else_it_is_not_there(client: StrictClient, cast: Cast, name: str) -> None:
    """Not even that it exists."""
    client.sign_in(name).get(file_of(cast, "amina E001"), status=404)


def test_a_drafts_file_is_the_learners_alone(client: StrictClient, cast: Cast) -> None:
    """Until it is handed in."""
    client.sign_in("amina").post(
        f"/enrolments/{cast.enrolments['amina']}/evidence/add-files",
        {"method": "PE", "title": "A draft", "files": [(BytesIO(b"Draft words"), "draft.txt")]},
    )
    with cast.installation.database.reading() as session:
        newest = session.query(Evidence).order_by(Evidence.id.desc()).first()
        assert newest is not None
        path = f"/files/{newest.latest.files[0].id}"
    assert client.get(path).response.data == b"Draft words"
    for name in ("marguerite", "iris", "ada", "ewan"):
        client.another().sign_in(name).get(path, status=404)


@pytest.mark.parametrize(
    ("asked", "status", "part", "said"),
    [
        ("bytes=0-3", 206, LETTER[:4], "bytes 0-3/28"),
        ("bytes=5-", 206, LETTER[5:], "bytes 5-27/28"),
        ("bytes=-6", 206, LETTER[-6:], "bytes 22-27/28"),
    ],
)
def test_parts(client: StrictClient, cast: Cast, asked: str, status: int, part: bytes, said: str) -> None:
    """As players ask for recordings."""
    path = file_of(cast, "amina E001")
    response = client.sign_in("amina").get(path, status=status, headers={"Range": asked}).response
    assert (response.data, response.headers["Content-Range"]) == (part, said)


def test_a_part_that_is_not_there(client: StrictClient, cast: Cast) -> None:
    """416, as the protocol has it."""
    client.sign_in("amina").get(file_of(cast, "amina E001"), status=416, headers={"Range": "bytes=900-"})


def test_what_the_browser_has_is_not_sent_again(client: StrictClient, cast: Cast) -> None:
    """By the hash of the content."""
    path = file_of(cast, "amina E001")
    etag = client.sign_in("amina").get(path).response.headers["ETag"]
    assert client.get(path, status=304, headers={"If-None-Match": etag}).response.data == b""


@pytest.mark.parametrize(
    "name",
    [
        "letter.txt",
        "naïve café – reply.docx",
        "文件.pdf",
        'quo"te\\back.txt',
        "line\r\nSet-Cookie: x=1.txt",
        "semi;colon=1.txt",
        "percent%41.txt",
    ],
)
def test_any_name_comes_back_whole(name: str) -> None:
    """And never breaks out of its header."""
    header = disposition(name)
    kind, options = parse_options_header(header)
    assert kind == "attachment"
    assert options["filename"] == name or unquote(header.rsplit("''", 1)[1]) == name
    assert "\r" not in header
    assert "\n" not in header
    assert header.isascii()
