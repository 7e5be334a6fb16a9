"""A mail as it is written out: the same bytes for the same mail, all of it in ASCII. Pure."""

import hashlib
import quopri
from base64 import encodebytes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.utils import encode_rfc2231

from portfolio.documents.redaction.mail_headers import Line

_LINE_MOST = 76
_BOUNDARY = b"=_"
_MOST_NAME = 60


@dataclass(frozen=True, slots=True)
class Made:
    """A part of a mail: its own lines, and either its content in code or the parts that it is made of."""

    lines: tuple[Line, ...]
    content: bytes = b""


def mail_bytes(head: Iterable[Line], part: Made) -> bytes:
    """A whole mail."""
    return _with_lines([*head, Line("MIME-Version", "1.0"), *part.lines], part.content)


def text_part(text: str, subtype: str, parameters: str = "") -> Made:
    """Words to be read."""
    data = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    code = "7bit"
    if not data.isascii() or _BOUNDARY in data or max(map(len, data.split(b"\n"))) > _LINE_MOST:
        data, code = quopri.encodestring(data), "quoted-printable"
    lines = (
        Line("Content-Type", f"text/{subtype}; charset=utf-8{parameters}"),
        Line("Content-Transfer-Encoding", code),
    )
    return Made(lines, data.replace(b"\n", b"\r\n"))


def file_part(data: bytes, name: str, media_type: str, content_id: str, *, is_inline: bool) -> Made:
    """A file; a mail within the mail stands there as it is."""
    is_mail = media_type == "message/rfc822"
    lines = [
        Line("Content-Type", media_type),
        Line("Content-Transfer-Encoding", "7bit" if is_mail else "base64"),
        Line("Content-Disposition", f"{'inline' if is_inline else 'attachment'};{_called(name)}"),
    ]
    if content_id:
        lines.append(Line("Content-ID", f"<{content_id}>"))
    return Made(tuple(lines), data if is_mail else encodebytes(data).replace(b"\n", b"\r\n"))


def several(subtype: str, parts: Sequence[Made]) -> Made:
    """Parts that belong together."""
    written = [_with_lines(part.lines, part.content) for part in parts]
    boundary = f"=_{hashlib.sha256(b''.join(written)).hexdigest()[:32]}"
    opening = f"--{boundary}\r\n".encode("ascii")
    content = b"".join(opening + part + b"\r\n" for part in written) + f"--{boundary}--\r\n".encode("ascii")
    return Made((Line("Content-Type", f'multipart/{subtype};\r\n boundary="{boundary}"'),), content)


def _with_lines(lines: Iterable[Line], content: bytes) -> bytes:
    head = "".join(f"{line.name}: {line.value}\r\n" for line in lines)
    return head.encode("ascii", "replace") + b"\r\n" + content


def _called(name: str) -> str:
    if name.isascii() and len(name) <= _MOST_NAME:
        return '\r\n filename="' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"\r\n filename*={encode_rfc2231(name, 'utf-8')}"
