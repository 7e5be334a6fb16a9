"""Files on their way in: sent ahead or with a form, within limits, and holding nothing up while they come."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from io import BytesIO, RawIOBase
from typing import Any

import pytest
from sqlalchemy import select

from portfolio import clock
from portfolio.audit.models import AuditEvent
from portfolio.evidence.models import Evidence, WaitingFile
from portfolio.installation import Installation
from tests.cast import Cast
from tests.client import Page, StrictClient

LETTER = b"Dear Customer A, I am sorry that nobody rang you back."
JSON = "application/json"
RAW = "application/octet-stream"
MULTIPART = "multipart/form-data; boundary=x"


@dataclass
class Sender:
    """Somebody's browser whose script sends files ahead."""

    client: StrictClient
    token: str
    enrolment_id: int

    @property
    def folder(self) -> list[str]:
        """What lies in `incoming`."""
        return [path.name for path in self.client.installation.settings.incoming.iterdir()]

    def send(self, body: bytes | RawIOBase, name: str = "letter.txt", **options: Any) -> Page:
        """One file as the whole body; `length` is what the request says of it."""
        headers = {"X-CSRFToken": self.token, "Accept": JSON, **options.pop("headers", {})}
        path = f"/enrolments/{self.enrolment_id}/files"
        return self.stream(path, body, headers=headers, query_string={"name": name}, **options)

    def stream(
        self, path: str, body: bytes | RawIOBase, *, length: int | None = None, kind: str = RAW, **options: Any
    ) -> Page:
        """A body that the server reads when it wants to."""
        said = len(body) if isinstance(body, bytes) else length
        stream = BytesIO(body) if isinstance(body, bytes) else body
        overrides = {"wsgi.input": stream, "CONTENT_TYPE": kind}
        overrides |= {} if said is None else {"CONTENT_LENGTH": str(said)}
        return self.client.open(path, "POST", environ_overrides=overrides, **options)

    def form(self, path: str, fields: dict[str, Any], status: int) -> Page:
        """A whole form."""
        return self.client.post(path, fields, status=status)

    @property
    def add_path(self) -> str:
        """The page for adding files."""
        return f"/enrolments/{self.enrolment_id}/evidence/add-files"


def sender_of(client: StrictClient, cast: Cast, name: str, to: str = "") -> Sender:
    """Somebody signed in."""
    client.sign_in(name)
    return Sender(client, client.token(), cast.enrolments[to or name])


@pytest.fixture
def amina(client: StrictClient, cast: Cast) -> Sender:
    """The learner."""
    return sender_of(client, cast, "amina")


def tight(client: StrictClient, **limits: int) -> None:
    """Other limits from now on."""
    served = client.app.extensions["installation"]
    client.app.extensions["installation"] = replace(served, settings=replace(served.settings, **limits))


def waiting(cast: Cast) -> list[WaitingFile]:
    """Everything that waits."""
    with cast.installation.database.reading() as session:
        rows = list(session.scalars(select(WaitingFile).order_by(WaitingFile.id)))
        assert all(row.blob.size for row in rows)
        return rows


def newest(cast: Cast) -> Evidence:
    """The item that was added last, with its files."""
    with cast.installation.database.reading() as session:
        found = session.scalars(select(Evidence).order_by(Evidence.id.desc()).limit(1)).one()
        assert all(file.blob.size for file in found.latest.files)
        return found


def test_a_file_that_is_sent_ahead_waits_and_is_used(amina: Sender, cast: Cast) -> None:
    page = amina.send(LETTER, "../etc/naïve “letter”.txt")
    assert page.status == 201
    said = page.response.json
    assert said is not None
    row = waiting(cast)[0]
    assert said == {
        "id": row.id,
        "uid": row.uid,
        "name": "naïve “letter”.txt",
        "size": len(LETTER),
        "kind": "Text",
        "sha256": hashlib.sha256(LETTER).hexdigest(),
    }
    assert amina.folder == []
    amina.form(amina.add_path, {"method": "PE", "title": "A letter", "waiting": said["uid"]}, 303)
    assert [file.name for file in newest(cast).latest.files] == ["naïve “letter”.txt"]
    assert waiting(cast) == []


def test_an_assessor_sends_files_for_a_record(client: StrictClient, cast: Cast) -> None:
    marguerite = sender_of(client, cast, "marguerite", "amina")
    assert marguerite.send(b"She listened first.").status == 201
    assert [row.person_id for row in waiting(cast)] == [cast.people["marguerite"]]


@pytest.mark.parametrize(
    ("name", "status"), [("ben", 404), ("iris", 403), ("ewan", 403), ("ada", 403), ("dafydd", 403), ("olga", 404)]
)
def test_nobody_else_sends_any_and_not_a_byte_is_read(client: StrictClient, cast: Cast, name: str, status: int) -> None:
    sender = sender_of(client, cast, name, "amina")
    page = sender.send(Unread(), length=1_000)
    assert page.status == status
    assert page.response.json is not None
    assert waiting(cast) == []


def test_a_stranger_is_told_so_as_json(client: StrictClient, cast: Cast) -> None:
    stranger = Sender(client, "none", cast.enrolments["amina"])
    page = stranger.send(Unread(), length=1_000)
    assert (page.status, page.response.json and page.response.json["message"]) == (
        401,
        "You were signed out. Sign in again, then load this page anew.",
    )


@pytest.mark.parametrize(
    "headers", [{"X-CSRFToken": ""}, {"X-CSRFToken": "made up"}, {"Origin": "https://evil.example"},
                {"Sec-Fetch-Site": "cross-site"}],
)  # fmt: skip
def test_a_forged_file_is_refused_unread(amina: Sender, cast: Cast, headers: dict[str, str]) -> None:
    page = amina.send(Unread(), length=1_000, headers=headers)
    assert page.status == 400
    assert waiting(cast) == []
    assert amina.folder == []


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "notes.txt", "notes.txt is empty."),
        (b"<html><script>alert(1)</script></html>", "page.txt", "page.txt: Web pages"),
        (b"MZ\x90\x00 program", "tool.pdf", "tool.pdf: Programs and scripts cannot be added."),
        (b"\x89PNG\r\n\x1a\n", "picture.docx", "picture.docx: The name ends in .docx"),
    ],
)
def test_what_is_not_taken_is_said_in_the_same_words_by_both_ways(
    amina: Sender, cast: Cast, content: bytes, name: str, why: str
) -> None:
    page = amina.send(content, name)
    assert page.status == 422
    assert page.response.json is not None
    sentence = page.response.json["message"]
    assert sentence.startswith(why)
    data = {"method": "PE", "title": "A title", "files": [(BytesIO(content), name)]}
    assert sentence in amina.form(amina.add_path, data, 422).words
    assert waiting(cast) == []
    assert amina.folder == []


def test_a_file_that_is_too_large_is_refused_unread(amina: Sender, cast: Cast) -> None:
    tight(amina.client, upload_bytes=1_000)
    page = amina.send(Unread(), length=1_001)
    assert (page.status, page.response.json and page.response.json["message"]) == (
        413,
        "This file has 1001 bytes. One file may have up to 1000 bytes.",
    )
    page = amina.stream(amina.add_path, Unread(), length=3_000_000, kind=MULTIPART)
    assert page.status == 413
    assert "One file may have up to 1000 bytes." in page.words
    assert waiting(cast) == []


def test_a_form_may_not_bring_a_file_that_is_too_large_either(amina: Sender, cast: Cast) -> None:
    tight(amina.client, upload_bytes=1_000)
    files = [(BytesIO(b"x" * 1_001), "large.txt"), (BytesIO(b"y" * 1_000), "fits.txt")]
    page = amina.form(amina.add_path, {"method": "PE", "title": "A title", "files": files}, 422)
    assert "large.txt has 1001 bytes. One file may have up to 1000 bytes." in page.words
    assert [row.name for row in waiting(cast)] == ["fits.txt"]


@pytest.mark.parametrize("limit", ["learner_bytes", "centre_bytes"])
def test_a_full_portfolio_refuses_unread_and_says_what_is_left(amina: Sender, cast: Cast, limit: str) -> None:
    tight(amina.client, **{limit: 100})
    page = amina.send(Unread(), length=1_000)
    assert page.status == 413
    assert page.response.json is not None
    assert "left" in page.response.json["message"]
    assert waiting(cast) == []
    assert "What may be added" in amina.client.get(amina.add_path).words


def test_what_passes_the_first_look_is_measured_again(amina: Sender, cast: Cast) -> None:
    tight(amina.client, learner_bytes=len(b"Dear Customer A, I am sorry.") + len(LETTER))
    assert amina.send(LETTER).status == 201
    data = {"method": "PE", "title": "A title", "files": [(BytesIO(b"one more"), "more.txt")]}
    page = amina.form(amina.add_path, data, 422)
    assert "more.txt has 8 bytes. There is no room for it: this portfolio holds 82 bytes of 82 bytes" in page.words
    assert len(waiting(cast)) == 1


def test_a_body_without_a_length_or_of_another_kind_is_refused(amina: Sender, cast: Cast) -> None:
    page = amina.send(Unread())
    assert page.status == 400
    assert page.response.json is not None
    assert page.response.json["message"] == "The request does not say how long the file is."
    assert amina.send(LETTER, kind="text/plain").status == 422
    assert waiting(cast) == []


def test_a_body_that_breaks_off_leaves_nothing(amina: Sender, cast: Cast) -> None:
    page = amina.send(Slow(LETTER, list), length=len(LETTER) + 1)
    assert page.status == 400
    assert waiting(cast) == []
    assert amina.folder == []


def test_nothing_is_lost_when_something_else_is_wrong(amina: Sender, cast: Cast) -> None:
    files = [(BytesIO(b"Notes"), "notes.txt"), (BytesIO(b"MZ"), "tool.pdf"), (BytesIO(b"More"), "more.txt")]
    page = amina.form(amina.add_path, {"method": "PE", "title": "", "context": "From the desk.", "files": files}, 422)
    assert "Give it a title" in page.words
    assert "tool.pdf: Programs" in page.words
    rows = waiting(cast)
    assert [row.name for row in rows] == ["notes.txt", "more.txt"]
    fields = next(form["fields"] for form in page.forms() if "title" in form["fields"])
    assert fields["waiting"] == [row.uid for row in rows]
    assert fields["context"] == "From the desk."
    amina.form(amina.add_path, {**fields, "method": "PE", "title": "Notes", "waiting": rows[1].uid}, 303)
    assert [file.name for file in newest(cast).latest.files] == ["more.txt"]
    again = amina.client.get(amina.add_path)
    assert "Here already. Untick it to leave it out." in again.words
    fields = next(form["fields"] for form in again.forms() if "title" in form["fields"])
    assert fields["waiting"] == rows[0].uid


def test_a_draft_takes_further_files_and_a_conflict_loses_none(amina: Sender, cast: Cast) -> None:
    amina.form(amina.add_path, {"method": "PE", "title": "Notes", "files": [(BytesIO(b"Notes"), "notes.txt")]}, 303)
    item = newest(cast)
    path, rev = f"/evidence/{item.id}/edit", item.latest.rev
    amina.form(path, {"title": "From the other window", "rev": rev}, 303)
    files = [(BytesIO(b"More"), "more.txt")]
    page = amina.form(path, {"title": "From this window", "rev": rev, "files": files}, 409)
    assert "From the other window" in page.words
    fields = next(form["fields"] for form in page.forms() if "rev" in form["fields"])
    assert fields["waiting"] == waiting(cast)[0].uid
    amina.form(path, fields, 303)
    assert [file.name for file in newest(cast).latest.files] == ["notes.txt", "more.txt"]
    assert newest(cast).latest.title == "From this window"


@pytest.mark.parametrize("named", ["theirs", "missing", "nonsense", "\x00", "1 OR 1=1"])
def test_files_that_are_not_ones_own_are_not_there(client: StrictClient, cast: Cast, named: str) -> None:
    theirs = sender_of(client.another(), cast, "marguerite", "amina").send(LETTER).response.json
    assert theirs is not None
    amina = sender_of(client, cast, "amina")
    uid = {"theirs": theirs["uid"], "missing": "a" * 20}.get(named, named)
    page = amina.form(amina.add_path, {"method": "PE", "title": "A letter", "waiting": uid}, 422)
    assert "letter.txt" not in page.words
    assert len(waiting(cast)) == 1


def test_a_file_is_taken_away_by_whoever_sent_it(client: StrictClient, cast: Cast) -> None:
    amina = sender_of(client, cast, "amina")
    said = amina.send(LETTER).response.json
    assert said is not None
    path = f"/waiting-files/{said['id']}/remove"
    client.another().sign_in("marguerite").post(path, status=404)
    amina.form(path, {}, 200)
    amina.form(path, {}, 404)
    assert waiting(cast) == []
    with cast.installation.database.reading() as session:
        last = session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id.desc()).limit(2)).all()
    assert last == ["evidence.remove_waiting", "evidence.receive"]


class Unread(RawIOBase):
    """A body of which not a byte may be read."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        raise AssertionError("the body was read")


class Slow(RawIOBase):
    """A body in two parts, between which something else is done."""

    def __init__(self, body: bytes, between: Callable[[], object]) -> None:
        super().__init__()
        self._parts, self._between = [body[: len(body) // 2], body[len(body) // 2 :]], between

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if len(self._parts) == 1:
            with ThreadPoolExecutor(1) as elsewhere:
                elsewhere.submit(self._between).result()
        part = self._parts.pop(0) if self._parts else b""
        buffer[: len(part)] = part
        return len(part)


def multipart(fields: dict[str, str], content: bytes) -> bytes:
    """A form with a file, its boundary `x`."""
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    head = '--x\r\nContent-Disposition: form-data; name="files"; filename="slow.txt"\r\n\r\n'
    return "".join([*parts, head]).encode() + content + b"\r\n--x--\r\n"


@pytest.mark.parametrize("way", ["ahead", "add", "edit"])
def test_while_a_body_arrives_no_connection_and_no_lock_is_held(
    amina: Sender, cast: Cast, installation: Installation, way: str
) -> None:
    amina.form(amina.add_path, {"method": "PE", "title": "Notes", "files": [(BytesIO(b"Notes"), "notes.txt")]}, 303)
    item, seen = newest(cast), list[int]()
    other = client_that_writes(amina.client)

    def between() -> None:
        seen.append(installation.database.engine.pool.checkedout())  # type: ignore[attr-defined]
        other()

    fields = {"csrf_token": amina.token, "title": "Slowly", "method": "PE", "rev": str(item.latest.rev)}
    content = LETTER * 1_000
    if way == "ahead":
        page = amina.send(Slow(content, between), length=len(content))
        assert page.status == 201
    else:
        body = multipart(fields, content)
        path = amina.add_path if way == "add" else f"/evidence/{item.id}/edit"
        page = amina.stream(path, Slow(body, between), length=len(body), kind=MULTIPART)
        assert page.status == 303, page.words
    assert seen == [0]


def client_that_writes(client: StrictClient) -> Callable[[], None]:
    """Somebody else who changes something, which takes the database's write lock."""
    other = client.another().sign_in("olga")
    token = other.token()
    enrolment = other.get("/evidence", status=303).location.removesuffix("/evidence")

    def write() -> None:
        data = {"csrf_token": token, "title": "Meanwhile", "method": "RA", "body": "I listened."}
        assert other.open(f"{enrolment}/evidence/write", "POST", data=data).status == 303

    return write


def test_somebody_who_loses_their_role_while_the_body_arrives_is_turned_away(amina: Sender, cast: Cast) -> None:
    ada = amina.client.another().sign_in("ada")
    where = f"/people/{cast.people['amina']}"
    [role] = [link for link in ada.get(where).links() if link.startswith(f"{where}/roles/")]
    form = {"csrf_token": ada.token(), "end-on": clock.today().isoformat()}

    def between() -> None:
        assert ada.open(f"{role}/end", "POST", data=form).status == 303

    page = amina.send(Slow(LETTER, between), length=len(LETTER))
    assert page.status in {401, 403, 404}
    assert waiting(cast) == []
    assert amina.folder == []
