"""What an Office part says beside its text: names, descriptions and settings in attributes, and loose words.

Every attribute is looked at. One that names a thing (a bookmark, a style, a shape) takes the stand-in, and wherever
else the same name stands it follows; numbers, measures and the fixed words of the format stay as they are.
"""

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from portfolio.documents.redaction.coded import words_in
from portfolio.documents.redaction.office_package import local, names_relation, remove
from portfolio.documents.redaction.office_text import put
from portfolio.documents.redaction.work import Work

_SAID = {
    *("descr", "title", "alt", "tooltip", "displayText", "string", "href", "src", "name", "caption", "prompt"),
    *("promptTitle", "error", "errorTitle", "display", "comment", "description", "help", "statusBar", "anchor"),
    *("docLocation", "tgtFrame", "url", "sourceFile", "command", "connection", "uniqueName", "sourceName", "codeName"),
    *("dataCaption", "phldrT", "styleId", "displayName", "subject", "text", "headerRowCellStyle", "summary"),
    *("totalsRowLabel", "localSheetName", "menu", "status", "customMenu", "shortcutKey", "dataSourceFile"),
    *("fullDate", "storage", "link", "linkName", "initials", "author", "userName", "odcFile", "listItem", "value", "v"),
    *("ed", "invalidUrl", "altText", "rowHeaderCaption", "colHeaderCaption", "grandTotalCaption", "errorCaption"),
    *("missingCaption", "destinationFile", "sourceObject", "styleName", "tag", "desc", "action", "sourceField"),
    "lastValue",
}  # fmt: skip
"""Attributes in which people, or programs for them, write what they want."""
_VALUE_OF = {
    *("alias", "tag", "name", "helpText", "statusText", "default", "listEntry", "tblCaption", "tblDescription"),
    *("docPart", "description", "docVar", "category", "aliases", "filter", "customFilter", "attachedSchema"),
    *("title", "desc", "lvlText", "attr"),
}
"""Elements whose attribute `val` is such a one."""
_NAMED = {
    "font", "latin", "ea", "cs", "sym", "lsdException", "clrScheme", "fontScheme", "fmtScheme", "altName", "panose1",
    "cellStyle", "tableStyle", "tblStyle", "schemeClr", "gd", "avLst", "ext", "prstGeom", "latentStyles",
    "compatSetting",
}  # fmt: skip
"""Elements whose names come with the program: changed where they have to, not shown as words of the file."""
_TYPED = {"n", "d", "b", "e"}
"""Items of a pivot table whose value is no text."""
_PLACED = {"c", "row", "col", "pt", "gridCol", "mergeCell"}
_QUIET = {
    *("style", "path", "Requires", "Ignorable", "ProcessContent", "ascii", "hAnsi", "eastAsia", "cs", "typeface"),
    *("ref", "sqref", "spans", "uri", "panose", "formatCode", "list", "coordsize", "coordorigin", "adj", "points"),
    *("activeCell", "topLeftCell", "dashstyle", "cite", "lang", "val", "gfxdata", "equationxml", "latinLnBrk"),
}
_FIXED = re.compile(
    r"[-+]?[\d.,:]+(?:pt|in|cm|mm|px|em|%|[eE][-+]?\d+)?"
    r"|#?[0-9A-Fa-f]{6,8}"
    r"|\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?"
    r"|[a-z][A-Za-z]*\d?"
    r"|http://schemas\..*|http://purl\.oclc\.org/ooxml/.*"
)
_USUAL = re.compile(
    r"(?:Picture|PlaceHolder|Image|Graphic|Text ?Box|Rectangle|Oval|Group|Shape|Straight (?:Arrow )?Connector|Line|"
    r"Arrow|Title|"
    r"Sub-?title|(?:Content|Text|Picture|Date|Footer|Header|Slide Number|Notes|Slide Image|Title|Chart|Table) "
    r"Placeholder|Table|Chart|Diagram|Object|Comment|Freeform(?:: Shape)?|Freihandform|_x0000_\w+|Slide|Sheet|Default|"
    r"Default Design|Office(?: .*)?Theme|Office|Title Slide|Title and Content|Blank|Custom Design|_GoBack|Normal|"
    r"Column|Author|A)? ?\d*|.+ (?:Char|Zchn)"
)
_WORD = re.compile(r"[^\W\d_]{3}")
_QUOTED = re.compile(r"\"[^\"]*[^\W\d_]{3}")
_PHONE = re.compile(r"[12378]\d{8,9}")
_MAY_SAY = re.compile(r"[^\W\d_]\s|@|\d{7}")
_COUNTED = re.compile(r"\d{1,5}(?:\.\d+)?|true|false|\d{4}-\d\d-\d\dT[\d:.]+Z?|Microsoft .{3,30}|Normal\.dotm")
_POSITIONS = {
    *("posOffset", "pctPosHOffset", "pctPosVOffset", "pctWidth", "pctHeight", "col", "colOff", "row", "rowOff"),
    *("Anchor", "Row", "Column", "align", "x", "y", "TextVAlign", "TextHAlign"),
}
_CACHED_NUMBERS = {"numCache", "numLit"}


class Names:
    """The names that had to change, for all parts of one package."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._changed: dict[str, str] = {}
        self._kept: set[str] = set()
        self._shown: set[str] = set()

    def said(self, root: etree._Element, place: str) -> None:
        """Attributes that somebody wrote. All parts come by here before `others` is asked for any."""
        for element, key, value in _attributes(root):
            name = _bare(key)
            if not (name in _SAID or (name == "val" and local(element) in _VALUE_OF)) or names_relation(key):
                continue
            if name == "v" and local(element) in _TYPED:
                continue
            if self._work.only_reads:
                if value not in self._shown and not _is_usual(element, name, value):
                    self._shown.add(value)
                    self._look(value, _called(name, place))
            else:
                self._set(element, key, value, _called(name, place))

    def others(self, root: etree._Element, place: str) -> None:
        """All other attributes."""
        for element, key, value in _attributes(root):
            if value in self._kept or (len(value) < 6 and local(element) in _PLACED):
                continue
            if value in self._changed:
                element.set(key, self._changed[value])
            elif _FIXED.fullmatch(value):
                self._kept.add(value)
            elif names_relation(key):
                continue
            elif not self._work.only_reads:
                self._set(element, key, value, place)
            elif value not in self._shown and _may_say(_bare(key), value):
                self._shown.add(value)
                self._work.find(value, place, is_seen=False)

    def tell(self, name: str) -> None:
        """A name was shown to the work already."""
        self._shown.add(name)

    def follow(self, old: str, new: str) -> None:
        """A name was changed elsewhere: the attributes that say it follow."""
        self._changed[old] = new

    def changed(self, name: str) -> str:
        """What a name is from now on."""
        return self._changed.get(name, name)

    def _look(self, value: str, place: str) -> str:
        coded = "%" in value or "&" in value
        return (
            words_in(self._work, value, place, is_seen=False)
            if coded
            else self._work.words(value, place, is_seen=False)
        )

    def _set(self, element: etree._Element, key: str, value: str, place: str) -> None:
        if value in self._kept:
            return
        new = self._changed.get(value) or self._look(value, place)
        if new == value:
            self._kept.add(value)
        else:
            self._changed[value] = new
            element.set(key, new)


def loose_words(work: Work, root: etree._Element, place: str, *, seen: set[etree._Element], is_seen: bool) -> None:
    """Words that stand in no paragraph, such as what a chart keeps of its table."""
    for element in list(root.iter(etree.Element)):
        text = element.text
        if element not in seen and text and text.strip() and not _is_position(element, text):
            said = work.words(text, place, is_seen=is_seen)
            if said == text and _PHONE.fullmatch(text.strip()):
                said = work.words(f"0{text}", place, is_seen=False).removeprefix("0")
            if said != text:
                _say(element, said)
        if element.tail and element.tail.strip():
            element.tail = work.words(element.tail, place, is_seen=is_seen)


def all_words(work: Work, root: etree._Element, place: str) -> None:
    """Show everything that a part says which is left out afterwards, but for counts, switches and times."""
    for element in root.iter(etree.Element):
        for text in (element.text, element.tail):
            if text and text.strip() and not _COUNTED.fullmatch(text.strip()):
                work.find(text, place, is_seen=False)
        for key, value in [(str(key), str(value)) for key, value in element.attrib.items()]:
            if not _FIXED.fullmatch(value) and not key.endswith("}type"):
                work.find(value, place, is_seen=False)


def without(root: etree._Element, names: Sequence[str]) -> int:
    """Take out all elements of these names; answers how many there were."""
    found = [one for one in root.iter(etree.Element) if local(one) in names]
    for element in found:
        remove(element)
    return len(found)


def _attributes(root: etree._Element) -> Iterator[tuple[etree._Element, str, str]]:
    for element in root.iter(etree.Element):
        for key, value in element.items():
            if value:
                yield element, str(key), str(value)


def _bare(key: str) -> str:
    return key.rpartition("}")[2]


def _called(name: str, place: str) -> str:
    if name in {"descr", "alt", "title"}:
        return "Alternative text"
    return "Names" if name in {"name", "displayName", "styleId", "codeName"} else place


def _is_usual(element: etree._Element, key: str, value: str) -> bool:
    name = local(element)
    if name == "name":  # of a font, or of a style that nobody made
        above = element.getparent()
        if above is not None and local(above) in {"font", "rPr"}:
            return True
        if above is not None and local(above) == "style" and not any(map(_is_custom, above.attrib)):
            return True
    if name == "cellStyle":
        return "builtinId" in element.attrib
    if name == "lvlText":
        return not _WORD.search(value)
    if name == "cSld" and local(element.getroottree().getroot()) in {"sldLayout", "sldMaster"}:
        return True
    return (
        key == "styleId"
        or name in _NAMED
        or bool(_USUAL.fullmatch(value) or (_FIXED.fullmatch(value) and not value.isdecimal()))
    )


def _may_say(name: str, value: str) -> bool:
    if name == "formatCode":
        return bool(_QUOTED.search(value))
    return name not in _QUIET | _SAID and bool(_MAY_SAY.search(value))


def _is_custom(key: object) -> bool:
    return str(key).endswith("customStyle")


def _is_position(element: etree._Element, text: str) -> bool:
    return local(element) in _POSITIONS and bool(_FIXED.fullmatch(text.strip()))


def _say(element: etree._Element, said: str) -> None:
    """A number that a chart keeps is left out: words cannot stand there."""
    point = element.getparent()
    cache = None if point is None else point.getparent()
    is_number = cache is not None and local(cache) in _CACHED_NUMBERS
    if point is not None and local(point) == "pt" and is_number:
        remove(point)
    else:
        put(element, said)
        if point is not None and local(point) == "cell":
            point.set("t", "str")
