"""A saved mail as blocks: its headers as a table, its text, and its attachments by name."""

import email
import email.errors
import email.policy
from email.message import EmailMessage, MIMEPart
from pathlib import Path

from portfolio.documents.blocks import Block, Extract, Heading, ListItem, Table, plain
from portfolio.documents.html_blocks import blocks_of_html
from portfolio.documents.markdown import safe_html
from portfolio.documents.texts import decoded, paragraphs
from portfolio.documents.xml_parts import Unreadable

_MAX_BYTES = 15 * 1000**2
_MAX_BODY = 200_000
_MAX_PARTS = 200
_MAX_HEADER = 1000
_HEADERS = ("From", "To", "Cc", "Date", "Subject")


def mail_blocks(path: Path) -> Extract:
    """Raises Unreadable when the mail is too large to show."""
    if path.stat().st_size > _MAX_BYTES:
        message = "The mail is too large to show."
        raise Unreadable(message)
    message_read = email.message_from_string(decoded(path.read_bytes()), policy=email.policy.default)
    blocks: list[Block] = []
    rows = [(name, _header(message_read, name)) for name in _HEADERS]
    shown = [(plain(name), plain(value)) for name, value in rows if value]
    if shown:
        blocks.append(Table(((plain("Mail"), plain("")), *shown)))
    body, note = _body(message_read)
    blocks += body
    attached = _attachments(message_read)
    if attached:
        blocks.append(Heading(1, plain("Attachments")))
        blocks += [ListItem(plain(name)) for name in attached]
    notes = [note] if note else []
    if attached:
        notes.append("Attachments are named here; they are inside the original file.")
    return Extract(tuple(blocks), " ".join(notes))


def _header(message: EmailMessage, name: str) -> str:
    """A header as text. What cannot be read as such is shown raw."""
    try:
        value = str(message.get(name, ""))
    except (ValueError, LookupError, AttributeError, IndexError, TypeError, email.errors.MessageError):
        value = next((str(raw) for key, raw in message.raw_items() if key.lower() == name.lower()), "")
    return " ".join(value.split())[:_MAX_HEADER]


def _body(message: EmailMessage) -> tuple[tuple[Block, ...], str]:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return (), "The mail has no text."
    text = _text(part)
    note = f"Only the first {_MAX_BODY:,} characters are shown." if len(text) > _MAX_BODY else ""
    text = text[:_MAX_BODY]
    if part.get_content_type() == "text/html":
        return blocks_of_html(safe_html(text)), note
    return paragraphs(text), note


def _text(part: MIMEPart) -> str:
    """The part's text, also when it names an alphabet that does not exist."""
    try:
        content = part.get_content()
    except (LookupError, ValueError):
        content = part.get_payload(decode=True)
    return decoded(content) if isinstance(content, bytes) else str(content or "").replace("\r\n", "\n")


def _attachments(message: EmailMessage) -> list[str]:
    names = []
    for number, part in enumerate(message.walk()):
        if number >= _MAX_PARTS:
            names.append("and more")
            break
        if part.is_multipart() or not (part.get_content_disposition() == "attachment" or part.get_filename()):
            continue
        names.append(f"{part.get_filename() or 'Without a name'} ({part.get_content_type()})")
    return names
