"""A mail that Outlook saved (.msg), as the plain mail that it once was or could have been.

All that Outlook notes beside becomes lines at its head, so that reading comes by it; redacting drops those.
"""

import struct
from email.encoders import encode_base64
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.parser import HeaderParser
from email.utils import format_datetime, formataddr
from pathlib import Path

import oxmsg
from oxmsg.properties import Properties
from oxmsg.storage import Storage

from portfolio.documents.redaction.rich_packed import unpacked
from portfolio.documents.redaction.work import Refused

_SENDER_NAMES, _SENDER_ADDRESSES = (0x0C1A, 0x0042), (0x5D01, 0x5D02, 0x0C1F, 0x0065)
_SENT = (0x0039, 0x0E06)
_SUBJECT, _BODY, _HTML, _RICH, _HEADERS = 0x0037, 0x1000, 0x1013, 0x1009, 0x007D
_SHOWN_TO, _SHOWN_CC = 0x0E04, 0x0E03
_KIND, _NAMES, _ADDRESSES = 0x0C15, (0x3001, 0x5FF6), (0x39FE, 0x3003)
_FILE_NAMES, _FILE, _CONTENT_ID = (0x3707, 0x3704, 0x3001), 0x3701, 0x3712
_EMBEDDED = "__substg1.0_3701000D"
_DAMAGED = "The mail is damaged and cannot be read."
_LISTS = {1: "To", 2: "Cc", 3: "Bcc"}
_INNER_HEADER, _PART_HEADER = 24, 8
_MOST, _MOST_DEPTH, _MOST_NOTE = 2_000, 6, 4_000
_STRINGS = (0x001E, 0x001F)
_TROUBLE = (ValueError, KeyError, LookupError, AssertionError, struct.error, TypeError, OverflowError)


def outlook_mail(path: Path) -> bytes:
    """The mail as bytes of an .eml. Raises Refused when it is damaged."""
    try:
        message = oxmsg.Message.load(str(path))
        storage = message._storage  # noqa: SLF001 - what lies in a mail within it has no other way in
        if not isinstance(storage, Storage):
            raise Refused(_DAMAGED)
        return _mail(message.properties, storage, 0).as_bytes()
    except (*_TROUBLE, OSError, RecursionError) as trouble:
        raise Refused(_DAMAGED) from trouble


def _mail(properties: Properties, storage: Storage, depth: int) -> Message:
    mail = MIMEMultipart("mixed")
    _head(mail, properties, storage)
    body, page = _text(properties, _BODY), _page(properties)
    words = MIMEMultipart("alternative")
    if body.strip():
        words.attach(MIMEText(body, "plain", "utf-8"))
    if page is not None:
        words.attach(page)
    if words.get_payload():
        mail.attach(words)
    else:
        rich = _binary(properties, _RICH)
        if rich:
            mail.attach(_file(unpacked(rich), "Message.rtf", ""))
    for number, part in enumerate(storage.iter_attachment_storages()):
        if number < _MOST:
            mail.attach(_attachment(part, depth))
    return mail


def _head(mail: Message, properties: Properties, storage: Storage) -> None:
    sender = next(filter(None, (_text(properties, one) for one in _SENDER_NAMES)), "")
    addresses = [one for one in (_text(properties, pid) for pid in _SENDER_ADDRESSES) if "@" in one]
    _line(mail, "From", _person(sender, addresses[0] if addresses else ""))
    lists: dict[str, list[str]] = {"To": [], "Cc": [], "Bcc": []}
    for number, part in enumerate(storage.iter_recipient_storages()):
        person = Properties(part, _PART_HEADER)
        if number < _MOST:
            told = [next(filter(None, (_text(person, pid) for pid in pids)), "") for pids in (_NAMES, _ADDRESSES)]
            lists[_LISTS.get(_number(person, _KIND), "To")].append(_person(*told))
            _notes(mail, person, [one for one in told if "@" in one])
    shown = {"To": _text(properties, _SHOWN_TO), "Cc": _text(properties, _SHOWN_CC)}
    for name, people in lists.items():
        _line(mail, name, ", ".join(filter(None, people)) or shown.get(name, ""))
    _line(mail, "Date", _sent(properties))
    _line(mail, "Subject", _text(properties, _SUBJECT))
    for name, value in HeaderParser().parsestr(_text(properties, _HEADERS)).raw_items():
        _line(mail, "X-Noted", f"{name}: {value}")
    _notes(mail, properties, [_text(properties, one) for one in (_SUBJECT, _BODY, _HEADERS, _HTML)])


def _notes(mail: Message, properties: Properties, known: list[str]) -> None:
    """Every other word that is kept there."""
    said = set(known)
    for one in properties:
        if one.ptyp in _STRINGS and one.pid not in {_BODY, _HTML, _HEADERS, _SUBJECT}:
            value = _text(properties, one.pid)
            if value.strip() and value not in said:
                said.add(value)
                _line(mail, "X-Noted", value[:_MOST_NOTE])


def _line(mail: Message, name: str, value: str) -> None:
    value = " ".join(value.split())
    if value:
        mail[name] = value.encode("utf-8", "replace").decode("ascii", "surrogateescape")


def _person(name: str, address: str) -> str:
    name = " ".join(name.split())
    if "@" not in address:
        return f'"{name}"' if name and "," in name and not address else name or address
    if name == address or not name:
        return address
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return formataddr((name, address)) if name.isascii() and address.isascii() else f'"{quoted}" <{address}>'


def _page(properties: Properties) -> Message | None:
    data = _binary(properties, _HTML)
    charset = ""
    if data:
        try:
            charset = properties.body_encoding
        except Exception:  # noqa: BLE001 - the library has errors of its own for alphabets it does not know
            charset = ""
    else:
        data, charset = _text(properties, _HTML).encode("utf-8", "replace"), "utf-8"
    if not data.strip():
        return None
    part = MIMEBase("text", "html")
    if charset:
        part.set_param("charset", charset)
    part.set_payload(data)
    encode_base64(part)
    return part


def _attachment(storage: Storage, depth: int) -> Message:
    properties = Properties(storage, _PART_HEADER)
    name = next(filter(None, (_text(properties, one) for one in _FILE_NAMES)), "")
    inner = next((one for one in storage.storages if one.name == _EMBEDDED), None)
    if inner is not None and depth < _MOST_DEPTH:
        mail = _mail(Properties(inner, _INNER_HEADER), inner, depth + 1)
        part: Message = _file(mail.as_bytes(), name if name.lower().endswith(".eml") else f"{name or 'Mail'}.eml", "")
    else:
        part = _file(_binary(properties, _FILE), name, _text(properties, _CONTENT_ID))
    _notes(part, properties, [name])
    for noted in part.get_all("X-Noted", []):
        part["Content-Description"] = noted
    del part["X-Noted"]
    return part


def _file(data: bytes, name: str, content_id: str) -> Message:
    part = MIMEBase("application", "octet-stream")
    part.set_payload(data)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name or "Attachment"))
    if content_id:
        _line(part, "Content-ID", f"<{content_id}>")
    return part


def _text(properties: Properties, pid: int) -> str:
    try:
        return (properties.str_prop_value(pid) or "").replace("\0", "")
    except _TROUBLE:
        return ""


def _binary(properties: Properties, pid: int) -> bytes:
    try:
        return properties.binary_prop_value(pid) or b""
    except _TROUBLE:
        return b""


def _number(properties: Properties, pid: int) -> int:
    try:
        return properties.int_prop_value(pid) or 0
    except _TROUBLE:
        return 0


def _sent(properties: Properties) -> str:
    for pid in _SENT:
        try:
            sent = properties.date_prop_value(pid)
            if sent is not None:
                return format_datetime(sent)
        except _TROUBLE:
            continue
    return ""
