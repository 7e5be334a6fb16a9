"""Reading a saved mail: its headers and its text, however they were written down."""

import email
import email.errors
import email.policy
from contextlib import suppress
from email.header import decode_header, make_header
from email.message import EmailMessage, MIMEPart

from portfolio.documents.blocks import Block
from portfolio.documents.html_blocks import blocks_of_html
from portfolio.documents.markdown import safe_html
from portfolio.documents.texts import decoded, paragraphs

MAX_BYTES = 15 * 1000**2
MAX_BODY = 200_000
MAX_PARTS = 200
_MAX_HEADER = 1000
HEADERS = ("From", "To", "Cc", "Date", "Subject")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def message_of(data: bytes) -> EmailMessage:
    """The mail in these bytes. One that was saved as text with a mark of its alphabet is turned back to that text."""
    if data.startswith(_MARKS):
        return email.message_from_string(decoded(data), policy=email.policy.default)
    return email.message_from_bytes(data, policy=email.policy.default)


def header_of(message: EmailMessage, name: str) -> str:
    """A header as text. What cannot be read as such is shown raw, and all of it where somebody has no real address."""
    raw = next((str(raw) for key, raw in message.raw_items() if key.lower() == name.lower()), "")
    if not raw.isascii():
        raw = decoded(raw.encode("utf-8", "surrogateescape"))  # letters that mail says only in code, sent as they are
        return " ".join(raw.split())[:_MAX_HEADER]
    try:
        found = message.get(name, "")
        is_odd = any(isinstance(one, email.errors.InvalidHeaderDefect) for one in getattr(found, "defects", ()))
        value = str(make_header(decode_header(raw))) if is_odd else str(found)
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
