"""Many slow lines hold nobody else up: neither a turn, nor a thread that pages need, nor the database (U6)."""

import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from typing import Any, cast

import pytest
from werkzeug.wsgi import ClosingIterator

from portfolio.config import Settings
from portfolio.installation import open_installation
from portfolio.web import uploads
from portfolio.web.uploads import RAW, Turns
from tests.cast import PASSWORD, assemble
from tests.running import Running, free_port
from tests.visitor import Visitor

CLIENTS, PAGES = 200, 40
LARGE = 6_000_000
"""More than a line holds that nobody reads from."""


class Held(BytesIO):
    """A body that does not come until somebody lets it."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.asked, self.let = Event(), Event()

    def read(self, size: int | None = -1) -> bytes:
        self.asked.set()
        assert self.let.wait(10)
        return super().read(size)


def reading(environ: dict[str, Any], _start_response: Any) -> Iterable[bytes]:
    """An application that gives back what it was sent."""
    return [environ["wsgi.input"].read(100)]


def test_a_request_that_waits_for_its_body_gives_up_its_turn() -> None:
    turns, body, answers = Turns(reading, 1), Held(b"slow"), list[Iterable[bytes]]()
    slow = Thread(target=lambda: answers.append(turns({"wsgi.input": body}, lambda *_: lambda _: None)))
    slow.start()
    assert body.asked.wait(10)
    assert turns({"wsgi.input": BytesIO(b"quick")}, lambda *_: lambda _: None) == [b"quick"]
    body.let.set()
    slow.join(10)
    assert answers == [[b"slow"]]


def test_only_so_many_work_at_once() -> None:
    inside, let = list[int](), Event()

    def working(_environ: dict[str, Any], _start_response: Any) -> Iterable[bytes]:
        inside.append(1)
        assert let.wait(10)
        return []

    turns = Turns(working, 2)
    threads = [Thread(target=turns, args=({"wsgi.input": BytesIO()}, None)) for _ in range(5)]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    assert len(inside) == 2
    let.set()
    for thread in threads:
        thread.join(10)
    assert len(inside) == 5


def test_a_turn_is_given_back_when_the_application_fails() -> None:
    def failing(_environ: dict[str, Any], _start_response: Any) -> Iterable[bytes]:
        raise ZeroDivisionError

    turns = Turns(failing, 1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            turns({"wsgi.input": BytesIO()}, lambda *_: lambda _: None)


def refusing(_environ: dict[str, Any], _start_response: Any) -> Iterable[bytes]:
    """An application that answers without a look at what it is sent."""
    return [b"no"]


def sent(body: BytesIO, **further: str) -> dict[str, Any]:
    """A request with a body, from a server that knows where the body ends."""
    length = str(len(body.getbuffer()))
    return {"wsgi.input": body, "wsgi.input_terminated": True, "CONTENT_LENGTH": length, **further}


def answered(turns: Turns, environ: dict[str, Any]) -> bytes:
    """What a server passes on, which closes the answer when it has."""
    with closing(cast(ClosingIterator, turns(environ, lambda *_: lambda _: None))) as answer:
        return b"".join(answer)


def test_what_was_not_read_is_let_pass_after_the_answer_and_takes_no_turn() -> None:
    turns, body = Turns(refusing, 1), Held(b"x" * 200_000)
    answer = cast(ClosingIterator, turns(sent(body), lambda *_: lambda _: None))
    assert list(answer) == [b"no"]
    assert not body.asked.is_set()
    passing = Thread(target=answer.close)
    passing.start()
    assert body.asked.wait(10)
    assert answered(turns, sent(BytesIO(b"quick"))) == b"no"
    body.let.set()
    passing.join(10)
    assert body.tell() == 200_000


def test_a_body_without_end_is_let_pass_for_a_while_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "PASSING_SECONDS", 0.0)
    body = BytesIO(b"x" * 200_000)
    assert answered(Turns(refusing, 1), sent(body)) == b"no"
    assert body.tell() == uploads.PASSING_PIECE


def test_no_more_than_some_bodies_are_let_pass_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "PASSING", 1)
    turns, slow, other = Turns(refusing, 1), Held(b"slow"), BytesIO(b"other")
    passing = Thread(target=answered, args=(turns, sent(slow)))
    passing.start()
    assert slow.asked.wait(10)
    assert answered(turns, sent(other)) == b"no"
    assert other.tell() == 0
    slow.let.set()
    passing.join(10)
    assert answered(turns, sent(other)) == b"no"
    assert other.tell() == 5


def test_who_asks_first_whether_to_send_is_not_waited_for() -> None:
    body = BytesIO(b"never sent")
    assert list(Turns(refusing, 1)(sent(body, HTTP_EXPECT="100-continue"), lambda *_: lambda _: None)) == [b"no"]
    assert body.tell() == 0


def test_a_body_that_was_read_is_not_waited_for() -> None:
    assert Turns(reading, 1)(sent(BytesIO(b"quick")), lambda *_: lambda _: None) == [b"quick"]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[Running, int]]:
    """The real server with the cast in it, and amina's enrolment."""
    installation = open_installation(Settings.from_environment(tmp_path, {}))
    enrolment_id = assemble(installation).enrolments["amina"]
    installation.close()
    server = Running(tmp_path, free_port())
    try:
        server.wait_until_healthy()
        yield server, enrolment_id
    finally:
        server.kill()


def begin(visitor: Visitor, path: str, token: str) -> socket.socket:
    """A client that sends the head of an upload, and goes to sleep."""
    headers = {**visitor.headers(), "Content-Type": RAW, "X-CSRFToken": token, "Content-Length": "1000"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    connection = socket.create_connection((visitor.host, visitor.port))
    connection.sendall(f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode())
    return connection


def test_who_sends_much_that_is_not_taken_gets_the_answer_and_may_ask_on(running: tuple[Running, int]) -> None:
    server, _enrolment_id = running
    visitor = Visitor(server.port)
    with closing(visitor.connection):
        for _ in range(3):
            assert visitor.send("POST", "/nowhere", b"x" * LARGE, **{"Content-Type": RAW}).status == 404
            line = visitor.connection.sock
            assert visitor.get("/sign-in").status == 200
            assert visitor.connection.sock is line is not None


def test_two_hundred_slow_uploads_leave_pages_and_changes_quick(running: tuple[Running, int]) -> None:
    server, enrolment_id = running
    visitor = Visitor(server.port).sign_in("amina@example.org", PASSWORD)
    path = f"/enrolments/{enrolment_id}"
    form = visitor.get(f"{path}/evidence/write").form("/write", having="title")
    slow = [begin(visitor, f"{path}/files?name=a.txt", form["csrf_token"]) for _ in range(CLIENTS)]
    time.sleep(1)
    seconds = []
    for number in range(PAGES):
        for connection in slow[number::PAGES]:
            connection.send(b"x")
        began = time.perf_counter()
        assert visitor.get("/account").status == 200
        seconds.append(time.perf_counter() - began)
    done = visitor.post(f"{path}/evidence/write", {**form, "title": "Meanwhile", "body": "I listened."})
    for connection in slow:
        connection.close()
    visitor.connection.close()
    assert done.status == 303
    assert sorted(seconds)[int(PAGES * 0.95) - 1] < 1
