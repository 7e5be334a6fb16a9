"""Uploads: written to disk and hashed while they arrive, looked at before they are taken, gone when nobody takes them.

A request may fail at any point; what is still in `incoming` at its end is removed.
"""

from typing import IO, cast

from flask import Flask, Request, g
from werkzeug.datastructures import FileStorage

from portfolio.documents.sniff import inspect
from portfolio.errors import Rejected
from portfolio.evidence.actions import Upload
from portfolio.storage.blobs import Incoming
from portfolio.web.session import installation


class StreamingRequest(Request):
    """A request whose files go straight to the store's incoming folder."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        incoming = installation().store.receive()
        g.setdefault("incoming", []).append(incoming)
        return cast(IO[bytes], incoming)


def taken(files: list[FileStorage], field: str = "files") -> list[Upload]:
    """What arrived in a form's file field, looked at. Raises Rejected, on that field, naming the file at fault."""
    uploads = []
    for file in files:
        if not file.filename:
            continue
        incoming = cast(Incoming, file.stream)
        name = shown_name(file.filename)
        if incoming.size == 0:
            raise Rejected(f"{name} is empty.", field)
        arrived = incoming.arrive()
        try:
            media_type = inspect(arrived.path, name).media_type
        except Rejected as refusal:
            raise Rejected(f"{name}: {refusal.message}", field) from refusal
        uploads.append(Upload(arrived, name, media_type))
    return uploads


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
    app.teardown_request(_abandon)
