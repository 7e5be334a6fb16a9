"""How a template looks: its styles under the names that the book uses, its lists, its colours and fonts.

A style is ours when its name is (Word keeps the English one, whatever language it speaks), or else its id and kind.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from lxml import etree

from portfolio.documents.wordbook.markup import escape
from portfolio.documents.wordbook.styles import styles_xml
from portfolio.documents.wordtemplate.opening import Opened, W
from portfolio.documents.wordtemplate.story import A, Copier

HEADINGS = frozenset(f"Heading{level}" for level in range(1, 7))
FIRST_LIST = 900_001
"""Numbers of lists from here on are the template's."""
_MOST_STYLES = 1_000
_MOST_BASES = 20
_REFERENCES = ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link")
_COLOURS = ("dk1", "lt1", "dk2", "lt2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
_TYPEFACE = re.compile('(<a:latin typeface=")[^"]*')
_HEX = re.compile(r"[0-9A-Fa-f]{6}")
NUMBERS_LEFT = "Numbers before headings were left out: units, criteria and evidence have numbers of their own."
MANY_STYLES = "It has more than 1,000 styles. Copy its first page into a new document, and save that."
MANY_BASES = f"A style is based on more than {_MOST_BASES} others, one on the other. Base it on Normal."
COVER_HEADING = "CoverHeading"


def _w(name: str) -> str:
    return f"{{{W}}}{name}"


def value(element: etree._Element | None, name: str) -> str:
    """The value of a child of this name; nothing where there is none."""
    found = None if element is None else element.find(_w(name))
    return "" if found is None else found.get(_w("val")) or ""


@cache
def our_styles() -> Mapping[str, tuple[str, str]]:
    """Kind and name of every style of the book, by id."""
    return {
        str(style.get(_w("styleId"))): (str(style.get(_w("type"))), value(style, "name"))
        for style in etree.fromstring(styles_xml()).iter(_w("style"))
    }


class Looks:
    """The styles and lists of one template, cleaned, under their new names."""

    def __init__(self, opened: Opened, copier: Copier, styles: etree._Element | None) -> None:
        self.styles: dict[str, etree._Element] = {}
        self.defaults: etree._Element | None = None
        self._renamed: dict[str, str] = {}
        self._opened = opened
        if styles is None:
            return
        sources = styles.findall(_w("style"))
        if len(sources) > _MOST_STYLES:
            opened.fault(MANY_STYLES)
            return
        given = styles.find(_w("docDefaults"))
        self.defaults = None if given is None else copier.properties(given)
        self._renamed = _names(sources)
        for source in sources:
            self._add(copier.properties(source))
        for style in self.styles.values():
            self.settle(style)
        self._part_rings()

    def _add(self, style: etree._Element) -> None:
        key = self._renamed.get(style.get(_w("styleId")) or "")
        if key is None or key in self.styles or not value(style, "name"):
            return
        style.set(_w("styleId"), key)
        style.attrib.pop(_w("default"), None)
        if key not in HEADINGS:
            _drop(style, "outlineLvl")
        numbered = style.find(f"{_w('pPr')}/{_w('numPr')}") if key in HEADINGS else None
        if numbered is not None:
            holder = numbered.getparent()
            if holder is not None:
                holder.remove(numbered)
            self._opened.note(NUMBERS_LEFT)
        self.styles[key] = style

    def settle(self, root: etree._Element) -> None:
        """Every reference to a style by its new name; those that lead nowhere go."""
        for name in _REFERENCES:
            for reference in list(root.iter(_w(name))):
                key = self._renamed.get(reference.get(_w("val")) or "")
                holder = reference.getparent()
                if key in self.styles:
                    reference.set(_w("val"), str(key))
                elif holder is not None:
                    holder.remove(reference)

    def as_cover(self, root: etree._Element) -> None:
        """Headings outside the book's own text look as they do, and are no headings that its contents would list."""
        _drop(root, "outlineLvl")
        for reference in root.iter(_w("pStyle")):
            key = reference.get(_w("val")) or ""
            if key in HEADINGS:
                reference.set(_w("val"), self._cover_heading(key))

    def _cover_heading(self, key: str) -> str:
        made = f"{COVER_HEADING}{key[-1]}"
        if made not in self.styles:
            style = etree.fromstring(etree.tostring(self.styles[key]))
            style.set(_w("styleId"), made)
            for child in style.findall(_w("name")):
                child.set(_w("val"), f"Cover Heading {key[-1]}")
            _drop(style, "outlineLvl", "pageBreakBefore", "link")
            self.styles[made] = style
        return made

    def _part_rings(self) -> None:
        """A style that is based on itself by way of others is based on nothing; nor on one of another kind."""
        for key, style in self.styles.items():
            base, seen = value(style, "basedOn"), {key}
            while base and base not in seen:
                if len(seen) > _MOST_BASES:
                    self._opened.fault(MANY_BASES)
                    return
                seen.add(base)
                base = value(self.styles[base], "basedOn")
            parent = self.styles.get(value(style, "basedOn"))
            if base or (parent is not None and parent.get(_w("type")) != style.get(_w("type"))):
                for child in style.findall(_w("basedOn")):
                    style.remove(child)


def _drop(root: etree._Element, *names: str) -> None:
    """No elements of these names are left."""
    for child in list(root.iter(*map(_w, names))):
        holder = child.getparent()
        if holder is not None:
            holder.remove(child)


def _names(sources: Iterable[etree._Element]) -> dict[str, str]:
    """The id under which each style is kept, by the one that it has."""
    by_name = {(kind, name.lower()): key for key, (kind, name) in our_styles().items()}
    found: dict[str, str] = {}
    left = []
    for source in sources:
        key, kind = source.get(_w("styleId")) or "", source.get(_w("type")) or "paragraph"
        ours = by_name.get((kind, value(source, "name").strip().lower()))
        if ours is not None and key not in found and ours not in found.values():
            found[key] = ours
        elif key:
            left.append((key, kind))
    for key, kind in left:
        if key in found:
            continue
        is_ours = our_styles().get(key, ("",))[0] == kind
        taken = set(found.values()) | (set() if is_ours else set(our_styles()))
        made, number = key, 1
        while made in taken:
            made, number = f"{key}Own{number}", number + 1
        found[key] = made
    return found


class Lists:
    """The numbered and bulleted lists that a template's styles and stories use, under numbers of their own."""

    def __init__(self, copier: Copier, numbering: etree._Element | None) -> None:
        self._copier = copier
        self._numbers: dict[str, int] = {}
        self._kinds: dict[str, int] = {}
        self._made: tuple[list[etree._Element], list[etree._Element]] = ([], [])
        found = [] if numbering is None else list(numbering)
        self._abstract = {str(one.get(_w("abstractNumId"))): one for one in found if one.tag == _w("abstractNum")}
        self._lists = {str(one.get(_w("numId"))): one for one in found if one.tag == _w("num")}

    def settle(self, root: etree._Element) -> None:
        """Every reference to a list by its new number; those that lead nowhere go."""
        for reference in list(root.iter(_w("numPr"))):
            number = self._number(value(reference, "numId"))
            holder = reference.getparent()
            if number is not None:
                for child in reference.findall(_w("numId")):
                    child.set(_w("val"), str(number))
            elif holder is not None:
                holder.remove(reference)

    def _number(self, key: str) -> int | None:
        if key not in self._numbers:
            source = self._lists.get(key)
            kind = None if source is None else self._kind(value(source, "abstractNumId"))
            if source is None or kind is None:
                return None
            made = self._copier.properties(source)
            for child in made.findall(_w("abstractNumId")):
                child.set(_w("val"), str(kind))
            self._numbers[key] = FIRST_LIST + len(self._numbers)
            made.set(_w("numId"), str(self._numbers[key]))
            self._made[1].append(made)
        return self._numbers[key]

    def _kind(self, key: str) -> int | None:
        if key not in self._kinds:
            source = self._abstract.get(key)
            made = None if source is None else self._copier.properties(source)
            if made is None or made.find(_w("lvl")) is None:
                return None
            _drop(made, "outlineLvl")
            self._kinds[key] = FIRST_LIST + len(self._kinds)
            made.set(_w("abstractNumId"), str(self._kinds[key]))
            self._made[0].append(made)
        return self._kinds[key]

    def made(self) -> Iterator[etree._Element]:
        """Kinds of lists, then lists."""
        for some in self._made:
            yield from some


def theme_with(ours: str, theme: etree._Element | None) -> str:
    """Our theme with the colours and fonts of theirs, as far as they are plain."""
    if theme is None:
        theme = etree.fromstring(ours.encode())
    scheme = theme.find(f".//{{{A}}}clrScheme")
    for name in _COLOURS if scheme is not None else ():
        colour = _colour(scheme, name)
        if colour:
            ours = re.sub(rf"(<a:{name}>\s*)<a:\w+Clr [^>]*/>", rf'\g<1><a:srgbClr val="{colour}"/>', ours, count=1)
    for kind in ("major", "minor"):
        latin = theme.find(f".//{{{A}}}{kind}Font/{{{A}}}latin")
        font = "" if latin is None else escape((latin.get("typeface") or "")[:60])
        start, mark, rest = ours.partition(f"<a:{kind}Font>")
        if font:
            ours = start + mark + _TYPEFACE.sub(rf"\g<1>{font.replace(chr(92), '')}", rest, count=1)
    return ours


def _colour(scheme: etree._Element | None, name: str) -> str:
    found = None if scheme is None else scheme.find(f"{{{A}}}{name}")
    for child in [] if found is None else found:
        said = child.get("lastClr") or child.get("val") or ""
        if _HEX.fullmatch(said):
            return said.upper()
    return ""
