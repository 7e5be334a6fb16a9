"""Uploads: written to disk and hashed while they arrive, looked at before they are taken, gone when nobody takes them.

A file comes as the whole body of a request, or in a form. Either way it is whole and on disk before the transaction
that writes begins, so that a slow line holds up nobody. What is still in `incoming` when a request ends is removed.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from threading import BoundedSemaphore
from typing import IO, TYPE_CHECKING, Any, cast

from flask import Flask, Request, g, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wsgi import ClosingIterator

from portfolio.bundles.arriving.draft_queries import held_by
from portfolio.bundles.arriving.rules import BEGINNING, BUNDLE
from portfolio.config import MEGABYTE
from portfolio.documents.sniff import inspect
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Rejected, TooLarge
from portfolio.evidence.file_queries import room_in
from portfolio.storage.arriving import CHUNK, Incoming, Upload
from portfolio.storage.rules import Limits, check_file_size, size_words
from portfolio.web.session import actor, database_session, installation

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KINDS_TAKEN = {
    "Word": (".docx",),
    "Excel": (".xlsx",),
    "PowerPoint": (".pptx",),
    "PDF": (".pdf",),
    "Rich text": (".rtf", ".doc"),
    "Text": (".txt", ".md", ".markdown"),
    "Tables": (".csv",),
    "E-mail": (".eml", ".msg"),
    "Pictures": (".png", ".jpg", ".jpeg", ".jfif", ".gif", ".webp", ".heic", ".heif", ".tif", ".tiff"),
    "Sound": (".mp3", ".wav", ".m4a", ".ogg", ".oga", ".opus"),
    "Video": (".mp4", ".m4v", ".mov", ".webm", ".ogv"),
}
"""What evidence may be, with the endings that each kind has."""
AT_WORK = 8
PASSING, PASSING_SECONDS, PASSING_PIECE = 32, 10.0, 64 * 1024
"""How many bodies that were answered before they had all arrived are let pass at once, how long, and in what pieces."""
RAW = "application/octet-stream"
FIELD = "files"
BUNDLE_FIELD = "file"


@dataclass(frozen=True, slots=True)
class Taking:
    """What a view takes beside words: how large a body may be, and what is done with its files once they are here."""

    most: Callable[[], int]
    arrive: Callable[[], None]


class Turns:
    """A WSGI application in which only so many requests work at once, and those that wait for their body do not count.

    So the server may have a thread for each of many slow lines, and pages are still made by few.
    """

    def __init__(self, application: "WSGIApplication", most: int = AT_WORK) -> None:
        self._application = application
        self._turns: SimpleQueue[None] = SimpleQueue()
        for _ in range(most):
            self._turns.put(None)
        self._passing = BoundedSemaphore(PASSING)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer when it is this request's turn; what is still to come of its body is let pass after the answer."""
        self._turns.get()
        try:
            body = environ["wsgi.input"] = Arriving(environ["wsgi.input"], self._turns)
            answer = self._application(environ, start_response)
        finally:
            self._turns.put(None)
        may_come = environ.get("wsgi.input_terminated") and "HTTP_EXPECT" not in environ
        if may_come and body.size < int(environ.get("CONTENT_LENGTH") or 0):
            return ClosingIterator(answer, partial(self._let_pass, body))
        return answer

    def _let_pass(self, body: "Arriving") -> None:
        if not self._passing.acquire(blocking=False):
            return
        try:
            body.let_pass()
        finally:
            self._passing.release()


class Arriving:
    """A body whose reader gives up its turn while it waits."""

    def __init__(self, body: IO[bytes], turns: SimpleQueue[None]) -> None:
        self._body, self._turns = body, turns
        self.size = 0
        """How much of it was read."""

    def read(self, size: int = -1) -> bytes:
        """What comes next."""
        self._turns.put(None)
        try:
            piece = self._body.read(size)
        finally:
            self._turns.get()
        self.size += len(piece)
        return piece

    def let_pass(self) -> None:
        """Read on for a while and keep nothing: a server that hangs up on who is still sending loses them the answer.

        It takes no turn: the answer is on its way.
        """
        until = time.monotonic() + PASSING_SECONDS
        while self._body.read(PASSING_PIECE) and time.monotonic() < until:
            pass


class StreamingRequest(Request):
    """A request whose files go straight to the store's incoming folder."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return cast(IO[bytes], _incoming())


def _incoming() -> Incoming:
    incoming = installation().store.receive()
    g.setdefault("incoming", []).append(incoming)
    return incoming


def most_of_installation() -> Limits:
    """How much this installation takes."""
    settings = installation().settings
    return Limits(settings.upload_bytes, settings.learner_bytes, settings.centre_bytes)


def limits() -> Limits:
    """How much the centre of whoever asks takes, which is never more than its installation."""
    return actor().settings.within(most_of_installation())


def body_most() -> int:
    """The largest body that may bring a file: one of the largest size, and in a form some words beside it."""
    return most_of_installation().file + (0 if _is_raw() else words_most())


def words_most() -> int:
    """How much of a form may be words."""
    return request.max_form_memory_size or 2 * MEGABYTE


def _is_raw() -> bool:
    return request.mimetype == RAW


def expect(row: Any) -> None:
    """Raises TooLarge, before any of the body is read, when it cannot be taken into the row's portfolio.

    Without its length nobody could tell a whole file from one that broke off: Rejected.
    """
    if _is_raw() and request.content_length is None:
        raise Rejected("The request does not say how long the file is.")
    enrolment = row if isinstance(row, Enrolment) else row.enrolment
    length = (request.content_length or 0) - (0 if _is_raw() else words_most())
    if length > 0:
        check_file_size(length, limits())
        room_in(database_session(), enrolment, limits()).check(length)


def arrive() -> None:
    """Have the files of the request on disk, hashed and looked at; `sent` gives them to the view."""
    if _is_raw():
        incoming = _incoming()
        _stream_into(incoming)
        arriving = [(request.args.get("name", ""), incoming)]
    else:
        sent_files = [file for file in request.files.getlist(FIELD) if file.filename]
        arriving = [(file.filename or "", cast(Incoming, file.stream)) for file in sent_files]
    g.sent = [_looked_at(shown_name(name), incoming) for name, incoming in arriving]


def _stream_into(incoming: Incoming) -> None:
    """The whole body, straight from the server where it knows the end of it, as the framework's own stream copies."""
    is_ended = request.environ.get("wsgi.input_terminated")
    body: IO[bytes] = request.environ["wsgi.input"] if is_ended else request.stream
    while piece := body.read(CHUNK):
        incoming.write(piece)
        check_file_size(incoming.size, limits())
    if incoming.size != request.content_length:
        raise ClientDisconnected("The connection was lost before everything had arrived.")


def _looked_at(name: str, incoming: Incoming) -> Upload | Rejected:
    if incoming.size == 0:
        return Rejected(f"{name} is empty.", FIELD)
    arrived = incoming.arrive()
    try:
        media_type = inspect(arrived.path, name).media_type
    except Rejected as refusal:
        return Rejected(f"{name}: {refusal.sentence}", FIELD)
    installation().store.send_ahead(g.actor.centre_uid, arrived)
    return Upload(arrived, name, media_type)


def sent() -> list[Upload | Rejected]:
    """The files that came with the request: each as it can be taken, or why it cannot, on the field of the files."""
    return cast(list[Upload | Rejected], g.get("sent", []))


def bundle_most() -> int:
    """The largest bundle that comes by a page: as much as one portfolio may hold."""
    return most_of_installation().portfolio


def expect_bundle() -> None:
    """Raises TooLarge, before any of the body is read, when the centre cannot take it."""
    check_bundle((request.content_length or 0) - words_most())


def check_bundle(size: int) -> None:
    """Raises TooLarge, on the field of the bundle, for one that the centre cannot take."""
    if size > bundle_most():
        sentence = f"The bundle has {size_words(size)}. One may have up to {size_words(bundle_most())} here."
        raise TooLarge(f"{sentence} A larger one can be brought in on the server itself.", BUNDLE_FIELD)
    left = limits().centre - held_by(database_session(), actor().centre_id)
    if size > left:
        sentence = f"Your centre has no room for it: {size_words(max(0, left))} are left."
        raise TooLarge(f"The bundle has {size_words(size)}. {sentence}", BUNDLE_FIELD)


def _arrive_bundle() -> None:
    file = request.files.get(BUNDLE_FIELD)
    g.sent = [_as_bundle(file)] if file is not None and file.filename else []


def _as_bundle(file: FileStorage) -> Upload | Rejected:
    name, incoming = shown_name(file.filename or ""), cast(Incoming, file.stream)
    arrived = incoming.arrive()
    with arrived.path.open("rb") as content:
        beginning = content.read(len(BEGINNING))
    if beginning != BEGINNING:
        return Rejected(f"{name} is not a ZIP file. Choose the file as it was sent to you.", BUNDLE_FIELD)
    installation().store.send_ahead(g.actor.centre_uid, arrived)
    return Upload(arrived, name, BUNDLE)


EVIDENCE = Taking(body_most, arrive)
ONE_BUNDLE = Taking(lambda: bundle_most() + words_most(), _arrive_bundle)


def shown_name(name: str) -> str:
    """A file's name without folders and control characters, at most 200 characters with its ending kept."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(c for c in last if c.isprintable()).strip() or "file"
    if len(clean) <= 200:
        return clean
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[: 199 - len(ending)]}.{ending}" if dot and len(ending) < 20 else clean[:200]


def _abandon(_error: BaseException | None) -> None:
    for incoming in g.pop("incoming", []):
        incoming.abandon()


def install(app: Flask) -> None:
    """Every request streams; what was not taken is removed at its end."""
    app.request_class = StreamingRequest
    app.jinja_env.globals["kinds_taken"] = KINDS_TAKEN
    app.teardown_request(_abandon)
    app.wsgi_app = Turns(app.wsgi_app)  # type: ignore[method-assign]
