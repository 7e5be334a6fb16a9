"""What a Word paragraph is by its style and numbering: a heading, a list item or plain text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from portfolio.documents.xml_parts import parse

_HEADING = re.compile(r"heading ([1-9])$")
_DEEPEST = 6
_MAX_CHAIN = 12
_MAX_LIST_LEVEL = 8


@dataclass(frozen=True, slots=True)
class Listed:
    """Where a paragraph stands in a list."""

    list_no: int
    level: int
    ordered: bool


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    based_on: str
    outline: int
    numbering: str
    level: int


class WordStyles:
    """Made from the styles and numbering parts, either of which may be missing."""

    def __init__(self, styles: bytes | None, numbering: bytes | None) -> None:
        self._styles = dict(_read_styles(parse(styles))) if styles is not None else {}
        self._ordered = dict(_read_numbering(parse(numbering))) if numbering is not None else {}

    def of(self, paragraph: etree._Element) -> tuple[int, Listed | None]:
        """The heading level (0 for none) and the place in a list (None outside lists)."""
        properties = _child(paragraph, "pPr")
        own = _style(properties) if properties is not None else _Style("", "", 0, "", 0)
        chain = [own, *self._chain(_value(properties, "pStyle"))]
        for style in chain:
            match = _HEADING.match(style.name)
            level = int(match[1]) if match else 1 if style.name == "title" else style.outline
            if level:
                return min(level, _DEEPEST), None
        numbering = next((style for style in chain if style.numbering), None)
        if numbering is None or numbering.numbering == "0" or not numbering.numbering.isdecimal():
            return 0, None
        level = next((style.level for style in chain if style.level), 0)
        ordered = self._ordered.get((numbering.numbering, str(level)), False)
        return 0, Listed(int(numbering.numbering[:9]), min(level, _MAX_LIST_LEVEL), ordered)

    def _chain(self, key: str) -> Iterator[_Style]:
        """The paragraph's style and those that it is based on."""
        for _ in range(_MAX_CHAIN):
            style = self._styles.get(key)
            if style is None:
                return
            yield style
            key = style.based_on


def _read_styles(root: etree._Element) -> Iterator[tuple[str, _Style]]:
    for element in _children(root, "style"):
        properties = _child(element, "pPr")
        read = _style(properties) if properties is not None else _Style("", "", 0, "", 0)
        name = _value(element, "name").lower()
        yield (
            _attribute(element, "styleId"),
            _Style(name, _value(element, "basedOn"), read.outline, read.numbering, read.level),
        )


def _style(properties: etree._Element) -> _Style:
    numbered = _child(properties, "numPr")
    outline = _number(_value(properties, "outlineLvl"), 9)
    return _Style(
        "",
        "",
        outline + 1 if outline < 9 else 0,
        _value(numbered, "numId"),
        _number(_value(numbered, "ilvl"), 0),
    )


def _read_numbering(root: etree._Element) -> Iterator[tuple[tuple[str, str], bool]]:
    """(list, level) to whether it counts."""
    abstract = {
        _attribute(element, "abstractNumId"): {
            _attribute(level, "ilvl"): _value(level, "numFmt") not in {"bullet", "none", ""}
            for level in _children(element, "lvl")
        }
        for element in _children(root, "abstractNum")
    }
    for element in _children(root, "num"):
        for level, ordered in abstract.get(_value(element, "abstractNumId"), {}).items():
            yield (_attribute(element, "numId"), level), ordered


def _children(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in parent if isinstance(child.tag, str) and child.tag.rpartition("}")[2] == name)


def _child(parent: etree._Element | None, name: str) -> etree._Element | None:
    return None if parent is None else next(_children(parent, name), None)


def _value(parent: etree._Element | None, name: str) -> str:
    child = _child(parent, name)
    return "" if child is None else _attribute(child, "val")


def _attribute(element: etree._Element, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else otherwise
