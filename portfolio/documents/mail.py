"""A saved mail as blocks: its headers as a table, its text, and its attachments by name."""

import email
import email.errors
import email.policy
from contextlib import suppress
from email.message import EmailMessage, MIMEPart
from pathlib import Path

from portfolio.documents.blocks import Block, Extract, Heading, ListItem, Table, plain
from portfolio.documents.html_blocks import blocks_of_html
from portfolio.documents.markdown import safe_html
from portfolio.documents.texts import decoded, paragraphs
from portfolio.documents.xml_parts import Unreadable

MAX_BYTES = 15 * 1000**2
MAX_BODY = 200_000
MAX_PARTS = 200
_MAX_HEADER = 1000
HEADERS = ("From", "To", "Cc", "Date", "Subject")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def mail_blocks(path: Path) -> Extract:
    """Raises Unreadable when the mail is too large to show."""
    if path.stat().st_size > MAX_BYTES:
        message = "The mail is too large to show."
        raise Unreadable(message)
    message_read = message_of(path.read_bytes())
    blocks: list[Block] = []
    rows = [(name, header_of(message_read, name)) for name in HEADERS]
    shown = [(plain(name), plain(value)) for name, value in rows if value]
    if shown:
        blocks.append(Table(((plain("Mail"), plain("")), *shown)))
    body, note = body_of(message_read)
    blocks += body
    attached = _attachments(message_read)
    if attached:
        blocks.append(Heading(1, plain("Attachments")))
        blocks += [ListItem(plain(name)) for name in attached]
    notes = [note] if note else []
    if attached:
        notes.append("Attachments are named here; they are inside the original file.")
    return Extract(tuple(blocks), " ".join(notes))


def message_of(data: bytes) -> EmailMessage:
    """The mail in these bytes. One that was saved as text with a mark of its alphabet is turned back to that text."""
    if data.startswith(_MARKS):
        return email.message_from_string(decoded(data), policy=email.policy.default)
    return email.message_from_bytes(data, policy=email.policy.default)


def header_of(message: EmailMessage, name: str) -> str:
    """A header as text. What cannot be read as such is shown raw."""
    raw = next((str(raw) for key, raw in message.raw_items() if key.lower() == name.lower()), "")
    if not raw.isascii():
        raw = decoded(raw.encode("utf-8", "surrogateescape"))  # letters that mail says only in code, sent as they are
        return " ".join(raw.split())[:_MAX_HEADER]
    try:
        value = str(message.get(name, ""))
    except (ValueError, LookupError, AttributeError, IndexError, TypeError, email.errors.MessageError):
        value = raw
    return " ".join(value.split())[:_MAX_HEADER]


def body_of(message: EmailMessage) -> tuple[tuple[Block, ...], str]:
    """The mail's text, and a note when there is none or not all of it."""
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return (), "The mail has no text."
    text = _text(part)
    note = f"Only the first {MAX_BODY:,} characters are shown." if len(text) > MAX_BODY else ""
    text = text[:MAX_BODY]
    if part.get_content_type() == "text/html":
        return blocks_of_html(safe_html(text)), note
    return paragraphs(text), note


def _text(part: MIMEPart) -> str:
    """The part's text, also when it names no alphabet or one that does not exist."""
    content: object = part.get_payload(decode=True)
    if part.get_content_charset() is not None:
        with suppress(LookupError, ValueError):
            content = part.get_content()
    return decoded(content) if isinstance(content, bytes) else str(content or "").replace("\r\n", "\n")


def _attachments(message: EmailMessage) -> list[str]:
    names = []
    for number, part in enumerate(message.walk()):
        if number >= MAX_PARTS:
            names.append("and more")
            break
        if part.is_multipart() or not (part.get_content_disposition() == "attachment" or part.get_filename()):
            continue
        names.append(f"{part.get_filename() or 'Without a name'} ({part.get_content_type()})")
    return names
