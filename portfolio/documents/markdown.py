"""Markdown as people write it here: to safe HTML for the screen and to blocks for the Word book.

What somebody typed never runs: raw HTML shows as the text it is, and the result passes an allow-list as well.
Time grows with the length of the text, also when the text was written to hurt.
"""

import html
import re
from collections.abc import Callable
from functools import lru_cache
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from portfolio.documents.blocks import Block
from portfolio.documents.html_blocks import blocks_of_html

_TAGS = {
    *("p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr", "br"),
    *("table", "thead", "tbody", "tr", "th", "td"),
    *("strong", "em", "code", "a"),
}
_SCHEMES = {"http", "https", "mailto"}
_UNUSED = ("html", "reference", "link", "image_link", "image_reference", "short_reference", "short_image_ref")

# A whole link or picture on one line, bounded, so that unclosed brackets cost nothing.
_TARGET = r"\]\([ ]?<?((?:[^()\s<>]|\([^()\s<>]{0,200}\)){1,2000})>?(?:[ ]+\"[^\"\n]{0,300}\")?[ ]?\)"
_LINK = r"\[([^\[\]\n]{1,500})" + _TARGET
_IMAGE = r"!\[([^\[\]\n]{0,500})" + _TARGET


class _Inline(InlineProcessor):
    """Puts an element where the pattern stands; without one the text stays as it was typed."""

    def __init__(self, pattern: str, md: Markdown, make: Callable[[re.Match[str]], Element | None]) -> None:
        super().__init__(pattern, md)
        self._make = make

    def handleMatch(  # type: ignore[override]  # noqa: N802 - the library's name; it widens its own base
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        element = self._make(m)
        return (None, None, None) if element is None else (element, m.start(0), m.end(0))


def _link(match: re.Match[str]) -> Element | None:
    if match[2].partition(":")[0].lower() not in _SCHEMES:
        return None
    element = Element("a", {"href": match[2]})
    element.text = match[1]
    return element


def _alternative(match: re.Match[str]) -> Element:
    """A picture shows as its alternative text: nothing is fetched from elsewhere."""
    element = Element("span")
    element.text = match[1]
    return element


class _Demoted(Treeprocessor):
    """The text's highest heading is h3, the next one h4: the page has its own first two levels. No level is left out,
    and a heading without words is none.
    """

    def run(self, root: Element) -> None:
        headings = [e for e in root.iter() if len(e.tag) == 2 and e.tag[0] == "h" and e.tag[1].isdigit()]
        for empty in [e for e in headings if not "".join(e.itertext()).strip()]:
            empty.tag = "p"
            headings.remove(empty)
        levels = sorted({heading.tag for heading in headings})
        last = 2
        for heading in headings:
            last = min(3 + levels.index(heading.tag), last + 1, 6)
            heading.tag = f"h{last}"


def _reader() -> Markdown:
    """Python-Markdown as this house uses it: no raw HTML, no reference links, no pictures."""
    md = Markdown(extensions=["tables", "fenced_code", "sane_lists", "nl2br"])
    md.preprocessors.deregister("html_block")
    md.parser.blockprocessors.deregister("reference")
    for name in _UNUSED:
        md.inlinePatterns.deregister(name)
    md.inlinePatterns.register(_Inline(_IMAGE, md, _alternative), "picture", 165)
    md.inlinePatterns.register(_Inline(_LINK, md, _link), "link", 160)
    md.treeprocessors.register(_Demoted(md), "demoted", 5)
    return md


@lru_cache(maxsize=200)
def to_html(text: str) -> str:
    """Sanitised HTML: only the tags of the allow-list, links to http, https and mailto, no ids and no classes."""
    try:
        rendered = _reader().convert(text)
    except RecursionError:
        rendered = "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n\n"))
    return safe_html(rendered)


def safe_html(unsafe: str) -> str:
    """The part of any HTML that passes the allow-list; also what a mail's HTML body goes through.

    A table's heading without words becomes a plain cell, because there is nothing to read out for it.
    """
    clean = nh3.clean(
        unsafe,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel="noopener noreferrer",
    )
    return clean.replace("<th></th>", "<td></td>")


def to_blocks(text: str) -> tuple[Block, ...]:
    """The same text as blocks for the Word book; what the screen leaves out, the book leaves out too."""
    return blocks_of_html(to_html(text))
