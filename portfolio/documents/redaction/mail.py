"""A saved mail of either kind, redacted: it is read to the last part and written anew as a plain mail (.eml).

The people, the date, the subject, the words and what is attached stay. The way that the mail took, marks of machines,
signatures and whatever stands around the parts go.
"""

import email
from email.message import Message
from pathlib import Path

from portfolio.documents.redaction.alphabets import letters_of
from portfolio.documents.redaction.mail_headers import OTHERS, head_of
from portfolio.documents.redaction.mail_outlook import outlook_mail
from portfolio.documents.redaction.mail_parts import Parts
from portfolio.documents.redaction.mail_written import mail_bytes
from portfolio.documents.redaction.work import Refused, Work

MAIL = "message/rfc822"
_MOST = 150 * 1000**2
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def redact_eml(source: Path, target: Path, work: Work, _media_type: str) -> str:
    """A mail as programs send it."""
    return _redact(_message_of(_data(source)), target, work)


def redact_msg(source: Path, target: Path, work: Work, _media_type: str) -> str:
    """A mail as Outlook saves it becomes one that every program reads."""
    _data(source)
    work.gone("what Outlook notes about a mail for itself")
    return _redact(_message_of(outlook_mail(source)), target, work)


def _redact(message: Message, target: Path, work: Work) -> str:
    envelope = message.get_unixfrom()
    if envelope and work.only_reads:
        work.find(envelope, OTHERS, is_seen=False)
    head = list(head_of(message, work))
    made = Parts(work, message).whole()
    if not work.only_reads:
        target.write_bytes(mail_bytes(head, made))
    return MAIL


def _message_of(data: bytes) -> Message:
    """One that was saved as text with a mark of its alphabet is turned back to that text."""
    if data.startswith(_MARKS):
        data = letters_of(data)[0].encode("utf-8", "replace")
    return email.message_from_bytes(data)


def _data(source: Path) -> bytes:
    if source.stat().st_size > _MOST:
        raise Refused("The mail is too large to be worked on.")
    return source.read_bytes()
