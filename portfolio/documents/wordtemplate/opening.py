"""Opens a template in the child process, and says at once everything for which it cannot be taken."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from portfolio.documents.office_parts import resolved
from portfolio.documents.xml_parts import Unreadable, parse, part

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MOST_INSIDE = 40 * 1000**2
MOST_PARTS = 1_000
_MOST_XML = 10 * 1000**2
_STRICT = b"http://purl.oclc.org/ooxml/"
_DOCUMENT = "wordprocessingml.document.main+xml"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

NOT_WORD = "This is not a Word file. Save it in Word as a Word document (.docx)."
OLD = "It is a file of an older Word (.doc). Save it as a Word document (.docx)."
DAMAGED = "The file is damaged and cannot be opened. Save it anew in Word."
LARGE_INSIDE = "It holds more than 40 MB inside. Make its pictures smaller."
MANY_INSIDE = "It consists of more parts than a Word file does."
LOCKED = "It is locked with a password. Save it without one."
MACROS = "It contains macros. Save it as a Word document (.docx), which has none."
TEMPLATE = "It is a Word template (.dotx). Save it as a Word document (.docx)."
STRICT = "It is saved as a “Strict Open XML Document”. Save it as a Word document (.docx)."
ENTITIES = "Its parts define entities of their own, which Word never does."
TRACKED = "It has tracked changes. Accept or reject them all, and save it."
COMMENTS = "It has comments. Delete them, and save it."
OBJECTS = "It holds an embedded object or a control, such as a spreadsheet. Put a picture in its place."
CHUNKS = "It takes in another document as it opens. Put the text of that document in its place."
REMOTE_PICTURE = "It fetches a picture from elsewhere. Put the picture itself into the file."
REMOTE = "It is tied to something outside the file. Break its links in Word: File, Info, Edit Links to Files."
LINKS_LEFT = "Links to web pages became plain text."
TEMPLATE_LEFT = "The tie to the template that it was made with was left out."
FONTS_LEFT = "Embedded fonts were left out; readers see the fonts that their machine has."
NOTES_LEFT = "Footnotes and endnotes were left out."

_REMOTE = {"image": REMOTE_PICTURE}
_INSIDE = {
    "vbaProject": MACROS,
    "oleObject": OBJECTS,
    "package": OBJECTS,
    "control": OBJECTS,
    "activeXControlBinary": OBJECTS,
    "aFChunk": CHUNKS,
}
_ELEMENTS = {
    "altChunk": CHUNKS,
    "object": OBJECTS,
    "control": OBJECTS,
    "subDoc": REMOTE,
    **dict.fromkeys(("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge"), TRACKED),
    **dict.fromkeys(("pPrChange", "rPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange"), TRACKED),
    **dict.fromkeys(("commentReference", "commentRangeStart", "commentRangeEnd"), COMMENTS),
}
TROUBLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    Unreadable,
    NotImplementedError,
    ValueError,
    OSError,
    EOFError,
    RuntimeError,
)
"""What the readers of zip and XML raise on broken input."""


class Opened:
    """A template that is being read: its parts, what is wrong with it (`faults`) and what is left out (`notes`)."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self.faults: dict[str, None] = {}
        self.notes: dict[str, None] = {}
        self.main = ""

    def fault(self, sentence: str) -> None:
        self.faults[sentence] = None

    def note(self, sentence: str) -> None:
        self.notes[sentence] = None

    def raw(self, name: str, most: int = _MOST_XML) -> bytes | None:
        """A part's bytes, if it is there and within bounds."""
        try:
            return part(self._package, name, most)
        except TROUBLE:
            self.fault(DAMAGED)
            return None

    def tree(self, name: str) -> etree._Element | None:
        """A part as XML; None when there is none or it cannot be read, which is a fault then."""
        data = self.raw(name)
        if data is None:
            return None
        if _STRICT in data:
            self.fault(STRICT)
            return None
        try:
            return parse(data)
        except Unreadable:
            self.fault(ENTITIES)
        except TROUBLE:
            self.fault(f"Its part {_said(name)} is broken. Open the file in Word, and save it anew.")
        return None

    def targets(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part refers to inside the file: kind and part, by the id of the reference."""
        root = self.tree(_relationships_of(name))
        return {
            one.get("Id", ""): (_kind(one), resolved(name, one.get("Target", "")))
            for one in ([] if root is None else root.iter(_RELATIONSHIP))
            if one.get("TargetMode") != "External"
        }

    def check(self) -> None:
        """Everything that is wrong with the package, at once."""
        members = self._package.infolist()
        if len(members) > MOST_PARTS:
            self.fault(MANY_INSIDE)
            return
        if sum(member.file_size for member in members) > MOST_INSIDE:
            self.fault(LARGE_INSIDE)
            return
        if any(member.flag_bits & 1 for member in members):
            self.fault(LOCKED)
            return
        names = [member.filename for member in members]
        if len({name.casefold() for name in names}) < len(names):
            self.fault(DAMAGED)
        self._check_types()
        for name in names:
            if name.endswith(".rels"):
                self._check_relationships(name)
            if name.casefold().endswith(("vbaproject.bin", "vbadata.xml")):
                self.fault(MACROS)
        self.main = next((found for kind, found in self.targets("").values() if kind == "officeDocument"), "")
        if self.main not in names:
            self.fault(NOT_WORD)

    def _check_types(self) -> None:
        types = self.tree("[Content_Types].xml")
        if types is None:
            self.fault(NOT_WORD)
            return
        found = [one.get("ContentType", "") for one in types.iter(etree.Element)]
        if any("macroenabled" in kind.casefold() or "vbaproject" in kind.casefold() for kind in found):
            self.fault(MACROS)
        elif any(kind.endswith("wordprocessingml.template.main+xml") for kind in found):
            self.fault(TEMPLATE)
        elif not any(kind.endswith(_DOCUMENT) for kind in found):
            self.fault(NOT_WORD)

    def _check_relationships(self, name: str) -> None:
        root = self.tree(name)
        for one in [] if root is None else root.iter(_RELATIONSHIP):
            kind = _kind(one)
            if one.get("TargetMode") == "External":
                if kind == "hyperlink":
                    self.note(LINKS_LEFT)
                elif kind == "attachedTemplate":
                    self.note(TEMPLATE_LEFT)
                else:
                    self.fault(_REMOTE.get(kind, REMOTE))
            elif kind in _INSIDE:
                self.fault(_INSIDE[kind])
            elif kind == "font":
                self.note(FONTS_LEFT)

    def check_story(self, root: etree._Element) -> None:
        """What must not stand in text, wherever it is."""
        for element in _words(root):
            if element in _ELEMENTS:
                self.fault(_ELEMENTS[element])
            elif element in {"footnoteReference", "endnoteReference"}:
                self.note(NOTES_LEFT)


def opened(path: Path) -> Opened | str:
    """The template, checked as a package; the sentence that says why it is none."""
    try:
        return Opened(zipfile.ZipFile(path))
    except TROUBLE:
        return DAMAGED


def _words(root: etree._Element) -> Iterator[str]:
    return (str(one.tag).rpartition("}")[2] for one in root.iter(f"{{{W}}}*"))


def _kind(relationship: etree._Element) -> str:
    return relationship.get("Type", "").rpartition("/")[2]


def _relationships_of(name: str) -> str:
    folder, _, leaf = name.rpartition("/")
    return posixpath.join(folder, "_rels", f"{leaf}.rels")


def _said(name: str) -> str:
    """A part's name, as it can stand in a sentence."""
    return "".join(c for c in name if c.isalnum() or c in "._-/")[:60]
