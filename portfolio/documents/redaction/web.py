"""Pages, as mails have them: written anew from what was read, so nothing stands in them that was not looked through.

Scripts, comments, what is fetched from elsewhere, and whatever a page need not have go.
"""

import re
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote_to_bytes

from lxml import etree, html

from portfolio.documents.redaction.alphabets import letters_of
from portfolio.documents.redaction.coded import link_to, loosely_decoded, swept, words_in
from portfolio.documents.redaction.spelling import rejoined
from portfolio.documents.redaction.web_names import BLOCKS, CELLS, INLINE, KEPT
from portfolio.documents.redaction.web_styles import style_of
from portfolio.documents.redaction.work import Work

PAGE, HIDDEN, LINKS, TITLE = "Text", "Hidden text", "Links", "Title"
ALTERNATIVE, ASIDE, SCRIPTS, PROPERTIES = "Alternative text", "Notes in the source", "Scripts", "Properties"
FETCHED = "pictures and styles that are fetched from elsewhere"
_DROPPED = {
    "script": "scripts", "object": "embedded programs", "embed": "embedded programs", "applet": "embedded programs",
    "iframe": FETCHED, "frame": FETCHED, "frameset": FETCHED, "link": FETCHED, "svg": "drawings in the source",
    "math": "formulas in the source", "base": "settings of the program that wrote it",
    "meta": "settings of the program that wrote it", "xml": "settings of the program that wrote it",
    "audio": FETCHED, "video": FETCHED, "source": FETCHED, "noembed": "embedded programs",
}  # fmt: skip
_WORDED = frozenset({"alt", "title", "placeholder", "value", "label", "summary", "aria-label", "abbr", "datetime"})
_LINKED = frozenset({"href", "cite", "action", "usemap"})
_FETCHING = frozenset({"src", "background"})
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?![.\d]*[1-9])")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_HEAD = re.compile(r"(<html[^<>]*>)(<head>)?")
_NUL = re.compile(r"[\x00\x0b]+")
_STYLED, _TAGS = (
    re.compile(r"<style.{0,50000}?</style>", re.DOTALL | re.IGNORECASE),
    re.compile(r"<[^<>]*>|\[[^\[\]]*\]"),
)
_DATA = re.compile(r"data:([^;,]{0,100})((?:;[^;,]{0,100}){0,5}),", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^<>]{0,300}charset=[\"' ]{0,2}([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)


def redact_page(source: Path, target: Path, work: Work, media_type: str) -> str:
    """A page that is a file."""
    made = page(work, page_letters(source.read_bytes(), ""), PAGE, lambda _: "")
    if not work.only_reads:
        target.write_text(_HEAD.sub(_with_alphabet, made, count=1), "utf-8")
    return media_type


def _with_alphabet(head: re.Match[str]) -> str:
    return f'{head[1]}<head><meta charset="utf-8">{"" if head[2] else "</head>"}'


def page_letters(data: bytes, charset: str) -> str:
    """The source of a page by the alphabet it is said to be in, or names itself."""
    named = _CHARSET.search(data[:4096])
    for name in (charset, named[1].decode("ascii") if named else ""):
        try:
            if name:
                return data.decode(name)
        except (LookupError, ValueError):
            continue
    return letters_of(data)[0]


def page(work: Work, source: str, place: str, inline: Callable[[str], str]) -> str:
    """A page from now on. `inline` says what the name of a picture in the same mail is from now on, or nothing."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = html.document_fromstring(_NUL.sub("", source).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return ""
    _drop(work, root)
    _words(work, root, place)
    for element in root.iter():
        _attributes(work, element, inline)
    return "" if work.only_reads else str(html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>"))


def _drop(work: Work, root: html.HtmlElement) -> None:
    """What goes whole, and elements that have a name of somebody's own."""
    for node in [*root.itersiblings(preceding=True), *root.itersiblings(), *root.iter()]:
        if not isinstance(node.tag, str):
            _drop_aside(work, node)
        elif node.tag in _DROPPED:
            work.gone(_DROPPED[node.tag])
            if work.only_reads:
                _read_dropped(work, node)
            if node is not root:
                node.drop_tree()
        elif node.tag not in BLOCKS and node.tag not in CELLS and node.tag not in INLINE:
            node.tag = "span"


def _read_dropped(work: Work, node: html.HtmlElement) -> None:
    """What an element says that goes."""
    place = SCRIPTS if node.tag == "script" else PROPERTIES if node.tag == "meta" else ASIDE
    text = " ".join(str(piece) for piece in node.itertext())
    for said in (text, node.get("content", "") if node.get("name") else "", node.get("src", ""), node.get("href", "")):
        work.find(_SPACE.sub(" ", said).strip(), place, is_seen=False)


def _parting(tag: re.Match[str]) -> str:
    """What stands for a tag: nothing where it stands inside words."""
    name = tag[0].strip("</>![]").partition(" ")[0].lower()
    return "" if name in INLINE else " "


def _drop_aside(work: Work, node: html.HtmlElement) -> None:
    if work.only_reads:
        text = _SPACE.sub(" ", _TAGS.sub(_parting, _STYLED.sub(" ", str(node.text or "")))).strip()
        work.find(text, ASIDE, is_seen=False)
    work.gone("notes in the source that nobody sees")
    parent = node.getparent()
    if parent is None:
        return
    before, tail = node.getprevious(), node.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    node.tail = None
    parent.remove(node)


class _Stream:
    """Words that are read one after the other, and which nodes they are of."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.nodes: list[tuple[html.HtmlElement, str] | None] = []

    def says(self, text: str, node: html.HtmlElement, which: str) -> None:
        if text and (text.strip() or not self._is_parted()):
            self.parts.append(text)
            self.nodes.append((node, which))

    def part(self, sign: str) -> None:
        if not self._is_parted():
            self.parts.append(sign)
            self.nodes.append(None)

    def _is_parted(self) -> bool:
        return not self.parts or self.parts[-1][-1] in " \n\t"


def _words(work: Work, root: html.HtmlElement, place: str) -> None:
    """All words between the tags: those that are seen as one text, those that are hidden as another one."""
    seen, hidden, title = _Stream(), _Stream(), _Stream()
    streams = [seen]
    unbroken = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        sign = "\n" if element.tag in BLOCKS else "\t" if element.tag in CELLS else ""
        if event == "start":
            streams.append(title if element.tag == "title" else hidden if _hides(element) else streams[-1])
            unbroken += element.tag in {"pre", "textarea"}
            if sign:
                streams[-1].part(sign)
            _read(work, streams[-1], element, "text", is_unbroken=bool(unbroken))
        else:
            if sign or streams[-1] is not streams[-2]:
                streams[-1].part(sign or "\n")
            streams.pop()
            unbroken -= element.tag in {"pre", "textarea"}
            if element is not root:
                _read(work, streams[-1], element, "tail", is_unbroken=bool(unbroken))
    for stream, called in ((seen, place), (hidden, HIDDEN), (title, TITLE)):
        found = work.find("".join(stream.parts), called, is_seen=stream is seen)
        for node, text in zip(stream.nodes, rejoined(stream.parts, found), strict=True):
            if node is not None:
                setattr(node[0], node[1], swept(work, text if work.only_reads else work.words(text, called), called))


def _read(work: Work, stream: _Stream, element: html.HtmlElement, which: str, *, is_unbroken: bool) -> None:
    text = element.text if which == "text" else element.tail
    if not text:
        return
    if which == "text" and element.tag == "style":
        element.text = style_of(work, text)
        return
    if not is_unbroken:
        text = _SPACE.sub(" ", text)
        setattr(element, which, text)
    stream.says(text, element, which)


def _hides(element: html.HtmlElement) -> bool:
    style = element.get("style", "")
    return element.tag == "template" or "hidden" in element.attrib or bool(style and _HIDING.search(style.lower()))


def _attributes(work: Work, element: html.HtmlElement, inline: Callable[[str], str]) -> None:
    for name, value in list(element.attrib.items()):
        made: str | None = None
        if name in _WORDED:
            made = words_in(work, value, ALTERNATIVE, is_seen=False)
        elif name in _LINKED:
            made = _link(work, value)
        elif name in _FETCHING:
            made = _picture(work, value, inline)
        elif name == "style":
            made = style_of(work, value)
        elif name in KEPT:
            made = value if work.only_reads else words_in(work, value, PAGE)
        elif not (name.startswith(("xmlns", "data-", "aria-", "on")) or ":" in name):
            work.gone("settings of the program that wrote it")
        if made is None:
            del element.attrib[name]
        else:
            element.set(name, made)


def _link(work: Work, target: str) -> str | None:
    bare = re.sub(r"[\x00-\x20]+", "", target).lower()
    if bare.startswith(("javascript:", "vbscript:", "data:", "file:")):
        work.gone("links that run something")
        return None
    return link_to(work, target, LINKS)


def _picture(work: Work, target: str, inline: Callable[[str], str]) -> str | None:
    """A picture of the same mail or in the page itself stays; one that is fetched goes."""
    target = target.strip()
    if target.lower().startswith("cid:"):
        called = inline(target[4:])
        return f"cid:{called}" if called else None
    start = _DATA.match(target)
    if start is None:
        if work.only_reads:
            link_to(work, target, LINKS)
        work.gone(FETCHED)
        return None
    data = unquote_to_bytes(target[start.end() :])
    if ";base64" in start[2].lower():
        data = loosely_decoded(data)
    inner = work.inside(data, "", "Picture in the text")
    return f"data:{inner.media_type};base64,{b64encode(inner.data).decode('ascii')}" if inner else None
