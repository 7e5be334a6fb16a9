"""Stored content as a download: an attachment with its real name, in parts where asked for, never shown as a page."""

from typing import BinaryIO
from unicodedata import normalize
from urllib.parse import quote

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from portfolio.web.security import DOWNLOAD_CSP

PLAIN = "!#$&+-.^_`|~"


def attachment(content: BinaryIO, *, name: str, media_type: str, size: int, etag: str) -> Response:
    """An answer that streams the content and closes it; ranges and conditions are honoured."""
    response = Response(wrap_file(request.environ, content), content_type=media_type, direct_passthrough=True)
    response.call_on_close(content.close)
    response.content_length = size
    response.set_etag(etag)
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Content-Security-Policy"] = DOWNLOAD_CSP
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        response.close()
        raise
    return response


def disposition(name: str) -> str:
    """Save as this name (RFC 6266): whole for every browser of today, in plain letters for very old ones."""
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join(c for c in plain if c.isprintable() and c not in '"\\').strip() or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe=PLAIN)}"
