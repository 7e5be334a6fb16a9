"""What a mail is made of, part by part: words, pages, calendars, files, and mails within it."""

import mimetypes
import re
from email.message import Message
from itertools import count
from urllib.parse import unquote

from portfolio.documents.redaction.alphabets import letters_of
from portfolio.documents.redaction.cards import CARD, card_of
from portfolio.documents.redaction.coded import loosely_decoded, words_in
from portfolio.documents.redaction.mail_headers import OTHERS, plain_of
from portfolio.documents.redaction.mail_written import Made, file_part, several, text_part
from portfolio.documents.redaction.plan import Why
from portfolio.documents.redaction.web import page, page_letters
from portfolio.documents.redaction.work import Refused, Work

TEXT, AROUND = "Text", "Around the parts of the mail"
_MOST_PARTS, _MOST_DEPTH = 1_000, 40
_GROUPS = frozenset({"mixed", "alternative", "related", "digest", "parallel", "report"})
_SEALS = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_CALENDARS = frozenset({"text/calendar", "application/ics"})
_CARDS = _CALENDARS | {"text/vcard", "text/x-vcard", "text/directory"}
_SHOWN_ELSEWHERE = frozenset({"content-type", "content-transfer-encoding", "content-disposition", "mime-version"})
_METHOD = re.compile(r"[A-Za-z]{3,20}")
_IN_TEXT = re.compile(r"^begin [0-7]{3,4} (.{1,200})\r?\n((?:[ -`]{1,90}\r?\n)+?)(?:`|[ ]?)\r?\n?end\s*$", re.MULTILINE)
_SAID_BY_ALL = re.compile(r"this is a (?:\S+ )?multi-?part message in mime format\.*", re.IGNORECASE)
_USUAL = re.compile(r"\Z|utf-?(?:8|16|32)|us-ascii|ascii|iso-8859-1|latin|windows-1252|cp1252", re.IGNORECASE)
_NO_CLUE = "application/octet-stream"


class Parts:
    """The parts of one mail, each looked through once."""

    def __init__(self, work: Work, message: Message) -> None:
        self._work, self._message = work, message
        self._numbers, self._parts = count(1), 0
        ids = (str(part.get("Content-ID", "")).strip().strip("<>") for part in message.walk())
        named = dict.fromkeys(filter(None, ids))
        self._ids = {name: f"part{number}@redacted.invalid" for number, name in enumerate(named, 1)}

    def whole(self) -> Made:
        """All of the mail below its head."""
        made = self._part(self._message, 0)
        return made if made is not None else text_part("", "plain")

    def _part(self, part: Message, depth: int) -> Made | None:
        self._parts += 1
        if self._parts > _MOST_PARTS or depth > _MOST_DEPTH:
            raise Refused("There are more parts in this mail than can be looked through.")
        kind = part.get_content_type()
        if depth:
            self._told_of(part)
        if part.is_multipart():
            if kind == "message/rfc822":
                return self._mail(part)
            return self._several(part, depth) if kind.startswith("multipart/") else self._told_by_machines(part)
        if kind in _SEALS:
            self._work.gone("signatures of the mail")
            return None
        name = plain_of(str(part.get_filename() or ""))
        is_words = not name and part.get_content_disposition() != "attachment"
        if is_words and kind in {"text/plain", "text/html"} | _CARDS:
            return self._words(part, kind)
        if kind.startswith(("message/", "multipart/", "text/rfc822-headers")):
            return self._told_by_machines(part)
        return self._file(part, _data(part), name)

    def _told_of(self, part: Message) -> None:
        """What is said about a part, and dropped."""
        if self._work.only_reads:
            said = [str(raw) for name, raw in part.raw_items() if name.lower() not in _SHOWN_ELSEWHERE]
            name = part.get_param("name")
            if name:
                said.append(str(name[2] if isinstance(name, tuple) else name))
            known = plain_of(str(part.get_filename() or ""))
            for one in sorted({plain_of(one) for one in said} - {known, ""}):
                words_in(self._work, one, OTHERS, is_seen=False)

    def _several(self, part: Message, depth: int) -> Made | None:
        around = _SAID_BY_ALL.sub("", "\n".join(filter(None, (part.preamble, part.epilogue)))).strip()
        if around:
            self._work.gone("words around the parts of the mail")
            if self._work.only_reads:
                self._work.find(letters_of(around.encode("utf-8", "surrogateescape"))[0], AROUND, is_seen=False)
        inner: list[Made] = []
        for child in part.get_payload():
            made = self._part(child, depth + 1) if isinstance(child, Message) else None
            if made is not None:
                inner.append(made)
        subtype = part.get_content_subtype()
        if len(inner) < 2 and subtype == "alternative":
            return inner[0] if inner else None
        return several(subtype if subtype in _GROUPS else "mixed", inner) if inner else None

    def _words(self, part: Message, kind: str) -> Made:
        data, charset = _data(part), str(part.get_content_charset() or "")
        if kind == "text/html":
            return text_part(page(self._work, page_letters(data, charset), TEXT, self._inline), "html")
        text = _letters(data, charset)
        if kind in _CARDS:
            method = str(part.get_param("method") or "")
            also = f"; method={method.upper()}" if _METHOD.fullmatch(method) else ""
            made = card_of(self._work, text, CARD)
            return text_part(made, "calendar" if kind in _CALENDARS else "vcard", also)
        is_flowed = str(part.get_param("format") or "").lower() == "flowed"
        if is_flowed and str(part.get_param("delsp") or "").lower() == "yes":
            text = re.sub(r"(?<=\S) \r?\n(?!-- )", "", text)
        if _IN_TEXT.search(text):
            self._work.unread(TEXT, Why.KIND)
            text = _IN_TEXT.sub("", text)
        made = words_in(self._work, text, TEXT)
        return text_part(made, "plain", "; format=flowed" if is_flowed else "")

    def _inline(self, called: str) -> str:
        return self._ids.get(called) or self._ids.get(unquote(called), "")

    def _told_by_machines(self, part: Message) -> Made | None:
        """What servers report, with all its lines; a mail that lies elsewhere is left out."""
        if part.get_content_type() in {"message/external-body", "message/partial"}:
            self._work.unread(self._place(), Why.KIND)
            return None
        if part.is_multipart():
            children = [child for child in part.get_payload() if isinstance(child, Message)]
            lines = [f"{name}: {plain_of(str(raw))}" for child in children for name, raw in child.raw_items()]
            lines += [_letters(_data(child), "") for child in children if not child.is_multipart()]
            text = "\n".join(lines)
        else:
            text = _letters(_data(part), str(part.get_content_charset() or ""))
        return text_part(words_in(self._work, text, "Report of a mail server"), "plain")

    def _mail(self, part: Message) -> Made | None:
        """A mail within the mail."""
        children = part.get_payload()
        try:
            data = b"".join(child.as_bytes() for child in children if isinstance(child, Message))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            self._work.unread(self._place(), Why.BROKEN)
            return None
        if "base64" in str(part.get("Content-Transfer-Encoding", "")).lower():
            data = loosely_decoded(data.strip())
        name = plain_of(str(part.get_filename() or "")) or "Mail.eml"
        return self._file(part, data, name if name.lower().endswith(".eml") else f"{name}.eml")

    def _file(self, part: Message, data: bytes, name: str) -> Made | None:
        kind = part.get_content_type()
        place, ending = self._place(), mimetypes.guess_extension(kind) if kind != _NO_CLUE else None
        called = name or f"{place}{'.md' if kind == 'text/markdown' else ending or ''}"
        charset = str(part.get_content_charset() or "")
        if kind.startswith("text/") and not _USUAL.match(charset):
            data = _letters(data, charset).encode("utf-8", "replace")
        inner = self._work.inside(data, called, place)
        if inner is None:
            return None
        content_id = self._inline(str(part.get("Content-ID", "")).strip().strip("<>"))
        is_inline = part.get_content_disposition() != "attachment" and bool(content_id)
        return file_part(inner.data, inner.name, inner.media_type, content_id, is_inline=is_inline)

    def _place(self) -> str:
        return f"Attachment {next(self._numbers)}"


def _data(part: Message) -> bytes:
    if "base64" in str(part.get("Content-Transfer-Encoding", "")).lower():
        raw = part.get_payload()
        return loosely_decoded(raw.encode("ascii", "ignore")) if isinstance(raw, str) else b""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _letters(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset) if charset else letters_of(data)[0]
    except (LookupError, ValueError):
        return letters_of(data)[0]
