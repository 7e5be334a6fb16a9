"""Mails: every header in every way it is written, every part and attachment, and what stands between the parts."""

import email
import email.policy
import email.utils
from collections.abc import Iterator
from email.message import Message

from portfolio.documents.proof.markup import read_html
from portfolio.documents.proof.search import Search

_MOST_PARTS = 2_000


def open_mail(search: Search, data: bytes, place: str) -> None:
    """Everything in a mail, and all of it once more as the text that it is."""
    search.searched("in parts of mails")
    search.used("email of Python")
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for number, part in enumerate(_parts(message)):
        _open_part(search, part, f"{place}: Part {number}" if number else place)
    search.dense(data, place, counts_short=False)
    search.text(data.decode("utf-8", "replace"), place, has_tags=True)


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= _MOST_PARTS:
            return
        yield part


def _open_part(search: Search, part: Message, place: str) -> None:
    search.built(part.keys(), f"{place}: Names of headers")
    search.texts([_unfolded(str(value)) for value in part.values()], f"{place}: Headers")
    search.texts(_parameters(part), f"{place}: Headers")
    search.texts([str(one) for one in (part.preamble, part.epilogue) if one], f"{place}: Between the parts")
    if part.is_multipart():
        return
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return
    kind = part.get_content_type()
    if part.get_content_maintype() == "text":
        _written(search, part, data, place)
    search.inside(data, f"{place}: Text" if kind.startswith("text/") else f"{place}: Attachment", kind)


def _written(search: Search, part: Message, data: bytes, place: str) -> None:
    charset = str(part.get_content_charset("utf-8"))
    try:
        text = data.decode(charset, "replace")
    except LookupError:
        return
    if "<" in text:
        search.texts(read_html(text).written, f"{place}: Text")
    search.text(text, f"{place}: Text", has_tags=True)


def _parameters(part: Message) -> list[str]:
    """The file names and other parameters, put together where they are in pieces."""
    found = [str(part.get_filename() or ""), str(part.get_boundary() or "")]
    for header in ("content-type", "content-disposition"):
        found += [str(_whole(value)) for _, value in part.get_params([], header) or []]
    return [one for one in found if one]


def _whole(value: str | tuple[str | None, str | None, str]) -> str:
    return email.utils.collapse_rfc2231_value(value) if isinstance(value, tuple) else value


def _unfolded(value: str) -> str:
    return value.replace("\r\n", "").replace("\n", "")
