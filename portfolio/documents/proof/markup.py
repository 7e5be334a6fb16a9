"""What stands in XML and HTML: what somebody wrote, and what says how it is built. Pure, for hostile input too.

The reader of XML is expat, that of HTML the one of the standard library.
"""

import contextlib
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from xml.parsers import expat

from portfolio.documents.proof.sought import APART

_JOINED = (
    "wordprocessingml", "spreadsheetml", "presentationml", "drawingml", "1999/xhtml", "2000/svg", "opendocument",
)  # fmt: skip
_ENDS = frozenset(
    {"p", "tc", "tr", "tbl", "si", "c", "row", "is", "f", "v", "comment", "br", "cr", "tab", "txbxContent", "sdt",
     "docPartBody", "div", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "title", "desc", "footnote", "endnote",
     "definedName", "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter", "formula1",
     "formula2", "author", "pt", "fld", "instrText", "option", "script", "style", "blockquote", "dt", "dd", "pre",
     "table", "ul", "ol", "hr", "img", "body", "head", "delInstrText", "fldData", "pos", "sp", "graphicFrame"}
)  # fmt: skip
_WRITTEN = frozenset(
    {"descr", "title", "alt", "Target", "target", "author", "userName", "initials", "tooltip",
     "display", "location", "prompt", "promptTitle", "error", "errorTitle", "href", "src", "lastModifiedBy",
     "caption", "presenceInfo", "displayName", "displayText", "comment", "description", "dataLabel", "instr", "string",
     "formula", "query", "command", "connection", "url", "sourceFile", "placeholder", "label", "text",
     "helpText", "statusText", "aria-label", "summary", "content"}
)  # fmt: skip
_MOST, _WORD = 200, re.compile(r"[^\W\d_]{3,}")
_SIDES = re.compile("&[LCR]")
_SHOWN = re.compile(r'&(?:"[^"]*"|K[0-9A-F]{6}|\d+|[A-Z&])')
"""How a sheet's header says where and how its words are shown."""


@dataclass(slots=True)
class Read:
    """What was found in a document. `written`: texts, apart from each other; `built`: what says how it is built;
    `numbers`: what cells of a sheet keep as numbers.
    """

    written: list[str] = field(default_factory=list)
    built: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)


class Broken(Exception):
    """It is no XML."""


def read_xml(data: bytes) -> Read:
    """Everything in a document: texts joined as people read them and one by one, attributes, names, comments,
    instructions and declarations. Raises Broken.
    """
    walk = _Walk()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    parser.CommentHandler = walk.aside
    parser.ProcessingInstructionHandler = lambda target, said: walk.aside(f"{target} {said}")
    parser.StartDoctypeDeclHandler = lambda name, *ids: walk.aside(
        " ".join(one for one in (name, *ids) if isinstance(one, str))
    )
    parser.EntityDeclHandler = lambda name, _, value, *ids: walk.aside(
        " ".join(one for one in (name, value, *ids) if one)
    )
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Broken from error
    return walk.finished()


class _Walk:
    def __init__(self) -> None:
        self._read = Read()
        self._joined: list[str] = []
        self._alone: list[str] = []
        self._names: dict[str, None] = {}
        self._attributes: dict[str, None] = {}
        self._is_joined = False
        self._depth = 0
        self._is_number = False
        self._value = False
        self._ends_of_pages = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        local = name.rpartition(":")[2]
        if any(kind in value for key, value in attributes.items() if key.startswith("xmlns") for kind in _JOINED):
            self._is_joined = True
        self._names.setdefault(name)
        for key, value in attributes.items():
            if value:
                self._attribute(key, value)
        self._alone.append(APART)
        if local in _ENDS:
            self._joined.append(APART)
        if local == "c":
            self._is_number = attributes.get("t", "n") == "n"
        self._value = local == "v"
        self._ends_of_pages |= local.endswith(("Header", "Footer"))

    def _attribute(self, key: str, value: str) -> None:
        local = key.rpartition(":")[2]
        self._names.setdefault(key)
        if local in _WRITTEN or (len(value) > _MOST and _WORD.search(value)):
            self._read.written.append(value)
        else:
            self._attributes.setdefault(value)

    def end(self, name: str) -> None:
        self._alone.append(APART)
        self._value = False
        if name.rpartition(":")[2] in _ENDS:
            self._joined.append(APART)

    def text(self, said: str) -> None:
        self._alone.append(said)
        self._joined.append(said)
        if self._value and self._is_number:
            self._read.numbers.append(said.strip())

    def aside(self, said: str) -> None:
        self._read.written.append(said)

    def finished(self) -> Read:
        self._read.written.append("".join(self._alone))
        if self._is_joined:
            joined = "".join(self._joined)
            self._read.written.append(joined)
            if self._ends_of_pages:
                self._read.written.append(_SHOWN.sub("", _SIDES.sub(APART, joined)))
        self._read.built = [*self._attributes, *self._names]
        return self._read


def read_html(text: str) -> Read:
    """Everything in a page: texts joined over tags that break no line, attributes, comments, styles and scripts."""
    walk = _Page()
    with contextlib.suppress(AssertionError):  # what a reader of pages says to nonsense; the text is searched as well
        walk.feed(text)
        walk.close()
    return Read(written=["".join(walk.joined), *walk.asides], built=[*walk.names])


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.joined: list[str] = []
        self.asides: list[str] = []
        self.names: dict[str, None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.setdefault(tag)
        for key, value in attrs:
            self.names.setdefault(key)
            if value:
                self.asides.append(value)
        if tag in _ENDS:
            self.joined.append(APART)

    def handle_endtag(self, tag: str) -> None:
        if tag in _ENDS:
            self.joined.append(APART)

    def handle_data(self, data: str) -> None:
        self.joined.append(data)

    def handle_comment(self, data: str) -> None:
        self.asides.append(data)

    def handle_decl(self, decl: str) -> None:
        self.asides.append(decl)

    def unknown_decl(self, data: str) -> None:
        self.asides.append(data)

    def handle_pi(self, data: str) -> None:
        self.asides.append(data)


_RTF = re.compile(
    r"\\(?:(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|'(?P<hex>[0-9A-Fa-f]{2})|(?P<sign>[^a-zA-Z']))"
    r"|(?P<group>[{}])|[\r\n]+|(?P<text>[^\\{}\r\n]+)",
    re.DOTALL,
)
_RTF_BREAKS = frozenset(
    {"par", "line", "cell", "row", "page", "sect", "tab", "column", "nestcell", "nestrow", "softline"}
)
_RTF_SIGNS = {"~": " ", "-": "", "_": "-", "\\": "\\", "{": "{", "}": "}"}
_RTF_LETTERS = {
    "emdash": "-",
    "endash": "-",
    "lquote": "'",
    "rquote": "'",
    "ldblquote": '"',
    "rdblquote": '"',
    "bullet": " ",
}


def read_rtf(text: str) -> str:
    """What an RTF file says, hidden groups too: its texts over whatever formats they are split by."""
    said: list[str] = []
    skipped = 0
    for match in _RTF.finditer(text):
        word, number = match["word"], match["number"]
        if word == "u" and number:
            said.append(chr(int(number) % 0x10000))
            skipped = 1
        elif word in _RTF_BREAKS:
            said.append("\n")
        elif word:
            said.append(_RTF_LETTERS.get(word, ""))
        elif match["hex"]:
            said.append("" if skipped else bytes.fromhex(match["hex"]).decode("cp1252", "replace"))
            skipped = 0
        elif match["text"]:
            said.append(match["text"][skipped:])
            skipped = 0
        elif match["sign"]:
            said.append(_RTF_SIGNS.get(match["sign"], ""))
    return "".join(said)
