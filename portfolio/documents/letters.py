"""Saved mail of both kinds: who, when and what about, the text and the attachments, of which most kinds are shown."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import oxmsg

from portfolio.documents.blocks import Block, Extract, Heading, ListItem, Paragraph, Run, plain
from portfolio.documents.html_blocks import blocks_of_html
from portfolio.documents.kinds import kind_word
from portfolio.documents.mail import HEADERS, MAX_BODY, MAX_BYTES, MAX_PARTS, body_of, header_of, message_of
from portfolio.documents.markdown import safe_html
from portfolio.documents.office_previews import word_pieces
from portfolio.documents.pdf_pages import pdf_pieces
from portfolio.documents.preview import Shot
from portfolio.documents.preview_bench import Bench, Full, said
from portfolio.documents.preview_pictures import FORMATS, first_frame
from portfolio.documents.sheets import csv_pieces, sheet_pieces
from portfolio.documents.sniff import HEAD_BYTES, media_type_of
from portfolio.documents.text_previews import markdown_pieces, rtf_pieces, text_pieces
from portfolio.documents.texts import paragraphs
from portfolio.documents.xml_parts import Unreadable

MAX_SHOWN = 10
INSIDE = "Attachments that are only named here are inside the original file."
_MAX_PAGES = 10
_MAX_MESSAGE = 60 * 1000**2
_HEADER = 1000
_OFFICE = "application/vnd.openxmlformats-officedocument."
_READ: dict[str, Callable[..., None]] = {
    f"{_OFFICE}wordprocessingml.document": word_pieces,
    f"{_OFFICE}spreadsheetml.sheet": sheet_pieces,
    "text/csv": csv_pieces,
    "text/plain": text_pieces,
    "text/markdown": markdown_pieces,
    "application/rtf": rtf_pieces,
}
_TO, _CC = 1, 2
_RECIPIENT_KIND, _DISPLAY_NAME, _SMTP_ADDRESS, _ADDRESS = 0x0C15, 0x3001, 0x39FE, 0x3003


@dataclass(frozen=True, slots=True)
class Attached:
    """Something attached; `data` is None where it cannot be taken out."""

    name: str
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail of either kind."""

    headers: Sequence[tuple[str, str]]
    body: tuple[Block, ...]
    note: str
    attached: Sequence[Attached]


def eml_pieces(bench: Bench, path: Path) -> None:
    """Raises Unreadable when the mail is too large to show."""
    if path.stat().st_size > MAX_BYTES:
        message = "The mail is too large to show."
        raise Unreadable(message)
    read = message_of(path.read_bytes())
    body, note = body_of(read)
    headers = [(name, header_of(read, name)) for name in HEADERS]
    _lay_out(bench, Letter(headers, body, note, list(_attached(read))))


def msg_pieces(bench: Bench, path: Path) -> None:
    """Raises Unreadable when the mail is too large to show, and many other things when it is broken."""
    if path.stat().st_size > _MAX_MESSAGE:
        message = "The mail is too large to show."
        raise Unreadable(message)
    read = oxmsg.Message.load(str(path))
    sent = read.sent_date
    headers = [
        ("From", read.sender or ""),
        ("To", _recipients(read, _TO)),
        ("Cc", _recipients(read, _CC)),
        ("Date", format_datetime(sent) if sent else ""),
        ("Subject", read.subject),
    ]
    body, note = _outlook_body(read)
    attached = [Attached(one.file_name or "", one.file_bytes) for one in read.attachments[:MAX_PARTS]]
    _lay_out(bench, Letter(headers, body, note, attached))


def _lay_out(bench: Bench, letter: Letter) -> None:
    blocks: list[Block] = [
        Paragraph((Run(f"{name}: ", bold=True), Run(said(value, _HEADER))))
        for name, value in letter.headers
        if value.strip()
    ]
    blocks += letter.body
    if letter.attached:
        blocks.append(Heading(1, plain("Attachments")))
        blocks += [ListItem(plain(_told(one))) for one in letter.attached]
    bench.add("text", "Mail", extract=Extract(tuple(blocks), letter.note))
    shown = 0
    for number, one in enumerate(letter.attached, 1):
        try:
            shown += _shown(bench, one, number) if shown < MAX_SHOWN else 0
        except Full:
            break
    if shown < len(letter.attached):
        bench.note(INSIDE)


class _Inside:
    """A bench for what is attached: its pieces are named and numbered after the attachment."""

    def __init__(self, bench: Bench, number: int, name: str) -> None:
        self._bench, self._number, self._name = bench, number, name
        self._pieces = 0
        self.check_room, self.picture, self.note = bench.check_room, bench.picture, bench.note
        self.workpiece = bench.workpiece

    def add(self, _piece_id: str, _title: str, *, shots: Iterable[Shot] = (), is_folded: bool = False,
            extract: Extract | None = None, note: str = "") -> None:  # fmt: skip
        """A further piece of the attachment."""
        self._pieces += 1
        self._bench.add(
            f"attachment-{self._number}-page-{self._pieces}",
            f"{self._name}, part {self._pieces}",
            shots=shots,
            is_folded=is_folded,
            extract=extract,
            note=note,
        )


def _shown(bench: Bench, one: Attached, number: int) -> int:
    """How many of this attachment are shown: one or none."""
    media_type = _media_type(one)
    name = one.name or f"Attachment {number}"
    if one.data is None:
        return 0
    try:
        if media_type == "application/pdf":
            prefix = f"attachment-{number}-page"
            pdf_pieces(bench, bench.workpiece(one.data), prefix=prefix, title=f"{name}, page", most=_MAX_PAGES)
        elif media_type in FORMATS:
            shot = bench.picture(first_frame(bench.workpiece(one.data), media_type))
            bench.add(f"attachment-{number}", name, shots=[shot])
        elif media_type in _READ:
            _READ[media_type](_Inside(bench, number, name), bench.workpiece(one.data))
        else:
            return 0
    except Full:
        raise
    except Exception:  # noqa: BLE001 - broken files raise dozens of kinds from four libraries
        bench.note(f"{said(name)} cannot be shown here.")
        return 0
    return 1


def _media_type(one: Attached) -> str:
    return media_type_of(one.data[:HEAD_BYTES], one.name) or "" if one.data else ""


def _told(one: Attached) -> str:
    name = said(one.name) or "Without a name"
    if one.data is None:
        return f"{name} (not a file of its own)"
    return f"{name} ({kind_word(_media_type(one))}, {max(1, len(one.data) // 1000):,} kB)"


def _attached(message: EmailMessage) -> Iterator[Attached]:
    for number, part in enumerate(message.walk()):
        if number >= MAX_PARTS:
            yield Attached("and more", None)
            return
        if part.is_multipart():
            if part.get_content_type() == "message/rfc822" and number:
                yield Attached(part.get_filename() or "A mail within this one", None)
        elif part.get_content_disposition() == "attachment" or part.get_filename():
            data = part.get_payload(decode=True)
            yield Attached(part.get_filename() or "", data if isinstance(data, bytes) else None)


def _outlook_body(message: oxmsg.Message) -> tuple[tuple[Block, ...], str]:
    text, html = message.body, None
    if not text:
        html = message.html_body
    words = text or html or ""
    note = f"Only the first {MAX_BODY:,} characters are shown." if len(words) > MAX_BODY else ""
    if not words.strip():
        return (), "The mail has no text that can be shown here."
    if html:
        return blocks_of_html(safe_html(html[:MAX_BODY])), note
    return paragraphs(words[:MAX_BODY].replace("\r\n", "\n")), note


def _recipients(message: oxmsg.Message, kind: int) -> str:
    found = []
    for recipient in message.recipients[:MAX_PARTS]:
        properties = recipient.properties
        if (properties.int_prop_value(_RECIPIENT_KIND) or _TO) == kind:
            name = properties.str_prop_value(_DISPLAY_NAME) or ""
            address = properties.str_prop_value(_SMTP_ADDRESS) or properties.str_prop_value(_ADDRESS) or ""
            found.append(f"{name} <{address}>" if address and address != name else name)
    return ", ".join(filter(None, found))
