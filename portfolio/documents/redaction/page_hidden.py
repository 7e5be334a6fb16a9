"""What a PDF holds beside its pages: properties, notes, forms, links, scripts, attachments, bookmarks and earlier
versions of itself. All of it is read; what goes along is given back, and the rest is in no result.
"""

import io
import re
from base64 import a85decode
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image

from portfolio.documents.redaction.coded import link_to, words_in
from portfolio.documents.redaction.picture_facts import look_inside
from portfolio.documents.redaction.plan import Why
from portfolio.documents.redaction.properties import in_markup, says_something
from portfolio.documents.redaction.work import Inner, Refused, Work

_MOST_OBJECTS = 200_000
_MOST_DEEP = 30
_MOST_STREAM = 5_000_000
_MOST_ATTACHED = 200
_MOST_ENTRIES = 2_000
_MOST_VERSIONS, _MOST_OLD_PAGES = 4, 50
_MOST_FILE = 200 * 1000**2
_MOST_PHOTOS = 100
_JPEG = b"\xff\xd8\xff"
_ALT = re.compile(rb"/(?:ActualText|Alt|E)\s*(\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>)", re.DOTALL)
_ENDS = re.compile(rb"%%EOF[ \r\n]*")
_NO_WORDS = frozenset(
    {"/Panose", "/CheckSum", "/ID", "/Cert", "/CharSet", "/FontFamily", "/Registry", "/Ordering", "/O", "/U", "/OE",
     "/UE", "/Perms", "/CreationDate", "/ModDate", "/M", "/Lookup", "/DA", "/Lang", "/LastModified"}
)  # fmt: skip
"""What is a code, a date or a sum: nothing of it goes into a result."""
_PLACES = {
    "/Contents": "Notes on the pages", "/RC": "Notes on the pages", "/Subj": "Notes on the pages",
    "/T": "Notes and forms", "/TU": "Notes and forms", "/TM": "Notes and forms", "/V": "Notes and forms",
    "/DV": "Notes and forms", "/Opt": "Notes and forms", "/JS": "Scripts", "/Alt": "Alternative text",
    "/ActualText": "Alternative text", "/E": "Alternative text", "/Reason": "Signatures", "/Location": "Signatures",
    "/ContactInfo": "Signatures", "/UF": "Names of files", "/F": "Names of files", "/Desc": "Names of files",
    "/Author": "Properties", "/Creator": "Properties", "/Producer": "Properties", "/Keywords": "Properties",
    "/Subject": "Properties", "/Company": "Properties", "/URI": "Links", "/Base": "Links",
}  # fmt: skip
_GOES = {
    "/Annots": "notes and links on the pages", "/AcroForm": "the fields of a form", "/JavaScript": "scripts",
    "/JS": "scripts", "/StructTreeRoot": "what the document says of its own structure",
    "/PieceInfo": "what the program kept that made it", "/Thumb": "small pictures of the pages",
    "/OCProperties": "layers that can be switched off", "/ByteRange": "an electronic signature",
}  # fmt: skip
"""What is said to have gone when such an entry is there."""


@dataclass(slots=True)
class Hidden:
    """What goes along with the pages: attachments, and the titles with their depth and page from 0."""

    attached: list[Inner] = field(default_factory=list)
    outline: list[tuple[int, str, int]] = field(default_factory=list)


def look_beside(source: Path, work: Work) -> Hidden:
    """Shows everything to `work`. What cannot be read is in no result, and is said."""
    hidden = Hidden()
    try:
        with pikepdf.open(source) as document:
            _outline(document, work, hidden)
            _Objects(document, work, hidden).show()
    except Refused:
        raise
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError, AttributeError, OSError, OverflowError):
        work.unread("What is not on the pages", Why.BROKEN)
    return hidden


def look_back(source: Path, work: Work, now: set[str]) -> None:
    """What earlier versions say that still lie in the file, and that is not on its pages any more."""
    if source.stat().st_size > _MOST_FILE:
        return
    data = source.read_bytes()
    ends = [found.end() for found in _ENDS.finditer(data)][:-1]
    for number, end in enumerate(reversed(ends[-_MOST_VERSIONS:]), 1):
        try:
            document = pypdfium2.PdfDocument(data[:end])
        except pypdfium2.PdfiumError:
            continue
        try:
            lines = [line for at in range(min(len(document), _MOST_OLD_PAGES)) for line in _lines(document, at)]
        except pypdfium2.PdfiumError:
            continue
        finally:
            document.close()
        work.gone("earlier versions of the document")
        said = "\n".join(line for line in lines if line not in now)
        now.update(lines)
        if said:
            work.find(said, f"Earlier version {number}", is_seen=False)


def _lines(document: pypdfium2.PdfDocument, number: int) -> list[str]:
    page = document[number]
    text_page = page.get_textpage()
    try:
        text: str = text_page.get_text_range(errors="ignore")
    finally:
        text_page.close()
        page.close()
    return [line.strip() for line in text.splitlines()]


def _outline(document: pikepdf.Pdf, work: Work, hidden: Hidden) -> None:
    pages = {page.obj.objgen: number for number, page in enumerate(document.pages)}

    def walk(items: list[pikepdf.OutlineItem], depth: int) -> None:
        for item in items:
            if len(hidden.outline) >= _MOST_ENTRIES or depth > _MOST_DEEP:
                return
            hidden.outline.append((depth, words_in(work, item.title or "", "Outline"), _page_of(item, pages)))
            walk(item.children, depth + 1)

    with document.open_outline(max_depth=_MOST_DEEP) as outline:
        walk(list(outline.root), 0)


def _page_of(item: pikepdf.OutlineItem, pages: dict[tuple[int, int], int]) -> int:
    where: Any = item.destination
    if where is None and item.action is not None:
        where = item.action.get("/D")
    if isinstance(where, pikepdf.Array) and len(where) and isinstance(where[0], pikepdf.Dictionary):
        return pages.get(where[0].objgen, 0)
    return 0


class _Objects:
    """Every text in every object, wherever it hangs, even if nothing leads there; shown together by place."""

    def __init__(self, document: pikepdf.Pdf, work: Work, hidden: Hidden) -> None:
        self._document, self._work, self._hidden = document, work, hidden
        self._texts: dict[str, dict[str, None]] = defaultdict(dict)
        self._files: set[tuple[int, int]] = set()
        self._photos = 0

    def show(self) -> None:
        """Shows all of it, and gathers what is attached."""
        info = self._document.docinfo
        for value in info.values():
            self._walk(value, "/Author", 0)
        if len(info) or "/Metadata" in self._document.Root:
            self._work.gone("the author, the title and other properties")
        for number, thing in enumerate(self._document.objects):
            if number >= _MOST_OBJECTS:
                self._work.unread("What is not on the pages", Why.BROKEN)
                break
            if isinstance(thing, pikepdf.Object) and thing.objgen != info.objgen:
                self._walk(thing, "", 0)
            if isinstance(thing, pikepdf.Stream):
                self._stream(thing)
        for place, texts in self._texts.items():
            if place == "Links":
                for text in texts:
                    link_to(self._work, text, place)
            else:
                words_in(self._work, "\n".join(texts), place, is_seen=False)

    def _walk(self, thing: Any, key: str, depth: int) -> None:
        """The strings of one object; what it refers to is walked by itself."""
        if depth > _MOST_DEEP:
            return
        if isinstance(thing, pikepdf.String):
            self._keep(str(thing), _PLACES.get(key, "Hidden parts"))
        elif isinstance(thing, pikepdf.Array):
            is_palette = len(thing) > 0 and thing[0] == pikepdf.Name.Indexed
            for one in () if is_palette else thing:
                self._inside(one, key, depth)
        elif isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
            if "/EF" in thing:
                self._attached(thing)
            for inner, value in thing.items():
                if inner in _GOES:
                    self._work.gone(_GOES[inner])
                if not _is_done_with(thing, inner):
                    self._inside(value, inner, depth)

    def _inside(self, value: Any, key: str, depth: int) -> None:
        is_elsewhere = isinstance(value, pikepdf.Object) and value.is_indirect
        if not is_elsewhere or isinstance(value, pikepdf.String):
            self._walk(value, key, depth + 1)
        elif key == "/JS" and isinstance(value, pikepdf.Stream):
            self._keep(_read(value).decode("utf-8", "replace"), "Scripts")

    def _attached(self, thing: Any) -> None:
        folder = thing["/EF"]
        for stream in folder.values() if isinstance(folder, pikepdf.Dictionary) else ():
            if not isinstance(stream, pikepdf.Stream) or stream.objgen in self._files:
                continue
            self._files.add(stream.objgen)
            if len(self._files) > _MOST_ATTACHED:
                self._work.unread("Further attachments", Why.KIND)
                return
            name = str(thing.get("/UF", thing.get("/F", "")))
            inner = self._work.inside(stream.read_bytes(), name, f"Attachment {len(self._files)}")
            if inner is not None:
                self._hidden.attached.append(inner)

    def _stream(self, stream: pikepdf.Stream) -> None:
        """Properties and forms that are written as marked-up text, and what a page says to those who hear it."""
        if stream.get("/Subtype") == pikepdf.Name.Image:
            self._photo(stream)
        if stream.get("/Subtype") == pikepdf.Name.Image or "/Length1" in stream:
            return
        if stream.get("/Type") in {pikepdf.Name.XRef, pikepdf.Name.ObjStm, pikepdf.Name.EmbeddedFile}:
            return
        data = _read(stream)
        if stream.get("/Subtype") == pikepdf.Name.XML or data.lstrip()[:1] == b"<":
            for words in in_markup(data):
                self._keep(words, "Properties")
            return
        for alternative in _ALT.finditer(data):
            with suppress(pikepdf.PdfError):
                self._keep(str(pikepdf.Object.parse(alternative[1])), "Alternative text")

    def _photo(self, stream: pikepdf.Stream) -> None:
        """What a camera wrote into a photo that stands on a page."""
        if self._photos >= _MOST_PHOTOS or int(stream.get("/Length", 0)) > _MOST_STREAM:
            return
        self._photos += 1
        with suppress(pikepdf.PdfError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            data = stream.read_raw_bytes()
            if data.rstrip().endswith(b"~>"):
                data = a85decode(data.rstrip()[:-2])
            if data.startswith(_JPEG):
                with Image.open(io.BytesIO(data), formats=["JPEG"]) as photo:
                    look_inside(photo, data, self._work)

    def _keep(self, text: str, place: str) -> None:
        """A text that no result has."""
        if says_something(text):
            self._texts[place].setdefault(text.strip())


def _is_done_with(thing: Any, key: str) -> bool:
    """Whether an entry is no text, or a bookmark, which was shown as one."""
    if key == "/Title":
        return "/Parent" in thing and "/S" not in thing
    return key in _NO_WORDS or (key == "/Contents" and thing.get("/Type") in {pikepdf.Name.Page, pikepdf.Name.Sig})


def _read(stream: pikepdf.Stream) -> bytes:
    try:
        return stream.read_bytes()[:_MOST_STREAM]
    except pikepdf.PdfError:
        return b""
