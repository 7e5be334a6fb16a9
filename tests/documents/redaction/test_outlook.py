"""A mail that Outlook saved becomes a plain one: every name in it is gone, and who, when, what and files are there."""

import struct
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from portfolio.documents.mail import header_of, message_of
from portfolio.documents.redaction.plan import Swap
from portfolio.documents.redaction.rich_packed import unpacked
from portfolio.documents.redaction.work import Refused
from tests.documents import outlook
from tests.documents.redaction.laid_open import Planted, content_of, lacks, parts_of, picture, redacted, still_in

OUTLOOK = "application/vnd.ms-outlook"
HALE = Swap("Margaret Hale", "Customer A", "PERSON")
RICH = (
    b"\x2d\x00\x00\x00\x2b\x00\x00\x00\x4c\x5a\x46\x75\xf1\xc5\xc7\xa7\x03\x00\x0a\x00\x72\x63\x70\x67\x31\x32\x35\x42"
    b"\x32\x0a\xf3\x20\x68\x65\x6c\x09\x00\x20\x62\x77\x05\xb0\x6c\x64\x7d\x0a\x80\x0f\xa0"
)
"""The first example of [MS-OXRTFCP]."""


def full_mail(who: Planted) -> bytes:
    """Everything that Outlook keeps a name in, once each."""
    page = f"<!-- {who.next()} --><body><p>Dear {who.next()} é</p><img src='cid:i1' alt='{who.next()}'></body>"
    said: outlook.Properties = {
        0x0037: f"About {who.next()} – today", 0x1000: f"Dear {who.next()},\r\nthank you.\r\n", 0x1013: page.encode(),
        0x3FDE: 65001, 0x0C1A: who.next(), 0x5D01: "sender@example.org", 0x0C1F: f"/O=EX/CN={who.next()}",
        0x0042: who.next(), 0x0E04: who.next(), 0x0070: who.next(), 0x3FFA: who.next(), 0x1035: f"<{who.next()}>",
        0x007D: f"Received: from {who.next()}\r\nX-Spam: {who.next()}\r\nSubject: {who.next()}\r\n\r\n",
        0x1009: b"never read",
    }  # fmt: skip
    people: list[outlook.Properties] = [
        {0x3001: who.next(), 0x39FE: "one@example.org", 0x0C15: 1, 0x5FF6: who.next()},
        {0x3001: who.next(), 0x3003: f"/O=EX/CN={who.next()}", 0x0C15: 2},
    ]
    files: list[outlook.Properties] = [
        {0x3707: f"{who.next()}.txt", 0x3701: f"by {who.next()}".encode(), 0x3704: who.next(), 0x3705: 1},
        {0x3707: "one.png", 0x3701: picture(), 0x3712: "i1", 0x370E: "image/png"},
    ]
    inside = outlook.tree({0x0037: who.next(), 0x1000: who.next(), 0x0C1A: who.next()}, [], [])
    return outlook.written(outlook.tree(said, people, files, inside))


def test_no_name_is_left_and_reading_comes_by_each(tmp_path: Path) -> None:
    who = Planted()
    data = full_mail(who)
    assert len(who.used) >= 24
    made, report = redacted(tmp_path, data, OUTLOOK, who.swaps)
    assert report.media_type == "message/rfc822"
    assert still_in(made, who.used) == []
    assert lacks(tmp_path, data, OUTLOOK, who.used) == []


def test_it_becomes_a_plain_mail(tmp_path: Path) -> None:
    who = Planted()
    made, report = redacted(tmp_path, full_mail(who), OUTLOOK, who.swaps)
    mail = message_of(made)
    assert header_of(mail, "From") == "Person 6 <sender@example.org>"
    assert header_of(mail, "To") == "Person 16 <one@example.org>"
    assert header_of(mail, "Cc") == "Person 18"
    assert header_of(mail, "Subject") == "About Person 4 – today"
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/plain", "image/png",
        "message/rfc822", "multipart/mixed", "text/plain",
    ]  # fmt: skip
    words, page, attached, shown, inner = parts_of(made)
    assert content_of(words).decode().replace("\r\n", "\n") == "Dear Person 5,\nthank you.\n"
    assert "Dear Person 2 é" in content_of(page).decode()
    assert f"cid:{str(shown['Content-ID']).strip('<>')}" in content_of(page).decode()
    assert content_of(attached) == b"by Person 21"
    assert content_of(inner).decode().startswith("Person ")
    assert "what Outlook notes about a mail for itself" in report.gone


def test_the_day_it_was_sent_stays(tmp_path: Path) -> None:
    moment = int((datetime(2026, 11, 2, 9, tzinfo=UTC) - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds() * 10**7)
    content = outlook.tree({0x0037: "x", 0x1000: "Margaret Hale"}, [{0x3001: "x"}], [])
    table = content["__properties_version1.0"]
    assert isinstance(table, bytes)
    content["__properties_version1.0"] = table + struct.pack("<HHIQ", 0x0040, 0x0039, 6, moment)
    made, _ = redacted(tmp_path, outlook.written(content), OUTLOOK, [HALE])
    assert message_from_bytes(made, policy=policy.default)["Date"] == "Mon, 02 Nov 2026 09:00:00 +0000"


def test_rich_text_is_kept_where_there_is_no_other(tmp_path: Path) -> None:
    rich = b"{\\rtf1\\ansi\\b Margaret Hale\\b0 , hello}"
    packed = struct.pack("<II4sI", len(rich) + 12, len(rich), b"MELA", 0) + rich
    data = outlook.written(outlook.tree({0x0037: "x", 0x1009: packed}, [{0x3001: "x"}], []))
    made, _ = redacted(tmp_path, data, OUTLOOK, [HALE])
    [part] = parts_of(made)
    assert part.get_filename() == "Message.rtf"
    assert content_of(part) == b"{\\rtf1\\ansi\\b Customer A\\b0 , hello}"


def test_packed_rich_text_is_unpacked() -> None:
    assert unpacked(RICH) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    repeated = (
        b"\x1a\x00\x00\x00\x1c\x00\x00\x00\x4c\x5a\x46\x75\xe2\xd4\x4b\x51\x41\x00\x04\x20\x57\x58\x59\x5a\x0d\x6e\x7d"
        b"\x01\x0e\xb0"
    )
    assert unpacked(repeated) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


@pytest.mark.parametrize("data", [b"", b"short", RICH[:20], RICH[:16], b"\xff" * 400, RICH[:8] + b"nope" + RICH[12:]])
def test_damaged_rich_text_gives_what_there_is(data: bytes) -> None:
    assert len(unpacked(data)) < 400


@pytest.mark.parametrize("cut", [0, 8, 511, 600, 1500, 3000])
def test_a_damaged_mail_is_refused(tmp_path: Path, cut: int) -> None:
    data = outlook.message("Margaret Hale", "Margaret Hale", {"a.txt": b"x"})[:cut]
    with pytest.raises(Refused):
        redacted(tmp_path, data, OUTLOOK, [HALE])


def test_one_that_is_attached_to_a_mail_becomes_plain_too(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "x@example.org", "x"
    mail.set_content("Hello")
    data = outlook.message("About Margaret Hale", "Dear Margaret Hale", {"Margaret Hale.txt": b"by Margaret Hale"})
    mail.add_attachment(data, maintype="application", subtype="octet-stream", filename="from Margaret Hale.msg")
    made, report = redacted(tmp_path, mail.as_bytes(), "message/rfc822", [HALE])
    assert report.counts == {"PERSON": 5}
    assert still_in(made, ["Margaret Hale"]) == []
    inner = next(part for part in message_of(made).walk() if part.get_content_type() == "message/rfc822")
    assert inner.get_filename() == "from Customer A.eml"
    [whole] = inner.iter_parts()
    assert whole["Subject"] == "About Customer A"
